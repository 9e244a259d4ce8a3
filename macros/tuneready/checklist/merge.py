"""A team's overrides over the upstream files, as nodes, so that each value keeps its place.

What is read afterwards is one checklist as if somebody had edited it, and a fault in it points to
the file that the value stands in: the override's own line when the override is to blame. Mappings
merge key by key (a text by language); everything else, lists too, is replaced as a whole.

A hidden item leaves no trace upstream: what mirrors it stands alone, a group that keeps one item is
none, and no redirect waits for it. A reference that the team itself wrote to it is a fault. So is
what becomes of upstream values when the team changes others, and then its own line is named.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tuneready.strictyaml import ListNode, MappingNode, ScalarNode, nearest, plain_of

if TYPE_CHECKING:
    from tuneready.strictyaml import Document, Node, Place

OVERRIDES = "overrides"
"""The folder of the team's own files, below that of the checklists."""

type Note = Callable[[tuple[str, ...], Node | None, Node], None]


@dataclass(frozen=True, slots=True)
class Difference:
    """One value that differs from upstream, and the line of the override that says so."""

    file: str
    line: int
    of: str
    """Which upstream file: the id of a checklist, or `verdict`, `pages` or `scope`."""

    id: str
    """The item, page or question; the same as `of` for what belongs to the whole file."""

    field: str
    """`text.en`, `weight`, `thresholds.ready_phase`; `hide` or `add` for a whole item or checklist."""

    before: Any
    """What upstream says: a text, number, truth value or list; None when it says nothing."""

    after: Any
    """What holds here; None for what is hidden."""


class Merger:
    """Applies the override of one upstream file, and collects what differs."""

    def __init__(self, of: str, override: Document) -> None:
        self.of = of
        self.override = override
        self.differences: list[Difference] = []
        self.hidden: dict[str, Place] = {}
        """Items that are hidden, and where that is said."""

    def merged(self, base: MappingNode, change: MappingNode) -> MappingNode:
        """Return the upstream file with the override over it."""
        if self.of in ("pages", "scope"):
            return self._by_id(base, change)
        if self.of == "verdict":
            return self._over(base, change, (), self._noting(self.of))
        return self._checklist(base, change)

    def _by_id(self, base: MappingNode, change: MappingNode) -> MappingNode:
        """Return pages or questions, which a difference names."""
        entries = _entries(base)
        for key, value in change.entries:
            if isinstance(value, MappingNode):
                old = entries[key.text][1] if key.text in entries else None
                merged = self._over(old, value, (), self._noting(key.text))
                entries[key.text] = (key, merged)
        return MappingNode(base.place, list(entries.values()))

    def _checklist(self, base: MappingNode, change: MappingNode) -> MappingNode:
        rest = without(without(change, "items"), "add")
        merged = self._over(base, rest, (), self._noting(self.of))
        items = base.get("items")
        if not isinstance(items, ListNode):
            return merged
        values = self._items(items.values, change.get("items"))
        if isinstance(added := change.get("add"), ListNode):
            for item in added.values:
                self._add(values, item)
        return _with(merged, "items", ListNode(items.place, values))

    def _items(self, items: list[Node], changes: Node | None) -> list[Node]:
        by_id = {text_of(item, "id"): item for item in items}
        changed: dict[str, Node] = {}
        for key, change in changes.entries if isinstance(changes, MappingNode) else ():
            item = by_id.get(key.text)
            if isinstance(item, MappingNode) and isinstance(change, MappingNode):
                changed[key.text] = self._item(key, item, change)
            elif item is None:
                known = nearest(key.text, [name for name in by_id if name])
                self.override.fault(
                    key.place, f'there is no item "{key.text}" in upstream\'s {self.of}{known}'
                )
        names = [text_of(item, "id") or "" for item in items]
        return [
            changed.get(name, item)
            for name, item in zip(names, items, strict=True)
            if name not in self.hidden
        ]

    def _item(self, key: ScalarNode, item: MappingNode, change: MappingNode) -> MappingNode:
        hide = change.get("hide")
        if isinstance(hide, ScalarNode) and hide.text == "true":
            if len(change.entries) > 1:
                self.override.fault(
                    hide.place, "a hidden item needs no other change; keep only the hiding"
                )
            self.hidden[key.text] = hide.place
            self._note(key.text, ("hide",), english_of(item, "text"), None, hide.place)
            return item
        entries = [entry for entry in change.entries if entry[0].text != "hide"]
        return self._over(item, MappingNode(change.place, entries), (), self._noting(key.text))

    def _add(self, items: list[Node], item: Node) -> None:
        if not isinstance(item, MappingNode):
            return
        item_id = text_of(item, "id") or ""
        self._note(item_id, ("add",), None, english_of(item, "text"), item.place)
        place = len(items)
        if isinstance(after := item.get("after"), ScalarNode):
            names = [text_of(other, "id") or "" for other in items]
            if after.text in names:
                place = names.index(after.text) + 1
            else:
                hint = nearest(after.text, names)
                if after.text in self.hidden:
                    hint = "; it is hidden"
                self.override.fault(
                    after.place, f'there is no item "{after.text}" to follow here{hint}'
                )
        items.insert(place, without(item, "after"))

    def _over(
        self, base: Node | None, change: MappingNode, path: tuple[str, ...], note: Note
    ) -> MappingNode:
        entries = _entries(base)
        for key, value in change.entries:
            old = entries[key.text][1] if key.text in entries else None
            here = (*path, key.text)
            if isinstance(value, MappingNode):
                entries[key.text] = (key, self._over(old, value, here, note))
            else:
                note(here, old, value)
                entries[key.text] = (key, value)
        # Where a key is missing, the override is to blame if it began the mapping.
        place = base.place if isinstance(base, MappingNode) else change.place
        return MappingNode(place, list(entries.values()))

    def _noting(self, of: str) -> Note:
        def note(path: tuple[str, ...], before: Node | None, after: Node) -> None:
            old = None if before is None else plain_of(before)
            self._note(of, path, old, plain_of(after), after.place)

        return note

    def _note(self, of: str, path: tuple[str, ...], before: Any, after: Any, place: Place) -> None:
        if before != after:
            file, line, _ = place
            self.differences.append(
                Difference(file, line, self.of, of, ".".join(path), before, after)
            )


def is_own(place: Place) -> bool:
    """Tell whether a value stands in the team's own files."""
    return Path(place[0]).parent.name == OVERRIDES


def said(place: Place) -> str:
    """Name a place in a sentence: the file, below the folder of the checklists, and the line."""
    name = Path(place[0]).name
    return f"{OVERRIDES}/{name}, line {place[1]}" if is_own(place) else f"{name}, line {place[1]}"


def without_unknown(
    override: Document,
    change: MappingNode,
    base: MappingNode,
    path: tuple[str, ...],
    what: str,
    required: Iterable[str],
) -> MappingNode:
    """Return a change without new ids that lack what a new one needs, adding a fault for each.

    Such an id is probably misspelt. The ids are the keys of the mapping that `path` leads to.
    """
    if path:
        first, *further = path
        inner, old = change.get(first), base.get(first)
        if not isinstance(inner, MappingNode) or not isinstance(old, MappingNode):
            return change
        left = without_unknown(override, inner, old, tuple(further), what, required)
        return _with(change, first, left)
    known = [key.text for key, _ in base.entries]
    entries = []
    for key, value in change.entries:
        there = _entries(value)
        missing = [name for name in required if name not in there]
        if key.text in known or not missing:
            entries.append((key, value))
        else:
            needs = ", ".join(missing)
            override.fault(
                key.place,
                f'upstream has no {what} "{key.text}"{nearest(key.text, known)}; a new one needs: {needs}',
            )
    return MappingNode(change.place, entries)


def without_traces(
    checklist: MappingNode, hidden: Mapping[str, Place], groups: Counter[str]
) -> MappingNode:
    """Return a checklist without what leads to hidden items, and without groups that lost their others.

    `groups` are those that upstream has, with how many items are in each. What the team itself wrote
    stays, and is a fault.
    """
    items = checklist.get("items")
    if not isinstance(items, ListNode):
        return checklist
    left = Counter(text_of(item, "any_of") for item in items.values)
    values: list[Node] = []
    for item in items.values:
        if isinstance(item, MappingNode):
            item = _unless_without(_unmirrored(item, hidden), hidden)  # noqa: PLW2901  the same, less
            group = text_of(item, "any_of")
            if group and left[group] == 1 < groups[group] and not is_own(_place_of(item, "any_of")):
                item = without(item, "any_of")  # noqa: PLW2901  the same, less
        values.append(item)
    return _with(checklist, "items", ListNode(items.place, values))


def _unmirrored(item: MappingNode, hidden: Mapping[str, Place]) -> MappingNode:
    mirrors = item.get("mirrors")
    leads = isinstance(mirrors, ScalarNode) and mirrors.text in hidden
    return without(item, "mirrors") if mirrors and leads and not is_own(mirrors.place) else item


def _unless_without(item: MappingNode, hidden: Mapping[str, Place]) -> MappingNode:
    unless = item.get("redirect_unless")
    if not isinstance(unless, ListNode):
        return item
    left = [
        name
        for name in unless.values
        if not (isinstance(name, ScalarNode) and name.text in hidden and not is_own(name.place))
    ]
    if len(left) == len(unless.values):
        return item
    if not left:
        return without(item, "redirect_unless")
    return _with(item, "redirect_unless", ListNode(unless.place, left))


def groups_of(checklist: Node | None) -> Counter[str]:
    """Return how many items each group of a checklist has."""
    items = checklist.get("items") if isinstance(checklist, MappingNode) else None
    values = items.values if isinstance(items, ListNode) else []
    return Counter(group for item in values if (group := text_of(item, "any_of")))


def text_of(node: Node, key: str) -> str | None:
    """Return the text under a key; None when there is none."""
    value = node.get(key) if isinstance(node, MappingNode) else None
    return value.text if isinstance(value, ScalarNode) else None


def _place_of(node: MappingNode, key: str) -> Place:
    value = node.get(key)
    return value.place if value else node.place


def english_of(node: Node, key: str) -> str | None:
    """Return the English text under a key; None when there is none."""
    value = node.get(key) if isinstance(node, MappingNode) else None
    return text_of(value, "en") if value is not None else None


def without(node: MappingNode, key: str) -> MappingNode:
    return MappingNode(node.place, [entry for entry in node.entries if entry[0].text != key])


def _with(node: MappingNode, key: str, value: Node) -> MappingNode:
    entries = [(name, value if name.text == key else old) for name, old in node.entries]
    return MappingNode(node.place, entries)


def _entries(node: Node | None) -> dict[str, tuple[ScalarNode, Node]]:
    """Return the entries by key; none of what is no mapping."""
    if not isinstance(node, MappingNode):
        return {}
    return {key.text: (key, value) for key, value in node.entries}
