"""Text of the data inside our messages: masked, shortened, without characters that disturb a display."""

from __future__ import annotations

import re
from math import inf
from typing import TYPE_CHECKING

from tuneready.dataset.detectors.masking import masked
from tuneready.escaping import escaped
from tuneready.finding import Phrase
from tuneready.locale import N_

if TYPE_CHECKING:
    from tuneready.finding import Path

LONGEST = 60

# Of a long text, so much more is looked at before it is cut: a secret that begins in the part that
# is shown is known by then.
_BEYOND = 512

_ESCAPED = re.compile(r"\\(?:u00([2-7][0-9A-Fa-f])|([\"\\/bfnrt]))")
_WORD = re.compile(r"[A-Za-z0-9_-]{1,60}")


def shown(text: str, longest: int = LONGEST) -> str:
    """Return `text` in double quotes, cut to about `longest` characters, safe to display."""
    return f'"{escaped(_short(text, longest))}"'


def fragment(text: str, longest: int = LONGEST) -> str:
    """Return a piece of raw JSON, which may hold quotes of its own, safe to display."""
    # An escape of JSON must not hide what would be masked.
    plain = _ESCAPED.sub(_plain, text[: longest + _BEYOND])
    hidden = masked(plain, is_piece=True)
    return f"“{escaped(_short(text if hidden == plain else hidden, longest))}”"


def around(text: str, start: int, end: int, longest: int = 15) -> str:
    """Return a place of a text in double quotes, with up to `longest` characters on either side."""
    before = masked(text[max(start - _BEYOND, 0) : start])[-longest:]
    after = masked(text[end : end + _BEYOND])[:longest]
    return f'"{escaped(before + text[start:end][:LONGEST] + after)}"'


def _plain(match: re.Match[str]) -> str:
    if match[1]:
        return chr(int(match[1], 16))
    return {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}.get(match[2], match[2])


def _short(text: str, longest: int) -> str:
    """Mask secrets and personal data, then cut: what is cut first is not known for what it was."""
    if len(text) <= longest:
        return masked(text)
    short = masked(text[: longest + _BEYOND])
    return short[: longest - 1] + "…"


def path_text(path: Path) -> str | None:
    """Write a path as people read it: `messages[2].content`; None for the record itself."""
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        elif _WORD.fullmatch(step) and masked(step) == step:
            text += f".{step}" if text else step
        else:
            text += f"[{shown(step)}]"
    return text or None


def listed(words: tuple[str, ...] | list[str]) -> str:
    """Join names for a message: `system, user, assistant`."""
    return ", ".join(words)


def kind_of(value: object) -> Phrase:
    """Name the JSON type of a value, in words."""
    match value:
        case None:
            return Phrase(N_("null"))
        case bool():
            return Phrase("true" if value else "false")
        case int() | float():
            return Phrase(N_("a number"))
        case str():
            return Phrase(N_("text"))
        case list():
            return Phrase(N_("a list"))
        case _:
            return Phrase(N_("an object"))


def described(value: object) -> str:
    """Show a text or a number of the data, and name the type of anything else."""
    match value:
        case str():
            return shown(value)
        case bool() | None:
            return kind_of(value)
        case int() | float() if value not in (inf, -inf):  # what cannot be read has no digits
            return masked(str(value))[:24]
        case _:
            return kind_of(value)
