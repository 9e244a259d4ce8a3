"""Several processes say what one says, byte for byte; and what happens when they cannot."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import time
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tuneready.dataset import workers
from tuneready.dataset.checker import Checker
from tuneready.dataset.filekind import HEAD
from tuneready.dataset.report import document, dumps
from tuneready.dataset.workers import Check, can_be_cut, check_in_pieces, pieces
from tuneready.errors import TunereadyError
from tuneready.targets import find_target

if TYPE_CHECKING:
    from pathlib import Path

    from tuneready.dataset.report import Report

TARGET = "azure-openai/sft"
# Seconds until a process that does not end has failed.
PATIENCE = 300
OPTIONS: dict[str, Any] = {"max_findings": 3, "depth": "full", "model": "gpt-4o", "fields": {}}


def lines() -> list[bytes]:
    """Lines of which some are at fault, in many ways and at the end of pieces as well."""
    found = []
    for number in range(900):
        text = f"Question {number}: what is {number} times {number * 7}? é€😀"
        answer = f"That is {number * number * 7}." * (1 + number % 5)
        messages = [{"role": "user", "content": text}, {"role": "assistant", "content": answer}]
        if number % 90 == 4:
            messages[1]["role"] = "asistant"
        record: dict[str, Any] = {"messages": messages}
        if number % 200 == 7:
            record["id"] = number
        line = json.dumps(record, ensure_ascii=number % 2 == 0).encode()
        if number % 97 == 5:
            line = b""
        if number % 150 == 9:
            line = line[:-3]
        if number % 211 == 3:
            line = line.replace(b"Question", b"Questi\xff")
        found.append(line)
    found[500] = found[400]  # twice, in different pieces
    return found


FILES = {
    "plain": b"\n".join(lines()) + b"\n",
    "crlf without an end": b"\r\n".join(lines()),
    "byte-order mark": b"\xef\xbb\xbf" + b"\n".join(lines()),
}


def alone(data: bytes, **more: Any) -> str:
    checker = Checker(find_target(TARGET), file="x.jsonl", **OPTIONS, **more)
    checker.feed(data)
    return said(checker.close())


def said(report: Report) -> str:
    return dumps(document([report], "en"))


@pytest.mark.parametrize("data", FILES.values(), ids=FILES)
@pytest.mark.parametrize(("count", "start"), [(2, "spawn"), (3, "forkserver"), (5, None)])
def test_the_report_is_that_of_one_process(
    tmp_path: Path, data: bytes, count: int, start: str | None
) -> None:
    file = tmp_path / "x.jsonl"
    file.write_bytes(data)
    with file.open("rb") as stream:
        cuts = pieces(stream, len(data), count, smallest=1)
    assert len(cuts) == count
    counted: list[int] = []
    check = Check(str(file), find_target(TARGET), "x.jsonl", OPTIONS, None)
    report = check_in_pieces(check, cuts, counted.append, start)
    assert said(report) == alone(data)
    assert sum(counted) == len(data)


def test_tokens_are_counted_by_the_workers(tmp_path: Path) -> None:
    from tuneready.dataset.tokens import native_counter

    data = FILES["plain"]
    file = tmp_path / "x.jsonl"
    file.write_bytes(data)
    with file.open("rb") as stream:
        cuts = pieces(stream, len(data), 2, smallest=1)
    check = Check(str(file), find_target(TARGET), "x.jsonl", OPTIONS, "o200k_base")
    report = check_in_pieces(check, cuts)
    assert said(report) == alone(data, tokens=native_counter("o200k_base"))
    assert json.loads(said(report))["reports"][0]["statistics"]["tokens"]["total"] > 10_000


@settings(max_examples=200)
@given(
    st.lists(st.integers(0, 9000), max_size=40),
    st.integers(1, 9),
    st.integers(1, 20_000),
    st.integers(0, 1),
)
def test_cuts_cover_the_file_and_lie_at_line_ends(
    sizes: list[int], count: int, smallest: int, ended: int
) -> None:
    data = b"\n".join(b"x" * size for size in sizes) + b"\n" * ended
    cuts = pieces(io.BytesIO(data), len(data), count, smallest)
    assert cuts[0][0] == 0
    assert cuts[-1][1] == len(data)
    assert 1 <= len(cuts) <= count
    for (_, end), (start, after) in pairwise(cuts):
        assert end == start
        assert data[start - 1 : start] == b"\n"
        assert start < after
    assert len(cuts) == 1 or cuts[0][1] >= HEAD  # the first piece shows what the file is


@pytest.mark.parametrize(
    ("head", "target", "can"),
    [
        (b'{"messages": []}\n', "trl/sft", True),
        (b'[\n{"messages": []},\n', "trl/sft", False),
        (b'[\n{"messages": []},\n', "openai/sft", False),
        (b"prompt,completion\n1,2\n", "trl/sft", False),
        (b"\x1f\x8b\x08", "trl/sft", False),
        (b"", "trl/sft", False),
    ],
)
def test_only_lines_are_cut(head: bytes, target: str, can: object) -> None:
    assert can_be_cut(head, "x.jsonl", find_target(target)) is can


def test_a_file_that_goes_away_is_one_sentence(tmp_path: Path) -> None:
    file = tmp_path / "x.jsonl"
    file.write_bytes(FILES["plain"])
    size = file.stat().st_size
    check = Check(str(file), find_target(TARGET), "x.jsonl", OPTIONS, None)
    with pytest.raises(TunereadyError, match=r"x\.jsonl became shorter while it was checked"):
        check_in_pieces(check, [(0, size // 2), (size // 2, size + 10)])


def test_a_worker_that_dies_is_one_sentence(tmp_path: Path) -> None:
    file = tmp_path / "x.jsonl"
    file.write_bytes(FILES["plain"])
    size = file.stat().st_size
    # Fields that no checker takes end a process with an exception, as want of memory may.
    check = Check(str(file), find_target(TARGET), "x.jsonl", {"nonsense": 1}, None)
    with pytest.raises(TunereadyError, match="worker process ended without a result \\(exit 1\\)"):
        check_in_pieces(check, [(0, size)])


def test_a_killed_worker_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "x.jsonl"
    file.write_bytes(FILES["plain"])
    size = file.stat().st_size
    check = Check(str(file), find_target(TARGET), "x.jsonl", OPTIONS, None)
    real = workers._digest

    def kill_first(path: str) -> Any:
        import multiprocessing

        for process in multiprocessing.active_children():
            os.kill(process.pid or 0, signal.SIGKILL)
        return real(path)

    monkeypatch.setattr(workers, "_digest", kill_first)
    with pytest.raises(TunereadyError, match="SIGKILL"):
        check_in_pieces(check, [(0, size)])


@pytest.mark.skipif(sys.platform == "win32", reason="signals are those of POSIX")
def test_an_interrupt_ends_all_processes(tmp_path: Path) -> None:
    """Ctrl-C goes to all processes of the terminal, so it is sent to the whole group."""
    file = tmp_path / "big.jsonl"
    file.write_bytes((b"\n".join(lines()) + b"\n") * 300)
    command = [sys.executable, "-m", "tuneready", "check", str(file), "--target", TARGET]
    with subprocess.Popen(
        [*command, "--workers", "2"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    ) as process:
        deadline = time.monotonic() + PATIENCE
        while len(children(process.pid)) < 2 and time.monotonic() < deadline:
            time.sleep(0.02)
        below = children(process.pid)
        assert len(below) >= 2
        os.killpg(process.pid, signal.SIGINT)
        out, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 130
    assert out == b""
    assert err == b"tuneready: stopped.\n"
    deadline = time.monotonic() + PATIENCE
    while any(map(is_alive, below)) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not any(map(is_alive, below))


def children(pid: int) -> list[int]:
    """Return the processes that a process has started."""
    listed = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, check=False
    )
    return [int(line) for line in listed.stdout.split()]


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    with open(f"/proc/{pid}/stat", encoding="utf-8") as stream:  # noqa: PTH123
        return stream.read().rpartition(")")[2].split()[0] != "Z"


def test_the_command_line_gives_the_same(tmp_path: Path) -> None:
    """With the real least size of a piece, in a new process."""
    file = tmp_path / "big.jsonl"
    file.write_bytes((b"\n".join(lines()) + b"\n") * 120)
    assert file.stat().st_size > 2 * workers.SMALLEST
    command = [sys.executable, "-m", "tuneready", "check", str(file), "--target", TARGET]
    command += ["--format", "json", "--format-only"]
    one, two = (
        subprocess.run([*command, "--workers", count], capture_output=True, check=False)
        for count in ("1", "2")
    )
    assert one.returncode == two.returncode == 1
    assert one.stderr == two.stderr == b""
    assert one.stdout == two.stdout
    assert json.loads(two.stdout)["reports"][0]["lines"] == 900 * 120
