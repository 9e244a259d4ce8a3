r"""The fast way: accepts a good line at little more than the cost of decoding it.

A line is decoded into typed structs that forbid unknown keys, so nothing in it is skipped. Three
things are then left to look at:

- *Texts*: blank or "null" contents, image addresses, arguments of calls. Cheap tests, the same
  functions as the rules use.
- *Shape*: the sequence of roles, kinds of content, calls and their answers. Shapes repeat: the
  first line of a shape goes the thorough way, and if that finds nothing the shape is remembered.
  Every rule that runs on typed examples depends on texts tested here, on the shape, or on both.
- *Keys that come twice*, which a decoder passes over in silence. Without an escaped colon
  (`\u003a`, tested for), the colons of a line are those after its keys and those inside its texts.
  So when they are as many as the decoded keys plus the colons of the decoded texts, no key was
  dropped: a dropped key, and any colon in what was dropped, would make the line have more.

Whatever is not accepted goes the thorough way, so refusing is always right; only accepting has to
be proved. This is the one module of the core that needs more than the standard library.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Literal, Protocol

import msgspec
from msgspec import UNSET, Struct, UnsetType

from tuneready.dataset.decoding import DEEPEST
from tuneready.dataset.examples import Chat
from tuneready.rules import RULES
from tuneready.rules.base import On
from tuneready.rules.content import is_blank, is_null_text
from tuneready.rules.images import image_is_fine
from tuneready.rules.tools import defined_tools

if TYPE_CHECKING:
    from tuneready.dataset.statistics import Statistics
    from tuneready.targets.base import Target

# Bounds of what is remembered. Datasets have a few shapes and tool sets; hostile ones get no more.
MOST_SHAPES = 4096
MOST_TOOL_SETS = 1024


class FastWay(Protocol):
    """What the checker asks of the fast way of a format."""

    def accepts(self, line: bytes, number: int) -> bool:
        """Tell whether a line is certainly good, and then count it."""

    def learn(self) -> None:
        """Remember the shape of the line just refused: the thorough way found nothing in it."""

    def finish(self) -> None:
        """Put what was counted into the statistics."""


def fast_way(target: Target, statistics: Statistics) -> FastWay:
    """Return the fast way for the target's format."""
    if target.format == "chat":
        return _ChatWay(target, statistics)
    return _CompletionWay(target, statistics)


class _ImageUrl(Struct, forbid_unknown_fields=True):
    url: str
    detail: str | UnsetType = UNSET


class _TextPart(Struct, forbid_unknown_fields=True, tag_field="type", tag="text"):
    text: str


class _ImagePart(Struct, forbid_unknown_fields=True, tag_field="type", tag="image_url"):
    image_url: _ImageUrl


class _Function(Struct, forbid_unknown_fields=True):
    name: str
    arguments: str


class _Call(Struct, forbid_unknown_fields=True):
    id: str
    type: Literal["function"]
    function: _Function


type _Content = str | list[_TextPart | _ImagePart]


class _System(Struct, forbid_unknown_fields=True, tag_field="role", tag="system"):
    content: _Content
    name: str | UnsetType = UNSET


class _User(Struct, forbid_unknown_fields=True, tag_field="role", tag="user"):
    content: _Content
    name: str | UnsetType = UNSET


class _Assistant(Struct, forbid_unknown_fields=True, tag_field="role", tag="assistant"):
    content: _Content | UnsetType | None = UNSET
    tool_calls: list[_Call] | UnsetType = UNSET
    weight: int | UnsetType = UNSET
    name: str | UnsetType = UNSET


class _Tool(Struct, forbid_unknown_fields=True, tag_field="role", tag="tool"):
    content: _Content
    tool_call_id: str
    name: str | UnsetType = UNSET


class _ChatLine(Struct, forbid_unknown_fields=True):
    messages: list[_System | _User | _Assistant | _Tool]
    tools: msgspec.Raw | UnsetType = UNSET
    parallel_tool_calls: bool | UnsetType = UNSET


class _CompletionLine(Struct, forbid_unknown_fields=True):
    prompt: str
    completion: str


_ROLES = {_System: "system", _User: "user", _Assistant: "assistant", _Tool: "tool"}


def _is_plain(message: _System | _User | _Assistant | _Tool) -> bool:
    """Tell whether a message has a role and a content, and nothing else."""
    if isinstance(message, _Assistant):
        return message.tool_calls is UNSET and message.weight is UNSET and message.name is UNSET
    return message.name is UNSET and not isinstance(message, _Tool)


def _accept_blank_call(message: _System | _User | _Assistant | _Tool, shape: list[Any]) -> None:
    """Take a blank content beside tool calls, where it is usual, and no other."""
    content = message.content
    if not isinstance(message, _Assistant) or message.tool_calls is UNSET or content == "null":
        raise _NotAcceptedError
    shape.append("blank")


class _NotAcceptedError(Exception):
    """The line goes the thorough way."""


class _Doubt:
    """What the fast way collects on one chat beyond plain contents."""

    __slots__ = ("calls", "characters", "colons", "images", "keys", "names", "open")

    def __init__(self, names: frozenset[str]) -> None:
        self.names = names  # of the tools that the line defines
        self.characters = 0
        self.colons = 0
        self.keys = 0
        self.images = 0
        self.calls = 0
        self.open: list[str] = []  # ids of the calls of the last assistant message that calls


class _ChatWay:
    def __init__(self, target: Target, statistics: Statistics) -> None:
        self._target = target
        self._statistics = statistics
        self._decode = msgspec.json.Decoder(_ChatLine).decode
        self._decode_any = msgspec.json.Decoder().decode
        self._longest_content = target.limits.max_message_characters
        self._good: set[tuple[Any, ...]] = set()
        self._seen: Counter[tuple[Any, ...]] = Counter()
        self._pending: tuple[Any, ...] | None = None
        self._tool_sets: dict[bytes, tuple[int, frozenset[str]] | None] = {}
        self._tool_rules = [
            rule for rule in RULES if rule.on is On.TOOLS and rule.name in target.rules
        ]

    def accepts(self, line: bytes, number: int) -> bool:
        self._pending = None
        # Nesting first, then UTF-8, as no decoder may meet what it cannot survive. A colon that is
        # written as an escape would spoil the count of keys.
        if line.count(b"[") + line.count(b"{") > DEEPEST or b"\\u003" in line:
            return False
        try:
            if not line.isascii():
                line.decode()
            chat = self._decode(line)
            shape, characters = self._look(chat, line)
        except (ValueError, _NotAcceptedError):  # msgspec's errors and UnicodeError are ValueErrors
            return False
        if shape not in self._good:
            self._pending = shape
            return False
        seen = self._seen
        seen[shape] += 1
        if len(seen) > MOST_SHAPES:
            self.finish()
        self._statistics.add_text(characters, number)
        return True

    def learn(self) -> None:
        if self._pending is not None:
            if len(self._good) >= MOST_SHAPES:
                self._good.clear()
            self._good.add(self._pending)

    def finish(self) -> None:
        statistics = self._statistics
        for shape, count in self._seen.items():
            has_tools, calls, images, *kinds = shape
            statistics.examples += count
            statistics.tool_examples += count * has_tools
            statistics.tool_calls += count * calls
            statistics.images += count * images
            statistics.image_examples += count * (images > 0)
            for kind in kinds:
                if isinstance(kind, type):
                    statistics.messages[_ROLES[kind]] += count  # type: ignore[index]
        self._seen.clear()

    def _look(  # noqa: C901  the inner loop of the product: calls cost more than branches
        self, chat: _ChatLine, line: bytes
    ) -> tuple[tuple[Any, ...], int]:
        """Return the shape and the characters of a chat; raise when a text is in doubt."""
        colons = line.count(b":") - 1  # the key `messages`
        characters = 0
        longest = self._longest_content or len(line)
        has_tools = 0
        names: frozenset[str] = frozenset()
        if chat.tools is not UNSET:
            tool_colons, names = self._tools(bytes(chat.tools))
            colons -= tool_colons + 1
            has_tools = 1 if names else 0
        if chat.parallel_tool_calls is not UNSET:
            colons -= 1
        shape: list[Any] = [has_tools, 0, 0]
        more: _Doubt | None = None
        for message in chat.messages:
            shape.append(type(message))
            content = message.content
            if isinstance(content, str):
                if not content or content.isspace() or is_null_text(content):
                    _accept_blank_call(message, shape)
                size = len(content)
                if size > longest:
                    raise _NotAcceptedError
                characters += size
                colons -= content.count(":") + 2  # role and content
                if _is_plain(message):
                    continue
            else:
                colons -= 1 if content is UNSET else 2
            if more is None:
                more = _Doubt(names)
            self._look_closer(message, shape, more)
        if more is not None:
            characters += more.characters
            colons -= more.colons + more.keys
            shape[1] = more.calls
            shape[2] = more.images
        if colons:
            raise _NotAcceptedError
        return tuple(shape), characters

    def _look_closer(  # noqa: C901  one branch per key that a message may have
        self, message: _System | _User | _Assistant | _Tool, shape: list[Any], more: _Doubt
    ) -> None:
        """Take in a message that has more than a role and a plain text."""
        content = message.content
        if isinstance(content, list):
            shape.append("parts")
            for part in content:
                self._part(part, shape, more)
        elif not isinstance(content, str):
            shape.append("null" if content is None else "absent")
        if message.name is not UNSET:
            more.keys += 1
            more.colons += message.name.count(":")
        if isinstance(message, _Assistant):
            if message.weight is not UNSET:
                if message.weight not in (0, 1):
                    raise _NotAcceptedError
                more.keys += 1
                shape.append(f"weight {message.weight}")
            if message.tool_calls is not UNSET:
                self._calls(message.tool_calls, shape, more)
        elif isinstance(message, _Tool):
            more.keys += 1
            more.colons += message.tool_call_id.count(":")
            if message.tool_call_id not in more.open:
                raise _NotAcceptedError
            # Which call it answers, by position: the ids themselves differ from line to line.
            shape.append(more.open.index(message.tool_call_id))

    def _part(self, part: _TextPart | _ImagePart, shape: list[Any], more: _Doubt) -> None:
        if isinstance(part, _TextPart):
            text = part.text
            if is_blank(text) or is_null_text(text):
                raise _NotAcceptedError
            if self._longest_content is not None and len(text) > self._longest_content:
                raise _NotAcceptedError
            more.keys += 2
            more.colons += text.count(":")
            more.characters += len(text)
            shape.append("text")
            return
        image = part.image_url
        if not image_is_fine(image.url, self._target):
            raise _NotAcceptedError
        more.keys += 3
        more.colons += image.url.count(":")
        more.images += 1
        shape.append("image")
        if image.detail is not UNSET:
            if image.detail not in ("low", "high", "auto"):
                raise _NotAcceptedError
            more.keys += 1

    def _calls(self, calls: list[_Call], shape: list[Any], more: _Doubt) -> None:
        more.keys += 1
        more.calls += len(calls)
        more.open = [call.id for call in calls]
        if len(set(more.open)) != len(calls):
            raise _NotAcceptedError
        for call in calls:
            function = call.function
            if function.name not in more.names:
                raise _NotAcceptedError
            arguments = function.arguments
            if arguments.count("[") + arguments.count("{") > DEEPEST:
                raise _NotAcceptedError
            if not isinstance(self._decode_any(arguments), dict):
                raise _NotAcceptedError
            more.keys += 5  # id, type, function, name, arguments
            more.colons += arguments.count(":") + call.id.count(":") + function.name.count(":")
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
            raise _NotAcceptedError
        return found

    def _look_at_tools(self, raw: bytes) -> tuple[int, frozenset[str]] | None:
        tools = self._decode_any(raw)
        if not isinstance(tools, list) or _colons(tools) != raw.count(b":"):
            return None
        view = Chat({"messages": [], "tools": tools}, [])
        for rule in self._tool_rules:
            if rule.check is not None and any(True for _ in rule.check(view, self._target)):
                return None
        return raw.count(b":"), frozenset(name for _, name in defined_tools(view))


class _CompletionWay:
    def __init__(self, target: Target, statistics: Statistics) -> None:
        self._target = target
        self._statistics = statistics
        self._decode = msgspec.json.Decoder(_CompletionLine).decode

    def accepts(self, line: bytes, number: int) -> bool:
        if line.count(b"[") + line.count(b"{") > DEEPEST or b"\\u003" in line:
            return False
        try:
            if not line.isascii():
                line.decode()
            example = self._decode(line)
        except ValueError:
            return False
        prompt, completion = example.prompt, example.completion
        if is_blank(prompt) or is_blank(completion):
            return False
        if line.count(b":") != 2 + prompt.count(":") + completion.count(":"):
            return False
        self._statistics.examples += 1
        self._statistics.add_text(len(prompt) + len(completion), number)
        return True

    def learn(self) -> None:
        """Have nothing to remember: a pair of texts has one shape."""

    def finish(self) -> None:
        """Have nothing left to count."""


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
