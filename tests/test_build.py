"""The whole site: strict, complete, the same bytes each time, and served with both languages."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
import urllib.request
from pathlib import Path

import pytest

from tuneready.site.build import BuildError, build

ROOT = Path(__file__).resolve().parents[1]


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_the_same_sources_give_the_same_bytes(
    host: tuple[str, Path], site_dir: Path, site: str, tmp_path: Path, monkeypatch
) -> None:
    del host
    monkeypatch.setenv("SITE_URL", site)
    build(tmp_path)
    assert contents(tmp_path) == contents(site_dir)


def test_the_languages_share_one_bundle(site_dir: Path) -> None:
    assert len(list(site_dir.rglob("pyodide.asm.wasm"))) == 1
    (bundle,) = (site_dir / "assets" / "tuneready").iterdir()
    for page in ("index.html", "nl/index.html", "nl/decide/why/index.html"):
        assert f"assets/tuneready/{bundle.name}/js/tuneready.js" in (site_dir / page).read_text()


def test_every_page_has_its_translation(site_dir: Path) -> None:
    english = {path.relative_to(site_dir) for path in site_dir.rglob("*.html")}
    dutch = {path.relative_to(site_dir / "nl") for path in (site_dir / "nl").rglob("*.html")}
    assert {path for path in english if path.parts[0] != "nl"} == dutch
    # A page that falls back would be there as well, and say so.
    for path in (site_dir / "nl").rglob("*.html"):
        assert "<p class='tr-notice' lang=" not in path.read_text(encoding="utf-8"), path


def test_a_warning_fails_the_build(tmp_path: Path) -> None:
    config = tmp_path / "mkdocs.yml"
    (tmp_path / "docs/en").mkdir(parents=True)
    (tmp_path / "docs/index.md").write_text("[nowhere](nowhere.md)\n")
    config.write_text("site_name: Broken\nvalidation: {links: {not_found: warn}}\n")
    with pytest.raises(BuildError, match=r"mkdocs\.yml: .*strict mode"):
        build(tmp_path / "site", tmp_path)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_serve_answers_with_both_languages_and_tells_of_builds() -> None:
    port = free_port()
    command = [sys.executable, "-m", "tuneready", "serve", "--port", str(port)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
        # A build that hangs must not hang the tests.
        guard = threading.Timer(900, server.kill)
        guard.start()
        try:
            assert server.stdout is not None
            assert f"http://127.0.0.1:{port}/nl/" in server.stdout.readline()
            for path, title in (("", "Should you fine-tune"), ("nl/", "Moet je finetunen")):
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/{path}") as page:
                    html = page.read().decode()
                assert title in html
                assert '<script type="module" src="/-/reload.js">' in html
            events = urllib.request.urlopen(f"http://127.0.0.1:{port}/-/events")
            (ROOT / "docs" / "sources.yml").touch()
            assert any(line == b"data: built\n" for line in events)
            events.close()
        finally:
            guard.cancel()
            server.terminate()
