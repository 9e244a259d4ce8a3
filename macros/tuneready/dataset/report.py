"""The outcome of a check: facts, exact counts, the first findings of every rule, statistics.

A report covers a file or a piece of one. Pieces are checked without knowing where they begin and
are put together in order by `merge`, which moves lines and bytes. What concerns the whole file (too
few examples, too many bytes) is worked out when the report is read, never stored, so merging stays
addition. A digest cannot be put together from digests of pieces: whoever cuts a file hashes it in
one go and sets `sha256` on the merged report.
"""

from __future__ import annotations

import json
from array import array
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from tuneready import __version__
from tuneready.dataset.cost import training
from tuneready.dataset.formats import FORMATS
from tuneready.dataset.index import Index
from tuneready.dataset.inputs import line_of
from tuneready.dataset.observers import Observer, observers_for
from tuneready.dataset.statistics import Statistics
from tuneready.dataset.tally import Tally
from tuneready.dataset.token_statistics import TokenStatistics, TokenWatcher, example_limit
from tuneready.dataset.tokens import TokenCounter, encoding_for
from tuneready.finding import Finding, Location, Phrase, Severity
from tuneready.locale import translation
from tuneready.rules import BY_CODE, FILE_RULES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tuneready.dataset.checker import CountTokens
    from tuneready.dataset.recognition import Recognised, Row
    from tuneready.dataset.seen import Watcher
    from tuneready.targets.base import Source, Target

SCHEMA = "tuneready.report/1"
MAX_FINDINGS = 25  # kept per rule, unless told otherwise


def _no_offsets() -> array[int]:
    return array("Q")


@dataclass(slots=True)
class Report:
    """What is known about one file, or a piece of it, for one target."""

    target: Target
    file: str
    model: str | None = None
    max_findings: int = MAX_FINDINGS
    bytes: int = 0
    lines: int = 0
    records: int = 0  # lines that are not blank
    sha256: str | None = None
    unreadable: bool = False  # not a file of lines at all; nothing behind its start was looked at
    counts: dict[str, int] = field(default_factory=dict)  # by code
    kept: dict[str, list[Finding]] = field(default_factory=dict)  # by code, in file order
    statistics: Statistics = field(default_factory=Statistics)
    observed: dict[str, Observer] = field(default_factory=dict)  # by name, where a rule asks for it
    training: Report | None = None  # on the file that this one validates
    part_of: int | None = None  # bytes of the file of which only the beginning could be checked
    recognised: Recognised | None = None  # when no target was named
    matrix: list[Row] | None = None  # then also what every target says
    starts: array[int] | None = None  # the line of each record, where records are no lines
    offsets: array[int] = field(default_factory=_no_offsets)  # the first byte of each line
    index: Index | None = None  # for looks over several examples; None for the format alone

    @property
    def depth(self) -> str:
        """How far was looked: `format`, or `full`, which is also at what is said and compared."""
        return "format" if self.index is None else "full"

    @property
    def tally(self) -> Tally | None:
        """What was counted of labels, questions and media, where a rule asks for it."""
        found = self.observed.get("tally")
        return found if isinstance(found, Tally) else None

    def watchers(self, depth: str, tokens: CountTokens | None) -> list[Watcher]:
        """Return what is to see every example of the file."""
        self.observed = observers_for(self.target)
        watchers: list[Watcher] = [*self.observed.values()]
        if depth == "full":
            self.index = Index()
            watchers += [self.index, *self._counters(tokens)]
        return watchers

    def _counters(self, tokens: CountTokens | None) -> list[Watcher]:
        if tokens is None:
            return [self.statistics]
        target = self.target
        encoding = tokens.encoding if isinstance(tokens, TokenCounter) else encoding_for(target)
        counted = TokenStatistics(encoding, example_limit(target), self.max_findings)
        self.statistics.tokens = counted
        return [self.statistics, TokenWatcher(counted, tokens, target)]

    def wants(self, code: str) -> bool:
        """Tell whether a finding of this rule will be kept, having counted it."""
        count = self.counts.get(code, 0) + 1
        self.counts[code] = count
        return count <= self.max_findings

    def has_room(self, code: str) -> bool:
        """Tell whether the next finding of this rule will be kept."""
        return self.counts.get(code, 0) < self.max_findings

    def keep(self, finding: Finding) -> None:
        """Keep a finding that is wanted."""
        self.kept.setdefault(finding.rule, []).append(finding)

    def merge(self, other: Report) -> None:
        """Append the report of the piece that follows this one."""
        if not self.unreadable:
            for code, count in other.counts.items():
                self.counts[code] = self.counts.get(code, 0) + count
            for code, findings in other.kept.items():
                here = self.kept.setdefault(code, [])
                room = self.max_findings - len(here)
                here.extend(moved(finding, self.lines, self.bytes) for finding in findings[:room])
            self.records += other.records
            self.statistics.merge(other.statistics, self.lines)
            for name, observer in self.observed.items():
                if name in other.observed:
                    observer.merge(other.observed[name], self.lines)
            if other.index is not None:
                if self.index is None:
                    self.index = Index()
                self.index.merge(other.index, self.lines)
            self.offsets.extend([offset + self.bytes for offset in other.offsets])
            self.lines += other.lines
        self.bytes += other.bytes
        self.sha256 = None

    def kept_findings(self) -> list[Finding]:
        """Return the findings kept so far, in file order; none of the whole file."""
        return sorted((found for kept in self.kept.values() for found in kept), key=_place)

    def complete(self) -> tuple[dict[str, int], list[Finding]]:
        """Return exact counts by code and the kept findings in file order, whole-file ones first."""
        counts = dict(self.counts)
        findings = []
        # Of a part it is not known whether the whole has too few of anything.
        for rule in FILE_RULES if self.part_of is None else ():
            if rule.name not in self.target.rules or rule.check is None:
                continue
            for hit in rule.check(self, self.target):
                counts[rule.code] = count = counts.get(rule.code, 0) + 1
                if count <= self.max_findings:
                    place = hit.place or Location()
                    found = Finding(rule.code, place, hit.message, hit.params)
                    findings.append(self._in_file(found))
        for kept in self.kept.values():
            findings.extend(kept)
        findings.sort(key=_place)
        return dict(sorted(counts.items())), findings

    def _in_file(self, finding: Finding) -> Finding:
        """Name lines where a finding of the whole file names records."""
        starts, place = self.starts, finding.location
        if starts is None:
            if place.line is None or place.byte is not None or not self.offsets:
                return finding
            return replace(finding, location=replace(place, byte=self.offsets[place.line - 1]))
        params: dict[str, str | int] = {
            name: f"{line_of(starts, value)} [{value - 1}]"
            if name.endswith("line") and isinstance(value, int)
            else value
            for name, value in finding.params.items()
        }
        if place.line is not None:
            path = place.path or f"[{place.line - 1}]"
            place = Location(line_of(starts, place.line), None, None, path)
        return replace(finding, location=place, params=params)


def document(reports: Sequence[Report], language: str) -> dict[str, Any]:
    """Return the report of one or more files as plain data, its sentences in `language`."""
    return {
        "schema": SCHEMA,
        "tuneready": __version__,
        "reports": [_entry(report, language) for report in reports],
    }


def dumps(data: dict[str, Any]) -> str:
    """Write plain data as JSON: the same bytes from every interpreter; ends with a newline.

    Key order is that of the data. Half surrogates cannot be in it: texts of the data are escaped.
    """
    return json.dumps(data, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def _entry(report: Report, language: str) -> dict[str, Any]:
    target = report.target
    counts, findings = report.complete()
    totals = dict.fromkeys((severity.value for severity in Severity), 0)
    for code, count in counts.items():
        totals[_severity(target, code)] += count
    return {
        "file": report.file,
        "role": "training" if report.training is None else "validation",
        "target": target.name,
        "model": report.model,
        "depth": report.depth,
        "format": target.format,
        "recognised": _recognised(report, language),
        "matrix": _matrix(report, language),
        "valid": totals["error"] == 0 and report.part_of is None,
        "bytes": report.bytes,
        **({} if report.part_of is None else {"part_of": report.part_of}),
        "lines": report.lines,
        "examples": report.statistics.examples,
        "sha256": report.sha256,
        "counts": totals,
        "rules": [_rule(target, code, count, language) for code, count in counts.items()],
        "findings": [_finding(target, finding, language) for finding in findings],
        "statistics": _statistics(report, language),
        "status": {
            "state": target.status.state,
            "date": target.status.date,
            "text": target.status.text.get(language),
        },
    }


def _recognised(report: Report, language: str) -> dict[str, Any] | None:
    found = report.recognised
    if found is None:
        return None
    say = translation(language).gettext
    kind = FORMATS.get(found.format or "")
    return {
        "format": found.format,
        "title": say(kind.title) if kind else None,
        "certainty": found.certainty,
        "reason": say(found.reason).format(agreeing=found.agreeing, records=found.records),
    }


def _matrix(report: Report, language: str) -> list[dict[str, Any]] | None:
    if report.matrix is None or report.part_of is not None:
        return None
    return [
        {
            "target": row.target.name,
            "title": row.target.title.get(language),
            "status": row.target.status.state,
            "accepted": row.accepted,
            "reason": None if row.reason is None else _reason(row.reason, language),
        }
        for row in report.matrix
    ]


def _reason(finding: Finding, language: str) -> dict[str, Any]:
    rule = BY_CODE[finding.rule]
    return {
        "code": rule.code,
        "name": rule.name,
        "line": finding.location.line,
        "message": _message(finding, language),
    }


def _message(finding: Finding, language: str) -> str:
    say = translation(language).gettext
    params = {
        name: say(value) if isinstance(value, Phrase) else value
        for name, value in finding.params.items()
    }
    return say(finding.message).format(**params)


def _statistics(report: Report, language: str) -> dict[str, Any]:
    say = translation(language).gettext
    tokens = report.statistics.tokens
    if tokens is not None and not tokens.per_example.size:
        tokens = None
    trains = None
    if tokens is not None and report.training is None and report.part_of is None:
        trains = training(tokens.per_example, tokens.limit, report.target, say)
    return {
        **report.statistics.to_json(),
        "tokens": tokens.to_json(report.target, say) if tokens else None,
        "training": trains,
    }


def _rule(target: Target, code: str, count: int, language: str) -> dict[str, Any]:
    rule = BY_CODE[code]
    say = translation(language).gettext
    return {
        "code": code,
        "name": rule.name,
        "severity": _severity(target, code),
        "count": count,
        "title": say(rule.title),
        "why": say(rule.why),
        "remedy": say(rule.remedy),
        "source": _source(target, code),
    }


def _finding(target: Target, finding: Finding, language: str) -> dict[str, Any]:
    rule = BY_CODE[finding.rule]
    return {
        "code": rule.code,
        "name": rule.name,
        "severity": _severity(target, rule.code),
        "line": finding.location.line,
        "column": finding.location.column,
        "byte": finding.location.byte,
        "path": finding.location.path,
        "message": _message(finding, language),
        "remedy": translation(language).gettext(rule.remedy),
        "source": _source(target, rule.code),
    }


def _severity(target: Target, code: str) -> str:
    return target.rules[BY_CODE[code].name].severity.value


def _source(target: Target, code: str) -> dict[str, str] | None:
    key = target.rules[BY_CODE[code].name].source
    if key is None:
        return None
    source: Source = target.sources[key]
    return {"key": key, "title": source.label, "url": source.url, "read": source.read}


def moved(finding: Finding, lines: int, size: int) -> Finding:
    """Return a finding of a piece that begins after so many lines and bytes of the file."""
    place = finding.location
    if place.line is None or place.byte is None:
        return finding
    return replace(
        finding, location=replace(place, line=place.line + lines, byte=place.byte + size)
    )


def _place(finding: Finding) -> tuple[int, int, str]:
    return finding.location.line or 0, finding.location.byte or 0, finding.rule
