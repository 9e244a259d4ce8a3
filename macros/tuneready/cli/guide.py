"""`tuneready validate | build | serve`: checklists, and the site."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tuneready.cli.files import reading
from tuneready.errors import TunereadyError
from tuneready.locale import N_, translation

if TYPE_CHECKING:
    import argparse
    from pathlib import Path

    from tuneready.strictyaml import Fault


def validate(options: argparse.Namespace) -> int:
    """Print every fault of the YAML files, or how many files have none."""
    from tuneready.targets import load

    say = translation(options.lang).gettext
    for folder in (options.checklists, options.targets):
        if not folder.is_dir():
            raise TunereadyError(N_("There is no folder {folder}."), folder=str(folder))
    checklists, faults = _checklist_faults(options.checklists)
    with reading(options.targets):
        files, more = load.validate(options.targets)
    if not files:
        raise TunereadyError(N_("There is no YAML file in {folder}."), folder=str(options.targets))
    faults += more
    for fault in sorted(faults):
        print(fault)
    if faults:
        print(say(N_("Faults: {count}.")).format(count=len(faults)))
        return 1
    text = N_("Checklists: {checklists}, files of targets: {files}. No faults.")
    print(say(text).format(checklists=checklists, files=files))
    return 0


def _checklist_faults(folder: Path) -> tuple[int, list[Fault]]:
    from tuneready.checklist.load import load_guide
    from tuneready.strictyaml import YamlFaults

    try:
        return len(load_guide(folder).checklists), []
    except YamlFaults as error:
        return 0, list(error.faults)


def build_site(options: argparse.Namespace) -> int:
    """Build the site in both languages."""
    from tuneready.site.build import build

    build(options.output)
    return 0


def serve_site(options: argparse.Namespace) -> int:
    """Build the site, serve it, and build it again on every change."""
    from tuneready.site.serve import serve

    serve(options.port)
    return 0
