"""Each rule of the evidence is implemented, or listed with the reason why no file can show it."""

from __future__ import annotations

from typing import Any

import pytest
from dataset_cases import CASES

from tuneready.finding import Severity
from tuneready.strictyaml import load
from tuneready.targets import targets

FOLDER = CASES / "coverage"


def read(name: str) -> dict[str, Any]:
    return load((FOLDER / name).read_text(encoding="utf-8"), name)


EVIDENCE = read("evidence.yaml")
WHY_NOT = {
    file.name: read(file.name)
    for file in sorted(FOLDER.glob("*.yaml"))
    if file.name != "evidence.yaml"
}
# Evidence id -> names of the rules that stand for it.
IMPLEMENTED: dict[str, set[str]] = {}
for _target in targets().values():
    for _name, _setting in _target.rules.items():
        for _id in _setting.provenance:
            IMPLEMENTED.setdefault(_id, set()).add(_name)
LISTED = {id_: reason for file in WHY_NOT.values() for id_, reason in file.items()}


@pytest.mark.parametrize("id_", EVIDENCE)
def test_implemented_or_listed_with_a_reason(id_: str) -> None:
    if id_ in IMPLEMENTED:
        assert id_ not in LISTED, f"implemented by {IMPLEMENTED[id_]}, and listed all the same"
    else:
        assert id_ in LISTED, "neither implemented nor listed"
        assert len(LISTED[id_]["why-not"]) > 20


def test_nothing_else_is_named() -> None:
    assert IMPLEMENTED.keys() <= EVIDENCE.keys()
    assert LISTED.keys() <= EVIDENCE.keys()
    assert sum(map(len, WHY_NOT.values())) == len(LISTED)  # each in one file


@pytest.mark.parametrize("target", targets().values(), ids=lambda target: target.name)
def test_what_is_remembered_is_never_an_error(target) -> None:
    for name, setting in target.rules.items():
        marks = {EVIDENCE[id_]["mark"] for id_ in setting.provenance}
        if marks == {"remembered"}:
            assert setting.severity is not Severity.ERROR, name
