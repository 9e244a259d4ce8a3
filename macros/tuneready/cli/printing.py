"""How commands print data and short texts."""

from __future__ import annotations

import json
import shutil
import sys
import textwrap
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

WIDTH = 100  # where there is no terminal to ask
WIDEST = 120


def print_json(data: Any) -> None:
    """Print plain data as JSON for people and programs."""
    sys.stdout.write(json.dumps(data, ensure_ascii=False, indent=2) + "\n")


def wrapped(text: str, first: str = "", after: str | None = None) -> Iterator[str]:
    """Yield the lines of a text, as wide as the terminal; addresses and names stay whole."""
    width = min(shutil.get_terminal_size((WIDTH, 24)).columns, WIDEST)
    yield from textwrap.wrap(
        text,
        max(width, 40),
        initial_indent=first,
        subsequent_indent=first if after is None else after,
        break_long_words=False,
        break_on_hyphens=False,
    )
