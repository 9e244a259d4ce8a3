"""Takes a page apart into what it says: blocks, their sentences, and what no footnote covers.

A block is a paragraph, a list item, a quotation, a definition or a row of a table. Within a block a
footnote covers the sentence that it stands in and the ones before it. Two more things are covered:
the list, table or quotation directly after a paragraph that ends in a colon and a footnote ("Why in
this order:[^KEY]"), and a table directly before a cited paragraph that begins by speaking of it ("The
table is our judgement.[^judgement]"). A footnote in a table's label covers its column. A row's first
cell names what the others speak of; headings, labels, code and macros say nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tuneready.site.sources import CITATION, CODE

if TYPE_CHECKING:
    from collections.abc import Iterator

CITED = "\ue000"  # stands for a footnote, so that a bracket does not end a sentence
CELL = "\ue001"  # stands between cells
CITED_RUN = re.compile(rf"\s*{CITED}(?:\s*{CITED})*")
FRONT_MATTER = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
HEADING = re.compile(r"#+ .*?(?:\{ #([\w-]+) \})?$")
LIST_ITEM = re.compile(r"\s*(?:[-*+]|\d+\.)\s+(?=\S)")
QUOTE = re.compile(r">\s?")
DEFINITION = re.compile(r":\s+")
TABLE_RULE = re.compile(r"\|[\s:|-]+\|$")
CALLOUT = re.compile(r"(?:!!!|\?\?\?\+?) \w+(?: \".*\")?$")
TAB = re.compile(r"=== \".*\"$")
SILENT = re.compile(r"\{\{.*\}\}$|</?\w[^>]*>$|\[\^[^\]]+\]:|\*\[[^\]]+\]:|-{3,}$")
LINK = re.compile(r"!?\[([^\]]*)\](?:\([^)]*\)|\{[^}]*\})(?:\{[^}]*\})?")
MARKS = re.compile(r"\*+|`|<[^>]+>|\{ ?[.#:][^}]*\}|:[a-z-]+:")
# The end of a sentence, with what may stand behind its full stop, before the next one begins.
BOUNDARY = re.compile(rf"([.!?…][\"”’)\]]*(?:\s*{CITED})*)\s+(?=[\"“‘(\[{{<$€]*[A-ZÀ-Þ0-9])")
NO_END = re.compile(r"\b(?:e\.g|i\.e|vs|etc|approx|ca|bijv|d\.w\.z|o\.a|m\.b\.v|nr|No|art|Art)\.$")
# How the paragraph after a table says, in English, that it speaks of the table.
ABOUT_TABLE = re.compile(
    r"\b(?:tables?|rows?|columns?|figures?|margins?|prices?|sums?)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of a page; `text` has CITED where a footnote stood."""

    section: str
    kind: str  # paragraph, item, quote, definition, labels, row
    line: int
    text: str
    keys: tuple[str, ...] = ()
    covered: bool = False  # by the block before it or after it
    covered_cells: frozenset[int] = frozenset()  # of a row, by the labels

    def sentences(self) -> list[str]:
        """Its sentences, footnotes still marked; a row that says something counts as one."""
        if self.kind == "labels":
            return []
        if self.kind == "row":
            return [self.text] if self._open_cells() else []
        parts: list[str] = []
        start = 0
        for boundary in BOUNDARY.finditer(self.text):
            sentence = self.text[start : boundary.end(1)]
            if not NO_END.search(sentence):
                parts.append(sentence)
                start = boundary.end()
        return [*parts, self.text[start:]]

    def _open_cells(self) -> bool:
        cells = self.text.split(CELL)
        first_open = max((n for n, cell in enumerate(cells) if CITED in cell), default=0) + 1
        return any(
            plain(cell) and n not in self.covered_cells
            for n, cell in enumerate(cells)
            if n >= first_open
        )

    def rest(self) -> list[str]:
        """The sentences after the block's last footnote, in plain characters."""
        sentences = self.sentences()
        if self.kind == "row":
            return list(map(plain, sentences))
        last = max((n for n, one in enumerate(sentences) if CITED in one), default=-1)
        return list(filter(None, map(plain, sentences[last + 1 :])))

    def uncovered(self) -> list[str]:
        """The sentences that no footnote covers, neither here nor beside it."""
        return [] if self.covered else self.rest()


def plain(text: str) -> str:
    """Return a sentence without footnotes, marks and addresses, on one line."""
    text = LINK.sub(r"\1", CITED_RUN.sub("", text))
    return " ".join(MARKS.sub("", text).replace(CELL, " | ").split())


def blocks(page: str) -> list[Block]:
    """Return the blocks of a page's Markdown, in order, and whether a neighbour covers them."""
    found: list[Block] = []
    covered_cells: frozenset[int] = frozenset()
    for raw in _raw_blocks(page):
        block = _with_footnotes(raw)
        if block.kind == "labels":
            cells = block.text.split(CELL)
            covered_cells = frozenset(n for n, cell in enumerate(cells) if CITED in cell)
        found.append(replace(block, covered_cells=covered_cells) if block.kind == "row" else block)
    return [
        replace(block, covered=_is_led_in(found, n) or _is_captioned(found, n))
        for n, block in enumerate(found)
    ]


def _raw_blocks(page: str) -> Iterator[Block]:
    front = FRONT_MATTER.match(page)
    # Fences become blank lines; code in a sentence stays, but nothing in it is a footnote.
    text = "\n" * page[: front.end()].count("\n") + page[front.end() :] if front else page
    text = CODE.sub(
        lambda code: re.sub(r"[^\n]", "", code[0]) if code["fence"] else _quiet(code[0]), text
    )
    section, kind, start, lines = "", "", 0, []

    def closed() -> Iterator[Block]:
        nonlocal lines
        if lines:
            yield Block(section, kind, start, " ".join(lines))
        lines = []

    rows = text.splitlines()
    for number, row in enumerate(rows, 1):
        line = row.strip()
        opens = _opened(line, row, rows[number] if number < len(rows) else "")
        if opens is None:  # goes on with what is open
            if not lines:
                kind, start = "paragraph", number
            lines.append(QUOTE.sub("", line, count=1) if kind == "quote" else line)
            continue
        if opens[0] == kind == "quote" and lines:
            lines.append(opens[1])
            continue
        yield from closed()
        if heading := HEADING.match(line):
            section = heading[1] or ""
        kind, start, lines = opens[0], number, [opens[1]] if opens[1] else []
        if kind in {"labels", "row"}:
            yield from closed()
    yield from closed()


def _opened(line: str, row: str, below: str) -> tuple[str, str] | None:
    """Return what a line opens, with its text; None when it goes on with what is open."""
    if not line or SILENT.match(line) or HEADING.match(line) or TABLE_RULE.match(line):
        return "nothing", ""
    if line.startswith("|"):
        is_label = TABLE_RULE.match(below.strip())
        cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip("|"))]
        return "labels" if is_label else "row", CELL.join(cells)
    if CALLOUT.match(line) or TAB.match(line):
        return "nothing", ""
    for kind, mark in (("item", LIST_ITEM), ("quote", QUOTE), ("definition", DEFINITION)):
        if found := mark.match(row if kind == "item" else line):
            return kind, (row if kind == "item" else line)[found.end() :].strip()
    return None


def _quiet(code: str) -> str:
    return code.replace("[^", "[").replace("|", "/")


def _with_footnotes(block: Block) -> Block:
    keys = tuple(found[1] for found in CITATION.finditer(block.text))
    return replace(block, text=CITATION.sub(CITED, block.text), keys=keys)


def _is_led_in(found: list[Block], n: int) -> bool:
    """Whether a cited paragraph that ends in a colon leads to this block, or to its list or table."""
    kind = found[n].kind
    if kind not in {"item", "row", "quote"}:
        return False
    before = [other for other in found[:n] if other.section == found[n].section]
    while before and before[-1].kind in {kind, "labels"}:
        before.pop()
    if not before or before[-1].kind != "paragraph":
        return False
    text = before[-1].text
    return text.endswith(CITED) and CITED_RUN.sub("", text).endswith(":")


def _is_captioned(found: list[Block], n: int) -> bool:
    """Whether the paragraph directly after the block's table cites a source and says for what."""
    if found[n].kind != "row":
        return False
    after = [other for other in found[n:] if other.section == found[n].section]
    while after and after[0].kind == "row":
        after.pop(0)
    if not after or after[0].kind != "paragraph":
        return False
    first = after[0].sentences()[0]
    return bool(ABOUT_TABLE.search(first)) and plain(first) not in after[0].rest()
