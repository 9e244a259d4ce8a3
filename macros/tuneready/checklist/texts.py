"""What a text of the guide must not hold: tags, scripts, and links that lead outside by a trick.

The site shows such a text as plain characters (`site/inline.py`); whoever wrote it did not mean
that, so it is refused where it stands.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from tuneready.checklist.model import Text

if TYPE_CHECKING:
    from tuneready.checklist.references import GuideFile

type Path = tuple[str | int, ...]

LINK = re.compile(r"\[[^\[\]]+\]\(\s*(?P<address>[^)]*)\)")
_CODE = re.compile(r"`[^`]+`")
_TAG = re.compile(r"<(?=[a-zA-Z/!?])[^\s>]*>?")
_SUSPECT = re.compile(r"<|\]\(")


def texts_of(value: Any, path: Path = ()) -> Iterator[tuple[Path, Text]]:
    """Yield every text of a part of the guide, with the keys and indices that lead to it."""
    if isinstance(value, Text):
        yield path, value
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            inner = getattr(value, field.name)
            if not isinstance(inner, (str, bool, int, float)) and inner:
                yield from texts_of(inner, (*path, field.name))
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from texts_of(inner, (*path, key))
    elif isinstance(value, tuple):
        for index, inner in enumerate(value):
            yield from texts_of(inner, (*path, index))


def languages_in(text: Text) -> Iterator[tuple[str, str]]:
    """Yield language and text, English first."""
    yield "en", text.en
    yield from text.others.items()


def links_in(text: str) -> Iterator[str]:
    """Yield the addresses of a text's links."""
    for link in LINK.finditer(_CODE.sub("", text)):
        yield link["address"]


def check(file: GuideFile) -> None:
    """Add a fault for each tag, and each address that would not become a link."""
    for path, text in texts_of(file.value):
        for language, said in languages_in(text):
            if not _SUSPECT.search(said):
                continue
            where = (*path, language)
            outside_code = _CODE.sub("", said)
            if tag := _TAG.search(outside_code):
                file.document.fault_at(
                    where,
                    f"the text holds the tag {_short(tag[0])}, which would be shown as it is; write *em*, **strong**, `code` or [label](address)",
                )
            for address in links_in(said):
                if fault := _fault_of(address):
                    file.document.fault_at(where, fault)


def _fault_of(address: str) -> str | None:
    if not address:
        return "a link without an address; add it, or leave the brackets out"
    if re.search(r"[\s<>\"'\\]", address) or not address.isprintable():
        return f'the address "{_short(address)}" holds a blank or a sign that addresses do not have; encode it'
    try:
        parts = urlsplit(address)
    except ValueError:
        return f'"{_short(address)}" is no address; write https://… or a path such as decide/why/'
    if parts.scheme in {"http", "https"}:
        return None if parts.netloc else f'"{_short(address)}" names no host; complete it'
    if parts.scheme or ":" in address:
        return f'a link to "{_short(address)}"; only https://… or a path of this site is one'
    if address.startswith("/"):
        return f'the path "{_short(address)}" begins with a slash; write it without, as decide/why/'
    return None


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:59] + "…"
