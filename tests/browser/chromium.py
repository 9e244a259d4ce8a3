"""Finds a Chromium for the tests; `--install` fetches Debian's when that is possible.

The order: what CHROME or CHROMIUM names, an installed Chrome or Chromium, Playwright's own.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
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


def install() -> None:
    """Install Debian's package, where there is apt and the right to use it."""
    if shutil.which("apt-get") and os.geteuid() == 0:
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for step in (["update", "-qq"], ["install", "-qq", "-y", "chromium"]):
            subprocess.run(["apt-get", *step], env=quiet, stdout=subprocess.DEVNULL, check=False)


def main() -> int:
    if find() is None and "--install" in sys.argv:
        print("Installing a browser for the tests ...", flush=True)
        install()
    if (path := find()) is None:
        print(MISSING, file=sys.stderr)
        return 1
    print(f"Browser for the tests: {path}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
