"""One pattern that is found in every text in which any detector finds something.

It is searched in all texts of a file, so it has to cost less than reading their JSON. Three things
make it cheap. It is one pattern, so that texts are gone through once. Each of its branches begins
with one literal character, which gives Python's search a quick loop over the others and a quick
way to the right branch. And each branch begins at the rarest character of what is looked for, not
at the first: a key of GitHub's at the underscore of `ghp_`, an IP address at a dot, `password: …`
at the colon. A look-behind then says what stood before it.

Texts are joined by line feeds, so a beginning is "no other character before", a line feed or none.
A detector may find less than this promises, never more: a property test says so.
"""

from __future__ import annotations

import re
from string import ascii_uppercase

from tuneready.dataset.detectors.answers import OPENINGS
from tuneready.dataset.detectors.damage import FOLLOWS, NEVER_SEEN

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
# Numbers that stand for themselves: not within another, an amount or a word.
_CARD = r"(?<![$=_].)[0-9]{3}[ -]?[0-9]{4}[ -]?[0-9]{2}[0-9 -]{3}"
_CUES = "|".join(rf"(?<=(?i:mer|bsn)[^0-9]{{{gap}}}.)" for gap in range(1, 6))
_CITIZEN = (
    r"(?=[0-9]{2}(?:[0-9]{6}|[0-9][. ][0-9]{2}[. ][0-9]{3}|[ .-][0-9]{3}[ .-][0-9]{3})(?![0-9]))"
    rf"(?:{_CUES})"
)
_PHONE = r"(?:[1-7](?:[ .)-]{0,2}[0-9]){7}|0(?:3[1-49]|44|49))"
_INSERT = r"INSERT[ _-]|[Ii]nsert[ _-]"

# After a capital of any kind: an account, shouting, a postcode.
_AFTER_ANY_CAPITAL = (
    r"[A-Z](?:[0-9]{2} ?[A-Z0-9]{4} ?[A-Z0-9]{4}|[^a-z\n]{10}"
    r"|(?![A-Za-z0-9])(?:(?<=[1-9][0-9]{3}..)|(?<=[1-9][0-9]{3} ..)))"
)
# After one character: what may follow it.
_AFTER: dict[str, str] = {
    ".": r"[0-9]{1,3}\.[0-9]{1,3}\.[0-9]| ?(?P<loop_unit>[^.\n]{11,200}+\. ?)(?P=loop_unit)"
    r"|(?<=[nN]\.)v\.t|(?<=ya29\.)[A-Za-z0-9_-]{30}|(?<=SG\.)[A-Za-z0-9_-]{16}",
    ",": r"(?<=[^\n]{149},)(?![^\n])",
    "\n": rf"(?P<loop_line>[^\n]{{12,200}}+)\n(?P=loop_line)\n|[ \t]{{0,8}}(?:{_PERSON}) ?: ",
    "=": f"{_SIGN}|{_KEY_OF_AZURE}",
    ":": rf"{_SIGN}|//[^\s/:@\"'<>`]{{0,100}}:[^\s/@\"'<>`]{{3,200}}@|{_LABELS}"
    r"|(?=[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:])(?<=2[0-9A-Fa-f]{3}:)|AA[A-Za-z0-9_-]{33}",
    "-": r"----BEGIN |(?<=sk-)[A-Za-z0-9]|(?<=xox[a-z]-)|(?<=xapp-)|(?<=glpat-)|(?<=pypi-)AgE",
    "_": r"(?<=gh[pousr]_)|(?<=github_)pat_|(?<=[rs]k_)(?:live|test)_|(?<=whsec_)|(?<=hf_)[A-Za-z]"
    r"|(?<=npm_)|(?<=dop_)v1_",
    "+": r"(?<![A-Za-z0-9+*/=^.].)[1-9](?:[ .()-]{0,3}[0-9]){7}",
    "@": r"[A-Za-z0-9-]{1,63}\.[A-Za-z]",
    "<": r"\|[a-z0-9_]{2,40}\||\uff5c|</?SYS>>|(?:start|end)_of_|(?:bos|eos|pad|unk|mask)>|/s>"
    rf"|{_INSERT}",
    "[": r"/?INST\]|/?SYSTEM_P|/?AVAILABLE_|/?TOOL_|INSERT|[Ii]nsert|VUL|Vul|TODO|INVOEGEN|Voeg"
    r"|object Ob",
    "#": " (?:Instruct|Response|Human|Assistant)",
    "{": rf"\{{ ?[A-Za-z]|{_INSERT}",
    "&": "(?:amp|nbsp|quot|lt|gt|apos|euro|[mn]dash|hellip|[lr][sd]quo|eacute|euml|#[0-9x])",
    "/": "(?<=com/)(?:services|workflows|triggers)/|(?<=n/)a",
    "A": r"KIA|SIA|Iza|I(?:[- ](?:language|taal|assist|chatbot|model)|-taalmodel|,? (?:I|ik) )"
    r"|I(?:(?<=just an AI)|(?<=only an AI)|(?<=merely an AI))|s of my last",
    "G": "OCSPX-",
    "Q": "~[A-Za-z0-9_~.-]{31}",
    "J": "QQJ9|(?<=eyJ)[A-Za-z0-9_-]{10}",
    "B": r"SN|(?:earer|asic) {1,3}[A-Za-z0-9._~+/-]{20}",
    "M": "y knowledge cut",
    "L": "orem ipsum",
}
# At the beginning of an answer: refusals and stand-ins.
for _opening in OPENINGS:
    _AFTER[_opening[0]] = f"{_AFTER.get(_opening[0], '')}|(?<![^\\n].){_opening[1:]}".strip("|")
for _capital in ascii_uppercase:
    _AFTER[_capital] = f"{_AFTER_ANY_CAPITAL}|{_AFTER.get(_capital, '')}".strip("|")
for _digit in "0123456789":
    _number = {"0": f"{_PHONE}|", **dict.fromkeys("23456", f"{_CARD}|")}.get(_digit, "")
    _AFTER[_digit] = rf"(?<![A-Za-z0-9.,/-].)(?:{_number}{_CITIZEN})"

HINT = "|".join(f"{re.escape(char)}(?:{rest})" for char, rest in _AFTER.items())
# These have no place in a set of single characters that is looked through quickly.
ODD_HINT = f"[{NEVER_SEEN}]|[\u00c2-\u00f4]{FOLLOWS}"
