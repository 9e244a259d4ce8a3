"""Several people's answers: where they differ, where someone is silent, and where they agree."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tuneready.checklist.agreed import Person, agreed, counted
from tuneready.checklist.answers import Answers, Entry
from tuneready.errors import TunereadyError
from tuneready.escaping import shortened
from tuneready.locale import N_, translation

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tuneready.checklist.model import Answer, Checklist, Guide, Item


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
        return tuple(counted(entry, self.item) for entry in self.entries)

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
        agreed=agreed(people, scope, guide, language),
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
