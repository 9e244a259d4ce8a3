"""What taking a document of answers would change, said before anything is changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuneready.checklist import answer_words
from tuneready.checklist.answers import Entry, changes
from tuneready.checklist.overview import changed_sentences
from tuneready.escaping import one_line
from tuneready.locale import N_, translation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tuneready.checklist.answers import Answers
    from tuneready.checklist.model import Guide
    from tuneready.checklist.share import Opened

_SHOWN = 80  # characters of a note in a table


def preview(
    incoming: Answers,
    present: Answers,
    guide: Guide,
    language: str,
    link: Opened | None = None,
) -> dict[str, Any]:
    """Return a title, sentences, and a row for every item that would not be as it is.

    Args:
        incoming: What came from a file or a link.
        present: What it would replace; the reader may as well keep both.
        guide: The whole guide.
        language: Of the sentences.
        link: How the link was read, if it was one.

    """
    rows = list(_rows(incoming, present, guide, language))
    changed = changes(incoming, guide)
    return {
        "title": _title(incoming, language),
        "sentences": [
            *_facts(incoming, guide, language, link),
            *changed_sentences(changed, language),
            *_differences(rows, present, language),
        ],
        "rows": rows,
        "archived": len(changed.removed),
    }


def _title(incoming: Answers, language: str) -> str:
    say = translation(language).gettext
    if incoming.name.strip():
        return say(N_("Assessment “{name}”")).format(name=one_line(incoming.name, 100))
    return say(N_("An assessment without a name"))


def _facts(incoming: Answers, guide: Guide, language: str, link: Opened | None) -> Iterator[str]:
    """Yield what it holds, and what of it cannot be used."""
    say = translation(language).gettext
    ngettext = translation(language).ngettext
    asked = sum(len(checklist.items) for checklist in guide.checklists)
    known = {item.id for _, item in guide.items()}
    answered = sum(item in known for item in incoming.plain)
    yield say(N_("It answers {answered} of {questions} questions.")).format(
        answered=answered, questions=asked
    )
    if incoming.saved:
        yield say(N_("It was saved on {day}.")).format(day=incoming.saved[:10])
    scope = answer_words.scope_answers(guide, incoming.scope, language)
    if scope:
        pairs = (f"{each['question']} {each['answer']}" for each in scope)
        yield say(N_("About the case: {answers}.")).format(answers=" · ".join(pairs))
    if link is not None:
        if link.unknown:
            yield ngettext(
                "{count} more of its answers is to a question that these checklists do not have. A link does not say which, so ask for the file if you need it.",
                "{count} more of its answers are to questions that these checklists do not have. A link does not say which, so ask for the file if you need them.",
                link.unknown,
            ).format(count=link.unknown)
        if not link.same_guide:
            yield say(
                N_(
                    "The link was made with another version of the checklists, so a question may read otherwise now."
                )
            )
        if not any(_words(entry) for entry in incoming.items.values()):
            yield say(N_("Notes, owners and evidence are not in the link."))


def _differences(rows: list[dict[str, Any]], present: Answers, language: str) -> Iterator[str]:
    say = translation(language).gettext
    if not any(entry.is_said for entry in present.items.values()):
        yield say(N_("You have no answers yet that it could replace."))
    elif not rows:
        yield say(N_("It says just what your present answers say."))
    else:
        kinds = [row["kind"] for row in rows]
        yield say(
            N_(
                "If it replaces your present answers: {added} added, {changed} changed, {removed} taken away."
            )
        ).format(
            added=kinds.count("added"),
            changed=kinds.count("changed"),
            removed=kinds.count("removed"),
        )


def _rows(
    incoming: Answers, present: Answers, guide: Guide, language: str
) -> Iterator[dict[str, Any]]:
    """Yield the items that differ, in the guide's order; then those that it does not have."""
    placed = {
        item.id: answer_words.placed(checklist, item, language) for checklist, item in guide.items()
    }
    items = dict.fromkeys([*placed, *present.items, *incoming.items])
    for item in items:
        before = present.items.get(item, Entry())
        after = incoming.items.get(item, Entry())
        if _said(before) == _said(after):
            continue
        entry = after if after.is_said else before
        known = placed.get(item, {"text": one_line(entry.text or item, 300), "href": None})
        kind = "changed" if before.is_said and after.is_said else "added"
        yield {
            "item": item,
            "text": known["text"],
            "href": known["href"],
            "kind": kind if after.is_said else "removed",
            "before": _in_words(before, after, language),
            "after": _in_words(after, before, language),
        }


def _said(entry: Entry) -> tuple[object, ...]:
    return entry.answer, *_words(entry), entry.report


def _words(entry: Entry) -> tuple[str, ...]:
    """Return the texts beside an answer; empty when there are none."""
    texts = [
        (text or "").strip() for text in (entry.reason, entry.note, entry.evidence, entry.owner)
    ]
    return tuple(texts) if any(texts) else ()


def _in_words(entry: Entry, other: Entry, language: str) -> str:
    """Return an answer, and what stands beside it that differs from the other's."""
    if not entry.is_said:
        return answer_words.say_answer(None, language)
    say = translation(language).gettext
    labels = (
        (N_("Reason: {text}"), entry.reason, other.reason),
        (N_("Note: {text}"), entry.note, other.note),
        (N_("Evidence: {text}"), entry.evidence, other.evidence),
        (N_("Owner: {text}"), entry.owner, other.owner),
    )
    parts = [answer_words.say_answer(entry.answer, language)]
    parts += [
        say(label).format(text=one_line(mine, _SHOWN))
        for label, mine, theirs in labels
        if mine and mine != theirs
    ]
    if entry.report and entry.report != other.report:
        parts.append(answer_words.beside(entry, language)["report"])
    return " · ".join(parts)
