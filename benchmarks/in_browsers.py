"""Tables of what `start.mjs` and `large.mjs` measure in Chromium and in Firefox."""

from __future__ import annotations

import json
import statistics
import subprocess
from typing import TYPE_CHECKING, Any

from chats import MEGABYTE, ROOT
from side_by_side import ratio

if TYPE_CHECKING:
    from pathlib import Path

BROWSERS = ("chromium", "firefox")
# What is started, in which state of the browser, and what our share of the time is to be at most.
STARTS = (
    ("verdict", "first", "first visit, nothing kept", 0.4),
    ("verdict", "warm", "files on disk, new browser", 0.25),
    ("report", "first", "first visit, nothing kept", None),
    ("report", "warm", "files on disk, new browser", None),
)
MOST_TIME = 1.5  # of JSON.parse
MOST_HEAP = 150
MOST_TASK = 50
# `Work` of large.mjs, in words.
WORKS = {"tokens": "with tokens", "full": "without tokens", "format": "format only"}

type Line = dict[str, Any]


def start(rounds: int = 5) -> None:
    """Print how long the first verdict and the first report take, beside stock Pyodide."""
    print("Start: from the question to the first answer, ours / stock loadPyodide + loadPackage")
    print(
        "  (ours also verifies every file, and counts tokens in its report; stock verifies wheels only)"
    )
    for browser in BROWSERS:
        found = _measured("start.mjs", browser, "--rounds", str(rounds))
        for what, visit, meaning, aim in STARTS:
            ours, stock = (
                [line["ms"] for line in found if _is(line, what=what, visit=visit, who=who)]
                for who in ("ours", "stock")
            )
            aimed = f"   aim: at most {aim}" if aim else ""
            print(
                f"  {browser:9} {what:8} {meaning:28}"
                f" {_seconds(ours)} / {_seconds(stock)}  ratio {ratio(ours, stock)}{aimed}"
            )
    print()


def large(file: Path, rounds: int) -> None:
    """Print the whole check of a file beside `JSON.parse` of each line, in the same browser."""
    size = file.stat().st_size / MEGABYTE
    print(f"A chat file of {size:.0f} MB in the page: the whole check / JSON.parse per line")
    print(f"  aims: ratio at most {MOST_TIME}, heap +{MOST_HEAP} MB, task under {MOST_TASK} ms")
    for browser in BROWSERS:
        found = _measured("large.mjs", browser, "--file", str(file), "--rounds", str(rounds))
        parsed = [line["ms"] for line in found if _is(line, what="parse")]
        print(f"  {browser:9} JSON.parse per line            {_seconds(parsed)}")
        for work, meaning in WORKS.items():
            for workers in (1, 2):
                lines = [line for line in found if _is(line, workers=workers, work=work)]
                taken = [line["ms"] for line in lines]
                name = f"{workers} worker{'s' if workers > 1 else ''}, {meaning}"
                tasks = f"task {_most(lines, 'task'):.0f} ms, " if browser == "chromium" else ""
                print(
                    f"  {browser:9} {name:30} {_seconds(taken)}  ratio {ratio(taken, parsed)}"
                    f"  heap +{_most(lines, 'heap') / MEGABYTE:.0f} MB,"
                    f" browser +{_most(lines, 'memory') / MEGABYTE:.0f} MB,"
                    f" {tasks}longest gap {_most(lines, 'gap'):.0f} ms"
                )
        stopped = [line for line in found if _is(line, what="cancel")]
        idle, again = ([line[key] for line in stopped] for key in ("idle", "again"))
        print(f"  {browser:9} cancel to idle                 {_seconds(idle)}")
        print(f"  {browser:9} cancel to the next report      {_seconds(again)}")
    print()


def _measured(script: str, browser: str, *options: str) -> list[Line]:
    command = ["node", str(ROOT / "benchmarks" / script), "--site", str(ROOT / "site")]
    done = subprocess.run(
        [*command, "--browser", browser, *options], cwd=ROOT, stdout=subprocess.PIPE, check=True
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


def _is(line: Line, **values: object) -> bool:
    return all(line.get(key, ...) == value for key, value in values.items())


def _seconds(milliseconds: list[float]) -> str:
    """Return seconds as median (least to most)."""
    values = sorted(each / 1000 for each in milliseconds)
    return f"{statistics.median(values):6.2f} s ({values[0]:.2f} to {values[-1]:.2f})"


def _most(lines: list[Line], key: str) -> float:
    return max(line[key] for line in lines)
