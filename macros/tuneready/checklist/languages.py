"""The languages that a project has: English and Dutch, and what its files add."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

REQUIRED = ("en", "nl")
"""In these, nothing may be missing; another language falls back to English."""

_CONFIG = re.compile(r"mkdocs\.([a-z]{2,3}(?:-[A-Z]{2})?)\.yml")


def languages_of(project: Path) -> tuple[str, ...]:
    """Return the codes: the required ones first, then those of the other configurations."""
    return tuple(dict.fromkeys((*REQUIRED, *configurations(project))))


def configurations(project: Path) -> dict[str, Path]:
    """Return the configuration of each language but English, `mkdocs.<code>.yml`, by its code."""
    files = ((file, _CONFIG.fullmatch(file.name)) for file in sorted(project.glob("mkdocs.*.yml")))
    return {found[1]: file for file, found in files if found}
