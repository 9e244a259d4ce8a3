"""Tokens: tiktoken's own numbers for any text, and the cookbook's count of an example."""

from __future__ import annotations

import json
import random
import time
from dataclasses import replace

import pytest
import tiktoken
from hypothesis import given, settings
from hypothesis import strategies as st
from token_texts import NASTY

from tuneready.dataset import tokens as module
from tuneready.dataset.checker import Checker
from tuneready.dataset.report import document
from tuneready.dataset.seen import Seen
from tuneready.dataset.token_statistics import TokenStatistics, TokenWatcher, example_limit
from tuneready.dataset.tokens import (
    ENCODINGS,
    LONG,
    TokenCounter,
    bounded,
    encoding_for,
    encoding_of,
    native_counter,
    rank_file,
    read_ranks,
)
from tuneready.targets import targets, with_model


def reference(encoding: str) -> tiktoken.Encoding:
    file = rank_file(encoding)
    assert file is not None
    return tiktoken.Encoding(
        encoding,
        pat_str=ENCODINGS[encoding].pattern,
        mergeable_ranks=read_ranks(file),
        special_tokens={"<|endoftext|>": 999_999},
    )


REFERENCES = {encoding: reference(encoding) for encoding in ENCODINGS}


def of(encoding: str) -> TokenCounter:
    counter = native_counter(encoding)
    assert counter is not None
    return counter


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_ranks_and_patterns_are_those_of_tiktoken(encoding, monkeypatch) -> None:
    """tiktoken's own definition, with its download replaced by our file, which has its hash."""
    from tiktoken_ext import openai_public

    hashes = []

    def load(address: str, expected_hash: str) -> dict[bytes, int]:
        assert address.endswith(f"/{encoding}.tiktoken")
        hashes.append(expected_hash)
        return read_ranks(rank_file(encoding))

    monkeypatch.setattr(openai_public, "load_tiktoken_bpe", load)
    theirs = openai_public.ENCODING_CONSTRUCTORS[encoding]()
    assert hashes == [ENCODINGS[encoding].sha256]
    assert theirs["pat_str"] == ENCODINGS[encoding].pattern


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_nasty_texts(encoding) -> None:
    expected = [len(REFERENCES[encoding].encode_ordinary(text)) for text in NASTY]
    assert of(encoding)(NASTY) == expected
    assert of(encoding)([]) == []


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_what_stands_between_texts_is_plain_text_within_one(encoding) -> None:
    texts = [f"a{module.BETWEEN}b", module.BETWEEN, "", "c " + module.BETWEEN[:-1]]
    expected = [len(REFERENCES[encoding].encode_ordinary(text)) for text in texts]
    assert of(encoding)(texts) == expected
    assert of(encoding)(texts[1:]) == expected[1:]
    assert of(encoding)(["", "", "x", ""]) == [0, 0, 1, 0]


def test_known_counts() -> None:
    assert of("o200k_base")(["hello world", "<|endoftext|>", ""]) == [2, 7, 0]
    assert of("cl100k_base")(["hello world", "<|endoftext|>", ""]) == [2, 7, 0]


WORDS = st.text(st.sampled_from("abzéÉ中。あ한 \n.,1290's-"), max_size=12)


@settings(max_examples=60, deadline=None)
@given(st.lists(WORDS, min_size=1, max_size=8), st.sampled_from([*ENCODINGS]))
def test_parts_of_a_long_text_add_up(words, encoding) -> None:
    """A text is cut only where both sides count alone what they count together."""
    text = "".join(words) * 30
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "LONG", 50)
        parts = [*module._parts(text)]
        assert "".join(parts) == text
        assert bounded(of(encoding).count)([text]) == [
            len(REFERENCES[encoding].encode_ordinary(text))
        ]


def test_long_writing_is_cut_and_exact() -> None:
    source = random.Random(7)  # noqa: S311  the same text every time
    words = ["zo'n", "huis", "van", "Ĳ", "中文，字", "3.14159", "\n\n", "a", "('ja')", "--", "X"]
    text = " ".join(source.choices(words, k=60_000))
    assert len([*module._parts(text)]) > len(text) / LONG / 2
    for encoding, known in REFERENCES.items():
        assert of(encoding)([text, "x"]) == [len(known.encode_ordinary(text)), 1]


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("unit", ["a", " ", "\n", "中", "😀", "\x85", "^", "A", " \t", "\ud800"])
def test_a_megabyte_of_one_character_neither_hangs_nor_breaks(encoding, unit) -> None:
    """tiktoken itself panics over a million spaces."""
    began = time.perf_counter()
    [count] = of(encoding)([unit * 1_000_000])
    assert 1_000 < count <= 4_000_000
    assert time.perf_counter() - began < 30


@pytest.mark.parametrize(
    ("model", "encoding"),
    [
        ("gpt-4o-2024-08-06", "o200k_base"),
        ("ft:gpt-4o-mini-2024-07-18:acme:x:1", "o200k_base"),
        ("ft:gpt-4.1-2025-04-14:acme::abc", "o200k_base"),  # tiktoken says cl100k_base
        ("gpt-4.1-nano", "o200k_base"),
        ("o4-mini-2025-04-16", "o200k_base"),
        ("gpt-5.1", "o200k_base"),
        ("gpt-4-0613", "cl100k_base"),
        ("ft:gpt-3.5-turbo-0125:acme", "cl100k_base"),
        ("gpt-35-turbo-1106", "cl100k_base"),
        ("davinci-002", "cl100k_base"),
        ("Ministral-3B-2411", None),
        ("gpt-oss-20b", None),
        ("gpt-400", None),
    ],
)
def test_encoding_of_a_model(model, encoding) -> None:
    assert encoding_of(model) == encoding


@pytest.mark.parametrize("target", targets().values(), ids=lambda target: target.name)
def test_models_of_openai_say_their_encoding(target) -> None:
    for model in target.models.values():
        known = encoding_of(model.name)
        assert known is None or model.encoding == known, model.name


def test_encoding_for_a_target() -> None:
    sft = targets()["openai/sft"]
    assert encoding_for(sft) == "o200k_base"
    assert encoding_for(with_model(sft, "gpt-3.5-turbo-0125")) == "cl100k_base"
    assert encoding_for(targets()["azure-openai/completion"]) == "cl100k_base"
    assert encoding_for(targets()["trl/sft"]) == "o200k_base"


def test_without_the_right_rank_file_nothing_counts(tmp_path, monkeypatch) -> None:
    native_counter.cache_clear()
    monkeypatch.setattr(module, "FOLDERS", (tmp_path,))
    assert native_counter("o200k_base") is None
    (tmp_path / "o200k_base.tiktoken").write_bytes(b"IQ== 0\n")  # another file of the same name
    native_counter.cache_clear()
    assert native_counter("o200k_base") is None
    assert native_counter("p50k_base") is None
    native_counter.cache_clear()


# Examples. One token for each character makes sums that can be seen.
def characters(texts: list[str]) -> list[int]:
    return [len(text) for text in texts]


def seen(*said: tuple[str, str], prompt: int = -1, rest: str = "", line: int = 1) -> Seen:
    roles = tuple(role for role, _ in said)
    texts = [text for _, text in said]
    return Seen(line, roles, texts, len(texts) + prompt if prompt < 0 else prompt, rest)


def counted(*examples: Seen, target: str = "openai/sft", limit: int = 10**9) -> TokenStatistics:
    statistics = TokenStatistics("o200k_base", limit, 25)
    TokenWatcher(statistics, characters, targets()[target]).see(examples)
    statistics.settle()
    return statistics


def tokens_of(example: Seen, target: str = "openai/sft") -> int:
    return counted(example, target=target).per_example.total


def test_a_chat_as_the_cookbook_counts_it() -> None:
    example = seen(("system", "Sss"), ("user", "Uu"), ("assistant", "A"))
    assert tokens_of(example) == 3 * 3 + 3 + len("systemuserassistant") + 6
    assert counted(example).trained == 1


def test_several_answers_of_a_chat_are_all_trained() -> None:
    example = seen(("user", "U"), ("assistant", "Aa"), ("user", "U"), ("assistant", "Aaa"))
    assert counted(example).trained == 5


def test_of_a_pair_only_the_answers_are_trained() -> None:
    """The history of the prompt is not learnt, though it holds an assistant's message."""
    example = seen(
        ("user", "U"),
        ("assistant", "Hist"),
        ("user", "U"),
        ("assistant", "Aa"),
        ("assistant", "B"),
        prompt=3,
    )
    assert counted(example, target="trl/dpo").trained == 3


def test_prompt_and_completion_are_a_bare_sum() -> None:
    example = seen(("prompt", "Once upon"), ("completion", " a time"))
    found = counted(example, target="azure-openai/completion")
    assert found.per_example.total == len("Once upon a time")
    assert found.trained == len(" a time")


def test_a_name_costs_its_tokens_and_one() -> None:
    rest = json.dumps({"messages": [{"role": "user", "name": "Jan"}, {"role": "assistant"}]})
    plain = seen(("user", "U"), ("assistant", "A"))
    found = counted(plain._replace(rest=rest))
    assert found.per_example.total == tokens_of(plain) + 3 + 1
    assert found.estimated == 0


def test_an_answer_of_weight_0_is_not_trained() -> None:
    messages = [{"role": "user"}, {"role": "assistant", "weight": 0}, {"role": "assistant"}]
    example = seen(("user", "U"), ("assistant", "Aaaa"), ("assistant", "Bb"))
    example = example._replace(rest=json.dumps({"messages": messages}))
    assert counted(example).trained == 2


def test_tools_and_calls_are_counted_and_called_an_estimate() -> None:
    call = {"id": "1", "type": "function", "function": {"name": "ff", "arguments": '{"a": 1}'}}
    tools = [{"type": "function", "function": {"name": "ff"}}]
    messages = [{"role": "user"}, {"role": "assistant", "tool_calls": [call]}]
    example = seen(("user", "Uu"))._replace(rest=json.dumps({"messages": messages, "tools": tools}))
    found = counted(example)
    written = len(json.dumps(tools, separators=(",", ":")))
    called = len("ff") + len('{"a": 1}')
    assert found.per_example.total == 2 + len("userassistant") + 3 * 2 + 3 + called + written
    assert found.trained == called
    assert found.estimated == 1


@pytest.mark.parametrize(
    "rest",
    ["1" * 9000, "[]", "{}", "nonsense", '{"messages": 3, "tools": "x"}', '{"messages": [1, {}]}',
     '{"messages": [{"role": 1, "tool_calls": [1, {"function": 2}, {"function": {"name": 3}}]}]}'],
)  # fmt: skip
def test_nothing_in_the_rest_breaks_it(rest) -> None:
    assert counted(seen(("user", "U"))._replace(rest=rest)).per_example.size == 1


def test_what_comes_again_is_counted_once() -> None:
    asked: list[str] = []

    def count(texts: list[str]) -> list[int]:
        asked.extend(texts)
        return characters(texts)

    statistics = TokenStatistics("o200k_base", None, 25)
    watcher = TokenWatcher(statistics, count, targets()["openai/sft"])
    for line in range(5):
        watcher.see([seen(("system", "Be kind."), ("user", f"q{line}"), ("assistant", "a"))])
    statistics.settle()
    assert asked.count("Be kind.") == asked.count("assistant") == 1
    assert statistics.per_example.counts == {3 * 3 + 3 + 19 + 8 + 2 + 1: 5}


def test_the_first_examples_over_the_limit_are_named_through_merges() -> None:
    def part(first: int, sizes: list[int]) -> TokenStatistics:
        statistics = TokenStatistics("o200k_base", 10, 3)
        statistics.add(range(first, first + len(sizes)), sizes)
        return statistics

    whole = part(1, [11, 10, 12, 3, 20, 21, 22])
    left, right = part(1, [11, 10, 12]), part(1, [3, 20, 21, 22])
    left.merge(right, 3)
    assert left == whole
    assert whole.long == [(1, 11), (3, 12), (5, 20)]
    assert whole.over_limit == 5


def test_limit_of_a_target_and_of_its_models() -> None:
    azure = targets()["azure-openai/sft"]
    assert example_limit(azure) == 65536  # over it, an example is over the limit of every model
    assert example_limit(with_model(azure, "gpt-4.1-nano")) == 32768
    assert example_limit(with_model(azure, "Ministral-3B-2411")) is None


def chat(said: str) -> bytes:
    messages = [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": said}]
    return json.dumps({"messages": messages}, ensure_ascii=False).encode() + b"\n"


def checked(data: bytes, name: str = "openai/sft", **changes) -> dict:
    target = targets()[name]
    target = replace(target, limits=replace(target.limits, **changes))
    checker = Checker(target, file="x", tokens=characters, max_findings=2)
    checker.feed(data)
    return document([checker.close()], "en")["reports"][0]


def test_rule_example_over_limit_has_lines_and_an_exact_count(monkeypatch) -> None:
    limit = targets()["openai/sft"].models["gpt-4o-2024-08-06"].example_tokens
    data = b"".join(chat("a" * size) for size in (5, limit, 7, limit, limit, 9))
    entry = checked(data)
    found = [f for f in entry["findings"] if f["name"] == "example-over-token-limit"]
    assert [f["line"] for f in found] == [2, 4]
    [rule] = [r for r in entry["rules"] if r["name"] == "example-over-token-limit"]
    assert (rule["count"], rule["severity"]) == (3, "warning")
    assert "cut from its end" in found[0]["message"]
    assert entry["statistics"]["tokens"]["over_limit"] == 3
    assert entry["statistics"]["tokens"]["over_limit_effect"] == "cut"


def test_rules_of_a_job() -> None:
    data = chat("a" * 41) * 20  # 20 examples of 2 + 41 + 13 + 9 = 65 tokens: 5 epochs are usual
    names = {
        most: {
            f["name"] for f in checked(data, "azure-openai/sft", max_job_tokens=most)["findings"]
        }
        for most in (1299, 1300, 6499, 6500)
    }
    of_job = {"job-over-token-limit", "epochs-over-token-limit"}
    assert [found & of_job for found in names.values()] == [
        {"job-over-token-limit"},
        {"epochs-over-token-limit"},
        {"epochs-over-token-limit"},
        set(),
    ]


def test_a_report_without_a_counter_has_no_tokens() -> None:
    checker = Checker(targets()["openai/sft"], file="x")
    checker.feed(chat("Hi"))
    statistics = document([checker.close()], "en")["reports"][0]["statistics"]
    assert statistics["tokens"] is None
    assert statistics["training"] is None
    assert statistics["lengths"]["max"] == 4


def test_words_for_how_exact_a_count_is() -> None:
    def note(name: str, model: str | None = None) -> tuple[bool, str]:
        checker = Checker(targets()[name], file="x", model=model, tokens=of("o200k_base"))
        checker.feed(chat("Hi"))
        tokens = document([checker.close()], "en")["reports"][0]["statistics"]["tokens"]
        return tokens["exact"], tokens["note"].split(":")[0]

    assert note("openai/sft") == (True, "Counted with o200k_base")
    assert note("azure-openai/sft", "Ministral-3B-2411") == (False, "An estimate")
    assert note("trl/sft") == (False, "An estimate")
