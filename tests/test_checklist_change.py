"""What would change a verdict: it leads there, and nothing smaller does."""

from __future__ import annotations

import dataclasses
import itertools
from pathlib import Path
from random import Random

import pytest
from checklist_vectors import ideal
from hypothesis import given, settings
from hypothesis import strategies as st
from small_guides import Case, small_case
from verdict_properties import (
    assert_changes_lead_there,
    assert_good_answers_never_harm,
    assert_nothing_smaller_leads_there,
    case_of,
    good,
)

from tuneready.checklist import covering
from tuneready.checklist.assess import assess
from tuneready.checklist.change import MOST_UNMET, find_changes
from tuneready.checklist.covering import Option
from tuneready.checklist.load import load_guide

GUIDE = load_guide(Path(__file__).parent.parent / "checklists")
PROFILES = list(GUIDE.verdict.profiles)
DICE = st.randoms(use_true_random=False)


@settings(max_examples=300, deadline=None)
@given(DICE)
def test_a_good_answer_never_makes_a_verdict_worse(dice: Random) -> None:
    assert_good_answers_never_harm(small_case(dice), dice)


@settings(max_examples=60, deadline=None)
@given(DICE)
def test_nor_does_it_with_the_questions_of_this_guide(dice: Random) -> None:
    assert_good_answers_never_harm(case_of(dice, GUIDE), dice)


@settings(max_examples=400, deadline=None)
@given(DICE)
def test_nothing_smaller_leads_there(dice: Random) -> None:
    case = small_case(dice)
    assert_changes_lead_there(case)
    assert_nothing_smaller_leads_there(case)


@settings(max_examples=60, deadline=None)
@given(DICE)
def test_whatever_the_answers_the_changes_lead_there(dice: Random) -> None:
    assert_changes_lead_there(case_of(dice, GUIDE))


def test_the_cases_are_of_every_kind() -> None:
    dice = Random(1)  # noqa: S311  the same on every run is what is wanted
    small = [small_case(dice) for _ in range(300)]
    assert {case.assessed().rank for case in small} == {0, 1, 2, 3}
    found = [find_changes(case.guide, case.assessed()) for case in small]
    assert {len(changes) for changes in found} == {0, 1, 2}
    sizes = {len(good(change)) for changes in found for change in changes}
    assert sizes >= {0, 1, 2, 3, 4, 5}
    own = [case_of(dice, GUIDE).assessed() for _ in range(200)]
    assert {one.rank for one in own} == {0, 1, 2, 3}
    assert any(one.left_out for one in own)


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("state", ["empty", "all wrong", "every second", "one by one"])
def test_the_hardest_answers(profile: str, state: str) -> None:
    wanted = ideal(GUIDE, profile)
    wrong = {item: "no" if answer == "yes" else "yes" for item, answer in wanted.items()}
    answers = {
        "empty": {},
        "all wrong": wrong,
        "every second": dict(list(wrong.items())[::2]),
        "one by one": {
            item: (wanted if number % 2 else wrong)[item] for number, item in enumerate(wanted)
        },
    }[state]
    assert_changes_lead_there(Case(GUIDE, profile, answers, {}))


@settings(max_examples=200, deadline=None)
@given(DICE, st.sampled_from([1, 2, 100]))
def test_the_cheapest_options_are_those_that_trying_all_finds(dice: Random, promising: int) -> None:
    groups = [
        [
            Option(
                dice.randint(0, 4),
                (dice.randint(0, 5), dice.randint(0, 5), dice.randint(0, 2)),
                0,
                number,
            )
            for number in range(dice.randint(1, 5))
        ]
        for _ in range(dice.randint(1, 4))
    ]
    needs = (dice.randint(0, 9), dice.randint(0, 9), dice.randint(0, 3))
    below = dice.randint(1, 20)
    costs = [
        sum(option.cost for option in chosen)
        for chosen in itertools.product(*groups)
        if all(
            sum(option.gains[need] for option in chosen) >= needs[need]
            for need in range(len(needs))
        )
    ]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(covering, "_PROMISING", promising)
        found = covering.cheapest(groups, needs, below)
    if found is None:
        assert min(costs, default=below) >= below
    else:
        chosen = [group[number] for group, number in zip(groups, found, strict=True)]
        assert sum(option.cost for option in chosen) == min(costs)


def test_among_too_many_questions_nothing_is_looked_for() -> None:
    (gate,) = GUIDE.of_profile("launch")
    items = [dataclasses.replace(gate.items[0], id=f"q-{n}") for n in range(MOST_UNMET + 1)]
    others = [one for one in GUIDE.checklists if one is not gate]
    many = dataclasses.replace(gate, items=tuple(items))
    guide = dataclasses.replace(GUIDE, checklists=(*others, many))
    assert find_changes(guide, assess(guide, "launch", {})) == ()
    (ready,) = find_changes(guide, assess(guide, "launch", {"q-7": "yes"}))
    assert len(good(ready)) == MOST_UNMET


def test_a_redirect_goes_when_its_excuse_is_met_or_its_gap_closed() -> None:
    # Both signs are excused by one measurement; two gaps would have to be closed instead.
    answers = ideal(GUIDE, "decide") | {
        "why-adding-knowledge": "yes",
        "alt-missing-information": "yes",
        "tried-rag-measured": "no",
    }
    nearly, ready = find_changes(GUIDE, assess(GUIDE, "decide", answers))
    assert good(nearly) == {"tried-rag-measured": "yes"}
    assert good(ready) == {"why-adding-knowledge": "no", "alt-missing-information": "no"}


def test_of_equal_ways_the_one_with_what_comes_first_is_named() -> None:
    blockers = ["lg-rollback-tested", "lg-safety-not-worse", "lg-no-regression"]
    answers = ideal(GUIDE, "launch") | dict.fromkeys(blockers, "no")
    nearly, ready = find_changes(GUIDE, assess(GUIDE, "launch", answers))
    assert list(good(nearly)) == ["lg-no-regression", "lg-safety-not-worse"]
    assert list(good(ready)) == ["lg-no-regression", "lg-safety-not-worse", "lg-rollback-tested"]


def test_of_equal_ways_the_one_with_the_heavier_items_is_named() -> None:
    light, heavy = "lg-cost-confirmed", "lg-rule-changed-afterwards"
    answers = ideal(GUIDE, "launch") | {light: "no", heavy: "yes"}
    (ready,) = find_changes(GUIDE, assess(GUIDE, "launch", answers))
    assert list(good(ready)) == [heavy]
