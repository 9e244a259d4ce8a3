"""The sources behind the pages: `docs/sources.yml`, and the footnotes made from it.

A page cites with `[^KEY]` and holds no definitions; they are appended when it is built, so that a
title, an address and the day that it was read stand in one place for all pages and languages.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path  # noqa: TC003  sits beside what is read at run time
from typing import Annotated, Literal

from tuneready.errors import TunereadyError
from tuneready.locale import N_, translation
from tuneready.strictyaml import Document, Shape

# Cited where a sentence is our own opinion; it needs no source, and the reader should know.
JUDGEMENT = "judgement"
JUDGEMENT_NOTE = N_("Our own judgement.")
READ_NOTE = N_("read on {date}")
SECONDARY_NOTE = N_("through a report about it")
REPORT_NOTE = N_("a report, not the source itself")

CITATION = re.compile(r"\[\^([^\]\s]+)\](:?)")
# What stands in code is not a citation: `[^a-z]`.
CODE = re.compile(
    r"^ *(?P<fence>`{3,}|~{3,}).*?^ *(?P=fence)|(?P<tick>`+)[^`].*?(?P=tick)",
    re.MULTILINE | re.DOTALL,
)
PUNCTUATION = re.compile(r"[^\w\s]")

Filled = Annotated[str, Shape(r".*\S.*", "a text that is not blank")]
WebAddress = Annotated[str, Shape(r"https?://[^\s<>{}\"\\]+", "an address with http or https")]
Day = Annotated[str, Shape(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])", 'a day, "2026-11-22"')]


class SourceError(TunereadyError):
    """A page cites what the list of sources does not have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A page or paper, and how we know what it says."""

    title: Annotated[Filled, "The page's or paper's own title."]
    url: Annotated[WebAddress, "Where it is."]
    read: Annotated[Day, "The day on which it was last read, in quotes."]
    status: Annotated[
        Literal["verified", "secondary", "report"],
        "secondary: we read a report about it, not the thing; report: it is such a report itself.",
    ]
    group: Annotated[
        Literal["vendor", "paper", "law", "practice"], "Where the page of sources lists it."
    ]

    def note(self, language: str) -> str:
        """Say when, and whether at first hand, this was read."""
        from tuneready.site import figures

        gettext = translation(language).gettext
        day = figures.day(self.read, language)
        read = gettext(READ_NOTE).format(date=day)
        if self.status == "verified":
            return read
        return f"{read}, {gettext(SECONDARY_NOTE if self.status == 'secondary' else REPORT_NOTE)}"


@cache
def read_sources(file: Path) -> Mapping[str, Source]:
    """Read the list of sources: key -> source.

    Raises:
        YamlFaults: With every fault of the file.

    """
    document = Document(file.read_text(encoding="utf-8"), f"docs/{file.name}")
    sources: Mapping[str, Source] = document.read(Mapping[str, Source])
    document.close()
    return sources


def cited_keys(markdown: str) -> set[str]:
    """Return the keys that a page cites; what stands in code is not a citation."""
    return {found[1] for found in CITATION.finditer(CODE.sub("", markdown))}


def with_footnotes(
    markdown: str, sources: Mapping[str, Source], *, language: str, page: str
) -> str:
    """Return a page's Markdown followed by the definitions of the sources that it cites.

    Raises:
        SourceError: When the page cites an unknown key; names both.

    """
    citations = [(found[1], bool(found[2])) for found in CITATION.finditer(CODE.sub("", markdown))]
    defined = {key for key, defines in citations if defines}
    keys = dict.fromkeys(key for key, _ in citations if key not in defined)
    if unknown := [key for key in keys if key != JUDGEMENT and key not in sources]:
        raise SourceError(
            f"{page}: cites what docs/sources.yml does not have: {', '.join(unknown)}"
        )
    definitions = [f"[^{key}]: {_definition(key, sources, language)}" for key in keys]
    return "\n\n".join([markdown, *definitions]) + "\n" if definitions else markdown


def _definition(key: str, sources: Mapping[str, Source], language: str) -> str:
    if key == JUDGEMENT:
        return translation(language).gettext(JUDGEMENT_NOTE)
    source = sources[key]
    return f"[{_literal(source.title)}](<{source.url}>), {source.note(language)}."


def _literal(text: str) -> str:
    """Return Markdown that shows `text` as it is: titles are other people's words."""
    return PUNCTUATION.sub(lambda found: f"&#{ord(found[0])};", " ".join(text.split()))
