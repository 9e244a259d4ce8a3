"""The cheapest way to meet several needs at once, by taking one option of every group.

Exact. The groups are joined one after the other; of what they can reach together, only that is kept
which nothing else beats in cost and in every gain, and which may still end within a budget.

The budget starts at what every way costs at least, and grows until one fits. That bound comes from
prices of the needs: who takes of each group the option whose cost, less the price of what it gains,
is least, never pays more than the cheapest way, whatever the prices (Lagrange). They are set so that
the bound is high, and they tell early what cannot end within the budget. A way is first looked for
among the most promising only; when there is none among them, among all.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from operator import mul
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

type Gains = tuple[int, int, int]
type Prices = tuple[float, ...]

_ROUNDS = 60
"""Of improving the prices; more of them make the bound a little higher."""
_PROMISING = 100
"""So many are kept in the quick look; how many does not change what is found, but for its merit."""
_ROUNDING = 1e-6
"""More than what rounding does to a sum of costs less prices; all costs are whole numbers."""


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
    unbeaten = [
        _unbeaten(
            [
                _Reached(cost, _cut(gains, needs), merit, (number,))
                for cost, gains, merit, number in group
            ]
        )
        for group in groups
    ]
    if not all(unbeaten):
        return None
    prices, bound = _best_prices(unbeaten, needs)
    for budget in range(math.ceil(bound - _ROUNDING), below):
        for most in (_PROMISING, None):
            if found := _within(budget, unbeaten, needs, prices, most):
                return found.options
    return None


def _within(
    budget: int,
    groups: Sequence[Sequence[_Reached]],
    needs: Gains,
    prices: Prices,
    most: int | None,
) -> _Reached | None:
    """Return a cheapest way that costs no more than the budget, looking at so many at a time."""
    least = [min(_less_prices(option, prices) for option in group) for group in groups]
    to_come = sum(least)
    needed = sum(price * need for price, need in zip(prices, needs, strict=True))
    reached = [_Reached(0, (0, 0, 0), 0, ())]
    for group, its_least in zip(groups, least, strict=True):
        to_come -= its_least
        limit = budget - needed - to_come + _ROUNDING
        rated = sorted(
            ((_less_prices(option, prices), option) for option in group), key=lambda pair: pair[0]
        )
        joined = []
        for before in reached:
            left = limit - _less_prices(before, prices)
            for rate, option in rated:
                if rate > left:
                    break
                joined.append(
                    _Reached(
                        before.cost + option.cost,
                        _cut(_added(before.gains, option.gains), needs),
                        before.merit + option.merit,
                        before.options + option.options,
                    )
                )
        reached = _unbeaten(joined)
        if most is not None and len(reached) > most:
            reached = sorted(reached, key=lambda found: _less_prices(found, prices))[:most]
    enough = [found for found in reached if found.gains == needs and found.cost <= budget]
    return min(enough, key=lambda found: (found.cost, -found.merit), default=None)


def _less_prices(found: _Reached, prices: Prices) -> float:
    first, second, third = found.gains
    return found.cost - prices[0] * first - prices[1] * second - prices[2] * third


def _best_prices(groups: Sequence[Sequence[_Reached]], needs: Gains) -> tuple[Prices, float]:
    """Return prices, and what every way costs at least by them."""
    scale = [1 / need if need else 0.0 for need in needs]
    # In units of a whole need.
    wanted = [1.0 if need else 0.0 for need in needs]
    shares = [
        [
            (option.cost, *(gain * one for gain, one in zip(option.gains, scale, strict=True)))
            for option in group
        ]
        for group in groups
    ]
    most = sum(max(option.cost for option in group) for group in groups)
    price = [0.0, 0.0, 0.0]
    best, best_bound = price, -math.inf
    for turn in range(_ROUNDS):
        bound = sum(price)
        short = list(wanted)
        for group in shares:
            chosen = min(group, key=lambda one: one[0] - sum(map(mul, price, one[1:])))
            bound += chosen[0] - sum(map(mul, price, chosen[1:]))
            short = [left - gain for left, gain in zip(short, chosen[1:], strict=True)]
        if bound > best_bound:
            best, best_bound = list(price), bound
        length = math.hypot(*short)
        if not length:
            break
        step = most / (2 + turn) / length
        price = [
            max(0.0, one + step * left) if need else 0.0
            for one, left, need in zip(price, short, needs, strict=True)
        ]
    return tuple(one * by for one, by in zip(best, scale, strict=True)), best_bound


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
