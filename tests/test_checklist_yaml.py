"""The strict reader by itself, with types of its own."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence  # noqa: TC003  the reader looks at hints
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from tuneready.errors import TunereadyError
from tuneready.strictyaml import (
    Document,
    ListNode,
    MappingNode,
    ScalarNode,
    Shape,
    YamlFaults,
    load,
    read,
)

TOP = Path(__file__).parent.parent


@dataclass(frozen=True)
class Wheel:
    size: float
    spokes: int = 32


@dataclass(frozen=True)
class Bicycle:
    name: Annotated[str, Shape("[A-Z].*", "a text that starts with a capital")]
    kind: Literal["city", "race"]
    wheels: tuple[Wheel, ...]
    electric: bool | None
    colours: frozenset[str] = frozenset()
    prices: Mapping[str, float] | None = None
    notes: list[str] | None = None
    extra: Any = None
    parts: Sequence[str] = ()


BICYCLE = """
name: Omafiets
kind: city
wheels:
  - {size: 28}
  - size: 26.5
    spokes: 36
prices: {"2025": 300, second-hand: 75.50}
colours: [black, black]
notes:
  - 'it''s old'
  - |
    two
    lines
extra: {a: [1, -2.5, true, x y, "no"]}
parts: [bell]
"""


def test_a_text_becomes_its_type() -> None:
    assert read(BICYCLE, "bike.yaml", Bicycle) == Bicycle(
        name="Omafiets",
        kind="city",
        wheels=(Wheel(28.0), Wheel(26.5, 36)),
        electric=None,
        colours=frozenset({"black"}),
        prices={"2025": 300.0, "second-hand": 75.5},
        notes=["it's old", "two\nlines\n"],
        extra={"a": [1, -2.5, True, "x y", "no"]},
        parts=("bell",),
    )


def test_all_faults_come_at_once_and_in_order() -> None:
    text = "name: omafiets\nkind: ship\nwheels: [{size: big, spoke: 3}, 4]\nelectric: maybe\n"
    with pytest.raises(YamlFaults) as raised:
        read(text, "bike.yaml", Bicycle)
    assert str(raised.value).split("\n") == [
        'bike.yaml:1:7: "name" is `omafiets`; expected a text that starts with a capital',
        'bike.yaml:2:7: "kind" is `ship`; expected one of city, race',
        'bike.yaml:3:17: "size" is `big`; expected a number',
        'bike.yaml:3:22: unknown key "spoke"; did you mean "spokes"?',
        'bike.yaml:3:33: an entry of "wheels" is `4`; expected a mapping',
        'bike.yaml:4:11: "electric" is `maybe`; expected true or false',
    ]
    assert isinstance(raised.value, TunereadyError)


def test_later_checks_add_faults_at_a_path() -> None:
    document = Document(BICYCLE, "bike.yaml")
    assert document.read(Bicycle)
    document.fault_at(("wheels", 1, "spokes"), "too many")
    document.fault_at(("wheels", 7, "spokes"), "no such wheel")
    with pytest.raises(YamlFaults) as raised:
        document.close()
    assert [(fault.line, fault.column) for fault in raised.value.faults] == [(5, 3), (7, 13)]


@pytest.mark.parametrize(
    "scalar",
    ["yes", "No", "ON", "off", "y", "N", "true", "FALSE", "~", "null", "Null", "012", "0o14", "0x1F", "0b1", "1_000", "+1", ".5", "1.", "1e3", "-1.5E-3", ".inf", "-.INF", ".nan", "12:30", "12:30:45.5", "2026-11-22", "2026-1-2", "=", "2026-11-22T10:00:00Z", "1"],
)  # fmt: skip
def test_what_readers_disagree_about_is_not_a_text(scalar: str) -> None:
    with pytest.raises(YamlFaults, match="put it in quotes"):
        read(f"- {scalar}", "f.yaml", list[str])  # type: ignore[arg-type]
    assert load(f'- "{scalar}"', "f.yaml") == [scalar]


@pytest.mark.parametrize(
    "scalar", ["yes", "012", "0x1F", "1_000", "+1", ".5", "1.", "1e3", ".inf", "12:30", "~", ""]
)
def test_what_readers_disagree_about_is_nothing_else_either(scalar: str) -> None:
    with pytest.raises(YamlFaults):
        load(f"a: {scalar}\n", "f.yaml")


@pytest.mark.parametrize("scalar", ["yes!", "1.2.3", "not null", "12 May", "truex", "a: b"[:1]])
def test_ordinary_texts_need_no_quotes(scalar: str) -> None:
    assert load(f"a: {scalar}\n", "f.yaml") == {"a": scalar}


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        "{a: " * 50_000,
        "- " * 100_000,
        "- x\n" * 200_000,
        "a: &a [1]\n" + "b: *a\n" * 50_000,
        "".join(f"k{number}: {number}\n" for number in range(60_000)),
        "x" * 900_000 + ": 1",
        '"' + "\\\n" * 300_000,
    ],
    ids=lambda text: text[:8],
)
def test_hostile_files_end_soon_with_a_fault(text: str) -> None:
    started = time.monotonic()
    with pytest.raises(YamlFaults) as raised:
        load(text, "f.yaml")
    assert len(str(raised.value).split("\n")) <= 101
    assert time.monotonic() - started < 20


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="ab:-[]{}&*!|>'\"#%@`,?\n\t 01~<\\", max_size=60))
def test_any_text_is_data_that_every_reader_agrees_on_or_faults(text: str) -> None:
    document = Document(text, "f.yaml")
    found = document.read(Any)
    assert document.faults or found == yaml.load(text, yaml.CSafeLoader)
    assert all(fault.line >= 1 and fault.column >= 1 for fault in document.faults)


FILES = [
    path
    for folder in ("checklists", "macros/tuneready/targets", "tests/cases/checklists", "docs")
    for pattern in ("*.yaml", "*.yml")
    for path in sorted((TOP / folder).rglob(pattern))
]


def parts(node: Any) -> Any:
    """A tree of nodes as plain data, places included."""
    match node:
        case ListNode(values=values):
            return node.place, [parts(value) for value in values]
        case MappingNode(entries=entries):
            return node.place, [(parts(key), parts(value)) for key, value in entries]
        case ScalarNode(text="", quoted=False):
            return ""  # of nothing at all, the parsers mark one end or the other
        case ScalarNode(text=text, quoted=quoted):
            return node.place, text, quoted
    return node and node.place


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.relative_to(TOP).as_posix())
def test_both_parsers_build_the_same_with_the_same_places(file: Path, monkeypatch) -> None:
    fast = Document.from_file(file)
    monkeypatch.delattr(yaml, "CSafeLoader")
    slow = Document.from_file(file)
    assert parts(fast.root) == parts(slow.root)
    assert fast.faults == slow.faults
