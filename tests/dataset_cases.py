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
from tuneready.dataset.report import document
from tuneready.targets import find_target

CASES = Path(__file__).parent / "cases"
REWRITE = bool(os.environ.get("TUNEREADY_REWRITE"))
SIZES = ("too-few-examples", "fewer-examples-than-advised")


def check(data: bytes, target: str = "azure-openai/sft", **options: Any) -> dict[str, Any]:
    """Return the one entry of the report on some bytes; `target` may name a model, too."""
    name, _, model = target.partition(" ")
    checker = Checker(find_target(name), file="case.jsonl", model=model or None, **options)
    checker.feed(data)
    return document([checker.close()], "en")["reports"][0]


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
