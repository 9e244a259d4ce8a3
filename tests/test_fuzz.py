"""A short run of `benchmarks/fuzz.py`: no crash, no hang, and both ways agree for every target."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import Any

import pytest

from tuneready.targets import targets

BENCHMARKS = Path(__file__).resolve().parents[1] / "benchmarks"
SEED = 2026


def _fuzz() -> Any:
    sys.path.insert(0, str(BENCHMARKS))
    try:
        spec = importlib.util.spec_from_file_location("fuzz", BENCHMARKS / "fuzz.py")
        assert spec
        assert spec.loader
        module = importlib.util.module_from_spec(spec)
        sys.modules["fuzz"] = module
        spec.loader.exec_module(module)
    finally:
        sys.path.remove(str(BENCHMARKS))
    return module


fuzz = _fuzz()


@pytest.mark.parametrize("number", range(len(targets())), ids=sorted(targets()))
def test_a_fuzzed_file(number: int) -> None:
    batch = fuzz.batch_of(SEED, number)
    assert batch.target.name == sorted(targets())[number]
    wrong = fuzz.run(batch)
    assert wrong is None, wrong


def test_a_batch_is_the_same_again() -> None:
    assert fuzz.batch_of(SEED, 3) == fuzz.batch_of(SEED, 3)
    assert fuzz.batch_of(SEED, 3) != fuzz.batch_of(SEED + 1, 3)


def test_a_batch_holds_good_lines_and_bad_ones() -> None:
    """Neither way may be left out: some lines are accepted, and some are not."""
    names = sorted(targets())
    batch = fuzz.batch_of(SEED, names.index("azure-openai/sft"))
    report = fuzz.check(batch, thorough=False)
    assert '"duplicate-key"' in report or '"not-json"' in report
    assert '"unknown-role"' in report or '"content-missing"' in report


def test_a_difference_and_a_crash_would_be_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    batch = fuzz.batch_of(SEED, 0)
    monkeypatch.setattr(fuzz, "check", lambda _, *, thorough: "a" if thorough else "b")
    assert "differ" in fuzz.run(batch)

    def crash(_: Any, *, thorough: bool) -> str:
        raise IndexError(thorough)

    monkeypatch.setattr(fuzz, "check", crash)
    assert "IndexError" in fuzz.run(batch)


def test_a_hang_would_be_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    def hang(_: Any, *, thorough: bool) -> str:
        del thorough
        while True:
            pass

    monkeypatch.setattr(fuzz, "check", hang)
    monkeypatch.setattr(fuzz, "SECONDS", 1)
    assert "longer than 1 s" in fuzz.run(fuzz.batch_of(SEED, 0, lines=2))
