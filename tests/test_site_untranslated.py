"""A page that a language lacks is the English one, and says so."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from mkdocs.structure.files import File, Files

from tuneready.site.untranslated import english_anchors, english_files, language_of, with_notice


@pytest.fixture
def french(tmp_path):
    """A French site with one of three English pages, and an image that only English has."""
    for path in ("en/index.md", "en/a/b.md", "en/a/c.md", "en/a/x.svg", "en/.hidden", "fr/a/b.md"):
        file = tmp_path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("# Title { #title }\n\n## Part { #part }\n\nNo { #anchor }\n")
    return SimpleNamespace(
        docs_dir=str(tmp_path / "fr"),
        site_dir=str(tmp_path / "site"),
        use_directory_urls=True,
        theme={"language": "fr"},
    )


def own(config, path):
    return File(path, config.docs_dir, config.site_dir, use_directory_urls=True)


def test_what_is_missing_comes_from_english(french):
    found = list(english_files(Files([own(french, "a/b.md")]), french))
    assert [file.src_uri for file in found] == ["a/c.md", "a/x.svg", "index.md"]
    assert {language_of(file, french) for file in found} == {"en"}
    assert language_of(own(french, "a/b.md"), french) == "fr"
    # The link to edit a page leads to the file that there is.
    assert [file.edit_uri for file in found][:1] == ["../en/a/c.md"]


def test_english_itself_lacks_nothing(french):
    french.docs_dir = french.docs_dir.replace("/fr", "/en")
    assert list(english_files(Files([]), french)) == []


def test_links_may_lead_to_the_parts_of_the_english_page(french):
    assert english_anchors(own(french, "a/b.md"), french) == {"title", "part"}
    assert english_anchors(own(french, "ours.md"), french) == set()


def test_the_notice_follows_the_heading_and_languages_are_marked():
    html = with_notice("<h1 id='t'>Terms</h1><p>x</p><div class='tr-block'>y</div>", "fr")
    assert html.startswith("<div lang='en'><h1 id='t'>Terms</h1><p class='tr-notice' lang='fr'")
    assert html.endswith("<p>x</p><div class='tr-block' lang='fr'>y</div></div>")
    assert "data-search-exclude>This page has not been translated yet" in html
    assert with_notice("<p>x</p>", "fr").startswith("<div lang='en'><p class='tr-notice'")
