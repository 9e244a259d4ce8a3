"""The MkDocs side: macros for the pages, footnotes from the list of sources, the finished site.

The functions below are what mkdocs-macros calls; they only connect.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from mkdocs.exceptions import PluginError

from tuneready.errors import TunereadyError

if TYPE_CHECKING:
    from mkdocs_macros.plugin import MacrosPlugin

SOURCES = Path("docs/sources.yml")
CHECKLISTS = Path("checklists")


def define_env(env: MacrosPlugin) -> None:  # noqa: C901  one function for each macro
    """Give the pages their macros."""
    from tuneready.checklist.load import ChecklistError, read_guide
    from tuneready.site.aside import set_aside
    from tuneready.site.checker import checker_form
    from tuneready.site.overview import guide_page
    from tuneready.site.render import GuideRenderer, fragment
    from tuneready.site.sources import read_sources

    project = Path(env.project_dir)
    language: str = env.conf.theme["language"]
    try:
        reading = read_guide(project / CHECKLISTS)
        if reading.guide is None:
            raise ChecklistError(reading.faults)
        env.conf.extra["reading"] = reading  # for what is published once the pages are there
        renderer = GuideRenderer(
            guide=reading.guide,
            sources=read_sources(project / SOURCES),
            language=language,
            language_root=_language_root(env),
        )
    except TunereadyError as error:
        raise PluginError(str(error)) from error

    @env.macro  # type: ignore[untyped-decorator]
    def checklist(name: str) -> str:
        """Show a checklist as a form."""
        return set_aside(renderer.checklist(name, env.page.url))

    @env.macro  # type: ignore[untyped-decorator]
    def assessment(profile: str) -> str:
        """Show the verdict on the answers to a profile's checklists."""
        return set_aside(renderer.assessment(profile, env.page.url))

    @env.macro  # type: ignore[untyped-decorator]
    def scope(profile: str) -> str:
        """Ask about the whole case what leaves questions out of a profile's checklists."""
        return set_aside(renderer.scope(profile, env.page.url))

    @env.macro  # type: ignore[untyped-decorator]
    def overview() -> str:
        """Show all checklists with their progress and verdicts, and what to do with the answers."""
        return guide_page("overview.html", renderer, env.page.url, env.conf.extra["bundle"])

    @env.macro  # type: ignore[untyped-decorator]
    def comparison() -> str:
        """Show the answers of several people side by side."""
        return guide_page("compare.html", renderer, env.page.url, env.conf.extra["bundle"])

    @env.macro  # type: ignore[untyped-decorator]
    def dataset_checker() -> str:
        """Show the form that checks a dataset."""
        return set_aside(checker_form(language, env.page.url))

    @env.macro  # type: ignore[untyped-decorator]
    def offline_use() -> str:
        """Show the place where a reader keeps the site for offline use."""
        styles = "../" * env.page.url.count("/") + env.conf.extra["bundle"] + "/css"
        return fragment("offline.html", language, env.page.url, styles=styles)

    @env.macro  # type: ignore[untyped-decorator]
    def rule_overview() -> str:
        """List every rule, family by family."""
        from tuneready.site.rule_pages import rule_overview

        return rule_overview(language, env.page.url)

    @env.macro  # type: ignore[untyped-decorator]
    def sources_page() -> str:
        """List every source, and what cites it."""
        from tuneready.site.source_pages import sources_page

        return sources_page(
            renderer.sources,
            renderer.guide,
            Path(env.conf.docs_dir),
            language=language,
            page_url=env.page.url,
        )

    @env.macro  # type: ignore[untyped-decorator]
    def differences() -> str:
        """List how this guide differs from upstream's."""
        from tuneready.site.difference_page import differences_page
        from tuneready.site.languages import site_languages

        return differences_page(
            renderer.guide,
            reading.differences,
            site_languages(project),
            language=language,
            page_url=env.page.url,
        )

    @env.macro  # type: ignore[untyped-decorator]
    def target_overview() -> str:
        """Compare the targets of all providers."""
        from tuneready.site.target_pages import target_overview

        return target_overview(language, env.page.url)


def on_pre_page_macros(env: MacrosPlugin) -> None:
    """Add the footnotes of the sources that a page cites, and its checked days in words.

    On every page, whether or not it uses macros; and before them, so that only the page itself is
    read, and not the texts that they show.
    """
    from tuneready.site.dated import with_checked_days
    from tuneready.site.sources import read_sources, with_footnotes
    from tuneready.site.untranslated import language_of

    page = env.page.file.src_uri
    # What is not translated is in English, down to its footnotes.
    language = language_of(env.page.file, env.conf)
    # What is missing of the file is its front matter.
    first_line = 1 + env.page.file.content_string.count("\n") - env.markdown.count("\n")
    try:
        env.markdown = with_footnotes(
            with_checked_days(env.markdown, language=language, page=page, first_line=first_line),
            read_sources(Path(env.project_dir) / SOURCES),
            language=language,
            page=page,
        )
    except TunereadyError as error:
        raise PluginError(str(error)) from error


def on_post_build(env: MacrosPlugin) -> None:
    """Put the browser's files beside the pages, and the policy into them."""
    from tuneready.site import bundle, postprocess, published
    from tuneready.site.languages import site_languages
    from tuneready.site.sources import read_sources

    project = Path(env.project_dir)
    site_dir = Path(env.conf.site_dir)
    # The other languages, in folders below, share what the outer site has.
    if not _language_root(env):
        bundle.publish(site_dir)
        published.publish(
            site_dir,
            env.conf.extra["reading"],
            read_sources(project / SOURCES),
            site_languages(project),
        )
    if not env.conf.extra.get("policy_later"):  # MkDocs builds this language alone
        postprocess.postprocess(site_dir)


def _language_root(env: MacrosPlugin) -> str:
    """Return the language's folder below the site's root; empty for the outer one."""
    return str(env.conf.extra.get("language_root", ""))  # of the hook; without it there is one
