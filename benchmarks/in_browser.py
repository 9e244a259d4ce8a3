"""The check in Chromium, through the page itself, against nothing but `JSON.parse` of each line."""

from __future__ import annotations

import functools
import http.server
import sys
import threading
from typing import TYPE_CHECKING

import chats
from playwright.sync_api import sync_playwright
from side_by_side import in_turn, show

sys.path.insert(0, str(chats.ROOT / "tests" / "browser"))
import chromium

if TYPE_CHECKING:
    from pathlib import Path

CHECK = """async () => {
  const element = document.querySelector("tr-dataset-check");
  const file = document.querySelector("tr-dataset-check input[type=file]").files[0];
  const started = performance.now();
  const report = await element.check(file, { target: "openai/sft" });
  if (!report.valid) throw new Error("the benchmark's file must be a good one");
  return (performance.now() - started) / 1000;
}"""
# The same slices, the same strict decoding, the same lines; only the parser's work.
PARSE = """async () => {
  const file = document.querySelector("tr-dataset-check input[type=file]").files[0];
  const started = performance.now();
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  let rest = "";
  for (let place = 0; place < file.size; place += 4 << 20) {
    const bytes = await file.slice(place, place + (4 << 20)).arrayBuffer();
    const lines = (rest + decoder.decode(bytes, { stream: true })).split("\\n");
    rest = lines.pop();
    for (const line of lines) JSON.parse(line);
  }
  return (performance.now() - started) / 1000;
}"""


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


def report(file: Path) -> None:
    path = chromium.find()
    assert path, chromium.MISSING
    handler = functools.partial(Quiet, directory=str(chats.ROOT / "site"))
    with (
        http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server,
        sync_playwright() as playwright,
    ):
        threading.Thread(target=server.serve_forever, daemon=True).start()
        browser = playwright.chromium.launch(executable_path=path, args=list(chromium.FLAGS))
        page = browser.new_page()
        page.set_default_timeout(600_000)
        page.goto(f"http://127.0.0.1:{server.server_port}/check/")
        page.set_input_files("tr-dataset-check input[type=file]", str(file))
        rounds = in_turn(lambda: page.evaluate(CHECK), lambda: page.evaluate(PARSE))
        browser.close()
        server.shutdown()
    size = file.stat().st_size / chats.MEGABYTE
    names = ("whole check, openai/sft", "JSON.parse per line")
    show("Chromium: the check against a bare parser", names, rounds, size)
