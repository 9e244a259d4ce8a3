"""What one part of a guide says about another: ids, groups, pairs, pages, profiles, limits.

A file that could not be read is left out, and so is what only it could settle: whether the page of
a redirect exists, when the pages are broken.
"""

from __future__ import annotations

import dataclasses
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tuneready.checklist.merge import is_own, said
from tuneready.strictyaml import ListNode, MappingNode, ScalarNode, nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from tuneready.checklist.model import Checklist, Item, VerdictModel
    from tuneready.strictyaml import Document, Place

OUTCOMES = ("ready", "nearly-ready", "explore-alternatives", "not-enough-answered")

# Limits that count; all the others are shares.
_COUNTS = {"ready_max_sign_weight": 3, "nearly_max_blockers": 1000}


@dataclass(slots=True)
class GuideFile:
    """A file that was read, or an upstream file with the override of it merged in."""

    name: str
    """Of the file, without .yaml."""

    document: Document
    value: Any
    """A checklist, the verdict model, the pages or the scope; None where it could not be read."""

    own: bool = False
    """Whether it is a checklist among the team's overrides."""

    def fault(self, path: Sequence[str | int], message: str, *others: Sequence[str | int]) -> None:
        """Add a fault at a value; at one of the others if only that one is the team's own."""
        places = [self.document.place(one) for one in (path, *others)]
        self.document.fault(next(filter(is_own, places), places[0]), message)

    def unknown(
        self,
        path: Sequence[str | int],
        what: str,
        name: str,
        known: Iterable[str],
        *others: Sequence[str | int],
    ) -> None:
        """Add a fault for a name that leads nowhere, with the nearest that does."""
        names = list(dict.fromkeys(known))
        hint = nearest(name, names)
        if not hint and len(names) <= 10:
            hint = f"; known: {', '.join(names)}"
        self.fault(path, f'there is no {what} "{name}"{hint}', *others)


class References:
    """Follows them, and adds a fault to the file in which one leads nowhere."""

    def __init__(
        self,
        checklists: Sequence[GuideFile],
        verdict: GuideFile | None,
        pages: GuideFile | None,
        scope: GuideFile | None,
        hidden: Mapping[str, Place],
    ) -> None:
        self.checklists = checklists
        self.verdict = verdict
        self.pages = pages.value if pages else None
        self.scope = scope.value if scope else {}
        self.hidden = hidden
        self.owners = {item: file.name for file in checklists for item in _item_ids(file)}
        """Item -> its checklist; the items of files that could not be read, too."""

        self.profiles: dict[str, set[str]] = defaultdict(set)
        """Checklist -> the profiles that it is in."""

    def follow(self) -> None:
        if self.verdict and self.verdict.value:
            for name, profile in self.verdict.value.profiles.items():
                for checklist in profile.checklists:
                    self.profiles[checklist].add(name)
            self._verdict(self.verdict)
        unclear = self._ids()
        for file in self.checklists:
            if file.value and file.name not in unclear:
                self._checklist(file)

    def _ids(self) -> set[str]:
        """Check the ids; return the checklists in which one is taken, so that it may mean another."""
        unclear: set[str] = set()
        counted = Counter(item for file in self.checklists for item in _item_ids(file))
        found = defaultdict(list)
        for file in self.checklists:
            if not file.value:
                continue
            if file.value.id != file.name:
                file.fault(
                    ("id",),
                    f'the id is "{file.value.id}" but the file is {file.name}.yaml; make them the same',
                )
            for index, item in enumerate(file.value.items):
                if item.id in self.hidden:
                    file.fault(
                        ("items", index, "id"),
                        f'the id "{item.id}" is that of a hidden item, whose kept answers would count here; choose another',
                    )
                if counted[item.id] > 1:
                    found[item.id].append((file.document.place(("items", index, "id")), file))
        for item_id, places in found.items():
            # The team's own come last, so that upstream's never have to change.
            (first, _), *others = sorted(places, key=lambda one: is_own(one[0]))
            for place, file in others:
                unclear.add(file.name)
                file.document.fault(
                    place, f'the id "{item_id}" is taken by {said(first)}; choose another'
                )
        return unclear

    def _checklist(self, file: GuideFile) -> None:
        checklist: Checklist = file.value
        if not checklist.items:
            self._no_items(file)
        if self.pages is not None and checklist.next_step.page not in self.pages:
            file.unknown(("next_step", "page"), "page", checklist.next_step.page, self.pages)
        within = _Within(file)
        for index, item in enumerate(checklist.items):
            self._redirect(file, index, item)
            self._applies(file, index, item)
            if item.any_of:
                within.group(index, item)
            if item.mirrors:
                self._mirror(within, index, item, item.mirrors)

    def _no_items(self, file: GuideFile) -> None:
        hidden = [place for place in self.hidden.values() if Path(place[0]).stem == file.name]
        if hidden:
            file.document.fault(max(hidden), "every item is hidden; leave one, or add one")
        else:
            file.fault(("items",), "there are no items; add one")

    def _redirect(self, file: GuideFile, index: int, item: Item) -> None:
        if item.redirect and self.pages is not None and item.redirect not in self.pages:
            file.unknown(("items", index, "redirect"), "page", item.redirect, self.pages)
        for number, other in enumerate(item.redirect_unless):
            path = ("items", index, "redirect_unless", number)
            if other not in self.owners:
                self._no_item(file, path, other, self.owners)
            elif (
                self.profiles
                and not self._share_a_profile(file, other)
                and not self._settled(file, path)
            ):
                file.fault(
                    path,
                    f'the item "{other}" is in no profile together with this one, so it could never count',
                )
        if item.redirect_unless and not item.redirect:
            file.fault(
                ("items", index, "redirect_unless"),
                "redirect_unless without redirect has no effect; add the page, or leave it out",
            )

    def _share_a_profile(self, file: GuideFile, item: str) -> bool:
        return bool(self.profiles[file.name] & self.profiles[self.owners[item]])

    def _settled(self, file: GuideFile, path: Sequence[str | int]) -> bool:
        """Tell whether the team took apart, in its profiles, what upstream has together."""
        if self.verdict is None or is_own(file.document.place(path)):
            return False
        profiles = [("profiles", name, "checklists") for name in self.verdict.value.profiles]
        return any(is_own(self.verdict.document.place(profile)) for profile in profiles)

    def _no_item(
        self, file: GuideFile, path: Sequence[str | int], name: str, known: Iterable[str]
    ) -> None:
        if name in self.hidden:
            file.fault(
                path,
                f'the item "{name}" is hidden by {said(self.hidden[name])}; name another, or show it',
            )
        else:
            file.unknown(path, "item", name, known)

    def _applies(self, file: GuideFile, index: int, item: Item) -> None:
        if self.scope is None:
            return
        for name, options in item.applies.items():
            path = ("items", index, "applies", name)
            if name not in self.scope:
                file.unknown(path, "question of the scope", name, self.scope)
                continue
            known = self.scope[name].options
            for number, option in enumerate(options):
                if option not in known:
                    file.unknown((*path, number), f'option of "{name}"', option, known)
            if not options:
                file.fault(path, "without an option the item never applies; name one, or hide it")

    def _mirror(self, within: _Within, index: int, item: Item, name: str) -> None:
        file, here = within.file, within.items
        path = ("items", index, "mirrors")
        if name == item.id:
            file.fault(path, "an item cannot mirror itself; name the statement that it reverses")
        elif name not in here and name in self.owners:
            file.fault(
                path, f'the item "{name}" is in another checklist; a mirror pair stands in one'
            )
        elif name not in here:
            self._no_item(file, path, name, here)
        elif here[name].kind == item.kind:
            file.fault(
                path,
                f'the item "{name}" is also {item.kind}; a statement and its warning sign differ in kind',
            )
        elif here[name].any_of or here[name].mirrors:
            other = ("items", within.indices[name])
            message = f'the item "{name}" already belongs to a group or pair; an item counts once'
            file.fault(path, message, (*other, "any_of"), (*other, "mirrors"))
        elif within.mirrored[name] != item.id:
            file.fault(
                path, f'the item "{name}" is mirrored by another item already; an item counts once'
            )

    def _verdict(self, file: GuideFile) -> None:
        model: VerdictModel = file.value
        for outcome in OUTCOMES:
            if outcome not in model.outcomes:
                file.fault(
                    ("outcomes",), f'the outcome "{outcome}" has no texts; add its label and note'
                )
        for name in (field.name for field in dataclasses.fields(model.thresholds)):
            _threshold(file, ("thresholds", name), name, getattr(model.thresholds, name))
        if not model.profiles:
            file.fault(("profiles",), "there are no profiles; add one")
        checklists = {one.name: None for one in self.checklists}
        for name, profile in model.profiles.items():
            where = ("profiles", name)
            for threshold, value in profile.thresholds.items():
                _threshold(file, (*where, "thresholds", threshold), threshold, value)
            _names(file, (*where, "checklists"), "checklist", profile.checklists, checklists)
            of_profile = dict.fromkeys(profile.checklists)
            what = "checklist of this profile"
            lists = (*where, "checklists")
            _names(file, (*where, "foundation"), what, profile.foundation, of_profile, lists)
            if not profile.checklists:
                file.fault((*where, "checklists"), "a profile needs at least one checklist")


class _Within:
    """What the items of one checklist say about each other."""

    def __init__(self, file: GuideFile) -> None:
        items: tuple[Item, ...] = file.value.items
        self.file = file
        self.items = {item.id: item for item in items}
        self.indices = {item.id: index for index, item in enumerate(items)}
        self.groups = Counter(item.any_of for item in items if item.any_of)
        # An item -> the first that mirrors it.
        self.mirrored = {item.mirrors: item.id for item in reversed(items) if item.mirrors}

    def group(self, index: int, item: Item) -> None:
        path = ("items", index, "any_of")
        if item.any_of and self.groups[item.any_of] == 1:
            hint = nearest(item.any_of, sorted(self.groups.keys() - {item.any_of}))
            self.file.fault(
                path,
                f'"{item.any_of}" is a group of one item; name the same group in another, or leave it out{hint}',
            )
        if item.mirrors:
            message = "an item is in a group or mirrors another, not both; leave one out"
            self.file.fault(path, message, ("items", index, "mirrors"))


def _item_ids(file: GuideFile) -> Iterator[str]:
    """Yield the items' ids, even of a file that could not be read as a whole."""
    if file.value:
        yield from (item.id for item in file.value.items)
        return
    root = file.document.root
    items = root.get("items") if isinstance(root, MappingNode) else None
    for item in items.values if isinstance(items, ListNode) else ():
        found = item.get("id") if isinstance(item, MappingNode) else None
        if isinstance(found, ScalarNode):
            yield found.text


def _names(
    file: GuideFile,
    path: tuple[str, ...],
    what: str,
    names: Sequence[str],
    known: Mapping[str, None],
    *others: tuple[str, ...],
) -> None:
    seen: set[str] = set()
    for index, name in enumerate(names):
        if name not in known:
            file.unknown((*path, index), what, name, known, *others)
        elif name in seen:
            file.fault((*path, index), f'"{name}" is there twice; keep one')
        seen.add(name)


def _threshold(file: GuideFile, path: Sequence[str], name: str, value: float) -> None:
    if most := _COUNTS.get(name):
        if value != int(value) or not 0 <= value <= most:
            file.fault(path, f'"{name}" is {value:g}; expected a whole number from 0 to {most}')
    elif not 0 <= value <= 1:
        file.fault(path, f'"{name}" is {value:g}; expected a share from 0 to 1, such as 0.80')
