"""Makes a large chat file from small real ones: the sentences of real chats, in ever new texts.

No two texts are alike, nor nearly so: otherwise a look for duplicates would find what was copied here.
"""

from __future__ import annotations

import json
import os
import random
import re
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
SAMPLE = ROOT / "macros/tuneready/site/static/samples/good.jsonl"
MEGABYTE = 1 << 20
SEED = 1
_SENTENCE = re.compile(r"(?<=[.?!])\s+")


def source() -> Path:
    """Return real chats where the folder of real data is there, else the page's own sample."""
    folder = Path(os.environ.get("TUNEREADY_REAL_DATA", ROOT.parent / "shared/data/real"))
    real = folder / "sft-gsm8k.train.jsonl"
    return real if real.is_file() else SAMPLE


def write_chats(path: Path, megabytes: int) -> None:
    """Write about `megabytes` of chat lines to `path`."""
    records = [json.loads(line) for line in source().read_text(encoding="utf-8").splitlines()]
    dice = random.Random(SEED)  # noqa: S311 - not for secrets
    sentences = _sentences(records)
    left = megabytes * MEGABYTE
    number = 0
    with path.open("wb") as stream:
        while left > 0:
            record = _varied(records[number % len(records)], number, sentences, dice)
            line = json.dumps(record, ensure_ascii=False).encode() + b"\n"
            stream.write(line)
            left -= len(line)
            number += 1


def _sentences(records: list[dict[str, Any]]) -> dict[str, list[str]]:
    """Return the sentences of real chats, by role."""
    found: dict[str, list[str]] = {}
    for record in records:
        for message in record["messages"]:
            if isinstance(message.get("content"), str):
                said = _SENTENCE.split(message["content"])
                found.setdefault(message["role"], []).extend(said)
    return found


def _varied(
    record: dict[str, Any], number: int, sentences: dict[str, list[str]], dice: random.Random
) -> dict[str, Any]:
    """Return a chat of the same roles and about the same lengths, of sentences at random."""
    messages = []
    for place, message in enumerate(record["messages"]):
        content = message.get("content")
        if message["role"] != "system" and isinstance(content, str):
            many = len(_SENTENCE.split(content))
            said = " ".join(dice.choices(sentences[message["role"]], k=many))
            messages.append({**message, "content": f"{said} ({number}.{place})"})
        else:
            messages.append(message)
    return {**record, "messages": messages}
