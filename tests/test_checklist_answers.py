"""Files of answers: what is read, and the sentence for what is not one."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tuneready.checklist.answers import SCHEMA, AnswersError, read_answers


def file(answers: object) -> str:
    return json.dumps({"schema": SCHEMA, "answers": answers})


def test_answers_are_read() -> None:
    given_answers = {"a": "yes", "b": "no", "c": "not_applicable", "__proto__": "yes"}
    assert read_answers(file(given_answers)) == given_answers
    assert read_answers("\ufeff" + file({})) == {}


def test_what_else_a_file_holds_does_not_matter() -> None:
    text = json.dumps({"schema": SCHEMA, "saved": "2026-11-22", "answers": {"a": "no"}})
    assert read_answers(text) == {"a": "no"}


REFUSED = {
    "": "The file is not JSON: something is wrong at line 1, column 1.",
    '{"schema": "tuneready.answers/1",\n "answers": {"a": "yes"': "line 2, column 24",
    "[]": "The file holds no answers",
    '{"answers": {"a": "yes"}}': "The file holds no answers",
    '{"schema": "tuneready.answers/1", "answers": []}': "The file holds no answers",
    '{"schema": "tuneready.answers/2", "answers": {}}': 'The file says that it is "tuneready.answers/2"',
    '{"schema": "tuneready.report/1", "reports": []}': 'expected "tuneready.answers/1"',
    file({"a": "maybe"}): 'Not an answer: "a" is "maybe".',
    file({"a": True, "b": None, "c": 1, "d": {}}): 'Not an answer: "a" is true, "b" is null, "c" is 1, and 1 more.',
    file({"a": ["yes"]}): 'Not an answer: "a" is ["yes"].',
    file({"\u202e": "x"}): r'Not an answer: "\u202e" is "x".',
    '{"schema": "tuneready.answers/1", "answers": {"a": "yes", "a": "no"}}': '"a" is there twice; keep one.',
    "[" * 100_000: "more than 100 brackets",
    '{"a": ' * 100_000: "more than 100 brackets",
    '"' + "\\" * 100_001: "The file is not JSON",
    '{"schema": 1' + "0" * 5000 + "}": "The file holds a number",
    " " * 1_000_001: "has 1,000,001 characters",
}  # fmt: skip


@pytest.mark.parametrize("text", REFUSED, ids=lambda text: text[:60])
def test_what_is_not_a_file_of_answers_gets_one_sentence(text: str) -> None:
    with pytest.raises(AnswersError) as raised:
        read_answers(text)
    assert REFUSED[text] in str(raised.value)
    assert "\n" not in str(raised.value)
    assert len(str(raised.value)) < 500


def test_brackets_inside_texts_do_not_count() -> None:
    text = json.dumps({"schema": SCHEMA, "note": '[{"' * 500, "answers": {"a": "yes"}})
    assert read_answers(text) == {"a": "yes"}


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.text(), st.recursive(st.none() | st.text(), st.lists).map(json.dumps)))
def test_any_text_is_answers_or_one_error(text: str) -> None:
    with pytest.raises(AnswersError):
        read_answers(text)
