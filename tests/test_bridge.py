"""The bridge in plain CPython: every request, every kind of failure, and the written protocol."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from array import array
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
from answers_requests import requests

from tuneready.bridge import Bridge
from tuneready.checklist.answers import answers_of
from tuneready.checklist.load import load_guide
from tuneready.checklist.model import to_plain
from tuneready.dataset.checker import Checker
from tuneready.dataset.lines import LineBuffer
from tuneready.errors import TunereadyError
from tuneready.output.wording import number, say_in
from tuneready.site.checker import SAMPLES as CHECKER_SAMPLES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tuneready.site.checker import Sample

TOP = Path(__file__).parents[1]
STATIC = TOP / "macros/tuneready/site/static"
SAMPLES = STATIC / "samples"
PROTOCOL = STATIC / "js/protocol.d.ts"
REPORT_SCHEMA = TOP / "macros/tuneready/site/schemas/report-1.json"
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


def test_a_look_at_the_format_only_is_no_evidence() -> None:
    bridge = Bridge()
    asked = {"file": "train.jsonl", "target": "openai/sft", "model": None, "language": "en"}
    for depth, kept in (("format", 0), ("full", 1)):
        ask(bridge, type="check-open", depth=depth, **asked)
        bridge.feed(JsBuffer((SAMPLES / "good.jsonl").read_bytes()))
        reply = ask(bridge, type="check-close", day="2026-11-23")
        (entry,) = json.loads(reply["document"])["reports"]
        assert entry["depth"] == depth
        assert len(reply["evidence"]) == kept
        assert ("only the format was looked at" in reply["markdown"]) is (depth == "format")


def test_progress_says_which_part_could_be_checked_alone() -> None:
    lines = (SAMPLES / "good.jsonl").read_bytes() * 20
    for data, is_of_lines in (
        (lines, True),
        (b"\xef\xbb\xbf" + lines, True),
        (gzip.compress(lines), False),
        (b"[" + lines.replace(b"\n", b",\n") + b"null]", False),
    ):
        bridge = Bridge()
        open_check(bridge)
        for end in range(0, len(data), 5000):
            bridge.feed(JsBuffer(data[max(0, end - 5000) : end]))
            whole = ask(bridge, type="check-progress")["whole"]
            # What kind of file it is is known by its first bytes only.
            sniffed = is_of_lines and end > 4096
            assert whole == (data.rfind(b"\n", 0, end) + 1 if sniffed else 0)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("target", ["openai/sft", "auto"])
def test_a_report_on_a_part_does_not_pass_for_one_on_the_file(target: str, language: str) -> None:
    lines = (SAMPLES / "good.jsonl").read_bytes().splitlines(keepends=True)
    data = b"".join(lines[:5])  # too few for a file
    bridge = Bridge()
    asked = {"file": "train.jsonl", "target": target, "model": None, "depth": "full"}
    ask(bridge, type="check-open", part_of=10**9, language=language, **asked)
    bridge.feed(JsBuffer(data))
    reply = ask(bridge, type="check-close", day="2026-11-23")
    assert reply["evidence"] == []
    document = json.loads(reply["document"])
    jsonschema.validate(document, json.loads(REPORT_SCHEMA.read_text()))
    (entry,) = document["reports"]
    assert (entry["valid"], entry["bytes"], entry["part_of"]) == (False, len(data), 10**9)
    assert entry["counts"]["error"] == 0
    assert entry["matrix"] is None
    say = say_in(language)
    for sentence in (
        say("not checked to its end for {target}.").format(target=entry["target"]),
        say("only the beginning of a file of {count} bytes").format(count=number(10**9)),
    ):
        assert sentence in reply["markdown"].replace("\\", "")
    # The next check is one of a whole file.
    open_check(bridge)
    bridge.feed(JsBuffer(data))
    (entry,) = json.loads(ask(bridge, type="check-close")["document"])["reports"]
    assert "part_of" not in entry
    assert entry["counts"]["error"] == 1


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
    assert reply.keys() == {"id", "type", "document", "markdown", "evidence"}
    (entry,) = json.loads(reply["document"])["reports"]
    assert entry["valid"] is (name == "good.jsonl")
    assert entry["bytes"] == len(data)


def report_on(data: bytes, target: str) -> dict[str, Any]:
    bridge = Bridge()
    open_check(bridge, target)
    bridge.feed(JsBuffer(data))
    (entry,) = json.loads(ask(bridge, type="check-close")["document"])["reports"]
    return entry


@pytest.mark.parametrize("target", ["azure-openai/sft", "openai/sft"])
def test_the_good_sample_is_as_it_should_be(target: str) -> None:
    entry = report_on((SAMPLES / "good.jsonl").read_bytes(), target)
    # It is small, which is a note; nothing in it is wrong.
    assert [finding["severity"] for finding in entry["findings"]] == ["note"]


@pytest.mark.parametrize("sample", CHECKER_SAMPLES, ids=lambda sample: sample.format)
def test_samples_are_recognised_and_are_what_their_button_says(sample: Sample) -> None:
    good = report_on((SAMPLES / sample.good).read_bytes(), "auto")
    assert good["recognised"]["format"] == sample.format
    assert good["format"] == sample.format
    assert good["valid"]
    accepted = {row["target"] for row in good["matrix"] if row["accepted"]}
    assert good["target"] in accepted
    bad = report_on((SAMPLES / sample.bad).read_bytes(), "auto")
    assert bad["recognised"]["format"] == sample.format
    # Full of faults: of many kinds, and good for nobody.
    assert len({finding["code"] for finding in bad["findings"]}) >= 5
    assert not any(row["accepted"] for row in bad["matrix"])


def test_a_check_hands_over_what_a_checklist_can_keep_of_it() -> None:
    bridge = Bridge()
    open_check(bridge)
    bridge.feed(JsBuffer((SAMPLES / "bad.jsonl").read_bytes()))
    reply = ask(bridge, type="check-close", day="2026-11-22")
    (entry,) = json.loads(reply["document"])["reports"]
    (evidence,) = reply["evidence"]
    assert evidence == {
        key: entry[key]
        for key in ("file", "sha256", "target", "bytes", "lines", "examples", "valid", "counts")
    } | {"checked": "2026-11-22"}
    # It is evidence as a document of answers takes it.
    items = {"data-format-matches": {"report": evidence}}
    answers_of({"schema": "tuneready.answers/2", "items": items})


def test_a_validation_file_follows_its_training_file() -> None:
    data = (SAMPLES / "good.jsonl").read_bytes()
    bridge = Bridge()
    open_check(bridge)
    bridge.feed(JsBuffer(data))
    assert ask(bridge, type="check-next", file="valid.jsonl") == {"id": 7, "type": "opened"}
    bridge.feed(JsBuffer(data))
    training, validation = json.loads(ask(bridge, type="check-close")["document"])["reports"]
    assert (training["file"], validation["file"]) == ("train.jsonl", "valid.jsonl")
    assert training["sha256"] == validation["sha256"]
    # The next check knows nothing of this one.
    assert len(json.loads(_closed(bridge))["reports"]) == 1


def _closed(bridge: Bridge) -> str:
    open_check(bridge)
    bridge.feed(JsBuffer((SAMPLES / "good.jsonl").read_bytes()))
    document: str = ask(bridge, type="check-close")["document"]
    return document


def test_tokens_are_counted_with_what_the_page_brings() -> None:
    asked = []

    class Counts:
        def to_py(self) -> Any:
            return array("I", [3] * len(asked[-1]))

    def count_utf8(data: bytes, ends: Any) -> Counts:
        asked.append(ends)
        assert ends[-1] == len(data)
        return Counts()

    bridge = Bridge()
    request = {"type": "check-encoding", "target": "openai/sft", "model": None}
    assert ask(bridge, **request) == {"id": 7, "type": "encoding", "encoding": "o200k_base"}
    bridge.count_with("o200k_base", count_utf8)
    tokens = json.loads(_closed(bridge))["reports"][0]["statistics"]["tokens"]
    assert asked
    assert tokens["encoding"] == "o200k_base"
    assert tokens["total"] % 3 == 0


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
    (MemoryError(QUOTE), "memory"),
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


def test_where_memory_ends_is_said_with_the_line_and_its_size(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bridge = Bridge()
    open_check(bridge)
    bridge.feed(JsBuffer(b"{}\n{}\n" + b"x" * (3 << 20)))

    def join(_lines: LineBuffer, _chunk: bytes) -> None:
        raise MemoryError

    monkeypatch.setattr(LineBuffer, "feed", join)
    bridge.feed(JsBuffer(b"x"))
    reply = ask(bridge, type="check-progress")
    assert reply["reason"] == "memory"
    assert reply["at"] == {"line": 3, "byte": 6}
    # The page finds where the line ends, and how many stand before the piece.
    for language, said in (("en", "at line 103, which has 7 MB"), ("nl", "regel 103, die 7 MB")):
        asked = {"line": 103, "size": 7 << 20, "language": language}
        assert said in ask(bridge, type="check-memory", **asked)["message"]
    short = ask(bridge, type="check-memory", line=3, size=100)
    assert "3" not in short["message"]


def test_a_line_that_is_looked_at_when_memory_ends_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def thorough(_checker: Checker, _number: int, _offset: int, _data: bytes) -> bool:
        raise MemoryError

    monkeypatch.setattr(Checker, "_thorough", thorough)
    bridge = Bridge()
    open_check(bridge)
    bridge.feed(JsBuffer(b"{}\n" * 4 + b'"' + b"x" * (2 << 20) + b'"\n{}\n'))
    reply = ask(bridge, type="check-progress")
    assert reply["at"] == {"line": 5, "byte": 12}
    open_check(bridge)
    bridge.feed(JsBuffer(gzip.compress(b"{}\n" * 5000)))
    assert ask(bridge, type="check-progress")["at"] is None


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


ALL_WITHOUT_PACKAGES = """
import json, sys
sys.modules["msgspec"] = sys.modules["yaml"] = None
from tuneready.bridge import Bridge
loaded = set(sys.modules)
bridge = Bridge()
replies = [json.loads(bridge.handle(json.dumps(request))) for request in json.load(sys.stdin)]
print(json.dumps([sorted(loaded), replies]))
"""


def test_answers_need_the_standard_library_only_and_load_nothing_before_they_are_asked_for() -> (
    None
):
    asked = [{"id": number, **request} for number, request in enumerate(requests("en"))]
    done = subprocess.run(
        [sys.executable, "-c", ALL_WITHOUT_PACKAGES],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        check=True,
    )
    loaded, replies = json.loads(done.stdout)
    assert not [name for name in loaded if name.startswith("tuneready.checklist")]
    kinds = [reply["type"] for reply in replies]
    assert kinds.count("failed") == 4
    assert set(kinds) == {"overview", "shared", "incoming", "exported", "compared", "failed"}
    for reply in replies:
        assert reply["type"] != "failed" or (reply["reason"] == "refused" and reply["message"])


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
    replies += [ask(bridge, **request) for request in requests(language)]
    protocol = PROTOCOL.with_name("protocol.js").as_posix()
    written = f'import type {{ BridgeReply, ReportEntry }} from "{protocol}";'
    for place, reply in enumerate(replies):
        written += f"\nexport const reply{place}: BridgeReply = {json.dumps(reply)};"
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


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_packed_file_is_unpacked_as_on_the_command_line(
    language: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tuneready.cli import main

    # Tokens are compared elsewhere: here nobody brings a counter.
    monkeypatch.setattr("tuneready.dataset.tokens.native_counter", lambda _: None)
    data = gzip.compress((SAMPLES / "bad.jsonl").read_bytes(), mtime=0)
    file = tmp_path / "train.jsonl"
    file.write_bytes(data)
    report = tmp_path / "report.json"
    options = ["--target", "openai/sft", "--format", "json", "--output", str(report)]
    assert main(["check", str(file), *options, "--lang", language]) == 1
    bridge = Bridge()
    open_check(bridge, language=language)
    for start in range(0, len(data), 100):
        bridge.feed(JsBuffer(data[start : start + 100]))
    # The page counts the bytes that it hands over.
    assert ask(bridge, type="check-progress")["bytes"] == len(data)
    reply = ask(bridge, type="check-close")
    assert reply["document"].encode() == report.read_bytes()
    codes = [rule["code"] for rule in json.loads(reply["document"])["reports"][0]["rules"]]
    assert "TR002" in codes
    assert len(codes) > 5


def test_a_packed_file_that_breaks_off_is_a_sentence_in_the_reader_s_language() -> None:
    data = gzip.compress((SAMPLES / "good.jsonl").read_bytes())
    bridge = Bridge()
    open_check(bridge, language="nl")
    bridge.feed(JsBuffer(data[: len(data) // 2]))
    reply = ask(bridge, type="check-close")
    assert (reply["type"], reply["reason"]) == ("failed", "refused")
    assert reply["message"].startswith("train.jsonl breekt af")
    # The next file has nothing to do with it.
    open_check(bridge)
    bridge.feed(JsBuffer((SAMPLES / "good.jsonl").read_bytes()))
    assert ask(bridge, type="check-close")["type"] == "report"


def test_a_packed_training_file_and_a_plain_validation_file() -> None:
    good = (SAMPLES / "good.jsonl").read_bytes()
    bridge = Bridge()
    open_check(bridge)
    bridge.feed(JsBuffer(gzip.compress(good)))
    assert ask(bridge, type="check-next", file="valid.jsonl")["type"] == "opened"
    bridge.feed(JsBuffer(good))
    first, second = json.loads(ask(bridge, type="check-close")["document"])["reports"]
    assert first["bytes"] == second["bytes"] == len(good)
    assert "TR002" in {rule["code"] for rule in first["rules"]}
    assert "TR002" not in {rule["code"] for rule in second["rules"]}
