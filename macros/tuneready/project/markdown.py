"""A page as written: its headings, links, macros and citations, each with its place.

Not a Markdown parser: it looks for what can lead nowhere. What stands in code or in a comment is
left out. MkDocs checks the finished pages again when it builds them.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from tuneready.site.sources import CITATION, CODE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tuneready.strictyaml import Place

_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_HEADING = re.compile(
    r"^(?P<marks>#{1,6}) +(?P<title>.*?) *(?P<given>\{[^{}]*\})? *$", re.MULTILINE
)
_GIVEN_ID = re.compile(r"\{[^{}\n]*#(?P<id>[\w-]+)[^{}\n]*\}")
_HTML_ID = re.compile(r"""\bid=["']?(?P<id>[\w-]+)""")
_MACRO = re.compile(r"\{\{ *(?P<name>\w+)\( *(?:[\"'](?P<argument>[^\"'\n]*)[\"'])?")
_LINKS = (
    re.compile(r"\]\( *<?(?P<target>[^)\s>]+)"),
    re.compile(r"^ {0,3}\[[^\]^][^\]]*\]: *<?(?P<target>[^\s>]+)", re.MULTILINE),
    re.compile(r"""\b(?:href|src)=["']?(?P<target>[^"'\s>]+)"""),
)
_FRONT_MATTER = re.compile(r"\A---\n.*?^---$", re.DOTALL | re.MULTILINE)
_RENDERS = re.compile(r"^render_macros: *true *$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Found:
    """A link's target, a macro's argument or a source's key."""

    place: Place
    text: str
    name: str = ""
    """Of a macro."""


@dataclass(frozen=True, slots=True)
class Section:
    """What stands below one heading, up to the next."""

    anchor: str
    """The heading's id; empty for what comes before the first."""

    place: Place
    text: str
    """Without comments, which no reader sees."""


@dataclass(frozen=True)
class Page:
    """One Markdown file."""

    path: str
    """Below the language's folder: `decide/why.md`."""

    file: str
    """As faults name it."""

    text: str
    written: str = field(repr=False, default="")
    """The text with blanks for code and comments, so that every place stays the same."""

    @classmethod
    def read(cls, file: Path, path: str) -> Page:
        """Read a file.

        Raises:
            OSError: When it cannot be read.
            UnicodeDecodeError: When it is not UTF-8.

        """
        return cls.of(file.read_text(encoding="utf-8"), path, str(file))

    @classmethod
    def of(cls, text: str, path: str, file: str) -> Page:
        return cls(path, file, text, _blanked(_blanked(text, CODE), _COMMENT))

    @cached_property
    def renders_macros(self) -> bool:
        front = _FRONT_MATTER.match(self.text)
        return bool(front and _RENDERS.search(front[0]))

    @cached_property
    def links(self) -> tuple[Found, ...]:
        return tuple(
            Found(self.place(match.start("target")), match["target"])
            for pattern in _LINKS
            for match in pattern.finditer(self.written)
        )

    @cached_property
    def macros(self) -> tuple[Found, ...]:
        return tuple(
            Found(self.place(match.start()), match["argument"] or "", match["name"])
            for match in _MACRO.finditer(self.written)
        )

    @cached_property
    def citations(self) -> tuple[Found, ...]:
        """The sources that it cites, but for those that it defines itself."""
        found = list(CITATION.finditer(self.written))
        defined = {match[1] for match in found if match[2]}
        return tuple(
            Found(self.place(match.start(1)), match[1])
            for match in found
            if match[1] not in defined
        )

    @cached_property
    def anchors(self) -> frozenset[str]:
        """The ids that stand in the file: of headings, of other parts and of HTML."""
        given = {match["id"] for match in _GIVEN_ID.finditer(self.written)}
        html = {match["id"] for match in _HTML_ID.finditer(self.written)}
        return frozenset(given | html | {section.anchor for section in self.sections})

    @cached_property
    def sections(self) -> tuple[Section, ...]:
        """The page, cut at its headings."""
        return tuple(self._sections())

    def _sections(self) -> Iterator[Section]:
        said = _blanked(self.text, _COMMENT)
        anchor, start = "", 0
        for match in _HEADING.finditer(self.written):
            yield Section(anchor, self.place(start), said[start : match.start()])
            given = _GIVEN_ID.search(match["given"] or "")
            anchor, start = given["id"] if given else _slug(match["title"]), match.start()
        yield Section(anchor, self.place(start), said[start:])

    def place(self, index: int) -> Place:
        line_start = self.text.rfind("\n", 0, index) + 1
        return self.file, self.text.count("\n", 0, line_start) + 1, index - line_start + 1


def _slug(title: str) -> str:
    """Return the id that a heading without one gets from Python-Markdown."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()
    return re.sub(r"[-\s]+", "-", re.sub(r"[^\w\s-]", "", plain).strip().lower())


def _blanked(text: str, pattern: re.Pattern[str]) -> str:
    return pattern.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text)
