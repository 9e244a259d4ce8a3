"""A whole project as somebody keeps it: checklists with overrides, targets, sources and pages.

`inspect` finds everything in it that is wrong, at once; that is `tuneready validate`. What is worth
knowing and no fault, such as a text that a third language does not have yet, is a note.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from tuneready.checklist.languages import REQUIRED, languages_of
from tuneready.checklist.load import read_guide
from tuneready.checklist.texts import texts_of
from tuneready.errors import TunereadyError
from tuneready.locale import N_
from tuneready.strictyaml import Document, Fault, YamlFaults

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date
    from pathlib import Path

    from tuneready.checklist.load import GuideReading
    from tuneready.project.pages import Pages
    from tuneready.project.translations import Translated

_FAULT = re.compile(r"(.+?):(\d+):(\d+): (.*)", re.DOTALL)


@dataclass(slots=True)
class Inspection:
    """What is wrong in a project, and what is worth knowing."""

    faults: list[Fault] = field(default_factory=list)
    notes: list[Fault] = field(default_factory=list)
    checklists: int = 0
    pages: int = 0
    files_of_targets: int = 0


@dataclass(frozen=True, slots=True)
class Project:
    """Where the parts of a project are, named as the caller names them."""

    checklists: Path
    targets: Path

    @property
    def root(self) -> Path:
        """The folder above that of the checklists."""
        if self.checklists.name in ("", ".."):
            return self.checklists.resolve().parent
        return self.checklists.parent

    @property
    def docs(self) -> Path:
        return self.root / "docs"

    @property
    def languages(self) -> tuple[str, ...]:
        return languages_of(self.root)

    def config_file(self, language: str) -> Path:
        return self.root / f"mkdocs.{language}.yml"


def inspect(project: Project, max_age_days: int | None = None) -> Inspection:
    """Look for everything that is wrong. Statements older than `max_age_days` are notes.

    A project without a folder of pages is checked without them.

    Raises:
        TunereadyError: When there are pages, and what builds the site is not installed.

    """
    from tuneready.project.translations import read_locks, stale
    from tuneready.targets import load

    found = Inspection()
    reading = read_guide(project.checklists)
    found.checklists = sum(file.name not in ("verdict", "pages", "scope") for file in reading.files)
    pages: Mapping[str, Pages] = {}
    if project.docs.is_dir():
        pages = _pages(project, reading, found, max_age_days)
    found.faults += reading.faults
    found.files_of_targets, faults = load.validate(project.targets)
    found.faults += faults
    locks, faults = read_locks(project.checklists)
    found.faults += faults
    for language, fault in stale(_translated(reading, pages), locks):
        (found.faults if language in REQUIRED else found.notes).append(fault)
    found.notes += _missing_texts(project, reading)
    found.faults = sorted(set(found.faults))
    found.notes.sort()
    return found


def confirm_translations(project: Project) -> int:
    """Record that every translation fits its English text; return of how many texts.

    Raises:
        YamlFaults: When the guide cannot be read.

    """
    from tuneready.project.translations import confirm

    reading = read_guide(project.checklists)
    if reading.guide is None:
        raise YamlFaults(reading.faults)
    pages = _read_pages(project) if project.docs.is_dir() else {}
    return confirm(project.checklists, _translated(reading, pages))


def _translated(reading: GuideReading, pages: Mapping[str, Pages]) -> list[Translated]:
    from tuneready.project.translations import sections_in, texts_in

    return [*texts_in(reading.files), *(sections_in(pages) if pages else ())]


def _missing_texts(project: Project, reading: GuideReading) -> Iterable[Fault]:
    """Yield how many texts of the checklists each further language takes from English."""
    texts = [text for file in reading.files for _, text in texts_of(file.value)]
    there = Counter(language for text in texts for language in text.others)
    for language in project.languages:
        if missing := len(texts) - there[language] if language not in REQUIRED else 0:
            message = f"texts of checklists shown in English: {missing} of {len(texts)}"
            yield Fault(str(project.config_file(language)), 1, 1, message)


def _read_pages(project: Project) -> dict[str, Pages]:
    try:
        from tuneready.project.pages import ENGLISH, Pages
    except ModuleNotFoundError as error:
        raise TunereadyError(
            N_("Pages are checked with what builds the site: install tuneready[site].")
        ) from error
    english = Pages(project.docs, ENGLISH)
    others = [code for code in project.languages if (project.docs / code).is_dir()]
    return {ENGLISH: english} | {
        code: Pages(project.docs, code, english) for code in others if code != ENGLISH
    }


def _pages(
    project: Project, reading: GuideReading, found: Inspection, max_age_days: int | None
) -> Mapping[str, Pages]:
    pages = _read_pages(project)
    from tuneready.project.pages import GuideCheck, PageCheck, missing_pages
    from tuneready.site.fallbacks import fallbacks

    found.pages = sum(len(of.own) for of in pages.values())
    found.notes += fallbacks(project.root)
    sources = _sources(project, found)
    checks = {language: PageCheck(of, reading, sources) for language, of in pages.items()}
    of_guide = GuideCheck(checks, sources)
    of_guide.run(reading.files)
    found.notes += of_guide.notes
    for file in reading.files:
        found.faults += file.document.faults
    for check in checks.values():
        found.faults += check.run()
    configs = {language: str(project.config_file(language)) for language in pages}
    for is_fault, fault in missing_pages(pages, configs):
        (found.faults if is_fault else found.notes).append(fault)
    _aged(project, found, max_age_days)
    return pages


def _sources(project: Project, found: Inspection) -> Iterable[str] | None:
    """Return the keys of the list of sources; None when it cannot be read."""
    from collections.abc import Mapping as Keys

    from tuneready.site.sources import Source

    file = project.docs / "sources.yml"
    if not file.is_file():
        return ()
    document = Document.from_file(file)
    sources = document.read(Keys[str, Source])
    found.faults += document.faults
    return None if document.faults else sources


def _aged(project: Project, found: Inspection, max_age_days: int | None) -> None:
    """Add a note for each statement that was checked too long ago, and faults of their days."""
    from tuneready.site.dated import DateError, aged, dated

    try:
        if max_age_days is None:
            list(dated(project.root))  # for its faults
            return
        today: date = datetime.now(tz=UTC).date()
        for old in aged(project.root, today, max_age_days):
            file = str(project.root / old.file)
            found.notes.append(Fault(file, old.line, old.column, old.message))
    except UnicodeDecodeError:
        pass  # told already, for the page
    except DateError as error:
        if match := _FAULT.fullmatch(str(error)):
            file, line = str(project.root / match[1]), int(match[2])
            # The reader of sources and targets may have said so already.
            if (file, line) not in {(fault.file, fault.line) for fault in found.faults}:
                found.faults.append(Fault(file, line, int(match[3]), match[4]))
