"""Characters that hide, reorder or break what is displayed, written as escapes."""

from __future__ import annotations

import re

# Controls, odd spaces, direction marks, invisible and half characters. A list of ours, not `str.isprintable`:
# that one depends on the interpreter's Unicode version, and reports must not.
_DISTURBING = re.compile(
    "[\x00-\x1f\x7f-\xa0\u00ad\u061c\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000"
    "\ud800-\udfff\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)


def escaped(text: str) -> str:
    """Replace characters that hide or reorder what is displayed by their escapes."""
    return _DISTURBING.sub(_escape, text)


def shortened(text: str, longest: int = 60) -> str:
    """Return a text for one line of a message: escaped, and cut to about `longest` characters."""
    return escaped(text if len(text) <= longest else text[: longest - 1] + "…")


def _escape(match: re.Match[str]) -> str:
    code = ord(match[0])
    common = {9: "\\t", 10: "\\n", 13: "\\r"}
    if code in common:
        return common[code]
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


# Of these a text that people wrote needs none, in any script; joiners, marks and spaces it may need.
_HOSTILE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufff9-\ufffb"
    "\U000e0000-\U000e007f]"
)


def readable(text: str) -> str:
    """Replace controls and direction marks only; tabs, line breaks and every script stay."""
    return _HOSTILE.sub(_escape, text)


def one_line(text: str, longest: int) -> str:
    """Return words of people for one line: line breaks become spaces, and it is cut."""
    found = " ".join(readable(text).split())
    return found if len(found) <= longest else found[: longest - 1] + "…"
