"""The page of differences says what the overrides and the languages change, and nothing else."""

from __future__ import annotations

import html
import re
import shutil
from pathlib import Path

import pytest

from tuneready.checklist.load import read_guide
from tuneready.site.difference_page import differences_page
from tuneready.site.languages import SiteLanguage, site_languages

ROOT = Path(__file__).resolve().parents[1]
UPSTREAM = site_languages(ROOT)

WHY = """\
items:
  why-specific-use-case:
    text:
      en: "You can name *one* task & its users, < 10."
    weight: 2
    blocker: false
  why-base-model-chosen:
    hide: true
add:
  - id: why-works-council
    kind: ready
    text:
      en: "The works council agrees."
      nl: "De ondernemingsraad is akkoord."
"""
VERDICT = "thresholds:\n  ready_phase: 0.9\n"
LEGAL = """\
id: legal
phase: decide
path: decide/legal/
title: {en: "Legal", nl: "Juridisch"}
intro: {en: "Ask early.", nl: "Vraag het vroeg."}
items:
  - id: legal-contract
    kind: ready
    text: {en: "The contract allows it.", nl: "Het contract staat het toe."}
next_step:
  page: problem-statement
  text: {en: "Ask.", nl: "Vraag."}
"""


@pytest.fixture
def reading(tmp_path):
    """The guide with the overrides above."""
    folder = tmp_path / "checklists"
    shutil.copytree(ROOT / "checklists", folder, ignore=shutil.ignore_patterns("overrides"))
    own = folder / "overrides"
    own.mkdir()
    for name, text in (("why", WHY), ("verdict", VERDICT), ("legal", LEGAL)):
        (own / f"{name}.yaml").write_text(text)
    made = read_guide(folder)
    assert made.guide, made.faults
    return made


def page(reading, language="en", languages=UPSTREAM):
    return differences_page(
        reading.guide,
        reading.differences,
        languages,
        language=language,
        page_url="differences/",
    )


def rows(text):
    """Each row as its kind and the text of its cells."""
    return [
        (
            kind,
            [
                html.unescape(re.sub(r"<[^>]+>", "", cell)).strip()
                for cell in re.findall(r"<td[^>]*>(.*?)</td>", row)
            ],
        )
        for kind, row in re.findall(r'<tr data-change="(\w+)">(.*?)</tr>', text)
    ]


def test_upstream_says_that_nothing_differs():
    said = page(read_guide(ROOT / "checklists"))
    assert html.unescape(said).startswith("Nothing differs")
    assert "<table" not in said


def test_each_change_has_what_was_and_what_is(reading):
    item = "You can name *one* task & its users, < 10."
    plain = item.replace("*", "")
    upstream = {item.id: item for _, item in read_guide(ROOT / "checklists").guide.items()}
    text = upstream["why-specific-use-case"].text.en
    place = "why.yaml:"
    assert [row for row in rows(page(reading)) if "why.yaml" in row[1][3]] == [
        ("changed", [f"{plain} question (en)", text, item, f"{place}4"]),
        ("changed", [f"{plain} weight", "3", "2", f"{place}5"]),
        ("changed", [f"{plain} blocking", "yes", "no", f"{place}6"]),
        (
            "hidden",
            [f"hidden {upstream['why-base-model-chosen'].text.en}", "–", "–", f"{place}8"],
        ),
        ("added", ["added The works council agrees.", "–", "–", f"{place}10"]),
    ]


def test_limits_and_lists_of_our_own_are_named(reading):
    said = page(reading)
    limit = next(row for row in rows(said) if "verdict.yaml" in row[1][3])
    assert limit == (
        "changed",
        ["thresholds.ready_phase", "0.85", "0.9", "verdict.yaml:2"],
    )
    assert 'href="../decide/legal/">Legal</a>' in said
    assert "{ #of-legal }" not in said
    assert "{ #of-why }" in said
    assert "Values changed: 4." in said
    assert "Questions hidden: 1." in said
    assert "Questions added: 1." in said


def test_links_lead_to_the_question(reading):
    said = page(reading)
    assert 'href="../decide/why/#why-specific-use-case"' in said
    assert "why-base-model-chosen" not in said


def test_a_further_language_is_a_difference(tmp_path):
    french = SiteLanguage("fr", tmp_path / "mkdocs.fr.yml", tmp_path)
    said = page(read_guide(ROOT / "checklists"), languages=(*UPSTREAM, french))
    assert '<span lang="fr">Français</span> (<code>mkdocs.fr.yml</code>)' in said
    assert "Nothing differs" not in said


def test_texts_of_others_are_no_markup(reading):
    assert "task &amp; its users, &lt; 10." in page(reading)
    assert "Juridisch" in page(reading, "nl")
