"""The browser bundle: complete, named by its content, and verified by its own lock file."""

from __future__ import annotations

import hashlib
import json
import re
import zipfile

import pytest

from tuneready.site import bundle as bundling


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
    assert sorted(lock["packages"]) == ["msgspec", "tuneready"]
    assert lock["packages"]["tuneready"]["depends"] == []
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


def test_same_sources_same_bytes(made: bundling.Bundle, tmp_path) -> None:
    again = tmp_path / "again"
    bundling._assemble(again)
    assert bundling._content_id(again) == made.build_id


def test_content_id_follows_the_content(tmp_path) -> None:
    (tmp_path / "a").write_text("one")
    before = bundling._content_id(tmp_path)
    (tmp_path / "a").write_text("two")
    assert bundling._content_id(tmp_path) != before


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
