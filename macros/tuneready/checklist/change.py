"""What would change a verdict: the fewest good answers that lead to a better one.

A good answer never makes a verdict worse, so more of them lead at least as far. That splits the
search for the fewest in two:

1. Some are *forced*: an open blocker must be answered, a redirect must go. A redirect goes when its
   gap is closed or when one of the items that excuse it is met; each way is tried.
2. The rest closes gaps and answers open questions until every share is high enough. Of units that
   are equal but for their weight the heaviest come first, so each checklist has few choices, and
   `covering` finds the best one of each.

Shares are compared as `assess` compares them: those of a checklist by the same sums, those over all
checklists in whole numbers with the same outcome.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from tuneready.checklist.assess import (
    RANKS,
    Sums,
    assess,
    heavy_signs,
    importance,
    redirecting,
    sums_of,
)
from tuneready.checklist.covering import Option, cheapest

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from tuneready.checklist.assess import Assessment, State, Unit
    from tuneready.checklist.covering import Gains
    from tuneready.checklist.model import Answer, Guide, Item, Outcome

MOST_UNMET = 200
"""With more gaps and open questions than this, nothing is looked for: it could take too long."""

_BLOCKER_MERIT = 1000
"""Between equal ways the one with more blockers is preferred, then the heavier one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """The fewest good answers that lead to a verdict, or to one that is better still."""

    verdict: Outcome
    answers: tuple[tuple[Unit, Item], ...] | None
    """Blockers first, then by weight, then in checklist order. None: good answers alone do not
    lead there, because no answers could reach the limits of the guide."""


def good_answer(item: Item) -> Answer:
    """Return the answer that speaks for going on."""
    return "yes" if item.kind == "ready" else "no"


def find_changes(guide: Guide, assessment: Assessment) -> tuple[Change, ...]:
    """Return what leads to each better verdict, the nearest first.

    Nearly ready is left out when ready is as near. Nothing is returned while more than `MOST_UNMET`
    units are gaps or open.
    """
    unmet = sum(unit.state in {"gap", "open"} for unit in assessment.units)
    if assessment.rank == RANKS["ready"] or unmet > MOST_UNMET:
        return ()
    ready = Change(verdict="ready", answers=_fewest(guide, assessment, "ready"))
    if assessment.rank == RANKS["nearly-ready"]:
        return (ready,)
    nearly = Change(verdict="nearly-ready", answers=_fewest(guide, assessment, "nearly-ready"))
    if ready.answers is not None:
        as_near = nearly.answers is None or len(ready.answers) <= len(nearly.answers)
        return (ready,) if as_near else (nearly, ready)
    return (nearly,) if nearly.answers is None else (nearly, ready)


def _fewest(
    guide: Guide, assessment: Assessment, verdict: Outcome
) -> tuple[tuple[Unit, Item], ...] | None:
    """Return the items of the smallest set with their units; None when no set leads there."""
    search = _Search(guide, assessment, verdict)
    everything = _in_order(assessment, search.changeable)
    answers = {**assessment.answers, **{item.id: good_answer(item) for _, item in everything}}
    best = assess(guide, assessment.profile, answers, assessment.scope)
    if best.rank < RANKS[verdict]:
        return None
    return _in_order(assessment, search.smallest())


def _in_order(assessment: Assessment, item_ids: Collection[str]) -> tuple[tuple[Unit, Item], ...]:
    return tuple(
        (unit, item)
        for unit in sorted(assessment.units, key=importance)
        for item in unit.items
        if item.id in item_ids
    )


class _Search:
    """The way to one verdict, from the answers of an assessment."""

    def __init__(self, guide: Guide, assessment: Assessment, verdict: Outcome) -> None:
        limits = guide.verdict.thresholds_of(assessment.profile)
        profile = guide.verdict.profiles[assessment.profile]
        foundation = () if "weak-foundation" in profile.skip_rules else profile.foundation
        ready = verdict == "ready"
        each = limits.ready_section if ready else limits.nearly_section
        self._limits = limits
        self._phase_score = limits.ready_phase if ready else limits.nearly_phase
        self._section_scores = {
            section.checklist.id: max(
                each, limits.foundation if section.checklist.id in foundation else each
            )
            for section in assessment.sections
        }
        self._most_blockers = 0 if ready else math.floor(limits.nearly_max_blockers)
        self._wrong_signs = (
            [item.id for item in heavy_signs(assessment.units, limits.ready_max_sign_weight)]
            if ready
            else []
        )
        self._blocking: set[State] = {"open", "gap"} if ready else {"open"}
        self._redirects = "redirect" not in profile.skip_rules
        self._units = assessment.units
        # Setting aside is no gap; it is taken back only in a checklist with too much of it.
        self._taken_back = {
            section.checklist.id
            for section in assessment.sections
            if section.sums.na_share > limits.na_share_max
        }
        self.changeable = frozenset(
            item.id
            for unit in self._units
            for item, state in zip(unit.items, unit.states, strict=True)
            if state in {"gap", "open"} or (state == "out" and self._may_take_back(unit))
        )

    def _may_take_back(self, unit: Unit) -> bool:
        return unit.checklist.id in self._taken_back

    def smallest(self) -> frozenset[str]:
        """Return the smallest set of items, given that all that can be changed lead there."""
        best = self.changeable
        for excuses in self._excuses():
            best = self._smallest_with(excuses, below=len(best)) or best
        return best

    def _smallest_with(self, excuses: Iterable[str], below: int) -> frozenset[str] | None:
        """Return the smallest set that has these items; None when all have `below` or more."""
        forced = self._forced(excuses)
        rest = self._rest(self._after(forced), below - len(forced))
        return None if rest is None else forced | rest

    def _after(self, good: Collection[str]) -> list[Unit]:
        return [unit.with_good(good) for unit in self._units]

    # -- what is forced -----------------------------------------------------------------------

    def _excuses(self) -> Iterator[tuple[str, ...]]:
        """Yield sets of items to meet so that redirects become ordinary gaps; smaller ones first."""
        if not self._redirects:
            yield ()
            return
        excuses = [
            self.changeable.intersection(item.redirect_unless)
            for _, item in redirecting(self._units)
        ]
        items = sorted(frozenset().union(*excuses))
        for size in range(len(items) + 1):
            for chosen in itertools.combinations(items, size):
                # Where the others do without it, an item is found among the rest if it helps.
                alone = [found.intersection(chosen) for found in excuses]
                if all({item} in alone for item in chosen):
                    yield chosen

    def _forced(self, excuses: Iterable[str]) -> frozenset[str]:
        """Return the items that every way needs when these are met, these among them."""
        good = {*excuses, *self._wrong_signs}
        for unit in self._after(good):
            if unit.blocker and unit.state in self._blocking:
                good.update(self._closing(unit))
        if self._redirects:
            for unit, _ in redirecting(self._after(good)):
                good.update(self._closing(unit))
        return frozenset(good)

    def _closing(self, unit: Unit) -> tuple[str, ...]:
        """Return the fewest items whose good answers make a unit met; none when that cannot be."""
        items = unit.items_in(unit.state)
        if unit.state == "out" and not self._may_take_back(unit):
            return ()
        both = unit.state == "gap" and not items[0].any_of
        return tuple(item.id for item in (items if both else items[:1]))

    # -- the rest -----------------------------------------------------------------------------

    def _rest(self, units: Sequence[Unit], below: int) -> frozenset[str] | None:
        """Return the fewest further items after which every share is high enough."""
        sums = sums_of(units)
        answered = sums.met + sums.gap
        score, coverage = _Line.at(self._phase_score), _Line.at(self._limits.phase_coverage)
        blockers = sum(unit.blocker for unit in units if unit.state == "gap")
        needs = (
            max(0, -score.above(sums.met, answered)),
            max(0, -coverage.above(answered, answered + sums.open)),
            max(0, blockers - self._most_blockers),
        )
        groups = [
            list(self._ways(list(section), score, coverage, apart=needs[2] > 0))
            for _, section in itertools.groupby(units, key=lambda unit: unit.checklist.id)
        ]
        options = [
            [Option(way.cost, way.gains, way.merit, number) for number, way in enumerate(ways)]
            for ways in groups
        ]
        taken = cheapest(options, needs, below)
        if taken is None:
            return None
        return frozenset(
            item
            for ways, number in zip(groups, taken, strict=True)
            for unit in ways[number].units
            for item in self._closing(unit)
        )

    def _ways(
        self, units: Sequence[Unit], score: _Line, coverage: _Line, *, apart: bool
    ) -> Iterator[_Way]:
        """Yield the choices of units of one checklist after which its own shares are high enough.

        With `apart`, blockers are a choice of their own among the gaps.
        """
        piles: dict[tuple[State, int, bool], list[Unit]] = {}
        for unit in sorted(units, key=lambda unit: (-unit.weight, not unit.blocker)):
            if unit.state != "met" and (items := self._closing(unit)):
                alike = (unit.state, len(items), apart and unit.blocker and unit.state == "gap")
                piles.setdefault(alike, []).append(unit)
        before = sums_of(units)
        for counts in itertools.product(*(range(len(pile) + 1) for pile in piles.values())):
            weights: dict[State, int] = {"gap": 0, "open": 0, "out": 0}
            taken: list[Unit] = []
            cost = 0
            for ((state, each, _), pile), count in zip(piles.items(), counts, strict=True):
                weights[state] += sum(unit.weight for unit in pile[:count])
                taken += pile[:count]
                cost += each * count
            gap, opened, out = weights["gap"], weights["open"], weights["out"]
            after = Sums(
                met=before.met + gap + opened + out,
                gap=before.gap - gap,
                open=before.open - opened,
                out=before.out - out,
            )
            if self._is_enough(units[0].checklist.id, after):
                gains = (
                    score.above(gap + opened + out, opened + out),
                    coverage.above(opened + out, out),
                    sum(unit.blocker for unit in taken if unit.state == "gap"),
                )
                yield _Way(tuple(taken), cost, gains)

    def _is_enough(self, checklist_id: str, sums: Sums) -> bool:
        coverage, score = sums.coverage, sums.score
        return (
            (coverage is None or coverage >= self._limits.section_coverage)
            and sums.na_share <= self._limits.na_share_max
            and (score is None or score >= self._section_scores[checklist_id])
        )


class _Way(NamedTuple):
    """Units of one checklist that could be closed."""

    units: tuple[Unit, ...]
    cost: int
    gains: Gains

    @property
    def merit(self) -> int:
        return sum(_BLOCKER_MERIT * unit.blocker + unit.weight for unit in self.units)


class _Line(NamedTuple):
    """A limit as a fraction that no share equals: a share reaches the limit when it is above."""

    numerator: int
    denominator: int

    @classmethod
    def at(cls, limit: float) -> _Line:
        # A quotient of integers is rounded to the nearest float, so those from half-way between the
        # limit and the float below it become the limit or more. No share lies on that half-way
        # point itself, for its denominator is a power of two beyond all weights.
        below, low = math.nextafter(limit, -math.inf).as_integer_ratio()
        above, high = limit.as_integer_ratio()
        return cls(below * high + above * low, 2 * low * high)

    def above(self, part: int, whole: int) -> int:
        """Return how far a share is above the line, multiplied by the whole; linear in both."""
        return part * self.denominator - self.numerator * whole
