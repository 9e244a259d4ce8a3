"""Every page, both languages: no request elsewhere, no violation, nothing for axe, and no script."""

from __future__ import annotations

import functools
import json
from pathlib import Path

import pytest
from axe import violations
from playwright.sync_api import Browser, Page, Route, expect

from tuneready.site.generated import generated_pages

pytestmark = pytest.mark.browser

ROOT = Path(__file__).resolve().parents[2]
PAGES = [
    path.relative_to(ROOT / "docs/en").with_suffix("").as_posix()
    for path in sorted((ROOT / "docs/en").rglob("*.md"))
]
ADDRESSES = ["" if page == "index" else page.removesuffix("index") for page in PAGES]
ADDRESSES = [
    address if not address or address.endswith("/") else f"{address}/" for address in ADDRESSES
]
# Those that are made from the registry and the targets, in both languages alike.
GENERATED = [
    path.removesuffix(".md") + "/" for pages in generated_pages("en").values() for path in pages
]
ADDRESSES += GENERATED
ALL = [prefix + address for prefix in ("", "nl/") for address in ADDRESSES]


# Each page once in each language, which takes minutes; `make axe` has all in every way.
WIDE = [address for address in ALL if not address.startswith("nl/")]
# Dutch has the longer words, and the dark has the same colours in every language.
NARROW = [address for address in ALL if address.startswith("nl/")]


@pytest.mark.parametrize("address", WIDE, ids=lambda address: address or "home")
def test_axe_finds_nothing(page: Page, site: str, address: str) -> None:
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    page.goto(site + address)
    assert not violations(page)
    # A style of the theme may give what is hidden a display again.
    assert not page.locator(".tr-block [hidden]:visible").count()


@pytest.mark.parametrize("address", NARROW)
def test_a_narrow_page_does_not_scroll_sideways(page: Page, site: str, address: str) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    page.goto(site + address)
    # What is folded must fit, too.
    page.evaluate("document.querySelectorAll('.md-content details').forEach(d => d.open = true)")
    widths = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert widths[0] <= widths[1]
    assert not violations(page)


def test_everything_else_works_under_the_policy(page: Page, site: str) -> None:
    """Search, the palette and instant navigation, which the policy could break."""
    page.goto(site)
    page.evaluate("window.stillHere = true")
    page.locator(".md-search__input").click()
    page.keyboard.type("retrieval")
    expect(page.locator(".md-search-result__item").first).to_be_visible(timeout=10_000)
    page.keyboard.press("Escape")
    before = page.get_attribute("body", "data-md-color-scheme")
    for _ in range(3):
        page.locator("label[for^=__palette]:visible").click()
    for _ in range(3):
        if page.get_attribute("body", "data-md-color-scheme") != before:
            break
        page.locator("label[for^=__palette]:visible").click()
    else:
        pytest.fail("the palette does not change")
    page.locator(".md-tabs a", has_text="About").click()
    page.wait_for_url("**/how-it-works/")
    expect(page.locator(".md-content h1")).to_contain_text("How this works")
    assert page.evaluate("window.stillHere")


def test_no_request_leaves_the_site_even_when_asked(page: Page, site: str) -> None:
    """The policy itself, from the page and from the engine's worker."""
    page.goto(f"{site}check/")
    tried = page.evaluate(
        """async () => {
          const away = "http://127.0.0.1:9/";
          const outcomes = [];
          for (const ask of [() => fetch(away), () => import(away + "a.mjs")])
            outcomes.push(await ask().then(() => "arrived", error => error.name));
          return outcomes;
        }"""
    )
    assert "arrived" not in tried
    assert any("127.0.0.1:9" in text for text in page.blocked)
    page.provoked = True


def test_the_worker_is_bound_by_the_policy_of_the_page(page: Page, site: str) -> None:
    page.goto(f"{site}check/")
    page.click("[data-sample='good.jsonl']")
    expect(page.locator("tr-dataset-check")).to_have_attribute("data-state", "done", timeout=60_000)
    (worker,) = [worker for worker in page.workers if worker.url.startswith("blob:")]
    outcome = worker.evaluate(
        "fetch('http://127.0.0.1:9/').then(() => 'arrived', error => error.message)"
    )
    assert outcome != "arrived"
    refused = worker.evaluate(
        """() => new Promise(resolve => {
          self.addEventListener("securitypolicyviolation", event => resolve(event.effectiveDirective));
          fetch("http://127.0.0.1:9/").catch(() => setTimeout(() => resolve("nothing"), 500));
        })"""
    )
    assert refused == "connect-src"
    page.provoked = True


def test_without_a_script_everything_can_be_read(chromium: Browser, site: str) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}decide/why/")
    expect(page.locator("fieldset#why-specific-use-case legend")).to_contain_text("one sentence")
    expect(page.locator("fieldset#why-specific-use-case [type=radio]")).to_have_count(2)
    help_text = page.locator("fieldset#why-specific-use-case .tr-help")
    help_text.locator("summary").click()
    expect(help_text).to_contain_text("Everything that follows")
    page.goto(f"{site}decide/")
    expect(page.locator("tr-assessment")).to_contain_text("Why fine-tune?")
    page.goto(f"{site}check/")
    # Playwright's own matching leaves <noscript> out.
    text = page.inner_text("tr-dataset-check")
    assert "needs JavaScript" in text
    assert "tuneready check" in text
    context.close()


def test_a_page_that_is_missing_leads_back(page: Page, site: str, site_dir: Path) -> None:
    """Served below any address, as hosts do, in both languages."""
    for language, switch in (("", "Nederlands"), ("nl/", "English")):
        html = (site_dir / language / "404.html").read_text(encoding="utf-8")
        missing = f"{site}{language}not/here/"
        page.route(missing, functools.partial(Route.fulfill, status=404, body=html))
        page.goto(missing)
        page.locator(".md-content a", has_text=switch).click()
        page.wait_for_url(site if language else f"{site}nl/")
    page.provoked = True  # the browser logs the 404 itself


def test_every_page_describes_itself(site_dir: Path) -> None:
    for address in ALL:
        html = (site_dir / address / "index.html").read_text(encoding="utf-8")
        assert '<meta name="description" content="' in html, address
        assert html.count("hreflang") >= 2, address


def test_no_page_is_the_error_of_a_macro(site_dir: Path) -> None:
    """A failing macro would be published in a green build, were the settings not strict."""
    for path in site_dir.rglob("*.html"):
        assert "Macro Rendering Error" not in path.read_text(encoding="utf-8"), path


def test_search_index_holds_both_the_guidance_and_the_questions(site_dir: Path) -> None:
    for language, phrase in (("", "one sentence which task"), ("nl", "één zin zeggen welke taak")):
        index = json.loads((site_dir / language / "search/search_index.json").read_text())
        assert any(phrase in entry["text"] for entry in index["docs"])
