r"""The fast way: accepts a good line at little more than the cost of decoding it.

A line is decoded into typed structs that forbid unknown keys, so nothing in it is skipped, whatever
is text has been decoded strictly, and nothing nests deeper than the types do. (Without tags, too: a
decoder that looks for a tag skips what stands before it, to any depth.) The definitions of tools
are the exception: they are kept as bytes, looked at once, and recognised when they come again.

Three things are then left to look at:

- *Texts*: blank or "null" contents, image addresses, arguments of calls. Cheap tests, the same
  functions as the rules use.
- *Shape*: the sequence of roles, kinds of content, calls and their answers. Shapes repeat: the
  first line of a shape goes the thorough way, and if that finds nothing the shape is remembered.
  Every rule that runs on typed examples depends on texts tested here, on the shape, or on both.
- *Keys that come twice*, which a decoder passes over in silence. Without an escaped colon
  (`\u003a`, tested for), the colons of a line are those after its keys and those inside its texts.
  So when they are as many as the decoded keys plus the colons of the decoded texts, no key was
  dropped: a dropped key, and any colon in what was dropped, would make the line have more. An
  escaped colon is a colon of a decoded text, so where those have none there is nothing to test.

Most lines are chats of nothing but texts. They are taken in groups, each test made once for all of
a group; where a test fails, its lines are looked at one by one.

Whatever is not accepted goes the thorough way, so refusing is always right; only accepting has to
be proved. This is the one package of the core that needs more than the standard library.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from tuneready.dataset.detectors.hints import searcher
from tuneready.dataset.fast.chats import ChatWay, Shared
from tuneready.dataset.fast.layouts import LayoutWay, plain_struct
from tuneready.rules import RULES
from tuneready.rules.base import On

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tuneready.dataset.fast.refusing import Hints, Watch
    from tuneready.dataset.statistics import Statistics
    from tuneready.rules.base import Rule
    from tuneready.targets.base import Layout, Target

__all__ = ["FastWay", "Shared", "fast_way"]


class FastWay(Protocol):
    """What the checker asks of the fast way of a format."""

    def refused(self, lines: list[bytes], number: int) -> Iterator[int]:
        """Yield the index of every line that is not certainly good, and count the others.

        `number` is that of the first line. A line may end in a carriage return.
        """

    def learn(self) -> None:
        """Remember the shape of the line just refused: the thorough way found nothing in it."""

    def finish(self) -> None:
        """Put what was counted into the statistics."""


def fast_way(
    target: Target,
    statistics: Statistics,
    rules: Iterable[Rule],
    watch: Watch | None,
    shared: Shared | None = None,
) -> FastWay | None:
    """Return the fast way for a target; None when none of its layouts is plain enough.

    `rules` are those that are looked at; `watch` takes what every accepted example says; `shared`
    is for groups of lines that other targets are asked about, too.
    """
    active = [rule for rule in rules if rule.name in target.rules]
    hints = _hints(active)
    ways: list[FastWay] = []
    for layout in target.layouts:
        spoken = target.for_layout(layout)
        if _is_usual_chat(spoken, layout):
            whole = all(rule.name in _FULL_WAY for rule in active if rule.on in _ON_CHATS)
            ways.append(ChatWay(spoken, statistics, hints, watch, whole=whole, shared=shared))
        else:
            struct = plain_struct(layout.keys, spoken)
            if struct is not None:
                ways.append(LayoutWay(spoken, layout, struct, statistics, hints, watch))
    if not ways:
        return None
    return ways[0] if len(ways) == 1 else _SeveralWays(ways)


_ON_CHATS = (On.CHAT, On.PARTS, On.TOOLS, On.EXAMPLE)

# The rules for which `ChatWay._look` was written: every one depends on a text tested there, on the
# shape, or on both. A target with others has only its plain chats taken the fast way.
_FULL_WAY = frozenset(
    rule.name
    for rule in RULES
    if rule.on is On.TOOLS  # looked at for themselves, whatever the rule
    or any(
        first <= rule.code <= last
        for first, last in (
            ("TR301", "TR320"),
            ("TR331", "TR339"),
            ("TR401", "TR410"),
            ("TR420", "TR430"),
            ("TR501", "TR515"),
            ("TR706", "TR708"),
        )
    )
)


def _is_usual_chat(target: Target, layout: Layout) -> bool:
    """Tell whether the layout is that of OpenAI's chats, which has a way of its own."""
    dialect = target.messages
    return (
        layout.format == "chat"
        and dialect is not None
        and (dialect.role, dialect.content, dialect.parts) == ("role", "content", "openai")
        and all(dialect.roles.get(role) == role for role in ("user", "assistant"))
        and [key for key, value in layout.keys.items() if value.required] == ["messages"]
        and layout.keys["messages"].part == "whole"
        and not layout.one_of
    )


def _hints(rules: Iterable[Rule]) -> Hints:
    """Return the searches without whose success no text can have a finding."""
    patterns = dict.fromkeys(rule.hint for rule in rules if rule.hint is not None)
    return tuple(searcher(pattern) for pattern in patterns)


class _SeveralWays:
    """A target with several layouts: the one that fitted last is tried first."""

    def __init__(self, ways: list[FastWay]) -> None:
        self._ways = ways

    def refused(self, lines: list[bytes], number: int) -> Iterator[int]:
        first, *others = self._ways
        for index in first.refused(lines, number):
            line = [lines[index]]
            fitting = next(
                (way for way in others if not any(True for _ in way.refused(line, number + index))),
                None,
            )
            if fitting is None:
                yield index
            else:
                self._ways = [fitting, *(way for way in self._ways if way is not fitting)]

    def learn(self) -> None:
        for way in self._ways:
            way.learn()

    def finish(self) -> None:
        for way in self._ways:
            way.finish()
