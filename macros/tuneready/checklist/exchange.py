"""Answers that leave the page or come into it: what the bridge's requests about them reply.

Everything that is returned is JSON data, its sentences in the language asked for.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tuneready.checklist.answers import answers_of, changes, plain, read_answers
from tuneready.checklist.preview import preview
from tuneready.checklist.share import MOST_CHARACTERS, decode, fragment_of, share
from tuneready.locale import N_, translation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tuneready.checklist.answers import Answers
    from tuneready.checklist.model import Guide

    type Json = dict[str, Any]


def shared(answers: Answers, guide: Guide, address: str, language: str, *, notes: bool) -> Json:
    """Return a link that begins with `address`, and what stays behind.

    Raises:
        LinkError: When the answers do not fit into a link.

    """
    changed = changes(answers, guide)
    kept = {item: entry for item, entry in answers.items.items() if item not in changed.removed}
    # Whoever opens it is told that questions may read otherwise, if one was reworded since.
    version = None if changed.reworded else guide.version
    going = replace(answers, items=kept, guide=version)
    found = share(going, notes=notes, room=MOST_CHARACTERS - len(address))
    say = translation(language).gettext
    left_out = []
    has_reports = any(entry.report for entry in kept.values())
    has_words = has_reports or any(replace(entry, answer=None).is_said for entry in kept.values())
    if found.holds == "no-reports":
        left_out.append(
            say(N_("The checks of datasets do not fit into a link; the file has them."))
        )
    elif found.holds == "answers" and has_words:
        if notes:
            text = N_("Notes, owners and evidence do not fit into a link; the file has them.")
        else:
            text = N_("Notes, owners and evidence stay here; the file has them.")
        left_out.append(say(text))
    if changed.removed:
        left_out.append(
            translation(language)
            .ngettext(
                "{count} question that is no longer asked stays here; the file has it.",
                "{count} questions that are no longer asked stay here; the file has them.",
                len(changed.removed),
            )
            .format(count=len(changed.removed))
        )
    return {
        "link": address + found.fragment,
        "fragment": found.fragment,
        "characters": len(address) + len(found.fragment),
        "left_out": left_out,
    }


def opened(link: str, present: Answers, guide: Guide, language: str) -> Json:
    """Return what a link holds as a document, and what taking it would change.

    Raises:
        LinkError: When it holds no answers.

    """
    found = decode(fragment_of(link), guide)
    incoming = found.answers.with_questions(guide, language)
    return {
        "document": plain(incoming),
        "preview": preview(incoming, present, guide, language, found),
    }


def imported(text: str, present: Answers, guide: Guide, language: str) -> Json:
    """Return what a file holds as a document, and what taking it would change.

    Raises:
        JsonError: When it holds no answers.

    """
    incoming = read_answers(text).with_questions(guide, language)
    return {"document": plain(incoming), "preview": preview(incoming, present, guide, language)}


def exported(answers: Answers, guide: Guide, form: str, language: str) -> Json:
    """Return the text of a file for people (`markdown`) or spreadsheets (`csv`), and its name."""
    from tuneready.checklist.export import to_csv, to_markdown

    if form == "markdown":
        return {"text": to_markdown(answers, guide, language), "file": file_name(answers, "md")}
    return {"text": to_csv(answers, guide, language), "file": file_name(answers, "csv")}


def file_name(answers: Answers, suffix: str) -> str:
    """Return a name for a file that every system takes: `tuneready-invoice-triage-2026-11-22.md`."""
    words = re.findall(r"[a-z0-9]+", answers.name.casefold())
    parts = ["tuneready", *words[:8], (answers.saved or "")[:10]]
    return "-".join(part for part in parts if part)[:80] + f".{suffix}"


def compared(documents: Sequence[Json], guide: Guide, language: str) -> Json:
    """Return the comparison of several people's documents, and the one that they agree on."""
    from tuneready.checklist.compare import compare
    from tuneready.checklist.compare_words import described

    people = [answers_of(document) for document in documents]
    found = compare(people, guide, language)
    return {
        "comparison": described(found, guide, language),
        "agreed": plain(found.agreed.with_questions(guide, language)),
    }
