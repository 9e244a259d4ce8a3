"""Promises about the repository itself: what it names, what it pins, what its scripts may not do."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]
STATIC = ROOT / "macros/tuneready/site/static"
# Spelt in parts, so that this file does not name them either.
HOSTS = ["pypi" + ".org", "python" + "hosted", "npm" + "js"]
SINKS = ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function")


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True)
    names = listed.stdout.decode().split("\0")
    return [ROOT / name for name in names if name and (ROOT / name).is_file()]


def test_nothing_names_the_host_of_a_registry() -> None:
    for path in tracked():
        content = path.read_bytes()
        assert not [host for host in HOSTS if host.encode() in content], path


def test_nothing_generated_is_committed() -> None:
    for path in tracked():
        assert path.suffix not in {".mo", ".whl", ".wasm", ".zip", ".pyc"}, path
        assert path.name != "targets.json"


@pytest.mark.parametrize("path", sorted(STATIC.rglob("*.js")), ids=lambda path: path.name)
def test_script_places_text_only(path: Path) -> None:
    assert not [sink for sink in SINKS if sink in path.read_text(encoding="utf-8")]


def test_actions_are_pinned_and_only_main_deploys() -> None:
    text = (ROOT / ".github/workflows/site.yml").read_text(encoding="utf-8")
    used = re.findall(r"uses: (\S+)", text)
    assert used
    assert all(re.fullmatch(r"[\w/-]+@[0-9a-f]{40}", action) for action in used)
    assert "permissions: {}" in text
    assert text.count("pages: write") == 1
    assert "pull_request_target" not in text


def test_no_job_has_more_rights_than_it_needs() -> None:
    workflow = yaml.safe_load((ROOT / ".github/workflows/site.yml").read_text(encoding="utf-8"))
    assert workflow["permissions"] == {}
    for name, job in workflow["jobs"].items():
        granted = job["permissions"]  # each job says its own
        writes = {right for right, level in granted.items() if level == "write"}
        assert writes == ({"pages", "id-token"} if name == "deploy" else set()), name
        assert job["timeout-minutes"] <= 60
        for step in job["steps"]:
            # What others wrote, such as a branch's name, is never part of a command.
            assert "${{" not in step.get("run", ""), name
            if "checkout" in step.get("uses", ""):
                assert step["with"]["persist-credentials"] is False
    assert workflow["jobs"]["build"]["if"].endswith("github.ref == 'refs/heads/main'")
    assert workflow["jobs"]["deploy"]["needs"] == "build"
    text = (ROOT / ".github/workflows/site.yml").read_text(encoding="utf-8")
    assert "secrets." not in text


def test_the_action_for_others_runs_nothing_that_its_user_wrote_as_a_command() -> None:
    action = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
    for step in action["runs"]["steps"]:
        assert "${{" not in step.get("run", "")
        if "uses" in step:
            assert re.fullmatch(r"[\w/-]+@[0-9a-f]{40}", step["uses"].split()[0])


def test_newer_actions_are_asked_for() -> None:
    settings = yaml.safe_load((ROOT / ".github/dependabot.yml").read_text(encoding="utf-8"))
    assert [one["package-ecosystem"] for one in settings["updates"]] == ["github-actions"]
