"""The page of sources: what all pages and checklists rest on, and which of them cite what."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mkdocs.structure.files import File
from mkdocs.utils.meta import get_data

from tuneready.locale import N_, translation
from tuneready.site.literal import literal
from tuneready.site.render import fragment
from tuneready.site.sources import cited_keys

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from tuneready.checklist.model import Guide
    from tuneready.site.sources import Source

# In the order of the page; the anchor of each is its name.
GROUPS = {
    "vendor": N_("Vendors and tools"),
    "paper": N_("Research"),
    "law": N_("Law and regulators"),
    "practice": N_("Practice, teaching and news"),
}
STATUSES = {
    "verified": N_("first-hand"),
    "secondary": N_("second-hand"),
    "report": N_("a report"),
}


@dataclass(frozen=True, slots=True)
class Citing:
    """What cites a source; `path` counts from the language's root, None where there is no page."""

    title: str
    path: str | None


@dataclass(frozen=True, slots=True)
class Listed:
    """A source as the page shows it."""

    key: str
    source: Source
    pages: tuple[Citing, ...]
    checklists: tuple[Citing, ...]


def sources_page(
    sources: Mapping[str, Source], guide: Guide, docs: Path, *, language: str, page_url: str
) -> str:
    """Return the list of sources, as Markdown with a block of HTML for each group.

    `docs` is the folder of the language's pages, which are searched for their citations.
    """
    say = translation(language).gettext
    pages = list(_pages(docs))
    checklists = list(_checklists(guide, language))
    listed = [
        Listed(
            key,
            source,
            tuple(page for page, keys in pages if key in keys),
            tuple(checklist for checklist, keys in checklists if key in keys),
        )
        for key, source in sources.items()
    ]
    counts = Counter((one.source.group, one.source.status) for one in listed)
    parts = [
        fragment(
            "sources_overview.html", language, page_url, groups=GROUPS, statuses=STATUSES, counts=counts
        )
    ]  # fmt: skip
    for group, title in GROUPS.items():
        block = fragment(
            "sources_list.html",
            language,
            page_url,
            listed=[one for one in listed if one.source.group == group],
            statuses=STATUSES,
        )
        parts.append(f"## {literal(say(title))} {{ #{group} }}\n\n{block}")
    return "\n\n".join(parts)


def _pages(docs: Path) -> Iterator[tuple[Citing, set[str]]]:
    for path in sorted(docs.rglob("*.md")):
        markdown, about = get_data(path.read_text(encoding="utf-8"))
        file = File(path.relative_to(docs).as_posix(), str(docs), "", use_directory_urls=True)
        yield Citing(str(about["title"]), file.url), cited_keys(markdown)


def _checklists(guide: Guide, language: str) -> Iterator[tuple[Citing, set[str]]]:
    for checklist in guide.checklists:
        keys = {key for item in checklist.items for key in item.source}
        yield (
            Citing(checklist.title.get(language), checklist.path),
            keys | set(checklist.next_step.source),
        )
