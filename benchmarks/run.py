"""Prints the project's figures, each a ratio of two things measured side by side in this run.

    python benchmarks/run.py [SECTION…]

Without a section: all of them, with 64 MB. Minutes are those of a quiet machine with two cores.

    native    5 min   CPython: 64 MB of chats, against bare parsers and others' checkers
    start     8 min   both browsers: the first verdict and report, against stock Pyodide
    browser   5 min   both browsers: 64 MB of chats, against JSON.parse; workers, tokens, heap, cancel
    huge     10 min   the same with 512 MB, once
    weight    1 min   what pages and the check load
    scale    10 min   how time and memory grow
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import chats
import in_browsers
import native
import scale
import weight

SECTIONS = ("native", "start", "browser", "huge", "weight", "scale")
MEGABYTES = 64
HUGE_MEGABYTES = 512


def main() -> None:
    asked = sys.argv[1:] or SECTIONS
    if unknown := [name for name in asked if name not in SECTIONS]:
        sys.exit(f"no such section: {', '.join(unknown)}; there are {', '.join(SECTIONS)}")
    with tempfile.TemporaryDirectory() as folder:
        for section in asked:
            _run(section, Path(folder))


def _run(section: str, folder: Path) -> None:
    match section:
        case "native":
            native.report(_written(folder, MEGABYTES))
        case "start":
            in_browsers.start()
        case "browser":
            in_browsers.large(_written(folder, MEGABYTES), rounds=3)
        case "huge":
            in_browsers.large(_written(folder, HUGE_MEGABYTES), rounds=1)
        case "weight":
            weight.report()
        case "scale":
            scale.report()


def _written(folder: Path, megabytes: int) -> Path:
    """Return a file of chats, written at its first use."""
    file = folder / f"chats-{megabytes}.jsonl"
    if not file.exists():
        chats.write_chats(file, megabytes)
        print(f"{file.name}: varied from {chats.source().name}\n")
    return file


if __name__ == "__main__":
    main()
