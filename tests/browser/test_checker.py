"""A preparer drops a file: good, bad, hostile, cancelled, offline; the same report as the command."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

pytestmark = pytest.mark.browser

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "macros/tuneready/site/static/samples"
REAL = Path(os.environ.get("TUNEREADY_REAL_DATA", ROOT.parent / "shared/data/real"))
INPUT = "tr-dataset-check input[name=file]"
REAL_FILES = {
    "sft-gsm8k.train.jsonl": "azure-openai/sft",
    "sft-gsm8k.validation.jsonl": "azure-openai/sft",
    "sft-cnn-dailymail.validation.jsonl": "azure-openai/sft",
    "sft-toolcall.train.jsonl": "azure-openai/sft",
    "sft-vision-chartqa.train.jsonl": "azure-openai/sft",
    "dpo-orca.validation.jsonl": "azure-openai/sft",
    "rft-countdown.train.jsonl": "azure-openai/sft",
}


def check(page: Page, file: Path, target: str = "azure-openai/sft") -> None:
    page.select_option("tr-dataset-check select[name=target]", target)
    page.set_input_files(INPUT, str(file))
    if page.get_attribute("tr-dataset-check", "data-state") not in {"loading", "checking"}:
        page.click("tr-dataset-check [data-check]")
    expect(page.locator("tr-dataset-check")).to_have_attribute(
        "data-state", "done", timeout=120_000
    )


def downloaded(page: Page, folder: Path) -> bytes:
    with page.expect_download() as download:
        page.click("tr-dataset-check [data-slot=download]")
    saved = folder / "report.json"
    download.value.save_as(saved)
    return saved.read_bytes()


def command_line(file: Path, target: str, *options: str) -> bytes:
    command = [sys.executable, "-m", "tuneready", "check", file.name, "--target", target]
    done = subprocess.run(
        [*command, "--format", "json", *options], cwd=file.parent, capture_output=True, check=False
    )
    assert done.returncode in {0, 1}, done.stderr
    return done.stdout


@pytest.mark.parametrize(("path", "language"), [("", "en"), ("nl/", "nl")])
def test_a_sample_gives_the_report_of_the_command_line(
    page: Page, site: str, tmp_path: Path, path: str, language: str
) -> None:
    page.goto(f"{site}{path}check/")
    for name in ("bad.jsonl", "good.jsonl"):
        check(page, SAMPLES / name)
        report = downloaded(page, tmp_path)
        assert report == command_line(SAMPLES / name, "azure-openai/sft", "--lang", language)
        (entry,) = json.loads(report)["reports"]
        assert entry["valid"] is (name == "good.jsonl")
        # What the report says stands on the page.
        result = page.locator("tr-dataset-check [data-result]")
        for rule in entry["rules"]:
            expect(result).to_contain_text(rule["title"])
        for finding in entry["findings"]:
            expect(result).to_contain_text(finding["message"])


def test_one_click_tries_a_sample(page: Page, site: str) -> None:
    page.goto(f"{site}check/")
    page.click("[data-sample='bad.jsonl']")
    element = page.locator("tr-dataset-check")
    expect(element).to_have_attribute("data-state", "done", timeout=60_000)
    expect(page.locator("tr-dataset-check [data-slot=headline]")).to_be_focused()
    page.click("[data-sample='good.jsonl']")
    expect(page.locator("tr-dataset-check [data-slot=headline]")).to_contain_text("No problem")


def five_faults(lines: list[bytes]) -> list[tuple[bytes, str]]:
    """Break five lines of a good chat file by hand; return the lines and what each must be called."""
    broken = list(lines)
    broken[1] = lines[1].rstrip(b"}").rstrip() + b",}"  # a trailing comma
    broken[3] = lines[3].replace(b'"user"', b'"customer"', 1)
    records = [json.loads(line) for line in lines]
    records[5]["messages"] = [m for m in records[5]["messages"] if m["role"] != "assistant"]
    broken[5] = json.dumps(records[5]).encode()
    broken[7] = lines[7].replace(b'"messages"', b'"seed": NaN, "messages"', 1)
    at = lines[9].index(b"content") + 14
    broken[9] = lines[9][:at] + b"\xff" + lines[9][at:]
    return broken


def test_five_ways_to_break_a_file_in_page_and_command(
    page: Page, site: str, tmp_path: Path
) -> None:
    lines = (SAMPLES / "good.jsonl").read_bytes().splitlines()
    file = tmp_path / "broken.jsonl"
    broken = five_faults(lines)
    file.write_bytes(b"\n".join(broken) + b"\n")
    page.goto(f"{site}check/")
    check(page, file)
    report = downloaded(page, tmp_path)
    assert report == command_line(file, "azure-openai/sft")
    errors = [
        finding
        for finding in json.loads(report)["reports"][0]["findings"]
        if finding["severity"] == "error"
    ]
    starts = [sum(len(line) + 1 for line in broken[:number]) for number in range(len(broken))]
    comma = broken[1].rindex(b",}")
    role = broken[3].index(b'"customer"')
    number = broken[7].index(b"NaN")
    byte = broken[9].index(b"\xff")
    places = {(finding["line"], finding["byte"]) for finding in errors}
    assert {line for line, _ in places} == {2, 4, 6, 8, 10}
    assert (2, starts[1] + comma) in places
    assert (4, starts[3] + role) in places
    assert (8, starts[7] + number) in places
    assert (10, starts[9] + byte) in places
    for finding in errors:
        before = broken[finding["line"] - 1][: finding["byte"] - starts[finding["line"] - 1]]
        assert finding["column"] == len(before.decode()) + 1


def test_text_of_a_dataset_stays_text(page: Page, site: str, tmp_path: Path) -> None:
    page.add_init_script("window.alert = () => { window.hacked = true }")
    hostile = "<img src=x onerror=alert(1)><script>alert(1)</script>\u202e"
    file = tmp_path / "<img onerror=alert(1)>.jsonl"
    record: dict[str, Any] = {
        "messages": [{"role": hostile, "content": hostile, hostile: 1}],
        hostile: hostile,
    }
    file.write_text("\n".join(json.dumps(record) for _ in range(12)) + "\n" + hostile)
    page.goto(f"{site}check/")
    check(page, file)
    result = page.locator("tr-dataset-check")
    assert result.locator("img").count() == 0
    assert result.locator("script:not([type='application/json'])").count() == 0
    assert "\u202e" not in result.inner_text()
    assert not page.evaluate("window.hacked")


def test_cancel_comes_back_at_once_and_the_next_check_is_right(
    page: Page, site: str, tmp_path: Path
) -> None:
    # 250 MB take seconds on any machine, so that there is always something left to cancel.
    big = tmp_path / "big.jsonl"
    big.write_bytes((SAMPLES / "good.jsonl").read_bytes() * 40_000)
    page.goto(f"{site}check/")
    page.set_input_files(INPUT, str(big))
    element = page.locator("tr-dataset-check")
    if element.get_attribute("data-state") == "idle":
        page.click("tr-dataset-check [data-check]")
    expect(element).to_have_attribute("data-state", "checking", timeout=60_000)
    page.click("tr-dataset-check [data-cancel]")
    expect(element).to_have_attribute("data-state", "cancelled")
    check(page, SAMPLES / "good.jsonl")
    expect(page.locator("tr-dataset-check [data-slot=headline]")).to_contain_text("No problem")


def test_works_without_a_network_once_python_is_there(page: Page, site: str) -> None:
    page.goto(f"{site}check/")
    check(page, SAMPLES / "good.jsonl")
    page.context.set_offline(True)
    check(page, SAMPLES / "bad.jsonl")
    expect(page.locator("tr-dataset-check [data-result]")).to_be_visible()


DROP = """([zone, text]) => {
  const dataTransfer = new DataTransfer();
  dataTransfer.items.add(new File([text], "dropped.jsonl"));
  const drop = new DragEvent("drop", { bubbles: true, cancelable: true, dataTransfer });
  document.querySelector(zone).dispatchEvent(drop);
  return drop.defaultPrevented;
}"""


def test_what_is_done_before_the_code_arrives_is_not_lost(page: Page, site: str) -> None:
    held: list[Route] = []
    page.route("**/js/dataset-check.js", lambda route: held.append(route))  # noqa: PLW0108  a route wants a function
    page.goto(f"{site}check/", wait_until="commit")
    # From then on the page listens.
    expect(page.locator(".md-header button[for=__drawer]")).to_have_count(1)
    text = (SAMPLES / "good.jsonl").read_text(encoding="utf-8")
    assert page.evaluate(DROP, ["tr-dataset-check [data-drop]", text]), "it would leave the page"
    page.click("tr-dataset-check [data-check]")
    page.wait_for_timeout(200)
    assert page.url == f"{site}check/"
    for route in held:
        route.continue_()
    checker = page.locator("tr-dataset-check")
    expect(checker).to_have_attribute("data-state", "done", timeout=60_000)
    expect(checker.locator("[data-result]")).to_contain_text("dropped.jsonl")


def test_pasted_lines_are_checked(page: Page, site: str) -> None:
    page.goto(f"{site}check/")
    page.locator("tr-dataset-check .tr-check__paste summary").click()
    page.fill("tr-dataset-check textarea", '{"messages": [{"role": "user", "content": "Hi"}]}')
    page.click("tr-dataset-check [data-check-lines]")
    expect(page.locator("tr-dataset-check")).to_have_attribute("data-state", "done", timeout=60_000)


def test_another_target_checks_the_same_file_again(page: Page, site: str) -> None:
    page.goto(f"{site}check/")
    check(page, SAMPLES / "good.jsonl")
    page.select_option("tr-dataset-check select[name=target]", "azure-openai/completion")
    page.click("tr-dataset-check [data-slot=again] button")
    expect(page.locator("tr-dataset-check [data-slot=target]")).to_contain_text(
        "completion", timeout=60_000
    )


def test_the_format_alone_is_looked_at_for_who_wants_that(
    page: Page, site: str, tmp_path: Path
) -> None:
    page.goto(f"{site}check/")
    page.get_by_label("Look at the format only").check()
    check(page, SAMPLES / "bad.jsonl")
    command = command_line(SAMPLES / "bad.jsonl", "azure-openai/sft", "--format-only")
    assert downloaded(page, tmp_path) == command
    result = page.locator("tr-dataset-check [data-result]")
    expect(result.locator("[data-slot=format-only]")).to_be_visible()
    expect(result.locator("[data-slot=keep]")).to_be_hidden()
    told = page.locator(".tr-check__cli [data-command]")
    expect(told).to_have_text("tuneready check bad.jsonl --target azure-openai/sft --format-only")
    # Another choice is about another check, as with target and model.
    page.get_by_label("Look at the format only").uncheck()
    result.locator("[data-slot=again] button").click()
    expect(page.locator("tr-dataset-check")).to_have_attribute("data-state", "done")
    expect(result.locator("[data-slot=format-only]")).to_be_hidden()
    expect(result.locator("[data-slot=keep]")).to_be_visible()


def test_a_choice_during_the_check_is_not_passed_over(
    page: Page, site: str, tmp_path: Path
) -> None:
    big = tmp_path / "big.jsonl"
    big.write_bytes((SAMPLES / "good.jsonl").read_bytes() * 3_000)
    page.goto(f"{site}check/")
    page.select_option("tr-dataset-check select[name=target]", "azure-openai/sft")
    page.set_input_files(INPUT, str(big))
    page.click("tr-dataset-check [data-check]")
    expect(page.locator("tr-dataset-check [data-check]")).to_have_attribute("aria-disabled", "true")
    page.select_option("tr-dataset-check select[name=target]", "openai/sft")
    again = page.locator("tr-dataset-check [data-slot=again]")
    expect(again).to_be_visible(timeout=60_000)
    page.select_option("tr-dataset-check select[name=target]", "azure-openai/sft")
    expect(again).to_be_hidden()


def test_a_report_is_there_after_leaving_and_returning(page: Page, site: str) -> None:
    page.goto(f"{site}check/")
    check(page, SAMPLES / "bad.jsonl", "openai/sft")
    headline = page.locator("tr-dataset-check [data-slot=headline]")
    said = headline.inner_text()
    page.locator(".md-tabs a", has_text="About").click()
    page.wait_for_url("**/how-it-works/")
    page.go_back()
    expect(headline).to_have_text(said)
    expect(page.locator("tr-dataset-check select[name=target]")).to_have_value("openai/sft")


def test_links_within_the_page_leave_everything_in_its_place(page: Page, site: str) -> None:
    """Material would fetch the page anew for the first of them, and for the first step back."""
    page.goto(f"{site}check/")
    check(page, SAMPLES / "bad.jsonl")
    page.evaluate("document.querySelector('tr-dataset-check').same = true")
    page.locator("tr-dataset-check nav a", has_text="A role is not known").click()
    heading = page.locator("tr-dataset-check h3", has_text="A role is not known")
    expect(heading).to_be_focused()
    expect(heading).to_be_in_viewport()
    page.go_back()
    page.locator(".md-sidebar--secondary a", has_text="Which targets").click()
    page.wait_for_timeout(500)
    assert page.evaluate("document.querySelector('tr-dataset-check').same")
    assert page.locator(INPUT).evaluate("input => input.files.length") == 1
    # Pages are still turned without a load, and back.
    page.locator(".md-tabs a", has_text="About").click()
    page.wait_for_url("**/how-it-works/")
    page.go_back()
    page.wait_for_selector("tr-dataset-check")


def test_a_sample_that_did_not_arrive_is_fetched_again(page: Page, site: str) -> None:
    page.goto(f"{site}check/")
    page.route("**/samples/good.jsonl", lambda route: route.fulfill(status=404))
    page.click("[data-sample='good.jsonl']")
    element = page.locator("tr-dataset-check")
    expect(element).to_have_attribute("data-state", "failed")
    page.unroute("**/samples/good.jsonl")
    page.click("tr-dataset-check [data-retry]")
    expect(element).to_have_attribute("data-state", "done", timeout=60_000)
    page.provoked = True  # the browser logs the 404 itself


def test_the_method_and_the_event_give_one_report(page: Page, site: str) -> None:
    page.goto(f"{site}check/")
    expect(page.locator("tr-dataset-check:defined")).to_have_count(1)
    both = page.evaluate(
        """async () => {
          const element = document.querySelector("tr-dataset-check");
          const heard = new Promise(resolve =>
            document.addEventListener("tr-report", event => resolve(event.detail), {once: true}));
          const file = new File(['{"messages": []}\\n'], "one.jsonl");
          const returned = await element.check(file, {target: "openai/sft"});
          return [returned, await heard];
        }"""
    )
    assert both[0] == both[1]
    assert both[0]["target"] == "openai/sft"
    assert both[0]["file"] == "one.jsonl"


def test_real_files_in_one_page(page: Page, site: str, tmp_path: Path) -> None:
    """One after another, as a reader does, so that what one leaves behind would be seen in the next."""
    if missing := [name for name in REAL_FILES if not (REAL / name).is_file()]:
        pytest.skip(f"the real data is not here: {', '.join(missing)}")
    page.goto(f"{site}check/")
    for name, target in REAL_FILES.items():
        check(page, REAL / name, target)
        assert downloaded(page, tmp_path) == command_line(REAL / name, target), name
