"""Times two things in turn, so that a machine that slows down slows both."""

from __future__ import annotations

import statistics
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

ROUNDS = 5


def in_turn(ours: Callable[[], float], theirs: Callable[[], float]) -> list[tuple[float, float]]:
    """Return the seconds of each round, after one round that does not count."""
    ours(), theirs()
    return [(ours(), theirs()) for _ in range(ROUNDS)]


def show(
    title: str, names: tuple[str, str], rounds: list[tuple[float, float]], size: float
) -> None:
    """Print both speeds and the ratio, pair by pair, as median (least to most)."""
    print(title)
    for place, name in enumerate(names):
        seconds = statistics.median(pair[place] for pair in rounds)
        print(f"  {name:34} {seconds:7.2f} s  {size / seconds:6.0f} MB/s")
    ratios = sorted(ours / theirs for ours, theirs in rounds)
    middle = statistics.median(ratios)
    print(f"  ratio of time {middle:.2f} ({ratios[0]:.2f} to {ratios[-1]:.2f})\n")
