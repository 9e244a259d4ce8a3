"""Whether an object is a JSON Schema of draft 7, as its meta-schema says it. No rule here.

Patterns are not compiled and addresses not taken apart: what reads them differs from program to
program.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuneready.locale import N_

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tuneready.finding import Path

TYPES = ("array", "boolean", "integer", "null", "number", "object", "string")

_TEXTS = (
    "$id",
    "$schema",
    "$ref",
    "$comment",
    "title",
    "description",
    "pattern",
    "format",
    "contentMediaType",
    "contentEncoding",
)
_NUMBERS = ("maximum", "exclusiveMaximum", "minimum", "exclusiveMinimum")
_COUNTS = (
    "maxLength",
    "minLength",
    "maxItems",
    "minItems",
    "maxProperties",
    "minProperties",
)
_BOOLEANS = ("readOnly", "uniqueItems")
_SCHEMAS = (
    "additionalItems",
    "contains",
    "additionalProperties",
    "propertyNames",
    "if",
    "then",
    "else",
    "not",
)
_LISTS_OF_SCHEMAS = ("allOf", "anyOf", "oneOf")
_NAMED_SCHEMAS = ("definitions", "properties", "patternProperties")

type _Fault = tuple[Path, Any, str]  # where, what is there, what was expected


def schema_faults(schema: Any, path: Path = ()) -> Iterator[_Fault]:
    """Yield every keyword whose value the meta-schema of draft 7 refuses.

    Nesting is that of the data, which is bounded before it is read.
    """
    if isinstance(schema, bool):
        return
    if not isinstance(schema, dict):
        yield path, schema, N_("a schema (an object)")
        return
    for key, value in schema.items():
        yield from _keyword_faults(key, value, (*path, key))


def _keyword_faults(key: str, value: Any, path: Path) -> Iterator[_Fault]:  # noqa: C901  one branch per kind of keyword
    wanted = _wanted(key, value)
    if wanted is not None:
        yield path, value, wanted
    elif key in _SCHEMAS:
        yield from schema_faults(value, path)
    elif key in _LISTS_OF_SCHEMAS or (key == "items" and isinstance(value, list)):
        for i, item in enumerate(value):
            yield from schema_faults(item, (*path, i))
    elif key == "items":
        yield from schema_faults(value, path)
    elif key in _NAMED_SCHEMAS:
        for name, item in value.items():
            yield from schema_faults(item, (*path, name))
    elif key == "dependencies":
        for name, item in value.items():
            if not isinstance(item, list):
                yield from schema_faults(item, (*path, name))
            elif not _is_names(item):
                yield (*path, name), item, N_("a list of different texts")


def _wanted(key: str, value: Any) -> str | None:
    """Return what a keyword should hold; None when its value is fine, as far as this level goes."""
    for names, fits, words in _PLAIN:
        if key in names:
            return None if fits(value) else words
    return None


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_count(value: Any) -> bool:
    return _is_number(value) and value >= 0 and (isinstance(value, int) or value.is_integer())


def _is_names(value: Any) -> bool:
    return (
        isinstance(value, list)
        and all(isinstance(name, str) for name in value)
        and len(set(value)) == len(value)
    )


def _is_types(value: Any) -> bool:
    if isinstance(value, str):
        return value in TYPES
    return _is_names(value) and bool(value) and all(name in TYPES for name in value)


_PLAIN: tuple[tuple[tuple[str, ...], Any, str], ...] = (
    (_TEXTS, lambda value: isinstance(value, str), N_("text")),
    (_NUMBERS, _is_number, N_("a number")),
    (_COUNTS, _is_count, N_("a whole number of zero or more")),
    (_BOOLEANS, lambda value: isinstance(value, bool), N_("true or false")),
    (("multipleOf",), lambda value: _is_number(value) and value > 0, N_("a number above zero")),
    (("examples", "enum"), lambda value: isinstance(value, list), N_("a list")),
    (("required",), _is_names, N_("a list of different texts")),
    (
        ("type",),
        _is_types,
        N_("array, boolean, integer, null, number, object or string, or a list of different ones"),
    ),
    (
        _LISTS_OF_SCHEMAS,
        lambda value: isinstance(value, list) and bool(value),
        N_("a list of one schema or more"),
    ),
    (
        ("items",),
        lambda value: not isinstance(value, list) or bool(value),
        N_("a schema, or a list of one or more"),
    ),
    (
        (*_NAMED_SCHEMAS, "dependencies"),
        lambda value: isinstance(value, dict),
        N_("an object of schemas"),
    ),
)
