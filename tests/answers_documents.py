"""Documents of answers for tests: any that could be read, and any that could be about a guide."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from hypothesis import strategies as st

from tuneready.checklist.answers import Answers, Counts, Entry, Evidence
from tuneready.checklist.load import load_guide

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tuneready.checklist.model import Guide

TOP = Path(__file__).parents[1]
GUIDE = load_guide(TOP / "checklists")
ITEMS = [item.id for _, item in GUIDE.items()]

ANSWERS = st.sampled_from(["yes", "no", "not_applicable"])
# Nothing that a reader may not type: every character but half ones, which JSON files may hold.
TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40)
DAYS = st.dates().map(str)
MOMENTS = st.datetimes().map(lambda moment: f"{moment.isoformat(timespec='seconds')}Z")
DIGESTS = st.integers(0, 16**8 - 1).map(lambda number: f"{number:08x}")
REPORTS = st.builds(
    Evidence,
    file=TEXT,
    sha256=st.none() | st.integers(0, 16**64 - 1).map(lambda number: f"{number:064x}"),
    target=TEXT,
    model=st.none() | TEXT,
    bytes=st.integers(0, 10**12),
    lines=st.integers(0, 10**9),
    examples=st.integers(0, 10**9),
    valid=st.booleans(),
    counts=st.builds(
        Counts, error=st.integers(0, 99), warning=st.integers(0, 99), note=st.integers(0, 99)
    ),
    checked=DAYS,
)


def maybe(strategy: st.SearchStrategy[str]) -> st.SearchStrategy[str | None]:
    return st.none() | strategy


ENTRIES = st.builds(
    Entry,
    answer=st.none() | ANSWERS,
    reason=maybe(TEXT),
    note=maybe(TEXT),
    evidence=maybe(TEXT | st.just("https://example.org/a?b=c")),
    owner=maybe(TEXT),
    report=st.none() | REPORTS,
    wording=maybe(DIGESTS),
    text=maybe(TEXT),
    checklist=maybe(st.sampled_from(["why", "data", "gone"])),
    changed=maybe(MOMENTS),
)
SCOPES = st.fixed_dictionaries(
    {},
    optional={
        question: st.sampled_from(list(asked.options)) for question, asked in GUIDE.scope.items()
    },
)


def documents(items: Iterable[str] = (*ITEMS, "gone-item", "other-gone")) -> st.SearchStrategy:
    """Return documents with entries of some of these items."""
    return st.builds(
        Answers,
        name=st.just("") | TEXT,
        saved=maybe(MOMENTS),
        guide=maybe(DIGESTS),
        scope=SCOPES,
        items=st.dictionaries(st.sampled_from(list(items)), ENTRIES, max_size=12),
        seen=st.dictionaries(
            st.sampled_from([checklist.id for checklist in GUIDE.checklists]),
            st.lists(st.sampled_from(ITEMS), max_size=3, unique=True).map(tuple),
            max_size=3,
        ),
    )


def answered(guide: Guide, *, words: bool = False) -> Answers:
    """Return a document that answers every question of a guide, with words beside or without."""
    cycle = ("yes", "no", "not_applicable")
    items = {}
    for place, (checklist, item) in enumerate(guide.items()):
        entry = Entry(
            answer=cycle[place % 3],
            wording=guide.wordings[item.id],
            text=item.text.en,
            checklist=checklist.id,
            changed="2026-11-22T09:00:00Z",
        )
        items[item.id] = entry
        if words and place % 2:
            # Unlike any other, so that a link cannot make it short.
            note = f"See the minutes: {hashlib.sha256(item.id.encode()).hexdigest()}"
            items[item.id] = replace(entry, note=note, owner=f"Person {place % 5}")
    return Answers(
        name="Invoice triage",
        saved="2026-11-22T17:20:00Z",
        guide=guide.version,
        scope={"method": "sft", "hosting": "hosted"},
        items=items,
        seen={
            checklist.id: tuple(item.id for item in checklist.items)
            for checklist in guide.checklists
        },
    )
