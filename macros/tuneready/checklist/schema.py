"""`checklists/schema.json`: what editors complete and underline from, written from the model.

JSON Schema 2020-12. The root is a checklist, which is what people add; `verdict.yaml` and
`pages.yaml` point to their own definitions. The strict reader finds more than a schema can say.

    python -m tuneready.checklist.schema checklists/schema.json
"""

from __future__ import annotations

import dataclasses
import json
import sys
import types
import typing
from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args, get_origin

from tuneready.checklist.model import Checklist, Id, Page, ScopeQuestion, VerdictModel
from tuneready.strictyaml import Shape, is_required, rest_of

type Json = dict[str, Any]


def schema() -> Json:
    """Return the schema as JSON data."""
    definitions: dict[str, Json] = {}
    pages = _schema(Mapping[Id, Page], definitions) | {
        "description": "Pages that checklists can point to: id -> page."
    }
    scope = _schema(Mapping[Id, ScopeQuestion], definitions) | {
        "description": "Questions about the whole case: id -> question."
    }
    _schema(VerdictModel, definitions)
    root = _schema(Checklist, definitions)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Tuneready checklist",
        **root,
        "$defs": dict(sorted((definitions | {"Pages": pages, "Scope": scope}).items())),
    }


def schema_of(kind: Any, title: str) -> Json:
    """Return the schema of a document of another kind: a dataclass."""
    definitions: dict[str, Json] = {}
    root = _schema(kind, definitions)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": title,
        **root,
        "$defs": dict(sorted(definitions.items())),
    }


def dumps() -> str:
    """Return the text of the file."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


_SCALARS: dict[Any, str] = {str: "string", bool: "boolean", int: "integer", float: "number"}


def _schema(hint: Any, definitions: dict[str, Json]) -> Json:
    if isinstance(hint, typing.TypeAliasType):
        return _schema(hint.__value__, definitions)
    arguments = get_args(hint)
    match get_origin(hint) or hint:
        case typing.Annotated:
            return _annotated(arguments, definitions)
        case typing.Union | types.UnionType:
            (inner,) = [option for option in arguments if option is not type(None)]
            return _schema(inner, definitions)
        case typing.Literal:
            return {"enum": list(arguments)}
        case origin if origin is tuple:
            return {"type": "array", "items": _schema(arguments[0], definitions)}
        case origin if origin is Mapping:
            return {
                "type": "object",
                "propertyNames": _schema(arguments[0], definitions),
                "additionalProperties": _schema(arguments[1], definitions),
            }
        case cls if dataclasses.is_dataclass(cls):
            return _reference(cls, definitions)
    return {"type": _SCALARS[hint]}


def _annotated(arguments: tuple[Any, ...], definitions: dict[str, Json]) -> Json:
    found = _schema(arguments[0], definitions)
    for extra in arguments[1:]:
        if isinstance(extra, Shape):
            found = found | {"pattern": f"^({_ecma(extra.pattern)})$"}
        elif isinstance(extra, str):
            found = found | {"description": extra}
    return found


def _ecma(pattern: str) -> str:
    """Return a pattern for engines without Python's DOTALL."""
    return pattern.replace(".*", r"[\s\S]*")


def _reference(cls: Any, definitions: dict[str, Json]) -> Json:
    name = cls.__name__
    if name not in definitions:
        definitions[name] = {}
        hints = typing.get_type_hints(cls, include_extras=True)
        fields = dataclasses.fields(cls)
        rest = next((field.name for field in fields if rest_of(hints[field.name])), None)
        others = _schema(hints[rest], definitions) if rest else {"additionalProperties": False}
        definitions[name] = {
            **others,
            "description": cls.__doc__,
            "type": "object",
            "properties": {
                field.name: _schema(hints[field.name], definitions) | _default(field)
                for field in fields
                if field.name != rest
            },
            "required": [
                *(field.name for field in fields if is_required(field, hints[field.name])),
                *(
                    key
                    for hint in hints.values()
                    if (found := rest_of(hint))
                    for key in found.required
                ),
            ],
        }
    return {"$ref": f"#/$defs/{name}"}


def _default(field: dataclasses.Field[Any]) -> Json:
    return {"default": field.default} if isinstance(field.default, bool | int | str) else {}


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(dumps(), encoding="utf-8")
