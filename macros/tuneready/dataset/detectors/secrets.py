"""Keys, tokens and passwords: whatever opens something and should not be in a file that travels.

A form is known by how a provider writes it. What has no form of its own (`password = …`) is judged
by the name beside it and by how random it looks. Made-up values of documentation are passed over:
an alarm that is usually false is soon ignored.
"""

from __future__ import annotations

import re
from collections import Counter
from math import log2
from typing import TYPE_CHECKING, NamedTuple

from tuneready.dataset.detectors import Found
from tuneready.locale import N_

if TYPE_CHECKING:
    from collections.abc import Iterator

_BEFORE = r"(?<![A-Za-z0-9_-])"
_AFTER = r"(?![A-Za-z0-9_-])"


class _Form(NamedTuple):
    """One way to write a secret; the group `value`, or all of it, is what must not be shown."""

    what: str  # its name for the reader
    pattern: re.Pattern[str]
    random: float = 3.0  # bits per character that it has at least


def _form(what: str, pattern: str, random: float = 3.0) -> _Form:
    return _Form(what, re.compile(pattern, re.ASCII), random)


# The lengths are those that the providers' own keys have, with room upwards; all are bounded.
_FORMS = (
    _form(N_("an AWS access key"), rf"{_BEFORE}(?:AKIA|ASIA)[A-Z2-7]{{16}}{_AFTER}"),
    _form(
        N_("an Azure account key"),
        r"(?:AccountKey|SharedAccessKey)=(?P<value>[A-Za-z0-9+/]{42,88}={1,2})",
    ),
    _form(
        N_("an Azure shared access signature"),
        r"[?&;]sig=(?P<value>[A-Za-z0-9%+/]{40,120}(?:%3[Dd]|=))",
    ),
    _form(
        N_("an Azure AI key"),
        rf"{_BEFORE}[A-Za-z0-9]{{50,54}}JQQJ9[A-Za-z0-9]{{24,30}}{_AFTER}",
    ),
    _form(
        N_("a Microsoft Entra client secret"),
        r"(?<![A-Za-z0-9_~.-])[A-Za-z0-9_~.]{3}[0-9]Q~[A-Za-z0-9_~.-]{31,34}(?![A-Za-z0-9_~-])",
    ),
    _form(
        N_("an API key (sk-)"),
        rf"{_BEFORE}sk-(?:[a-z][a-z0-9]{{1,9}}-){{0,2}}[A-Za-z0-9_-]{{20,200}}{_AFTER}",
        3.5,
    ),
    _form(
        N_("a GitHub token"),
        rf"{_BEFORE}(?:gh[pousr]_[A-Za-z0-9]{{36,255}}|github_pat_[A-Za-z0-9_]{{50,255}}){_AFTER}",
    ),
    _form(N_("a GitLab token"), rf"{_BEFORE}glpat-[A-Za-z0-9_.-]{{20,300}}"),
    _form(
        N_("a Slack token"),
        rf"{_BEFORE}(?:xox[abeoprs]|xapp)-[A-Za-z0-9-]{{20,250}}{_AFTER}",
        2.5,
    ),
    _form(
        N_("a Slack webhook"),
        r"hooks\.slack\.com/(?:services|workflows|triggers)/(?P<value>[A-Za-z0-9/+]{40,60})",
    ),
    _form(
        N_("a Google key"),
        rf"{_BEFORE}(?:AIza[A-Za-z0-9_-]{{35}}|ya29\.[A-Za-z0-9_-]{{30,500}}|GOCSPX-[A-Za-z0-9_-]{{28}}){_AFTER}",
    ),
    _form(
        N_("a Stripe key"),
        rf"{_BEFORE}(?:[rs]k_(?:live|test)_[A-Za-z0-9]{{16,250}}|whsec_[A-Za-z0-9+/]{{24,80}}){_AFTER}",
    ),
    _form(N_("a Hugging Face token"), rf"{_BEFORE}hf_[A-Za-z0-9]{{30,40}}{_AFTER}", 3.5),
    _form(
        N_("a token to publish packages"),
        rf"{_BEFORE}(?:npm_[A-Za-z0-9]{{36}}|pypi-AgE[A-Za-z0-9_-]{{50,500}}){_AFTER}",
    ),
    _form(
        N_("a SendGrid key"),
        rf"{_BEFORE}SG\.[A-Za-z0-9_-]{{16,32}}\.[A-Za-z0-9_-]{{16,64}}{_AFTER}",
    ),
    _form(
        N_("a cloud provider's token"),
        rf"{_BEFORE}dop_v1_[0-9a-f]{{64}}{_AFTER}",
    ),
    _form(
        N_("a Telegram bot token"),
        r"(?<![0-9])[0-9]{8,10}:AA[A-Za-z0-9_-]{33}(?![A-Za-z0-9_-])",
    ),
    # The third part may be cut off: two are enough to know one.
    _form(
        N_("a JSON Web Token"),
        rf"{_BEFORE}eyJ[A-Za-z0-9_-]{{10,2000}}\.eyJ[A-Za-z0-9_-]{{10,4000}}(?:\.[A-Za-z0-9_-]{{0,2000}})?",
    ),
    _form(
        N_("a private key"),
        r"-----BEGIN (?:[A-Z0-9]{1,20} ){0,3}PRIVATE KEY(?: BLOCK)?-----"
        r"(?P<value>(?:[A-Za-z0-9+/=,.:\s-]|\\[nr]){40,10000})",
    ),
    _form(
        N_("an authorization header"),
        r":[ \"']{0,3}(?:Bearer|Basic) {1,3}(?P<value>[A-Za-z0-9._~+/-]{20,2000}={0,2})",
        3.5,
    ),
)

# scheme://user:password@host
_IN_ADDRESS = re.compile(
    r"(?<![A-Za-z0-9+.-])[A-Za-z][A-Za-z0-9+.-]{1,20}://[^\s/:@\"'<>`]{0,100}:(?P<value>[^\s/@\"'<>`]{3,200})@(?P<host>[A-Za-z0-9.\[-]{1,200})",
    re.ASCII,
)
# The last word of a name, what stands between, and the value; what precedes the word is read later.
_NAMED = re.compile(
    r"(?P<word>pass(?:word|wd)|wachtwoord|pwd|secret|token|(?:api|access|account|auth|private|subscription)[ _-]?key)"
    r"(?P<more>[_-](?:id|value|key))?"
    r"[\"'`* ]{0,3}(?::|=>|:=|={1,2})\s{0,3}[\"'`*]{0,3}(?P<value>[^\s\"'`<>,;(){}\[\]]{8,200})",
    re.ASCII | re.IGNORECASE,
)
_NAME_BEFORE = re.compile(r"[A-Za-z0-9_.-]{0,40}\Z", re.ASCII)
_ANY_PASSWORD = re.compile("pass|pwd|wachtwoord", re.ASCII | re.IGNORECASE)
# Names of what is public, counted, or passed along by every interface.
_HARMLESS_NAMES = re.compile(
    r"page|next|prev|cursor|sync|continu|count|max|min|num|limit|total|csrf|xsrf|public|primary|foreign|sort|pad_|eos|bos|unk|mask|special|design|hash",
    re.ASCII | re.IGNORECASE,
)
# Words and rows of characters that made-up values have.
_MADE_UP = re.compile(
    r"example|voorbeeld|sample|dummy|placeholder|change_?me|replace|redacted|hidden|fake|mock|demo|test|your|jouw|insert|todo"
    r"|xxxx|\*\*\*|\.\.\.|…|0000|1234|abcd|asdf|qwert|password|passwd|wachtwoord|secret|token|api_?key|foobar|process\.env|os\.environ|getenv|config\.|settings\.|self\.|this\.",
    re.ASCII | re.IGNORECASE,
)
_CLEARLY_MADE_UP = re.compile(
    r"EXAMPLE|example|XXXX|xxxx|\*\*\*|\.\.\.|…|[Yy]our[_-]|YOUR|1234567|abcdefg|ABCDEFG|(.)\1{7}"
)
# Printed in the providers' own documentation: a token of jwt.io, a key of Stripe, AWS's pair.
_DOCUMENTED = ("SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c", "4eC39HqLyjWDarjtT1zdp7dc")
_EXAMPLE_HOST = re.compile(
    r"(?:[A-Za-z0-9-]{1,63}\.){0,5}example(?:\.(?:com|org|net|nl))?(?![A-Za-z0-9-])"
)
_USUAL = re.compile("pass|user|admin|root|postgres|guest|mysql|rabbit|redis", re.IGNORECASE)
_LETTER, _DIGIT = re.compile("[A-Za-z]"), re.compile("[0-9]")


def secrets(text: str) -> Iterator[Found]:
    """Find keys, tokens and passwords; each place is only what has to be hidden."""
    taken: list[tuple[int, int]] = []
    for found in _candidates(text):
        if any(found.start < end and start < found.end for start, end in taken):
            continue
        taken.append((found.start, found.end))
        yield found


def _candidates(text: str) -> Iterator[Found]:
    yield from _with_a_form(text)
    yield from _in_addresses(text)
    yield from _beside_a_name(text)


def _with_a_form(text: str) -> Iterator[Found]:
    for form in _FORMS:
        group = "value" if "value" in form.pattern.groupindex else 0
        for match in form.pattern.finditer(text):
            value = match[group]
            if _CLEARLY_MADE_UP.search(value[:200]) or value.endswith(_DOCUMENTED):
                continue
            if entropy(value[:200]) < form.random or (form.random > 3 and not _mixed(value)):
                continue
            yield Found(*match.span(group), "secret", {"what": form.what})


def _in_addresses(text: str) -> Iterator[Found]:
    for match in _IN_ADDRESS.finditer(text):
        value = match["value"]
        if _MADE_UP.search(value) or _EXAMPLE_HOST.match(match["host"]) or len(set(value)) < 4:
            continue
        if _USUAL.fullmatch(value) or "$" in value:
            continue
        yield Found(*match.span("value"), "secret", {"what": N_("a password in an address")})


def _beside_a_name(text: str) -> Iterator[Found]:
    for match in _NAMED.finditer(text):
        start = match.start()
        before = _NAME_BEFORE.search(text, max(start - 40, 0), start)
        name = (before[0] if before else "") + text[start : match.start("value")]
        value = match["value"].rstrip(".!?*:")
        if _HARMLESS_NAMES.search(name) or _MADE_UP.search(value):
            continue
        start = match.start("value")
        if _ANY_PASSWORD.search(name):
            if _is_password(value):
                yield Found(start, start + len(value), "secret", {"what": N_("a password")})
        elif _is_token(value):
            yield Found(start, start + len(value), "secret", {"what": N_("a key or token")})


def entropy(value: str) -> float:
    """Return how random a text looks, in bits per character (Shannon), to six decimals."""
    size = len(value)
    bits = -sum(count / size * log2(count / size) for count in Counter(value).values())
    return round(bits, 6)


def _is_password(value: str) -> bool:
    """Tell whether a value looks chosen as a password: mixed characters, no word and no path."""
    if len(value) < 8 or "/" in value or value.startswith(("$", "%", "-")):
        return False
    return _mixed(value) and entropy(value) >= 2.5


def _is_token(value: str) -> bool:
    if len(value) < 16 or not re.fullmatch(r"[A-Za-z0-9_.~+/=-]{16,200}", value):
        return False
    if not _mixed(value):
        return False
    return entropy(value) >= 3.5 or bool(
        re.fullmatch("[0-9a-f]{32,128}", value) and entropy(value) >= 3
    )


def _mixed(value: str) -> bool:
    return bool(_DIGIT.search(value) and _LETTER.search(value))
