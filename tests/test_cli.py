"""The command line: what it prints, and the exit status."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from dataset_cases import CASES, expect, report_on

from tuneready.cli import main
from tuneready.dataset.report import document
from tuneready.locale import translation
from tuneready.output.text import format_text

if TYPE_CHECKING:
    from pathlib import Path

GOOD = (
    '{"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]}\n'
)
# Sixty that differ, so that nothing is said about examples that come twice.
MANY = "".join(GOOD.replace("Hi", f"Hi {n}").replace("Hello", f"{n**3} it is") for n in range(60))
SFT = ["--target", "azure-openai/sft"]


def run(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> tuple[int, str, str]:
    status = main([str(argument) for argument in arguments])
    out, err = capsys.readouterr()
    return status, out, err


@pytest.fixture
def good(tmp_path: Path) -> Path:
    file = tmp_path / "good.jsonl"
    file.write_text(MANY, encoding="utf-8")
    return file


@pytest.fixture
def bad(tmp_path: Path) -> Path:
    file = tmp_path / "bad.jsonl"
    lines = MANY.splitlines(keepends=True)[:20]
    lines[8:] = [line.replace('"assistant"', '"asistant"') for line in lines[8:]]
    lines[3] = lines[3].replace('"Hi 3"', "NaN")
    lines[5] = "\n"
    lines[6] = lines[6].replace("{", '{"id": 1, ', 1)
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
    file.write_text(MANY + "\n", encoding="utf-8")
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
            "There is no target called “zzz”; “tuneready targets” lists them.",
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
        (["check", "x"], "Say with --target where the data is to go"),
        (["check", "-", "-", *SFT], "Standard input (-) can be read only once."),
        (["check", "a", "b", *SFT, "--validation", "c"], "With --validation, give one training"),
        (["check", "a", "--target", "auto", "--model", "gpt-4o"], "--model needs a target by name"),
        (["check", "a", "--target", "auto", "--field", "a=b"], "--field needs a target by name"),
        (["check", "a", *SFT, "--also", "xml=a"], "--also needs FORMAT=FILE, with one of text,"),
        (["check", "a", *SFT, "--also", "json="], "--also needs FORMAT=FILE, with one of text,"),
        (["check", "a", *SFT, "--field", "messages"], "--field needs NAME=KEY, such as"),
        (["check", "a", *SFT, "--field", "mesages=x"], "azure-openai/sft has no field called"),
        (["validate", "--checklists", "gone"], "There is no folder gone."),
        (["targets", "openai/stf"], "There is no target called “openai/stf”; did you mean"),
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
    [
        [],
        ["check"],
        ["nonsense"],
        ["check", "x", *SFT, "--max-findings", "0"],
        ["check", "x", *SFT, "--workers", "-1"],
        ["check", "x", *SFT, "--format", "xml"],
        ["check", "x", *SFT, "--lang", "fr"],
    ],
)
def test_wrong_use_has_status_2(capsys, arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(arguments)
    assert stop.value.code == 2
    assert "Traceback" not in capsys.readouterr().err


def test_every_command_has_help(capsys) -> None:
    for command in (
        "check",
        "targets",
        "rules",
        "explain",
        "assess",
        "compare",
        "validate",
        "build",
        "serve",
    ):
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


def tuneready(*arguments: str | Path, **options: Any) -> subprocess.CompletedProcess[bytes]:
    """Run the command as a person does."""
    command = [sys.executable, "-m", "tuneready", *map(str, arguments)]
    environment = {**os.environ, **options.pop("env", {})}
    return subprocess.run(command, capture_output=True, check=False, env=environment, **options)


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "latin-1", "utf-16"])
@pytest.mark.parametrize("form", ["text", "json", "markdown", "sarif"])
def test_output_is_utf_8_everywhere(tmp_path: Path, encoding: str, form: str) -> None:
    file = tmp_path / "odd.jsonl"
    file.write_text(GOOD.replace('"user"', '"us\u202eer€😀"'), encoding="utf-8")
    environment = {"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"}
    done = tuneready("check", file, *SFT, "--format", form, env=environment)
    assert done.returncode == 1
    assert done.stderr == b""
    said = done.stdout.decode()
    if form in ("json", "sarif"):
        said = json.dumps(json.loads(said), ensure_ascii=False).replace("\\\\", "\\")
    assert "us\\u202eer€😀" in said


def test_nothing_in_a_file_acts_on_the_terminal(tmp_path: Path) -> None:
    """Neither control sequences nor the markup of the library that writes the text."""
    file = tmp_path / "[red]x[blink]\x1b[2J.jsonl"
    role = json.dumps("[bold red]a\x1b]0;title\x07\x9b31m[/] :smile:")
    file.write_text(GOOD.replace('"user"', role), encoding="utf-8")
    plain = tuneready("check", file, *SFT).stdout.decode()
    assert "\x1b" not in plain
    assert "\x07" not in plain
    assert "\x9b" not in plain
    assert '"[bold red]a\\u001b]0;title\\u0007\\u009b31m[/] :smile:"' in plain
    assert plain.startswith("[red]x[blink]\\u001b[2J.jsonl: not ready for")
    styled = tuneready("check", file, *SFT, env={"FORCE_COLOR": "1", "TERM": "xterm"})
    codes = re.findall(r"\x1b(.{1,8})", styled.stdout.decode())
    assert codes
    assert all(re.match(r"\[[0-9;]*m", code) for code in codes)
    assert re.sub(r"\x1b\[[0-9;]*m", "", styled.stdout.decode()) == plain


@pytest.mark.parametrize(
    "environment", [{"NO_COLOR": "1"}, {"TERM": "dumb"}, {}], ids=["no colour", "dumb", "pipe"]
)
def test_a_terminal_gets_colours_unless_it_is_told_otherwise(
    bad: Path, environment: dict[str, str]
) -> None:
    """In a pseudo-terminal, as a person sees it; a pipe gets none."""
    import pty

    command = [sys.executable, "-m", "tuneready", "check", str(bad), *SFT]
    variables = {"TERM": "xterm-256color", "COLUMNS": "70", **environment}
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        command, stdout=theirs, stderr=theirs, env={**os.environ, **variables}
    ) as process:
        os.close(theirs)
        said = b""
        try:
            while piece := os.read(ours, 65536):
                said += piece
        except OSError:  # how Linux says that the other end is closed
            pass
    os.close(ours)
    assert process.returncode == 1
    assert (b"\x1b[1;31m" in said) is (environment == {})
    lines = re.sub(r"\x1b\[[0-9;]*m", "", said.decode()).split("\r\n")
    addresses = [line for line in lines if "https://" in line]
    assert addresses
    widest = 80 if variables["TERM"] == "dumb" else 70  # a dumb terminal is taken to have 80
    assert all(len(line) <= widest for line in lines if line not in addresses)


def test_standard_input(good: Path, bad: Path) -> None:
    done = tuneready("check", "-", *SFT, input=good.read_bytes())
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.startswith(b"stdin: ready for azure-openai/sft; nothing found.")
    together = tuneready("check", bad, "-", *SFT, "--format", "json", input=good.read_bytes())
    reports = json.loads(together.stdout)["reports"]
    assert [(report["file"], report["valid"]) for report in reports] == [
        ("bad.jsonl", False),
        ("stdin", True),
    ]


def test_a_pipe_in_small_pieces(good: Path) -> None:
    command = [sys.executable, "-m", "tuneready", "check", "-", *SFT, "--format", "json"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        data = good.read_bytes()
        for start in range(0, len(data), 997):
            process.stdin.write(data[start : start + 997])
            process.stdin.flush()
        process.stdin.close()
        [report] = json.loads(process.stdout.read())["reports"]
    assert report["sha256"] == hashlib.sha256(data).hexdigest()
    assert report["examples"] == 60


def test_packed_files(good: Path) -> None:
    packed = good.with_suffix(".jsonl.gz")
    packed.write_bytes(gzip.compress(good.read_bytes()))
    one = json.loads(tuneready("check", good, *SFT, "--format", "json").stdout)["reports"][0]
    done = tuneready("check", packed, *SFT, "--format", "json", "--workers", "2")
    [two] = json.loads(done.stdout)["reports"]
    assert done.returncode == 1  # no service unpacks it
    assert [finding["name"] for finding in two["findings"]] == ["compressed-file"]
    for same in ("sha256", "bytes", "lines", "examples", "statistics"):
        assert one[same] == two[same]
    packed.write_bytes(packed.read_bytes()[:-20])
    done = tuneready("check", packed, *SFT)
    assert done.returncode == 2
    assert done.stdout == b""
    assert done.stderr.startswith(f"tuneready: {packed} breaks off: ".encode())


def test_files_that_can_be_read_are_checked_even_if_others_cannot(good: Path) -> None:
    done = tuneready("check", "gone.jsonl", good, *SFT)
    assert done.returncode == 2
    assert b"good.jsonl: ready for" in done.stdout
    assert done.stderr == b"tuneready: gone.jsonl cannot be read: there is no such file.\n"


def test_a_report_in_a_file(good: Path, tmp_path: Path) -> None:
    for form in ("text", "json", "markdown", "sarif"):
        file = tmp_path / f"report.{form}"
        options = (*SFT, "--format", form)
        done = tuneready("check", good, *options, "--output", file)
        assert (done.returncode, done.stdout) == (0, b"")
        assert done.stderr == f"Report written to {file}.\n".encode()
        assert file.read_bytes() == tuneready("check", good, *options).stdout
    done = tuneready("check", good, *SFT, "--output", tmp_path)
    assert done.returncode == 2
    assert done.stderr.startswith(f"tuneready: {tmp_path} cannot be written: ".encode())


def test_several_forms_in_one_go(bad: Path, tmp_path: Path) -> None:
    sarif, summary = tmp_path / "a.sarif", tmp_path / "b.md"
    done = tuneready(
        "check", bad, *SFT, "--also", f"sarif={sarif}", "--also", f"markdown={summary}"
    )
    assert (done.returncode, done.stderr) == (1, b"")
    assert done.stdout == tuneready("check", bad, *SFT).stdout
    assert sarif.read_bytes() == tuneready("check", bad, *SFT, "--format", "sarif").stdout
    assert summary.read_bytes() == tuneready("check", bad, *SFT, "--format", "markdown").stdout


def test_a_validation_file(good: Path, tmp_path: Path) -> None:
    file = tmp_path / "validation.jsonl"
    file.write_text(MANY.splitlines()[7] + "\n", encoding="utf-8")
    done = tuneready("check", good, *SFT, "--validation", file, "--format", "json")
    training, validation = json.loads(done.stdout)["reports"]
    assert (training["role"], validation["role"]) == ("training", "validation")
    assert "in-training-and-validation" in {rule["name"] for rule in validation["rules"]}
    text = tuneready("check", good, *SFT, "--validation", file).stdout.decode()
    assert "validation.jsonl (validation file): " in text


def test_fields_and_other_layouts(tmp_path: Path) -> None:
    file = tmp_path / "renamed.json"
    file.write_text(json.dumps([{"chat": json.loads(GOOD)["messages"]}] * 2), encoding="utf-8")
    command = ("check", file, "--target", "trl/sft", "--format-only")
    assert tuneready(*command).returncode == 1
    assert tuneready(*command, "--field", "messages=chat").returncode == 0


def test_fields_of_a_layout_that_is_not_the_first(tmp_path: Path) -> None:
    file = tmp_path / "thumbs.json"
    chat = {"messages": json.loads(GOOD)["messages"], "label": True}
    file.write_text(json.dumps([chat] * 2), encoding="utf-8")
    command = ("check", file, "--target", "llama-factory/kto", "--format-only")
    assert tuneready(*command).returncode == 1
    assert tuneready(*command, "--field", "kto_tag=label").returncode == 0


def test_auto_names_the_format_and_asks_all_targets(good: Path) -> None:
    done = tuneready("check", good, "--target", "auto")
    said = done.stdout.decode()
    assert done.returncode == 0
    assert "Format: a chat (certain)." in said
    words = " ".join(said.split())
    accepted, refused = re.search(
        r"Targets that accept this file: \d+ of \d+ (.*?) (Not: .*)", words
    ).groups()
    assert "trl/sft" in accepted.split(", ")
    other = "The records are of a format that these targets do not take (TR202)."
    assert any("trl/dpo" in part and other in part for part in refused.split("Not: "))


def test_the_caller_is_told_in_dutch(capsys) -> None:
    assert "werd gestopt" not in run(capsys, "targets")[1]
    status, _, err = run(capsys, "check", "gone.jsonl", *SFT, "--lang", "nl")
    assert status == 2
    assert err.startswith("tuneready: ")
    known = translation("nl").gettext("{file} cannot be read: there is no such file.")
    assert err == f"tuneready: {known.format(file='gone.jsonl')}\n"


def test_argparse_speaks_the_language_that_is_asked_for(monkeypatch, capsys) -> None:
    """Our catalogue is asked for its sentences, and nothing of it stays behind."""
    import gettext

    asked = []
    real = gettext.dgettext

    def note(domain: str, message: str) -> str:
        asked.append((domain, message, os.environ.get("LANGUAGE")))
        return real(domain, message)

    monkeypatch.setattr(gettext, "dgettext", note)
    before = gettext.textdomain(), os.environ.get("LANGUAGE")
    with pytest.raises(SystemExit):
        main(["check", "--lang", "nl"])
    assert (gettext.textdomain(), os.environ.get("LANGUAGE")) == before
    assert ("tuneready", "the following arguments are required: %s", "nl") in asked


def test_targets_by_provider_and_one_in_detail(capsys) -> None:
    status, out, _ = run(capsys, "targets", "openai/sft")
    assert status == 0
    assert "Examples, at least: 10" in out
    assert re.search(r"[\d.]+ USD per million training tokens, as read on 20\d\d-", out)
    assert "https://" in out
    _, out, _ = run(capsys, "targets", "openai", "--format", "json")
    assert {target["name"].partition("/")[0] for target in json.loads(out)} == {"openai"}
    _, out, _ = run(capsys, "targets", "openai/sft", "--format", "json")
    detail = json.loads(out)
    assert detail["limits"]["min_examples"] == 10
    assert detail["models"][0]["prices"][0]["source"]["read"].startswith("20")


def test_rules_of_a_target(capsys) -> None:
    out = run(capsys, "rules", "--target", "openai/sft")[1]
    assert re.search(r"^TR303  unknown-role +A role is not known \(error\)$", out, re.MULTILINE)
    assert "quote-not-closed" in run(capsys, "rules")[1]


def test_validate_lists_every_fault(capsys, tmp_path: Path) -> None:
    from tuneready.targets import FOLDER

    for file in FOLDER.glob("*.yaml"):
        shutil.copy(file, tmp_path)
    file = tmp_path / "openai.yaml"
    text = file.read_text(encoding="utf-8")
    text = text.replace("min_examples: 10", "min_exmples: 10").replace(
        "state: closing", "state: shut"
    )
    file.write_text(text, encoding="utf-8")
    status, out, _ = run(capsys, "validate", "--targets", tmp_path)
    assert status == 1
    faults = [line for line in out.splitlines() if "openai.yaml:" in line]
    assert len(faults) >= 2
    assert all(re.match(r".*openai\.yaml:\d+:\d+: ", line) for line in faults)
    assert 'did you mean "min_examples"?' in out
    (tmp_path / "none").mkdir()
    status, out, err = run(capsys, "validate", "--targets", tmp_path / "none")
    assert (status, out) == (2, "")
    assert "There is no YAML file in" in err


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs a device that is full")  # noqa: PTH110
@pytest.mark.parametrize("form", ["text", "json"])
def test_a_full_disk_is_told_in_one_sentence(good: Path, form: str) -> None:
    command = [sys.executable, "-m", "tuneready", "check", good, *SFT, "--format", form]
    with open("/dev/full", "w", encoding="utf-8") as full:  # noqa: PTH123
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, check=False)
    assert done.returncode == 2
    assert done.stderr.decode() == (
        "tuneready: the output cannot be written: No space left on device.\n"
    )


@pytest.mark.skipif(os.name == "nt", reason="needs a POSIX shell")
@pytest.mark.parametrize(("closed", "status"), [(">&-", 0), ("2>&-", 0), ("<&-", 0)])
def test_streams_that_the_caller_closed(good: Path, closed: str, status: int) -> None:
    line = f'"{sys.executable}" -m tuneready check --target azure-openai/sft "{good}" {closed}'
    done = subprocess.run(["sh", "-c", line], capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (status, b"")


def test_closed_standard_input_is_an_empty_file(tmp_path: Path) -> None:
    line = f'"{sys.executable}" -m tuneready check --target azure-openai/sft - <&-'
    done = subprocess.run(["sh", "-c", line], capture_output=True, check=False, cwd=tmp_path)
    assert done.returncode == 1
    assert "TR001 empty-file" in done.stdout.decode()


@pytest.mark.parametrize("width", range(60, 100, 3))
def test_no_line_ends_within_a_number(width: int) -> None:
    lines = "".join(GOOD.replace("Hi", f"{n} " * 900 * n) for n in range(1, 60))
    text = format_text(document([report_on(lines.encode())], "en"), "en", width)
    assert "\u202f" in text
    assert not re.search(r"[0-9,]\u202f?\n *[0-9]{3}[^0-9]", text)
    assert "\u00ad" not in text
