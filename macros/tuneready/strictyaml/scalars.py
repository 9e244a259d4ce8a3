"""What a value without quotes means: a truth value, a number, a text, or nothing sure."""

from __future__ import annotations

import functools
import re

TRUTH = {"true": True, "false": False}
INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,14})")
DECIMAL = re.compile(r"-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,15})?")

# What some reader of YAML 1.1 or 1.2 takes for something else than a text.
_SURPRISES = (
    ("a truth value", re.compile(r"y|n|yes|no|on|off|true|false", re.IGNORECASE)),
    ("nothing", re.compile(r"~|null|", re.IGNORECASE)),
    ("a date", re.compile(r"\d{4}-\d\d?-\d\d?(([Tt]|\s+)\d\d?:\d\d:\d\d(\.\d*)?\s*(Z|[-+]\d\d?(:?\d\d)?)?)?")),
    ("a number", re.compile(r"[-+]?(\.\d[\d_]*|\d[\d_]*(\.[\d_]*)?)(e[-+]?\d+)?", re.IGNORECASE)),
    ("a number", re.compile(r"[-+]?0(x[\da-f_]+|o[0-7_]+|b[01_]+)", re.IGNORECASE)),
    ("a number", re.compile(r"[-+]?\.(inf|nan)", re.IGNORECASE)),
    ("a number", re.compile(r"[-+]?\d[\d_]*(:[0-5]?\d)+(\.\d*)?")),
    ("a special value", re.compile(r"=|<<")),
)  # fmt: skip


@functools.lru_cache(maxsize=4096)  # keys and short values come again and again
def surprise_in(text: str) -> str | None:
    """Return what some reader takes a text for, such as "a number"; None for an ordinary text."""
    return next((what for what, pattern in _SURPRISES if pattern.fullmatch(text)), None)
