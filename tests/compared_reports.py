"""Writes files of datasets and what the command line says of each, for browsers to be compared with.

    python tests/compared_reports.py FOLDER [EVERY]

FOLDER gets `files/<number>/<name>`, and `asked.json`: a list of `{file, name, target, model, language,
report, failed}`. `report` names the file with the JSON text that the command printed; `failed` is the
sentence that it ended with instead. With EVERY, only each EVERYth is written, and the largest.
"""

from __future__ import annotations

import contextlib
import gzip
import io
import json
import os
import random
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dataset_cases import case_files, targets_for

from tuneready.bridge import describe_targets
from tuneready.cli import COULD_NOT, main

if TYPE_CHECKING:
    from collections.abc import Iterator

sys.path.insert(0, str(Path(__file__).parents[1] / "benchmarks"))
from chats import MEGABYTE, write_chats
from defects import DEFECTS, seeded

LANGUAGES = ("en", "nl")
SEED = 5
# Large enough for several workers, each with several slices.
BIG_MB = 24
CHAT = '{"messages": [{"role": "user", "content": "%s"}, {"role": "assistant", "content": "%s"}]}\n'
GOOD = CHAT % ("How long is the guarantee?", "Two years.")

# By hand, each a place where readers of JSON, of UTF-8 or of lines are known to differ.
EDGES: dict[str, bytes] = {
    "nothing.jsonl": b"",
    "one byte.jsonl": b"{",
    "a mark alone.jsonl": b"\xef\xbb\xbf",
    "marked.jsonl": b"\xef\xbb\xbf" + GOOD.encode() * 12,
    "line ends.jsonl": (GOOD.rstrip() + "\r\n").encode() * 12,
    "old line ends.jsonl": (GOOD.rstrip() + "\r").encode() * 12,
    "no last line end.jsonl": GOOD.encode() * 11 + GOOD.rstrip().encode(),
    "separators inside.jsonl": (CHAT % ("a\u2028b\u2029c\x85d", "e\u000bf")).encode() * 11,
    "blank lines.jsonl": (GOOD + "\n \n\t\n").encode() * 12 + b"\n" * 3000,
    "zeros.jsonl": GOOD.encode() * 11 + bytes(5000) + GOOD.encode(),
    "two bytes each.jsonl": (GOOD * 12).encode("utf-16"),
    "packed.jsonl.gz": gzip.compress(GOOD.encode() * 12, mtime=0),
    "packed and cut.jsonl.gz": gzip.compress(GOOD.encode() * 12, mtime=0)[:-9],
    "deep enough.jsonl": GOOD.encode() * 11 + b'{"a":' + b"[" * 255 + b"]" * 255 + b"}\n",
    "too deep.jsonl": GOOD.encode() * 11 + b'{"a":' + b"[" * 256 + b"]" * 256 + b"}\n",
    "far too deep.jsonl": GOOD.encode() * 11 + b"[" * 100_000 + b"\n" + b'{"a":' * 100_000 + b"\n",
    "halves.jsonl": (CHAT % ("\\ud83d", "\\ude00 \\ud83d\\ude00 \\ude00\\ud83d")).encode() * 11,
    "raw halves.jsonl": GOOD.encode() * 11 + GOOD.encode().replace(b"Two", b"\xed\xa0\x80"),
    "letters.jsonl": (CHAT % ("中文 😀 e\u0301 \u202eevil\u202c \u200b", "ﬁ Ünïcödé ∑ 𝕏")).encode()
    * 12,
    "numbers.jsonl": "".join(
        GOOD.replace("{", f'{{"n": {number}, ', 1)
        for number in (
            "9007199254740993",
            "18446744073709551616",
            "1" * 400,
            "1e999",
            "-0.0",
            "1e-400",
            "0.1e1",
            "1E+2",
            "NaN",
            "-Infinity",
            "01",
            "1.",
            ".5",
            "0x1F",
            "1_000",
        )
    ).encode(),
    "keys twice.jsonl": GOOD.replace(
        '"role": "user"', '"role": "user", "\\u0072ole": "system"'
    ).encode()
    * 12,
    "a long line.jsonl": GOOD.encode() * 6
    + (CHAT % ("why? " * 500_000, "because " * 1000)).encode()
    + GOOD.encode() * 6,
    "many keys.jsonl": GOOD.encode() * 11
    + json.dumps({f"key {number}": number for number in range(20_000)}).encode(),
    "many faults.jsonl": (GOOD.replace("user", "customer") + GOOD[:-3] + "\n").encode() * 2000,
}


def sown(data: bytes, every: int) -> bytes:
    """Damage one line in so many, each in another way."""
    dice = random.Random(SEED)  # noqa: S311 - not for secrets
    ways = [
        lambda line: line[: len(line) // 2],
        lambda line: line.replace(b'"user"', b'"customer"', 1),
        lambda line: line.replace(b'"content"', b'"contents"', 1),
        lambda line: line[:40] + b"\xff" + line[40:],
        lambda line: line.replace(b'", "', b'" "', 1),
        lambda line: line.rstrip(b"}") + b",}",
        lambda line: b"",
        lambda line: line.replace(b"e", b"\\ud800", 1),
    ]
    lines = data.split(b"\n")
    for at in range(every, len(lines) - 1, every):
        lines[at] = dice.choice(ways)(lines[at])
    return b"\n".join(lines)


def files(scratch: Path) -> Iterator[tuple[str, bytes, list[tuple[str, str | None]]]]:
    """Yield names, contents, and the targets that each is checked for."""
    known = [target["name"] for target in describe_targets("en")]
    for number, path in enumerate(case_files()):
        yield path.name, path.read_bytes(), targets_for(path, number, known)
    names = {defect.kind: False for defect in DEFECTS}
    for each in seeded(SEED):
        if not names[each.defect.kind]:
            names[each.defect.kind] = True
            yield f"{each.defect.kind}.jsonl", each.damaged.data, [(each.target, None)]
    for number, (name, data) in enumerate(EDGES.items()):
        others = ["openai/sft", known[number % len(known)], "auto"]
        yield name, data, [(target, None) for target in dict.fromkeys(others)]
    chats = scratch / "chats.jsonl"
    write_chats(chats, BIG_MB)
    yield "large.jsonl", sown(chats.read_bytes(), 700), [("openai/sft", "gpt-4o-mini-2024-07-18")]


def say(name: str, target: str, model: str | None, language: str) -> tuple[str, str]:
    """Return what the command prints, or the sentence that it ends with."""
    command = ["check", name, "--target", target, "--format", "json", "--lang", language]
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        status = main([*command, *(["--model", model] if model else [])])
    if status == COULD_NOT:
        return "", err.getvalue().strip().removeprefix("tuneready: ")
    return out.getvalue(), ""


def write(folder: Path, every: int = 1) -> None:
    asked: list[dict[str, Any]] = []
    seen = 0
    for number, (name, data, targets) in enumerate(files(folder)):
        place = folder / "files" / str(number)
        place.mkdir(parents=True)
        (place / name).write_bytes(data)
        os.chdir(place)
        for target, model in targets:
            seen += 1
            if seen % every and len(data) < MEGABYTE:
                continue
            language = LANGUAGES[seen % len(LANGUAGES)]
            text, failed = say(name, target, model, language)
            report = f"reports/{len(asked)}.json"
            (folder / report).parent.mkdir(exist_ok=True)
            (folder / report).write_text(text, encoding="utf-8", newline="")
            where = {"file": f"files/{number}/{name}", "name": name, "target": target}
            asked.append(
                {**where, "model": model, "language": language, "report": report, "failed": failed}
            )
    (folder / "asked.json").write_text(json.dumps(asked), encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]).resolve(), *map(int, sys.argv[2:]))
