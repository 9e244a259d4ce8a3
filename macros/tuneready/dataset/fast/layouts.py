"""The fast way of any layout whose records are texts, conversations and truth values."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any, Literal

import msgspec
from msgspec import UNSET, Struct, UnsetType

from tuneready.dataset.examples import example_of, is_plain_key, record_of, seen_of
from tuneready.dataset.fast.refusing import (
    ESCAPED_COLON,
    LONGEST_SHAPE,
    MOST_SHAPES,
    REFUSALS,
    NotAcceptedError,
)
from tuneready.dataset.lines import LONGEST_LINE
from tuneready.dataset.seen import Seen
from tuneready.rules.content import is_blank, is_null_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tuneready.dataset.fast.refusing import Hints, Watch
    from tuneready.dataset.statistics import Statistics
    from tuneready.targets.base import Dialect, Key, Layout, Target


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


class LayoutWay:
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
        hints: Hints,
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
            except REFUSALS:
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
            raise NotAcceptedError
        text = "\n".join(flat.first + flat.last)
        if len(text) > self._longest and max(map(len, flat.first + flat.last)) > self._longest:
            raise NotAcceptedError
        if any(search(text) for search in self._hints):
            raise NotAcceptedError
        colons = text.count(":")
        if line.count(b":") != flat.colons + colons or (colons and ESCAPED_COLON(line)):
            raise NotAcceptedError
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
                    raise NotAcceptedError
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
            raise NotAcceptedError
        # Of every text, so that it counts which of them is blank.
        self.shape.append("text" if not is_blank(text) else "blank" if text else "empty")
        (self.last if is_answer else self.first).append(text)
        (self.last_roles if is_answer else self.first_roles).append(role)
