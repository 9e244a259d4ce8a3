"""The menu: generated sections, pages that it does not name, titles that are a page's own."""

from __future__ import annotations

import pytest

from tuneready.site.navigation import with_own_titles, with_pages, with_section

NAV = [
    {"Home": "index.md"},
    {"Decide": ["decide/index.md", {"Why?": "decide/why.md"}]},
    {"Dataset": [{"Rules": "rules/index.md"}, {"More": ["more/index.md"]}]},
    {"About": [{"Terms": "terms.md"}]},
]


def test_a_written_page_becomes_the_first_of_its_section():
    made = with_section(NAV, "rules/index.md", ["rules/index.md", "rules/json.md"])
    assert made[2] == {
        "Dataset": [{"Rules": ["rules/index.md", "rules/json.md"]}, {"More": ["more/index.md"]}]
    }
    assert [*made[:2], made[3]] == [*NAV[:2], NAV[3]]


@pytest.mark.parametrize(
    ("page", "section"),
    [
        ("decide/legal.md", lambda nav: nav[1]["Decide"]),
        ("rules/ours.md", lambda nav: nav[2]["Dataset"]),
        ("more/ours.md", lambda nav: nav[2]["Dataset"][1]["More"]),
        ("ours.md", lambda nav: nav[3]["About"]),
        ("elsewhere/ours.md", lambda nav: nav[3]["About"]),
    ],
)
def test_a_page_that_is_not_named_comes_last_in_its_folders_section(page, section):
    named = ["index.md", "decide/index.md", "decide/why.md", "rules/index.md", "more/index.md"]
    made = with_pages(NAV, [*named, "terms.md", page])
    assert section(made) == [*section(NAV), page]


def test_a_menu_that_names_every_page_stays_as_it_is():
    assert with_pages(NAV, ["decide/why.md", "terms.md"]) == NAV


def test_a_flat_menu_takes_the_page_itself():
    assert with_pages(["index.md"], ["index.md", "a/b.md"]) == ["index.md", "a/b.md"]


def test_a_translated_page_has_its_own_title_in_an_english_menu():
    made = with_own_titles(NAV, {"index.md", "decide/why.md"})
    assert made == [
        "index.md",
        {"Decide": ["decide/index.md", "decide/why.md"]},
        *NAV[2:],
    ]
