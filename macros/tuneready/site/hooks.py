"""What MkDocs asks while it builds: each language's place and pages, the menu, the browser's files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from mkdocs.plugins import event_priority
from mkdocs.structure.files import File
from mkdocs.utils import get_relative_url

from tuneready.checklist.languages import REQUIRED
from tuneready.locale import ENGLISH, translation
from tuneready.site.aside import bring_back, show_search
from tuneready.site.bundle import bundle, integrity
from tuneready.site.languages import has_own_nav, site_languages
from tuneready.site.loading import STYLESHEET, modules_for
from tuneready.site.markup import mended
from tuneready.site.navigation import with_own_titles, with_pages, with_section
from tuneready.site.untranslated import english_anchors, english_files, language_of, with_notice

if TYPE_CHECKING:
    from jinja2 import Environment
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
    languages = site_languages(_project(config))
    # Under a name of its own, because `alternate`, the theme's, is written anew for each page.
    extra["languages"] = [
        {"name": one.name, "lang": one.code, "link": one.link} for one in languages
    ]
    name = config.theme["language"]
    folder = next((one.link for one in languages if one.code == name), "")
    extra["language_root"] = folder
    # From this language's root to the whole site's; the page for what is missing counts from there.
    up = "../" * folder.count("/")
    extra["alternate"] = [{**one, "link": up + one["link"]} for one in extra["languages"]]
    extra["bundle"] = f"{up}assets/tuneready/{bundle().build_id}"
    if config.site_url:
        config.site_url = config.site_url.rstrip("/") + "/" + folder
    return config


def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    """Add the English pages that are not translated and those that are generated; complete the menu."""
    from tuneready.site.generated import generated_pages

    translated = {file.src_uri for file in files.documentation_pages()}
    for file in english_files(files, config):
        files.append(file)
    pages = {file.src_uri for file in files.documentation_pages()}
    nav = config.nav
    if nav is not None and not has_own_nav(Path(config.config_file_path)):
        nav = with_own_titles(nav, translated)
    if nav is not None:
        nav = with_pages(nav, pages)
    language = config.theme["language"]
    for index, made in generated_pages(language).items():
        if files.get_file_from_path(index) is None:  # this site does without them
            continue
        for path, content in made.items():
            files.append(File.generated(config, path, content=content))
        if nav is not None:
            nav = with_section(nav, index, [index, *made])
    config.nav = nav
    return files


def on_env(env: Environment, *, config: MkDocsConfig, files: Files) -> Environment:
    """Give the theme what its pages load, and the texts of their language."""
    del files
    env.globals["stylesheet"] = STYLESHEET
    env.globals["modules_for"] = modules_for
    env.globals["integrity"] = integrity
    env.globals["_"] = translation(config.theme["language"]).gettext
    return env


def on_page_content(html: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Show the search what stands aside, and let links lead to parts that a translation lacks."""
    del files
    html = show_search(html, page)
    language = str(config.theme["language"])
    if language not in REQUIRED and page.present_anchor_ids is not None:
        page.present_anchor_ids |= english_anchors(page.file, config)
    return html


@event_priority(-100)  # after the search
def on_page_context(
    context: dict[str, Any], page: Page, config: MkDocsConfig, nav: Navigation
) -> dict[str, Any]:
    """Complete the content; let the language switch lead to the same page; keep one palette."""
    del nav
    page.content = bring_back(page.content or "")
    if language_of(page.file, config) != config.theme["language"]:
        page.content = with_notice(page.content, str(config.theme["language"]))
    here = config.extra["language_root"] + page.url
    config.extra["alternate"] = [
        {**one, "link": AS_IS + _relative(one["link"] + _path_in(one["lang"], page, config), here)}
        for one in config.extra["languages"]
    ]
    # Material keeps the reader's palette per address, and would keep one per language.
    config.extra["scope"] = _relative("", here)
    return context


def on_post_page(output: str, *, page: Page, config: MkDocsConfig) -> str:
    """Put the page's markup right."""
    del page, config
    return mended(output)


def on_post_template(output: str, *, template_name: str, config: MkDocsConfig) -> str:
    """Put right the markup of a page that has no Markdown, such as that for what is missing."""
    del config
    return mended(output) if template_name.endswith(".html") else output


def _relative(url: str, page_url: str) -> str:
    """Return the way from one page to another; both count from the root of the whole site."""
    return get_relative_url(url or "./", page_url)


def _path_in(language: str, page: Page, config: MkDocsConfig) -> str:
    """Return the page's path if that language shows the page, else the path of its home page."""
    docs = _project(config) / "docs"
    # English stands in for what is not translated; what is generated is so in every language.
    there = page.file.generated_by is not None or any(
        (docs / one / page.file.src_uri).is_file() for one in (language, ENGLISH)
    )
    return page.url if there else ""


def _project(config: MkDocsConfig) -> Path:
    return Path(config.config_file_path).parent
