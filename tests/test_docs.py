"""The pages, as files: both languages say the same in the same places, and state what the data says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from tuneready.site.sources import CITATION, CODE, JUDGEMENT, read_sources

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
PAGES = sorted(path.relative_to(DOCS / "en").as_posix() for path in (DOCS / "en").rglob("*.md"))
LANGUAGES = ("en", "nl")
# A search engine cuts off what is longer.
LONGEST_DESCRIPTION = 155
HEADING = re.compile(r"^(#+) .*?(?:\{ #([\w-]+) \})?$", re.MULTILINE)
MACRO = re.compile(r"\{\{ .*? \}\}")
# How the page on the verdict writes its limits.
SHARE = re.compile(r"(\d+)%|\b(half|helft)\b")
BLOCKERS = re.compile(r"(?:at most|hooguit) (two|twee) ")
FOUNDATION = re.compile(r"(?:first|eerste) (three|drie) ")
WEIGHTS = re.compile(r"(?:of weight|met gewicht) (\d) (?:or|of) (\d)")
NUMBERS = {"two": 2, "twee": 2, "three": 3, "drie": 3}


def text_of(language: str, page: str) -> str:
    return (DOCS / language / page).read_text(encoding="utf-8")


def headings(text: str) -> list[tuple[int, str]]:
    """The level and id of every heading, in order; the id is empty where none is given."""
    return [(len(found[1]), found[2] or "") for found in HEADING.finditer(CODE.sub("", text))]


def cited(text: str) -> set[str]:
    return {found[1] for found in CITATION.finditer(CODE.sub("", text))}


def test_both_languages_have_the_same_pages():
    dutch = [path.relative_to(DOCS / "nl").as_posix() for path in (DOCS / "nl").rglob("*.md")]
    assert sorted(dutch) == PAGES


@pytest.mark.parametrize("page", PAGES)
def test_the_translation_has_the_same_parts(page):
    english, dutch = (text_of(language, page) for language in LANGUAGES)
    assert headings(english) == headings(dutch)
    assert all(identifier for _, identifier in headings(english))
    assert cited(english) == cited(dutch)
    assert MACRO.findall(english) == MACRO.findall(dutch)


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_says_what_it_is_and_cites_what_we_have(language, page):
    text = text_of(language, page)
    about = yaml.safe_load(text.split("---")[1])
    assert about["title"]
    assert 0 < len(about["description"]) <= LONGEST_DESCRIPTION
    assert bool(about.get("render_macros")) == bool(MACRO.search(text))
    assert cited(text) <= {*read_sources(DOCS / "sources.yml"), JUDGEMENT}


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_days_of_checking_are_written_so_that_they_can_be_found(language, page):
    assert not re.search(
        r"(checked|gecontroleerd)\s+o[pn]\s+\d", text_of(language, page), re.IGNORECASE
    )


def test_every_source_is_cited():
    """What nothing rests on would only make the page of sources longer."""
    texts = [text_of(language, page) for language in LANGUAGES for page in PAGES]
    used = set().union(*map(cited, texts))
    for file in (ROOT / "checklists").rglob("*.yaml"):
        used |= set(re.findall(r"[A-Z0-9][A-Z0-9-]+", file.read_text(encoding="utf-8")))
    assert set(read_sources(DOCS / "sources.yml")) <= used


@pytest.mark.parametrize("language", LANGUAGES)
def test_checklists_point_to_headings_that_exist(language):
    pages = yaml.safe_load((ROOT / "checklists/pages.yaml").read_text(encoding="utf-8"))
    for path in filter(None, (page.get("path") for page in pages.values())):
        folder, _, identifier = path.partition("#")
        candidates = [f"{folder.rstrip('/')}.md", f"{folder}index.md"]
        page = next(name for name in candidates if name in PAGES)
        assert identifier in {"", *(name for _, name in headings(text_of(language, page)))}, path


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_limits_of_the_verdict_are_those_of_the_model(language):
    model = yaml.safe_load((ROOT / "checklists/verdict.yaml").read_text(encoding="utf-8"))
    limits = model["thresholds"]
    section = text_of(language, "decide/index.md").split("{ #how-the-verdict-is-made }")[1]
    table = [line for line in section.split("\n## ")[0].splitlines() if line.startswith("|")]
    # A row per rule, in the order in which the rules are tried.
    stated = [[int(found[1] or 50) for found in SHARE.finditer(row)] for row in table]
    names = [
        ["phase_coverage", "section_coverage", "na_share_max"],
        ["foundation"],
        ["ready_phase", "ready_section"],
        ["nearly_phase", "nearly_section"],
    ]
    assert list(filter(None, stated)) == [[round(limits[n] * 100) for n in row] for row in names]
    rules = "\n".join(table)
    assert NUMBERS[BLOCKERS.search(rules)[1]] == limits["nearly_max_blockers"]
    assert NUMBERS[FOUNDATION.search(rules)[1]] == len(model["profiles"]["decide"]["foundation"])
    heavy = [int(weight) for weight in WEIGHTS.search(rules).groups()]
    assert heavy == list(range(limits["ready_max_sign_weight"] + 1, 4))
    labels = [outcome["label"][language] for outcome in model["outcomes"].values()]
    assert set(re.findall(r"\*\*(.+?)\*\* \|$", rules, re.MULTILINE)) == set(labels)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_limits_of_the_launch_gate_are_those_of_the_model(language):
    model = yaml.safe_load((ROOT / "checklists/verdict.yaml").read_text(encoding="utf-8"))
    launch = model["profiles"]["launch"]
    text = text_of(language, "launch/index.md").split("{ #verdict }")[1].split("\n## ")[0]
    assert launch["thresholds"]["phase_coverage"] == launch["thresholds"]["section_coverage"] == 1
    shares = {launch["thresholds"][name] for name in ("ready_phase", "ready_section")}
    assert {int(found[1]) / 100 for found in SHARE.finditer(text)} == shares
    assert launch["thresholds"]["nearly_max_blockers"] == 1
    assert re.search(r"more than one\s+blocking|meer dan één\s+blokkerend", text)
    assert set(launch["skip_rules"]) == set(model["profiles"]["prepare"]["skip_rules"])
    assert launch["skip_rules"] == ["redirect", "weak-foundation"]  # as both pages say
