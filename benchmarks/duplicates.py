"""What it costs to compare examples: time beside `json.loads`, memory, and how many copies are found.

python benchmarks/duplicates.py        64 MB
python benchmarks/duplicates.py 512    another size, in MB
"""

from __future__ import annotations

import itertools
import json
import random
import resource
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).parent))

import chats

from tuneready.dataset.index import Index
from tuneready.dataset.seen import Seen

if TYPE_CHECKING:
    from collections.abc import Iterator

BATCH = 128
SHARES = (0.0, 0.01, 0.02, 0.03, 0.05, 0.1, 0.2)  # of the words of a copy that are changed


def main() -> None:
    megabytes = int(sys.argv[1]) if len(sys.argv) > 1 else 64
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "chats.jsonl"
        chats.write_chats(file, megabytes)
        _cost(file)
    _quality()


def _cost(file: Path) -> None:
    parsing = seeing = 0.0
    before = _peak()
    index = Index()
    with file.open("rb") as stream:
        for number, lines in enumerate(_batches(stream)):
            started = time.perf_counter()
            records = [json.loads(line) for line in lines]
            parsed = time.perf_counter()
            examples = [
                _seen(number * BATCH + place, record["messages"])
                for place, record in enumerate(records, start=1)
            ]
            made = time.perf_counter()
            index.see(examples)
            parsing += parsed - started
            seeing += time.perf_counter() - made
    held = _peak()
    started = time.perf_counter()
    counts = [
        sum(1 for _ in found())
        for found in (index.duplicates, index.near_duplicates, index.contradictions)
    ]
    index.systems()
    results = time.perf_counter() - started
    print(f"{len(index):,} examples; duplicates, near ones, contradictions: {counts}")
    print(f"  json.loads {parsing:.2f} s; index {seeing:.2f} s; results {results:.2f} s")
    print(f"  ratio {seeing / parsing:.2f} + {results / parsing:.2f}")
    print(
        f"  memory: {held - before:.0f} MB for the index, {_peak() - held:.0f} MB more at the end"
    )


def _quality() -> None:
    chance = random.Random(1)  # noqa: S311
    with chats.source().open(encoding="utf-8") as stream:
        chosen = [_seen(0, json.loads(line)["messages"]) for line in stream]
    words = [
        word
        for example in chosen
        for text in example.texts
        for word in text.split()
        if word.isalpha()
    ]
    print("Copies with changed words: share found, and examples wrongly called copies")
    for share in SHARES:
        index = Index()
        copies = [_edited(example, share, words, chance) for example in chosen]
        index.see(
            [example._replace(line=line) for line, example in enumerate(chosen + copies, start=1)]
        )
        found = [*index.near_duplicates(), *index.duplicates()]
        right = sum(pair.line - pair.earlier == len(chosen) for pair in found)
        print(f"  {share:4.0%}  {right / len(chosen):6.1%}  {len(found) - right}")


def _edited(example: Seen, share: float, words: list[str], chance: random.Random) -> Seen:
    """Change words of the question; the answer and its numbers stay."""
    text = example.texts[1].split()
    whole = sum(len(text.split()) for text in example.texts[1:])
    for _ in range(round(share * whole)):
        text[chance.randrange(len(text))] = chance.choice(words)
    return example._replace(texts=[example.texts[0], " ".join(text), *example.texts[2:]])


def _seen(line: int, messages: list[dict[str, str]]) -> Seen:
    roles = tuple(message["role"] for message in messages)
    return Seen(line, roles, [message["content"] for message in messages], len(roles) - 1, "")


def _batches(stream: Iterator[bytes]) -> Iterator[tuple[bytes, ...]]:
    return itertools.batched(stream, BATCH)


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
