"""`tuneready check`: files in, a report out."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from tuneready.cli.files import STANDARD_INPUT, name_of, opened, write_file
from tuneready.cli.progress import progress
from tuneready.dataset.report import MAX_FINDINGS, document, dumps
from tuneready.dataset.unpacking import say_packed
from tuneready.errors import TunereadyError
from tuneready.locale import N_
from tuneready.targets import find_target, with_fields, with_model

if TYPE_CHECKING:
    import argparse

    from tuneready.cli.files import Input
    from tuneready.dataset.checker import Checker
    from tuneready.dataset.recognition import AutoChecker
    from tuneready.dataset.report import Report
    from tuneready.targets.base import Target

AUTO = "auto"
FORMATS = ("text", "json", "markdown", "sarif")


def check(options: argparse.Namespace) -> int:
    """Check all files, print the report and return the exit status."""
    from tuneready.output.wording import say_in

    job = _Job(options)
    also = _copies(options.also)
    given: list[str] = []
    reports: list[Report] = []
    failures: list[TunereadyError] = []
    training: Report | None = None
    for file in options.files:
        try:
            training = job.report(file)
        except TunereadyError as error:  # the other files are checked all the same
            failures.append(error)
            continue
        given.append(file)
        reports.append(training)
    if options.validation is not None and training is not None:
        given.append(options.validation)
        reports.append(job.report(options.validation, training))
    if reports:
        data = document(reports, options.lang)
        _hand_over(data, options, given, also)
        valid = all(entry["valid"] for entry in data["reports"])
    for failure in failures[:-1]:
        print(f"tuneready: {failure.said(options.lang)}", file=sys.stderr)
    if failures:
        raise failures[-1]
    if options.output is not None:
        said = N_("Report written to {file}.")
        print(say_in(options.lang)(said).format(file=options.output), file=sys.stderr)
    return 0 if valid else 1


class _Job:
    """One call of the command: what to check for, and how."""

    def __init__(self, options: argparse.Namespace) -> None:
        if options.target is None:
            raise TunereadyError(
                N_(
                    "Say with --target where the data is to go (“tuneready targets” lists the targets), or let --target auto recognise the format."
                )
            )
        named = [*options.files, *([options.validation] if options.validation else [])]
        if named.count(STANDARD_INPUT) > 1:
            raise TunereadyError(N_("Standard input (-) can be read only once."))
        if options.validation and len(options.files) > 1:
            raise TunereadyError(N_("With --validation, give one training file."))
        self._workers: int = options.workers
        self._fields = _fields(options.field)
        self._target: Target | None = None
        self._model: str | None = options.model
        if options.target == AUTO:
            for name, value in (
                ("--model", options.model),
                ("--field", options.field),
                ("--validation", options.validation),
            ):
                if value:
                    raise TunereadyError(
                        N_("{option} needs a target by name; auto does not know it beforehand."),
                        option=name,
                    )
        else:
            self._target = find_target(options.target)
            # A wrong model or field is the caller's mistake, to be told before a file is read.
            with_fields(with_model(self._target, self._model), self._fields)
        self._options = {
            "max_findings": options.max_findings or MAX_FINDINGS,
            "depth": "format" if options.format_only else "full",
        }

    def report(self, file: str, training: Report | None = None) -> Report:
        """Check one file; `training` is the report on the file that it validates."""
        with opened(file) as source, progress(source.name, source.size) as advance:
            if self._target is not None and self._workers > 1 and source.is_file:
                report = self._in_pieces(source, self._target, advance, training)
                if report is not None:
                    return report
            checker = self._checker(source.name, training)
            source.feed(checker, advance)
            report = checker.close()
            if source.is_packed:
                say_packed(report)
            return report

    def _checker(self, name: str, training: Report | None) -> Checker | AutoChecker:
        from tuneready.dataset.checker import Checker
        from tuneready.dataset.recognition import AutoChecker

        if self._target is None:
            return AutoChecker(file=name, tokens=self._counter(None), **self._options)
        return Checker(
            self._target,
            file=name,
            validation_of=training,
            tokens=self._counter(self._target),
            **self._checker_options(),
        )

    def _checker_options(self) -> dict[str, Any]:
        return {**self._options, "model": self._model, "fields": self._fields}

    def _in_pieces(
        self, source: Input, target: Target, advance: Any, training: Report | None
    ) -> Report | None:
        """Check a file in several processes; None when it is too small or not one of lines."""
        from tuneready.dataset.workers import Check, can_be_cut, check_in_pieces, pieces

        if source.is_packed or not can_be_cut(source.head, source.name, target):
            return None
        cuts = pieces(source.stream, source.size or 0, self._workers)
        source.stream.seek(len(source.head))
        if len(cuts) < 2:
            return None
        whole = Check(
            source.given, target, source.name, self._checker_options(), self._encoding(target)
        )
        report = check_in_pieces(whole, cuts, advance)
        report.training = training
        return report

    def _encoding(self, target: Target | None) -> str | None:
        from tuneready.dataset.tokens import DEFAULT, encoding_for

        if self._options["depth"] == "format":
            return None
        return DEFAULT if target is None else encoding_for(with_model(target, self._model))

    def _counter(self, target: Target | None) -> Any:
        from tuneready.dataset.tokens import native_counter

        encoding = self._encoding(target)
        return None if encoding is None else native_counter(encoding)


def _fields(given: list[str]) -> dict[str, str]:
    fields: dict[str, str] = {}
    for pair in given:
        name, sign, key = pair.partition("=")
        if not (name and sign and key):
            raise TunereadyError(
                N_("--field needs NAME=KEY, such as messages=conversations; “{pair}” is not."),
                pair=pair,
            )
        fields[name] = key
    return fields


def _hand_over(
    data: dict[str, Any], options: argparse.Namespace, given: list[str], also: list[_Copy]
) -> None:
    """Print the document, and write it where the caller says."""
    for copy in also:
        write_file(copy.file, _written(data, copy.format, options.lang, given))
    if options.output is not None:
        write_file(options.output, _written(data, options.format, options.lang, given))
    elif options.format == "text":
        _print_text(data, options.lang)
    else:
        sys.stdout.write(_written(data, options.format, options.lang, given))


def _print_text(data: dict[str, Any], language: str) -> None:
    from rich.console import Console

    from tuneready.output.text import WIDTH, print_text

    width = None if sys.stdout.isatty() else WIDTH
    console = Console(width=width, highlight=False, markup=False)
    with console.capture() as captured:  # a closed pipe is for `main` to notice
        print_text(data, language, console)
    sys.stdout.write(captured.get())


def _written(data: dict[str, Any], form: str, language: str, given: list[str]) -> str:
    match form:
        case "json":
            return dumps(data)
        case "markdown":
            from tuneready.output.markdown import format_markdown

            return format_markdown(data, language)
        case "sarif":
            from tuneready.output.sarif import format_sarif

            return format_sarif(data, language, [address(file) for file in given])
        case _:
            from tuneready.output.text import format_text

            return format_text(data, language)


class _Copy(NamedTuple):
    """One more form of the report, and where it is to be written."""

    format: str
    file: Path


def _copies(given: list[str]) -> list[_Copy]:
    copies = []
    for pair in given:
        form, sign, file = pair.partition("=")
        if form not in FORMATS or not (sign and file):
            raise TunereadyError(
                N_("--also needs FORMAT=FILE, with one of {formats}; “{pair}” is not."),
                formats=", ".join(FORMATS),
                pair=pair,
            )
        copies.append(_Copy(form, Path(file)))
    return copies


def address(given: str) -> str:
    """Return the URI of a file: relative where it lies below the current folder."""
    from urllib.parse import quote

    if given == STANDARD_INPUT:
        return name_of(given)
    path = Path(os.path.abspath(given))  # noqa: PTH100  links stay as they are
    try:
        relative = path.relative_to(Path.cwd())
    except ValueError:
        return path.as_uri()
    return quote(os.fsencode(relative.as_posix()))
