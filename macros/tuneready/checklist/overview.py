"""Everything about one document of answers at a glance, in words: for the overview and for paper."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuneready.checklist import answer_words
from tuneready.checklist.answers import Entry, changes
from tuneready.checklist.evidence import suggested
from tuneready.checklist.wording import describe
from tuneready.locale import N_, translation

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tuneready.checklist.answers import Answers, Changes
    from tuneready.checklist.model import Checklist, Guide, Item

    type Json = dict[str, Any]

SCHEMA = "tuneready.overview/1"


def overview(answers: Answers, guide: Guide, language: str) -> Json:
    """Return verdicts, progress, every item with what was said about it, owners and changes."""
    found = answer_words.assessments(guide, answers)
    states: dict[str, str] = {}
    for assessment in found:
        states |= answer_words.states_of(assessment)
    changed = changes(answers, guide)
    lists = [
        _checklist(checklist, answers, states, changed, language) for checklist in guide.checklists
    ]
    return {
        "schema": SCHEMA,
        "name": answers.name,
        "date": (answers.saved or "")[:10],
        "scope": answer_words.scope_answers(guide, answers.scope, language),
        "profiles": [
            {
                "title": answer_words.phase_title(assessment.profile, language),
                **describe(assessment, guide, language),
            }
            for assessment in found
        ],
        "checklists": lists,
        "owners": _owners((item for each in lists for item in each["items"]), language),
        "changes": _changes(changed, answers, guide, language),
        "archived": [
            answer_words.archived(item, answers.items[item], guide, language)
            for item in changed.removed
        ],
    }


def _checklist(
    checklist: Checklist,
    answers: Answers,
    states: Mapping[str, str],
    changed: Changes,
    language: str,
) -> Json:
    items = [
        _item(
            checklist,
            item,
            answers.items.get(item.id, Entry()),
            states.get(item.id, "open"),
            language,
            reworded=item.id in changed.reworded,
        )
        for item in checklist.items
    ]
    counts = dict.fromkeys(answer_words.STATES, 0)
    for item in items:
        counts[item["state"]] += 1
    questions = len(items) - counts["left-out"]
    return {
        "checklist": checklist.id,
        "title": checklist.title.get(language),
        "phase": checklist.phase,
        "phase_label": answer_words.phase_title(checklist.phase, language),
        "href": checklist.path,
        "answered": questions - counts["open"],
        "questions": questions,
        "met": counts["met"],
        "gap": counts["gap"],
        "open": counts["open"],
        "out": counts["out"],
        "left_out": counts["left-out"],
        "items": items,
    }


def _item(
    checklist: Checklist, item: Item, entry: Entry, state: str, language: str, *, reworded: bool
) -> Json:
    return {
        **answer_words.placed(checklist, item, language),
        **answer_words.importance(item, language),
        "state": state,
        "state_label": translation(language).gettext(answer_words.STATES[state]),
        "sign": answer_words.SIGNS[entry.answer],
        "boxes": answer_words.boxes(item, entry.answer, language),
        "answer_label": answer_words.say_answer(entry.answer, language),
        **answer_words.beside(entry, language),
        "suggestion": _suggestion(item, entry, language),
        "reworded": reworded,
        "asked": (entry.text or "") if reworded else "",
    }


def _suggestion(item: Item, entry: Entry, language: str) -> str:
    """Say what an attached check speaks for, where the answer is another; the reader decides."""
    if entry.report is None or item.attach is None:
        return ""
    answer = suggested(entry.report, item)
    if answer == entry.answer:
        return ""
    text = translation(language).gettext(N_("The attached check suggests “{answer}”."))
    return text.format(answer=answer_words.say_answer(answer, language))


def _owners(items: Iterable[Json], language: str) -> list[Json]:
    """Return who looks after what; gaps and open questions that nobody has come last."""
    by_owner: dict[str, list[Json]] = {}
    nobody: list[Json] = []
    for item in items:
        owner = item["owner"].strip()
        if owner:
            by_owner.setdefault(owner, []).append(item)
        elif item["state"] in ("gap", "open"):
            nobody.append(item)
    say = translation(language).gettext
    found = [
        {"owner": owner, "label": owner, "items": by_owner[owner]}
        for owner in sorted(by_owner, key=str.casefold)
    ]
    return [*found, {"owner": "", "label": say(N_("Nobody yet")), "items": nobody}]


def _changes(changed: Changes, answers: Answers, guide: Guide, language: str) -> Json:
    placed = {
        item.id: answer_words.placed(checklist, item, language) for checklist, item in guide.items()
    }
    return {
        "sentences": changed_sentences(changed, language),
        "new": [placed[item] for item in changed.new],
        "reworded": [
            {**placed[item], "before": answers.items[item].text or ""} for item in changed.reworded
        ],
        "removed": len(changed.removed),
    }


def changed_sentences(changed: Changes, language: str) -> list[str]:
    """Say what is new, reworded and removed; nothing of what is not."""
    ngettext = translation(language).ngettext
    new, reworded, removed = (
        len(items) for items in (changed.new, changed.reworded, changed.removed)
    )
    sentences = {
        ngettext(
            "{count} question is new since its checklist was answered.",
            "{count} questions are new since their checklists were answered.",
            new,
        ): new,
        ngettext(
            "{count} question was reworded since it was answered: see whether the answer still holds.",
            "{count} questions were reworded since they were answered: see whether the answers still hold.",
            reworded,
        ): reworded,
        ngettext(
            "{count} question is no longer asked; what was said about it is kept in the archive.",
            "{count} questions are no longer asked; what was said about them is kept in the archive.",
            removed,
        ): removed,
    }
    return [text.format(count=count) for text, count in sentences.items() if count]
