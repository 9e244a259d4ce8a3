"""A comparison in words: JSON data for the page and for the outputs of the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuneready.checklist import answer_words
from tuneready.checklist.answers import changes
from tuneready.checklist.wording import describe
from tuneready.locale import N_, translation

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tuneready.checklist.agreed import Person
    from tuneready.checklist.compare import Compared, Comparison
    from tuneready.checklist.model import Guide

    type Json = dict[str, Any]

SCHEMA = "tuneready.comparison/1"


def described(found: Comparison, guide: Guide, language: str) -> Json:
    """Return a comparison as JSON data with its sentences."""
    say = translation(language).gettext
    agreed = [
        describe(assessment, guide, language)
        for assessment in answer_words.assessments(guide, found.agreed)
    ]
    return {
        "schema": SCHEMA,
        "title": say(N_("Compared: {names}")).format(
            names=", ".join(person.name for person in found.people)
        ),
        "sentences": list(_sentences(found, agreed, guide, language)),
        "people": [_person(person, guide, language) for person in found.people],
        "agreed": [_verdict(verdict, language) for verdict in agreed],
        "contradictions": [
            contradiction for verdict in agreed for contradiction in verdict["contradictions"]
        ],
        "differing": [_compared(each, found.people, language) for each in found.differing],
        "partly": [_compared(each, found.people, language) for each in found.partly],
        "agreeing": [
            {
                **answer_words.placed(each.checklist, each.item, language),
                "answer": each.given[0],
                "answer_label": answer_words.say_answer(each.given[0], language),
            }
            for each in found.agreeing
        ],
        "open": [answer_words.placed(each.checklist, each.item, language) for each in found.open],
    }


def _sentences(
    found: Comparison, agreed: Sequence[Json], guide: Guide, language: str
) -> Iterator[str]:
    say = translation(language).gettext
    yield say(
        N_(
            "Questions with different answers: {differing}. Answered by some only: {partly}. The same from everyone: {agreeing}. Open for everyone: {open}."
        )
    ).format(
        differing=len(found.differing),
        partly=len(found.partly),
        agreeing=len(found.agreeing),
        open=len(found.open),
    )
    yield say(N_("What you agree on gives: {verdicts}.")).format(
        verdicts=" · ".join(_verdict_line(verdict, language) for verdict in agreed)
    )
    for question, options in found.scope:
        asked = guide.scope[question]
        answers = (
            f"{person.name}: {asked.options[option].get(language)}"
            for person, option in zip(found.people, options, strict=True)
            if option
        )
        yield say(N_("You differ about the case. {question} {answers}.")).format(
            question=asked.question.get(language), answers=", ".join(answers)
        )
    for verdict in agreed:
        for contradiction in verdict["contradictions"]:
            yield say(N_("Together you contradict yourselves. {question}")).format(
                question=contradiction["question"]
            )
    older = [person.name for person in found.people if changes(person.answers, guide).reworded]
    if older:
        yield say(N_("Some questions were reworded since they were answered by: {names}.")).format(
            names=", ".join(older)
        )


def _verdict(described_verdict: Json, language: str) -> Json:
    return {
        "profile": described_verdict["profile"],
        "title": answer_words.phase_title(described_verdict["profile"], language),
        "verdict": described_verdict["verdict"],
        "label": described_verdict["label"],
    }


def _verdict_line(described_verdict: Json, language: str) -> str:
    verdict = _verdict(described_verdict, language)
    return f"{verdict['title']}: {verdict['label']}"


def _person(person: Person, guide: Guide, language: str) -> Json:
    say = translation(language).gettext
    verdicts = [
        describe(assessment, guide, language)
        for assessment in answer_words.assessments(guide, person.answers)
    ]
    return {
        "name": person.name,
        "label": " · ".join(_verdict_line(verdict, language) for verdict in verdicts),
        "answered": say(N_("{answered} of {questions}")).format(
            answered=sum(verdict["answered"] for verdict in verdicts),
            questions=sum(verdict["questions"] for verdict in verdicts),
        ),
        "verdicts": [_verdict(verdict, language) for verdict in verdicts],
    }


def _compared(each: Compared, people: Sequence[Person], language: str) -> Json:
    return {
        **answer_words.placed(each.checklist, each.item, language),
        **answer_words.importance(each.item, language),
        "people": [
            {
                "name": person.name,
                "answer": answer or "",
                "answer_label": answer_words.say_answer(answer, language),
                **answer_words.beside(entry, language),
            }
            for person, answer, entry in zip(people, each.answers, each.entries, strict=True)
        ],
        "options": [
            {"answer": option, "label": answer_words.say_answer(option, language)}
            for option in answer_words.options_of(each.item)
        ],
    }
