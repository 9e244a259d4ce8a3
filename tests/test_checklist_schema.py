"""`schema.json`: it is fresh, every YAML file fits it, and editors underline what is wrong."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from tuneready.checklist import schema

TOP = Path(__file__).parent.parent
SCHEMA = TOP / "checklists" / "schema.json"
GUIDE = Path(__file__).parent / "cases" / "checklists" / "broken" / "guide"
FILES = sorted(
    [
        *(TOP / "checklists").rglob("*.yaml"),
        *(TOP / "macros/tuneready/targets").glob("*.yaml"),
        TOP / "docs" / "sources.yml",
    ]
)
FIRST_LINE = re.compile(r"# yaml-language-server: \$schema=(\S+?)(#/\$defs/\w+)?\n")

WHY = TOP / "checklists" / "why.yaml"
TEXT = {"en": "One.", "nl": "Eén."}
ITEM = {"id": "mine", "kind": "ready", "text": TEXT}
LIST = {"id": "mine", "phase": "decide", "title": TEXT, "intro": TEXT, "items": [ITEM]}


def faults(document: Any, definition: str | None = None) -> list[str]:
    """Say where a document does not fit, as an editor would underline it."""
    checked = schema.schema()
    if definition:
        checked["$ref"] = f"#/$defs/{definition}"
    found = jsonschema.Draft202012Validator(checked).iter_errors(document)
    return sorted("/".join(map(str, error.path)) for error in found)


def test_schema_json_is_fresh() -> None:
    assert SCHEMA.read_text(encoding="utf-8") == schema.dumps(), "run: make schema"
    jsonschema.Draft202012Validator.check_schema(schema.schema())


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.relative_to(TOP).as_posix())
def test_every_file_fits_the_schema_that_it_names(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    named = FIRST_LINE.match(text)
    assert named
    assert (file.parent / named[1]).resolve() == SCHEMA
    definition = named[2].removeprefix("#/$defs/") if named[2] else None
    assert faults(yaml.safe_load(text), definition) == []


@pytest.mark.parametrize(
    ("file", "definition"), [("verdict", "VerdictModel"), ("pages", "Pages"), ("shapes", None)]
)
def test_the_small_guide_fits(file: str, definition: str | None) -> None:
    text = (GUIDE / f"{file}.yaml").read_text(encoding="utf-8")
    assert faults(yaml.safe_load(text), definition) == []


STEP = {"page": "rag", "text": TEXT}


@pytest.mark.parametrize(
    ("document", "definition"),
    [
        (LIST | {"next_step": STEP}, None),
        (LIST | {"next_step": STEP, "after": "why"}, "NewChecklist"),
        ({}, "ChecklistChange"),
        (
            {"items": {"x": {"weight": 3, "text": {"nl": "Ja."}}, "y": {"hide": True}}},
            "ChecklistChange",
        ),
        ({"add": [ITEM | {"after": "x"}], "title": {"pt-BR": "Um"}}, "ChecklistChange"),
        ({"thresholds": {"ready_phase": 0.9}}, "VerdictModelChange"),
        ({"rag": {"path": "guide/rag/"}}, "PagesChange"),
        ({"method": {"options": {"sft": {"nl": "SFT"}}}}, "ScopeChange"),
    ],
)
def test_what_is_right_fits(document: Any, definition: str | None) -> None:
    assert faults(document, definition) == []


@pytest.mark.parametrize(
    ("document", "definition", "where"),
    [
        (LIST, None, ""),  # no next step
        (LIST | {"next_step": STEP, "after": "why"}, None, ""),  # only among the overrides
        (LIST | {"next_step": STEP, "phase": "decision"}, None, "phase"),
        (LIST | {"next_step": STEP, "title": {"en": "One."}}, None, "title"),
        (LIST | {"next_step": STEP, "title": TEXT | {"n1": "Een."}}, None, "title"),
        (LIST | {"next_step": STEP, "title": TEXT | {"nl": " "}}, None, "title/nl"),
        (LIST | {"next_step": STEP, "id": "Mine"}, None, "id"),
        (LIST | {"next_step": STEP, "path": "/mine/"}, None, "path"),
        (LIST | {"next_step": STEP, "items": [ITEM | {"wieght": 1}]}, None, "items/0"),
        (LIST | {"next_step": STEP, "items": [ITEM | {"weight": 4}]}, None, "items/0/weight"),
        (LIST | {"next_step": STEP, "items": [ITEM | {"blocker": "yes"}]}, None, "items/0/blocker"),
        ({"id": "why"}, "ChecklistChange", "id"),
        ({"items": {"x": {"kind": "ready"}}}, "ChecklistChange", "items/x/kind"),
        ({"items": {"x": {"hidden": True}}}, "ChecklistChange", "items/x"),
        ({"items": [{"id": "x"}]}, "ChecklistChange", "items"),
        ({"add": [{"id": "x"}]}, "ChecklistChange", "add/0"),
        ({"thresholds": {"ready": 0.9}}, "VerdictModelChange", "thresholds"),
        ({"outcomes": {"almost": {}}}, "VerdictModelChange", "outcomes"),
        ({"rag": {"path": "https://example.org/"}}, "PagesChange", "rag/path"),
        ({"method": {"option": {}}}, "ScopeChange", "method"),
        ({"X": {"title": "T", "url": "javascript:x"}}, "Sources", "X"),
        ({"provider": "x"}, "Provider", ""),
    ],
)
def test_what_is_wrong_is_underlined(document: Any, definition: str | None, where: str) -> None:
    assert where in faults(document, definition)


# Types of the targets say in comments what their keys mean; those of the checklists tell editors.
OF_CHECKLISTS = [
    name
    for name in json.loads(SCHEMA.read_text(encoding="utf-8"))["$defs"]
    if re.search("Checklist|Item|Text|Step|Verdict|Threshold|Profile|Page|Scope|^Source$", name)
]


@pytest.mark.parametrize("name", OF_CHECKLISTS)
def test_every_key_tells_editors_what_it_means(name: str) -> None:
    definition = schema.schema()["$defs"][name]
    for key, found in definition.get("properties", {}).items():
        assert found.get("description"), f"{name}.{key}"
