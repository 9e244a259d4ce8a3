"""The smallest example of a layout, made from what the target's data says, and proved by a check."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tuneready.dataset.checker import Checker
from tuneready.dataset.report import document
from tuneready.rules import RULES
from tuneready.rules.base import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tuneready.targets.base import Dialect, Key, Layout, Target

# One line is never enough for a file, which is no fault of the line.
ABOUT_THE_FILE = {
    "too-few-examples",
    "fewer-examples-than-advised",
    "too-few-validation-examples",
}
ASKED, ANSWERED = "What is the capital of Norway?", "Oslo."


def minimal_record(target: Target, layout: Layout) -> str | None:
    """Return a line in which the target finds nothing, as JSON; None when we know of none.

    It is made from the layout's keys. Where that is not enough, because a method asks for more than
    keys can say, the shortest good example of a rule that was written for the target takes its place.
    """
    for line in (
        json.dumps(_object(layout.keys, layout, target.for_layout(layout).messages)),
        *_examples(target),
    ):
        if _accepted(line, target, layout):
            return line
    return None


def _accepted(line: str, target: Target, layout: Layout) -> bool:
    record = json.loads(line)
    required = {name for name, key in layout.keys.items() if key.required}
    if not isinstance(record, dict) or not required <= record.keys():
        return False
    if len(target.layouts) > 1 and not record.keys() <= layout.keys.keys():
        return False
    checker = Checker(target, file="example.jsonl")
    checker.feed(line.encode() + b"\n")
    (entry,) = document([checker.close()], "en")["reports"]
    return all(
        finding["line"] is None and finding["name"] in ABOUT_THE_FILE
        for finding in entry["findings"]
        if finding["severity"] != "note"
    )


def _examples(target: Target) -> Iterator[str]:
    lines = {
        line
        for rule in RULES
        if isinstance(rule, Rule) and rule.target == target.name and isinstance(rule.good, str)
        for line in rule.good.splitlines()
        if line.startswith("{")
    }
    yield from sorted(lines, key=lambda line: (len(line), line))


def _object(
    keys: Mapping[str, Key], layout: Layout | None, dialect: Dialect | None
) -> dict[str, Any]:
    wanted = {name for name, key in keys.items() if key.required}
    for names in layout.one_of if layout else ():
        if not wanted & set(names):
            wanted.add(names[0])
    return {name: _value(name, key, dialect) for name, key in keys.items() if name in wanted}


def _value(name: str, key: Key, dialect: Dialect | None) -> Any:
    text = ASKED if key.part == "prompt" else ANSWERED
    if key.part is None:
        text = ASKED if name in {"prompt", "instruction", "input", "query"} else ANSWERED
    simple: dict[str, Any] = {
        "texts": [text],
        "boolean": True,
        "booleans": [True],
        "number": 1,
        "integer": 1,
        "pairs": [[ASKED, ANSWERED]],
        "tools": [],
    }
    match key.holds:
        case "messages":
            return _messages(key, dialect)
        case "message":
            return _messages(key, dialect)[-1]
        case "object":
            return _object(key.keys, None, dialect)
        case "objects":
            return [_object(key.keys, None, dialect)]
        case holds:
            return simple.get(holds, text)


def _messages(key: Key, dialect: Dialect | None) -> list[dict[str, Any]]:
    if dialect is None:
        return []
    said = {"whole": ("user", "assistant"), "prompt": ("user",), "answer": ("assistant",)}
    return [_message(role, dialect) for role in said[key.part or "whole"]]


def _message(role: str, dialect: Dialect) -> dict[str, Any]:
    name = next((one for one, meaning in dialect.roles.items() if meaning == role), role)
    text = ASKED if role == "user" else ANSWERED
    content: Any = text if dialect.parts in {"openai", "none"} else [{"text": text}]
    return {dialect.role: name, dialect.content: content}
