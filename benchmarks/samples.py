"""Makes examples for any target from what its data says: layouts, keys, roles, parts.

Good as far as the data can say it; where a target's rules ask for more, some of them are not. For
fuzzing, where that does not matter.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import random
    from collections.abc import Mapping

    from tuneready.targets.base import Dialect, Key, Layout, Target

WORDS = (
    "river", "ledger", "café", "naïve", "Zürich", "日本語", "данные", "🙂", "“quoted”", "tab\there",
    "line\nbreak", "back\\slash", "a: b", "{x}", "[y]", "null", "€5", "e\u0301", "\u2028", "\x85",
    "sk-proj-0123456789abcdefghijklmnop", "anna@example.org", "+31 6 12345678", "<|im_end|>", "Ã©",
    "NL91ABNA0417164300", "4111 1111 1111 1111", "I'm sorry, but I can't help with that.",
)  # fmt: skip
PIXEL = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/"
    "pLvAAAAAElFTkSuQmCC"
)


def words(dice: random.Random) -> str:
    return " ".join(dice.choice(WORDS) for _ in range(dice.randint(1, 8)))


def sample(target: Target, layout: Layout, dice: random.Random) -> dict[str, Any]:
    """Return a record of a layout."""
    dialect = target.for_layout(layout).messages
    record = _object(layout.keys, dialect, dice)
    for names in layout.one_of:
        kept = dice.choice(names)
        for name in names:
            if name != kept:
                record.pop(name, None)
        if kept not in record:
            record[kept] = _value(layout.keys[kept], dialect, dice)
    return record


def _object(
    keys: Mapping[str, Key], dialect: Dialect | None, dice: random.Random
) -> dict[str, Any]:
    return {
        name: _value(key, dialect, dice)
        for name, key in keys.items()
        if key.required or dice.random() < 0.3
    }


def _value(key: Key, dialect: Dialect | None, dice: random.Random) -> Any:  # noqa: C901  one case for each thing that a key may hold
    if key.values:
        return dice.choice(key.values)
    match key.holds:
        case "text":
            return words(dice)
        case "texts":
            return [words(dice) for _ in range(dice.randint(1, 3))]
        case "boolean":
            return dice.random() < 0.5
        case "booleans":
            return [dice.random() < 0.5 for _ in range(3)]
        case "number":
            return dice.choice((0, 1, 0.5, 2))
        case "integer":
            return dice.randint(0, 3)
        case "messages":
            return _messages(key.part, dialect, dice)
        case "message":
            return _message("assistant", dialect, dice)
        case "text-or-messages":
            return words(dice) if dice.random() < 0.5 else _messages(key.part, dialect, dice)
        case "text-or-texts":
            return words(dice) if dice.random() < 0.5 else [words(dice)]
        case "object":
            return _object(key.keys, dialect, dice)
        case "objects":
            return [_object(key.keys, dialect, dice) for _ in range(dice.randint(1, 3))]
        case "pairs":
            return [[words(dice), words(dice)] for _ in range(dice.randint(0, 2))]
        case "tools":
            return [_tool()]
        case _:
            return dice.choice(("x", 1, None, [], {}, [words(dice)], {"a": words(dice)}, True))


def _messages(part: str | None, dialect: Dialect | None, dice: random.Random) -> list[Any]:
    roles = ["user", "assistant"] * dice.randint(1, 3)
    if part == "prompt":
        roles.pop()
    if part == "answer":
        roles = ["assistant"]
    elif dice.random() < 0.4:
        roles.insert(0, "system")
    messages = [_message(role, dialect, dice) for role in roles]
    if part != "prompt" and dice.random() < 0.15:
        name = "find_order"
        call = {
            "id": "abcDEF123",
            "type": "function",
            "function": {"name": name, "arguments": "{}"},
        }
        answer = {"role": "tool", "tool_call_id": "abcDEF123", "content": words(dice)}
        messages[-1:-1] = [{"role": "assistant", "tool_calls": [call]}, answer]
    return messages


def _message(role: str, dialect: Dialect | None, dice: random.Random) -> dict[str, Any]:
    if dialect is None:
        return {"role": role, "content": words(dice)}
    names = [name for name, meaning in dialect.roles.items() if meaning == role] or [role]
    message: dict[str, Any] = {dialect.role: dice.choice(names)}
    text = words(dice)
    if dialect.parts == "openai" and dice.random() > 0.15:
        message[dialect.content] = text
    elif dialect.parts == "openai":
        image = {"type": "image_url", "image_url": {"url": PIXEL, "detail": "low"}}
        message[dialect.content] = [{"type": "text", "text": text}, image][: dice.randint(1, 2)]
    else:
        message[dialect.content] = [{"text": text}] if dialect.parts != "none" else text
    more = [*dialect.keys.get("any", ()), *dialect.keys.get(role, ())]
    if more and dice.random() < 0.1:
        message[dice.choice(more)] = dice.choice((0, 1, "x", None, [], {}))
    return message


def _tool() -> dict[str, Any]:
    parameters = {"type": "object", "properties": {"order": {"type": "integer"}}}
    function = {"name": "find_order", "description": "Finds it", "parameters": parameters}
    return {"type": "function", "function": function}


def line_of(record: object, dice: random.Random) -> bytes:
    """Write a record, in one of a few spellings."""
    separators = dice.choice(((",", ":"), (", ", ": "), (", ", ": "), (" , ", " : ")))
    text = json.dumps(record, ensure_ascii=dice.random() < 0.3, separators=separators)
    return text.encode(errors="surrogatepass")
