"""Follows the page on customising to the letter, as the team that it speaks of.

Blocks of `sh` run in bash; a block with a title is written to that file. The hosting service is a
folder, and what `make` would install is what these tests run with; no network is asked.
"""

from __future__ import annotations

import os
import re
import shutil
import stat
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FENCE = re.compile(
    r"^```(?P<kind>\w+)(?: title=\"(?P<title>[^\"]+)\")?\n(?P<text>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
STEP = re.compile(r"^## .*\{ #(?P<step>[\w-]+) \}$", re.MULTILINE)
# A file of which the block holds some lines only, each for the line with the same key.
SOME_LINES = " (these lines)"
# It never ends; test_build.py serves the site.
SERVE = "make serve"


class FollowError(Exception):
    """The page cannot be followed; says where."""


@dataclass(frozen=True)
class Block:
    """One block of the page, and the step that it is in."""

    step: str
    kind: str
    title: str
    text: str


def blocks(page: str) -> list[Block]:
    """Return the blocks of a page in order."""
    steps = [(found.start(), found["step"]) for found in STEP.finditer(page)]
    return [
        Block(
            next(step for start, step in reversed(steps) if start < found.start()),
            found["kind"],
            found["title"] or "",
            found["text"],
        )
        for found in FENCE.finditer(page)
    ]


class Team:
    """A team with an empty folder, and repositories on a hosting service."""

    def __init__(self, scratch: Path, hosting: Path) -> None:
        self.scratch = scratch
        self.place = scratch / "team"
        self.place.mkdir()
        settings = scratch / "gitconfig"
        settings.write_text(
            f'[url "{hosting}/"]\n\tinsteadOf = https://github.com/\n'
            "[user]\n\tname = A team\n\temail = team@team.example\n"
            "[init]\n\tdefaultBranch = main\n"
        )
        self.environment = _git_settings(settings)

    @property
    def project(self) -> Path:
        return self.scratch / "team" / "tuneready"

    def follow(self, block: Block) -> str:
        """Do what a block says; return what its commands print."""
        if block.kind == "sh":
            return self.run(block.text)
        if not block.title:
            raise FollowError(f"a block of {block.kind} without a file, in step {block.step}")
        name = block.title.removesuffix(SOME_LINES)
        file = self.project / name
        if name != block.title:
            file.write_text(_with_lines(file.read_text(), block.text, name))
            return ""
        if file.exists():
            raise FollowError(f"{name} is there already: a fork would change it")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(block.text)
        return ""

    def run(self, commands: str) -> str:
        """Run commands where the last ones ended; any that fails is an error."""
        commands = re.sub(rf"^{SERVE}$", "make --dry-run serve", commands, flags=re.MULTILINE)
        ended = self.scratch / "ended"
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", f'{commands}\npwd > "{ended}"'],
            cwd=self.place,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if done.returncode:
            raise FollowError(f"{commands}\nends with {done.returncode}:\n{done.stdout}")
        self.place = Path(ended.read_text().strip())
        if self.place == self.project and not (self.project / ".venv").exists():
            self._install()
        return done.stdout

    def change_upstream(self, changes: dict[str, tuple[str, str]], added: dict[str, str]) -> None:
        """Commit to upstream: in each file one text for another, and new files."""
        clone = self.scratch / "upstream"
        self._git("clone", "-q", "https://github.com/example/tuneready.git", str(clone))
        for name, (before, after) in changes.items():
            text = (clone / name).read_text()
            if before not in text:
                raise FollowError(f"upstream's {name} does not hold {before!r}")
            (clone / name).write_text(text.replace(before, after, 1))
        for name, text in added.items():
            (clone / name).write_text(text)
        self._git("-C", str(clone), "add", ".")
        self._git("-C", str(clone), "commit", "-q", "-m", "Go on upstream")
        self._git("-C", str(clone), "push", "-q")

    def _git(self, *arguments: str) -> None:
        subprocess.run(["git", *arguments], env=self.environment, check=True)

    def _install(self) -> None:
        """Do what `make setup` would, with what is here: Python, Node's packages, msgspec's wheel."""
        from tuneready.site import bundle

        commands = self.project / ".venv" / "bin"
        commands.mkdir(parents=True)
        python = Path(sys.executable)
        for name, line in {
            "python": f'exec "{python}" "$@"',
            "tuneready": f'exec "{python}" -m tuneready "$@"',
            "pybabel": f'exec "{python.with_name("pybabel")}" "$@"',
            "uv": "exit 0",
            "npm": "exit 0",
        }.items():
            command = commands / name
            command.write_text(f"#!/bin/sh\n{line}\n")
            command.chmod(command.stat().st_mode | stat.S_IXUSR)
        packages = self.project / "node_modules"
        packages.mkdir()
        for package in bundle.PYODIDE.parent.iterdir():
            if not package.name.startswith("."):
                (packages / package.name).symlink_to(package)
        for ready in (self.project / ".venv/.ready", packages / ".ready"):
            ready.touch()
        wheel = bundle._msgspec_wheel()
        (self.project / ".cache/wheels").mkdir(parents=True)
        shutil.copy(wheel, self.project / ".cache/wheels")
        self.environment["PYTHONPATH"] = str(self.project / "macros")


def host(folder: Path) -> Path:
    """Put the project's files, as they are now, into upstream's repository, and fork it."""
    tree, settings = folder / "tree", folder / "gitconfig"
    settings.write_text("[user]\n\tname = Upstream\n\temail = upstream@upstream.example\n")
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    for name in filter(None, listed.stdout.decode().split("\0")):
        # What a fork has of its own is not upstream's.
        if (ROOT / name).is_file() and "checklists/overrides/" not in name:
            (tree / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, tree / name)

    def git(*arguments: str) -> None:
        subprocess.run(["git", *arguments], env=_git_settings(settings), check=True)

    git("init", "-q", "-b", "main", str(tree))
    git("-C", str(tree), "add", "--all")
    git("-C", str(tree), "commit", "-q", "-m", "Upstream")
    for owner in ("example", "your-team"):
        git("clone", "-q", "--bare", str(tree), str(folder / "hosting" / owner / "tuneready.git"))
    return folder / "hosting"


def _git_settings(settings: Path) -> dict[str, str]:
    """Return the environment in which git knows these settings and no others."""
    return {
        **os.environ,
        "GIT_CONFIG_GLOBAL": str(settings),
        "GIT_CONFIG_SYSTEM": os.devnull,
        "GIT_TERMINAL_PROMPT": "0",
    }


def _with_lines(text: str, lines: str, name: str) -> str:
    for line in lines.splitlines():
        key = line.split(":")[0]
        text, count = re.subn(rf"^{re.escape(key)}:.*$", lambda _: line, text, flags=re.MULTILINE)  # noqa: B023  at once
        if count != 1:
            raise FollowError(f"{name} has {count} lines with {key}")
    return text
