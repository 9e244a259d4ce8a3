"""What holds for any guide and any answers; each function raises an AssertionError if it does not.

Standard library only: the browser's Python runs the same (`batch`).
"""

from __future__ import annotations

import itertools
import json
from random import Random
from typing import TYPE_CHECKING, Any

from small_guides import Case, small_case

from tuneready.checklist.assess import RANKS
from tuneready.checklist.change import Change, find_changes, good_answer
from tuneready.checklist.model import from_plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tuneready.checklist.model import Guide

# Mixtures of answers: mostly good, mostly not, mostly missing, and between.
_ANSWERS = ["good", "good", "bad", "not_applicable", "missing"]


def case_of(dice: Random, guide: Guide) -> Case:
    """Return a case of a guide: one of its profiles, answers and a scope."""
    profile = dice.choice(list(guide.verdict.profiles))
    mixture = dice.choices(_ANSWERS, k=dice.randint(1, 6))
    answers = {}
    for checklist in guide.of_profile(profile):
        for item in checklist.items:
            good = good_answer(item)
            bad = "no" if good == "yes" else "yes"
            given = {"good": good, "bad": bad, "not_applicable": "not_applicable"}
            if answer := given.get(dice.choice(mixture)):
                answers[item.id] = answer
    scope = {
        name: dice.choice(list(asked.options))
        for name, asked in guide.scope.items()
        if dice.randint(0, 1)
    }
    return Case(guide, profile, answers, scope)


def good(change: Change) -> dict[str, str]:
    """Return the answers of a change."""
    return {item.id: good_answer(item) for _, item in change.answers or ()}


def assert_good_answers_never_harm(case: Case, dice: Random) -> None:
    """Turn one item after the other to its good answer, in any order."""
    items = [item for one in case.guide.of_profile(case.profile) for item in one.items]
    dice.shuffle(items)
    answers: dict[str, str] = {}
    before = case.assessed()
    for item in items:
        answers[item.id] = good_answer(item)
        after = case.assessed(answers)
        assert after.rank >= before.rank, (item.id, before.verdict, after.verdict)
        before = after
    scattered = case.assessed()
    for item in items:
        assert case.assessed({item.id: good_answer(item)}).rank >= scattered.rank, item.id


def assert_changes_lead_there(case: Case) -> None:
    """Each change leads to its verdict, and none of its answers can be left out."""
    before = case.assessed()
    found = find_changes(case.guide, before)
    ranks = [RANKS[change.verdict] for change in found]
    assert ranks == sorted({rank for rank in ranks if rank > max(before.rank, 1)})
    sizes = [len(change.answers) for change in found if change.answers is not None]
    assert sizes == sorted(set(sizes)), "a better verdict that is as near leaves the lesser one out"
    for change in found:
        answers = good(change)
        if change.answers is not None:
            assert len(answers) == len(change.answers)
            assert case.assessed(answers).verdict == change.verdict
        for item in answers:
            fewer = {other: answer for other, answer in answers.items() if other != item}
            assert case.assessed(fewer).rank < RANKS[change.verdict], item


def assert_nothing_smaller_leads_there(case: Case) -> None:
    """Compare the size of each change with the smallest of all sets of candidates that lead there."""
    before = case.assessed()
    said = {
        change.verdict: len(change.answers)
        for change in find_changes(case.guide, before)
        if change.answers is not None
    }
    for verdict in ("nearly-ready", "ready"):
        if before.rank < RANKS[verdict]:
            # Where ready is as near as nearly ready, only ready is said.
            found = said.get(verdict, said.get("ready"))
            assert found == _fewest_by_trying(case, RANKS[verdict]), verdict


def _fewest_by_trying(case: Case, rank: int) -> int | None:
    answers = _candidates(case)
    for size in range(len(answers) + 1):
        for chosen in itertools.combinations(answers, size):
            if case.assessed({item: answers[item] for item in chosen}).rank >= rank:
                return size
    return None


def _candidates(case: Case) -> Mapping[str, str]:
    """Return what may change, with its good answer: gaps, what is open, and what is set aside in a
    checklist where that is too much."""
    found = case.assessed()
    most = case.guide.verdict.thresholds_of(case.profile).na_share_max
    taken_back = {one.checklist.id for one in found.sections if one.sums.na_share > most}
    return {
        item.id: good_answer(item)
        for unit in found.units
        for item, state in zip(unit.items, unit.states, strict=True)
        if state in {"gap", "open"} or (state == "out" and unit.checklist.id in taken_back)
    }


def batch(asked: str) -> str:
    """Check random cases, and return what was found, as JSON text.

    `asked` is JSON: `seed`; `small`, how many small guides; `plain`, a guide; `cases`, how many of
    its cases.
    """
    given: dict[str, Any] = json.loads(asked)
    dice = Random(given["seed"])  # noqa: S311  the same everywhere is what is wanted
    guide = from_plain(given["plain"])
    results = []
    for number in range(given["small"] + given["cases"]):
        small = number < given["small"]
        case = small_case(dice, most_items=7) if small else case_of(dice, guide)
        assert_good_answers_never_harm(case, dice)
        assert_changes_lead_there(case)
        if small:
            assert_nothing_smaller_leads_there(case)
        results.append(_told(case))
    return json.dumps(results)


def _told(case: Case) -> dict[str, Any]:
    found = case.assessed()
    return {
        "profile": case.profile,
        "verdict": found.verdict,
        "rank": found.rank,
        "coverage": found.coverage,
        "score": found.score,
        "left_out": [left_out.item.id for left_out in found.left_out],
        "changes": [
            [change.verdict, change.answers and list(good(change))]
            for change in find_changes(case.guide, found)
        ],
    }
