"""The command line: reads arguments and files, prints what the parts say, chooses the exit status.

0: no finding of severity error. 1: at least one. 2: could not check; one sentence says why.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, TextIO

from tuneready.cli.arguments import language_of, read_arguments
from tuneready.errors import TunereadyError
from tuneready.locale import N_, translation

if TYPE_CHECKING:
    from collections.abc import Sequence

COULD_NOT = 2
INTERRUPTED = 130  # as shells count: 128 and the number of the signal


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    given = sys.argv[1:] if arguments is None else list(arguments)
    language = language_of(given)
    _open_what_is_closed()
    for stream in (sys.stdout, sys.stderr):
        _never_fail(stream)
    try:
        options = read_arguments(given, language)
        status = int(options.run(options))
        sys.stdout.flush()
    except TunereadyError as error:
        print(f"tuneready: {error.said(language)}", file=sys.stderr)
        return COULD_NOT
    except BrokenPipeError:  # the reader, such as head, has seen enough
        _throw_away_output()
        return 0
    except OSError as error:  # whatever is read is looked after where it is: this is the output
        _throw_away_output()
        reason = error.strerror or type(error).__name__
        text = translation(language).gettext(N_("the output cannot be written: {reason}."))
        print(f"tuneready: {text.format(reason=reason)}", file=sys.stderr)
        return COULD_NOT
    except KeyboardInterrupt:
        stopped = translation(language).gettext(N_("stopped."))
        print(f"tuneready: {stopped}", file=sys.stderr)
        return INTERRUPTED
    return status


def _throw_away_output() -> None:
    """Let what is still to be written go nowhere: Python tries once more when it ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _open_what_is_closed() -> None:
    """Give a caller who closed a stream (`>&-`) an empty one; Python then has none at all."""
    if sys.stdin is None:
        sys.stdin = open(os.devnull, encoding="utf-8")  # noqa: PTH123, SIM115  as long as we run
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123, SIM115  as above


def _never_fail(stream: TextIO) -> None:
    """Write UTF-8 into files and pipes, whatever the locale; on a terminal what it can show."""
    if not hasattr(stream, "reconfigure"):
        return
    if stream.isatty():
        stream.reconfigure(errors="backslashreplace")
    else:
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")
