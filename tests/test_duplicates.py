"""What the index of a file shows: exact and near duplicates, contradictions, overlap; in one go or in pieces."""

from __future__ import annotations

import hashlib
import json
import pickle
import random
import subprocess
import sys
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from dataset_cases import check, report_on
from hypothesis import given
from hypothesis import strategies as st

from tuneready.dataset.index import Index, Lengths, Overlap, Pair
from tuneready.dataset.report import document, dumps
from tuneready.dataset.seen import Seen
from tuneready.dataset.similarity import (
    BINS,
    MOST_LEADERS,
    NOTHING,
    near,
    repeated,
    similar,
    sketch,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

CHAT = ("user", "assistant")


def seen(
    line: int, *texts: str, roles: tuple[str, ...] = CHAT, prompt: int = 1, rest: str = ""
) -> Seen:
    return Seen(line, roles, list(texts), prompt, rest)


def index(examples: Sequence[Seen]) -> Index:
    made = Index()
    made.see(examples)
    return made


def shows(made: Index) -> tuple[object, ...]:
    return (
        list(made.duplicates()),
        list(made.near_duplicates()),
        list(made.contradictions()),
        made.systems(),
        made.lengths(),
        made.only_prompt(),
        made.only_answer(),
    )


# Texts that meet each other often, exactly, nearly, and in prompts only.
WORDS = "the comet moved across a calm summer sky and came back much later that month"
LONG = " ".join(
    f"{WORDS}, said number {n} of the crew" for n in ["one", "two", "three", "four", "five", "six"]
)
TEXTS = st.sampled_from(
    [
        "",
        "Hi",
        "hi!",
        "a\x1fb",
        "\x1f",
        "\ud800",
        LONG,
        LONG.upper(),
        LONG.replace("three", "none"),
        "é" * 99,
        "猫が好き" * 40,
    ]
)
EXAMPLES = st.lists(
    st.tuples(
        st.sampled_from(
            [
                ("user", "assistant"),
                ("system", "user", "assistant"),
                ("text",),
                ("prompt", "chosen", "rejected"),
            ]
        ),
        st.lists(TEXTS, min_size=3, max_size=3),
        st.integers(0, 3),
        st.sampled_from(
            ["", '{"id":1}', '{"id":2}', '{"label":true}', "[1,NaN]", "[" + "9" * 5000 + "]"]
        ),
    ),
    max_size=12,
)


def lines_of(drawn: list[tuple[tuple[str, ...], list[str], int, str]]) -> list[Seen]:
    return [
        Seen(number, roles, texts[: len(roles)], min(prompt, len(roles)), rest)
        for number, (roles, texts, prompt, rest) in enumerate(drawn, start=1)
    ]


@given(EXAMPLES, st.lists(st.integers(0, 12), max_size=4))
def test_pieces_cut_anywhere_make_the_whole(drawn, cuts) -> None:
    examples = lines_of(drawn)
    places = sorted({0, len(examples), *(cut for cut in cuts if cut < len(examples))})
    merged = Index()
    for start, end in pairwise(places):
        piece = index(
            [example._replace(line=example.line - start) for example in examples[start:end]]
        )
        merged.merge(pickle.loads(pickle.dumps(piece)), start)  # noqa: S301  # as workers send them
    assert shows(merged) == shows(index(examples))
    assert merged.overlap(index(examples)) == index(examples).overlap(merged)


@given(EXAMPLES)
def test_the_order_in_which_lines_are_seen_does_not_matter(drawn) -> None:
    examples = lines_of(drawn)
    assert shows(index(examples[::-1])) == shows(index(examples))


@given(EXAMPLES)
def test_duplicates_are_exactly_the_equal_ones(drawn) -> None:
    """Against a plain comparison of everything, but for names of examples."""
    first: dict[object, int] = {}
    expected = []
    for example in lines_of(drawn):
        rest = example.rest.replace('{"id":1}', "{}").replace('{"id":2}', "{}")
        what = (example.roles, example.prompt, tuple(example.texts), rest)
        if what in first:
            expected.append(Pair(example.line, first[what]))
        first.setdefault(what, example.line)
    assert list(index(lines_of(drawn)).duplicates()) == expected


@given(EXAMPLES)
def test_an_example_is_reported_once_and_names_an_earlier_line(drawn) -> None:
    made = index(lines_of(drawn))
    lists = [list(made.duplicates()), list(made.near_duplicates()), list(made.contradictions())]
    lines = [pair.line for pairs in lists for pair in pairs]
    assert len(lines) == len(set(lines))
    assert all(pair.earlier < pair.line for pairs in lists for pair in pairs)


def test_names_of_calls_and_examples_make_no_difference() -> None:
    call = '{"id":"%s","messages":[{"role":"assistant","tool_calls":[{"function":{"arguments":"%s"},"id":"%s"}]}]}'
    made = index(
        [
            seen(1, "Go", roles=("user",), rest=call % ("a", "north", "call_1")),
            seen(2, "Go", roles=("user",), rest=call % ("b", "north", "call_2")),
            seen(3, "Go", roles=("user",), rest=call % ("c", "south", "call_3")),
        ]
    )
    assert list(made.duplicates()) == [Pair(2, 1)]
    assert not list(made.near_duplicates())


def test_other_images_make_other_examples() -> None:
    made = index([seen(n, "What is this?", "A cat.", rest=f'{{"url":"{n}.png"}}') for n in (1, 2)])
    assert not list(made.duplicates())
    assert not list(made.near_duplicates())


def test_texts_that_are_cut_otherwise_are_other_texts() -> None:
    roles = ("user", "user", "assistant")
    made = index(
        [
            seen(1, "a\x1f", "b", "c", roles=roles, prompt=2),
            seen(2, "a", "\x1fb", "c", roles=roles, prompt=2),
        ]
    )
    assert not list(made.duplicates())


def test_contradictions_name_the_first_and_are_told_once_per_answer() -> None:
    made = index(
        [
            seen(n, "Yes or no?", answer)
            for n, answer in enumerate(["Yes", "No", "No", "Perhaps"], 1)
        ]
    )
    assert list(made.contradictions()) == [Pair(2, 1), Pair(4, 1)]
    assert list(made.duplicates()) == [Pair(3, 2)]


def test_texts_without_a_question_do_not_contradict() -> None:
    made = index([seen(n, f"Article {n}", roles=("text",), prompt=0) for n in range(1, 20)])
    assert not list(made.contradictions())
    assert not made.only_prompt()


def test_system_texts_are_counted() -> None:
    roles = ("system", "user", "assistant")
    texts = ["A", "A", "B", "A", "C"]
    made = index(
        [seen(n, text, f"Q{n}", "x", roles=roles, prompt=2) for n, text in enumerate(texts, 2)]
        + [seen(9, "Q", "x")]
    )
    assert made.systems() == (3, 3, 5, 2, 4)


def test_lengths_of_preferences() -> None:
    roles = ("prompt", "chosen", "rejected")
    pairs = [("long answer", "short"), ("short", "long answer"), ("even", "even"), ("aa", "a")]
    made = index([seen(n, "Q", *pair, roles=roles) for n, pair in enumerate(pairs, 1)])
    assert made.lengths() == Lengths(2, 1, 1)
    # Whole conversations, of which the first half is preferred.
    whole = index([seen(1, "Q", "long answer", "Q", "short", roles=CHAT * 2, prompt=0)])
    assert whole.lengths() == Lengths(1, 0, 0)


def test_overlap_has_each_example_once() -> None:
    training = index(
        [seen(1, "A?", "1"), seen(2, "B?", LONG), seen(3, "C?", "3"), seen(4, "A?", "1")]
    )
    validation = index(
        [
            seen(1, "A?", "1"),
            seen(2, "B?", LONG.replace("three", "no")),
            seen(3, "C?", "4"),
            seen(4, "D?", "5"),
        ]
    )
    assert validation.overlap(training) == Overlap([Pair(1, 1)], [Pair(2, 2)], [Pair(3, 3)])


# Near duplicates, measured


def sentences(seed: int, count: int) -> list[str]:
    """Return texts of 60 to 400 words, drawn as unevenly as words are."""
    chance = random.Random(seed)  # noqa: S311
    letters = "eeeeeeeeeeeetttttttttaaaaaaaaooooooooiiiiiiinnnnnnnsssssshhhhhhrrrrrrddddllllcccuuummmwwffggyyppbbvk"
    words = ["".join(chance.choices(letters, k=chance.randint(2, 9))) for _ in range(3000)]
    weights = [1 / (rank + 3) for rank in range(len(words))]
    return [
        " ".join(chance.choices(words, weights, k=chance.randint(60, 400))) for _ in range(count)
    ]


def edited(text: str, share: float, chance: random.Random) -> str:
    """Return a text with a share of its words replaced, removed or added."""
    words = text.split()
    for _ in range(max(1, round(share * len(words)))):
        place = chance.randrange(len(words))
        match chance.randrange(3):
            case 0:
                words[place] = "".join(chance.choices("acemnorst", k=6))
            case 1:
                words.insert(place, "".join(chance.choices("acemnorst", k=6)))
            case _:
                del words[place]
    return " ".join(words)


@pytest.mark.parametrize(
    ("share", "least", "most"),
    [
        (0.0, 0.99, 1),
        (0.01, 0.97, 1),
        (0.02, 0.93, 1),
        (0.04, 0.6, 1),
        (0.15, 0, 0.02),
        (0.3, 0, 0),
    ],
)
def test_near_duplicates_are_found_as_often_as_promised(
    share: float, least: float, most: float
) -> None:
    """The share of copies that are found, by the share of words changed; never another text."""
    chance = random.Random(5)  # noqa: S311
    texts = sentences(1, 600)
    copies = [edited(text, share, chance) for text in texts]
    found = near(b"".join(sketch(text, 0) for text in texts + copies), ())
    right = sum(found.get(len(texts) + place) == place for place in range(len(texts)))
    assert len(found) == right  # whatever is found is the copy: precision is 1
    assert least <= right / len(texts) <= most, right / len(texts)


def test_a_shared_beginning_or_end_is_no_likeness() -> None:
    first = sentences(2, 400)
    shared = sentences(3, 1)[0].split()[:60]
    texts = [" ".join(shared + text.split()) for text in first if len(text.split()) > 120]
    texts += [" ".join(text.split() + shared) for text in first if len(text.split()) > 120]
    half = len(texts) // 2
    found = near(b"".join(sketch(text, 0) for text in texts[:half]), ())
    assert not found


def test_short_questions_are_alike_only_in_the_same_words() -> None:
    questions = [f"What is {a}{sign}{b}?" for a in range(12) for b in range(12) for sign in "+-*/"]
    made = index([seen(n, question, "Let me see.") for n, question in enumerate(questions, 1)])
    assert not list(made.near_duplicates())
    again = index(
        [seen(1, "What is 3+4?", "7"), seen(2, "what  is 3+4", "7."), seen(3, "What is 3.4?", "7")]
    )
    assert list(again.near_duplicates()) == [Pair(2, 1)]


def test_another_number_in_the_answer_makes_another_example() -> None:
    made = index(
        [seen(n, LONG, f"{WORDS}: {price} euros") for n, price in enumerate((20, 30, 20), 1)]
    )
    assert list(made.duplicates()) == [Pair(3, 1)]
    assert not list(made.near_duplicates())
    assert list(made.contradictions()) == [Pair(2, 1)]


@pytest.mark.parametrize(
    "text",
    [
        "猫が好きですが、犬も好きです。毎朝、公園を散歩して、友達と話します。" * 9,
        "Быстрая коричневая лиса прыгает через ленивую собаку. " * 9,
        LONG,
    ],
    ids=["Japanese", "Russian", "English"],
)
def test_likeness_in_other_scripts(text: str) -> None:
    parts = [text[place : place + 20] + chr(0x4E00 + place) for place in range(0, len(text), 20)]
    one = sketch("".join(parts), 0)
    other = sketch("".join([*parts[:5], "x", *parts[6:]]), 0)
    assert similar(one, other)
    assert not similar(one, sketch("".join(reversed(text)), 0))


def test_nothing_is_similar_to_nothing() -> None:
    assert sketch(" ?! \n", 0) == NOTHING
    assert not similar(NOTHING, NOTHING)
    assert not near(NOTHING * 50, ())


def test_many_that_share_a_band_do_not_take_for_ever() -> None:
    """Twenty thousand unlike sketches in one band: each is compared with the first few only."""
    chance = random.Random(9)  # noqa: S311
    rows = b"".join(b"\xff" * 8 + chance.randbytes(BINS - 8) for _ in range(20_000))
    assert MOST_LEADERS < 20
    assert not near(rows, ())


@given(st.lists(st.integers(0, 5)))
def test_repeated(keys: list[int]) -> None:
    assert repeated(keys) == {key for key in keys if keys.count(key) > 1}


def test_repeated_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    from tuneready.dataset import similarity

    monkeypatch.setattr(similarity, "GO", 10)
    keys = [*range(50), 7, 33, 7]
    assert repeated(keys) == {7, 33}


def test_keys_and_sketches_are_the_same_everywhere() -> None:
    """Fixed values: another process, interpreter or platform must get them, too."""
    program = (
        "from tuneready.dataset.index import Index; from tuneready.dataset.seen import Seen; import hashlib;"
        "i = Index(); i.see([Seen(1, ('user', 'assistant'), ['Hé \\ud800' * 90, 'Common sense' * 60], 1, '')]);"
        "print(hashlib.sha256(repr(i.__getstate__()).encode()).hexdigest())"
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={"PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(digests) == 1
    varied = " ".join(f"Number {n} is common sense" for n in range(99))
    assert hashlib.sha256(sketch(varied, 7)).hexdigest().startswith("44d2aa3426a88add")


# Through the checker


def chat(asked: str, answered: str) -> bytes:
    messages = [{"role": "user", "content": asked}, {"role": "assistant", "content": answered}]
    return json.dumps({"messages": messages}).encode() + b"\n"


def test_counts_are_exact_and_findings_few() -> None:
    data = b"".join(chat(f"Question {n % 100}", f"Answer {n % 100}") for n in range(1000))
    entry = check(data, max_findings=3)
    counts = {rule["name"]: rule["count"] for rule in entry["rules"]}
    assert counts["duplicate-example"] == 900
    lines = [f["line"] for f in entry["findings"] if f["name"] == "duplicate-example"]
    assert lines == [101, 102, 103]


@pytest.mark.parametrize("cut", [1, 7, 299])
def test_reports_of_pieces_have_the_findings_of_the_whole(cut: int) -> None:
    lines = [chat(f"Question {n % 120}", f"Answer {n % 130}") for n in range(300)]
    whole, start, end = (report_on(b"".join(part)) for part in (lines, lines[:cut], lines[cut:]))
    start.merge(end)
    start.sha256 = whole.sha256
    assert dumps(document([start], "en")) == dumps(document([whole], "en"))


def test_the_thorough_way_sees_the_same() -> None:
    data = b"".join(chat(f"Question {n % 7}", LONG + " no" * (n % 3)) for n in range(60))
    data += b'{"messages": 1}\n' + chat("Question 1", "") + data
    assert check(data) == check(data, thorough=True)


def test_the_format_alone_compares_nothing() -> None:
    data = chat("Q", "A") * 20
    assert report_on(data, depth="format").index is None
    assert not any(rule["code"].startswith("TR8") for rule in check(data, depth="format")["rules"])


def test_overlap_names_the_line_of_the_training_file() -> None:
    training = report_on(chat("A", "1") + b"\n" + chat("B", "2"))
    entry = check(chat("C", "3") + chat("B", "2"), validation_of=training)
    [finding] = [f for f in entry["findings"] if f["name"] == "in-training-and-validation"]
    assert finding["line"] == 2
    assert finding["message"] == "The example is also in the training file, on line 3."
