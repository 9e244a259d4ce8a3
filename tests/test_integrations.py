"""The pre-commit hook and the GitHub Action, run as those would run them."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]
TUNEREADY = Path(sys.executable).parent / "tuneready"
GOOD = '{"messages": [{"role": "user", "content": "Hi %d"}, {"role": "assistant", "content": "%d!"}]}\n'
# What pre-commit accepts of a hook, as far as ours goes.
HOOKS = {
    "type": "array",
    "minItems": 1,
    "items": {
        "type": "object",
        "required": ["id", "name", "entry", "language"],
        "additionalProperties": False,
        "properties": {
            "id": {"type": "string", "pattern": "^[a-z0-9-]+$"},
            "name": {"type": "string"},
            "description": {"type": "string"},
            "entry": {"type": "string"},
            "args": {"type": "array", "items": {"type": "string"}},
            "language": {"enum": ["python"]},
            "files": {"type": "string", "format": "regex"},
            # Tags that every file has; a tag that pre-commit does not know is refused.
            "types": {"type": "array", "items": {"enum": ["file", "text"]}},
            "require_serial": {"type": "boolean"},
        },
    },
}


def load(name: str) -> Any:
    return yaml.safe_load((ROOT / name).read_text(encoding="utf-8"))


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "some data"
    (folder / "deep").mkdir(parents=True)
    good = "".join(GOOD % (n, n * 37) for n in range(60))
    (folder / "good.jsonl").write_text(good, encoding="utf-8")
    (folder / "deep" / "bad.jsonl").write_text(good.replace("assistant", "bot"), encoding="utf-8")
    return folder


def test_the_hook_is_as_pre_commit_wants_it() -> None:
    hooks = load(".pre-commit-hooks.yaml")
    jsonschema.validate(hooks, HOOKS, format_checker=jsonschema.FormatChecker())
    [hook] = hooks
    assert hook["id"] == "tuneready-check"
    assert re.search(hook["files"], "data/train.jsonl")
    assert not re.search(hook["files"], "package.json")


def test_the_hook_runs(data: Path) -> None:
    """As pre-commit does: the entry, the arguments, then the names of files."""
    [hook] = load(".pre-commit-hooks.yaml")
    program, *rest = hook["entry"].split()
    assert program == TUNEREADY.name
    for names, status in ((["good.jsonl"], 0), (["good.jsonl", "deep/bad.jsonl"], 1)):
        for more in (hook["args"], ["--target=openai/sft"]):
            command = [str(TUNEREADY), *rest, *more, *names]
            done = subprocess.run(command, cwd=data, capture_output=True, check=False)
            assert done.returncode == status, done.stdout.decode()


def action(folder: Path, temporary: Path, **inputs: str) -> tuple[int, str, dict[str, str], str]:
    """Run the action's last step; return status, log, outputs and the job's summary."""
    described = load("action.yml")
    step = described["runs"]["steps"][-1]
    values = {name: given.get("default", "") for name, given in described["inputs"].items()}
    assert inputs.keys() <= values.keys()
    values |= inputs
    environment = dict(os.environ)
    for name, text in step["env"].items():
        filled = re.sub(r"\$\{\{ inputs\.(\w+) \}\}", lambda found: values[found[1]], text)
        environment[name] = filled.replace("${{ runner.temp }}", str(temporary))
    environment |= {
        "TUNEREADY": str(TUNEREADY),
        "RUNNER_TEMP": str(temporary),
        "GITHUB_OUTPUT": str(temporary / "output"),
        "GITHUB_STEP_SUMMARY": str(temporary / "summary.md"),
    }
    # The options with which GitHub runs a step whose shell is bash.
    command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
    done = subprocess.run(command, cwd=folder, capture_output=True, env=environment, check=False)
    outputs = dict(line.split("=", 1) for line in (temporary / "output").read_text().splitlines())
    summary = temporary / "summary.md"
    text = summary.read_text(encoding="utf-8") if summary.exists() else ""
    return done.returncode, done.stdout.decode() + done.stderr.decode(), outputs, text


def test_the_action_checks_files(data: Path, tmp_path: Path) -> None:
    status, log, outputs, summary = action(data, tmp_path, files="**/*.jsonl", target="openai/sft")
    assert (status, outputs["status"]) == (1, "1")
    assert "bad.jsonl: not ready for openai/sft" in log
    assert "good.jsonl: ready for openai/sft" in log
    assert "## `bad.jsonl`: not ready" in summary
    [run] = json.loads(Path(outputs["sarif"]).read_text(encoding="utf-8"))["runs"]
    found = run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert found == "deep/bad.jsonl"


def test_the_action_takes_names_with_spaces_and_more_arguments(data: Path, tmp_path: Path) -> None:
    status, log, outputs, _ = action(
        data.parent,
        tmp_path,
        files="some data/good.jsonl\n",
        target="azure-openai/sft",
        model="gpt-4o",
        language="nl",
        arguments="--format-only\n--max-findings=3",
    )
    assert (status, outputs["status"]) == (0, "0"), log
    assert "good.jsonl: klaar voor azure-openai/sft (gpt-4o)" in log


def test_the_action_says_when_nothing_matches(data: Path, tmp_path: Path) -> None:
    status, log, outputs, _ = action(data, tmp_path, files="*.none")
    assert (status, outputs["status"]) == (2, "2")
    assert "::error::No file matches: *.none" in log


def test_what_a_caller_says_is_no_program(data: Path, tmp_path: Path) -> None:
    """Inputs may come from a pull request."""
    evil = "x$(touch evil)`touch evil`; touch evil #.jsonl"
    (data / evil).write_text("{}\n", encoding="utf-8")
    status, *_ = action(
        data, tmp_path, files="x*.jsonl", target="openai/sft", arguments="$(touch evil)"
    )
    assert status in (1, 2)
    assert not (data / "evil").exists()
    for step in load("action.yml")["runs"]["steps"]:
        assert "${{" not in step.get("run", "")


def test_the_action_is_pinned() -> None:
    text = (ROOT / "action.yml").read_text(encoding="utf-8")
    used = re.findall(r"uses: (\S+)", text)
    assert used
    assert all(re.fullmatch(r"[\w/-]+@[0-9a-f]{40}", name) for name in used)


@pytest.mark.parametrize("language", ["en", "nl"])
def test_the_page_shows_what_there_is(language: str) -> None:
    """The examples of the page parse, and use inputs, outputs and options that exist."""
    from tuneready.cli.arguments import read_arguments

    page = (ROOT / f"docs/{language}/command-line.md").read_text(encoding="utf-8")
    workflow, hooks = (
        yaml.safe_load(found)
        for found in sorted(re.findall(r"```yaml.*?\n(.*?)```", page, re.DOTALL), key=len)[::-1]
    )
    described = load("action.yml")
    own, upload = workflow["jobs"]["check"]["steps"][1:]
    assert own["with"].keys() <= described["inputs"].keys()
    [output] = re.findall(r"outputs\.(\w+)\}\}", upload["with"]["sarif_file"])
    assert output in described["outputs"]
    assert hooks["repos"][0]["hooks"][0]["id"] == load(".pre-commit-hooks.yaml")[0]["id"]
    commands = re.findall(r"^\$ tuneready (.*)$", page, re.MULTILINE)
    assert len(commands) > 8
    for command in commands:
        if command != "--version":
            typed, _, _ = command.partition(" > ")
            assert callable(read_arguments(typed.split(), language).run)
    listed = set(re.findall(r"^\| `(--[\w-]+)", page, re.MULTILINE))
    assert options_of("check") <= listed
    assert listed <= options_of("check") | options_of("assess") | options_of("compare")


def options_of(command: str) -> set[str]:
    helped = subprocess.run([TUNEREADY, command, "--help"], capture_output=True, check=True)
    return set(re.findall(r"^ +(--[\w-]+)", helped.stdout.decode(), re.MULTILINE))
