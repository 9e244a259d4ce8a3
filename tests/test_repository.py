"""Promises about the repository itself: what it names, what it pins, what its scripts may not do."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

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
