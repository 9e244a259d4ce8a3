"""The command line: reads arguments and files, prints what the parts say, chooses the exit status.

0: no finding of severity error. 1: at least one. 2: could not check; one sentence says why.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tuneready import __version__
from tuneready.errors import TunereadyError
from tuneready.locale import LANGUAGES, N_, translation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tuneready.dataset.report import Report
    from tuneready.rules.base import Rule
    from tuneready.targets.base import Target

PIECE = 1 << 20  # bytes read at a time
CHECKLISTS = Path("checklists")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a report is UTF-8 whatever the terminal says
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    options = _parser().parse_args(arguments)
    try:
        status = int(options.run(options))
        sys.stdout.flush()
    except TunereadyError as error:
        print(f"tuneready: {error}", file=sys.stderr)
        return 2
    except BrokenPipeError:  # the reader, such as head, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        print("tuneready: stopped.", file=sys.stderr)
        return 130
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="tuneready",
        description="Should we fine-tune a language model, and are we ready to?",
    )
    parser.add_argument("--version", action="version", version=f"tuneready {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)

    check = commands.add_parser("check", help="check dataset files for a target")
    check.add_argument("files", nargs="+", metavar="FILE", help="a file of JSON Lines")
    check.add_argument(
        "--target",
        required=True,
        metavar="T",
        help="where the data is to go, as provider/method; see: tuneready targets",
    )
    check.add_argument("--model", metavar="M", help="the model that will be trained")
    check.add_argument(
        "--max-findings",
        type=_positive,
        default=None,
        metavar="N",
        help="findings kept per rule (default 25); counts are always exact",
    )
    _common(check)
    check.set_defaults(run=_check)

    targets = commands.add_parser("targets", help="list the targets, their status and models")
    _common(targets)
    targets.set_defaults(run=_targets)

    rules = commands.add_parser("rules", help="list the rules")
    _common(rules)
    rules.set_defaults(run=_rules)

    explain = commands.add_parser("explain", help="say what a rule looks for, why, and what to do")
    explain.add_argument("rule", metavar="RULE", help="a code (TR104) or a name (trailing-comma)")
    _common(explain)
    explain.set_defaults(run=_explain)

    assess = commands.add_parser("assess", help="give the verdict of saved answers")
    assess.add_argument(
        "answers", type=Path, metavar="ANSWERS.json", help="answers exported from the site"
    )
    assess.add_argument(
        "--profile", default="decide", help="which checklists count (default: decide)"
    )
    _checklists(assess)
    _common(assess)
    assess.set_defaults(run=_assess)

    validate = commands.add_parser("validate", help="check the YAML of checklists and targets")
    _checklists(validate)
    validate.set_defaults(run=_validate)

    build = commands.add_parser("build", help="build the site in both languages")
    build.add_argument(
        "--output",
        type=Path,
        default=Path("site"),
        metavar="DIR",
        help="where to write it (default: site)",
    )
    build.set_defaults(run=_build)

    serve = commands.add_parser("serve", help="build the site, serve it and rebuild on changes")
    serve.add_argument("--port", type=int, default=8000, metavar="N", help="port (default: 8000)")
    serve.set_defaults(run=_serve)
    return parser


def _common(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--format", choices=("text", "json"), default="text", help="default: text")
    parser.add_argument(
        "--lang", choices=LANGUAGES, default="en", help="language of the sentences (default: en)"
    )


def _checklists(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--checklists",
        type=Path,
        default=CHECKLISTS,
        metavar="FOLDER",
        help="folder of the checklists (default: checklists)",
    )


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return number


def _check(options: argparse.Namespace) -> int:
    from tuneready.dataset.report import document, dumps
    from tuneready.dataset.text import format_text
    from tuneready.targets import find_model, find_target

    target = find_target(options.target)
    if options.model is not None:
        find_model(target, options.model)
    reports = [_check_file(file, target, options) for file in options.files]
    data = document(reports, options.lang)
    _print(dumps(data) if options.format == "json" else format_text(data, options.lang))
    return 0 if all(entry["valid"] for entry in data["reports"]) else 1


def _check_file(file: str, target: Target, options: argparse.Namespace) -> Report:
    from tuneready.dataset.checker import Checker
    from tuneready.dataset.report import MAX_FINDINGS

    checker = Checker(
        target,
        file=Path(file).name,
        model=options.model,
        max_findings=options.max_findings or MAX_FINDINGS,
    )
    if Path(file).is_dir():
        raise TunereadyError(f"{file} is a folder; give the file to check.")
    try:
        with open(file, "rb", buffering=0) as stream:  # noqa: PTH123  large reads, no buffer of its own
            while piece := stream.read(PIECE):
                checker.feed(piece)
    except OSError as error:
        raise TunereadyError(f"{file} cannot be read: {_reason(error)}") from None
    return checker.close()


def _reason(error: OSError) -> str:
    match error:
        case FileNotFoundError():
            return "there is no such file."
        case PermissionError():
            return "permission was denied."
        case _:
            return f"{error.strerror or 'the system gave no reason'}."


def _targets(options: argparse.Namespace) -> int:
    from tuneready.targets import targets

    language = options.lang
    found = targets().values()
    if options.format == "json":
        _print_json([_target_data(target, language) for target in found])
        return 0
    width = max(len(target.name) for target in found)
    lines = []
    for target in found:
        lines.append(f"{target.name:{width}}  {target.title[language]}")
        lines.append(f"{'':{width}}  {target.status.text[language]}")
        if target.models:
            lines.append(f"{'':{width}}  {', '.join(target.models)}")
    _print("\n".join(lines) + "\n")
    return 0


def _target_data(target: Target, language: str) -> dict[str, Any]:
    return {
        "name": target.name,
        "title": target.title[language],
        "format": target.format,
        "status": {
            "state": target.status.state,
            "date": target.status.date,
            "text": target.status.text[language],
        },
        "models": [
            {
                "name": model.name,
                "example_tokens": model.example_tokens,
                "images": model.images,
                "status": model.status,
                "note": model.note[language] if model.note else None,
            }
            for model in target.models.values()
        ],
    }


def _rules(options: argparse.Namespace) -> int:
    from tuneready.rules import RULES

    say = translation(options.lang).gettext
    if options.format == "json":
        _print_json([_rule_data(rule, options.lang) for rule in RULES])
        return 0
    width = max(len(rule.name) for rule in RULES)
    _print("".join(f"{rule.code}  {rule.name:{width}}  {say(rule.title)}\n" for rule in RULES))
    return 0


def _explain(options: argparse.Namespace) -> int:
    from tuneready.dataset.quoting import escaped

    rule = _find_rule(options.rule)
    data = _rule_data(rule, options.lang)
    if options.format == "json":
        _print_json(data)
        return 0
    say = translation(options.lang).gettext
    lines = [f"{rule.code} {rule.name}", data["title"], "", data["why"], data["remedy"], ""]
    for target, setting in data["targets"].items():
        source = f": {setting['source']['title']}" if setting["source"] else ""
        lines.append(f"  {target}: {say(setting['severity'])}{source}")
    for label, example in ((N_("What it looks like:"), data["bad"]), (N_("Better:"), data["good"])):
        if example is not None:
            lines += [
                "",
                say(label),
                *(f"  {_cut(escaped(line))}" for line in example.split("\n")[:12] if line),
            ]
    _print("\n".join(lines) + "\n")
    return 0


def _cut(line: str) -> str:
    return line if len(line) <= 400 else line[:399] + "…"


def _find_rule(text: str) -> Rule:
    from tuneready.rules import BY_CODE, RULES_BY_NAME

    if text.upper() in BY_CODE:
        return BY_CODE[text.upper()]
    if text.lower() in RULES_BY_NAME:
        return RULES_BY_NAME[text.lower()]
    near = get_close_matches(text.upper(), BY_CODE, n=1) or get_close_matches(
        text.lower(), RULES_BY_NAME, n=1, cutoff=0.4
    )
    hint = f"did you mean {near[0]}?" if near else "tuneready rules lists them."
    raise TunereadyError(f"There is no rule called “{text}”; {hint}")


def _rule_data(rule: Rule, language: str) -> dict[str, Any]:
    from tuneready.targets import targets

    say = translation(language).gettext
    settings = {}
    for target in targets().values():
        setting = target.rules.get(rule.name)
        if setting is not None:
            source = target.sources[setting.source] if setting.source else None
            settings[target.name] = {
                "severity": setting.severity.value,
                "source": source
                and {"title": source.label, "url": source.url, "read": source.read},
            }
    return {
        "code": rule.code,
        "name": rule.name,
        "title": say(rule.title),
        "why": say(rule.why),
        "remedy": say(rule.remedy),
        "targets": settings,
        "bad": _example(rule.bad),
        "good": _example(rule.good),
    }


def _example(example: str | bytes | None) -> str | None:
    if example is None:
        return None
    return example if isinstance(example, str) else example.decode(errors="backslashreplace")


def _assess(options: argparse.Namespace) -> int:
    from tuneready.checklist.answers import read_answers
    from tuneready.checklist.assess import assess
    from tuneready.checklist.load import load_guide
    from tuneready.checklist.wording import describe, to_text

    try:
        text = options.answers.read_text(encoding="utf-8")
    except OSError as error:
        raise TunereadyError(f"{options.answers} cannot be read: {_reason(error)}") from None
    except UnicodeDecodeError:
        raise TunereadyError(f"{options.answers} is not UTF-8 text.") from None
    guide = load_guide(options.checklists)
    assessment = assess(guide, options.profile, read_answers(text))
    described = describe(assessment, guide, options.lang)
    if options.format == "json":
        _print_json(described)
    else:
        _print(to_text(described, options.lang))
    return 0


def _validate(options: argparse.Namespace) -> int:
    from tuneready.checklist.load import load_guide
    from tuneready.targets import targets

    guide = load_guide(options.checklists)
    _print(f"Checklists: {len(guide.checklists)}, targets: {len(targets())}. No faults.\n")
    return 0


def _build(options: argparse.Namespace) -> int:
    from tuneready.site.build import build

    build(options.output)
    return 0


def _serve(options: argparse.Namespace) -> int:
    from tuneready.site.serve import serve

    serve(options.port)
    return 0


def _print(text: str) -> None:
    sys.stdout.write(text)


def _print_json(data: Any) -> None:
    _print(json.dumps(data, ensure_ascii=False, indent=2) + "\n")
