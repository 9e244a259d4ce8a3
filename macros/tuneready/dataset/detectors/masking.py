"""Hides secrets and personal data in whatever is shown: enough stays to find them in the file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tuneready.dataset.detectors import personal
from tuneready.dataset.detectors.hints import HINT
from tuneready.dataset.detectors.secrets import secrets

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tuneready.dataset.detectors import Found

_DETECTORS = (
    secrets,
    personal.bank_accounts,
    personal.payment_cards,
    personal.citizen_numbers,
    personal.email_addresses,
    personal.phone_numbers,
    personal.ip_addresses,
    personal.postal_addresses,
)
_HINT = re.compile(HINT)
# What keys of a provider begin with is no secret, and says which key is meant.
_PREFIX = re.compile(
    r"sk-(?:proj|svcacct|admin|ant|or)?-?|gh[pousr]_|github_pat_|glpat-|xox[a-z]-|xapp-|[rs]k_(?:live|test)_|whsec_"
    r"|AKIA|ASIA|AIza|ya29\.|GOCSPX-|hf_|npm_|SG\.|dop_v1_|eyJ"
)


# What is shown is hidden sooner than it is reported: in `?key=` and `{to:`, too. Each of these signs
# before a number or an address counts as a space.
_BESIDE = str.maketrans("':=/%", "     ")
_ANY_PASSWORD = re.compile(
    r"((?i:password|passwd|wachtwoord|pwd|secret)[\"'` ]{0,3}[:=][\"'` ]{0,3})(?=[^\s\"'`<>]{0,99}[0-9])[^\s\"'`<>&;,]{8,200}"
)

_CUT_KEY = re.compile(rf"(?<![A-Za-z0-9_-])({_PREFIX.pattern})[A-Za-z0-9_.-]{{4,4000}}\Z")


def mask(value: str, kind: str) -> str:
    """Return what may be shown of a secret or of personal data of a kind; never all of it."""
    match kind:
        case "email":
            return f"{value[0]}…@…{value[-1]}"
        case "account":
            return f"{value[:4]}…{value[-2:]}"
        case "phone":
            return f"{value[:3]}…{value[-2:]}"
        case "card" | "citizen":
            return f"…{value[-2:]}"
        case "ip":
            return f"{re.split('[.:]', value)[0]}.…"
        case "postcode":
            return f"{value[:2]}…"
        case _:
            prefix = _PREFIX.match(value)
            return f"{prefix[0] if prefix else ''}…"


def masked(text: str, *, is_piece: bool = False) -> str:
    """Return a text with every secret and all personal data in it masked.

    A piece may end within a key: what begins as one does at its end is masked, however short.
    """
    if is_piece:
        text = _CUT_KEY.sub(lambda match: f"{match[1]}…", text)
    if _HINT.search(text) is not None:
        text = _without_what_is_found(text, text)
    bare = text.translate(_BESIDE)
    if bare != text and _HINT.search(bare) is not None:
        text = _without_what_is_found(text, bare)
    return _ANY_PASSWORD.sub(lambda match: f"{match[1]}…", text)


def _without_what_is_found(text: str, bare: str) -> str:
    pieces, done = [], 0
    for found in _in_order(bare):
        pieces += [text[done : found.start], mask(text[found.start : found.end], found.kind)]
        done = found.end
    return "".join(pieces) + text[done:]


def _in_order(text: str) -> Iterator[Found]:
    """Yield what is found from left to right; of two that overlap, the first."""
    end = 0
    every = [found for detector in _DETECTORS for found in detector(text)]
    for found in sorted(every, key=lambda found: (found.start, -found.end)):
        if found.start >= end:
            end = found.end
            yield found
