"""HTML that stands aside while a page is made, and comes back whole.

Markdown passes a block of HTML on untouched, but not before three parsers have read it, and then the
search reads it once more. A checklist is more HTML than all the rest of its page: of its many tags
the search needs few. So a short block stands in for it while Markdown is read, and then, while the
search reads, what the search would keep.
"""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mkdocs.structure.pages import Page

_STAND_IN = re.compile(r"<div class='tr-aside' id='tr-aside-(\d+)'></div>")
_FOR_SEARCH = re.compile(r"<!--aside (\d+)-->.*?<!--aside-->", re.DOTALL)
_ID = re.compile(r"""\sid=["']([^"']+)["']""")

# What is between a tag's name and its end; the search of a text that is no tag gives up at once.
_REST = r"""[^"'<>]*(?:(?:"[^"]*"|'[^']*')[^"'<>]*)*"""
_MARK = "data-search-exclude"
_EXCLUDED = re.compile(rf"<([a-z][a-z-]*)\s{_REST}(?<=\s)data-search-exclude(?=[\s>]){_REST}>")
_SECTION = re.compile(rf"<h[1-6]\s{_REST}(?<=\s)id=")
# They hold no headings in what we write, and the search keeps their text only.
_PLAIN_TAGS = re.compile(
    rf"(?:</?(?:a|b|button|details|em|fieldset|input|kbd|label|legend|path|progress|span|strong|summary|svg)\b{_REST}>)+"
)
_SPACES = re.compile(r"<!---->(?:\s+<!---->)+")  # of several, the search keeps the first

_aside: dict[str, str] = {}
_numbers = itertools.count()


def set_aside(html: str) -> str:
    """Return the block that stands in for this one while Markdown is read."""
    number = str(next(_numbers))
    _aside[number] = html
    return f"<div class='tr-aside' id='tr-aside-{number}'></div>"


def show_search(html: str, page: Page) -> str:
    """Return a page's content with what the search keeps of each block that stands aside.

    The page gets the anchors of the whole blocks: links may lead to them.
    """
    anchors: set[str] = page.present_anchor_ids if page.present_anchor_ids is not None else set()

    def shown(found: re.Match[str]) -> str:
        whole = _aside[found[1]]
        anchors.update(_ID.findall(whole))
        return f"<!--aside {found[1]}-->{for_search(whole)}<!--aside-->"

    return _STAND_IN.sub(shown, html)


def bring_back(html: str) -> str:
    """Return a page's content with the blocks themselves, after the search has read it."""
    return _FOR_SEARCH.sub(lambda found: _aside.pop(found[1]), html)


def for_search(html: str) -> str:
    """Return HTML of which a search index becomes the same: fewer tags, and no excluded parts.

    An empty comment is where a tag was, because the search joins white space between tags only.
    """
    if "<pre" in html:  # where white space counts
        return html
    parts = []
    end = 0
    while (mark := html.find(_MARK, end)) >= 0:
        found = _EXCLUDED.match(html, html.rfind("<", end, mark))
        if not found:  # in a text, or in the value of an attribute
            return html
        close = html.find(f"</{found[1]}>", found.end())
        inside = html[found.end() : close]
        # The search takes the first end tag of that name for the end: not worth imitating.
        if close < 0 or f"<{found[1]}" in inside or _SECTION.search(inside):
            return html
        parts += [html[end : found.start()], "<!---->"]
        end = close + len(found[1]) + 3
    parts.append(html[end:])
    return _SPACES.sub("<!----> <!---->", _PLAIN_TAGS.sub("<!---->", "".join(parts)))
