"""What the documents on security say of tests is true, and small promises that need no browser."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import tempfile
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
STATIC = ROOT / "macros/tuneready/site/static"
REQUIREMENTS = "tests/security-requirements.md"
NAMED = re.compile(r"`(tests/[\w./-]+\.(?:py|mjs))(?:::(\w+))?`")
# The requirements that concern a site like this one; see the file.
CONCERNING = [
    "1.2.1", "1.2.2", "1.2.3", "1.2.10", "1.3.5", "1.3.12", "1.5.2", "1.5.3", "2.2.1", "3.1.1",
    "3.2.2", "3.2.3", "3.4.1", "3.4.3", "3.4.4", "3.4.5", "3.4.6", "3.5.5", "3.6.1", "3.7.5",
    "5.1.1", "5.2.1", "5.2.2", "5.2.3", "14.2.1", "14.2.3", "14.3.3", "15.1.2", "15.2.2", "15.3.5",
    "15.3.6", "16.5.2", "16.5.3", "16.5.4",
]  # fmt: skip
# What scripts may ask of `document`: never a name that an element of the page could take over.
STANDARD = {
    "activeElement",
    "addEventListener",
    "baseURI",
    "body",
    "createElement",
    "createElementNS",
    "documentElement",
    "getElementById",
    "head",
    "hidden",
    "importNode",
    "querySelector",
    "querySelectorAll",
    "readyState",
    "removeEventListener",
    "title",
    "visibilityState",
}


def scripts() -> list[Path]:
    return sorted(STATIC.rglob("*.js"))


def rows() -> list[list[str]]:
    text = (ROOT / REQUIREMENTS).read_text(encoding="utf-8")
    table = [line for line in text.splitlines() if re.match(r"\| \d", line)]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in table]


@pytest.mark.parametrize("document", ["SECURITY.md", REQUIREMENTS])
def test_every_test_that_is_named_exists(document: str) -> None:
    named = NAMED.findall((ROOT / document).read_text(encoding="utf-8"))
    assert len(named) > 10
    for file, name in named:
        assert (ROOT / file).is_file(), file
        source = (ROOT / file).read_text(encoding="utf-8")
        if name:
            assert f"def {name}(" in source, f"{file}::{name}"
        elif file.endswith(".mjs"):
            assert "export default" in source, file


def test_every_requirement_has_a_test() -> None:
    assert [row[0] for row in rows()] == CONCERNING
    for number, level, short, who, tests in rows():
        assert level in {"1", "2", "3"}, number
        assert short, number
        assert who in {"site", "host"}, number
        assert NAMED.findall(tests), number


def test_the_threats_name_what_shows_that_they_are_met() -> None:
    text = (ROOT / "SECURITY.md").read_text(encoding="utf-8").split("## Threats")[1]
    table = [line for line in text.splitlines() if line.startswith("| ")][2:]
    assert len(table) > 10
    for line in table:
        assert NAMED.search(line), line


@pytest.mark.parametrize("path", scripts(), ids=lambda path: path.name)
def test_scripts_ask_the_document_for_nothing_by_its_own_names(path: Path) -> None:
    code = re.sub(r"/\*.*?\*/|//.*", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    # In this project a `document` may also be one of answers; those come from a parameter.
    own = {"answers", "items", "name"}
    assert set(re.findall(r"(?<![.\w])document\.(\w+)", code)) <= STANDARD | own


def test_no_page_listens_to_other_windows() -> None:
    listening = [
        path.name
        for path in scripts()
        if re.search(
            r"(?<![\w.])(?:(?:window|globalThis|self)\.)?(?:addEventListener\(\s*\"message\"|onmessage)",
            path.read_text(encoding="utf-8"),
        )
    ]
    # It runs in the worker, whose messages come from the page that started it.
    assert listening == ["engine.spawn.js"]


def test_no_page_tells_others_its_address(site_dir: Path) -> None:
    for path in site_dir.rglob("*.html"):
        assert '<meta data-tuneready name="referrer" content="no-referrer">' in path.read_text(
            encoding="utf-8"
        ), path


def test_every_component_is_locked_with_its_hash() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))
    for name, package in lock["packages"].items():
        assert not name or package.get("integrity", "").startswith("sha512-"), name
    for file in ("requirements.lock", "requirements-browser.lock"):
        text = re.sub(r"#.*", "", (ROOT / file).read_text(encoding="utf-8"))
        requirements = re.split(r"\n(?=[a-z])", text.replace("\\\n", " ").strip())
        for one in requirements:
            assert re.search(r"==\S+.*--hash=sha256:[0-9a-f]{64}", one, re.DOTALL), one


def test_types_are_checked() -> None:
    settings = json.loads(
        re.sub(r"^\s*//.*", "", (ROOT / "tsconfig.json").read_text(), flags=re.MULTILINE)
    )["compilerOptions"]
    assert settings["strict"]
    assert settings["checkJs"]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["tool"]["mypy"]["strict"]


@pytest.mark.skipif(shutil.which("curl") is None, reason="the page's own command needs curl")
@pytest.mark.parametrize("language", ["en", "nl"])
def test_the_command_on_the_page_names_every_file_that_differs(
    host: tuple[str, Path], site_dir: Path, site: str, language: str
) -> None:
    page = (ROOT / f"docs/{language}/security.md").read_text(encoding="utf-8")
    command = page.split("```sh\n")[1].split("```")[0].split("make build\n")[1]
    del host

    def compared() -> str:
        done = subprocess.run(
            ["bash", "-c", f'ADDRESS="{site}"\n{command}'],
            cwd=site_dir.parent,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout

    # The tests build into a folder of another name.
    command = command.replace("cd site ", f"cd {site_dir.name} ")
    assert compared() == ""
    # Another build beside it, in which one file has another byte and one is new.
    with tempfile.TemporaryDirectory(dir=site_dir.parent) as other:
        for file in ("index.html", "sw.js", "nl/index.html"):
            (Path(other) / file).parent.mkdir(exist_ok=True)
            shutil.copyfile(site_dir / file, Path(other) / file)
        with (Path(other) / "sw.js").open("a") as changed:
            changed.write(" ")
        (Path(other) / "new.html").write_text("new")
        command = command.replace(f"cd {site_dir.name} ", f"cd {Path(other).name} ")
        assert sorted(compared().splitlines()) == ["differs: ./new.html", "differs: ./sw.js"]
