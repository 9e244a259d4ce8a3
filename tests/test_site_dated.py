"""Days on which a statement was checked: words on the page, and a list of what grew old."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tuneready.site.dated import DateError, aged, dated, with_checked_days

ROOT = Path(__file__).resolve().parents[1]


def said(markdown, language="en", first_line=1):
    return with_checked_days(markdown, language=language, page="a.md", first_line=first_line)


@pytest.fixture
def project(tmp_path):
    """A project with a page of 1 January, a source of 1 February and a target of 1 March."""
    page = tmp_path / "docs/en/guide/page.md"
    page.parent.mkdir(parents=True)
    page.write_text("---\ntitle: A\n---\n`{checked 1999-01-01}`\nTrue ({checked 2026-01-01}).\n")
    sources = tmp_path / "docs/sources.yml"
    sources.write_text('KEY:\n  title: "read: 1999-01-01"\n  read: "2026-02-01"\n')
    target = tmp_path / "macros/tuneready/targets/one.yaml"
    target.parent.mkdir(parents=True)
    target.write_text("sources:\n  docs:\n    read: '2026-03-01'\n")
    return tmp_path


def test_a_day_is_said_in_the_language_of_the_page():
    statement = "Prices ({checked 2026-11-02}) and more."
    assert said(statement) == (
        'Prices (<span class="tr-checked">checked on '
        '<time datetime="2026-11-02">2 November 2026</time></span>) and more.'
    )
    assert ">2 november 2026</time>" in said(statement, "nl")


def test_a_sentence_may_begin_with_it():
    assert ">Checked on <time" in said("{Checked 2026-11-22}: all is well.")
    # An editor may break the line there.
    assert ">Checked on <time" in said("{Checked\n2026-11-22}: all is well.")


def test_days_keep_their_places_among_code():
    markdown = (
        "`{checked x}` {checked 2026-11-22} `b`\n\n```\n{checked y}\n```\n{checked 2026-11-23}."
    )
    page = said(markdown)
    assert "`{checked x}`" in page
    assert "```\n{checked y}\n```" in page
    assert page.index("2026-11-22") < page.index("`b`") < page.index("2026-11-23")


@pytest.mark.parametrize("day", ["2026-02-30", "2026-13-01", "yesterday", "", "20261122", "26-1-2"])
def test_what_is_no_day_is_named_with_its_place(day):
    with pytest.raises(DateError, match=rf'^a\.md:12:15: "{day}" is no day'):
        said(f"one\n\nyes ({{checked {day}}})", first_line=10)


def test_every_kind_of_statement_is_listed_with_its_place(project):
    assert [(one.file, one.line, one.column, one.day.month) for one in dated(project)] == [
        ("docs/en/guide/page.md", 5, 16, 1),
        ("docs/sources.yml", 3, 10, 2),
        ("macros/tuneready/targets/one.yaml", 3, 12, 3),
    ]


def test_only_what_is_older_is_aged(project):
    today = date(2026, 3, 3)
    assert [str(fault).split(";")[0] for fault in aged(project, today, 30)] == [
        "docs/en/guide/page.md:5:16: last checked on 2026-01-01, 61 days ago"
    ]
    assert len(list(aged(project, today, 29))) == 2
    assert not list(aged(project, today, 61))


def test_the_list_knows_no_impossible_day(project):
    (project / "docs/en/guide/page.md").write_text("{checked 2026-02-30}")
    with pytest.raises(DateError, match=r"^docs/en/guide/page\.md:1:10: "):
        list(dated(project))


def test_this_project_dates_its_sources_targets_and_pages():
    files = [one.file for one in dated(ROOT)]
    assert len([name for name in files if name == "docs/sources.yml"]) > 100
    assert len([name for name in files if name.endswith(".yaml")]) > 50
