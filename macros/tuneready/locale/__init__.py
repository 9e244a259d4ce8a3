"""Texts of code and templates in the reader's language. English stands in the code."""

from __future__ import annotations

import gettext
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent
DOMAIN = "tuneready"
LANGUAGES = ("en", "nl")


def N_(text: str) -> str:  # noqa: N802  the name that extraction tools look for
    """Mark a text for translation where it is written; `translation` is asked where it is shown."""
    return text


@cache
def translation(language: str) -> gettext.NullTranslations:
    """Return the catalogue of a language; English, and whatever is missing, stays as written."""
    return gettext.translation(DOMAIN, FOLDER, [language], fallback=True)
