"""What a file is, when nobody says: its format, how sure that is, and who would take it.

The start of the file says which format it most likely has. Then one pass over the file asks every
target at once. A target that found an error is not asked again, so the rest of a file is looked at
only for those that may still accept it.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tuneready.dataset.checker import Checker
from tuneready.dataset.decoding import decode, nesting_fault
from tuneready.dataset.filekind import BOM
from tuneready.dataset.formats import CLEARLY, FORMATS, most_likely
from tuneready.dataset.inputs import records_at_start
from tuneready.dataset.jsontext import Scan, scan, value_of
from tuneready.dataset.report import moved
from tuneready.finding import Severity
from tuneready.locale import N_
from tuneready.rules import BY_CODE
from tuneready.targets import find_target, targets

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from tuneready.dataset.checker import Progress
    from tuneready.dataset.fast import Shared
    from tuneready.dataset.report import Report
    from tuneready.finding import Finding
    from tuneready.targets.base import Target

START = 256 * 1024  # bytes looked at to recognise the format
MOST_LINES = 200  # of those bytes
PIECE = 64 * 1024  # bytes after which a target that refused is left out
DEFAULT = "azure-openai/sft"  # when the format is not known: most people bring chats


@dataclass(frozen=True, slots=True)
class Recognised:
    """The format that the start of a file has."""

    format: str | None
    certainty: str  # certain, likely, mixed or unknown
    agreeing: int  # records of that format
    records: int  # records looked at

    @property
    def reason(self) -> str:
        """Say why, as a template with the fields agreeing and records."""
        if not self.records:
            return N_("No record could be read from the start of the file.")
        return {
            "certain": N_("All {records} records looked at are clearly of this format."),
            "likely": N_("{agreeing} of {records} records looked at may be of this format."),
            "mixed": N_("Only {agreeing} of {records} records looked at are of this format."),
            "unknown": N_("None of the {records} records looked at is of a format that we know."),
        }[self.certainty]


@dataclass(frozen=True, slots=True)
class Row:
    """Whether one target accepts the file, or the first reason why not."""

    target: Target
    reason: Finding | None

    @property
    def accepted(self) -> bool:
        return self.reason is None


def recognise_start(start: bytes) -> Recognised:
    """Return the format of the records at the start of a file."""
    found: Counter[str] = Counter()
    clearly = records = 0
    for record in _records(start):
        records += 1
        kind, fit = most_likely(record)
        if kind is not None:
            found[kind.name] += 1
            clearly += fit == CLEARLY
    if not found:
        return Recognised(None, "unknown", 0, records)
    (name, agreeing), *_ = found.most_common(1)
    if agreeing < records:
        return Recognised(name, "mixed", agreeing, records)
    return Recognised(name, "certain" if clearly == records else "likely", agreeing, records)


def _records(start: bytes) -> Iterator[dict[str, Any]]:
    """Yield the objects of the first whole lines, or of an array or a table; whatever else is there is for the checker."""
    first = records_at_start(start)
    if first is None:
        lines = start.removeprefix(BOM).split(b"\n")
        first = lines[:-1] or lines[:1]
    for line in first[:MOST_LINES]:
        text = decode(line.removesuffix(b"\r"))
        if not isinstance(text, str) or nesting_fault(text) is not None:
            continue
        found = value_of(text)
        if found is None:  # a line with a fault, or one that only the slow reader is sure of
            scanned = scan(text)
            found = (scanned.value,) if isinstance(scanned, Scan) else (None,)
        if isinstance(found[0], dict):
            yield found[0]


@dataclass(slots=True)
class Comparison:
    """What the targets say of a file, or of a piece of it: who refused, and what the others know."""

    refused: dict[str, Finding]
    asked: dict[str, Report]

    def merge(self, other: Comparison) -> None:
        """Append what is said of the piece that follows, where others may have been asked."""
        for name, report in list(self.asked.items()):
            found = other.refused.get(name)
            if found is not None:
                self.refused[name] = moved(found, report.lines, report.bytes)
                del self.asked[name]
            elif name in other.asked:
                report.merge(other.asked[name])

    def rows(self) -> list[Row]:
        """Return one row for each target, in alphabetical order; all of the file was seen."""
        refused = dict(self.refused)
        for name, report in self.asked.items():
            found = _first_error(report.target, report.complete()[1])
            if found is not None:
                refused[name] = found
        return [Row(target, refused.get(name)) for name, target in targets().items()]


class Matrix:
    """Asks every target about one file, or about a piece of one those that still may accept it.

    `first` says whether the piece begins the file, as for a checker.
    """

    def __init__(
        self, file: str, names: Iterable[str] | None = None, *, first: bool = True
    ) -> None:
        self._shared: Shared = {}
        known = targets()
        self._asked = {
            name: Checker(
                known[name],
                file=file,
                max_findings=1,
                first=first,
                digest=False,
                depth="format",
                shared=self._shared,
            )
            for name in (known if names is None else names)
        }
        self._refused: dict[str, Finding] = {}

    @property
    def asked(self) -> list[str]:
        """The targets that did not refuse so far."""
        return [*self._asked]

    def feed(self, chunk: bytes) -> None:
        for start in range(0, len(chunk), PIECE):
            piece = chunk[start : start + PIECE]
            for name, checker in list(self._asked.items()):
                checker.feed(piece)
                found = _first_error(checker.report.target, checker.report.kept_findings())
                if found is not None:
                    self._refused[name] = found
                    del self._asked[name]
            self._shared.clear()

    def close(self) -> Comparison:
        """End the file, or the piece."""
        return Comparison(
            self._refused, {name: checker.close() for name, checker in self._asked.items()}
        )


def _first_error(target: Target, findings: Iterable[Finding]) -> Finding | None:
    """Return the first reason to refuse; a line that does not fit says more than too few of them."""
    errors = [finding for finding in findings if _is_error(target, finding)]
    in_lines = [finding for finding in errors if finding.location.line is not None]
    return next(iter(in_lines or errors), None)


def _is_error(target: Target, finding: Finding) -> bool:
    return target.rules[BY_CODE[finding.rule].name].severity is Severity.ERROR


class AutoChecker:
    """Checks a file for the target that its format stands for, and asks all the others.

    Used like a `Checker`, whose options it takes; its report says what was recognised.
    """

    def __init__(self, *, file: str, **options: Any) -> None:
        self._file = file
        self._options: Mapping[str, Any] = options
        self._start = b""
        self._checker: Checker | None = None
        self._matrix = Matrix(file)
        self._recognised: Recognised | None = None

    @property
    def checker(self) -> Checker | None:
        """The checker for the target; None before enough was read to recognise the format."""
        return self._checker

    @property
    def asked(self) -> list[str]:
        """The targets that did not refuse so far."""
        return self._matrix.asked

    @property
    def progress(self) -> Progress | None:
        """As a checker has it; None before enough was read to recognise the format."""
        return self._checker.progress if self._checker else None

    def feed(self, chunk: bytes) -> None:
        """Take the next bytes, cut anywhere."""
        self._matrix.feed(chunk)
        if self._checker is not None:
            self._checker.feed(chunk)
            return
        self._start += chunk
        if len(self._start) >= START:
            self._begin()

    def close(self) -> Report:
        """End the file and return the report."""
        report, comparison = self.close_piece()
        report.matrix = comparison.rows()
        return report

    def close_piece(self) -> tuple[Report, Comparison]:
        """End the first piece of a file; the comparison of the targets goes on in the next."""
        report = (self._checker or self._begin()).close()
        report.recognised = self._recognised
        return report, self._matrix.close()

    def _begin(self) -> Checker:
        self._recognised = recognise_start(self._start[:START])
        kind = FORMATS.get(self._recognised.format or "")
        known = targets()
        name = kind.target if kind and kind.target in known else DEFAULT
        self._checker = Checker(find_target(name or DEFAULT), file=self._file, **self._options)
        self._checker.feed(self._start)
        self._start = b""
        return self._checker
