"""Files one small step away from a good one: every value replaced, left out, doubled, renamed.

A *model file* is good for a provider. Its neighbours differ in one line by one step, so that two
checkers that disagree on a neighbour disagree about that step. Everything follows from the seed.
"""

from __future__ import annotations

import copy
import json
import random
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

type Record = dict[str, Any]
type Path = tuple[str | int, ...]

LINES = 12  # more than any provider's fewest
WORDS = (
    "river", "ledger", "café", "naïve", "Zürich", "日本語", "данные", "🙂", "“quoted”", "tab\there",
    "line\nbreak", "back\\slash", "x < y & z", "price €5", "Straße", "e\u0301",
)  # fmt: skip
PIXEL = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=="
# What stands where something else should. Some are the same to a careless eye: 1, 1.0, true, "1".
ODD: tuple[Any, ...] = (
    None, True, False, 0, 1, 1.0, 2, -1, 0.5, "", " ", "null", "x", "1", [], {}, [None], ["x"], [{}],
    {"x": 1}, "assistant", "user", "system", "tool", "developer", "function",
)  # fmt: skip


SAID = (b'"content": "', b'"text": "', b'"prompt": "')


class Neighbour(NamedTuple):
    """A file, and what was done to make it. `line` is None for the good one itself."""

    model: str
    step: str
    line: int | None
    data: bytes


def texts(dice: random.Random) -> str:
    """Return a few words, some of them of many bytes."""
    return " ".join(dice.choice(WORDS) for _ in range(dice.randint(3, 9)))


def _message(role: str, dice: random.Random, **more: Any) -> Record:
    return {"role": role, "content": texts(dice), **more}


def _chat(dice: random.Random) -> Record:
    return {"messages": [_message(role, dice) for role in ("system", "user", "assistant")]}


def _turns(dice: random.Random) -> Record:
    roles = ("user", "assistant") * 2
    return {"messages": [_message(role, dice) for role in roles]}


def _weights(dice: random.Random) -> Record:
    record = _turns(dice)
    record["messages"][1]["weight"] = 0
    record["messages"][3]["weight"] = 1
    return record


def _parts(dice: random.Random) -> Record:
    record = _turns(dice)
    for message in record["messages"]:
        message["content"] = [{"type": "text", "text": message["content"]}]
    image = {"type": "image_url", "image_url": {"url": PIXEL}}
    record["messages"][0]["content"].append(image)
    return record


def _mistral_parts(dice: random.Random) -> Record:
    record = _turns(dice)
    text = {"type": "text", "text": texts(dice)}
    record["messages"][0]["content"] = [text, {"type": "image_url", "image_url": PIXEL}]
    return record


def _text(dice: random.Random) -> Record:
    return {"text": texts(dice)}


def _completion(dice: random.Random) -> Record:
    return {"prompt": texts(dice), "completion": texts(dice)}


def _preference(dice: random.Random) -> Record:
    return {
        "input": {"messages": [_message(role, dice) for role in ("system", "user")]},
        "preferred_output": [_message("assistant", dice)],
        "non_preferred_output": [_message("assistant", dice)],
    }


def _tools(dice: random.Random) -> Record:
    name = "find_order"
    ids = "".join(dice.choice("abcXYZ0123456789") for _ in range(9))
    call = {
        "id": ids,
        "type": "function",
        "function": {"name": name, "arguments": json.dumps({"order": dice.randint(1, 99)})},
    }
    properties = {"order": {"type": "integer", "description": "its number"}}
    parameters = {"type": "object", "properties": properties, "required": ["order"]}
    function = {"name": name, "description": "Finds an order", "parameters": parameters}
    return {
        "messages": [
            _message("system", dice),
            _message("user", dice),
            {"role": "assistant", "tool_calls": [call]},
            {"role": "tool", "tool_call_id": ids, "name": name, "content": texts(dice)},
            _message("assistant", dice),
        ],
        "tools": [{"type": "function", "function": function}],
    }


MODELS: dict[str, Callable[[random.Random], Record]] = {
    "chat": _chat,
    "turns": _turns,
    "weights": _weights,
    "parts": _parts,
    "mistral-parts": _mistral_parts,
    "text": _text,
    "completion": _completion,
    "preference": _preference,
    "tools": _tools,
}


def dumped(record: object) -> bytes:
    """Return the line of a record, without its end."""
    return json.dumps(record, ensure_ascii=False).encode()


def joined(lines: list[bytes]) -> bytes:
    return b"".join(line + b"\n" for line in lines)


def steps(record: Record) -> Iterator[tuple[str, Record]]:
    """Yield every record one step away, with the name of the step."""
    for path, value in _walk(record):
        if path:
            key, where = path[-1], _shown(path)
            for odd in ODD:
                if type(odd) is not type(value) or odd != value:
                    yield f"{where} = {json.dumps(odd)}", _with(record, path, odd)
            yield f"{where} left out", _without(record, path)
            if isinstance(key, str):
                for other in (f"{key} ", key.upper(), f"{key}s"):
                    yield f"{where} named {json.dumps(other)}", _renamed(record, path, other)
            else:
                yield f"{where} doubled", _doubled(record, path)
                yield f"{where} moved to the end", _moved(record, path)
        if isinstance(value, dict):
            for extra, content in (("extra", "x"), ("weight", 1), ("name", "Ann"), ("extra", None)):
                if extra not in value:
                    step = f"{_shown(path) or 'record'} gains {extra} = {json.dumps(content)}"
                    yield step, _with(record, (*path, extra), content)


def damaged(lines: list[bytes], at: int) -> Iterator[tuple[str, bytes]]:
    """Yield files whose bytes, not their records, are a step away; `at` is the index of a line."""

    def put(line: bytes) -> bytes:
        return joined([*lines[:at], line, *lines[at + 1 :]])

    line = lines[at]
    record = json.loads(line)
    # Into a text that people wrote: the last text of the line that a usual key holds.
    said = max(line.rfind(key) + len(key) for key in SAID if key in line)

    def inside(what: bytes) -> bytes:
        return put(line[:said] + what + line[said:])

    ascii_line = json.dumps(record).encode()
    first = next(iter(record))
    yield "a blank line between", joined([*lines[:at], b"", *lines[at:]])
    yield "a line of spaces between", joined([*lines[:at], b"   ", *lines[at:]])
    yield "a blank line at the end", joined([*lines, b""])
    yield "no newline at the end", joined(lines).removesuffix(b"\n")
    yield "CRLF", joined([each + b"\r" for each in lines])
    yield "CR only", b"\r".join(lines)
    yield "byte-order mark", b"\xef\xbb\xbf" + joined(lines)
    yield "UTF-16", joined(lines).decode().encode("utf-16")
    yield "Latin-1", inside(b"\xe9")
    yield "half of a character", inside(b"\xe2\x82")
    yield "lone surrogate, escaped", inside(b"\\ud83d")
    yield "escapes", put(ascii_line)
    yield "cut in the middle", put(line[: len(line) // 2])
    yield "last brace missing", put(line[:-1])
    yield "comma at the end of the line", put(line + b",")
    yield "comma before the last brace", put(line[:-1] + b",}")
    yield "two records on a line", put(line + line)
    yield "text after the record", put(line + b" x")
    yield "spaces around", put(b"  " + line + b"  ")
    yield "single quotes", put(repr(record).encode())
    yield "comment", put(b"// " + line)
    yield "control character", inside(b"\x01")
    yield "NUL in a text", inside(b"\x00")
    yield "an array", put(b"[" + line + b"]")
    yield "null", put(b"null")
    yield "a number", put(b"12")
    yield "a text", put(b'"x"')
    yield "an empty object", put(b"{}")
    yield "an empty array", put(b"[]")
    yield "NaN", put(line[:-1] + b', "extra": NaN}')
    yield "NaN in a known key", put(b'{"' + first.encode() + b'": NaN, ' + line[1:])
    yield "a key twice", put(b'{"' + first.encode() + b'": null, ' + line[1:])
    yield "the whole file an array", b"[" + b",\n".join(lines) + b"]\n"
    yield "pretty-printed", joined([json.dumps(record, indent=1).encode(), *lines])
    yield "no bytes", b""
    yield "one newline", b"\n"
    yield "one example", joined(lines[:1])
    yield "nine examples", joined(lines[:9])
    yield "a line twice", joined([*lines, line])


def model_file(model: str, dice: random.Random) -> list[bytes]:
    """Return the lines of a good file."""
    return [dumped(MODELS[model](dice)) for _ in range(LINES)]


def neighbours(model: str, seed: int, most: int | None = None) -> Iterator[Neighbour]:
    """Yield a good file and its neighbours: all of them, or `most`, drawn by the seed."""
    dice = random.Random(f"{model} {seed}")  # noqa: S311 - not for secrets
    lines = model_file(model, dice)
    yield Neighbour(model, "good", None, joined(lines))
    at = dice.randrange(1, LINES)
    found = [
        Neighbour(model, step, at + 1, joined([*lines[:at], dumped(record), *lines[at + 1 :]]))
        for step, record in steps(json.loads(lines[at]))
    ]
    found += [Neighbour(model, step, at + 1, data) for step, data in damaged(lines, at)]
    for other, make in MODELS.items():
        if other != model:
            mixed = dumped(make(dice))
            data = joined([*lines[:at], mixed, *lines[at + 1 :]])
            found.append(Neighbour(model, f"one line is {other}", at + 1, data))
    yield from found if most is None or most >= len(found) else dice.sample(found, most)


def _walk(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    yield path, value
    if isinstance(value, dict):
        # A schema in the data is one value to us, and so is what a call hands over.
        for key, inner in value.items():
            if key != "properties":
                yield from _walk(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _walk(inner, (*path, index))


def _shown(path: Path) -> str:
    return "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in path).lstrip(".")


def _at(record: Any, path: Path) -> Any:
    for key in path:
        record = record[key]
    return record


def _with(record: Record, path: Path, value: Any) -> Record:
    changed = copy.deepcopy(record)
    _at(changed, path[:-1])[path[-1]] = copy.deepcopy(value)
    return changed


def _without(record: Record, path: Path) -> Record:
    changed = copy.deepcopy(record)
    del _at(changed, path[:-1])[path[-1]]
    return changed


def _renamed(record: Record, path: Path, name: str) -> Record:
    changed = copy.deepcopy(record)
    parent = _at(changed, path[:-1])
    items = [(name if key == path[-1] else key, value) for key, value in parent.items()]
    parent.clear()
    parent.update(items)
    return changed


def _doubled(record: Record, path: Path) -> Record:
    changed = copy.deepcopy(record)
    parent = _at(changed, path[:-1])
    parent.insert(path[-1], copy.deepcopy(parent[path[-1]]))
    return changed


def _moved(record: Record, path: Path) -> Record:
    changed = copy.deepcopy(record)
    parent = _at(changed, path[:-1])
    parent.append(parent.pop(path[-1]))
    return changed
