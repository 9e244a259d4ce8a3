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

import typing
from pathlib import Path  # noqa: TC003  in a public signature
from typing import Any

from tuneready.strictyaml.compose import Composer
from tuneready.strictyaml.faults import Fault, Place, YamlFaults, closest, nearest
from tuneready.strictyaml.hints import (
    Mapper,
    Named,
    Refused,
    Rest,
    Shape,
    is_required,
    plain_of,
    refusal_of,
    rest_of,
)
from tuneready.strictyaml.nodes import ListNode, MappingNode, Node, ScalarNode

if typing.TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = [
    "Document",
    "Fault",
    "ListNode",
    "MappingNode",
    "Named",
    "Node",
    "Place",
    "Refused",
    "Rest",
    "ScalarNode",
    "Shape",
    "YamlFaults",
    "closest",
    "is_required",
    "load",
    "nearest",
    "plain_of",
    "read",
    "refusal_of",
    "rest_of",
]


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


class Document:
    """One file: its nodes, and the faults found so far.

    Later checks that need the whole file (or several) add their faults with `fault_at`.
    """

    def __init__(self, text: str | bytes, file: str) -> None:
        self.file = file
        self.faults: list[Fault] = []
        self.root = Composer(file, self.fault).compose(text)
        """The nodes; None when they could not be made."""

    @classmethod
    def from_file(cls, path: Path) -> typing.Self:
        """Read a file, named in its faults as the caller names it.

        Raises:
            OSError: When it cannot be read.

        """
        return cls(path.read_bytes(), str(path))

    def fault(self, place: Place, message: str) -> None:
        self.faults.append(Fault(*place, message))

    def fault_at(self, path: Sequence[str | int], message: str) -> None:
        """Add a fault at the value that a path of keys and indices leads to."""
        self.fault(self.place(path), message)

    def place(self, path: Sequence[str | int]) -> Place:
        """Return where the value at a path starts; where the path breaks off, as far as it goes."""
        node = self.root
        for step in path:
            inner = _child(node, step)
            if inner is None:
                break
            node = inner
        return node.place if node else (self.file, 1, 1)

    def close(self) -> None:
        """Raise `YamlFaults` when there are any."""
        if self.faults:
            raise YamlFaults(self.faults)

    def read(self, kind: Any, names: Mapping[str, Sequence[str]] | None = None) -> Any:
        """Map the file to a type.

        Known types: dataclasses (a field with a default may be left out), `str`, `bool`, `int`,
        `float`, `Literal`, `tuple[X, ...]`, `list[X]`, `frozenset[X]`, `Mapping[str, X]`,
        `X | None` (for a key that may be left out; there is no null), `Annotated` with a `Shape`,
        `Named` or `Refused`, and `Any`. `names` holds what `Named` texts may be.
        The value means nothing when `faults` is not empty afterwards.
        """
        if self.root is None:
            return None
        return Mapper(self.fault, names or {}).value(self.root, kind, "the file")


def _child(node: Node | None, step: str | int) -> Node | None:
    match node, step:
        case MappingNode(), str():
            return node.get(step)
        case ListNode(values=values), int() if step < len(values):
            return values[step]
    return None
