"""From nodes to types: dataclasses and type hints say what a file must hold."""

from __future__ import annotations

import dataclasses
import functools
import re
import types
import typing
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, TypeAliasType, get_args, get_origin

from tuneready.strictyaml.faults import closest, nearest
from tuneready.strictyaml.nodes import BrokenNode, ListNode, MappingNode, ScalarNode, shown
from tuneready.strictyaml.scalars import DECIMAL, INTEGER, TRUTH, surprise_in

if typing.TYPE_CHECKING:
    from collections.abc import Callable

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


@dataclass(frozen=True, slots=True)
class Named:
    """A text must be among the names that the reader was given: `Annotated[str, Named("language")]`."""

    what: str


@dataclass(frozen=True, slots=True)
class Refused:
    """A key that exists elsewhere and must not stand here: `Annotated[Any, Refused("why not")]`."""

    reason: str


def is_required(field: dataclasses.Field[Any], hint: Any) -> bool:
    """Whether a key must be there: its field has no default and may not be None."""
    if get_origin(hint) is typing.Annotated:
        hint = get_args(hint)[0]
    has_default = not (field.default is field.default_factory is dataclasses.MISSING)
    return not has_default and type(None) not in get_args(hint)


def rest_of(hint: Any) -> Rest | None:
    """Return whether, and how, a field takes all other keys."""
    return next((extra for extra in _extras(hint) if isinstance(extra, Rest)), None)


def refusal_of(hint: Any) -> Refused | None:
    """Return why a key must not stand here, if so."""
    return next((extra for extra in _extras(hint) if isinstance(extra, Refused)), None)


def _extras(hint: Any) -> tuple[Any, ...]:
    return get_args(hint)[1:] if get_origin(hint) is typing.Annotated else ()


_NOTHING: Any = object()
"""Stands for a value that has a fault; whatever contains it is not built."""

if typing.TYPE_CHECKING:
    type _Reader = Callable[[Mapper, Node, str], Any]
    """Returns the value of a node, or `_NOTHING` after adding its faults.

    The text says which value it is, as in: "weight" is the text "3".
    """


class Mapper:
    """Walks nodes and types side by side. What a hint asks for is worked out once per hint."""

    def __init__(self, add_fault: AddFault, names: Mapping[str, Sequence[str]]) -> None:
        self._add_fault = add_fault
        self.names = names
        """What `Named` texts may be: what they name -> the names."""

    def value(self, node: Node, kind: Any, name: str) -> Any:
        """Return the value of a node as a type; without meaning when a fault was added."""
        return _reader(kind)(self, node, name)

    def fault(self, node: Node, message: str) -> Any:
        self._add_fault(node.place, message)
        return _NOTHING

    def expected(self, node: Node, name: str, expected: str, remedy: str = "") -> Any:
        return self.fault(node, f"{name} is {shown(node)}; expected {expected}{remedy}")


def plain_of(node: Node) -> Any:
    """Return a node as plain data; what has a fault is `None`."""
    found = Mapper(lambda *_: None, {}).value(node, Any, "")
    return None if found is _NOTHING else found


@functools.cache
def _reader(kind: Any) -> _Reader:  # noqa: C901  one case for each kind
    """Return what reads a kind of value."""
    while isinstance(kind, TypeAliasType):
        kind = kind.__value__
    arguments = get_args(kind)
    match get_origin(kind) or kind:
        case typing.Annotated:
            read = _reader(arguments[0])
            for extra in arguments[1:]:
                if isinstance(extra, Shape):
                    read = _shaped(read, extra)
                elif isinstance(extra, Named):
                    read = _named(read, extra)
            return read
        case typing.Union | types.UnionType:
            (inner,) = [option for option in arguments if option is not type(None)]
            return _reader(inner)
        case typing.Literal:
            return _choice(arguments)
        case origin if origin in (tuple, list, frozenset, Sequence):
            return _list(_reader(arguments[0]), tuple if origin is Sequence else origin)
        case origin if origin in (dict, Mapping):
            key_kind, value_kind = arguments or (str, Any)
            return _mapping(key_kind, value_kind)
        case typing.Any:
            return _anything
        case cls if dataclasses.is_dataclass(cls):
            return _dataclass(cls)
        case cls if isinstance(cls, type) and issubclass(cls, Enum):
            return _member(cls)
    return _text if kind is str else _scalar(kind)


_EXPECTED: dict[Any, str] = {
    str: "a text",
    bool: "true or false",
    int: "a whole number",
    float: "a number",
}


def _scalar(kind: Any) -> _Reader:
    expected = _EXPECTED[kind]

    def read(mapper: Mapper, node: Node, name: str) -> Any:
        if isinstance(node, BrokenNode):
            return _NOTHING
        if not isinstance(node, ScalarNode):
            return mapper.expected(node, name, expected)
        if kind is bool:
            found = TRUTH.get(node.text)
        else:
            pattern = INTEGER if kind is int else DECIMAL
            found = kind(node.text) if pattern.fullmatch(node.text) else None
        if found is None:
            return mapper.expected(node, name, expected)
        if node.quoted:
            return mapper.expected(node, name, expected, ": remove the quotes")
        return found

    return read


def _text(mapper: Mapper, node: Node, name: str) -> Any:
    if not isinstance(node, ScalarNode):
        return (
            _NOTHING
            if isinstance(node, BrokenNode)
            else mapper.expected(node, name, _EXPECTED[str])
        )
    if node.quoted:
        return node.text
    match surprise_in(node.text):
        case None:
            return node.text
        case "nothing" if not node.text:
            return mapper.fault(node, f"{name} is empty; fill it in, or leave the key out")
        case surprise:
            return mapper.fault(
                node, f'{name} is `{node.text}`, which reads as {surprise}; put it in quotes: "{node.text}"'
            )  # fmt: skip


def _shaped(inner: _Reader, shape: Shape) -> _Reader:
    pattern = re.compile(shape.pattern, re.DOTALL)

    def read(mapper: Mapper, node: Node, name: str) -> Any:
        found = inner(mapper, node, name)
        if isinstance(found, str) and not pattern.fullmatch(found):
            return mapper.expected(node, name, shape.expected)
        return found

    return read


def _named(inner: _Reader, named: Named) -> _Reader:
    def read(mapper: Mapper, node: Node, name: str) -> Any:
        found = inner(mapper, node, name)
        names = mapper.names.get(named.what)
        if names is None or found is _NOTHING or found in names:
            return found
        only = f"only {', '.join(names)}{nearest(found, names)}"
        return mapper.fault(node, f'there is no {named.what} "{found}" here, {only}')

    return read


def _choice(choices: Sequence[Any]) -> _Reader:
    kind: Any = type(choices[0])
    inner = _reader(kind)
    words = [str(choice) for choice in choices]

    def read(mapper: Mapper, node: Node, name: str) -> Any:
        found = inner(mapper, node, name)
        if found is _NOTHING or found in choices:
            return found
        remedy = nearest(str(found), words)
        return mapper.expected(node, name, f"one of {', '.join(words)}", remedy)

    return read


def _member(kind: type[Enum]) -> _Reader:
    inner = _choice([member.value for member in kind])

    def read(mapper: Mapper, node: Node, name: str) -> Any:
        found = inner(mapper, node, name)
        return found if found is _NOTHING else kind(found)

    return read


def _list(inner: _Reader, container: Any) -> _Reader:
    def read(mapper: Mapper, node: Node, name: str) -> Any:
        if not isinstance(node, ListNode):
            return (
                _NOTHING if isinstance(node, BrokenNode) else mapper.expected(node, name, "a list")
            )
        found = [inner(mapper, value, f"an entry of {name}") for value in node.values]
        return _NOTHING if any(value is _NOTHING for value in found) else container(found)

    return read


def _mapping(key_kind: Any, value_kind: Any) -> _Reader:
    read_key = _reader(key_kind)

    def read(mapper: Mapper, node: Node, name: str) -> Any:
        if not isinstance(node, MappingNode):
            return _no_mapping(mapper, node, name)
        read_value = _reader(value_kind)  # only now: a type may hold itself
        found = {}
        for key, value in node.entries:
            # The composer has looked at quotes; what is left is the key's shape or choice.
            word = read_key(mapper, ScalarNode(key.place, key.text, quoted=True), "the key")
            found[word] = read_value(mapper, value, f'"{key.text}"')
        if any(part is _NOTHING for pair in found.items() for part in pair):
            return _NOTHING
        return found

    return read


def _no_mapping(mapper: Mapper, node: Node, name: str) -> Any:
    return _NOTHING if isinstance(node, BrokenNode) else mapper.expected(node, name, "a mapping")


@dataclass(frozen=True, slots=True)
class _Fields:
    """The fields of a dataclass, as a reader needs them."""

    known: Mapping[str, _Reader]
    rest: str | None
    read_rest: _Reader | None
    read_key: _Reader | None
    """Of the other keys."""

    required: tuple[str, ...]
    required_rest: tuple[str, ...]
    filled: tuple[str, ...]
    """The fields that may be left out and have no default: they become None."""


@functools.cache
def _fields(kind: Any) -> _Fields:
    hints = typing.get_type_hints(kind, include_extras=True)
    fields = {field.name: field for field in dataclasses.fields(kind) if field.init}
    rest = next((name for name in fields if rest_of(hints[name])), None)
    other = rest_of(hints[rest]) if rest else None
    missing = dataclasses.MISSING
    return _Fields(
        known={name: _field(hints[name]) for name in fields if name != rest},
        rest=rest,
        read_rest=_reader(hints[rest]) if rest else None,
        read_key=_reader(get_args(get_args(hints[rest])[0])[0]) if rest else None,
        required=tuple(name for name, field in fields.items() if is_required(field, hints[name])),
        required_rest=other.required if other else (),
        filled=tuple(
            name
            for name, field in fields.items()
            if field.default is field.default_factory is missing
            and not is_required(field, hints[name])
        ),
    )


def _field(hint: Any) -> _Reader:
    if refused := refusal_of(hint):
        return lambda mapper, node, name: mapper.fault(node, f"{name} {refused.reason}")
    return _reader(hint)


def _dataclass(kind: Any) -> _Reader:
    def read(mapper: Mapper, node: Node, name: str) -> Any:
        if not isinstance(node, MappingNode):
            return _no_mapping(mapper, node, name)
        fields = _fields(kind)  # only now: a type may hold itself
        found: dict[str, Any] = {}
        others = []
        for key, value in node.entries:
            if read_field := fields.known.get(key.text):
                found[key.text] = read_field(mapper, value, f'"{key.text}"')
            else:
                others.append((key, value))
        misspelt = _others(mapper, node, others, fields, found, name)
        for missing in (*fields.required, *fields.required_rest):
            if missing in found or any(missing == key.text for key, _ in others):
                continue
            found[missing] = _NOTHING
            # A misspelt key explains the missing one: one cause, one fault.
            if missing not in misspelt:
                mapper.fault(node, f'{name} has no key "{missing}"; add it')
        for key_name in fields.filled:
            found.setdefault(key_name, None)
        return _NOTHING if any(value is _NOTHING for value in found.values()) else kind(**found)

    return read


def _others(
    mapper: Mapper,
    node: MappingNode,
    others: list[tuple[ScalarNode, Node]],
    fields: _Fields,
    found: dict[str, Any],
    name: str,
) -> set[str]:
    """Read the keys that are no fields, into the field that takes them; return what is misspelt."""
    if fields.rest and fields.read_rest and fields.read_key:
        found[fields.rest] = fields.read_rest(mapper, MappingNode(node.place, others), name)
        quiet = Mapper(lambda *_: None, mapper.names)
        wrong = [
            key
            for key, _ in others
            if found[fields.rest] is _NOTHING and fields.read_key(quiet, key, "") is _NOTHING
        ]
    else:
        for key, _ in others:
            hint = nearest(key.text, list(fields.known))
            hint = hint or f"; known keys: {', '.join(fields.known)}"
            found[""] = mapper.fault(key, f'unknown key "{key.text}"{hint}')
        wrong = [key for key, _ in others]
    wanted = [*fields.known, *fields.required_rest]
    return {meant for key in wrong if (meant := closest(key.text, wanted))}


def _anything(mapper: Mapper, node: Node, name: str) -> Any:
    match node:
        case ListNode():
            return _list(_anything, list)(mapper, node, name)
        case MappingNode():
            return _mapping(str, Any)(mapper, node, name)
        case BrokenNode():
            return _NOTHING
    if not node.quoted:
        if node.text in TRUTH:
            return TRUTH[node.text]
        if INTEGER.fullmatch(node.text):
            return int(node.text)
        if DECIMAL.fullmatch(node.text):
            return float(node.text)
    return _text(mapper, node, name)
