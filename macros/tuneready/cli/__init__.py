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
    for stream in (sys.stdout, sys.stderr):
        _never_fail(stream)
    language = language_of(given)
    try:
        options = read_arguments(given, language)
        status = int(options.run(options))
        sys.stdout.flush()
    except TunereadyError as error:
        print(f"tuneready: {error.said(language)}", file=sys.stderr)
        return COULD_NOT
    except BrokenPipeError:  # the reader, such as head, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        stopped = translation(language).gettext(N_("stopped."))
        print(f"tuneready: {stopped}", file=sys.stderr)
        return INTERRUPTED
    return status


def _never_fail(stream: TextIO) -> None:
    """Write UTF-8 into files and pipes, whatever the locale; on a terminal what it can show."""
    if not hasattr(stream, "reconfigure"):
        return
    if stream.isatty():
        stream.reconfigure(errors="backslashreplace")
    else:
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")
