"""A real MkDocs build of a tiny project: what pages get, and what stops a build."""

from __future__ import annotations

import logging
import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
HOSTILE = "{{ 7*7 }} {% x %} a < `<img onerror=a>` [x] (javascript:y) *a _b_ | c [^SEED] [^NONE] ``` :smile: &amp;"
SHOWN = "{{ 7*7 }} {% x %} a &lt; <code>&lt;img onerror=a&gt;</code> [x] (javascript:y) *a _b_ | c [^SEED] [^NONE] ``` :smile: &amp;amp;"
FIRST_TEXT = "You can say in one sentence which task the model must do better, for whom, and on what kind of input."

CONFIG = """
site_name: Test
docs_dir: docs/en
site_dir: site
use_directory_urls: true
theme: {name: material, language: en, font: false}
extra:
  alternate: [{name: English, lang: en, link: ""}]
hooks: [hooks.py]
plugins:
  macros: {module_name: main, render_by_default: false, on_error_fail: true, on_undefined: strict}
markdown_extensions:
  - admonition
  - attr_list
  - footnotes
  - md_in_html
  - tables
  - pymdownx.superfences
  - pymdownx.inlinehilite
"""


@pytest.fixture
def project(tmp_path, monkeypatch):
    (tmp_path / "mkdocs.yml").write_text(CONFIG)
    main = "from tuneready.site import define_env, on_pre_page_macros\n"
    (tmp_path / "main.py").write_text(main)
    shutil.copy(ROOT / "macros/tuneready/site/hooks.py", tmp_path)
    shutil.copytree(ROOT / "checklists", tmp_path / "checklists")
    (tmp_path / "docs" / "en").mkdir(parents=True)
    shutil.copy(ROOT / "docs" / "sources.yml", tmp_path / "docs")
    monkeypatch.setenv("NO_MKDOCS_2_WARNING", "1")
    return tmp_path


def build(project, page):
    from mkdocs.commands.build import build
    from mkdocs.config import load_config

    (project / "docs" / "en" / "index.md").write_text(page, encoding="utf-8")
    build(load_config(str(project / "mkdocs.yml")))
    return (project / "site" / "index.html").read_text(encoding="utf-8")


def test_item_texts_appear_as_they_are_written(project):
    why = project / "checklists" / "why.yaml"
    text = why.read_text(encoding="utf-8")
    assert FIRST_TEXT in text
    why.write_text(text.replace(f'"{FIRST_TEXT}"', f"'{HOSTILE}'"), encoding="utf-8")
    html = build(
        project, '---\nrender_macros: true\n---\n# T\n\n{{ checklist("why") }}\n\nEnd *it*.'
    )
    assert SHOWN in html
    assert "<em>it</em>" in html
    assert "<img onerror" not in html
    assert 'class="footnote"' not in html


def test_a_page_without_macros_gets_its_footnotes_and_keeps_its_braces(project):
    html = build(project, "# T\n\nA `{{ bos_token }}` template.[^SEED] [^judgement]\n")
    assert "{{ bos_token }}" in html
    assert "read on 22 November 2026" in html
    assert "Our own judgement." in html


def test_an_unknown_source_stops_the_build(project, caplog):
    from mkdocs.exceptions import Abort

    with pytest.raises(Abort):
        build(project, "# T\n\nA claim.[^NOWHERE]\n")
    assert "index.md: cites what docs/sources.yml does not have: NOWHERE" in caplog.text


@pytest.mark.parametrize("macro", ['checklist("wy")', 'assessment("wy")', "chekclist('why')"])
def test_a_failing_macro_stops_the_build(project, macro, caplog):
    with caplog.at_level(logging.WARNING), pytest.raises(SystemExit) as caught:
        build(project, f"---\nrender_macros: true\n---\n# T\n\n{{{{ {macro} }}}}\n")
    assert caught.value.code == 100
    assert "wy" in caplog.text or "chekclist" in caplog.text


def test_a_broken_checklist_stops_the_build_and_says_where(project, caplog):
    from mkdocs.exceptions import Abort

    (project / "checklists" / "why.yaml").write_text("id: why\ntittle: x\n", encoding="utf-8")
    with pytest.raises(Abort):
        build(project, "# T\n")
    assert 'why.yaml:2:1: unknown key "tittle"; did you mean "title"?' in caplog.text
