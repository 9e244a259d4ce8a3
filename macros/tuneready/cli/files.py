"""Opens what the caller names: a file, standard input, packed or not; and writes files."""

from __future__ import annotations

import os
import stat
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Protocol

from tuneready.dataset.filekind import HEAD
from tuneready.dataset.unpacking import MAGIC, Unpacker
from tuneready.errors import TunereadyError
from tuneready.locale import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

READ = 1 << 20  # bytes read at a time
STANDARD_INPUT = "-"
STDIN_NAME = "stdin"  # what reports call it


class Fed(Protocol):
    """What takes the bytes: a checker."""

    def feed(self, chunk: bytes) -> None:
        """Take the next bytes."""


@dataclass(frozen=True, slots=True)
class Input:
    """An open file whose first bytes are known."""

    given: str  # as the caller wrote it
    stream: BinaryIO
    head: bytes
    size: int | None  # None when it cannot be known, as of a pipe

    @property
    def name(self) -> str:
        """What reports call it."""
        return name_of(self.given)

    @property
    def is_packed(self) -> bool:
        return self.head.startswith(MAGIC)

    @property
    def is_file(self) -> bool:
        """Whether it can be opened again and read from any place."""
        return self.size is not None and self.given != STANDARD_INPUT

    def feed(self, checker: Fed, advance: Callable[[int], object]) -> None:
        """Hand all bytes to a checker, unpacked; `advance` is told how many were read."""
        unpacker = Unpacker(self.given) if self.is_packed else None
        chunk = self.head
        while chunk:
            if unpacker is None:
                checker.feed(chunk)
            else:
                for piece in unpacker.feed(chunk):
                    checker.feed(piece)
            advance(len(chunk))
            chunk = self.stream.read(READ)
        if unpacker:
            unpacker.close()


def name_of(given: str) -> str:
    """Return what reports call a file: its name without folders."""
    return STDIN_NAME if given == STANDARD_INPUT else Path(given).name


def size_of(given: str) -> int | None:
    """Return the bytes of a file, for a progress bar; None when it has no size of its own."""
    try:
        status = os.stat(given)  # noqa: PTH116  no object is needed
    except OSError:
        return None
    return status.st_size if stat.S_ISREG(status.st_mode) else None


@contextmanager
def opened(given: str) -> Iterator[Input]:
    """Open a file.

    Raises:
        TunereadyError: When it cannot be read.

    """
    if given == STANDARD_INPUT:
        with reading(given):
            stream = sys.stdin.buffer
            yield Input(given, stream, _head(stream), None)
        return
    if Path(given).is_dir():
        raise TunereadyError(N_("{file} is a folder; give the file to check."), file=given)
    with reading(given), open(given, "rb", buffering=0) as stream:  # noqa: PTH123  large reads, no buffer of its own
        yield Input(given, stream, _head(stream), size_of(given))


def _head(stream: BinaryIO) -> bytes:
    """Read enough to see what a file is; a pipe may give it in small pieces."""
    head = b""
    while len(head) < HEAD and (chunk := stream.read(HEAD - len(head))):
        head += chunk
    return head


@contextmanager
def reading(given: str | Path) -> Iterator[None]:
    """Turn what the system says about a file into one sentence."""
    try:
        yield
    except BrokenPipeError:
        raise
    except FileNotFoundError:
        raise TunereadyError(
            N_("{file} cannot be read: there is no such file."), file=str(given)
        ) from None
    except PermissionError:
        raise TunereadyError(
            N_("{file} cannot be read: permission was denied."), file=str(given)
        ) from None
    except OSError as error:
        raise TunereadyError(
            N_("{file} cannot be read: {reason}."),
            file=str(given),
            reason=error.strerror or type(error).__name__,
        ) from None


def write_file(file: Path, text: str) -> None:
    """Write a text as UTF-8.

    Raises:
        TunereadyError: When the system does not let us.

    """
    try:
        file.write_text(text, encoding="utf-8", errors="backslashreplace", newline="\n")
    except OSError as error:
        raise TunereadyError(
            N_("{file} cannot be written: {reason}."),
            file=str(file),
            reason=error.strerror or type(error).__name__,
        ) from None
