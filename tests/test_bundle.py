"""The browser bundle: complete, named by its content, and verified by its own lock file."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import subprocess
import sys
import zipfile
from typing import TYPE_CHECKING

import pytest

from tuneready.dataset.tokens import ENCODINGS, rank_file, read_ranks
from tuneready.site import bundle as bundling

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def made() -> bundling.Bundle:
    return bundling.bundle()


def test_holds_what_pages_ask_for(made: bundling.Bundle) -> None:
    folder = made.directory
    for name in (*bundling.PYODIDE_FILES, "pyodide-lock.json"):
        assert (folder / "py" / name).stat().st_size
    for name in ("tuneready.js", "engine.js", "engine.worker.js"):
        assert (folder / "js" / name).is_file()
    assert not list(folder.rglob("*.d.ts"))


def test_lock_names_the_wheels_with_their_hashes(made: bundling.Bundle) -> None:
    lock = json.loads((made.directory / "py" / "pyodide-lock.json").read_text())
    assert sorted(lock["packages"]) == ["msgspec", "python-stdnum", "tuneready"]
    assert lock["packages"]["tuneready"]["depends"] == []
    assert lock["packages"]["msgspec"]["depends"] == ["python-stdnum"]
    for package in lock["packages"].values():
        content = (made.directory / "py" / package["file_name"]).read_bytes()
        assert hashlib.sha256(content).hexdigest() == package["sha256"]
    own = json.loads((bundling.PYODIDE / "pyodide-lock.json").read_text())
    assert lock["info"] == own["info"]


def test_wheel_is_complete_without_yaml(made: bundling.Bundle) -> None:
    (wheel,) = made.directory.glob("py/tuneready-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        targets = json.loads(archive.read("tuneready/targets/targets.json"))
    assert targets
    assert "tuneready/locale/nl/LC_MESSAGES/tuneready.mo" in names
    assert all(name.startswith("tuneready") for name in names)


def test_ranks_stand_beside_the_wheel_and_not_in_it(made: bundling.Bundle) -> None:
    """In the order of the ranks; the native wheel has the published files instead."""
    (wheel,) = made.directory.glob("py/tuneready-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        assert not [name for name in archive.namelist() if "ranks" in name]
    assert wheel.stat().st_size < 1 << 20
    for encoding in ENCODINGS:
        content = (made.directory / "tokens" / f"{encoding}.ranks").read_bytes()
        file = rank_file(encoding)
        assert file is not None
        count = int.from_bytes(content[:4], "little")
        start = 4 + count
        for rank, (token, published) in enumerate(read_ranks(file).items()):
            assert rank == published
            size = content[4 + rank]
            assert content[start : start + size] == token
            start += size
        assert (rank + 1, start) == (count, len(content))


def test_a_native_wheel_has_the_published_ranks(tmp_path) -> None:
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(command, cwd=bundling.ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        for encoding, ranks in ENCODINGS.items():
            content = archive.read(f"tuneready/dataset/ranks/{encoding}.tiktoken")
            assert hashlib.sha256(content).hexdigest() == ranks.sha256


def test_numbers_come_with_their_licence_and_all_that_they_import(
    made: bundling.Bundle, tmp_path
) -> None:
    (wheel,) = made.directory.glob("py/python_stdnum-*.whl")
    assert wheel.stat().st_size < 40_000
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        assert b"LESSER GENERAL PUBLIC LICENSE" in archive.read(
            next(name for name in names if name.endswith("licenses/COPYING"))
        )
        archive.extractall(tmp_path)
    script = (
        "from tuneready.dataset.detectors.numbers import is_account, is_card, is_citizen_number\n"
        "import stdnum\n"
        "assert is_account('NL64TRIO0338720461') and not is_account('NL65TRIO0338720461')\n"
        "assert is_card('4539147803625715') and is_citizen_number('270418635')\n"
        "print(stdnum.__file__)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={"PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.startswith(str(tmp_path))


def test_same_sources_same_bytes(made: bundling.Bundle, tmp_path: Path) -> None:
    """Down to the snapshot of a started interpreter."""
    again = tmp_path / "again"
    assert bundling._assemble(again) == made.build_id


def test_list_has_the_hash_of_every_file(made: bundling.Bundle) -> None:
    written = (made.directory / "assets.json").read_bytes()
    listed = json.loads(written)["files"]
    files = {
        path.relative_to(made.directory).as_posix()
        for path in made.directory.rglob("*")
        if path.is_file()
    }
    assert set(listed) == files - {"assets.json"}
    for name, entry in listed.items():
        content = (made.directory / name).read_bytes()
        assert entry == {
            "sha256": hashlib.sha256(content).hexdigest(),
            "bytes": len(content),
            "packed": min(len(gzip.compress(content, 6)), len(content)),
        }


def test_build_id_vouches_for_the_list(made: bundling.Bundle, tmp_path: Path) -> None:
    written = (made.directory / "assets.json").read_bytes()
    assert len(made.build_id) == 32
    assert hashlib.sha256(written).hexdigest().startswith(made.build_id)
    (tmp_path / "a").write_text("one")
    before = bundling._write_list(tmp_path)
    (tmp_path / "assets.json").unlink()
    (tmp_path / "a").write_text("two")
    assert bundling._write_list(tmp_path) != before


def test_a_wheel_that_is_not_the_locked_one_is_thrown_away(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(bundling, "CACHE", tmp_path)
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    (wheels / "msgspec-0.0.0-py3-none-any.whl").write_bytes(b"something else")
    monkeypatch.setattr(bundling, "_run", lambda *_, **__: None)  # a download that brings nothing
    with pytest.raises(StopIteration):
        bundling._msgspec_wheel()
    assert not list(wheels.iterdir())


def test_browser_and_command_line_have_one_msgspec() -> None:
    pattern = re.compile(r"^msgspec==(\S+)", re.MULTILINE)
    locks = [bundling.ROOT / "requirements.lock", bundling.BROWSER_LOCK]
    versions = {pattern.search(path.read_text()).group(1) for path in locks}
    assert len(versions) == 1


def test_missing_pyodide_says_how_to_get_it(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(bundling, "PYODIDE", tmp_path)
    with pytest.raises(bundling.BundleError, match="make setup"):
        bundling._pyodide_info()
