"""The overview, the preview and the evidence: what is said about answers agrees with the answers."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from answers_documents import GUIDE, ITEMS, answered, documents
from hypothesis import given, settings

from tuneready.checklist.answers import Answers, Counts, Entry, Evidence
from tuneready.checklist.assess import assess
from tuneready.checklist.evidence import evidence_of, sentence, suggested
from tuneready.checklist.overview import overview
from tuneready.checklist.preview import preview
from tuneready.checklist.wording import describe
from tuneready.dataset.checker import Checker
from tuneready.dataset.report import document
from tuneready.strictjson import plain_of, read
from tuneready.targets import find_target

SAMPLES = Path(__file__).parents[1] / "macros/tuneready/site/static/samples"
BY_ID = {item.id: item for _, item in GUIDE.items()}


@settings(max_examples=60)
@given(documents())
def test_the_overview_counts_every_item_once(answers: Answers) -> None:
    found = overview(answers, GUIDE, "en")
    states = [item["state"] for each in found["checklists"] for item in each["items"]]
    assert len(states) == len(ITEMS)
    for each in found["checklists"]:
        assert each["met"] + each["gap"] + each["open"] + each["out"] == each["questions"]
        assert each["questions"] + each["left_out"] == len(each["items"])
    for name, verdict in zip(GUIDE.verdict.profiles, found["profiles"], strict=True):
        assessment = assess(GUIDE, name, answers.plain, answers.scope)
        assert {"title": verdict["title"], **describe(assessment, GUIDE, "en")} == verdict
        named = GUIDE.verdict.profiles[name].checklists
        lists = [each for each in found["checklists"] if each["checklist"] in named]
        for key in ("answered", "questions"):
            assert sum(each[key] for each in lists) == verdict[key]


@settings(max_examples=60)
@given(documents())
def test_every_entry_is_shown_where_its_item_is_or_in_the_archive(answers: Answers) -> None:
    found = overview(answers, GUIDE, "nl")
    shown = {item["item"]: item for each in found["checklists"] for item in each["items"]}
    shown |= {item["item"]: item for item in found["archived"]}
    for item, entry in answers.items.items():
        if entry.is_said:
            for key in ("reason", "note", "evidence", "owner"):
                assert shown[item][key] == (getattr(entry, key) or "")
            assert bool(shown[item]["report"]) == bool(entry.report)
    owners = {each["owner"] for each in found["owners"]}
    assert {item["owner"].strip() for item in shown.values() if item["item"] in BY_ID} <= owners | {
        ""
    }


def test_boxes_show_what_was_ticked_and_what_could_be() -> None:
    blocker = next(item for item in ITEMS if not BY_ID[item].offers_not_applicable)
    other = next(item for item in ITEMS if BY_ID[item].offers_not_applicable)
    answers = Answers(items={blocker: Entry(answer="no"), other: Entry(answer="not_applicable")})
    shown = {
        item["item"]: item
        for each in overview(answers, GUIDE, "en")["checklists"]
        for item in each["items"]
    }
    assert shown[blocker]["boxes"] == "☐ Yes  ☒ No"
    assert shown[other]["boxes"] == "☐ Yes  ☐ No  ☒ Not applicable"
    assert (shown[blocker]["sign"], shown[other]["sign"]) == ("✗", "–")


# -- preview --------------------------------------------------------------------------------------


def says(entry: Entry) -> bool:
    """Whether there is anything to see: who typed blanks only has said nothing."""
    texts = (entry.reason, entry.note, entry.evidence, entry.owner)
    blank = all(not (text or "").strip() for text in texts)
    return entry.is_said and not (blank and entry.answer is None and entry.report is None)


@settings(max_examples=60)
@given(documents(), documents())
def test_the_preview_tells_every_difference(incoming: Answers, present: Answers) -> None:
    rows = preview(incoming, present, GUIDE, "en")["rows"]
    kinds = {row["item"]: row["kind"] for row in rows}
    assert len(kinds) == len(rows)
    for item in {*incoming.items, *present.items}:
        before = present.items.get(item, Entry())
        after = incoming.items.get(item, Entry())
        if not says(before) and not says(after):
            assert item not in kinds
        elif not says(before):
            assert kinds[item] == "added"
        elif not says(after):
            assert kinds[item] == "removed"
        elif before.answer != after.answer:
            assert kinds[item] == "changed"
    for row in rows:
        assert row["kind"] == "changed" or row["before"] != row["after"]


@given(documents())
def test_the_same_answers_change_nothing(answers: Answers) -> None:
    found = preview(answers, answers, GUIDE, "en")
    assert found["rows"] == []
    said = any(entry.is_said for entry in answers.items.values())
    expected = "It says just what your present answers say." if said else "You have no answers yet"
    assert found["sentences"][-1].startswith(expected)


def test_what_would_be_lost_is_shown() -> None:
    item = ITEMS[0]
    present = Answers(items={item: Entry(answer="yes", note="Two\nlines", owner="Ann")})
    (row,) = preview(Answers(items={item: Entry(answer="yes")}), present, GUIDE, "en")["rows"]
    assert (row["kind"], row["before"], row["after"]) == (
        "changed",
        "Yes · Note: Two lines · Owner: Ann",
        "Yes",
    )


# -- evidence -------------------------------------------------------------------------------------


def report(name: str, language: str = "en") -> dict[str, Any]:
    checker = Checker(find_target("openai/sft"), file=name, model=None)
    checker.feed((SAMPLES / name).read_bytes())
    (entry,) = document([checker.close()], language)["reports"]
    return entry


@pytest.mark.parametrize("name", ["good.jsonl", "bad.jsonl"])
def test_evidence_holds_facts_of_a_check_and_none_of_its_content(name: str) -> None:
    entry = report(name)
    evidence = evidence_of(entry, "2026-11-22")
    plain = plain_of(evidence)
    assert read(Evidence, plain) == evidence
    assert plain["sha256"] == entry["sha256"]
    assert plain["counts"] == entry["counts"]
    assert set(plain) <= set(Evidence.__slots__)
    content = (SAMPLES / name).read_text(encoding="utf-8", errors="replace")
    texts = [value for value in plain.values() if isinstance(value, str)]
    assert not [text for text in texts if len(text) > 10 and text in content]
    assert suggested(evidence, BY_ID["data-format-matches"]) == ("yes" if entry["valid"] else "no")


def evidence(**changes: Any) -> Evidence:
    return replace(
        Evidence(
            file="train.jsonl",
            sha256="0123456789ab" + "0" * 52,
            target="openai/sft",
            model="gpt-4.1",
            bytes=1,
            lines=20,
            examples=20,
            valid=True,
            counts=Counts(error=0, warning=2, note=1),
            checked="2026-11-22",
        ),
        **changes,
    )


def test_evidence_in_a_sentence() -> None:
    assert sentence(evidence(), "en") == (
        "train.jsonl, checked for openai/sft (gpt-4.1) on 2026-11-22: accepted. "
        "Examples: 20, warnings: 2, notes: 1. SHA-256 0123456789ab…"
    )
    bad = evidence(
        valid=False, counts=Counts(error=3, warning=0, note=0), sha256=None, file="\u202ex"
    )
    assert sentence(bad, "en") == (
        r"\u202ex, checked for openai/sft (gpt-4.1) on 2026-11-22: not accepted. "
        "Examples: 20, errors: 3, warnings: 0, notes: 0."
    )


def test_a_long_name_is_cut_to_what_the_document_takes() -> None:
    entry = report("good.jsonl") | {"file": "x" * 500}
    assert len(evidence_of(entry, "2026-11-22").file) == 200


@pytest.mark.parametrize(
    ("answer", "suggestion"),
    [
        ("yes", ""),
        ("no", "The attached check suggests “Yes”."),
        (None, "The attached check suggests “Yes”."),
    ],
)
def test_a_check_suggests_and_the_reader_decides(answer, suggestion) -> None:
    item = next(item.id for item in BY_ID.values() if item.attach)
    complete = answered(GUIDE)
    items = {**complete.items, item: Entry(answer=answer, report=evidence())}
    found = overview(replace(complete, items=items), GUIDE, "en")
    (shown,) = [
        each
        for checklist in found["checklists"]
        for each in checklist["items"]
        if each["item"] == item
    ]
    assert shown["suggestion"] == suggestion
    assert shown["state"] == {"yes": "met", "no": "gap", None: "open"}[answer]
