"""Lines of text for a terminal: headings, lists, and paragraphs that are wrapped."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

WIDTH = 88
"""Columns."""


def part(title: str, entries: Iterable[Iterable[str]]) -> Iterator[str]:
    """Yield a heading and its entries; nothing when there are none."""
    lines = [line for entry in entries for line in entry]
    if lines:
        yield from ("", title, "-" * len(title), *lines)


def bullet(text: str) -> list[str]:
    return wrapped(text, indent="  - ", rest="    ")


def wrapped(text: str, indent: str = "", rest: str | None = None) -> list[str]:
    following = indent if rest is None else rest
    return textwrap.wrap(text, WIDTH, initial_indent=indent, subsequent_indent=following)
