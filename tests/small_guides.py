"""Small guides of every shape, with answers and a scope, from any source of chance.

A guide of a few items has all that makes verdicts hard: groups, mirrors, redirects with their
excuses, items that the scope leaves out, and limits at any height. Standard library only, so that
the browser's Python makes the same ones.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from tuneready.checklist.assess import RANKS, assess
from tuneready.checklist.model import from_plain

if TYPE_CHECKING:
    from collections.abc import Mapping
    from random import Random

    from tuneready.checklist.assess import Assessment
    from tuneready.checklist.model import Guide

type Json = dict[str, Any]

PROFILE = "small"
SCOPE = {"size": ["s", "l"], "colour": ["red", "blue"]}
MOSTLY_ANSWERED = ["yes", "no", "yes", "no", "not_applicable", None]
SHARES = [0.0, 0.25, 1 / 3, 0.4, 0.5, 0.6, 2 / 3, 0.7, 0.75, 0.8, 0.85, 0.9, 1.0]
# A fork may write anything; what is above 1 cannot be reached.
STRANGE_SHARES = [*SHARES, 0.1 + 0.2, 1e-9, 1.01, -1.0]
SHARE_LIMITS = (
    "phase_coverage",
    "section_coverage",
    "na_share_max",
    "foundation",
    "ready_phase",
    "ready_section",
    "nearly_phase",
    "nearly_section",
)


@dataclasses.dataclass(frozen=True, slots=True)
class Case:
    """A guide with answers to one of its profiles."""

    guide: Guide
    profile: str
    answers: Mapping[str, str]
    scope: Mapping[str, str]

    def assessed(self, others: Mapping[str, str] | None = None) -> Assessment:
        """Return the assessment; `others` are answers that take the place of its own."""
        return assess(self.guide, self.profile, {**self.answers, **(others or {})}, self.scope)


def small_case(dice: Random, most_items: int = 9) -> Case:
    """Return a guide of one profile, answers to some of its items, and a scope."""
    names: list[list[str]] = []
    left = dice.randint(1, most_items)
    while left and len(names) < 3:
        size = min(left, dice.randint(1, 5))
        names.append([f"c{len(names)}-{number}" for number in range(size)])
        left -= size
    ids = [name for own in names for name in own]
    checklists = [_checklist(dice, f"c{number}", own, ids) for number, own in enumerate(names)]
    plain = {
        "checklists": checklists,
        "verdict": _verdict(dice, [one["id"] for one in checklists]),
        "pages": {page: {"title": page} for page in ("p", "q")},
        "scope": {
            question: {"question": question, "options": {option: option for option in options}}
            for question, options in SCOPE.items()
        },
    }
    answers = {name: dice.choice(MOSTLY_ANSWERED) for name in ids}
    scope = {name: dice.choice([*options, "other", None, None]) for name, options in SCOPE.items()}
    return Case(from_plain(plain), PROFILE, _given(answers), _given(scope))


def _given(answers: Mapping[str, str | None]) -> dict[str, str]:
    return {name: answer for name, answer in answers.items() if answer is not None}


def _checklist(dice: Random, name: str, own: list[str], ids: list[str]) -> Json:
    items: list[Json] = [
        {
            "id": item,
            "kind": dice.choice(["ready", "not_ready"]),
            "weight": dice.randint(1, 3),
            "blocker": dice.randint(0, 4) == 0,
            "text": item,
            **_redirect(dice, ids),
            **_applies(dice),
        }
        for item in own
    ]
    shape = dice.choice(["plain", "group", "mirror"])
    if shape == "group" and len(items) > 1:
        for item in items[: dice.randint(2, len(items))]:
            item["any_of"] = "group"
    if shape == "mirror" and len(items) > 1:
        items[0]["kind"], items[-1]["kind"] = "ready", "not_ready"
        items[-1]["mirrors"] = items[0]["id"]
    texts = {"title": name, "intro": name, "next_step": {"page": "p", "text": "go"}}
    return {"id": name, "phase": "decide", "items": items, **texts}


def _redirect(dice: Random, ids: list[str]) -> Json:
    if dice.randint(0, 4):
        return {}
    excuses = dice.sample(ids, min(len(ids), dice.randint(0, 2)))
    return {"redirect": dice.choice(["p", "q"]), "redirect_unless": excuses}


def _applies(dice: Random) -> Json:
    if dice.randint(0, 5):
        return {}
    question = dice.choice(list(SCOPE))
    return {"applies": {question: [dice.choice(SCOPE[question])]}}


def _verdict(dice: Random, ids: list[str]) -> Json:
    shares = STRANGE_SHARES if dice.randint(0, 9) == 0 else SHARES
    limits: Json = {name: dice.choice(shares) for name in SHARE_LIMITS}
    limits["ready_max_sign_weight"] = dice.randint(0, 3)
    limits["nearly_max_blockers"] = dice.randint(0, 2)
    profile = {
        "checklists": ids,
        "foundation": dice.sample(ids, dice.randint(0, len(ids))),
        "skip_rules": dice.choice([[], [], [], ["redirect"], ["weak-foundation"]]),
    }
    return {
        "version": 1,
        "outcomes": {outcome: {"label": outcome, "note": outcome} for outcome in RANKS},
        "thresholds": limits,
        "profiles": {PROFILE: profile},
    }
