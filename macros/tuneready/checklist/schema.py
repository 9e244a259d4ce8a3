"""`checklists/schema.json`: what editors complete and underline from, written from the types.

JSON Schema 2020-12. The root is a checklist, which is what people add; every other kind of file
points to its own definition in its first line:

    # yaml-language-server: $schema=schema.json#/$defs/VerdictModel

The strict reader finds more than a schema can say.

    python -m tuneready.checklist.schema checklists/schema.json
"""

from __future__ import annotations

import dataclasses
import json
import sys
import types
import typing
from collections.abc import Mapping, Sequence
from enum import Enum
from pathlib import Path
from typing import Any, get_args, get_origin

from tuneready.checklist.model import Checklist, Id, Page, ScopeQuestion, VerdictModel
from tuneready.checklist.overrides import (
    ChecklistChange,
    NewChecklist,
    PagesChange,
    ScopeChange,
    VerdictChange,
)
from tuneready.strictyaml import Refused, Shape, is_required, rest_of

type Json = dict[str, Any]


def _files() -> Mapping[str, tuple[Any, str]]:
    """Return the definition of each kind of file but a checklist: name -> type and description."""
    from tuneready.site.sources import Source
    from tuneready.targets.base import Common, Provider

    return {
        "VerdictModel": (VerdictModel, "How answers become a verdict: verdict.yaml."),
        "Pages": (Mapping[Id, Page], "Pages that checklists can point to: id -> page."),
        "Scope": (Mapping[Id, ScopeQuestion], "Questions about the whole case: id -> question."),
        "NewChecklist": (NewChecklist, "A checklist of a team's own, among the overrides."),
        "ChecklistChange": (ChecklistChange, "What differs from an upstream checklist."),
        "VerdictModelChange": (VerdictChange, "What differs from upstream's verdict.yaml."),
        "PagesChange": (PagesChange, "What differs from upstream's pages.yaml."),
        "ScopeChange": (ScopeChange, "What differs from upstream's scope.yaml."),
        "Sources": (Mapping[str, Source], "What the pages cite: key -> source."),
        "Provider": (Provider, "A provider or a tool, with its targets."),
        "Common": (Common, "What holds for every target."),
    }


def schema() -> Json:
    """Return the schema as JSON data."""
    definitions = _Definitions()
    root = definitions.of(Checklist)
    for name, (kind, description) in _files().items():
        found = definitions.of(kind)
        if "$ref" not in found:
            definitions.found[name] = found | {"description": description}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Tuneready checklist",
        **root,
        "$defs": dict(sorted(definitions.found.items())),
    }


def schema_of(kind: Any, title: str) -> Json:
    """Return the schema of a document of another kind: a dataclass."""
    definitions = _Definitions()
    root = definitions.of(kind)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": title,
        **root,
        "$defs": dict(sorted(definitions.found.items())),
    }


def dumps() -> str:
    """Return the text of the file."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


_SCALARS: dict[Any, str] = {str: "string", bool: "boolean", int: "integer", float: "number"}


class _Definitions:
    """The definitions made so far, one for each dataclass."""

    def __init__(self) -> None:
        self.found: dict[str, Json] = {}
        self._names: dict[Any, str] = {}

    def of(self, hint: Any) -> Json:
        """Return the schema of a hint, defining the dataclasses that it needs."""
        if isinstance(hint, typing.TypeAliasType):
            return self.of(hint.__value__)
        arguments = get_args(hint)
        match get_origin(hint) or hint:
            case typing.Annotated:
                return self._annotated(arguments)
            case typing.Union | types.UnionType:
                (inner,) = [option for option in arguments if option is not type(None)]
                return self.of(inner)
            case typing.Literal:
                return {"enum": list(arguments)}
            case typing.Any:
                return {}
            case origin if origin in (tuple, list, frozenset, Sequence):
                return {"type": "array", "items": self.of(arguments[0])}
            case origin if origin is Mapping:
                return {
                    "type": "object",
                    "propertyNames": self.of(arguments[0]),
                    "additionalProperties": self.of(arguments[1]),
                }
            case kind if dataclasses.is_dataclass(kind):
                return self._reference(kind)
            case kind if isinstance(kind, type) and issubclass(kind, Enum):
                return {"enum": [member.value for member in kind]}
        return {"type": _SCALARS[hint]}

    def _annotated(self, arguments: tuple[Any, ...]) -> Json:
        found = self.of(arguments[0])
        for extra in arguments[1:]:
            if isinstance(extra, Shape):
                found = found | {"pattern": f"^({_ecma(extra.pattern)})$"}
            elif isinstance(extra, Refused):
                found = found | {"not": {}}
            elif isinstance(extra, str):
                found = found | {"description": extra}
        return found

    def _reference(self, cls: Any) -> Json:
        if cls not in self._names:
            name = cls.__name__
            if name in self.found:  # two modules use one word: a source
                name = f"{cls.__module__.split('.')[1].capitalize()}{name}"
            self._names[cls] = name
            self.found[name] = {}
            self.found[name] = self._dataclass(cls)
        return {"$ref": f"#/$defs/{self._names[cls]}"}

    def _dataclass(self, cls: Any) -> Json:
        hints = typing.get_type_hints(cls, include_extras=True)
        fields = dataclasses.fields(cls)
        rest = next((field.name for field in fields if rest_of(hints[field.name])), None)
        others = self.of(hints[rest]) if rest else {"additionalProperties": False}
        required = [field.name for field in fields if is_required(field, hints[field.name])]
        for hint in hints.values():
            if found := rest_of(hint):
                required += found.required
        return {
            **others,
            "description": cls.__doc__,
            "type": "object",
            "properties": {
                field.name: self.of(hints[field.name]) | _default(field)
                for field in fields
                if field.name != rest
            },
            "required": required,
        }


def _ecma(pattern: str) -> str:
    """Return a pattern for engines without Python's DOTALL."""
    return pattern.replace(".*", r"[\s\S]*")


def _default(field: dataclasses.Field[Any]) -> Json:
    return {"default": field.default} if isinstance(field.default, bool | int | str) else {}


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(dumps(), encoding="utf-8")
