"""Records for any target, made from its layouts: good ones, and some that are nearly so."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tuneready.rules import RULES

if TYPE_CHECKING:
    from tuneready.targets.base import Dialect, Key, Layout, Target

TURNS = (
    ("user", "assistant"),
    ("system", "user", "assistant"),
    ("user", "assistant", "user", "assistant"),
)
TEXTS = ("What time is it: now?", "Noon — 12:00.", "And <image> there?", "Later", "Bye.")


def records(target: Target) -> list[dict[str, Any]]:
    """Return records of every layout, and those of the examples of rules for this target."""
    found = [
        _object(layout.keys, layout, target, turns, full=full)
        for layout in target.layouts
        for turns in TURNS
        for full in (False, True)
    ]
    for rule in RULES:
        if rule.target.split()[0] == target.name:
            found += _objects(rule.good) + _objects(rule.bad)
    return found


def _objects(example: str | bytes | None) -> list[dict[str, Any]]:
    if not isinstance(example, str) or len(example) > 20_000:
        return []
    found = []
    for line in example.splitlines()[:3]:
        try:
            value = json.loads(line)
        except ValueError:
            continue
        if isinstance(value, dict):
            found.append(value)
    return found


def _object(
    keys: dict[str, Key], layout: Layout, target: Target, turns: tuple[str, ...], *, full: bool
) -> dict[str, Any]:
    chosen = {name for names in layout.one_of for name in names[1:]}
    return {
        name: _value(key, layout, target, turns, full=full, place=place)
        for place, (name, key) in enumerate(keys.items())
        if (full or key.required or any(name == names[0] for names in layout.one_of))
        and name not in chosen
    }


def _value(  # noqa: C901  one case for each thing that a key may hold
    key: Key, layout: Layout, target: Target, turns: tuple[str, ...], *, full: bool, place: int
) -> Any:
    dialect = layout.messages or target.messages
    text = TEXTS[place % len(TEXTS)]
    if key.values:
        return key.values[0]
    match key.holds:
        case "text" | "text-or-texts":
            return text
        case "texts":
            return [text, "Second"]
        case "boolean":
            return True
        case "booleans":
            return [True, False]
        case "number" | "integer":
            return 1
        case "messages" | "text-or-messages" if dialect:
            if key.part == "prompt":
                turns = turns[:-1]
            elif key.part == "answer":
                turns = turns[-1:]
            return [_message(dialect, role, place + i) for i, role in enumerate(turns)]
        case "text-or-messages":
            return text
        case "message" if dialect:
            return _message(dialect, "assistant" if key.part == "answer" else "system", place)
        case "object":
            return _object(dict(key.keys), layout, target, turns, full=full)
        case "objects":
            return [_object(dict(key.keys), layout, target, turns, full=full)] * 2
        case "pairs":
            return [["Hi", "Hello: you"]]
        case "tools":
            return []
        case _:
            return ["a.png"]


def _message(dialect: Dialect, role: str, place: int) -> dict[str, Any]:
    name = next((name for name, meaning in dialect.roles.items() if meaning == role), role)
    text: Any = TEXTS[place % len(TEXTS)]
    if dialect.parts in ("gemini", "bedrock"):
        text = [{"text": text}]
    return {dialect.role: name, dialect.content: text}
