"""The guide from its folder of YAML files, with everything that is wrong in them at once.

First every file is read strictly, by its type. When all of them can be read, the references
between them are followed: a fault in one file would only look like more faults in the others.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tuneready.checklist.model import Checklist, Guide, Id, Page, ScopeQuestion, VerdictModel
from tuneready.strictyaml import Document, Fault, YamlFaults, nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from tuneready.checklist.model import Item

VERDICT = "verdict.yaml"
PAGES = "pages.yaml"
SCOPE = "scope.yaml"

# Limits that count; all the others are shares.
_COUNTS = {"ready_max_sign_weight": 3, "nearly_max_blockers": 1000}


class ChecklistError(YamlFaults):
    """The guide has faults; one line for each, with its place."""


def load_guide(folder: Path) -> Guide:
    """Read every checklist of a folder, its verdict model and its pages.

    Checklists come in the order in which the profiles name them; the rest follows by name.

    Raises:
        ChecklistError: With every fault of the folder.

    """
    if missing := [name for name in (VERDICT, PAGES) if not (folder / name).is_file()]:
        raise ChecklistError(
            [Fault(str(folder / name), 1, 1, "there is no such file; a guide needs it") for name in missing]
        )  # fmt: skip
    faults: list[Fault] = []
    verdict_file = _File.read(folder / VERDICT, VerdictModel, faults)
    pages_file = _File.read(folder / PAGES, Mapping[Id, Page], faults)
    has_scope = (folder / SCOPE).is_file()  # a guide may do without
    scope_file = (
        _File.read(folder / SCOPE, Mapping[Id, ScopeQuestion], faults) if has_scope else None
    )
    files = [
        _File.read(path, Checklist, faults)
        for path in sorted(folder.glob("*.yaml"))
        if path.name not in (VERDICT, PAGES, SCOPE)
    ]
    if faults:
        raise ChecklistError(faults)
    verdict: VerdictModel = verdict_file.value
    named = [name for profile in verdict.profiles.values() for name in profile.checklists]
    order = {name: place for place, name in reversed(list(enumerate(named)))}
    files.sort(key=lambda file: (order.get(file.value.id, len(order) + len(named)), file.path.name))
    guide = Guide(
        checklists=tuple(file.value for file in files),
        verdict=verdict,
        pages=pages_file.value,
        scope=scope_file.value if scope_file else {},
    ).with_wordings()
    _Check(guide, verdict_file, files).run()
    for file in (verdict_file, *files):
        faults += file.document.faults
    if faults:
        raise ChecklistError(faults)
    return guide


class _File:
    """A file that was read: its value, and its document to find places in."""

    def __init__(self, path: Path, document: Document, value: Any) -> None:
        self.path = path
        self.document = document
        self.value = value

    @classmethod
    def read(cls, path: Path, kind: Any, faults: list[Fault]) -> _File:
        document = Document.from_file(path)
        value = document.read(kind)
        faults += document.faults
        return cls(path, document, value)

    def fault(self, path: Sequence[str | int], message: str) -> None:
        self.document.fault_at(path, message)

    def unknown(
        self, path: Sequence[str | int], what: str, name: str, known: Iterable[str]
    ) -> None:
        """Add a fault for a name that leads nowhere, with the nearest that does."""
        names = list(dict.fromkeys(known))
        hint = nearest(name, names)
        if not hint and len(names) <= 10:
            hint = f"; known: {', '.join(names)}"
        self.fault(path, f'there is no {what} "{name}"{hint}')


class _Check:
    """Follows what one part of the guide says about another."""

    def __init__(self, guide: Guide, verdict: _File, files: Sequence[_File]) -> None:
        self.guide = guide
        self.verdict = verdict
        self.files = files
        self.items = {item.id: item for _, item in guide.items()}

    def run(self) -> None:
        self._ids()
        if any(file.document.faults for file in self.files):
            return  # without its names, a reference says nothing
        self._verdict()
        for file in self.files:
            self._checklist(file)

    def _ids(self) -> None:
        seen: dict[str, str] = {}
        for file in self.files:
            if file.value.id != file.path.stem:
                file.fault(
                    ("id",),
                    f'the id is "{file.value.id}" but the file is {file.path.name}; make them the same',
                )
            for index, item in enumerate(file.value.items):
                path = ("items", index, "id")
                place = f"{file.path.name}, line {file.document.place(path)[1]}"
                if item.id in seen:
                    file.fault(
                        path, f'the id "{item.id}" is taken by {seen[item.id]}; choose another'
                    )
                seen.setdefault(item.id, place)

    def _checklist(self, file: _File) -> None:
        checklist: Checklist = file.value
        if not checklist.items:
            file.fault(("items",), "there are no items; add one")
        if checklist.next_step.page not in self.guide.pages:
            file.unknown(("next_step", "page"), "page", checklist.next_step.page, self.guide.pages)
        for index, item in enumerate(checklist.items):
            self._item(file, index, item)

    def _item(self, file: _File, index: int, item: Item) -> None:
        if item.redirect and item.redirect not in self.guide.pages:
            file.unknown(("items", index, "redirect"), "page", item.redirect, self.guide.pages)
        for number, other in enumerate(item.redirect_unless):
            path = ("items", index, "redirect_unless", number)
            if other not in self.items:
                file.unknown(path, "item", other, self.items)
            elif not self._share_a_profile(file.value.id, other):
                file.fault(
                    path,
                    f'the item "{other}" is in no profile together with this one, so it could never count',
                )
        if item.redirect_unless and not item.redirect:
            file.fault(
                ("items", index, "redirect_unless"),
                "redirect_unless without redirect has no effect; add the page, or leave it out",
            )
        self._applies(file, index, item)
        if item.any_of:
            self._group(file, index, item)
        if item.mirrors:
            self._mirror(file, index, item, item.mirrors)

    def _applies(self, file: _File, index: int, item: Item) -> None:
        for name, options in item.applies.items():
            path = ("items", index, "applies", name)
            if name not in self.guide.scope:
                file.unknown(path, "question of the scope", name, self.guide.scope)
                continue
            known = self.guide.scope[name].options
            for number, option in enumerate(options):
                if option not in known:
                    file.unknown((*path, number), f'option of "{name}"', option, known)
            if not options:
                file.fault(path, "without an option the item never applies; name one, or hide it")

    def _share_a_profile(self, checklist_id: str, item_id: str) -> bool:
        if self.verdict.document.faults:
            return True  # its profiles may not be what they should be
        owner = next(checklist.id for checklist, item in self.guide.items() if item.id == item_id)
        profiles = self.guide.verdict.profiles.values()
        return any({checklist_id, owner} <= set(profile.checklists) for profile in profiles)

    def _group(self, file: _File, index: int, item: Item) -> None:
        path = ("items", index, "any_of")
        group = [other for other in file.value.items if other.any_of == item.any_of]
        others = {other.any_of for other in file.value.items if other.any_of} - {item.any_of}
        if len(group) == 1:
            hint = nearest(str(item.any_of), sorted(map(str, others)))
            file.fault(
                path,
                f'"{item.any_of}" is a group of one item; name the same group in another, or leave it out{hint}',
            )
        if item.mirrors:
            file.fault(path, "an item is in a group or mirrors another, not both; leave one out")

    def _mirror(self, file: _File, index: int, item: Item, name: str) -> None:
        path = ("items", index, "mirrors")
        here = {other.id: other for other in file.value.items}
        if name == item.id:
            file.fault(path, "an item cannot mirror itself; name the statement that it reverses")
        elif name not in here and name in self.items:
            file.fault(
                path, f'the item "{name}" is in another checklist; a mirror pair stands in one'
            )
        elif name not in here:
            file.unknown(path, "item", name, here)
        elif here[name].kind == item.kind:
            file.fault(
                path,
                f'the item "{name}" is also {item.kind}; a statement and its warning sign differ in kind',
            )
        elif here[name].any_of or here[name].mirrors:
            file.fault(
                path, f'the item "{name}" already belongs to a group or pair; an item counts once'
            )
        elif any(other.mirrors == name for other in file.value.items[:index]):
            file.fault(
                path, f'the item "{name}" is mirrored by another item already; an item counts once'
            )

    def _verdict(self) -> None:
        model = self.guide.verdict
        for outcome in ("ready", "nearly-ready", "explore-alternatives", "not-enough-answered"):
            if outcome not in model.outcomes:
                self.verdict.fault(
                    ("outcomes",), f'the outcome "{outcome}" has no texts; add its label and note'
                )
        for name in (field.name for field in dataclasses.fields(model.thresholds)):
            self._threshold(("thresholds", name), name, getattr(model.thresholds, name))
        if not model.profiles:
            self.verdict.fault(("profiles",), "there are no profiles; add one")
        checklists = [checklist.id for checklist in self.guide.checklists]
        for name, profile in model.profiles.items():
            where = ("profiles", name)
            for threshold, value in profile.thresholds.items():
                self._threshold((*where, "thresholds", threshold), threshold, value)
            self._names((*where, "checklists"), "checklist", profile.checklists, checklists)
            self._names(
                (*where, "foundation"),
                "checklist of this profile",
                profile.foundation,
                profile.checklists,
            )
            if not profile.checklists:
                self.verdict.fault((*where, "checklists"), "a profile needs at least one checklist")

    def _names(
        self, path: tuple[str, ...], what: str, names: Sequence[str], known: Sequence[str]
    ) -> None:
        for index, name in enumerate(names):
            if name not in known:
                self.verdict.unknown((*path, index), what, name, known)
            elif name in names[:index]:
                self.verdict.fault((*path, index), f'"{name}" is there twice; keep one')

    def _threshold(self, path: Sequence[str], name: str, value: float) -> None:
        if most := _COUNTS.get(name):
            if value != int(value) or not 0 <= value <= most:
                self.verdict.fault(
                    path, f'"{name}" is {value:g}; expected a whole number from 0 to {most}'
                )
        elif not 0 <= value <= 1:
            self.verdict.fault(
                path, f'"{name}" is {value:g}; expected a share from 0 to 1, such as 0.80'
            )
