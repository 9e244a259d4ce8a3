"""Pages that a language does not have: the English ones, under the same address, with a notice."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from markupsafe import escape
from mkdocs.structure.files import File

from tuneready.locale import ENGLISH, N_, translation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files

_ANCHOR = re.compile(r"^#+ .*\{ #([\w-]+) \}$", re.MULTILINE)
NOTICE = N_("This page has not been translated yet; here it is in English.")


def english_files(files: Files, config: MkDocsConfig) -> Iterator[File]:
    """Yield the English files for which this language has none."""
    english = _english_docs(config)
    if english == Path(config.docs_dir):
        return
    for path in sorted(english.rglob("*")):
        name = path.relative_to(english).as_posix()
        hidden = any(part.startswith(".") for part in path.relative_to(english).parts)
        if path.is_file() and not hidden and files.get_file_from_path(name) is None:
            file = File(name, str(english), config.site_dir, config.use_directory_urls)
            # "Edit this page" leads to the file that there is.
            file.edit_uri = f"../{ENGLISH}/{name}"
            yield file


def english_anchors(file: File, config: MkDocsConfig) -> set[str]:
    """Return the anchors of the English page, to which other pages may link.

    A translation may have fewer parts; a link to one that it lacks leads to the page itself.
    """
    english = _english_docs(config) / file.src_uri
    return set(_ANCHOR.findall(english.read_text(encoding="utf-8"))) if english.is_file() else set()


def language_of(file: File, config: MkDocsConfig) -> str:
    """Return the language in which a page is written, which need not be that of the site."""
    stands_in = file.src_dir is not None and Path(file.src_dir) != Path(config.docs_dir)
    return ENGLISH if stands_in else str(config.theme["language"])


def with_notice(html: str, language: str) -> str:
    """Return the content of an English page on the site of another language.

    The notice follows the heading. Forms and tables from macros are in the site's language: only
    what the page itself says is marked as English.
    """
    own = f"lang='{escape(language)}'"
    said = escape(translation(language).gettext(NOTICE))
    notice = f"<p class='tr-notice' {own} data-search-exclude>{said}</p>"
    html = html.replace("<div class='tr-block'>", f"<div class='tr-block' {own}>")
    heading, end, rest = html.partition("</h1>")
    content = heading + end + notice + rest if end else notice + heading
    return f"<div lang='{ENGLISH}'>{content}</div>"


def _english_docs(config: MkDocsConfig) -> Path:
    return Path(config.docs_dir).parent / ENGLISH
