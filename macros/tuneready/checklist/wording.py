"""An assessment in words: plain JSON data for the page, and text for the command line.

What a checklist says comes from the guide, in the language asked for; a page's guide has one
language only. Everything else comes from gettext. `href`s are relative to the root of the
language's site, and None where the site has no such page yet.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

from tuneready.checklist.answer_words import placed
from tuneready.checklist.change import find_changes, good_answer
from tuneready.checklist.textlines import bullet, part, wrapped
from tuneready.locale import N_, translation

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tuneready.checklist.assess import Assessment, Cause, CauseId, LeftOut, Section, Unit
    from tuneready.checklist.change import Change
    from tuneready.checklist.model import Checklist, Guide, Item, Outcome

SCHEMA = "tuneready.assessment/1"
OPEN_SHOWN = 10
CHANGES_SHOWN = 8
"""How many open questions and answers of a way the text names; a page names them all."""


_SHARES: dict[CauseId, str] = {
    "phase-coverage": N_(
        "You answered {answered} of {questions} questions; a verdict needs {limit}, and important questions count more."
    ),
    "section-coverage": N_(
        "Too few answers in {checklists}; a verdict needs {limit} of each checklist."
    ),
    "not-applicable": N_(
        "Too much is set aside as not applicable in {checklists}; at most {limit} may be."
    ),
    "foundation": N_(
        "Too little is in place in {checklists}; the rest only counts from {limit} of each."
    ),
    "phase-score": N_("Over all questions, {found} is in place; {limit} is needed."),
    "section-score": N_("Too little is in place in {checklists}; {limit} of each is needed."),
}
"""What a rule says about shares; they are shares of weight, not of questions."""

_SAID_BY: dict[CauseId, CauseId] = {
    "section-coverage": "phase-coverage",
    "section-score": "phase-score",
}


def describe(assessment: Assessment, guide: Guide, language: str) -> dict[str, Any]:
    """Return everything that a page shows of an assessment, as JSON data."""
    return _Description(assessment, guide, language).document()


class _Description:
    def __init__(self, assessment: Assessment, guide: Guide, language: str) -> None:
        self._assessment = assessment
        self._guide = guide
        self._language = language
        self._translation = translation(language)

    def document(self) -> dict[str, Any]:
        found = self._assessment
        texts = self._guide.verdict.texts_of(found.profile, found.verdict)
        return {
            "schema": SCHEMA,
            "profile": found.profile,
            "verdict": found.verdict,
            "rule": found.rule,
            "provisional": found.provisional,
            "label": texts.label.get(self._language),
            "note": texts.note.get(self._language),
            "reason": " ".join(self._reasons()),
            "coverage": round(found.coverage, 2),
            "score": None if found.score is None else round(found.score, 2),
            "answered": found.answered,
            "questions": found.questions,
            "redirects": [
                self._page(redirect.page)
                | {"because": [self._answered_item(unit) for unit in redirect.because]}
                for redirect in found.redirects
            ],
            "gaps": [self._gap(unit) for unit in found.gaps],
            "contradictions": [self._contradiction(unit) for unit in found.contradictions],
            "open": [self._open(unit) for unit in self._open_units()],
            "changes": [
                self._change(change) for change in find_changes(self._guide, self._assessment)
            ],
            "next_steps": list(self._next_steps()),
            "checklists": [self._section(section) for section in found.sections],
            "left_out": [self._left_out(left_out) for left_out in found.left_out],
            "unknown": list(found.unknown),
        }

    # -- the reason ---------------------------------------------------------------------------

    def _reasons(self) -> Iterator[str]:
        """Yield sentences: which rule gave the verdict, and what it found."""
        gettext = self._translation.gettext
        found = self._assessment
        if not found.answered:
            yield gettext("No question is answered yet.")
            return
        match found.rule:
            case "redirect":
                yield self._redirect_reason()
            case "ready":
                yield self._ready_reason()
            case "weak-foundation":
                yield gettext("The foundation is not there yet.")
            case "nearly":
                yield gettext("It is not “{verdict}” yet.").format(verdict=self._name("ready"))
            case "otherwise":
                yield gettext("Too much is missing for a better verdict.")
        for cause_id, causes in itertools.groupby(self._causes(), key=lambda cause: cause.id):
            yield self._cause(cause_id, list(causes))
        if contradictions := len(found.contradictions):
            yield self._translation.ngettext(
                "Two of your answers contradict each other, which counts as a gap until it is settled.",
                "{count} pairs of answers contradict each other, and count as gaps until that is settled.",
                contradictions,
            ).format(count=contradictions)
        if found.provisional:
            yield gettext(
                "This is provisional: {answered} of {questions} questions answered so far."
            ).format(answered=found.answered, questions=found.questions)

    def _causes(self) -> Iterator[Cause]:
        """Yield the causes to be told; redirects are told apart."""
        causes = self._assessment.causes
        told = {cause.id for cause in causes}
        # Of a single checklist, what holds over all of them need not be said twice.
        only = len(self._assessment.sections) == 1
        for cause in causes:
            said = only and _SAID_BY.get(cause.id) in told
            if cause.id != "redirect" and not said:
                yield cause

    def _name(self, verdict: Outcome) -> str:
        """Return what a verdict is called: its label, without what to do that may follow a colon."""
        label = self._guide.verdict.texts_of(self._assessment.profile, verdict).label
        return label.get(self._language).partition(":")[0]

    def _quoted(self, name: str) -> str:
        return self._translation.gettext("“{name}”").format(name=name)

    def _redirect_reason(self) -> str:
        pages = [self._page(redirect.page)["title"] for redirect in self._assessment.redirects]
        return self._translation.ngettext(
            "Your answers point to one step that comes first: {pages}.",
            "Your answers point to steps that come first: {pages}.",
            len(pages),
        ).format(pages="; ".join(map(self._quoted, pages)))

    def _ready_reason(self) -> str:
        gettext = self._translation.gettext
        if not self._assessment.gaps:
            return gettext("Every answer is in favour.")
        return self._translation.ngettext(
            "{count} gap is left; it does not block, and the rest is in order.",
            "{count} gaps are left; none of them blocks, and the rest is in order.",
            len(self._assessment.gaps),
        ).format(count=len(self._assessment.gaps))

    def _cause(self, cause_id: CauseId, causes: Sequence[Cause]) -> str:
        """Say what a rule found; one sentence for all checklists that show the same."""
        first = causes[0]
        if cause_id == "phase-coverage" and first.limit >= 1:
            text = self._translation.gettext(
                "You answered {answered} of {questions} questions; a verdict needs all of them."
            )
        elif cause_id in _SHARES:
            text = self._translation.gettext(_SHARES[cause_id])
        else:
            text = self._count(cause_id, first)
        return text.format(
            count=round(first.value),
            most=f"{first.limit:g}",
            found=_percent(first.value),
            limit=_percent(first.limit),
            answered=self._assessment.answered,
            questions=self._assessment.questions,
            checklists=", ".join(
                f"{self._quoted(cause.checklist.title.get(self._language))} ({_percent(cause.value)})"
                for cause in causes
                if cause.checklist
            ),
        )

    def _count(self, cause_id: CauseId, cause: Cause) -> str:
        ngettext = self._translation.ngettext
        count = round(cause.value)
        if cause_id == "blockers-open":
            return ngettext(
                "{count} blocking question is still open.",
                "{count} blocking questions are still open.",
                count,
            )
        if cause_id == "warning-signs":
            return ngettext(
                "{count} heavy warning sign is present.",
                "{count} heavy warning signs are present.",
                count,
            )
        if cause.limit:
            return ngettext(
                "{count} blocking point is a gap; at most {most} may be.",
                "{count} blocking points are gaps; at most {most} may be.",
                count,
            )
        return ngettext(
            "{count} blocking point is a gap.", "{count} blocking points are gaps.", count
        )

    # -- lists --------------------------------------------------------------------------------

    def _gap(self, unit: Unit) -> dict[str, Any]:
        """Describe a gap by its first item that is one; the others of its group follow."""
        first, *others = unit.items_in("gap")
        # How to tell often stands with the statement only, not with the sign that mirrors it.
        help_text = next((item.help for item in (first, *unit.items) if item.help), None)
        group = others if first.any_of else []
        return self._answered_item(unit) | {
            "help": help_text.get(self._language) if help_text else None,
            **self._importance(unit),
            "weight": unit.weight,
            "or": [self._item(unit.checklist, item) for item in group],
            "or_label": self._translation.gettext("Or one of these instead:") if group else None,
        }

    def _answered_item(self, unit: Unit) -> dict[str, Any]:
        gettext = self._translation.gettext
        item = unit.items_in("gap")[0]
        answer = self._assessment.answers[item.id]
        label = gettext("You answered yes") if answer == "yes" else gettext("You answered no")
        return self._item(unit.checklist, item) | {"answer": answer, "answer_label": label}

    def _importance(self, unit: Unit) -> dict[str, Any]:
        label = self._translation.gettext("Blocking") if unit.blocker else None
        return {"blocker": unit.blocker, "blocker_label": label}

    def _open(self, unit: Unit) -> dict[str, Any]:
        return self._item(unit.checklist, unit.items_in("open")[0]) | self._importance(unit)

    def _open_units(self) -> Sequence[Unit]:
        found = self._assessment
        wanted = found.verdict == "not-enough-answered" or found.provisional
        return found.open if wanted else ()

    def _contradiction(self, unit: Unit) -> dict[str, Any]:
        gettext = self._translation.gettext
        first, second = unit.items
        both_yes = self._assessment.answers[first.id] == "yes"
        question = (
            gettext("You said yes to both “{first}” and “{second}”. Which is right?")
            if both_yes
            else gettext("You said no to both “{first}” and “{second}”. Which is right?")
        )
        return {
            "items": [first.id, second.id],
            "checklist": unit.checklist.id,
            "question": question.format(
                first=first.text.get(self._language).rstrip("."),
                second=second.text.get(self._language).rstrip("."),
            ),
            "hrefs": [self._item(unit.checklist, item)["href"] for item in unit.items],
        }

    def _change(self, change: Change) -> dict[str, Any]:
        label = self._guide.verdict.texts_of(self._assessment.profile, change.verdict).label
        answers = change.answers
        return {
            "verdict": change.verdict,
            "label": label.get(self._language),
            "count": None if answers is None else len(answers),
            "sentence": self._distance(answers).format(
                count=len(answers or ()), verdict=self._name(change.verdict)
            ),
            "answers": [self._changed_item(unit, item) for unit, item in answers or ()],
        }

    def _distance(self, answers: Sequence[object] | None) -> str:
        if answers is None:
            return self._translation.gettext(
                "No answers lead to “{verdict}”: its limits cannot be met."
            )
        return self._translation.ngettext(
            "{count} answer away from “{verdict}”",
            "{count} answers away from “{verdict}”",
            len(answers),
        )

    def _changed_item(self, unit: Unit, item: Item) -> dict[str, Any]:
        gettext = self._translation.gettext
        answer = good_answer(item)
        labels = {
            (None, "yes"): gettext("Answer yes"),
            (None, "no"): gettext("Answer no"),
            ("no", "yes"): gettext("From no to yes"),
            ("yes", "no"): gettext("From yes to no"),
            ("not_applicable", "yes"): gettext("From not applicable to yes"),
            ("not_applicable", "no"): gettext("From not applicable to no"),
        }
        label = labels[self._assessment.answers.get(item.id), answer]
        return (
            self._item(unit.checklist, item)
            | {"answer": answer, "answer_label": label}
            | self._importance(unit)
        )

    def _next_steps(self) -> Iterator[dict[str, Any]]:
        """Yield what helps, for each checklist with a gap; an open question first wants an answer."""
        for section in self._assessment.sections:
            checklist = section.checklist
            if any(unit.checklist is checklist for unit in self._assessment.gaps):
                step = checklist.next_step
                yield {
                    "checklist": checklist.id,
                    "text": step.text.get(self._language),
                } | self._page(step.page)

    def _section(self, section: Section) -> dict[str, Any]:
        return {
            "checklist": section.checklist.id,
            "title": section.checklist.title.get(self._language),
            "answered": section.answered,
            "questions": section.questions,
            "href": section.checklist.path,
        }

    def _left_out(self, left_out: LeftOut) -> dict[str, Any]:
        asked = self._guide.scope[left_out.question]
        reason = self._translation.gettext("Left out: you answered “{option}” to “{question}”")
        item = self._item(left_out.checklist, left_out.item)
        del item["checklist_title"]
        return item | {
            "reason": reason.format(
                option=asked.options[left_out.option].get(self._language),
                question=asked.question.get(self._language),
            )
        }

    # -- parts --------------------------------------------------------------------------------

    def _page(self, page_id: str) -> dict[str, Any]:
        page = self._guide.pages[page_id]
        return {"page": page_id, "title": page.title.get(self._language), "href": page.path}

    def _item(self, checklist: Checklist, item: Item) -> dict[str, Any]:
        return placed(checklist, item, self._language)


def _percent(share: float) -> str:
    return f"{share * 100:.0f}%"


# ---------------------------------------------------------------------------------------------


def to_text(described: dict[str, Any], language: str) -> str:
    """Return a description as text for a terminal; ends with a newline."""
    return "\n".join(_lines(described, language)) + "\n"


def _lines(described: dict[str, Any], language: str) -> Iterator[str]:
    gettext = translation(language).gettext
    yield described["label"]
    yield "=" * len(described["label"])
    yield from wrapped(described["note"])
    yield ""
    yield from wrapped(gettext("Why: {reason}").format(reason=described["reason"]))
    for redirect in described["redirects"]:
        title = gettext("First: {page}").format(page=redirect["title"])
        reasons = (f"{item['answer_label']}: {item['text']}" for item in redirect["because"])
        yield from part(title, map(bullet, reasons))
    yield from part(
        gettext("Contradictions"),
        (bullet(contradiction["question"]) for contradiction in described["contradictions"]),
    )
    yield from part(
        gettext("What would change it"),
        (_change_lines(change, gettext("and {count} more")) for change in described["changes"]),
    )
    yield from part(gettext("Gaps, most important first"), map(_gap_lines, described["gaps"]))
    yield from part(
        gettext("Still open, most important first"),
        (bullet(_marked(item)) for item in described["open"][:OPEN_SHOWN]),
    )
    if more := described["open"][OPEN_SHOWN:]:
        yield "  " + gettext("and {count} more").format(count=len(more))
    yield from part(
        gettext("Next steps"), (bullet(step["text"]) for step in described["next_steps"])
    )
    yield from part(
        gettext("Answered"),
        (
            [f"  {section['answered']:>3} / {section['questions']:<3} {section['title']}"]
            for section in described["checklists"]
        ),
    )
    title = gettext("Questions that do not apply: {count}").format(count=len(described["left_out"]))
    by_reason = itertools.groupby(
        sorted(described["left_out"], key=lambda item: item["reason"]), lambda item: item["reason"]
    )
    yield from part(
        title,
        (
            wrapped(reason, indent="  ", rest="  ")
            + [line for item in items for line in wrapped(item["text"], "    - ", "      ")]
            for reason, items in by_reason
        ),
    )
    if described["unknown"]:
        text = gettext("Answers to questions that the checklists do not have: {items}")
        yield ""
        yield from wrapped(text.format(items=", ".join(described["unknown"])))


def _change_lines(change: dict[str, Any], and_more: str) -> Iterator[str]:
    yield from wrapped(change["sentence"], indent="  ")
    for item in change["answers"][:CHANGES_SHOWN]:
        yield from wrapped(f"{item['answer_label']}: {_marked(item)}", "    - ", "      ")
    if more := change["answers"][CHANGES_SHOWN:]:
        yield "      " + and_more.format(count=len(more))


def _gap_lines(gap: dict[str, Any]) -> Iterator[str]:
    yield from bullet(_marked(gap))
    yield f"    {gap['answer_label']} · {gap['checklist_title']} · {gap['item']}"
    if gap["help"]:
        yield from wrapped(gap["help"], indent="    ")
    if gap["or"]:
        yield f"    {gap['or_label']}"
        for item in gap["or"]:
            yield from wrapped(item["text"], indent="    - ", rest="      ")


def _marked(item: dict[str, Any]) -> str:
    return f"[{item['blocker_label']}] {item['text']}" if item["blocker"] else str(item["text"])
