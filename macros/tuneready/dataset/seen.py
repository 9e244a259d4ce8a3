"""What one example says: the same whether a line went the fast or the thorough way.

It is what looks over several examples work with: tokens, duplicates, system texts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence


class Seen(NamedTuple):
    """One example. What is asked stands before what is answered."""

    line: int  # physical, from 1
    roles: tuple[str, ...]  # of each text: a role, or the key of a text that is not a message's
    texts: Sequence[str]
    prompt: int  # how many of the texts come before the answer
    rest: str  # canonical JSON of whatever else is there; "" when there is nothing else


class Watcher(Protocol):
    """Looks at every example, in the order of the file."""

    def see(self, examples: Sequence[Seen]) -> None:
        """Take the next examples."""
