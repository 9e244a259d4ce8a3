"""A strict reader for the YAML that people write here: checklists and targets.

Three steps, each with its own faults, all of them with file, line and column:

1. The text becomes *nodes* that know their place. Anchors, aliases, merge keys, tags, duplicate
   keys, tabs, a second document and anything oversized stop here.
2. A type says what is expected: dataclasses whose fields are the keys, with type hints. `read`
   walks nodes and types side by side and collects every fault on the way.
3. Without a type, `load` gives plain data by the same rules.

A value means what it looks like. Unquoted `yes`, `no`, `012`, `12:30`, `2026-11-22` or nothing at
all is not a text, because readers of YAML 1.1 and 1.2 disagree about each of them; it must be
quoted. `true` and `false` are the only truth values, and numbers are plain decimals.
"""

from __future__ import annotations

import dataclasses
import difflib
import functools
import re
import types
import typing
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path  # noqa: TC003  in a public signature
from typing import Any, TypeAliasType, get_args, get_origin

from tuneready.errors import TunereadyError

# Own limits, generous for files written by hand: the largest one here is below 40 KB.
MAX_BYTES = 1_000_000
MAX_DEPTH = 20
MAX_VALUES = 50_000
# Faults in one message; `YamlFaults.faults` has them all.
MAX_SHOWN = 100

type Place = tuple[int, int]
"""Line and column, both from 1; a column counts characters."""


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One thing that is wrong, where it is, and what to do about it."""

    file: str
    line: int
    column: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.message}"


class YamlFaults(TunereadyError):  # noqa: N818  it holds several
    """Everything that is wrong in one or more files, one line per fault, in order of place."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = sorted(faults)
        lines = [str(fault) for fault in self.faults[:MAX_SHOWN]]
        if more := len(self.faults) - len(lines):
            lines.append(f"and {more:,} more")
        super().__init__("\n".join(lines))


@dataclass(frozen=True, slots=True)
class Shape:
    """A text must match this pattern as a whole: `Annotated[str, Shape("[a-z]+", "letters")]`."""

    pattern: str
    expected: str


@dataclass(frozen=True, slots=True)
class ScalarNode:
    place: Place
    text: str
    quoted: bool


@dataclass(frozen=True, slots=True)
class ListNode:
    place: Place
    values: list[Node]


@dataclass(frozen=True, slots=True)
class MappingNode:
    place: Place
    entries: list[tuple[ScalarNode, Node]]


@dataclass(frozen=True, slots=True)
class BrokenNode:
    """Something with a fault already; what reads it adds none."""

    place: Place


type Node = ScalarNode | ListNode | MappingNode | BrokenNode


def read[T](text: str, file: str, kind: type[T]) -> T:
    """Read a text as a type.

    Args:
        text: The YAML.
        file: Its name, for the faults only.
        kind: What the file holds: a dataclass, or any hint that `Document.read` knows.

    Raises:
        YamlFaults: With every fault of the file.

    """
    document = Document(text, file)
    value: T = document.read(kind)
    document.close()
    return value


def load(text: str, file: str) -> Any:
    """Read a text as plain data: dict, list, str, bool, int and float.

    Raises:
        YamlFaults: With every fault of the file.

    """
    document = Document(text, file)
    value = document.read(Any)
    document.close()
    return value


def nearest(word: str, known: Sequence[str]) -> str:
    """Return `; did you mean "title"?`, or nothing when no known word comes near."""
    close = difflib.get_close_matches(word, known, n=1)
    return f'; did you mean "{close[0]}"?' if close else ""


def is_required(field: dataclasses.Field[Any], hint: Any) -> bool:
    """Whether a key must be there: its field has no default and may not be None."""
    if get_origin(hint) is typing.Annotated:
        hint = get_args(hint)[0]
    has_default = not (field.default is field.default_factory is dataclasses.MISSING)
    return not has_default and type(None) not in get_args(hint)


class Document:
    """One file: its nodes, and the faults found so far.

    Later checks that need the whole file (or several) add their faults with `fault_at`.
    """

    def __init__(self, text: str | bytes, file: str) -> None:
        self.file = file
        self.faults: list[Fault] = []
        self._root = _Composer(self).compose(text)

    @classmethod
    def from_file(cls, path: Path) -> typing.Self:
        """Read a file, named in its faults as the caller names it.

        Raises:
            OSError: When it cannot be read.

        """
        return cls(path.read_bytes(), str(path))

    def fault(self, place: Place, message: str) -> None:
        self.faults.append(Fault(self.file, *place, message))

    def fault_at(self, path: Sequence[str | int], message: str) -> None:
        """Add a fault at the value that a path of keys and indices leads to."""
        self.fault(self.place(path), message)

    def place(self, path: Sequence[str | int]) -> Place:
        """Return where the value at a path starts; where the path breaks off, as far as it goes."""
        node = self._root
        for step in path:
            inner = _child(node, step)
            if inner is None:
                break
            node = inner
        return node.place if node else (1, 1)

    def close(self) -> None:
        """Raise `YamlFaults` when there are any."""
        if self.faults:
            raise YamlFaults(self.faults)

    def read(self, kind: Any) -> Any:
        """Map the file to a type.

        Known types: dataclasses (a field with a default may be left out), `str`, `bool`, `int`,
        `float`, `Literal`, `tuple[X, ...]`, `list[X]`, `frozenset[X]`, `Mapping[str, X]`, `X | None` (for a key
        that may be left out; there is no null), `Annotated` with a `Shape`, and `Any`.
        The value means nothing when `faults` is not empty afterwards.
        """
        if self._root is None:
            return None
        return _Mapper(self).value(self._root, kind, "the file")


def _child(node: Node | None, step: str | int) -> Node | None:
    match node, step:
        case MappingNode(entries=entries), str():
            return next((value for key, value in entries if key.text == step), None)
        case ListNode(values=values), int() if step < len(values):
            return values[step]
    return None


# ---------------------------------------------------------------------------------------------
# Text to nodes

# What PyYAML's reader refuses, and with it: tabs, which look like spaces; line ends that only
# YAML 1.1 knows; and characters that reorder what a reviewer sees (U+202A to U+202E, U+2066 to
# U+2069).
_NOT_WRITTEN = re.compile(
    "[^\n\r\x20-\x7e\xa0-\u2027\u202f-\u2065\u206a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)

# PyYAML's words for what its parser met, and ours. The first part that fits is taken.
_SYNTAX = (
    ("mapping values are not allowed", "a colon where none is expected; put a text that holds a colon in quotes, and check the indentation"),
    ("could not find expected ':'", "a key without its colon; write `key: value`"),
    ("expected <block end>", "something that does not belong to the lines above; check its indentation, and the quotes before it"),
    ("found '<stream end>'", "the file ends before a value or bracket is complete; complete it"),
    ("found unexpected end of stream", "the file ends inside a text in quotes; close the quotes"),
    ("while scanning a quoted scalar", "a text in quotes that is never closed; close the quotes"),
    ("found unknown escape character", "a backslash escape that YAML does not know; write the backslash twice, or use single quotes"),
    ("cannot start any token", "a character that cannot start a value; put the text in quotes"),
    ("expected ',' or", "a list or mapping in brackets that is not finished; add the comma or the closing bracket"),
    ("found undefined alias", "an alias (`*name`); write the value out"),
    ("expected alphabetic or numeric character", "a `*` or `&` at the start of a value; put the text in quotes"),
    ("expected the node content", "a value that starts with a sign YAML keeps for itself; put the text in quotes"),
    ("expected '<document start>'", "something after the end of the document; a file holds one document"),
)  # fmt: skip


class _StopError(Exception):
    """A fault after which the rest of the file cannot be read."""

    def __init__(self, place: Place, message: str) -> None:
        super().__init__(message)
        self.place, self.message = place, message


@dataclass(slots=True)
class _Open:
    """A collection whose end has not come yet."""

    node: ListNode | MappingNode
    key: ScalarNode | BrokenNode | None = None
    """In a mapping: the key that waits for its value."""
    lines: dict[str, int] = dataclasses.field(default_factory=dict)
    """In a mapping: the line of each key so far."""


class _Composer:
    """Builds nodes from PyYAML's events; nothing is resolved, so nothing can be surprising."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._open: list[_Open] = []
        self._root: Node | None = None
        self._values = 0

    def compose(self, content: str | bytes) -> Node | None:
        fault = self._document.fault
        content = content.encode(errors="surrogatepass") if isinstance(content, str) else content
        if len(content) > MAX_BYTES:
            fault((1, 1), f"the file is larger than {MAX_BYTES:,} bytes; split it")
            return None
        try:
            text = content.decode().removeprefix("\ufeff")
        except UnicodeDecodeError as error:
            before = content[: error.start].decode()
            place = (before.count("\n") + 1, len(before) - before.rfind("\n"))
            fault(place, "a byte that is not UTF-8; save the file as UTF-8")
            return None
        if strange := list(_strange_characters(text)):
            for place, message in strange:
                fault(place, message)
            return None
        if not self._follow_events(text):
            return None
        if self._root is None:
            fault((1, 1), "the file is empty; expected a mapping")
        return self._root

    def _follow_events(self, text: str) -> bool:
        """Follow the parser to its end; False when what was built cannot be used."""
        import yaml

        try:
            for event in yaml.parse(text, Loader=yaml.SafeLoader):
                self._event(event)
        except yaml.MarkedYAMLError as error:
            self._document.fault(*_syntax_fault(error))
        except _StopError as stop:
            self._document.fault(stop.place, stop.message)
        else:
            return True
        return False

    def _event(self, event: Any) -> None:
        import yaml

        place = (event.start_mark.line + 1, event.start_mark.column + 1)
        match event:
            case yaml.DocumentStartEvent():
                if self._root:
                    raise _StopError(place, "a second document starts here; keep one per file")
                if event.version or event.tags:
                    self._document.fault(place, "a % directive; leave it out")
            case yaml.AliasEvent():
                message = f"an alias (`*{event.anchor}`); write the value out"
                self._document.fault(place, message)
                self._add(BrokenNode(place))
            case yaml.ScalarEvent():
                self._refuse_extras(event, place)
                self._add(self._scalar(event, place))
            case yaml.SequenceStartEvent() | yaml.MappingStartEvent():
                self._refuse_extras(event, place)
                if len(self._open) == MAX_DEPTH:
                    raise _StopError(place, f"more than {MAX_DEPTH} levels deep; make it flatter")
                is_list = isinstance(event, yaml.SequenceStartEvent)
                node = ListNode(place, []) if is_list else MappingNode(place, [])
                self._add(node)
                self._open.append(_Open(node))
            case yaml.SequenceEndEvent() | yaml.MappingEndEvent():
                self._open.pop()

    def _refuse_extras(self, event: Any, place: Place) -> None:
        if event.anchor:
            self._document.fault(place, f"an anchor (`&{event.anchor}`); leave it out")
        if event.tag:
            self._document.fault(place, f"a tag (`{event.tag}`); leave it out")

    def _scalar(self, event: Any, place: Place) -> ScalarNode:
        if strange := _NOT_WRITTEN.search(event.value):
            self._document.fault(
                place, f"the text holds {_code_point(strange[0])} as an escape; leave it out"
            )
        return ScalarNode(place, event.value, quoted=event.style is not None)

    def _add(self, node: Node) -> None:
        self._values += 1
        if self._values > MAX_VALUES:
            raise _StopError(node.place, f"more than {MAX_VALUES:,} values; split the file")
        if not self._open:
            self._root = node
            return
        parent = self._open[-1]
        if isinstance(parent.node, ListNode):
            parent.node.values.append(node)
        elif parent.key:
            # What belongs to a broken key is looked at, but not kept.
            if isinstance(parent.key, ScalarNode):
                parent.node.entries.append((parent.key, node))
            parent.key = None
        else:
            parent.key = self._key(parent, node)

    def _key(self, parent: _Open, key: Node) -> ScalarNode | BrokenNode:
        fault = self._document.fault
        if not isinstance(key, ScalarNode):
            if not isinstance(key, BrokenNode):
                fault(key.place, "a key that is not a text; write `key: value`")
        elif first := parent.lines.get(key.text):
            message = f'the key "{key.text}" is there twice, first on line {first}; keep one'
            fault(key.place, message)
        elif key.text == "<<" and not key.quoted:
            fault(key.place, "a merge key (`<<`); write the values out")
        else:
            parent.lines[key.text] = key.place[0]
            surprise = None if key.quoted else _surprise(key.text)
            if not surprise:
                return key
            message = f'the key `{key.text}` reads as {surprise}; put it in quotes: "{key.text}"'
            fault(key.place, message)
        return BrokenNode(key.place)


def _strange_characters(text: str) -> Iterator[tuple[Place, str]]:
    """Yield the first character of each line that must not be in a file."""
    for number, line in enumerate(re.split(r"\r\n|\r|\n", text), 1):
        if found := _NOT_WRITTEN.search(line):
            place = (number, found.start() + 1)
            if found[0] == "\t":
                yield place, "a tab; use spaces"
            else:
                yield place, f"the character {_code_point(found[0])}; leave it out"


def _code_point(character: str) -> str:
    return f"U+{ord(character):04X}"


def _syntax_fault(error: Any) -> tuple[Place, str]:
    mark = error.problem_mark or error.context_mark
    place = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    start = error.context_mark
    since = f" (it starts on line {start.line + 1})" if start and start.line + 1 < place[0] else ""
    said = f"{error.context or ''} {error.problem or ''}"
    for theirs, ours in _SYNTAX:
        if theirs in said:
            there, _, remedy = ours.partition("; ")
            return place, f"not YAML: {there}{since}; {remedy}"
    return place, "not YAML: check indentation, colons and quotes here and on the line before"


# ---------------------------------------------------------------------------------------------
# Plain scalars

_TRUTH = {"true": True, "false": False}
_INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,14})")
_DECIMAL = re.compile(r"-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,15})?")

# What some reader of YAML 1.1 or 1.2 takes for something else than a text.
_SURPRISES = (
    ("a truth value", re.compile(r"y|n|yes|no|on|off|true|false", re.IGNORECASE)),
    ("nothing", re.compile(r"~|null|", re.IGNORECASE)),
    ("a date", re.compile(r"\d{4}-\d\d?-\d\d?(([Tt]|\s+)\d\d?:\d\d:\d\d(\.\d*)?\s*(Z|[-+]\d\d?(:?\d\d)?)?)?")),
    ("a number", re.compile(r"[-+]?(\.\d[\d_]*|\d[\d_]*(\.[\d_]*)?)(e[-+]?\d+)?", re.IGNORECASE)),
    ("a number", re.compile(r"[-+]?0(x[\da-f_]+|o[0-7_]+|b[01_]+)", re.IGNORECASE)),
    ("a number", re.compile(r"[-+]?\.(inf|nan)", re.IGNORECASE)),
    ("a number", re.compile(r"[-+]?\d[\d_]*(:[0-5]?\d)+(\.\d*)?")),
    ("a special value", re.compile(r"=|<<")),
)  # fmt: skip


def _surprise(text: str) -> str | None:
    return next((what for what, pattern in _SURPRISES if pattern.fullmatch(text)), None)


def _shown(node: Node) -> str:
    """Say what is there, shortened."""
    match node:
        case ListNode() | BrokenNode():
            return "a list"
        case MappingNode():
            return "a mapping"
        case ScalarNode(text="", quoted=False):
            return "empty"
    text = node.text if len(node.text) <= 40 else node.text[:39] + "…"
    text = text.replace("\n", " ")
    return f'the text "{text}"' if node.quoted else f"`{text}`"


# ---------------------------------------------------------------------------------------------
# Nodes to types

_NOTHING: Any = object()
"""Stands for a value that has a fault; whatever contains it is not built."""


class _Mapper:
    """Walks nodes and types side by side."""

    def __init__(self, document: Document) -> None:
        self._document = document

    def value(self, node: Node, kind: Any, name: str) -> Any:
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
        return self._scalar(node, kind, name)

    def _fault(self, node: Node, message: str) -> Any:
        self._document.fault(node.place, message)
        return _NOTHING

    def _expected(self, node: Node, name: str, expected: str, remedy: str = "") -> Any:
        return self._fault(node, f"{name} is {_shown(node)}; expected {expected}{remedy}")

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
            found = _TRUTH.get(node.text)
        else:
            pattern = _INTEGER if kind is int else _DECIMAL
            found = kind(node.text) if pattern.fullmatch(node.text) else None
        if found is None:
            return self._expected(node, name, expected)
        if node.quoted:
            return self._expected(node, name, expected, ": remove the quotes")
        return found

    def _text(self, node: ScalarNode, name: str) -> Any:
        if node.quoted:
            return node.text
        match _surprise(node.text):
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
        known = list(fields)
        found: dict[str, Any] = {}
        for key, value in node.entries:
            if key.text in fields:
                found[key.text] = self.value(value, hints[key.text], f'"{key.text}"')
            else:
                # A misspelt key explains the missing one too: count it as that one.
                meant = difflib.get_close_matches(key.text, known, n=1)
                found.update(dict.fromkeys(meant, _NOTHING))
                hint = nearest(key.text, known) or f"; known keys: {', '.join(known)}"
                found[""] = self._fault(key, f'unknown key "{key.text}"{hint}')
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

    def _anything(self, node: Node, name: str) -> Any:
        match node:
            case ListNode():
                return self._list(node, Any, name, list)
            case MappingNode():
                return self._mapping(node, (str, Any), name)
            case BrokenNode():
                return _NOTHING
        if not node.quoted:
            if node.text in _TRUTH:
                return _TRUTH[node.text]
            if _INTEGER.fullmatch(node.text):
                return int(node.text)
            if _DECIMAL.fullmatch(node.text):
                return float(node.text)
        return self._text(node, name)


@functools.cache
def _hints(kind: type) -> dict[str, Any]:
    return typing.get_type_hints(kind, include_extras=True)
