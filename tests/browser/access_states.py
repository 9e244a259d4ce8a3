"""The states of the pages that a reader can meet, each brought about as a reader would.

A state is a function of a fresh page and the address of one language's site; it returns when the
state is there. `STATES` names them all, for the tests and for the table of `make axe`.
"""

from __future__ import annotations

import functools
import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from kept import FIRST, put
from playwright.sync_api import expect

from tuneready.checklist.load import load_guide

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page, Route

type State = Callable[[Page, str], None]

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "macros/tuneready/site/static/samples"
GUIDE = load_guide(ROOT / "checklists")
# Python starts, on a machine that may be busy.
DONE: Final = 90_000
# As much as takes a few seconds to read.
LARGE_MIB: Final = 192


def keep_answers(page: Page, answers: dict[str, str], scope: dict[str, str] | None = None) -> None:
    """Store answers as an earlier visit might have; the page shows them when it is loaded anew."""
    head = {"name": "Invoices", "created": "2026-11-22T09:00:00.000Z", "scope": scope or {}}
    entries = {
        f"entry:{FIRST}:{item}": json.dumps({"answer": answer}) for item, answer in answers.items()
    }
    put(page, {f"assessment:{FIRST}": json.dumps(head), "current": FIRST, **entries})


def wished(*checklists: str) -> dict[str, str]:
    """Return the answers that one would wish for, of these lists or of all."""
    return {
        item.id: "yes" if item.kind == "ready" else "no"
        for checklist in GUIDE.checklists
        if not checklists or checklist.id in checklists
        for item in checklist.items
    }


def answers_file(folder: Path, name: str, answers: dict[str, str]) -> Path:
    items = {item: {"answer": answer} for item, answer in answers.items()}
    document: dict[str, Any] = {
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


def large_dataset(folder: Path) -> Path:
    """Return a file that takes a while to check; written once."""
    file = folder / f"tuneready-large-{LARGE_MIB}.jsonl"
    if not file.is_file():
        lines = (SAMPLES / "good.jsonl").read_bytes()
        block = lines * (2**20 // len(lines))
        with file.open("wb") as written:
            for _ in range(LARGE_MIB):
                written.write(block)
    return file


# -- a checklist ----------------------------------------------------------------------------------


def _list(page: Page, site: str, answers: dict[str, str], **scope: str) -> None:
    page.goto(f"{site}decide/why/")
    if answers or scope:
        keep_answers(page, answers, scope)
        page.reload()
    expect(page.locator("[data-script] progress").first).to_be_visible()


def list_empty(page: Page, site: str) -> None:
    _list(page, site, {})


def list_half(page: Page, site: str) -> None:
    _list(page, site, dict(list(wished("why").items())[:5]) | {"why-owner": "not_applicable"})


def list_full(page: Page, site: str) -> None:
    _list(page, site, wished("why") | {"why-specific-use-case": "no"})


def list_unfolded(page: Page, site: str) -> None:
    """Everything that folds is open, with a note, evidence and an owner."""
    list_half(page, site)
    page.evaluate("document.querySelectorAll('tr-checklist details').forEach(d => d.open = true)")
    item = page.locator("#why-specific-use-case")
    item.locator("[data-entry=note]").fill("Invoices from ten suppliers.\nOne field each.")
    item.locator("[data-entry=evidence]").fill("https://example.com/a/rather/long/address/of/it")
    item.locator("[data-entry=owner]").fill("Ann")


def list_filtered(page: Page, site: str) -> None:
    list_half(page, site)
    page.locator("[data-filter][value=open]").check(force=True)
    expect(page.locator("#why-specific-use-case")).to_be_hidden()


def list_nothing_shown(page: Page, site: str) -> None:
    _list(page, site, wished("why"))
    page.locator("[data-filter][value=gaps]").check(force=True)
    expect(page.locator("[data-nothing]")).to_be_visible()


def list_scoped(page: Page, site: str) -> None:
    """The case leaves questions out, and they are shown again."""
    page.goto(f"{site}decide/data/")
    keep_answers(page, {}, {"method": "rft", "hosting": "own"})
    page.reload()
    expect(page.locator("tr-checklist [data-scope-line]")).to_be_visible()
    page.click("tr-checklist [data-action=show-all]")


def list_cleared(page: Page, site: str) -> None:
    list_half(page, site)
    page.click("tr-checklist [data-action=clear]")
    expect(page.locator("tr-checklist [data-action=undo]")).to_be_focused()


def storage_blocked(page: Page, site: str) -> None:
    page.add_init_script(
        "Object.defineProperty(window, 'localStorage', "
        "{ get() { throw new DOMException('no', 'SecurityError'); } });"
    )
    page.goto(f"{site}decide/why/")
    page.locator("#why-specific-use-case label:has(input[value=yes])").click()
    expect(page.locator("[data-keeping=blocked]")).to_be_visible()


# -- a verdict ------------------------------------------------------------------------------------


def _verdict(page: Page, site: str, answers: dict[str, str]) -> None:
    page.goto(f"{site}decide/")
    if answers:
        keep_answers(page, answers)
        page.reload()
        expect(page.locator("tr-assessment")).to_have_attribute("data-state", "done", timeout=DONE)


def verdict_none(page: Page, site: str) -> None:
    _verdict(page, site, {})


def verdict_provisional(page: Page, site: str) -> None:
    _verdict(page, site, wished("why") | {"why-owner": "no", "why-adding-knowledge": "yes"})


def verdict_ready(page: Page, site: str) -> None:
    _verdict(page, site, wished())


def verdict_failed(page: Page, site: str) -> None:
    page.provoked = True
    page.route("**/py/**", lambda route: route.abort())
    page.goto(f"{site}decide/")
    keep_answers(page, wished("why"))
    page.reload()
    expect(page.locator("tr-assessment")).to_have_attribute("data-state", "failed", timeout=DONE)


# -- the checker ----------------------------------------------------------------------------------


def _checked(page: Page, site: str, sample: str) -> None:
    page.goto(f"{site}check/")
    page.click(f"[data-sample='{sample}']")
    expect(page.locator("tr-dataset-check")).to_have_attribute("data-state", "done", timeout=DONE)


def check_empty(page: Page, site: str) -> None:
    page.goto(f"{site}check/")
    expect(page.locator("tr-dataset-check [data-check]")).to_be_visible()


def check_file_missing(page: Page, site: str) -> None:
    check_empty(page, site)
    page.click("tr-dataset-check [data-check]")
    expect(page.locator("tr-dataset-check [data-notice]")).not_to_be_empty()


def check_loading(page: Page, site: str) -> None:
    page.goto(f"{site}check/")
    page.route("**/py/**", lambda route: None)  # it never arrives
    page.click("[data-sample='bad.jsonl']")
    expect(page.locator("tr-dataset-check [data-waiting]")).to_be_visible()


def check_running(page: Page, site: str) -> None:
    page.goto(f"{site}check/")
    page.set_input_files("#tr-check-file", large_dataset(Path(tempfile.gettempdir())))
    page.click("tr-dataset-check [data-check]")
    expect(page.locator("tr-dataset-check")).to_have_attribute(
        "data-state", "checking", timeout=DONE
    )


def check_cancelled(page: Page, site: str) -> None:
    check_running(page, site)
    page.click("tr-dataset-check [data-cancel]")
    expect(page.locator("tr-dataset-check")).to_have_attribute("data-state", "cancelled")


def check_failed(page: Page, site: str) -> None:
    page.provoked = True
    page.goto(f"{site}check/")
    page.route("**/py/**", lambda route: route.abort())
    page.click("[data-sample='bad.jsonl']")
    expect(page.locator("tr-dataset-check")).to_have_attribute("data-state", "failed", timeout=DONE)


def check_errors(page: Page, site: str) -> None:
    _checked(page, site, "bad.jsonl")


def check_unfolded(page: Page, site: str) -> None:
    _checked(page, site, "bad.jsonl")
    page.evaluate(
        "document.querySelectorAll('tr-dataset-check details').forEach(d => d.open = true)"
    )


def check_good(page: Page, site: str) -> None:
    _checked(page, site, "good.jsonl")


def check_part(page: Page, site: str) -> None:
    check_empty(page, site)
    page.evaluate(
        """() => customElements.whenDefined("tr-dataset-check").then(() => {
          const text = role => ({ role, content: "Good morning" });
          const line = JSON.stringify({ messages: [text("user"), text("assistant")] }) + "\\n";
          const file = new File([line.repeat(20)], "train.jsonl");
          const choice = { target: "openai/sft", part: 12 * line.length };
          return document.querySelector("tr-dataset-check").check(file, choice);
        })"""
    )
    expect(page.locator("tr-dataset-check [data-slot=part]")).to_be_visible(timeout=DONE)


def check_kept(page: Page, site: str) -> None:
    _checked(page, site, "good.jsonl")
    page.click("[data-slot=keep-button]")
    expect(page.locator("[data-slot=keep-where]")).to_be_visible()


# -- the overview and the comparison --------------------------------------------------------------


def overview_empty(page: Page, site: str) -> None:
    page.goto(f"{site}overview/")
    expect(page.locator("tr-exchange [data-action=share]")).to_be_visible()


def overview_full(page: Page, site: str) -> None:
    page.goto(f"{site}overview/")
    keep_answers(page, wished() | {"why-owner": "no"})
    page.reload()
    expect(page.locator("tr-overview")).to_have_attribute("data-state", "done", timeout=DONE)


def overview_report(page: Page, site: str) -> None:
    overview_full(page, site)
    page.locator("[data-report-fold] > summary").click()


def overview_naming(page: Page, site: str) -> None:
    overview_empty(page, site)
    page.click("tr-assessments [data-action=new]")
    expect(page.locator("tr-assessments input[name=name]")).to_be_focused()


def share_link(page: Page, site: str) -> None:
    overview_full(page, site)
    page.click("tr-exchange [data-action=share]")
    expect(page.locator("tr-exchange [data-shared]")).to_be_visible(timeout=DONE)


def import_preview(page: Page, site: str) -> None:
    overview_full(page, site)
    with tempfile.TemporaryDirectory() as folder:
        file = answers_file(Path(folder), "Bob", wished() | {"why-owner": "yes"})
        page.set_input_files("tr-exchange [data-file]", file)
        expect(page.locator("#tr-preview-title")).to_be_visible(timeout=DONE)
    page.evaluate("document.querySelectorAll('.tr-preview details').forEach(d => d.open = true)")


def import_refused(page: Page, site: str) -> None:
    overview_empty(page, site)
    page.fill("tr-exchange [name=link]", "https://example.com/#answers=nonsense")
    page.click("tr-exchange [type=submit]")
    expect(page.locator("tr-exchange [data-failed]")).to_be_visible(timeout=DONE)


def compare_empty(page: Page, site: str) -> None:
    page.goto(f"{site}compare/")
    expect(page.locator("tr-compare [data-file]")).to_be_visible()


def comparison(page: Page, site: str) -> None:
    page.goto(f"{site}compare/")
    with tempfile.TemporaryDirectory() as folder:
        files = [
            answers_file(Path(folder), "Ann", wished("why")),
            answers_file(Path(folder), "Bob", wished("why") | {"why-owner": "no"}),
        ]
        page.set_input_files("tr-compare [data-file]", files)
        expect(page.locator("#tr-compared")).to_be_visible(timeout=DONE)


# -- all pages ------------------------------------------------------------------------------------


def search_open(page: Page, site: str) -> None:
    page.goto(site)
    # On a narrow screen a button opens it; the key does everywhere.
    page.keyboard.press("s")
    expect(page.locator(".md-search__input")).to_be_focused()
    page.keyboard.type("dataset")
    expect(page.locator(".md-search-result__item").first).to_be_visible(timeout=DONE)


def menu_open(page: Page, site: str) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(f"{site}guide/cost/")
    page.click("button.md-header__button[for=__drawer]")
    expect(page.locator(".md-nav--primary .md-nav__title").first).to_be_visible()


def missing_page(page: Page, site: str) -> None:
    page.provoked = True  # the browser logs the 404 itself
    body = page.request.get(f"{site}404.html").text()
    respond: Callable[[Route], None] = functools.partial(_missing, body)
    page.route(f"{site}not/here/", respond)
    page.goto(f"{site}not/here/")


def _missing(body: str, route: Route) -> None:
    route.fulfill(status=404, body=body, content_type="text/html")


STATES: Final[dict[str, State]] = {
    "checklist: empty": list_empty,
    "checklist: half answered": list_half,
    "checklist: full": list_full,
    "checklist: unfolded, with a note": list_unfolded,
    "checklist: filter on": list_filtered,
    "checklist: no question like that": list_nothing_shown,
    "checklist: case set, all shown": list_scoped,
    "checklist: cleared, with undo": list_cleared,
    "checklist: storage blocked": storage_blocked,
    "verdict: none": verdict_none,
    "verdict: provisional": verdict_provisional,
    "verdict: ready": verdict_ready,
    "verdict: failed": verdict_failed,
    "checker: empty": check_empty,
    "checker: no file chosen": check_file_missing,
    "checker: loading": check_loading,
    "checker: checking": check_running,
    "checker: cancelled": check_cancelled,
    "checker: failed": check_failed,
    "checker: done, with errors": check_errors,
    "checker: done, unfolded": check_unfolded,
    "checker: done, good": check_good,
    "checker: done, a part": check_part,
    "checker: kept as evidence": check_kept,
    "overview: empty": overview_empty,
    "overview: full": overview_full,
    "overview: report open": overview_report,
    "overview: naming": overview_naming,
    "overview: link made": share_link,
    "overview: preview of a file": import_preview,
    "overview: link refused": import_refused,
    "comparison: empty": compare_empty,
    "comparison": comparison,
    "search: results": search_open,
    "menu on a phone": menu_open,
    "missing page": missing_page,
}
