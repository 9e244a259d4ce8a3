"""The overview: assessments, progress, verdicts, links, files and the report on paper."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from pathlib import Path

import pytest
from axe import violations
from kept import settled
from playwright.sync_api import Browser, Page, expect

from tuneready.checklist.load import load_guide

pytestmark = pytest.mark.browser

ROOT = Path(__file__).resolve().parents[2]
DONE = 60_000
OVERVIEW = "tr-overview"
EXCHANGE = "tr-exchange"


def answer(page: Page, item: str, value: str) -> None:
    page.locator(f"#{item} label:has(input[value={value}])").click()


def answered_site(page: Page, site: str) -> None:
    """Answer the first list by hand: a gap, a note, something not applicable."""
    page.goto(f"{site}decide/why/")
    for item in load_guide(ROOT / "checklists").checklist("why").items:
        good = "yes" if item.kind == "ready" else "no"
        answer(page, item.id, "no" if item.id == "why-owner" else good)


def overview(page: Page, site: str) -> None:
    page.goto(f"{site}overview/")
    expect(page.locator(OVERVIEW)).to_have_attribute("data-state", "done", timeout=DONE)


def kept(page: Page) -> dict[str, object]:
    """What the site keeps in this browser, but for the times by which tabs agree."""
    found = page.evaluate(
        "Object.entries(localStorage).filter(([key]) => key.startsWith('tuneready:'))"
    )
    values = {key: json.loads(text) if text.startswith("{") else text for key, text in found}
    for value in values.values():
        if isinstance(value, dict):
            value.pop("at", None)
    return values


def verdicts(page: Page) -> list[tuple[str | None, str]]:
    return [
        (card.get_attribute("data-verdict"), card.inner_text())
        for card in page.locator("[data-profile]").all()
    ]


def made_link(page: Page, *, notes: bool = False) -> str:
    page.locator(f"{EXCHANGE} [data-notes]").set_checked(notes)
    page.click(f"{EXCHANGE} [data-action=share]")
    expect(page.locator(f"{EXCHANGE} [data-shared]")).to_be_visible(timeout=DONE)
    return page.locator(f"{EXCHANGE} [data-link]").input_value()


def test_nothing_answered_loads_no_python(page: Page, site: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{site}overview/")
    page.wait_for_timeout(500)
    expect(page.locator(OVERVIEW)).to_have_attribute("data-state", "idle")
    assert not [url for url in asked if "/py/" in url]


def test_progress_and_verdicts_follow_the_answers(page: Page, site: str) -> None:
    answered_site(page, site)
    overview(page, site)
    row = page.locator("tr[data-checklist=why]")
    counts = [
        int(row.locator(f"td[data-part={part}]").inner_text())
        for part in ("met", "gap", "open", "out")
    ]
    assert sum(counts) == int(row.get_attribute("data-questions"))
    assert counts[1:] == [1, 0, 0]
    widths = row.locator("[data-bar] rect").evaluate_all(
        "all => all.map(one => Number(one.getAttribute('width')))"
    )
    assert widths == pytest.approx([100 * count / sum(counts) for count in counts if count])
    decide = page.locator("[data-profile=decide]")
    assert decide.get_attribute("data-verdict") == "not-enough-answered"
    expect(decide).to_contain_text("Not enough answered")


def test_assessments_are_made_named_copied_deleted_and_brought_back(page: Page, site: str) -> None:
    answered_site(page, site)
    overview(page, site)
    choice = page.locator("tr-assessments select")

    def names() -> list[str]:
        return choice.locator("option").all_inner_texts()

    def name(action: str, text: str) -> None:
        page.click(f"tr-assessments [data-action={action}]")
        page.locator("tr-assessments input[name=name]").fill(text)
        page.keyboard.press("Enter")

    name("rename", "Mail triage")
    assert names() == ["Mail triage"]
    name("duplicate", "Second thoughts")
    assert sorted(names()) == ["Mail triage", "Second thoughts"]
    expect(page.locator(OVERVIEW)).to_have_attribute("data-state", "done", timeout=DONE)
    name("new", "Chat summaries")
    expect(page.locator(OVERVIEW)).to_have_attribute("data-state", "idle")
    choice.select_option(label="Second thoughts")
    expect(page.locator("tr[data-checklist=why] td[data-part=gap]")).to_have_text("1", timeout=DONE)
    before = kept(page)
    page.click("tr-assessments [data-action=remove]")
    assert "Second thoughts" not in names()
    assert "Second thoughts" not in json.dumps(kept(page))
    page.click("tr-assessments [data-action=undo]")
    assert sorted(names()) == ["Chat summaries", "Mail triage", "Second thoughts"]
    assert kept(page) == before
    page.reload()
    settled(page)
    assert sorted(names()) == ["Chat summaries", "Mail triage", "Second thoughts"]


def test_a_link_opened_elsewhere_gives_the_same_verdict(
    page: Page, site: str, chromium: Browser
) -> None:
    answered_site(page, site)
    overview(page, site)
    link = made_link(page)
    assert len(link) <= 2000
    here = verdicts(page)
    context = chromium.new_context()
    other = context.new_page()
    other.goto(link)
    expect(other.locator(".tr-preview")).to_be_visible(timeout=DONE)
    assert not [key for key in kept(other) if ":entry:" in key], "kept before the reader decided"
    assert not violations(other)
    other.click(f"{EXCHANGE} [data-action=add]")
    expect(other.locator(OVERVIEW)).to_have_attribute("data-state", "done", timeout=DONE)
    assert verdicts(other) == here
    assert "#answers" not in other.url
    other.click(f"{EXCHANGE} [data-action=undo]")
    expect(other.locator(OVERVIEW)).to_have_attribute("data-state", "idle")
    assert not [key for key in kept(other) if ":entry:" in key]
    context.close()


def test_a_thousand_damaged_links_change_nothing(page: Page, site: str) -> None:
    answered_site(page, site)
    overview(page, site)
    _, _, fragment = made_link(page).partition("#")
    before = kept(page)
    choose = random.Random(20261122)  # noqa: S311  the same damage on every run
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=%"
    damaged = []
    while len(damaged) < 1000:
        text = list(fragment.removeprefix("answers="))
        match choose.randrange(4):
            case 0:
                text = text[: choose.randrange(len(text))]
            case 1:
                place = choose.randrange(len(text))
                text[place] = choose.choice([one for one in alphabet if one != text[place]])
            case 2:
                text.insert(choose.randrange(len(text)), choose.choice(alphabet))
            case _:
                text = choose.choices(alphabet, k=choose.randrange(1, 400))
        if "".join(text) != fragment.removeprefix("answers="):
            damaged.append("".join(text))
    outcomes = page.evaluate(
        """async damaged => {
          const part = document.querySelector("tr-exchange");
          const outcomes = [];
          for (const text of damaged) {
            const settled = new Promise(resolve => {
              const observer = new MutationObserver(() => {
                if (part.dataset.state === "loading") return;
                observer.disconnect();
                resolve(part.dataset.state);
              });
              observer.observe(part, {attributes: true, attributeFilter: ["data-state"]});
            });
            location.hash = "answers=" + text;
            const state = await settled;
            const message = part.querySelector("[data-failed] [data-message]").textContent;
            outcomes.push([state, message, part.querySelector(".tr-preview") !== null]);
          }
          return outcomes;
        }""",
        damaged,
    )
    wrong = [
        one
        for one, text in zip(outcomes, damaged, strict=True)
        if one[0] != "failed" or not one[1] or one[2]
    ]
    assert not wrong, wrong[:5]
    assert kept(page) == before


def test_a_saved_file_comes_back_as_it_was(page: Page, site: str, tmp_path: Path) -> None:
    answered_site(page, site)
    overview(page, site)
    here = verdicts(page)
    with page.expect_download() as download:
        page.click(f"{EXCHANGE} [data-action=json]")
    saved = tmp_path / "answers.json"
    download.value.save_as(saved)
    stated = subprocess.run(
        [sys.executable, "-m", "tuneready", "assess", str(saved), "--format", "json"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert json.loads(stated.stdout)
    page.evaluate("localStorage.clear()")
    page.reload()
    expect(page.locator(OVERVIEW)).to_have_attribute("data-state", "idle")
    page.set_input_files(f"{EXCHANGE} [data-file]", saved)
    expect(page.locator(".tr-preview")).to_be_visible(timeout=DONE)
    page.click(f"{EXCHANGE} [data-action=add]")
    expect(page.locator(OVERVIEW)).to_have_attribute("data-state", "done", timeout=DONE)
    assert verdicts(page) == here


def test_replacing_shows_every_difference_first_and_can_be_undone(
    page: Page, site: str, tmp_path: Path
) -> None:
    answered_site(page, site)
    overview(page, site)
    with page.expect_download() as download:
        page.click(f"{EXCHANGE} [data-action=json]")
    saved = tmp_path / "answers.json"
    download.value.save_as(saved)
    document = json.loads(saved.read_text(encoding="utf-8"))
    document["items"]["why-owner"]["answer"] = "yes"
    saved.write_text(json.dumps(document), encoding="utf-8")
    before = kept(page)
    page.set_input_files(f"{EXCHANGE} [data-file]", saved)
    preview = page.locator(".tr-preview")
    expect(preview).to_be_visible(timeout=DONE)
    preview.locator("summary").click()
    expect(preview.locator("tbody tr")).to_have_count(1)
    expect(preview.locator("tbody tr")).to_contain_text("No")
    expect(preview.locator("tbody tr")).to_contain_text("Yes")
    assert kept(page) == before
    page.click(f"{EXCHANGE} [data-action=replace]")
    expect(page.locator("tr[data-checklist=why] td[data-part=gap]")).to_have_text("0", timeout=DONE)
    page.click(f"{EXCHANGE} [data-action=undo]")
    expect(page.locator("tr[data-checklist=why] td[data-part=gap]")).to_have_text("1", timeout=DONE)
    assert kept(page) == before


@pytest.mark.parametrize(
    "content", ["", "{", '{"schema": "tuneready.answers/9"}', '{"a": 1}', "[" * 5000, "\x00\x01"]
)
def test_a_file_that_is_none_says_what_it_is_and_changes_nothing(
    page: Page, site: str, tmp_path: Path, content: str
) -> None:
    answered_site(page, site)
    overview(page, site)
    before = kept(page)
    file = tmp_path / "<img src=x onerror=alert(1)>.json"
    file.write_text(content, encoding="utf-8")
    page.set_input_files(f"{EXCHANGE} [data-file]", file)
    expect(page.locator(EXCHANGE)).to_have_attribute("data-state", "failed", timeout=DONE)
    message = page.locator(f"{EXCHANGE} [data-failed] [data-message]")
    expect(message).not_to_be_empty()
    assert page.locator(f"{EXCHANGE} img").count() == 0
    assert kept(page) == before


def test_hostile_text_stays_text(page: Page, site: str, tmp_path: Path) -> None:
    hostile = '<img src=x onerror="document.title=1">'
    document = {
        "schema": "tuneready.answers/2", "name": hostile, "saved": "2026-11-22T12:00:00.000Z",
        "guide": "00000000", "scope": {}, "seen": {},
        "items": {
            "why-owner": {"answer": "no", "note": hostile, "owner": hostile, "evidence": "javascript:alert(1)"},
            "gone-item": {"answer": "yes", "text": hostile, "note": "=1+1"},
        },
    }  # fmt: skip
    file = tmp_path / "hostile.json"
    file.write_text(json.dumps(document), encoding="utf-8")
    page.goto(f"{site}overview/")
    page.set_input_files(f"{EXCHANGE} [data-file]", file)
    page.click(f"{EXCHANGE} [data-action=add]", timeout=DONE)
    expect(page.locator(OVERVIEW)).to_have_attribute("data-state", "done", timeout=DONE)
    page.locator("[data-report-fold] summary").click()
    expect(page.locator("[data-report]")).to_contain_text(hostile)
    assert page.locator(".md-content img").count() == 0
    assert not page.locator("[data-report] a[href^='javascript:']").count()


@pytest.mark.parametrize(("kind", "beginning"), [("markdown", "# "), ("csv", "")])
def test_reports_can_be_saved(page: Page, site: str, kind: str, beginning: str) -> None:
    answered_site(page, site)
    overview(page, site)
    with page.expect_download(timeout=DONE) as download:
        page.click(f"{EXCHANGE} [data-action={kind}]")
    text = Path(download.value.path()).read_text(encoding="utf-8-sig")
    assert text.startswith(beginning)
    assert "one sentence" in text


def test_paper_shows_every_box_and_note(page: Page, site: str) -> None:
    answered_site(page, site)
    notes = page.evaluate(
        """() => {
          const place = Object.keys(localStorage).find(key => key.includes(":entry:")).split(":entry:");
          const id = place[1].split(":")[0];
          const notes = [];
          for (const item of document.querySelectorAll("tr-checklist fieldset")) {
            const note = `Note on ${item.id}.\\nIn two lines.`;
            const key = `${place[0]}:entry:${id}:${item.id}`;
            localStorage.setItem(key, JSON.stringify({...JSON.parse(localStorage.getItem(key)), note}));
            notes.push(note);
          }
          return notes;
        }"""
    )
    overview(page, site)
    page.emulate_media(media="print")
    report = page.locator("[data-report]")
    expect(report).to_be_visible()
    text = report.inner_text()
    for note in notes:
        assert note in text
    boxes = report.locator(".tr-answers > li")
    rows = page.locator("tr[data-checklist]")
    asked = sum(int(row.get_attribute("data-questions")) for row in rows.all())
    assert boxes.count() == asked
    for box in boxes.all()[:: asked // 12]:
        assert "☐" in box.inner_text()
        box_at = box.bounding_box()
        assert box_at
        assert box_at["height"] > 0
    assert report.locator("strong", has_text="☒").count() == len(notes)
    expect(page.locator(EXCHANGE)).to_be_hidden()
    assert page.pdf().startswith(b"%PDF")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_state_is_accessible(page: Page, site: str, scheme: str) -> None:
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.goto(f"{site}overview/")
    assert not violations(page)
    answered_site(page, site)
    overview(page, site)
    made_link(page)
    page.locator("[data-report-fold] summary").click()
    page.click("tr-assessments [data-action=rename]")
    assert not violations(page)
    page.set_viewport_size({"width": 360, "height": 740})
    assert not violations(page)
    widths = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert widths[0] <= widths[1]


@pytest.mark.parametrize("zone", ["America/Los_Angeles", "Pacific/Kiritimati"])
def test_a_report_has_the_day_as_it_was_saved(chromium: Browser, site: str, zone: str) -> None:
    context = chromium.new_context(timezone_id=zone)
    page = context.new_page()
    page.clock.set_fixed_time("2026-11-22T17:20:00Z")
    page.goto(f"{site}decide/why/")
    answer(page, "why-owner", "yes")
    overview(page, site)
    expect(page.locator("[data-report]")).to_contain_text("22 November 2026")
    context.close()


def test_a_file_is_read_whole_however_many_bytes_its_letters_take(
    page: Page, site: str, tmp_path: Path
) -> None:
    items = {f"item-{n}": {"answer": "yes", "note": "é" * 20_000} for n in range(110)}
    document = {"schema": "tuneready.answers/2", "name": "Long notes", "items": items}
    file = tmp_path / "long.json"
    file.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    assert file.stat().st_size > 4_000_000
    page.goto(f"{site}overview/")
    page.locator(f"{EXCHANGE} [data-file]").set_input_files(file)
    expect(page.locator(".tr-preview")).to_contain_text("110", timeout=DONE)


def test_a_preview_follows_what_another_tab_does(page: Page, site: str, tmp_path: Path) -> None:
    """What “replace” would replace may change while the reader decides."""
    answered_site(page, site)
    overview(page, site)
    with page.expect_download() as download:
        page.click(f"{EXCHANGE} [data-action=json]")
    saved = tmp_path / "answers.json"
    download.value.save_as(saved)
    other = page.context.new_page()
    other.goto(f"{site}overview/")
    page.set_input_files(f"{EXCHANGE} [data-file]", saved)
    preview = page.locator(".tr-preview")
    expect(preview.locator("[data-action=replace]")).to_contain_text("My assessment", timeout=DONE)
    other.click("tr-assessments [data-action=rename]")
    other.locator("tr-assessments input[name=name]").fill("Renamed")
    other.keyboard.press("Enter")
    expect(preview.locator("[data-action=replace]")).to_contain_text("Renamed", timeout=DONE)
