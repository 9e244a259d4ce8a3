"""Builds all languages into one folder, English first because MkDocs empties what it writes to."""

from __future__ import annotations

import logging
import os
import subprocess
from typing import TYPE_CHECKING

from tuneready.errors import TunereadyError
from tuneready.locale.compile import compile_translations
from tuneready.site import headers, offline
from tuneready.site.bundle import ROOT
from tuneready.site.languages import site_languages
from tuneready.site.postprocess import postprocess

if TYPE_CHECKING:
    from pathlib import Path


class BuildError(TunereadyError):
    """The site could not be built; MkDocs has said why."""


def build(output: Path, project: Path = ROOT) -> None:
    """Build the whole site of a project into `output`. Any warning of MkDocs fails the build.

    Raises:
        BuildError: MkDocs has said why.
        LanguageError: A language lacks its folder of pages.

    """
    os.environ.setdefault("SOURCE_DATE_EPOCH", _last_change())
    # Material's notice on the end of MkDocs 1; the dates in the project's notes cover it.
    os.environ.setdefault("NO_MKDOCS_2_WARNING", "1")
    from mkdocs.commands.build import build as build_language
    from mkdocs.config import load_config
    from mkdocs.exceptions import Abort, MkDocsException

    _show_warnings()
    compile_translations()
    languages = site_languages(project)
    offered = True
    for language in languages:
        try:
            config = load_config(
                config_file=str(language.config_file),
                site_dir=str((output / language.link).resolve()),
                strict=True,
            )
            # The policy is that of the whole site, so it is written once, at the end.
            config.extra["policy_later"] = True
            offered = offered and config.extra.get("offline", True)
            config.plugins.on_startup(command="build", dirty=False)
            try:
                build_language(config)
            finally:
                config.plugins.on_shutdown()
        except (Abort, MkDocsException) as error:
            raise BuildError(f"{language.config_file.name}: {error}") from error
    # Over all languages at once: a reader may go from one to the other without a page load.
    headers.publish(output, postprocess(output))
    # Last, because it tells the content of every file.
    built = int(os.environ["SOURCE_DATE_EPOCH"])
    offline.publish(output, languages, offered=offered, built=built)


def _last_change() -> str:
    """Return the time of the last commit, so that the same sources give the same bytes."""
    command = ["git", "log", "-1", "--format=%ct"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout.strip() or "315532800"  # 1980, for sources without a history


def _show_warnings() -> None:
    log = logging.getLogger("mkdocs")
    if not log.handlers:
        handler = logging.StreamHandler()
        handler.setLevel(logging.WARNING)
        handler.setFormatter(logging.Formatter("%(levelname)s %(message)s"))
        log.addHandler(handler)
