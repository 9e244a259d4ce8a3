"""Times things in turn, so that a machine that slows down slows all of them."""

from __future__ import annotations

import statistics
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

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
    print(f"  ratio of time {ratio([one for one, _ in rounds], [two for _, two in rounds])}\n")


def all_in_turn(
    things: Mapping[str, Callable[[], float]], rounds: int = ROUNDS
) -> dict[str, list[float]]:
    """Return the seconds of each thing in each round, after one round that does not count."""
    for thing in things.values():
        thing()
    taken: dict[str, list[float]] = {name: [] for name in things}
    for _ in range(rounds):
        for name, thing in things.items():
            taken[name].append(thing())
    return taken


def ratio(ours: list[float], theirs: list[float]) -> str:
    """Return the ratio of times, round by round, as median (least to most)."""
    ratios = sorted(one / other for one, other in zip(ours, theirs, strict=True))
    return f"{statistics.median(ratios):.2f} ({ratios[0]:.2f} to {ratios[-1]:.2f})"
