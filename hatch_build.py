"""Writes the generated files of a wheel: compiled translations, and the targets as JSON.

The browser has no YAML parser, and gettext reads compiled catalogues only. Both are made here, so
that every wheel is complete. An editable install gets the translations and keeps reading the YAML.

The rank files of the tokens come from the npm package that `make setup` installs. A wheel built
without it counts no tokens, and says so. In the browser JavaScript counts: `TUNEREADY_WHEEL=browser`
leaves them out of the wheel for the page, which would be ten times as large.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

TOP = Path(__file__).parent
PACKAGE = TOP / "macros" / "tuneready"
RANKS = TOP / "node_modules" / "gpt-tokenizer" / "data"


def compile_translations() -> None:
    """Compile every `.po` under `locale/` to the `.mo` beside it."""
    sys.path.insert(0, str(PACKAGE.parent))
    from tuneready.locale.compile import compile_translations

    compile_translations()


def write_targets() -> None:
    """Write `targets/targets.json`, the same data as the YAML files beside it."""
    sys.path.insert(0, str(PACKAGE.parent))
    from tuneready.targets import read_yaml

    target = PACKAGE / "targets" / "targets.json"
    target.write_text(json.dumps(read_yaml(), ensure_ascii=False), encoding="utf-8")


def rank_files() -> list[Path]:
    """Return the rank files to take along; none of them is read or changed here."""
    sys.path.insert(0, str(PACKAGE.parent))
    from tuneready.dataset.tokens import ENCODINGS

    return [file for name in ENCODINGS if (file := RANKS / f"{name}.tiktoken").is_file()]


class GeneratedFiles(BuildHookInterface[Any]):
    """Hatchling's hook, named in pyproject.toml."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        compile_translations()
        if version == "editable":
            return
        write_targets()
        if os.environ.get("TUNEREADY_WHEEL") != "browser":
            top = "macros/" if self.target_name == "sdist" else ""
            for file in rank_files():
                inside = f"{top}tuneready/dataset/ranks/{file.name}"
                build_data["force_include"][str(file)] = inside

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        (PACKAGE / "targets" / "targets.json").unlink(missing_ok=True)
