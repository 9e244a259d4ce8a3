"""Fuzzes the checker: no crash, no hang, and the fast way says what the thorough way says.

python benchmarks/fuzz.py                        1,000,000 lines over all targets, in CPython
python benchmarks/fuzz.py --lines 20000 --seed 5
python benchmarks/fuzz.py --pyodide --lines 20000   in Pyodide under Node, compared with CPython
python benchmarks/fuzz.py --batch 123            one batch again, as printed by a failure

A batch is a file of some hundred lines for one target; it follows from the seed and its number.
"""

from __future__ import annotations

import argparse
import copy
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

sys.path.insert(0, str(Path(__file__).parent))

import samples

from tuneready.bridge import Bridge
from tuneready.dataset.checker import Checker
from tuneready.dataset.report import document, dumps
from tuneready.targets import targets

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

    from tuneready.targets.base import Target

ROOT = Path(__file__).resolve().parents[1]
LINES = 200  # of a batch
SECONDS = 30  # for a batch, both ways; one that is well takes a tenth of a second
ODD: tuple[Any, ...] = (
    None, True, False, 0, 1, 1.0, 2, -1, 0.5, 10**30, "", " ", "null", "x", "{", "http://x", "data:,",
    "tool", "assistant", "developer", [], {}, [None], ["x"], [{}], {"x": 1}, [[]], "\ud800", "\x00",
)  # fmt: skip
KEYS = (
    "messages", "role", "content", "weight", "name", "tools", "tool_calls", "tool_call_id", "prompt",
    "completion", "text", "input", "preferred_output", "non_preferred_output", "chosen", "rejected",
    "label", "contents", "parts", "conversations", "from", "value", "system", "instruction", "output",
    "functions", "function_call", "refusal", "type", "image_url", "url", "detail", "id", "arguments",
    "schemaVersion", "systemInstruction", "weight ", "Role", "größe", "",
)  # fmt: skip
SCRAPS = (
    *(b'"', b":", b",", b"{", b"}", b"[", b"]", b" ", b"\t", b"\r", b"\\", b"1", b"-", b".", b"e9"),
    *(b"null", b"true", b"NaN", b"1e999", b"-Infinity", b"True", b"'", b"//", b"/*", b"#", b"\x00"),
    *(b"\\u003a", b"\\u0022", b"\\ud800", b"\\ud83d\\ude00", b"\\q", b"\xff", b"\xc3", b"\xed\xa0\x80"),
    *(b"\xef\xbb\xbf", "é".encode(), "\u2028".encode(), "\x85".encode(), b"\x7f", b"\x1f\x8b", b"PK"),
    *(b'"role":"user",', b'"content":null,', b'"messages":[],', b'"weight":1,', b'"r\\u006fle":"x",'),
    *(b"[" * 300, b"]" * 300, b"[" * 255, b'{"a":' * 260, b"9" * 5000, b"x" * 3000, b"<html>"),
)  # fmt: skip


class Batch(NamedTuple):
    number: int
    target: Target
    data: bytes
    cut: int  # the size of the pieces that it is fed in


def dice_of(*seed: object) -> random.Random:
    return random.Random(repr(seed))  # noqa: S311 - not for secrets


def batch_of(seed: int, number: int, lines: int = LINES) -> Batch:
    """Return a batch; the targets take turns."""
    known = targets()
    names = sorted(known)
    target = known[names[number % len(names)]]
    dice = dice_of(seed, number)
    written = []
    while len(written) < lines:
        layout = dice.choice(target.layouts)
        record = samples.sample(target, layout, dice)
        line = samples.line_of(record, dice)
        # The same shape several times, so that the fast way has learnt it when the fault comes.
        written += [line] * dice.choice((1, 1, 2, 3))
        for _ in range(dice.randint(0, 4)):
            written.append(_fuzzed(record, dice))
    dice.shuffle(written)
    end = dice.choice((b"\n", b"\n", b"\n", b"\r\n"))
    start = dice.choice((b"", b"", b"", b"\xef\xbb\xbf"))
    data = start + end.join(written[:lines]) + dice.choice((end, b"", end * 3))
    return Batch(number, target, data, dice.choice((1 << 20, 65536, 4096, 997, 61)))


def _fuzzed(record: dict[str, Any], dice: random.Random) -> bytes:
    kind = dice.random()
    if kind < 0.03:
        return bytes(dice.randrange(256) for _ in range(dice.randint(0, 40))).replace(b"\n", b"")
    if kind < 0.08:
        return b"".join(dice.choice(SCRAPS) for _ in range(dice.randint(0, 12)))
    changed = copy.deepcopy(record)
    if kind < 0.65:
        for _ in range(dice.choice((1, 1, 1, 2, 4))):
            _change(changed, dice)
    line = samples.line_of(changed, dice)
    if kind > 0.55:
        for _ in range(dice.choice((1, 1, 1, 2, 5))):
            line = _damage(line, dice)
    return line.replace(b"\n", b" ")


def _change(record: dict[str, Any], dice: random.Random) -> None:
    """Change a record somewhere."""
    parent: Any = record
    # Go down as far as the dice say.
    while dice.random() < 0.75:
        inner = [each for each in _items(parent) if isinstance(each, dict | list) and each]
        if not inner:
            break
        parent = dice.choice(inner)
    odd = copy.deepcopy(dice.choice(ODD))
    if isinstance(parent, dict):
        _change_object(parent, odd, dice)
    else:
        _change_list(parent, odd, dice)


def _change_object(parent: dict[str, Any], odd: Any, dice: random.Random) -> None:
    key = dice.choice([*parent]) if parent else dice.choice(KEYS)
    match dice.randrange(6):
        case 0:
            parent.pop(key, None)
        case 1:
            parent[dice.choice(KEYS)] = parent.pop(key, None)
        case 2:
            parent[dice.choice(KEYS)] = odd
        case 3:
            parent[dice.choice(KEYS)] = copy.deepcopy(parent.get(key))
        case _:
            parent[key] = odd


def _change_list(parent: list[Any], odd: Any, dice: random.Random) -> None:
    at = dice.randrange(len(parent))
    match dice.randrange(6):
        case 0:
            del parent[at]
        case 1:
            parent.insert(at, copy.deepcopy(dice.choice(parent)))
        case 2:
            dice.shuffle(parent)
        case 3:
            parent.append(odd)
        case _:
            parent[at] = odd


def _items(value: Any) -> Any:
    return value.values() if isinstance(value, dict) else value


def _damage(line: bytes, dice: random.Random) -> bytes:
    """Change a line somewhere."""
    at = dice.randint(0, len(line))
    step = dice.randrange(7)
    if step == 0:
        return line[:at]
    if step == 1:
        return line[:at] + line[at + dice.randint(1, 6) :]
    if step == 2:
        return line[:at] + bytes([dice.randrange(256)]) + line[at + 1 :]
    if step == 3:
        other = dice.randint(0, len(line))
        return line[:at] + line[min(at, other) : max(at, other)] + line[at:]
    if step == 4:  # where a key may stand
        at = line.find(dice.choice((b"{", b",", b"[", b":")), at) + 1
    return line[:at] + dice.choice(SCRAPS) + line[at:]


class HangError(Exception):
    """A batch took longer than it may."""


def _hang(_signal: int, _frame: FrameType | None) -> None:
    raise HangError


def check(batch: Batch, *, thorough: bool) -> str:
    """Return the report on a batch as text."""
    most = (25, 1000)[batch.number % 2]
    checker = Checker(batch.target, file="fuzz.jsonl", thorough=thorough, max_findings=most)
    for start in range(0, len(batch.data), batch.cut):
        checker.feed(batch.data[start : start + batch.cut])
    return dumps(document([checker.close()], "en"))


def run(batch: Batch) -> str | None:
    """Check a batch both ways; return what went wrong, if anything did."""
    signal.signal(signal.SIGALRM, _hang)
    signal.alarm(SECONDS)
    try:
        quick, slow = check(batch, thorough=False), check(batch, thorough=True)
    except HangError:
        return f"took longer than {SECONDS} s"
    except Exception as error:  # noqa: BLE001 - whatever is raised is what is looked for
        import traceback

        return f"raised {type(error).__name__}: {error}\n{traceback.format_exc()}"
    finally:
        signal.alarm(0)
    if quick != slow:
        return "the two ways differ:\n" + _difference(quick, slow)
    return None


def _difference(one: str, other: str) -> str:
    import difflib

    lines = difflib.unified_diff(one.splitlines(), other.splitlines(), "fast", "thorough", n=2)
    return "\n".join(list(lines)[:60])


def native(seed: int, numbers: range) -> int:
    """Run batches; return how many failed."""
    failed = lines = 0
    shown: set[str] = set()
    slowest = 0.0
    started = time.perf_counter()
    for number in numbers:
        batch = batch_of(seed, number)
        before = time.perf_counter()
        wrong = run(batch)
        slowest = max(slowest, time.perf_counter() - before)
        lines += LINES
        if wrong:
            failed += 1
            if batch.target.name not in shown:  # one of each target is enough to look at
                _keep(seed, batch, wrong)
            shown.add(batch.target.name)
        if number % 250 == 249:
            took = time.perf_counter() - started
            print(f"{lines:,} lines, {took:.0f} s, {failed} failed batches", flush=True)
    took = time.perf_counter() - started
    print(f"CPython, seed {seed}: {lines:,} lines over {len(targets())} targets in {took:.0f} s")
    print(f"slowest batch of {LINES} lines, both ways: {slowest:.2f} s; failed batches: {failed}")
    return failed


def _keep(seed: int, batch: Batch, wrong: str) -> None:
    file = Path(tempfile.gettempdir()) / f"tuneready-fuzz-{seed}-{batch.number}.jsonl"
    file.write_bytes(batch.data)
    print(f"batch {batch.number} for {batch.target.name} ({file}): {wrong}\n", flush=True)


class _JsBuffer(bytes):
    """Bytes, as Pyodide hands over a Uint8Array."""

    __slots__ = ()

    def to_bytes(self) -> bytes:  # type: ignore[override]
        return bytes(self)


def in_pyodide(seed: int, numbers: range) -> int:
    """Check batches in Pyodide and here, through the bridge; return how many replies differ."""
    from tuneready.site.bundle import bundle

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        steps: list[dict[str, Any]] = [{"load": "msgspec"}]
        expected = []
        for batch in (batch_of(seed, number) for number in numbers):
            file = folder / f"{batch.number}.jsonl"
            file.write_bytes(batch.data)
            bridge = Bridge()
            for step in _steps(batch, file):
                steps.append(step)
                if "ask" in step:
                    expected.append((batch, bridge.handle(json.dumps(step["ask"]))))
                else:
                    bridge.feed(_JsBuffer(batch.data))
        asked, replied = folder / "asked.json", folder / "replied.json"
        asked.write_text(json.dumps(steps), encoding="utf-8")
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        cases = ROOT / "tests" / "pyodide-cases.mjs"
        done = subprocess.run(
            ["node", cases, bundle().directory / "py", asked, replied],
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "PATH": path},
            timeout=600 + len(numbers),
        )
        if done.returncode:
            print(f"the interpreter died: {(done.stdout + done.stderr)[-3000:]}")
            return 1
        replies = json.loads(replied.read_text(encoding="utf-8"))
    differing = [
        (batch, theirs, ours)
        for theirs, (batch, ours) in zip(replies, expected, strict=True)
        if theirs != ours or json.loads(ours)["type"] == "failed"
    ]
    for batch, theirs, ours in differing[:10]:
        _keep(seed, batch, f"Pyodide: {theirs[:600]}\nCPython: {ours[:600]}")
    print(f"Pyodide, seed {seed}: {len(numbers) * LINES:,} lines; differing: {len(differing)}")
    return len(differing)


def _steps(batch: Batch, file: Path) -> Iterator[dict[str, Any]]:
    target = batch.target.name
    request = {"type": "check-open", "file": file.name, "target": target, "model": None}
    yield {"ask": {"id": batch.number, "language": "en", **request}}
    yield {"feed": str(file), "slice": batch.cut}
    yield {"ask": {"id": batch.number, "type": "check-close"}}


def main() -> int:
    options = argparse.ArgumentParser()
    options.add_argument("--lines", type=int, default=1_000_000)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--batch", type=int)
    options.add_argument("--pyodide", action="store_true")
    given = options.parse_args()
    numbers = range(-(-given.lines // LINES))
    if given.batch is not None:
        numbers = range(given.batch, given.batch + 1)
    return min(1, (in_pyodide if given.pyodide else native)(given.seed, numbers))


if __name__ == "__main__":
    sys.exit(main())
