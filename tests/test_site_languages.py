"""Languages are files: which there are, and what each shows in English."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tuneready.checklist.model import Text
from tuneready.site import fallbacks as module
from tuneready.site.fallbacks import fallbacks
from tuneready.site.languages import LanguageError, site_languages

ROOT = Path(__file__).resolve().parents[1]


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


def test_only_what_falls_back_is_noted(project, monkeypatch, tmp_path):
    catalogues = tmp_path / "locale"
    for language, said in (("nl", "Ja"), ("fr", "")):
        file = catalogues / language / "LC_MESSAGES/tuneready.po"
        file.parent.mkdir(parents=True)
        file.write_text(
            f'msgid ""\nmsgstr ""\n\nmsgid "Yes"\nmsgstr "{said}"\n\nmsgid "No"\nmsgstr "x"\n'
        )
    monkeypatch.setattr(module, "FOLDER", catalogues)
    notes = [str(note) for note in fallbacks(project)]
    assert all(note.startswith(f"{project / 'mkdocs.fr.yml'}:1:1: ") for note in notes)
    menu, targets, sentences = (note.split(": ", 1)[1] for note in notes)
    assert menu.startswith("the sections of the menu have their English names")
    count = re.fullmatch(r"texts of targets shown in English: (\d+) of (\d+)", targets)
    assert count[1] == count[2] != "0"
    assert sentences == "sentences of forms and reports shown in English: 1 of 2"
    (project / "mkdocs.fr.yml").write_text("nav:\n  - index.md\n")
    assert len([*fallbacks(project)]) == 2


def test_upstream_has_nothing_to_note():
    assert [*fallbacks(ROOT)] == []


def test_every_text_is_found():
    assert [*module._texts((Text("a", {"fr": "b"}), {"x": Text("c")}))] == [
        Text("a", {"fr": "b"}),
        Text("c"),
    ]
