"""What each detector finds, and the look-alikes that it leaves alone; both are case files."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from tuneready.dataset.detectors import answers, damage, leftovers, masking, personal, secrets
from tuneready.dataset.detectors.hints import HINT, ODD_HINT, hinted, odd, searcher

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tuneready.dataset.detectors import Found

CASES = Path(__file__).parent / "cases" / "detectors"
DETECTORS: dict[str, Callable[[str], Iterator[Found]]] = {
    "bank_accounts": personal.bank_accounts,
    "citizen_numbers": personal.citizen_numbers,
    "cut_off": answers.cut_off,
    "email_addresses": personal.email_addresses,
    "html_leftovers": leftovers.html_leftovers,
    "invisible": damage.invisible,
    "ip_addresses": personal.ip_addresses,
    "loops": answers.loops,
    "lost_characters": damage.lost_characters,
    "model_talk": answers.model_talk,
    "mojibake": damage.mojibake,
    "mostly_upper_case": answers.mostly_upper_case,
    "payment_cards": personal.payment_cards,
    "phone_numbers": personal.phone_numbers,
    "placeholders": leftovers.placeholders,
    "postal_addresses": personal.postal_addresses,
    "refusals": answers.refusals,
    "role_labels": leftovers.role_labels,
    "secrets": secrets.secrets,
    "stand_ins": answers.stand_ins,
    "template_markers": leftovers.template_markers,
}
HINTED = re.compile(f"{HINT}|{ODD_HINT}").search
HINTED_EVERYWHERE = re.compile(f"{HINT}|{ODD_HINT}").finditer
MASKED = (
    "bank_accounts",
    "citizen_numbers",
    "email_addresses",
    "ip_addresses",
    "payment_cards",
    "phone_numbers",
    "postal_addresses",
    "secrets",
)


def read(name: str) -> dict[str, Any]:
    data: dict[str, Any] = yaml.safe_load((CASES / f"{name}.yaml").read_text(encoding="utf-8"))
    return data


FINDS = [
    pytest.param(name, case, id=f"{name}-{index}")
    for name in DETECTORS
    for index, case in enumerate(read(name)["finds"])
]
PASSES = [
    pytest.param(name, text, id=f"{name}-{index}")
    for name in DETECTORS
    for index, text in enumerate(read(name)["passes"])
]


def test_every_detector_has_cases() -> None:
    assert {path.stem for path in CASES.iterdir()} == set(DETECTORS)
    for name in DETECTORS:
        cases = read(name)
        assert len(cases["finds"]) >= 2, name
        assert len(set(cases["passes"])) >= 15, name


@pytest.mark.parametrize(("name", "case"), FINDS)
def test_finds(name: str, case: dict[str, Any]) -> None:
    text = case["text"]
    found = list(DETECTORS[name](text))
    if case["marks"] is None:
        assert len(found) == 1
    else:
        assert [text[place.start : place.end] for place in found] == case["marks"]
    for key in ("probably",):
        if key in case:
            assert [place.params[key] for place in found] == case[key]
    if "kinds" in case:
        assert [place.kind for place in found] == case["kinds"]


@pytest.mark.parametrize(("name", "text"), PASSES)
def test_passes(name: str, text: str) -> None:
    assert [text[place.start : place.end] for place in DETECTORS[name](text)] == []


def surrounded(text: str) -> str:
    """Put a text among others, as the fast way searches for hints."""
    return f"before\n{text}\nafter"


@pytest.mark.parametrize(("name", "case"), FINDS)
def test_a_hint_is_found_wherever_something_is(name: str, case: dict[str, Any]) -> None:
    assert any(DETECTORS[name](case["text"]))
    assert HINTED(case["text"])
    assert HINTED(surrounded(case["text"]))
    assert quickly_hinted(case["text"])
    assert quickly_hinted(surrounded(case["text"]))


def pieces() -> list[str]:
    """Return every text of the cases in pieces, out of which new texts are put together."""
    texts = [case["text"] for name in DETECTORS for case in read(name)["finds"]]
    texts += [text for name in DETECTORS for text in read(name)["passes"]]
    words = {word for text in texts for word in re.findall(r"\S+|\s", text)}
    return sorted(words | set(texts))


PIECES = pieces()


@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=12), st.sampled_from(["", " ", "\n"]))
@settings(max_examples=400, deadline=None)
def test_no_find_without_its_hint(words: list[str], between: str) -> None:
    text = between.join(words)
    if not HINTED(surrounded(text)) or not quickly_hinted(surrounded(text)):
        assert [name for name, detect in DETECTORS.items() if any(detect(text))] == []


FINDABLE = [case["text"] for name in DETECTORS for case in read(name)["finds"]]
CHANGE = st.tuples(
    st.floats(0, 1), st.sampled_from(["put", "replace"]), st.sampled_from(' -.,()/:=_\nz5é"')
)


@given(st.sampled_from(FINDABLE), st.lists(CHANGE, min_size=1, max_size=4))
@settings(max_examples=600, deadline=None)
def test_no_changed_find_without_its_hint(text: str, changes: list[tuple[float, str, str]]) -> None:
    for place, how, char in changes:
        at = int(place * len(text))
        text = text[:at] + char + text[at + (how == "replace") :]
    if not HINTED(surrounded(text)) or not quickly_hinted(surrounded(text)):
        assert [name for name, detect in DETECTORS.items() if any(detect(text))] == []


def quickly_hinted(text: str) -> bool:
    return hinted(text) or odd(text)


def hinted_once(text: str) -> Iterator[bool]:
    yield quickly_hinted(text)


def test_only_our_hint_has_a_quick_way() -> None:
    assert (searcher(HINT), searcher(ODD_HINT)) == (hinted, odd)
    assert searcher("b+")("abc")


@given(st.text(max_size=300))
@settings(max_examples=200, deadline=None)
def test_any_text_is_looked_at_without_fault(text: str) -> None:
    for detect in DETECTORS.values():
        for found in detect(text):
            assert 0 <= found.start < found.end <= len(text)
    masking.masked(text)


@pytest.mark.parametrize("name", MASKED)
def test_masked_text_holds_nothing_of_value(name: str) -> None:
    for case in read(name)["finds"]:
        shown = masking.masked(case["text"])
        for mark in case["marks"]:
            assert mark not in shown
            assert mark not in masking.masked(f"{case['text']}; again, {case['text']}")


@pytest.mark.parametrize("name", MASKED)
def test_text_without_a_find_stays_as_it_is(name: str) -> None:
    detectors = [DETECTORS[other] for other in MASKED]
    for text in read(name)["passes"]:
        if not any(any(detect(text)) for detect in detectors):
            assert masking.masked(text) == text


def test_masks() -> None:
    mask = masking.mask
    assert mask("jan@shop.nl", "email") == "j…@…l"
    assert mask("NL64TRIO0338720461", "account") == "NL64…61"
    assert mask("+31641832907", "phone") == "+31…07"
    assert mask("4539 1478 0362 5715", "card") == "…15"
    assert mask("270418635", "citizen") == "…35"
    assert mask("84.241.17.93", "ip") == "84.…"
    assert mask("3521 BK", "postcode") == "35…"
    assert mask("sk-" + "u8jzPde0IgxLd6GncfBAepfJ", "secret") == "sk-…"
    assert mask("q9Lm2vTe7x", "secret") == "…"


# A megabyte of whatever makes a careless pattern slow.
SIZE = 1_000_000
NASTY = {
    "one letter": "a",
    "capitals": "A",
    "digits": "1",
    "digits and spaces": "4 ",
    "zeros and dashes": "0-",
    "groups of four": "4539 ",
    "dots": "a.",
    "at signs": "a@",
    "hosts": "a@b.",
    "dashes": "-",
    "key headers": "-----BEGIN RSA PRIVATE KEY-----",
    "sk": "sk-a-",
    "tokens": "eyJhbGciOiJI.",
    "names": "password=",
    "long names": "password_",
    "addresses": "a://a:a",
    "pluses": "+1 ",
    "colons": "2a02:",
    "ip": "12.",
    "iban": "NL12 ",
    "braces": "{{ a",
    "bars": "<|a",
    "entities": "&amp;",
    "mojibake": "\u00c3\u00a9",
    "half mojibake": "\u00e2\u20ac",
    "tags": "\U000e0041",
    "zero widths": "\u200b",
    "line ends": "\n",
    "sentences": "The cat sat on the mat. ",
    "two sentences": "The cat sat on the mat. The dog did not sit there. ",
    "lines": "The cat sat on the mat\n",
    "labels": "\nUser: ",
    "fences": "```\n{{name}}\n",
    "spaces": " ",
    "escapes": "\x1b[",
    "postcodes": "1234 AB",
    "brackets": "[INSERT ",
}


@pytest.mark.parametrize("unit", NASTY.values(), ids=NASTY)
def test_a_megabyte_of_anything_is_done_in_time(unit: str) -> None:
    text = unit * (SIZE // len(unit))
    for name, detect in {**DETECTORS, "the hint": HINTED_EVERYWHERE, "hinted": hinted_once}.items():
        start = time.perf_counter()
        for _ in detect(text):
            pass
        taken = time.perf_counter() - start
        # A slow machine takes a second; a pattern that is not bounded takes minutes.
        assert taken < 20, f"{name}: {taken:.1f} s"
