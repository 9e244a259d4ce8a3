"""The languages of the site. A few files make one, and nothing lists them:

mkdocs.yml, docs/en           English, at the site's root
mkdocs.nl.yml, docs/nl        another language, below nl/
locale/nl/LC_MESSAGES/*.po    what code and templates say in it (tuneready.locale)

Whatever is missing in a language is there in English: a page, a text of a checklist or a target, a
sentence of the interface.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tuneready.checklist.languages import languages_of
from tuneready.errors import TunereadyError
from tuneready.locale import ENGLISH, N_

if TYPE_CHECKING:
    from pathlib import Path

CONFIG = "mkdocs.yml"


class LanguageError(TunereadyError):
    """Some of the files that make a language are missing."""


@dataclass(frozen=True, slots=True)
class SiteLanguage:
    """One language, with its configuration and the folder of its pages."""

    code: str
    """As in `lang` of HTML: `nl`, `pt-BR`."""

    config_file: Path
    docs: Path

    @property
    def link(self) -> str:
        """The folder below the site's root, such as `nl/`; empty for English."""
        return "" if self.code == ENGLISH else f"{self.code}/"

    @property
    def name(self) -> str:
        """The language's name for itself, as its readers look for it."""
        from babel import Locale

        own = Locale.parse(self.code, sep="-").get_display_name() or self.code
        return own[:1].upper() + own[1:]

    def pages(self) -> set[str]:
        """Return the paths of its own pages below its folder, such as `decide/why.md`."""
        return {path.relative_to(self.docs).as_posix() for path in self.docs.rglob("*.md")}


def site_languages(project: Path) -> tuple[SiteLanguage, ...]:
    """Return the languages of a project: English and Dutch first, the others by their codes.

    Raises:
        LanguageError: When a language has a configuration and no folder of pages.

    """
    languages = [
        SiteLanguage(code, file, project / "docs" / code)
        for code in languages_of(project)
        if (file := project / (CONFIG if code == ENGLISH else f"mkdocs.{code}.yml")).is_file()
    ]
    for language in languages:
        if not language.docs.is_dir():
            raise LanguageError(
                N_("{file} needs the folder {folder}, with at least one page."),
                file=language.config_file.name,
                folder=f"docs/{language.code}",
            )
    return tuple(languages)


def has_own_nav(config_file: Path) -> bool:
    """Tell whether a language's configuration has a menu; otherwise it inherits the English one."""
    lines = config_file.read_text(encoding="utf-8").splitlines()
    return any(line.startswith("nav:") for line in lines)
