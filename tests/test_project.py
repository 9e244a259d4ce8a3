"""`tuneready validate` on whole projects: every fault with its place, one line each, no traceback."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tuneready.cli import main

CASES = Path(__file__).parent / "cases" / "projects"
BROKEN_YAML = Path(__file__).parent / "cases" / "checklists" / "overrides"
FINE = "Checklists: 2, pages: 8, files of targets: 15. No faults.\n"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(CASES / "base", tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def validate(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    status = main(["validate", *arguments])
    out, err = capsys.readouterr()
    assert err == ""
    return status, out


def change(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


@pytest.mark.parametrize(
    "case", sorted(path for path in CASES.iterdir() if path.name != "base"), ids=lambda c: c.name
)
def test_a_broken_project_gets_every_fault(case: Path, project: Path, capsys) -> None:
    shutil.copytree(case, project, dirs_exist_ok=True)
    status, out = validate(capsys)
    if os.environ.get("TUNEREADY_REWRITE"):
        (case / "expected.txt").write_text(out, encoding="utf-8")
    assert out == (case / "expected.txt").read_text(encoding="utf-8")
    assert status == 1


def test_a_project_without_faults(project: Path, capsys) -> None:
    assert validate(capsys) == (0, FINE)


def test_a_project_elsewhere_is_named_as_the_caller_names_it(
    project: Path, capsys, monkeypatch
) -> None:
    (project / "docs/en/index.md").write_text("[x](gone.md)\n", encoding="utf-8")
    monkeypatch.chdir("/")
    status, out = validate(capsys, "--checklists", str(project / "checklists"))
    assert status == 1
    assert f'{project}/docs/en/index.md:1:5: "gone.md" leads to no file\n' in out
    monkeypatch.chdir(project / "checklists")
    status, out = validate(capsys, "--checklists", ".")
    assert "docs/en/index.md:1:5: " in out


def test_checklists_alone_need_no_pages(project: Path, capsys) -> None:
    shutil.rmtree(project / "docs")
    assert validate(capsys) == (0, FINE.replace("pages: 8", "pages: 0"))


# -- translations ---------------------------------------------------------------------------


def test_a_stale_translation_is_a_fault_until_it_changes_or_is_confirmed(
    project: Path, capsys
) -> None:
    assert validate(capsys, "--confirm-translations")[1].startswith("Translations confirmed: ")
    colours = project / "checklists/colours.yaml"
    page = project / "docs/en/guide/paint.md"
    change(colours, '"It is red."', '"It is bright red."')
    change(page, "## See { #how }\n", "## See { #how }\n\nWith a brush.\n")
    status, out = validate(capsys)
    assert status == 1
    stale = "the English has changed since this was written; bring it up to date, or run `tuneready validate --confirm-translations` if it still fits"
    assert out.splitlines() == [
        f"checklists/colours.yaml:10:41: {stale}",
        f"docs/nl/guide/paint.md:8:1: {stale}",
        "Faults: 2.",
    ]
    change(colours, '"Het is rood."', '"Het is knalrood."')
    assert [line.split(":")[0] for line in validate(capsys)[1].splitlines()[:-1]] == [
        "docs/nl/guide/paint.md"
    ]
    status, out = validate(capsys, "--confirm-translations")
    assert (status, out.splitlines()[1] + "\n") == (0, FINE)
    assert validate(capsys) == (0, FINE)


def test_white_space_comments_and_order_make_nothing_stale(project: Path, capsys) -> None:
    validate(capsys, "--confirm-translations")
    change(project / "docs/en/index.md", "See [", "<!-- see -->\nSee\n[")
    colours = project / "checklists/colours.yaml"
    text = colours.read_text(encoding="utf-8")
    start, end = text.index("  - id: blue"), text.index("  - id: green")
    moved = text[:start] + text[end : text.index("next_step")] + text[start:end]
    colours.write_text(moved + text[text.index("next_step") :], encoding="utf-8")
    assert validate(capsys) == (0, FINE)


def test_a_team_keeps_its_own_lock_and_upstreams_stays(project: Path, capsys) -> None:
    validate(capsys, "--confirm-translations")
    upstream = (project / "checklists/translations.json").read_bytes()
    own = project / "checklists/overrides"
    own.mkdir()
    (own / "colours.yaml").write_text('items:\n  red:\n    text: {en: "Crimson."}\n')
    status, out = validate(capsys)
    assert status == 1
    assert out.startswith(
        'checklists/overrides/colours.yaml:3:16: the English is your own and the text in "nl" upstream\'s; add yours, or run'
    )
    assert validate(capsys, "--confirm-translations")[0] == 0
    assert (project / "checklists/translations.json").read_bytes() == upstream
    lock = json.loads((own / "translations.json").read_text(encoding="utf-8"))
    assert list(lock) == ["colours/items/red/text"]
    assert set(lock["colours/items/red/text"]) == {"en", "nl"}
    assert validate(capsys)[0] == 0
    (own / "colours.yaml").unlink()  # back to upstream's, which fits as it did
    assert validate(capsys)[0] == 0


def test_english_of_ones_own_beside_upstreams_dutch_needs_no_lock(project: Path, capsys) -> None:
    own = project / "checklists/overrides"
    own.mkdir()
    (own / "colours.yaml").write_text('items:\n  red:\n    text: {en: "Crimson."}\n')
    status, out = validate(capsys)
    assert (status, out.count("the English is your own")) == (1, 1)
    assert validate(capsys, "--confirm-translations")[0] == 0


def test_a_third_language_falls_back_and_is_counted(project: Path, capsys) -> None:
    (project / "mkdocs.fr.yml").touch()
    (project / "docs/fr").mkdir()
    shutil.copy(project / "docs/en/shapes.md", project / "docs/fr")
    own = project / "checklists/overrides"
    own.mkdir()
    (own / "shapes.yaml").write_text('items: {round: {text: {fr: "C’est rond."}}}\n', "utf-8")
    status, out = validate(capsys)
    assert status == 0
    *notes, last = out.splitlines()
    assert last + "\n" == FINE.replace("pages: 8", "pages: 9")
    assert all(note.startswith("mkdocs.fr.yml:1:1: note: ") for note in notes)
    said = {note.removeprefix("mkdocs.fr.yml:1:1: note: ") for note in notes}
    assert {
        "pages shown in English: 3 of 4",
        "texts of checklists shown in English: 20 of 21",
    } <= said
    (project / "docs/fr/shapes.md").write_text("# Formes { #f }\n\n[x](gone.md) [y](colours.md)\n")
    assert "docs/fr/shapes.md:3:5: " in validate(capsys)[1]


def test_old_statements_are_notes(project: Path, capsys) -> None:
    status, out = validate(capsys, "--max-age", "1")
    assert status == 0
    *notes, last = out.splitlines()
    assert last + "\n" == FINE
    assert [line.partition(", ")[0] for line in notes if "colours" in line] == [
        "docs/en/colours.md:9:39: note: last checked on 2026-11-01",
        "docs/nl/colours.md:9:39: note: last checked on 2026-11-01",
    ]
    assert validate(capsys, "--max-age", "100000") == (0, FINE)


# -- as a program ---------------------------------------------------------------------------


def test_every_broken_override_ends_with_status_1_and_no_traceback(project: Path, capsys) -> None:
    own = project / "checklists/overrides"
    for case in sorted(BROKEN_YAML.glob("*.yaml")):
        shutil.rmtree(own, ignore_errors=True)
        own.mkdir()
        shutil.copy(case, own / f"{case.stem.partition('-')[0]}.yaml")
        status, out = validate(capsys)
        assert status == 1, case
        assert all(line.startswith(("checklists/", "Faults: ")) for line in out.splitlines()), case


def test_the_program_says_so_and_ends_with_status_1(project: Path) -> None:
    (project / "checklists/colours.yaml").write_text("a: &a [*a]\n", encoding="utf-8")
    command = [sys.executable, "-m", "tuneready", "validate", "--lang", "nl"]
    done = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, "")
    assert "checklists/colours.yaml:1:4: an anchor (`&a`); leave it out\n" in done.stdout


def test_this_project_has_no_faults(capsys, monkeypatch) -> None:
    monkeypatch.chdir(Path(__file__).parents[1])
    status, out = validate(capsys)
    assert (status, out.count("\n")) == (0, 1), out


def test_a_checklist_that_no_page_shows_is_a_note(project: Path, capsys) -> None:
    change(project / "checklists/colours.yaml", "path: colours/\n", "")
    change(project / "checklists/shapes.yaml", "path: shapes/\n", "")
    for language in ("en", "nl"):
        change(project / f"docs/{language}/shapes.md", '{{ checklist("shapes") }}', "")
        change(project / f"docs/{language}/guide/paint.md", "../shapes.md#round", "../shapes.md")
    status, out = validate(capsys)
    assert status == 0
    assert out.splitlines()[:-1] == [
        "checklists/colours.yaml:1:5: note: docs/en/colours.md shows this checklist; add `path: colours/`, for links to lead there",
        'checklists/shapes.yaml:1:5: note: no page shows this checklist; put {{ checklist("shapes") }} into one, and say its `path`',
    ]
