"""Light to load and still while it loads: bytes and requests, layout that stays put, what waiting looks like."""

from __future__ import annotations

import gzip
import json
import re
from typing import TYPE_CHECKING, Literal

import pytest
from checklist_vectors import ideal
from kept import CASE, FIRST, answer, put, settled
from playwright.sync_api import Page, Route, expect

from tuneready.checklist.load import load_guide
from tuneready.site.bundle import ROOT, bundle
from tuneready.site.loading import later_modules, modules_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

pytestmark = pytest.mark.browser

GUIDE = load_guide(ROOT / "checklists")
DONE = 60_000
# Our own code and styles on a page that is only read, compressed as a host does.
READING_BYTES = 25 * 1024
READING = ("", "guide/methods/", "rules/", "targets/openai/", "terms/", "sources/", "how-it-works/")
WITH_ELEMENTS = ("decide/why/", "decide/", "overview/", "compare/", "check/")
SHIFTS = """() => {
  window.shifts = [];
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      if (entry.hadRecentInput) continue;
      const names = entry.sources.map(({ node }) => node?.className || node?.nodeName);
      window.shifts.push([entry.value, String(names)]);
    }
  }).observe({ type: "layout-shift", buffered: true });
}"""
PHONE = {"width": 360, "height": 740}
DESKTOP = {"width": 1280, "height": 900}


def requested(page: Page, url: str) -> list[str]:
    """Open a page, and return what of ours it fetched, below the bundle, in order."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(url)
    page.wait_for_load_state("networkidle")
    found = (re.search(r"/assets/tuneready/\w+/(.*)", one) for one in asked)
    return [match[1] for match in found if match]


def packed(names: Iterable[str]) -> int:
    folder = bundle().directory
    return sum(len(gzip.compress((folder / name).read_bytes(), 9)) for name in names)


@pytest.mark.parametrize("path", READING)
def test_a_page_to_read_loads_little_of_ours_and_nothing_of_python(
    page: Page, site: str, path: str
) -> None:
    asked = requested(page, site + path)
    assert not [name for name in asked if name.startswith(("py/", "tokens/", "samples/"))]
    assert not [name for name in asked if "engine" in name]
    assert packed(asked) <= READING_BYTES
    assert len([name for name in asked if name.endswith(".css")]) == 1


@pytest.mark.parametrize("path", WITH_ELEMENTS)
def test_nothing_of_python_comes_before_it_is_needed_and_modules_come_at_once(
    page: Page, site: str, site_dir: Path, path: str
) -> None:
    asked = requested(page, site + path)
    # A checker warms Python in a quiet moment: whoever comes there will check.
    if path != "check/":
        assert not [name for name in asked if name.startswith(("py/", "tokens/"))]
    html = (site_dir / path / "index.html").read_text(encoding="utf-8")
    named = re.findall(r'rel="modulepreload" fetchpriority="low" href="[^"]*/js/([^"]+)\.js"', html)
    assert named == [*modules_for(html)]
    # Whatever the page imports by itself was named, so that nothing waits for a module to arrive;
    # but for what comes with Python.
    modules = {name.removeprefix("js/").removesuffix(".js") for name in asked if "/" in name}
    if path == "check/":
        later = {*later_modules("dataset-check")}
        assert "dataset-result" in later
        assert later <= modules
        modules -= later
    assert {name for name in modules if "." not in name} - {
        "in-page",
        "light-start",
        "tuneready",
        "missing",
        "tokens",
    } <= {*named}


def test_one_worker_lives_across_instant_navigation(page: Page, site: str) -> None:
    started: list[str] = []
    page.on("worker", lambda worker: started.append(worker.url))
    page.goto(f"{site}decide/why/")
    answer(page, CASE, "yes")
    page.evaluate("window.stillHere = true")
    page.locator(".md-nav--primary a, .md-tabs a", has_text="Overview").first.click()
    overview = page.locator("tr-overview")
    expect(overview).to_have_attribute("data-state", "done", timeout=DONE)
    page.locator(".md-tabs a", has_text="Decide").first.click()
    verdict = page.locator("tr-assessment")
    expect(verdict).to_have_attribute("data-state", "done", timeout=DONE)
    assert page.evaluate("window.stillHere"), "the page was loaded anew: not instant navigation"
    assert len([url for url in started if url.startswith("blob:")]) == 1


def keep_everything(page: Page, site: str) -> None:
    """Keep a whole assessment, with reasons, notes and gaps, before any page of the test is opened."""
    page.goto(f"{site}404.html")
    answers = {
        item: entry
        for profile in ("decide", "prepare", "launch")
        for item, entry in ideal(GUIDE, profile).items()
    }
    entries = {
        f"entry:{FIRST}:{item}": json.dumps(
            {"answer": "no" if index % 4 == 0 else entry, "note": f"As agreed on day {index}."}
        )
        for index, (item, entry) in enumerate(answers.items())
    }
    head = {"name": "Invoices", "created": "2026-11-22T09:00:00.000Z", "scope": {}}
    put(page, {f"assessment:{FIRST}": json.dumps(head), "current": json.dumps(FIRST), **entries})


@pytest.mark.parametrize(("system", "scheme"), [("light", "default"), ("dark", "slate")])
def test_the_first_look_has_the_colours_of_the_system(
    page: Page, site: str, system: Literal["light", "dark"], scheme: str
) -> None:
    """On a slow line Material's script, which chooses them, comes seconds later."""
    page.emulate_media(color_scheme=system)
    page.route("**/bundle.*.js", lambda route: None)  # never answered
    page.goto(site, wait_until="commit")
    expect(page.locator("h1")).to_be_visible()
    expect(page.locator("body")).to_have_attribute("data-md-color-scheme", scheme)
    page.unroute_all()
    page.reload()
    expect(page.locator("label[for^=__palette]:visible")).to_have_attribute("for", "__palette_1")


ROOT_COLOURS = "getComputedStyle(document.documentElement).colorScheme"
WATCH_COLOURS = """() => {
    globalThis.switched = 0;
    new MutationObserver((records) => (globalThis.switched += records.length)).observe(
        document, { subtree: true, attributeFilter: ["data-md-color-switching"] });
}"""


def test_colours_are_told_at_the_start_without_being_worked_out_anew(page: Page, site: str) -> None:
    """Material would put an attribute and an element on the page: those are for a reader's choice."""
    page.emulate_media(color_scheme="dark")
    page.add_init_script(f"({WATCH_COLOURS})()")
    page.goto(site)
    told = page.locator("meta[name=color-scheme]")
    expect(page.locator("html[data-js-focus-visible]")).to_be_attached()
    page.wait_for_timeout(300)
    expect(told).to_have_count(0)
    assert page.evaluate(ROOT_COLOURS) == "dark"
    assert page.evaluate("switched") == 0
    for chosen, scheme in [("__palette_1", "light"), ("__palette_2", "dark")]:
        page.locator(f"label[for={chosen}]:visible").click()
        expect(told).to_have_attribute("content", scheme)
        assert page.evaluate(ROOT_COLOURS) == scheme
    expect(told).to_have_count(1)
    assert page.evaluate("switched") > 0


def test_a_scheme_of_a_fork_is_told_by_material(page: Page, site: str) -> None:
    page.emulate_media(color_scheme="dark")
    page.route("**/tuneready.css", without("color-scheme: dark"))
    page.goto(site)
    expect(page.locator("meta[name=color-scheme]")).to_have_attribute("content", "dark")


def without(text: str) -> Callable[[Route], None]:
    """Answer with the file, less a text that it has."""

    def answer_without(route: Route) -> None:
        answer = route.fetch()
        assert text in answer.text()
        route.fulfill(response=answer, body=answer.text().replace(text, ""))

    return answer_without


STYLESHEETS = (
    "[...document.querySelectorAll('link[rel=stylesheet]')].map(l => l.getAttribute('href'))"
)
# The size of the title, in each frame that is drawn: without its styles it would be another one.
WATCH_TITLE = """() => {
    globalThis.sizes = new Set();
    (function look() {
        sizes.add(getComputedStyle(document.querySelector("h1")).fontSize);
        requestAnimationFrame(look);
    })();
}"""


def turn(page: Page, link: str, url: str) -> None:
    page.locator(link).first.evaluate("link => link.click()")
    page.wait_for_url(url)
    settled(page)


def test_stylesheets_are_read_once_for_all_pages(page: Page, site: str) -> None:
    """Material writes their addresses in full, and each would be read and applied anew."""
    with page.expect_response(
        "**/sitemap.xml"
    ):  # by which Material knows the pages that it may turn
        page.goto(f"{site}decide/why/")
    expect(page.locator(".md-typeset__scrollwrap").first).to_be_attached()
    page.wait_for_timeout(300)
    own = page.evaluate(STYLESHEETS)
    assert {href[:6] for href in own} == {"../../"}
    page.evaluate(WATCH_TITLE)
    page.evaluate("window.stillHere = true")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    overview = f"{site}assets/tuneready/{bundle().build_id}/css/overview.css"
    turn(page, ".md-tabs a[href$='overview/']", "**/overview/")
    # What only this page has is added, and taken away again.
    expect(page.locator("link[href$='overview.css']")).to_have_count(1)
    assert page.evaluate(STYLESHEETS) == [*own, overview]
    turn(page, ".md-tabs a[href$='how-it-works/']", "**/how-it-works/")
    expect(page.locator("link[href$='overview.css']")).to_have_count(0)
    assert page.evaluate(STYLESHEETS) == own
    page.go_back()
    page.wait_for_url("**/overview/")
    expect(page.locator("link[href$='overview.css']")).to_have_count(1)
    assert page.evaluate(STYLESHEETS) == [*own, overview]
    assert page.evaluate("window.stillHere"), "the page was loaded anew: not instant navigation"
    assert {url for url in asked if url.endswith(".css")} == {overview}
    assert len(page.evaluate("[...sizes]")) == 1


WATCH_READY = """() => {
    globalThis.told = [];
    document.addEventListener(
        "DOMContentLoaded", ({ type, isTrusted }) => told.push([type, isTrusted]));
}"""


def test_who_waits_for_a_page_is_told_once(page: Page, site: str) -> None:
    """In a task of its own: Material does much for it."""
    page.add_init_script(f"({WATCH_READY})()")
    for path in ("", "check/", "terms/"):
        page.goto(site + path)
        page.wait_for_timeout(300)
        assert page.evaluate("told") == [["DOMContentLoaded", False]]


PLACES = """() => [...document.querySelectorAll(
    ".md-content__inner :is(h1, h2, h3, p, li, table), .md-select")]
    .filter((one) => one.checkVisibility())
    .map((one) => [one.localName, one.getBoundingClientRect().x, one.getBoundingClientRect().y])"""


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("path", ["nl/decide/why/", "guide/cost/", "guide/methods/"])
def test_nothing_moves_when_materials_script_comes(
    page: Page, site: str, path: str, size: dict[str, int]
) -> None:
    page.set_viewport_size(size)
    page.route("**/bundle.*.js", later(page, 1500))
    page.goto(site + path, wait_until="commit")
    expect(page.locator("footer")).to_be_visible()
    expect(page.locator("tr-checklist:not(:defined)")).to_have_count(0)
    page.wait_for_timeout(300)
    assert not page.locator("[data-js-focus-visible], .md-typeset__scrollwrap").count()
    before = page.evaluate(PLACES)
    expect(page.locator(".md-typeset__scrollwrap").first).to_be_visible()
    assert page.evaluate(PLACES) == before


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize(
    ("path", "ready"),
    [
        ("decide/why/", "tr-checklist:defined"),
        ("decide/why/#checklist", "tr-checklist:defined"),
        ("decide/", "tr-assessment[data-state=done]"),
        ("decide/#verdict", "tr-assessment[data-state=done]"),
        ("overview/", "tr-overview[data-state=done]"),
        ("check/", "tr-dataset-check:defined"),
        ("offline/", "tr-offline[data-state=idle]"),
    ],
)
def test_nothing_moves_when_kept_answers_are_applied(
    page: Page, site: str, path: str, ready: str, size: dict[str, int]
) -> None:
    page.set_viewport_size(size)
    keep_everything(page, site)
    # Modules come late, and Python later still: each arrives at a page that is drawn.
    page.route(re.compile(r"/js/(on-demand|answers)\.js"), later(page, 700))
    page.route(re.compile(r"/py/pyodide\.mjs"), later(page, 700))
    page.add_init_script(f"({SHIFTS})()")
    page.goto(site + path)
    expect(page.locator(ready)).to_be_attached(timeout=DONE)
    page.wait_for_timeout(500)
    page.unroute_all(behavior="ignoreErrors")  # what is late now has no page to come to
    assert page.evaluate("window.shifts") == []


def later(page: Page, milliseconds: int) -> Callable[[Route], None]:
    def answer_later(route: Route) -> None:
        page.wait_for_timeout(milliseconds)
        route.continue_()

    return answer_later


def test_waiting_says_what_comes_how_much_and_that_one_can_stop(page: Page, site: str) -> None:
    page.goto(f"{site}decide/why/")
    held: list[Route] = []
    page.route(
        re.compile(r"/py/(python_stdlib\.zip|python\.snapshot)"),
        lambda route: held.append(route),  # noqa: PLW0108  a route wants a function
    )
    answer(page, CASE, "yes")
    page.goto(f"{site}decide/")
    element = page.locator("tr-assessment")
    waiting = element.locator("[data-waiting]")
    expect(waiting).to_contain_text("Fetching Python")
    expect(waiting.locator("[data-amount]")).to_have_text(re.compile(r"^\d+\.\d of \d+\.\d MB"))
    expect(waiting).to_contain_text("reading and answering need no Python")
    expect(waiting).to_contain_text("your browser keeps it for the next time")
    expect(waiting.locator("[data-left]")).to_contain_text(
        re.compile(r"Nothing has arrived for \d+ seconds"), timeout=20_000
    )
    expect(element.locator("[data-to-come]")).to_be_visible()
    waiting.get_by_role("button", name="Stop fetching").click()
    expect(element).to_have_attribute("data-state", "failed")
    failed = element.locator("[data-failed]")
    expect(failed).to_contain_text("You stopped it")
    expect(failed).to_contain_text("your answers are as they were")
    expect(failed.locator("[data-failed-title]")).to_be_hidden()
    page.unroute_all(behavior="ignoreErrors")
    failed.get_by_role("button", name="Try again").click()
    expect(element).to_have_attribute("data-state", "done", timeout=DONE)
    page.provoked = True  # a browser may report what was stopped


def test_a_renewed_site_asks_for_a_reload(page: Page, site: str) -> None:
    page.goto(f"{site}decide/why/")
    answer(page, CASE, "yes")
    page.goto(f"{site}decide/#verdict")
    element = page.locator("tr-assessment")
    expect(element).to_have_attribute("data-state", "done", timeout=DONE)
    page.route("**/py/**", lambda route: route.fulfill(status=404))
    page.route(
        "**/decide/", lambda route: route.fulfill(body="<title>Decide</title> of another build")
    )
    page.provoked = True  # the browser logs the 404 itself
    page.evaluate(
        "import(document.querySelector('[src*=\"js/tuneready.js\"]').src.replace('tuneready.js', 'engine.js')).then(({ engine }) => engine().stop())"
    )
    page.locator("tr-scope summary").click()
    page.get_by_role("radio", name="Distillation").check()
    failed = element.locator("[data-failed]")
    expect(failed.locator("[data-failure=renewed]")).to_be_visible(timeout=DONE)
    expect(failed.get_by_role("button", name="Reload the page")).to_be_visible()
    expect(failed.get_by_role("button", name="Try again")).to_be_hidden()


def test_without_a_network_the_reader_is_told_so(page: Page, site: str) -> None:
    page.goto(f"{site}check/")
    page.route("**/py/**", lambda route: route.abort())
    page.route("**/check/", lambda route: route.abort())
    page.provoked = True  # the browser logs what did not arrive
    page.set_input_files("#tr-check-file", ROOT / "macros/tuneready/site/static/samples/good.jsonl")
    page.click("tr-dataset-check [data-check]")
    element = page.locator("tr-dataset-check")
    expect(element).to_have_attribute("data-state", "failed", timeout=DONE)
    expect(page.locator("[data-failure-text]")).to_contain_text("you may be offline")
