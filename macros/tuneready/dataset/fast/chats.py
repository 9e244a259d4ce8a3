"""The fast way of chats as OpenAI has them, which many targets take: texts, tools and images."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import msgspec
from msgspec import UNSET, Struct, UnsetType

from tuneready.dataset.decoding import DEEPEST, nesting_fault
from tuneready.dataset.examples import Chat, example_of, record_of, seen_of
from tuneready.dataset.fast.refusing import (
    ESCAPED_COLON,
    LONGEST_SHAPE,
    MOST_SHAPES,
    REFUSALS,
    NotAcceptedError,
)
from tuneready.dataset.lines import LONGEST_LINE
from tuneready.dataset.seen import Seen
from tuneready.rules import RULES
from tuneready.rules.base import On
from tuneready.rules.content import is_blank, is_null_text
from tuneready.rules.images import DETAILS, image_is_fine
from tuneready.rules.tools import defined_tools

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tuneready.dataset.fast.refusing import Hints, Watch
    from tuneready.dataset.statistics import Statistics
    from tuneready.targets.base import Target

# Datasets have a few sets of tools; hostile ones get no more.
MOST_TOOL_SETS = 1024

# Lines taken together: many, so that a step of Python is rare; few, so that one line which must be
# looked at does not send many others the longer way.
GROUP = 128


class _ImageUrl(Struct, forbid_unknown_fields=True):
    url: str
    detail: str | UnsetType = UNSET


class _Part(Struct, forbid_unknown_fields=True):
    type: Literal["text", "image_url"]
    text: str | UnsetType = UNSET
    image_url: _ImageUrl | UnsetType = UNSET


class _Function(Struct, forbid_unknown_fields=True):
    name: str
    arguments: str


class _Call(Struct, forbid_unknown_fields=True):
    id: str
    type: Literal["function"]
    function: _Function


class _Message(Struct, forbid_unknown_fields=True):
    role: Literal["system", "user", "assistant", "tool"]
    content: str | list[_Part] | UnsetType | None = UNSET
    name: str | UnsetType = UNSET
    weight: int | UnsetType = UNSET
    tool_calls: list[_Call] | UnsetType = UNSET
    tool_call_id: str | UnsetType = UNSET


class _PlainMessage(Struct, forbid_unknown_fields=True, gc=False):
    role: Literal["system", "user", "assistant"]
    content: str


class _PlainLine(Struct, forbid_unknown_fields=True, gc=False):
    """A chat of nothing but texts, as most are."""

    messages: list[_PlainMessage]


class _FullLine(Struct, forbid_unknown_fields=True):
    messages: list[_Message]
    tools: msgspec.Raw | UnsetType = UNSET
    parallel_tool_calls: bool | UnsetType = UNSET


class _More:
    """What is collected on one chat beyond plain contents."""

    __slots__ = ("calls", "characters", "colons", "images", "keys", "names", "open", "texts")

    def __init__(self, names: frozenset[str]) -> None:
        self.names = names  # of the tools that the line defines
        self.characters = 0
        self.colons = 0  # in texts
        self.keys = 0
        self.images = 0
        self.calls = 0
        self.texts: list[str] = []  # of parts
        self.open: dict[str, int] = {}  # ids of the calls of the last message that calls


class _PlainGroup(NamedTuple):
    """Lines that are chats of nothing but texts, none of them blank, and no key twice."""

    chats: list[list[_PlainMessage]]
    contents: list[str]
    text: str  # the contents, joined by line feeds
    speakers: list[tuple[str, ...]]  # the roles of each chat
    shapes: dict[tuple[Any, ...], int]  # and how many chats have them
    longest_line: int  # bytes


_decode_plain = msgspec.json.Decoder(_PlainLine).decode


def _plain_group(lines: list[bytes]) -> _PlainGroup | None:
    """Decode lines; None when one of them must be looked at by itself, whatever the target.

    Counting colons over the group is as good as line by line: no line has fewer than were decoded
    from it, so none can make up for another that has more.
    """
    try:
        chats = [_decode_plain(line).messages for line in lines]
    except ValueError:
        return None
    contents = [message.content for messages in chats for message in messages]
    # `is_blank` and `is_null_text`, without a call for each.
    if not all(contents) or "null" in contents or any(map(str.isspace, contents)):
        return None
    text = "\n".join(contents)
    text_colons = text.count(":")
    raw = b"".join(lines)
    if raw.count(b":") != len(lines) + 2 * len(contents) + text_colons:
        return None
    if text_colons and ESCAPED_COLON(raw):
        return None
    speakers: list[tuple[str, ...]] = [
        tuple([message.role for message in messages]) for messages in chats
    ]
    shapes = {(0, 0, 0, *shape): count for shape, count in Counter(speakers).items()}
    return _PlainGroup(chats, contents, text, speakers, shapes, max(map(len, lines)))


type Shared = dict[tuple[int, int], _PlainGroup | None]
"""Groups by their first line and size: for several targets that are asked about one file."""


class ChatWay:
    def __init__(
        self,
        target: Target,
        statistics: Statistics,
        hints: Hints,
        watch: Watch | None,
        *,
        whole: bool,
        shared: Shared | None,
    ) -> None:
        self._target = target
        self._statistics = statistics
        self._hints = hints
        self._watch = watch
        self._shared = shared
        self._whole = whole  # whether chats with tools or images are looked at, too
        self._answers: dict[
            tuple[str, ...], int
        ] = {}  # roles -> how many messages precede the answer
        self._full = msgspec.json.Decoder(_FullLine).decode
        self._expect_plain = True
        self._decode_any = msgspec.json.Decoder().decode
        self._longest_content = target.limits.max_message_characters or LONGEST_LINE
        self._good: set[tuple[Any, ...]] = set()
        self._seen: Counter[tuple[Any, ...]] = Counter()
        self._pending: tuple[Any, ...] | None = None
        self._tool_sets: dict[bytes, tuple[int, frozenset[str]] | None] = {}
        self._tool_rules = [
            rule for rule in RULES if rule.on is On.TOOLS and rule.name in target.rules
        ]

    def refused(self, lines: list[bytes], number: int) -> Iterator[int]:
        for start in range(0, len(lines), GROUP):
            group = lines[start : start + GROUP]
            if self._expect_plain and self._take_plain(group, number + start):
                continue
            any_refused = False
            for index in self._refused_one_by_one(group, number + start):
                any_refused = True
                yield start + index
            if not any_refused:  # good lines, and not all of them plain: more such will follow
                self._expect_plain = False
        if len(self._seen) > MOST_SHAPES:
            self.finish()

    def _refused_one_by_one(self, lines: list[bytes], number: int) -> Iterator[int]:
        for index, line in enumerate(lines):
            self._pending = None
            try:
                shape, characters, plain = self._look(line)
            except REFUSALS:
                yield index
                continue
            if shape not in self._good:
                self._pending = shape
                yield index
                continue
            self._seen[shape] += 1
            self._statistics.add_text(characters, number + index)
            if self._watch is not None:
                self._watch(
                    [
                        plain._replace(line=number + index)
                        if plain
                        else self._see(line, number + index)
                    ]
                )

    def _see(self, line: bytes, number: int) -> Seen:
        """Read an accepted line with tools or images once more, for what it says."""
        record = record_of(json.loads(line), self._target)
        return seen_of(example_of(record, self._target), number)

    def _seen_plain(self, roles: tuple[str, ...], texts: list[str], number: int) -> Seen:
        size = self._answers.get(roles)
        if size is None:
            size = len(roles)
            if "assistant" in roles:
                size -= 1 + roles[::-1].index("assistant")
            if len(self._answers) < MOST_SHAPES:
                self._answers[roles] = size
        return Seen(number, roles, texts, size, "")

    def learn(self) -> None:
        if self._pending is not None and len(self._pending) <= LONGEST_SHAPE:
            if len(self._good) >= MOST_SHAPES:
                self._good.clear()
            self._good.add(self._pending)

    def finish(self) -> None:
        statistics = self._statistics
        for shape, count in self._seen.items():
            has_tools, calls, images, *marks = shape
            statistics.examples += count
            statistics.tool_examples += count * has_tools
            statistics.tool_calls += count * calls
            statistics.images += count * images
            statistics.image_examples += count * (images > 0)
            for mark in marks:
                if mark in statistics.messages:
                    statistics.messages[mark] += count
        self._seen.clear()

    def _take_plain(self, lines: list[bytes], number: int) -> bool:
        """Accept a group of chats of nothing but texts, if every test of `_look` holds for all."""
        group = self._read_plain(lines, number)
        if group is None or not self._good.issuperset(group.shapes):
            return False
        most = self._longest_content
        if group.longest_line > most < max(map(len, group.contents), default=0):
            return False
        if any(search(group.text) for search in self._hints):
            return False
        self._seen.update(group.shapes)
        statistics = self._statistics
        statistics.characters += len(group.text) - len(group.contents) + 1  # no line feeds between
        if group.longest_line > statistics.longest:  # else none can be the longest example
            for index, (line, messages) in enumerate(zip(lines, group.chats, strict=True)):
                if len(line) > statistics.longest:
                    characters = sum(len(message.content) for message in messages)
                    statistics.note_longest(characters, number + index)
        if self._watch is not None:
            self._watch(
                [
                    self._seen_plain(
                        roles, [message.content for message in messages], number + index
                    )
                    for index, (roles, messages) in enumerate(
                        zip(group.speakers, group.chats, strict=True)
                    )
                ]
            )
        return True

    def _read_plain(self, lines: list[bytes], number: int) -> _PlainGroup | None:
        """Decode a group, unless another target that is asked about the same lines just did."""
        shared = self._shared
        if shared is None:
            return _plain_group(lines)
        key = number, len(lines)
        if key not in shared:
            shared[key] = _plain_group(lines)
        return shared[key]

    def _look(self, line: bytes) -> tuple[tuple[Any, ...], int, Seen | None]:  # noqa: C901  the innermost loop: no calls
        """Return the shape and the characters of a chat; raise when it is not certainly good.

        Also what it says, when it is nothing but texts.
        """
        chat = self._decode_full(line)
        colons = line.count(b":") - 1  # those of keys, in the end; `messages` is one
        has_tools = 0
        names: frozenset[str] = frozenset()
        if chat.tools is not UNSET:
            tool_colons, names = self._tools(bytes(chat.tools))
            colons -= tool_colons + 1
            has_tools = 1 if names else 0
        if chat.parallel_tool_calls is not UNSET:
            colons -= 1
        characters = 0
        text_colons = 0
        longest = self._longest_content
        shape: list[Any] = [has_tools, 0, 0]
        more: _More | None = None
        for message in chat.messages:
            shape.append(message.role)
            content = message.content
            if isinstance(content, str):
                size = len(content)
                if size < 5 or size > longest or content.isspace():  # a short one may say "null"
                    self._look_at_odd_text(content, message, shape)
                characters += size
                text_colons += content.count(":")
                colons -= 2  # role and content
                if (
                    message.name is UNSET
                    and message.weight is UNSET
                    and message.tool_calls is UNSET
                    and message.tool_call_id is UNSET
                ):
                    continue
            else:
                colons -= 1 if content is UNSET else 2
            if more is None:
                more = _More(names)
            self._look_closer(message, shape, more)
        plain = None
        texts = [message.content for message in chat.messages if isinstance(message.content, str)]
        if more is not None:
            if not self._whole:
                raise NotAcceptedError
            characters += more.characters
            text_colons += more.colons
            colons -= more.keys
            shape[1] = more.calls
            shape[2] = more.images
            texts += more.texts
        elif chat.tools is UNSET and chat.parallel_tool_calls is UNSET:
            plain = self._seen_plain(tuple([message.role for message in chat.messages]), texts, 0)
        elif not self._whole:
            raise NotAcceptedError
        if colons != text_colons or (text_colons and ESCAPED_COLON(line)):
            raise NotAcceptedError
        if self._hints:
            self._search(texts)
        return tuple(shape), characters, plain

    def _search(self, texts: list[str]) -> None:
        text = "\n".join(texts)
        if any(search(text) for search in self._hints):
            raise NotAcceptedError

    def _decode_full(self, line: bytes) -> _FullLine:
        """Decode any line of this format; definitions of tools are not bounded by the types."""
        if (
            line.count(b"[") + line.count(b"{") > DEEPEST
            and nesting_fault(line.decode()) is not None
        ):
            raise NotAcceptedError
        return self._full(line)

    def _look_at_odd_text(self, text: str, message: _Message, shape: list[Any]) -> None:
        """Accept a short text, and a blank one beside tool calls, where it is usual."""
        if is_null_text(text) or len(text) > self._longest_content:
            raise NotAcceptedError
        if is_blank(text):
            if message.role != "assistant" or message.tool_calls is UNSET:
                raise NotAcceptedError
            shape.append("blank text")

    def _look_closer(self, message: _Message, shape: list[Any], more: _More) -> None:
        """Take in a message that has more than a role and a text."""
        content = message.content
        if isinstance(content, list):
            shape.append("list of parts")
            for part in content:
                self._part(part, shape, more)
        elif not isinstance(content, str):
            shape.append("null content" if content is None else "no content")
        if message.name is not UNSET:
            more.keys += 1
            more.colons += message.name.count(":")
        if message.weight is not UNSET:
            if message.weight not in (0, 1):
                raise NotAcceptedError
            more.keys += 1
            shape.append(f"weight {message.weight}")
        if message.tool_calls is not UNSET:
            self._calls(message.tool_calls, shape, more)
        if message.tool_call_id is not UNSET:
            more.keys += 1
            more.colons += message.tool_call_id.count(":")
            if message.tool_call_id not in more.open:
                raise NotAcceptedError
            # Which call it answers, by position: the ids themselves differ from line to line.
            shape.append(f"answers {more.open[message.tool_call_id]}")

    def _part(self, part: _Part, shape: list[Any], more: _More) -> None:
        image, text = part.image_url, part.text
        if part.type == "text" and isinstance(text, str) and image is UNSET:
            if is_blank(text) or is_null_text(text) or len(text) > self._longest_content:
                raise NotAcceptedError
            more.keys += 2  # type and text
            more.colons += text.count(":")
            more.characters += len(text)
            more.texts.append(text)
            shape.append("text part")
            return
        if part.type == "text" or image is UNSET or text is not UNSET:
            raise NotAcceptedError
        if not image_is_fine(image.url, self._target):
            raise NotAcceptedError
        more.keys += 3  # type, image_url and url
        more.colons += image.url.count(":")
        more.images += 1
        shape.append("image part")
        if image.detail is not UNSET:
            if image.detail not in DETAILS:
                raise NotAcceptedError
            more.keys += 1

    def _calls(self, calls: list[_Call], shape: list[Any], more: _More) -> None:
        more.keys += 1
        more.calls += len(calls)
        more.open = {call.id: place for place, call in enumerate(calls)}
        if len(more.open) != len(calls):
            raise NotAcceptedError
        for call in calls:
            function = call.function
            if function.name not in more.names:
                raise NotAcceptedError
            arguments = function.arguments
            if nesting_fault(arguments) is not None:
                raise NotAcceptedError
            if not isinstance(self._decode_any(arguments), dict):
                raise NotAcceptedError
            more.keys += 5  # id, type, function, name, arguments
            more.colons += arguments.count(":") + call.id.count(":") + function.name.count(":")
            more.texts += [call.id, function.name, arguments]  # may hold secrets, as texts may
        shape.append(f"calls {len(calls)}")

    def _tools(self, raw: bytes) -> tuple[int, frozenset[str]]:
        """Return the colons in the definitions and the names that they define; raise on doubt."""
        known = self._tool_sets
        if raw not in known:
            if len(known) >= MOST_TOOL_SETS:
                known.clear()
            known[raw] = self._look_at_tools(raw)
        found = known[raw]
        if found is None:
            raise NotAcceptedError
        return found

    def _look_at_tools(self, raw: bytes) -> tuple[int, frozenset[str]] | None:
        tools = self._decode_any(raw)
        if not isinstance(tools, list) or _colons(tools) != raw.count(b":") or ESCAPED_COLON(raw):
            return None
        view = Chat({"messages": [], "tools": tools}, (), ("messages",), "whole", [])
        for rule in self._tool_rules:
            if rule.check is not None and any(True for _ in rule.check(view, self._target)):
                return None
        return raw.count(b":"), frozenset(name for _, name in defined_tools(view))


def _colons(value: Any) -> int:
    """Count the keys of a decoded value and the colons inside all of its texts."""
    match value:
        case str():
            return value.count(":")
        case list():
            return sum(map(_colons, value))
        case dict():
            return sum(1 + key.count(":") + _colons(item) for key, item in value.items())
        case _:
            return 0
