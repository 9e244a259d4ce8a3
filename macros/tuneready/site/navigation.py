"""The menu beyond what the configuration lists: generated sections, and pages that it does not name.

A page that the menu does not name stands at the end of its folder's section. So a fork adds a page
without a change to a file of upstream, and a page that is new upstream is in every language's menu.
"""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

# Nested as in YAML: a path, title -> path, title -> entries, or a list of these.
type Nav = list[Any]


def with_section(nav: Nav, index: str, pages: list[str]) -> Nav:
    """Return the menu with the entry of a page made into a section; titles are the pages' own."""

    def opened(entry: Any) -> Any:
        if isinstance(entry, list):
            return [opened(inner) for inner in entry]
        if isinstance(entry, dict):
            return {title: pages if to == index else opened(to) for title, to in entry.items()}
        return entry

    return [opened(entry) for entry in nav]


def with_pages(nav: Nav, pages: Iterable[str]) -> Nav:
    """Return the menu with every page: one that is not named comes last where its folder's index is.

    Without such a section it comes last in the last one.
    """
    missing = sorted(set(pages) - set(_paths(nav)))
    made: Nav = _copied(nav)
    for page in missing:
        index = (PurePosixPath(page).parent / "index.md").as_posix()
        sections = list(_sections(made))
        homes = [section for section in sections[1:] if index in _own_paths(section)]
        (homes or sections)[-1].append(page)
    return made


def with_own_titles(nav: Nav, pages: Collection[str]) -> Nav:
    """Return the menu without its titles for these pages, so that theirs count."""

    def bare(entry: Any) -> Any:
        if isinstance(entry, list):
            return [bare(inner) for inner in entry]
        if isinstance(entry, dict):
            ((title, to),) = entry.items()
            return to if isinstance(to, str) and to in pages else {title: bare(to)}
        return entry

    return [bare(entry) for entry in nav]


def _copied(entry: Any) -> Any:
    if isinstance(entry, list):
        return [_copied(inner) for inner in entry]
    if isinstance(entry, dict):
        return {title: _copied(to) for title, to in entry.items()}
    return entry


def _sections(entry: Any) -> Iterator[Nav]:
    """Yield the menu and every section in it, each as its list of entries."""
    if isinstance(entry, list):
        yield entry
        for inner in entry:
            yield from _sections(inner)
    elif isinstance(entry, dict):
        for inner in entry.values():
            yield from _sections(inner)


def _own_paths(section: Nav) -> list[str]:
    """Return the paths that stand in a section itself."""
    entries = [
        one for entry in section for one in (entry.values() if isinstance(entry, dict) else [entry])
    ]
    return [entry for entry in entries if isinstance(entry, str)]


def _paths(nav: Nav) -> Iterator[str]:
    for section in _sections(nav):
        yield from _own_paths(section)
