"""Markdown in which nothing of the data acts: checked with a Markdown parser, not by eye."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from typing import Any

import pytest
from markdown_it import MarkdownIt

from tuneready.dataset.checker import Checker
from tuneready.dataset.recognition import AutoChecker
from tuneready.dataset.report import document
from tuneready.output.markdown import format_markdown
from tuneready.targets import find_target

GOOD = {"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "x"}]}
HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[link](javascript:alert(1))",
    "![picture](https://evil.example/a.png)",
    "`code` ``` ````",
    "| a | b |\n| --- | --- |",
    "**bold** _it_ ~~no~~ # head",
    "@someone #12 https://evil.example/",
    "</details></code></pre>",
    "\x1b[31mred\x1b[0m \u202e",
    "&lt;b&gt; &#64;",
    "````text\nout\n````",
]


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def report_on(role: str, file: str = "x.jsonl") -> dict[str, Any]:
    bad = json.loads(json.dumps(GOOD))
    bad["messages"][0]["role"] = role
    bad[role] = 1
    checker = Checker(find_target("openai/sft"), file=file)
    checker.feed(b"".join(json.dumps(record).encode() + b"\n" for record in [GOOD] * 3 + [bad] * 8))
    return document([checker.close()], "en")


@pytest.mark.parametrize("hostile", HOSTILE)
def test_nothing_of_the_data_acts(hostile: str) -> None:
    text = format_markdown(report_on(hostile, f"{hostile.replace('/', '')}.jsonl"), "en")
    harmless = format_markdown(report_on("harmless", "harmless.jsonl"), "en")
    assert tags(text) == tags(harmless)
    assert not set(re.findall(r"[\x00-\x09\x0b-\x1f\x7f\u202a-\u202e]", text))


def tags(text: str) -> list[str]:
    """Return the names of the elements that stand outside code."""
    html = MarkdownIt("commonmark").enable("table").render(text)
    parser = Tags()
    parser.feed(html)
    for tag, attributes in parser.found:
        assert not any(name.startswith("on") for name in attributes), attributes
        assert tag not in ("script", "img", "iframe")
        if tag == "a":
            assert "evil" not in str(attributes.get("href"))
    return [tag for tag, _ in parser.found]


def test_it_holds_what_a_reader_needs() -> None:
    text = format_markdown(report_on("asistant"), "en")
    assert text.startswith("## `x.jsonl`: not ready for openai/sft; errors: ")
    assert re.search(
        r"^\| error \| TR303 unknown-role \| A role is not known \| 8 \| line 4 \|$",
        text,
        re.MULTILINE,
    )
    assert "4:24 (byte " in text
    assert 'The role is "asistant"; expected one of' in text
    assert "**Remedy:**" in text
    assert "**Next:** Repair the errors, " in text
    assert text.endswith("\n")


def test_a_matrix() -> None:
    checker = AutoChecker(file="x.jsonl")
    checker.feed(json.dumps(GOOD).encode() + b"\n")
    text = format_markdown(document([checker.close()], "en"), "en")
    assert "Format: a chat (certain)." in text
    assert re.search(r"^\| yes \| trl/sft \|  \|$", text, re.MULTILINE)
    assert re.search(r"^\| no \| azure-openai/rft \| `.*` \|$", text, re.MULTILINE)


def test_dutch() -> None:
    text = format_markdown(report_on("asistant"), "nl")
    assert "niet klaar voor openai/sft" in text
