"""What can be said about a text itself: pure functions, text in, places with a kind out.

Each detector is a generator over one text. Beside it stands its hint: a pattern that is found in
every text in which the detector finds something. Hints are cheap; detectors may take their time.
Nothing here depends on the interpreter's Unicode tables, so every interpreter finds the same.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Found:
    """A place in a text: `text[start:end]` is of `kind`; `params` are what a message may say."""

    start: int
    end: int
    kind: str
    params: Mapping[str, str | int] = field(default_factory=dict)
