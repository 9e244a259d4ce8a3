"""What is counted over all examples for rules on labels, questions and media. Merges exactly."""

from __future__ import annotations

import json
from collections import Counter
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tuneready.dataset.seen import Seen
    from tuneready.targets.base import Target

# Bounds of what is remembered: a classifier has a few labels, and the least number of questions is small.
MOST_LABELS = 100_000
MOST_QUERIES = 100_000

RULES = frozenset(
    {
        "too-few-labels",
        "label-with-few-examples",
        "too-few-different-queries",
        "images-and-videos-in-one-file",
    }
)


class Tally:
    """Sees every example, in the order of the file, and remembers what those rules ask."""

    def __init__(self, target: Target) -> None:
        self._label_keys = _keys(target, "classification", "answer")
        self._query_keys = _keys(target, "rerank", "prompt")
        self.labels: Counter[str] = Counter()  # examples with the label
        self.first_lines: dict[str, int] = {}  # where a label comes first
        self.queries: set[bytes] = set()  # of different questions
        self.media: dict[str, int] = {}  # image or video -> the first line with one

    @property
    def is_full(self) -> bool:
        """Tell whether there were more labels than are counted."""
        return len(self.labels) >= MOST_LABELS

    def see(self, examples: Sequence[Seen]) -> None:
        """Take the next examples."""
        for example in examples:
            if self._label_keys:
                self._see_labels(example)
            if self._query_keys:
                self._see_query(example)
            if '"image":' in example.rest or '"video":' in example.rest:
                for kind in _media(json.loads(example.rest)):
                    self.media.setdefault(kind, example.line)

    def merge(self, other: Tally, lines_before: int) -> None:
        """Add the counts of the piece that follows, which begins after `lines_before` lines."""
        self.labels += other.labels
        self.queries |= other.queries
        for label, line in other.first_lines.items():
            self.first_lines.setdefault(label, line + lines_before)
        for kind, line in other.media.items():
            self.media.setdefault(kind, line + lines_before)

    def _see_labels(self, example: Seen) -> None:
        pairs = zip(example.roles, example.texts, strict=True)
        for label in {text for role, text in pairs if role in self._label_keys}:
            if label in self.labels or not self.is_full:
                self.labels[label] += 1
                self.first_lines.setdefault(label, example.line)

    def _see_query(self, example: Seen) -> None:
        for role, text in zip(example.roles, example.texts, strict=True):
            if role in self._query_keys and len(self.queries) < MOST_QUERIES:
                data = text.encode("utf-8", "surrogatepass")
                self.queries.add(blake2b(data, digest_size=16).digest())


def _keys(target: Target, kind: str, part: str) -> frozenset[str]:
    return frozenset(
        name
        for layout in target.layouts
        if layout.format == kind
        for name, key in layout.keys.items()
        if key.part == part
    )


def _media(value: Any) -> Iterator[str]:
    """Yield the kinds of media among the parts of what is not text."""
    if isinstance(value, dict):
        for key, item in value.items():
            if key in ("image", "video") and isinstance(item, dict):
                yield key
            else:
                yield from _media(item)
    elif isinstance(value, list):
        for item in value:
            yield from _media(item)
