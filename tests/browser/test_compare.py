"""A team compares: several files, differences first, and the agreed assessment."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from axe import violations
from playwright.sync_api import Page, expect

from tuneready.checklist.load import load_guide

pytestmark = pytest.mark.browser

ROOT = Path(__file__).resolve().parents[2]
DONE = 60_000
COMPARE = "tr-compare"


def saved(folder: Path, name: str, **changes: str | None) -> Path:
    """A file of answers to the first list: as one would wish, but for the changes."""
    items: dict[str, dict[str, Any]] = {
        item.id: {"answer": "yes" if item.kind == "ready" else "no"}
        for item in load_guide(ROOT / "checklists").checklist("why").items
    }
    for item, answer in changes.items():
        if answer is None:
            del items[item.replace("_", "-")]
        else:
            items[item.replace("_", "-")] = {"answer": answer, "note": f"{name} thinks so."}
    document = {
        "schema": "tuneready.answers/2",
        "name": name,
        "saved": "2026-11-22T12:00:00.000Z",
        "guide": "00000000",
        "scope": {},
        "items": items,
        "seen": {},
    }
    file = folder / f"{name}.json"
    file.write_text(json.dumps(document), encoding="utf-8")
    return file


def compared(page: Page, site: str, files: list[Path]) -> None:
    page.goto(f"{site}compare/")
    page.set_input_files(f"{COMPARE} [data-file]", files)
    expect(page.locator(f"{COMPARE} #tr-compared")).to_be_visible(timeout=DONE)


def test_differences_come_first_and_become_the_agreed_assessment(
    page: Page, site: str, tmp_path: Path
) -> None:
    files = [
        saved(tmp_path, "Ann"),
        saved(tmp_path, "Bob", why_owner="no", why_specific_use_case="no"),
        saved(tmp_path, "Cas", why_task_stable=None),
    ]
    compared(page, site, files)
    expect(page.locator("[data-people] li")).to_have_count(3)
    differing = page.locator("[data-differing] fieldset")
    expect(differing).to_have_count(2)
    # The blocking question before the other.
    expect(differing.nth(0)).to_contain_text("Blocking")
    expect(differing.nth(0)).to_contain_text("Bob thinks so.")
    expect(page.locator("[data-partly] fieldset")).to_have_count(1)
    assert not violations(page)
    # Nothing is kept before the reader says so.
    assert not page.evaluate("Object.keys(localStorage).some(key => key.includes(':entry:'))")
    page.locator("input[name=why-specific-use-case][value=no]").check()
    page.locator("[data-keep] input").fill("Agreed")
    page.click("[data-keep] button")
    page.goto(f"{site}decide/why/")
    expect(page.locator("#why-specific-use-case [value=no]")).to_be_checked()
    chosen = page.evaluate(
        """Object.fromEntries([...document.querySelectorAll("tr-checklist fieldset[data-item]")]
          .map(box => [box.id, box.querySelector(":checked")?.value ?? null]))"""
    )
    assert chosen["why-owner"] is None, "they differ, and nobody decided"
    assert chosen["why-behaviour-goal"] == "yes"
    notes = page.evaluate(
        "Object.entries(localStorage).filter(([key]) => key.endsWith('why-owner')).map(([, text]) => text)"
    )
    assert "Bob" in notes[0]
    assert "Bob thinks so." in notes[0]


def test_someone_can_be_taken_out_again(page: Page, site: str, tmp_path: Path) -> None:
    compared(page, site, [saved(tmp_path, "Ann"), saved(tmp_path, "Bob", why_owner="no")])
    page.locator("[data-people] [data-action=take-out]").first.click()
    expect(page.locator(COMPARE)).to_have_attribute("data-state", "idle")
    expect(page.locator("#tr-compared")).to_have_count(0)


def test_a_file_that_is_none_is_refused_and_the_others_stay(
    page: Page, site: str, tmp_path: Path
) -> None:
    compared(page, site, [saved(tmp_path, "Ann"), saved(tmp_path, "Bob", why_owner="no")])
    wrong = tmp_path / "wrong.json"
    wrong.write_text("{", encoding="utf-8")
    page.set_input_files(f"{COMPARE} [data-file]", wrong)
    expect(page.locator(f"{COMPARE} [data-failed] [data-message]")).to_contain_text("wrong.json")
    expect(page.locator("[data-people] li")).to_have_count(2)


def test_the_assessments_of_this_browser_take_part(page: Page, site: str, tmp_path: Path) -> None:
    page.goto(f"{site}decide/why/")
    page.locator("#why-owner label:has(input[value=no])").click()
    page.goto(f"{site}compare/")
    page.locator("[data-own-list] input").check()
    page.set_input_files(f"{COMPARE} [data-file]", saved(tmp_path, "Ann"))
    expect(page.locator("[data-differing] fieldset")).to_have_count(1, timeout=DONE)


def test_files_chosen_before_the_code_arrives_are_not_lost(
    page: Page, site: str, tmp_path: Path
) -> None:
    held = []
    page.route("**/js/compare.js", lambda route: held.append(route))  # noqa: PLW0108  a route wants a function
    page.goto(f"{site}compare/")
    files = [saved(tmp_path, "Ann"), saved(tmp_path, "Bob", why_owner="no")]
    page.set_input_files(f"{COMPARE} [data-file]", files)
    assert held
    for route in held:
        route.continue_()
    expect(page.locator(f"{COMPARE} #tr-compared")).to_be_visible(timeout=DONE)
