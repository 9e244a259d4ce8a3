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
be proved. This is the one module of the core that needs more than the standard library.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Protocol

import msgspec
from msgspec import UNSET, Struct, UnsetType

from tuneready.dataset.decoding import DEEPEST, nesting_fault
from tuneready.dataset.detectors.hints import searcher
from tuneready.dataset.examples import Chat, example_of, is_plain_key, record_of, seen_of
from tuneready.dataset.lines import LONGEST_LINE
from tuneready.dataset.seen import Seen
from tuneready.rules import RULES
from tuneready.rules.base import On
from tuneready.rules.content import is_blank, is_null_text
from tuneready.rules.images import DETAILS, image_is_fine
from tuneready.rules.tools import defined_tools

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from tuneready.dataset.statistics import Statistics
    from tuneready.rules.base import Rule
    from tuneready.targets.base import Dialect, Key, Layout, Target

    type Watch = Callable[[Sequence[Seen]], None]

# Bounds of what is remembered. Datasets have a few shapes and tool sets; hostile ones get no more.
MOST_SHAPES = 4096
LONGEST_SHAPE = 1024
MOST_TOOL_SETS = 1024

# Lines taken together: many, so that a step of Python is rare; few, so that one line which must be
# looked at does not send many others the longer way.
GROUP = 128

# A search by pattern takes little more than half the time of `in` here: the digits are common.
_ESCAPED_COLON = re.compile(rb"\\u003[aA]").search


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
            ways.append(_ChatWay(spoken, statistics, hints, watch, whole=whole, shared=shared))
        else:
            struct = plain_struct(layout.keys, spoken)
            if struct is not None:
                ways.append(_LayoutWay(spoken, layout, struct, statistics, hints, watch))
    if not ways:
        return None
    return ways[0] if len(ways) == 1 else _SeveralWays(ways)


_ON_CHATS = (On.CHAT, On.PARTS, On.TOOLS, On.EXAMPLE)

# The rules for which `_ChatWay._look` was written: every one depends on a text tested there, on the
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


def _hints(rules: Iterable[Rule]) -> tuple[Callable[[str], object], ...]:
    """Return the searches without whose success no text can have a finding."""
    patterns = dict.fromkeys(rule.hint for rule in rules if rule.hint is not None)
    return tuple(searcher(pattern) for pattern in patterns)


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


class _CompletionLine(Struct, forbid_unknown_fields=True):
    prompt: str
    completion: str


class _NotAcceptedError(Exception):
    """The line goes the thorough way."""


# msgspec's errors and UnicodeError are ValueErrors.
_REFUSALS = (ValueError, _NotAcceptedError)


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
    if text_colons and _ESCAPED_COLON(raw):
        return None
    speakers: list[tuple[str, ...]] = [
        tuple([message.role for message in messages]) for messages in chats
    ]
    shapes = {(0, 0, 0, *shape): count for shape, count in Counter(speakers).items()}
    return _PlainGroup(chats, contents, text, speakers, shapes, max(map(len, lines)))


type Shared = dict[tuple[int, int], _PlainGroup | None]
"""Groups by their first line and size: for several targets that are asked about one file."""


class _ChatWay:
    def __init__(
        self,
        target: Target,
        statistics: Statistics,
        hints: tuple[Callable[[str], object], ...],
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
            except _REFUSALS:
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
                raise _NotAcceptedError
            characters += more.characters
            text_colons += more.colons
            colons -= more.keys
            shape[1] = more.calls
            shape[2] = more.images
            texts += more.texts
        elif chat.tools is UNSET and chat.parallel_tool_calls is UNSET:
            plain = self._seen_plain(tuple([message.role for message in chat.messages]), texts, 0)
        elif not self._whole:
            raise _NotAcceptedError
        if colons != text_colons or (text_colons and _ESCAPED_COLON(line)):
            raise _NotAcceptedError
        if self._hints:
            self._search(texts)
        return tuple(shape), characters, plain

    def _search(self, texts: list[str]) -> None:
        text = "\n".join(texts)
        if any(search(text) for search in self._hints):
            raise _NotAcceptedError

    def _decode_full(self, line: bytes) -> _FullLine:
        """Decode any line of this format; definitions of tools are not bounded by the types."""
        if (
            line.count(b"[") + line.count(b"{") > DEEPEST
            and nesting_fault(line.decode()) is not None
        ):
            raise _NotAcceptedError
        return self._full(line)

    def _look_at_odd_text(self, text: str, message: _Message, shape: list[Any]) -> None:
        """Accept a short text, and a blank one beside tool calls, where it is usual."""
        if is_null_text(text) or len(text) > self._longest_content:
            raise _NotAcceptedError
        if is_blank(text):
            if message.role != "assistant" or message.tool_calls is UNSET:
                raise _NotAcceptedError
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
                raise _NotAcceptedError
            more.keys += 1
            shape.append(f"weight {message.weight}")
        if message.tool_calls is not UNSET:
            self._calls(message.tool_calls, shape, more)
        if message.tool_call_id is not UNSET:
            more.keys += 1
            more.colons += message.tool_call_id.count(":")
            if message.tool_call_id not in more.open:
                raise _NotAcceptedError
            # Which call it answers, by position: the ids themselves differ from line to line.
            shape.append(f"answers {more.open[message.tool_call_id]}")

    def _part(self, part: _Part, shape: list[Any], more: _More) -> None:
        image, text = part.image_url, part.text
        if part.type == "text" and isinstance(text, str) and image is UNSET:
            if is_blank(text) or is_null_text(text) or len(text) > self._longest_content:
                raise _NotAcceptedError
            more.keys += 2  # type and text
            more.colons += text.count(":")
            more.characters += len(text)
            more.texts.append(text)
            shape.append("text part")
            return
        if part.type == "text" or image is UNSET or text is not UNSET:
            raise _NotAcceptedError
        if not image_is_fine(image.url, self._target):
            raise _NotAcceptedError
        more.keys += 3  # type, image_url and url
        more.colons += image.url.count(":")
        more.images += 1
        shape.append("image part")
        if image.detail is not UNSET:
            if image.detail not in DETAILS:
                raise _NotAcceptedError
            more.keys += 1

    def _calls(self, calls: list[_Call], shape: list[Any], more: _More) -> None:
        more.keys += 1
        more.calls += len(calls)
        more.open = {call.id: place for place, call in enumerate(calls)}
        if len(more.open) != len(calls):
            raise _NotAcceptedError
        for call in calls:
            function = call.function
            if function.name not in more.names:
                raise _NotAcceptedError
            arguments = function.arguments
            if nesting_fault(arguments) is not None:
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
        if not isinstance(tools, list) or _colons(tools) != raw.count(b":") or _ESCAPED_COLON(raw):
            return None
        view = Chat({"messages": [], "tools": tools}, (), ("messages",), "whole", [])
        for rule in self._tool_rules:
            if rule.check is not None and any(True for _ in rule.check(view, self._target)):
                return None
        return raw.count(b":"), frozenset(name for _, name in defined_tools(view))


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


def plain_struct(keys: Mapping[str, Key], target: Target) -> type[Struct] | None:
    """Return a type for records that are nothing but texts; None when a key must be more."""
    fields: list[Any] = []
    names: dict[str, str] = {}
    for i, (name, key) in enumerate(keys.items()):
        kind = _plain_type(key, target)
        if kind is None:
            if key.required:
                return None
            continue
        field = f"f{i}"
        names[field] = name
        fields.append((field, kind) if key.required else (field, kind | UnsetType, UNSET))
    fields.sort(key=len)  # those that may be left out come last
    return msgspec.defstruct("Plain", fields, rename=names, forbid_unknown_fields=True)


def _plain_type(key: Key, target: Target) -> Any:
    if key.values:
        return Literal[key.values]
    message = plain_message(target.messages) if target.messages else None
    inner = plain_struct(key.keys, target) if key.holds in ("object", "objects") else None
    return {
        "text": str,
        "texts": list[str],
        "boolean": bool,
        "booleans": list[bool],
        "messages": message and list[message],  # type: ignore[valid-type]
        "message": message,
        "text-or-messages": message and str | list[message],  # type: ignore[valid-type]
        "text-or-texts": str | list[str],
        "pairs": list[tuple[str, str]],
        "object": inner,
        "objects": inner and list[inner],  # type: ignore[valid-type]
    }.get(key.holds)


class _PlainPart(Struct, forbid_unknown_fields=True):
    text: str


def plain_message(dialect: Dialect) -> type[Struct]:
    """Return a type for messages of a role and a text, as a target writes them."""
    text: Any = list[_PlainPart] if dialect.parts in ("gemini", "bedrock") else str
    return msgspec.defstruct(
        "PlainMessage",
        [("content", text), ("role", Literal[tuple(dialect.roles)] | UnsetType, UNSET)],
        rename={"role": dialect.role, "content": dialect.content},
        forbid_unknown_fields=True,
    )


class _LayoutWay:
    """Any layout whose records are texts, conversations and truth values.

    The shape holds all but the texts: which keys are there, how many of what, the roles, the truth
    values, which texts are blank or "null", and which answers are the same.
    """

    def __init__(
        self,
        target: Target,
        layout: Layout,
        struct: type[Struct],
        statistics: Statistics,
        hints: tuple[Callable[[str], object], ...],
        watch: Watch | None,
    ) -> None:
        self._target = target
        self._layout = layout
        self._statistics = statistics
        self._hints = hints
        self._watch = watch
        self._decode = msgspec.json.Decoder(struct).decode
        self._longest = target.limits.max_message_characters or LONGEST_LINE
        self._good: set[tuple[Any, ...]] = set()
        self._counts: Counter[tuple[Any, ...]] = Counter()  # by the roles of messages
        self._pending: tuple[Any, ...] | None = None
        self._is_plain = all(map(is_plain_key, layout.keys.values()))

    def refused(self, lines: list[bytes], number: int) -> Iterator[int]:
        for index, line in enumerate(lines):
            self._pending = None
            try:
                flat = self._look(line)
            except _REFUSALS:
                yield index
                continue
            shape = tuple(flat.shape)
            if shape not in self._good:
                self._pending = shape
                yield index
                continue
            self._counts[tuple(flat.speakers)] += 1
            self._statistics.add_text(flat.characters, number + index)
            if self._watch is not None:
                seen = flat.seen(number + index)
                self._watch([seen if self._is_plain else self._see(line, number + index)])
        if len(self._counts) > MOST_SHAPES:
            self.finish()

    def _see(self, line: bytes, number: int) -> Seen:
        """Read an accepted line once more, for what it says besides its texts."""
        record = record_of(json.loads(line), self._target)
        return seen_of(example_of(record, self._target), number)

    def learn(self) -> None:
        if self._pending is not None and len(self._pending) <= LONGEST_SHAPE:
            if len(self._good) >= MOST_SHAPES:
                self._good.clear()
            self._good.add(self._pending)

    def finish(self) -> None:
        for speakers, count in self._counts.items():
            self._statistics.examples += count
            for role in speakers:
                self._statistics.messages[role] += count
        self._counts.clear()

    def _look(self, line: bytes) -> _Flat:
        flat = _Flat()
        flat.take(self._decode(line), self._layout.keys, self._target)
        if not flat.first and not flat.last and not flat.speakers:  # says nothing: no example
            raise _NotAcceptedError
        text = "\n".join(flat.first + flat.last)
        if len(text) > self._longest and max(map(len, flat.first + flat.last)) > self._longest:
            raise _NotAcceptedError
        if any(search(text) for search in self._hints):
            raise _NotAcceptedError
        colons = text.count(":")
        if line.count(b":") != flat.colons + colons or (colons and _ESCAPED_COLON(line)):
            raise _NotAcceptedError
        first: dict[str, int] = {}  # which answers are the same
        flat.shape += [first.setdefault(answer, i) for i, answer in enumerate(flat.last)]
        return flat


class _Flat:
    """A plain record, laid out: its shape, and its texts in the order of `Seen`."""

    __slots__ = (
        "answer",
        "colons",
        "first",
        "first_roles",
        "last",
        "last_roles",
        "shape",
        "speakers",
    )

    def __init__(self) -> None:
        self.shape: list[Any] = []
        self.colons = 0  # of keys
        self.first: list[str] = []
        self.last: list[str] = []  # answers
        self.first_roles: list[str] = []
        self.last_roles: list[str] = []
        self.speakers: list[str] = []
        self.answer: int | None = None  # the last answer of a whole conversation, among the first

    @property
    def characters(self) -> int:
        return sum(map(len, self.first)) + sum(map(len, self.last))

    def seen(self, number: int) -> Seen:
        size = len(self.first)
        if not self.last and self.answer is not None:
            size = self.answer
        return Seen(number, (*self.first_roles, *self.last_roles), self.first + self.last, size, "")

    def take(self, struct: Any, keys: Mapping[str, Key], target: Target) -> None:
        """Take in a record: fields first, then conversations, as a view of the example does."""
        later: list[tuple[Key, Any]] = []
        self._take_fields(struct, keys, later)
        for key, messages in later:
            self._messages(key, messages, target)

    def _take_fields(
        self, struct: Any, keys: Mapping[str, Key], later: list[tuple[Key, Any]]
    ) -> None:
        names = struct.__struct_encode_fields__
        values = dict(
            zip(names, (getattr(struct, f) for f in struct.__struct_fields__), strict=True)
        )
        for name, key in keys.items():
            value = values.get(name, UNSET)
            if value is UNSET:
                self.shape.append(None)
                continue
            self.colons += 1
            self._field(name, key, value, later)

    def _field(self, name: str, key: Key, value: Any, later: list[tuple[Key, Any]]) -> None:
        who = key.said_by or name
        match value:
            case str() if not key.said:
                if not key.values and (":" in value or is_null_text(value)):
                    raise _NotAcceptedError
                self.shape.append(value if key.values else "unsaid")
            case str():
                self._text(value, who, key.part == "answer")
            case bool():
                self.shape.append(value)
            case Struct() if key.holds == "object":
                self.shape.append("object")
                self._take_fields(value, key.keys, later)
            case Struct():
                self.shape.append("message")
                later.append((key, [value]))
            case list():
                self.shape.append(len(value))
                self._list(who, key, value, later)

    def _list(self, name: str, key: Key, value: list[Any], later: list[tuple[Key, Any]]) -> None:
        for item in value:
            match item:
                case str():
                    self._text(item, name, key.part == "answer")
                case bool():
                    self.shape.append(item)
                case tuple():
                    for text in item:
                        self._text(text, name, is_answer=False)
                case _ if key.holds == "objects":
                    self._take_fields(item, key.keys, later)
        if value and key.holds in ("messages", "text-or-messages") and isinstance(value[0], Struct):
            later.append((key, value))

    def _messages(self, key: Key, messages: Any, target: Target) -> None:
        roles = target.messages.roles if target.messages else {}
        self.shape.append("chat")
        for message in messages:
            role, content = message.role, message.content
            self.colons += 1
            meaning = ""
            if role is not UNSET:
                self.colons += 1
                meaning = roles[role]
            self.speakers.append(meaning or "other")
            self.shape.append(role if meaning else "no role")
            is_answer = key.part == "answer"
            if isinstance(content, str):
                self._say(content, meaning, key, is_answer=is_answer)
                continue
            self.shape.append(len(content))
            for part in content:
                self.colons += 1
                self._say(part.text, meaning, key, is_answer=is_answer)

    def _say(self, text: str, role: str, key: Key, *, is_answer: bool) -> None:
        if role == "assistant" and key.part in (None, "whole"):
            self.answer = len(self.first)
        self._text(text, role, is_answer)

    def _text(self, text: str, role: str, is_answer: bool) -> None:  # noqa: FBT001
        if is_null_text(text):
            raise _NotAcceptedError
        # Of every text, so that it counts which of them is blank.
        self.shape.append("text" if not is_blank(text) else "blank" if text else "empty")
        (self.last if is_answer else self.first).append(text)
        (self.last_roles if is_answer else self.first_roles).append(role)


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
