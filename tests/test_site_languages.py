"""Languages are files: which there are, and what each shows in English."""

from __future__ import annotations

from pathlib import Path

import pytest

from tuneready.checklist.load import load_guide
from tuneready.checklist.model import Text
from tuneready.locale import LANGUAGES
from tuneready.site import fallbacks as module
from tuneready.site.fallbacks import NAMED, Fallback, fallbacks
from tuneready.site.languages import LanguageError, site_languages

ROOT = Path(__file__).resolve().parents[1]
GUIDE = load_guide(ROOT / "checklists")


@pytest.fixture
def project(tmp_path):
    """English with two pages, and French with the first of them."""
    for file in ("mkdocs.yml", "mkdocs.fr.yml", "docs/en/index.md", "docs/en/a/b.md"):
        path = tmp_path / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    (tmp_path / "docs/fr").mkdir()
    (tmp_path / "docs/fr/index.md").touch()
    return tmp_path


def test_a_configuration_and_a_folder_make_a_language(project):
    english, french = site_languages(project)
    assert (english.code, english.name, english.link) == ("en", "English", "")
    assert (french.code, french.name, french.link) == ("fr", "Français", "fr/")
    assert french.pages() == {"index.md"}


def test_other_files_make_none(project):
    for name in ("mkdocs.local.yml", "mkdocs.FR.yml", "mkdocs.fr.yaml", "mkdocs.f.yml"):
        (project / name).touch()
    assert [language.code for language in site_languages(project)] == ["en", "fr"]


def test_a_region_has_its_own_name(project):
    (project / "mkdocs.pt-BR.yml").touch()
    (project / "docs/pt-BR").mkdir()
    assert site_languages(project)[2].name == "Português (Brasil)"


def test_a_language_without_pages_is_named(project):
    (project / "mkdocs.de.yml").touch()
    with pytest.raises(LanguageError, match=r"mkdocs\.de\.yml needs the folder docs/de"):
        site_languages(project)


def test_dutch_shows_nothing_in_english():
    """Except sentences that are being written: test_locale.py waits for those."""
    found = [one for one in fallbacks(ROOT, GUIDE) if "sentences" not in one.sentence]
    assert [one.said("en") for one in found if one.language == "nl"] == []
    assert "nl" in LANGUAGES


def test_what_is_missing_is_counted_and_named(project, monkeypatch, tmp_path):
    catalogues = tmp_path / "locale"
    for language, said in (("nl", "Ja"), ("fr", "")):
        file = catalogues / language / "LC_MESSAGES/tuneready.po"
        file.parent.mkdir(parents=True)
        file.write_text(f'msgid ""\nmsgstr ""\n\nmsgid "Yes"\nmsgstr "{said}"\n')
    monkeypatch.setattr(module, "FOLDER", catalogues)
    notes = [one.said("en") for one in fallbacks(project, GUIDE)]
    assert "fr: pages in English: 1 (a/b.md)" in notes
    assert any(note.startswith("fr: the names of the menu's sections") for note in notes)
    assert any(note.startswith("fr: sentences") and "English: 1 (" in note for note in notes)
    texts = next(note for note in notes if "texts of checklists" in note)
    items = sum(len(checklist.items) for checklist in GUIDE.checklists)
    assert int(texts.split("English: ")[1].split()[0]) > items
    assert f"and {len(GUIDE.checklists) + 3 - NAMED} more" in texts
    assert any("texts of targets" in note for note in notes)


def test_a_text_that_is_there_is_not_counted():
    assert [*module._all_texts((Text("a", {"fr": "b"}), {"x": Text("c")}))] == [
        Text("a", {"fr": "b"}),
        Text("c"),
    ]


def test_a_note_says_how_many_more_there_are():
    many = tuple(f"{number}.md" for number in range(NAMED + 2))
    note = Fallback("fr", "pages in English: {count} ({names})", len(many), many).said("en")
    assert note == "fr: pages in English: 8 (0.md, 1.md, 2.md, 3.md, 4.md, 5.md and 2 more)"
    few = Fallback("fr", "{names}", NAMED, many[:NAMED]).said("en")
    assert "more" not in few
