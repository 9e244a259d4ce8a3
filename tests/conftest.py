"""What several tests share: the built site, a server for it, and a browser.

`make test` runs in several processes. What is made once is made once for all of them: the first to
need it makes it, the others wait. Each has a browser of its own.
"""

from __future__ import annotations

import contextlib
import fcntl
import functools
import http.server
import re
import sys
import tempfile
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, ConsoleMessage, Page
    from xdist.remote import Producer
    from xdist.scheduler import LoadScopeScheduling
    from xdist.workermanage import WorkerController

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE / "browser"))
# A project page on a shared host lives below a path, so the tests do too.
BASE = "/some/where/"
HOST = pytest.StashKey[tuple[str, Path]]()
# Waiting ends when what is waited for is there, so this costs a test that passes nothing.
PATIENCE_MS = 60_000
LONG = ("pyodide", "browser")

# No test asserts a time: how long an example takes is the machine's affair.
settings.register_profile("tuneready", deadline=None)
settings.load_profile("tuneready")


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    """A static host that says nothing, and keeps connections as hosts do."""

    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


class Server(http.server.ThreadingHTTPServer):
    """One that does not mind a browser that goes away before it has read everything."""

    # A browser that finds five others waiting is turned away, and tries again a second later.
    request_queue_size = 128

    def handle_error(self, request: object, client_address: object) -> None:
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


@contextlib.contextmanager
def serving() -> Iterator[tuple[str, Path]]:
    """Serve an empty folder: its origin, and the folder."""
    with tempfile.TemporaryDirectory(prefix="tuneready-host-") as folder:
        handler = functools.partial(QuietHandler, directory=folder)
        with Server(("127.0.0.1", 0), handler) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            yield f"http://127.0.0.1:{server.server_port}", Path(folder)
            server.shutdown()


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: WorkerController) -> None:
    """Give every process the same host: the process that hands out the tests outlives them all."""
    shared = node.config.stash.get(HOST, None)
    if shared is None:
        stack = contextlib.ExitStack()
        shared = node.config.stash[HOST] = stack.enter_context(serving())
        node.config.add_cleanup(stack.close)
    origin, folder = shared
    node.workerinput["host"] = (origin, str(folder))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadScopeScheduling:
    """Hand out whole files, because the tests of a file share what is costly to make."""
    from xdist.scheduler import LoadScopeScheduling

    class Files(LoadScopeScheduling):
        """A file at a time; the cases that both browsers run are one for each browser."""

        def _split_scope(self, nodeid: str) -> str:
            file, _, test = nodeid.partition("::")
            browser = re.search(r"\[(chromium|firefox)\b", test)
            return f"{file} {browser[1]}" if browser else file

    config.option.loadscopereorder = False  # which is by the number of tests
    return Files(config, log)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Try a browser twice, and take what lasts long first where several processes share the tests.

    Two browsers on a busy machine are late now and then. A test that passes only then is listed as
    such (`-rR`), so that nobody takes it for one that always does.
    """
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.flaky(reruns=1))
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: not any(map(item.get_closest_marker, LONG)))


@pytest.fixture(scope="session")
def host(request: pytest.FixtureRequest) -> Iterator[tuple[str, Path]]:
    """A static host: its origin, and the folder that it serves."""
    if hasattr(request.config, "workerinput"):
        origin, folder = request.config.workerinput["host"]
        yield origin, Path(folder)
    else:
        with serving() as made:
            yield made


@contextlib.contextmanager
def alone(folder: Path, name: str) -> Iterator[None]:
    """Be the only one of the processes that does this; the others wait until it is done."""
    with (folder / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@pytest.fixture(scope="session")
def site_dir(host: tuple[str, Path]) -> Path:
    """Both languages, built strictly for an address with a longer base path."""
    from tuneready.site.build import build

    origin, folder = host
    output = folder / BASE.strip("/")
    built = folder / "built"
    with alone(folder, "site"), pytest.MonkeyPatch.context() as patch:
        if not built.exists():
            patch.setenv("SITE_URL", origin + BASE)
            build(output)
            built.touch()
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
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=PATIENCE_MS)
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
    context.set_default_timeout(PATIENCE_MS)
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
