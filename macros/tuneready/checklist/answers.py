"""A reader's answers to the checklists, with notes, owners and evidence: `tuneready.answers/2`.

The classes are the document: their fields are its keys, `read_answers` reads it strictly by them,
and `answers_schema` writes its JSON Schema from them. What the guide no longer asks stays an entry:
the archive of a document is the entries whose item the guide does not have.

The hints are read at run time, which is why this module does not postpone annotations. Standard
library only: the page reads and writes with it.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Annotated, Any, Final, Literal, Self

from tuneready.checklist.model import Answer, Guide
from tuneready.locale import N_
from tuneready.strictjson import JsonError, parse, plain_of, read
from tuneready.strictyaml import Shape

SCHEMA: Final = "tuneready.answers/2"
FIRST_SCHEMA = "tuneready.answers/1"
"""`{"schema", "answers": {item: answer}}`: still read, no longer written."""

# Own limits: the ten checklists with a page of notes on every item are a tenth of it.
MAX_CHARACTERS = 5_000_000
MAX_LEVELS = 8

type Line = Annotated[str, Shape(r"[\s\S]{0,200}", N_("a text of at most 200 characters"))]
type Paragraph = Annotated[str, Shape(r"[\s\S]{0,2000}", N_("a text of at most 2,000 characters"))]
type Page = Annotated[str, Shape(r"[\s\S]{0,20000}", N_("a text of at most 20,000 characters"))]
type Name = Annotated[
    str, Shape(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,99}", N_("a name of letters, digits and hyphens"))
]
type Digest = Annotated[str, Shape(r"[0-9a-f]{8}", N_("eight hexadecimal digits"))]
type Sha256 = Annotated[str, Shape(r"[0-9a-f]{64}", N_("64 hexadecimal digits"))]
type Day = Annotated[str, Shape(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", N_("a day such as 2026-11-22"))]
type Moment = Annotated[
    str,
    Shape(
        r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,6})?Z",
        N_("a time such as 2026-11-22T17:20:00Z"),
    ),
]


class AnswersError(JsonError):
    """A text that is not a document of answers; the sentence says what was found instead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How many findings of each severity a check had."""

    error: int
    warning: int
    note: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What a check of a dataset found; never any of the dataset's content."""

    file: Annotated[Line, "The file's name, without folders."]
    sha256: Annotated[Sha256 | None, "Of the file's bytes."] = None
    target: Annotated[Line, "What it was checked for: provider/method."]
    model: Annotated[Line | None, "The model that it was checked for."] = None
    bytes: int
    lines: int
    examples: int
    valid: Annotated[bool, "Whether no finding was an error."]
    counts: Counts
    checked: Annotated[Day, "The day of the check."]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """All that is kept about one item."""

    answer: Annotated[Answer | None, "Left out: the item is open."] = None
    reason: Annotated[Paragraph | None, "Why it is not applicable."] = None
    note: Annotated[Page | None, "What the team wants to remember."] = None
    evidence: Annotated[Paragraph | None, "A link, or where to find it."] = None
    owner: Annotated[Line | None, "Who looks after it."] = None
    report: Annotated[Evidence | None, "A check of a dataset that was attached."] = None
    wording: Annotated[Digest | None, "Of the item's wording when it was answered."] = None
    text: Annotated[Paragraph | None, "The item as it was asked."] = None
    checklist: Annotated[Name | None, "Where it was asked."] = None
    changed: Annotated[Moment | None, "When it was last changed."] = None

    @property
    def is_said(self) -> bool:
        """Whether the reader said anything here: an answer, or words beside it."""
        return bool(
            self.answer or self.reason or self.note or self.evidence or self.owner or self.report
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """One assessment of a reader: a name, the scope, and the entries."""

    schema: Annotated[Literal["tuneready.answers/2"], "The form of this document."] = SCHEMA
    name: Annotated[Line, "What the assessment is called; may be empty."] = ""
    saved: Annotated[Moment | None, "When the document was written."] = None
    guide: Annotated[Digest | None, "The version of the checklists that were answered."] = None
    scope: Annotated[Mapping[Name, Name], "Question of the scope -> option."] = field(
        default_factory=dict
    )
    items: Annotated[
        Mapping[Name, Entry], "Item -> entry, also of items that are no longer asked."
    ] = field(default_factory=dict)
    seen: Annotated[
        Mapping[Name, tuple[Name, ...]],
        "Checklist -> the items that it had when it was last answered; what is new since.",
    ] = field(default_factory=dict)

    @property
    def plain(self) -> dict[str, Answer]:
        """Item -> answer, as a verdict takes them."""
        return {item: entry.answer for item, entry in self.items.items() if entry.answer}

    def with_questions(self, guide: Guide, language: str) -> Self:
        """Return the same, each entry with the text and the place of its item, where it has none."""
        known = {item.id: (checklist, item) for checklist, item in guide.items()}
        items = {}
        for item_id, entry in self.items.items():
            if item_id in known:
                checklist, item = known[item_id]
                items[item_id] = replace(
                    entry,
                    text=entry.text or item.text.get(language),
                    checklist=entry.checklist or checklist.id,
                )
            else:
                items[item_id] = entry
        return replace(self, items=items)


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """How the questions differ from those that were answered, as item ids in the guide's order."""

    new: tuple[str, ...]
    reworded: tuple[str, ...]
    removed: tuple[str, ...]
    """Entries of items that the guide does not have: the archive."""


def changes(answers: Answers, guide: Guide) -> Changes:
    """Return what is new, reworded and removed since the answers were given."""
    present = {item.id: checklist.id for checklist, item in guide.items()}
    entries = answers.items
    return Changes(
        new=tuple(
            item
            for item, checklist in present.items()
            if item not in entries and item not in answers.seen.get(checklist, (item,))
        ),
        reworded=tuple(
            item
            for item in present
            if item in entries and entries[item].wording not in (None, guide.wordings.get(item))
        ),
        removed=tuple(item for item in entries if item not in present and entries[item].is_said),
    )


def read_answers(text: str) -> Answers:
    """Return the document of an exported file.

    Which items exist is not checked here: a file may be older or newer than the checklists.

    Raises:
        JsonError: When the text is not such a document, with the first fault and its place.

    """
    return answers_of(parse(text, MAX_CHARACTERS, MAX_LEVELS))


def answers_of(value: Any) -> Answers:
    """Return the document that parsed JSON holds.

    Raises:
        JsonError: As `read_answers`.

    """
    match value:
        case {"schema": "tuneready.answers/2"}:
            answers: Answers = read(Answers, value)
            return answers
        case {"schema": "tuneready.answers/1"}:
            return _first_form(value.get("answers"))
        case {"schema": str(schema)}:
            raise _foreign(schema)
    raise AnswersError(
        N_(
            "The file holds no answers: the key “schema” with “{schema}” is not there. Choose a file that was downloaded from a checklist or the overview."
        ),
        schema=SCHEMA,
    )


def _foreign(schema: str) -> AnswersError:
    from tuneready.escaping import shortened

    family, _, version = schema.partition("/")
    if family == "tuneready.answers" and version.isascii() and version.isdigit():
        text = N_(
            "The file was written by a newer version of Tuneready ({found}); this one reads up to {schema}. Open it there, or update this site."
        )
    elif family == "tuneready.report":
        text = N_(
            "The file is the report of a dataset check, not answers. Choose a file that was downloaded from a checklist or the overview."
        )
    else:
        text = N_(
            "The file says that it is “{found}”; expected “{schema}”. Choose a file that was downloaded from a checklist or the overview."
        )
    return AnswersError(text, found=shortened(schema), schema=SCHEMA)


def _first_form(given: Any) -> Answers:
    """Read what older versions exported: answers without anything beside them."""
    kind = Mapping[Name, Answer]
    return Answers(
        items={
            item: Entry(answer=answer) for item, answer in read(kind, given, ("answers",)).items()
        }
    )


def plain(answers: Answers) -> dict[str, Any]:
    """Return the document as JSON data, of which `answers_of` makes the same again."""
    found: dict[str, Any] = plain_of(answers)
    return found


def dumps(answers: Answers) -> str:
    """Return the text of the file."""
    return json.dumps(plain(answers), ensure_ascii=False, indent=2) + "\n"
