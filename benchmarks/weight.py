"""What a page of ours loads beyond Material, in bytes as stored and as a host would compress them."""

from __future__ import annotations

import gzip

from tuneready.site.bundle import bundle

# What every page loads, and what comes with a checklist or its verdict.
EVERY_PAGE = ("tuneready.js", "in-page.js", "light-start.js", "language.js", "on-demand.js")
STYLES = ("tuneready.css",)
CHECKLIST = ("answers.js", "entry.js", "kept.js", "fill.js", "texts.js")
VERDICT = ("assessment.js", "asking.js", "waiting.js", "missing.js", "guide.js", "engine.js")


def report() -> None:
    folder = bundle().directory
    print("Weight of the bundle              raw      gzip")
    groups = {
        "our JavaScript, every page": [folder / "js" / name for name in EVERY_PAGE],
        "a checklist, its page": [
            *folder.glob("js/checklist*.js"),
            *(folder / "js" / name for name in CHECKLIST),
        ],
        "the verdict, beside that": [folder / "js" / name for name in VERDICT],
        "the dataset checker, its page": [*folder.glob("js/dataset-*.js")],
        "the worker, when it is needed": [*folder.glob("js/engine.*.js"), folder / "js/tokens.js"],
        "our CSS, every page": [folder / "css" / name for name in STYLES],
        "Python, when it is needed": [
            path for path in folder.glob("py/*") if not path.name.startswith("msgspec")
        ],
        "ranks of tokens, one encoding": [folder / "tokens/o200k_base.ranks"],
        "msgspec, for a dataset check": [*folder.glob("py/msgspec*")],
    }
    for name, files in groups.items():
        contents = [path.read_bytes() for path in files]
        raw = sum(map(len, contents)) / 1024
        packed = sum(len(gzip.compress(content, 9)) for content in contents) / 1024
        print(f"  {name:26} {raw:8.1f}  {packed:8.1f} KB")
