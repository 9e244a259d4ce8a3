"""The file that a reader exports and the command line reads: item ids and their answers."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from tuneready.checklist.model import ANSWERS
from tuneready.errors import TunereadyError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tuneready.checklist.model import Answer

SCHEMA = "tuneready.answers/1"

# Own limits. An answers file is two objects deep; a parser that recurses on thousands of brackets
# would take the interpreter of the page with it.
MAX_CHARACTERS = 1_000_000
MAX_BRACKETS = 100

_STRING = re.compile(r'"(?:[^"\\]|\\.)*"?')


class AnswersError(TunereadyError):
    """A text that is not a file of answers; the sentence says what was found instead."""


def read_answers(text: str) -> dict[str, Answer]:
    """Return the answers of an exported file, item id to answer.

    Which items exist is not checked here: a file may be older or newer than the checklists.

    Raises:
        AnswersError: When the text is not `{"schema": "tuneready.answers/1", "answers": {…}}`,
            or an answer is not one of "yes", "no" and "not_applicable".

    """
    match _parse(text):
        case {"schema": str(schema)} if schema != SCHEMA:
            raise AnswersError(
                f'The file says that it is "{_short(schema)}"; expected "{SCHEMA}". '
                "Export the answers again, with the version of Tuneready that reads them."
            )
        case {"schema": str(), "answers": dict(answers)}:
            return _checked(answers)
    raise AnswersError(
        f'The file holds no answers: expected {{"schema": "{SCHEMA}", "answers": {{…}}}}. '
        "Choose a file that was saved with the button on a checklist page."
    )


def _parse(text: str) -> Any:
    if len(text) > MAX_CHARACTERS:
        raise AnswersError(
            f"The file has {len(text):,} characters; a file of answers has at most {MAX_CHARACTERS:,}."
        )
    outside = _STRING.sub("", text)
    if outside.count("[") + outside.count("{") > MAX_BRACKETS:
        raise AnswersError(
            f"The file has more than {MAX_BRACKETS} brackets; a file of answers has two."
        )
    try:
        return json.loads(text.removeprefix("\ufeff"), object_pairs_hook=_without_duplicates)
    except json.JSONDecodeError as error:
        raise AnswersError(
            f"The file is not JSON: something is wrong at line {error.lineno}, column {error.colno}. "
            "Export the answers again."
        ) from None
    except ValueError:  # an integer too long to convert
        raise AnswersError("The file holds a number; expected answers only.") from None


def _without_duplicates(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise AnswersError(f'"{_short(key)}" is there twice; keep one.')
        found[key] = value
    return found


def _checked(answers: dict[str, Any]) -> dict[str, Answer]:
    checked: dict[str, Answer] = {}
    wrong = []
    for item, given in answers.items():
        for answer in ANSWERS:
            if given == answer:
                checked[item] = answer
        if item not in checked:
            wrong.append(f'"{_short(item)}" is {_short(json.dumps(given, ensure_ascii=False))}')
    if wrong:
        more = f", and {len(wrong) - 3} more" if len(wrong) > 3 else ""
        raise AnswersError(
            f"Not an answer: {', '.join(wrong[:3])}{more}. "
            'Expected "yes", "no" or "not_applicable"; leave out what is not answered yet.'
        )
    return checked


def _short(text: str) -> str:
    shown = text if len(text) <= 60 else text[:59] + "…"
    return "".join(
        character if character.isprintable() else f"\\u{ord(character):04x}" for character in shown
    )
