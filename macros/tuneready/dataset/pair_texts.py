"""What all prompts of a file have in common, and all completions: for advice on the whole file."""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import blake2b
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tuneready.dataset.seen import Seen

LONGEST = 200  # characters of a shared beginning or ending that are kept
MOST_DISTINCT = 4096  # different texts that are told apart


@dataclass(slots=True)
class SharedText:
    """What the texts under one key share: small counters, which merge exactly."""

    count: int = 0
    empty: int = 0
    without_space: int = 0  # texts that do not begin with a space
    start: str = ""
    end: str = ""
    distinct: set[bytes] = field(default_factory=set)  # digests, while they are few
    many: bool = False  # more than are told apart

    def add(self, text: str) -> None:
        """Take one more text."""
        if self.count == 0:
            self.start, self.end = text[:LONGEST], text[-LONGEST:]
        self.start = _common_start(self.start, text)
        self.end = _common_end(self.end, text)
        self.count += 1
        self.empty += not text
        self.without_space += not text.startswith(" ")
        if not self.many:
            self.distinct.add(blake2b(text.encode(errors="surrogatepass"), digest_size=8).digest())
            self._bound()

    def merge(self, other: SharedText) -> None:
        """Add the texts of another piece."""
        if self.count and other.count:
            self.start = _common_start(self.start, other.start)
            self.end = _common_end(self.end, other.end)
        elif other.count:
            self.start, self.end = other.start, other.end
        self.count += other.count
        self.empty += other.empty
        self.without_space += other.without_space
        self.many = self.many or other.many
        self.distinct |= other.distinct
        self._bound()

    def _bound(self) -> None:
        if self.many or len(self.distinct) > MOST_DISTINCT:
            self.many = True
            self.distinct = set()


@dataclass(slots=True)
class PairTexts:
    """The prompts and the completions of a file."""

    prompts: SharedText = field(default_factory=SharedText)
    completions: SharedText = field(default_factory=SharedText)

    def see(self, examples: Sequence[Seen]) -> None:
        """Take the next examples; one that is not a pair is left out."""
        for example in examples:
            if example.roles == ("prompt", "completion"):
                prompt, completion = example.texts
                self.prompts.add(prompt)
                self.completions.add(completion)

    def merge(self, other: PairTexts, lines_before: int) -> None:
        """Add the pairs of the piece that follows."""
        del lines_before
        self.prompts.merge(other.prompts)
        self.completions.merge(other.completions)


def _common_start(shared: str, text: str) -> str:
    size = min(len(shared), len(text))
    if shared[:size] == text[:size]:
        return shared[:size]
    return shared[: next(i for i in range(size) if shared[i] != text[i])]


def _common_end(shared: str, text: str) -> str:
    return _common_start(shared[::-1], text[: -LONGEST - 1 : -1])[::-1]
