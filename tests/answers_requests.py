"""Every request of the page about documents of answers, for whoever asks them: CPython, Pyodide."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from answers_documents import GUIDE, answered

from tuneready.checklist.answers import Answers, plain
from tuneready.checklist.load import load_guide
from tuneready.checklist.model import to_plain
from tuneready.checklist.share import encode

type Json = dict[str, Any]

CASES = Path(__file__).parent / "cases" / "answers"
ADDRESS = "https://example.org/overview/#answers="
EMPTY = plain(Answers())


def requests(language: str) -> list[Json]:
    """Return the requests in the order of a conversation; some of them are refused."""
    small = load_guide(CASES / "checklists")
    hostile = _read("hostile/answers.json")
    team = [_read(f"team/{name}.json") for name in ("ann", "bo")]
    complete = plain(answered(GUIDE, words=True))
    fragment = encode(answered(GUIDE))
    return [
        *_about(hostile, to_plain(small, language), language),
        _asked("compare", to_plain(small, language), language, documents=[hostile, *team]),
        *_about(complete, to_plain(GUIDE, language), language),
        _asked("compare", None, language, documents=[complete, complete]),
        _asked("open-link", None, language, document=complete, link=ADDRESS + fragment),
        _asked("open-link", None, language, document=EMPTY, link=fragment[:-9]),
        _asked("open-link", None, language, document=EMPTY, link="2" + fragment),
        _asked("import", None, language, document=complete, file="x", text="{"),
        _asked("compare", None, language, documents=[complete]),
    ]


def _read(name: str) -> Json:
    found: Json = json.loads((CASES / name).read_text(encoding="utf-8"))
    return found


def _about(document: Json, guide: Json, language: str) -> list[Json]:
    """Return what can be asked about one document; the guide comes along once."""
    first = (CASES / "team" / "cy.json").read_text(encoding="utf-8")
    text = json.dumps(document)
    return [
        _asked("overview", guide, language, document=document),
        _asked("share", None, language, document=document, notes=False, address=ADDRESS),
        _asked("share", None, language, document=document, notes=True, address=ADDRESS),
        _asked("import", None, language, document=document, file="cy.json", text=first),
        _asked("import", None, language, document=EMPTY, file="own.json", text=text),
        _asked("export", None, language, document=document, format="markdown"),
        _asked("export", None, language, document=document, format="csv"),
    ]


def _asked(kind: str, guide: Json | None, language: str, **more: Any) -> Json:
    return {"type": kind, "guide": guide, "language": language, **more}
