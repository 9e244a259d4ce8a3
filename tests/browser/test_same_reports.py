"""Chromium, Firefox and CPython say the same of every case, byte for byte."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import alone

pytestmark = pytest.mark.browser

TESTS = Path(__file__).resolve().parents[1]
CASE = "reports/same.mjs"
# Each of some 960 files is checked for several targets: 2,900 reports, which take minutes.
# Two languages take turns, so an odd number.
EVERY = 1 if os.environ.get("BOTH") == "all" else 9
LEAST_REPORTS = 2800 // EVERY


@pytest.fixture(scope="session")
def compared(host: tuple[str, Path]) -> Path:
    """The folder with all files and with what the command says of them, the same for both browsers."""
    folder = host[1] / "compared"
    with alone(host[1], "compared"):
        if not (folder / "asked.json").exists():
            folder.mkdir()
            command = [sys.executable, str(TESTS / "compared_reports.py"), str(folder), str(EVERY)]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            assert done.returncode == 0, done.stderr
    return folder


@pytest.mark.parametrize("browser", ["chromium", "firefox"])
def test_every_report_is_the_same(browser: str, site_dir: Path, compared: Path) -> None:
    both = TESTS / "browser/both"
    command = ["node", str(both / "run.mjs"), "--browser", browser, "--site", str(site_dir)]
    done = subprocess.run(
        [*command, str(both / CASE)],
        cwd=TESTS.parent,
        env={**os.environ, "COMPARED": str(compared)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    outcome = json.loads(done.stdout)
    assert outcome["ok"], outcome["detail"]
    assert outcome["data"]["compared"] > LEAST_REPORTS


def test_there_are_reports_and_refusals_in_both_languages(compared: Path) -> None:
    asked = json.loads((compared / "asked.json").read_text(encoding="utf-8"))
    assert len(asked) > LEAST_REPORTS
    assert {each["language"] for each in asked} == {"en", "nl"}
    assert len({each["target"] for each in asked}) > 25
    for each in asked:
        text = (compared / each["report"]).read_bytes()
        assert bool(text) != bool(each["failed"]), each
        assert not text or json.loads(text)["reports"][0]["file"] == each["name"]
