"""Answers as a report in Markdown for people, and as a table in CSV for spreadsheets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuneready.checklist import markdown
from tuneready.checklist.overview import overview
from tuneready.checklist.spreadsheet import written
from tuneready.locale import N_, translation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from tuneready.checklist.answers import Answers
    from tuneready.checklist.model import Guide

    type Json = dict[str, Any]
    type Say = Callable[[str], str]

COLUMNS = (
    "checklist",
    "item",
    "question",
    "answer",
    "reason",
    "note",
    "evidence",
    "owner",
    "state",
    "blocker",
    "weight",
    "check",
    "changed",
)
"""Of the table; `state` is met, gap, open, out, left-out or archived."""

BESIDE = (
    ("reason", N_("Reason")),
    ("note", N_("Note")),
    ("evidence", N_("Evidence")),
    ("report", N_("Dataset check")),
    ("owner", N_("Owner")),
)


def to_csv(answers: Answers, guide: Guide, language: str) -> str:
    """Return a row for every item, then for every entry that is no longer asked.

    Ids, answers and states are the same in every language; questions and checks are in the one
    asked for.
    """
    found = overview(answers, guide, language)
    rows: list[Sequence[str | int]] = [COLUMNS]
    for checklist in found["checklists"]:
        rows += [
            _row(item, answers, item["state"], ["yes" if item["blocker"] else "", item["weight"]])
            for item in checklist["items"]
        ]
    rows += [_row(item, answers, "archived", ["", ""]) for item in found["archived"]]
    return written(rows)


def _row(
    item: Json, answers: Answers, state: str, importance: Sequence[str | int]
) -> list[str | int]:
    entry = answers.items.get(item["item"])
    asked_in = item["checklist"] if state != "archived" else entry and entry.checklist
    return [
        asked_in or "",
        item["item"],
        item["text"],
        (entry and entry.answer) or "",
        item["reason"],
        item["note"],
        item["evidence"],
        item["owner"],
        state,
        *importance,
        item["report"],
        (entry and entry.changed) or "",
    ]


def to_markdown(answers: Answers, guide: Guide, language: str, profile: str | None = None) -> str:
    """Return the report: verdicts with their reasons, then every item with what was said about it.

    With a profile, only its verdict and its checklists.
    """
    found = overview(answers, guide, language)
    if profile:
        named = guide.verdict.profiles[profile].checklists
        found["profiles"] = [each for each in found["profiles"] if each["profile"] == profile]
        found["checklists"] = [each for each in found["checklists"] if each["checklist"] in named]
    return "\n\n".join(_report(found, guide, language)) + "\n"


def _report(found: Json, guide: Guide, language: str) -> Iterator[str]:
    say = translation(language).gettext
    name = found["name"].strip() or say(N_("Answers"))
    yield f"# {markdown.plain(name)}"
    facts = [say(N_("Saved on {day}.")).format(day=found["date"])] if found["date"] else []
    facts.append(say(N_("Version of the checklists: {version}.")).format(version=guide.version))
    yield " ".join(facts)
    if found["scope"]:
        yield "\n".join(
            f"- {markdown.plain(each['question'])} **{markdown.plain(each['answer'])}**"
            for each in found["scope"]
        )
    if found["changes"]["sentences"]:
        yield "\n".join(f"- {markdown.plain(each)}" for each in found["changes"]["sentences"])
    for verdict in found["profiles"]:
        yield from _verdict(verdict, say)
    for checklist in found["checklists"]:
        yield from _checklist(checklist, say)
    if found["archived"]:
        yield f"## {say(N_('No longer asked'))}"
        yield "\n".join(_entry(item, say) for item in found["archived"])


def _verdict(verdict: Json, say: Say) -> Iterator[str]:
    yield f"## {markdown.plain(verdict['title'])}: {markdown.plain(verdict['label'])}"
    yield markdown.plain(verdict["note"])
    why = markdown.plain(verdict["reason"])
    yield f"**{say(N_('Why'))}:** {why}"
    for redirect in verdict["redirects"]:
        title = say(N_("First: {page}")).format(page=redirect["title"])
        yield f"**{markdown.plain(title)}**"
        yield "\n".join(_said(item) for item in redirect["because"])
    if verdict["contradictions"]:
        yield f"### {say(N_('Contradictions'))}"
        yield "\n".join(
            f"- {markdown.plain(each['question'])}" for each in verdict["contradictions"]
        )
    if verdict["gaps"]:
        yield f"### {say(N_('Gaps, most important first'))}"
        yield "\n".join(
            f"{number}. {_said(gap)[2:]} ({markdown.plain(gap['checklist_title'])})"
            for number, gap in enumerate(verdict["gaps"], 1)
        )
    if verdict["changes"]:
        yield f"### {say(N_('What would change it'))}"
        for change in verdict["changes"]:
            yield markdown.plain(change["sentence"])
            if change["answers"]:
                yield "\n".join(_said(item) for item in change["answers"])
    if verdict["next_steps"]:
        yield f"### {say(N_('Next steps'))}"
        yield "\n".join(f"- {markdown.plain(step['text'])}" for step in verdict["next_steps"])


def _said(item: Json) -> str:
    label = f"**{markdown.plain(item['blocker_label'])}:** " if item.get("blocker_label") else ""
    return f"- {label}{markdown.plain(item['text'])} {markdown.plain(item['answer_label'])}."


def _checklist(checklist: Json, say: Say) -> Iterator[str]:
    yield f"## {markdown.plain(checklist['title'])}"
    yield say(
        N_(
            "Answered: {answered} of {questions}. In order: {met}, gaps: {gap}, open: {open}, not applicable: {out}."
        )
    ).format(
        **{key: checklist[key] for key in ("answered", "questions", "met", "gap", "open", "out")}
    )
    yield "\n".join(_entry(item, say) for item in checklist["items"])


def _entry(item: Json, say: Say) -> str:
    """Return an item of a list, with a list of what stands beside its answer."""
    answer = markdown.plain(item["answer_label"])
    parts = []
    if item.get("blocker_label"):
        parts.append(item["blocker_label"])
    if item.get("state") in ("gap", "left-out"):
        parts.append(item["state_label"])
    about = f" ({markdown.plain(', '.join(parts))})" if parts else ""
    found = [f"- **{answer}** {markdown.plain(item['text'])}{about}"]
    if item.get("reworded"):
        asked = markdown.plain(item["asked"])
        found.append(f"  - {say(N_('Reworded since it was answered; it was asked as'))}: {asked}")
    if item.get("suggestion"):
        found.append(f"  - {markdown.plain(item['suggestion'])}")
    for key, label in BESIDE:
        if item[key]:
            text = (
                markdown.linked(item[key])
                if key == "evidence"
                else markdown.lines(item[key], "    ")
            )
            found.append(f"  - {say(label)}: {text}")
    return "\n".join(found)
