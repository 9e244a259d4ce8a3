"""Every text of code and templates is there in Dutch, with the same fields to fill in."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

from tuneready.locale import LANGUAGES, translation

ROOT = Path(__file__).resolve().parents[1]
FIELD = re.compile(r"{\w+}")


def texts() -> set[str]:
    """Read the marked texts as `make texts` does, the plural ones by their first form."""
    with (ROOT / "babel.cfg").open(encoding="utf-8") as stream:
        methods, options = parse_mapping_cfg(stream)
    found = extract_from_dir(ROOT / "macros/tuneready", methods, options)
    return {text if isinstance(text, str) else text[0] for _, _, text, _, _ in found}


TRANSLATIONS = sorted(
    path.name for path in (ROOT / "macros/tuneready/locale").glob("*/") if path.name in LANGUAGES
)


@pytest.mark.parametrize("language", TRANSLATIONS)
def test_every_text_is_translated_with_its_fields(language: str) -> None:
    file = ROOT / "macros/tuneready/locale" / language / "LC_MESSAGES/tuneready.po"
    with file.open("rb") as stream:
        catalogue = read_po(stream)
    known = {
        entry.id if isinstance(entry.id, str) else entry.id[0]: entry.string
        for entry in catalogue
        if entry.id
    }
    assert texts() <= set(known), "run `make texts` and translate what is new"
    for text, said in known.items():
        forms = [said] if isinstance(said, str) else said
        assert all(forms), f"not translated: {text}"
        # A plural's first form may leave its number out ("1 problem").
        assert set(FIELD.findall(forms[-1])) >= set(FIELD.findall(text)), text


def test_the_catalogue_is_what_a_reader_gets() -> None:
    assert translation("nl").gettext("Verdict") == "Oordeel"
    assert translation("en").gettext("Verdict") == "Verdict"
    assert translation("fr").gettext("Verdict") == "Verdict"
