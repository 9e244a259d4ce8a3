"""The verdict's test vectors as data, for whoever runs them: CPython, the bridge, Pyodide.

A vector is a JSON file: `profile`; `base` (`ideal` answers everything as one would wish, `empty`
nothing); `changes` to it, where "unanswered" takes an answer away; a `scope`, if any; and what to
`expect`.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tuneready.checklist.model import to_plain

if TYPE_CHECKING:
    from tuneready.checklist.model import Guide

type Json = dict[str, Any]

VECTORS = sorted((Path(__file__).parent / "cases" / "checklists" / "vectors").glob("*.json"))


def read_vector(path: Path) -> Json:
    vector: Json = json.loads(path.read_text(encoding="utf-8"))
    return vector


def answers_of(vector: Json, guide: Guide) -> dict[str, str]:
    """Return the answers that a vector stands for."""
    answers = ideal(guide, vector["profile"]) if vector["base"] == "ideal" else {}
    answers |= vector["changes"]
    return {item: answer for item, answer in answers.items() if answer != "unanswered"}


def ideal(guide: Guide, profile: str) -> dict[str, str]:
    """Answer yes to every statement and no to every warning sign."""
    return {
        item.id: "yes" if item.kind == "ready" else "no"
        for checklist in guide.of_profile(profile)
        for item in checklist.items
    }


def expected(vector: Json) -> Json:
    """Return what `outcome` must say."""
    nothing = {"redirects": [], "provisional": False, "contradictions": [], "left_out": []}
    return {**nothing, **vector["expect"]}


def outcome(described: Json) -> Json:
    """Return the part of a described assessment that vectors speak about."""
    return {
        "verdict": described["verdict"],
        "rule": described["rule"],
        "provisional": described["provisional"],
        "coverage": described["coverage"],
        "score": described["score"],
        "blocker_gaps": sum(gap["blocker"] for gap in described["gaps"]),
        "redirects": [redirect["page"] for redirect in described["redirects"]],
        "contradictions": [pair["items"][0] for pair in described["contradictions"]],
        "left_out": [item["item"] for item in described["left_out"]],
        "changes": [[change["verdict"], change["count"]] for change in described["changes"]],
    }


def requests(guide: Guide, language: str) -> list[Json]:
    """Return every vector as the page would ask it: guide, profile, answers and what to expect."""
    return [
        {
            "name": path.stem,
            "guide": to_plain(guide, language, vector["profile"]),
            "profile": vector["profile"],
            "answers": answers_of(vector, guide),
            "scope": vector.get("scope", {}),
            "language": language,
            "expect": expected(vector),
        }
        for path in VECTORS
        for vector in [read_vector(path)]
    ]
