"""The bridge in plain CPython: every request, every kind of failure, and the written protocol."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tuneready.bridge import Bridge, describe_targets
from tuneready.checklist.load import load_guide
from tuneready.checklist.model import to_plain
from tuneready.dataset.checker import Checker
from tuneready.errors import TunereadyError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

TOP = Path(__file__).parents[1]
STATIC = TOP / "macros/tuneready/site/static"
SAMPLES = STATIC / "samples"
PROTOCOL = STATIC / "js/protocol.d.ts"
LANGUAGES = ("en", "nl")
QUOTE = "a sentence of the dataset"


class JsBuffer:
    """What Pyodide makes of a Uint8Array, as far as the bridge uses it."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def to_bytes(self) -> bytes:
        return self._data


def ask(bridge: Bridge, **request: Any) -> dict[str, Any]:
    reply: dict[str, Any] = json.loads(bridge.handle(json.dumps({"id": 7, **request})))
    assert reply["id"] == 7
    return reply


def open_check(bridge: Bridge, target: str = "openai/sft", language: str = "en") -> dict[str, Any]:
    return ask(
        bridge,
        type="check-open",
        file="train.jsonl",
        target=target,
        model=None,
        language=language,
    )


def assess(
    bridge: Bridge, guide: object, language: str = "en", answers: dict[str, str] | None = None
) -> dict[str, Any]:
    return ask(
        bridge,
        type="assess",
        guide=guide,
        profile="decide",
        answers={"why-owner": "no"} if answers is None else answers,
        language=language,
    )


@pytest.fixture(scope="module")
def plain_guide() -> Callable[[str], dict[str, Any]]:
    guide = load_guide(TOP / "checklists")
    return lambda language: to_plain(guide, language, "decide")


@pytest.mark.parametrize("language", LANGUAGES)
def test_assess_sends_a_guide_once(
    plain_guide: Callable[[str], dict[str, Any]], language: str
) -> None:
    bridge = Bridge()
    first = assess(bridge, plain_guide(language), language)
    assert assess(bridge, None, language) == first
    assert first["type"] == "assessment"


def test_assess_without_a_guide_is_a_fault_of_ours() -> None:
    reply = assess(Bridge(), None)
    assert (reply["type"], reply["reason"]) == ("failed", "unexpected")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["good.jsonl", "bad.jsonl"])
def test_a_check_from_open_to_close(name: str, language: str) -> None:
    data = (SAMPLES / name).read_bytes()
    bridge = Bridge()
    assert open_check(bridge, language=language) == {"id": 7, "type": "opened"}
    for start in range(0, len(data), 1000):
        bridge.feed(JsBuffer(data[start : start + 1000]))
    progress = ask(bridge, type="check-progress")
    assert progress["bytes"] == len(data)
    reply = ask(bridge, type="check-close")
    assert reply.keys() == {"id", "type", "document"}
    (entry,) = json.loads(reply["document"])["reports"]
    assert entry["valid"] is (name == "good.jsonl")
    assert entry["bytes"] == len(data)


def test_the_good_sample_is_good_for_every_chat_target() -> None:
    for target in describe_targets("en"):
        if target["format"] != "chat":
            continue
        bridge = Bridge()
        open_check(bridge, target["name"])
        bridge.feed(JsBuffer((SAMPLES / "good.jsonl").read_bytes()))
        (entry,) = json.loads(ask(bridge, type="check-close")["document"])["reports"]
        # It is small, which is a note; nothing in it is wrong.
        assert [finding["severity"] for finding in entry["findings"]] == ["note"]


def test_an_unknown_target_is_refused_with_a_sentence() -> None:
    reply = open_check(Bridge(), "nobody/sft")
    assert reply["reason"] == "refused"
    assert "nobody/sft" in reply["message"]
    assert reply["detail"] == ""


def test_an_aborted_check_is_forgotten() -> None:
    bridge = Bridge()
    open_check(bridge)
    assert ask(bridge, type="check-abort") == {"id": 7, "type": "aborted"}
    bridge.feed(JsBuffer(b"{}\n"))
    assert ask(bridge, type="check-close")["type"] == "failed"
    open_check(bridge)
    (entry,) = json.loads(ask(bridge, type="check-close")["document"])["reports"]
    assert entry["bytes"] == 0


def test_an_unknown_request_fails_and_the_bridge_lives() -> None:
    bridge = Bridge()
    reply = ask(bridge, type="dance")
    assert (reply["type"], reply["reason"]) == ("failed", "unexpected")
    assert reply["detail"].startswith("ValueError, bridge.py:")
    assert ask(bridge, type="targets", language="en")["type"] == "targets"


FAULTS = [
    (ValueError(QUOTE), "unexpected"),
    (MemoryError(QUOTE), "unexpected"),
    (TunereadyError("Too much."), "refused"),
]


@pytest.mark.parametrize(("error", "reason"), FAULTS)
def test_a_fault_while_feeding_comes_with_the_next_reply_and_without_data(
    monkeypatch: pytest.MonkeyPatch, error: Exception, reason: str
) -> None:
    def feed(_checker: Checker, _chunk: bytes) -> None:
        raise error

    monkeypatch.setattr(Checker, "feed", feed)
    bridge = Bridge()
    open_check(bridge)
    bridge.feed(JsBuffer(b"{}\n"))
    reply = ask(bridge, type="check-progress")
    assert reply["reason"] == reason
    assert QUOTE not in json.dumps(reply)
    monkeypatch.undo()
    open_check(bridge)
    assert ask(bridge, type="check-close")["type"] == "report"


WITHOUT_PACKAGES = """
import sys
sys.modules["msgspec"] = sys.modules["yaml"] = None
from tuneready.bridge import Bridge
print(Bridge().handle(sys.stdin.read()))
"""


def test_a_verdict_needs_the_standard_library_only(
    plain_guide: Callable[[str], dict[str, Any]],
) -> None:
    request = {
        "type": "assess",
        "id": 1,
        "guide": plain_guide("en"),
        "profile": "decide",
        "answers": {},
        "language": "en",
    }
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_PACKAGES],
        input=json.dumps(request),
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(done.stdout)["type"] == "assessment"


@pytest.mark.parametrize("language", LANGUAGES)
def test_replies_are_what_protocol_d_ts_says(
    plain_guide: Callable[[str], dict[str, Any]], tmp_path: Path, language: str
) -> None:
    bridge = Bridge()
    answers = dict.fromkeys(item_ids(plain_guide(language)), "no")
    replies = [
        ask(bridge, type="targets", language=language),
        assess(bridge, plain_guide(language), language),
        assess(bridge, None, language, answers),
        assess(bridge, None, language, dict.fromkeys(answers, "yes")),
        open_check(bridge, "nobody/sft", language),
        ask(bridge, type="dance"),
        open_check(bridge, language=language),
    ]
    bridge.feed(JsBuffer((SAMPLES / "bad.jsonl").read_bytes()))
    replies += [ask(bridge, type="check-progress"), ask(bridge, type="check-close")]
    (entry,) = json.loads(replies[-1]["document"])["reports"]
    open_check(bridge, language=language)
    replies.append(ask(bridge, type="check-abort"))
    protocol = PROTOCOL.with_name("protocol.js").as_posix()
    written = f'import type {{ BridgeReply, ReportEntry }} from "{protocol}";'
    for number, reply in enumerate(replies):
        written += f"\nexport const reply{number}: BridgeReply = {json.dumps(reply)};"
    written += f"\nexport const entry: ReportEntry = {json.dumps(entry)};"
    assert type_errors(written, tmp_path) == ""
    # And it would say so.
    assert "newcomer" in type_errors(written.replace('"sha256"', '"newcomer"', 1), tmp_path)


def item_ids(plain: Any) -> Iterator[str]:
    """Yield the ids of all items of a guide's plain form."""
    for checklist in plain["checklists"]:
        for item in checklist["items"]:
            yield item["id"]


STRICT = (
    *("--noEmit", "--strict", "--skipLibCheck", "--exactOptionalPropertyTypes"),
    *("--lib", "ES2024,DOM", "--types", ""),
)


def type_errors(source: str, folder: Path) -> str:
    """Return what the TypeScript compiler says of object literals: missing, unknown, wrong fields."""
    file = folder / "replies.ts"
    file.write_text(source, encoding="utf-8")
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["node", TOP / "node_modules/typescript/bin/tsc", *STRICT, file],
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,  # away from our tsconfig.json
        env={**os.environ, "PATH": path},
    )
    return done.stdout + done.stderr
