"""`tuneready validate | build | serve`: checklists, and the site."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tuneready.cli.files import reading
from tuneready.errors import TunereadyError
from tuneready.locale import N_, translation

if TYPE_CHECKING:
    import argparse


def validate(options: argparse.Namespace) -> int:
    """Print every fault of a project, or how much of it has none; notes change no exit status."""
    from tuneready.project import Project, confirm_translations, inspect

    say = translation(options.lang).gettext
    for folder in (options.checklists, options.targets):
        if not folder.is_dir():
            raise TunereadyError(N_("There is no folder {folder}."), folder=str(folder))
    if not any(options.targets.glob("*.yaml")):
        raise TunereadyError(N_("There is no YAML file in {folder}."), folder=str(options.targets))
    project = Project(options.checklists, options.targets)
    with reading(options.checklists):
        if options.confirm_translations:
            count = confirm_translations(project)
            print(say(N_("Translations confirmed: {count}.")).format(count=count))
        found = inspect(project, options.max_age)
    for fault in found.faults:
        print(fault)
    word = say(N_("note"))
    for note in found.notes:
        print(f"{note.file}:{note.line}:{note.column}: {word}: {note.message}")
    if found.faults:
        print(say(N_("Faults: {count}.")).format(count=len(found.faults)))
        return 1
    text = N_("Checklists: {checklists}, pages: {pages}, files of targets: {files}. No faults.")
    counts = {
        "checklists": found.checklists,
        "pages": found.pages,
        "files": found.files_of_targets,
    }
    print(say(text).format(**counts))
    return 0


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
