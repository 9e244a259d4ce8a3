"""Finds a Chromium for the tests.

The order: what CHROME or CHROMIUM names, an installed Chrome or Chromium, Playwright's own.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")
MISSING = (
    "No Chromium or Chrome was found. Install one (on Debian: apt install chromium), run "
    "`playwright install chromium`, or name it in the CHROME variable."
)
# Without these, Chromium looks for its maker's hosts; the tests allow no request but ours.
FLAGS = (
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # It spends a sixth of all tests' time on pages of its own for an address bar that nobody sees.
    "--disable-features=WebUIOmniboxPopup,WebUIOmniboxAimPopup",
)


def find() -> str | None:
    """Return the path of a browser, or None."""
    for variable in ("CHROME", "CHROMIUM"):
        if named := os.environ.get(variable):
            return shutil.which(named)
    for name in NAMES:
        if path := shutil.which(name):
            return path
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    return own if Path(own).exists() else None
