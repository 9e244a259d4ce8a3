"""Serves the built site on this machine, and builds it again when a source changes.

Each build is a process of its own, so a change to Python counts at once. While a build fails, the
last good one stays up and the reason is in the terminal. A page reloads when a new build is there.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tuneready.site.bundle import ROOT
from tuneready.site.languages import site_languages

WATCHED = ("docs", "macros", "checklists", "pyproject.toml")
# A build writes these into the sources, and none of them is one.
MADE = (".mo", "targets.json")
RELOAD_PATH = "/-/reload.js"
EVENTS_PATH = "/-/events"
# A module of its own, because the pages' policy refuses inline scripts.
RELOAD_SCRIPT = f'new EventSource("{EVENTS_PATH}").onmessage = () => location.reload();\n'
SCRIPT_TAG = f'<script type="module" src="{RELOAD_PATH}"></script></body>'.encode()


class Site:
    """The newest good build. `changed` wakes the pages that wait for another one."""

    def __init__(self, scratch: Path, address: str) -> None:
        self.scratch = scratch
        self.address = address
        self.folder: Path | None = None
        self.number = 0
        self.changed = threading.Condition()

    def rebuild(self) -> None:
        """Build into a fresh folder and, when that went well, serve from it."""
        folder = Path(tempfile.mkdtemp(dir=self.scratch))
        command = [sys.executable, "-m", "tuneready", "build", "--output", str(folder)]
        # Instant navigation only follows addresses that the sitemap has.
        environment = {**os.environ, "SITE_URL": self.address}
        if subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode:
            shutil.rmtree(folder)
            print("The build failed; the last good one is still served.", file=sys.stderr)
            return
        with self.changed:
            before, self.folder = self.folder, folder
            self.number += 1
            self.changed.notify_all()
        if before:
            shutil.rmtree(before, ignore_errors=True)


class Handler(SimpleHTTPRequestHandler):
    """Static files of the newest build, and the two paths of the live reload."""

    def __init__(self, *arguments: object, site: Site) -> None:
        self.site = site
        super().__init__(*arguments, directory=str(site.folder))  # type: ignore[arg-type]

    def do_GET(self) -> None:
        if self.path == RELOAD_PATH:
            self._send(RELOAD_SCRIPT.encode(), "text/javascript")
        elif self.path == EVENTS_PATH:
            self._wait_for_build()
        elif page := self._page():
            self._send(page.read_bytes().replace(b"</body>", SCRIPT_TAG), "text/html")
        else:
            super().do_GET()

    def end_headers(self) -> None:
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the base class's name
        """Say nothing for each request: the builds are what the terminal is for."""

    def _page(self) -> Path | None:
        path = Path(self.translate_path(self.path))
        if path.is_dir() and self.path.split("?")[0].endswith("/"):
            path /= "index.html"
        return path if path.suffix == ".html" and path.is_file() else None

    def _send(self, body: bytes, content_type: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", f"{content_type}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _wait_for_build(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        seen = self.site.number
        try:
            with self.site.changed:
                while self.site.number == seen:
                    self.site.changed.wait(timeout=15)
                    self.wfile.write(b": still here\n\n")
            self.wfile.write(b"data: built\n\n")
        except (BrokenPipeError, ConnectionResetError):
            return  # the page was closed or went elsewhere


def serve(port: int, address: str = "127.0.0.1") -> None:
    """Serve all languages at `address:port` until interrupted."""
    from watchfiles import DefaultFilter, watch

    languages = site_languages(ROOT)
    watched = [ROOT / name for name in WATCHED] + [one.config_file for one in languages]
    sources = DefaultFilter()

    with tempfile.TemporaryDirectory() as scratch:
        site = Site(Path(scratch), f"http://{address}:{port}/")
        site.rebuild()
        with ThreadingHTTPServer((address, port), partial(Handler, site=site)) as server:
            server.daemon_threads = True
            threading.Thread(target=server.serve_forever, daemon=True).start()
            print("Serving", ", ".join(site.address + one.link for one in languages), flush=True)
            for _ in watch(
                *watched,
                watch_filter=lambda change, path: sources(change, path) and not path.endswith(MADE),
                raise_interrupt=False,
            ):
                print("Building again …", flush=True)
                site.rebuild()
