"""What axe finds on the page as it is now."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

# Everything that axe looks for, but what it takes from WCAG's level AAA: also its best practices,
# what it calls experimental, and target sizes, which it leaves out unless it is asked.
_TAGS = (
    *("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"),
    *("best-practice", "experimental"),
)
_AXE = Path(__file__).resolve().parents[2] / "node_modules/axe-core/axe.min.js"


# What depends on the scheme, light or dark.
COLOURS = ("color-contrast", "link-in-text-block")


def violations(page: Page, *rules: str) -> list[str]:
    """Return a line for each element with a violation; of these rules only, if there are any."""
    page.evaluate(_AXE.read_text(encoding="utf-8"))
    only = {"type": "rule", "values": rules} if rules else {"type": "tag", "values": _TAGS}
    found = page.evaluate(
        """only => axe.run(document, {
          resultTypes: ["violations"],
          runOnly: only,
          // Experimental; it would have the scrolling list of search results not take the focus,
          // where WCAG 2.1.1 needs it to.
          rules: { "focus-order-semantics": { enabled: false } },
        })""",
        only,
    )["violations"]
    return [
        f"{one['id']} ({one['impact']}): {node['html'][:160]} — {node['failureSummary']}"
        for one in found
        for node in one["nodes"]
    ]
