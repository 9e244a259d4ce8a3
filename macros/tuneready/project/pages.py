"""The pages of a project, and whether what they say of each other and of the guide is so."""

from __future__ import annotations

import posixpath
import re
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from tuneready.checklist.languages import REQUIRED
from tuneready.checklist.merge import said
from tuneready.checklist.texts import languages_in, links_in, texts_of
from tuneready.project.markdown import Page
from tuneready.site.sources import JUDGEMENT
from tuneready.strictyaml import Fault, closest, nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from tuneready.checklist.load import GuideReading
    from tuneready.checklist.model import Checklist
    from tuneready.checklist.references import GuideFile
    from tuneready.strictyaml import Place

ENGLISH = REQUIRED[0]
# Leads to another site or program; whether it answers is not asked here.
_ELSEWHERE = {"http", "https", "mailto"}
_OUR_NOTES = re.compile(r"F-[A-Z0-9]+(-[A-Z0-9]+)*")


class Pages:
    """The pages of one language; what it has no file for is there in English."""

    def __init__(self, docs: Path, language: str, english: Pages | None = None) -> None:
        self.language = language
        self.folder = docs / language
        self.english = english
        self.faults: list[Fault] = []
        self.own: dict[str, Page] = {}
        for file in sorted(self.folder.rglob("*.md")):
            path = file.relative_to(self.folder).as_posix()
            try:
                self.own[path] = Page.read(file, path)
            except UnicodeDecodeError:
                self.faults.append(Fault(str(file), 1, 1, "not UTF-8; save the file as UTF-8"))
                self.own[path] = Page.of("", path, str(file))

    def get(self, path: str) -> Page | None:
        """Return a page, its English one, or one that is generated; None when there is none."""
        page = self.own.get(path) or (self.english.own.get(path) if self.english else None)
        return page or self._generated.get(path)

    def at(self, address: str) -> Page | None:
        """Return the page at an address below the language's root: `decide/why/`, or empty."""
        folder = address.rstrip("/")
        names = (f"{folder}.md", f"{folder}/index.md") if folder else ("index.md",)
        return next((page for name in names if (page := self.get(name))), None)

    def addresses(self) -> list[str]:
        """Return the addresses of all pages."""
        paths = {**self._generated, **(self.english.own if self.english else {}), **self.own}
        return [_address_of(path) for path in paths]

    def has_file(self, path: str) -> bool:
        folders = (self.folder, self.english.folder) if self.english else (self.folder,)
        return not path.startswith("../") and any((folder / path).is_file() for folder in folders)

    @cached_property
    def _generated(self) -> Mapping[str, Page]:
        """The pages that nobody writes, where their opening page is there."""
        from tuneready.site.generated import generated_pages

        written = self.own.keys() | (self.english.own.keys() if self.english else set())
        return {
            path: Page.of(text, path, path)
            for index, pages in generated_pages(self.language).items()
            if index in written
            for path, text in pages.items()
        }


class PageCheck:
    """Follows what the pages of one language, and the guide's texts in it, lead to."""

    def __init__(self, pages: Pages, reading: GuideReading, sources: Iterable[str] | None) -> None:
        by_name = {file.name: file.value for file in reading.files}
        verdict = by_name.pop("verdict", None)
        self.pages = pages
        self.names = by_name.keys() - {"pages", "scope"}
        """Of the checklists."""

        self.checklists = {name: by_name[name] for name in self.names if by_name[name]}
        """Those that could be read."""

        self.profiles = verdict and verdict.profiles
        self.hidden = reading.hidden
        self.sources = None if sources is None else {*sources, JUDGEMENT}
        self.faults: list[Fault] = []

    def run(self) -> list[Fault]:
        for page in self.pages.own.values():
            self._page(page)
        return [*self.pages.faults, *self.faults]

    def _fault(self, place: Place, message: str) -> None:
        self.faults.append(Fault(*place, message))

    def _page(self, page: Page) -> None:
        if page.macros and not page.renders_macros:
            macro = page.macros[0]
            self._fault(
                macro.place,
                f"{{{{ {macro.name}(…) }}}} stays as it is; add the line `render_macros: true` at the top of the page",
            )
        for macro in page.macros:
            self._macro(macro.place, macro.name, macro.text)
        for citation in page.citations:
            if self.sources is not None and citation.text not in self.sources:
                hint = nearest(citation.text, sorted(self.sources)) or "; add it there"
                self._fault(citation.place, f'docs/sources.yml has no "{citation.text}"{hint}')
        for link in page.links:
            self._link(page, link.place, link.text)

    def _macro(self, place: Place, name: str, argument: str) -> None:
        known: Iterable[str] | None
        match name:
            case "checklist":
                known, what = self.names, "checklist"
            case "assessment":
                known, what = self.profiles, "profile"
            case _:
                return
        if known is not None and argument not in known:
            names = sorted(known)
            hint = nearest(argument, names) or f"; known: {', '.join(names[:10])}"
            self._fault(place, f'there is no {what} "{argument}"{hint}')

    def _link(self, page: Page, place: Place, target: str) -> None:
        try:
            parts = urlsplit(target)
        except ValueError:
            self._fault(place, f'"{target}" is no address; write https://… or the path of a file')
            return
        if parts.scheme or parts.netloc:
            if parts.scheme not in _ELSEWHERE:
                self._fault(place, f'a link to "{target}"; only https://… or a file is one')
            return
        if parts.path.startswith("/"):
            self._fault(place, f'"{target}" begins with a slash; write the way from this file')
            return
        path = page.path
        if parts.path:
            here = posixpath.dirname(page.path)
            path = posixpath.normpath(posixpath.join(here, unquote(parts.path)))
        self._target(place, target, path, parts.fragment, page)

    def _target(self, place: Place, target: str, path: str, anchor: str, page: Page) -> None:
        to = page if path == page.path else self.pages.get(path)
        if to is None:
            if not self.pages.has_file(path):
                known = [other for other in self.pages.own if other != page.path]
                near = closest(path, known)
                way = near and posixpath.relpath(near, posixpath.dirname(page.path) or ".")
                hint = f'; did you mean "{way}"?' if way else ""
                self._fault(place, f'"{target}" leads to no file{hint}')
        elif anchor and not self.has_anchor(to, anchor):
            hint = nearest(anchor, sorted(to.anchors))
            if anchor in self.hidden:
                hint = f": the item is hidden by {said(self.hidden[anchor])}; leave the link out, or show it"
            hint = hint or "; give the heading that id, as { #like-this }"
            self._fault(place, f'{to.path} has no "#{anchor}"{hint}')

    def has_anchor(self, page: Page, anchor: str) -> bool:
        """Tell whether a page has an id, written or made by a checklist that it shows."""
        if anchor in page.anchors:
            return True
        for macro in page.macros:
            checklist = self.checklists.get(macro.text)
            if macro.name != "checklist" or checklist is None:
                return True  # what other macros make is seen when the site is built
            ids = {item.id for item in checklist.items}
            if anchor in ids | {f"{checklist.id}-ready", f"{checklist.id}-not-ready"}:
                return True
        # Pages that come from rules and targets hold HTML of their own.
        return anchor.startswith("fn") or page.file == page.path


class GuideCheck:
    """Follows what the guide says of pages and sources."""

    def __init__(self, checks: Mapping[str, PageCheck], sources: Iterable[str] | None) -> None:
        self.checks = checks
        """Language -> the check of its pages."""

        self.sources = None if sources is None else {*sources, JUDGEMENT}
        self.notes: list[Fault] = []
        self.shown = {
            macro.text: page
            for page in checks[ENGLISH].pages.own.values()
            for macro in page.macros
            if macro.name == "checklist"
        }
        """Checklist -> the page that shows it."""

    def run(self, files: Iterable[GuideFile]) -> None:
        for file in files:
            if file.value is None:
                continue
            match file.name:
                case "pages":
                    for name, page in file.value.items():
                        self._address(file, (name, "path"), page.path)
                case "verdict" | "scope":
                    pass
                case _:
                    self._checklist(file, file.value)
            self._links(file)

    def _checklist(self, file: GuideFile, checklist: Checklist) -> None:
        self._sources(file, ("next_step", "source"), checklist.next_step.source)
        for index, item in enumerate(checklist.items):
            self._sources(file, ("items", index, "source"), item.source)
        self._address(file, ("path",), checklist.path)
        macro = f'{{{{ checklist("{checklist.id}") }}}}'
        if checklist.path is None:
            self._note_without_path(file, checklist, macro)
            return
        for check in self.checks.values():
            page = check.pages.at(checklist.path)
            if page and not any(
                found.name == "checklist" and found.text == checklist.id for found in page.macros
            ):
                message = f"{page.file} does not show this checklist; put {macro} there"
                file.fault(("path",), message)
                return

    def _note_without_path(self, file: GuideFile, checklist: Checklist, macro: str) -> None:
        if page := self.shown.get(checklist.id):
            address = _address_of(page.path)
            message = (
                f"{page.file} shows this checklist; add `path: {address}`, for links to lead there"
            )
        else:
            message = f"no page shows this checklist; put {macro} into one, and say its `path`"
        self.notes.append(Fault(*file.document.place(("id",)), message))

    def _sources(self, file: GuideFile, path: tuple[str | int, ...], keys: Iterable[str]) -> None:
        for number, key in enumerate(keys):
            if self.sources is None or key in self.sources or _OUR_NOTES.fullmatch(key):
                continue
            hint = nearest(key, sorted(self.sources)) or "; add it there, or say judgement"
            file.fault((*path, number), f'docs/sources.yml has no "{key}"{hint}')

    def _address(self, file: GuideFile, path: tuple[str | int, ...], address: str | None) -> None:
        for check in self.checks.values() if address else ():
            if message := self._missing(check, address or ""):
                file.fault(path, message)
                return  # once is enough: the other languages lack it, too

    def _missing(self, check: PageCheck, address: str) -> str | None:
        folder, _, anchor = address.partition("#")
        page = check.pages.at(folder)
        if page is None:
            hint = nearest(folder, check.pages.addresses())
            return f'there is no page at "{folder}"{hint}'
        if anchor and not check.has_anchor(page, anchor):
            return f'{page.file} has no "#{anchor}"{nearest(anchor, sorted(page.anchors))}'
        return None

    def _links(self, file: GuideFile) -> None:
        for path, text in texts_of(file.value):
            for language, written in languages_in(text):
                check = self.checks.get(language)
                if "](" not in written or check is None:
                    continue
                for address in links_in(written):
                    if ":" in address or address.startswith("/"):
                        continue  # of the web; or refused already
                    if message := self._missing(check, address):
                        file.fault((*path, language), message)


def missing_pages(
    all_pages: Mapping[str, Pages], configs: Mapping[str, str]
) -> Iterator[tuple[bool, Fault]]:
    """Yield what a language lacks, and whether that is a fault; else it is shown in English.

    `configs` are the languages' configurations, which a summary stands beside.
    """
    english = all_pages[ENGLISH]
    for language, pages in all_pages.items():
        missing = [page for path, page in english.own.items() if path not in pages.own]
        if language in REQUIRED:
            for page in missing:
                wanted = pages.folder / page.path
                yield (
                    True,
                    Fault(page.file, 1, 1, f"this page is missing in {language}; write {wanted}"),
                )
        elif missing:
            count = f"{len(missing)} of {len(english.own)}"
            yield False, Fault(configs[language], 1, 1, f"pages shown in English: {count}")
    for path, page in all_pages.get(REQUIRED[1], english).own.items():
        if path not in english.own:
            wanted = english.folder / path
            yield True, Fault(page.file, 1, 1, f"this page is missing in en; write {wanted}")


def _address_of(path: str) -> str:
    """Return the address of a page below the language's root: `decide/why/`."""
    return re.sub(r"(^|/)index\.md$", r"\1", path).replace(".md", "/")
