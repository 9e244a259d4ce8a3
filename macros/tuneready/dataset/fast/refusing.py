"""What the ways have in common: bounds, refusals, and the search for an escaped colon."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tuneready.dataset.seen import Seen

    type Watch = Callable[[Sequence[Seen]], None]
    type Hints = tuple[Callable[[str], object], ...]

# Bounds of what is remembered. Datasets have a few shapes; hostile ones get no more.
MOST_SHAPES = 4096
LONGEST_SHAPE = 1024

# A search by pattern takes little more than half the time of `in` here: the digits are common.
ESCAPED_COLON = re.compile(rb"\\u003[aA]").search


class NotAcceptedError(Exception):
    """The line goes the thorough way."""


# msgspec's errors and UnicodeError are ValueErrors.
REFUSALS = (ValueError, NotAcceptedError)
