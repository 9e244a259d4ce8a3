"""From JSON data to dataclasses, by their type hints. Standard library only: the browser reads so.

The data is trusted as far as the program is: it was written by the same build. What people write
goes through `strictyaml`, which reports every fault instead.
"""

from __future__ import annotations

import dataclasses
import functools
import types
import typing
from collections.abc import Mapping
from enum import Enum
from typing import TYPE_CHECKING, Any, get_args, get_origin

if TYPE_CHECKING:
    from collections.abc import Callable

type Builders = Mapping[Any, Callable[[Any], Any]]


def build(kind: Any, plain: Any, builders: Builders | None = None) -> Any:
    """Return plain data as a type; `builders` make the types that are written in a form of their own."""
    if isinstance(kind, typing.TypeAliasType):
        kind = kind.__value__
    match get_origin(kind), get_args(kind):
        case ((typing.Union | types.UnionType), (inner, *_)):
            return build(inner, plain, builders)
        case (typing.Annotated, (inner, *_)):
            return build(inner, plain, builders)
        case origin, (inner, *_) if origin is tuple:
            return tuple(build(inner, value, builders) for value in plain)
        case origin, (_, inner) if origin is Mapping:
            return {key: build(inner, value, builders) for key, value in plain.items()}
    if builders and kind in builders:
        return builders[kind](plain)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind(plain)
    if isinstance(kind, type) and dataclasses.is_dataclass(kind):
        hints = _hints(kind)
        given = {name: build(hints[name], value, builders) for name, value in plain.items()}
        for name in _left_out(kind):
            given.setdefault(name, None)
        return kind(**given)
    return plain


@functools.cache
def _hints(kind: Any) -> dict[str, Any]:
    return typing.get_type_hints(kind)


@functools.cache
def _left_out(kind: Any) -> tuple[str, ...]:
    """Return the fields that may be left out and have no default: they become None."""
    return tuple(
        field.name
        for field in dataclasses.fields(kind)
        if field.init and field.default is field.default_factory is dataclasses.MISSING
    )
