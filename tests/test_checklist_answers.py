"""Documents of answers: what is read and written, and the sentence for what is not one."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import jsonschema
import pytest
from answers_documents import GUIDE, ITEMS, answered, documents
from hypothesis import event, given, settings
from hypothesis import strategies as st

from tuneready.checklist.answers import (
    FIRST_SCHEMA,
    SCHEMA,
    Answers,
    Entry,
    answers_of,
    changes,
    dumps,
    plain,
    read_answers,
)
from tuneready.checklist.answers_schema import answers_schema
from tuneready.strictjson import JsonError

VALIDATOR = jsonschema.Draft202012Validator(answers_schema())


def first(answers: object) -> str:
    return json.dumps({"schema": FIRST_SCHEMA, "answers": answers})


def document(**keys: Any) -> str:
    return json.dumps({"schema": SCHEMA, **keys})


def entry(**keys: Any) -> str:
    return document(items={"why-owner": keys})


def refused(text: str, language: str = "en") -> str:
    with pytest.raises(JsonError) as raised:
        read_answers(text)
    return raised.value.said(language)


def test_the_first_form_is_still_read() -> None:
    found = read_answers(first({"a": "yes", "b": "no", "c": "not_applicable"}))
    assert found.plain == {"a": "yes", "b": "no", "c": "not_applicable"}
    assert read_answers("\ufeff" + first({})) == Answers()
    # What else it held did not matter then, and does not now.
    text = json.dumps({"schema": FIRST_SCHEMA, "saved": "2026-11-22", "answers": {"a": "no"}})
    assert read_answers(text).plain == {"a": "no"}


@settings(max_examples=200)
@given(documents())
def test_what_is_written_is_read_and_is_as_the_schema_says(found: Answers) -> None:
    text = dumps(found)
    assert read_answers(text) == found
    assert not list(VALIDATOR.iter_errors(json.loads(text)))


def test_null_is_as_good_as_left_out() -> None:
    assert read_answers(entry(answer="yes", note=None, report=None)) == read_answers(
        entry(answer="yes")
    )


REPORT = {
    "file": "train.jsonl",
    "target": "openai/sft",
    "bytes": 1,
    "lines": 1,
    "examples": 1,
    "valid": True,
    "counts": {"error": 0, "warning": 0, "note": 0},
    "checked": "2026-11-22",
}
NOT_A_FILE = "The file holds no answers: the key “schema”"
REFUSED = {
    "": "The file is not JSON: something is wrong at line 1, column 1.",
    '{"schema": "tuneready.answers/2",\n "items": {"a": "yes"': "line 2, column 22",
    "[]": NOT_A_FILE,
    "null": NOT_A_FILE,
    '{"answers": {"a": "yes"}}': NOT_A_FILE,
    '{"schema": "tuneready.answers/1", "answers": []}': "“answers” is a list; expected an object.",
    '{"schema": "tuneready.answers/3", "items": {}}': "written by a newer version of Tuneready (tuneready.answers/3)",
    '{"schema": "tuneready.report/1", "reports": []}': "is the report of a dataset check, not answers",
    '{"schema": "other/1"}': "says that it is “other/1”; expected “tuneready.answers/2”",
    first({"a": "maybe"}): "“answers.a” is “maybe”; expected “yes”, “no”, “not_applicable”.",
    first({"a": True}): "“answers.a” is true; expected",
    first({"\u202e": "x"}): r"“answers”: the key “\u202e” is not a name of letters, digits and hyphens.",
    first({"__proto__": "yes"}): "the key “__proto__” is not a name",
    first({"": "yes"}): "the key “” is not a name",
    document(items=[]): "“items” is a list; expected an object.",
    document(items={"a": "yes"}): "“items.a” is “yes”; expected an object.",
    document(itms={}): "“itms” is a key that is not known here; known: schema, name, saved",
    document(name=3): "“name” is 3; expected a text.",
    document(name="x" * 201): "expected a text of at most 200 characters.",
    document(saved="yesterday"): "“saved” is “yesterday”; expected a time such as 2026-11-22T17:20:00Z.",
    document(guide="1234567G"): "“guide” is “1234567G”; expected eight hexadecimal digits.",
    document(scope={"method": ["sft"]}): "“scope.method” is a list; expected a text.",
    document(seen={"why": "all"}): "“seen.why” is “all”; expected a list.",
    document(seen={"why": [1]}): "“seen.why.0” is 1; expected a text.",
    entry(answer="Yes"): "“items.why-owner.answer” is “Yes”; expected “yes”, “no”, “not_applicable”.",
    entry(answer=["yes"]): "“items.why-owner.answer” is a list; expected",
    entry(nota="x"): "“items.why-owner.nota” is a key that is not known here; known: answer, reason, note",
    entry(note="x" * 20_001): "expected a text of at most 20,000 characters.",
    entry(note="<script>\u202e\x00" * 5000): r"is “<script>\u202e\u0000<script>",
    entry(evidence="x" * 2001): "expected a text of at most 2,000 characters.",
    entry(owner={}): "“items.why-owner.owner” is an object; expected a text.",
    entry(wording="zz"): "“items.why-owner.wording” is “zz”; expected eight hexadecimal digits.",
    entry(report={}): "“items.why-owner.report.file” is missing.",
    entry(report={**REPORT, "bytes": -1}): "“items.why-owner.report.bytes” is -1; expected a whole number of 0 or more.",
    entry(report={**REPORT, "bytes": 1.5}): "“items.why-owner.report.bytes” is 1.5; expected a whole number",
    entry(report={**REPORT, "lines": True}): "“items.why-owner.report.lines” is true; expected a whole number",
    entry(report={**REPORT, "valid": 1}): "“items.why-owner.report.valid” is 1; expected true or false.",
    entry(report={**REPORT, "counts": {"error": 0}}): "“items.why-owner.report.counts.warning” is missing.",
    entry(report={**REPORT, "content": "a line"}): "“items.why-owner.report.content” is a key that is not known here",
    '{"schema": "tuneready.answers/2", "items": {"a": {}, "a": {}}}': "“a” is there twice; keep one.",
    '{"schema": "tuneready.answers/2", "name": NaN}': "The file holds NaN, which is no number in JSON",
    "[" * 100_000: "values more than 8 levels deep",
    '{"a": ' * 100_000: "values more than 8 levels deep",
    '"' + "\\" * 100_001: "The file is not JSON",
    '{"schema": 1' + "0" * 5000 + "}": "The file holds a number that is too long to read.",
    " " * 5_000_001: "has 5,000,001 characters; at most 5,000,000 are read",
}  # fmt: skip


@pytest.mark.parametrize("text", REFUSED, ids=lambda text: text[:70])
def test_what_is_not_a_document_gets_one_sentence(text: str) -> None:
    said = refused(text)
    assert REFUSED[text] in said
    assert "\n" not in said
    assert len(said) < 500
    assert said.isprintable()


def test_brackets_inside_texts_do_not_count() -> None:
    assert read_answers(entry(note='[{"\\' * 500)).items["why-owner"].note == '[{"\\' * 500


def test_half_characters_become_whole_ones() -> None:
    found = read_answers('{"schema": "tuneready.answers/2", "name": "a\\ud800b"}')
    assert found.name == "a\ufffdb"
    dumps(found).encode()
    pair = read_answers('{"schema": "tuneready.answers/2", "name": "\\ud83d\\ude00"}')
    assert pair.name == "😀"


@settings(max_examples=150)
@given(st.one_of(st.text(), st.recursive(st.none() | st.text(), st.lists).map(json.dumps)))
def test_any_text_is_answers_or_one_error(text: str) -> None:
    with pytest.raises(JsonError):
        read_answers(text)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)


@settings(max_examples=300)
@given(documents(), st.data())
def test_a_document_with_one_value_exchanged_is_read_or_refused(
    found: Answers, data: st.DataObject
) -> None:
    """Nothing that is not a document slips through, wherever in it the fault is."""
    value = plain(found)
    here: Any = value
    while isinstance(here, dict) and here:
        key = data.draw(st.sampled_from(sorted(here)))
        if not isinstance(here[key], dict) or data.draw(st.booleans()):
            here[key] = data.draw(VALUES)
            break
        here = here[key]
    try:
        read = answers_of(value)
    except JsonError as error:
        said = error.said("nl")
        event("refused")
    else:
        said = ""
        assert answers_of(plain(read)) == read
        assert not list(VALIDATOR.iter_errors(plain(read)))
    assert len(said) < 500


def test_what_changed_since_the_answers_were_given() -> None:
    complete = answered(GUIDE)
    assert changes(complete, GUIDE) == changes(Answers(), GUIDE)
    first_item, second, *_, last = ITEMS
    entries = dict(complete.items)
    entries[first_item] = replace(entries[first_item], wording="00000000")
    entries[second] = Entry(answer="yes")  # of a file that knew no wordings
    entries["gone"] = Entry(note="kept")
    entries["never-said"] = Entry(text="asked, and not answered")
    del entries[last]
    seen = {name: items[:-1] for name, items in complete.seen.items()}
    found = changes(replace(complete, items=entries, seen=seen), GUIDE)
    assert found.reworded == (first_item,)
    assert found.removed == ("gone",)
    # Only what is not answered is new.
    assert found.new == (last,)


def test_an_item_that_moved_to_another_checklist_is_neither_new_nor_gone() -> None:
    complete = answered(GUIDE)
    why, tried, *others = GUIDE.checklists
    moved = replace(
        GUIDE,
        checklists=(
            replace(why, items=why.items[1:]),
            replace(tried, items=(*tried.items, why.items[0])),
            *others,
        ),
    )
    assert changes(complete, moved) == changes(Answers(), GUIDE)
