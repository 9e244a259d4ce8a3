"""`python -m tuneready` is the command line."""

from __future__ import annotations

import sys

from tuneready.cli import main

sys.exit(main())
