"""Statements that age: each says on which day it was checked, so that old ones can be found.

In a page, `{checked 2026-11-22}` becomes "checked on 22 November 2026" in the page's language, and
`{Checked 2026-11-22}` the same at the beginning of a sentence. What was read on a day, in the list
of sources and in the targets, ages as well.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from tuneready.errors import TunereadyError
from tuneready.locale import N_, translation
from tuneready.site.sources import CODE
from tuneready.strictyaml import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PAGES = "docs/*/**/*.md"
# Files whose entries say `read: "2026-11-22"`.
READ_FILES = ("docs/sources.yml", "macros/tuneready/targets/*.yaml")

TOKEN = re.compile(r"\{(?P<word>[Cc]hecked)\b\s*(?P<day>[^{}\n]*)\}")
READ = re.compile(r"""^ *read: *["']?(?P<day>[0-9-]+)""", re.MULTILINE)
ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d")
SAID = {"checked": N_("checked on {date}"), "Checked": N_("Checked on {date}")}


class DateError(TunereadyError):
    """A day on which something was checked is no day."""


@dataclass(frozen=True, slots=True, order=True)
class Dated:
    """A statement that was true on a day, and where it is written; line and column count from 1."""

    file: str
    line: int
    column: int
    day: date


def with_checked_days(markdown: str, *, language: str, page: str, first_line: int = 1) -> str:
    """Return a page's Markdown with its checked days in words; what stands in code stays.

    `first_line` is the line of the file at which `markdown` begins.

    Raises:
        DateError: When a day does not exist; names page, line and column.

    """
    parts: list[str] = []
    end = 0
    for found in TOKEN.finditer(_without_code(markdown)):
        day = _day(found, markdown, page, first_line)
        parts += [markdown[end : found.start()], _said(found["word"], day, language)]
        end = found.end()
    return "".join([*parts, markdown[end:]])


def dated(root: Path) -> Iterator[Dated]:
    """Yield every dated statement below the project's folder: of pages, sources and targets.

    Raises:
        DateError: When a day does not exist; names file, line and column.

    """
    for path in sorted(root.glob(PAGES)):
        text = path.read_text(encoding="utf-8")
        yield from _dated(TOKEN, _without_code(text), path.relative_to(root).as_posix())
    for pattern in READ_FILES:
        for path in sorted(root.glob(pattern)):
            text = path.read_text(encoding="utf-8")
            yield from _dated(READ, text, path.relative_to(root).as_posix())


def aged(root: Path, today: date, max_age_days: int) -> Iterator[Fault]:
    """Yield the statements that were checked more than so many days ago, in order of place.

    Raises:
        DateError: When a day does not exist; names file, line and column.

    """
    for one in dated(root):
        age = (today - one.day).days
        if age > max_age_days:
            yield Fault(
                one.file,
                one.line,
                one.column,
                f"last checked on {one.day}, {age} days ago; check it again and write the new day",
            )


def _dated(pattern: re.Pattern[str], text: str, file: str) -> Iterator[Dated]:
    for found in pattern.finditer(text):
        line, column = _place(text, found.start("day"))
        yield Dated(file, line, column, _day(found, text, file))


def _day(found: re.Match[str], text: str, file: str, first_line: int = 1) -> date:
    written = found["day"].strip()
    try:
        if ISO_DAY.fullmatch(written):
            return date.fromisoformat(written)
    except ValueError:  # such as 30 February
        pass
    line, column = _place(text, found.start("day"))
    raise DateError(
        f'{file}:{line + first_line - 1}:{column}: "{written}" is no day; write it as 2026-11-22'
    )


def _said(word: str, day: date, language: str) -> str:
    from tuneready.site import figures

    shown = Markup('<time datetime="{}">{}</time>').format(
        day.isoformat(), figures.day(day.isoformat(), language)
    )
    said = escape(translation(language).gettext(SAID[word])).format(date=shown)
    return Markup('<span class="tr-checked">{}</span>').format(said)


def _without_code(markdown: str) -> str:
    """Return the text with blanks for what stands in code, so that every place stays the same."""
    return CODE.sub(lambda code: re.sub(r"[^\n]", " ", code[0]), markdown)


def _place(text: str, index: int) -> tuple[int, int]:
    line_start = text.rfind("\n", 0, index) + 1
    return text.count("\n", 0, line_start) + 1, index - line_start + 1
