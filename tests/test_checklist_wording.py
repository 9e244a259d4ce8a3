"""What an assessment says: reasons, gaps, links, and the text of the command line."""

from __future__ import annotations

import dataclasses
import os
from pathlib import Path
from typing import Any

import pytest
from checklist_vectors import VECTORS, answers_of, ideal, read_vector

from tuneready.checklist.assess import assess
from tuneready.checklist.load import load_guide
from tuneready.checklist.wording import describe, to_text

GUIDE = load_guide(Path(__file__).parent.parent / "checklists")
TEXTS = Path(__file__).parent / "cases" / "checklists" / "texts"


def described(changes: dict[str, str], profile: str = "decide") -> dict[str, Any]:
    answers = ideal(GUIDE, profile) | changes
    return describe(assess(GUIDE, profile, answers), GUIDE, "en")


def of_vector(name: str, language: str = "en") -> dict[str, Any]:
    vector = read_vector(next(path for path in VECTORS if path.stem == name))
    found = assess(GUIDE, vector["profile"], answers_of(vector, GUIDE), vector.get("scope"))
    return describe(found, GUIDE, language)


REASONS = {
    "all-good": "Every answer is in favour.",
    "one-good-reason": "Every answer is in favour.",
    "empty": "No question is answered yet.",
    "only-knowledge-goal": "Your answers point to one step that comes first: “Retrieval (RAG)”. "
    "This is provisional: 1 of 52 questions answered so far.",
    "no-baseline": "It is not “Ready” yet. 1 blocking point is a gap. "
    "1 heavy warning sign is present.",
    "baseline-contradiction": "It is not “Ready” yet. 1 blocking point is a gap. "
    "1 heavy warning sign is present. "
    "Two of your answers contradict each other, which counts as a gap until it is settled.",
    "blocker-left-open": "1 blocking question is still open.",
    "no-data-no-metric": "Too much is missing for a better verdict. "
    "3 blocking points are gaps; at most 2 may be.",
    "too-much-not-applicable": "Too much is set aside as not applicable in "
    "“What have you tried?” (62%); at most 40% may be.",
    "launch-one-open": "You answered 14 of 15 questions; a verdict needs all of them.",
    "scope-first-answers": "9 blocking questions are still open. You answered 2 of 49 questions; "
    "a verdict needs 80%, and important questions count more. Too few answers in "
    "“Dataset preparation” (16%), “Evaluation plan” (0%), “Safety and governance” (0%), "
    "“Cost and operations” (0%); a verdict needs 60% of each checklist.",
}


@pytest.mark.parametrize("name", REASONS)
def test_the_reason_names_the_rule_and_what_it_found(name: str) -> None:
    assert of_vector(name)["reason"] == REASONS[name]


def test_a_weak_foundation_names_the_checklist() -> None:
    gaps = {
        item.id: "no" if item.kind == "ready" else "yes"
        for item in GUIDE.checklist("alternatives").items
        if not item.blocker and not item.redirect
    }
    found = described(gaps)
    assert (found["verdict"], found["rule"]) == ("explore-alternatives", "weak-foundation")
    assert found["reason"] == (
        "The foundation is not there yet. Too little is in place in "
        "“What is not working?” (44%); the rest only counts from 50% of each."
    )


def test_a_ready_verdict_says_which_gaps_are_left() -> None:
    found = described({"why-owner": "no"})
    assert found["verdict"] == "ready"
    assert found["reason"] == "1 gap is left; it does not block, and the rest is in order."
    assert [gap["item"] for gap in found["gaps"]] == ["why-owner"]


def test_a_gap_is_linked_to_its_item_and_says_what_was_answered() -> None:
    (gap,) = of_vector("no-baseline")["gaps"]
    assert gap == {
        "item": "tried-baseline-measured",
        "checklist": "tried",
        "checklist_title": "What have you tried?",
        "text": "You have a baseline in numbers: the best setup without tuning, scored on a fixed set.",
        "href": "decide/tried/#tried-baseline-measured",
        "answer": "no",
        "answer_label": "You answered no",
        "help": "Poor data makes a model worse. Without a baseline you will not notice.",
        "blocker": True,
        "blocker_label": "Blocking",
        "weight": 3,
        "or": [],
        "or_label": None,
    }


def test_a_group_is_one_gap_with_its_other_ways_out() -> None:
    (gap,) = of_vector("no-good-reason")["gaps"]
    assert gap["item"] == "why-behaviour-goal"
    assert [item["item"] for item in gap["or"]] == [
        "why-guidance-does-not-fit",
        "why-efficiency-at-volume",
    ]
    assert gap["or_label"]


def test_gaps_come_in_order_of_importance() -> None:
    gaps = of_vector("no-data-no-metric")["gaps"]
    assert [(gap["blocker"], gap["weight"]) for gap in gaps] == [
        (True, 3),
        (True, 3),
        (True, 3),
        (False, 3),
        (False, 2),
    ]


def test_a_redirect_names_its_page_and_the_answers_behind_it() -> None:
    (redirect,) = of_vector("knowledge-goal-rag-not-measured")["redirects"]
    assert redirect["title"] == "Retrieval (RAG)"
    assert redirect["href"] == "guide/rag/"
    assert [item["item"] for item in redirect["because"]] == ["why-adding-knowledge"]


def test_a_contradiction_is_a_question() -> None:
    (pair,) = of_vector("baseline-contradiction")["contradictions"]
    assert pair["question"].startswith("You said yes to both “You have a baseline")
    assert pair["question"].endswith("”. Which is right?")
    assert pair["hrefs"] == [
        "decide/tried/#tried-baseline-measured",
        "decide/tried/#tried-no-benchmark",
    ]
    (both_no,) = described({"data-identified": "no"})["contradictions"]
    assert both_no["question"].startswith("You said no to both “You know which dataset")


def test_open_questions_show_only_when_they_decide() -> None:
    assert of_vector("blocker-left-open")["open"][0]["item"] == "data-rights-clear"
    assert of_vector("only-knowledge-goal")["open"]
    assert described({"why-owner": "maybe"})["open"] == []


def test_a_change_says_how_far_it_is_and_what_to_answer() -> None:
    (change,) = described({"tried-baseline-measured": "no"})["changes"]
    assert change == {
        "verdict": "ready",
        "label": "Ready",
        "count": 1,
        "sentence": "1 answer away from “Ready”",
        "answers": [
            {
                "item": "tried-baseline-measured",
                "checklist": "tried",
                "checklist_title": "What have you tried?",
                "text": "You have a baseline in numbers: the best setup without tuning, "
                "scored on a fixed set.",
                "href": "decide/tried/#tried-baseline-measured",
                "answer": "yes",
                "answer_label": "From no to yes",
                "blocker": True,
                "blocker_label": "Blocking",
            }
        ],
    }


def test_a_change_names_the_verdict_without_what_to_do() -> None:
    nearly, ready = of_vector("no-data-no-metric")["changes"]
    assert nearly["label"] == "Nearly ready: close these gaps"
    assert nearly["sentence"] == "1 answer away from “Nearly ready”"
    assert ready["sentence"] == f"{ready['count']} answers away from “Ready”"


def test_each_answer_of_a_change_says_what_it_is_now() -> None:
    labels = {
        answer["answer_label"]
        for changes in (
            {"why-owner": "unanswered", "alt-no-right-data": "yes", "data-identified": "no"},
            {
                item.id: "not_applicable"
                for item in GUIDE.checklist("alternatives").items
                if item.offers_not_applicable
            },
        )
        for change in described(changes)["changes"]
        for answer in change["answers"]
    }
    assert labels >= {"From yes to no", "From no to yes", "From not applicable to yes"}


def test_a_verdict_that_no_answers_reach_says_so() -> None:
    thresholds = dataclasses.replace(GUIDE.verdict.thresholds, phase_coverage=1.5)
    guide = dataclasses.replace(
        GUIDE, verdict=dataclasses.replace(GUIDE.verdict, thresholds=thresholds)
    )
    (change,) = describe(assess(guide, "decide", {"why-owner": "yes"}), guide, "en")["changes"]
    assert (change["count"], change["answers"]) == (None, [])
    assert change["sentence"] == "No answers lead to “Nearly ready”: its limits cannot be met."


def test_several_contradictions_are_counted_and_one_checklist_is_told_of_once() -> None:
    found = described({"data-identified": "no", "tried-no-benchmark": "yes"})
    assert found["reason"] == (
        "It is not “Ready” yet. 2 blocking points are gaps. 1 heavy warning sign is present. "
        "2 pairs of answers contradict each other, and count as gaps until that is settled."
    )
    gaps = dict.fromkeys(("lg-memorisation-tested", "lg-monitoring-live"), "no")
    found = described(gaps, "launch")
    assert found["reason"] == (
        "It is not “Go” yet. Over all questions, 88% is in place; 90% is needed."
    )


def test_what_is_left_out_says_why() -> None:
    found = of_vector("scope-no-personal-data")
    assert found["left_out"] == [
        {
            "item": "sg-legal-basis",
            "checklist": "safety-governance",
            "text": "For personal data in the training set there is a legal basis, checked by a "
            "privacy officer.",
            "href": "prepare/safety-governance/#sg-legal-basis",
            "reason": "Left out: you answered “No” to "
            "“Is there personal data in the training data?”",
        }
    ]
    assert found["questions"] == sum(one["questions"] for one in found["checklists"])


def test_next_steps_belong_to_checklists_with_something_to_do() -> None:
    steps = of_vector("no-data-no-metric")["next_steps"]
    assert [(step["checklist"], step["page"], step["href"]) for step in steps] == [
        ("data", "data-quality", "guide/data-quality/"),
        ("measure", "evaluation", "guide/evaluation/"),
    ]
    assert of_vector("all-good")["next_steps"] == []


def test_what_is_not_on_the_site_yet_has_no_link() -> None:
    guide = dataclasses.replace(
        GUIDE,
        checklists=tuple(dataclasses.replace(one, path=None) for one in GUIDE.checklists),
        pages={name: dataclasses.replace(page, path=None) for name, page in GUIDE.pages.items()},
    )
    answers = ideal(guide, "launch") | {"lg-rollback-tested": "no"}
    found = describe(assess(guide, "launch", answers), guide, "en")
    assert found["gaps"][0]["href"] is None
    assert found["changes"][0]["answers"][0]["href"] is None
    assert found["next_steps"][0]["href"] is None
    assert found["checklists"][0]["href"] is None


@pytest.mark.parametrize("name", [path.stem for path in VECTORS])
def test_no_headline_is_a_number(name: str) -> None:
    for language in ("en", "nl"):
        found = of_vector(name, language)
        assert not any(character.isdigit() for character in found["label"])
        assert found["note"]


def test_a_profile_has_its_own_words() -> None:
    assert of_vector("launch-all-good")["label"] == "Go"
    assert "train" not in of_vector("launch-all-good")["note"]
    assert of_vector("launch-all-good", "nl")["label"] == "Akkoord om live te gaan"


@pytest.mark.parametrize("case", sorted(TEXTS.glob("*.txt")), ids=lambda case: case.stem)
def test_the_text_of_the_command_line(case: Path) -> None:
    text = to_text(of_vector(case.stem), "en")
    if os.environ.get("TUNEREADY_REWRITE"):
        case.write_text(text, encoding="utf-8")
    assert text == case.read_text(encoding="utf-8")


def test_the_text_says_which_answers_it_did_not_know() -> None:
    text = to_text(described({"gone": "no"}), "en")
    assert "Answers to questions that the checklists do not have: gone" in text
