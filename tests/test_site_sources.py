"""Citations become footnotes from one list; what is not in the list fails the build."""

from __future__ import annotations

import re
from pathlib import Path

import markdown
import pytest

from tuneready.checklist.load import load_guide
from tuneready.site.source_pages import GROUPS, STATUSES, sources_page
from tuneready.site.sources import Source, SourceError, read_sources, with_footnotes
from tuneready.strictyaml import YamlFaults

ROOT = Path(__file__).resolve().parents[1]
SOURCES = {
    "PAPER": Source(
        title="On *stars* [and] <b>tags</b> & `ticks` :smile:",
        url="https://paper.example/a_b_(c)?x=1",
        read="2026-11-22",
        status="verified",
        group="paper",
    ),
    "REPORT": Source(
        title="Heard of",
        url="https://r.example/",
        read="2026-01-02",
        status="secondary",
        group="law",
    ),
    "NEWS": Source(
        title="A paper",
        url="https://news.example/",
        read="2026-01-02",
        status="report",
        group="practice",
    ),
}


def footnoted(text, language="en"):
    return with_footnotes(text, SOURCES, language=language, page="decide/why.md")


def test_definitions_follow_the_page_once_and_in_order():
    page = footnoted("A[^REPORT] b[^PAPER] c[^REPORT] d[^judgement] e[^NEWS]")
    assert [line.split(":")[0] for line in page.splitlines() if line.startswith("[^")] == [
        "[^REPORT]",
        "[^PAPER]",
        "[^judgement]",
        "[^NEWS]",
    ]
    assert "read on 22 November 2026." in page
    assert "read on 2 January 2026, through a report about it." in page
    assert "read on 2 January 2026, a report, not the source itself." in page


def test_the_day_is_written_in_the_language():
    assert "22 november 2026" in footnoted("A[^PAPER]", "nl")


def test_a_title_is_shown_as_it_is():
    page = markdown.markdown(footnoted("A[^PAPER]"), extensions=["footnotes"])
    assert ">On &#42;stars&#42; &#91;and&#93; &#60;b&#62;" in page
    assert 'href="https://paper.example/a_b_(c)?x=1"' in page
    assert "<em>" not in page


def test_an_unknown_key_names_page_and_key():
    with pytest.raises(SourceError, match=r"decide/why\.md.*NOWHERE, OTHER"):
        footnoted("A[^NOWHERE] b[^PAPER] c[^OTHER]")


@pytest.mark.parametrize(
    "text",
    [
        "no citation",
        "a class `[^A-Z]` in code",
        "``[^X] ` ``",
        "```\n[^X]\n```",
        "~~~~ text\n[^X]\n~~~~",
    ],
)
def test_pages_without_citations_stay_as_they_are(text):
    assert footnoted(text) == text


def test_a_page_may_define_its_own():
    assert footnoted("A[^own]\n\n[^own]: Here.") == "A[^own]\n\n[^own]: Here."


def test_the_list_is_read_strictly(tmp_path):
    file = tmp_path / "sources.yml"
    file.write_text(
        'A:\n  title: "a"\n  url: "javascript:x"\n  read: "yesterday"\n  status: perhaps\n  group: x\n'
    )
    with pytest.raises(YamlFaults) as caught:
        read_sources(file)
    assert [fault.line for fault in caught.value.faults] == [3, 4, 5, 6]


@pytest.fixture
def docs(tmp_path):
    """Pages of which one cites PAPER in words, and another only in code."""
    for path, text in {
        "index.md": "---\ntitle: Home & <away>\n---\nA claim.[^PAPER]\n",
        "guide/cost.md": "---\ntitle: Cost\n---\n`[^NEWS]` and another.[^PAPER]\n",
    }.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text)
    return tmp_path


def listed(docs, sources, key, language="en"):
    """Return what the page says of one source."""
    guide = load_guide(ROOT / "checklists")
    page = sources_page(sources, guide, docs, language=language, page_url="sources/")
    return page.split(f'<li id="source-{key}">')[1].split("</li>")[0]


def test_a_source_is_listed_with_what_cites_it(docs):
    entry = listed(docs, SOURCES, "PAPER")
    assert '<a href="../guide/cost/">Cost</a>' in entry
    assert '<a href="../">Home &amp; &lt;away&gt;</a>' in entry
    assert "On *stars* [and] &lt;b&gt;tags&lt;/b&gt;" in entry
    assert "22 november 2026" in listed(docs, SOURCES, "PAPER", "nl")


def test_checklists_cite_too(docs):
    paper = read_sources(ROOT / "docs" / "sources.yml")["GEKHMAN"]
    entry = listed(docs, {"GEKHMAN": paper}, "GEKHMAN")
    assert "Checklists:" in entry
    assert '<a href="../decide/why/">' in entry


def test_what_nothing_cites_is_said_to_be_background(docs):
    assert "nothing cites it" in listed(docs, SOURCES, "NEWS")


def test_every_source_stands_in_a_group_and_is_counted(docs):
    sources = read_sources(ROOT / "docs" / "sources.yml")
    guide = load_guide(ROOT / "checklists")
    page = sources_page(sources, guide, docs, language="en", page_url="sources/")
    assert all(f'<li id="source-{key}">' in page for key in sources)
    counts = [int(count) for count in re.findall(r"<td>(\d+)</td>", page.split("</table>")[0])]
    assert len(counts) == len(GROUPS) * len(STATUSES)
    assert sum(counts) == len(sources)
