"""HTML that stands aside while Markdown is read, and comes back after.

Markdown passes a block of HTML on untouched, but not before three parsers have read it, and a
checklist is more HTML than all the rest of its page. A short block stands in for it meanwhile.
"""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mkdocs.structure.pages import Page

STAND_IN = re.compile(r"<div class='tr-aside' id='tr-aside-(\d+)'></div>")
_ID = re.compile(r"""\sid=["']([^"']+)["']""")

_aside: dict[str, str] = {}
_numbers = itertools.count()


def set_aside(html: str) -> str:
    """Return the block that stands in for this one until `bring_back`."""
    number = str(next(_numbers))
    _aside[number] = html
    return f"<div class='tr-aside' id='tr-aside-{number}'></div>"


def bring_back(html: str, page: Page) -> str:
    """Return a page's content with what was set aside, whose anchors links may lead to."""
    anchors: set[str] = page.present_anchor_ids if page.present_anchor_ids is not None else set()

    def block(found: re.Match[str]) -> str:
        whole = _aside.pop(found[1])
        anchors.update(_ID.findall(whole))
        return whole

    return STAND_IN.sub(block, html)
