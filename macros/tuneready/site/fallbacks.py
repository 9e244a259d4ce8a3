"""What else a language shows in English: its menu, texts of targets, sentences of forms and reports.

Worth knowing, and no fault. Pages and texts of checklists are for `tuneready.project`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tuneready.checklist.languages import REQUIRED
from tuneready.checklist.model import Text
from tuneready.locale import DOMAIN, FOLDER
from tuneready.site.languages import has_own_nav, site_languages
from tuneready.strictyaml import Fault

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from tuneready.site.languages import SiteLanguage


def fallbacks(project: Path) -> Iterator[Fault]:
    """Yield a note for each, with the language's configuration as its place.

    Raises:
        LanguageError: A language lacks its folder of pages.

    """
    for language in site_languages(project):
        if language.code not in REQUIRED:
            for message in _of(language):
                yield Fault(str(language.config_file), 1, 1, message)


def _of(language: SiteLanguage) -> Iterator[str]:
    from tuneready.targets import providers

    if not has_own_nav(language.config_file):
        yield "the sections of the menu have their English names; write a nav to name them"
    texts = [text for provider in providers().values() for text in _texts(provider)]
    if missing := sum(language.code not in text.others for text in texts):
        yield f"texts of targets shown in English: {missing} of {len(texts)}"
    done, everything = _sentences(language.code)
    if missing := len(everything - done):
        yield f"sentences of forms and reports shown in English: {missing} of {len(everything)}"


def _texts(value: Any) -> Iterator[Text]:
    if isinstance(value, Text):
        yield value
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from _texts(getattr(value, field.name))
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, tuple):
        for inner in value:
            yield from _texts(inner)


def _sentences(language: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return the sentences that a language's catalogue translates, and those of all catalogues."""
    files = FOLDER.glob(f"*/LC_MESSAGES/{DOMAIN}.po")
    read = {file.parts[-3]: _entries(file) for file in files}
    everything = frozenset[str]().union(*read.values())
    return frozenset(one for one, done in read.get(language, {}).items() if done), everything


def _entries(file: Path) -> dict[str, bool]:
    """Return the English of every entry of a catalogue, and whether it is translated."""
    from babel.messages.pofile import read_po

    def is_done(forms: str | Iterable[str] | None) -> bool:
        return all(forms) if isinstance(forms, list | tuple) else bool(forms)

    with file.open("rb") as stream:
        return {
            str(entry.id if isinstance(entry.id, str) else entry.id[0]): is_done(entry.string)
            for entry in read_po(stream)
            if entry.id
        }
