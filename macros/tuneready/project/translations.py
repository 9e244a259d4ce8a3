"""Whether a translation still says what the English text says.

Nobody can tell from two texts which of them changed last, so a lock file holds a digest of each, as
they were when somebody last looked at both. A translation is stale when the English text is another
than in the lock and the translation is the same. `tuneready validate --confirm-translations` (and
`make texts`) writes the lock anew.

The lock is `checklists/translations.json`. A team with overrides keeps what differs in its own,
`checklists/overrides/translations.json`, so that updates from upstream meet no change.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from tuneready.checklist.languages import REQUIRED
from tuneready.checklist.merge import OVERRIDES, is_own
from tuneready.checklist.texts import languages_in, texts_of
from tuneready.strictyaml import Fault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    from tuneready.checklist.references import GuideFile
    from tuneready.project.pages import Pages
    from tuneready.strictyaml import Place

type Lock = dict[str, dict[str, str]]
"""Name of a text -> language -> digest."""

LOCK = "translations.json"
ENGLISH = REQUIRED[0]
CONFIRM = "run `tuneready validate --confirm-translations` if it still fits"
STALE = f"the English has changed since this was written; bring it up to date, or {CONFIRM}"
OWN_ENGLISH = (
    f'the English is your own and the text in "{{language}}" upstream\'s; add yours, or {CONFIRM}'
)


@dataclass(frozen=True, slots=True)
class Translated:
    """One text or section in the languages that have it."""

    name: str
    digests: Mapping[str, str]
    place: Callable[[str], Place]
    """Where it stands in a language."""


def texts_in(files: Iterable[GuideFile]) -> Iterator[Translated]:
    """Yield every text of the checklists, the verdict, the pages and the scope."""
    for file in files:
        for path, text in texts_of(file.value):
            steps = list(path)
            if len(steps) > 1 and steps[0] == "items" and isinstance(steps[1], int):
                steps[1] = file.value.items[steps[1]].id  # which stays when the order changes
            yield Translated(
                "/".join((file.name, *map(str, steps))),
                {language: _digest(said) for language, said in languages_in(text)},
                partial(_place, file, path),
            )


def _place(file: GuideFile, path: tuple[str | int, ...], language: str) -> Place:
    return file.document.place((*path, language))


def sections_in(pages: Mapping[str, Pages]) -> Iterator[Translated]:
    """Yield every section of the pages, by the id of its heading."""
    for path in pages[ENGLISH].own:
        sections = {
            language: {section.anchor: section for section in of.own[path].sections}
            for language, of in pages.items()
            if path in of.own
        }
        for anchor in sections[ENGLISH]:
            there = {language: of[anchor] for language, of in sections.items() if anchor in of}
            yield Translated(
                f"docs/{path}#{anchor}",
                {language: _digest(section.text) for language, section in there.items()},
                {language: section.place for language, section in there.items()}.__getitem__,
            )


def read_locks(folder: Path) -> tuple[list[Lock], list[Fault]]:
    """Return the locks of a folder of checklists, upstream's and the team's, and what is wrong there."""
    locks = []
    faults = []
    for file in (folder / LOCK, folder / OVERRIDES / LOCK):
        if not file.is_file():
            continue
        try:
            locks.append(_read(file))
        except ValueError:
            message = "not a lock of translations; restore it, or delete it and run `tuneready validate --confirm-translations`"
            faults.append(Fault(str(file), 1, 1, message))
    return locks, faults


def stale(translated: Iterable[Translated], locks: Iterable[Lock]) -> Iterator[tuple[str, Fault]]:
    """Yield the language of each translation that is behind its English text, and where it is."""
    for one in translated:
        seen = [lock[one.name] for lock in locks if one.name in lock]
        for language, digest in one.digests.items():
            # The English texts that somebody has seen beside this translation.
            english = {at.get(ENGLISH) for at in seen if at.get(language) == digest}
            if language == ENGLISH or one.digests[ENGLISH] in english:
                continue
            place, original = one.place(language), one.place(ENGLISH)
            # Of two texts by different hands no lock is needed to doubt that they fit.
            if is_own(original) and not is_own(place):
                yield language, Fault(*original, OWN_ENGLISH.format(language=language))
            elif english:
                yield language, Fault(*place, STALE)


def confirm(folder: Path, translated: Iterable[Translated]) -> int:
    """Write the lock anew, and return of how many texts it holds the digests."""
    now: Lock = {one.name: dict(one.digests) for one in translated if len(one.digests) > 1}
    own = folder / OVERRIDES
    if own.is_dir():
        file = folder / LOCK
        upstream = _read(file) if file.is_file() else {}
        _write(own / LOCK, {name: at for name, at in now.items() if upstream.get(name) != at})
    else:
        _write(folder / LOCK, now)
    return len(now)


def _read(file: Path) -> Lock:
    data = json.loads(file.read_text(encoding="utf-8"))
    if not isinstance(data, dict) or not all(isinstance(at, dict) for at in data.values()):
        raise ValueError(file)
    return data


def _write(file: Path, lock: Lock) -> None:
    """Write one line per text, so that two branches seldom change the same one."""
    rows = [
        f"  {json.dumps(name)}: {json.dumps(at, sort_keys=True)}"
        for name, at in sorted(lock.items())
    ]
    file.write_text("{\n" + ",\n".join(rows) + "\n}\n" if rows else "{}\n", encoding="utf-8")


def _digest(text: str) -> str:
    return hashlib.sha256(" ".join(text.split()).encode()).hexdigest()[:8]
