"""The check in CPython against nothing but `json.loads` of each line."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING

import chats
from side_by_side import in_turn, show

from tuneready.dataset.checker import Checker
from tuneready.targets import targets

if TYPE_CHECKING:
    from pathlib import Path


def check(file: Path) -> float:
    started = time.perf_counter()
    checker = Checker(targets()["openai/sft"], file=file.name)
    with file.open("rb") as stream:
        while chunk := stream.read(chats.MEGABYTE):
            checker.feed(chunk)
    counts, _ = checker.close().complete()
    assert not counts, "the benchmark's file must be a good one"
    return time.perf_counter() - started


def parse(file: Path) -> float:
    started = time.perf_counter()
    with file.open("rb") as stream:
        for line in stream:
            json.loads(line)
    return time.perf_counter() - started


def report(file: Path) -> None:
    rounds = in_turn(lambda: check(file), lambda: parse(file))
    size = file.stat().st_size / chats.MEGABYTE
    names = ("whole check, openai/sft", "json.loads per line")
    show("CPython: the check against a bare parser", names, rounds, size)
