"""Answers that teach little or the wrong thing: refusals, stand-ins, cut-off and looping ones."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tuneready.dataset.detectors import Found

if TYPE_CHECKING:
    from collections.abc import Iterator

_VERBS = (
    r"(?:to )?(?:help|assist|fulfil|comply|provide|answer|do that|generate|creat|writ|support"
    r"|engage|discuss|offer|respond|continue|give|share|produc)"
)
_NOT = r"(?: (?:can['’]?t|cannot|can not|won['’]t|will not)|(?:['’]m| am) (?:unable|not (?:able|allowed|permitted)))"
_CANNOT = rf"I{_NOT} {_VERBS}"
_KAN_NIET = (
    r"kan (?:ik )?(?:(?:je|jou|u|jullie) )?(?:(?:hier|daar|hiermee|daarmee) )?(?:helaas )?(?:"
    r"niet (?:bij |mee |mee verder |mee verder te |verder )?(?:helpen|assisteren|van dienst|voldoen)"
    r"|geen (?:antwoord|(?:medisch|juridisch|financieel|persoonlijk) advies)"
    r"|(?:dit|dat|deze vraag|dit verzoek|je vraag|uw vraag|je verzoek|uw verzoek) (?:helaas )?niet "
    r"(?:beantwoorden|inwilligen|uitvoeren|verstrekken|doen))"
)
# A refusal stands at the beginning; further on, "I cannot help" is a sentence like any other.
_REFUSALS = (
    _CANNOT,
    rf"I(?:['’]m| am) (?:really |very |so |truly )?(?:sorry|afraid)\b[^\n]{{0,60}}?{_CANNOT}",
    rf"I apologi[sz]e\b[^\n]{{0,60}}?{_CANNOT}",
    rf"Sorry\b[^\n]{{0,40}}?(?:{_CANNOT}|{_KAN_NIET})",
    rf"My apologies\b[^\n]{{0,40}}?{_CANNOT}",
    rf"Unfortunately,? {_CANNOT}",
    rf"Het spijt me\b[^\n]{{0,40}}?{_KAN_NIET}",
    rf"Helaas {_KAN_NIET}",
    rf"Ik {_KAN_NIET}",
)
_REFUSAL = re.compile("|".join(_REFUSALS))


def refusals(answer: str) -> Iterator[Found]:
    """Find an answer that begins by refusing, in English or Dutch."""
    match = _REFUSAL.match(answer)
    if match:
        yield Found(match.start(), match.end(), "refusal")


_AI = re.compile(
    r"AI[- ](?:language|taal) ?model|AI-taalmodel|AI[- ](?:assistant|assistent|chatbot|model),? (?:I|ik|kan|heb)\b"
    r"|AI,? (?:I|ik) (?:do|am|can|have|don|kan|heb|ben)|(?:just|only|merely) an AI\b"
    r"|As of my last (?:knowledge )?(?:update|training)"
)
# The same words in a sentence about such models are no fault: who speaks is what counts.
_SELF = re.compile(
    r"\b(?:[Aa]s an?|[Aa]ls(?: een)?|[Ii]k ben(?: maar| slechts| alleen)?(?: een)?|I(?:['’]| a)m(?: an?)?) ?$",
    re.ASCII,
)
_MODELS = (
    r"Als (?:een |groot )?taalmodel",
    r"Ik ben (?:maar |slechts |alleen )?een (?:AI|taalmodel|groot taalmodel)\b",
    "As a large language model",
    "My knowledge cut-?off",
)
_MODEL = re.compile("|".join(_MODELS))


def model_talk(answer: str) -> Iterator[Found]:
    """Find an answer in which another model speaks of itself."""
    match = _MODEL.match(answer)
    if match:
        yield Found(match.start(), match.end(), "as-ai")
    for match in _AI.finditer(answer):
        before = answer[max(match.start() - 40, 0) : match.start()]
        if match[0].startswith("As") or _SELF.search(before):
            yield Found(match.start(), match.end(), "as-ai")


_STAND_INS = (
    "TODO",
    "TBD",
    "TBA",
    "FIXME",
    "N/A",
    "N.A",
    "NaN",
    "UNDEFINED",
    "PLACEHOLDER",
    "Placeholder",
    "Nog (?:in te vullen|invullen)",
    "To be (?:added|determined|filled in)",
    "Answer (?:goes )?here",
    "Your (?:answer|text|response) here",
    "Response here",
)
_STAND_IN = re.compile(
    rf"(?:{'|'.join(_STAND_INS)}|\[TODO|\[object Object|n/a|[nN]\.v\.t)[\])>}}*\"'.!:…]{{0,4}}\s{{0,20}}"
)
_LOREM = re.compile("Lorem ipsum")
# How a text may begin in which one of the three above finds something; each with a capital.
OPENINGS = (*_REFUSALS, *_MODELS, *_STAND_INS, _LOREM.pattern)


def stand_ins(answer: str) -> Iterator[Found]:
    """Find an answer that only holds the place of one: `TODO`, `N/A`, lorem ipsum."""
    if _STAND_IN.fullmatch(answer):
        yield Found(0, len(answer), "stand-in")
        return
    match = _LOREM.match(answer)
    if match:
        yield Found(match.start(), match.end(), "lorem-ipsum")


_LONG_ENOUGH = 300  # characters of a last line that is surely a paragraph


def cut_off(answer: str) -> Iterator[Found]:
    """Find an answer that stops in the middle of a sentence: after a comma, in a long paragraph.

    An answer that merely lacks its full stop may be a list, code or a formula, and salutations and
    lines of verse end in a comma, too.
    """
    if not answer.endswith(","):
        return
    if len(answer) - answer.rfind("\n") - 1 >= _LONG_ENOUGH and answer.count("```") % 2 == 0:
        yield Found(len(answer) - 1, len(answer), "cut-off")


# A sentence or a line that comes four times in a row.
_SENTENCES = re.compile(
    r"(?P<unit>[^.\n]{11,100}+\. ?)(?P=unit){2,1000}(?P<last>[^.\n]{11,100}+\.)"
)
_LINES = re.compile(r"(?<![^\n])(?P<line>[^\n]{12,100}+)(?:\n(?P=line)){3,1000}(?![^\n])")
_WORDS = re.compile(r"[A-Za-z\u00c0-\u024f]{2,40}")


def loops(answer: str) -> Iterator[Found]:
    """Find a sentence, or a line, that comes four times or more in a row."""
    for pattern in (_SENTENCES, _LINES):
        for match in pattern.finditer(answer):
            unit = match[1].strip()
            count = match[0].count(unit)
            if count >= 4 and len(_WORDS.findall(unit)) >= 3 and "|" not in unit:
                yield Found(match.start(), match.end(), "loop", {"unit": unit, "count": count})
                return


# Two capitals and twenty more characters without a small letter, and a word of capitals: shouting has
# them, names do not.
_SHOUTED = re.compile(r"[A-Z]{2}[^a-z\n]{20}")
_CAPITAL_WORD = re.compile("[A-Z]{5}")
_CAPITAL = re.compile("[A-Z\u00c0-\u00d6\u00d8-\u00de]")
_SMALL = re.compile("[a-z\u00df-\u00f6\u00f8-\u00ff]")
_LETTERS = 30  # fewer say nothing about how a text is written


def mostly_upper_case(text: str) -> Iterator[Found]:
    """Find a text of which more than a third of the letters are capitals, written as such in a row."""
    match = _SHOUTED.search(text)
    if match is None or _CAPITAL_WORD.search(text) is None:
        return
    capitals, small = len(_CAPITAL.findall(text)), len(_SMALL.findall(text))
    letters = capitals + small
    if letters >= _LETTERS and 3 * capitals > letters:
        percent = 100 * capitals // letters
        yield Found(match.start(), match.end(), "upper-case", {"percent": percent})
