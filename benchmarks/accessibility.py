"""axe over all pages and all states, in both languages and both schemes, as a table.

    python benchmarks/accessibility.py SITE [--pages N]

SITE is a built site; `--pages N` looks at every Nth page only. html-validate reads all pages, too.
Exit status 1 when anything was found.
"""

from __future__ import annotations

import argparse
import functools
import http.server
import re
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Literal

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tests/browser"), str(ROOT / "tests")]

import chromium as finder  # noqa: E402
from access_states import STATES  # noqa: E402
from axe import violations  # noqa: E402
from playwright.sync_api import Error, sync_playwright  # noqa: E402

if TYPE_CHECKING:
    from access_states import State
    from playwright.sync_api import Browser

SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
LANGUAGES = {"en": "", "nl": "nl/"}
ADDRESS = re.compile(r"<loc>\s*https?://[^/]+/(.*?)\s*</loc>")


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    """A static host that says nothing."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("site", type=Path)
    arguments.add_argument("--pages", type=int, default=1)
    given = arguments.parse_args()
    pages = [
        path.parent.relative_to(given.site).as_posix().removeprefix(".")
        for path in sorted(given.site.rglob("index.html"))
    ][:: given.pages]
    base = base_of(given.site)
    with tempfile.TemporaryDirectory() as folder:
        below = Path(folder, "host", base)
        below.parent.mkdir(parents=True, exist_ok=True)
        below.symlink_to(given.site.resolve())
        handler = functools.partial(QuietHandler, directory=str(Path(folder, "host")))
        with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            found = looked_at(f"http://127.0.0.1:{server.server_port}/{base}", pages)
            server.shutdown()
    return 1 if found + invalid(given.site) else 0


def base_of(site: Path) -> str:
    """Return the path that the site was built for, such as `guide/`: the page for a missing address
    names its styles by it."""
    addresses = ADDRESS.findall((site / "sitemap.xml").read_text("utf-8"))
    return min(addresses, key=len)


def looked_at(site: str, pages: list[str]) -> int:
    """Print the table, and return how many elements axe complains about."""
    path = finder.find()
    if path is None:
        raise SystemExit(finder.MISSING)
    total = Counter[str]()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(finder.FLAGS))
        print(
            "| state | " + " | ".join(f"{lang} {s}" for lang in LANGUAGES for s in SCHEMES) + " |"
        )
        print("| --- |" + " ---: |" * len(LANGUAGES) * len(SCHEMES))
        for name, state in STATES.items():
            cells = []
            for folder in LANGUAGES.values():
                cells += in_schemes(browser, name, state, site + folder)
            total.update(states=1, violations=sum(cell for cell in cells if cell > 0))
            total.update(unreached=cells.count(-1))
            print(
                f"| {name} | " + " | ".join("–" if c < 0 else str(c) for c in cells) + " |",
                flush=True,
            )
        for scheme in SCHEMES:
            context = browser.new_context(color_scheme=scheme, reduced_motion="reduce")
            page = context.new_page()
            for address in pages:
                page.goto(f"{site}{address}/" if address else site)
                lines = violations(page)
                total.update(violations=len(lines), views=1)
                for line in lines:
                    print(f"{address} {scheme}: {line}", file=sys.stderr)
            context.close()
        browser.close()
    print(
        f"\n{total['states']} states in {len(LANGUAGES)} languages and {len(SCHEMES)} schemes; "
        f"{len(pages)} pages, each in {len(SCHEMES)} schemes: {total['violations']} violations; "
        f"{total['unreached']} states not reached"
    )
    return total["violations"] + total["unreached"]


def in_schemes(browser: Browser, name: str, state: State, site: str) -> list[int]:
    """Return the number of violations per scheme; -1 where the state could not be reached."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    page = context.new_page()
    counts = []
    try:
        state(page, site)
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            lines = violations(page)
            counts.append(len(lines))
            for line in lines:
                print(f"{name} {scheme}: {line}", file=sys.stderr)
    except (Error, AssertionError) as error:
        print(f"{name}: {error}", file=sys.stderr)
        counts += [-1] * (len(SCHEMES) - len(counts))
    finally:
        context.close()
    return counts


def invalid(site: Path) -> int:
    """Validate every page, print the outcome, and return the exit status of the validator."""
    config = ROOT / "tests/htmlvalidate.config.mjs"
    pages = sorted(str(path) for path in site.rglob("*.html"))
    command = [str(ROOT / "node_modules/.bin/html-validate"), "--config", str(config), *pages]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    print(done.stdout or f"html-validate: {len(pages)} pages, no errors")
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
