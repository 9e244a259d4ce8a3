"""`tuneready assess | compare`: what answers come to, one person's or several people's."""

from __future__ import annotations

import os
import re
import sys
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

from tuneready.checklist.answers import MAX_CHARACTERS
from tuneready.checklist.share import PREFIX, VERSION
from tuneready.cli.files import STANDARD_INPUT, reading, write_file
from tuneready.cli.printing import print_json
from tuneready.errors import TunereadyError
from tuneready.locale import N_, translation

if TYPE_CHECKING:
    import argparse
    from contextlib import AbstractContextManager

    from tuneready.checklist.answers import Answers
    from tuneready.checklist.model import Guide

FORMATS = ("text", "json", "markdown", "csv")
COMPARISON_FORMATS = ("text", "json", "markdown")
ALL = "all"
"""Instead of a profile: every one."""
DEFAULT = "decide"

# A character has at most four bytes.
_MOST_BYTES = 4 * MAX_CHARACTERS
_FRAGMENT = re.compile(rf"{VERSION}[A-Za-z0-9_-]{{30,}}")


def assess_answers(options: argparse.Namespace) -> int:
    """Print the verdict of answers, or a report on them; 1 when it is lower than what is required."""
    from tuneready.checklist.assess import RANKS, assess
    from tuneready.checklist.export import to_csv, to_markdown
    from tuneready.checklist.load import load_guide

    given = _read(options.answers)
    guide = load_guide(options.checklists)
    profiles = _profiles(options.profile or DEFAULT, guide)
    answers = _opened(given, guide, options.lang)
    if options.format == "markdown":
        only = None if options.profile in (None, ALL) else options.profile
        sys.stdout.write(to_markdown(answers, guide, options.lang, only))
    elif options.format == "csv":
        # As the page writes it: the lines of a CSV file end as its standard says, on every system.
        sys.stdout.flush()
        sys.stdout.buffer.write(to_csv(answers, guide, options.lang).encode())
    else:
        _print_verdicts(answers, guide, profiles, options)
    if options.require is None:
        return 0
    ranks = (assess(guide, name, answers.plain, answers.scope).rank for name in profiles)
    return int(min(ranks) < RANKS[options.require])


def _print_verdicts(
    answers: Answers, guide: Guide, profiles: list[str], options: argparse.Namespace
) -> None:
    from tuneready.checklist.answer_words import phase_title
    from tuneready.checklist.assess import assess
    from tuneready.checklist.overview import overview
    from tuneready.checklist.overview_text import head, tail
    from tuneready.checklist.wording import describe, to_text

    language = options.lang
    found = overview(answers, guide, language)
    if options.format == "json" and options.profile == ALL:
        print_json(found)
        return
    known = {item.id for _, item in guide.items()}
    asked = {item: answer for item, answer in answers.plain.items() if item in known}
    if options.format == "json":
        assessment = assess(guide, profiles[0], answers.plain, answers.scope)
        print_json(describe(assessment, guide, language))
        return
    sys.stdout.write(head(found, language))
    # What is no longer asked is told below, with what was said about it.
    texts = []
    for name in profiles:
        assessment = assess(guide, name, asked, answers.scope)
        title = f"[{phase_title(name, language)}]\n\n" if len(profiles) > 1 else ""
        texts.append(title + to_text(describe(assessment, guide, language), language))
    sys.stdout.write("\n".join(texts) + tail(found, language))


def compare_answers(options: argparse.Namespace) -> int:
    """Print where people differ and agree; write what they agree on, if that is asked for."""
    from tuneready.checklist.answers import dumps
    from tuneready.checklist.compare import compare
    from tuneready.checklist.compare_output import to_markdown, to_text
    from tuneready.checklist.compare_words import described
    from tuneready.checklist.load import load_guide

    given = [_read(each) for each in options.answers]
    guide = load_guide(options.checklists)
    if options.profile not in (None, ALL):
        _profiles(options.profile, guide)
        guide = guide.only(options.profile)
    documents = [_opened(each, guide, options.lang) for each in given]
    names = _names(options.answers, documents)
    found = compare(documents, guide, options.lang, names)
    plain = described(found, guide, options.lang)
    if options.format == "json":
        print_json(plain)
    else:
        write = to_markdown if options.format == "markdown" else to_text
        sys.stdout.write(write(plain, options.lang))
    if options.output:
        write_file(options.output, dumps(found.agreed.with_questions(guide, options.lang)))
    return 0


class _NamedError(TunereadyError):
    """What is wrong with one of the things that were given, with its name in front."""

    def __init__(self, given: str, error: TunereadyError) -> None:
        super().__init__("{given}: {error}", given=given, error=str(error))
        self._given, self._error = given, error

    def said(self, language: str) -> str:
        return f"{self._given}: {self._error.said(language)}"


def _profiles(wanted: str, guide: Guide) -> list[str]:
    known = list(guide.verdict.profiles)
    if wanted == ALL:
        return known
    if wanted not in known:
        raise TunereadyError(
            N_("There is no profile called “{name}”; known: {known}."),
            name=wanted,
            known=", ".join([*known, ALL]),
        )
    return [wanted]


def _stream(given: str) -> AbstractContextManager[IO[bytes]]:
    return nullcontext(sys.stdin.buffer) if given == STANDARD_INPUT else Path(given).open("rb")


def _read(given: str) -> Answers | _Link:
    """Return the answers of a file or of standard input, or the link that was given itself."""
    from tuneready.checklist.answers import read_answers
    from tuneready.checklist.share import fragment_of

    if _is_link(given):
        return _Link(fragment_of(given))
    with reading(given), _stream(given) as stream:
        data = stream.read(_MOST_BYTES + 1)  # a device may have no end
    if len(data) > _MOST_BYTES:
        raise TunereadyError(
            N_("{file} has more than {most} bytes; a file of answers is far smaller."),
            file=given,
            most=f"{_MOST_BYTES:,}",
        )
    try:
        text = data.decode()
    except UnicodeDecodeError:
        raise TunereadyError(N_("{file} is not UTF-8 text."), file=given) from None
    try:
        return read_answers(text)
    except TunereadyError as error:
        raise _NamedError(given, error) from None


@dataclass(frozen=True, slots=True)
class _Link:
    """A link's fragment: what it means depends on the guide."""

    fragment: str


def _opened(found: Answers | _Link, guide: Guide, language: str) -> Answers:
    from tuneready.checklist.share import decode

    if not isinstance(found, _Link):
        return found
    opened = decode(found.fragment, guide)
    if opened.unknown:
        text = translation(language).ngettext(
            "{count} answer of the link is to a question that these checklists do not have.",
            "{count} answers of the link are to questions that these checklists do not have.",
            opened.unknown,
        )
        print(f"tuneready: {text.format(count=opened.unknown)}", file=sys.stderr)
    return opened.answers.with_questions(guide, language)


def _is_link(given: str) -> bool:
    """Whether this is a link or its fragment rather than the name of a file."""
    if PREFIX in given or given.startswith((PREFIX[1:], "http://", "https://")):
        return True
    # `Path.exists` fails for a name that no system would take, as a fragment is one.
    return bool(_FRAGMENT.fullmatch(given)) and not os.path.exists(given)  # noqa: PTH110


def _names(given: list[str], documents: list[Answers]) -> list[str]:
    """Return what people are called: as their assessments, or as their files where those are alike."""
    names = [document.name.strip() for document in documents]
    if all(names) and len(set(names)) == len(names):
        return names
    return [
        name if _is_link(place) or place == STANDARD_INPUT else Path(place).stem
        for place, name in zip(given, names, strict=True)
    ]
