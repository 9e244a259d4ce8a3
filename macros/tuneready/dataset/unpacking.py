"""Unpacks gzip as it comes, within bounds: a file of a few kilobytes can hold terabytes of zeros."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from tuneready.errors import TunereadyError
from tuneready.finding import Finding, Location
from tuneready.locale import N_

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tuneready.dataset.report import Report

MAGIC = b"\x1f\x8b"
PIECE = 1 << 20  # bytes unpacked at a time
MOST = 64 << 30  # bytes unpacked: more than any target takes
# Text packs to a tenth, and the same line over and over to a hundredth; deflate ends at 1,032 to 1.
STEEPEST = 250
FREE = 64 << 20  # bytes unpacked before the ratio counts: small files may hold much of the same


class Unpacker:
    """Takes the bytes of a gzip file, cut anywhere, and gives what is inside.

    Raises:
        TunereadyError: From any method, when the file is damaged or exceeds a bound.

    """

    def __init__(
        self, file: str, *, most: int = MOST, steepest: int = STEEPEST, free: int = FREE
    ) -> None:
        self._file = file
        self._most = most
        self._steepest = steepest
        self._free = free
        self._packed = 0
        self._unpacked = 0
        self._inside = zlib.decompressobj(wbits=31)
        self._padding = False

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        """Yield what `chunk` holds, in pieces of a bounded size."""
        self._packed += len(chunk)
        while chunk:
            if self._inside.eof:  # another member, or zero bytes as tapes have them
                if self._padding or chunk[:1] == b"\0":
                    self._padding = True
                    if chunk.strip(b"\0"):
                        raise self._damaged()
                    return
                self._inside = zlib.decompressobj(wbits=31)
            try:
                piece = self._inside.decompress(chunk, PIECE)
            except zlib.error:
                raise self._damaged() from None
            chunk = self._inside.unused_data if self._inside.eof else self._inside.unconsumed_tail
            self._unpacked += len(piece)
            self._bound()
            if piece:
                yield piece

    def close(self) -> None:
        """Make sure that the file was complete."""
        if not self._inside.eof:
            raise TunereadyError(
                N_(
                    "{file} breaks off: what is left of the gzip file holds {bytes} bytes. Make or fetch it again."
                ),
                file=self._file,
                bytes=self._unpacked,
            )

    def _bound(self) -> None:
        if self._unpacked > self._most:
            raise TunereadyError(
                N_(
                    "{file} unpacks to more than {most}, which is not read here. Unpack it yourself, or cut it."
                ),
                file=self._file,
                most=_size(self._most),
            )
        if self._unpacked > max(self._free, self._packed * self._steepest):
            raise TunereadyError(
                N_(
                    "{file} unpacks to more than {times} times its size, as no dataset does. If it is one, unpack it yourself."
                ),
                file=self._file,
                times=self._steepest,
            )

    def _damaged(self) -> TunereadyError:
        return TunereadyError(
            N_(
                "{file} is a damaged gzip file: it cannot be unpacked beyond {bytes} bytes. Make or fetch it again."
            ),
            file=self._file,
            bytes=self._unpacked,
        )


def _size(count: int) -> str:
    return f"{count >> 30} GB" if count >= 1 << 30 else f"{count // 1_000_000} MB"


def say_packed(report: Report) -> None:
    """Say that the file is packed: what was checked is what is inside, and no target unpacks."""
    from tuneready.rules.file import COMPRESSED_FILE

    message = N_("The file is packed with gzip. What is inside was checked, unpacked.")
    if COMPRESSED_FILE.name in report.target.rules and report.wants(COMPRESSED_FILE.code):
        report.keep(Finding(COMPRESSED_FILE.code, Location(), message))
