"""Line, column and byte of a single fault, wherever it is and however the file is cut and written.

`TUNEREADY_PLACES=10000 pytest tests/test_places.py` makes so many; `TUNEREADY_SEED` others.
"""

from __future__ import annotations

import os
import random
from typing import Any, NamedTuple

import pytest
from placed import CONTENT, WRITING, chat, damaged, written

from tuneready.dataset.checker import Checker
from tuneready.dataset.report import document
from tuneready.targets import find_target

MANY = int(os.environ.get("TUNEREADY_PLACES", "600"))
SEED = int(os.environ.get("TUNEREADY_SEED", "1"))
GROUP = 100
BOM = b"\xef\xbb\xbf"


class File(NamedTuple):
    """A file with one fault, and what must be found: the rule, the line, the column, the byte."""

    data: bytes
    expected: tuple[str, int, int, int]


def dice_of(*seed: object) -> random.Random:
    """Return dice that always fall the same way for a seed."""
    return random.Random(repr(seed))  # noqa: S311 - not for secrets


def good(dice: random.Random) -> bytes:
    return written(chat(dice), dice).text.encode()


def make(dice: random.Random) -> File:
    """Return a file of a few lines, one of which is damaged."""
    fault = damaged(dice)
    lines = [good(dice) for _ in range(dice.randint(1, 12))]
    # What a file is, is seen in its first bytes: the faulty line comes after a good one.
    place = dice.randint(1, len(lines))
    lines.insert(place, fault.data)
    end = dice.choice((b"\n", b"\n", b"\r\n"))
    start = dice.choice((b"", BOM))
    data = start + b"".join(line + end for line in lines)
    if dice.random() < 0.3 and lines[-1].strip():
        data = data.removesuffix(end)
    byte = len(start) + sum(len(line) + len(end) for line in lines[:place]) + fault.byte
    return File(data, (fault.rule, place + 1, fault.at + 1, byte))


def report(data: bytes, dice: random.Random, **options: Any) -> dict[str, Any]:
    """Check the format of a file, fed in pieces. What lines have in common has other tests."""
    target = find_target("azure-openai/sft")
    checker = Checker(target, file="x.jsonl", depth="format", **options)
    size = dice.choice((1, 2, 3, 7, 61, 1000, len(data)))
    for start in range(0, len(data), size):
        checker.feed(data[start : start + size])
    return document([checker.close()], "en")["reports"][0]


def found(entry: dict[str, Any]) -> set[tuple[str, int, int, int]]:
    return {
        (each["name"], each["line"], each["column"], each["byte"])
        for each in entry["findings"]
        if each["line"] is not None
    }


@pytest.mark.parametrize("group", range(0, MANY, GROUP))
def test_a_single_fault_is_found_where_it_is(group: int) -> None:
    for number in range(group, min(group + GROUP, MANY)):
        dice = dice_of(SEED, number)
        file = make(dice)
        places = found(report(file.data, dice))
        assert file.expected in places, (number, file, places)
        # One fault may break several rules; all of them are on its line.
        assert {line for _, line, _, _ in places} == {file.expected[1]}, (number, file, places)


@pytest.mark.parametrize("number", range(MANY // 10))
def test_good_files_have_no_places(number: int) -> None:
    """The files that are damaged above are good before: what is found is the damage."""
    dice = dice_of("good", SEED, number)
    data = b"".join(good(dice) + b"\n" for _ in range(12))
    assert found(report(data, dice)) == set()


@pytest.mark.parametrize("kind", [*WRITING, *CONTENT], ids=lambda kind: kind.__name__)
def test_every_kind_of_fault_is_made(kind: Any) -> None:
    """None of the kinds has become one that never applies."""
    made = 0
    for number in range(60):
        dice = dice_of(number)
        record = chat(dice)
        made += kind(written(record, dice) if kind in WRITING else record, dice) is not None
    assert made >= 5
