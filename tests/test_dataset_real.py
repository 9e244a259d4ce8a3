"""Real files, where they are at hand: `TUNEREADY_REAL_DATA`, or beside the checkout."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from dataset_cases import check

TOP = Path(__file__).resolve().parents[1]
FOLDER = Path(os.environ.get("TUNEREADY_REAL_DATA", TOP.parent / "shared" / "data" / "real"))

# lines, examples, and the rules that apply to all of the lines
EXPECTED = {
    "sft-gsm8k.train.jsonl": (449, 449, []),
    "sft-gsm8k.validation.jsonl": (50, 50, []),
    "sft-toolcall.train.jsonl": (86, 86, []),
    "sft-vision-chartqa.train.jsonl": (100, 100, []),
    "sft-cnn-dailymail.validation.jsonl": (249, 249, []),
    "dpo-orca.validation.jsonl": (284, 0, ["record-of-another-kind"]),
    "rft-countdown.train.jsonl": (100, 0, ["record-of-another-kind"]),
}
# What is said in some lines; each was read, and is what the rule says.
ALSO = {
    # Nine answers decline what the tools cannot do, and one says that it is an AI.
    "sft-toolcall.train.jsonl": [("answer-refuses", 9), ("answer-as-ai-model", 1)],
    # Two soft hyphens of a web page, and the address of a reporter.
    "sft-cnn-dailymail.validation.jsonl": [
        ("invisible-characters", 1),
        ("email-address-in-text", 1),
    ],
}


@pytest.mark.parametrize("name", EXPECTED)
@pytest.mark.parametrize("target", ["azure-openai/sft", "openai/sft"])
def test_real_file(name: str, target: str) -> None:
    file = FOLDER / name
    if not file.exists():
        pytest.skip(f"{name} is not at hand; set TUNEREADY_REAL_DATA to its folder")
    lines, examples, rules = EXPECTED[name]
    data = file.read_bytes()
    entry = check(data, target)
    assert (entry["lines"], entry["examples"]) == (lines, examples)
    assert [(rule["name"], rule["count"]) for rule in entry["rules"]] == [
        *((rule, lines) for rule in rules),
        *ALSO.get(name, []),
    ]
    assert entry == check(data, target, thorough=True)
