"""What a YAML text is made of, each part with its place; nothing is resolved yet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tuneready.strictyaml.faults import Place


# Not frozen, because a large project has millions, and frozen ones take three times as long to make.
@dataclass(slots=True, eq=False)
class ScalarNode:
    place: Place
    text: str
    quoted: bool


@dataclass(slots=True, eq=False)
class ListNode:
    place: Place
    values: list[Node]


@dataclass(slots=True, eq=False)
class MappingNode:
    place: Place
    entries: list[tuple[ScalarNode, Node]]

    def get(self, key: str) -> Node | None:
        """Return the value of a key, or None."""
        return next((value for name, value in self.entries if name.text == key), None)


@dataclass(slots=True, eq=False)
class BrokenNode:
    """Something with a fault already; what reads it adds none."""

    place: Place


type Node = ScalarNode | ListNode | MappingNode | BrokenNode


def shown(node: Node) -> str:
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
