"""Finds a Firefox for the tests: what FIREFOX names, else an installed one."""

from __future__ import annotations

import os
import shutil

NAMES = ("firefox-esr", "firefox")
MISSING = (
    "No Firefox was found. Install one (on Debian: apt install firefox-esr), or name it in the "
    "FIREFOX variable."
)


def find() -> str | None:
    """Return the path of a browser, or None."""
    if named := os.environ.get("FIREFOX"):
        return shutil.which(named)
    return next((path for name in NAMES if (path := shutil.which(name))), None)
