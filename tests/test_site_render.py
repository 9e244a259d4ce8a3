"""Checklists and verdicts as HTML, in both languages, before any script."""

from __future__ import annotations

import dataclasses
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from mkdocs.utils import get_relative_url

from tuneready.checklist.load import load_guide
from tuneready.checklist.model import Text, from_plain
from tuneready.site.render import GuideRenderer, UnknownNameError
from tuneready.site.sources import read_sources

ROOT = Path(__file__).parents[1]
GUIDE = load_guide(ROOT / "checklists")
SOURCES = read_sources(ROOT / "docs" / "sources.yml")
DECIDE = [checklist.id for checklist in GUIDE.of_profile("decide")]


def renderer(language="en", guide=GUIDE):
    root = "" if language == "en" else f"{language}/"
    return GuideRenderer(guide=guide, sources=SOURCES, language=language, language_root=root)


class Document(HTMLParser):
    """The elements of a page, each with its attributes and the text in it."""

    def __init__(self, html):
        super().__init__()
        self.elements, self._open = [], []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        element = {"tag": tag, "text": "", **dict(attrs)}
        self.elements.append(element)
        if tag not in {"input", "br", "path", "circle", "progress"}:
            self._open.append(element)

    def handle_endtag(self, tag):
        if any(element["tag"] == tag for element in self._open):
            while self._open.pop()["tag"] != tag:
                pass

    def handle_data(self, data):
        for element in self._open:
            element["text"] += data

    def all(self, tag, **attributes):
        return [
            element
            for element in self.elements
            if element["tag"] == tag
            and all(element.get(name) == value for name, value in attributes.items())
        ]


@pytest.mark.parametrize("language", ["en", "nl"])
@pytest.mark.parametrize("name", DECIDE)
def test_every_item_is_a_group_of_native_inputs(name, language):
    document = Document(renderer(language).checklist(name, f"decide/{name}/"))
    items = GUIDE.checklist(name).items
    assert {group["id"] for group in document.all("fieldset")} == {item.id for item in items}
    legends = [legend["text"] for legend in document.all("legend")]
    for item in items:
        assert any(item.text.get(language) in legend for legend in legends)
        offered = [choice["value"] for choice in document.all("input", name=item.id)]
        assert offered == ["yes", "no", *["not_applicable"] * item.offers_not_applicable]


@pytest.mark.parametrize("name", DECIDE)
def test_good_signs_come_before_warning_signs(name):
    kinds = {item.id: item.kind for item in GUIDE.checklist(name).items}
    document = Document(renderer().checklist(name, f"decide/{name}/"))
    shown = [kinds[group["id"]] for group in document.all("fieldset")]
    assert shown == sorted(shown, key=["ready", "not_ready"].index)
    assert [heading["text"] for heading in document.all("h3")][:2] == [
        "Signs that you are ready",
        "Warning signs",
    ]


def test_help_evidence_and_sources_stand_with_the_question():
    document = Document(renderer().checklist("why", "decide/why/"))
    help_text = next(
        entry["text"] for entry in document.all("details") if "full cost" not in entry["text"]
    )
    assert "Link the problem statement." in help_text
    assert SOURCES["SEED"].title in help_text
    assert document.all("a", href=SOURCES["SEED"].url)
    assert not re.search(
        r"\bF-[A-Z]+-\d", " ".join(entry["text"] for entry in document.all("form"))
    )


def test_links_are_relative_to_the_page():
    html = renderer("nl").checklist("why", "decide/why/")
    assert 'href="../#verdict"' in html
    assert 'href="../tried/"' in html
    help_page = GUIDE.pages[GUIDE.checklist("why").next_step.page].path
    assert f'href="{get_relative_url(help_page, "decide/why/")}"' in html


def test_a_block_is_one_line():
    for html in (renderer().checklist("why", "decide/why/"), renderer().assessment("decide", "")):
        assert "\n" not in html
        assert html.startswith("<div")


def test_an_items_text_is_never_markup():
    text = '<img src=x onerror="x()"> {{ 7*7 }} [x](javascript:y) **so**'
    checklist = GUIDE.checklist("why")
    item = dataclasses.replace(checklist.items[0], text=Text(text, {"nl": text}))
    hostile = dataclasses.replace(checklist, items=(item, *checklist.items[1:]))
    guide = dataclasses.replace(GUIDE, checklists=(hostile, *GUIDE.checklists[1:]))
    document = Document(renderer(guide=guide).checklist("why", "decide/why/"))
    assert not document.all("img")
    assert text.replace("**", "") in document.all("legend")[0]["text"]
    assert document.all("strong")[0]["text"] == "so"
    # And in the verdict's copy of the guide.
    document = Document(renderer(guide=guide).assessment("decide", "decide/"))
    assert not document.all("img")


@pytest.mark.parametrize("language", ["en", "nl"])
def test_a_verdict_holds_its_guide_and_links_without_a_script(language):
    html = renderer(language).assessment("decide", "decide/")
    document = Document(html)
    (template,) = document.all("template", **{"data-template": "guide"})
    guide = from_plain(json.loads(template["text"]))
    assert [checklist.id for checklist in guide.checklists] == DECIDE
    rows = [row for row in document.all("li") if "data-checklist" in row]
    assert [row["data-items"].split() for row in rows] == [
        [item.id for item in checklist.items] for checklist in guide.checklists
    ]
    for name in DECIDE:
        assert document.all("a", href=f"{name}/#checklist")
    # Instant navigation would run it: scripts in the content lose their attributes.
    assert not document.all("script")


def test_unknown_names_are_named():
    with pytest.raises(UnknownNameError, match="checklist 'wy'; known: why, tried"):
        renderer().checklist("wy", "")
    with pytest.raises(UnknownNameError, match="verdict 'x'; known: decide"):
        renderer().assessment("x", "")


def test_a_text_that_is_not_translated_says_so_to_a_reader_aloud():
    document = Document(renderer("fr").checklist("why", "decide/why/"))
    item = GUIDE.checklist("why").items[0]
    english = [span["text"] for span in document.all("span", lang="en")]
    assert item.text.en in english
    assert not Document(renderer("nl").checklist("why", "")).all("span", lang="en")
