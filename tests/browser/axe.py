"""What axe finds on the page as it is now."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

_AXE = Path(__file__).resolve().parents[2] / "node_modules/axe-core/axe.min.js"


def violations(page: Page) -> list[str]:
    """Return a line for each element with a violation."""
    page.evaluate(_AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
    return [
        f"{one['id']} ({one['impact']}): {node['html'][:160]} — {node['failureSummary']}"
        for one in found
        for node in one["nodes"]
    ]
