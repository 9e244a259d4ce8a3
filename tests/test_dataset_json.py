"""JSON texts, one per file, in the manner of JSONTestSuite.

`y_*.json` can be read and nothing is said; `n_*.json` cannot be read, and the rule and place of the
fault stand in the `.txt` beside it; `i_*.json` can be read, and what is said about it stands there.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from dataset_cases import CASES, expect
from hypothesis import given, settings
from hypothesis import strategies as st

from tuneready.dataset.decoding import DEEPEST, decode, nesting_fault
from tuneready.dataset.jsontext import Fault, Scan, scan, value_of

if TYPE_CHECKING:
    from pathlib import Path

FOLDER = CASES / "json"


def read(data: bytes) -> Scan | tuple[Fault, int]:
    """Return what was read, or the fault and the offset of its byte."""
    text = decode(data)
    if not isinstance(text, str):
        start, fault = text
        return fault, start
    read = nesting_fault(text) or scan(text)
    return (read, len(text[: read.at].encode())) if isinstance(read, Fault) else read


def described(found: Scan | tuple[Fault, int]) -> str:
    if isinstance(found, Scan):
        return "".join(f"{fault.rule} column {fault.at + 1}\n" for fault in found.faults)
    fault, byte = found
    return (
        f"{fault.rule} column {fault.at + 1} byte {byte}\n{fault.message.format(**fault.params)}\n"
    )


def strictly(text: str) -> Any:
    """Read with the standard library, without what it allows beyond JSON."""

    def refuse(constant: str) -> Any:
        raise ValueError(constant)

    return json.loads(text, parse_constant=refuse)


@pytest.mark.parametrize("case", sorted(FOLDER.glob("*.json")), ids=lambda case: case.stem)
def test_case(case: Path) -> None:
    found = read(case.read_bytes())
    kind = case.name[0]
    assert isinstance(found, Scan) == (kind in "yi")
    if kind == "y":
        assert described(found) == ""
        assert found.value == strictly(case.read_bytes().decode())
    else:
        expect(case.with_suffix(".txt"), described(found))


VALUES = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(allow_nan=False, allow_infinity=False),
        st.text(),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.text(), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(VALUES, st.booleans(), st.sampled_from([None, 1, "\t"]))
def test_reads_what_the_standard_library_writes(value: Any, ascii_only: Any, indent: Any) -> None:
    text = json.dumps(value, ensure_ascii=ascii_only, indent=indent)
    found = scan(text)
    assert isinstance(found, Scan)
    assert found.value == value
    assert not found.faults


@given(VALUES)
def test_knows_the_place_of_everything(value: Any) -> None:
    text = json.dumps(value)
    found = scan(text)
    assert isinstance(found, Scan)
    decoder = json.JSONDecoder()
    for path, at in found.values.items():
        expected = value
        for step in path:
            expected = expected[step]
        assert decoder.raw_decode(text, at)[0] == expected
    for path, at in found.keys.items():
        assert decoder.raw_decode(text, at)[0] == path[-1]


@settings(max_examples=400)
@given(st.text(alphabet="{}[]\",:\\ u0019aeE+-.truefalsn'/\t\x00é\ud800", max_size=24))
def test_refuses_exactly_what_the_standard_library_refuses(text: str) -> None:
    try:
        expected = strictly(text)
    except ValueError:
        found = scan(text)
        assert isinstance(found, Fault)
        assert 0 <= found.at <= len(text)
        found.message.format(**found.params)
    else:
        found = scan(text)
        assert isinstance(found, Scan)
        assert found.value == expected or expected != expected  # noqa: PLR0124  NaN


@given(VALUES, st.data())
def test_a_cut_text_is_a_fault_in_what_is_left(value: Any, data: Any) -> None:
    text = json.dumps([value])
    at = data.draw(st.integers(1, len(text) - 1))
    found = scan(text[:at])
    assert isinstance(found, Fault)
    assert found.at <= at


@pytest.mark.parametrize("opening", ["[", '{"a":', '[{"a":'])
def test_nesting_is_measured_outside_texts(opening: str) -> None:
    levels = len(opening.replace('"a":', ""))
    text = opening * (DEEPEST // levels)
    assert nesting_fault(text) is None
    assert nesting_fault(text + '"[[[{{{') is None
    assert nesting_fault(text + '"\\"[[[') is None
    fault = nesting_fault(text + "[")
    assert fault is not None
    assert fault.at == len(text)
    assert nesting_fault("[]" * 1000) is None


@settings(max_examples=300)
@given(
    st.one_of(st.text(alphabet='{}[]",:\\ ud8300019aeE+-.N', max_size=24), VALUES.map(json.dumps))
)
def test_the_quick_reading_agrees(text: str) -> None:
    """`value_of` gives a value exactly where `scan` has nothing to say."""
    quick, found = value_of(text), scan(text)
    if quick is not None:
        assert isinstance(found, Scan)
        assert not found.faults
        assert found.value == quick[0]


@pytest.mark.parametrize("case", sorted(FOLDER.glob("[yni]_*.json")), ids=lambda case: case.stem)
def test_the_quick_reading_of_cases(case: Path) -> None:
    text = decode(case.read_bytes())
    if isinstance(text, str) and nesting_fault(text) is None:
        pair = "pair" in case.stem  # in doubt about every escaped pair
        assert (value_of(text) is not None) == (case.name[0] == "y" and not pair)
