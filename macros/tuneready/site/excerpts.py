"""Examples of the catalogue as lines to show: escaped, shortened, with the place of a finding."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from tuneready.escaping import escaped

MAX_LINES = 12
MAX_CHARACTERS = 420  # of one line; six lines of a page
_CONTROLS = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")
MAX_TOTAL = 500  # of all lines together
FURTHEST = 4  # lines that are shown to reach a finding
AROUND = 120  # characters kept before a place in a line that is cut


@dataclass(frozen=True, slots=True)
class ShownLine:
    """One line in three pieces, of which `marked` is where the finding is; it may be empty."""

    before: str
    marked: str
    after: str
    hidden: int  # characters that were left out


@dataclass(frozen=True, slots=True)
class Excerpt:
    """The lines of an example that are shown, and how many are not."""

    lines: tuple[ShownLine, ...]
    more_lines: int
    has_escapes: bool  # bytes or characters that cannot be printed stand as \\x.. or \\u....


def excerpt(data: str | bytes, line: int | None = None, column: int | None = None) -> Excerpt:
    """Return what to show of an example.

    Args:
        data: The example as it stands in the catalogue.
        line: The line of a finding in it, from 1.
        column: Its column, in characters from 1.

    """
    readable = isinstance(data, str) or _is_utf8(data)
    text = data if isinstance(data, str) else data.decode("utf-8", "backslashreplace")
    if not readable:  # bytes, then, and not characters that cannot be printed
        text = _CONTROLS.sub(lambda found: f"\\x{ord(found[0]):02x}", text)
    lines = text.split("\n")
    if lines[-1] == "":
        lines.pop()
    shown = [
        _line(one, column if number == line else None)
        for number, one in enumerate(lines[: _enough(lines, line)], 1)
    ]
    plain = all(escaped(one) == one for one in lines[: len(shown)])
    return Excerpt(tuple(shown), len(lines) - len(shown), not (plain and readable))


def _enough(lines: list[str], line: int | None) -> int:
    """Return how many lines to show: a page's worth, and as far as the finding where that is near."""
    characters = 0
    for number, one in enumerate(lines[:MAX_LINES], 1):
        characters += min(len(one), MAX_CHARACTERS)
        if characters >= MAX_TOTAL and number >= min(line or 1, FURTHEST):
            return number
    return min(len(lines), MAX_LINES)


def _line(text: str, column: int | None) -> ShownLine:
    start = len(text) if column is None else min(column - 1, len(text))
    end = start if column is None else _end(text, start)
    before, marked, after = text[:start], text[start:end], text[end:]
    hidden = 0
    if len(text) > MAX_CHARACTERS:
        if len(before) > AROUND and column is not None:
            cut = len(before) - AROUND
            hidden += cut
            before = "…" + before[cut:]
        before, lost = _cut(before, MAX_CHARACTERS)
        marked, lost_marked = _cut(marked, max(MAX_CHARACTERS - len(before), 0))
        after, lost_after = _cut(after, max(MAX_CHARACTERS - len(before) - len(marked), 0))
        hidden += lost + lost_marked + lost_after
    return ShownLine(escaped(before), escaped(marked), escaped(after), hidden)


def _cut(text: str, longest: int) -> tuple[str, int]:
    if len(text) <= longest:
        return text, 0
    return text[:longest] + "…", len(text) - longest


def _end(text: str, start: int) -> int:
    """Return where the value that begins at `start` ends; a place without one is one character."""
    try:
        _, end = json.JSONDecoder().raw_decode(text, start)
    except ValueError:
        return min(start + 1, len(text))
    # A mark around the whole line says nothing.
    return start if start == 0 and end >= len(text.rstrip()) else end


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True
