"""Texts of the checklists as HTML: four marks are understood, everything else is a character.

Item texts come from YAML that anyone may propose a change to, so this is an allow-list and not
Markdown: `code`, *em*, **strong** and [label](address). No tag, attribute or scheme comes out that
is not written in this file.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from markupsafe import Markup, escape

if TYPE_CHECKING:
    from collections.abc import Callable

MARK = re.compile(
    r"`(?P<code>[^`]+)`"
    r"|(?<![\w*])\*\*(?=\S)(?P<strong>[^*]+)(?<=\S)\*\*(?![\w*])"
    r"|(?<![\w*])\*(?=\S)(?P<em>[^*]+)(?<=\S)\*(?![\w*])"
    r"|\[(?P<label>[^\[\]]+)\]\((?P<address>[^\s()<>\"'\\]+)\)"
)


def inline(text: str, resolve: Callable[[str], str] = str) -> Markup:
    """Return `text` as one line of HTML.

    A relative address counts from the root of the language's site; `resolve` turns it into one
    that works on the page at hand. A link to anything but http, https or a path stays text.
    """
    return _inline(" ".join(text.split()), resolve)


def _inline(text: str, resolve: Callable[[str], str]) -> Markup:
    parts: list[Markup] = []
    end = 0
    for mark in MARK.finditer(text):
        parts += [escape(text[end : mark.start()]), _element(mark, resolve)]
        end = mark.end()
    parts.append(escape(text[end:]))
    return Markup().join(parts)


def _element(mark: re.Match[str], resolve: Callable[[str], str]) -> Markup:
    # A link's last group is its address; the other marks have one group each.
    match mark.lastgroup:
        case "code":
            return Markup("<code>{}</code>").format(mark["code"])
        case "strong":
            return Markup("<strong>{}</strong>").format(_inline(mark["strong"], resolve))
        case "em":
            return Markup("<em>{}</em>").format(_inline(mark["em"], resolve))
    if _is_web(mark["address"]):
        href = mark["address"]
    elif _is_path(mark["address"]):
        href = resolve(mark["address"])
    else:
        return escape(mark[0])
    return Markup('<a href="{}">{}</a>').format(href, mark["label"])


def _is_web(address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:  # such as an unfinished IPv6 host
        return False
    return parts.scheme in {"http", "https"} and bool(parts.netloc) and address.isprintable()


def _is_path(address: str) -> bool:
    # A colon could end a scheme, and a leading slash leaves the folder that the site is in.
    return ":" not in address and not address.startswith("/") and address.isprintable()
