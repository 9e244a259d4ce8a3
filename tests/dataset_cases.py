"""How the cases of the dataset checker are read and what is expected of them.

`tests/cases/rules/<rule-name>/` holds `bad-*.jsonl` with the expected findings in `bad-*.txt`, and
`good-*.jsonl` without any. They are checked for `azure-openai/sft`, unless `target.txt` in the
folder names another target, and perhaps a model after it. Too few examples are not counted against
a case, except in the folders of the rules that say so.

`TUNEREADY_REWRITE=1 pytest …` writes the expected texts anew; look at the difference.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from tuneready.dataset.checker import Checker
from tuneready.dataset.report import Report, document
from tuneready.rules import RULES_BY_NAME
from tuneready.targets import find_target

CASES = Path(__file__).parent / "cases"
SAMPLES = Path(__file__).parents[1] / "macros/tuneready/site/static/samples"
REWRITE = bool(os.environ.get("TUNEREADY_REWRITE"))
SIZES = ("too-few-examples", "fewer-examples-than-advised")


def case_files() -> list[Path]:
    """Return every file of a dataset among the cases; beside them stand expectations."""
    found = [path for path in CASES.rglob("*") if path.is_file()]
    data = [path for path in found if path.suffix in {".json", ".jsonl", ".bin", ".csv"}]
    return sorted(
        path for path in data if not {"answers", "checklists"} & set(path.parts)
    ) + sorted(SAMPLES.glob("*.jsonl"))


def targets_for(path: Path, number: int, known: list[str]) -> list[tuple[str, str | None]]:
    """Return the targets that a file is checked for: its own, and others in turn.

    All of them with TUNEREADY_EVERY_TARGET, which takes ten minutes.
    """
    if os.environ.get("TUNEREADY_EVERY_TARGET"):
        return [(name, None) for name in (*known, "auto")]
    name, _, model = target_of(path.parent).partition(" ")
    others = [
        known[number % len(known)],
        "auto" if number % 8 == 0 else known[-number % len(known)],
    ]
    return [(name, model or None), *((other, None) for other in others if other != name)]


def check(data: bytes, target: str = "azure-openai/sft", **options: Any) -> dict[str, Any]:
    """Return the one entry of the report on some bytes; `target` may name a model, too."""
    return document([report_on(data, target, **options)], "en")["reports"][0]


def report_on(data: bytes, target: str = "azure-openai/sft", **options: Any) -> Report:
    """Return the report on some bytes; `target` may name a model, too."""
    name, _, model = target.partition(" ")
    checker = Checker(find_target(name), file="case.jsonl", model=model or None, **options)
    checker.feed(data)
    return checker.close()


def check_case(case: Path) -> dict[str, Any]:
    """Return the entry of the report on a case file.

    How examples compare, and what they say, counts for the cases of such rules only: the others are
    made of lines that resemble each other. `training.jsonl` in the folder is the training file.
    """
    target = target_of(case.parent)
    rule = RULES_BY_NAME.get(case.parent.name)
    beyond = rule is not None and rule.is_beyond_format
    options: dict[str, Any] = {"depth": "full" if beyond else "format"}
    training = case.parent / "training.jsonl"
    if training.exists():
        options["validation_of"] = report_on(training.read_bytes(), target)
    return check(case.read_bytes(), target, **options)


def target_of(folder: Path) -> str:
    """Return the target for which a folder's cases are checked."""
    file = folder / "target.txt"
    return file.read_text(encoding="utf-8").strip() if file.exists() else "azure-openai/sft"


def findings_text(entry: dict[str, Any], *, sizes: bool) -> str:
    """Return the findings of a report, two lines each: what and where, then the message."""
    lines = []
    for finding in entry["findings"]:
        if finding["name"] in SIZES and not sizes:
            continue
        place = "file"
        if finding["line"] is not None:
            place = f"{finding['line']}:{finding['column']} byte {finding['byte']}"
        path = f" {finding['path']}" if finding["path"] else ""
        lines += [
            f"{finding['code']} {finding['name']} {finding['severity']} {place}{path}",
            f"    {finding['message']}",
        ]
    return "\n".join(lines) + "\n" if lines else ""


def expect(file: Path, found: str) -> None:
    """Compare with the expected text in `file`, or write it."""
    if REWRITE:
        file.write_bytes(found.encode())
    assert file.exists(), f"{file} is missing; TUNEREADY_REWRITE=1 writes it"
    assert found == file.read_bytes().decode()
