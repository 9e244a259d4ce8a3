"""The guide from its folder of YAML files, with everything that is wrong in them at once.

Each upstream file is read strictly, by its type, after the team's override of it was merged in
(`merge.py`). Then the references between the files are followed (`references.py`).
"""

from __future__ import annotations

import dataclasses
import gc
from collections.abc import Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tuneready.checklist import merge, texts
from tuneready.checklist.languages import languages_of
from tuneready.checklist.merge import OVERRIDES, Difference, Merger
from tuneready.checklist.model import Checklist, Guide, Id, Page, ScopeQuestion, VerdictModel
from tuneready.checklist.overrides import (
    ChecklistChange,
    NewChecklist,
    PagesChange,
    ScopeChange,
    VerdictChange,
)
from tuneready.checklist.references import GuideFile, References
from tuneready.strictyaml import (
    Document,
    Fault,
    ListNode,
    MappingNode,
    ScalarNode,
    YamlFaults,
    nearest,
)

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from tuneready.strictyaml import Place

VERDICT, PAGES, SCOPE = "verdict", "pages", "scope"

_TYPES: Mapping[str, tuple[Any, Any]] = {
    VERDICT: (VerdictModel, VerdictChange),
    PAGES: (Mapping[Id, Page], PagesChange),
    SCOPE: (Mapping[Id, ScopeQuestion], ScopeChange),
}
"""What the files that are not checklists hold, and what their overrides hold."""

# What an entry needs that upstream does not have, by the file it is in and the keys that lead there.
_NEW = (
    (PAGES, (), "page", ("title",)),
    (SCOPE, (), "question", ("question", "options")),
    (VERDICT, ("profiles",), "profile", ("checklists",)),
)


class ChecklistError(YamlFaults):
    """The guide has faults; one line for each, with its place."""


@dataclass(frozen=True, slots=True)
class GuideReading:
    """What a folder of checklists says, and what is wrong in it."""

    guide: Guide | None
    """None when there are faults."""

    files: tuple[GuideFile, ...]
    """Each file as read, overrides merged in; `value` is None where it could not be."""

    differences: tuple[Difference, ...]
    """What the team's overrides change."""

    hidden: Mapping[str, Place]
    """The items that they hide, and where they say so."""

    faults: tuple[Fault, ...]


def load_guide(folder: Path) -> Guide:
    """Read every checklist of a folder, its verdict model, its pages and the team's overrides.

    Checklists come in the order in which the profiles name them; the rest follows by name.

    Raises:
        ChecklistError: With every fault of the folder.

    """
    reading = read_guide(folder)
    if reading.guide is None:
        raise ChecklistError(reading.faults)
    return reading.guide


def read_guide(folder: Path) -> GuideReading:
    """Read a folder; what is wrong comes with the result.

    Texts may be in the languages of the project, which is the folder above.
    """
    with _uncollected():
        return _Reader(folder).read()


@contextmanager
def _uncollected() -> Iterator[None]:
    """Keep the collector from walking through what is being read: with 1,000 checklists, a third of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


class _Reader:
    """Reads one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.own_folder = folder / OVERRIDES
        self.names = {"language": languages_of(folder.resolve().parent)}
        self.faults: list[Fault] = []
        self.differences: list[Difference] = []
        self.hidden: dict[str, Place] = {}
        self.named: set[str] = set()
        """The checklists that upstream's profiles name: a team that leaves one out means it."""

    def read(self) -> GuideReading:
        upstream = self._documents(self.folder)
        own = self._documents(self.own_folder)
        for name in (VERDICT, PAGES):
            if name not in upstream:
                file = str(self.folder / f"{name}.yaml")
                self.faults.append(Fault(file, 1, 1, "there is no such file; a guide needs it"))
        self.named = _named_in(upstream.get(VERDICT))
        groups = {name: merge.groups_of(document.root) for name, document in upstream.items()}
        new = [self._new(name, own[name]) for name in own if _is_new(name, own[name], upstream)]
        for name, document in own.items():
            if not _is_new(name, document, upstream):
                self._apply(name, document, upstream)
        files = [self._file(name, found, groups[name]) for name, found in upstream.items()]
        files += new
        guide = self._guide(files)
        for document in (*own.values(), *(file.document for file in files if not file.own)):
            self.faults += document.faults
        return GuideReading(
            None if self.faults else guide,
            tuple(files),
            tuple(self.differences),
            self.hidden,
            tuple(sorted(self.faults)),
        )

    def _documents(self, folder: Path) -> dict[str, Document]:
        for file in sorted(folder.glob("*.yml")):
            self.faults.append(Fault(str(file), 1, 1, "only *.yaml is read here; rename it"))
        return {path.stem: Document.from_file(path) for path in sorted(folder.glob("*.yaml"))}

    def _new(self, name: str, document: Document) -> GuideFile:
        value = document.read(NewChecklist, self.names)
        if document.faults:
            return GuideFile(name, document, None, own=True)
        title = value.title.en
        file = document.file
        self.differences.append(Difference(file, 1, name, name, "add", None, title))
        return GuideFile(name, document, value, own=True)

    def _apply(self, name: str, override: Document, upstream: Mapping[str, Document]) -> None:
        """Merge an override into the document of the file that it changes."""
        if name not in upstream:
            known = nearest(name, list(upstream))
            message = (
                f'upstream has no {name}.yaml to change{known}; a checklist of your own needs "id"'
            )
            if override.root:
                override.fault((override.file, 1, 1), message)
            return
        base = upstream[name]
        override.read(_TYPES.get(name, (None, ChecklistChange))[1], self.names)
        readable = not override.faults
        change = override.root
        if not isinstance(change, MappingNode) or not isinstance(base.root, MappingNode):
            return
        for what, path, noun, needed in _NEW:
            if name == what:
                change = merge.without_unknown(override, change, base.root, path, noun, needed)
        # Done even when it cannot be kept, because it finds the ids that upstream does not have.
        merger = Merger(name, override)
        merged = merger.merged(base.root, change)
        if readable and not base.faults:
            base.root = merged
            self.hidden |= merger.hidden
            self.differences += merger.differences

    def _file(self, name: str, document: Document, groups: Counter[str]) -> GuideFile:
        if isinstance(document.root, MappingNode) and name not in _TYPES:
            document.root = merge.without_traces(document.root, self.hidden, groups)
        kind = _TYPES.get(name, (Checklist,))[0]
        value = document.read(kind, self.names)
        return GuideFile(name, document, None if document.faults else value)

    def _guide(self, files: list[GuideFile]) -> Guide | None:
        by_name = {file.name: file for file in files}
        verdict, pages, scope = (by_name.get(name) for name in (VERDICT, PAGES, SCOPE))
        checklists = [file for file in files if file.name not in _TYPES]
        if verdict and verdict.value:
            verdict.value = _with_unnamed(verdict.value, checklists, self.named)
        References(checklists, verdict, pages, scope, self.hidden).follow()
        for file in files:
            texts.check(file)
        if verdict is None or pages is None or any(file.value is None for file in files):
            return None
        model: VerdictModel = verdict.value
        named = [name for profile in model.profiles.values() for name in profile.checklists]
        order = {name: place for place, name in reversed(list(enumerate(named)))}
        checklists.sort(key=lambda file: (order.get(file.value.id, len(named)), file.name))
        return Guide(
            checklists=tuple(_as_checklist(file.value) for file in checklists),
            verdict=model,
            pages=pages.value,
            scope=scope.value if scope and scope.value else {},
        ).with_wordings()


def _named_in(verdict: Document | None) -> set[str]:
    """Return the checklists that a verdict model names, before it is read."""
    root = verdict.root if verdict else None
    profiles = root.get("profiles") if isinstance(root, MappingNode) else None
    lists = [
        profile.get("checklists")
        for _, profile in (profiles.entries if isinstance(profiles, MappingNode) else ())
        if isinstance(profile, MappingNode)
    ]
    names = [name for one in lists if isinstance(one, ListNode) for name in one.values]
    return {name.text for name in names if isinstance(name, ScalarNode)}


def _with_unnamed(
    model: VerdictModel, files: Sequence[GuideFile], upstream: set[str]
) -> VerdictModel:
    """Return the model with each checklist that nobody names in the profile of its phase.

    They come last, by the name of the file, but for those that say which one they follow.
    """
    named = upstream | {name for one in model.profiles.values() for name in one.checklists}
    lists = {name: list(profile.checklists) for name, profile in model.profiles.items()}
    waiting: list[GuideFile] = []
    for file in sorted(files, key=lambda file: file.name):
        if not file.value or file.name in named:
            continue
        if file.value.phase not in lists:
            if lists:  # without any, that is the fault
                file.unknown(("phase",), "verdict of the phase", file.value.phase, lists)
            continue
        waiting.append(file)
        if not _after(file):
            lists[file.value.phase].append(file.name)
    # Each follows one that is there already; what remains follows one that is not.
    remaining = [file for file in waiting if _after(file)]
    while ready := [file for file in remaining if _after(file) in lists[file.value.phase]]:
        for file in reversed(ready):
            names = lists[file.value.phase]
            names.insert(names.index(_after(file)) + 1, file.name)
        remaining = [file for file in remaining if file not in ready]
    for file in remaining:
        names = lists[file.value.phase]
        hint = nearest(_after(file), names) or f"; known: {', '.join(names)}"
        file.document.fault_at(
            ("after",), f'there is no checklist "{_after(file)}" to follow in this phase{hint}'
        )
    profiles = {
        name: dataclasses.replace(profile, checklists=tuple(lists[name]))
        for name, profile in model.profiles.items()
    }
    return dataclasses.replace(model, profiles=profiles)


def _after(file: GuideFile) -> str:
    return getattr(file.value, "after", None) or ""


def _is_new(name: str, document: Document, upstream: Mapping[str, Document]) -> bool:
    root = document.root
    has_id = isinstance(root, MappingNode) and root.get("id") is not None
    return name not in upstream and name not in _TYPES and has_id


def _as_checklist(value: Checklist) -> Checklist:
    names = [field.name for field in dataclasses.fields(Checklist)]
    return Checklist(**{name: getattr(value, name) for name in names})
