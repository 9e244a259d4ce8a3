"""What a few rules know of all examples is the same for a file in pieces as for the whole."""

from __future__ import annotations

import json
from typing import Any

import pytest
from dataset_cases import CASES
from hypothesis import given, settings
from hypothesis import strategies as st

from tuneready.dataset.checker import Checker
from tuneready.dataset.item_fields import MOST_FIELDS, ItemFields
from tuneready.dataset.pair_texts import LONGEST, MOST_DISTINCT, SharedText
from tuneready.dataset.report import Report, document
from tuneready.dataset.seen import Seen
from tuneready.targets import find_target

RULES = (
    "formats-mixed",
    "weight-on-some-records",
    "grader-fields-differ",
    "grader-field-constant",
    "prompts-without-separator",
    "prompts-share-beginning",
    "completions-share-beginning",
    "completions-without-ending",
    "completions-without-space",
    "few-pairs",
    "longest-example-very-long",
)
FILES = [case for rule in RULES for case in sorted((CASES / "rules" / rule).glob("*.jsonl"))]


def report_on(data: bytes, target: str) -> Report:
    checker = Checker(find_target(target), file="x", digest=False)
    checker.feed(data)
    return checker.close()


def said(report: Report) -> list[dict[str, Any]]:
    entry = document([report], "en")["reports"][0]
    return [found for found in entry["findings"] if found["name"] in RULES]


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_pieces_say_what_the_whole_says(file) -> None:
    target = (file.parent / "target.txt").read_text(encoding="utf-8").strip()
    lines = file.read_bytes().splitlines(keepends=True)
    whole = said(report_on(b"".join(lines), target))
    for cut in range(1, min(len(lines), 20)):
        first = report_on(b"".join(lines[:cut]), target)
        first.merge(report_on(b"".join(lines[cut:]), target))
        assert said(first) == whole


VALUES = st.sampled_from([None, 1, 2.5, "a", "b", True, False, [], {}])
ITEMS = st.dictionaries(st.sampled_from("abc"), VALUES)


@settings(deadline=None)
@given(st.lists(ITEMS, max_size=8), st.integers(0, 8))
def test_fields_of_pieces_are_those_of_the_whole(items: list[dict[str, Any]], cut: int) -> None:
    def fields(part: list[dict[str, Any]]) -> ItemFields:
        found = ItemFields({"messages"})
        rest = [json.dumps({"messages": [], **item}) for item in part]
        found.see([Seen(i, (), [], 0, text) for i, text in enumerate(rest, 1)])
        return found

    both = fields(items[:cut])
    both.merge(fields(items[cut:]), len(items[:cut]))
    assert both == fields(items)


@settings(deadline=None)
@given(st.lists(st.text("ab ", max_size=4), max_size=8), st.integers(0, 8))
def test_shared_texts_of_pieces_are_those_of_the_whole(texts: list[str], cut: int) -> None:
    def shared(part: list[str]) -> SharedText:
        found = SharedText()
        for text in part:
            found.add(text)
        return found

    both = shared(texts[:cut])
    both.merge(shared(texts[cut:]))
    assert both == shared(texts)


def test_what_is_remembered_is_bounded() -> None:
    shared = SharedText()
    for number in range(MOST_DISTINCT + 1):
        shared.add(f"{'x' * 1000}{number}{'y' * 1000}")
    assert shared.many
    assert not shared.distinct
    assert (shared.start, shared.end) == ("x" * LONGEST, "y" * LONGEST)

    items = ItemFields(())
    rest = json.dumps({f"field {number}": 1 for number in range(MOST_FIELDS + 1)})
    items.see([Seen(1, (), [], 0, rest)])
    assert items.too_many
    assert not items.fields


def test_a_number_too_long_to_read_is_passed_over() -> None:
    items = ItemFields(())
    items.see([Seen(1, (), [], 0, '{"a": ' + "9" * 5000 + "}")])
    assert not items.fields


def test_half_characters_do_no_harm() -> None:
    shared = SharedText()
    shared.add("\ud800")
    assert shared.end == "\ud800"
