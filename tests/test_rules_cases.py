"""Every case file gives exactly the findings that stand beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from dataset_cases import CASES, SIZES, check_case, expect, findings_text

if TYPE_CHECKING:
    from pathlib import Path

RULES = CASES / "rules"


def cases(pattern: str) -> list[Path]:
    return sorted(RULES.glob(pattern))


def case_id(path: Path) -> str:
    return str(path.relative_to(RULES))


@pytest.mark.parametrize("case", cases("*/bad-*.jsonl"), ids=case_id)
def test_bad(case: Path) -> None:
    name = case.parent.name
    entry = check_case(case)
    found = findings_text(entry, sizes=name in SIZES)
    assert f" {name} " in found
    expect(case.with_suffix(".txt"), found)


@pytest.mark.parametrize("case", cases("*/good-*.jsonl"), ids=case_id)
def test_good(case: Path) -> None:
    entry = check_case(case)
    assert findings_text(entry, sizes=False) == ""
