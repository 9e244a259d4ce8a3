"""Makes a large chat file from a small real one, every text varied so that no two lines are equal."""

from __future__ import annotations

import itertools
import json
import os
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
SAMPLE = ROOT / "macros/tuneready/site/static/samples/good.jsonl"
MEGABYTE = 1 << 20


def source() -> Path:
    """Return real chats where the folder of real data is there, else the page's own sample."""
    folder = Path(os.environ.get("TUNEREADY_REAL_DATA", ROOT.parent / "shared/data/real"))
    real = folder / "sft-gsm8k.train.jsonl"
    return real if real.is_file() else SAMPLE


def write_chats(path: Path, megabytes: int) -> None:
    """Write about `megabytes` of chat lines to `path`."""
    records = [json.loads(line) for line in source().read_text(encoding="utf-8").splitlines()]
    left = megabytes * MEGABYTE
    with path.open("wb") as stream:
        for number, record in enumerate(itertools.cycle(records)):
            line = json.dumps(_varied(record, number), ensure_ascii=False).encode() + b"\n"
            stream.write(line)
            left -= len(line)
            if left <= 0:
                return


def _varied(record: dict[str, Any], number: int) -> dict[str, Any]:
    messages = [
        {**message, "content": f"{message['content']} ({number}.{place})"}
        if message["role"] != "system" and isinstance(message.get("content"), str)
        else message
        for place, message in enumerate(record["messages"])
    ]
    return {**record, "messages": messages}
