"""The site's content as data, beside the pages: `content.json`, and the JSON Schemas of what we write.

The names of fields are those of the YAML files. A number in a schema's name changes when a field
goes or means something else; further fields may come without.
"""

from __future__ import annotations

import dataclasses
import json
import shutil
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tuneready import __version__
from tuneready.checklist.answers_schema import answers_schema
from tuneready.checklist.model import Text
from tuneready.checklist.schema import schema

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tuneready.checklist.load import GuideReading
    from tuneready.site.languages import SiteLanguage
    from tuneready.site.sources import Source

SCHEMA = "tuneready.content/1"
CONTENT = "content.json"
SCHEMAS = "schema"
WRITTEN = Path(__file__).parent / "schemas"
"""Schemas that are written by hand; the others are made from the classes that read."""


def publish(
    site_dir: Path,
    reading: GuideReading,
    sources: Mapping[str, Source],
    languages: Sequence[SiteLanguage],
) -> None:
    """Write the content and the schemas into a site. The guide has no faults."""
    folder = site_dir / SCHEMAS
    folder.mkdir(parents=True, exist_ok=True)
    for file in WRITTEN.glob("*.json"):
        shutil.copyfile(file, folder / file.name)
    for name, made in (("checklists", schema()), ("answers-2", answers_schema())):
        _write(folder / f"{name}.json", made)
    _write(site_dir / CONTENT, content(reading, sources, languages))


def content(
    reading: GuideReading, sources: Mapping[str, Source], languages: Sequence[SiteLanguage]
) -> dict[str, Any]:
    """Return the content as JSON data."""
    guide = reading.guide
    if guide is None:
        raise ValueError("a guide with faults has no content")
    return {
        "$schema": f"{SCHEMAS}/content-1.json",
        "schema": SCHEMA,
        "tuneready": __version__,
        "version": guide.version,
        "languages": [{"code": one.code, "name": one.name, "link": one.link} for one in languages],
        "checklists": _plain(guide.checklists),
        "verdict": _plain(guide.verdict),
        "pages": _plain(guide.pages),
        "scope": _plain(guide.scope),
        "wordings": dict(guide.wordings),
        "sources": _plain(sources),
        "differences": [
            {
                "of": one.of,
                "id": one.id,
                "field": one.field,
                "before": one.before,
                "after": one.after,
            }
            for one in reading.differences
        ],
    }


def _plain(value: Any) -> Any:
    """Return a value as the YAML files write it, without what is empty or left out there."""
    if isinstance(value, Text):
        return {"en": value.en, **value.others}
    if dataclasses.is_dataclass(value):
        fields = ((name, getattr(value, name)) for name in _names(value.__class__))
        return {
            name: _plain(inner)
            for name, inner in fields
            if inner is not None and inner not in ((), {})
        }
    if isinstance(value, Mapping):
        return {name: _plain(inner) for name, inner in value.items()}
    if isinstance(value, tuple):
        return [_plain(inner) for inner in value]
    return value


@cache
def _names(kind: Any) -> tuple[str, ...]:
    """Return the fields; what only an added item says, which one it follows, is not among them."""
    return tuple(one.name for one in dataclasses.fields(kind) if one.name != "after")


def _write(file: Path, data: Mapping[str, Any]) -> None:
    text = json.dumps(data, ensure_ascii=False, indent=1) + "\n"
    file.write_text(text, encoding="utf-8")
