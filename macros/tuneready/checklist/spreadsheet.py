"""CSV for spreadsheets: RFC 4180 with a byte order mark, in which no cell acts as a formula.

Spreadsheets run what begins with = + - @, and some with a tab or a line break; an apostrophe in
front makes it text. Inside a cell the same holds behind a semicolon or a line break, because a
spreadsheet that expects semicolons between cells cuts there. `freed` takes the apostrophes away
again, and exactly those.
"""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MARK = "\ufeff"
"""Without it, common spreadsheets take UTF-8 for something else."""

_FORMULA = r"[=+\-@\t\r＝＋－＠]"
# A hyphen and a space begin an entry of a list.
_INSIDE = r"(?:[=+@＝＋－＠]|-(?=[^\s-]))"
_UNSAFE = re.compile(rf"\A(?='*{_FORMULA})|(?<=[;\n\r])(?='*{_INSIDE})")
_SAFE = re.compile(rf"\A'(?='*{_FORMULA})|(?<=[;\n\r])'(?='*{_INSIDE})")


def defused(text: str) -> str:
    """Return a cell's text with an apostrophe wherever a formula could begin."""
    return _UNSAFE.sub("'", text)


def freed(text: str) -> str:
    """Return the text that `defused` was given."""
    return _SAFE.sub("", text)


def written(rows: Iterable[Sequence[str | int]]) -> str:
    """Return rows as the text of a file."""
    file = io.StringIO(newline="")
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerows([defused(str(cell)) for cell in row] for row in rows)
    return MARK + file.getvalue()
