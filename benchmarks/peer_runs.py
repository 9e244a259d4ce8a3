"""Where other people's checkers are, and how they are asked.

TUNEREADY_PEERS names a folder that holds one environment for each; they are not in our locks:

    uv venv $TUNEREADY_PEERS/together && uv pip install --python $TUNEREADY_PEERS/together 'together==1.5.*'
    … mistral: mistral-common   openai: 'openai==0.28.1' pandas   parallelogram   ftml: ftml-cli   jsonlkit

What is not there is said to be absent.
"""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

SIDE = Path(__file__).with_name("peer_side.py")
# The name of a peer, and the environment that holds it.
ENVIRONMENTS = {
    "together": "together",
    "mistral-v3": "mistral",
    "mistral-v7": "mistral",
    "mistral-v11": "mistral",
    "mistral-v13": "mistral",
    "openai-prepare": "openai",
    "parallelogram": "parallelogram",
    "ftml-openai": "ftml",
    "ftml-together": "ftml",
    "jsonlkit": "jsonlkit",
}
PACKAGES = {
    "together": "together",
    "mistral": "mistral-common",
    "openai": "openai",
    "parallelogram": "parallelogram",
    "ftml": "ftml-cli",
    "jsonlkit": "jsonlkit",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What a peer says of a file; `accepted` is None when the peer itself broke down."""

    accepted: bool | None
    lines: tuple[int, ...]
    message: str


def python_of(peer: str) -> Path | None:
    """Return the interpreter that holds a peer, or None when it is absent."""
    folder = os.environ.get("TUNEREADY_PEERS")
    if not folder:
        return None
    python = Path(folder) / ENVIRONMENTS[peer] / "bin" / "python"
    return python if python.exists() else None


def version_of(peer: str) -> str:
    """Return a peer's package and version, for the table."""
    python = python_of(peer)
    package = PACKAGES[ENVIRONMENTS[peer]]
    if python is None:
        return f"{package} is absent"
    code = f"import importlib.metadata as m; print(m.version({package!r}))"
    done = subprocess.run([python, "-c", code], capture_output=True, text=True, check=False)
    return f"{package} {done.stdout.strip() or '(not installed)'}"


def ask(peer: str, files: Sequence[bytes]) -> list[Answer] | None:
    """Ask a peer about the contents of files; None when it is absent."""
    python = python_of(peer)
    if python is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for number, data in enumerate(files):
            path = Path(folder) / f"{number:06}.jsonl"
            path.write_bytes(data)
            paths.append(str(path))
        done = subprocess.run(
            [python, SIDE, peer],
            input=json.dumps(paths),
            capture_output=True,
            text=True,
            check=False,
            timeout=3600,
            env={**os.environ, "PYTHONWARNINGS": "ignore"},
        )
    if done.returncode:
        raise RuntimeError(f"{peer} could not be asked:\n{done.stderr[-2000:]}")
    answers = json.loads(done.stdout)
    return [Answer(each["accepted"], tuple(each["lines"]), each["message"]) for each in answers]
