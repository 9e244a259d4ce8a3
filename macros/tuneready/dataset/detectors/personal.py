"""Data about a person: addresses, telephone, bank account, card and citizen numbers.

What passes for one by chance needs a word beside it that says what it is: one in eleven nine-digit
numbers passes the test of a citizen number, one in ten sixteen-digit numbers that of a card. What
documentation prints, and what a company publishes about itself (info@, 0800), is passed over.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tuneready.dataset.detectors import Found
from tuneready.dataset.detectors.numbers import is_account, is_card, is_citizen_number, made_up

if TYPE_CHECKING:
    from collections.abc import Iterator

_EMAIL = re.compile(
    r"(?<![A-Za-z0-9._%+'/:=-])(?P<name>[A-Za-z0-9][A-Za-z0-9._%+'-]{0,63})"
    r"@(?P<host>(?:[A-Za-z0-9-]{1,63}\.){1,6}(?P<top>[A-Za-z]{2,12}))(?![A-Za-z0-9@(_-])"
)
# Endings of two letters are countries, but for those of files; of the longer ones, the usual.
_TOP = re.compile(
    "com|org|net|edu|gov|mil|int|info|biz|name|pro|dev|app|online|site|xyz|tech|store|shop|cloud|email|amsterdam|frl"
    "|(?!js|ts|vb|db|xx|zz)[a-z]{2}",
    re.IGNORECASE,
)
# Names that RFC 2606 reserves, those that vendors' documentation uses, and people's own inventions.
_EXAMPLE_HOST = re.compile(
    r"(?:.{1,200}\.)?(?:example|voorbeeld|test|invalid|localhost|contoso|fabrikam|northwindtraders|adventure-works|woodgrovebank"
    r"|tailspintoys|wingtiptoys|litware|litwareinc|proseware|acme|foo|bar|domain|domein|yourdomain|company|yourcompany|mycompany|bedrijf"
    r"|emailprovider|email|mail|website|somewhere|anywhere|host|server|provider|sample|abc|xyz|fictional|dummy)"
    r"(?:\.(?:com|org|net|nl|edu|co\.uk|co|io|de|be))?",
    re.IGNORECASE,
)
# What an organisation publishes about itself is not about a person.
_ROLE = re.compile(
    "info|contact|support|help|helpdesk|services?|klant(?:enservice|contact|en)|sales|verkoop|admin|administrator|administratie"
    "|no-?reply|do-?not-?reply|hello|hallo|office|press|pers|privacy|security|abuse|webmaster|postmaster|hostmaster|jobs"
    "|careers|vacatures|team|billing|facturen|invoices?|finance|hr|marketing|feedback|newsletter|nieuwsbrief|orders?"
    "|bestelling(?:en)?|returns?|retour(?:en)?|complaints|klachten|reservations?|reserveringen|bookings?|legal|media|news"
    "|user(?:name)?|gebruiker|name|naam|e-?mail|mail|you|me|someone|iemand|anyone|git|root|test|foo|example",
    re.IGNORECASE,
)


def email_addresses(text: str) -> Iterator[Found]:
    """Find e-mail addresses of people; those of examples and of departments are passed over."""
    for match in _EMAIL.finditer(text):
        if not _TOP.fullmatch(match["top"]) or _ROLE.fullmatch(match["name"]):
            continue
        if _EXAMPLE_HOST.fullmatch(match["host"]):
            continue
        yield Found(match.start(), match.end(), "email")


# Groups of digits with one separator each; (0) stands between country and number.
_ABROAD = re.compile(
    r"(?<![A-Za-z0-9+*/=^.])(?:\+|00(?=31|32|33|34|39|44|49))(?P<digits>[1-9][0-9]{0,2}[ .-]?(?:\(0\)[ ]?)?(?:\([0-9]{2,4}\)[ .-]?)?[0-9]{1,11}(?:[ .-][0-9]{2,8}){0,5})(?![0-9])"
)
_DUTCH = re.compile(
    r"(?<![A-Za-z0-9+.,/-])(?:06[ -]?[1-58](?: ?[0-9]){7}|\(?0(?:[1-57][0-9]{1,2})\)?[ -][0-9]{2,7}(?: [0-9]{2,4}){0,3}|0[1-57][0-9]{8})(?![0-9]|[.,-][0-9])"
)
_TELEPHONE = re.compile(
    r"tele(?:f|ph)oon|telephone|phone|\btel\b|mobiel|mobile|\bbel(?:len)?\b|\bcall\b|\bfax|whatsapp|\bgsm\b|\bsms\b|nummer|number",
    re.ASCII | re.IGNORECASE,
)
_GROUP_BEFORE = re.compile(r"(?:[A-Z]{2}[0-9]{2} ?[A-Z0-9]{4}|[0-9]{4}) \Z")
_CUE_DISTANCE = 60  # characters before a number in which a word may say what it is
# Free, paid and company numbers; the ranges that the United States and Britain keep for fiction.
_COMPANY = re.compile(r"0(?:800|900|906|909|88|85|14|84|87|66|67|97)")
_FICTION = re.compile(
    r"1(?:[0-9]{3}555[0-9]{4}|8(?:00|33|44|55|66|77|88)[0-9]{7})|44(?:2079460[0-9]{3}|7700900[0-9]{3}|1632960[0-9]{3}|(?:113|114|115|116|117|118|121|131|141|151|161)4960[0-9]{3}|800[0-9]{6,7})|31(?:800|900|88|85|14)[0-9]*"
)


def phone_numbers(text: str) -> Iterator[Found]:
    """Find telephone numbers: with a country's `+`, and the forms used in the Netherlands."""
    for match in _ABROAD.finditer(text):
        digits = _digits(match["digits"].replace("(0)", ""))
        if not 9 <= len(digits) <= 15 or made_up(digits[2:]) or _FICTION.fullmatch(digits):
            continue
        if match["digits"].isdigit() and len(digits) < 10:
            continue  # a sum, or a change: +12345678
        if digits.startswith("31") and len(digits.removeprefix("31")) != 9:
            continue
        if digits.startswith("1") and len(digits) != 11:
            continue
        yield Found(match.start(), match.end(), "phone")
    for match in _DUTCH.finditer(text):
        digits = _digits(match[0])
        if len(digits) != 10 or _COMPANY.match(digits) or made_up(digits[1:]):
            continue
        if match[0].isdigit() and not _cue(_TELEPHONE, text, match):
            continue  # ten digits may be an ISBN or an order
        if _GROUP_BEFORE.search(text, max(match.start() - 12, 0), match.start()):
            continue  # the end of an account number
        yield Found(match.start(), match.end(), "phone")


_ACCOUNT = re.compile(
    r"(?<![A-Za-z0-9])[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?(?![A-Za-z0-9])"
)


def bank_accounts(text: str) -> Iterator[Found]:
    """Find IBANs with the right check digits."""
    for match in _ACCOUNT.finditer(text):
        # Words in capitals may follow: try the whole, then without its last groups.
        whole = match[0]
        while len(whole) >= 15:
            if is_account(whole.replace(" ", "")):
                yield Found(match.start(), match.start() + len(whole), "account")
                break
            whole, gap, _ = whole.rpartition(" ")
            if not gap:
                break


_CARD = re.compile(
    r"(?<![A-Za-z0-9_./,$€£#=-])(?:[2-6][0-9]{3}(?P<gap>[ -])[0-9]{4}(?P=gap)[0-9]{4}(?P=gap)[0-9]{4}"
    r"|3[47][0-9]{2}(?P<gap3>[ -])[0-9]{6}(?P=gap3)[0-9]{5}|[2-6][0-9]{12,18})(?![A-Za-z0-9_-]|[.,][0-9]| [0-9]{3})"
)
_PAYMENT = re.compile(
    r"card|kaart|visa|master|amex|american express|maestro|credit|debit|cvv|cvc|\bpan\b|betaal|payment|expir|vervalt|geldig",
    re.ASCII | re.IGNORECASE,
)


def payment_cards(text: str) -> Iterator[Found]:
    """Find numbers of payment cards; without gaps, only beside a word such as card or Visa."""
    for match in _CARD.finditer(text):
        digits = _digits(match[0])
        if digits == match[0] and not _cue(_PAYMENT, text, match):
            continue
        if is_card(digits):
            yield Found(match.start(), match.end(), "card")


# Its short name anywhere near, or a name right before it: what a hint can look for.
_CITIZEN_CUE = re.compile("BSN")
_CITIZEN_NAME = re.compile(
    r"(?:burger|BURGER|Burger)(?:servicenummer|SERVICENUMMER)[^0-9]{1,5}\Z", re.ASCII
)
_NINE = re.compile(
    r"(?<![A-Za-z0-9.,-])(?:[0-9]{9}|[0-9]{3} [0-9]{3} [0-9]{3})(?![A-Za-z0-9]|[.,-][0-9])"
)


def citizen_numbers(text: str) -> Iterator[Found]:
    """Find Dutch citizen service numbers (BSN) that stand beside their name."""
    for match in _NINE.finditer(text):
        named = _CITIZEN_NAME.search(text, max(match.start() - 30, 0), match.start())
        cue = named or _cue(_CITIZEN_CUE, text, match)
        if cue and is_citizen_number(_digits(match[0])):
            yield Found(match.start(), match.end(), "citizen")


_FOUR = re.compile(r"(?<![A-Za-z0-9_.:/-])(?:[0-9]{1,3}\.){3}[0-9]{1,3}(?![A-Za-z0-9_%]|\.[0-9])")
_SIX = re.compile(
    r"(?<![A-Za-z0-9_.:-])2[0-9A-Fa-f]{3}:(?:[0-9A-Fa-f]{0,4}:){2,6}[0-9A-Fa-f]{1,4}(?![A-Za-z0-9_:])"
)
# By number: private, shared, documentation, multicast; a list of ours, as the standard one changes.
_NOT_PUBLIC = tuple(
    (int(a) << 24 | int(b) << 16 | int(c) << 8, 32 - bits)
    for (a, b, c), bits in (
        ((0, 0, 0), 8),
        ((10, 0, 0), 8),
        ((100, 64, 0), 10),
        ((127, 0, 0), 8),
        ((169, 254, 0), 16),
        ((172, 16, 0), 12),
        ((192, 0, 0), 24),
        ((192, 0, 2), 24),
        ((192, 168, 0), 16),
        ((198, 18, 0), 15),
        ((198, 51, 100), 24),
        ((203, 0, 113), 24),
        ((224, 0, 0), 3),
    )
)
_NAME_SERVERS = re.compile(
    r"8\.8\.(?:8\.8|4\.4)|1\.[01]\.[01]\.1|9\.9\.9\.9|208\.67\.22[02]\.22[02]"
)
_VERSION = re.compile(
    r"version|versie|release|build|\bv\.?\s?$|firmware|driver|section|chapter|paragraaf|artikel|hoofdstuk|chrome/|mozilla/|safari/",
    re.ASCII | re.IGNORECASE,
)


def ip_addresses(text: str) -> Iterator[Found]:
    """Find public IP addresses; version numbers look alike, so most of the parts must be large."""
    for match in _FOUR.finditer(text):
        parts = [int(part) for part in match[0].split(".")]
        if any(part > 255 for part in parts) or sum(part >= 10 for part in parts) < 2:
            continue
        if _NAME_SERVERS.fullmatch(match[0]) or re.search(r"\b0[0-9]", match[0]):
            continue
        number = parts[0] << 24 | parts[1] << 16 | parts[2] << 8 | parts[3]
        if any(number >> host == start >> host for start, host in _NOT_PUBLIC):
            continue
        if _VERSION.search(text, max(match.start() - 20, 0), match.start()):
            continue
        yield Found(match.start(), match.end(), "ip")
    for match in _SIX.finditer(text):
        parts6 = match[0].lower().split(":")
        whole = len(parts6) == 8 and "" not in parts6
        short = match[0].count("::") == 1 and len(parts6) <= 8
        if (whole or short) and not (parts6[0] == "2001" and parts6[1] in ("db8", "0db8")):
            yield Found(match.start(), match.end(), "ip")


_POSTCODE = re.compile(r"(?<![A-Za-z0-9])[1-9][0-9]{3} ?(?!SA|SD|SS)[A-Z]{2}(?![A-Za-z0-9])")
_STREET = re.compile(
    r"(?:straat|laan|weg|plein|gracht|kade|hof|dijk|singel|dreef|steeg|baan|plantsoen|boulevard|park|oord|burg|pad) [1-9][0-9]{0,3}(?: ?[A-Za-z])?(?:[ -][0-9IVX]{1,3})?[,.]?\s{1,3}(?:te )?$"
    r"|(?:huisnummer|huisnr)[^0-9\n]{0,10}[0-9]{1,4}[^\n]{0,20}$",
    re.ASCII | re.IGNORECASE,
)
_HOUSE = re.compile(
    r",? ?(?:huisnummer|huisnr\.?|nr\.?|nummer) ?[0-9]{1,4}", re.ASCII | re.IGNORECASE
)


def postal_addresses(text: str) -> Iterator[Found]:
    """Find Dutch postcodes that stand beside a street with a number, or beside a house number."""
    for match in _POSTCODE.finditer(text):
        before = text[max(match.start() - 60, 0) : match.start()]
        if _STREET.search(before) or _HOUSE.match(text, match.end()):
            yield Found(match.start(), match.end(), "postcode")


def _digits(text: str) -> str:
    return "".join(char for char in text if char in "0123456789")


def _cue(words: re.Pattern[str], text: str, match: re.Match[str]) -> bool:
    """Tell whether a word before a number, or close after it, says what it is."""
    before = words.search(text, max(match.start() - _CUE_DISTANCE, 0), match.start())
    return bool(before or words.search(text, match.end(), match.end() + 25))
