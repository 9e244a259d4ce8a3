"""The browser bundle: everything that a page of ours loads beyond Material, under one build id.

    <build id>/js, css, samples   our own static files, as written
    <build id>/py                 Pyodide, the wheels (ours, msgspec, python-stdnum), a lock file that names them
    <build id>/tokens             the ranks of each encoding, loaded when a check counts with it
    <build id>/assets.json        the SHA-256 and the sizes of each of these files

The build id is the beginning of the SHA-256 of `assets.json`, and so vouches for every file: a page
and its code can never be of different ages, a browser may keep the files for ever, and what the
page's worker fetches is compared before it is used. Nothing in it is committed; everything is made
from the two lock files and from this package, and the same sources give the same bytes.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tuneready.dataset.tokens import ENCODINGS, rank_file, read_ranks
from tuneready.errors import TunereadyError
from tuneready.site import number_wheel, snapshot
from tuneready.site.loading import join_styles

ROOT = Path(__file__).resolve().parents[3]
STATIC = Path(__file__).resolve().parent / "static"
PYODIDE = ROOT / "node_modules" / "pyodide"
BROWSER_LOCK = ROOT / "requirements-browser.lock"
CACHE = ROOT / ".cache"

# Read by the loader at run time; the other files of the npm package are for Node or for consoles.
PYODIDE_FILES = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip")
ASSETS = "assets.json"
# 128 bits: nobody finds another list of files with the same beginning.
BUILD_ID_DIGITS = 32
STATIC_FOLDERS = ("js", "css", "samples")
# Zip files cannot hold an earlier time; a fixed one makes the wheel the same on every day.
WHEEL_EPOCH = "315532800"


class BundleError(TunereadyError):
    """The bundle cannot be made; the sentence says what is missing and how to get it."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """A finished bundle: `directory` holds what belongs at `assets/tuneready/<build_id>/`."""

    build_id: str
    directory: Path


@cache
def bundle() -> Bundle:
    """Return the bundle of the present sources, made anew only when they changed."""
    made_from = _fingerprint()
    folder = CACHE / "bundle" / made_from
    if not (folder / "build-id").is_file():
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=CACHE) as scratch:
            made = Path(scratch) / "made"
            made.mkdir()
            build_id = _assemble(made / "content")
            (made / "build-id").write_text(build_id, encoding="ascii")
            _move(made, folder)
        _forget_older(folder)
    build_id = (folder / "build-id").read_text(encoding="ascii")
    return Bundle(build_id, folder / "content")


def _move(made: Path, folder: Path) -> None:
    """Put a finished bundle in its place at once, so that whoever finds it finds all of it."""
    try:
        made.rename(folder)
    except OSError:  # there is one: of another process, which was quicker, or left half done
        if not (folder / "build-id").is_file():
            shutil.rmtree(folder, ignore_errors=True)
            made.rename(folder)


def integrity(name: str) -> str:
    """Return what a page states of a file of the bundle, for the browser to compare."""
    digest = hashlib.sha256((bundle().directory / name).read_bytes()).digest()
    return "sha256-" + base64.b64encode(digest).decode("ascii")


def publish(site_dir: Path) -> None:
    """Copy the bundle to where the pages of `site_dir` look for it."""
    made = bundle()
    target = site_dir / "assets" / "tuneready" / made.build_id
    shutil.rmtree(target.parent, ignore_errors=True)
    shutil.copytree(made.directory, target)


def _assemble(content: Path) -> str:
    """Write everything into a new folder, and return its build id."""
    content.mkdir()
    for name in STATIC_FOLDERS:
        shutil.copytree(STATIC / name, content / name, ignore=shutil.ignore_patterns("*.d.ts"))
    join_styles(content / "css")
    python = content / "py"
    python.mkdir()
    for name in PYODIDE_FILES:
        shutil.copyfile(PYODIDE / name, python / name)
    shutil.copy(_msgspec_wheel(), python)
    number_wheel.write_number_wheel(python)
    _build_wheel(python)
    _write_lock(python)
    snapshot.write_snapshot(content)
    _write_ranks(content / "tokens")
    return _write_list(content)


def _write_list(content: Path) -> str:
    """Write what is in the bundle, and return the build id that vouches for it."""
    files = {
        path.relative_to(content).as_posix(): {
            "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
            "bytes": path.stat().st_size,
            "packed": _packed_size(path),
        }
        for path in sorted(content.rglob("*"))
        if path.is_file()
    }
    written = json.dumps({"files": files}, indent=1, sort_keys=True) + "\n"
    (content / ASSETS).write_text(written, encoding="utf-8")
    return hashlib.sha256(written.encode()).hexdigest()[:BUILD_ID_DIGITS]


def _packed_size(path: Path) -> int:
    """Return how many bytes of a file a host sends, if it compresses what that makes smaller."""
    content = path.read_bytes()
    return min(len(gzip.compress(content, 6)), len(content))


def _build_wheel(folder: Path) -> None:
    """Build this package's wheel into `folder`, with the hash in its name fixed by its content."""
    _run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        "build the tuneready wheel",
        SOURCE_DATE_EPOCH=WHEEL_EPOCH,
        TUNEREADY_WHEEL="browser",
    )


def _write_ranks(folder: Path) -> None:
    """Write the tokens of each encoding in the order of their ranks, as `tokens.js` reads them.

    How many there are (four bytes, the least first), the length of each (one byte), their bytes:
    compressed, 0.6 times the rank file and less than a module of JavaScript that holds the ranks.
    """
    folder.mkdir()
    for encoding in ENCODINGS:
        file = rank_file(encoding)
        if file is None:
            raise BundleError(
                f"The ranks of {encoding} are missing. Run `make setup`, which fetches the locked parts."
            )
        ranks = read_ranks(file)
        tokens = sorted(ranks, key=lambda token: ranks[token])
        if [ranks[token] for token in tokens] != [*range(len(tokens))]:
            raise BundleError(f"The ranks of {encoding} have gaps; tokens.js knows no such file.")
        content = len(tokens).to_bytes(4, "little") + bytes(map(len, tokens)) + b"".join(tokens)
        (folder / f"{encoding}.ranks").write_bytes(content)


def _msgspec_wheel() -> Path:
    """Return msgspec's wheel for this Pyodide, downloaded once and checked against the lock."""
    info = _pyodide_info()
    folder = CACHE / "wheels"
    folder.mkdir(parents=True, exist_ok=True)
    wanted = set(re.findall(r"--hash=sha256:(\w{64})", BROWSER_LOCK.read_text(encoding="utf-8")))
    for wheel in folder.glob("msgspec-*.whl"):
        if hashlib.sha256(wheel.read_bytes()).hexdigest() in wanted:
            return wheel
        wheel.unlink()
    python = "".join(info["python"].split(".")[:2])
    _run(
        [
            *(sys.executable, "-m", "pip", "--isolated", "download", "--quiet", "--no-deps"),
            *("--require-hashes", "--only-binary", ":all:", "--implementation", "cp"),
            *("--platform", _wheel_platform(info), "--python-version", python),
            *("--abi", f"cp{python}", "--dest", str(folder), "--requirement", str(BROWSER_LOCK)),
        ],
        "download msgspec's wheel for the browser",
    )
    return next(folder.glob("msgspec-*.whl"))


def _write_lock(folder: Path) -> None:
    """Write `pyodide-lock.json` for the wheels in `folder`, with their hashes.

    The tool compares a wheel's platform tag with `info.platform`, which names the compiler's
    release instead; so it works on a scratch lock that carries the tag, and Pyodide's own value
    is put back afterwards.
    """
    info = _pyodide_info()
    platform = _wheel_platform(info).removesuffix("_" + info["arch"])
    wheels = sorted(folder.glob("*.whl"))
    with tempfile.TemporaryDirectory() as scratch:
        base, written = Path(scratch) / "base.json", Path(scratch) / "lock.json"
        empty = {"info": {**info, "platform": platform}, "packages": {}}
        base.write_text(json.dumps(empty), encoding="utf-8")
        _run(
            [
                *(str(Path(sys.executable).with_name("pyodide")), "lockfile", "add-wheels"),
                *("--input", str(base), "--output", str(written), "--base-path", str(folder)),
                *map(str, wheels),
            ],
            "write the browser's lock file",
        )
        lock = json.loads(written.read_text(encoding="utf-8"))
    lock["info"] = info
    # A verdict needs no msgspec: the worker loads it by name, for the first dataset check.
    lock["packages"]["tuneready"]["depends"] = []
    # And whatever else a dataset check needs comes along with it.
    lock["packages"]["msgspec"]["depends"] = [number_wheel.PACKAGE]
    text = json.dumps(lock, indent=1, sort_keys=True) + "\n"
    (folder / "pyodide-lock.json").write_text(text, encoding="utf-8")


def _pyodide_info() -> dict[str, str]:
    lock = PYODIDE / "pyodide-lock.json"
    if not lock.is_file():
        message = "Pyodide is not installed here. Run `make setup`, which fetches the locked parts."
        raise BundleError(message)
    info: dict[str, str] = json.loads(lock.read_text(encoding="utf-8"))["info"]
    return info


def _wheel_platform(info: dict[str, str]) -> str:
    return f"pyemscripten_{info['abi_version']}_{info['arch']}"


def _fingerprint() -> str:
    """Hash what the bundle is made from, so that an unchanged bundle is not made again."""
    _pyodide_info()
    package = STATIC.parents[1]
    sources = [
        path
        for path in package.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and path.suffix not in {".mo", ".pyc"}
    ]
    sources += [ROOT / "pyproject.toml", ROOT / "hatch_build.py", BROWSER_LOCK]
    sources += [ROOT / "README.md", PYODIDE / "package.json", PYODIDE / "pyodide-lock.json"]
    sources += number_wheel.sources()
    sources += [file for encoding in ENCODINGS if (file := rank_file(encoding))]
    return _hash_files(ROOT, sources)


def _hash_files(base: Path, files: list[Path]) -> str:
    digest = hashlib.sha256()
    for path in sorted(files):
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        # An installed package need not be below the project: its environment may be elsewhere.
        name = path.relative_to(base).as_posix() if path.is_relative_to(base) else path.name
        digest.update(f"{name} {content}\n".encode())
    return digest.hexdigest()[:16]


def _forget_older(newest: Path, keep: int = 3) -> None:
    """Keep the last few bundles, so that going back and forth costs nothing and the disk lives."""
    others = [path for path in newest.parent.iterdir() if path.is_dir() and path != newest]
    others.sort(key=lambda path: path.stat().st_mtime, reverse=True)
    for path in others[keep - 1 :]:
        shutil.rmtree(path, ignore_errors=True)


def _run(command: list[str], purpose: str, **environment: str) -> None:
    done = subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        details = (done.stdout + done.stderr).strip()
        raise BundleError(f"Could not {purpose}:\n{details}")
