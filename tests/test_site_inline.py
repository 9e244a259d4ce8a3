"""Item texts become HTML by an allow-list: nothing else comes out, whatever goes in."""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tuneready.site.inline import inline

ALLOWED = {"code": (), "em": (), "strong": (), "a": ("href",)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain & <b>simple</b>", "plain &amp; &lt;b&gt;simple&lt;/b&gt;"),
        ("use `{{ x }}` now", "use <code>{{ x }}</code> now"),
        ("`<b>`", "<code>&lt;b&gt;</code>"),
        ("*not* and **never**", "<em>not</em> and <strong>never</strong>"),
        ("**see `x`**", "<strong>see <code>x</code></strong>"),
        ("2 * 3 * 4", "2 * 3 * 4"),
        ("2*3*4 and a_b_c", "2*3*4 and a_b_c"),
        ("[page](terms/#rag)", '<a href="terms/#rag">page</a>'),
        ("[a & b](https://x.example/?a=1&b=2)", '<a href="https://x.example/?a=1&amp;b=2">a &amp; b</a>'),
        ("two\n\n  lines", "two lines"),
        ("{{ 7*7 }} {% raw %} [^SEED] | :smile:", "{{ 7*7 }} {% raw %} [^SEED] | :smile:"),
        ("``` fence", "``` fence"),
    ],
)  # fmt: skip
def test_marks(text, expected):
    assert inline(text) == expected


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JavaScript:alert",
        "data:text/html,x",
        "vbscript:x",
        "//other.example/x",
        "/outside",
        "http:",
        "https:///x",
        "mailto:a@b.example",
        "https://[x",
        "java\u200bscript:x",
    ],
)
def test_other_addresses_stay_text(address):
    text = f"[label]({address})"
    assert inline(text) == html.escape(text)


def test_relative_addresses_are_resolved():
    assert inline("[x](terms/)", "../../{}".format) == '<a href="../../terms/">x</a>'


@given(
    st.text(
        st.sampled_from("ab *_`[]()<>&\"'/:{}%|#\\\n\t\0\u2028é") | st.characters(), max_size=80
    )
    | st.from_regex(r"\[[a-z]*\]\(\s*[a-zA-Z]{0,10}:?/{0,3}[^)]{0,12}\)", fullmatch=True)
)
def test_nothing_beyond_the_list(text):
    found = _Tags()
    found.feed(inline(text))
    found.close()
    for tag, attributes in found.tags:
        assert tag in ALLOWED
        assert all(name in ALLOWED[tag] for name in attributes)
        href = attributes.get("href")
        assert href is None or re.match(r"https?://|[^/:][^:]*$", href)
    # Every character is still there, as text, but for the marks and the white space.
    assert not found.other
    if not set(text) & set("*`["):
        assert html.unescape(inline(text)) == " ".join(text.split())


class _Tags(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.tags, self.other = [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_comment(self, data):
        self.other.append(data)

    handle_decl = handle_pi = unknown_decl = handle_comment
