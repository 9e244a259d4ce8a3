"""What the caller did wrong: one clear sentence, without a traceback at the edge.

Problems in a dataset are findings, never exceptions.
"""

from __future__ import annotations


class TunereadyError(Exception):
    """A sentence for the person who asked; the command line prints it and exits with status 2."""
