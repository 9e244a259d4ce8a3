"""TR95x: secrets and personal data. A message never shows them: it masks what it names.

Each text has at most one finding of a rule, at its first place, with how many there are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tuneready.dataset.detectors import personal
from tuneready.dataset.detectors.hints import HINT
from tuneready.dataset.detectors.masking import mask
from tuneready.dataset.detectors.secrets import secrets
from tuneready.finding import Phrase
from tuneready.locale import N_
from tuneready.rules.base import Hit, On, hit, rule
from tuneready.rules.quality import first_and_count

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tuneready.dataset.detectors import Found
    from tuneready.dataset.examples import Text
    from tuneready.targets.base import Target

_WHY = N_(
    "A trained model can repeat what it has seen, to anyone who asks. You also need a reason to use personal data, and consent or another legal ground."
)
_REMEDY = N_("Replace it by a made-up value of the same form, or leave the example out.")


def _chat(answer: str) -> str:
    return (
        '{"messages": [{"role": "user", "content": "Hi"}, '
        f'{{"role": "assistant", "content": "{answer}"}}]}}\n'
    )


def _hits(text: Text, detect: Callable[[str], Iterator[Found]], message: str) -> Iterator[Hit]:
    found = first_and_count(detect(text.text))
    if found is not None:
        place, count = found
        value = mask(text.text[place.start : place.end], place.kind)
        yield hit(text.path, message, masked=value, count=count)


# In the examples a letter is escaped, so that nobody's scanner takes them for real ones.
@rule(
    "TR950",
    On.TEXT,
    title=N_("A text has a key, a token or a password"),
    why=N_(
        "A trained model can repeat it, and so can everyone who is given the file. A checker of Microsoft's refuses such rows; the service is not known to."
    ),
    remedy=N_(
        "Revoke the key where it was issued: it has leaked. Then put a made-up value in its place, such as <api-key>."
    ),
    bad=_chat("Use \\u0041KIA75EFR6EDT4SYWB5W."),
    good=_chat("Use <access-key>."),
    hint=HINT,
)
def secret_in_text(text: Text, target: Target) -> Iterator[Hit]:
    del target
    found = first_and_count(secrets(text.text))
    if found is not None:
        place, count = found
        value = text.text[place.start : place.end]
        yield hit(
            text.path,
            N_("The text has {what}: {masked} ({size} characters; places: {count})."),
            what=Phrase(place.params["what"]),
            masked=mask(value, place.kind),
            size=len(value),
            count=count,
        )


@rule(
    "TR951",
    On.TEXT,
    title=N_("A text has an e-mail address"),
    why=_WHY,
    remedy=_REMEDY,
    bad=_chat("Write to jan.devries@gmail.com."),
    good=_chat("Write to jan@example.com."),
    hint=HINT,
)
def email_address_in_text(text: Text, target: Target) -> Iterator[Hit]:
    del target
    yield from _hits(
        text,
        personal.email_addresses,
        N_("The text has the e-mail address {masked} (places: {count})."),
    )


@rule(
    "TR952",
    On.TEXT,
    title=N_("A text has a telephone number"),
    why=_WHY,
    remedy=_REMEDY,
    bad=_chat("Bel 06-41832907."),
    good=_chat("Bel 06-12345678."),
    hint=HINT,
)
def phone_number_in_text(text: Text, target: Target) -> Iterator[Hit]:
    del target
    yield from _hits(
        text,
        personal.phone_numbers,
        N_("The text has the telephone number {masked} (places: {count})."),
    )


@rule(
    "TR953",
    On.TEXT,
    title=N_("A text has a bank account number"),
    why=_WHY,
    remedy=_REMEDY,
    bad=_chat("Pay to NL64 TRIO 0338 7204 61."),
    good=_chat("Pay to NL91 ABNA 0417 1643 00."),
    hint=HINT,
)
def bank_account_in_text(text: Text, target: Target) -> Iterator[Hit]:
    del target
    yield from _hits(
        text,
        personal.bank_accounts,
        N_(
            "The text has the account number {masked}, whose check digits are right (places: {count})."
        ),
    )


@rule(
    "TR954",
    On.TEXT,
    title=N_("A text has the number of a payment card"),
    why=_WHY,
    remedy=_REMEDY,
    bad=_chat("My card is 4539 1478 0362 5715."),
    good=_chat("My card is 4111 1111 1111 1111."),
    hint=HINT,
)
def payment_card_in_text(text: Text, target: Target) -> Iterator[Hit]:
    del target
    yield from _hits(
        text,
        personal.payment_cards,
        N_(
            "The text has a card number that ends in {masked}, whose check digit is right (places: {count})."
        ),
    )


@rule(
    "TR955",
    On.TEXT,
    title=N_("A text has a Dutch citizen service number (BSN)"),
    why=N_(
        "The law allows its use only for tasks that it names, and training a model is none of them. A trained model can repeat it to anyone who asks."
    ),
    remedy=_REMEDY,
    bad=_chat("Mijn BSN is 270418635."),
    good=_chat("Mijn BSN is 111222333."),
    hint=HINT,
)
def citizen_number_in_text(text: Text, target: Target) -> Iterator[Hit]:
    del target
    yield from _hits(
        text,
        personal.citizen_numbers,
        N_("The text has a citizen service number that ends in {masked} (places: {count})."),
    )


@rule(
    "TR956",
    On.TEXT,
    title=N_("A text has a public IP address"),
    why=_WHY,
    remedy=N_("Replace it by one that is kept for examples, such as 203.0.113.7."),
    bad=_chat("The request came from 84.241.17.93."),
    good=_chat("The request came from 203.0.113.7."),
    hint=HINT,
)
def ip_address_in_text(text: Text, target: Target) -> Iterator[Hit]:
    del target
    yield from _hits(
        text,
        personal.ip_addresses,
        N_("The text has the IP address {masked} (places: {count})."),
    )


@rule(
    "TR957",
    On.TEXT,
    title=N_("A text has a postal address"),
    why=_WHY,
    remedy=_REMEDY,
    bad=_chat("Ik woon op Dorpsstraat 14, 3521 BK Utrecht."),
    good=_chat("Ik woon in Utrecht."),
    hint=HINT,
)
def postal_address_in_text(text: Text, target: Target) -> Iterator[Hit]:
    del target
    yield from _hits(
        text,
        personal.postal_addresses,
        N_("The text has a house number with the postcode {masked} (places: {count})."),
    )


RULES = (
    secret_in_text,
    email_address_in_text,
    phone_number_in_text,
    bank_account_in_text,
    payment_card_in_text,
    citizen_number_in_text,
    ip_address_in_text,
    postal_address_in_text,
)
