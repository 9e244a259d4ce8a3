"""Characters that were damaged on the way: decoded twice, lost, or invisible."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tuneready.dataset.detectors import Found

if TYPE_CHECKING:
    from collections.abc import Iterator

# The bytes 80-BF as Windows-1252 shows them; the five that it leaves open appear as themselves.
_SHOWN = {byte: bytes([byte]).decode("cp1252", "replace") for byte in range(0x80, 0xC0)}
_SHOWN = {byte: chr(byte) if char == "\ufffd" else char for byte, char in _SHOWN.items()}
_BYTE_OF = {char: byte for byte, char in _SHOWN.items()} | {
    chr(byte): byte for byte in range(0x80, 0x100)
}
FOLLOWING = sorted(char for char, byte in _BYTE_OF.items() if byte < 0xC0)
_FOLLOWS = f"[{''.join(map(re.escape, FOLLOWING))}]"
# What one character looks like that was UTF-8 and was read as Windows-1252.
MISTAKEN = (
    f"(?:[\u00c2-\u00df]{_FOLLOWS}|[\u00e0-\u00ef]{_FOLLOWS}{{2}}|[\u00f0-\u00f4]{_FOLLOWS}{{3}})"
)
_RUN = re.compile(f"{MISTAKEN}{{1,200}}")
# Read as Latin-1, Windows-1252's typographic characters become controls that no text has.
_CONTROL = re.compile("[\x80-\x84\x86-\x9f]")

# Beginnings after which one sequence is proof: "Â ", "Ã©", "â€™", "ï»¿" and "ðŸ" stand for nothing else.
_PROOF = re.compile(
    "[\u00c2\u00c3]|\u00e2[\u0080\u20ac\u201a]|\u00ef[\u00bb\u00bf]|\u00f0\u0178|\u00f0\u009f"
)
_LETTER = re.compile("[A-Za-z\u00c0-\u024f]")
_QUOTES = frozenset("\u2018\u2019\u201a\u201c\u201d\u201e\u00bb\u00ab")


def mojibake(text: str) -> Iterator[Found]:
    """Find text that was decoded with the wrong encoding; `probably` is what it was before.

    A sequence counts when it decodes as UTF-8 once it is turned back into bytes, and when it is a
    well-known one or stands beside another. A quoted capital (`“Ã”`) is no damage.
    """
    for match in _RUN.finditer(text):
        run = match[0]
        restored = _restored(run)
        if restored is None:
            continue
        if len(restored) == 1 and not (_PROOF.match(run) and _in_a_word(text, match)):
            continue
        yield Found(match.start(), match.end(), "decoded-twice", {"probably": restored})
    for match in _CONTROL.finditer(text):
        probably = _SHOWN[ord(match[0])]
        if probably == match[0] or _inside_run(text, match.start()):
            continue
        yield Found(match.start(), match.end(), "windows-1252", {"probably": probably})


def lost_characters(text: str) -> Iterator[Found]:
    """Find replacement characters, each of which stands for one that could not be read."""
    for match in re.finditer("\ufffd{1,100}", text):
        yield Found(match.start(), match.end(), "lost")


def _restored(run: str) -> str | None:
    try:
        return bytes(_BYTE_OF[char] for char in run).decode("utf-8")
    except UnicodeDecodeError:
        return None


def _in_a_word(text: str, match: re.Match[str]) -> bool:
    """Tell whether a sequence that ends in a quotation mark is joined to a letter."""
    if len(match[0]) > 2 or match[0][-1] not in _QUOTES:
        return True
    before, after = (
        text[max(match.start() - 1, 0) : match.start()],
        text[match.end() : match.end() + 1],
    )
    return bool(_LETTER.match(before) or _LETTER.match(after))


def _inside_run(text: str, at: int) -> bool:
    """Tell whether a control belongs to a sequence that `_RUN` has looked at."""
    return any(
        match.start() <= at < match.end()
        for match in _RUN.finditer(text, max(at - 4, 0), min(at + 4, len(text)))
    )


# Right-to-left letters: Hebrew, Arabic and their neighbours, in which direction marks are at home.
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefe]")
_CONTROLS = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f"
_INVISIBLE = re.compile(
    f"(?P<terminal>\x1b\\[[0-9;?]{{0,20}}[A-Za-z])|(?P<control>[{_CONTROLS}])"
    "|(?P<order>[\u202a-\u202e\u2066-\u2069])|(?P<mark>[\u200e\u200f\u061c])"
    "|(?P<width>[\u200b\u2060\u2061-\u2064\ufeff\u180e])"
    "|(?P<joiner>(?<=[A-Za-z0-9 .,])[\u200c\u200d](?=[A-Za-z0-9 .,]))"
    "|(?P<hyphen>\u00ad)|(?P<tag>[\U000e0000-\U000e007f]{1,200})"
    "|(?P<filler>[\u115f\u1160\u3164\uffa0])"
)
# All of the characters above, and those of lost or mistaken text: none is ever meant to be seen.
NEVER_SEEN = (
    f"{_CONTROLS}\x80-\x84\x86-\x9f\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064"
    "\u2066-\u2069\u3164\ufeff\uffa0\ufffd\U000e0000-\U000e007f"
)
_FLAG = "\U0001f3f4"  # the flags of England, Scotland and Wales are this one and tags


def invisible(text: str) -> Iterator[Found]:
    """Find characters that nobody sees: controls, direction overrides, zero widths, tags.

    Joiners within emoji or Persian, direction marks beside right-to-left letters and the tags of
    flags are at home where they stand.
    """
    right_to_left: bool | None = None
    for match in _INVISIBLE.finditer(text):
        kind = str(match.lastgroup)
        if kind == "tag" and text[max(match.start() - 1, 0) : match.start()] == _FLAG:
            continue
        if kind in ("order", "mark"):
            if right_to_left is None:
                right_to_left = _RIGHT_TO_LEFT.search(text) is not None
            if right_to_left and match[0] not in "\u202d\u202e":
                continue
        yield Found(match.start(), match.end(), kind, {"code": f"U+{ord(match[0][0]):04X}"})
