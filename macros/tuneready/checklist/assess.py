"""Answers to a verdict. Pure and deterministic; standard library only.

1. Items that the scope leaves out are as if they were not there.
2. The others become *units*: items of one group, a statement with the warning sign that mirrors it,
   or a single item. A unit is met, a gap, open or out (not applicable), and counts once.
3. Weights of units add up to coverage (how much is answered) and score (how much of that is good),
   per checklist and over all of them.
4. The first rule that applies gives the verdict; what it found are the *causes*, which
   `wording` turns into sentences.

No answers make it raise: what is not an answer counts as open, and unknown items are listed.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from tuneready.checklist.model import ANSWERS
from tuneready.errors import TunereadyError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from tuneready.checklist.model import (
        Answer,
        Checklist,
        Guide,
        Item,
        Outcome,
        RuleId,
        Thresholds,
    )

RANKS: dict[Outcome, int] = {
    "not-enough-answered": 0,
    "explore-alternatives": 1,
    "nearly-ready": 2,
    "ready": 3,
}
"""The order of the verdicts; a better answer never leads to a lower one."""

type State = Literal["met", "gap", "open", "out"]

type CauseId = Literal[
    "redirect",
    "phase-coverage",
    "section-coverage",
    "blockers-open",
    "not-applicable",
    "foundation",
    "blocker-gaps",
    "warning-signs",
    "phase-score",
    "section-score",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """What counts once: one item, a mirror pair, or a group of which one is enough."""

    checklist: Checklist
    items: tuple[Item, ...]
    """In checklist order."""
    states: tuple[State, ...]
    """Of each item."""
    state: State

    @property
    def weight(self) -> int:
        return max(item.weight for item in self.items)

    @property
    def blocker(self) -> bool:
        return any(item.blocker for item in self.items)

    @property
    def contradiction(self) -> bool:
        """Whether a statement and its warning sign were answered against each other."""
        return self.is_mirror_pair and {"met", "gap"} <= set(self.states)

    @property
    def is_mirror_pair(self) -> bool:
        return any(item.mirrors for item in self.items)

    def items_in(self, state: State) -> tuple[Item, ...]:
        pairs = zip(self.items, self.states, strict=True)
        return tuple(item for item, its_state in pairs if its_state == state)

    def with_good(self, item_ids: Collection[str]) -> Unit:
        """Return the unit as it would be with the good answer to these items."""
        if not any(item.id in item_ids for item in self.items):
            return self
        pairs = zip(self.items, self.states, strict=True)
        states: list[State] = ["met" if item.id in item_ids else state for item, state in pairs]
        return _unit(self.checklist, self.items, states)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """Weights of units by state, of one checklist or of all of them."""

    met: int
    gap: int
    open: int
    out: int

    @property
    def coverage(self) -> float | None:
        """Share answered of what applies; None when nothing applies."""
        return _share(self.met + self.gap, self.met + self.gap + self.open)

    @property
    def score(self) -> float | None:
        """Share met of what is answered; None when nothing is."""
        return _share(self.met, self.met + self.gap)

    @property
    def na_share(self) -> float:
        """Share that was set aside as not applicable."""
        return _share(self.out, self.met + self.gap + self.open + self.out) or 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One checklist of the profile: its sums, and how many of its items have an answer."""

    checklist: Checklist
    sums: Sums
    answered: int
    questions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """Something that a rule found: a number, the limit that it missed, and where."""

    id: CauseId
    value: float
    limit: float = 0
    checklist: Checklist | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Redirect:
    """A page whose approach comes first, and the units that say so."""

    page: str
    because: tuple[Unit, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """An item that does not apply, and the answer about the whole case that says so."""

    checklist: Checklist
    item: Item
    question: str
    option: str
    """Ids of scope.yaml."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """A verdict, the rule that gave it, and what it rests on."""

    profile: str
    verdict: Outcome
    rule: RuleId
    causes: tuple[Cause, ...]
    """Why this verdict and not a better one; empty for `ready`."""
    provisional: bool
    """A redirect while there are too few answers for any other verdict."""
    coverage: float
    score: float | None
    redirects: tuple[Redirect, ...]
    gaps: tuple[Unit, ...]
    """Blockers first, then by weight, then in checklist order."""
    open: tuple[Unit, ...]
    """In the same order."""
    contradictions: tuple[Unit, ...]
    units: tuple[Unit, ...]
    """All that counts, in checklist order."""
    sections: tuple[Section, ...]
    answers: Mapping[str, Answer]
    """The answers that counted: of items of this profile that apply, and offered there."""
    scope: Mapping[str, str]
    """The answers about the whole case that counted: question -> option, both known."""
    left_out: tuple[LeftOut, ...]
    unknown: tuple[str, ...]
    """Ids that were answered but that the guide does not have."""

    @property
    def rank(self) -> int:
        """How good the verdict is: 0 when there are too few answers for any, 3 for ready."""
        return 0 if self.provisional else RANKS[self.verdict]

    @property
    def blocker_gaps(self) -> int:
        return sum(unit.blocker for unit in self.gaps)

    @property
    def answered(self) -> int:
        return sum(section.answered for section in self.sections)

    @property
    def questions(self) -> int:
        return sum(section.questions for section in self.sections)


def assess(
    guide: Guide,
    profile: str,
    answers: Mapping[str, str],
    scope: Mapping[str, str] | None = None,
) -> Assessment:
    """Return the verdict of the answers to a profile's checklists.

    `scope` answers the questions of scope.yaml, question -> option; what is not known there counts
    as not answered.

    Raises:
        TunereadyError: When the guide has no such profile.

    """
    model = guide.verdict
    if profile not in model.profiles:
        known = ", ".join(model.profiles)
        raise TunereadyError(f'there is no profile "{profile}"; known profiles: {known}')
    known_scope = _known_scope(guide, scope or {})
    checklists, left_out = _applying(guide.of_profile(profile), known_scope)
    limits = model.thresholds_of(profile)
    counted = _counted(checklists, answers)
    units = [unit for checklist in checklists for unit in _units(checklist, counted)]
    sections = tuple(_section(checklist, units, counted) for checklist in checklists)
    sums = sums_of(units)
    facts = _Facts(limits, model.profiles[profile].foundation, units, sections, sums)

    skipped = model.profiles[profile].skip_rules
    redirects = () if "redirect" in skipped else tuple(_redirects(units))
    thin = tuple(facts.too_few_answers())
    weak = () if "weak-foundation" in skipped else tuple(facts.weak_foundation())
    not_ready = tuple(facts.not_ready())
    not_nearly = tuple(facts.not_nearly())

    verdict: Outcome
    rule: RuleId
    causes: tuple[Cause, ...]
    if redirects:
        verdict, rule = "explore-alternatives", "redirect"
        causes = (Cause(id="redirect", value=sum(len(found.because) for found in redirects)),)
    elif thin:
        verdict, rule, causes = "not-enough-answered", "coverage", thin
    elif weak:
        verdict, rule, causes = "explore-alternatives", "weak-foundation", weak
    elif not not_ready:
        verdict, rule, causes = "ready", "ready", ()
    elif not not_nearly:
        verdict, rule, causes = "nearly-ready", "nearly", not_ready
    else:
        verdict, rule, causes = "explore-alternatives", "otherwise", not_nearly

    known_ids = {item.id for _, item in guide.items()}
    return Assessment(
        profile=profile,
        verdict=verdict,
        rule=rule,
        causes=causes,
        provisional=bool(redirects and thin),
        coverage=sums.coverage or 0.0,
        score=sums.score,
        redirects=redirects,
        gaps=_by_importance(units, "gap"),
        open=_by_importance(units, "open"),
        contradictions=tuple(unit for unit in units if unit.contradiction),
        units=tuple(units),
        sections=sections,
        answers=counted,
        scope=known_scope,
        left_out=left_out,
        unknown=tuple(item_id for item_id in answers if item_id not in known_ids),
    )


def _known_scope(guide: Guide, scope: Mapping[str, str]) -> dict[str, str]:
    return {
        question: option
        for question, asked in guide.scope.items()
        for option in asked.options
        if scope.get(question) == option
    }


def _applying(
    checklists: Iterable[Checklist], scope: Mapping[str, str]
) -> tuple[list[Checklist], tuple[LeftOut, ...]]:
    """Return the checklists with the items that apply, and the items that do not."""
    applying = []
    left_out = []
    for checklist in checklists:
        items = []
        for item in checklist.items:
            question = item.left_out_by(scope)
            if question is None:
                items.append(item)
            else:
                option = scope[question]
                left_out.append(
                    LeftOut(checklist=checklist, item=item, question=question, option=option)
                )
        applying.append(dataclasses.replace(checklist, items=tuple(items)))
    return applying, tuple(left_out)


def _counted(checklists: Iterable[Checklist], answers: Mapping[str, str]) -> dict[str, Answer]:
    counted: dict[str, Answer] = {}
    for checklist in checklists:
        for item in checklist.items:
            given = answers.get(item.id)
            for answer in ANSWERS:
                # An import could say "not applicable" where it is not offered; that would empty
                # a list of its blockers.
                if given == answer and (answer != "not_applicable" or item.offers_not_applicable):
                    counted[item.id] = answer
    return counted


def _state(item: Item, answers: Mapping[str, Answer]) -> State:
    match answers.get(item.id), item.kind:
        case None, _:
            return "open"
        case "not_applicable", _:
            return "out"
        case ("yes", "ready") | ("no", "not_ready"):
            return "met"
    return "gap"


def _units(checklist: Checklist, answers: Mapping[str, Answer]) -> Iterator[Unit]:
    """Yield the units of a checklist, each at the place of its first item."""
    groups: dict[str, list[Item]] = {}
    for item in checklist.items:
        key = f"any of {item.any_of}" if item.any_of else item.mirrors or item.id
        groups.setdefault(key, []).append(item)
    for items in groups.values():
        yield _unit(checklist, items, [_state(item, answers) for item in items])


def _unit(checklist: Checklist, items: Sequence[Item], states: Sequence[State]) -> Unit:
    state = _any_of(states) if items[0].any_of else _all_of(states)
    return Unit(checklist=checklist, items=tuple(items), states=tuple(states), state=state)


def _any_of(states: Sequence[State]) -> State:
    if "met" in states:
        return "met"
    if "open" in states:
        return "open"
    return "gap" if "gap" in states else "out"


def _all_of(states: Sequence[State]) -> State:
    """Return the state of a mirror pair, and of a single item."""
    if "gap" in states:
        return "gap"
    if "met" in states:
        return "met"
    return "open" if "open" in states else "out"


def sums_of(units: Iterable[Unit]) -> Sums:
    """Add up the weights of units."""
    weights = {"met": 0, "gap": 0, "open": 0, "out": 0}
    for unit in units:
        weights[unit.state] += unit.weight
    return Sums(**weights)


def _section(checklist: Checklist, units: Iterable[Unit], answers: Mapping[str, Answer]) -> Section:
    return Section(
        checklist=checklist,
        sums=sums_of(unit for unit in units if unit.checklist is checklist),
        answered=sum(item.id in answers for item in checklist.items),
        questions=len(checklist.items),
    )


def _share(part: int, whole: int) -> float | None:
    # The quotient of two integers is rounded once, as is the literal of a limit: 4 of 5 is 0.80.
    return part / whole if whole else None


def _by_importance(units: Iterable[Unit], state: State) -> tuple[Unit, ...]:
    return tuple(sorted((unit for unit in units if unit.state == state), key=importance))


def importance(unit: Unit) -> tuple[bool, int]:
    """Return the key that sorts blockers first, then by weight."""
    return not unit.blocker, -unit.weight


def redirecting(units: Sequence[Unit]) -> Iterator[tuple[Unit, Item]]:
    """Yield each gap with its item that points to another approach, unless that was tried."""
    met = {item.id for unit in units for item in unit.items_in("met")}
    for unit in units:
        for item in unit.items if unit.state == "gap" else ():
            if item.redirect and not met.intersection(item.redirect_unless):
                yield unit, item


def heavy_signs(units: Iterable[Unit], heaviest: float) -> Iterator[Item]:
    """Yield the warning signs that are present and weigh more than ready allows."""
    for unit in units:
        for item in unit.items_in("gap"):
            if item.kind == "not_ready" and item.weight > heaviest:
                yield item


def _redirects(units: Sequence[Unit]) -> Iterator[Redirect]:
    because: dict[str, list[Unit]] = {}
    for unit, item in redirecting(units):
        because.setdefault(str(item.redirect), []).append(unit)
    for page, found in because.items():
        yield Redirect(page=page, because=tuple(found))


@dataclass(frozen=True, slots=True)
class _Facts:
    """What the rules look at; each method yields why a verdict is out of reach."""

    limits: Thresholds
    foundation: Sequence[str]
    units: Sequence[Unit]
    sections: Sequence[Section]
    sums: Sums

    def too_few_answers(self) -> Iterator[Cause]:
        limits = self.limits
        if blockers := sum(unit.blocker for unit in self.units if unit.state == "open"):
            yield Cause(id="blockers-open", value=blockers)
        coverage = self.sums.coverage or 0.0
        if coverage < limits.phase_coverage:
            yield Cause(id="phase-coverage", value=coverage, limit=limits.phase_coverage)
        for section in self.sections:
            found = section.sums.coverage
            if found is not None and found < limits.section_coverage:
                yield _cause("section-coverage", section, found, limits.section_coverage)
            if section.sums.na_share > limits.na_share_max:
                yield _cause("not-applicable", section, section.sums.na_share, limits.na_share_max)

    def weak_foundation(self) -> Iterator[Cause]:
        for section in self.sections:
            if section.checklist.id in self.foundation:
                yield from _low("foundation", section, self.limits.foundation)

    def not_ready(self) -> Iterator[Cause]:
        limits = self.limits
        if blockers := self._blocker_gaps():
            yield Cause(id="blocker-gaps", value=blockers)
        if signs := len(list(heavy_signs(self.units, limits.ready_max_sign_weight))):
            yield Cause(id="warning-signs", value=signs)
        yield from self._scores(limits.ready_phase, limits.ready_section)

    def not_nearly(self) -> Iterator[Cause]:
        limits = self.limits
        if (blockers := self._blocker_gaps()) > limits.nearly_max_blockers:
            yield Cause(id="blocker-gaps", value=blockers, limit=limits.nearly_max_blockers)
        yield from self._scores(limits.nearly_phase, limits.nearly_section)

    def _blocker_gaps(self) -> int:
        return sum(unit.blocker for unit in self.units if unit.state == "gap")

    def _scores(self, phase: float, each: float) -> Iterator[Cause]:
        score = self.sums.score
        if score is not None and score < phase:
            yield Cause(id="phase-score", value=score, limit=phase)
        for section in self.sections:
            yield from _low("section-score", section, each)


def _low(cause: CauseId, section: Section, limit: float) -> Iterator[Cause]:
    score = section.sums.score
    if score is not None and score < limit:
        yield _cause(cause, section, score, limit)


def _cause(cause: CauseId, section: Section, value: float, limit: float) -> Cause:
    return Cause(id=cause, value=value, limit=limit, checklist=section.checklist)
