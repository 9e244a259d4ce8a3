"""The strict loader: what is refused, with which words, and that our own checklists are fine."""

from __future__ import annotations

import dataclasses
import os
import re
import shutil
import time
from collections.abc import Mapping
from pathlib import Path

import pytest
import yaml

from tuneready.checklist.load import ChecklistError, load_guide
from tuneready.checklist.model import Checklist, Guide, Text

TOP = Path(__file__).parent.parent
CHECKLISTS = TOP / "checklists"
CASES = Path(__file__).parent / "cases" / "checklists"
SMALL = CASES / "broken" / "guide"
BROKEN = sorted([*(CASES / "broken").glob("*.yaml"), *(CASES / "overrides").glob("*.yaml")])


def put(case: Path, folder: Path) -> Path:
    """Put a broken file into a small guide that is fine otherwise, or among its overrides."""
    guide = folder / "checklists"
    shutil.copytree(SMALL, guide)
    into = guide / "overrides" if case.parent.name == "overrides" else guide
    into.mkdir(exist_ok=True)
    shutil.copy(case, into / f"{case.stem.partition('-')[0]}.yaml")
    return guide


@pytest.mark.parametrize("case", BROKEN, ids=lambda case: f"{case.parent.name}/{case.stem}")
def test_a_broken_file_gets_every_fault_with_its_place(case: Path, tmp_path: Path) -> None:
    guide = put(case, tmp_path)
    started = time.process_time()
    with pytest.raises(ChecklistError) as raised:
        load_guide(guide)
    assert time.process_time() - started < 1
    said = str(raised.value).replace(f"{guide}/", "") + "\n"
    if os.environ.get("TUNEREADY_REWRITE"):
        case.with_suffix(".txt").write_text(said, encoding="utf-8")
    assert said == case.with_suffix(".txt").read_text(encoding="utf-8")


def test_the_faults_of_an_override_never_name_an_upstream_file() -> None:
    for case in (CASES / "overrides").glob("*.txt"):
        lines = case.read_text(encoding="utf-8").splitlines()
        assert lines
        assert all(re.match(r"overrides/\w+\.yaml:\d+:\d+: ", line) for line in lines), case


def test_the_small_guide_is_fine() -> None:
    guide = load_guide(SMALL)
    assert [checklist.id for checklist in guide.checklists] == ["colours", "shapes"]


def test_faults_of_several_files_come_together(tmp_path: Path) -> None:
    shutil.copytree(SMALL, tmp_path, dirs_exist_ok=True)
    for name in ("colours", "shapes"):
        file = tmp_path / f"{name}.yaml"
        file.write_text(file.read_text(encoding="utf-8").replace("phase: decide", "phase: no"))
    with pytest.raises(ChecklistError) as raised:
        load_guide(tmp_path)
    assert [Path(fault.file).name for fault in raised.value.faults] == [
        "colours.yaml",
        "shapes.yaml",
    ]


def test_a_folder_without_the_two_central_files_says_so(tmp_path: Path) -> None:
    with pytest.raises(ChecklistError) as raised:
        load_guide(tmp_path)
    assert [Path(fault.file).name for fault in raised.value.faults] == [
        "pages.yaml",
        "verdict.yaml",
    ]


def test_a_file_above_the_size_limit_is_not_parsed(tmp_path: Path) -> None:
    shutil.copytree(SMALL, tmp_path, dirs_exist_ok=True)
    (tmp_path / "colours.yaml").write_text("# " + "x" * 1_000_000, encoding="utf-8")
    with pytest.raises(ChecklistError, match="larger than 1,000,000 bytes"):
        load_guide(tmp_path)


# -- our own checklists ---------------------------------------------------------------------


@pytest.fixture(scope="module")
def guide() -> Guide:
    return load_guide(CHECKLISTS)


def test_ten_checklists_in_the_order_of_the_profiles(guide: Guide) -> None:
    assert [checklist.id for checklist in guide.checklists] == [
        name for profile in guide.verdict.profiles.values() for name in profile.checklists
    ]
    assert len(guide.checklists) == 10
    assert sum(1 for _ in guide.items()) == 124


def test_every_text_is_there_in_both_languages_and_written_for_each(guide: Guide) -> None:
    texts = _texts(guide)
    assert len(texts) > 250
    assert [text.en for text in texts if text.en == text.others["nl"]] == []


def _texts(value: object) -> list[Text]:
    if isinstance(value, Text):
        return [value]
    if dataclasses.is_dataclass(value):
        return [
            text
            for field in dataclasses.fields(value)
            for text in _texts(getattr(value, field.name))
        ]
    if isinstance(value, Mapping):
        return [text for inner in value.values() for text in _texts(inner)]
    return [text for inner in value for text in _texts(inner)] if isinstance(value, tuple) else []


# -- the seed -------------------------------------------------------------------------------

# Sections of the page of terms, by the ids of their headings.
TERMS = {
    "terms/1": "#prompt-engineering",
    "terms/2": "#rag",
    "terms/3": "#fine-tuning",
}


def seed_index() -> dict[str, str]:
    index: dict[str, str] = yaml.safe_load((CASES / "seed-index.yaml").read_text(encoding="utf-8"))
    return index


@pytest.mark.parametrize("statement", [key for key in seed_index() if key not in TERMS])
def test_every_statement_of_the_seed_is_covered_by_an_item(statement: str, guide: Guide) -> None:
    covering = [item for _, item in guide.items() if statement in item.seed]
    assert covering, seed_index()[statement]
    for item in covering:
        assert item.text.en.strip()
        assert item.text.others["nl"].strip()


def test_the_decision_checklists_alone_cover_the_seed(guide: Guide) -> None:
    covered = {
        key
        for checklist in guide.of_profile("decide")
        for item in checklist.items
        for key in item.seed
    }
    assert covered == seed_index().keys() - TERMS.keys()


@pytest.mark.parametrize("statement", TERMS)
@pytest.mark.parametrize("language", ["en", "nl"])
def test_the_terms_of_the_seed_have_a_section(statement: str, language: str) -> None:
    page = (TOP / "docs" / language / "terms.md").read_text(encoding="utf-8")
    heading = TERMS[statement]
    assert f"{{ {heading} }}" in page, seed_index()[statement]


def test_items_name_no_statement_that_the_index_lacks(guide: Guide) -> None:
    named = {key for _, item in guide.items() for key in item.seed}
    assert named <= seed_index().keys()


def test_a_blocker_offers_not_applicable_only_where_it_says_so(guide: Guide) -> None:
    offered = [item.id for _, item in guide.items() if item.blocker and item.offers_not_applicable]
    assert offered == ["sg-legal-basis"]


def test_every_checklist_and_page_of_this_guide_has_a_path(guide: Guide) -> None:
    assert all(checklist.path for checklist in guide.checklists)
    assert all(page.path for page in guide.pages.values())
    assert isinstance(guide.checklist("why"), Checklist)


@pytest.mark.parametrize("language", ["en", "nl"])
def test_every_path_leads_to_a_heading_that_exists(language: str, guide: Guide) -> None:
    docs = TOP / "docs" / language
    paths = [page.path for page in guide.pages.values() if page.path]
    for path in paths:
        folder, _, anchor = path.partition("#")
        file = docs / f"{folder}index.md"
        text = (file if file.is_file() else docs / f"{folder[:-1]}.md").read_text(encoding="utf-8")
        assert not anchor or f"#{anchor} }}" in text, path


def test_the_sources_of_the_decision_checklists_are_listed(guide: Guide) -> None:
    listed = yaml.safe_load((TOP / "docs" / "sources.yml").read_text(encoding="utf-8"))
    named = {
        key
        for checklist in guide.of_profile("decide")
        for part in (*checklist.items, checklist.next_step)
        for key in part.source
        if not key.startswith("F-")
    }
    assert named - listed.keys() - {"judgement"} == set()
