"""One policy in every page, that allows the scripts of all pages and nothing else."""

from __future__ import annotations

import base64
import hashlib

import pytest

from tuneready.site.postprocess import PageError, _InlineScripts, _read, postprocess

PAGE = """<!doctype html><html><head><meta charset="utf-8"><script>{script}</script>
<script type="application/json">{{"data": 1}}</script><script src="a.js"></script></head>
<body>{body}</body></html>"""


def sha(script: str) -> str:
    digest = hashlib.sha256(script.encode()).digest()
    return "'sha256-" + base64.b64encode(digest).decode() + "'"


@pytest.fixture
def pages(tmp_path):
    (tmp_path / "nl").mkdir()
    (tmp_path / "index.html").write_text(PAGE.format(script="let a = 1 < 2", body="x"))
    (tmp_path / "nl" / "index.html").write_text(PAGE.format(script="let é = 2", body="y"))
    return tmp_path


def test_each_page_allows_the_scripts_of_all(pages) -> None:
    postprocess(pages)
    for path in pages.rglob("*.html"):
        html = path.read_text()
        assert sha("let a = 1 < 2") in html
        assert sha("let é = 2") in html
        assert html.count("sha256-") == 2  # neither the data nor the script with a source
        assert html.index("content-security-policy") < html.index("<script")
        assert html.index("<meta charset") < html.index("content-security-policy")


def test_doing_it_again_changes_nothing(pages) -> None:
    postprocess(pages)
    before = {path: path.read_bytes() for path in pages.rglob("*.html")}
    postprocess(pages)
    assert before == {path: path.read_bytes() for path in pages.rglob("*.html")}


def test_an_inline_handler_fails_the_build(tmp_path) -> None:
    (tmp_path / "bad.html").write_text(PAGE.format(script="", body='<p onclick="f()">'))
    with pytest.raises(PageError, match=r"bad\.html.*p onclick"):
        postprocess(tmp_path)


@pytest.mark.parametrize(
    ("body", "named"),
    [('<td style="color: red">', "td style"), ("<STYLE>p { color: red }</STYLE>", ": style")],
)
def test_an_inline_style_fails_the_build(tmp_path, body, named) -> None:
    (tmp_path / "bad.html").write_text(PAGE.format(script="", body=body))
    with pytest.raises(PageError, match=named):
        postprocess(tmp_path)


def test_aligned_cells_of_markdown_need_no_inline_style(tmp_path) -> None:
    from markdown import markdown

    table = markdown("| a | b |\n| --: | :-: |\n| 1 | 2 |", extensions=["tables"])
    assert table.count("style=") == 4
    shown = '&lt;td style="text-align: right;">'
    (tmp_path / "a.html").write_text(PAGE.format(script="let a", body=table + shown))
    postprocess(tmp_path)
    html = (tmp_path / "a.html").read_text()
    assert html.count('data-align="right"') == html.count('data-align="center"') == 2
    assert shown in html


def test_a_page_without_a_charset_fails_the_build(tmp_path) -> None:
    (tmp_path / "bare.html").write_text("<p>No head</p>")
    with pytest.raises(PageError, match="charset"):
        postprocess(tmp_path)


@pytest.mark.parametrize(
    "body",
    [
        '<p ONCLICK="f()">',
        "<p\n  onclick='f()'>",
        "<svg/onload=f()>",
        '<p title="a"onclick=f()>',
        '<p title="1 < 2" onfocus = "f()">',
    ],
)
def test_a_handler_is_found_however_it_is_written(tmp_path, body) -> None:
    (tmp_path / "bad.html").write_text(PAGE.format(script="", body=body))
    with pytest.raises(PageError, match=r"bad\.html"):
        postprocess(tmp_path)


@pytest.mark.parametrize(
    "body", ["<p>Turn it on = better", '<p data-on="x">', '<a href="?on=1">', "<p>a</p> on=1"]
)
def test_words_that_look_like_a_handler_are_none(tmp_path, body) -> None:
    (tmp_path / "good.html").write_text(PAGE.format(script="let a", body=body))
    postprocess(tmp_path)
    assert sha("let a") in (tmp_path / "good.html").read_text()


def test_scripts_cut_out_are_those_of_the_whole_page(site_dir) -> None:
    for path in site_dir.rglob("*.html"):
        html = path.read_text(encoding="utf-8")
        whole = _InlineScripts()
        whole.feed(html)
        whole.close()
        found = _read(html)
        assert (found.scripts, found.blocked) == (whole.scripts, whole.blocked), path
