"""Answers that teach little or the wrong thing: refusals, stand-ins, cut-off and looping ones."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tuneready.dataset.detectors import Found

if TYPE_CHECKING:
    from collections.abc import Iterator

# A refusal stands at the beginning; further on, "I cannot help" is a sentence like any other.
_OPENING = 160

_VERBS = (
    r"(?:to )?(?:help|assist|fulfil|comply|provide|answer|do that|generate|creat|writ|support"
    r"|engage|discuss|offer|respond|continue|give|share|produc)"
)
# The same in the hint and in the search, because a hint has to be found where a refusal is.
_REFUSALS = (
    rf"I (?:can['’]?t|cannot|can not|won['’]t|will not|am (?:unable|not (?:able|allowed|permitted))) {_VERBS}"
    rf"|I['’]m (?:unable|not (?:able|allowed|permitted)) {_VERBS}"
    r"|g[iy][sz]e,? but (?:as an AI|I(?:['’]m| can| am| won))"
    r"|kan (?:ik )?(?:je |jou |u |jullie )?(?:hier |daar |hiermee |daarmee )?(?:helaas )?niet "
    r"(?:bij |mee |mee verder |mee verder te |verder )?(?:helpen|assisteren|van dienst)"
    r"|kan (?:ik )?(?:helaas )?(?:niet voldoen|geen antwoord|geen (?:medisch|juridisch|financieel|persoonlijk) advies)"
    r"|kan (?:ik )?(?:dit|dat|deze vraag|dit verzoek|je vraag|uw vraag|je verzoek|uw verzoek) (?:helaas )?niet "
    r"(?:beantwoorden|inwilligen|uitvoeren|verstrekken|doen)"
)
_REFUSAL = re.compile(_REFUSALS)
REFUSAL_HINT = _REFUSALS


def refusals(answer: str) -> Iterator[Found]:
    """Find an answer that begins by refusing, in English or Dutch."""
    match = _REFUSAL.search(answer, 0, _OPENING)
    if match:
        yield Found(match.start(), match.end(), "refusal")


_AS_AI = (
    r"AI[- ](?:language|taal) ?model|AI-?taalmodel|AI[- ](?:assistant|assistent|chatbot|model),? (?:I|ik|kan|heb)\b"
    r"|AI,? I (?:do|am|can|have|don)|large language model,? I |m (?:just |only |merely )an AI\b"
    r"|ge cut-?off (?:date )?(?:is|was|in|of)|y last (?:knowledge |training )?update"
    r"|groot taalmodel|een taalmodel|een AI[ -](?:model|assistent)"
)
_AI = re.compile(_AS_AI)
AS_AI_HINT = _AS_AI
# The same words in a sentence about such models are no fault: who speaks is what counts.
_SELF = re.compile(
    r"\b(?:[Aa]s (?:an?|a large)|[Aa]ls(?: een| groot)?|[Ii]k ben(?: maar| slechts| alleen)?(?: een)?|I['’ ]?a?m(?: just| only| merely)?(?: an?)?"
    r"|[Mm]y(?: knowled| train)?[a-z ]{0,12}|[Aa]s of m|[Ss]ince m|[Uu]ntil m)[ -]?$",
    re.ASCII,
)


def model_talk(answer: str) -> Iterator[Found]:
    """Find an answer in which another model speaks of itself."""
    for match in _AI.finditer(answer):
        before = answer[max(match.start() - 40, 0) : match.start()]
        if match[0].startswith("m ") or _SELF.search(before):
            yield Found(match.start(), match.end(), "as-ai")


_STAND_IN = re.compile(
    r"\s{0,20}[\[(<{*\"']{0,3}(?:TODO|TBD|TBA|FIXME|N/A|n/a|[Nn]\.v\.t|NaN|undefined|UNDEFINED|PLACEHOLDER"
    r"|[Pp]laceholder|[Nn]og (?:in te vullen|invullen)|[Tt]o be (?:added|determined|filled in)|[Aa]nswer (?:goes )?here"
    r"|[Yy]our (?:answer|text|response) here|[Rr]esponse here|\[object Object\]?|asdf|qwerty)"
    r"[\])>}*\"'.!:…]{0,4}\s{0,20}"
)
_LOREM = re.compile(r"[Ll]orem ipsum")
STAND_IN_HINT = (
    r"TODO|TBD|TBA|FIXME|N/A|n/a|\.v\.t|NaN|undefined|UNDEFINED|PLACEHOLDER|placeholder|Placeholder"
    r"|og in(?: te v|v)ullen|be added|be determined|be filled in|wer (?:goes )?here|text here|ponse here"
    r"|object Object|qwerty|asdf|orem ipsum"
)


def stand_ins(answer: str) -> Iterator[Found]:
    """Find an answer that only holds the place of one: `TODO`, `N/A`, lorem ipsum."""
    if _STAND_IN.fullmatch(answer):
        yield Found(0, len(answer), "stand-in")
        return
    match = _LOREM.search(answer)
    if match:
        yield Found(match.start(), match.end(), "lorem-ipsum")


# Words after which no sentence ends, in English and Dutch, and a comma.
_CUT = r",(?![^\n])|the(?![^\n])|and(?![^\n])|of the(?![^\n])|het(?![^\n])|van(?![^\n])|met een(?![^\n])|van de(?![^\n])"
_CUT_END = re.compile(r"(?:,|(?<= )(?:the|and|het|van|met een|van de))\Z")
CUT_OFF_HINT = _CUT
_LONG_ENOUGH = 200  # below, an answer may be a fragment on purpose: a title, a line, a label


def cut_off(answer: str) -> Iterator[Found]:
    """Find a long answer that stops in the middle of a sentence.

    Only where the last word cannot end one; an answer that merely lacks its full stop may be a list,
    code or a formula. Salutations end in a comma, so the last line has to be a long one.
    """
    if len(answer) < _LONG_ENOUGH:
        return
    match = _CUT_END.search(answer, len(answer) - 10)
    if match is None:
        return
    line = answer[answer.rfind("\n") + 1 :]
    if len(line) < 60 or answer.count("```") % 2:
        return
    yield Found(match.start(), match.end(), "cut-off")


# A sentence or a line that comes four times in a row.
_SENTENCES = re.compile(
    r"(?P<unit>[^.\n]{11,200}+\. ?)(?P=unit){2,1000}(?P<last>[^.\n]{11,200}+\.)"
)
_LINES = re.compile(r"(?<![^\n])(?P<line>[^\n]{12,200}+)(?:\n(?P=line)){3,1000}(?![^\n])")
LOOP_HINT = (
    r"\. ?(?P<loop_unit>[^.\n]{11,200}+\. ?)(?P=loop_unit)"
    r"|\n(?P<loop_line>[^\n]{12,200}+)\n(?P=loop_line)\n"
)
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


# Two capitals and ten more characters without a small letter: shouting has it, names do not.
SHOUTED_HINT = r"[A-Z]{2}[^a-z\n]{10}"
_SHOUTED = re.compile(SHOUTED_HINT)
_CAPITAL = re.compile("[A-Z\u00c0-\u00d6\u00d8-\u00de]")
_SMALL = re.compile("[a-z\u00df-\u00f6\u00f8-\u00ff]")
_LETTERS = 30  # fewer say nothing about how a text is written


def mostly_upper_case(text: str) -> Iterator[Found]:
    """Find a text of which more than a third of the letters are capitals, written as such in a row."""
    match = _SHOUTED.search(text)
    if match is None:
        return
    capitals, small = len(_CAPITAL.findall(text)), len(_SMALL.findall(text))
    letters = capitals + small
    if letters >= _LETTERS and 3 * capitals > letters:
        percent = 100 * capitals // letters
        yield Found(match.start(), match.end(), "upper-case", {"percent": percent})
