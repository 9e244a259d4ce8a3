"""The smallest example of a layout, made from what the target's data says, and proved by a check."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tuneready.dataset.checker import Checker
from tuneready.dataset.report import document
from tuneready.rules import RULES, RULES_BY_NAME
from tuneready.rules.base import On

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tuneready.targets.base import Dialect, Key, Layout, Target

ASKED = "What is the capital of Norway?"
# Where neither would make sense.
OTHERS = {
    "label": "geography",
    "modelId": "model-name",
    "hard_negatives": "Bergen has a fish market.",
}
# The second is for a method that compares answers.
ANSWERS = ("Oslo.", "Bergen, I think.")


def minimal_record(target: Target, layout: Layout) -> str | None:
    """Return a line in which the target finds nothing, as JSON; None when we know of none.

    It is made from the keys that the layout must have. Where these are not enough, all its keys are
    taken; where a method asks for more than keys can say, the shortest good example of a rule that
    was written for the target takes its place.
    """
    dialect = target.for_layout(layout).messages
    made = (json.dumps(_Maker(layout, dialect, full=full).record()) for full in (False, True))
    for line in (*made, *_examples(target)):
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
    # One line is never enough for a file, which is no fault of the line.
    return all(
        RULES_BY_NAME[finding["name"]].on is On.FILE
        for finding in entry["findings"]
        if finding["severity"] != "note"
    )


def _examples(target: Target) -> Iterator[str]:
    lines = {
        line
        for rule in RULES
        if rule.target == target.name and isinstance(rule.good, str)
        for line in rule.good.splitlines()
        if line.startswith("{")
    }
    yield from sorted(lines, key=lambda line: (len(line), line))


class _Maker:
    """Makes one record of a layout; of its answers each is another one."""

    def __init__(self, layout: Layout, dialect: Dialect | None, *, full: bool) -> None:
        self._layout = layout
        self._dialect = dialect
        self._full = full
        self._answers = iter(ANSWERS)

    def record(self) -> dict[str, Any]:
        """Return the record, with the first of keys that exclude each other."""
        left_out = {
            name for names in (*self._layout.one_of, *self._layout.not_both) for name in names[1:]
        }
        first = {names[0] for names in self._layout.one_of}
        keys = {name: key for name, key in self._layout.keys.items() if name not in left_out}
        return self._object(keys, first)

    def _object(self, keys: Mapping[str, Key], wanted: set[str]) -> dict[str, Any]:
        return {
            name: self._value(name, key)
            for name, key in keys.items()
            if self._full or key.required or name in wanted
        }

    def _value(self, name: str, key: Key) -> Any:
        match key.holds:
            case "messages":
                return self._messages(key)
            case "message":
                return self._messages(key)[-1]
            case "object":
                return self._object(key.keys, set())
            case "objects":
                return [self._object(key.keys, set())]
        text = self._text(name, key)
        simple: dict[str, Any] = {
            "texts": [text],
            "boolean": True,
            "booleans": [True],
            "number": 1,
            "integer": 1,
            "pairs": [[ASKED, text]],
            "tools": [],
        }
        return simple.get(key.holds, text)

    def _text(self, name: str, key: Key) -> str:
        if key.values or name in OTHERS:
            return key.values[0] if key.values else OTHERS[name]
        if key.part == "answer":
            return self._answer()
        if key.part == "prompt" or key.said_by == "user":
            return ASKED
        return ANSWERS[0]

    def _answer(self) -> str:
        return next(self._answers, ANSWERS[-1])

    def _messages(self, key: Key) -> list[dict[str, Any]]:
        said = {"whole": ("user", "assistant"), "prompt": ("user",), "answer": ("assistant",)}
        return [self._message(role) for role in said[key.part or "whole"]]

    def _message(self, role: str) -> dict[str, Any]:
        dialect = self._dialect
        text = ASKED if role == "user" else self._answer()
        if dialect is None:
            return {role: text}
        name = next((one for one, meaning in dialect.roles.items() if meaning == role), role)
        content: Any = text if dialect.parts in {"openai", "none"} else [{"text": text}]
        return {dialect.role: name, dialect.content: content}
