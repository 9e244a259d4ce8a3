"""What readers said about items, in words: labels, boxes, links, and the item as it is shown.

Everything is plain JSON data or text. `href`s are relative to the root of the language's site.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from tuneready.checklist.assess import assess
from tuneready.locale import N_, translation

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tuneready.checklist.answers import Answers, Entry
    from tuneready.checklist.assess import Assessment
    from tuneready.checklist.model import Answer, Checklist, Guide, Item

ANSWERS: dict[Answer | None, str] = {
    "yes": N_("Yes"),
    "no": N_("No"),
    "not_applicable": N_("Not applicable"),
    None: N_("Open"),
}
SIGNS: dict[Answer | None, str] = {"yes": "✓", "no": "✗", "not_applicable": "–", None: ""}
STATES = {
    "met": N_("in order"),
    "gap": N_("gap"),
    "open": N_("open"),
    "out": N_("not applicable"),
    "left-out": N_("does not apply"),
}
PHASES = {"decide": N_("Decide"), "prepare": N_("Prepare"), "launch": N_("Launch")}

# What a page may link to: an address without anything that hides where it leads.
_LINK = re.compile(r"https?://[^\s<>\"'`\\\x00-\x20\x7f]+", re.IGNORECASE)


def say_answer(answer: Answer | None, language: str) -> str:
    return translation(language).gettext(ANSWERS[answer])


def phase_title(phase: str, language: str) -> str:
    """Return what a phase or a profile is called; one of a fork's own goes by its id."""
    return translation(language).gettext(PHASES[phase]) if phase in PHASES else phase


def link_of(text: str | None) -> str | None:
    """Return a text that is a web address and nothing else, as a link; None: it is words."""
    found = (text or "").strip()
    return found if _LINK.fullmatch(found) and found.isascii() else None


def options_of(item: Item) -> tuple[Answer, ...]:
    """Return what can be answered, in the order of the page."""
    return ("yes", "no", "not_applicable") if item.offers_not_applicable else ("yes", "no")


def boxes(item: Item, answer: Answer | None, language: str) -> str:
    """Return every answer with its box, as on paper: “☒ Yes  ☐ No”."""
    shown = options_of(item)
    if answer and answer not in shown:
        shown = (*shown, answer)
    return "  ".join(
        f"{'☒' if option == answer else '☐'} {say_answer(option, language)}" for option in shown
    )


def placed(checklist: Checklist, item: Item, language: str) -> dict[str, Any]:
    """Return an item with its text and its place."""
    return {
        "item": item.id,
        "checklist": checklist.id,
        "checklist_title": checklist.title.get(language),
        "text": item.text.get(language),
        "href": f"{checklist.path}#{item.id}" if checklist.path else None,
    }


def importance(item: Item, language: str) -> dict[str, Any]:
    label = translation(language).gettext(N_("Blocking")) if item.blocker else None
    return {"blocker": item.blocker, "blocker_label": label, "weight": item.weight}


def beside(entry: Entry, language: str) -> dict[str, Any]:
    """Return what stands beside an answer; "" where nothing does."""
    # A verdict alone, which is all that most pages ask for, needs no documents.
    from tuneready.checklist.evidence import sentence

    return {
        "reason": entry.reason or "",
        "note": entry.note or "",
        "evidence": entry.evidence or "",
        "evidence_href": link_of(entry.evidence),
        "owner": entry.owner or "",
        "report": sentence(entry.report, language) if entry.report else "",
    }


def archived(item: str, entry: Entry, guide: Guide, language: str) -> dict[str, Any]:
    """Return an entry whose item the guide does not have, as it was asked."""
    titles = {checklist.id: checklist.title.get(language) for checklist in guide.checklists}
    asked_in = entry.checklist or ""
    return {
        "item": item,
        "checklist": titles.get(asked_in, asked_in),
        "text": entry.text or item,
        "answer_label": say_answer(entry.answer, language),
        **beside(entry, language),
    }


def scope_answers(guide: Guide, scope: Mapping[str, str], language: str) -> list[dict[str, str]]:
    """Return the answers about the whole case, in words; what the guide does not ask is left out."""
    return [
        {
            "question": asked.question.get(language),
            "answer": asked.options[scope[question]].get(language),
        }
        for question, asked in guide.scope.items()
        if scope.get(question) in asked.options
    ]


def assessments(guide: Guide, answers: Answers) -> list[Assessment]:
    """Return the verdict of every profile."""
    return [
        assess(guide, profile, answers.plain, answers.scope) for profile in guide.verdict.profiles
    ]


def states_of(found: Assessment) -> dict[str, str]:
    """Return item -> state, of the items of a profile; those that do not apply are `left-out`."""
    states: dict[str, str] = {part.item.id: "left-out" for part in found.left_out}
    for unit in found.units:
        pairs = zip(unit.items, unit.states, strict=True)
        states |= {item.id: state for item, state in pairs}
    return states
