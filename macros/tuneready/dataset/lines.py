"""Cuts a stream of bytes into lines, wherever the pieces of the stream happen to end.

Goal: every byte is copied at most twice (once into a waiting piece, once when its line is joined),
and memory stays bounded whatever the input. Only 0x0A ends a line: U+2028 and a lone carriage
return do not, so line numbers are those of an editor and of the provider.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

# A longer line is counted, not kept. Larger than any line of text; an example with several
# images inside may be longer, and is then reported as not checked.
LONGEST_LINE = 64 * 1024 * 1024


class Line(NamedTuple):
    """A line without its end. `data` is None when it was too long to keep; `size` is exact."""

    number: int
    offset: int  # of its first byte, from the start of the stream
    data: bytes | None
    size: int


class LineBuffer:
    """Give it bytes, take its lines. After `close` the last line is there too."""

    __slots__ = ("_longest", "_pieces", "_waiting", "bytes", "lines")

    def __init__(self, longest: int = LONGEST_LINE) -> None:
        self.bytes = 0  # read so far
        self.lines = 0  # complete lines so far
        self._longest = longest
        self._pieces: list[bytes] = []
        self._waiting = 0  # bytes of the line that has not ended

    def feed(self, chunk: bytes) -> Iterator[Line]:
        """Yield the lines that end in `chunk`."""
        start = self.bytes - self._waiting
        self.bytes += len(chunk)
        parts = chunk.split(b"\n")
        rest = parts.pop()
        for part in parts:
            if self._waiting:
                line = self._join(part, start)
                start += self._waiting + len(part) + 1
                self._pieces.clear()
                self._waiting = 0
            else:
                self.lines += 1
                size = len(part)
                data = part[:-1] if part.endswith(b"\r") else part
                line = Line(self.lines, start, data if size <= self._longest else None, size)
                start += size + 1
            yield line
        if rest:
            self._waiting += len(rest)
            if self._waiting <= self._longest:
                self._pieces.append(rest)
            else:
                self._pieces.clear()

    def close(self) -> Iterator[Line]:
        """Yield the last line, when the stream did not end with a newline."""
        if self._waiting:
            yield self._join(b"", self.bytes - self._waiting)
            self._pieces.clear()
            self._waiting = 0

    def _join(self, end: bytes, start: int) -> Line:
        self.lines += 1
        size = self._waiting + len(end)
        if size > self._longest:
            return Line(self.lines, start, None, size)
        data = b"".join((*self._pieces, end))
        return Line(self.lines, start, data.removesuffix(b"\r"), size)
