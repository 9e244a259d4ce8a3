"""Numbers, sizes, days and prices as a reader of a language writes them."""

from __future__ import annotations

from datetime import date

from babel.dates import format_date
from babel.numbers import format_currency, format_decimal

KILO = 1024


def number(value: float, language: str) -> str:
    """Return a number with the separators of the language."""
    return str(format_decimal(value, locale=_locale(language)))


def size(value: int, language: str) -> str:
    """Return bytes in the largest unit, of 1,024 of the one before, that divides them well."""
    for unit, name in ((KILO**3, "GB"), (KILO**2, "MB"), (KILO, "KB")):
        if value >= unit:
            return f"{number(round(value / unit, 1), language)} {name}"
    return number(value, language)


def day(value: str, language: str) -> str:
    """Return a day, or a year or month, given as ISO 8601."""
    match value.count("-"):
        case 2:
            return str(format_date(date.fromisoformat(value), "d MMMM y", locale=_locale(language)))
        case 1:
            return str(
                format_date(date.fromisoformat(f"{value}-01"), "MMMM y", locale=_locale(language))
            )
        case _:
            return value


def price(amount: float, currency: str, language: str) -> str:
    """Return an amount with its currency."""
    return str(format_currency(amount, currency, locale=_locale(language)))


def _locale(language: str) -> str:
    """Return a language as Babel names it: `pt_BR` for `pt-BR`."""
    return language.replace("-", "_")
