"""Finds the browsers of the tests; `--install` fetches Debian's where that is possible."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

import chromium
import firefox

FOUND_BY = {"chromium": chromium, "firefox-esr": firefox}


def install(packages: list[str]) -> None:
    """Install Debian's packages, where there is apt and the right to use it."""
    if shutil.which("apt-get") and os.geteuid() == 0:
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for step in (["update", "-qq"], ["install", "-qq", "-y", *packages]):
            subprocess.run(["apt-get", *step], env=quiet, stdout=subprocess.DEVNULL, check=False)


def main() -> int:
    missing = [package for package, browser in FOUND_BY.items() if browser.find() is None]
    if missing and "--install" in sys.argv:
        print("Installing browsers for the tests ...", flush=True)
        install(missing)
    status = 0
    for browser in FOUND_BY.values():
        path = browser.find()
        if path is None:
            print(browser.MISSING, file=sys.stderr)
            status = 1
        else:
            print(f"Browser for the tests: {path}")
    return status


if __name__ == "__main__":
    sys.exit(main())
