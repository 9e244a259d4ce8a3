"""What the snapshot of the browser's interpreter holds, so that the page waits for none of it.

Called in Pyodide at build time, just before its memory is written to a file. Everything that a
verdict needs is imported, catalogues and targets are read. A dataset check needs msgspec, which
is compiled and cannot be in the memory: the few modules that import it are kept as compiled code,
and run when they are first asked for.
"""

from __future__ import annotations

import gc
import importlib
import pkgutil
import sys
from importlib.abc import InspectLoader, MetaPathFinder
from importlib.util import spec_from_loader
from typing import TYPE_CHECKING, override

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from importlib.machinery import ModuleSpec
    from types import CodeType, ModuleType

COMPILED = "msgspec"  # what has to be there before the modules that import it
PARTS = ("checklist", "dataset", "locale", "output", "rules", "targets")
# Of the command line and of the build: a page asks for none of them.
ELSEWHERE = frozenset(
    {
        "tuneready.checklist.load",
        "tuneready.checklist.schema",
        "tuneready.dataset.workers",
        "tuneready.locale.compile",
        "tuneready.output.sarif",
        "tuneready.output.text",
    }
)
# Of the standard library: what our modules and msgspec import only when they need it.
LAZILY = (
    *("array", "csv", "datetime", "decimal", "fractions", "gzip", "hashlib", "unicodedata", "uuid"),
    "zlib",
)


class KeptModules(MetaPathFinder, InspectLoader):
    """Finds and runs modules whose code is in memory."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[CodeType, bool]] = {}

    def keep(self, spec: ModuleSpec) -> None:
        """Compile a module, and keep its code."""
        loader = spec.loader
        code = loader.get_code(spec.name) if isinstance(loader, InspectLoader) else None
        if code is None:
            raise ImportError(spec.name)
        self._kept[spec.name] = code, spec.submodule_search_locations is not None

    @override
    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        return spec_from_loader(fullname, self) if fullname in self._kept else None

    @override
    def get_code(self, fullname: str) -> CodeType:
        return self._kept[fullname][0]

    @override
    def get_source(self, fullname: str) -> None:
        """Return None: only the code is kept."""

    @override
    def is_package(self, fullname: str) -> bool:
        return self._kept[fullname][1]


def remember() -> None:
    """Import and read all that can be kept."""
    for name in LAZILY:
        importlib.import_module(name)
    import tuneready.bridge
    from tuneready.locale import LANGUAGES, translation
    from tuneready.targets import targets

    kept = KeptModules()
    for spec in _modules():
        try:
            importlib.import_module(spec.name)
        except ModuleNotFoundError as missing:
            if missing.name != COMPILED:
                raise
            kept.keep(spec)
    sys.meta_path.insert(0, kept)
    for language in LANGUAGES:
        translation(language).gettext("")
        tuneready.bridge.describe_targets(language)
    targets()
    _check_numbers()
    gc.collect()


def _check_numbers() -> None:
    """Have python-stdnum import its modules and read its tables, which it does at the first number."""
    from tuneready.dataset.detectors import numbers

    numbers.is_account("NL20INGB0001234567")
    numbers.is_card("4012888888881881")
    numbers.is_citizen_number("123456782")


def _modules() -> Iterator[ModuleSpec]:
    import tuneready

    for part in PARTS:
        yield from _below(
            [f"{folder}/{part}" for folder in tuneready.__path__], f"tuneready.{part}."
        )


def _below(folders: Sequence[str], prefix: str) -> Iterator[ModuleSpec]:
    """Find modules without importing their packages, which may need what is not there."""
    for found in pkgutil.iter_modules(folders, prefix):
        if found.name in ELSEWHERE:
            continue
        spec = found.module_finder.find_spec(found.name, None)
        if spec is None:
            raise ImportError(found.name)
        yield spec
        yield from _below(spec.submodule_search_locations or (), f"{found.name}.")
