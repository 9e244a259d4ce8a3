"""Without a target: the format that a file has, and what every target says about it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from layout_records import records

from tuneready.dataset.checker import Checker
from tuneready.dataset.recognition import AutoChecker, Matrix, recognise_start
from tuneready.dataset.report import document
from tuneready.targets import targets

if TYPE_CHECKING:
    from tuneready.dataset.recognition import Row

USER = {"role": "user", "content": "Hi"}
ANSWER = {"role": "assistant", "content": "Hello"}
RECORDS = {name: records(target) for name, target in targets().items()}


def lines_of(found: list[dict[str, Any]]) -> bytes:
    return b"".join(json.dumps(record).encode() + b"\n" for record in found)


def alone(data: bytes, name: str) -> tuple[str, int | None] | None:
    """Return the first error that the target finds when nobody else is asked."""
    checker = Checker(targets()[name], file="x", max_findings=1, depth="format", thorough=True)
    checker.feed(data)
    (entry,) = document([checker.close()], "en")["reports"]
    errors = [finding for finding in entry["findings"] if finding["severity"] == "error"]
    errors.sort(key=lambda finding: finding["line"] is None)
    return (errors[0]["code"], errors[0]["line"]) if errors else None


def together(data: bytes, size: int) -> dict[str, tuple[str, int | None] | None]:
    matrix = Matrix("x")
    for start in range(0, len(data), size):
        matrix.feed(data[start : start + size])
    return {row.target.name: said(row) for row in matrix.close().rows()}


def said(row: Row) -> tuple[str, int | None] | None:
    return None if row.reason is None else (row.reason.rule, row.reason.location.line)


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_the_matrix_says_what_each_target_says_alone(data: Any) -> None:
    pool = [record for found in RECORDS.values() for record in found]
    name = data.draw(st.sampled_from(sorted(RECORDS)))
    mostly = data.draw(st.lists(st.sampled_from(RECORDS[name]), min_size=1, max_size=8))
    odd = data.draw(st.lists(st.sampled_from(pool), max_size=2))
    file = lines_of(mostly * 3 + odd)
    found = together(file, data.draw(st.sampled_from([7, 1000, 100_000])))
    for target in data.draw(st.lists(st.sampled_from(sorted(RECORDS)), min_size=4, max_size=4)):
        assert found[target] == alone(file, target), target


# Records of these targets may as well be chats: nothing in them says more.
READ_AS_CHATS = {"azure-openai/rft", "openai/rft", "bedrock/claude-sft"}


@pytest.mark.parametrize("name", targets())
def test_a_format_is_recognised(name: str) -> None:
    found = recognise_start(lines_of(RECORDS[name][:6]))
    expected = {"chat"} if name in READ_AS_CHATS else targets()[name].formats
    assert found.format in expected


@pytest.mark.parametrize(
    ("record", "format_", "certainty"),
    [
        ({"id": 1, "messages": [USER, ANSWER]}, "chat", "likely"),
        ({"messages": [USER, ANSWER, USER]}, "chat", "likely"),
        ({"messages": [USER]}, "chat", "likely"),
        ({"messages": "Hi"}, "chat", "likely"),
        ({"messages": [USER], "answer": "4"}, "reinforcement", "certain"),
        ({"system": "Be brief.", "messages": [USER, ANSWER]}, "claude", "certain"),
        ({"schemaVersion": "1", "messages": [USER, ANSWER]}, "bedrock", "certain"),
    ],
)
def test_what_may_be_several_formats_is_a_chat(
    record: dict[str, Any], format_: str, certainty: str
) -> None:
    found = recognise_start(lines_of([record] * 3))
    assert (found.format, found.certainty) == (format_, certainty)


def test_the_reference_target_and_the_reason() -> None:
    record = {"instruction": "Greet me.", "input": "", "output": "Hello"}
    checker = AutoChecker(file="x.jsonl")
    checker.feed(lines_of([record] * 3))
    (entry,) = document([checker.close()], "en")["reports"]
    assert entry["target"] == "llama-factory/alpaca"
    assert entry["recognised"] == {
        "format": "alpaca",
        "title": "an Alpaca instruction",
        "certainty": "certain",
        "reason": "All 3 records looked at are clearly of this format.",
    }
    rows = {row["target"]: row for row in entry["matrix"]}
    assert rows["llama-factory/alpaca"]["accepted"]
    assert rows["azure-openai/sft"]["reason"]["name"] == "record-of-another-kind"
    assert rows["azure-openai/sft"]["reason"]["line"] == 1


def test_a_mixture_and_something_else() -> None:
    chat = {"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hi"}]}
    mixed = recognise_start(lines_of([chat, chat, {"text": "Once"}]))
    assert (mixed.format, mixed.certainty, mixed.agreeing, mixed.records) == ("chat", "mixed", 2, 3)
    unknown = recognise_start(lines_of([{"a": 1}]))
    assert (unknown.format, unknown.certainty) == (None, "unknown")
    for start in (b"", b"<html>", b"\xff\xfe{", b"[" * 5000, b'{"messages": 7', b"null\n7\n"):
        assert recognise_start(start).certainty == "unknown"
