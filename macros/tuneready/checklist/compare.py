"""Several people's answers: where they differ, where someone is silent, and what they agree on.

Agreed is what all say who have answered. Where they differ the agreed document leaves the item open
and keeps who said what in its note, so that nothing that was written is lost.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tuneready.checklist import answer_words
from tuneready.checklist.answers import Answers, Entry, changes
from tuneready.checklist.wording import describe
from tuneready.errors import TunereadyError
from tuneready.escaping import shortened
from tuneready.locale import N_, translation

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from tuneready.checklist.answers import Evidence
    from tuneready.checklist.model import Answer, Checklist, Guide, Item

    type Json = dict[str, Any]

SCHEMA = "tuneready.comparison/1"

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


@dataclass(frozen=True, slots=True)
class Compared:
    """One item, and what each person said about it."""

    checklist: Checklist
    item: Item
    entries: tuple[Entry, ...]
    """In the order of the people."""

    @property
    def answers(self) -> tuple[Answer | None, ...]:
        """What counts of each person; not applicable only where it is offered."""
        return tuple(_counted(entry, self.item) for entry in self.entries)

    @property
    def given(self) -> tuple[Answer, ...]:
        """The answers of those who answered."""
        return tuple(answer for answer in self.answers if answer)

    @property
    def differs(self) -> bool:
        return len(set(self.given)) > 1

    @property
    def is_complete(self) -> bool:
        return None not in self.answers

    @property
    def importance(self) -> tuple[bool, int, int]:
        """Return the key that sorts blockers first, then by weight, then by spread."""
        given = self.given
        largest = max((given.count(answer) for answer in given), default=0)
        # How many would have to give in; where nobody differs, how many have not answered.
        spread = len(given) - largest if self.differs else len(self.answers) - len(given)
        return not self.item.blocker, -self.item.weight, -spread


def _counted(entry: Entry, item: Item | None) -> Answer | None:
    """Return an answer as a verdict takes it; of an item that is no longer asked, as it is."""
    return entry.answer if item is None or entry.answer in answer_words.options_of(item) else None


@dataclass(frozen=True, slots=True)
class Comparison:
    """What several documents say of each item that applies."""

    people: tuple[Person, ...]
    differing: tuple[Compared, ...]
    """Most important first."""
    partly: tuple[Compared, ...]
    """Those who answered agree, someone has not; most important first."""
    agreeing: tuple[Compared, ...]
    """In the guide's order, as `open`."""
    open: tuple[Compared, ...]
    """Nobody has answered."""
    scope: tuple[tuple[str, tuple[str | None, ...]], ...]
    """Questions about the whole case that were answered differently, with each person's option."""
    agreed: Answers


def compare(
    documents: Sequence[Answers],
    guide: Guide,
    language: str,
    names: Sequence[str] | None = None,
) -> Comparison:
    """Compare documents of answers.

    Args:
        documents: One of each person.
        guide: Whose items are compared; entries of others only go into the agreed document.
        language: Of what the agreed document's notes say.
        names: What the people are called; otherwise as their documents are.

    Raises:
        TunereadyError: When there are fewer than two documents.

    """
    if len(documents) < 2:
        raise TunereadyError(N_("A comparison takes the answers of two people or more."))
    given = names or [document.name for document in documents]
    called = _names(given, language)
    people = tuple(map(Person, called, documents))
    scope, differing_scope = _scope(documents, guide)
    found = [
        Compared(
            checklist,
            item,
            tuple(document.items.get(item.id, Entry()) for document in documents),
        )
        for checklist, item in guide.items()
        if item.left_out_by(scope) is None
    ]
    return Comparison(
        people=people,
        differing=_sorted(each for each in found if each.differs),
        partly=_sorted(
            each for each in found if each.given and not each.differs and not each.is_complete
        ),
        agreeing=tuple(each for each in found if not each.differs and each.is_complete),
        open=tuple(each for each in found if not each.given),
        scope=differing_scope,
        agreed=_agreed(people, scope, guide, language),
    )


def _sorted(found: Iterable[Compared]) -> tuple[Compared, ...]:
    return tuple(sorted(found, key=lambda each: each.importance))


def _names(given: Sequence[str], language: str) -> list[str]:
    """Return a name of each person that no other has."""
    nobody = translation(language).gettext(N_("Person {number}"))
    names: list[str] = []
    for number, name in enumerate(given, 1):
        wanted = shortened(name.strip(), 80) or nobody.format(number=number)
        unique, copies = wanted, 1
        while unique in names:
            copies += 1
            unique = f"{wanted} ({copies})"
        names.append(unique)
    return names


def _scope(
    documents: Sequence[Answers], guide: Guide
) -> tuple[dict[str, str], tuple[tuple[str, tuple[str | None, ...]], ...]]:
    """Return what all say who answered, and what they do not agree on."""
    agreed: dict[str, str] = {}
    differing = []
    for question, asked in guide.scope.items():
        options = tuple(
            option if (option := document.scope.get(question)) in asked.options else None
            for document in documents
        )
        said = {option for option in options if option}
        if len(said) == 1:
            agreed[question] = said.pop()
        elif said:
            differing.append((question, options))
    return agreed, tuple(differing)


# -- the agreed document --------------------------------------------------------------------------


def _agreed(
    people: Sequence[Person], scope: Mapping[str, str], guide: Guide, language: str
) -> Answers:
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
    answers = {answer for entry in entries if (answer := _counted(entry, item))}
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


# -- in words -------------------------------------------------------------------------------------


def described(found: Comparison, guide: Guide, language: str) -> Json:
    """Return a comparison as JSON data with its sentences."""
    say = translation(language).gettext
    agreed = [
        describe(assessment, guide, language)
        for assessment in answer_words.assessments(guide, found.agreed)
    ]
    return {
        "schema": SCHEMA,
        "title": say(N_("Compared: {names}")).format(
            names=", ".join(person.name for person in found.people)
        ),
        "sentences": list(_sentences(found, agreed, guide, language)),
        "people": [_person(person, guide, language) for person in found.people],
        "agreed": [_verdict(verdict, language) for verdict in agreed],
        "contradictions": [
            contradiction for verdict in agreed for contradiction in verdict["contradictions"]
        ],
        "differing": [_compared(each, found.people, language) for each in found.differing],
        "partly": [_compared(each, found.people, language) for each in found.partly],
        "agreeing": [
            {
                **answer_words.placed(each.checklist, each.item, language),
                "answer": each.given[0],
                "answer_label": answer_words.say_answer(each.given[0], language),
            }
            for each in found.agreeing
        ],
        "open": [answer_words.placed(each.checklist, each.item, language) for each in found.open],
    }


def _sentences(
    found: Comparison, agreed: Sequence[Json], guide: Guide, language: str
) -> Iterator[str]:
    say = translation(language).gettext
    yield say(
        N_(
            "Questions with different answers: {differing}. Answered by some only: {partly}. The same from everyone: {agreeing}. Open for everyone: {open}."
        )
    ).format(
        differing=len(found.differing),
        partly=len(found.partly),
        agreeing=len(found.agreeing),
        open=len(found.open),
    )
    yield say(N_("What you agree on gives: {verdicts}.")).format(
        verdicts=" · ".join(_verdict_line(verdict, language) for verdict in agreed)
    )
    for question, options in found.scope:
        asked = guide.scope[question]
        answers = (
            f"{person.name}: {asked.options[option].get(language)}"
            for person, option in zip(found.people, options, strict=True)
            if option
        )
        yield say(N_("You differ about the case. {question} {answers}.")).format(
            question=asked.question.get(language), answers=", ".join(answers)
        )
    for verdict in agreed:
        for contradiction in verdict["contradictions"]:
            yield say(N_("Together you contradict yourselves. {question}")).format(
                question=contradiction["question"]
            )
    older = [person.name for person in found.people if changes(person.answers, guide).reworded]
    if older:
        yield say(N_("Some questions were reworded since they were answered by: {names}.")).format(
            names=", ".join(older)
        )


def _verdict(described_verdict: Json, language: str) -> Json:
    return {
        "profile": described_verdict["profile"],
        "title": answer_words.phase_title(described_verdict["profile"], language),
        "verdict": described_verdict["verdict"],
        "label": described_verdict["label"],
    }


def _verdict_line(described_verdict: Json, language: str) -> str:
    verdict = _verdict(described_verdict, language)
    return f"{verdict['title']}: {verdict['label']}"


def _person(person: Person, guide: Guide, language: str) -> Json:
    say = translation(language).gettext
    verdicts = [
        describe(assessment, guide, language)
        for assessment in answer_words.assessments(guide, person.answers)
    ]
    return {
        "name": person.name,
        "label": " · ".join(_verdict_line(verdict, language) for verdict in verdicts),
        "answered": say(N_("{answered} of {questions}")).format(
            answered=sum(verdict["answered"] for verdict in verdicts),
            questions=sum(verdict["questions"] for verdict in verdicts),
        ),
        "verdicts": [_verdict(verdict, language) for verdict in verdicts],
    }


def _compared(each: Compared, people: Sequence[Person], language: str) -> Json:
    return {
        **answer_words.placed(each.checklist, each.item, language),
        **answer_words.importance(each.item, language),
        "people": [
            {
                "name": person.name,
                "answer": answer or "",
                "answer_label": answer_words.say_answer(answer, language),
                **answer_words.beside(entry, language),
            }
            for person, answer, entry in zip(people, each.answers, each.entries, strict=True)
        ],
        "options": [
            {"answer": option, "label": answer_words.say_answer(option, language)}
            for option in answer_words.options_of(each.item)
        ],
    }
