"""Compiles the catalogues: people write `.po`, gettext reads `.mo`. For builds; the wheel has no use for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tuneready.locale import DOMAIN, FOLDER

if TYPE_CHECKING:
    from pathlib import Path


def compile_translations(folder: Path = FOLDER) -> None:
    """Compile every `.po` to the `.mo` beside it, where that is not newer already."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    for source in sorted(folder.glob(f"*/LC_MESSAGES/{DOMAIN}.po")):
        made = source.with_suffix(".mo")
        if made.exists() and made.stat().st_mtime > source.stat().st_mtime:
            continue
        with source.open("rb") as stream:
            catalogue = read_po(stream)
        with made.open("wb") as stream:
            write_mo(stream, catalogue)
