"""Seeded defects, as data: a kind, the targets that mind it, how a good file is damaged, what is wrong.

A defect is in the list for a target because a source says that the target refuses it or is harmed by
it; `rules` are those of ours that name its cause. `python benchmarks/defects.py` lists them.
"""

from __future__ import annotations

import copy
import gzip
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from good_files import PIXEL, Record, dice_of, joined, line_of, question, records

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Iterator

# Targets, and the kinds of good files for them; the first is the plain one.
TARGETS: dict[str, tuple[str, ...]] = {
    "azure-openai/sft": ("chat", "tools", "images"),
    "openai/sft": ("chat", "tools", "images"),
    "together/sft": ("chat", "images", "completion"),
    "mistral/sft": ("chat", "tools"),
    "fireworks/sft": ("chat", "tools"),
    "azure-openai/completion": ("completion",),
    "openai/completion": ("completion",),
    "azure-openai/dpo": ("preference",),
    "openai/dpo": ("preference",),
    "together/dpo": ("preference",),
    "fireworks/dpo": ("preference",),
    "azure-openai/rft": ("reinforcement",),
    "openai/rft": ("reinforcement",),
    "gemini/sft": ("gemini",),
    "bedrock/nova-sft": ("nova",),
    "trl/sft": ("chat", "completion"),
    "trl/dpo": ("chosen",),
    "llama-factory/alpaca": ("alpaca",),
    "llama-factory/sharegpt": ("sharegpt",),
    "axolotl/sft": ("chat", "sharegpt", "alpaca"),
    "mistral-finetune/sft": ("chat", "tools"),
}
ALL = tuple(TARGETS)
OPENAI = ("azure-openai/sft", "openai/sft")
CHAT = (*OPENAI, "together/sft", "mistral/sft", "fireworks/sft")
TOOLS = (*OPENAI, "mistral/sft")
IMAGES = (*OPENAI, "together/sft")
COMPLETION = ("azure-openai/completion", "together/sft")
PREFERENCE = ("azure-openai/dpo", "openai/dpo", "together/dpo", "fireworks/dpo")
REINFORCEMENT = ("azure-openai/rft", "openai/rft")
CLOUD = tuple(
    name
    for name in ALL
    if name.split("/")[0] in {"azure-openai", "openai", "together", "mistral", "fireworks"}
)


class Damaged(NamedTuple):
    """A file, and the lines of which each is wrong; none when it is the file as a whole."""

    data: bytes
    lines: frozenset[int]


@dataclass(frozen=True, slots=True)
class Defect:
    """One kind of defect."""

    kind: str
    targets: tuple[str, ...]
    base: str | None  # the kind of good file; None for the plain one of the target
    damage: Callable[[list[Record], int, random.Random], Damaged | None]
    rules: frozenset[str]


class Seeded(NamedTuple):
    """A defect in a file for a target."""

    defect: Defect
    target: str
    damaged: Damaged


DEFECTS: list[Defect] = []


def _add(
    kind: str,
    targets: tuple[str, ...],
    rules: str,
    damage: Callable[[list[Record], int, random.Random], Damaged | None],
    base: str | None = None,
) -> None:
    DEFECTS.append(Defect(kind, targets, base, damage, frozenset(rules.split())))


def _lines(made: list[Record]) -> list[bytes]:
    return [line_of(record) for record in made]


def in_file(
    kind: str,
    rules: str,
    damage: Callable[[list[bytes]], bytes],
    targets: tuple[str, ...] = ALL,
) -> None:
    """Damage the file as a whole."""
    _add(kind, targets, rules, lambda made, _at, _dice: Damaged(damage(_lines(made)), frozenset()))


def in_line(
    kind: str, rules: str, damage: Callable[[bytes], bytes], targets: tuple[str, ...] = ALL
) -> None:
    """Damage the bytes of one line."""

    def apply(made: list[Record], at: int, _dice: random.Random) -> Damaged:
        lines = _lines(made)
        lines[at] = damage(lines[at])
        return Damaged(joined(lines), frozenset({at + 1}))

    _add(kind, targets, rules, apply)


def in_record(
    kind: str,
    targets: tuple[str, ...],
    rules: str,
    damage: Callable[[Any], object],
    base: str | None = None,
) -> None:
    """Damage one record in place; what `damage` returns does not matter."""

    def apply(made: list[Record], at: int, _dice: random.Random) -> Damaged:
        changed = copy.deepcopy(made[at])
        damage(changed)
        lines = _lines(made)
        lines[at] = line_of(changed)
        return Damaged(joined(lines), frozenset({at + 1}))

    _add(kind, targets, rules, apply, base)


def instead(
    kind: str,
    targets: tuple[str, ...],
    rules: str,
    other: Callable[[Any], object],
    base: str | None = None,
) -> None:
    """Put another record in the place of one."""

    def apply(made: list[Record], at: int, _dice: random.Random) -> Damaged:
        lines = _lines(made)
        lines[at] = line_of(other(made[at]))
        return Damaged(joined(lines), frozenset({at + 1}))

    _add(kind, targets, rules, apply, base)


def _messages(record: Any) -> list[Any]:
    """Return the conversation, or what is asked, whatever the format."""
    if "input" in record and isinstance(record["input"], dict):
        return record["input"]["messages"]
    for key in ("messages", "contents", "conversations", "prompt"):
        if isinstance(record.get(key), list):
            return record[key]
    raise LookupError


def _last(record: Any) -> Any:
    return _messages(record)[-1]


def _user(record: Any) -> Any:
    return next(each for each in _messages(record) if each.get("role", "user") == "user")


def _put(where: Callable[[Any], Any], key: str, value: Any) -> Callable[[Any], None]:
    def put(record: Any) -> None:
        where(record)[key] = copy.deepcopy(value)

    return put


def _drop(where: Callable[[Any], Any], key: str) -> Callable[[Any], None]:
    def drop(record: Any) -> None:
        del where(record)[key]

    return drop


def _say(record: Any, role: str, text: str = "One more thing about my bicycle.") -> None:
    _messages(record).append({"role": role, "content": text})


def _replace(old: bytes, new: bytes) -> Callable[[bytes], bytes]:
    return lambda line: line.replace(old, new, 1)


def _inside(what: bytes) -> Callable[[bytes], bytes]:
    """Put bytes into a text of the line, in the middle of it."""

    def put(line: bytes) -> bytes:
        at = line.index(b" ", line.rindex(b" from order ") + 3)
        return line[:at] + what + line[at:]

    return put


def _itself(record: Any) -> Any:
    return record


# The file.

in_file("empty file", "empty-file", lambda _: b"")
in_file("UTF-16", "utf-16-or-32", lambda lines: joined(lines).decode().encode("utf-16"))
in_file("gzip", "compressed-file", lambda lines: gzip.compress(joined(lines), mtime=0), CLOUD)
in_file(
    "one JSON array", "json-array-file", lambda lines: b"[" + b",\n".join(lines) + b"]\n", CLOUD
)
in_file(
    "pretty-printed records",
    "json-over-several-lines",
    lambda lines: b"\n".join(json.dumps(json.loads(line), indent=2).encode() for line in lines),
    CLOUD,
)
in_file(
    "error page saved as data",
    "web-page",
    lambda _: (
        b"<!DOCTYPE html>\n<html><head><title>403</title></head><body>Forbidden</body></html>\n"
    ),
)
in_file(
    "table instead of lines",
    "table-file",
    lambda _: b"question,answer\n" + b'"How long?","Two days."\n' * 60,
    CLOUD,
)
in_file("spreadsheet file", "binary-file compressed-file", lambda _: b"PK\x03\x04" + bytes(400))
in_file(
    "too few examples",
    "too-few-examples",
    lambda lines: joined(lines[:2]),
    (*OPENAI, "azure-openai/completion", "fireworks/sft", "bedrock/nova-sft"),
)


def _blank_line(made: list[Record], at: int, _dice: random.Random) -> Damaged:
    lines = _lines(made)
    lines.insert(at, b"")
    return Damaged(joined(lines), frozenset({at + 1}))


def _joined_with_mark(made: list[Record], at: int, _dice: random.Random) -> Damaged:
    lines = _lines(made)
    lines[at] = b"\xef\xbb\xbf" + lines[at]
    return Damaged(joined(lines), frozenset({at + 1}))


def _cut_off(made: list[Record], at: int, _dice: random.Random) -> Damaged:
    lines = _lines(made)[: at + 1]
    data = joined(lines)
    return Damaged(data[: -len(lines[-1]) // 2], frozenset({at + 1}))


_add("blank line", ("together/sft", "together/dpo", "azure-openai/sft"), "blank-line", _blank_line)
_add("files joined, mark inside", ALL, "byte-order-mark-inside", _joined_with_mark)
_add("file cut off", ALL, "line-ends-early text-not-closed not-utf8", _cut_off)

# The JSON of a line.

in_line("Latin-1 letter", "not-utf8", _inside(b" caf\xe9"))
in_line("cut UTF-8 character", "not-utf8", _inside(b" \xe2\x82"))
in_line("tab in a text", "control-character-in-text", _inside(b"\t"))
in_line("NUL in a text", "control-character-in-text", _inside(b"\x00"))
in_line("quote in a text", "unescaped-quote missing-comma", _inside(b' "the best" '))
in_line("backslash in a text", "unknown-escape", _inside(b" C:\\Users"))
in_line("half a surrogate pair", "half-surrogate-pair", _inside(b" \\ud83d "))
in_line("line break in a text", "text-not-closed", _inside(b"\n"))
in_line("closing brace missing", "line-ends-early", lambda line: line[:-1])
in_line("comma before a bracket", "trailing-comma", lambda line: line[:-1] + b",}")
in_line("comma between fields missing", "missing-comma", _replace(b'", "', b'" "'))
in_line("colon missing", "missing-colon", _replace(b'": ', b'" '))
in_line("wrong closing bracket", "mismatched-bracket", lambda line: line[:-1] + b"]")
in_line("Python dictionary", "wrong-quotes", lambda line: repr(json.loads(line)).encode())
in_line("key without quotes", "unquoted-text", lambda line: b"{" + line[2:].replace(b'"', b"", 1))
in_line("comment", "comment-in-json", lambda line: line + b" // checked")
in_line("comma after the record", "text-after-record", lambda line: line + b",")
in_line("two records on a line", "text-after-record", lambda line: line + line)
in_line("NaN", "nan-or-infinity", _replace(b"{", b'{"score": NaN, '), CLOUD)
in_line("None", "foreign-literal", _replace(b"{", b'{"score": None, '))
in_line("a key twice", "duplicate-key", lambda line: line[:-1] + b", " + line[1:])
in_line("nested too deep", "nested-too-deep", lambda _: b'{"messages": ' + b"[" * 5000)
in_line("a list", "record-not-object", lambda line: b"[" + line + b"]")
in_line("a text", "record-not-object", lambda _: b'"My chain slips."')
in_line("words", "not-json", lambda _: b"My chain slips. What should I try first?")

# The record.

instead(
    "chat of another tool",
    CHAT,
    "record-of-another-kind messages-missing not-exactly-one-key",
    lambda _: {"conversations": [{"from": "human", "value": "Hi"}, {"from": "gpt", "value": "Hi"}]},
)
instead(
    "instruction instead of chat",
    CHAT,
    "record-of-another-kind messages-missing not-exactly-one-key",
    lambda _: {"instruction": "Say hello", "input": "", "output": "Hello"},
)
instead(
    "chat instead of pair",
    ("azure-openai/completion",),
    "record-of-another-kind prompt-or-completion-missing key-missing",
    lambda _: {
        "messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]
    },
)
instead(
    "messages missing",
    CHAT,
    "messages-missing key-missing not-exactly-one-key",
    lambda _: {"id": 7},
)
instead(
    "messages misspelt",
    CHAT,
    "messages-missing key-missing not-exactly-one-key",
    lambda record: {"message": record["messages"]},
    "chat",
)
in_record("messages empty", CHAT, "messages-not-list", _put(_itself, "messages", []), "chat")
in_record("messages a text", CHAT, "messages-not-list", _put(_itself, "messages", "Hello"), "chat")
in_record("messages an object", CHAT, "messages-not-list", _put(_itself, "messages", {}), "chat")
in_record(
    "further column",
    ("together/sft", "together/dpo", "azure-openai/completion"),
    "unknown-record-key key-besides-pair",
    _put(_itself, "id", 7),
)
in_record(
    "prompt missing",
    COMPLETION,
    "prompt-or-completion-missing key-missing not-exactly-one-key",
    _drop(_itself, "prompt"),
    "completion",
)
in_record(
    "completion a number",
    COMPLETION,
    "prompt-or-completion-not-text value-wrong-type",
    _put(_itself, "completion", 7),
    "completion",
)
in_record(
    "completion null",
    COMPLETION,
    "prompt-or-completion-not-text value-wrong-type",
    _put(_itself, "completion", None),
    "completion",
)
in_record(
    "empty prompt",
    ("azure-openai/completion",),
    "prompt-empty text-empty",
    _put(_itself, "prompt", ""),
    "completion",
)
in_record(
    "empty completion",
    ("azure-openai/completion",),
    "completion-empty text-empty",
    _put(_itself, "completion", ""),
    "completion",
)

# Messages and roles.

in_record("unknown role", CHAT, "unknown-role", _put(_last, "role", "bot"), "chat")
in_record("role of another provider", CHAT, "unknown-role", _put(_last, "role", "model"), "chat")
in_record("role with a capital", CHAT, "unknown-role", _put(_last, "role", "Assistant"), "chat")
in_record("role null", CHAT, "unknown-role role-missing", _put(_last, "role", None), "chat")
in_record("role missing", CHAT, "role-missing", _drop(_last, "role"), "chat")
in_record(
    "message a text",
    CHAT,
    "message-not-object",
    lambda record: record["messages"].append("Bye"),
    "chat",
)
in_record(
    "message null",
    CHAT,
    "message-not-object",
    lambda record: record["messages"].append(None),
    "chat",
)
in_record("content missing", CHAT, "content-missing", _drop(_last, "content"), "chat")
in_record(
    "content null", CHAT, "content-missing content-null", _put(_last, "content", None), "chat"
)
in_record("content a number", CHAT, "content-wrong-type", _put(_last, "content", 42), "chat")
in_record(
    "content an object", CHAT, "content-wrong-type", _put(_user, "content", {"text": "Hi"}), "chat"
)
in_record(
    "content the text null",
    ("azure-openai/sft",),
    "content-null-text",
    _put(_last, "content", "null"),
    "chat",
)
in_record(
    "content misspelt",
    CHAT,
    "content-missing unknown-message-key",
    lambda record: _last(record).update(contents=_last(record).pop("content")),
    "chat",
)
instead(
    "no assistant",
    CHAT,
    "assistant-message-missing",
    lambda record: {"messages": record["messages"][:2]},
    "chat",
)
in_record(
    "last message of the user",
    ("azure-openai/sft", "mistral/sft"),
    "last-message-not-assistant",
    lambda record: _say(record, "user"),
    "chat",
)
in_record(
    "assistant twice in a row",
    ("azure-openai/sft", "together/sft"),
    "consecutive-assistant-messages same-role-twice roles-out-of-turn",
    lambda record: _say(record, "assistant"),
    "chat",
)
in_record(
    "user twice in a row",
    ("together/sft",),
    "same-role-twice roles-out-of-turn",
    lambda record: record["messages"].insert(1, {"role": "user", "content": "Hello?"}),
    "chat",
)
in_record(
    "begins with the assistant",
    ("azure-openai/sft",),
    "begins-with-assistant",
    lambda record: record["messages"].__setitem__(0, {"role": "assistant", "content": "Welcome."}),
    "chat",
)
in_record(
    "system in the middle",
    ("fireworks/sft",),
    "system-message-misplaced",
    lambda record: record["messages"].insert(2, {"role": "system", "content": "Be kind."}),
    "chat",
)
in_record(
    "developer role",
    ("openai/sft", "together/sft"),
    "developer-role unknown-role",
    lambda record: record["messages"][0].update(role="developer"),
    "chat",
)
in_record("weight of two", CHAT, "weight-not-0-or-1", _put(_last, "weight", 2), "chat")
in_record("weight of a half", CHAT, "weight-not-0-or-1", _put(_last, "weight", 0.5), "chat")
in_record(
    "weight a text",
    ("azure-openai/sft", "openai/sft", "together/sft", "fireworks/sft"),
    "weight-not-0-or-1 weight-not-integer",
    _put(_last, "weight", "1"),
    "chat",
)
in_record(
    "weight of the user", OPENAI, "weight-outside-assistant", _put(_user, "weight", 1), "chat"
)

# Parts and images.


def _picture(record: Any) -> Any:
    return _user(record)["content"][1]


def _address(url: Any) -> Callable[[Any], None]:
    return lambda record: _picture(record)["image_url"].__setitem__("url", url)


in_record(
    "unknown part",
    IMAGES,
    "unknown-part",
    lambda record: _picture(record).update(type="video"),
    "images",
)
in_record(
    "part without a type",
    IMAGES,
    "unknown-part",
    lambda record: _picture(record).pop("type"),
    "images",
)
in_record(
    "part a text",
    IMAGES,
    "unknown-part content-wrong-type",
    lambda record: _user(record)["content"].append("Look"),
    "images",
)
in_record(
    "text part without text",
    IMAGES,
    "part-without-text",
    lambda record: _user(record)["content"][0].pop("text"),
    "images",
)
in_record(
    "image of the assistant",
    IMAGES,
    "image-in-assistant-message part-of-another-role",
    lambda record: _last(record)["content"].append(_picture(record)),
    "images",
)
in_record(
    "image without an address",
    IMAGES,
    "image-address-missing",
    lambda record: _picture(record).update(image_url={}),
    "images",
)
in_record(
    "image address a text",
    IMAGES,
    "image-address-missing",
    lambda record: _picture(record).update(image_url=PIXEL),
    "images",
)
in_record(
    "GIF image",
    IMAGES,
    "image-type-refused",
    _address("data:image/gif;base64,R0lGODlhAQABAAAAACw="),
    "images",
)
in_record(
    "image is no image",
    OPENAI,
    "image-data-damaged",
    _address("data:image/png;base64,SGVsbG8="),
    "images",
)
in_record(
    "image on the web",
    ("together/sft",),
    "image-address-unusable image-is-link",
    _address("https://example.org/a.png"),
    "images",
)
in_record(
    "seventy images",
    IMAGES,
    "too-many-images",
    lambda record: _user(record)["content"].extend([_picture(record)] * 70),
    "images",
)
in_record(
    "parts beside plain text",
    ("together/sft",),
    "parts-beside-plain-text",
    lambda record: _last(record).update(content="Fine."),
    "images",
)

# Tools.


def _call(record: Any) -> Any:
    return record["messages"][1]["tool_calls"][0]


def _function(record: Any) -> Any:
    return record["tools"][0]["function"]


in_record("tools an object", TOOLS, "tools-not-list", _put(_itself, "tools", {}), "tools")
in_record(
    "tool without a function",
    TOOLS,
    "tool-definition-shape",
    _put(_itself, "tools", [{"type": "function"}]),
    "tools",
)
in_record("tool without a name", TOOLS, "tool-definition-shape", _drop(_function, "name"), "tools")
in_record(
    "tool parameters a text",
    TOOLS,
    "tool-definition-shape",
    _put(_function, "parameters", "order"),
    "tools",
)
in_record(
    "calls an object",
    TOOLS,
    "tool-calls-shape",
    lambda record: record["messages"][1].update(tool_calls=_call(record)),
    "tools",
)
in_record("call without a function", TOOLS, "tool-calls-shape", _drop(_call, "function"), "tools")
in_record(
    "arguments an object",
    OPENAI,
    "arguments-not-text",
    lambda record: _call(record)["function"].update(arguments={"order": 7}),
    "tools",
)
in_record(
    "arguments not JSON",
    OPENAI,
    "arguments-not-json",
    lambda record: _call(record)["function"].update(arguments="{order: 7}"),
    "tools",
)
in_record(
    "answer without an id",
    TOOLS,
    "tool-call-id-missing",
    lambda record: record["messages"][2].pop("tool_call_id"),
    "tools",
)
in_record(
    "answer to no call",
    OPENAI,
    "answered-call-missing",
    lambda record: record["messages"][2].update(tool_call_id="abcdefgh9"),
    "tools",
)
in_record(
    "call without an answer",
    (*OPENAI, "mistral/sft"),
    "call-without-answer consecutive-assistant-messages results-differ-from-calls",
    lambda record: record["messages"].pop(2),
    "tools",
)
in_record(
    "call of an unknown tool",
    OPENAI,
    "called-tool-undefined",
    lambda record: _call(record)["function"].update(name="cancel"),
    "tools",
)
in_record(
    "answer before the call",
    (*OPENAI, "mistral/sft"),
    "tool-message-misplaced answered-call-missing",
    lambda record: record["messages"].insert(1, record["messages"].pop(2)),
    "tools",
)
in_record(
    "long call id",
    ("mistral/sft",),
    "call-id-not-nine",
    lambda record: (
        _call(record).update(id="call_12345678"),
        record["messages"][2].update(tool_call_id="call_12345678"),
    ),
    "tools",
)
in_record(
    "function name with a space",
    ("mistral/sft",),
    "function-name-characters",
    lambda record: (
        _call(record)["function"].update(name="find order"),
        _function(record).update(name="find order"),
    ),
    "tools",
)

# Preferences.

in_record("preferred answer missing", PREFERENCE, "key-missing", _drop(_itself, "preferred_output"))
in_record("other answer missing", PREFERENCE, "key-missing", _drop(_itself, "non_preferred_output"))
in_record(
    "input missing", PREFERENCE, "key-missing record-of-another-kind", _drop(_itself, "input")
)
in_record("input a text", PREFERENCE, "value-wrong-type", _put(_itself, "input", "Hello"))
in_record(
    "input without messages",
    PREFERENCE,
    "key-missing messages-missing",
    _put(_itself, "input", {"tools": []}),
)
in_record(
    "answer a text",
    PREFERENCE,
    "value-wrong-type messages-not-list",
    _put(_itself, "preferred_output", "Yes."),
)
in_record(
    "answer empty",
    PREFERENCE,
    "messages-not-list value-wrong-type",
    _put(_itself, "preferred_output", []),
)
in_record(
    "answer of the user",
    PREFERENCE,
    "answer-of-another-role assistant-message-missing",
    lambda record: record["preferred_output"][0].update(role="user"),
)
in_record(
    "answer without content",
    PREFERENCE,
    "content-missing",
    lambda record: record["preferred_output"][0].pop("content"),
)
in_record(
    "two answers in one",
    ("together/dpo",),
    "answer-of-several-messages",
    lambda record: record["preferred_output"].append({"role": "assistant", "content": "Or not."}),
)
in_record(
    "both answers the same",
    ("azure-openai/dpo",),
    "identical-answers",
    lambda record: record.update(non_preferred_output=record["preferred_output"]),
)
in_record(
    "input ends with the assistant",
    ("together/dpo",),
    "prompt-ends-with-assistant prompt-ends-with-another-role",
    lambda record: _say(record, "assistant"),
)

# Reinforcement.

in_record(
    "ends with the assistant",
    REINFORCEMENT,
    "last-message-not-user",
    lambda record: _say(record, "assistant"),
)
in_record(
    "no messages for the grader",
    REINFORCEMENT,
    "messages-missing key-missing",
    _drop(_itself, "messages"),
)

# Other providers.

in_record(
    "assistant instead of model",
    ("gemini/sft",),
    "unknown-role",
    lambda record: record["contents"][1].update(role="assistant"),
)
in_record(
    "content instead of parts",
    ("gemini/sft",),
    "content-missing unknown-message-key",
    lambda record: record["contents"][0].update(content=record["contents"][0].pop("parts")),
)
in_record(
    "parts a text",
    ("gemini/sft",),
    "content-wrong-type",
    lambda record: record["contents"][0].update(parts="Hello"),
)
in_record(
    "contents missing",
    ("gemini/sft",),
    "key-missing messages-missing record-of-another-kind",
    _drop(_itself, "contents"),
)
in_record(
    "other schema version",
    ("bedrock/nova-sft",),
    "schema-version-other",
    _put(_itself, "schemaVersion", "bedrock-conversation-2023"),
)
in_record(
    "content a plain text",
    ("bedrock/nova-sft",),
    "content-wrong-type",
    lambda record: record["messages"][0].update(content="Hello"),
)
in_record(
    "roles do not alternate",
    ("bedrock/nova-sft",),
    "same-role-twice roles-out-of-turn",
    lambda record: record["messages"].insert(0, record["messages"][0]),
)
in_record(
    "output a number", ("llama-factory/alpaca",), "value-wrong-type", _put(_itself, "output", 7)
)
in_record(
    "instruction missing",
    ("llama-factory/alpaca",),
    "key-missing record-of-another-kind",
    _drop(_itself, "instruction"),
)
in_record(
    "turns out of order",
    ("llama-factory/sharegpt",),
    "turns-out-of-order roles-out-of-turn same-role-twice",
    lambda record: record["conversations"].reverse(),
)
in_record(
    "rejected answer missing",
    ("trl/dpo",),
    "key-missing record-of-another-kind",
    _drop(_itself, "rejected"),
)
instead(
    "text a number", ("trl/sft",), "value-wrong-type record-of-another-kind", lambda _: {"text": 7}
)

# What training would learn from it.


def _again(made: list[Record], at: int, _dice: random.Random) -> Damaged:
    lines = _lines(made)
    lines.append(lines[at])
    return Damaged(joined(lines), frozenset({at + 1, len(lines)}))


def _other_answer(made: list[Record], at: int, dice: random.Random) -> Damaged:
    other = copy.deepcopy(made[at])
    other["messages"][-1]["content"] = f"No: {question(dice)}"
    lines = [*_lines(made), line_of(other)]
    return Damaged(joined(lines), frozenset({at + 1, len(lines)}))


def _nearly_again(made: list[Record], at: int, _dice: random.Random) -> Damaged:
    other = copy.deepcopy(made[at])
    content = other["messages"][-1]["content"]
    other["messages"][-1]["content"] = content.replace("; if the", ", and if the", 1)
    lines = [*_lines(made), line_of(other)]
    return Damaged(joined(lines), frozenset({at + 1, len(lines)}))


def _answer(text: str) -> Callable[[Any], None]:
    return _put(_last, "content", text)


QUALITY = ("azure-openai/sft", "openai/sft")
_add("example twice", QUALITY, "duplicate-example", _again, "chat")
_add("example nearly twice", QUALITY, "near-duplicate-example", _nearly_again, "chat")
_add("two answers to one question", QUALITY, "same-prompt-different-answer", _other_answer, "chat")
in_record("blank answer", QUALITY, "content-blank", _answer(" "), "chat")
in_record(
    "refusal as answer",
    QUALITY,
    "answer-as-ai-model answer-refuses",
    _answer("I'm sorry, but as an AI language model I cannot help with that."),
    "chat",
)
in_record(
    "damaged letters",
    QUALITY,
    "damaged-characters",
    _answer("The cafÃ© in ZÃ¼rich repairs itâ€™s own bicycles."),
    "chat",
)
in_record(
    "template marker left",
    QUALITY,
    "template-marker-in-text",
    _answer("Turn the screw.<|im_end|>"),
    "chat",
)
in_record(
    "secret key",
    QUALITY,
    "secret-in-text",
    _answer("Use sk-proj-4fGk2LmN8pQr5tVw9xYz1aBc3dEf6gHj7kLm to log in."),
    "chat",
)
in_record(
    "e-mail address",
    QUALITY,
    "email-address-in-text",
    _answer("Write to anna.devries@fietsenwinkel.nl today."),
    "chat",
)
in_record(
    "bank account",
    QUALITY,
    "bank-account-in-text",
    _answer("Pay to NL20INGB0001234567 before Friday."),
    "chat",
)


def seeded(seed: int = 1) -> Iterator[Seeded]:
    """Yield every defect in a file for each of its targets."""
    for defect in DEFECTS:
        for target in defect.targets:
            dice = dice_of(seed, defect.kind, target)
            base = defect.base or TARGETS[target][0]
            if base not in TARGETS[target]:
                continue
            made = records(base, dice)
            damaged = defect.damage(made, dice.randrange(1, len(made) - 1), dice)
            if damaged is not None:
                yield Seeded(defect, target, damaged)


def main() -> None:
    every = [*seeded()]
    for defect in DEFECTS:
        print(f"{defect.kind}: {', '.join(defect.targets)}")
    targets = {each.target for each in every}
    print(f"\n{len(DEFECTS)} kinds, {len(targets)} targets, {len(every)} files")


if __name__ == "__main__":
    main()
