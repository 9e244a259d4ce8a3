"""The fields that examples have beside their messages, for a grader: names, types, whether they vary."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from tuneready.dataset.quoting import kind_of
from tuneready.finding import Phrase
from tuneready.locale import N_

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from tuneready.dataset.seen import Seen

# Files have a few fields; of a file with more nothing is said, and nothing kept.
MOST_FIELDS = 200


@dataclass(slots=True)
class ItemField:
    """What is known of one field."""

    count: int
    first_without: int | None  # the first line with fields, but without this one
    kinds: dict[Phrase, int]  # type, in words -> the first line with it
    value: bytes  # a digest of the first value
    varies: bool = False


@dataclass(slots=True)
class ItemFields:
    """Small counters over all examples of a file, which merge exactly."""

    known: Collection[str]  # keys of the record that are not fields
    with_fields: int = 0  # examples that have any
    first_line: int | None = None  # of these
    too_many: bool = False
    fields: dict[str, ItemField] = field(default_factory=dict)

    def see(self, examples: Sequence[Seen]) -> None:
        """Take the next examples."""
        for example in examples:
            if example.rest and not self.too_many:
                self._take(_record(example.rest), example.line)

    def _take(self, record: dict[str, Any], line: int) -> None:
        here = {name: value for name, value in record.items() if name not in self.known}
        if not here:
            return
        for name, value in here.items():
            kind, digest = _kind(value), _digest(value)
            there = self.fields.get(name)
            if there is None:
                self.fields[name] = ItemField(1, self.first_line, {kind: line}, digest)
                continue
            there.count += 1
            there.kinds.setdefault(kind, line)
            there.varies = there.varies or there.value != digest
        for name, there in self.fields.items():
            if there.first_without is None and name not in here:
                there.first_without = line
        self.with_fields += 1
        if self.first_line is None:
            self.first_line = line
        self._bound()

    def merge(self, other: ItemFields, lines_before: int) -> None:
        """Add what the piece that follows has, which begins after `lines_before` lines."""
        self.too_many = self.too_many or other.too_many
        first = None if other.first_line is None else other.first_line + lines_before
        for name, there in self.fields.items():
            if there.first_without is None and name not in other.fields:
                there.first_without = first
        for name, new in other.fields.items():
            kinds = {kind: line + lines_before for kind, line in new.kinds.items()}
            without = None if new.first_without is None else new.first_without + lines_before
            old = self.fields.get(name)
            if old is None:
                without = without if self.first_line is None else self.first_line
                self.fields[name] = ItemField(new.count, without, kinds, new.value, new.varies)
                continue
            old.count += new.count
            old.kinds = {**kinds, **old.kinds}
            old.varies = old.varies or new.varies or old.value != new.value
            if old.first_without is None:
                old.first_without = without
        self.with_fields += other.with_fields
        if self.first_line is None:
            self.first_line = first
        self._bound()

    def _bound(self) -> None:
        if self.too_many or len(self.fields) > MOST_FIELDS:
            self.too_many = True
            self.fields.clear()


def _record(rest: str) -> dict[str, Any]:
    try:
        record = json.loads(rest)
    except ValueError:  # a number of more digits than the interpreter reads
        return {}
    return record if isinstance(record, dict) else {}


def _kind(value: Any) -> Phrase:
    return Phrase(N_("true or false")) if isinstance(value, bool) else kind_of(value)


def _digest(value: Any) -> bytes:
    written = json.dumps(value, sort_keys=True, separators=(",", ":"))
    return blake2b(written.encode(), digest_size=16).digest()
