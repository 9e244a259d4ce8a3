"""What a page of ours asks for beyond Material: one stylesheet, and all its modules at once.

A module's imports are only known when it has arrived, and theirs after them; a page that names them
all saves a journey to the host for each such step. What a page only needs later is not among them.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

STATIC = Path(__file__).resolve().parent / "static"

# In this order, because later rules win; on every page, because instant navigation keeps them.
STYLES = (
    *("tokens", "parts", "waiting", "checklist", "assessment"),
    *("dataset-check", "dataset-report", "dataset-figures", "reference"),
)
STYLESHEET = "tuneready.css"
COMMENT = re.compile(r"/\*.*?\*/\n*", re.DOTALL)

# Imports at the beginning of a line; those that wait for something stand in the midst of code.
IMPORTED = re.compile(r"""^(?:import|export)\b[^;"'(]*["']\./([\w.-]+)\.js["']""", re.MULTILINE)
LATER = re.compile(r"""=> import\("\./([\w.-]+)\.js"\)""")
ON_DEMAND = re.compile(r"""\["(tr-[\w-]+)", \(\) => import\("\./([\w.-]+)\.js"\)\]""")


def join_styles(folder: Path) -> None:
    """Replace the stylesheets of every page in `folder` by a single one."""
    parts = [folder / f"{name}.css" for name in STYLES]
    joined = "".join(COMMENT.sub("", part.read_text(encoding="utf-8")) for part in parts)
    for part in parts:
        part.unlink()
    (folder / STYLESHEET).write_text(joined, encoding="utf-8")


def modules_for(content: str) -> tuple[str, ...]:
    """Return the modules that a page's elements and `tuneready.js` begin with, without `.js`."""
    used = [module for tag, module in _elements().items() if re.search(rf"<{tag}[\s>]", content)]
    return _with_imports(("tuneready", *used))[1:]


def later_modules(element: str) -> tuple[str, ...]:
    """Return what the module of an element fetches only when it will be needed, without `.js`."""
    first = _with_imports(("tuneready", element))
    later = _with_imports(tuple(LATER.findall(_source(element))))
    return tuple(name for name in later if name not in first)


@cache
def _elements() -> dict[str, str]:
    """Return tag -> module, as `on-demand.js` has them."""
    return dict(ON_DEMAND.findall(_source("on-demand")))


@cache
def _with_imports(entries: tuple[str, ...]) -> tuple[str, ...]:
    found: list[str] = []
    waiting = list(entries)
    while waiting:
        name = waiting.pop(0)
        if name in found:
            continue
        found.append(name)
        waiting += IMPORTED.findall(_source(name))
    return tuple(found)


def _source(name: str) -> str:
    return (STATIC / "js" / f"{name}.js").read_text(encoding="utf-8")
