"""What is put right in the HTML that Material and Markdown write, so that it is valid and light.

Each replacement does nothing where its text is no longer found.
"""

from __future__ import annotations

import re

# A label that belongs to no part of this page: a section's page has no table of contents of its own.
_TOC_LABEL = ' for="__toc"'
_TOC_TOGGLE = 'id="__toc"'
_REPLACEMENTS = (
    # An empty number; without one the label is not focused, which is what is meant.
    (' tabindex=""', ""),
    # HTML knows no such kind of link.
    (' class="md-content__button md-icon" rel="edit"', ' class="md-content__button md-icon"'),
    ('<button class="md-header__button', '<button type="button" class="md-header__button'),
    # What scrolls there are links, which take the focus themselves; when it is closed, nothing does.
    ('<div class="md-search__scrollwrap" tabindex="0"', '<div class="md-search__scrollwrap"'),
)
# A link with a picture for its text: its tooltip is not read by everyone.
_UNNAMED = re.compile(r'<a (href="[^"]*") title="([^"]*)" class="md-content__button md-icon">')
# What unfolds a part of the menu takes the focus, but has only a picture to tell what it is.
_FOLD = re.compile(
    r'(<span class="md-ellipsis">\s*([^<]+?)\s*</span>\s*</a>\s*<label class="md-nav__link[^>]* tabindex="0">)'
)
# Material wraps a table once the page is drawn, and what follows it would be worked out anew (its
# stylesheet has `table:not([class]) + *`). In an element of its own nothing follows it.
_TABLE = re.compile(r"<table>.*?</table>", re.DOTALL)


def mended(html: str) -> str:
    """Return a page with its markup put right."""
    for found, better in _REPLACEMENTS:
        html = html.replace(found, better)
    if _TOC_TOGGLE not in html:
        html = html.replace(_TOC_LABEL, "")
    html = _TABLE.sub(r'<div class="tr-wide">\g<0></div>', html)
    html = _FOLD.sub(r'\1<span class="tr-hidden">\2</span>', html)
    return _UNNAMED.sub(
        r'<a \1 title="\2" aria-label="\2" class="md-content__button md-icon">', html
    )
