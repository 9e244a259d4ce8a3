"""Text as Markdown that shows it as it is: no mark, macro, tag or citation in it counts."""

from __future__ import annotations

import json
import re

_PUNCTUATION = re.compile(r"[^\w\s]|_")


def literal(text: str) -> str:
    """Return Markdown, on one line, for exactly these characters."""
    return _PUNCTUATION.sub(lambda found: f"&#{ord(found[0])};", " ".join(text.split()))


def front_matter(title: str, description: str, *, boost: int = 1) -> str:
    """Return what a page says about itself. Texts of JSON are texts of YAML, too.

    `boost` is the weight of the page's places among what a search finds.
    """
    quoted = (json.dumps(text, ensure_ascii=False) for text in (title, description))
    search = f"search:\n  boost: {boost}\n" if boost > 1 else ""
    return "---\ntitle: {}\ndescription: {}\n{}---".format(*quoted, search)
