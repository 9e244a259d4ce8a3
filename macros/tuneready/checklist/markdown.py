"""Markdown around words of people, of which nothing acts as Markdown or HTML."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tuneready.checklist.answer_words import link_of
from tuneready.escaping import readable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_MARKUP = re.compile(r"([\\`*_\[\]#|~!$^])")
# At the start of a line these begin a list, a quotation, a heading or a table.
_START = re.compile(r"^([-+=:])|^([0-9]{1,9})([.)])")


def plain(text: str) -> str:
    """Return a text as one line of Markdown."""
    return " ".join(_line(line) for line in text.splitlines())


def lines(text: str, indent: str = "") -> str:
    """Return a text with its line breaks, for a paragraph or an entry of a list."""
    kept = [_line(line) for line in text.strip().splitlines()]
    # A blank line would end a list's entry; a backslash at its end breaks a line.
    return f"\\\n{indent}".join(line or "&nbsp;" for line in kept)


def linked(text: str) -> str:
    """Return an address as a link, if it is one of the web and nothing else; otherwise as words."""
    address = link_of(text)
    return f"<{address}>" if address else plain(text)


def table(rows: Sequence[Iterable[str]]) -> str:
    """Return rows, the first of which is the head; their cells are Markdown."""
    head, *body = [f"| {' | '.join(row)} |" for row in rows]
    width = len(list(rows[0]))
    return "\n".join([head, "|" + " --- |" * width, *body])


def _line(text: str) -> str:
    found = readable(text).strip()
    found = found.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    found = _MARKUP.sub(r"\\\1", found)
    return _START.sub(
        lambda match: f"\\{match[1]}" if match[1] else f"{match[2]}\\{match[3]}", found
    )
