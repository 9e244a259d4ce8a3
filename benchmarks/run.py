"""Prints the project's figures, each a ratio of two things measured side by side in this run.

make bench                     64 MB
python benchmarks/run.py 16    another size, in MB
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import chats
import in_browser
import native
import scale
import weight


def main() -> None:
    megabytes = int(sys.argv[1]) if len(sys.argv) > 1 else 64
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "chats.jsonl"
        chats.write_chats(file, megabytes)
        size = file.stat().st_size / chats.MEGABYTE
        lines = file.read_bytes().count(b"\n")
        print(f"{size:.1f} MB, {lines:,} lines, varied from {chats.source().name}\n")
        native.report(file)
        in_browser.report(file)
    weight.report()
    scale.report()


if __name__ == "__main__":
    main()
