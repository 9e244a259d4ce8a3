"""The lint of the browser's code refuses every way in which text could become HTML, style or program."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
ESLINT = ROOT / "node_modules/.bin/eslint"
STATIC = ROOT / "macros/tuneready/site/static"
REFUSED = [
    "element.innerHTML = text;",
    'element.innerHTML = "<b>even a text of ours</b>";',
    "element.innerHTML += text;",
    'element["innerHTML"] = text;',
    "const { innerHTML } = element;",
    "Object.assign(element, { innerHTML: text });",
    'Reflect.set(element, "innerHTML", text);',
    "element.outerHTML = text;",
    'element.insertAdjacentHTML("beforeend", text);',
    "element.setHTMLUnsafe(text);",
    "Document.parseHTMLUnsafe(text);",
    "document.write(text);",
    "document.writeln(text);",
    'new DOMParser().parseFromString(text, "text/html");',
    "document.createRange().createContextualFragment(text);",
    "frame.srcdoc = text;",
    'frame.setAttribute("srcdoc", text);',
    "new XSLTProcessor();",
    'document.execCommand("insertHTML", false, text);',
    "element.style.cssText = text;",
    'element.setAttribute("style", text);',
    'element.setAttribute("onclick", text);',
    'element.setAttributeNS(null, "ONLOAD", text);',
    "sheet.insertRule(text);",
    "sheet.replaceSync(text);",
    'document.createElement("script");',
    'document.createElement("STYLE");',
    'document.createElement("iframe");',
    'document.createElementNS(namespace, "script");',
    "eval(text);",
    "(0, eval)(text);",
    "window.eval(text);",
    "new Function(text);",
    "Function(text);",
    'setTimeout("text", 1);',
    "setTimeout(`${text}`, 1);",
    'window.setInterval("text", 1);',
    'link.href = "javascript:text";',
    "window.location = text;",
    "window.open(text);",
    "new RTCPeerConnection();",
    "element.innerHTML = text; // eslint-disable-line",
    "/* eslint-disable */ element.innerHTML = text;",
]
ALLOWED = [
    "element.textContent = text;",
    "element.append(text);",
    'element.replaceChildren(document.createElement("li"), text);',
    'element.setAttribute("aria-label", text);',
    'element.style.setProperty("--at", text);',
    "element.classList.add(text);",
    "setTimeout(() => text, 1);",
    'const one = "its inner words"; import(one);',
    "location.reload();",
]


def lint(code: str) -> dict[int, list[str]]:
    """The rules that each line of code of the page breaks."""
    done = subprocess.run(
        [ESLINT, "--format", "json", "--stdin", "--stdin-filename", STATIC / "js/tried.js"],
        cwd=ROOT,
        input=code,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in {0, 1}, done.stderr
    (file,) = json.loads(done.stdout)
    lines: dict[int, list[str]] = {}
    for one in file["messages"]:
        if one["severity"] == 2:
            lines.setdefault(one["line"], []).append(one["ruleId"] or one["message"])
    return lines


@pytest.fixture(scope="module")
def refused() -> dict[int, list[str]]:
    """All at once, because starting the linter takes longer than linting."""
    return lint("\n".join(REFUSED))


@pytest.mark.parametrize("number", range(len(REFUSED)), ids=REFUSED)
def test_what_turns_text_into_more_is_refused(refused: dict[int, list[str]], number: int) -> None:
    assert refused.get(number + 1), REFUSED[number]


def test_what_places_text_is_allowed() -> None:
    assert lint("\n".join(ALLOWED)) == {}


def test_a_refusal_names_its_rule() -> None:
    assert "no-restricted-properties" in lint("element.innerHTML = text;")[1]


def test_the_browsers_code_is_clean() -> None:
    done = subprocess.run(
        [ESLINT, "--max-warnings", "0", STATIC],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def test_make_check_runs_it() -> None:
    assert (
        "node_modules/.bin/eslint macros/tuneready/site/static" in (ROOT / "Makefile").read_text()
    )
