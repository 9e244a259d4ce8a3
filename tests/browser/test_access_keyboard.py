"""Every task with keys alone: nothing here clicks, and no key needs a place to point at."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from access_states import (
    DONE,
    SAMPLES,
    answers_file,
    check_running,
    import_preview,
    keep_answers,
    list_empty,
    overview_full,
    share_link,
    wished,
)
from kept import chosen, entry, time_passes
from playwright.sync_api import Locator, Page, expect

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.browser

FIRST = "why-specific-use-case"
CHECK = "tr-dataset-check"


def focused(page: Page) -> Locator:
    return page.locator("*:focus")


def reach(page: Page, selector: str, key: str = "Tab", most: int = 250) -> None:
    """Press a key until the focus is on what the selector finds."""
    for _ in range(most):
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
        page.keyboard.press(key)
    here = page.evaluate("document.activeElement.outerHTML.slice(0, 120)")
    pytest.fail(f"{key} does not lead to {selector}; the focus is on {here}")


def kept_focus(page: Page) -> None:
    """The focus is somewhere, and can be seen."""
    assert page.evaluate(
        "document.activeElement !== document.body && document.activeElement.checkVisibility()"
    ), page.evaluate("document.activeElement.outerHTML.slice(0, 120)")


def expect_choosers(page: Page) -> None:
    """Have the driver hear of choosers from now on: asked at the key press, it may come too late."""
    page.on("filechooser", lambda _: None)


def test_answer_change_take_back_and_note(page: Page, site: str) -> None:
    list_empty(page, site)
    reach(page, f"[name={FIRST}]")
    page.keyboard.press("Space")
    assert chosen(page, f"#{FIRST}") == "yes"
    page.keyboard.press("ArrowRight")
    assert chosen(page, f"#{FIRST}") == "no"
    page.keyboard.press("y")
    assert chosen(page, f"#{FIRST}") == "yes"
    kept_focus(page)
    reach(page, f"[name={FIRST}]", "Shift+Tab")
    page.keyboard.press("Backspace")
    assert chosen(page, f"#{FIRST}") is None
    kept_focus(page)
    reach(page, f"#{FIRST} [data-more] > summary")
    page.keyboard.press("Enter")
    reach(page, f"#{FIRST} [data-entry=note]")
    page.keyboard.type("Only invoices.")
    page.keyboard.press("Tab")
    page.keyboard.type("in the wiki")
    page.keyboard.press("Tab")
    page.keyboard.type("Ann")
    written = {"note": "Only invoices.", "evidence": "in the wiki", "owner": "Ann"}
    assert entry(page, FIRST).items() >= written.items()


def test_clear_undo_and_filter(page: Page, site: str) -> None:
    list_empty(page, site)
    reach(page, f"[name={FIRST}]")
    for _ in range(3):
        page.keyboard.press("y")
    reach(page, "[data-action=clear]")
    page.keyboard.press("Enter")
    expect(page.locator("[data-action=undo]")).to_be_focused()
    assert chosen(page, f"#{FIRST}") is None
    page.keyboard.press("Enter")
    expect(page.locator("[data-action=clear]")).to_be_focused()
    assert chosen(page, f"#{FIRST}") == "yes"
    reach(page, "[data-filter]", "Shift+Tab")
    page.keyboard.press("ArrowRight")
    expect(page.locator("[data-filter][value=open]")).to_be_focused()
    expect(page.locator(f"#{FIRST}")).to_be_hidden()
    # An answer takes its question out of the filter, and the focus goes on to the next.
    reach(page, "[data-item]:not([hidden]) [data-key]")
    page.keyboard.press("y")
    kept_focus(page)


def test_say_what_the_case_is(page: Page, site: str) -> None:
    page.goto(f"{site}decide/")
    reach(page, "tr-scope [name=method]")
    for _ in range(4):
        if page.locator("tr-scope [name=method][value=rft]").is_checked():
            break
        page.keyboard.press("ArrowUp")
    assert page.locator("tr-scope [name=method][value=rft]").is_checked()
    kept_focus(page)
    expect(page.locator("tr-scope [data-told]")).to_contain_text("left out")


def test_make_copy_and_open_a_link(page: Page, site: str) -> None:
    overview_full(page, site)
    reach(page, "tr-exchange [data-action=share]")
    page.keyboard.press("Enter")
    link = page.locator("tr-exchange [data-link]")
    expect(link).to_be_visible(timeout=DONE)
    kept_focus(page)
    reach(page, "tr-exchange [data-link]")
    page.keyboard.press("Control+a")
    address = link.input_value()
    page.evaluate("localStorage.clear()")
    page.goto("about:blank")
    page.goto(address)
    title = page.locator("#tr-preview-title")
    expect(title).to_be_visible(timeout=DONE)
    expect(title).to_be_focused()
    reach(page, ".tr-preview [data-action=add]")
    page.keyboard.press("Enter")
    expect(title).to_have_count(0)
    kept_focus(page)
    expect(page.locator("tr-overview")).to_have_attribute("data-state", "done", timeout=DONE)


def test_open_a_link_that_was_pasted_and_leave_it(page: Page, site: str) -> None:
    share_link(page, site)
    address = page.locator("tr-exchange [data-link]").input_value()
    page.evaluate("localStorage.clear()")
    page.goto("about:blank")
    page.goto(f"{site}overview/")
    reach(page, "tr-exchange [name=link]")
    page.keyboard.insert_text(address)
    page.keyboard.press("Enter")
    expect(page.locator("#tr-preview-title")).to_be_focused(timeout=DONE)
    reach(page, ".tr-preview [data-action=leave]")
    page.keyboard.press("Enter")
    expect(page.locator("#tr-preview-title")).to_have_count(0)
    kept_focus(page)


def test_import_a_file_undo_and_export(page: Page, site: str, tmp_path: Path) -> None:
    expect_choosers(page)
    page.goto(f"{site}overview/")
    # A browser opens no dialogue for a key that was pressed some time ago.
    expect(page.locator("tr-exchange:defined")).to_have_count(1)
    file = answers_file(tmp_path, "Bob", wished("why"))
    reach(page, "tr-exchange [data-file]")
    with page.expect_file_chooser() as choosing:
        page.keyboard.press("Enter")
    choosing.value.set_files(file)
    expect(page.locator("#tr-preview-title")).to_be_focused(timeout=DONE)
    reach(page, ".tr-preview [data-action=add]")
    page.keyboard.press("Enter")
    expect(page.locator("tr-exchange [data-action=undo]")).to_be_focused()
    page.keyboard.press("Enter")
    kept_focus(page)
    for kind in ("json", "markdown", "csv"):
        reach(page, f"tr-exchange [data-action={kind}]")
        with page.expect_download(timeout=DONE) as download:
            page.keyboard.press("Enter")
        assert download.value.path().stat().st_size > 0
        kept_focus(page)


def test_print_the_report(page: Page, site: str) -> None:
    page.add_init_script("window.print = () => { window.printed = true; };")
    overview_full(page, site)
    reach(page, "tr-exchange [data-action=print]")
    page.keyboard.press("Enter")
    page.wait_for_timeout(200)
    assert page.evaluate("window.printed")
    kept_focus(page)


def test_name_choose_and_delete_assessments(page: Page, site: str) -> None:
    page.goto(f"{site}overview/")
    reach(page, "tr-assessments [data-action=new]")
    page.keyboard.press("Enter")
    page.keyboard.type("Second")
    page.keyboard.press("Enter")
    kept_focus(page)
    choice = page.locator("tr-assessments select")
    assert choice.evaluate("one => one.selectedOptions[0].text") == "Second"
    reach(page, "tr-assessments [data-action=new]", "Shift+Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    expect(page.locator("tr-assessments [data-action=new]")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.type("Third")
    page.keyboard.press("Enter")
    reach(page, "tr-assessments select", "Shift+Tab")
    page.keyboard.type("Sec")
    page.keyboard.press("Enter")
    assert choice.evaluate("one => one.selectedOptions[0].text") == "Second"
    reach(page, "tr-assessments [data-action=remove]")
    page.keyboard.press("Enter")
    expect(page.locator("tr-assessments [data-action=undo]")).to_be_focused()
    page.keyboard.press("Enter")
    expect(choice).to_be_focused()


def test_compare_and_keep_what_is_agreed(page: Page, site: str, tmp_path: Path) -> None:
    page.goto(f"{site}compare/")
    files = [
        answers_file(tmp_path, "Ann", wished("why")),
        answers_file(tmp_path, "Bob", wished("why") | {"why-owner": "no"}),
    ]
    expect_choosers(page)
    reach(page, "tr-compare [data-file]")
    with page.expect_file_chooser() as choosing:
        page.keyboard.press("Space")
    choosing.value.set_files(files)
    expect(page.locator("#tr-compared")).to_be_visible(timeout=DONE)
    kept_focus(page)
    reach(page, ".tr-difference input")
    page.keyboard.press("ArrowDown")
    kept_focus(page)
    reach(page, "[data-keep] [type=submit]")
    page.keyboard.press("Enter")
    kept_focus(page)
    names = page.evaluate(
        "Object.entries(localStorage).filter(([key]) => key.includes(':assessment:'))"
        ".map(([, text]) => text)"
    )
    assert len(names) == 1
    reach(page, "tr-compare [data-action=take-out]", "Shift+Tab")
    page.keyboard.press("Enter")
    kept_focus(page)


def test_check_a_file_read_its_first_finding_and_download_the_report(page: Page, site: str) -> None:
    expect_choosers(page)
    page.goto(f"{site}check/")
    reach(page, f"{CHECK} [name=target]")
    page.keyboard.type("sft")
    reach(page, "#tr-check-file")
    with page.expect_file_chooser() as choosing:
        page.keyboard.press("Space")
    choosing.value.set_files(SAMPLES / "bad.jsonl")
    kept_focus(page)
    reach(page, f"{CHECK} [data-check]")
    page.keyboard.press("Enter")
    expect(page.locator(CHECK)).to_have_attribute("data-state", "done", timeout=DONE)
    expect(page.locator(f"{CHECK} [data-slot=headline]")).to_be_focused()
    assert page.title().startswith("Error: ")
    reach(page, "[data-slot=overview] a")
    page.keyboard.press("Enter")
    expect(focused(page)).to_have_attribute("data-slot", "heading")
    rule = page.locator(".tr-rule").filter(has=focused(page))
    expect(rule.locator("tbody tr").first).to_be_in_viewport()
    reach(page, "[data-slot=download]")
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    report = json.loads(download.value.path().read_text(encoding="utf-8"))
    assert report["reports"][0]["valid"] is False
    kept_focus(page)


def test_cancel_a_check(page: Page, site: str) -> None:
    check_running(page, site)
    reach(page, f"{CHECK} [data-cancel]")
    page.keyboard.press("Enter")
    expect(page.locator(CHECK)).to_have_attribute("data-state", "cancelled")
    expect(page.locator(f"{CHECK} [data-check]")).to_be_focused()


def test_a_choice_in_a_preview_is_not_lost(page: Page, site: str) -> None:
    import_preview(page, site)
    reach(page, ".tr-preview [data-action=replace]")
    page.keyboard.press("Enter")
    expect(page.locator("tr-exchange [data-action=undo]")).to_be_focused()


def test_switch_language_and_choose_another_scheme(page: Page, site: str) -> None:
    page.goto(f"{site}decide/why/")
    reach(page, ".md-header [name=__palette]")
    before = page.get_attribute("body", "data-md-color-media")
    page.keyboard.press("ArrowRight")
    assert page.get_attribute("body", "data-md-color-media") != before
    kept_focus(page)
    reach(page, ".md-select__link[hreflang=nl]")
    expect(focused(page)).to_be_visible()
    page.keyboard.press("Enter")
    page.wait_for_url("**/nl/decide/why/")


def test_search_and_go_to_what_was_found(page: Page, site: str) -> None:
    page.goto(site)
    page.keyboard.press("/")
    expect(page.locator(".md-search__input")).to_be_focused()
    page.keyboard.type("retrieval")
    expect(page.locator(".md-search-result__item").first).to_be_visible(timeout=DONE)
    first = page.locator(".md-search-result__link").first
    for _ in range(20):  # Material shows results before it hears keys about them
        page.keyboard.press("ArrowDown")
        page.wait_for_timeout(200)
        if first.evaluate("link => link === document.activeElement"):
            break
        page.locator(".md-search__input").focus()
    expect(first).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/guide/**")
    expect(page.locator(".md-content h1")).to_contain_text("RAG")
    time_passes(page, 500)  # Material closes the search again 125 ms after a link was followed
    page.keyboard.press("/")
    expect(page.locator("#__search")).to_be_checked()
    page.keyboard.press("Escape")
    expect(page.locator("#__search")).not_to_be_checked()


def test_a_menu_unfolds_with_keys(page: Page, site: str) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(f"{site}guide/cost/")
    reach(page, "button.md-header__button[for=__drawer]")
    for key in ("Enter", "Space"):
        page.keyboard.press(key)
        expect(page.locator("#__drawer")).to_be_checked()
        expect(page.locator(".md-sidebar--primary")).to_be_visible()
        reach(page, ".md-nav--primary .md-nav__link")
        page.keyboard.press("Escape")
        expect(page.locator("#__drawer")).not_to_be_checked()
        expect(page.locator("button.md-header__button[for=__drawer]")).to_be_focused()


def test_a_file_that_misses_the_zone_does_not_replace_the_page(page: Page, site: str) -> None:
    page.goto(f"{site}check/")
    for place, taken in (("h1", 0), ("[data-drop]", 1)):
        prevented = page.evaluate(
            """place => {
              const transfer = new DataTransfer();
              transfer.items.add(new File(["{}"], "dropped.jsonl"));
              const drop = new DragEvent("drop", { dataTransfer: transfer, bubbles: true, cancelable: true });
              document.querySelector(place).dispatchEvent(drop);
              return drop.defaultPrevented;
            }""",
            place,
        )
        assert prevented
        count = page.locator("#tr-check-file").evaluate("one => one.files.length")
        assert count == taken, place


def test_the_last_answers_are_kept_when_keys_are_fast(page: Page, site: str) -> None:
    page.goto(f"{site}decide/why/")
    keep_answers(page, {})
    page.reload()
    reach(page, f"[name={FIRST}]")
    page.keyboard.type("yyyy")
    assert page.locator("[data-key]:checked").count() == 4
    kept_focus(page)
