"""The cases in `both/`, in Chromium and in Firefox; no browser is a failure.

Start and privacy are held in both browsers on every run. The other cases take turns, the first in
Chromium, the next in Firefox, which keeps the whole run short; `BOTH=all` has each in both, and
`make faults` those of the faults three times.
"""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.browser

ROOT = Path(__file__).resolve().parents[2]
RUN = ["node", str(Path(__file__).parent / "both/run.mjs")]
CASES = subprocess.run(
    [*RUN, "--list"], cwd=ROOT, capture_output=True, text=True, check=True
).stdout.split()

BROWSERS = ("chromium", "firefox")
IN_EACH = ("start/", "privacy/")


def turns() -> list[tuple[str, str]]:
    """Return the browser and the case of each test."""
    every = os.environ.get("BOTH") == "all"
    return [
        (browser, case)
        for place, case in enumerate(CASES)
        for browser in BROWSERS
        if every or case.startswith(IN_EACH) or browser == BROWSERS[place % len(BROWSERS)]
    ]


type Outcomes = dict[str, dict[str, Any]]


def outcomes(browser: str, site: Path, names: list[str]) -> Outcomes:
    """Run the named cases in one browser, one after another.

    The runner bounds all that it waits for. Should it end early all the same, the cases that it did
    not come to have failed, each to be tried again on its own.
    """
    folder = Path(__file__).parent / "both"
    command = [*RUN, "--browser", browser, "--site", str(site), *(str(folder / n) for n in names)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    ended = f"the runner ended ({done.returncode}) before this case:\n{done.stderr}"
    found: Outcomes = {name: {"ok": False, "detail": ended} for name in names}
    for line in done.stdout.splitlines():
        outcome = json.loads(line)
        found[outcome["file"]] = outcome
    return found


@pytest.fixture(scope="session")
def asked(request: pytest.FixtureRequest) -> dict[str, list[str]]:
    """Return the cases that this run asks for, by browser: a browser starts once for all of its."""
    found: dict[str, list[str]] = {}
    for item in request.session.items:
        if isinstance(item, pytest.Function) and item.originalname == "test_in_browser":
            given = item.callspec.params
            found.setdefault(str(given["browser"]), []).append(str(given["case"]))
    return found


@pytest.fixture(scope="session")
def in_chromium(site_dir: Path, asked: dict[str, list[str]]) -> Outcomes:
    return outcomes("chromium", site_dir, asked["chromium"])


@pytest.fixture(scope="session")
def in_firefox(site_dir: Path, asked: dict[str, list[str]]) -> Outcomes:
    return outcomes("firefox", site_dir, asked["firefox"])


@pytest.mark.parametrize(("browser", "case"), turns())
def test_in_browser(browser: str, case: str, request: pytest.FixtureRequest) -> None:
    found = request.getfixturevalue(f"in_{browser}")
    outcome = found[case]
    if not outcome["ok"]:  # the second try is to be another one
        found.update(outcomes(browser, request.getfixturevalue("site_dir"), [case]))
    assert outcome["ok"], outcome["detail"]
