"""Cuts one JSON array into its entries, without reading it whole.

Brackets and strings are enough to find where an entry ends; what is inside is read later, as the
record that it is. In a broken array brackets do not add up and one entry would seem to go on to the
end. Then entries are also taken to end where a line begins as the first entry's line did, so that
the fault stays with the entry that has it.
"""

from __future__ import annotations

import re
from array import array
from typing import TYPE_CHECKING, NamedTuple

from tuneready.dataset.filekind import BOM
from tuneready.dataset.lines import LONGEST_LINE, Batch
from tuneready.finding import Location
from tuneready.locale import N_

if TYPE_CHECKING:
    from tuneready.dataset.inputs import Add

_SPACE = re.compile(rb"[ \t\r\n]*+")
# All that stands before the next bracket; a string that does not end yet stops it, too.
_INSIDE = re.compile(rb'(?:[^"{}\[\]]++|"(?:[^"\\]++|\\.)*+")*+', re.DOTALL)
_SCALAR = re.compile(rb'"(?:[^"\\]++|\\.)*+"|[^\s,\]"]++', re.DOTALL)
_INDENT = re.compile(rb"(?:^|\n)([ \t]*)$")
_CONTINUING = bytes(range(0x80, 0xC0))  # bytes of a character after its first


class _Entry(NamedTuple):
    start: int  # byte in the file
    line: int
    column: int
    data: bytes


class ArrayReader:
    """A reader (see `inputs`) of a file that is one JSON array."""

    def __init__(self, add: Add, longest: int = LONGEST_LINE) -> None:
        self.lines = 0
        self.starts = array("Q")
        self._add = add
        self._longest = longest
        self._data = b""  # from the byte `_base` of the file
        self._base = 0
        self._at = 0  # of what is looked at next, or of the entry that is being read
        self._expects = "["  # then a value, a comma, or the end
        self._comma: Location | None = None  # the last one, while no value follows it
        self._line = 1  # of `_at`
        self._column = 1
        self._scanned = 0  # how far the open entry was looked at, and how deep it was there
        self._depth = 0
        self._again: re.Pattern[bytes] | None = None  # where a line begins as the first entry's
        self._broken = False  # brackets do not add up
        self._took_end = False  # an object ended with ], which may have been the array's
        self._ended = True  # the file so far ends with a line feed
        self._entries: dict[int, _Entry] = {}

    def feed(self, chunk: bytes) -> list[Batch]:
        """Return the entries that end in `chunk`."""
        self.lines += chunk.count(b"\n")
        if chunk:
            self._ended = chunk.endswith(b"\n")
        if self._expects == "nothing":
            return []
        self._data = self._data[self._at :] + chunk
        self._base += self._at
        self._scanned -= self._at
        self._at = 0
        self._entries.clear()
        return self._read(last=False)

    def close(self) -> list[Batch]:
        """Return what is left, and say what the array lacks."""
        self.lines += not self._ended
        if self._expects == "nothing":
            return []
        self._entries.clear()
        batches = self._read(last=True)
        if self._expects in ("[", "value", "comma") and not self._took_end:
            message = N_("The file ends here, but the array does not: its closing ] is missing.")
            self._add("line-ends-early", self._here(), message, {})
        self._expects = "nothing"
        return batches

    def place(self, place: Location) -> Location:
        """Return where a place in an entry is in the file; the path begins with the entry."""
        if place.line is None:
            return place
        index = f"[{place.line - 1}]"
        path = place.path or ""
        path = index + (path if path.startswith("[") or not path else f".{path}")
        entry = self._entries.get(place.line)
        if entry is None or place.byte is None:
            return Location(self.starts[place.line - 1], None, None, path)
        before = entry.data[: place.byte - entry.start]
        line, column = _after(before, entry.line, entry.column)
        return Location(line, column, place.byte, path)

    def _read(self, *, last: bool) -> list[Batch]:
        batches: list[Batch] = []
        while self._expects != "nothing":
            if self._expects != "rest":  # otherwise an entry is open
                self._go(_SPACE.match(self._data, self._at).end())  # type: ignore[union-attr]
            if self._at >= len(self._data):
                break
            if self._expects in ("value", "rest"):
                if not self._value(batches, last=last):
                    break
            elif not self._mark():
                break
        return batches

    def _mark(self) -> bool:
        """Take the bracket or comma that is due here; return whether there may be more."""
        char = self._data[self._at : self._at + 1]
        match self._expects, char:
            case "[", _:
                size = len(BOM) if self._data.startswith(BOM, self._at) else 0
                self._go(self._at + size)
                if size:
                    self._column -= 1  # it is no character of the text
                    return True
                self._go(self._at + 1)
                self._expects = "value"
            case "comma", b",":
                self._comma = self._here()
                self._go(self._at + 1)
                self._expects = "value"
            case "comma", b"]":
                self._go(self._at + 1)
                self._expects = "end"
            case "comma", b"{" | b'"' | b"[":
                message = N_("A comma is missing before this entry of the array.")
                self._add("missing-comma", self._here(), message, {})
                self._expects = "value"
                self._comma = None
            case "comma", _:
                self._add(
                    "unexpected-character",
                    self._here(),
                    N_("This does not belong between two entries of the array; expected a comma."),
                    {},
                )
                self._go(_SCALAR_OR_ONE.match(self._data, self._at).end())  # type: ignore[union-attr]
            case _:
                message = N_("The array has ended, but something follows it.")
                self._add("text-after-record", self._here(), message, {})
                self._expects = "nothing"
                return False
        return True

    def _value(self, batches: list[Batch], *, last: bool) -> bool:
        """Take the entry that begins here; return False when more bytes are needed for it."""
        data, start = self._data, self._at
        if self._expects == "value":
            if data[start : start + 1] == b"]":
                if self._comma is not None:
                    message = N_("A comma stands before the bracket that ends the array.")
                    self._add("trailing-comma", self._comma, message, {})
                self._go(start + 1)
                self._expects = "end"
                return True
            if data[start : start + 1] == b",":
                message = N_("Two commas follow each other; an entry is missing between them.")
                self._add("unexpected-character", self._here(), message, {})
                self._go(start + 1)
                return True
            self._expects, self._scanned, self._depth = "rest", start, 0
            self._note_indent()
        end = self._end(last=last)
        if end is None and not last and len(data) - start <= self._longest:
            return False
        if end is None and self._again is not None and not self._broken:
            self._broken = True  # look again, with other ends
            self._scanned, self._depth = start, 0
            return True
        if end is None:
            if len(data) - start > self._longest:
                self._too_long(batches, len(data) - start)
                return False
            end = len(data)  # its own fault says that it does not end; nor does the array, then
            self._expects = "nothing"
        else:
            self._expects = "comma"
        self._take(batches, data[start:end])
        self._comma = None
        self._go(end)
        return True

    def _end(self, *, last: bool) -> int | None:
        """Return where the open entry ends, or None when that is not to be seen yet."""
        data, at = self._data, self._scanned
        limit = len(data)
        cut = None
        if self._broken and self._again is not None:
            cut = self._again.search(data, self._at + 1)
            if cut is None and not last:
                return None
            limit = cut.start() if cut else len(data)
        if not self._depth and data[self._at] not in b"{[":
            found = _SCALAR.match(data, self._at, limit)
            if found and (found.end() < limit or last or cut):
                return found.end()
            return None
        while True:
            inside = _INSIDE.match(data, at, limit)
            at = inside.end() if inside else at
            if at >= limit or data[at] == 0x22:  # a string goes on
                self._scanned = at
                break
            self._depth += 1 if data[at] in b"{[" else -1
            at += 1
            if not self._depth:
                return at
        if not self._broken:
            return None
        # As far as the next entry, without the comma before that one.
        ends = len(data[:limit].rstrip().removesuffix(b","))
        if cut is not None:
            return ends
        return len(data[: ends - 1].rstrip()) if data[:ends].endswith(b"]") else None

    def _note_indent(self) -> None:
        """Remember how the line of the first entry begins."""
        if self._again is None and self._column > 1 and not self.starts:
            before = b" " * 0
            found = _INDENT.search(self._data[: self._at])
            if found is None:
                return
            before = found[1]
            self._again = re.compile(rb"\r?\n" + re.escape(before) + rb"(?=\{)")
        elif self._again is None and not self.starts:
            self._again = re.compile(rb"\r?\n(?=\{)")

    def _take(self, batches: list[Batch], entry: bytes) -> None:
        self.starts.append(self._line)
        number = len(self.starts)
        start = self._base + self._at
        self._entries[number] = _Entry(start, self._line, self._column, entry)
        self._took_end = entry.startswith(b"{") and entry.endswith(b"]")
        batches.append(Batch(number, start, [entry]))

    def _too_long(self, batches: list[Batch], size: int) -> None:
        self.starts.append(self._line)
        number = len(self.starts)
        start = self._base + self._at
        self._entries[number] = _Entry(start, self._line, self._column, b"")
        batches.append(Batch(number, start, [], size))
        self._expects = "nothing"
        self._data = b""
        self._at = 0

    def _go(self, at: int) -> None:
        """Move on to an index of the data, minding lines and columns."""
        passed = self._data[self._at : at]
        self._line, self._column = _after(passed, self._line, self._column)
        self._at = at

    def _here(self) -> Location:
        return Location(self._line, self._column, self._base + self._at)


_SCALAR_OR_ONE = re.compile(rb'[^\s,\[\]{}"]++|.', re.DOTALL)


def _after(passed: bytes, line: int, column: int) -> tuple[int, int]:
    """Return line and column behind `passed`, which begins at the given ones."""
    feeds = passed.count(b"\n")
    if feeds:
        passed = passed[passed.rindex(b"\n") + 1 :]
        column = 1
    return line + feeds, column + len(passed.translate(None, _CONTINUING))
