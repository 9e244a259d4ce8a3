"""Numbers with check digits, and numbers that documentation prints.

python-stdnum is imported at the first number: a verdict, and most datasets, never need it.
"""

from __future__ import annotations

import re

# Examples of registries and of payment providers' documentation: nobody's account, nobody's card.
_EXAMPLE_ACCOUNTS = frozenset(
    {
        "AT611904300234573201",
        "BE68539007547034",
        "BE71096123456769",
        "CH9300762011623852957",
        "DE89370400440532013000",
        "DK5000400440116243",
        "ES9121000418450200051332",
        "FI2112345600000785",
        "FR1420041010050500013M02606",
        "FR7630006000011234567890189",
        "GB29NWBK60161331926819",
        "GB33BUKB20201555555555",
        "GB82WEST12345698765432",
        "GR1601101250000000012300695",
        "IE29AIBK93115212345678",
        "IT60X0542811101000000123456",
        "LU280019400644750000",
        "NL02ABNA0123456789",
        "NL39RABO0300065264",
        "NL91ABNA0417164300",
        "NO9386011117947",
        "PL61109010140000071219812874",
        "PT50000201231234567890154",
        "SE4550000000058398257466",
    }
)
_EXAMPLE_CARDS = frozenset(
    {
        "30569309025904",
        "340000000000009",
        "3530111333300000",
        "3566002020360505",
        "36227206271667",
        "370000000000002",
        "371449635398431",
        "378282246310005",
        "378734493671000",
        "38520000023237",
        "4005519200000004",
        "4009348888881881",
        "4012000033330026",
        "4012888888881881",
        "4111111111111111",
        "4217651111111119",
        "4222222222222",
        "4242424242424242",
        "4500600000000061",
        "4539578763621486",
        "5105105105105100",
        "5200828282828210",
        "5425233430109903",
        "5454545454545454",
        "5555555555554444",
        "6011000990139424",
        "6011111111111117",
        "6200000000000005",
        "2222405343248877",
        "2223003122003222",
        "2223520043560014",
    }
)
_ROW = re.compile(r"([0-9])\1{5}|12345678|23456789|98765432|01234567")
# Lengths and beginnings of the networks' card numbers.
_CARD = re.compile(
    r"4(?:[0-9]{12}|[0-9]{15}|[0-9]{18})"
    r"|(?:5[1-5][0-9]{2}|222[1-9]|22[3-9][0-9]|2[3-6][0-9]{2}|27[01][0-9]|2720)[0-9]{12}"
    r"|3[47][0-9]{13}|3(?:0[0-5]|[68][0-9])[0-9]{11}|35(?:2[89]|[3-8][0-9])[0-9]{12}"
    r"|6(?:011|4[4-9][0-9]|5[0-9]{2})[0-9]{12}|62[0-9]{14,17}|(?:50|5[6-9]|6[0-9])[0-9]{14}"
)


def is_account(number: str) -> bool:
    """Tell whether an IBAN (no spaces) has its country's form, right check digits and an owner."""
    from stdnum import iban

    return number not in _EXAMPLE_ACCOUNTS and iban.is_valid(number, check_country=False)


def is_card(digits: str) -> bool:
    """Tell whether digits are a payment card's: a known beginning, its length, and Luhn's digit."""
    from stdnum import luhn

    if digits in _EXAMPLE_CARDS or made_up(digits) or not _CARD.fullmatch(digits):
        return False
    return luhn.is_valid(digits)


def is_citizen_number(digits: str) -> bool:
    """Tell whether nine digits pass the 11-test of the Dutch citizen service number.

    Numbers that begin with 999 are given out for tests; 111222333 and 123456782 are examples.
    """
    from stdnum.nl import bsn

    if digits in ("111222333", "123456782") or digits.startswith("999") or made_up(digits):
        return False
    return bsn.is_valid(digits)


def made_up(digits: str) -> bool:
    """Tell whether digits have the rows that people type when any number will do."""
    return _ROW.search(digits) is not None
