"""Every state that a reader meets: nothing for axe, light and dark; small, large, spaced, still, printed.

A state is brought about once, and then looked at in every way, which takes no longer than once.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from access_measures import (
    SPACING,
    cut_off,
    moving,
    overlapping,
    sideways,
    small_targets,
    without_edge,
)
from access_states import STATES
from axe import COLOURS, violations

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

# Where a phone's menu is open there is nothing else to see.
ONLY_AXE = {"menu on a phone", "search: results"}


@pytest.mark.parametrize("name", STATES)
def test_a_state_is_accessible_in_every_way(page: Page, site: str, name: str) -> None:
    # Dutch, with its longer words, in turn with English.
    site = site if list(STATES).index(name) % 2 else f"{site}nl/"
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    STATES[name](page, site)
    assert not violations(page)
    assert not moving(page)
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    assert not violations(page, *COLOURS)
    if name in ONLY_AXE:
        return
    assert not small_targets(page)
    page.emulate_media(forced_colors="active")
    assert not without_edge(page)
    page.emulate_media(forced_colors="none", media="print")
    page.set_viewport_size({"width": 680, "height": 960})  # A4 within its margins
    assert not sideways(page) + cut_off(page) + overlapping(page)
    page.emulate_media(media="screen")
    page.set_viewport_size({"width": 1280, "height": 900})
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert not sideways(page) + cut_off(page) + overlapping(page)
    page.evaluate("document.documentElement.style.fontSize = ''")
    page.set_viewport_size({"width": 320, "height": 640})
    assert not sideways(page) + cut_off(page) + overlapping(page)
    assert not small_targets(page)
    page.evaluate(
        "css => { const sheet = new CSSStyleSheet(); sheet.replaceSync(css);"
        " document.adoptedStyleSheets = [sheet]; }",
        SPACING,
    )
    assert not sideways(page) + cut_off(page) + overlapping(page)


def test_the_measures_find_what_falls_short(page: Page, site: str) -> None:
    page.goto(f"{site}check/")
    page.evaluate(
        """() => {
          const box = document.querySelector(".md-content__inner");
          const add = (tag, text, style) => {
            const one = box.appendChild(document.createElement(tag));
            one.textContent = text;
            Object.assign(one.style, style);
          };
          add("p", "as wide as nothing else on this page", { width: "3000px" });
          add("p", "too long for its box", { width: "2em", whiteSpace: "nowrap", overflow: "hidden" });
          add("p", "below", { height: "1em" });
          add("p", "above", { height: "1em", marginTop: "-1.9em" });
          add("button", "x", { width: "10px", height: "10px" });
          add("p", "moves", { transition: "color 1s" });
          add("button", "like any text", { border: "none", width: "10em", height: "3em" });
        }"""
    )
    assert any("3000" in line or "as wide" in line for line in sideways(page))
    assert any("too long" in line for line in cut_off(page))
    assert any("below" in line and "above" in line for line in overlapping(page))
    assert any("button" in line for line in small_targets(page))
    assert any("like any text" in line for line in without_edge(page))
    assert any("transition" in line and "moves" in line for line in moving(page))


def test_headings_leave_no_level_out(page: Page, site: str) -> None:
    """In states whose headings come from templates, too."""
    for name in ("checker: done, with errors", "verdict: provisional", "comparison"):
        STATES[name](page, site)
        levels = [
            int(tag[1])
            for tag in page.evaluate(
                "[...document.querySelectorAll('.md-content :is(h1,h2,h3,h4,h5,h6)')]"
                ".filter(one => one.checkVisibility()).map(one => one.tagName)"
            )
        ]
        assert levels.count(1) == 1
        assert all(below - above <= 1 for above, below in pairwise(levels)), (name, levels)
