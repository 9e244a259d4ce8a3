"""What a few rules have to know of all examples of a file. Only targets with these rules pay for it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from tuneready.dataset.item_fields import ItemFields
from tuneready.dataset.pair_texts import PairTexts
from tuneready.dataset.tally import RULES as TALLY_RULES
from tuneready.dataset.tally import Tally

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tuneready.dataset.seen import Seen
    from tuneready.targets.base import Target


class Observer(Protocol):
    """Small counters over the examples of a file, or of a piece of it."""

    def see(self, examples: Sequence[Seen]) -> None:
        """Take the next examples."""

    def merge(self, other: Any, lines_before: int) -> None:
        """Add what the piece that follows has; `other` is of the same kind."""


@dataclass(slots=True)
class RecordKinds:
    """Of which of the target's layouts the records are."""

    of_key: Mapping[str, str]  # a key that holds text -> the format; else they are messages
    messages: str  # the format of records with messages
    count: dict[str, int] = field(default_factory=dict)
    first: dict[str, int] = field(default_factory=dict)  # the first line of each

    def see(self, examples: Sequence[Seen]) -> None:
        """Take the next examples."""
        for example in examples:
            roles = example.roles
            kind = self.of_key.get(roles[0], self.messages) if roles else self.messages
            self.count[kind] = self.count.get(kind, 0) + 1
            self.first.setdefault(kind, example.line)

    def merge(self, other: RecordKinds, lines_before: int) -> None:
        """Add the records of the piece that follows."""
        for kind, count in other.count.items():
            self.count[kind] = self.count.get(kind, 0) + count
            self.first.setdefault(kind, other.first[kind] + lines_before)


@dataclass(slots=True)
class RecordWeights:
    """How many records have a weight of their own."""

    with_weight: int = 0
    without: int = 0
    first_without: int | None = None  # line

    def see(self, examples: Sequence[Seen]) -> None:
        """Take the next examples."""
        for example in examples:
            if '"weight"' in example.rest and "weight" in _keys(example.rest):
                self.with_weight += 1
                continue
            self.without += 1
            if self.first_without is None:
                self.first_without = example.line

    def merge(self, other: RecordWeights, lines_before: int) -> None:
        """Add the records of the piece that follows."""
        self.with_weight += other.with_weight
        self.without += other.without
        if self.first_without is None and other.first_without is not None:
            self.first_without = other.first_without + lines_before


def observers_for(target: Target) -> dict[str, Observer]:
    """Return what is to see every example, by name."""
    found: dict[str, Observer] = {}
    if target.has_rule("formats-mixed"):
        texts = {
            name: layout.format
            for layout in target.layouts
            for name, key in layout.keys.items()
            if key.holds == "text"
        }
        others = [layout.format for layout in target.layouts if layout.format not in texts.values()]
        found["kinds"] = RecordKinds(texts, others[0])
    if target.has_rule("weight-on-some-records"):
        found["weights"] = RecordWeights()
    if target.has_rule("grader-fields-differ"):
        found["items"] = ItemFields(frozenset(target.layouts[0].keys))
    if target.has_rule("prompts-without-separator"):
        found["pairs"] = PairTexts()
    if not TALLY_RULES.isdisjoint(target.rules):
        found["tally"] = Tally(target)
    return found


def _keys(rest: str) -> Any:
    try:
        return json.loads(rest)
    except ValueError:  # a number of more digits than the interpreter reads
        return ()
