"""Every sentence of the pages has its evidence, in both languages.

A page is taken apart into blocks: paragraphs, list items, quotations, definitions and rows of
tables (see page_statements.py). What no footnote covers in them must stand, sentence by sentence, in
a list that a person has reviewed: cases/pages/<page>.txt, each line with the class that tells why
it needs no source. A new or changed sentence fails the test until it is cited or listed, and so
does a line that the page does not say any more.

The lists are in English. Dutch is held to the English by place: the same blocks in the same order,
in each of them the same footnotes in the same order, and as many sentences after the last one.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from page_statements import CITED, Block, blocks

from tuneready.site.sources import JUDGEMENT, read_sources

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
PAGES = sorted(path.relative_to(DOCS / "en").as_posix() for path in (DOCS / "en").rglob("*.md"))
REVIEWED = ROOT / "tests" / "cases" / "pages"
# Why a sentence needs no source. example: invented, and it says so; definition: what a word or a
# figure on this site means; site: what this site and its programs do, which other tests show.
CLASSES = {"instruction", "signpost", "question", "example", "definition", "site"}
# Pages that describe this project's own programs, and nothing else, without a list.
ABOUT_THE_SITE = {
    "check.md",
    "command-line.md",
    "compare.md",
    "customise.md",
    "differences.md",
    "offline.md",
    "overview.md",
    "rules/index.md",
    "targets/index.md",
}
# How a sentence says that it rests on a report, in English.
SECOND_HAND = re.compile(
    r"\b(?:according to|reports?|summary|overview|notes?|copy|review|discussion|explain|explains"
    r"|explanations?|analysis|lawyer|says?)\b",
    re.IGNORECASE,
)


def blocks_of(language: str, page: str) -> list[Block]:
    return blocks((DOCS / language / page).read_text(encoding="utf-8"))


def reviewed(page: str) -> list[tuple[str, str]]:
    """The sentences of a page that were found to need no source: their class, and the sentence."""
    file = (REVIEWED / page).with_suffix(".txt")
    lines = file.read_text(encoding="utf-8").splitlines() if file.is_file() else []
    return [(kind, sentence) for kind, _, sentence in (line.partition(": ") for line in lines)]


@pytest.mark.parametrize("page", sorted(set(PAGES) - ABOUT_THE_SITE))
def test_every_sentence_is_cited_or_was_reviewed(page):
    said = {
        sentence: block.line for block in blocks_of("en", page) for sentence in block.uncovered()
    }
    listed = {sentence for _, sentence in reviewed(page)}
    unsupported = [f"en/{page}:{line}: {one}" for one, line in said.items() if one not in listed]
    assert not unsupported, "cite these, or list them with their class: " + "\n".join(unsupported)
    assert not listed - set(said), "the page does not say this any more, or cites it now"


def test_reviewed_sentences_have_a_class_and_a_page():
    files = {
        file.relative_to(REVIEWED).with_suffix(".md").as_posix() for file in REVIEWED.rglob("*.txt")
    }
    assert files <= set(PAGES) - ABOUT_THE_SITE
    for page in files:
        for kind, sentence in reviewed(page):
            assert kind in CLASSES, f"{page}: {kind}: {sentence}"
            assert kind != "question" or sentence.endswith("?"), f"{page}: {sentence}"


@pytest.mark.parametrize("page", sorted(set(PAGES) - ABOUT_THE_SITE))
def test_what_was_read_second_hand_is_worded_so(page):
    sources = read_sources(DOCS / "sources.yml")
    for block in blocks_of("en", page):
        keys = iter(block.keys)
        for sentence in [block.text] if block.kind == "row" else block.sentences():
            cited = [next(keys) for _ in range(sentence.count(CITED))]
            reports = [k for k in cited if k != JUDGEMENT and sources[k].status != "verified"]
            assert not reports or SECOND_HAND.search(sentence), f"{page}:{block.line}: {reports}"


@pytest.mark.parametrize("page", PAGES)
def test_the_translation_says_and_cites_the_same_in_the_same_places(page):
    english, dutch = (blocks_of(language, page) for language in ("en", "nl"))
    places = [(block.section, block.kind) for block in english]
    assert [(block.section, block.kind) for block in dutch] == places
    for ours, theirs in zip(english, dutch, strict=True):
        where = f"{page}, line {ours.line} in English, {theirs.line} in Dutch"
        assert theirs.keys == ours.keys, where
        if not ours.covered and page not in ABOUT_THE_SITE:
            assert len(theirs.rest()) == len(ours.rest()), f"{where}: {ours.rest()} {theirs.rest()}"


@pytest.mark.parametrize(
    ("page", "uncovered"),
    [
        ("One.[^A] Two (of 3.5, e.g. Four). “Five?” Six.[^B] [^C] Seven! Eight: nine.", ["Seven!", "Eight: nine."]),
        ("Not `[^A]` here.\n\n```\nNor here.\n```", ["Not [A] here."]),
        ("- One.[^A]\n- Two\n  goes on.\n\n    Three.[^A]\n\n> Four.", ["Two goes on.", "Four."]),
        ("Because:[^A]\n\n1. One.\n2. Two.\n\nThree.", ["Three."]),
        ("Because:\n\n- One.", ["Because:", "One."]),
        ("| a | b |\n| - | - |\n| c | d[^A] |\n| [e](f.md) | **g** |", ["e | g"]),
        ("| a | b |\n| - | - |\n| c | d |\n\nThe table is ours.[^A] Yes.", ["Yes."]),
        ("| a | b |\n| - | - |\n| c | d |\n\nAnother matter.[^A]", ["c | d"]),
        ("| a | b |\n| - | - |\n| c | d |\n\nThe table is ours. No.", ["c | d", "The table is ours.", "No."]),
        ("| a | b[^A] | c |\n| - | - | - |\n| d | e | |\n| f | g | h |\n| i | j | k[^A] |", ["f | g | h"]),
        ('# No { #no }\n\n!!! note "No"\n\n    Yes.\n\n{{ no() }}\n\nTerm\n:   Meaning.', ["Yes.", "Term", "Meaning."]),
    ],
)  # fmt: skip
def test_what_no_footnote_covers_is_found(page, uncovered):
    assert [
        one for block in blocks(f"---\ntitle: No.\n---\n{page}\n") for one in block.uncovered()
    ] == uncovered
