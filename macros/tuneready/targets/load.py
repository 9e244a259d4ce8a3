"""Reads the targets' YAML as people write it: every fault with file, line and column."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tuneready.strictyaml import Document, YamlFaults, nearest
from tuneready.targets.base import Common, Provider

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tuneready.strictyaml import Fault
    from tuneready.targets.base import Method, Rules

COMMON = "common"


def validate(folder: Path) -> tuple[int, list[Fault]]:
    """Return how many files were read and every fault in them."""
    from tuneready.rules import RULES_BY_NAME

    files = sorted(folder.glob("*.yaml"))
    faults: list[Fault] = []
    shared: frozenset[str] = frozenset()
    for file in sorted(files, key=lambda file: file.stem != COMMON):
        document = Document.from_file(file)
        if file.stem == COMMON:
            common: Common = document.read(Common)
            if not document.faults:
                shared = frozenset(common.sources)
                _check_rules(document, common.rules, ("rules",), shared, RULES_BY_NAME)
        else:
            provider: Provider = document.read(Provider)
            if not document.faults:
                _check_provider(document, provider, shared, RULES_BY_NAME)
        faults += document.faults
    return len(files), faults


def raise_faults(folder: Path) -> None:
    """Raise `YamlFaults` with every fault of the targets' files, if there are any."""
    _, faults = validate(folder)
    if faults:
        raise YamlFaults(faults)


type _Path = tuple[str | int, ...]


def _check_provider(
    document: Document, provider: Provider, shared: frozenset[str], known: Iterable[str]
) -> None:
    if provider.provider != Path(document.file).stem:
        document.fault_at(("provider",), f"the file's name says {Path(document.file).stem}")
    sources = shared | frozenset(provider.sources)
    _check_rules(document, provider.rules, ("rules",), sources, known)
    for name, rules in provider.groups.items():
        _check_rules(document, rules, ("groups", name), sources, known)
    for name, model in provider.models.items():
        place: _Path = ("models", name)
        _check_names(document, model.sources, (*place, "sources"), sources, "source")
        for i, price in enumerate(model.prices):
            _check_names(document, [price.source], (*place, "prices", i), sources, "source")
    for name, method in provider.methods.items():
        _check_method(document, provider, method, ("methods", name), sources, known)


def _check_method(
    document: Document,
    provider: Provider,
    method: Method,
    place: _Path,
    sources: Iterable[str],
    known: Iterable[str],
) -> None:
    from tuneready.dataset.formats import FORMATS

    _check_names(document, method.status.sources, (*place, "status"), sources, "source")
    if (method.status.date is not None) != (method.status.state == "closing"):
        document.fault_at((*place, "status"), "a date belongs to the state closing, and only there")
    _check_names(document, method.models, (*place, "models"), provider.models, "model")
    _check_names(document, method.use, (*place, "use"), provider.groups, "group")
    _check_names(document, method.without, (*place, "without"), known, "rule")
    _check_rules(document, method.rules, (*place, "rules"), sources, known)
    for i, layout in enumerate(method.layouts):
        at = (*place, "layouts", i)
        _check_names(document, [layout.format], (*at, "format"), FORMATS, "format")
        _check_names(document, layout.sources, (*at, "sources"), sources, "source")
        for names in (*layout.one_of, *layout.not_both):
            _check_names(document, names, (*at, "one_of"), layout.keys, "key")
    if not method.layouts:
        document.fault_at(place, "a method needs at least one layout")


def _check_rules(
    document: Document,
    rules: Rules,
    path: _Path,
    sources: Iterable[str],
    known: Iterable[str],
) -> None:
    for name, setting in rules.items():
        _check_names(document, [name], (*path, name), known, "rule")
        if setting.source is not None:
            _check_names(document, [setting.source], (*path, name, "source"), sources, "source")


def _check_names(
    document: Document, names: Iterable[str], path: _Path, known: Iterable[str], what: str
) -> None:
    for name in _unknown(names, known):
        document.fault_at(path, f'there is no {what} "{name}"{nearest(name, list(known))}')


def _unknown(names: Iterable[str], known: Iterable[str]) -> Iterator[str]:
    among = set(known)
    return (name for name in names if name not in among)
