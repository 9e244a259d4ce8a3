"""Cuts a stream of bytes into lines, wherever the pieces of the stream happen to end.

Goal: every byte is copied at most twice (once into a waiting piece, once when its line is joined),
memory stays bounded whatever the input, and a line costs no object of ours: lines come in batches.
Only 0x0A ends a line: U+2028 and a lone carriage return do not, so line numbers are those of an
editor and of the provider.
"""

from __future__ import annotations

from typing import NamedTuple

# A longer line is counted, not kept. Larger than any line of text; an example with several
# images inside may be longer, and is then reported as not checked.
LONGEST_LINE = 64 * 1024 * 1024


class Batch(NamedTuple):
    """Lines that follow each other, without their line feeds.

    A line that was too long to keep comes alone: `lines` is empty and `too_long` is its size.
    """

    number: int  # of the first line, from 1
    offset: int  # of its first byte, from the start of the stream
    lines: list[bytes]
    too_long: int = 0


class LineBuffer:
    """Give it bytes, take its lines. After `close` the last line is there too."""

    __slots__ = ("_longest", "_pieces", "_waiting", "bytes", "lines")

    def __init__(self, longest: int = LONGEST_LINE) -> None:
        self.bytes = 0  # read so far
        self.lines = 0  # complete lines so far
        self._longest = longest
        self._pieces: list[bytes] = []
        self._waiting = 0  # bytes of the line that has not ended

    @property
    def waiting(self) -> int:
        """Bytes of the line that has not ended."""
        return self._waiting

    def feed(self, chunk: bytes) -> list[Batch]:
        """Return the lines that end in `chunk`."""
        start = self.bytes - self._waiting
        lines = chunk.split(b"\n")
        rest = lines.pop()
        batches: list[Batch] = []
        if lines:
            size = self._waiting + len(lines[0])
            if size > self._longest:
                batches.append(self._batch(start, [], size))
                start += size + 1
                del lines[0]
            elif self._waiting:
                lines[0] = b"".join((*self._pieces, lines[0]))
            self._pieces.clear()
            self._waiting = 0
            if lines and len(chunk) > self._longest:
                for line in lines:
                    too_long = len(line) > self._longest
                    size = len(line) if too_long else 0
                    batches.append(self._batch(start, [] if too_long else [line], size))
                    start += len(line) + 1
            elif lines:
                batches.append(self._batch(start, lines))
        self._wait(rest)
        # Last, so that both counts tell where the line begins at which memory ends.
        self.bytes += len(chunk)
        return batches

    def close(self) -> list[Batch]:
        """Return the last line, when the stream did not end with a line feed."""
        size, self._waiting = self._waiting, 0
        if not size:
            return []
        start = self.bytes - size
        if size > self._longest:
            return [self._batch(start, [], size)]
        return [self._batch(start, [b"".join(self._pieces)])]

    def _wait(self, rest: bytes) -> None:
        if rest:
            self._waiting += len(rest)
            if self._waiting <= self._longest:
                self._pieces.append(rest)
            else:
                self._pieces.clear()

    def _batch(self, start: int, lines: list[bytes], too_long: int = 0) -> Batch:
        number = self.lines + 1
        self.lines += len(lines) or 1
        return Batch(number, start, lines, too_long)
