"""Writes JSON in many spellings and knows where everything stands; damages it at a known place.

Every fault here is one step away from a good example, and where it is follows from the writing
alone: nothing of the checker's is asked. Places are characters of the line, from 0.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

type Path = tuple[str | int, ...]

WORDS = (
    "river", "ledger", "café", "naïve", "Zürich", "日本語", "данные", "🙂", "👩🏽‍💻", "𝔘nicode", "“so”",
    "a\tb", "c\nd", "back\\slash", "x < y", "€5", "Straße", "e\u0301", "\u2028", "\x85", "\x7f", "[{",
    "}]", ",", ":", "//", "{}",
)  # fmt: skip
SPACES = ("", "", "", " ", "  ", "\t")
SHORT = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


class Token(NamedTuple):
    """Something written: an opening or closing bracket, comma, colon, key, text or other value."""

    kind: str
    start: int
    end: int
    path: Path


@dataclass
class Line:
    """A line as written. `cuts` are the places between the characters of its texts."""

    text: str
    tokens: list[Token]
    values: dict[Path, int] = field(default_factory=dict)
    keys: dict[Path, int] = field(default_factory=dict)
    cuts: list[int] = field(default_factory=list)

    def of(self, *kinds: str) -> list[Token]:
        return [token for token in self.tokens if token.kind in kinds]


class Raw(str):
    """Written as it is, in place of a value."""

    __slots__ = ()


class _Writer:
    def __init__(self, dice: random.Random) -> None:
        self._dice = dice
        self._parts: list[str] = []
        self._at = 0
        self.line = Line("", [])
        self._ascii = dice.random() < 0.3
        self._escapes = dice.choice((0.0, 0.0, 0.2))
        self._spaces = dice.random() < 0.5

    def write(self, value: Any) -> Line:
        self._space()
        self._value(value, ())
        self._space()
        self.line.text = "".join(self._parts)
        return self.line

    def _put(self, text: str) -> None:
        self._parts.append(text)
        self._at += len(text)

    def _space(self) -> None:
        if self._spaces:
            self._put(self._dice.choice(SPACES))

    def _token(self, kind: str, text: str, path: Path) -> None:
        start = self._at
        self._put(text)
        self.line.tokens.append(Token(kind, start, self._at, path))

    def _value(self, value: Any, path: Path) -> None:
        self.line.values[path] = self._at
        match value:
            case Raw():
                self._token("literal", str(value), path)
            case dict():
                self._inside(list(value), path, "{}", lambda key: self._pair(key, value, path))
            case list():
                each = range(len(value))
                self._inside(
                    list(each), path, "[]", lambda index: self._value(value[index], (*path, index))
                )
            case str():
                self._text("text", value, path)
            case _:
                self._token("literal", json.dumps(value), path)

    def _inside(
        self, items: list[Any], path: Path, brackets: str, put: Callable[[Any], None]
    ) -> None:
        self._token("open", brackets[0], path)
        self._space()
        for place, item in enumerate(items):
            if place:
                self._token("comma", ",", path)
                self._space()
            put(item)
            self._space()
        self._token("close", brackets[1], path)

    def _pair(self, key: str, value: dict[str, Any], path: Path) -> None:
        self.line.keys[*path, key] = self._at
        self._text("key", key, (*path, key))
        self._space()
        self._token("colon", ":", (*path, key))
        self._space()
        self._value(value[key], (*path, key))

    def _text(self, kind: str, text: str, path: Path) -> None:
        start = self._at
        self._put('"')
        for character in text:
            if kind == "text":
                self.line.cuts.append(self._at)
            self._put(self._spelt(character))
        if kind == "text":
            self.line.cuts.append(self._at)
        self._put('"')
        self.line.tokens.append(Token(kind, start, self._at, path))

    def _spelt(self, character: str) -> str:
        if character in SHORT:
            return SHORT[character]
        number = ord(character)
        if number < 0x20 or self._dice.random() < self._escapes or (self._ascii and number > 0x7E):
            if number > 0xFFFF:
                high, low = divmod(number - 0x10000, 0x400)
                return f"\\u{0xD800 + high:04x}\\u{0xDC00 + low:04X}"
            return f"\\u{number:04{self._dice.choice('xX')}}"
        return character


def written(value: Any, dice: random.Random) -> Line:
    """Return a record as a line, in a spelling that the dice choose."""
    return _Writer(dice).write(value)


def words(dice: random.Random, fewest: int = 1) -> str:
    return " ".join(dice.choice(WORDS) for _ in range(dice.randint(fewest, 7))) + "."


def chat(dice: random.Random) -> dict[str, Any]:
    """Return a chat about which nobody has anything to say."""
    turns = dice.randint(1, 3)
    roles = [*(["system"] if dice.random() < 0.4 else []), *("user", "assistant") * turns]
    messages = [{"role": role, "content": words(dice)} for role in roles]
    for message in messages:
        if dice.random() < 0.2:
            items = list(message.items())
            message.clear()
            message.update(reversed(items))
    if dice.random() < 0.4:
        messages[-1]["weight"] = 1
    record: dict[str, Any] = {"messages": messages}
    if dice.random() < 0.3:
        call_id = f"call_{dice.randint(1, 99)}"
        call = {
            "id": call_id,
            "type": "function",
            "function": {"name": "look_up", "arguments": json.dumps({"word": words(dice)})},
        }
        after = [
            {"role": "assistant", "tool_calls": [call]},
            {"role": "tool", "tool_call_id": call_id, "content": words(dice)},
        ]
        record["messages"] = [*messages[:-1], *after, messages[-1]]
        parameters = {"type": "object", "properties": {"word": {"type": "string"}}}
        function = {"name": "look_up", "description": words(dice), "parameters": parameters}
        record["tools"] = [{"type": "function", "function": function}]
    return record


class Damage(NamedTuple):
    """A damaged line as bytes, and where: the rule, the character, the byte (of the line)."""

    rule: str
    data: bytes
    at: int
    byte: int


def _in_text(rule: str, text: str, at: int) -> Damage:
    return Damage(rule, text.encode(), at, len(text[:at].encode()))


def _insert(line: Line, at: int, what: str) -> str:
    return line.text[:at] + what + line.text[at:]


# Faults of the writing: a line and the dice give the damaged line, or None when it has no place for it.


def control_character(line: Line, dice: random.Random) -> Damage | None:
    at = dice.choice(line.cuts)
    what = chr(dice.choice([*range(9), 9, 11, 12, *range(14, 32)]))
    return _in_text("control-character-in-text", _insert(line, at, what), at)


def unknown_escape(line: Line, dice: random.Random) -> Damage | None:
    at = dice.choice(line.cuts)
    what = dice.choice(("\\q", "\\U0041", "\\x41", "\\'", "\\0", "\\u12G4", "\\uD8", "\\é", "\\ "))
    if what == "\\uD8":  # too short, unless hexadecimal digits follow
        what = "\\uD8~"
    return _in_text("unknown-escape", _insert(line, at, what), at)


def half_pair(line: Line, dice: random.Random) -> Damage | None:
    at = dice.choice(line.cuts)
    what = dice.choice(("\\ud83d", "\\uDBFF", "\\udc00", "\\uDFFF"))
    return _in_text("half-surrogate-pair", _insert(line, at, what), at)


def not_utf8(line: Line, dice: random.Random) -> Damage | None:
    at = dice.choice(line.cuts)
    wrong = (b"\xff", b"\xfe", b"\x80", b"\xbf", b"\xc0\x80", b"\xe9 ", b"\xc3(", b"\xed\xa0\x80")
    bad = dice.choice((*wrong, b"\xf4\x90\x80\x80", b"\xf0\x9f\x99 ", b"\xe2\x82", b"\xf0\x9f"))
    before, after = line.text[:at].encode(), line.text[at:].encode()
    return Damage("not-utf8", before + bad + after, at, len(before))


def open_text(line: Line, dice: random.Random) -> Damage | None:
    """Take away the closing quote of the last text, behind which no other quote stands."""
    token = line.of("key", "text")[-1]
    # A tab between brackets would now stand in a text, which is a fault of its own.
    text = line.text[: token.end - 1] + line.text[token.end :].replace("\t", " ")
    return _in_text("text-not-closed", text, token.start)


def cut_in_text(line: Line, dice: random.Random) -> Damage | None:
    token = dice.choice(line.of("key", "text"))
    inside = [cut for cut in line.cuts if token.start < cut < token.end] or [token.start + 1]
    return _in_text("text-not-closed", line.text[: dice.choice(inside)], token.start)


def cut_between(line: Line, dice: random.Random) -> Damage | None:
    """End the line after a token: what is missing is missing at its end."""
    token = dice.choice(line.tokens[:-1])
    return _in_text("line-ends-early", line.text[: token.end], token.end)


def _full(line: Line, bracket: Token) -> bool:
    place = line.tokens.index(bracket)
    return line.tokens[place - 1].kind != "open"


def trailing_comma(line: Line, dice: random.Random) -> Damage | None:
    token = dice.choice([each for each in line.of("close") if _full(line, each)])
    return _in_text("trailing-comma", _insert(line, token.start, ","), token.start)


def missing_comma(line: Line, dice: random.Random) -> Damage | None:
    token = dice.choice(line.of("comma"))
    following = line.tokens[line.tokens.index(token) + 1]
    text = line.text[: token.start] + " " + line.text[token.end :]
    return _in_text("missing-comma", text, following.start)


def missing_colon(line: Line, dice: random.Random) -> Damage | None:
    token = dice.choice(line.of("colon"))
    following = line.tokens[line.tokens.index(token) + 1]
    text = line.text[: token.start] + " " + line.text[token.end :]
    return _in_text("missing-colon", text, following.start)


def mismatched_bracket(line: Line, dice: random.Random) -> Damage | None:
    token = dice.choice([each for each in line.of("close") if _full(line, each)])
    other = "}" if line.text[token.start] == "]" else "]"
    text = line.text[: token.start] + other + line.text[token.end :]
    return _in_text("mismatched-bracket", text, token.start)


def _replaced(line: Line, dice: random.Random, rule: str, values: tuple[str, ...]) -> Damage:
    token = dice.choice(line.of("text", "literal"))
    text = line.text[: token.start] + dice.choice(values) + line.text[token.end :]
    return _in_text(rule, text, token.start)


def malformed_number(line: Line, dice: random.Random) -> Damage | None:
    values = ("01", "1.", ".5", "+1", "1e", "1.e3", "-", "--1", "0x10", "1_000", "-01")
    return _replaced(line, dice, "malformed-number", values)


def not_a_number(line: Line, dice: random.Random) -> Damage | None:
    return _replaced(line, dice, "nan-or-infinity", ("NaN", "Infinity", "-Infinity", "nan", "-inf"))


def foreign_literal(line: Line, dice: random.Random) -> Damage | None:
    return _replaced(line, dice, "foreign-literal", ("True", "False", "None", "undefined"))


def unquoted_value(line: Line, dice: random.Random) -> Damage | None:
    return _replaced(line, dice, "unquoted-text", ("hello", "user", "émile", "数"))


def number_too_large(line: Line, dice: random.Random) -> Damage | None:
    values = ("1e999", "-1e400", "1" * 5000)
    return _replaced(line, dice, "number-out-of-range", values)


def wrong_quotes(line: Line, dice: random.Random) -> Damage | None:
    token = dice.choice(line.of("key", "text"))
    left, right = dice.choice(("''", "“”", "‘’", "``"))
    text = f"{line.text[: token.start]}{left}x{right}{line.text[token.end :]}"
    return _in_text("wrong-quotes", text, token.start)


def unquoted_key(line: Line, dice: random.Random) -> Damage | None:
    token = dice.choice(line.of("key"))
    bare = dice.choice(("role", "content", "größe"))
    text = line.text[: token.start] + bare + line.text[token.end :]
    return _in_text("unquoted-text", text, token.start)


def comment(line: Line, dice: random.Random) -> Damage | None:
    """Put a comment before a token that is not a colon: there the colon is what is missed."""
    token = dice.choice([each for each in line.tokens[1:] if each.kind != "colon"])
    what = dice.choice(("// x", "/* x */", "# x"))
    return _in_text("comment-in-json", _insert(line, token.start, what), token.start)


def after_record(line: Line, dice: random.Random) -> Damage | None:
    end = line.tokens[-1].end
    what = dice.choice((",", "{}", "x", "}", "]", "é", "null", ",{}", '"x"', ";"))
    return _in_text("text-after-record", _insert(line, end, what), end)


def stray_comma(line: Line, dice: random.Random) -> Damage | None:
    token = dice.choice([each for each in line.of("open") if _following(line, each) != "close"])
    return _in_text("unexpected-character", _insert(line, token.end, ","), token.end)


def _following(line: Line, token: Token) -> str:
    return line.tokens[line.tokens.index(token) + 1].kind


def mark_before(line: Line, dice: random.Random) -> Damage | None:
    start = line.tokens[0].start
    return _in_text("byte-order-mark-inside", _insert(line, start, "\ufeff"), start)


def odd_space(line: Line, dice: random.Random) -> Damage | None:
    """Put a space that is not JSON's before a key or value inside the record."""
    kinds = ("key", "text", "literal", "open")
    token = dice.choice([each for each in line.of(*kinds) if each.start > line.tokens[0].start])
    what = dice.choice(("\xa0", "\u2003", "\u200b", "\ufeff"))
    return _in_text("unexpected-character", _insert(line, token.start, what), token.start)


def key_twice(line: Line, dice: random.Random) -> Damage | None:
    token = dice.choice(line.of("key"))
    *parent, key = token.path
    start = line.values[tuple(parent)]
    place = line.tokens.index(next(each for each in line.of("open") if each.start == start))
    first = json.dumps(key)
    at = line.tokens[place].end
    text = _insert(line, at, f'{first}:{{"x":[1]}},')
    return _in_text("duplicate-key", text, token.start + len(text) - len(line.text))


def too_deep(line: Line, dice: random.Random) -> Damage | None:
    token = dice.choice(line.of("text", "literal"))
    deep = 256  # the limit of the design
    nest = "[" * (deep + 9) + "]" * (deep + 9)
    text = line.text[: token.start] + nest + line.text[token.end :]
    return _in_text("nested-too-deep", text, token.start + deep - len(token.path))


def blank(line: Line, dice: random.Random) -> Damage | None:
    return Damage("blank-line", dice.choice((b"", b" ", b"\t ", b"   ")), 0, 0)


def not_an_object(line: Line, dice: random.Random) -> Damage | None:
    space = dice.choice(("", "  "))
    text = space + dice.choice(('["Hi"]', "null", "12", '"Hi"', "true", "[]", '["日本"]', "1.5e3"))
    return _in_text("record-not-object", text, len(space))


WRITING: tuple[Callable[[Line, random.Random], Damage | None], ...] = (
    control_character, unknown_escape, half_pair, not_utf8, open_text, cut_in_text, cut_between,
    trailing_comma, missing_comma, missing_colon, mismatched_bracket, malformed_number, not_a_number,
    foreign_literal, unquoted_value, number_too_large, wrong_quotes, unquoted_key, comment,
    after_record, stray_comma, mark_before, odd_space, key_twice, too_deep, blank, not_an_object,
)  # fmt: skip


class Change(NamedTuple):
    """A record with one fault of its content: the rule and the path of what is wrong."""

    rule: str
    record: Any
    path: Path
    on_key: bool = False


# Faults of the content: the record is changed first and written then.


def _some(record: Any, dice: random.Random, *roles: str) -> int | None:
    found = [n for n, each in enumerate(record["messages"]) if each["role"] in roles]
    return dice.choice(found) if found else None


def _set(
    rule: str, key: str, values: tuple[Any, ...], *roles: str, on_key: bool = False
) -> Callable[..., Change | None]:
    def change(record: Any, dice: random.Random) -> Change | None:
        index = _some(record, dice, *roles)
        if index is None or "tool_calls" in record["messages"][index]:
            return None
        record["messages"][index][key] = dice.choice(values)
        return Change(rule, record, ("messages", index, key), on_key=on_key)

    change.__name__ = f"{key}_{rule}".replace("-", "_")
    return change


def _drop(rule: str, key: str) -> Callable[..., Change | None]:
    def change(record: Any, dice: random.Random) -> Change | None:
        index = _some(record, dice, "user", "assistant", "system")
        assert index is not None
        if "tool_calls" in record["messages"][index]:
            return None
        del record["messages"][index][key]
        return Change(rule, record, ("messages", index))

    change.__name__ = f"no_{key}"
    return change


def message_not_object(record: Any, dice: random.Random) -> Change | None:
    index = dice.randrange(len(record["messages"]))
    record["messages"][index] = dice.choice(("Hi", 1, None, ["日本"], True))
    return Change("message-not-object", record, ("messages", index))


def messages_not_list(record: Any, dice: random.Random) -> Change | None:
    record["messages"] = dice.choice(({}, "Hi", 7, [], None))
    return Change("messages-not-list", record, ("messages",))


def unknown_record_key(record: Any, dice: random.Random) -> Change | None:
    key = dice.choice(("id", "größe", "🙂", 'qu"ote', "metadata"))
    items = [*record.items()]
    items.insert(dice.randint(0, len(items)), (key, dice.choice((1, "é", [], {"a": 1}))))
    return Change("unknown-record-key", dict(items), (key,), on_key=True)


def unknown_message_key(record: Any, dice: random.Random) -> Change | None:
    index = dice.randrange(len(record["messages"]))
    key = dice.choice(("id", "größe", "🙂", 'qu"ote', "metadata"))
    items = [*record["messages"][index].items()]
    items.insert(dice.randint(0, len(items)), (key, dice.choice((1, "é", []))))
    record["messages"][index] = dict(items)
    return Change("unknown-message-key", record, ("messages", index, key), on_key=True)


def weight_wrong(record: Any, dice: random.Random) -> Change | None:
    index = len(record["messages"]) - 1
    record["messages"][index]["weight"] = dice.choice((2, -1, 0.5, "x", {}, [], 10**30))
    return Change("weight-not-0-or-1", record, ("messages", index, "weight"))


def last_not_assistant(record: Any, dice: random.Random) -> Change | None:
    record["messages"].append({"role": "user", "content": words(dice)})
    return Change("last-message-not-assistant", record, ("messages", -1, "role"))


def assistant_again(record: Any, dice: random.Random) -> Change | None:
    record["messages"].append({"role": "assistant", "content": words(dice)})
    return Change("consecutive-assistant-messages", record, ("messages", -1, "role"))


def tools_not_list(record: Any, dice: random.Random) -> Change | None:
    if "tools" not in record:
        return None
    record["tools"] = dice.choice((None, {}, "x", 3))
    return Change("tools-not-list", record, ("tools",))


def _call(record: Any) -> tuple[int, Any] | None:
    for index, message in enumerate(record["messages"]):
        if "tool_calls" in message:
            return index, message["tool_calls"][0]
    return None


def arguments_not_text(record: Any, dice: random.Random) -> Change | None:
    if (found := _call(record)) is None:
        return None
    found[1]["function"]["arguments"] = dice.choice(({"a": 1}, 3, ["é"]))
    path = ("messages", found[0], "tool_calls", 0, "function", "arguments")
    return Change("arguments-not-text", record, path)


def arguments_not_json(record: Any, dice: random.Random) -> Change | None:
    if (found := _call(record)) is None:
        return None
    found[1]["function"]["arguments"] = dice.choice(("{", "{'a': 1}", "é", "[1,]", "{}x"))
    path = ("messages", found[0], "tool_calls", 0, "function", "arguments")
    return Change("arguments-not-json", record, path)


def undefined_tool(record: Any, dice: random.Random) -> Change | None:
    if (found := _call(record)) is None:
        return None
    found[1]["function"]["name"] = "other"
    path = ("messages", found[0], "tool_calls", 0, "function", "name")
    return Change("called-tool-undefined", record, path)


def answer_of_no_call(record: Any, dice: random.Random) -> Change | None:
    if (found := _call(record)) is None:
        return None
    record["messages"][found[0] + 1]["tool_call_id"] = "call_0"
    return Change("answered-call-missing", record, ("messages", found[0] + 1, "tool_call_id"))


def part_without_text(record: Any, dice: random.Random) -> Change | None:
    index = _some(record, dice, "user")
    assert index is not None
    parts: list[Any] = [{"type": "text", "text": words(dice)} for _ in range(3)]
    at = dice.randrange(3)
    del parts[at]["text"]
    record["messages"][index]["content"] = parts
    return Change("part-without-text", record, ("messages", index, "content", at))


def unknown_part(record: Any, dice: random.Random) -> Change | None:
    index = _some(record, dice, "user")
    assert index is not None
    parts = [{"type": "text", "text": words(dice)}, {"type": "video", "text": words(dice)}]
    record["messages"][index]["content"] = parts
    return Change("unknown-part", record, ("messages", index, "content", 1, "type"))


CONTENT: tuple[Callable[[Any, random.Random], Change | None], ...] = (
    _set("unknown-role", "role", ("User", "бот", "", 1, None, [], "human"), "user", "assistant"),
    _set("content-missing", "content", (None,), "user", "assistant", "system"),
    _set("content-null-text", "content", ("null",), "user", "assistant", "system"),
    _set("content-blank", "content", ("", " ", "\n", "\u2003"), "user", "assistant", "system"),
    _set("content-wrong-type", "content", (1, True, {}, 0.5), "user", "assistant"),
    _set("content-empty-list", "content", ([],), "user", "assistant"),
    _set("weight-outside-assistant", "weight", (0, 1), "user", "system", "tool", on_key=True),
    _set("name-not-text", "name", (1, None, []), "user"),
    _drop("role-missing", "role"),
    _drop("content-missing", "content"),
    message_not_object,
    messages_not_list,
    unknown_record_key,
    unknown_message_key,
    weight_wrong,
    last_not_assistant,
    assistant_again,
    tools_not_list,
    arguments_not_text,
    arguments_not_json,
    undefined_tool,
    answer_of_no_call,
    part_without_text,
    unknown_part,
)


def damaged(dice: random.Random) -> Damage:
    """Return a good chat with one fault, and where it is."""
    while True:
        record = chat(dice)
        if dice.random() < 0.5:
            found = dice.choice(WRITING)(written(record, dice), dice)
            if found is not None:
                return found
            continue
        change = dice.choice(CONTENT)(record, dice)
        if change is None:
            continue
        path = change.path
        if path[:2] == ("messages", -1):
            path = ("messages", len(change.record["messages"]) - 1, *path[2:])
        line = written(change.record, dice)
        at = (line.keys if change.on_key else line.values)[path]
        return _in_text(change.rule, line.text, at)
