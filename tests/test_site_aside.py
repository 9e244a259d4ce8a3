"""What stands aside while a page is made comes back as it was, and the search finds the same."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import markdown
import pytest
from material.plugins.search.plugin import Parser

from tuneready.checklist.load import load_guide
from tuneready.site.aside import bring_back, for_search, set_aside, show_search
from tuneready.site.checker import checker_form
from tuneready.site.render import GuideRenderer
from tuneready.site.sources import read_sources

ROOT = Path(__file__).resolve().parents[1]
GUIDE = load_guide(ROOT / "checklists")
RENDERER = GuideRenderer(
    guide=GUIDE,
    sources=read_sources(ROOT / "docs/sources.yml"),
    language="en",
    language_root="",
)
BLOCK = (
    "<div class='tr-block'><form id=\"one\"><input id='two' hidden> &amp; [^no] *no*</form></div>"
)


def found(html):
    """The sections that the search makes of a page: id, title and text of each."""
    parser = Parser()
    parser.feed(f'<h1 id="page">Page</h1><p>Before.</p>{html}<h2 id="after">After</h2><p>It.</p>')
    parser.close()
    return [
        (section.id, "".join(section.title).strip(), "".join(section.text).strip())
        for section in parser.data
        if not section.is_excluded()
    ]


def test_a_block_comes_back_as_it_was():
    page = SimpleNamespace(present_anchor_ids={"title"})
    text = f"# Title\n\nBefore.\n\n{set_aside(BLOCK)}\n\nAfter.\n"
    direct = f"# Title\n\nBefore.\n\n{BLOCK}\n\nAfter.\n"
    extensions = ["md_in_html", "attr_list", "footnotes"]
    html = markdown.markdown(text, extensions=extensions)
    assert "form" not in html
    whole = bring_back(show_search(html, page))
    assert whole == markdown.markdown(direct, extensions=extensions)
    assert page.present_anchor_ids == {"title", "one", "two"}


def test_two_blocks_keep_their_places():
    page = SimpleNamespace(present_anchor_ids=None)
    first, second = set_aside("<div>1</div>"), set_aside("<div>2</div>")
    assert bring_back(show_search(f"{second} {first}", page)) == "<div>2</div> <div>1</div>"
    assert bring_back(show_search("<p>Nothing aside.</p>", page)) == "<p>Nothing aside.</p>"


@pytest.mark.parametrize("checklist", [checklist.id for checklist in GUIDE.checklists])
def test_the_search_finds_the_same_in_a_checklist(checklist):
    html = RENDERER.checklist(checklist, "decide/why/")
    assert found(for_search(html)) == found(html)
    assert len(for_search(html)) < len(html) / 2


def test_the_search_finds_the_same_in_forms():
    for html in (
        *(RENDERER.assessment(profile, "decide/") for profile in GUIDE.verdict.profiles),
        checker_form("en", "check/"),
    ):
        assert found(for_search(html)) == found(html)


@pytest.mark.parametrize(
    "html",
    [
        "<p>a <span>b</span> <strong>c</strong>  <em> d </em></p>",
        "<p data-search-exclude>no</p><p>yes</p>",
        "<div data-search-exclude><div>no</div>quirk</div><p>yes</p>",
        '<div data-search-exclude><h3 id="three">Three</h3><p>no</p></div><p>yes</p>',
        '<section><h3 id="three">Three</h3><label><input value=">">in</label></section><p>out</p>',
        '<span title="a > b" data-search-exclude>no</span> yes',
        '<p title=" data-search-exclude ">yes</p>',
        "<ul><li>one</li> <li><a href='x'>two</a></li></ul>",
        "<p></p><li> </li>text",
    ],
)
def test_the_search_finds_the_same_in_corners(html):
    assert found(for_search(html)) == found(html)
