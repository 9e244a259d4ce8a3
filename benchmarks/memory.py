"""Peak memory of checking a large file, each way in a process of its own.

python benchmarks/memory.py                 512 MB
python benchmarks/memory.py --megabytes 64

The figure is the most that the process ever had in memory at once (`ru_maxrss`), with the interpreter
and everything that it loads; the line "nothing checked" is that alone.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import chats

AIM = 200  # MB
WAYS = ("nothing checked", "format", "full", "full with tokens")
CHILD = """
import resource, sys, time
from tuneready.dataset.checker import Checker
from tuneready.dataset.tokens import native_counter
from tuneready.targets import targets

path, way = sys.argv[1:]
target = targets()["openai/sft"]
counter = native_counter("o200k_base") if way == "full with tokens" else None
started = time.perf_counter()
if way != "nothing checked":
    depth = "format" if way == "format" else "full"
    checker = Checker(target, file="chats.jsonl", depth=depth, tokens=counter)
    with open(path, "rb") as stream:
        while chunk := stream.read(1 << 20):
            checker.feed(chunk)
    report = checker.close()
    report.complete()
    assert report.records == report.statistics.examples > 0
unit = 1 if sys.platform == "darwin" else 1024
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit, time.perf_counter() - started)
"""


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--megabytes", type=int, default=512)
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "chats.jsonl"
        chats.write_chats(file, given.megabytes)
        size = file.stat().st_size / chats.MEGABYTE
        print(f"Peak memory for {size:.0f} MB (aim: at most {AIM} MB)")
        for way in WAYS:
            done = subprocess.run(
                [sys.executable, "-c", CHILD, file, way], capture_output=True, text=True, check=True
            )
            peak, seconds = map(float, done.stdout.split())
            print(f"  {way:20} {peak / chats.MEGABYTE:7.0f} MB   {seconds:6.1f} s", flush=True)


if __name__ == "__main__":
    main()
