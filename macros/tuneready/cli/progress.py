"""A progress bar on standard error, where a person looks at a terminal."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING

from tuneready.escaping import escaped

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LONG = 16 << 20  # bytes; less is done before a bar could be read
INTERVAL = 0.1  # seconds between two pictures of the bar


@contextmanager
def progress(name: str, size: int | None) -> Iterator[Callable[[int], object]]:
    """Show bytes and speed while a file is read; yields what is told how many more were read."""
    from rich.console import Console

    console = Console(stderr=True)
    if (
        not console.is_terminal
        or console.is_dumb_terminal
        or not sys.stderr.isatty()
        or (size is not None and size < LONG)
    ):
        yield lambda _: None
        return
    from rich.progress import (
        BarColumn,
        DownloadColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
        TransferSpeedColumn,
    )

    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
    )
    # Without a thread of its own: worker processes start faster while there is none.
    with Progress(*columns, console=console, transient=True, auto_refresh=False) as bar:
        task = bar.add_task(escaped(name), total=size)
        shown = 0.0

        def advance(count: int) -> None:
            nonlocal shown
            bar.advance(task, count)
            now = monotonic()
            if now - shown > INTERVAL:
                shown = now
                bar.refresh()

        yield advance
