"""What a language does not have yet, and so shows in English: pages, texts, sentences, the menu.

For `tuneready validate`, which lists it as notes: nothing here is a fault.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tuneready.checklist.model import Text
from tuneready.locale import DOMAIN, FOLDER, N_, translation
from tuneready.site.languages import has_own_nav, site_languages

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from tuneready.checklist.model import Guide
    from tuneready.site.languages import SiteLanguage

# A sentence names this many; the rest is a number.
NAMED = 6


@dataclass(frozen=True, slots=True)
class Fallback:
    """One kind of thing that a language shows in English."""

    language: str
    sentence: str
    """In English, marked for translation; its fields are `count` and `names`."""

    count: int
    names: tuple[str, ...] = ()
    """What it is: pages, or files with their number of texts; every one."""

    def said(self, language: str) -> str:
        """Return the note in the language of who reads it."""
        say = translation(language).gettext
        shown = ", ".join(self.names[:NAMED])
        if more := len(self.names) - NAMED:
            shown += say(N_(" and {count} more")).format(count=more) if more > 0 else ""
        return f"{self.language}: " + say(self.sentence).format(count=self.count, names=shown)


def fallbacks(project: Path, guide: Guide) -> list[Fallback]:
    """Return what the languages of a project have in English only, language by language.

    Raises:
        LanguageError: A language lacks its folder of pages.

    """
    english, *others = site_languages(project)
    return [
        found
        for language in others
        for found in (
            *_pages(language, english),
            *_menu(language),
            *_texts(language.code, guide),
            *_sentences(language.code),
        )
    ]


def _pages(language: SiteLanguage, english: SiteLanguage) -> Iterator[Fallback]:
    if missing := sorted(english.pages() - language.pages()):
        sentence = N_("pages in English: {count} ({names})")
        yield Fallback(language.code, sentence, len(missing), tuple(missing))


def _menu(language: SiteLanguage) -> Iterator[Fallback]:
    if not has_own_nav(language.config_file):
        sentence = N_("the names of the menu's sections are in English: {names} has no nav")
        yield Fallback(language.code, sentence, 1, (language.config_file.name,))


def _texts(language: str, guide: Guide) -> Iterator[Fallback]:
    from tuneready.targets import providers

    parts = {
        **{f"checklists/{one.id}.yaml": one for one in guide.checklists},
        "checklists/verdict.yaml": guide.verdict,
        "checklists/pages.yaml": guide.pages,
        "checklists/scope.yaml": guide.scope,
    }
    targets = {f"targets/{name}.yaml": one for name, one in providers().items()}
    for sentence, places in (
        (N_("texts of checklists in English: {count} ({names})"), parts),
        (N_("texts of targets in English: {count} ({names})"), targets),
    ):
        counts = {
            name: sum(language not in text.others for text in _all_texts(part))
            for name, part in places.items()
        }
        names = tuple(f"{name}: {count}" for name, count in counts.items() if count)
        if names:
            yield Fallback(language, sentence, sum(counts.values()), names)


def _all_texts(value: Any) -> Iterator[Text]:
    if isinstance(value, Text):
        yield value
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from _all_texts(getattr(value, field.name))
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _all_texts(inner)
    elif isinstance(value, tuple):
        for inner in value:
            yield from _all_texts(inner)


def _sentences(language: str) -> Iterator[Fallback]:
    """Compare a catalogue with all that any of them has: `make texts` puts every sentence into each."""
    files = {
        file.parts[-3]: _translated(file) for file in FOLDER.glob(f"*/LC_MESSAGES/{DOMAIN}.po")
    }
    everything = set[str]().union(*(known for known, _ in files.values()))
    done = files[language][1] if language in files else frozenset[str]()
    if missing := everything - done:
        sentence = N_("sentences of forms, reports and messages in English: {count} ({names})")
        name = f"locale/{language}/LC_MESSAGES/{DOMAIN}.po"
        yield Fallback(language, sentence, len(missing), (name,))


def _translated(file: Path) -> tuple[frozenset[str], frozenset[str]]:
    """Return the English of every entry of a catalogue, and of those that are translated."""
    from babel.messages.pofile import read_po

    with file.open("rb") as stream:
        entries = [entry for entry in read_po(stream) if entry.id]

    def english(entry: Any) -> str:
        return str(entry.id if isinstance(entry.id, str) else entry.id[0])

    def is_done(forms: str | Iterable[str] | None) -> bool:
        return all(forms) if isinstance(forms, list | tuple) else bool(forms)

    return (
        frozenset(map(english, entries)),
        frozenset(english(entry) for entry in entries if is_done(entry.string)),
    )
