"""A fault in a file, and the error that holds all of them."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tuneready.errors import TunereadyError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

# Faults in one message; `YamlFaults.faults` has them all.
MAX_SHOWN = 100

type Place = tuple[str, int, int]
"""File, line and column, both from 1; a column counts characters."""


type AddFault = Callable[[Place, str], None]
"""Takes a place and what is wrong there."""


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One thing that is wrong, where it is, and what to do about it."""

    file: str
    line: int
    column: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.message}"


class YamlFaults(TunereadyError):  # noqa: N818  it holds several
    """Everything that is wrong in one or more files, one line per fault, in order of place."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = sorted(faults)
        lines = [str(fault) for fault in self.faults[:MAX_SHOWN]]
        if more := len(self.faults) - len(lines):
            lines.append(f"and {more:,} more")
        super().__init__("\n".join(lines))


def nearest(word: str, known: Sequence[str]) -> str:
    """Return `; did you mean "title"?`, or nothing when no known word comes near."""
    close = closest(word, known)
    return f'; did you mean "{close}"?' if close else ""


def closest(word: str, known: Sequence[str]) -> str | None:
    """Return the known word that comes nearest; None when none comes near."""
    cutoff = 0.5 if len(word) <= 3 else 0.6  # of two letters, one may be wrong
    words = _candidates(word, known)
    for tried in dict.fromkeys((word, word.lower())):
        if close := difflib.get_close_matches(tried, words, n=1, cutoff=cutoff):
            return close[0]
    return None


def _candidates(word: str, known: Sequence[str]) -> Sequence[str]:
    """Return the words that can come near; looking closely at tens of thousands takes seconds."""
    if len(known) <= 1000:
        return known
    ends = {word[:3], word[-3:]}
    return [one for one in known if one[:3] in ends or one[-3:] in ends][:1000]
