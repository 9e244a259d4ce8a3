"""From a text to nodes. What a strict file must not hold stops here.

PyYAML reads the characters; only its events are used, and its words never reach a reader. Its
parser in C is asked first: it is ten times as fast, and marks the same places (but for nothing at
all, one blank further). What that one refuses goes to the parser in Python, whose explanations are
the ones known here.
"""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tuneready.strictyaml.nodes import BrokenNode, ListNode, MappingNode, ScalarNode
from tuneready.strictyaml.scalars import surprise_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tuneready.strictyaml.faults import AddFault, Place
    from tuneready.strictyaml.nodes import Node

# Own limits, generous for files written by hand: the largest one here is below 40 KB.
MAX_BYTES = 1_000_000
MAX_DEPTH = 20
MAX_VALUES = 50_000

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


class Composer:
    """Builds nodes from PyYAML's events; nothing is resolved, so nothing can be surprising."""

    def __init__(self, file: str, fault: AddFault) -> None:
        self._file = file
        self._add_fault = fault
        self._reset()

    def _reset(self) -> None:
        """Forget what an attempt has built and said."""
        self._found: list[tuple[Place, str]] = []
        self._open: list[_Open] = []
        self._root: Node | None = None
        self._values = 0

    def compose(self, content: str | bytes) -> Node | None:
        """Return the root of the nodes; None when there is nothing that could be used."""
        root = self._compose(content)
        for place, message in self._found:
            self._add_fault(place, message)
        return root

    def _fault(self, place: Place, message: str) -> None:
        self._found.append((place, message))

    def _compose(self, content: str | bytes) -> Node | None:
        start = (self._file, 1, 1)
        content = content.encode(errors="surrogatepass") if isinstance(content, str) else content
        if len(content) > MAX_BYTES:
            self._fault(start, f"the file is larger than {MAX_BYTES:,} bytes; split it")
            return None
        try:
            text = content.decode().removeprefix("\ufeff")
        except UnicodeDecodeError as error:
            before = content[: error.start].decode()
            place = (self._file, before.count("\n") + 1, len(before) - before.rfind("\n"))
            self._fault(place, "a byte that is not UTF-8; save the file as UTF-8")
            return None
        if strange := list(_strange_characters(text)):
            for (line, column), message in strange:
                self._fault((self._file, line, column), message)
            return None
        if not self._follow_events(text):
            return None
        if self._root is None:
            self._fault(start, "the file is empty; expected a mapping")
        return self._root

    def _follow_events(self, text: str) -> bool:
        """Follow the parser to its end; False when what was built cannot be used."""
        import yaml

        for loader in (getattr(yaml, "CSafeLoader", None), yaml.SafeLoader):
            if loader is None:  # this PyYAML was built without the parser in C
                continue
            self._reset()
            try:
                for event in yaml.parse(text, Loader=loader):
                    self._event(event)
            except yaml.MarkedYAMLError as error:
                if loader is yaml.SafeLoader:
                    self._fault(*_syntax_fault(error, self._file))
            except _StopError as stop:
                self._fault(stop.place, stop.message)
                return False
            else:
                return True
        return False

    def _event(self, event: Any) -> None:
        import yaml

        mark = event.start_mark
        place = (self._file, mark.line + 1, mark.column + 1)
        match event:
            case yaml.ScalarEvent():
                if event.anchor or event.tag:
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
            case yaml.AliasEvent():
                message = f"an alias (`*{event.anchor}`); write the value out"
                self._fault(place, message)
                self._add(BrokenNode(place))
            case yaml.DocumentStartEvent():
                if self._root:
                    raise _StopError(place, "a second document starts here; keep one per file")
                if event.version or event.tags:
                    self._fault(place, "a % directive; leave it out")

    def _refuse_extras(self, event: Any, place: Place) -> None:
        if event.anchor:
            self._fault(place, f"an anchor (`&{event.anchor}`); leave it out")
        if event.tag:
            self._fault(place, f"a tag (`{event.tag}`); leave it out")

    def _scalar(self, event: Any, place: Place) -> ScalarNode:
        # Only such a text can hold what the file itself does not.
        if event.style == '"' and (strange := _NOT_WRITTEN.search(event.value)):
            self._fault(
                place, f"the text holds {_code_point(strange[0])} as an escape; leave it out"
            )
        # A plain style is None in Python and empty in C.
        return ScalarNode(place, event.value, quoted=bool(event.style))

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
        fault = self._fault
        if not isinstance(key, ScalarNode):
            if not isinstance(key, BrokenNode):
                fault(key.place, "a key that is not a text; write `key: value`")
        elif first := parent.lines.get(key.text):
            message = f'the key "{key.text}" is there twice, first on line {first}; keep one'
            fault(key.place, message)
        elif key.text == "<<" and not key.quoted:
            fault(key.place, "a merge key (`<<`); write the values out")
        else:
            parent.lines[key.text] = key.place[1]
            surprise = None if key.quoted else surprise_in(key.text)
            if not surprise:
                return key
            message = f'the key `{key.text}` reads as {surprise}; put it in quotes: "{key.text}"'
            fault(key.place, message)
        return BrokenNode(key.place)


def _strange_characters(text: str) -> Iterator[tuple[tuple[int, int], str]]:
    """Yield the first character of each line that must not be in a file, with line and column."""
    if not _NOT_WRITTEN.search(text):
        return
    for number, line in enumerate(re.split(r"\r\n|\r|\n", text), 1):
        if found := _NOT_WRITTEN.search(line):
            place = (number, found.start() + 1)
            if found[0] == "\t":
                yield place, "a tab; use spaces"
            else:
                yield place, f"the character {_code_point(found[0])}; leave it out"


def _code_point(character: str) -> str:
    return f"U+{ord(character):04X}"


def _syntax_fault(error: Any, file: str) -> tuple[Place, str]:
    mark = error.problem_mark or error.context_mark
    place = (file, mark.line + 1, mark.column + 1) if mark else (file, 1, 1)
    start = error.context_mark
    since = f" (it starts on line {start.line + 1})" if start and start.line + 1 < place[1] else ""
    said = f"{error.context or ''} {error.problem or ''}"
    for theirs, ours in _SYNTAX:
        if theirs in said:
            there, _, remedy = ours.partition("; ")
            return place, f"not YAML: {there}{since}; {remedy}"
    return place, "not YAML: check indentation, colons and quotes here and on the line before"
