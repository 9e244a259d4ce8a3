"""The memory of a started interpreter, written at build time for the page's worker to start from.

A started Pyodide with our code imported (see `tuneready.remembered`) is an image of its memory: the
same sources give the same bytes. The worker puts it back instead of starting anew, and needs
neither the standard library nor our wheel.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from tuneready.errors import TunereadyError

SNAPSHOT = "python.snapshot"
SCRIPT = Path(__file__).with_suffix(".mjs")


class SnapshotError(TunereadyError):
    """The snapshot cannot be made; the sentence says why."""


def write_snapshot(bundle: Path) -> None:
    """Write the snapshot of the Pyodide and the wheel in a bundle beside them, compressed.

    It is a gzip file, and not called one: a host that knows the ending would say that it is encoded,
    and the browser would unpack it before its hash could be compared.
    """
    node = shutil.which("node", path=str(Path(sys.executable).parent)) or shutil.which("node")
    if node is None:
        raise SnapshotError("Node is missing. Run `make setup`, which fetches the locked parts.")
    done = subprocess.run(
        [node, str(SCRIPT), str(bundle), str(bundle / "py" / SNAPSHOT)],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        # Node prints the line of code at fault, which in Pyodide is the whole of it.
        details = "\n".join(line for line in done.stderr.splitlines() if len(line) < 1000)
        raise SnapshotError(f"Could not make the snapshot of the interpreter:\n{details}")
