"""Managed services and small trainers: what their files show as a whole, and good lines of theirs."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import pytest

from tuneready.dataset.checker import Checker
from tuneready.dataset.fast import fast_way
from tuneready.dataset.report import Report, document
from tuneready.dataset.statistics import Statistics
from tuneready.rules import RULES
from tuneready.targets import find_model, find_target

VERSION = "bedrock-conversation-2024"


def said(text: str) -> list[dict[str, str]]:
    return [{"text": text}]


GEMINI = {
    "systemInstruction": {"role": "system", "parts": said("Be brief.")},
    "contents": [
        {"role": "user", "parts": said("What time is it?")},
        {"role": "model", "parts": said("Noon: 12:00.")},
    ],
}
BEDROCK = {
    "schemaVersion": VERSION,
    "system": said("Be brief."),
    "messages": [
        {"role": "user", "content": said("What time is it?")},
        {"role": "assistant", "content": said("Noon: 12:00.")},
    ],
}
CLAUDE = {
    "messages": [
        {"role": "user", "content": "What time is it?"},
        {"role": "assistant", "content": "Noon: 12:00."},
    ]
}
COHERE = {
    "messages": [
        {"role": "System", "content": "Be brief."},
        {"role": "User", "content": "What time is it?"},
        {"role": "Chatbot", "content": "Noon: 12:00."},
    ]
}
SHAREGPT = {
    "conversations": [
        {"from": "human", "value": "What time is it?"},
        {"from": "gpt", "value": "Noon: 12:00."},
    ]
}
PAIR = {"prompt": "What time is it?", "completion": "Noon: 12:00."}
PREFERENCE = {
    "system_instruction": {"parts": said("Be brief.")},
    "contents": [{"role": "user", "parts": said("What time is it?")}],
    "completions": [
        {"score": 1, "completion": {"role": "model", "parts": said("Noon.")}},
        {"score": 0.0, "completion": {"role": "model", "parts": said("I do not know.")}},
    ],
}
LOG = {
    "schemaType": "ModelInvocationLog",
    "modelId": "some.model-v1:0",
    "input": {
        "inputBodyJson": {
            "messages": [
                {"role": "user", "content": [{"type": "text", "text": "What time is it?"}]}
            ]
        }
    },
    "output": {"outputBodyJson": {"content": [{"type": "text", "text": "Noon."}]}},
}
RERANK = {"query": "What is noon?", "relevant_passages": ["12:00"], "hard_negatives": ["Midnight"]}
GOOD: list[tuple[str, dict[str, Any]]] = [
    ("gemini/sft", GEMINI),
    ("gemini/sft", {"contents": GEMINI["contents"]}),
    ("gemini/preference", PREFERENCE),
    ("gemini/rft", {"contents": PREFERENCE["contents"], "references": {"answer": "Noon"}}),
    ("bedrock/nova-sft", BEDROCK),
    ("bedrock/nova-sft", {"messages": BEDROCK["messages"]}),
    ("bedrock/claude-sft", CLAUDE),
    ("bedrock/claude-sft", {"system": "Be brief.", **CLAUDE}),
    ("bedrock/llama-sft", BEDROCK),
    ("bedrock/llama-sft", {**PAIR, "id": 7}),
    ("bedrock/distillation", BEDROCK),
    ("bedrock/distillation", {**BEDROCK, "messages": BEDROCK["messages"][:1]}),
    ("bedrock/distillation", LOG),
    (
        "bedrock/rft",
        {"messages": CLAUDE["messages"][:1], "reference_answer": {"hour": 12}, "level": "easy"},
    ),
    ("cohere/chat", COHERE),
    ("cohere/chat", {"messages": [*COHERE["messages"], COHERE["messages"][1]]}),
    ("cohere/classify", {"text": "Lovely.", "label": "positive"}),
    ("cohere/classify", {"text": "Lovely.", "label": []}),
    ("cohere/rerank", RERANK),
    ("torchtune/sft", CLAUDE),
    ("torchtune/sft", SHAREGPT),
    (
        "torchtune/dpo",
        {
            "chosen": CLAUDE["messages"],
            "rejected": [CLAUDE["messages"][0], {"role": "assistant", "content": "No."}],
        },
    ),
    ("llm-foundry/sft", CLAUDE),
    ("llm-foundry/sft", PAIR),
    ("llm-foundry/sft", {"prompt": "What time is it?", "response": "Noon."}),
]
# What a file of one line lacks, and what is about how examples compare.
OF_THE_FILE = {
    "too-few-examples",
    "fewer-examples-than-advised",
    "too-few-labels",
    "label-with-few-examples",
    "too-few-different-queries",
}


def check(data: bytes, name: str, **options: Any) -> Report:
    checker = Checker(find_target(name), file="data.jsonl", **options)
    checker.feed(data)
    return checker.close()


def found(report: Report) -> set[str]:
    return {rule["name"] for rule in document([report], "en")["reports"][0]["rules"]}


def lines(*records: dict[str, Any]) -> bytes:
    return b"".join(json.dumps(record).encode() + b"\n" for record in records)


@pytest.mark.parametrize(("target", "record"), GOOD)
def test_good_lines(target: str, record: dict[str, Any]) -> None:
    assert found(check(lines(record), target)) <= OF_THE_FILE


@pytest.mark.parametrize(
    ("target", "record"),
    [
        (target, record)
        for target, record in GOOD
        if record in (GEMINI, BEDROCK, CLAUDE, COHERE, SHAREGPT, PAIR)
        or target in ("cohere/classify", "cohere/rerank")
    ],
)
def test_good_lines_take_the_fast_way(target: str, record: dict[str, Any]) -> None:
    way = fast_way(find_target(target), Statistics(), RULES, None)
    assert way is not None
    data = [json.dumps(record).encode()]
    for _ in way.refused(data, 1):
        way.learn()
    assert not [*way.refused(data, 1)]


def with_limits(monkeypatch: pytest.MonkeyPatch, name: str, **limits: int) -> None:
    """Give a target other limits, so that a small file can break them."""
    from tuneready import targets

    target = find_target(name)
    other = dataclasses.replace(target, limits=dataclasses.replace(target.limits, **limits))
    monkeypatch.setattr(targets, "targets", lambda: {name: other})


@pytest.mark.parametrize(
    ("limits", "training", "validation", "rule"),
    [
        ({"max_examples": 2}, 2, None, None),
        ({"max_examples": 2}, 3, None, "too-many-examples"),
        ({"max_examples": 2}, 2, 3, None),  # the limit is that of training
        ({"max_validation_examples": 2}, 9, 2, None),
        ({"max_validation_examples": 2}, 9, 3, "too-many-validation-examples"),
        ({"max_validation_examples": 2}, 3, None, None),
        ({"min_validation_examples": 2}, 9, 2, None),
        ({"min_validation_examples": 2}, 9, 1, "too-few-validation-examples"),
        ({"min_validation_examples": 2}, 1, None, None),
        ({"min_examples": 5}, 5, 1, None),  # a file that validates may have fewer
        ({"max_together": 9}, 6, 3, None),
        ({"max_together": 9}, 6, 4, "too-many-examples-together"),
        ({"max_validation_file": 10_000}, 3, 3, None),
        ({"max_validation_file": 200}, 3, 3, "validation-file-too-large"),
        ({"max_validation_file": 200}, 3, None, None),
        ({"max_file": 200}, 3, None, "file-too-large"),
    ],
)
def test_numbers_of_rows(
    monkeypatch: pytest.MonkeyPatch,
    limits: dict[str, int],
    training: int,
    validation: int | None,
    rule: str | None,
) -> None:
    wide = {"min_examples": 1, "min_validation_examples": 1, **limits}
    with_limits(monkeypatch, "bedrock/claude-sft", **wide)
    report = check(lines(*[CLAUDE] * training), "bedrock/claude-sft")
    if validation is not None:
        data = lines(*[CLAUDE] * validation)
        report = check(data, "bedrock/claude-sft", validation_of=report)
    names = {name for name in found(report) if "example" not in name or "examples" in name}
    names = {name for name in names if not name.startswith(("all-", "duplicate", "near"))}
    assert {name for name in names if "training-and" not in name} == ({rule} if rule else set())


@pytest.mark.parametrize(
    ("training", "validation", "wrong"),
    [(10, 4, False), (10, 5, False), (20, 6, False), (10, 6, True), (19, 6, True), (99, 60, False)],
)
def test_share_for_validation(
    monkeypatch: pytest.MonkeyPatch, training: int, validation: int, *, wrong: bool
) -> None:
    """Up to five examples are free; more may be 30 %, and never more than fifty."""
    limits = {"max_validation_share": 30, "free_validation_examples": 5}
    with_limits(monkeypatch, "gemini/sft", max_validation_examples=50, **limits)
    first = check(lines(*[GEMINI] * training), "gemini/sft")
    names = found(check(lines(*[GEMINI] * validation), "gemini/sft", validation_of=first))
    assert ("validation-share-too-large" in names) is wrong
    assert ("too-many-validation-examples" in names) is (validation > 50)


def test_least_of_a_model() -> None:
    """Llama 3.1 wants a hundred examples; for the others no least number is stated."""
    data = lines(*[PAIR] * 99)
    assert "too-few-examples" not in found(check(data, "bedrock/llama-sft"))
    assert "fewer-examples-than-advised" in found(check(data, "bedrock/llama-sft"))
    assert "too-few-examples" in found(check(data, "bedrock/llama-sft", model="llama-3.1-8b"))
    more = lines(*[PAIR] * 100)
    assert "too-few-examples" not in found(check(more, "bedrock/llama-sft", model="llama-3.1-8b"))


@pytest.mark.parametrize(
    ("name", "fine"),
    [
        ("data.jsonl", True),
        ("some/folder/with space/train_1-a.jsonl", True),
        ("C:\\data\\train.jsonl", True),
        ("-", True),
        ("my data.jsonl", False),
        ("data.json", False),
        ("data.jsonl.gz", False),
        ("résumés.jsonl", False),
    ],
)
def test_names_of_files(name: str, *, fine: bool) -> None:
    checker = Checker(find_target("bedrock/nova-sft"), file=name)
    checker.feed(lines(*[BEDROCK] * 8))
    assert ("file-name-refused" in found(checker.close())) is not fine


LABELS = [
    {"text": f"Text {i}.", "label": label if i % 3 else [label, "odd", "odd"]}
    for i, label in enumerate(["good", "bad", "odd", "rare", "good"] * 8)
]


@pytest.mark.parametrize("depth", ["format", "full"])
@pytest.mark.parametrize("cut", [1, 7, 20, 40])
def test_labels_are_counted_in_pieces(cut: int, depth: Any) -> None:
    """A file that is cut anywhere has the findings of the whole, in either way."""
    whole = check(lines(*LABELS), "cohere/classify", depth=depth, thorough=True)
    first = check(lines(*LABELS[:cut]), "cohere/classify", depth=depth)
    first.merge(check(lines(*LABELS[cut:]), "cohere/classify", depth=depth, first=False))
    assert first.tally is not None
    assert whole.tally is not None
    assert first.tally.labels == whole.tally.labels
    assert first.tally.labels["odd"] == sum("odd" in record["label"] for record in LABELS)
    assert first.tally.first_lines == whole.tally.first_lines


def test_queries_and_media_are_counted_in_pieces() -> None:
    rows = [{**RERANK, "query": f"What is {i % 4}?"} for i in range(10)]
    first = check(lines(*rows[:3]), "cohere/rerank")
    first.merge(check(lines(*rows[3:]), "cohere/rerank", first=False))
    assert first.tally is not None
    assert len(first.tally.queries) == 4

    media = [media_line("image", "png"), BEDROCK, BEDROCK, media_line("video", "mp4")]
    first = check(lines(*media[:2]), "bedrock/nova-sft")
    first.merge(check(lines(*media[2:]), "bedrock/nova-sft", first=False))
    assert first.tally is not None
    assert first.tally.media == {"image": 1, "video": 4}
    assert "images-and-videos-in-one-file" in found(first)


def media_line(kind: str, form: str) -> dict[str, Any]:
    part = {kind: {"format": form, "source": {"s3Location": {"uri": "s3://data/file"}}}}
    user, answer = BEDROCK["messages"]
    return {**BEDROCK, "messages": [{**user, "content": [*user["content"], part]}, answer]}


def test_images_of_a_sample_and_of_a_message() -> None:
    """The sources disagree on a sample with more than ten; on a message with more they agree."""
    part = media_line("image", "png")["messages"][0]["content"][1]
    user, answer = BEDROCK["messages"]
    six = {**user, "content": [*user["content"], *[part] * 6]}
    spread = check(lines({"messages": [six, answer, six, answer]}), "bedrock/nova-sft")
    assert "too-many-images" in found(spread)
    assert "too-many-images-in-message" not in found(spread)
    eleven = {**user, "content": [*user["content"], *[part] * 11]}
    one = check(lines({"messages": [eleven, answer]}), "bedrock/nova-sft")
    assert "too-many-images" not in found(one)
    assert "too-many-images-in-message" in found(one)


def test_a_chat_of_openai_is_named_for_what_it_is() -> None:
    """Claude's records may look so; those of Nova and Cohere do not."""
    assert found(check(lines(CLAUDE), "bedrock/claude-sft")) <= OF_THE_FILE
    for target in ("bedrock/nova-sft", "cohere/chat", "gemini/sft"):
        assert "record-of-another-kind" in found(check(lines(CLAUDE), target))
    assert "record-of-another-kind" in found(
        check(lines({"messages": BEDROCK["messages"]}), "openai/sft")
    )


def test_texts_of_instructions_are_the_systems() -> None:
    """Whatever key they stand under: rules on instructions ask who says a text."""
    from tuneready.dataset.examples import example_of, record_of, seen_of

    for name, record in (("gemini/sft", GEMINI), ("bedrock/nova-sft", BEDROCK)):
        target = find_target(name)
        seen = seen_of(example_of(record_of(record, target), target), 1)
        assert seen.roles == ("system", "user", "assistant")
        assert seen.rest == ""
        assert seen.prompt == 2


def test_models_have_their_limits() -> None:
    nova, llama = find_target("bedrock/nova-sft"), find_target("bedrock/llama-sft")
    assert not find_model(nova, "nova-micro").images
    assert find_model(llama, "llama-3.1-8b").example_tokens == 16_000
    assert find_model(llama, "llama-3.2-90b").example_tokens == 10_000
