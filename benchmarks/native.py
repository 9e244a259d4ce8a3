"""The check in CPython, beside what it is measured against: all in one run, in turn.

Together's checker takes part where TUNEREADY_PEERS names its environment (see `peer_runs`).
"""

from __future__ import annotations

import json
import statistics
import subprocess
import time
from typing import TYPE_CHECKING, Any, Literal

import chats
import msgspec
import peer_runs
import tokens
from side_by_side import all_in_turn, ratio

from tuneready.dataset.checker import Checker
from tuneready.dataset.tokens import native_counter
from tuneready.dataset.workers import Check, check_in_pieces, pieces
from tuneready.targets import targets

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tuneready.dataset.checker import CountTokens
    from tuneready.dataset.report import Report

TARGET = "openai/sft"
# What is compared: this, against that, and the aim for the ratio of their times.
COMPARED = (
    ("format check", "json.loads per line", "at most 1.0"),
    ("format check", "msgspec, typed", "at most 2"),
    ("format check", "Together's checker", "at most 0.33"),
    ("full check, no tokens", "format check", ""),
    ("full check, tokens", "tiktoken alone", "at most 1.3"),
    ("full check, 2 processes", "full check, no tokens", "at most 0.59"),
)


class Message(msgspec.Struct):
    role: str
    content: str


class Chat(msgspec.Struct):
    messages: list[Message]


def check(file: Path, depth: Literal["format", "full"], count: CountTokens | None = None) -> float:
    started = time.perf_counter()
    checker = Checker(targets()[TARGET], file=file.name, depth=depth, tokens=count)
    with file.open("rb") as stream:
        while chunk := stream.read(chats.MEGABYTE):
            checker.feed(chunk)
    _must_be_good(checker.close())
    return time.perf_counter() - started


def _must_be_good(report: Report) -> None:
    counts, _ = report.complete()
    assert not counts, f"the benchmark's file must be a good one; found {counts}"


def in_two(file: Path) -> float:
    started = time.perf_counter()
    task = Check(str(file), targets()[TARGET], file.name, {}, None)
    with file.open("rb") as stream:
        cuts = pieces(stream, file.stat().st_size, 2)
    _must_be_good(check_in_pieces(task, cuts))
    return time.perf_counter() - started


def parse(file: Path) -> float:
    return _each_line(file, json.loads)


def decode(file: Path) -> float:
    return _each_line(file, msgspec.json.Decoder(Chat).decode)


def _each_line(file: Path, read: Callable[[bytes], Any]) -> float:
    started = time.perf_counter()
    with file.open("rb") as stream:
        for line in stream:
            read(line)
    return time.perf_counter() - started


def together(file: Path) -> float:
    """Return the seconds of Together's own check, measured in its environment, without imports."""
    python = peer_runs.python_of("together")
    assert python is not None
    code = (
        "import sys, time\n"
        "from together.utils.files import check_file\n"
        "started = time.perf_counter()\n"
        "assert check_file(sys.argv[1])['is_check_passed']\n"
        "print(time.perf_counter() - started)"
    )
    done = subprocess.run(
        [python, "-c", code, file],
        capture_output=True,
        text=True,
        check=True,
        env={"TOGETHER_NO_BANNER": "1", "TQDM_DISABLE": "1"},
    )
    return float(done.stdout)


def report(file: Path) -> None:
    with file.open("rb") as stream:
        records = [json.loads(line) for line in stream]
    texts = [message["content"] for record in records for message in record["messages"]]
    del records
    counter = native_counter(tokens.ENCODING)
    things: dict[str, Callable[[], float]] = {
        "format check": lambda: check(file, "format"),
        "json.loads per line": lambda: parse(file),
        "msgspec, typed": lambda: decode(file),
        "full check, no tokens": lambda: check(file, "full"),
        "full check, 2 processes": lambda: in_two(file),
    }
    if peer_runs.python_of("together"):
        things["Together's checker"] = lambda: together(file)
    if counter is not None:
        things["full check, tokens"] = lambda: check(file, "full", counter)
        encoding = tokens.alone()
        things["tiktoken alone"] = lambda: tokens.encode(encoding, texts)
    taken = all_in_turn(things)
    size = file.stat().st_size / chats.MEGABYTE
    print(f"CPython: the check of {TARGET} beside others (medians)")
    for name, seconds in taken.items():
        middle = statistics.median(seconds)
        print(f"  {name:26} {middle:7.2f} s  {size / middle:6.0f} MB/s")
    print("\n  ratios of time: median (least to most)")
    for ours, theirs, aim in COMPARED:
        if ours in taken and theirs in taken:
            aimed = f"   aim: {aim}" if aim else ""
            print(f"  {ours:24} / {theirs:22} {ratio(taken[ours], taken[theirs])}{aimed}")
        else:
            missing = [name for name in (ours, theirs) if name not in taken]
            print(f"  {ours:24} / {theirs:22} not measured: {', '.join(missing)} is absent")
    print()
