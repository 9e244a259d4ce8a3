"""The HTML of the pages is valid: Material's and Markdown's is put right, and ours was never wrong."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tuneready.site.markup import mended

ROOT = Path(__file__).parent.parent
# One page of each kind, in the language with the longer texts; `make axe` asks of all of them.
KINDS = (
    "",
    "404.html",
    "decide/",
    "decide/why/",
    "prepare/dataset-preparation/",
    "overview/",
    "compare/",
    "check/",
    "guide/cost/",
    "rules/",
    "rules/messages/",
    "targets/",
    "targets/openai/",
    "sources/",
    "customise/",
)


def validated(*pages: Path) -> subprocess.CompletedProcess[str]:
    command = ROOT / "node_modules/.bin/html-validate"
    config = ROOT / "tests/htmlvalidate.config.mjs"
    return subprocess.run(
        [command, "--config", config, *pages], capture_output=True, text=True, check=False
    )


def test_pages_of_every_kind_are_valid(site_dir: Path) -> None:
    pages = [site_dir / "nl" / kind for kind in KINDS]
    done = validated(*(page / "index.html" if page.is_dir() else page for page in pages))
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_validator_finds_what_is_wrong(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text('<!DOCTYPE html><html lang="en"><title>x</title><img src="a.png"></html>')
    done = validated(page)
    assert done.returncode == 1
    assert "wcag/h37" in done.stdout


@pytest.mark.parametrize(
    ("written", "better"),
    [
        ('<label class="x" tabindex="">', '<label class="x">'),
        ('<label for="__toc">', "<label>"),
        (
            '<label for="__toc"><input id="__toc">',
            '<label for="__toc"><input id="__toc">',
        ),
        (
            '<a href="x" title="Edit" class="md-content__button md-icon" rel="edit">',
            '<a href="x" title="Edit" aria-label="Edit" class="md-content__button md-icon">',
        ),
        ("<p>tabindex</p>", "<p>tabindex</p>"),
    ],
)
def test_markup_is_put_right(written: str, better: str) -> None:
    assert mended(written) == better
    assert mended(better) == better
