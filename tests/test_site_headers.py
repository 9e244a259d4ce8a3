"""What the built site tells its host to send: `_headers`, nginx's sample, and that both say the same."""

from __future__ import annotations

import fnmatch
import re
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tuneready.site.headers import ALWAYS, ASK_ANEW, FOR_EVER, HEADERS_FILE, NGINX_FILE, publish

NGINX = shutil.which("nginx") or shutil.which("/usr/sbin/nginx")
RULES = list[tuple[str, dict[str, str]]]


def parsed(text: str) -> RULES:
    """`_headers` as its hosts read it: a path, and below it, indented, what to send."""
    rules: RULES = []
    for line in filter(None, text.splitlines()):
        if line.startswith("/"):
            rules.append((line, {}))
        else:
            name, _, value = line.strip().partition(": ")
            rules[-1][1][name] = value
    return rules


def sent(rules: RULES, path: str) -> dict[str, str]:
    """What is sent with a path; these hosts join the values of all rules that match."""
    headers = {"Cache-Control": "public, max-age=0, must-revalidate"}
    own: dict[str, str] = {}
    for pattern, values in rules:
        if fnmatch.fnmatchcase(path, pattern):
            for name, value in values.items():
                own[name] = f"{own[name]}, {value}" if name in own else value
    return headers | own


def blocks(text: str) -> dict[str, dict[str, str]]:
    """The headers of nginx's sample, for each of its blocks; the server's own is named ""."""
    found: dict[str, dict[str, str]] = {"": {}}
    open_blocks = [""]
    for line in map(str.strip, text.splitlines()):
        if line.startswith("location"):
            open_blocks.append(line.removesuffix(" {"))
            found[line.removesuffix(" {")] = {}
        elif line == "}":
            open_blocks.pop()
        elif header := re.fullmatch(r'add_header (\S+) "([^"]*)"( always)?;', line):
            found[open_blocks[-1]][header[1]] = header[2]
    return found


@pytest.fixture(scope="module")
def rules(site_dir: Path) -> RULES:
    return parsed((site_dir / HEADERS_FILE).read_text(encoding="utf-8"))


def test_the_header_holds_the_policy_of_the_pages_and_more(site_dir: Path, rules: RULES) -> None:
    page = (site_dir / "index.html").read_text(encoding="utf-8")
    found = re.search(r'http-equiv="content-security-policy" content="([^"]+)"', page)
    assert found
    assert sent(rules, "/")["Content-Security-Policy"] == f"{found[1]}; frame-ancestors 'none'"


def test_what_is_asked_of_a_policy_is_in_it(rules: RULES) -> None:
    """What ASVS 5.0 asks for in 3.4.3, and what keeps data in the page."""
    policy = sent(rules, "/")["Content-Security-Policy"]
    directives = dict(part.split(" ", 1) for part in policy.split("; "))
    assert {name for name, value in directives.items() if value == "'none'"} == {
        "base-uri",
        "form-action",
        "frame-ancestors",
        "frame-src",
        "object-src",
    }
    assert "unsafe-inline" not in policy
    assert "'unsafe-eval'" not in policy
    addresses = {one for value in directives.values() for one in value.split()}
    allowed = {"'self'", "'none'", "'wasm-unsafe-eval'", "blob:", "data:"}
    assert {one for one in addresses if not one.startswith("'sha256-")} == allowed
    assert [name for name, value in directives.items() if "blob:" in value] == ["worker-src"]
    assert [name for name, value in directives.items() if "data:" in value] == ["img-src"]


def test_only_what_never_changes_is_kept(site_dir: Path, rules: RULES) -> None:
    (bundle,) = (site_dir / "assets/tuneready").iterdir()
    for path in bundle.rglob("*"):
        served = "/" + path.relative_to(site_dir).as_posix()
        assert sent(rules, served)["Cache-Control"] == FOR_EVER
    for path in ("/sw.js", "/offline.json"):
        assert sent(rules, path)["Cache-Control"] == ASK_ANEW
    for path in ("/", "/check/", "/nl/", "/search/search_index.json", "/content.json"):
        assert "max-age=0" in sent(rules, path)["Cache-Control"]


def test_hosts_can_read_it(site_dir: Path, rules: RULES) -> None:
    lines = (site_dir / HEADERS_FILE).read_text(encoding="utf-8").splitlines()
    assert max(map(len, lines)) <= 2000  # Cloudflare's limit
    assert len(rules) <= 100
    assert all(path.index("*") == len(path) - 1 for path, _ in rules if "*" in path)
    for path in ("/", "/sw.js", "/assets/tuneready/0/js/a.js"):
        matching = [values for pattern, values in rules if fnmatch.fnmatchcase(path, pattern)]
        names = [name for values in matching for name in values]
        assert len(names) == len(set(names)), path


def test_nginx_says_the_same(site_dir: Path, rules: RULES) -> None:
    found = blocks((site_dir / NGINX_FILE).read_text(encoding="utf-8"))
    page = sent(rules, "/")
    assert found.pop("") == page | {"Cache-Control": ASK_ANEW}
    asset = sent(rules, "/assets/tuneready/0/js/a.js")
    assert found.pop("location /assets/tuneready/") == asset
    assert found.pop(r"location ~ \.mjs$") == asset
    assert found == {"location ~ ^/_": {}}


def test_the_files_say_nothing_of_this_machine(tmp_path: Path) -> None:
    publish(tmp_path, "default-src 'self'")
    for name in (HEADERS_FILE, NGINX_FILE):
        text = (tmp_path / name).read_text(encoding="utf-8")
        assert str(tmp_path) not in text
        for header in ALWAYS:
            assert header in text


@pytest.mark.skipif(NGINX is None, reason="nginx is not installed; its sample was compared above")
def test_nginx_takes_the_sample_and_sends_it(site_dir: Path, rules: RULES, tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    places = "".join(
        f"{kind}_temp_path {tmp_path}/{kind};"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    configuration = tmp_path / "nginx.conf"
    configuration.write_text(
        f"daemon off; pid {tmp_path}/pid; error_log {tmp_path}/errors;\n"
        f"{'user root;' if Path('/root').owner() == Path.home().owner() else ''}\n"
        "events {}\n"
        f"http {{ include /etc/nginx/mime.types; default_type application/octet-stream; {places}\n"
        f"access_log off; server {{ listen 127.0.0.1:{port}; root {site_dir};\n"
        f"include {site_dir / NGINX_FILE}; }} }}\n"
    )
    command = [str(NGINX), "-p", str(tmp_path), "-c", str(configuration)]
    tried = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
    assert tried.returncode == 0, tried.stderr
    (bundle,) = (site_dir / "assets/tuneready").iterdir()
    assets = f"/assets/tuneready/{bundle.name}"
    with subprocess.Popen(command) as server:
        try:
            for path, media_type, compressed in [
                ("/", "text/html", True),
                ("/check/", "text/html", True),
                (f"{assets}/js/tuneready.js", "application/javascript", True),
                (f"{assets}/py/pyodide.mjs", "text/javascript", True),
                (f"{assets}/py/pyodide.asm.wasm", "application/wasm", True),
                ("/sw.js", "application/javascript", True),
            ]:
                answer = asked(f"http://127.0.0.1:{port}{path}")
                assert answer.status == 200
                assert answer.headers.get_content_type() == media_type, path
                expected = sent(rules, path)
                if "max-age=0" in expected["Cache-Control"]:
                    expected["Cache-Control"] = ASK_ANEW
                for name, value in expected.items():
                    assert answer.headers.get_all(name) == [value], (path, name)
                assert (answer.headers["Content-Encoding"] == "gzip") is compressed, path
            for path in ("/nowhere/", f"{assets}/js/nothing.js", "/_headers", "/_nginx.conf"):
                with pytest.raises(urllib.error.HTTPError, match="404") as missing:
                    asked(f"http://127.0.0.1:{port}{path}")
                said = missing.value.headers
                assert said["Cache-Control"] != FOR_EVER, path
                assert "frame-ancestors" in said["Content-Security-Policy"], path
                missing.value.close()
        finally:
            server.terminate()


def asked(address: str) -> urllib.request.addinfourl:
    """Ask as a browser would; wait for a server that has only just been started."""
    request = urllib.request.Request(address, headers={"Accept-Encoding": "gzip"})  # noqa: S310  our own
    for _ in range(50):
        try:
            with urllib.request.urlopen(request) as answer:  # noqa: S310  the same
                answer.read()
                return answer
        except urllib.error.HTTPError:
            raise
        except urllib.error.URLError:
            time.sleep(0.1)
    raise AssertionError("nginx did not answer")
