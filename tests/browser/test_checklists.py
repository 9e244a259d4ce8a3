"""A reader answers: click, key, reload, leave and return, another language, the verdict."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from checklist_vectors import VECTORS, answers_of, read_vector
from kept import CASE, FIRST, answer, chosen, put, stored
from playwright.sync_api import Page, expect

from tuneready.checklist.load import load_guide

pytestmark = pytest.mark.browser

ROOT = Path(__file__).resolve().parents[2]


def test_an_answer_takes_one_click_and_another_clears_it(page: Page, site: str) -> None:
    page.goto(f"{site}decide/why/")
    answer(page, CASE, "yes")
    assert chosen(page, CASE) == "yes"
    expect(page.locator("tr-checklist [data-count]")).to_contain_text("1 of 11")
    answer(page, CASE, "no")
    assert chosen(page, CASE) == "no"
    answer(page, CASE, "no")
    assert chosen(page, CASE) is None
    expect(page.locator("tr-checklist [data-count]")).to_contain_text("0 of 11")


def test_answers_survive_a_reload(page: Page, site: str) -> None:
    page.goto(f"{site}decide/why/")
    answer(page, CASE, "yes")
    answer(page, "#why-owner", "no")
    page.reload()
    assert chosen(page, CASE) == "yes"
    assert chosen(page, "#why-owner") == "no"
    assert chosen(page, "#why-task-stable") is None


def test_answers_are_kept_below_the_path_of_the_site(page: Page, site: str) -> None:
    page.goto(f"{site}decide/why/")
    answer(page, CASE, "yes")
    assert sorted(stored(page)) == [
        f"assessment:{FIRST}",
        "current",
        f"entry:{FIRST}:why-specific-use-case",
        f"seen:{FIRST}:why",
    ]


def test_a_section_is_gone_through_with_keys_alone(page: Page, site: str) -> None:
    page.goto(f"{site}decide/why/")
    page.locator(f"{CASE} input").first.focus()
    items = page.locator("tr-checklist fieldset").evaluate_all("all => all.map(one => one.id)")
    for _ in items:
        page.keyboard.press("y")
    assert [chosen(page, f"#{item}") for item in items] == ["yes"] * len(items)
    page.locator(f"{CASE} input:checked").focus()
    page.keyboard.press("Backspace")
    assert chosen(page, CASE) is None
    page.locator(f"{CASE} input").first.focus()
    page.keyboard.press("Space")
    assert chosen(page, CASE) == "yes"


def test_clearing_can_be_undone(page: Page, site: str) -> None:
    page.goto(f"{site}decide/why/")
    answer(page, CASE, "yes")
    page.click("tr-checklist [data-action=clear]")
    assert chosen(page, CASE) is None
    page.click("tr-checklist [data-action=undo]")
    assert chosen(page, CASE) == "yes"
    page.reload()
    assert chosen(page, CASE) == "yes"


def test_clearing_can_be_undone_after_leaving_and_returning(page: Page, site: str) -> None:
    page.goto(f"{site}decide/why/")
    answer(page, CASE, "yes")
    page.click("tr-checklist [data-action=clear]")
    page.locator(".md-footer__link--next").click()
    page.wait_for_selector("tr-checklist[checklist=tried]")
    page.go_back()
    page.wait_for_selector("tr-checklist[checklist=why]")
    page.click("tr-checklist [data-action=undo]")
    assert chosen(page, CASE) == "yes"


def test_neither_a_double_click_nor_a_held_key_does_more_than_once(page: Page, site: str) -> None:
    page.goto(f"{site}decide/why/")
    page.locator(f"{CASE} label:has(input[value=yes])").dblclick()
    assert chosen(page, CASE) == "yes"
    page.locator("#why-owner input").first.focus()
    for _ in range(4):  # the later ones are repeats
        page.keyboard.down("n")
    page.keyboard.up("n")
    expect(page.locator("tr-checklist [data-count]")).to_contain_text("2 of 11")
    assert chosen(page, "#why-owner") == "no"


def test_keys_elsewhere_are_no_answers_and_turn_no_page(page: Page, site: str) -> None:
    page.goto(f"{site}decide/why/")
    page.locator(f"{CASE} input").first.focus()
    for key in ("Control+y", "Alt+y", "Meta+y"):
        page.keyboard.press(key)
    page.locator("tr-checklist [data-end]").focus()
    page.keyboard.press("n")  # Material's key for the next page
    page.keyboard.press("/")
    page.keyboard.type("any yes or no")
    expect(page.locator("tr-checklist [data-count]")).to_contain_text("0 of 11")
    assert page.url == f"{site}decide/why/"


def test_instant_navigation_there_and_back(page: Page, site: str) -> None:
    page.goto(f"{site}decide/why/")
    page.evaluate("window.stillHere = true")
    answer(page, CASE, "yes")
    page.locator(".md-nav--primary a, .md-tabs a", has_text="What have you tried?").first.click()
    page.wait_for_url("**/decide/tried/")
    page.wait_for_selector("tr-checklist[checklist=tried]")
    answer(page, "#tried-stronger-model", "no")
    expect(page.locator("tr-checklist [data-count]")).to_contain_text("1 of 10")
    page.go_back()
    page.wait_for_selector("tr-checklist[checklist=why]")
    expect(page.locator("tr-checklist [data-count]")).to_contain_text("1 of 11")
    assert chosen(page, CASE) == "yes"
    page.go_forward()
    page.wait_for_selector("tr-checklist[checklist=tried]")
    expect(page.locator("tr-checklist [data-count]")).to_contain_text("1 of 10")
    assert page.evaluate("window.stillHere"), "the page was loaded anew: not instant navigation"


def test_the_language_switch_keeps_page_and_answers(page: Page, site: str) -> None:
    page.goto(f"{site}decide/why/")
    answer(page, CASE, "yes")
    page.locator(".md-header .md-select").hover()
    page.locator(".md-header .md-select a[hreflang=nl]").click()
    page.wait_for_url("**/nl/decide/why/**")
    expect(page.locator("h1")).to_contain_text("Waarom finetunen?")
    assert chosen(page, CASE) == "yes"
    page.locator(".md-header .md-select").hover()
    page.locator(".md-header .md-select a[hreflang=en]").click()
    page.wait_for_url(f"{site}decide/why/**")
    assert chosen(page, CASE) == "yes"


def keep(page: Page, answers: dict[str, str], scope: dict[str, str]) -> None:
    """Keep these answers, and no others."""
    page.evaluate("localStorage.clear()")
    put(page, {f"assessment:{FIRST}": json.dumps({"name": "A", "created": "", "scope": scope})})
    put(
        page,
        {f"entry:{FIRST}:{item}": json.dumps({"answer": one}) for item, one in answers.items()},
    )


def command_line(answers_file: Path) -> dict[str, object]:
    done = subprocess.run(
        [sys.executable, "-m", "tuneready", "assess", str(answers_file), "--format", "json"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


def test_no_answer_loads_no_python(page: Page, site: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{site}decide/")
    page.wait_for_timeout(500)
    expect(page.locator("tr-assessment")).to_have_attribute("data-state", "idle")
    assert not [url for url in asked if "/py/" in url]


def test_answers_to_questions_that_are_gone_are_no_answers(page: Page, site: str) -> None:
    page.goto(f"{site}decide/")
    keep(page, {"why-gone": "yes"}, {})
    page.reload()
    expect(page.locator("tr-assessment")).to_have_attribute("data-state", "idle")


def test_few_answers_show_the_most_important_open_questions(page: Page, site: str) -> None:
    page.goto(f"{site}decide/why/")
    answer(page, CASE, "yes")
    page.goto(f"{site}decide/")
    verdict = page.get_by_role("region", name="Verdict")
    expect(verdict.get_by_role("heading", name="Not enough answered")).to_be_visible(timeout=60_000)
    part = verdict.locator(".tr-part", has=page.get_by_role("heading", name="Still open"))
    shown = part.locator(".tr-open").first.locator("li")
    expect(shown).to_have_count(5)
    for one in shown.all():
        expect(one).to_contain_text("Blocking")
        expect(one).to_be_visible()


def test_answering_by_hand_gives_the_verdict_of_the_command_line(
    page: Page, site: str, tmp_path: Path
) -> None:
    """All five lists, clicked: yes on what is good, no on warning signs, with two gaps."""
    exceptions = {"data-rights-clear": "no", "why-cost-main-driver": "yes"}
    for checklist in ("why", "tried", "alternatives", "data", "measure"):
        page.goto(f"{site}decide/{checklist}/")
        sections = page.locator("tr-checklist section")
        for number, usual in enumerate(("yes", "no")):
            for item in sections.nth(number).locator("fieldset").all():
                name = item.get_attribute("id")
                answer(page, f"#{name}", exceptions.get(name, usual))
    page.goto(f"{site}decide/")
    element = page.locator("tr-assessment")
    expect(element).to_have_attribute("data-state", "done", timeout=60_000)
    expect(element).to_have_attribute("data-verdict", "nearly-ready")
    gaps = page.locator("tr-assessment .tr-gap")
    expect(gaps).to_have_count(2)
    # A blocker first, each gap linked to its question.
    first = gaps.nth(0).locator("a").first
    expect(first).to_have_attribute("href", re.compile(r"decide/data/#data-rights-clear$"))
    with page.expect_download() as download:
        page.click("tr-assessment [data-action=download]")
    saved = tmp_path / "answers.json"
    download.value.save_as(saved)
    assessed = command_line(saved)
    assert assessed["verdict"] == element.get_attribute("data-verdict")
    expect(element).to_contain_text(assessed["reason"])
    assert [gap["text"] for gap in assessed["gaps"]] == gaps.locator("a").all_text_contents()
    first.click()
    page.wait_for_url("**/decide/data/#data-rights-clear")
    expect(page.locator("#data-rights-clear")).to_be_in_viewport()


def test_vectors_give_their_verdict_in_the_page(page: Page, site: str) -> None:
    """Every vector of the deciding profile, stored as answers, in one page after another."""
    page.goto(f"{site}decide/")
    element = page.locator("tr-assessment")
    guide = load_guide(ROOT / "checklists")
    for path in VECTORS:
        vector = read_vector(path)
        answers = answers_of(vector, guide)
        if vector["profile"] != "decide" or not answers or "scope" in vector:
            continue  # without an answer the page shows how to begin; scopes: test_verdict.py
        keep(page, answers, vector.get("scope", {}))
        page.reload()
        expect(element).to_have_attribute("data-state", "done", timeout=60_000)
        assert element.get_attribute("data-verdict") == vector["expect"]["verdict"], path.name


def test_a_change_in_another_tab_changes_the_verdict(page: Page, site: str) -> None:
    page.goto(f"{site}decide/")
    other = page.context.new_page()
    other.goto(f"{site}decide/why/")
    answer(other, "#why-adding-knowledge", "yes")
    element = page.locator("tr-assessment")
    expect(element).to_have_attribute("data-verdict", "explore-alternatives", timeout=60_000)
    other.bring_to_front()
    answer(other, "#why-adding-knowledge", "yes")
    expect(element).to_have_attribute("data-state", "idle", timeout=60_000)


def test_a_missing_file_is_an_honest_failure_with_retry(page: Page, site: str) -> None:
    page.goto(f"{site}decide/why/")
    answer(page, CASE, "yes")
    page.route("**/py/pyodide.asm.wasm", lambda route: route.fulfill(status=404))
    page.goto(f"{site}decide/")
    element = page.locator("tr-assessment")
    expect(element).to_have_attribute("data-state", "failed", timeout=60_000)
    expect(element.locator("[data-failure=missing-file]")).to_be_visible()
    page.unroute("**/py/pyodide.asm.wasm")
    element.locator("[data-action=retry]").click()
    expect(element).to_have_attribute("data-state", "done", timeout=60_000)
    page.provoked = True  # the browser logs the 404 itself


def test_ticks_made_before_the_code_arrives_are_kept(page: Page, site: str) -> None:
    page.goto(f"{site}decide/why/")
    answer(page, "#why-owner", "no")
    held = []
    page.route("**/js/checklist.js", lambda route: held.append(route))  # noqa: PLW0108  a route wants a function
    page.goto(f"{site}decide/why/", wait_until="commit")  # it is loaded when this has come, too
    answer(page, CASE, "yes")
    assert held
    for route in held:
        route.continue_()
    expect(page.locator("tr-checklist [data-count]")).to_contain_text("2 of 11")
    assert chosen(page, CASE) == "yes"
    assert chosen(page, "#why-owner") == "no"
    page.unroute("**/js/checklist.js")
    page.reload()
    expect(page.locator("tr-checklist [data-count]")).to_contain_text("2 of 11")
