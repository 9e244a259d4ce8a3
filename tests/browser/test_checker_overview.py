"""Recognition, the comparison of targets, statistics with their drawings, and a validation file."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest
from kept import time_passes
from playwright.sync_api import Locator, Page, expect

from tuneready.rules import RULES
from tuneready.site.families import rule_path
from tuneready.targets import targets

pytestmark = pytest.mark.browser

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "macros/tuneready/site/static/samples"
FIXTURES = ROOT / "tests/cases/reports"
# What the element does with a report, without a check.
SHOW = """async ([bundle, reports]) => {
  const { renderReport } = await import(`${bundle}/js/dataset-result.js`);
  const { Texts } = await import(`${bundle}/js/texts.js`);
  const element = document.querySelector("tr-dataset-check");
  const template = (name) =>
    document.importNode(element.querySelector(`[data-template="${name}"]`).content, true);
  const json = (name) => JSON.parse(template(name).textContent);
  const context = {
    texts: new Texts(json("texts"), element.dataset.language),
    template,
    targets: json("targets"),
    families: json("families"),
    rules: element.dataset.rules,
    evidence: null,
  };
  const part = (index) => reports.length === 1 ? "only" : index ? "validation" : "training";
  const views = await Promise.all(
    reports.map((report, i) => renderReport(report, { ...context, part: part(i) })),
  );
  const result = element.querySelector("[data-result]");
  result.hidden = false;
  result.replaceChildren(...views);
}"""


def result(page: Page) -> Locator:
    return page.locator("tr-dataset-check [data-result]")


def try_sample(page: Page, name: str) -> None:
    page.click(f"[data-sample='{name}']")
    expect(page.locator("tr-dataset-check")).to_have_attribute("data-state", "done", timeout=60_000)


def show(page: Page, *reports: dict[str, Any]) -> None:
    source = page.get_attribute("script[src*='js/tuneready.js']", "src")
    bundle = urljoin(page.url, source).removesuffix("/js/tuneready.js")
    page.evaluate(SHOW, [bundle, list(reports)])


def full_report() -> dict[str, Any]:
    """A report with every part that one can have."""
    return json.loads((FIXTURES / "full.json").read_text(encoding="utf-8"))


def test_a_file_is_recognised_and_every_target_answers(page: Page, site: str) -> None:
    page.goto(f"{site}check/")
    expect(page.locator("select[name=target]")).to_have_value("auto")
    try_sample(page, "good.jsonl")
    expect(result(page).locator("[data-slot=recognised]")).to_contain_text("a chat")
    page.evaluate("document.querySelectorAll('.tr-matrix details').forEach(d => d.open = true)")
    asked = result(page).locator(".tr-matrix [data-target]")
    assert {button.get_attribute("data-target") for button in asked.all()} == set(targets())
    # Who refuses says why, in words and with a place.
    refusing = result(page).locator(".tr-matrix li:not([data-accepted])")
    assert refusing.count() > 0
    for row in refusing.all():
        assert "TR" in row.locator("[data-slot=code]").inner_text()
        assert row.locator("[data-slot=message]").inner_text()
    accepting = result(page).locator(".tr-matrix li[data-accepted]")
    assert accepting.locator("[data-target='openai/sft']").count() == 1
    assert accepting.locator("[data-slot=reason]:visible").count() == 0


def test_a_target_of_the_comparison_gives_its_full_report(page: Page, site: str) -> None:
    page.goto(f"{site}check/")
    try_sample(page, "good.jsonl")
    page.evaluate("document.querySelectorAll('.tr-matrix details').forEach(d => d.open = true)")
    page.click("[data-target='azure-openai/completion']")
    expect(page.locator("[data-slot=target]")).to_have_text(
        "Azure OpenAI: prompt and completion (legacy)", timeout=60_000
    )
    expect(page.locator("select[name=target]")).to_have_value("azure-openai/completion")
    expect(page.locator(".tr-matrix")).to_have_count(0)


@pytest.mark.parametrize("language", ["", "nl/"])
def test_every_finding_leads_to_the_page_of_its_rule(page: Page, site: str, language: str) -> None:
    page.goto(f"{site}{language}check/")
    try_sample(page, "bad.jsonl")
    links = result(page).locator(".tr-rule__source [data-slot=name], .tr-matrix [data-slot=code]")
    expected = {f"{site}{language}{rule_path(rule)}" for rule in RULES}
    found = {link.evaluate("link => link.href") for link in links.all()} - {""}
    assert found
    assert found <= expected
    first = result(page).locator(".tr-rule__source [data-slot=name]").first
    name = first.inner_text().split()[1]
    first.scroll_into_view_if_needed()
    # Material notes a place 100 ms after scrolling, even for a page turned to by then.
    time_passes(page, 500)
    first.click()
    page.wait_for_url(f"**/rules/*/#{name}")
    expect(page.locator(f"h2[id='{name}']")).to_be_in_viewport()


def test_tokens_are_counted_in_the_page_as_natively(page: Page, site: str) -> None:
    from tuneready.dataset.checker import Checker
    from tuneready.dataset.report import document
    from tuneready.dataset.tokens import native_counter

    page.goto(f"{site}check/")
    page.select_option("select[name=target]", "openai/sft")
    try_sample(page, "good.jsonl")
    data = (SAMPLES / "good.jsonl").read_bytes()
    checker = Checker(targets()["openai/sft"], file="f", tokens=native_counter("o200k_base"))
    checker.feed(data)
    tokens = document([checker.close()], "en")["reports"][0]["statistics"]["tokens"]
    expect(page.locator("[data-slot=tokens-total]")).to_have_text(f"{tokens['total']:,}")
    expect(page.locator("[data-slot=tokens-note]")).to_have_text(tokens["note"])


def test_a_check_goes_on_without_the_ranks_of_tokens(page: Page, site: str) -> None:
    page.goto(f"{site}check/")
    page.route("**/tokens/*.ranks", lambda route: route.fulfill(status=404))
    try_sample(page, "good.jsonl")
    expect(page.locator("[data-slot=uncounted]")).to_contain_text("tokens/o200k_base.ranks")
    expect(page.locator("[data-slot=training]")).to_be_hidden()
    page.unroute("**/tokens/*.ranks")
    try_sample(page, "good.jsonl")
    expect(page.locator("[data-slot=uncounted]")).to_be_hidden(timeout=60_000)
    expect(page.locator("[data-slot=training]")).to_be_visible()
    page.provoked = True  # the browser logs the 404 itself


def test_a_histogram_and_its_table_say_the_same(page: Page, site: str) -> None:
    page.goto(f"{site}check/")
    report = full_report()
    show(page, report)
    figure = result(page).locator("figure").first
    expect(figure.locator("figcaption")).to_have_text("Tokens per example")
    bins = report["statistics"]["tokens"]["per_example"]["histogram"]
    assert figure.locator("rect").count() == sum(1 for one in bins if one["count"])
    figure.locator("summary").click()
    rows = figure.locator("tbody tr").all_inner_texts()
    assert len(rows) == len(bins)
    for row, one in zip(rows, bins, strict=True):
        assert row == f"{one['from']:,} to {one['to']:,}\t{one['count']:,}"
    # Heights are in proportion: the fullest bin is as high as the drawing.
    heights = [float(rect.get_attribute("height")) for rect in figure.locator("rect").all()]
    counts = [one["count"] for one in bins if one["count"]]
    for height, count in zip(heights, counts, strict=True):
        assert height == pytest.approx(max(30 * count / max(counts), 0.6))
    name = figure.locator("svg").get_attribute("aria-label")
    assert f"{report['statistics']['tokens']['per_example']['median']:,}" in name


def test_what_a_report_says_of_tokens_and_cost_is_on_the_page(page: Page, site: str) -> None:
    page.goto(f"{site}check/")
    report = full_report()
    show(page, report)
    section = result(page).locator("[data-slot=training]")
    expect(section).to_contain_text("exact, o200k_base")
    expect(section).to_contain_text("$12.50 – $37.50")
    over = report["statistics"]["tokens"]["over_limit"]
    expect(section).to_contain_text(
        f"{over} examples are longer than the limit of 2,000 tokens: they are cut off at the end."
    )
    expect(section.locator("a")).to_have_attribute("href", "https://prices.example/")
    expect(section.locator("a")).to_contain_text("read 2026-11-22")


def test_what_a_report_leaves_out_is_not_on_the_page(page: Page, site: str) -> None:
    page.goto(f"{site}check/")
    report = full_report()
    statistics = report["statistics"]
    for key in ("turns", "lengths", "tokens", "training"):
        statistics[key] = None
    show(page, report)
    expect(result(page).locator("figure")).to_have_count(0)
    expect(result(page).locator("[data-slot=training]")).to_be_hidden()
    for key in ("turns", "lengths", "tokens", "training"):
        del statistics[key]
    for key in ("matrix", "recognised", "role"):
        report.pop(key, None)
    show(page, report)
    expect(result(page).locator("[data-slot=headline]")).to_be_visible()


@pytest.mark.parametrize("forced", ["none", "active"])
def test_a_chart_can_be_seen_in_forced_colours_and_on_paper(
    page: Page, site: str, forced: str
) -> None:
    page.goto(f"{site}check/")
    show(page, full_report())
    page.emulate_media(forced_colors=forced, color_scheme="dark")
    bars = result(page).locator("figure svg").first
    colours = "svg => [getComputedStyle(svg).fill, getComputedStyle(document.body).backgroundColor]"
    fill, ground = bars.evaluate(colours)
    assert fill != ground
    page.emulate_media(media="print")
    expect(bars).to_be_visible()


def test_a_validation_file_is_checked_against_the_training_file(
    page: Page, site: str, tmp_path: Path
) -> None:
    lines = (SAMPLES / "good.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
    training, validation = tmp_path / "train.jsonl", tmp_path / "valid.jsonl"
    training.write_text("".join(lines), encoding="utf-8")
    validation.write_text("".join(lines[:1] * 2), encoding="utf-8")
    page.goto(f"{site}check/")
    page.select_option("select[name=target]", "openai/sft")
    page.set_input_files("[name=file]", str(training))
    page.locator(".tr-check__second summary").click()
    page.set_input_files("[name=validation]", str(validation))
    expect(page.locator("[data-notice]")).to_contain_text("valid.jsonl")
    page.click("[data-check]")
    expect(page.locator("tr-dataset-check")).to_have_attribute("data-state", "done", timeout=60_000)
    headlines = result(page).locator("[data-slot=headline]")
    expect(headlines).to_have_count(2)
    expect(headlines.nth(0)).to_contain_text("Training file")
    expect(headlines.nth(1)).to_contain_text("Validation file")
    with page.expect_download() as download:
        page.click("[data-slot=download]")
    download.value.save_as(tmp_path / "report.json")
    reports = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))["reports"]
    assert [one["role"] for one in reports] == ["training", "validation"]
    overlap = [rule["code"] for rule in reports[1]["rules"] if rule["code"].startswith("TR82")]
    assert overlap
    assert not [rule for rule in reports[0]["rules"] if rule["code"].startswith("TR82")]
    # Ids and the places that they lead to stay apart.
    ids = result(page).locator("[id]").evaluate_all("all => all.map(one => one.id)")
    assert len(ids) == len(set(ids))


def test_the_training_file_is_no_validation_file(page: Page, site: str) -> None:
    page.goto(f"{site}check/")
    file = str(SAMPLES / "good.jsonl")
    page.set_input_files("[name=file]", file)
    page.locator(".tr-check__second summary").click()
    page.set_input_files("[name=validation]", file)
    page.click("[data-check]")
    expect(page.locator("[data-notice]")).to_contain_text("is the training file itself")
    expect(page.locator("tr-dataset-check")).to_have_attribute("data-state", "idle")


def test_a_provider_s_page_leads_to_the_check_of_its_target(page: Page, site: str) -> None:
    page.goto(f"{site}targets/openai/")
    page.evaluate("window.stillHere = true")
    page.locator("a", has_text="Check a file for openai/sft").click()
    expect(page.locator("select[name=target]")).to_have_value("openai/sft")
    # The checker came with instant navigation, which loads no page.
    assert page.evaluate("window.stillHere")
    try_sample(page, "good.jsonl")


def test_a_reading_page_does_not_load_the_checker(page: Page, site: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{site}rules/messages/")
    assert any("/js/tuneready.js" in url for url in asked)
    assert not any("/js/dataset-" in url for url in asked)


def test_an_address_that_names_no_target_changes_nothing(page: Page, site: str) -> None:
    for odd in ("#target=nobody/sft", "#target=%E0%A4%A", "#target="):
        page.goto(f"{site}check/{odd}")
        page.reload()
        expect(page.locator("select[name=target]")).to_have_value("auto")


def test_the_report_leaves_the_page_as_markdown_too(page: Page, site: str, tmp_path: Path) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{site}check/")
    try_sample(page, "bad.jsonl")
    with page.expect_download() as download:
        page.click("[data-slot=download-markdown]")
    assert download.value.suggested_filename == "bad.jsonl.report.md"
    download.value.save_as(tmp_path / "report.md")
    written = (tmp_path / "report.md").read_text(encoding="utf-8")
    assert written.startswith("## `bad.jsonl`")
    page.click("[data-slot=copy]")
    expect(page.locator("[data-slot=copied]")).to_contain_text("on the clipboard")
    assert page.evaluate("navigator.clipboard.readText()") == written


def check_file(page: Page, file: Path) -> None:
    page.set_input_files("tr-dataset-check input[name=file]", str(file))
    page.click("tr-dataset-check [data-check]")
    expect(page.locator("tr-dataset-check")).to_have_attribute("data-state", "done", timeout=60_000)


def test_what_all_targets_refuse_a_file_for_is_said_once(
    page: Page, site: str, tmp_path: Path
) -> None:
    file = tmp_path / "empty.jsonl"
    file.write_bytes(b"")
    page.goto(f"{site}check/")
    check_file(page, file)
    # A file without records has no format to be recognised: the finding says what it is.
    expect(result(page).locator("[data-slot=headline]")).to_have_text("The file is empty")
    expect(result(page).locator("[data-slot=recognised]")).to_be_hidden()
    expect(result(page).locator("[data-slot=common]")).to_contain_text("TR001")
    expect(result(page).locator(".tr-matrix__group:visible")).to_have_count(0)


def test_the_findings_follow_a_comparison_in_which_nobody_accepts(page: Page, site: str) -> None:
    page.goto(f"{site}check/")
    try_sample(page, "bad.jsonl")
    expect(result(page).locator(".tr-matrix__group:visible")).to_have_count(1)
    matrix = result(page).locator(".tr-matrix").bounding_box()
    assert matrix is not None
    assert matrix["height"] < 250
    # Each target still says why.
    page.evaluate("document.querySelectorAll('.tr-matrix details').forEach(d => d.open = true)")
    expect(result(page).locator(".tr-matrix [data-slot=message]:visible")).to_have_count(
        len(targets())
    )


def test_a_file_that_others_accept_is_refused_by_name(page: Page, site: str) -> None:
    page.goto(f"{site}check/")
    report = full_report()
    report["valid"] = False
    report["counts"]["error"] = 2
    report["recognised"] = {"format": "chat", "title": "a chat", "certainty": "certain"}
    row = {"title": "OpenAI", "status": "open", "accepted": True, "reason": None}
    reason = {"code": "TR303", "name": "unknown-role", "line": 1, "message": "m"}
    report["matrix"] = [
        {**row, "target": "openai/sft"},
        {**row, "target": "azure-openai/sft", "accepted": False, "reason": reason},
    ]
    report["target"] = "azure-openai/sft"
    show(page, report)
    expect(result(page).locator("[data-slot=headline]")).to_have_text(
        "2 problems for which Azure OpenAI: chat models (supervised) would refuse this file"
    )
    expect(result(page).locator("[data-slot=refused-summary]")).to_contain_text("Azure OpenAI")
    expect(result(page).locator("[data-slot=groups]")).not_to_contain_text("Azure OpenAI")


def test_one_value_is_a_sentence_and_no_lone_bar(page: Page, site: str) -> None:
    page.goto(f"{site}check/")
    report = full_report()
    show(page, report)
    before = result(page).locator("figure").count()
    lengths = report["statistics"]["lengths"]
    lengths["min"] = lengths["max"] = 1234
    show(page, report)
    expect(result(page).locator("figure")).to_have_count(before - 1)
    expect(result(page).locator("[data-slot=distributions]")).to_contain_text(
        f"Characters per example: 1,234 in each of the {lengths['count']:,} examples."
    )


def test_a_gzip_file_is_unpacked_and_its_lines_are_checked(
    page: Page, site: str, tmp_path: Path
) -> None:
    packed = gzip.compress((SAMPLES / "bad.jsonl").read_bytes())
    whole, half = tmp_path / "whole.jsonl.gz", tmp_path / "half.jsonl.gz"
    whole.write_bytes(packed)
    half.write_bytes(packed[: len(packed) // 2])
    page.goto(f"{site}nl/check/")
    check_file(page, whole)
    for code in ("TR002", "TR303", "TR104"):
        expect(result(page).locator(".tr-rule__source", has_text=code)).to_have_count(1)
    expect(result(page).locator("[data-slot=summary]")).to_contain_text("uitgepakt")
    page.set_input_files("tr-dataset-check input[name=file]", str(half))
    page.click("tr-dataset-check [data-check]")
    expect(page.locator("[data-failure-text]")).to_contain_text("half.jsonl.gz breekt af")


def test_the_name_of_a_file_neither_disturbs_nor_widens_the_page(
    page: Page, site: str, tmp_path: Path
) -> None:
    file = tmp_path / f"\u202egpj.{'x' * 150}.jsonl"
    file.write_bytes((SAMPLES / "good.jsonl").read_bytes())
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(f"{site}check/")
    check_file(page, file)
    page.select_option("select[name=target]", "openai/sft")
    expect(result(page).locator("[data-slot=again]")).to_contain_text(r"\u{202e}gpj")
    assert "\u202e" not in page.locator("tr-dataset-check").inner_text()
    widths = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert widths[0] <= widths[1]
