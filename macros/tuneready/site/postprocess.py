"""What every page gets after MkDocs has written it: the content security policy.

The policy stands in the page, because a host such as GitHub Pages sends no headers of ours. One
policy serves all pages: Material's instant navigation keeps the first page's policy, and its
inline scripts differ from page to page, so each page allows the scripts of all of them.
"""

from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING

from tuneready.errors import TunereadyError

if TYPE_CHECKING:
    from pathlib import Path

# The worker needs `blob:`: one that starts from a URL would not be bound by a policy in the page.
# Styles come from files only: scripts set single properties, which no policy concerns.
# Not `require-trusted-types-for 'script'`: Material sets a script's address, starts its search from an
# address, and reads the sitemap and whole pages as HTML, so neither search nor instant navigation
# would work. The lint of our own scripts stands in for it (eslint.config.js).
POLICY = (
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'{hashes}; "
    "style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; worker-src 'self' blob:; manifest-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-src 'none'; object-src 'none'"
)
MARK = "data-tuneready"
OWN_META = re.compile(rf"<meta {MARK} [^>]*>\n?")
CHARSET = re.compile(r"<meta charset=[^>]*>\n?", re.IGNORECASE)
# A page is mostly text, and reading all of it as HTML would take as long as rendering it. Scripts
# can be cut out; what the policy blocks is rare, even in prose that only looks like it.
# Both look at bytes in lower case, which are as many and faster to search.
SCRIPT = re.compile(rb"<script\b.*?</script\b[^>]*>", re.DOTALL)
MAY_BE_BLOCKED = re.compile(rb"""[\s/"'](?:on\w*|style)\s*=|<style\b""")
# How Markdown aligns the cells of a table. parts.css reads the attribute that stands in for it.
ALIGNED = re.compile(r'(<t[hd]) style="text-align: (left|center|right);"')


class PageError(TunereadyError):
    """A page that the policy would break or could not protect."""


def postprocess(site_dir: Path) -> str:
    """Write one policy into every page below `site_dir`, and return it.

    Doing it again changes nothing.

    Raises:
        PageError: A page has what the policy would block, or no place for the policy.

    """
    pages = {
        path: ALIGNED.sub(r'\1 data-align="\2"', path.read_text(encoding="utf-8"))
        for path in sorted(site_dir.rglob("*.html"))
    }
    scripts: set[str] = set()
    for path, html in pages.items():
        found = _read(html)
        if found.blocked:
            name = path.relative_to(site_dir)
            raise PageError(
                f"{name}: the policy blocks inline event handlers and styles: {', '.join(found.blocked)}"
            )
        scripts |= found.scripts
    policy = POLICY.format(hashes="".join(f" '{_hash(script)}'" for script in sorted(scripts)))
    for path, html in pages.items():
        bare = OWN_META.sub("", html)
        # After the charset, which must stand in the first 1,024 bytes; before any script.
        place = CHARSET.search(bare)
        if place is None:
            raise PageError(f"{path.relative_to(site_dir)}: has no <meta charset>")
        path.write_text(
            bare[: place.end()] + _metas(policy) + bare[place.end() :], encoding="utf-8"
        )
    return policy


def _read(html: str) -> _InlineScripts:
    found = _InlineScripts()
    written = html.encode()
    lower = written.lower()
    if MAY_BE_BLOCKED.search(lower):
        found.feed(html)
    else:
        for script in SCRIPT.finditer(lower):
            found.feed(written[script.start() : script.end()].decode())
    found.close()
    return found


def _metas(policy: str) -> str:
    return (
        f'<meta {MARK} http-equiv="content-security-policy" content="{policy}">\n'
        f'<meta {MARK} name="referrer" content="no-referrer">\n'
    )


def _hash(script: str) -> str:
    digest = hashlib.sha256(script.encode()).digest()
    return "sha256-" + base64.b64encode(digest).decode("ascii")


class _InlineScripts(HTMLParser):
    """Collects the text of the scripts that a browser would run, and what the policy blocks."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.scripts: set[str] = set()
        self.blocked: list[str] = []
        self._parts: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.blocked += [
            f"{tag} {name}" for name in given if name == "style" or name.startswith("on")
        ]
        if tag == "style":
            self.blocked.append(tag)
        runs = given.get("type") in {None, "", "module", "text/javascript"}
        if tag == "script" and "src" not in given and runs:
            self._parts = []

    def handle_data(self, data: str) -> None:
        if self._parts is not None:
            self._parts.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "script" and self._parts is not None:
            self.scripts.add("".join(self._parts))
            self._parts = None
