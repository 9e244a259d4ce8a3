"""Where each page is in the other language, from any depth and under any address."""

from __future__ import annotations

from types import SimpleNamespace
from urllib.parse import urljoin

import pytest

from tuneready.site import hooks
from tuneready.site.bundle import Bundle


@pytest.fixture
def configured(tmp_path, monkeypatch):
    monkeypatch.setattr(hooks, "bundle", lambda: Bundle("abc", tmp_path))
    for language, file in (("en", "mkdocs.yml"), ("nl", "mkdocs.nl.yml")):
        docs = tmp_path / "docs" / language
        (docs / "decide").mkdir(parents=True)
        (docs / "index.md").touch()
        (docs / "decide" / "why.md").touch()
        (tmp_path / file).touch()
    (tmp_path / "docs/en/new.md").touch()
    (tmp_path / "docs/nl/ours.md").touch()

    def configure(language):
        config = SimpleNamespace(
            theme={"language": language},
            config_file_path=str(tmp_path / "mkdocs.yml"),
            docs_dir=str(tmp_path / "docs" / language),
            site_url="https://who.example/where/",
            extra={},
        )
        return hooks.on_config(config)

    return configure


def links(config, source, url, made_by=None):
    file = SimpleNamespace(src_uri=source, src_dir=None, generated_by=made_by)
    page = SimpleNamespace(url=url, content="", file=file)
    hooks.on_page_context({}, page, config, None)
    return [one["link"].removeprefix(hooks.AS_IS) for one in config.extra["alternate"]]


@pytest.mark.parametrize(("language", "folder"), [("en", ""), ("nl", "nl/")])
@pytest.mark.parametrize(("source", "url"), [("index.md", ""), ("decide/why.md", "decide/why/")])
def test_each_language_has_the_same_page(configured, language, folder, source, url):
    config = configured(language)
    root = "https://who.example/where/"
    assert config.site_url == root + folder
    here = root + folder + url
    english, dutch = links(config, source, url)
    assert urljoin(here, english) == root + url
    assert urljoin(here, dutch) == root + "nl/" + url
    assert urljoin(here, config.extra["scope"]) == root


def test_the_files_name_the_languages(configured):
    assert configured("nl").extra["languages"] == [
        {"name": "English", "lang": "en", "link": ""},
        {"name": "Nederlands", "lang": "nl", "link": "nl/"},
    ]


def test_a_page_without_a_translation_is_there_in_english(configured):
    assert links(configured("en"), "new.md", "new/") == ["./", "../nl/new/"]


def test_a_page_of_one_other_language_leads_to_the_english_home(configured):
    assert links(configured("nl"), "ours.md", "ours/") == ["../../", "./"]


def test_both_languages_share_the_bundle(configured):
    assert configured("en").extra["bundle"] == "assets/tuneready/abc"
    assert configured("nl").extra["bundle"] == "../assets/tuneready/abc"


def test_a_generated_page_is_there_in_every_language(configured):
    found = links(configured("en"), "rules/json.md", "rules/json/", made_by="hooks")
    assert found == ["./", "../../nl/rules/json/"]
