"""Small guides of every shape, with answers and a scope, for hypothesis.

A guide of a few items has all that makes verdicts hard: groups, mirrors, redirects with their
excuses, items that the scope leaves out, and limits at any height.
"""

from __future__ import annotations

import dataclasses
import itertools
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from tuneready.checklist.assess import RANKS, assess
from tuneready.checklist.change import good_answer
from tuneready.checklist.model import from_plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tuneready.checklist.assess import Assessment
    from tuneready.checklist.model import Guide

PROFILE = "small"
SCOPE = {"size": ("s", "l"), "colour": ("red", "blue")}
SHARES = st.sampled_from([0.0, 0.25, 1 / 3, 0.4, 0.5, 0.6, 2 / 3, 0.7, 0.75, 0.8, 0.85, 0.9, 1.0])
# A fork may write anything; what is above 1 cannot be reached.
STRANGE_SHARES = st.one_of(SHARES, SHARES, SHARES, st.sampled_from([0.1 + 0.2, 1e-9, 1.01, -1.0]))
MOSTLY_ANSWERED = st.sampled_from(["yes", "no", "yes", "no", "not_applicable", None])


@dataclasses.dataclass(frozen=True, slots=True)
class Case:
    """A guide with answers to it."""

    guide: Guide
    answers: Mapping[str, str]
    scope: Mapping[str, str]

    def assessed(self, good: Mapping[str, str] | None = None) -> Assessment:
        """Return the assessment, with these answers over the others."""
        return assess(self.guide, PROFILE, {**self.answers, **(good or {})}, self.scope)


@st.composite
def cases(draw: st.DrawFn, most_items: int = 9) -> Case:
    """Draw a guide of one profile, answers to some of its items, and a scope."""
    sizes = draw(st.lists(st.integers(1, 5), min_size=1, max_size=3))
    while sum(sizes) > most_items:
        sizes.pop()
    sizes = sizes or [most_items]
    names = [[f"c{c}-{i}" for i in range(size)] for c, size in enumerate(sizes)]
    ids = list(itertools.chain.from_iterable(names))
    checklists = [_checklist(draw, f"c{c}", own, ids) for c, own in enumerate(names)]
    plain = {
        "checklists": checklists,
        "verdict": _verdict(draw, [one["id"] for one in checklists]),
        "pages": {page: {"title": page} for page in ("p", "q")},
        "scope": {
            question: {"question": question, "options": {option: option for option in options}}
            for question, options in SCOPE.items()
        },
    }
    given = {item: draw(MOSTLY_ANSWERED) for item in ids}
    answers = {item: answer for item, answer in given.items() if answer}
    scope = draw(
        st.fixed_dictionaries(
            {},
            optional={name: st.sampled_from([*found, "other"]) for name, found in SCOPE.items()},
        )
    )
    return Case(from_plain(plain), answers, scope)


def _checklist(draw: st.DrawFn, name: str, own: list[str], ids: list[str]) -> dict[str, Any]:
    items: list[dict[str, Any]] = [
        {
            "id": item,
            "kind": draw(st.sampled_from(["ready", "not_ready"])),
            "weight": draw(st.integers(1, 3)),
            "blocker": draw(st.integers(0, 4)) == 0,
            "text": item,
            **_redirect(draw, ids),
            **_applies(draw),
        }
        for item in own
    ]
    if len(items) > 1:
        shape = draw(st.sampled_from(["plain", "group", "mirror"]))
        if shape == "group":
            for item in items[: draw(st.integers(2, len(items)))]:
                item["any_of"] = "group"
        if shape == "mirror":
            items[0]["kind"], items[-1]["kind"] = "ready", "not_ready"
            items[-1]["mirrors"] = items[0]["id"]
    next_step = {"page": "p", "text": "go"}
    return {
        "id": name,
        "phase": "decide",
        "title": name,
        "intro": name,
        "items": items,
        "next_step": next_step,
    }


def _redirect(draw: st.DrawFn, ids: list[str]) -> dict[str, Any]:
    if draw(st.integers(0, 4)):
        return {}
    excuses = draw(st.lists(st.sampled_from(ids), max_size=2, unique=True))
    return {"redirect": draw(st.sampled_from(["p", "q"])), "redirect_unless": excuses}


def _applies(draw: st.DrawFn) -> dict[str, Any]:
    if draw(st.integers(0, 5)):
        return {}
    question = draw(st.sampled_from(list(SCOPE)))
    return {"applies": {question: [draw(st.sampled_from(SCOPE[question]))]}}


def _verdict(draw: st.DrawFn, ids: list[str]) -> dict[str, Any]:
    texts = {"label": "label", "note": "note"}
    shares = STRANGE_SHARES if draw(st.integers(0, 9)) == 0 else SHARES
    limits: dict[str, float] = {
        name: draw(shares)
        for name in (
            "phase_coverage",
            "section_coverage",
            "na_share_max",
            "foundation",
            "ready_phase",
            "ready_section",
            "nearly_phase",
            "nearly_section",
        )
    }
    limits["ready_max_sign_weight"] = draw(st.integers(0, 3))
    limits["nearly_max_blockers"] = draw(st.integers(0, 2))
    profile = {
        "checklists": ids,
        "foundation": draw(st.lists(st.sampled_from(ids), max_size=2, unique=True)),
        "skip_rules": draw(st.sampled_from([[], [], [], ["redirect"], ["weak-foundation"]])),
    }
    return {
        "version": 1,
        "outcomes": dict.fromkeys(RANKS, texts),
        "thresholds": limits,
        "profiles": {PROFILE: profile},
    }


def candidates(case: Case) -> dict[str, str]:
    """Return what may be changed, with its good answer: gaps, what is open, and what is set aside
    in a checklist where that is too much."""
    found = case.assessed()
    most = case.guide.verdict.thresholds_of(PROFILE).na_share_max
    taken_back = {one.checklist.id for one in found.sections if one.sums.na_share > most}
    return {
        item.id: good_answer(item)
        for unit in found.units
        for item, state in zip(unit.items, unit.states, strict=True)
        if state in {"gap", "open"} or (state == "out" and unit.checklist.id in taken_back)
    }


def fewest_by_trying(case: Case, rank: int) -> int | None:
    """Return the size of the smallest set of candidates that leads to this rank or a higher one."""
    for size, good in _subsets(candidates(case)):
        if case.assessed(good).rank >= rank:
            return size
    return None


def _subsets(answers: Mapping[str, str]) -> Iterator[tuple[int, dict[str, str]]]:
    for size in range(len(answers) + 1):
        for chosen in itertools.combinations(answers, size):
            yield size, {item: answers[item] for item in chosen}
