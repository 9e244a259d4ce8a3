"""What stands aside while Markdown is read comes back as it was, with its anchors."""

from __future__ import annotations

from types import SimpleNamespace

import markdown

from tuneready.site.aside import bring_back, set_aside

BLOCK = (
    "<div class='tr-block'><form id=\"one\"><input id='two' hidden> &amp; [^no] *no*</form></div>"
)


def test_a_block_comes_back_as_it_was():
    page = SimpleNamespace(present_anchor_ids={"title"})
    text = f"# Title\n\nBefore.\n\n{set_aside(BLOCK)}\n\nAfter.\n"
    direct = f"# Title\n\nBefore.\n\n{BLOCK}\n\nAfter.\n"
    extensions = ["md_in_html", "attr_list", "footnotes"]
    html = markdown.markdown(text, extensions=extensions)
    assert "form" not in html
    assert bring_back(html, page) == markdown.markdown(direct, extensions=extensions)
    assert page.present_anchor_ids == {"title", "one", "two"}


def test_two_blocks_keep_their_places():
    page = SimpleNamespace(present_anchor_ids=None)
    first, second = set_aside("<div>1</div>"), set_aside("<div>2</div>")
    assert bring_back(f"{second} {first}", page) == "<div>2</div> <div>1</div>"
    assert bring_back("<p>Nothing aside.</p>", page) == "<p>Nothing aside.</p>"
