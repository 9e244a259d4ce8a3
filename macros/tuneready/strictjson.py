"""A strict reader for the JSON files that people hand in.

Type hints say what is expected: dataclasses whose fields are the keys, `Literal`, `Mapping`,
`tuple`, and `Annotated[str, Shape(…)]`. The first fault ends the reading: one sentence with the
place, what is there and what was expected. No text makes it raise anything else. Standard library
only: the page reads with it, too.
"""

from __future__ import annotations

import dataclasses
import functools
import json
import re
import types
import typing
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, get_args, get_origin

from tuneready.errors import TunereadyError
from tuneready.escaping import shortened
from tuneready.finding import Phrase
from tuneready.locale import N_, translation
from tuneready.strictyaml import Shape, is_required

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

type Place = tuple[str, ...]

_STRING = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"?', re.DOTALL)
_BRACKET = re.compile(r"[\[\]{}]")
_HALVES = re.compile("[\ud800-\udfff]")


class JsonError(TunereadyError):
    """A text that is not the JSON that was expected; a `Phrase` among its params is translated."""

    def said(self, language: str) -> str:
        """Return the sentence in a language."""
        say = translation(language).gettext
        params = {
            name: say(value) if isinstance(value, Phrase) and value else value
            for name, value in self.params.items()
        }
        text = say(self.message)
        return text.format(**params) if params else text


def parse(text: str, most_characters: int, most_levels: int) -> Any:
    """Return the value of a JSON text.

    Half characters (lone surrogates) become U+FFFD, so that the value can be written again.

    Raises:
        JsonError: When it is too large, too deep or not JSON, or has a key twice.

    """
    if len(text) > most_characters:
        raise JsonError(
            N_("The file has {count} characters; at most {most} are read."),
            count=f"{len(text):,}",
            most=f"{most_characters:,}",
        )
    # A parser that recurses on thousands of brackets would take the interpreter of the page with it.
    level = 0
    for bracket in _BRACKET.finditer(_STRING.sub("", text)):
        level += 1 if bracket[0] in "[{" else -1
        if level > most_levels:
            raise JsonError(
                N_("The file has values more than {most} levels deep, which none of ours has."),
                most=most_levels,
            )
    try:
        return json.loads(
            _HALVES.sub("\ufffd", text).removeprefix("\ufeff"),
            object_pairs_hook=_without_duplicates,
            parse_constant=_no_constant,
        )
    except json.JSONDecodeError as error:
        raise JsonError(
            N_(
                "The file is not JSON: something is wrong at line {line}, column {column}. Save it again where it came from."
            ),
            line=error.lineno,
            column=error.colno,
        ) from None
    except ValueError:  # an integer too long to convert
        raise JsonError(N_("The file holds a number that is too long to read.")) from None


def _without_duplicates(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise JsonError(N_("“{key}” is there twice; keep one."), key=shortened(key))
        found[_whole(key)] = value
    return found


def _no_constant(name: str) -> Any:
    raise JsonError(
        N_("The file holds {name}, which is no number in JSON; take it out."), name=name
    )


def read(kind: Any, value: Any, place: Place = ()) -> Any:
    """Return a parsed value as a type.

    Raises:
        JsonError: At the first difference, with its place.

    """
    if isinstance(kind, typing.TypeAliasType):
        return read(kind.__value__, value, place)
    arguments = get_args(kind)
    match get_origin(kind) or kind:
        case typing.Annotated:
            return _shaped(arguments, value, place)
        case typing.Union | types.UnionType:
            (inner,) = [option for option in arguments if option is not type(None)]
            return None if value is None else read(inner, value, place)
        case typing.Literal:
            if not isinstance(value, str) or value not in arguments:
                raise _unexpected(place, value, Phrase(", ".join(f"“{one}”" for one in arguments)))
            return value
        case origin if origin is tuple:
            if not isinstance(value, list):
                raise _unexpected(place, value, Phrase(N_("a list")))
            return tuple(
                read(arguments[0], inner, (*place, str(index))) for index, inner in enumerate(value)
            )
        case origin if origin is Mapping:
            return _mapping(arguments, value, place)
        case cls if dataclasses.is_dataclass(cls) and isinstance(cls, type):
            return _object(cls, value, place)
    return _scalar(kind, value, place)


def _scalar(kind: Any, value: Any, place: Place) -> Any:
    if kind is str and isinstance(value, str):
        return _whole(value)
    if kind is bool and isinstance(value, bool):
        return value
    if kind is int and isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value
    expected = {
        str: N_("a text"),
        bool: N_("true or false"),
        int: N_("a whole number of 0 or more"),
    }
    raise _unexpected(place, value, Phrase(expected[kind]))


def _shaped(arguments: Sequence[Any], value: Any, place: Place) -> Any:
    found = read(arguments[0], value, place)
    for extra in arguments[1:]:
        if isinstance(extra, Shape) and not re.fullmatch(extra.pattern, found, re.DOTALL):
            raise _unexpected(place, value, Phrase(extra.expected))
    return found


def _mapping(arguments: Sequence[Any], value: Any, place: Place) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _unexpected(place, value, Phrase(N_("an object")))
    key_kind, inner_kind = arguments
    found: dict[str, Any] = {}
    for key, inner in value.items():
        try:
            read(key_kind, key)
        except JsonError as error:
            raise JsonError(
                N_("{place}: the key {found} is not {expected}."),
                place=path_of(place),
                found=error.params["found"],
                expected=error.params["expected"],
            ) from None
        found[key] = read(inner_kind, inner, (*place, key))
    return found


def _object(cls: type, value: Any, place: Place) -> Any:
    if not isinstance(value, dict):
        raise _unexpected(place, value, Phrase(N_("an object")))
    hints = _hints(cls)
    for key in value:
        if key not in hints:
            raise JsonError(
                N_("{place} is a key that is not known here; known: {keys}."),
                place=path_of((*place, key)),
                keys=", ".join(hints),
            )
    found: dict[str, Any] = {}
    for field in dataclasses.fields(cls):
        hint = hints[field.name]
        if field.name in value:
            # What may be left out may also be null.
            optional = field.default is not dataclasses.MISSING and value[field.name] is None
            found[field.name] = (
                field.default if optional else read(hint, value[field.name], (*place, field.name))
            )
        elif is_required(field, hint):
            raise JsonError(N_("{place} is missing."), place=path_of((*place, field.name)))
    return cls(**found)


@functools.cache
def _hints(cls: type) -> dict[str, Any]:
    return typing.get_type_hints(cls, include_extras=True)


def _unexpected(place: Place, value: Any, expected: Phrase) -> JsonError:
    return JsonError(
        N_("{place} is {found}; expected {expected}."),
        place=path_of(place),
        found=_described(value),
        expected=expected,
    )


def path_of(place: Place) -> str | Phrase:
    """Return a place as people write it: “items.why-owner.answer”."""
    if not place:
        return Phrase(N_("The file"))
    return f"“{shortened('.'.join(place), 120)}”"


def _described(value: Any) -> str | Phrase:
    match value:
        case None:
            return Phrase(N_("null"))
        case bool():
            return "true" if value else "false"
        case str():
            return f"“{shortened(value)}”"
        case list():
            return Phrase(N_("a list"))
        case dict():
            return Phrase(N_("an object"))
    return shortened(str(value), 24)


def _whole(text: str) -> str:
    return _HALVES.sub("\ufffd", text)


def plain_of(value: Any) -> Any:
    """Return a value as JSON data, the reverse of `read`; what equals its default is left out."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {
            field.name: plain_of(inner)
            for field in dataclasses.fields(value)
            if (inner := getattr(value, field.name)) is not None
        }
    if isinstance(value, Mapping):
        return {key: plain_of(inner) for key, inner in value.items()}
    if isinstance(value, tuple):
        return [plain_of(inner) for inner in value]
    return value
