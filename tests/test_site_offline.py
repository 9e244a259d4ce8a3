"""The list of what a reader keeps: complete, exact, the same for the same files, and switched off whole."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tuneready.site.languages import site_languages
from tuneready.site.offline import LIST, NOTICE, WORKER, build_of, is_kept, listing, publish

ROOT = Path(__file__).resolve().parents[1]
STATIC = ROOT / "macros/tuneready/site/static"
LANGUAGES = site_languages(ROOT)
BUILT = 1_795_305_600  # 22 November 2026
FILES = {
    "index.html": b"<p>start",
    "404.html": b"<p>missing",
    "nl/index.html": b"<p>begin",
    "assets/tuneready/0123abcd/py/python.wasm": b"\0asm" * 100,
    "search/search_index.json": b"{}",
    "empty.txt": b"",
}


def write(folder: Path, files: dict[str, bytes]) -> Path:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder


@pytest.fixture
def site(tmp_path: Path) -> Path:
    return write(tmp_path / "site", FILES)


def test_lists_every_file_with_its_hash_and_bytes(site):
    made = listing(site, LANGUAGES, built=BUILT)
    assert made["files"] == {
        name: {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
        for name, content in FILES.items()
    }
    assert made["bytes"] == sum(map(len, FILES.values()))
    assert made["date"] == "2026-11-22"


def test_speaks_every_language_and_names_its_page(site):
    languages = listing(site, LANGUAGES, built=BUILT)["languages"]
    assert languages["en"] == {"page": "offline/", "notice": NOTICE}
    assert languages["nl"]["page"] == "nl/offline/"
    for language in languages.values():
        assert set(language["notice"]) == set(NOTICE)
    for language in LANGUAGES:
        assert (language.docs / "offline.md").is_file()


@pytest.mark.parametrize(
    "name",
    ["_headers", ".nojekyll", "CNAME", "sitemap.xml.gz", "nl/sitemap.xml.gz", "a/b.js.map", LIST],
)
def test_leaves_out_what_no_page_asks_for(site, name):
    before = listing(site, LANGUAGES, built=BUILT)
    write(site, {name: b"x"})
    assert listing(site, LANGUAGES, built=BUILT) == before


@pytest.mark.parametrize("name", ["py/snapshot.bin.gz", "a/offline.json.txt", "mapped/index.html"])
def test_keeps_what_only_looks_like_it(name):
    assert is_kept(name)


def test_the_same_files_are_the_same_version_whenever_they_are_built(site):
    one, other = (listing(site, LANGUAGES, built=built) for built in (BUILT, BUILT + 86_400 * 40))
    assert one["build"] == other["build"]
    assert one["date"] != other["date"]


@given(st.sampled_from(sorted(FILES)), st.binary(max_size=8))
def test_any_other_content_is_another_version(name, content):
    def of(files):
        return {one: {"sha256": hashlib.sha256(data).hexdigest()} for one, data in files.items()}

    same = FILES[name] == content
    assert (build_of(of(FILES)) == build_of(of({**FILES, name: content}))) is same
    assert build_of(of(FILES)) == build_of(dict(reversed(of(FILES).items())))
    without = {one: data for one, data in FILES.items() if one != name}
    assert build_of(of(FILES)) != build_of(of(without))
    assert build_of(of(FILES)) != build_of(of({**without, f"{name}x": FILES[name]}))


def test_publishes_the_worker_and_the_list_and_again_the_same(site):
    publish(site, LANGUAGES, offered=True, built=BUILT)
    assert (site / WORKER).read_bytes() == (STATIC / "sw.js").read_bytes()
    text = (site / LIST).read_text(encoding="utf-8")
    assert not {WORKER, LIST} & set(json.loads(text)["files"])
    publish(site, LANGUAGES, offered=True, built=BUILT)
    assert (site / LIST).read_text(encoding="utf-8") == text


def test_switched_off_it_publishes_what_removes_itself_and_no_list(site):
    publish(site, LANGUAGES, offered=True, built=BUILT)
    publish(site, LANGUAGES, offered=False, built=BUILT)
    assert (site / WORKER).read_bytes() == (STATIC / "sw-off.js").read_bytes()
    assert not (site / LIST).exists()


@pytest.mark.parametrize("name", ["sw.js", "sw-off.js"])
def test_the_worker_sends_nothing_of_its_own(name):
    # No policy of a page binds it: it may only pass on what a page asks for.
    code = re.sub(
        r"/\*.*?\*/|//[^\n]*", "", (STATIC / name).read_text(encoding="utf-8"), flags=re.DOTALL
    )
    assert set(re.findall(r"\bfetch\(([^)]*)\)", code)) <= {"request"}
    ways = r"importScripts|\bimport\b|XMLHttpRequest|WebSocket|EventSource|sendBeacon|WebTransport|eval"
    assert not re.search(ways, code)


def test_the_setting_stands_in_the_configuration():
    assert "\nextra:\n" in (text := (ROOT / "mkdocs.yml").read_text(encoding="utf-8"))
    assert "  offline: true\n" in text


@pytest.mark.browser
def test_the_built_site_lists_what_it_has(site_dir):
    made = json.loads((site_dir / LIST).read_text(encoding="utf-8"))
    assert made == listing(site_dir, LANGUAGES, built=_time(made["date"]))
    pages = {path.relative_to(site_dir).as_posix() for path in site_dir.rglob("*.html")}
    assert pages <= set(made["files"])
    assert any(name.endswith("pyodide.asm.wasm") for name in made["files"])
    for language in made["languages"].values():
        assert language["page"] + "index.html" in made["files"]


def _time(day: str) -> int:
    from datetime import UTC, datetime

    return int(datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp())
