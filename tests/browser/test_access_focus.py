"""Tab goes through every kind of page: seen, never covered, in order, and out at the other end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from access_measures import tabbed
from access_states import STATES
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

PAGES = ("", "guide/cost/", "rules/messages/", "targets/openai/")
FULL = (
    "checklist: unfolded, with a note",
    "verdict: provisional",
    "checker: done, with errors",
    "overview: preview of a file",
    "comparison",
)


@pytest.mark.parametrize("address", PAGES, ids=lambda address: address or "home")
@pytest.mark.parametrize("width", [1280, 360])
def test_tab_shows_where_it_is_on_every_kind_of_page(
    page: Page, site: str, address: str, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 700})
    page.emulate_media(reduced_motion="reduce")
    page.goto(site + address)
    stops, wrong = tabbed(page)
    assert stops > 10
    assert not wrong


@pytest.mark.parametrize("name", FULL)
def test_tab_shows_where_it_is_among_our_own_controls(page: Page, site: str, name: str) -> None:
    page.emulate_media(reduced_motion="reduce")
    STATES[name](page, f"{site}nl/")
    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 700})
        stops, wrong = tabbed(page)
        assert stops > 20
        assert not wrong, width


def test_the_measure_finds_what_hides_the_focus(page: Page, site: str) -> None:
    page.emulate_media(reduced_motion="reduce")
    page.goto(f"{site}terms/")
    page.evaluate(
        """() => {
          const box = document.querySelector(".md-content__inner");
          const link = box.insertBefore(document.createElement("a"), box.firstChild);
          link.href = "#x";
          link.textContent = "plain";
          link.style.cssText = "outline: none; color: red; text-decoration: none; transition: none";
          const under = box.insertBefore(document.createElement("button"), box.firstChild);
          under.textContent = "under";
          under.style.cssText = "position: fixed; top: 4px; left: 200px; z-index: -1";
        }"""
    )
    _, wrong = tabbed(page)
    assert any("looks the same" in line and "plain" in line for line in wrong)
    assert any("covered" in line and "under" in line for line in wrong)


def test_the_first_stop_leads_past_the_menu(page: Page, site: str) -> None:
    page.goto(f"{site}guide/cost/")
    page.keyboard.press("Tab")
    expect(page.locator(".md-skip")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.md-content') !== null")
