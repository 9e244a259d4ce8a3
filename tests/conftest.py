"""What several tests share: the built site, a server for it, and a browser."""

from __future__ import annotations

import functools
import http.server
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, ConsoleMessage, Page

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE / "browser"))
# A project page on a shared host lives below a path, so the tests do too.
BASE = "/some/where/"

# No test asserts a time: how long an example takes is the machine's affair.
settings.register_profile("tuneready", deadline=None)
settings.load_profile("tuneready")


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    """A static host that says nothing."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


@pytest.fixture(scope="session")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """A static host: its origin, and the folder that it serves."""
    folder = tmp_path_factory.mktemp("host")
    handler = functools.partial(QuietHandler, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", folder
        server.shutdown()


@pytest.fixture(scope="session")
def site_dir(host: tuple[str, Path]) -> Path:
    """Both languages, built strictly for an address with a longer base path."""
    from tuneready.site.build import build

    origin, folder = host
    output = folder / BASE.strip("/")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SITE_URL", origin + BASE)
        build(output)
    return output


@pytest.fixture(scope="session")
def site(host: tuple[str, Path], site_dir: Path) -> str:
    """The address of the served site, with a slash at its end."""
    assert (site_dir / "index.html").is_file()
    return host[0] + BASE


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """A real Chromium; no browser is a failure, not a skip."""
    import chromium as finder
    from playwright.sync_api import sync_playwright

    path = finder.find()
    assert path, finder.MISSING
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(finder.FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Browser, site: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A fresh page that fails its test for a request elsewhere, a policy violation, or an error.

    `page.blocked` lists what the policy refused. A test that provokes says `page.provoked = True`.
    """
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    away: list[str] = []
    errors: list[str] = []
    page.blocked = []
    page.provoked = False

    def watch_console(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text or "Content-Security-Policy" in message.text:
            page.blocked.append(message.text)
        elif message.type == "error":
            errors.append(message.text)

    own = site.removesuffix(BASE)
    context.on(
        "request", lambda asked: away.append(asked.url) if not local(asked.url, own) else None
    )
    context.on("console", watch_console)
    context.on("weberror", lambda error: errors.append(str(error.error)))
    yield page
    context.close()
    if not page.provoked:
        assert not away
        assert not page.blocked
        assert not errors


def local(url: str, own: str) -> bool:
    """Whether a request stays on this site: its own origin, or data that the page made."""
    return url.startswith((own, "blob:", "data:"))
