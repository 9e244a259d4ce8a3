"""What a rule is: one thing looked for, with its name, its reasons and its examples in one place."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from tuneready.finding import Location, Path
    from tuneready.targets.base import Target

type Check = Callable[[Any, Target], Iterable[Hit]]


class On(Enum):
    """What a rule's function looks at; the engine hands it over."""

    BYTES = "bytes"  # no function: reported while lines and JSON are read
    RECORD = "record"  # dataset.examples.Record: the JSON value of a line
    EXAMPLE = "example"  # dataset.examples.Example: a record of the target's format
    CHAT = "chat"  # dataset.examples.Chat: a list of messages, of which an example may have several
    PARTS = "parts"  # dataset.examples.Chat, of which a message has a list as its content
    TOOLS = "tools"  # dataset.examples.Chat: only its definitions of tools are looked at
    COMPLETION = "completion"  # dataset.examples.Record: an object with prompt and completion
    TEXT = "text"  # dataset.examples.Text: one text
    FILE = "file"  # dataset.report.Report: facts of the whole file, at its end


@dataclass(frozen=True, slots=True)
class Hit:
    """A place where a rule applies, and what is there. The engine adds line, column and byte."""

    path: Path
    message: str
    params: Mapping[str, str | int] = field(default_factory=dict)
    on_key: bool = False  # the place is the key, not its value
    place: Location | None = None  # of a rule on the file: the line that it is about


@dataclass(frozen=True, slots=True)
class Rule:
    """One entry of the catalogue. The texts are English and marked for translation."""

    code: str  # TR and three digits, whose first names the family; never used again
    name: str  # states the problem; the CLI and links use it
    on: On
    title: str  # what is wrong, in one line
    why: str  # what happens if it stays
    remedy: str  # what to do, in the imperative
    bad: str | bytes | None  # a file that has exactly this finding; None when it would be huge
    good: str | bytes  # the same, put right
    target: str  # the target for which the examples are written
    check: Check | None = None
    # A pattern that is found in every text for which this rule may apply, whatever the shape of the
    # example; None when only its shape counts. It is searched in many texts that are joined by line
    # feeds, so it must not depend on where a text begins or ends. This is what lets the fast way
    # accept texts: without a hint, there is nothing to find.
    hint: str | None = None
    training: str | None = None  # a training file; then the examples are files that validate it

    @property
    def is_beyond_format(self) -> bool:
        """Tell whether it is about what is said, or about several examples: TR8xx and TR9xx."""
        return self.code[2] in "89"


def hit(path: Path, message: str, **params: str | int) -> Hit:
    """Return a hit on the value at `path`."""
    return Hit(path, message, params)


def key_hit(path: Path, message: str, **params: str | int) -> Hit:
    """Return a hit on the key that ends `path`."""
    return Hit(path, message, params, on_key=True)


def rule(
    code: str,
    on: On,
    *,
    title: str,
    why: str,
    remedy: str,
    bad: str | bytes | None,
    good: str | bytes,
    target: str = "azure-openai/sft",
    hint: str | None = None,
    training: str | None = None,
) -> Callable[[Check], Rule]:
    """Make a rule of a function; the function's name, with hyphens, is the rule's name."""

    def make(check: Check) -> Rule:
        name = check.__name__.replace("_", "-")
        return Rule(code, name, on, title, why, remedy, bad, good, target, check, hint, training)

    return make


def reported(
    code: str,
    name: str,
    *,
    title: str,
    why: str,
    remedy: str,
    bad: str | bytes | None,
    good: str | bytes,
    target: str = "azure-openai/sft",
) -> Rule:
    """Declare a rule whose findings come from the reading of bytes and JSON."""
    return Rule(code, name, On.BYTES, title, why, remedy, bad, good, target)
