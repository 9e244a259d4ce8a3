"""From nodes to types: dataclasses and type hints say what a file must hold."""

from __future__ import annotations

import dataclasses
import difflib
import functools
import re
import types
import typing
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, TypeAliasType, get_args, get_origin

from tuneready.strictyaml.faults import nearest
from tuneready.strictyaml.nodes import BrokenNode, ListNode, MappingNode, ScalarNode, shown
from tuneready.strictyaml.scalars import DECIMAL, INTEGER, TRUTH, surprise_in

if typing.TYPE_CHECKING:
    from tuneready.strictyaml.faults import AddFault
    from tuneready.strictyaml.nodes import Node


@dataclass(frozen=True, slots=True)
class Shape:
    """A text must match this pattern as a whole: `Annotated[str, Shape("[a-z]+", "letters")]`."""

    pattern: str
    expected: str


@dataclass(frozen=True, slots=True)
class Rest:
    """The field takes all other keys: `Annotated[Mapping[str, X], Rest()]`, at most one of a class."""

    required: tuple[str, ...] = ()
    """Keys that must be among them."""


def is_required(field: dataclasses.Field[Any], hint: Any) -> bool:
    """Whether a key must be there: its field has no default and may not be None."""
    if get_origin(hint) is typing.Annotated:
        hint = get_args(hint)[0]
    has_default = not (field.default is field.default_factory is dataclasses.MISSING)
    return not has_default and type(None) not in get_args(hint)


def rest_of(hint: Any) -> Rest | None:
    """Return whether, and how, a field takes all other keys."""
    extras = get_args(hint)[1:] if get_origin(hint) is typing.Annotated else ()
    return next((extra for extra in extras if isinstance(extra, Rest)), None)


_NOTHING: Any = object()
"""Stands for a value that has a fault; whatever contains it is not built."""


class Mapper:
    """Walks nodes and types side by side."""

    def __init__(self, fault: AddFault) -> None:
        self._add_fault = fault

    def value(self, node: Node, kind: Any, name: str) -> Any:  # noqa: C901  one case for each kind
        """Return the value of a node as a type, or `_NOTHING` after adding its faults.

        `name` says which value it is, as in: "weight" is the text "3".
        """
        if isinstance(node, BrokenNode):
            return _NOTHING
        while isinstance(kind, TypeAliasType):
            kind = kind.__value__
        arguments = get_args(kind)
        match get_origin(kind) or kind:
            case typing.Annotated:
                return self._shaped(node, arguments, name)
            case typing.Union | types.UnionType:
                (inner,) = [option for option in arguments if option is not type(None)]
                return self.value(node, inner, name)
            case typing.Literal:
                return self._choice(node, arguments, name)
            case origin if origin in (tuple, list, frozenset, Sequence):
                return self._list(node, arguments[0], name, origin)
            case origin if origin in (dict, Mapping):
                return self._mapping(node, arguments, name)
            case typing.Any:
                return self._anything(node, name)
            case cls if dataclasses.is_dataclass(cls):
                return self._dataclass(node, cls, name)
            case cls if isinstance(cls, type) and issubclass(cls, Enum):
                found = self._choice(node, [member.value for member in cls], name)
                return found if found is _NOTHING else cls(found)
        return self._scalar(node, kind, name)

    def _fault(self, node: Node, message: str) -> Any:
        self._add_fault(node.place, message)
        return _NOTHING

    def _expected(self, node: Node, name: str, expected: str, remedy: str = "") -> Any:
        return self._fault(node, f"{name} is {shown(node)}; expected {expected}{remedy}")

    def _scalar(self, node: Node, kind: Any, name: str) -> Any:
        expected = {
            str: "a text",
            bool: "true or false",
            int: "a whole number",
            float: "a number",
        }[kind]
        if not isinstance(node, ScalarNode):
            return self._expected(node, name, expected)
        if kind is str:
            return self._text(node, name)
        if kind is bool:
            found = TRUTH.get(node.text)
        else:
            pattern = INTEGER if kind is int else DECIMAL
            found = kind(node.text) if pattern.fullmatch(node.text) else None
        if found is None:
            return self._expected(node, name, expected)
        if node.quoted:
            return self._expected(node, name, expected, ": remove the quotes")
        return found

    def _text(self, node: ScalarNode, name: str) -> Any:
        if node.quoted:
            return node.text
        match surprise_in(node.text):
            case None:
                return node.text
            case "nothing" if not node.text:
                return self._fault(node, f"{name} is empty; fill it in, or leave the key out")
            case surprise:
                return self._fault(
                    node, f'{name} is `{node.text}`, which reads as {surprise}; put it in quotes: "{node.text}"'
                )  # fmt: skip

    def _shaped(self, node: Node, arguments: Sequence[Any], name: str) -> Any:
        found = self.value(node, arguments[0], name)
        for shape in arguments[1:]:
            if (
                isinstance(shape, Shape)
                and isinstance(found, str)
                and not re.fullmatch(shape.pattern, found, re.DOTALL)
            ):
                return self._expected(node, name, shape.expected)
        return found

    def _choice(self, node: Node, choices: Sequence[Any], name: str) -> Any:
        found = self.value(node, type(choices[0]), name)
        if found is _NOTHING or found in choices:
            return found
        words = [str(choice) for choice in choices]
        return self._expected(node, name, f"one of {', '.join(words)}", nearest(str(found), words))

    def _list(self, node: Node, kind: Any, name: str, container: Any) -> Any:
        if not isinstance(node, ListNode):
            return self._expected(node, name, "a list")
        found = [self.value(value, kind, f"an entry of {name}") for value in node.values]
        if any(value is _NOTHING for value in found):
            return _NOTHING
        return (tuple if container is Sequence else container)(found)

    def _mapping(self, node: Node, arguments: Sequence[Any], name: str) -> Any:
        if not isinstance(node, MappingNode):
            return self._expected(node, name, "a mapping")
        key_kind, kind = arguments or (str, Any)
        found = {}
        for key, value in node.entries:
            # The composer has looked at quotes; what is left is the key's shape or choice.
            word = self.value(dataclasses.replace(key, quoted=True), key_kind, "the key")
            found[word] = self.value(value, kind, f'"{key.text}"')
        if any(part is _NOTHING for pair in found.items() for part in pair):
            return _NOTHING
        return found

    def _dataclass(self, node: Node, kind: Any, name: str) -> Any:
        if not isinstance(node, MappingNode):
            return self._expected(node, name, "a mapping")
        hints = _hints(kind)
        fields = {field.name: field for field in dataclasses.fields(kind) if field.init}
        rest = next((name for name in fields if rest_of(hints[name])), None)
        known = [name for name in fields if name != rest]
        others = [(key, value) for key, value in node.entries if key.text not in known]
        found = {
            key.text: self.value(value, hints[key.text], f'"{key.text}"')
            for key, value in node.entries
            if key.text in known
        }
        if rest is not None:
            of_others = dataclasses.replace(node, entries=others)
            found[rest] = self._rest(of_others, hints[rest], name)
        else:
            for key, _ in others:
                found |= self._unknown_key(key, known)
        for key_name, field in fields.items():
            if key_name in found:
                continue
            if is_required(field, hints[key_name]):
                found[key_name] = self._fault(node, f'{name} has no key "{key_name}"; add it')
            elif field.default is field.default_factory is dataclasses.MISSING:
                found[key_name] = None
        if any(value is _NOTHING for value in found.values()):
            return _NOTHING
        return kind(**found)

    def _rest(self, node: MappingNode, hint: Any, name: str) -> Any:
        rest = rest_of(hint)
        there = {key.text for key, _ in node.entries}
        missing = [key for key in (rest.required if rest else ()) if key not in there]
        for key in missing:
            self._fault(node, f'{name} has no key "{key}"; add it')
        found = self.value(node, hint, name)
        return _NOTHING if missing else found

    def _unknown_key(self, key: ScalarNode, known: Sequence[str]) -> dict[str, Any]:
        # A misspelt key explains the missing one too: count it as that one.
        meant = difflib.get_close_matches(key.text, known, n=1)
        hint = nearest(key.text, known) or f"; known keys: {', '.join(known)}"
        nothing = self._fault(key, f'unknown key "{key.text}"{hint}')
        return dict.fromkeys((*meant, ""), nothing)

    def _anything(self, node: Node, name: str) -> Any:
        match node:
            case ListNode():
                return self._list(node, Any, name, list)
            case MappingNode():
                return self._mapping(node, (str, Any), name)
            case BrokenNode():
                return _NOTHING
        if not node.quoted:
            if node.text in TRUTH:
                return TRUTH[node.text]
            if INTEGER.fullmatch(node.text):
                return int(node.text)
            if DECIMAL.fullmatch(node.text):
                return float(node.text)
        return self._text(node, name)


@functools.cache
def _hints(kind: type) -> dict[str, Any]:
    return typing.get_type_hints(kind, include_extras=True)
