"""The fast way and the thorough way say the same about every line."""

from __future__ import annotations

import json
import os
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from layout_records import records

from tuneready.dataset.checker import Checker
from tuneready.dataset.fast import chats, fast_way
from tuneready.dataset.report import document
from tuneready.dataset.statistics import Statistics
from tuneready.rules import RULES
from tuneready.targets import find_target, targets

PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC"
)
USER = {"role": "user", "content": "What time is it: now?"}
ANSWER = {"role": "assistant", "content": "Noon — 12:00."}
TOOL = {
    "type": "function",
    "function": {
        "name": "clock",
        "description": "Tells: the time",
        "parameters": {"type": "object", "properties": {"zone": {"type": "string"}}},
    },
}
CALL = {
    "id": "call:1",
    "type": "function",
    "function": {"name": "clock", "arguments": '{"zone": "Europe/Amsterdam"}'},
}
SECOND_CALL = {**CALL, "id": "call:2"}
RESULT = {"role": "tool", "tool_call_id": "call:1", "content": "12:00"}
SECOND_RESULT = {**RESULT, "tool_call_id": "call:2"}
IMAGE = {"type": "image_url", "image_url": {"url": "https://example.org/a.png", "detail": "low"}}
DATA_IMAGE = {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{PIXEL}"}}
TEXT = {"type": "text", "text": "What: is this?"}
CHATS: list[dict[str, Any]] = [
    {"messages": [USER, ANSWER]},
    {"messages": [{"role": "system", "content": "Be brief."}, USER, ANSWER, USER, ANSWER]},
    {"messages": [USER, {**ANSWER, "weight": 0}, USER, {**ANSWER, "weight": 1}]},
    {"messages": [{**USER, "name": "an:na"}, ANSWER]},
    {"messages": [USER, {"role": "assistant", "tool_calls": [CALL]}], "tools": [TOOL]},
    {
        "messages": [USER, {"role": "assistant", "tool_calls": [CALL]}, RESULT, ANSWER],
        "tools": [TOOL],
        "parallel_tool_calls": False,
    },
    {
        "messages": [
            USER,
            {"role": "assistant", "content": "", "tool_calls": [CALL, SECOND_CALL]},
            SECOND_RESULT,
            RESULT,
            ANSWER,
        ],
        "tools": [TOOL],
    },
    {"messages": [USER, ANSWER], "tools": []},
    {"messages": [{"role": "user", "content": [TEXT, IMAGE, DATA_IMAGE]}, ANSWER]},
    {"messages": [{"role": "user", "content": [TEXT]}, {"role": "assistant", "content": [TEXT]}]},
]
PAIRS: list[dict[str, Any]] = [
    {"prompt": "Time: now ->", "completion": " noon"},
    {"prompt": "é", "completion": " ü:"},
]
KINDS = {"azure-openai/sft": CHATS, "openai/sft": CHATS, "azure-openai/completion": PAIRS}
EXAMPLES = {name: [*KINDS.get(name, ()), *records(target)] for name, target in targets().items()}
# How many times to try; a longer run is worth it after a change of the fast way.
TRIES = int(os.environ.get("TUNEREADY_TRIES", "300"))

SCRAPS = [
    *(
        '"',
        ":",
        ",",
        "{",
        "}",
        "[",
        "]",
        " ",
        "\t",
        "\r",
        "\\",
        "1",
        "-",
        ".",
        "e9",
        "null",
        "true",
    ),
    *('"role":"user",', '"content":"x",', '"role" :"user", ', '"messages":[],', '"weight":2,'),
    *('"weight":1,', '"weight":1.0,', '"weight":true,', '"name":"a",', '"id":7,', '"tools":[],'),
    *('"tools":null,', '"r\\u006fle":"user",', '"content":null,', '"content":"null",'),
    *('"content":"\\u003a",', '"content":" ",', '"content":[],', '"content":"",', '"content":{},'),
    *("\\u003a", "\\u003A", "\\u0022", "\\ud800", "\\ud83d\\ude00", "NaN", "1e999", "\ufeff", "é"),
    *('"a":' + "[" * 300 + "]" * 300 + ",", "\x00", "\x7f", "\u2028", '"tool_call_id":"call:1",'),
]
TEXTS = st.sampled_from(
    ["null", "", " ", "x", "é:", "call:2", "clock", "{}", "[1]", "tool", "data:,", "http://x"]
)
VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(-1, 2), st.just(1.0), TEXTS, st.just([]), st.just({})
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner: Any = value.items() if isinstance(value, dict) else enumerate(value)
    found = []
    for key, item in inner:
        found.append((*path, key))
        if isinstance(item, dict | list):
            found += places(item, (*path, key))
    return found


@st.composite
def changed_lines(  # noqa: C901  one branch per kind of change
    draw: Any, examples: list[dict[str, Any]]
) -> bytes:
    """Return a good example, changed as data or as text, or not at all."""
    record = json.loads(json.dumps(draw(st.sampled_from(examples))))
    for _ in range(draw(st.integers(0, 2))):
        found = places(record)
        if not found:
            break
        *path, last = draw(st.sampled_from(found))
        parent = record
        for step in path:
            parent = parent[step]
        match draw(st.sampled_from(["drop", "replace", "swap", "copy"])):
            case "drop":
                del parent[last]
            case "replace":
                parent[last] = draw(VALUES)
            case "swap" if isinstance(parent, dict):
                parent[draw(TEXTS)] = parent.pop(last)
            case "copy" if isinstance(parent, list):
                parent.insert(last, parent[last])
    line = json.dumps(
        record,
        ensure_ascii=draw(st.booleans()),
        separators=draw(st.sampled_from([(",", ":"), (", ", ": "), (" , ", " : ")])),
    ).encode(errors="surrogatepass")
    for _ in range(draw(st.integers(0, 2))):
        at = draw(st.integers(0, len(line)))
        scrap = draw(st.sampled_from(SCRAPS)).encode()
        match draw(st.sampled_from(["insert", "delete", "byte", "after"])):
            case "insert":
                line = line[:at] + scrap + line[at:]
            case "after":  # where a key may stand
                at = line.find(draw(st.sampled_from([b"{", b",", b": "])), at) + 1
                line = line[:at] + scrap + line[at:]
            case "delete":
                line = line[:at] + line[at + draw(st.integers(1, 5)) :]
            case "byte":
                line = (
                    line[:at]
                    + bytes([draw(st.sampled_from([0, 9, 0x80, 0xC3, 0xED, 0xFF]))])
                    + line[at:]
                )
    return line.replace(b"\n", b" ")


def report(lines: list[bytes], target: str, *, thorough: bool) -> dict[str, Any]:
    checker = Checker(find_target(target), file="x", thorough=thorough, max_findings=1000)
    checker.feed(b"\n".join(lines))
    return document([checker.close()], "en")["reports"][0]


def known_lines(target: str) -> list[bytes]:
    return [json.dumps(example).encode() for example in EXAMPLES[target]]


@settings(max_examples=TRIES, deadline=None)
@given(st.data())
def test_both_ways_agree(data: Any) -> None:
    target = data.draw(st.sampled_from(sorted(EXAMPLES)))
    lines = data.draw(st.lists(changed_lines(EXAMPLES[target]), min_size=1, max_size=4))
    # The good lines teach the fast way its shapes; twice, so that what was learned is used.
    every = [*known_lines(target), *lines, *lines]
    assert report(every, target, thorough=False) == report(every, target, thorough=True)


def compare(lines: list[bytes], target: str, group: int) -> None:
    """Check that both ways agree when so many lines are taken together."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(chats, "GROUP", group)
        quick = report(lines, target, thorough=False)
    assert quick == report(lines, target, thorough=True)


@settings(max_examples=300, deadline=None)
@given(st.lists(changed_lines(CHATS[:2]), min_size=1, max_size=4), st.sampled_from([1, 2, 3, 128]))
def test_both_ways_agree_on_plain_chats(lines: list[bytes], group: int) -> None:
    """Groups of nothing but texts have a way of their own."""
    plain = [json.dumps(example).encode() for example in CHATS[:2]]
    compare([*plain, *plain, *lines, *plain, *lines], "azure-openai/sft", group)


@pytest.mark.parametrize("scrap", SCRAPS)
def test_no_change_of_a_good_line_is_passed_over(scrap: str) -> None:
    """Put every scrap at every place of a line."""
    good = json.dumps(CHATS[0])
    lines = [good, *(good[:at] + scrap + good[at:] for at in range(len(good)))]
    raw = [line.encode() for line in lines]
    for group in (1, 128):
        compare(raw, "azure-openai/sft", group)


@pytest.mark.parametrize(
    "content",
    [
        "",
        " ",
        "\u2028",
        "null",
        "nul",
        "x",
        "a:b",
        "\x85",
        "x" * 200_000,
        "x" * 200_001,
        "é" * 200_000,
    ],
)
def test_contents_of_plain_chats(content: str) -> None:
    lines = [
        json.dumps({"messages": [USER, {**ANSWER, "content": text}]}, ensure_ascii=False).encode()
        for text in ("Noon.", content, "Noon.", content)
    ]
    for group in (1, 128):
        compare(lines, "azure-openai/sft", group)


def test_the_first_of_the_longest_examples_is_named() -> None:
    sizes = [3, 9, 5, 9, 12, 12, 2, 12]
    lines = [
        json.dumps({"messages": [USER, {**ANSWER, "content": "x" * size}]}).encode()
        for size in sizes
    ]
    for group in (1, 3, 128):
        compare(lines, "openai/sft", group)


@pytest.mark.parametrize(
    "line",
    [
        # Space before a colon, and colons inside texts, make up for a key that comes twice.
        '{"messages": [{"role" : "user", "role": "assistant", "content": "a: b :"}]}',
        # An escaped colon counts in the decoded text and not in the line.
        (
            '{"messages": [{"content": "a", "content": "abc\\u003adef", "role": "user"}, '
            '{"role": "assistant", "content": "Hello"}]}'
        ),
        (
            '{"messages": [{"content": "a:b", "content": "abc\\u003a\\u003Adef", "role": "user"}, '
            '{"role": "assistant", "content": "Hello"}]}'
        ),
        (
            '{"messages": [], "messages": [{"role": "user", "content": "Why\\u003a?"}, '
            '{"role": "assistant", "content": "Hello"}]}'
        ),
    ],
)
def test_a_key_that_comes_twice_is_noticed(line: str) -> None:
    lines = [*known_lines("azure-openai/sft"), line.encode()]
    found = report(lines, "azure-openai/sft", thorough=False)
    assert "duplicate-key" in [rule["name"] for rule in found["rules"]]


@pytest.mark.parametrize(
    ("change", "name"),
    [
        (('"type": "object"', '"type": "array", "type": "object"'), "duplicate-key"),
        (('"type": "object"', '"maximum": 1e999, "type": "object"'), "number-out-of-range"),
        (('"type": "object"', '"title": "half \\ud800", "type": "object"'), "half-surrogate-pair"),
        (('"type": "object"', '"type": "object", "maximum": NaN'), "nan-or-infinity"),
        (('"type": "object"', '"type": "object", "title": "Zone"'), "tool-schema-not-plain"),
        (('"type": "object"', '"type": "object", "x": "\xff"'), "not-utf8"),
        (('"type": "object"', '"x": ' + "[" * 260 + "]" * 260), "nested-too-deep"),
    ],
)
def test_definitions_of_tools_are_looked_at(change: tuple[str, str], name: str) -> None:
    good = json.dumps(CHATS[4])
    lines = [*known_lines("azure-openai/sft"), good.replace(*change).encode("latin-1")]
    found = report(lines, "azure-openai/sft", thorough=False)
    assert name in [rule["name"] for rule in found["rules"]]


@pytest.mark.parametrize(
    "parameters",
    [
        '{"x": "\\u003a", "type": "array", "type": "object"}',
        '{"\\u003A": {}, "type": "array", "type": "object"}',
    ],
)
def test_an_escaped_colon_in_a_definition_hides_no_key_that_comes_twice(parameters: str) -> None:
    """The texts of the messages have no colon here, which would give it away."""
    good = json.dumps(
        {
            "messages": [
                {"role": "user", "content": "Hi"},
                {"role": "assistant", "content": "Yes"},
            ],
            "tools": [{"type": "function", "function": {"name": "clock", "parameters": {}}}],
        }
    )
    bad = good.replace("{}", parameters)
    lines = [good.encode(), bad.encode(), bad.encode()]
    compare(lines, "azure-openai/sft", 128)
    found = report(lines, "azure-openai/sft", thorough=False)
    assert "duplicate-key" in [rule["name"] for rule in found["rules"]]


def test_plain_chats_are_taken_together(monkeypatch) -> None:
    way = fast_way(find_target("openai/sft"), Statistics(), RULES, None)
    lines = [json.dumps(CHATS[0]).encode()] * 300
    for _ in way.refused(lines[:1], 1):
        way.learn()
    monkeypatch.setattr(way, "_look", None)
    assert [*way.refused(lines, 2)] == []


def test_good_lines_take_the_fast_way() -> None:
    """Every kind of good line is accepted once its shape is known, in either way to write JSON."""
    for target, examples in KINDS.items():
        fast = fast_way(find_target(target), Statistics(), RULES, None)
        for options in ({}, {"separators": (",", ":"), "ensure_ascii": False}):
            lines = [json.dumps(record, **options).encode() for record in examples]
            for _ in fast.refused(lines, 1):
                fast.learn()
            assert [*fast.refused(lines, 1)] == []
            assert [*fast.refused([line + b"\r" for line in lines], 1)] == []


def test_shapes_are_bounded() -> None:
    target = find_target("azure-openai/sft")
    checker = Checker(target, file="x")
    turn = json.dumps([USER, ANSWER])[1:-1]
    lines = [f'{{"messages": [{", ".join([turn] * turns)}]}}' for turns in range(1, 60)]
    checker.feed("\n".join(lines).encode())
    found = checker.close()
    assert not found.counts
    assert found.statistics.messages["user"] == sum(range(1, 60))


@pytest.mark.parametrize("target", targets())
def test_both_ways_agree_on_the_examples_of(target: str) -> None:
    every = known_lines(target)
    for group in (1, 128):
        compare([*every, *every, *reversed(every)], target, group)


@pytest.mark.parametrize("blank", ["", " ", "\u0085"])
def test_which_text_is_blank_counts(blank: str) -> None:
    """A blank input is usual; where it was learned, a blank output is still found."""
    record = {"instruction": "Greet me.", "input": "Now", "output": "Hello"}
    lines = [
        json.dumps({**record, key: blank}, ensure_ascii=False).encode()
        for key in ("input", "input", "output", "instruction", "input", "output")
    ]
    compare(lines, "llama-factory/alpaca", 1)
