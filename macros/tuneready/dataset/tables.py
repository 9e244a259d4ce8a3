"""Reads a table (CSV or TSV) as records: every row an object, its keys the names in the first row.

Quotes as in RFC 4180, which pandas and Hugging Face datasets follow: a cell may stand in double
quotes, may then hold separators and line feeds, and writes a quote as two. What cells mean follows
those readers as well: an empty one is null, and true, false and numbers are values where the target
expects such. No numbers are made of texts elsewhere: a text of digits stays a text.
"""

from __future__ import annotations

import json
import re
from array import array
from typing import TYPE_CHECKING, Any, NamedTuple

from tuneready.dataset.decoding import decode
from tuneready.dataset.filekind import BOM
from tuneready.dataset.lines import LONGEST_LINE, Batch
from tuneready.dataset.quoting import path_text, shown
from tuneready.finding import Location
from tuneready.locale import N_

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from tuneready.dataset.inputs import Add

_BOOLEANS = {"true": True, "false": False}
_NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,15})?")


class _Cell(NamedTuple):
    start: int  # byte in the file
    line: int
    column: int
    data: bytes  # as it means, without quotes


class TableReader:
    """A reader (see `inputs`) of a table. `kinds` says what columns may hold, by their names."""

    def __init__(
        self,
        add: Add,
        separator: bytes,
        kinds: Mapping[str, Collection[str]],
        longest: int = LONGEST_LINE,
    ) -> None:
        self.lines = 0
        self.starts = array("Q")
        self._add = add
        self._kinds = kinds
        self._longest = longest
        mark = re.escape(separator)
        # A cell and what ends it. Two or more quotes inside quotes are looked at later.
        self._cell = re.compile(
            rb'(?:"((?:[^"]++|"")*+)"(?!")|([^"' + mark + rb"\r\n][^" + mark + rb"\r\n]*+|))"
            rb"(?:(" + mark + rb")|\r?\n|\r|\Z)"
        )
        self._data = b""
        self._base = 0
        self._line = 1
        self._ended = True
        self._lost = False  # nothing behind a quote that never closes can be told apart
        self._header: list[str] | None = None
        self._paths: list[str] = []
        self._rows: dict[int, list[_Cell]] = {}

    def feed(self, chunk: bytes) -> list[Batch]:
        """Return the rows that end in `chunk`."""
        self.lines += chunk.count(b"\n")
        if chunk:
            self._ended = chunk.endswith(b"\n")
        if self._lost:
            return []
        self._data += chunk
        if self._base == 0 and self._line == 1 and self._data.startswith(BOM):
            self._data = self._data[len(BOM) :]
            self._base = len(BOM)
        return self._read(last=False)

    def close(self) -> list[Batch]:
        """Return what is left."""
        self.lines += not self._ended
        return [] if self._lost else self._read(last=True)

    def place(self, place: Location) -> Location:
        """Return where the cell is that a place in a record belongs to; else its row."""
        if place.line is None:
            return place
        cells = self._rows.get(place.line)
        if cells is None:
            return Location(self.starts[place.line - 1], None, None, place.path)
        cell = cells[0]
        for path, candidate in zip(self._paths, cells, strict=True):
            if place.path is not None and (
                place.path == path or place.path.startswith((f"{path}.", f"{path}["))
            ):
                cell = candidate
        return Location(cell.line, cell.column, cell.start, place.path)

    def _read(self, *, last: bool) -> list[Batch]:
        self._rows.clear()
        batches: list[Batch] = []
        at = 0
        while at < len(self._data) and not self._lost:
            row = self._row(at, last=last)
            if row is None:
                break
            cells, end = row
            line = self._line
            self._line += self._data.count(b"\n", at, end)
            if self._data[at:end].strip(b"\r\n"):  # blank rows are skipped, as pandas does
                self._take(batches, line, cells)
            at = end
        self._data = self._data[at:]
        self._base += at
        if len(self._data) > self._longest:
            self._give_up()
        return batches

    def _row(self, at: int, *, last: bool) -> tuple[list[_Cell], int] | None:
        """Return the cells of the row at `at` and where it ends; None when it is not all there."""
        cells: list[_Cell] = []
        data, start = self._data, at
        while True:
            found = self._cell.match(data, at)
            if found is None:
                if not last and len(data) - start <= self._longest:
                    return None
                return self._unreadable(at, start)
            complete = found.end() < len(data) or data.endswith(b"\n") or found[3]
            if not complete and not last:
                return None
            quoted, plain, more = found.groups()
            text = plain if quoted is None else quoted.replace(b'""', b'"')
            cells.append(_Cell(self._base + at, *self._column(start, at), text))
            at = found.end()
            if more is None:
                return cells, at

    def _unreadable(self, at: int, start: int) -> tuple[list[_Cell], int]:
        """Say what is wrong with a cell, and go on in the next line where that can be told."""
        data = self._data
        line, column = self._column(start, at)
        place = Location(line, column, self._base + at)
        inside = re.compile(rb'"(?:[^"]++|"")*+"').match(data, at)
        if inside is None:
            self._add(
                "quote-not-closed",
                place,
                N_("The quote that opens here is not closed; what follows it was not looked at."),
                {},
            )
            self._lost = True
            return [], len(data)
        line, column = self._column(start, inside.end())
        self._add(
            "text-after-quote",
            Location(line, column, self._base + inside.end()),
            N_("Text follows the quote that ends this cell."),
            {},
        )
        feed = data.find(b"\n", inside.end())
        return [], len(data) if feed < 0 else feed + 1

    def _column(self, start: int, at: int) -> tuple[int, int]:
        """Return line and column of an index, given that of the row's start."""
        before = self._data[start:at]
        feeds = before.count(b"\n")
        if feeds:
            before = before[before.rindex(b"\n") + 1 :]
        return self._line + feeds, len(before.decode(errors="replace")) + 1

    def _take(self, batches: list[Batch], line: int, cells: list[_Cell]) -> None:
        texts: list[str] = []
        for cell in cells:
            text = decode(cell.data)
            if not isinstance(text, str):
                start, fault = text
                place = Location(cell.line, cell.column + fault.at, cell.start + start)
                self._add(fault.rule, place, fault.message, fault.params)
                return
            texts.append(text)
        if not cells:
            return
        if self._header is None:
            self._begin(texts, cells)
        elif len(cells) != len(self._header):
            odd = cells[len(self._header)] if len(cells) > len(self._header) else cells[0]
            self._add(
                "row-of-other-length",
                Location(odd.line, odd.column, odd.start),
                N_("The row has {cells} cells; the first row names {columns} columns."),
                {"cells": len(cells), "columns": len(self._header)},
            )
        else:
            self.starts.append(line)
            number = len(self.starts)
            self._rows[number] = cells
            named = zip(self._header, texts, strict=True)
            record = {name: self._value(name, text) for name, text in named}
            data = json.dumps(record, ensure_ascii=False).encode("utf-8", "surrogatepass")
            batches.append(Batch(number, cells[0].start, [data]))

    def _begin(self, names: list[str], cells: list[_Cell]) -> None:
        self._header = names
        self._paths = [path_text((name,)) or "" for name in names]
        for index, (name, cell) in enumerate(zip(names, cells, strict=True)):
            place = Location(cell.line, cell.column, cell.start)
            if not name.strip():
                message = N_("Column {number} has no name.")
                self._add("column-name", place, message, {"number": index + 1})
            elif name in names[:index]:
                message = N_("Two columns are named {name}.")
                self._add("column-name", place, message, {"name": shown(name)})

    def _value(self, name: str, text: str) -> Any:
        if not text:
            return None
        kinds = self._kinds.get(name, ())
        if "boolean" in kinds and text.lower() in _BOOLEANS:
            return _BOOLEANS[text.lower()]
        if ("number" in kinds or "integer" in kinds) and _NUMBER.fullmatch(text):
            return float(text) if "." in text else int(text)
        return text

    def _give_up(self) -> None:
        size = len(self._data)
        place = Location(self._line, 1, self._base)
        message = N_("The line has {size} bytes; lines up to {most} bytes are checked.")
        self._add("line-too-long", place, message, {"size": size, "most": self._longest})
        self._lost = True
        self._data = b""
