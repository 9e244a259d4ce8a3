"""What MkDocs asks while it builds: where each language is, the browser's files, generated pages."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from mkdocs.structure.files import File
from mkdocs.utils import get_relative_url

from tuneready.site.bundle import bundle

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.nav import Navigation
    from mkdocs.structure.pages import Page


# MkDocs makes every relative address relative to the page once more, and gets that wrong above the
# site's own root. What has a scheme it leaves alone; the theme takes this one off again.
AS_IS = "as-is:"


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Complete what the configurations would otherwise have to repeat."""
    extra = config.extra
    # Kept, because `alternate` is written anew for each page.
    extra["languages"] = extra["alternate"]
    name = config.theme["language"]
    folder = next(one["link"] for one in extra["languages"] if one["lang"] == name)
    extra["language_root"] = folder
    # From this language's root to the whole site's; the page for what is missing counts from there.
    up = "../" * folder.count("/")
    extra["alternate"] = [{**one, "link": up + one["link"]} for one in extra["languages"]]
    extra["bundle"] = f"{up}assets/tuneready/{bundle().build_id}"
    if config.site_url:
        config.site_url = config.site_url.rstrip("/") + "/" + folder
    return config


def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    """Add the pages that are made from the rules and the targets, and put them into the navigation."""
    from tuneready.site.generated import generated_pages

    language = config.theme["language"]
    for index, pages in generated_pages(language).items():
        if files.get_file_from_path(index) is None:  # this site does without them
            continue
        for path, content in pages.items():
            files.append(File.generated(config, path, content=content))
        config.nav = _with_section(config.nav, index, [index, *pages])
    return files


def on_page_context(
    context: dict[str, Any], page: Page, config: MkDocsConfig, nav: Navigation
) -> dict[str, Any]:
    """Let the language switch lead to the same page, and keep the palette for the whole site."""
    del nav
    here = config.extra["language_root"] + page.url
    config.extra["alternate"] = [
        {**one, "link": AS_IS + _relative(one["link"] + _path_in(one["lang"], page, config), here)}
        for one in config.extra["languages"]
    ]
    # Material keeps the reader's palette per address, and would keep one per language.
    config.extra["scope"] = _relative("", here)
    return context


def _with_section(nav: list[Any] | None, index: str, pages: list[str]) -> list[Any] | None:
    """Return the navigation with the entry of a page made into a section; titles are the pages' own."""

    def opened(entry: Any) -> Any:
        if isinstance(entry, list):
            return [opened(inner) for inner in entry]
        if isinstance(entry, dict):
            return {title: pages if to == index else opened(to) for title, to in entry.items()}
        return entry

    return None if nav is None else [opened(entry) for entry in nav]


def _relative(url: str, page_url: str) -> str:
    """Return the way from one page to another; both count from the root of the whole site."""
    return get_relative_url(url or "./", page_url)


def _path_in(language: str, page: Page, config: MkDocsConfig) -> str:
    """Return the page's path if that language has the page, else the path of its home page."""
    translated = Path(config.docs_dir).parent / language / page.file.src_uri
    # What is generated is so in every language.
    there = page.file.generated_by is not None or translated.is_file()
    return page.url if there else ""
