"""What looking for signs of secrets, personal data and bad answers costs, beside bare `json.loads`.

    python benchmarks/hints.py [megabytes]

The texts are those of the other benchmarks: good chats, in which nothing is to be found. They are
joined as the fast way joins them, in groups of 128 lines. Time is that of the processor.
"""

from __future__ import annotations

import json
import re
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from chats import write_chats

from tuneready.dataset.detectors.hints import HINT, ODD_HINT, hinted, odd

if TYPE_CHECKING:
    from collections.abc import Callable

GROUP = 128
ROUNDS = 3


def seconds(work: Callable[[], object]) -> float:
    best = float("inf")
    for _ in range(ROUNDS):
        start = time.process_time()
        work()
        best = min(best, time.process_time() - start)
    return best


def main() -> None:
    megabytes = int(sys.argv[1]) if len(sys.argv) > 1 else 64
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "chats.jsonl"
        write_chats(file, megabytes)
        lines = file.read_bytes().splitlines()
    records = [json.loads(line) for line in lines]
    texts = [
        "\n".join(
            message["content"]
            for record in records[i : i + GROUP]
            for message in record["messages"]
        )
        for i in range(0, len(records), GROUP)
    ]
    loads = seconds(lambda: [json.loads(line) for line in lines])
    print(f"json.loads per line: {loads:.2f} s")
    ways: dict[str, Callable[[str], object]] = {
        "hinted": hinted,
        "odd": odd,
        "HINT, as a pattern": re.compile(HINT).search,
        "ODD_HINT, as a pattern": re.compile(ODD_HINT).search,
    }
    for name, way in ways.items():
        taken = seconds(lambda way=way: [way(text) for text in texts])  # type: ignore[misc]
        found = sum(1 for text in texts if way(text))
        print(f"{name}: {taken:.2f} s, {taken / loads:.2f} times; {found} of {len(texts)} groups")


if __name__ == "__main__":
    main()
