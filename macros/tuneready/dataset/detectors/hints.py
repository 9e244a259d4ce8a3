"""What is found in every text in which any detector finds something.

Texts without it are accepted unseen, so it has to cost little beside reading their JSON, and to be
rare in good data. `HINT` is one pattern, as a rule gives it. `hinted` says the same several times
faster; it knows what is quick in Python: to look for one literal character (each thing begins at
its rarest one, a key of GitHub's at the underscore of `ghp_`, and a look-behind says what stood
before), to map bytes to kinds of bytes, and to look for a few bytes among them.

Texts come joined by line feeds, so a beginning is after a line feed, or is the first of all; where
a text ends, a line feed follows, or nothing. A detector may find less than this promises, never
more: a property test says so of both.
"""

from __future__ import annotations

import re
from string import ascii_uppercase
from typing import TYPE_CHECKING

from tuneready.dataset.detectors.answers import OPENINGS
from tuneready.dataset.detectors.damage import FOLLOWING, MISTAKEN, NEVER_SEEN

if TYPE_CHECKING:
    from collections.abc import Callable

# The last letters of what a secret is called, and what may stand before the sign that follows it.
_NAMED = r"(?i:ord|swd|pwd|ret|ken|key|_id|-id|lue)"
_AFTER_A_NAME = "|".join(
    rf"(?<={_NAMED}{gap}.)" for gap in ("", "[\"'`* ]", "[\"'`* ]{2}", "[\"'`* ]{3}")
)
_VALUE = r"[=>]?\s{0,3}[\"'`*]{0,3}(?=[^\s\"'`<>,;(){}\[\]]{0,199}[0-9])[^\s\"'`<>,;(){}\[\]]{8}"
_SIGN = rf"(?={_VALUE})(?:{_AFTER_A_NAME})"
_KEY_OF_AZURE = r"(?<=Key=)[A-Za-z0-9+/]{42}|(?<=sig=)[A-Za-z0-9%+/]{40}"
_LABELS = "|".join(
    f"(?<={label}{gap}:)"
    for label in ("tant", "TANT", "tent", r"\bAI", "tGPT")
    for gap in ("", " ")
)
_PERSON = "User|USER|Human|HUMAN|Gebruiker"
_CARD = r"(?<![$=_].)[0-9]{3}[ -]?[0-9]{4}[ -]?[0-9]{2}[0-9 -]{3}"
_PHONE = r"[1-7](?:[ .)-]{0,2}[0-9]){7}"
# A number with its country after two noughts; other than those above, it may follow a comma.
_ABROAD = r"0(?:3[1-49]|44|49)(?<![A-Za-z0-9+*/=^.]....)"

# What may follow one character. A look-behind says what stands before it.
_AFTER: dict[str, str] = {
    "\n": rf"(?:{'|'.join(OPENINGS)})|(?P<loop_line>[^\n]{{12,100}}+)\n(?P=loop_line)\n"
    rf"|[ \t]{{0,8}}(?:{_PERSON}) ?: ",
    ".": r"[0-9]{1,3}\.[0-9]{1,3}\.[0-9]| ?(?P<loop_unit>[^.\n]{11,100}+\.) ?(?P=loop_unit)[^.\n]{0,89}(?P=loop_unit)"
    r"|eyJ|(?<=[nN]\.)v\.t|(?<=ya29\.)[A-Za-z0-9_-]{30}|(?<=SG\.)[A-Za-z0-9_-]{16}",
    ",": r"(?![^\n])(?<=[^\n]{299},)",
    ":": rf"//[^\s/:@\"'<>`]{{0,100}}:[^\s/@\"'<>`]{{3,200}}@|AA[A-Za-z0-9_-]{{33}}|{_SIGN}"
    rf"|[ \"']{{0,3}}(?:Bearer|Basic) {{1,3}}[A-Za-z0-9._~+/-]{{20}}|(?=[0-9A-Fa-f]{{0,4}}:[0-9A-Fa-f:])(?<=2[0-9A-Fa-f]{{3}}:)|(?<=[tTI ]:)(?:{_LABELS})",
    "=": f"(?<![0-9)].)(?:{_SIGN}|{_KEY_OF_AZURE})",
    "-": r"----BEGIN |(?<=sk-)[A-Za-z0-9_-]|(?<=xox[a-z]-)|(?<=xapp-)|(?<=glpat-)|(?<=pypi-)AgE"
    r"|(?<=GOCSPX-)|(?<=06-)[1-58]|(?<=0[1-57][0-9]-)(?<![A-Za-z0-9]....)[0-9]{2}[0-9 ]{4}"
    r"|(?<=0[1-57][0-9]{2}-)(?<![A-Za-z0-9].....)[0-9]{2}[0-9 ]{4}"
    r"|(?<=0[1-57][0-9]\)-)[0-9]{2}[0-9 ]{4}|(?<=0[1-57][0-9]{2}\)-)[0-9]{2}[0-9 ]{4}"
    r"|(?<=[2-6][0-9]{3}-)[0-9]{4}-[0-9]{4}",
    "_": r"(?<=gh[pousr]_)|(?<=github_)pat_|(?<=[rs]k_)(?:live|test)_|(?<=whsec_)|(?<=hf_)[A-Za-z0-9]"
    r"|(?<=npm_)|(?<=dop_)v1_",
    "/": r"(?<=com/)(?:services|workflows|triggers)/|(?<=n/)a",
    "<": r"\|[a-z0-9_]{2,40}\||\uff5c|</?SYS>>|(?:start|end)_of_|(?:bos|eos|pad|unk|mask)>|/s>"
    r"|(?:INSERT|[Ii]nsert)[ _-]",
    "[": r"/?INST\]|/?SYSTEM_P|/?AVAILABLE_|/?TOOL_|INSERT|[Ii]nsert|VUL|Vul|TODO|INVOEGEN|Voeg"
    r"|object Ob",
    "{": r"\{ ?[A-Za-z]|(?:INSERT|[Ii]nsert)[ _-]",
    "+": r"(?<![A-Za-z0-9+*/=^.].)[1-9](?:[ .()-]{0,3}[0-9]){7}",
    "@": r"[A-Za-z0-9-]{1,63}\.[A-Za-z0-9-]",
    "#": " (?:Instruct|Response|Human|Assistant)",
    "&": "(?:amp|nbsp|quot|lt|gt|apos|euro|[mn]dash|hellip|[lr][sd]quo|eacute|euml|#[0-9x])",
    "~": r"(?<=Q~)",
    "A": r"KIA|SIA|Iza|I(?:[- ](?:language|taal|assist|chatbot|model)|-taalmodel|,? (?:I|ik) "
    r"|(?<=just an AI)|(?<=only an AI)|(?<=merely an AI))|s of my last",
}
# Numbers that stand for themselves: not within another, an amount or a word.
_NUMBER = {
    **dict.fromkeys("123456789", ""),
    "0": rf"(?<![A-Za-z0-9.,/-].){_PHONE}|{_ABROAD}",
    **dict.fromkeys("23456", rf"(?<![A-Za-z0-9.,/-].){_CARD}"),
}
_NINE = r"[0-9](?<![A-Za-z0-9.,-].)[0-9]{2}(?:[0-9]{6}| [0-9]{3} [0-9]{3})(?![0-9])"
# An account, shouting, a postcode.
_CAPITAL = (
    r"[A-Z](?:[0-9]{2} ?[A-Z0-9]{4} ?[A-Z0-9]{4}|[^a-z\n]{20}"
    r"|(?![A-Za-z0-9])(?:(?<=[1-9][0-9]{3}..)|(?<=[1-9][0-9]{3} ..)))"
)
_AZURE_KEY = "JQQJ9"
_NAMES = ("BSN", "urgerservicenummer", "URGERSERVICENUMMER")  # of the citizen service number


def _branches() -> dict[str, str]:
    """Return what may follow each character, so that a pattern can begin with literal ones only."""
    found = {char: [rest] for char, rest in _AFTER.items()}
    for char, number in _NUMBER.items():
        found.setdefault(char, []).extend([number] if number else [])
    for capital in ascii_uppercase:
        found.setdefault(capital, []).append(_CAPITAL)
    for text in OPENINGS:
        found[text[0]].append(f"(?<![^\\n].){text[1:]}")
    for name in (*_NAMES, _AZURE_KEY):
        found.setdefault(name[0], []).append(name[1:])
    return {char: "|".join(rests) for char, rests in found.items() if rests}


HINT = "|".join(f"{re.escape(char)}(?:{rest})" for char, rest in _branches().items())
ODD_HINT = f"[{NEVER_SEEN}]|{MISTAKEN}"

_LEADS = [
    (char, re.compile(f"{re.escape(char)}(?:{rest})").search) for char, rest in _AFTER.items()
]
_has_number = re.compile(
    "|".join(f"{char}(?:{rest})" for char, rest in _NUMBER.items() if rest)
    + "|[A-Z][A-Z][0-9]{2} ?[A-Z0-9]{4} ?[A-Z0-9]{4}"
).search
_has_nine, _has_capitals, _has_unseen = map(
    re.compile, (_NINE, f"[A-Z]{_CAPITAL}", f"[{NEVER_SEEN}]")
)
_has_abroad = re.compile(f"0{_ABROAD}").search
# The same as MISTAKEN, on bytes: it begins with one byte, for which a search is quickest.
_THEN = b"(?:" + b"|".join(re.escape(char.encode()) for char in FOLLOWING) + b")"
_has_mistaken = re.compile(
    b"\xc3(?:[\x82-\x9f]" + _THEN + b"|[\xa0-\xaf]" + _THEN + b"{2}|[\xb0-\xb4]" + _THEN + b"{3})"
)
# Bytes by what they are: a digit as 0, a capital as A; and those that are nothing special.
_KINDS = bytes.maketrans(b"123456789BCDEFGHIJKLMNOPQRSTUVWXYZ", b"0" * 9 + b"A" * 25)
_USUAL = bytes([9, 10, 13, *range(32, 127)])


def searcher(hint: str) -> Callable[[str], object]:
    """Return what looks for a rule's hint: a quick way for ours, else a search of the pattern."""
    return {HINT: hinted, ODD_HINT: odd}.get(hint) or re.compile(hint).search


def odd(text: str) -> bool:
    """Tell whether a text has what `ODD_HINT` looks for."""
    raw = text.encode("utf-8", "surrogatepass")
    if _has_mistaken.search(raw):
        return True
    rest = raw.translate(None, _USUAL)
    return bool(rest and _has_unseen.search(rest.decode("utf-8", "surrogatepass")))


def hinted(text: str) -> bool:
    """Tell whether a text, or any of many joined by line feeds, has what `HINT` looks for."""
    text = f"\n{text}"
    for char, search in _LEADS:
        if char in text and search(text):
            return True
    if ("003" in text or "004" in text) and _has_abroad(text):
        return True
    kinds = text.encode("utf-8", "surrogatepass").translate(_KINDS)
    dense = kinds.translate(None, b" ()")
    if b"0" * 9 in dense:
        if b"0" * 10 in dense and _has_number(text):
            return True
        if any(name in text for name in _NAMES) and _has_nine.search(text):
            return True
    if b"AAAAA" in kinds and (_AZURE_KEY in text or _has_capitals.search(text)):
        return True
    # A postcode.
    return b"0000AA" in dense and _has_capitals.search(text) is not None
