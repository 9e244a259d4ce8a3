"""The cheapest way to meet several needs at once, by taking one option of every group.

Exact, in whole numbers. The groups are joined one after the other; of what they can reach together,
only that is kept which nothing else beats in cost and in every gain.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

type Gains = tuple[int, int, int]


class Option(NamedTuple):
    """What one choice costs, and what it gains towards each need."""

    cost: int
    gains: Gains
    merit: int
    """Decides between options that are equal otherwise; more is better."""
    number: int
    """What the caller knows it by."""


class _Reached(NamedTuple):
    """Options of the groups so far, taken together; gains beyond the needs are cut off."""

    cost: int
    gains: Gains
    merit: int
    options: tuple[int, ...]


def cheapest(
    groups: Sequence[Sequence[Option]], needs: Gains, below: int
) -> tuple[int, ...] | None:
    """Return the number of the option to take of each group; None if nothing costs less than `below`.

    Of equal costs the greatest merit wins, as far as it is known when groups are joined, and then
    what takes more of the earlier groups.
    """
    least = [min((option.cost for option in group), default=below) for group in groups]
    to_come = sum(least)
    reached = [_Reached(0, (0, 0, 0), 0, ())]
    for group, its_least in zip(groups, least, strict=True):
        to_come -= its_least
        options = _unbeaten(
            [_Reached(cost, _cut(gains, needs), merit, (number,)) for cost, gains, merit, number in group]
        )  # fmt: skip
        reached = _unbeaten(
            [
                _Reached(
                    before.cost + option.cost,
                    _cut(_added(before.gains, option.gains), needs),
                    before.merit + option.merit,
                    before.options + option.options,
                )
                for option in options
                for before in reached
                if before.cost + option.cost + to_come < below
            ]
        )
    enough = [found for found in reached if found.gains == needs and found.cost < below]
    return min(enough, key=lambda found: (found.cost, -found.merit)).options if enough else None


def _added(one: Gains, other: Gains) -> Gains:
    return one[0] + other[0], one[1] + other[1], one[2] + other[2]


def _cut(gains: Gains, needs: Gains) -> Gains:
    return min(gains[0], needs[0]), min(gains[1], needs[1]), min(gains[2], needs[2])


def _unbeaten(found: Iterable[_Reached]) -> list[_Reached]:
    """Return what nothing else beats; of equals, the greatest merit, and of those the first."""
    kept: list[_Reached] = []
    # By the third gain, the unbeaten first and second: the first rising, the second falling.
    stairs: dict[int, tuple[list[int], list[int]]] = {}
    order = sorted(found, key=lambda one: (one.cost, *(-gain for gain in one.gains), -one.merit))
    for one in order:
        first, second, third = one.gains
        if any(
            level >= third and _is_beaten(stair, first, second) for level, stair in stairs.items()
        ):
            continue
        kept.append(one)
        _add_step(stairs.setdefault(third, ([], [])), first, second)
    return kept


def _is_beaten(stair: tuple[list[int], list[int]], first: int, second: int) -> bool:
    firsts, seconds = stair
    place = bisect_left(firsts, first)
    return place < len(firsts) and seconds[place] >= second


def _add_step(stair: tuple[list[int], list[int]], first: int, second: int) -> None:
    firsts, seconds = stair
    end = bisect_left(firsts, first)
    if end < len(firsts) and firsts[end] == first:
        end += 1
    start = end
    while start and seconds[start - 1] <= second:
        start -= 1
    firsts[start:end], seconds[start:end] = [first], [second]
