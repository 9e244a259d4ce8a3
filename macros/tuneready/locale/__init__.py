"""Texts of code and templates in the reader's language. English stands in the code.

A folder `<language>/LC_MESSAGES` with a catalogue makes a language; nothing lists them.
"""

from __future__ import annotations

import gettext
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent
DOMAIN = "tuneready"
ENGLISH = "en"


def _languages() -> tuple[str, ...]:
    # A wheel holds the compiled catalogues only, and a fresh copy of the sources only the others.
    files = FOLDER.glob(f"*/LC_MESSAGES/{DOMAIN}.[pm]o")
    return ENGLISH, *sorted({file.parts[-3] for file in files} - {ENGLISH})


LANGUAGES = _languages()
"""English first, the others by their codes."""


def N_(text: str) -> str:  # noqa: N802  the name that extraction tools look for
    """Mark a text for translation where it is written; `translation` is asked where it is shown."""
    return text


@cache
def translation(language: str) -> gettext.NullTranslations:
    """Return the catalogue of a language; English, and whatever is missing, stays as written."""
    return gettext.translation(DOMAIN, FOLDER, [language], fallback=True)
