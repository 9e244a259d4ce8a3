"""What can be said on the command line."""

from __future__ import annotations

import argparse
import gettext
import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from tuneready import __version__
from tuneready.locale import DOMAIN, FOLDER, LANGUAGES, N_, translation

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tuneready.output.wording import Say

CHECKLISTS = Path("checklists")

# Sentences of argparse itself, marked so that they are translated along with ours. Which of them
# there are differs a little between versions of Python; one that is missing here stays English.
ARGPARSE = (
    N_("usage: "),
    N_("options"),
    N_("positional arguments"),
    N_("show this help message and exit"),
    N_("show program's version number and exit"),
    N_("%(prog)s: error: %(message)s\n"),
    N_("argument %(argument_name)s: %(message)s"),
    N_("the following arguments are required: %s"),
    N_("unrecognized arguments: %s"),
    N_("expected one argument"),
    N_("expected at least one argument"),
    N_("not allowed with argument %s"),
    N_("invalid %(type)s value: %(value)r"),
    N_("invalid choice: %(value)r (choose from %(choices)s)"),
    N_("ambiguous option: %(option)s could match %(matches)s"),
    N_("unknown parser %(parser_name)r (choices: %(choices)s)"),
)


def language_of(arguments: Sequence[str]) -> str:
    """Return the language that is asked for, before anything else is understood."""
    for given, following in zip(arguments, (*arguments[1:], ""), strict=False):
        name, _, value = given.partition("=")
        wanted = value or following
        if name == "--lang" and wanted in LANGUAGES:
            return wanted
    return LANGUAGES[0]


def read_arguments(arguments: Sequence[str], language: str) -> argparse.Namespace:
    """Return the options; `run` is the command's function. Help and wrong use end the program."""
    with _argparse_speaks(language):
        return _parser(translation(language).gettext).parse_args(arguments)


@contextmanager
def _argparse_speaks(language: str) -> Iterator[None]:
    """Let argparse find its sentences in our catalogue; it asks gettext's current domain."""
    domain, wanted = gettext.textdomain(), os.environ.get("LANGUAGE")
    gettext.bindtextdomain(DOMAIN, str(FOLDER))
    gettext.textdomain(DOMAIN)
    os.environ["LANGUAGE"] = language
    try:
        yield
    finally:
        gettext.textdomain(domain)
        if wanted is None:
            del os.environ["LANGUAGE"]
        else:
            os.environ["LANGUAGE"] = wanted


def _parser(say: Say) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="tuneready",
        description=say(N_("Should we fine-tune a language model, and are we ready to?")),
    )
    parser.add_argument("--version", action="version", version=f"tuneready {__version__}")
    commands = parser.add_subparsers(
        title=say(N_("commands")), metavar=say(N_("COMMAND")), required=True
    )
    _add_check(commands, say)
    _add_lists(commands, say)
    _add_answers(commands, say)
    _add_guide(commands, say)
    return parser


type _Commands = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001  it has no other name


def _add_check(commands: _Commands, say: Say) -> None:
    from tuneready.cli.check import FORMATS, check

    parser = commands.add_parser(
        "check",
        help=say(N_("check dataset files for a target")),
        description=say(
            N_(
                "Say what a provider or a tool would refuse in dataset files, and what may harm the training."
            )
        ),
        epilog=say(
            N_(
                "Exit status: 0 without errors, 1 with at least one, 2 when a file could not be checked."
            )
        ),
    )
    parser.add_argument(
        "files",
        nargs="+",
        metavar=say(N_("FILE")),
        help=say(
            N_(
                "JSON Lines; also a JSON array or CSV where the target's tool takes them; gzip is unpacked; - is standard input. Parquet is not read."
            )
        ),
    )
    parser.add_argument(
        "--target",
        metavar=say(N_("TARGET")),
        help=say(
            N_(
                "where the data is to go, as provider/method (“tuneready targets” lists them); auto recognises the format and asks all targets"
            )
        ),
    )
    parser.add_argument(
        "--model", metavar=say(N_("MODEL")), help=say(N_("the model that will be trained"))
    )
    parser.add_argument(
        "--validation",
        metavar=say(N_("FILE")),
        help=say(N_("the validation file: checked as well, and compared with the training file")),
    )
    parser.add_argument(
        "--field",
        action="append",
        default=[],
        metavar=say(N_("NAME=KEY")),
        help=say(
            N_(
                "a key that has another name in the file, such as messages=conversations; may come several times"
            )
        ),
    )
    _add_format(parser, say, FORMATS)
    parser.add_argument(
        "--output",
        type=Path,
        metavar=say(N_("FILE")),
        help=say(N_("write the report there instead of to standard output")),
    )
    parser.add_argument(
        "--also",
        action="append",
        default=[],
        metavar=say(N_("FORMAT=FILE")),
        help=say(
            N_(
                "write the report in another format as well, such as sarif=findings.sarif; may come several times"
            )
        ),
    )
    parser.add_argument(
        "--workers",
        type=_Positive(say),
        default=1,
        metavar="N",
        help=say(N_("check a large file in N processes at once (default: 1)")),
    )
    parser.add_argument(
        "--max-findings",
        type=_Positive(say),
        metavar="N",
        help=say(N_("findings kept per rule (default: 25); counts are always exact")),
    )
    parser.add_argument(
        "--format-only",
        action="store_true",
        help=say(
            N_(
                "look only at what the target reads, which is fastest: no duplicates, secrets, personal data or tokens"
            )
        ),
    )
    parser.set_defaults(run=check)


def _add_lists(commands: _Commands, say: Say) -> None:
    from tuneready.cli.catalogue import explain, list_rules, list_targets

    targets = commands.add_parser(
        "targets", help=say(N_("list the targets, or show one with limits, models and sources"))
    )
    targets.add_argument(
        "name",
        nargs="?",
        metavar=say(N_("TARGET")),
        help=say(N_("a target (openai/sft) or a provider (openai)")),
    )
    _add_format(targets, say)
    targets.set_defaults(run=list_targets)

    rules = commands.add_parser("rules", help=say(N_("list the rules, by family")))
    rules.add_argument(
        "--target", metavar=say(N_("TARGET")), help=say(N_("only the rules that apply to a target"))
    )
    _add_format(rules, say)
    rules.set_defaults(run=list_rules)

    explained = commands.add_parser(
        "explain", help=say(N_("say what a rule looks for, why, and what to do"))
    )
    explained.add_argument(
        "rule",
        metavar=say(N_("RULE")),
        help=say(N_("a code (TR104) or a name (trailing-comma)")),
    )
    _add_format(explained, say)
    explained.set_defaults(run=explain)


def _add_answers(commands: _Commands, say: Say) -> None:
    from tuneready.cli import answers

    assess = commands.add_parser(
        "assess",
        help=say(N_("give the verdict of saved answers")),
        description=say(
            N_("Give the verdict of saved answers, with reasons, gaps and what would change it.")
        ),
        epilog=say(
            N_(
                "Exit status: 0 when there is a verdict, 1 when it is lower than --require asks, 2 when the answers could not be read."
            )
        ),
    )
    assess.add_argument(
        "answers",
        metavar=say(N_("ANSWERS")),
        help=say(
            N_(
                "a file of answers that was downloaded from the page, a link with answers, or - for standard input"
            )
        ),
    )
    _add_profile(
        assess,
        say,
        say(N_("which checklists count, or all (default: decide; markdown and csv have all)")),
    )
    assess.add_argument(
        "--require",
        choices=("nearly-ready", "ready"),
        help=say(N_("end with status 1 when a verdict is lower")),
    )
    _add_checklists(assess, say)
    _add_format(assess, say, answers.FORMATS)
    assess.set_defaults(run=answers.assess_answers)

    compare = commands.add_parser(
        "compare",
        help=say(N_("compare the answers of several people")),
        description=say(
            N_("Show where several people's answers differ, and write down what they agree on.")
        ),
        epilog=say(N_("Exit status: 0 when they were compared, 2 when they could not be read.")),
    )
    compare.add_argument(
        "answers",
        nargs="+",
        metavar=say(N_("ANSWERS")),
        help=say(N_("files of answers or links with answers, one of each person")),
    )
    _add_profile(compare, say, say(N_("which checklists to compare (default: all)")))
    compare.add_argument(
        "--output",
        type=Path,
        metavar=say(N_("FILE")),
        help=say(N_("write what they agree on there, as a file of answers")),
    )
    _add_checklists(compare, say)
    _add_format(compare, say, answers.COMPARISON_FORMATS)
    compare.set_defaults(run=answers.compare_answers)


def _add_profile(parser: argparse.ArgumentParser, say: Say, text: str) -> None:
    parser.add_argument("--profile", metavar=say(N_("PROFILE")), help=text)


def _add_guide(commands: _Commands, say: Say) -> None:
    from tuneready.cli import guide
    from tuneready.targets import FOLDER as TARGETS

    validate = commands.add_parser(
        "validate",
        help=say(N_("check checklists, overrides, targets, sources and pages: every fault")),
    )
    _add_checklists(validate, say)
    validate.add_argument(
        "--targets",
        type=Path,
        default=TARGETS,
        metavar=say(N_("FOLDER")),
        help=say(N_("folder of the targets (default: those of this program)")),
    )
    validate.add_argument(
        "--max-age",
        type=_Positive(say),
        metavar=say(N_("DAYS")),
        help=say(N_("list what was last checked more than so many days ago")),
    )
    validate.add_argument(
        "--confirm-translations",
        action="store_true",
        help=say(N_("record that every translation fits the English text as it is now")),
    )
    _add_language(validate, say)
    validate.set_defaults(run=guide.validate)

    build = commands.add_parser("build", help=say(N_("build the site in both languages")))
    build.add_argument(
        "--output",
        type=Path,
        default=Path("site"),
        metavar=say(N_("FOLDER")),
        help=say(N_("where to write it (default: site)")),
    )
    _add_language(build, say)
    build.set_defaults(run=guide.build_site)

    serve = commands.add_parser(
        "serve", help=say(N_("build the site, serve it and rebuild on changes"))
    )
    serve.add_argument(
        "--port", type=int, default=8000, metavar="N", help=say(N_("port (default: 8000)"))
    )
    _add_language(serve, say)
    serve.set_defaults(run=guide.serve_site)


def _add_format(
    parser: argparse.ArgumentParser, say: Say, formats: Sequence[str] = ("text", "json")
) -> None:
    parser.add_argument(
        "--format", choices=formats, default=formats[0], help=say(N_("default: text"))
    )
    _add_language(parser, say)


def _add_language(parser: argparse.ArgumentParser, say: Say) -> None:
    parser.add_argument(
        "--lang",
        choices=LANGUAGES,
        default=LANGUAGES[0],
        help=say(N_("language of the sentences (default: en)")),
    )


def _add_checklists(parser: argparse.ArgumentParser, say: Say) -> None:
    parser.add_argument(
        "--checklists",
        type=Path,
        default=CHECKLISTS,
        metavar=say(N_("FOLDER")),
        help=say(N_("folder of the checklists (default: checklists)")),
    )


class _Positive:
    """Reads a whole number of 1 or more."""

    def __init__(self, say: Say) -> None:
        self._say = say

    def __call__(self, text: str) -> int:
        if not text.isascii() or not text.isdigit() or int(text) < 1:
            raise argparse.ArgumentTypeError(self._say(N_("must be a whole number of 1 or more")))
        return int(text)
