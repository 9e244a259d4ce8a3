"""The command line: what it prints, and the exit status."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from dataset_cases import CASES, expect

from tuneready.cli import main

if TYPE_CHECKING:
    from pathlib import Path

GOOD = (
    '{"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]}\n'
)
SFT = ["--target", "azure-openai/sft"]


def run(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> tuple[int, str, str]:
    status = main([str(argument) for argument in arguments])
    out, err = capsys.readouterr()
    return status, out, err


@pytest.fixture
def good(tmp_path: Path) -> Path:
    file = tmp_path / "good.jsonl"
    file.write_text(GOOD * 60, encoding="utf-8")
    return file


@pytest.fixture
def bad(tmp_path: Path) -> Path:
    file = tmp_path / "bad.jsonl"
    lines = [GOOD] * 8 + [GOOD.replace('"assistant"', '"asistant"')] * 12
    lines[3] = GOOD.replace('"Hi"', "NaN")
    lines[5] = "\n"
    lines[6] = GOOD.replace("{", '{"id": 1, ', 1)
    file.write_text("".join(lines), encoding="utf-8")
    return file


def test_check_of_a_good_file(capsys, good: Path) -> None:
    status, out, err = run(capsys, "check", good, *SFT)
    assert status == 0
    assert out.startswith("good.jsonl: ready for azure-openai/sft; nothing found.\n")
    assert err == ""


@pytest.mark.parametrize("language", ["en", "nl"])
def test_check_of_a_bad_file(capsys, bad: Path, good: Path, language: str) -> None:
    status, out, err = run(
        capsys, "check", bad, good, *SFT, "--lang", language, "--model", "gpt-4o"
    )
    assert (status, err) == (1, "")
    if language == "en":
        expect(CASES / "reports" / "terminal.txt", out)


def test_check_as_json(capsys, bad: Path, good: Path) -> None:
    status, out, _ = run(
        capsys, "check", bad, good, *SFT, "--format", "json", "--max-findings", "2"
    )
    document = json.loads(out)
    assert status == 1
    assert [entry["valid"] for entry in document["reports"]] == [False, True]
    assert [entry["file"] for entry in document["reports"]] == ["bad.jsonl", "good.jsonl"]
    kept = [finding["code"] for finding in document["reports"][0]["findings"]]
    assert max(kept.count(code) for code in kept) == 2


def test_warnings_alone_are_no_failure(capsys, tmp_path: Path) -> None:
    file = tmp_path / "blank.jsonl"
    file.write_text(GOOD * 60 + "\n", encoding="utf-8")
    status, out, _ = run(capsys, "check", file, *SFT)
    assert status == 0
    assert "blank.jsonl: ready for azure-openai/sft; warnings: 1." in out


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["check", "gone.jsonl", *SFT], "gone.jsonl cannot be read: there is no such file."),
        (["check", ".", *SFT], ". is a folder; give the file to check."),
        (
            ["check", "x", "--target", "azure-openai/stf"],
            "There is no target called “azure-openai/stf”; did you mean azure-openai/sft?",
        ),
        (
            ["check", "x", "--target", "zzz"],
            "There is no target called “zzz”; tuneready targets lists them.",
        ),
        (
            ["check", "x", *SFT, "--model", "gpt4o"],
            "There is no model called “gpt4o”; did you mean gpt-4o?",
        ),
        (
            ["explain", "trailing-coma"],
            "There is no rule called “trailing-coma”; did you mean trailing-comma?",
        ),
        (["explain", "TR999"], "There is no rule called “TR999”; did you mean"),
        (["assess", "gone.json"], "gone.json cannot be read: there is no such file."),
    ],
)
def test_what_cannot_be_done_is_one_sentence(
    capsys, tmp_path: Path, monkeypatch, arguments, sentence
) -> None:
    monkeypatch.chdir(tmp_path)
    status, out, err = run(capsys, *arguments)
    assert (status, out) == (2, "")
    assert err.startswith(f"tuneready: {sentence}")
    assert err.count("\n") == 1


def test_a_file_that_may_not_be_read(capsys, good: Path, monkeypatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("builtins.open", refuse)
    status, _, err = run(capsys, "check", good, *SFT)
    assert status == 2
    assert "good.jsonl cannot be read: permission was denied." in err


@pytest.mark.parametrize("command", ["targets", "rules"])
def test_lists(capsys, command: str) -> None:
    status, out, _ = run(capsys, command)
    assert status == 0
    assert ("azure-openai/sft" if command == "targets" else "TR104  trailing-comma") in out
    status, out, _ = run(capsys, command, "--format", "json", "--lang", "nl")
    assert status == 0
    assert len(json.loads(out)) >= 3


def test_the_status_of_a_target_is_shown(capsys, good: Path) -> None:
    assert "6 January 2027" in run(capsys, "targets")[1]
    assert "6 januari 2027" in run(capsys, "targets", "--lang", "nl")[1]
    assert "6 January 2027" in run(capsys, "check", good, "--target", "openai/sft")[1]


@pytest.mark.parametrize("rule", ["TR104", "tr104", "trailing-comma", "Trailing-Comma"])
def test_explain(capsys, rule: str) -> None:
    status, out, _ = run(capsys, "explain", rule)
    assert status == 0
    assert out.startswith("TR104 trailing-comma\nA comma stands before a closing bracket\n")


def test_explain_every_rule(capsys) -> None:
    from tuneready.rules import RULES

    for rule in RULES:
        assert run(capsys, "explain", rule.code)[0] == 0
        status, out, _ = run(capsys, "explain", rule.name, "--format", "json")
        assert status == 0
        assert json.loads(out)["targets"]


@pytest.mark.parametrize(
    "arguments",
    [[], ["check"], ["check", "x"], ["nonsense"], ["check", "x", *SFT, "--max-findings", "0"]],
)
def test_wrong_use_has_status_2(capsys, arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(arguments)
    assert stop.value.code == 2
    assert "Traceback" not in capsys.readouterr().err


def test_every_command_has_help(capsys) -> None:
    for command in ("check", "targets", "rules", "explain", "assess", "validate", "build", "serve"):
        with pytest.raises(SystemExit) as stop:
            main([command, "--help"])
        assert stop.value.code == 0
        assert command in capsys.readouterr().out


def test_a_reader_that_stops_reading(bad: Path) -> None:
    """`tuneready … | head -1` ends quietly."""
    command = [sys.executable, "-m", "tuneready", "rules", "--format", "json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""


def test_output_is_utf_8_everywhere(tmp_path: Path) -> None:
    file = tmp_path / "odd.jsonl"
    file.write_text(GOOD.replace('"user"', '"us\u202eer€"'), encoding="utf-8")
    command = [sys.executable, "-m", "tuneready", "check", str(file), *SFT]
    environment = {**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    done = subprocess.run(command, capture_output=True, env=environment, check=False)
    assert done.returncode == 1
    assert 'The role is "us\\u202eer€"' in done.stdout.decode()
