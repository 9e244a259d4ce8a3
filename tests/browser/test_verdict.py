"""The verdict's page: what would change it, and what the questions about the case leave out."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from axe import violations
from checklist_vectors import VECTORS, answers_of, ideal, read_vector
from kept import FIRST, put, stored
from playwright.sync_api import Page, expect

from tuneready.checklist.load import load_guide

if TYPE_CHECKING:
    from collections.abc import Mapping

pytestmark = pytest.mark.browser

GUIDE = load_guide(Path(__file__).resolve().parents[2] / "checklists")
DONE = 60_000
VERDICT = "tr-assessment"
CASE = "tr-scope"


def verdict(
    page: Page, site: str, profile: str, answers: Mapping[str, str], scope: Mapping[str, str]
) -> None:
    """Show a profile's page with these answers kept, and no others."""
    page.goto(f"{site}{profile}/")
    page.evaluate("localStorage.clear()")
    head = {"name": "Invoices", "created": "2026-11-22T09:00:00.000Z", "scope": scope}
    entries = {
        f"entry:{FIRST}:{item}": json.dumps({"answer": answer}) for item, answer in answers.items()
    }
    put(page, {f"assessment:{FIRST}": json.dumps(head), "current": json.dumps(FIRST), **entries})
    page.reload()
    expect(page.locator(VERDICT)).to_have_attribute("data-state", "done", timeout=DONE)


def test_the_nearest_verdict_is_shown_with_what_leads_there(page: Page, site: str) -> None:
    wrong = {"lg-rollback-tested": "no", "lg-no-regression": "no"}
    verdict(page, site, "launch", ideal(GUIDE, "launch") | wrong, {})
    changes = page.locator("[data-change]")
    expect(changes).to_have_count(2)
    expect(changes.nth(0)).to_contain_text("1 answer away from “Hold”")
    expect(changes.nth(1)).to_contain_text("2 answers away from “Go”")
    expect(changes.nth(0).locator("li")).to_be_visible()
    expect(changes.nth(1).locator("li").first).not_to_be_visible()
    changes.nth(1).locator("summary").first.click()
    expect(changes.nth(1).locator("li")).to_have_text(
        [re.compile("From no to yes.*Blocking"), re.compile("From no to yes.*Blocking")]
    )
    assert not violations(page)
    changes.nth(0).locator("li a").click()
    page.wait_for_url("**/launch/#lg-no-regression")


def test_a_long_way_is_folded_after_eight(page: Page, site: str) -> None:
    verdict(page, site, "decide", {"why-owner": "yes"}, {})
    (way,) = page.locator("[data-change]").all()
    expect(way.locator("li:visible")).to_have_count(8)
    way.get_by_text(re.compile(r"and \d+ more")).click()
    count = re.match(r"\d+", way.locator("summary").first.inner_text())
    assert count is not None
    expect(way.locator("li:visible")).to_have_count(int(count[0]))


def test_ready_has_nothing_to_change(page: Page, site: str) -> None:
    verdict(page, site, "prepare", ideal(GUIDE, "prepare"), {})
    expect(page.locator(VERDICT)).to_have_attribute("data-verdict", "ready")
    expect(page.locator("[data-change]")).to_have_count(0)


def test_the_case_leaves_questions_out_and_takes_them_back(page: Page, site: str) -> None:
    answers = ideal(GUIDE, "prepare") | {"co-platform-closing": "yes"}
    del answers["co-retirement-dates"]
    verdict(page, site, "prepare", answers, {})
    element = page.locator(VERDICT)
    expect(element).to_have_attribute("data-verdict", "not-enough-answered")
    count = page.locator("[data-checklist=cost-operations] [data-count]")
    expect(count).to_have_text("11 of 12")
    # Whoever has begun is here for the verdict, so the questions are folded.
    page.locator(f"{CASE} summary").click()
    page.get_by_role("radio", name="We will, on our own or rented hardware").check()
    expect(element).to_have_attribute("data-verdict", "ready", timeout=DONE)
    expect(count).to_have_text("9 of 9")
    expect(page.locator(f"{CASE} summary")).to_contain_text(
        "1 of 4 answered · 3 questions left out"
    )
    expect(page.locator(VERDICT)).to_contain_text("Left out: you answered “We will, on our own")
    assert not violations(page)

    page.reload()
    expect(element).to_have_attribute("data-verdict", "ready", timeout=DONE)
    # What was answered is still kept, and counts again as soon as it applies.
    assert "entry:00000001:co-platform-closing" in stored(page)
    page.locator(f"{CASE} summary").click()
    question = page.get_by_role("group", name="Who will train and run the model?")
    question.get_by_role("radio", name="Leave open").check()
    expect(element).to_have_attribute("data-verdict", "not-enough-answered", timeout=DONE)
    expect(count).to_have_text("11 of 12")


def test_each_page_asks_what_matters_to_its_lists(page: Page, site: str) -> None:
    for profile, questions in {"decide": 1, "prepare": 4, "launch": 0}.items():
        page.goto(f"{site}{profile}/")
        expect(page.locator(f"{CASE} fieldset")).to_have_count(questions)
        if questions:
            expect(page.locator(f"{CASE} fieldset").first).to_be_visible()


def test_vectors_with_a_scope_give_their_verdict_in_the_page(page: Page, site: str) -> None:
    vectors = [vector for vector in map(read_vector, VECTORS) if "scope" in vector]
    assert len(vectors) == 6
    for vector in vectors:
        verdict(page, site, vector["profile"], answers_of(vector, GUIDE), vector["scope"])
        element = page.locator(VERDICT)
        assert element.get_attribute("data-verdict") == vector["expect"]["verdict"]
        left_out = element.locator("[data-list=left_out] > li")
        expect(left_out).to_have_count(len(vector["expect"].get("left_out", [])))
