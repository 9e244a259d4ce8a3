"""Our verdicts are those of the vendors' own checkers, or a documented rule explains the difference.

What the vendors' checkers say was written down by them: `benchmarks/peers.py --record` asks them
again, and so does `benchmarks/peers.py`, with their messages.
"""

from __future__ import annotations

import functools
import json
import sys
from pathlib import Path
from typing import Any

import pytest

TESTS = Path(__file__).parent
BENCHMARKS = TESTS.parent / "benchmarks"
sys.path.insert(0, str(BENCHMARKS))
import peers  # noqa: E402
from neighbours import neighbours  # noqa: E402

VERDICTS: dict[str, Any] = json.loads((TESTS / "peer_verdicts.json").read_text(encoding="utf-8"))
EVERY = [(pair, model) for pair in peers.PAIRS for model in pair.models]


type Difference = tuple[str, bool, peers.Ours, peers.Explanation | None]


@functools.cache
def differences(pair: peers.Pair, model: str) -> list[Difference]:
    """The steps that the vendor's checker sees otherwise, and what explains each."""
    recorded = VERDICTS[pair.peer][model]
    accepted = set(recorded["accepted"])
    files = [*neighbours(model, peers.SEED)]
    assert len(files) == recorded["files"], "other files than were asked about: record anew"
    assert accepted <= {file.step for file in files}, "other steps than were asked about"
    found = []
    for file in files:
        mine = peers.ours(file.data, pair.target)
        if (file.step in accepted) != mine.valid:
            reason = peers.explanation(pair.peer, file.step, mine)
            found.append((file.step, not mine.valid, mine, reason))
    return found


@pytest.mark.parametrize(("pair", "model"), EVERY, ids=lambda it: getattr(it, "target", it))
def test_verdicts_are_those_of_the_vendor(pair: peers.Pair, model: str) -> None:
    unexplained = [
        f"{step}: {pair.peer} {'accepts' if theirs else 'refuses'}; we: {mine.texts}"
        for step, theirs, mine, reason in differences(pair, model)
        if reason is None
    ]
    assert unexplained == []


def test_many_files_were_compared() -> None:
    assert sum(VERDICTS[pair.peer][model]["files"] for pair, model in EVERY) >= 500
    assert all(VERDICTS[pair.peer][model]["accepted"] for pair, model in EVERY)


def test_every_explanation_explains_something() -> None:
    """An explanation that no difference needs hides the next one."""
    used = {
        reason.because
        for pair, model in EVERY
        for _, _, _, reason in differences(pair, model)
        if reason
    }
    assert {each.because for each in peers.EXPLAINED} <= used
