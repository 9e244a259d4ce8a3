"""Reads a JSON array, or a table, as the records that it holds, with the exact place of each.

For targets whose own tool takes such files. A reader stands where `LineBuffer` stands: it is given
bytes, cut anywhere, and returns batches. Its records are numbered from 1 in the order of the file;
`place` turns a place in a record into one in the file, `line_of` gives a record's line. Memory is
bounded by the longest record, plus eight bytes per record for its line.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from tuneready.dataset.arrays import ArrayReader
from tuneready.dataset.filekind import BOM, HEAD, sniff
from tuneready.dataset.tables import TableReader

if TYPE_CHECKING:
    from array import array
    from collections.abc import Callable, Collection, Mapping

    from tuneready.dataset.jsontext import Fault
    from tuneready.dataset.lines import Batch
    from tuneready.finding import Location
    from tuneready.targets.base import Target

    # A rule's name, where, the message and its params.
    type Add = Callable[[str, Location, str, Mapping[str, str | int]], None]


class Reader(Protocol):
    """What the checker asks of whatever cuts a file into records."""

    lines: int  # physical ones so far

    def feed(self, chunk: bytes) -> list[Batch]:
        """Return the records that end in `chunk`."""

    def close(self) -> list[Batch]:
        """Return what is left."""


class RecordReader(Reader, Protocol):
    """A reader of something else than lines: its records have a number instead of a line."""

    starts: array[int]  # the line of each record

    def place(self, place: Location) -> Location:
        """Return where a place in a record of the last batches is in the file."""


def reader_for(
    found: Fault | None, head: bytes, file: str, target: Target, add: Add
) -> RecordReader | None:
    """Return what reads a file whose first bytes are `head`, if the target takes such files.

    `found` is what `filekind.sniff` says. None: the file is one of lines, or nothing to be read.
    """
    inputs = target.inputs
    kind = file.lower().rpartition(".")[2]
    start = head.removeprefix(BOM).lstrip()[:1]
    if found is None:
        if kind == "json" and "json" in inputs and start == b"[":
            return ArrayReader(add)
        if kind in ("csv", "tsv") and kind in inputs and start not in (b"", b"{", b"["):
            return TableReader(add, _separator(head, kind), _kinds(target))
    elif found.rule == "json-array-file" and "json" in inputs:
        return ArrayReader(add)
    elif found.rule == "table-file":
        separator = _separator(head, kind)
        taken = {b",": "csv", b"\t": "tsv"}.get(separator, "")
        if taken in inputs:
            return TableReader(add, separator, _kinds(target))
    return None


def records_at_start(start: bytes) -> list[bytes] | None:
    """Return the first records of an array or a table; None when the file is one of lines.

    Whatever is wrong is left for the checker to say.
    """

    def ignore(*_: object) -> None:
        pass

    found = sniff(start[:HEAD], whole=False)
    if found is None or found.rule not in ("json-array-file", "table-file"):
        return None
    reader: Reader = (
        ArrayReader(ignore)
        if found.rule == "json-array-file"
        else TableReader(ignore, _separator(start[:HEAD], ""), {})
    )
    batches = reader.feed(start) or reader.close()
    return [line for batch in batches for line in batch.lines]


def line_of(starts: array[int], number: int) -> int:
    """Return the line of a record; a number that is not there stays as it is."""
    return starts[number - 1] if 0 < number <= len(starts) else number


def _separator(head: bytes, kind: str) -> bytes:
    first = head.removeprefix(BOM).lstrip().split(b"\n", 1)[0]
    if kind == "tsv" or (b"\t" in first and b"," not in first):
        return b"\t"
    return b";" if b";" in first and b"," not in first else b","


def _kinds(target: Target) -> dict[str, Collection[str]]:
    """Return what the columns of a table may hold, by their names."""
    found: dict[str, set[str]] = {}
    for layout in target.layouts:
        for name, key in layout.keys.items():
            found.setdefault(name, set()).add(key.holds)
    return dict(found)
