"""A file that several workers of a page check: each takes pieces, cut at line ends, and tells the first.

The outcome is that of one worker, byte for byte. `workers` does the same with processes; there each
has one piece, and here whoever is free takes the next, because nobody knows how fast the others are.
"""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING, Literal, NamedTuple

from tuneready.dataset.checker import Checker
from tuneready.dataset.recognition import AutoChecker, Comparison, Matrix
from tuneready.targets import find_target

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tuneready.dataset.checker import CountTokens, Progress
    from tuneready.dataset.report import Report

# What remains is shared in pieces, smaller towards the end, so that all are done at the same time.
SMALLEST, LARGEST = 2 << 20, 16 << 20  # bytes
# Another worker starts in the time in which some megabytes are checked.
WORTH_SHARING = 16 << 20  # bytes
MOST_HELPERS = 3  # more of them wait for the one that puts everything together
MEMORY_FOR_TWO = 4  # gigabytes, as browsers tell them: 8 at most


def helpers_for(
    size: int,
    cores: int,
    memory: float | None,
    workers: int | None,
    depth: Literal["format", "full"] = "full",
) -> int:
    """Return how many workers should help with a file of `size` bytes.

    `memory`: gigabytes, where the browser tells. `workers`: how many are wanted in all, if anyone
    said so. The page itself needs little while a check runs, but with three cores and more it
    keeps one. A look at the format alone is as fast as the bytes are read and hashed, which one
    worker does: of 64 MB another made it slower by a third and more, of 512 MB faster by a twentieth.
    """
    if workers is not None:
        return max(0, workers - 1)
    if size < WORTH_SHARING or cores < 2 or depth == "format":
        return 0
    most = 1 if memory is not None and memory < MEMORY_FOR_TWO else MOST_HELPERS
    return min(most, max(1, cores - 2))


def piece_size(left: int, workers: int) -> int:
    """Return how many bytes, of those `left`, one worker should take next."""
    return min(max(left // (4 * workers), SMALLEST), LARGEST)


class Part(NamedTuple):
    """What was found in one piece; `comparison` when no target was named."""

    report: Report
    comparison: Comparison | None


class PieceChecker:
    """Checks a piece behind the first. `asked`: the targets that still may accept the file, if compared."""

    def __init__(
        self,
        target: str,
        *,
        file: str,
        model: str | None,
        depth: Literal["format", "full"],
        tokens: CountTokens | None,
        asked: Sequence[str] | None,
    ) -> None:
        self._checker = Checker(
            find_target(target),
            file=file,
            model=model,
            depth=depth,
            tokens=tokens,
            first=False,
            digest=False,
        )
        self._matrix = None if asked is None else Matrix(file, asked, first=False)

    @property
    def asked(self) -> list[str] | None:
        """The targets that may still accept the file; None where none are compared."""
        return None if self._matrix is None else self._matrix.asked

    @property
    def checker(self) -> Checker:
        """The checker for the target."""
        return self._checker

    @property
    def progress(self) -> Progress:
        """Of this piece."""
        return self._checker.progress

    def feed(self, chunk: bytes) -> None:
        """Take the next bytes, cut anywhere."""
        if self._matrix is not None:
            self._matrix.feed(chunk)
        self._checker.feed(chunk)

    def close(self) -> Part:
        """End the piece."""
        comparison = None if self._matrix is None else self._matrix.close()
        return Part(self._checker.close(), comparison)


class Parts:
    """The parts of one file, which come in any order."""

    def __init__(self) -> None:
        self._parts: dict[int, Part] = {}  # by the first byte

    def __len__(self) -> int:
        return len(self._parts)

    def add(self, start: int, part: Part) -> None:
        """Take the part that begins with byte `start` of the file."""
        self._parts[start] = part

    def add_packed(self, start: int, packed: bytes) -> None:
        """Take a part that another worker of ours packed."""
        part = pickle.loads(packed)  # noqa: S301  from `packed`, over a channel of our own
        if not isinstance(part, Part):
            raise TypeError(type(part).__name__)
        self._parts[start] = part

    def whole(self) -> Report:
        """Return the report on the whole file; without the digest, which has no parts."""
        (_, (report, comparison)), *others = sorted(self._parts.items())
        for start, part in others:
            if start != report.bytes:
                raise ValueError(f"a piece is missing before byte {start}")
            if comparison is not None and part.comparison is not None:
                comparison.merge(part.comparison)
            report.merge(part.report)
        if comparison is not None:
            report.matrix = comparison.rows()
        return report


def packed(part: Part) -> bytes:
    """Return a part as bytes, for another worker."""
    return pickle.dumps(part, protocol=pickle.HIGHEST_PROTOCOL)


def first_part(checker: Checker | AutoChecker) -> Part:
    """End the piece that begins a file."""
    if isinstance(checker, AutoChecker):
        return Part(*checker.close_piece())
    return Part(checker.close(), None)
