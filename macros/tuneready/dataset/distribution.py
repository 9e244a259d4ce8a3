"""How whole numbers are spread: exact counts of every value, which merge by addition."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

PERCENTILES = (5, 25, 50, 75, 95, 99)
MOST_BINS = 20


class Distribution:
    """Values of which each is a whole number, 0 or more."""

    __slots__ = ("counts",)

    def __init__(self, values: Iterable[int] = ()) -> None:
        self.counts: Counter[int] = Counter(values)  # value -> how many

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Distribution) and self.counts == other.counts

    __hash__ = None  # type: ignore[assignment]  # it changes

    def add(self, value: int) -> None:
        """Count one more value."""
        self.counts[value] += 1

    def update(self, values: Iterable[int]) -> None:
        """Count several values."""
        self.counts.update(values)

    def merge(self, other: Distribution) -> None:
        """Add the counts of another distribution."""
        self.counts.update(other.counts)

    @property
    def size(self) -> int:
        """How many values there are."""
        return self.counts.total()

    @property
    def total(self) -> int:
        """The sum of the values."""
        return sum(value * count for value, count in self.counts.items())

    def total_up_to(self, most: int) -> int:
        """Return the sum when no value counts for more than `most`."""
        return sum(min(value, most) * count for value, count in self.counts.items())

    def above(self, most: int) -> int:
        """Return how many values are larger than `most`."""
        return sum(count for value, count in self.counts.items() if value > most)

    def percentiles(self, wanted: Iterable[int] = PERCENTILES) -> list[int]:
        """Return percentiles by the nearest-rank method; there must be a value.

        The p-th percentile is the smallest value that at least p in 100 of all values do not
        exceed: always a value that occurs, so nothing is interpolated. `wanted` rises.
        """
        size = self.size
        found: list[int] = []
        steps = iter(sorted(self.counts.items()))
        value, reached = next(steps)
        for percent in wanted:
            rank = max(1, -(-percent * size // 100))  # rounded up
            while reached < rank:
                value, count = next(steps)
                reached += count
            found.append(value)
        return found

    def histogram(self) -> list[dict[str, int]]:
        """Return bins of one width (1, 2 or 5 times a power of ten), empty ones too, without gaps.

        A bin holds the values `from` to `to`, both included.
        """
        if not self.counts:
            return []
        least, most = min(self.counts), max(self.counts)
        width = _round_width(least, most)
        first = least // width
        bins = [0] * (most // width - first + 1)
        for value, count in self.counts.items():
            bins[value // width - first] += count
        return [
            {"from": (first + i) * width, "to": (first + i + 1) * width - 1, "count": count}
            for i, count in enumerate(bins)
        ]

    def to_json(self) -> dict[str, Any] | None:
        """Return the object of the report; None when there is no value."""
        if not self.counts:
            return None
        size = self.size
        p5, p25, median, p75, p95, p99 = self.percentiles()
        return {
            "count": size,
            "min": min(self.counts),
            "p5": p5,
            "p25": p25,
            "median": median,
            "p75": p75,
            "p95": p95,
            "p99": p99,
            "max": max(self.counts),
            # Rounded half up in whole numbers: the same from every interpreter.
            "mean": (20 * self.total + size) // (2 * size) / 10,
            "histogram": self.histogram(),
        }


def _round_width(least: int, most: int) -> int:
    """Return the smallest round width with which the bins are few enough."""
    scale = 1
    while True:
        for step in (1, 2, 5):
            width = step * scale
            if most // width - least // width < MOST_BINS:
                return width
        scale *= 10
