"""What MkDocs asks while it builds: where each language is, and the browser's files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from mkdocs.utils import get_relative_url

from tuneready.site.bundle import bundle

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.nav import Navigation
    from mkdocs.structure.pages import Page


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Complete what the configurations would otherwise have to repeat."""
    extra = config.extra
    # Kept, because `alternate` is written anew for each page.
    extra["languages"] = extra["alternate"]
    name = config.theme["language"]
    folder = next(one["link"] for one in extra["languages"] if one["lang"] == name)
    extra["root"] = "../" * folder.count("/")
    extra["bundle"] = f"{extra['root']}assets/tuneready/{bundle().build_id}"
    if config.site_url:
        config.site_url = config.site_url.rstrip("/") + "/" + folder
    return config


def on_page_context(
    context: dict[str, Any], page: Page, config: MkDocsConfig, nav: Navigation
) -> dict[str, Any]:
    """Let the language switch lead to the same page, and keep the palette for the whole site."""
    del nav
    extra = config.extra
    extra["alternate"] = [
        {**one, "link": extra["root"] + one["link"] + _path_in(one["lang"], page, config)}
        for one in extra["languages"]
    ]
    # Material keeps the reader's palette per address, and would keep one per language.
    extra["scope"] = extra["root"] + get_relative_url("./", page.url)
    return context


def _path_in(language: str, page: Page, config: MkDocsConfig) -> str:
    """Return the page's path if that language has the page, else the path of its home page."""
    translated = Path(config.docs_dir).parent / language / page.file.src_uri
    return page.url if translated.is_file() else ""
