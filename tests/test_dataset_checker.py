"""The checker as a whole: pieces, faults at known places, hostile bytes, limits."""

from __future__ import annotations

import dataclasses
import hashlib
import itertools
import json
from typing import TYPE_CHECKING, Any

import pytest
from dataset_cases import CASES, check
from hypothesis import given, settings
from hypothesis import strategies as st

from tuneready.dataset import checker as checker_module
from tuneready.dataset.checker import Checker
from tuneready.dataset.lines import LineBuffer
from tuneready.dataset.report import document, dumps
from tuneready.targets import find_target, targets

if TYPE_CHECKING:
    from tuneready.dataset.report import Report

SFT = find_target("azure-openai/sft")
GOOD = (
    b'{"messages": [{"role": "system", "content": "Be br\xc3\xa9f."}, {"role": "user", "content": "Hi"},'
    b' {"role": "assistant", "content": "Hello \xf0\x9f\x98\x80"}]}'
)
# Lines with and without findings, of which files are made.
LINES = [
    GOOD,
    GOOD + b"\r",
    GOOD.replace(b"Hi", b"Where do you live now?"),
    GOOD.replace(b'"user"', b'"usr"'),
    GOOD.replace(b'"Hi"', b"NaN"),
    GOOD.replace(b"Hello", b"Hell\xf3"),
    GOOD.replace(b"Hello", b"\\ud83d"),
    GOOD.replace(b"{", b'{"id": 1, ', 1),
    GOOD[:50],
    b"",
    b"  ",
    b"[1, 2]",
    b'{"input": {}, "preferred_output": []}',
]
FILES = st.lists(st.sampled_from(LINES), max_size=30).flatmap(
    lambda lines: st.sampled_from([b"\n".join(lines), b"\n".join(lines) + b"\n"])
)


def run(data: bytes, cuts: list[int], **options: Any) -> Report:
    checker = Checker(SFT, file="x", **options)
    edges = [0, *sorted(min(cut, len(data)) for cut in cuts), len(data)]
    for start, end in itertools.pairwise(edges):
        checker.feed(data[start:end])
    return checker.close()


def text(report: Report) -> str:
    return dumps(document([report], "en"))


@given(FILES, st.lists(st.integers(0, 4000), max_size=6))
def test_where_the_bytes_are_cut_does_not_matter(data: bytes, cuts: list[int]) -> None:
    assert text(run(data, cuts)) == text(run(data, []))


def test_one_byte_at_a_time() -> None:
    data = b"\xef\xbb\xbf" + b"\n".join(LINES)
    assert text(run(data, list(range(len(data))))) == text(run(data, []))


def test_the_start_of_a_file_has_one_size() -> None:
    """What kind of file it is must not depend on how much of it the first piece holds."""
    record = b'{"messages": []}\r'
    for data in (
        record * 300 + b"\n",  # no line feed, but behind what is looked at
        b" " * 5000 + b"[\n{}\n]\n",
        b"\x00" * 10 + b"x" * 4086 + b"\x00x" * 4000,
        GOOD * 40 + b"\n",
        "é".encode() * 5000,
    ):
        assert text(run(data, [1])) == text(run(data, [4096])) == text(run(data, [])), data[:20]


@given(FILES, st.lists(st.integers(0, 30), max_size=3), st.integers(1, 5))
def test_reports_of_pieces_merge(data: bytes, cuts: list[int], most: int) -> None:
    """Cut at line ends; later pieces do not know where they begin."""
    lines = data.splitlines(keepends=True)
    edges = [0, *sorted(min(cut, len(lines)) for cut in cuts), len(lines)]
    pieces = [b"".join(lines[start:end]) for start, end in itertools.pairwise(edges)]
    # The start of a file is looked at in one piece.
    if len(pieces[0]) < 4096 and len(data) > len(pieces[0]):
        pieces = [b"".join(pieces)]
    reports = [
        run(piece, [], first=index == 0, digest=False, max_findings=most)
        for index, piece in enumerate(pieces)
    ]
    merged = reports[0]
    for report in reports[1:]:
        merged.merge(report)
    merged.sha256 = hashlib.sha256(data).hexdigest()
    assert text(merged) == text(run(data, [], max_findings=most))


@given(st.lists(st.sampled_from(LINES), min_size=30, max_size=60), st.integers(28, 60))
def test_reports_of_long_pieces_merge(lines: list[bytes], cut: int) -> None:
    lines = [GOOD] * 28 + lines  # more than the start that is looked at
    first = b"".join(line + b"\n" for line in lines[:cut])
    rest = b"\n".join(lines[cut:])
    merged = run(first, [], digest=False)
    merged.merge(run(rest, [], first=False, digest=False))
    merged.sha256 = hashlib.sha256(first + rest).hexdigest()
    assert text(merged) == text(run(first + rest, []))


def test_nothing_is_looked_at_behind_the_start_of_another_kind_of_file() -> None:
    report = run(b"\x1f\x8b\x08" + b"x\n" * 9000, [])
    report.merge(run(b"y\n" * 100, [], first=False))
    entry = document([report], "en")["reports"][0]
    assert [rule["name"] for rule in entry["rules"]] == ["compressed-file"]
    assert entry["bytes"] == 18_203


# A fault, and what is reported: the rule, and where in the inserted bytes the fault is.
FAULTS = [
    (b'"role": "assistant"', b'"role": "assistent"', "unknown-role", 8),
    (b'"Hello', b'NaN, "x": "Hello', "nan-or-infinity", 0),
    (b"Hello", b"Hel\xfflo", "not-utf8", 3),
    (b"Hello", b"Hel\tlo", "control-character-in-text", 3),
    (b"Hello", b"Hel\\qlo", "unknown-escape", 3),
    (b"Hello", b"Hel\\ud800lo", "half-surrogate-pair", 3),
    (b'"}]}', b'",}]}', "trailing-comma", 1),
    (b'"}]}', b'"},]}', "trailing-comma", 2),
    (b'"}]}', b'"}]', "line-ends-early", 3),
    (b'"}]}', b'"}]} {}', "text-after-record", 5),
    (b'"role": "user"', b'"role" "user"', "missing-colon", 7),
    (b'"role": "user", ', b'"role": "user" ', "missing-comma", 15),
    (b'"role": "user"', b'"role": "user", "role": "user"', "duplicate-key", 16),
    (b'"content": "Hi"', b'"content": null', "content-missing", 11),
    (b'"content": "Hi"', b'"content": "null"', "content-null-text", 11),
    (b'"content": "Hi"', b'"content": "Hi", "weight": 1', "weight-outside-assistant", 17),
]


@settings(max_examples=60)
@given(
    st.sampled_from(FAULTS),
    st.integers(0, 40),
    st.text(alphabet="aé€😀", max_size=8),
    st.sampled_from([b"\n", b"\r\n"]),
)
def test_a_fault_is_reported_where_it_is(
    fault: tuple[bytes, bytes, str, int], before: int, word: str, end: bytes
) -> None:
    old, new, name, inside = fault
    good = GOOD.replace(b"Be br", b"Be " + word.encode())
    at = good.index(old)
    bad = good.replace(old, new, 1)
    entry = check((good + end) * before + bad + end + good, max_findings=5, depth="format")
    [finding] = [
        f
        for f in entry["findings"]
        if f["name"] not in {"too-few-examples", "fewer-examples-than-advised"}
    ]
    assert finding["name"] == name
    assert finding["line"] == before + 1
    assert finding["byte"] == before * len(good + end) + at + inside
    in_line = bad[: at + inside].decode()
    assert finding["column"] == len(in_line) + 1


@settings(max_examples=150)
@given(st.binary(max_size=300), st.sampled_from(sorted(targets())), st.booleans())
def test_no_bytes_are_too_strange(data: bytes, target: str, first: Any) -> None:
    entry = check(data, target, first=first)
    assert entry["sha256"] == hashlib.sha256(data).hexdigest()
    json.dumps(entry).encode()


JSON = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-2, 2),
        st.floats(allow_nan=False),
        st.text(max_size=5),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(
                [
                    "messages",
                    "role",
                    "content",
                    "name",
                    "weight",
                    "tools",
                    "tool_calls",
                    "tool_call_id",
                    "id",
                    "type",
                    "function",
                    "arguments",
                    "parameters",
                    "text",
                    "image_url",
                    "url",
                    "detail",
                    "functions",
                    "function_call",
                    "prompt",
                    "completion",
                    "anyOf",
                ]
            ),
            inner,
            max_size=5,
        ),
    ),
    max_leaves=20,
)


@settings(max_examples=150)
@given(st.lists(JSON, min_size=1, max_size=3), st.sampled_from(sorted(targets())))
def test_no_record_is_too_strange(values: list[Any], target: str) -> None:
    entry = check("\n".join(map(json.dumps, values)).encode(), target)
    assert entry["lines"] in (len(values), 0)  # 0: lists look like one JSON array


@settings(max_examples=150)
@given(
    st.lists(
        st.dictionaries(
            st.sampled_from(["role", "content", "name", "weight", "tool_calls", "tool_call_id"]),
            JSON,
        ),
        min_size=1,
    ),
    JSON,
)
def test_no_message_is_too_strange(messages: list[Any], tools: Any) -> None:
    for role in ("user", "assistant", "tool"):
        for message in messages[::2]:
            message["role"] = role
        check(json.dumps({"messages": messages, "tools": tools}).encode(), "openai/sft")


def with_limits(**limits: int) -> Any:
    return dataclasses.replace(SFT, limits=dataclasses.replace(SFT.limits, **limits))


def names(data: bytes, **limits: int) -> list[str]:
    # The lines repeat, which is something to say about them beside their format.
    checker = Checker(with_limits(**limits), file="x", depth="format")
    checker.feed(data)
    return [rule["name"] for rule in document([checker.close()], "en")["reports"][0]["rules"]]


def test_sizes_of_files() -> None:
    data = (GOOD + b"\n") * 60
    assert names(data) == []
    assert names(data, max_file=len(data)) == []
    assert names(data, max_file=len(data) - 1) == ["file-too-large"]
    assert names(data, max_portal_file=len(data) - 1) == ["file-over-portal-limit"]
    assert names(data, max_file=10, max_portal_file=9) == ["file-too-large"]
    assert names(data, max_single_upload=len(data)) == []
    assert names(data, max_single_upload=len(data) - 1) == ["file-over-one-request"]
    assert names(data, max_file=10, max_single_upload=9) == ["file-too-large"]


def test_number_of_image_examples() -> None:
    image = b'{"type": "image_url", "image_url": {"url": "https://example.org/a.png"}}'
    line = GOOD.replace(b'"Hi"', b"[" + image + b", " + image + b"]") + b"\n"
    assert names(line * 60, max_image_examples=60) == []
    assert names(line * 60, max_image_examples=59) == ["too-many-image-examples"]


def test_size_of_an_image() -> None:
    image = (
        b'{"type": "image_url", "image_url": {"url": "data:image/png;base64,' + b"A" * 400 + b'"}}'
    )
    line = GOOD.replace(b'"Hi"', b"[" + image + b"]") + b"\n"
    assert names(line * 60, max_image=300) == []
    assert names(line * 60, max_image=299) == ["image-too-large"]


def test_length_of_a_message() -> None:
    assert names((GOOD + b"\n") * 60, max_message_characters=8) == []
    assert names((GOOD + b"\n") * 60, max_message_characters=7) == ["message-very-long"]


def test_number_of_messages() -> None:
    assert names((GOOD + b"\n") * 60, max_messages=3) == []
    assert names((GOOD + b"\n") * 60, max_messages=2) == ["too-many-messages"]


def test_length_of_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checker_module, "LineBuffer", lambda: LineBuffer(longest=300))
    entry = check((GOOD + b"\n") * 2 + b"{" * 301 + b"\n" + GOOD)
    [finding] = [f for f in entry["findings"] if f["name"] == "line-too-long"]
    assert (finding["line"], finding["byte"]) == (3, 2 * len(GOOD) + 2)
    assert entry["examples"] == 3


def test_counts_are_exact_and_findings_are_the_first() -> None:
    bad = GOOD.replace(b'"user"', b'"usr"')
    entry = check((bad + b"\n") * 100, max_findings=3)
    [rule] = [rule for rule in entry["rules"] if rule["name"] == "unknown-role"]
    assert rule["count"] == entry["counts"]["error"] == 100
    assert [f["line"] for f in entry["findings"] if f["name"] == "unknown-role"] == [1, 2, 3]


def test_progress() -> None:
    checker = Checker(SFT, file="x")
    assert checker.progress == (0, 0, 0, 0)
    checker.feed(b"x" * 5000 + b"\ny")
    assert checker.progress == (5002, 1, 1, 5001)


def test_the_report_of_a_file() -> None:
    """The whole document, as the page and the export have it."""
    data = (GOOD + b"\n") * 2 + GOOD.replace(b'"user"', b'"us\xc2\xaer"')
    checker = Checker(SFT, file="chats.jsonl", model="gpt-4.1")
    checker.feed(data)
    found = dumps(document([checker.close()], "en"))
    file = CASES / "reports" / "one-wrong-role.expected"
    from dataset_cases import expect

    expect(file, found)


def test_the_language_changes_sentences_only() -> None:
    checker = Checker(SFT, file="x")
    checker.feed(b"\n".join(LINES))
    report = checker.close()
    english, dutch = (document([report], language)["reports"][0] for language in ("en", "nl"))
    for entry in (english, dutch):
        entry.pop("status")
        for item in (*entry["rules"], *entry["findings"]):
            for key in ("title", "why", "remedy", "message"):
                item.pop(key, None)
    assert english == dutch


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_a_finding_from_comparing_lines_has_its_byte(end: bytes, mark: bytes) -> None:
    other = GOOD.replace(b"Hi", "Hé, what else?".encode())
    lines = [GOOD, b"", other, GOOD, other]
    data = mark + end.join(lines)
    checker = Checker(SFT, file="x")
    checker.feed(data)
    found = document([checker.close()], "en")["reports"][0]["findings"]
    twice = [item for item in found if item["name"] == "duplicate-example"]
    assert [item["line"] for item in twice] == [4, 5]
    for item in twice:
        assert data[item["byte"] :].startswith(lines[item["line"] - 1])
        assert data[: item["byte"]].count(b"\n") == item["line"] - 1
