"""JSON Schema of an answers document, which the site publishes: for programs and editors.

JSON Schema 2020-12. `read_answers` is stricter in one point: it wants each key once.
"""

from __future__ import annotations

import json
from typing import Any

from tuneready.checklist.answers import Answers
from tuneready.checklist.schema import schema_of

type Json = dict[str, Any]


def answers_schema() -> Json:
    """Return the schema as JSON data."""
    found = schema_of(Answers, "Tuneready answers")
    found["$defs"]["Answers"]["required"] = ["schema"]
    return found


def dumps() -> str:
    """Return the text of the file."""
    return json.dumps(answers_schema(), indent=2, ensure_ascii=False) + "\n"
