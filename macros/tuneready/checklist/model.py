"""What a guide is made of: checklists with their items, the verdict model, and the pages.

The fields are the keys of the YAML files, so these classes are also what the strict reader
expects and what `schema.json` says to editors; a text in `Annotated` is what an editor shows. The
hints are read at run time, which is why this module does not postpone annotations.

Standard library only: a page gets a guide as JSON (`to_plain`) and reads it with `from_plain`.
"""

import dataclasses
import hashlib
import typing
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from tuneready.plain import Builders, build
from tuneready.strictyaml import Named, Rest, Shape

type Answer = Literal["yes", "no", "not_applicable"]
"""What a reader can answer; an item without an answer is open."""

ANSWERS: tuple[Answer, ...] = ("yes", "no", "not_applicable")

type Phase = Literal["decide", "prepare", "launch"]
type Kind = Literal["ready", "not_ready"]
type Outcome = Literal["ready", "nearly-ready", "explore-alternatives", "not-enough-answered"]
type RuleId = Literal["redirect", "coverage", "weak-foundation", "ready", "nearly", "otherwise"]
type ThresholdName = Literal[
    "phase_coverage",
    "section_coverage",
    "na_share_max",
    "foundation",
    "ready_phase",
    "ready_section",
    "ready_max_sign_weight",
    "nearly_phase",
    "nearly_section",
    "nearly_max_blockers",
]

Id = Annotated[
    str, Shape(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", "lower-case letters, digits and single hyphens")
]
Filled = Annotated[str, Shape(r".*\S.*", "a text that is not blank")]
SiteFolder = Annotated[
    str, Shape(r"([a-z0-9-]+/)+", "a path such as decide/why/, without a slash in front")
]
SitePath = Annotated[
    str,
    Shape(
        r"([a-z0-9-]+/)+(#[a-z][a-z0-9-]*)?",
        "a path such as decide/why/ or decide/why/#cost, without a slash in front",
    ),
]


# Which languages there are depends on the project, so its reader is told (`load.py`).
Language = Annotated[
    str,
    Named("language"),
    Shape(r"[a-z]{2,3}(-[A-Z]{2})?", "the code of a language, such as nl or pt-BR"),
]


@dataclass(frozen=True, slots=True)
class Text:
    """One text in every language of the site; each language is a key."""

    en: Annotated[Filled, "English, which stands in wherever another language is missing."]
    others: Annotated[
        Mapping[Language, Filled],
        Rest(required=("nl",)),
        "The other languages, written rather than translated word by word.",
    ] = dataclasses.field(default_factory=dict)

    def get(self, language: str) -> str:
        """Return the text in a language; English when it is not there in that language."""
        return self.others.get(language, self.en)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One question of a checklist: a statement that a team answers with yes or no."""

    id: Annotated[
        Id,
        "Unique over all checklists. Never change it: stored answers and links use it.",
    ]
    kind: Annotated[Kind, "ready: yes is good. not_ready: a warning sign, so yes is bad."]
    weight: Annotated[Literal[1, 2, 3], "How much it counts; 3 is the most."] = 1
    blocker: Annotated[bool, "No team should go on while this is a gap."] = False
    not_applicable: Annotated[
        bool | None,
        "Whether 'not applicable' is offered. Left out: yes, except for a blocker.",
    ] = None
    any_of: Annotated[
        Id | None, "Items of this checklist with the same name here count as one: one is enough."
    ] = None
    mirrors: Annotated[
        Id | None,
        "The item of this checklist, of the other kind, that says the reverse; the two count as one.",
    ] = None
    redirect: Annotated[
        Id | None, "The page of the approach that comes first when this is a gap."
    ] = None
    redirect_unless: Annotated[
        tuple[Id, ...], "Items; when one of them is met, the redirect becomes an ordinary gap."
    ] = ()
    text: Annotated[Text, "The statement, short and concrete."]
    help: Annotated[Text | None, "Why it matters, or how to tell; one or two sentences."] = None
    evidence: Annotated[Text | None, "What to write down or link as evidence."] = None
    attach: Annotated[
        Literal["dataset-check"] | None, "The tool of this site whose result is its evidence."
    ] = None
    applies: Annotated[
        Mapping[Id, tuple[Id, ...]],
        "Questions of scope.yaml and the options with which it applies. Left out: always.",
    ] = dataclasses.field(default_factory=dict)
    seed: Annotated[
        tuple[str, ...], "Statements of the page this guide started from that the item covers."
    ] = ()
    source: Annotated[
        tuple[str, ...],
        "Keys of docs/sources.yml, F-… for a fact in our notes, 'judgement' for our own opinion.",
    ] = ()

    @property
    def section(self) -> Kind:
        """The part of its checklist that the item stands in: good signs first, then warnings."""
        return self.kind

    @property
    def offers_not_applicable(self) -> bool:
        return not self.blocker if self.not_applicable is None else self.not_applicable

    @property
    def wording(self) -> str:
        """Eight hexadecimal digits that change when the question does, in English."""
        return _digest(f"{self.kind}\n{self.text.en}")

    def left_out_by(self, scope: Mapping[str, str]) -> str | None:
        """Return the question of the scope whose answer leaves this item out; None: it applies."""
        for question, options in self.applies.items():
            if scope.get(question) not in (None, *options):
                return question
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class NextStep:
    """What to do when a checklist shows gaps."""

    page: Annotated[Id, "The page that helps; an id from pages.yaml."]
    text: Annotated[Text, "What to do, in the imperative."]
    source: Annotated[tuple[str, ...], "As for items."] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Checklist:
    """One question of the guide, with the items that answer it."""

    id: Annotated[Id, "The name of the file without .yaml. Never change it: links use it."]
    phase: Annotated[Phase, "When a team answers it."]
    path: Annotated[
        SiteFolder | None, "Where the site shows it; left out as long as no page does."
    ] = None
    title: Annotated[Text, "The name of the checklist."]
    question: Annotated[Text | None, "The question that it answers."] = None
    intro: Annotated[Text, "One or two sentences above the items."]
    items: Annotated[tuple[Item, ...], "In the order in which the page shows them."]
    next_step: Annotated[NextStep, "What to do when it shows gaps."]


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeTexts:
    """How one verdict is called, and what it means for the reader."""

    label: Annotated[Text, "The verdict, as a headline."]
    note: Annotated[Text, "What it means and what to do now."]


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """The limits of the verdict: shares from 0 to 1, but for the two that count."""

    phase_coverage: Annotated[float, "Lowest share answered over all checklists."]
    section_coverage: Annotated[float, "Lowest share answered in each checklist."]
    na_share_max: Annotated[float, "Highest share 'not applicable' in each checklist."]
    foundation: Annotated[float, "Lowest score of each checklist of the foundation."]
    ready_phase: Annotated[float, "Lowest score over all checklists for ready."]
    ready_section: Annotated[float, "Lowest score of each checklist for ready."]
    ready_max_sign_weight: Annotated[float, "Heaviest warning sign that ready allows: 0 to 3."]
    nearly_phase: Annotated[float, "Lowest score over all checklists for nearly ready."]
    nearly_section: Annotated[float, "Lowest score of each checklist for nearly ready."]
    nearly_max_blockers: Annotated[float, "Most blocking gaps that nearly ready allows."]


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """Which checklists make one verdict, and what is particular about it."""

    checklists: Annotated[tuple[Id, ...], "In the order in which they are shown."]
    foundation: Annotated[
        tuple[Id, ...], "Checklists without which the rest means little: rule weak-foundation."
    ] = ()
    skip_rules: Annotated[
        tuple[Literal["redirect", "weak-foundation"], ...], "Rules that this verdict leaves out."
    ] = ()
    thresholds: Annotated[Mapping[ThresholdName, float], "Limits that differ here."] = (
        dataclasses.field(default_factory=dict)
    )
    outcomes: Annotated[Mapping[Outcome, OutcomeTexts], "Texts that differ here."] = (
        dataclasses.field(default_factory=dict)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictModel:
    """How answers become a verdict. The rules are code (assess.py); their limits stand here."""

    version: Annotated[int, "Raised when the same answers may get another verdict."]
    outcomes: Annotated[Mapping[Outcome, OutcomeTexts], "The four verdicts."]
    thresholds: Annotated[Thresholds, "Editorial choices, not measurements."]
    profiles: Annotated[Mapping[Id, Profile], "The verdicts that the guide can give."]
    why: Annotated[Text | None, "Why the rules are as they are, one line per reason."] = None

    def thresholds_of(self, profile: str) -> Thresholds:
        changed = {str(name): value for name, value in self.profiles[profile].thresholds.items()}
        return dataclasses.replace(self.thresholds, **changed)

    def texts_of(self, profile: str, outcome: Outcome) -> OutcomeTexts:
        return self.profiles[profile].outcomes.get(outcome) or self.outcomes[outcome]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page of the site that a checklist can point to."""

    title: Annotated[Text, "The page's name in a link."]
    path: Annotated[SitePath | None, "Where it is; left out as long as it does not exist."] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScopeQuestion:
    """A question about the whole case, whose answer leaves out the items that do not apply."""

    question: Annotated[Text, "The question, short."]
    help: Annotated[Text | None, "How to tell; one sentence."] = None
    options: Annotated[Mapping[Id, Text], "What can be answered: id -> label."]


@dataclass(frozen=True, slots=True, kw_only=True)
class Guide:
    """Everything that a verdict needs."""

    checklists: tuple[Checklist, ...]
    verdict: VerdictModel
    pages: Mapping[Id, Page]
    scope: Mapping[Id, ScopeQuestion] = dataclasses.field(default_factory=dict)
    wordings: Mapping[Id, str] = dataclasses.field(default_factory=dict)
    """Item id -> `Item.wording`; it stands here because a page has one language only."""

    version: str = ""
    """Eight hexadecimal digits that change with any item or its wording."""

    def checklist(self, checklist_id: str) -> Checklist:
        """Return a checklist.

        Raises:
            KeyError: When the guide has no such checklist.

        """
        for checklist in self.checklists:
            if checklist.id == checklist_id:
                return checklist
        raise KeyError(checklist_id)

    def of_profile(self, profile: str) -> tuple[Checklist, ...]:
        """Return the checklists of a profile, in its order.

        Raises:
            KeyError: When the guide has no such profile.

        """
        by_id = {checklist.id: checklist for checklist in self.checklists}
        return tuple(by_id[name] for name in self.verdict.profiles[profile].checklists)

    def items(self) -> Iterator[tuple[Checklist, Item]]:
        for checklist in self.checklists:
            for item in checklist.items:
                yield checklist, item

    def with_wordings(self) -> typing.Self:
        """Return the guide with the wording of each item, as its English text has it."""
        wordings = {item.id: item.wording for _, item in self.items()}
        version = _digest("\n".join(f"{item} {word}" for item, word in sorted(wordings.items())))
        return dataclasses.replace(self, wordings=wordings, version=version)

    def only(self, profile: str) -> typing.Self:
        """Return the part of the guide that one profile needs."""
        profiles = {profile: self.verdict.profiles[profile]}
        verdict = dataclasses.replace(self.verdict, profiles=profiles)
        part = dataclasses.replace(self, checklists=self.of_profile(profile), verdict=verdict)
        wordings = {item.id: self.wordings[item.id] for _, item in part.items()}
        return dataclasses.replace(part, wordings=wordings)


# What only the build needs; a page's guide is smaller without it.
_NOT_ON_PAGE = {(Item, "seed"), (Item, "source"), (NextStep, "source"), (VerdictModel, "why")}


def to_plain(guide: Guide, language: str, profile: str | None = None) -> dict[str, Any]:
    """Return the guide as JSON data in one language, for a page.

    With a profile, only what that profile needs. Values that equal their default are left out.
    """
    plain = _plain(guide.only(profile) if profile else guide, language)
    if not isinstance(plain, dict):  # a dataclass always becomes one
        raise TypeError(plain)
    return plain


def _plain(value: Any, language: str) -> Any:
    if isinstance(value, Text):
        return value.get(language)
    if dataclasses.is_dataclass(value):
        return {
            field.name: _plain(getattr(value, field.name), language)
            for field in dataclasses.fields(value)
            if (type(value), field.name) not in _NOT_ON_PAGE
            and getattr(value, field.name) != _default(field)
        }
    if isinstance(value, Mapping):
        return {key: _plain(inner, language) for key, inner in value.items()}
    if isinstance(value, tuple):
        return [_plain(inner, language) for inner in value]
    return value


def _default(field: dataclasses.Field[Any]) -> Any:
    if field.default_factory is not dataclasses.MISSING:
        return field.default_factory()
    return field.default


def from_plain(plain: Mapping[str, Any]) -> Guide:
    """Return the guide that `to_plain` wrote; every language gets the one text that is there.

    The data is trusted as far as the page is: it was written by the same build.
    """
    texts: Builders = {Text: Text}
    guide = build(Guide, plain, texts)
    if not isinstance(guide, Guide):  # for the type checker
        raise TypeError(guide)
    return guide


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8]
