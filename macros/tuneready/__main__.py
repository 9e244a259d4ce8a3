"""`python -m tuneready` is the command line."""

from __future__ import annotations

import sys

from tuneready.cli import main

if __name__ == "__main__":  # a worker process imports this module, too
    sys.exit(main())
