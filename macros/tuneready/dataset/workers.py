"""Checks one file in several processes: cut at line ends, put together in order.

The outcome is that of one process, byte for byte. The parent works out the SHA-256 meanwhile, which
cannot be put together from pieces. Processes are spawned, which works on every system and under
every kind of parent; each is given the target ready-made, so that it reads no YAML. On Linux, while
no other thread runs, they are forked: that saves a third of a second, in which 40 MB are checked.
"""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import signal
import sys
import threading
from dataclasses import dataclass
from multiprocessing.connection import wait
from typing import TYPE_CHECKING, Any, cast

from tuneready.dataset.checker import Checker
from tuneready.dataset.filekind import HEAD, sniff
from tuneready.dataset.inputs import reader_for
from tuneready.errors import TunereadyError
from tuneready.locale import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess
    from typing import BinaryIO

    from tuneready.dataset.checker import CountTokens
    from tuneready.dataset.report import Report
    from tuneready.targets.base import Target

READ = 1 << 20  # bytes read at a time
# Less is checked in the time that starting a process and putting its report in place takes.
SMALLEST = 8 << 20


@dataclass(frozen=True, slots=True)
class Check:
    """What is to be done, as each process is told."""

    path: str
    target: Target
    file: str
    options: Mapping[str, Any]  # of the checker: model, max_findings, depth, fields
    encoding: str | None  # whose tokens are to be counted; None for none


def pieces(
    stream: BinaryIO, size: int, workers: int, smallest: int = SMALLEST
) -> list[tuple[int, int]]:
    """Return where each piece begins and ends: at line ends, about equally long.

    There are fewer pieces than workers when they would be small, or when lines are very long.
    """
    count = max(1, min(workers, size // smallest))
    cuts = [0]
    for number in range(1, count):
        start = max(size * number // count, cuts[-1] + HEAD)
        end = _after_line(stream, start, size)
        if end >= size:
            break
        cuts.append(end)
    return [*zip(cuts, [*cuts[1:], size], strict=True)]


def _after_line(stream: BinaryIO, start: int, size: int) -> int:
    stream.seek(start)
    while chunk := stream.read(READ):
        feed = chunk.find(b"\n")
        if feed >= 0:
            return start + feed + 1
        start += len(chunk)
    return size


def can_be_cut(head: bytes, file: str, target: Target) -> bool:
    """Tell whether a file that begins with `head` is one of lines."""

    def ignore(*_: object) -> None:
        pass

    found = sniff(head[:HEAD], whole=len(head) < HEAD)
    return found is None and reader_for(None, head[:HEAD], file, target, ignore) is None


def check_in_pieces(
    check: Check,
    cuts: list[tuple[int, int]],
    advance: Callable[[int], object] | None = None,
    start: str | None = None,
) -> Report:
    """Check the pieces of a file at once and return the report on the whole.

    `advance` is told how many more bytes were checked. `start` is how processes are started, as
    multiprocessing names it.

    Raises:
        TunereadyError: When a process dies, or the file cannot be read or changes meanwhile.
        KeyboardInterrupt: When the person stops; no process is left behind.

    """
    context: Any = multiprocessing.get_context(start or _safest_start())
    running: dict[Connection, tuple[int, BaseProcess]] = {}
    reports: dict[int, Report] = {}
    try:
        for number, cut in enumerate(cuts):
            ours, theirs = context.Pipe(duplex=False)
            arguments = (check, cut, number == 0, theirs)
            process: BaseProcess = context.Process(target=_work, args=arguments, daemon=True)
            process.start()
            theirs.close()
            running[ours] = number, process
        hashing = _digest(check.path)
        digest: str | None = None
        while running:
            for ready in wait(list(running), timeout=0 if digest is None else None):
                connection = cast("Connection", ready)
                number, process = running[connection]
                said = _said(connection, process)
                if not isinstance(said, int):
                    reports[number] = said
                    del running[connection]
                    process.join()
                elif advance:
                    advance(said)
            if digest is None:
                digest = next(hashing)
    finally:
        for _, process in running.values():
            process.terminate()
            process.join()
    whole = reports[0]
    for number in range(1, len(cuts)):
        whole.merge(reports[number])
    while digest is None:
        digest = next(hashing)
    whole.sha256 = digest
    return whole


def _safest_start() -> str:
    alone = threading.active_count() == 1  # a lock that another thread holds would stay locked
    return "fork" if sys.platform == "linux" and alone else "spawn"


def _digest(path: str) -> Iterator[str | None]:
    """Yield None as often as bytes are read, and then the digest."""
    digest = hashlib.sha256()
    with open(path, "rb", buffering=0) as stream:  # noqa: PTH123  large reads, no buffer of its own
        while chunk := stream.read(READ):
            digest.update(chunk)
            yield None
    yield digest.hexdigest()


def _said(connection: Connection, process: BaseProcess) -> int | Report:
    """Return what a process says: bytes checked, or its report."""
    try:
        said = connection.recv()
    except EOFError:
        process.join()
        raise TunereadyError(
            N_(
                "A worker process ended without a result ({reason}). Memory may have run out; try fewer workers."
            ),
            reason=_reason(process.exitcode),
        ) from None
    if isinstance(said, tuple):
        message, params = said
        raise TunereadyError(message, **params)
    return said  # type: ignore[no-any-return]


def _reason(code: int | None) -> str:
    if code is not None and code < 0:
        return signal.Signals(-code).name
    return f"exit {code}"


def _work(check: Check, cut: tuple[int, int], first: bool, said: Connection) -> None:  # noqa: FBT001
    """Check one piece; the life of a process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent stops us
    start, end = cut
    checker = Checker(
        check.target,
        file=check.file,
        first=first,
        digest=False,
        tokens=_counter(check.encoding),
        **check.options,
    )
    try:
        with open(check.path, "rb", buffering=0) as stream:  # noqa: PTH123
            stream.seek(start)
            while start < end:
                chunk = stream.read(min(READ, end - start))
                if not chunk:
                    said.send((N_("{file} became shorter while it was checked."), _named(check)))
                    return
                checker.feed(chunk)
                start += len(chunk)
                said.send(len(chunk))
    except OSError as error:
        reason = {"reason": error.strerror or os.strerror(error.errno or 0)}
        said.send((N_("{file} cannot be read: {reason}."), {**_named(check), **reason}))
        return
    report = checker.close()
    said.send(report)


def _named(check: Check) -> dict[str, str]:
    return {"file": check.file}


def _counter(encoding: str | None) -> CountTokens | None:
    if encoding is None:
        return None
    from tuneready.dataset.tokens import native_counter

    return native_counter(encoding)
