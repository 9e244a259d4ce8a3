"""Counts over the examples of a file. Whole numbers only, so that they merge exactly."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tuneready.dataset.distribution import Distribution

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tuneready.dataset.examples import Example
    from tuneready.dataset.seen import Seen
    from tuneready.dataset.token_statistics import TokenStatistics

ROLES = ("system", "developer", "user", "assistant", "tool", "function", "other")


@dataclass(slots=True)
class Statistics:
    """What the examples hold. Characters are those of contents, prompts and completions."""

    examples: int = 0
    messages: dict[str, int] = field(default_factory=lambda: dict.fromkeys(ROLES, 0))
    characters: int = 0
    tool_examples: int = 0  # examples that define tools
    tool_calls: int = 0
    image_examples: int = 0
    images: int = 0
    longest: int = 0  # characters of the longest example
    longest_line: int | None = None
    # Filled by `see` only: a look at the format alone knows no single example.
    turns: Distribution = field(default_factory=Distribution)  # texts that are not the system's
    lengths: Distribution = field(default_factory=Distribution)  # characters of an example
    tokens: TokenStatistics | None = None  # when they are counted

    def see(self, examples: Sequence[Seen]) -> None:
        """Take the next examples: how many turns they have, and how long they are."""
        self.lengths.update([sum(map(len, example.texts)) for example in examples])
        self.turns.update(
            [
                len(roles) - roles.count("system") - roles.count("developer")
                for _, roles, *_ in examples
            ]
        )

    def add_text(self, characters: int, line: int) -> None:
        """Count the characters of one more example."""
        self.characters += characters
        self.note_longest(characters, line)

    def note_longest(self, characters: int, line: int) -> None:
        """Remember the longest example; of equally long ones the first is named."""
        if characters >= self.longest and (
            self.longest_line is None or characters > self.longest or line < self.longest_line
        ):
            self.longest, self.longest_line = characters, line

    def add_example(self, example: Example, line: int) -> None:
        """Count one more example, whatever state it is in."""
        self.examples += 1
        images = 0
        for chat in example.chats:
            for message in chat.messages:
                role = message.role if message.role in self.messages else "other"
                self.messages[role or "other"] += 1
                self.tool_calls += len(message.calls)
                images += sum(_is_image(part) for _, part in message.parts)
        self.images += images
        self.image_examples += images > 0
        self.tool_examples += any(chat.tools for chat in example.chats if chat.part != "answer")
        self.add_text(sum(len(text.text) for text in example.texts()), line)

    def settle(self) -> None:
        """Wait until everything that was seen is counted."""
        if self.tokens is not None:
            self.tokens.settle()

    def merge(self, other: Statistics, lines_before: int) -> None:
        """Add the counts of the piece that follows, which begins after `lines_before` lines."""
        self.examples += other.examples
        for role, count in other.messages.items():
            self.messages[role] += count
        self.characters += other.characters
        self.tool_examples += other.tool_examples
        self.tool_calls += other.tool_calls
        self.image_examples += other.image_examples
        self.images += other.images
        if other.longest_line is not None and (
            self.longest_line is None or other.longest > self.longest
        ):
            self.longest, self.longest_line = other.longest, other.longest_line + lines_before
        self.turns.merge(other.turns)
        self.lengths.merge(other.lengths)
        if self.tokens is not None and other.tokens is not None:
            self.tokens.merge(other.tokens, lines_before)

    def to_json(self) -> dict[str, Any]:
        """Return the object of the report; later fields come behind these."""
        longest = None
        if self.longest_line is not None:
            longest = {"line": self.longest_line, "characters": self.longest}
        return {
            "examples": self.examples,
            "messages": {**self.messages, "total": sum(self.messages.values())},
            "characters": self.characters,
            "longest_example": longest,
            "tools": {"examples": self.tool_examples, "calls": self.tool_calls},
            "images": {"examples": self.image_examples, "total": self.images},
            "turns": self.turns.to_json(),
            "lengths": self.lengths.to_json(),
        }


def _is_image(part: dict[str, Any]) -> bool:
    return part.get("type") == "image_url" or "image" in part or "fileData" in part
