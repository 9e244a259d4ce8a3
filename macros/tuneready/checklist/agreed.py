"""Several people's documents as one: what all say who answered, and every word of the rest.

Where people differ the item stays open, and its note says who said what.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tuneready.checklist import answer_words
from tuneready.checklist.answers import Answers, Entry

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tuneready.checklist.answers import Evidence
    from tuneready.checklist.model import Answer, Guide, Item

# What the document of answers takes.
_LONGEST_NOTE = 20_000
_LONGEST = 2_000
_LONGEST_OWNER = 200


@dataclass(frozen=True, slots=True)
class Person:
    """Whose answers these are."""

    name: str
    """Different from everyone else's."""
    answers: Answers


def counted(entry: Entry, item: Item | None) -> Answer | None:
    """Return an answer as a verdict takes it; of an item that is no longer asked, as it is."""
    return entry.answer if item is None or entry.answer in answer_words.options_of(item) else None


def agreed(
    people: Sequence[Person], scope: Mapping[str, str], guide: Guide, language: str
) -> Answers:
    """Return the document that people agree on; `scope` is what they agree on about the case."""
    documents = [person.answers for person in people]
    names = {document.name.strip() for document in documents}
    guides = {document.guide for document in documents}
    items: dict[str, Item | None] = {item.id: item for _, item in guide.items()}
    for document in documents:
        for item in document.items:
            items.setdefault(item, None)
    entries = {
        item_id: _merged(item_id, item, people, guide, language)
        for item_id, item in items.items()
        if any(item_id in document.items for document in documents)
    }
    return Answers(
        name=names.pop() if len(names) == 1 else "",
        saved=max((document.saved for document in documents if document.saved), default=None),
        guide=guides.pop() if len(guides) == 1 else None,
        scope=scope,
        items={item: entry for item, entry in entries.items() if entry.is_said},
        seen=_seen(documents),
    )


def _seen(documents: Sequence[Answers]) -> dict[str, tuple[str, ...]]:
    """Return what all have seen of a checklist that they answered: new for one is new for all."""
    seen: dict[str, tuple[str, ...]] = {}
    for document in documents:
        for checklist, items in document.seen.items():
            known = seen.get(checklist, items)
            seen[checklist] = tuple(item for item in known if item in items)
    return seen


def _merged(
    item_id: str, item: Item | None, people: Sequence[Person], guide: Guide, language: str
) -> Entry:
    """Return what all entries about an item say together."""
    said = [
        (person.name, person.answers.items[item_id])
        for person in people
        if item_id in person.answers.items
    ]
    entries = [entry for _, entry in said]
    answers = {answer for entry in entries if (answer := counted(entry, item))}
    agreed = answers.pop() if len(answers) == 1 else None
    evidence = list(dict.fromkeys(entry.evidence for entry in entries if entry.evidence))
    owners = list(dict.fromkeys(entry.owner for entry in entries if entry.owner))
    # The question as the earliest of them read it, so that it is looked at again.
    now = guide.wordings.get(item_id)
    base = next((entry for entry in entries if entry.wording not in (None, now)), entries[0])
    return Entry(
        answer=agreed,
        reason=_reason([(name, entry) for name, entry in said if entry.answer == agreed]),
        note=_note(said, agreed, evidence[1:], language) or None,
        evidence=evidence[0] if evidence else None,
        owner=", ".join(owners)[:_LONGEST_OWNER] or None,
        report=_report(entries),
        wording=base.wording,
        text=base.text,
        checklist=base.checklist,
        changed=max((entry.changed for entry in entries if entry.changed), default=None),
    )


def _reason(said: Sequence[tuple[str, Entry]]) -> str | None:
    """Return the reasons of those who gave the agreed answer."""
    given = [(name, entry.reason) for name, entry in said if entry.reason]
    if len({reason for _, reason in given}) < 2:
        return given[0][1] if given else None
    return "\n".join(f"{name}: {reason}" for name, reason in given)[:_LONGEST]


def _note(
    said: Sequence[tuple[str, Entry]],
    agreed: Answer | None,
    more_evidence: Sequence[str],
    language: str,
) -> str:
    """Return all notes with their names, and who said what that is not agreed."""
    notes = [entry.note for _, entry in said]
    lines = []
    if len(set(notes)) == 1 and notes[0] and all(entry.answer == agreed for _, entry in said):
        lines.append(notes[0])  # all wrote the same: it was agreed before
    else:
        for name, entry in said:
            is_agreed = entry.answer == agreed
            label = answer_words.say_answer(entry.answer, language) if entry.answer else None
            parts = [entry.note] if is_agreed else [label, entry.reason, entry.note]
            if any(parts):
                lines.append(f"{name}: {' – '.join(part for part in parts if part)}")
    note = "\n".join([*lines, *more_evidence])
    return note if len(note) <= _LONGEST_NOTE else note[: _LONGEST_NOTE - 1] + "…"


def _report(entries: Sequence[Entry]) -> Evidence | None:
    """Return the newest check that was attached."""
    reports = [entry.report for entry in entries if entry.report]
    return max(reports, key=lambda report: report.checked, default=None)
