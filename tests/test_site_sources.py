"""Citations become footnotes from one list; what is not in the list fails the build."""

from __future__ import annotations

import markdown
import pytest

from tuneready.site.sources import Source, SourceError, read_sources, with_footnotes
from tuneready.strictyaml import YamlFaults

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
