"""What a screen reader is given where it speaks: names, roles, and what is announced, in order.

No screen reader runs here; the browser's own tree of what it would be given is compared with files
in cases/access. TUNEREADY_REWRITE=1 writes them anew, for review as a diff.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from access_states import (
    DONE,
    check_errors,
    check_failed,
    check_good,
    comparison,
    import_preview,
    import_refused,
    list_empty,
    list_half,
    share_link,
    storage_blocked,
    verdict_provisional,
)
from playwright.sync_api import Page, expect

from tuneready.locale import translation

if TYPE_CHECKING:
    from access_states import State

pytestmark = pytest.mark.browser

CASES = Path(__file__).resolve().parents[1] / "cases/access"
# What differs from run to run, or with each new build of the site.
VARIES = (
    (re.compile(r"http://127\.0\.0\.1:\d+"), "http://site"),
    (re.compile(r"blob:http://site/[\da-f-]{36}"), "blob:http://site/…"),
    (re.compile(r"#answers=[\w.-]+|#a=[\w.-]+"), "#answers"),
    (re.compile(r"[\d.,]+ (?:MB|kB|byte) of [\d.,]+ (?:MB|kB) read; lines: [\d.,]+"), "… read"),
    (re.compile(r"\d{1,4} of at most"), "… of at most"),
    # Of several files that do not arrive, whichever is missed first.
    (re.compile(r"py/[\w.-]+\w"), "py/…"),
)
PARTS: dict[str, tuple[State, str]] = {
    "progress": (list_half, ".tr-checklist__bar"),
    "question": (list_half, "#why-specific-use-case"),
    "storage-blocked": (storage_blocked, "[data-keeping=blocked]"),
    "verdict": (verdict_provisional, "tr-assessment .tr-outcome"),
    "check-form": (check_good, ".tr-check__form"),
    "check-findings": (check_errors, "[data-result]"),
    "check-failed": (check_failed, "[data-failure]"),
    "import-preview": (import_preview, ".tr-preview"),
    "import-refused": (import_refused, "tr-exchange [data-failed]"),
    "share-link": (share_link, "[data-shared]"),
    "comparison": (comparison, "tr-compare [data-result]"),
}


# The others come from the same templates, whose texts are translated one by one.
IN_DUTCH = ("progress", "question", "storage-blocked", "verdict")
COMPARED = [(name, "") for name in PARTS] + [(name, "nl/") for name in IN_DUTCH]


@pytest.mark.parametrize(("name", "language"), COMPARED)
def test_a_screen_reader_is_given_what_we_expect(
    page: Page, site: str, name: str, language: str
) -> None:
    state, part = PARTS[name]
    state(page, site + language)
    given = page.locator(part).first.aria_snapshot() + "\n"
    for varying, same in VARIES:
        given = varying.sub(same, given)
    file = CASES / f"{name}.{language.strip('/') or 'en'}.yml"
    if os.environ.get("TUNEREADY_REWRITE"):
        CASES.mkdir(exist_ok=True)
        file.write_text(given, encoding="utf-8")
    assert given == file.read_text(encoding="utf-8"), (
        f"{file.name}: TUNEREADY_REWRITE=1 rewrites it"
    )


def test_every_file_is_compared() -> None:
    expected = {f"{name}.{language.strip('/') or 'en'}.yml" for name, language in COMPARED}
    assert {file.name for file in CASES.iterdir()} == expected


def test_nothing_interrupts_the_reader_but_a_failure(page: Page, site: str) -> None:
    for address in ("decide/why/", "decide/", "overview/", "check/", "compare/"):
        page.goto(site + address)
        assert page.locator("[aria-live=assertive]").count() == 0
        alerts = page.locator(".md-content [role=alert]")
        for alert in alerts.all():
            expect(alert).to_be_hidden()


def test_progress_is_said_once_the_reader_pauses(page: Page, site: str) -> None:
    list_empty(page, site)
    status = page.locator("tr-checklist [data-status]")
    page.evaluate(
        """() => {
          window.said = [];
          new MutationObserver(() => window.said.push(document.querySelector("tr-checklist [data-status]").textContent))
            .observe(document.querySelector("tr-checklist [data-status]"), { childList: true, characterData: true, subtree: true });
        }"""
    )
    page.locator("[data-key]").first.focus()
    for _ in range(3):
        page.keyboard.press("y")
    expect(status).to_have_text(re.compile(r"^3 of \d+ answered$"))
    assert len(page.evaluate("window.said")) == 1


def test_the_verdict_is_said_when_it_changes(page: Page, site: str) -> None:
    verdict_provisional(page, site)
    announced = page.locator("tr-assessment [data-announce]")
    expect(announced).to_have_attribute("role", "status")
    expect(announced).not_to_be_empty()
    assert (
        announced.inner_text() in page.locator("tr-assessment .tr-outcome__label").all_inner_texts()
    )


@pytest.mark.parametrize("language", ["en", "nl"])
def test_the_title_says_that_a_check_found_errors(page: Page, site: str, language: str) -> None:
    said = translation(language).gettext("Error: {title}").format(title="")
    page.goto(f"{site}{'' if language == 'en' else 'nl/'}check/")
    before = page.title()
    page.click("[data-sample='bad.jsonl']")
    check = page.locator("tr-dataset-check")
    expect(check).to_have_attribute("data-state", "done", timeout=DONE)
    assert page.title() == said + before
    expect(check.locator("[data-slot=headline]")).to_be_focused()
    page.click("[data-sample='good.jsonl']")
    expect(check.locator("[data-slot=headline]")).to_contain_text(
        re.compile("No problem|Geen problemen")
    )
    assert page.title() == before
    # And every finding can be gone to from the list of them.
    page.click("[data-sample='bad.jsonl']")
    expect(check.locator("[data-slot=overview] a").first).to_be_visible(timeout=DONE)
    for link in check.locator("[data-slot=overview] a").all():
        target = (link.get_attribute("href") or "").removeprefix("#")
        assert page.locator(f"[id='{target}']").count() == 1
