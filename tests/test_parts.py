"""Workers of a page that share a file say what one says, byte for byte, wherever it is cut."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tuneready.bridge import Bridge
from tuneready.dataset.parts import (
    LARGEST,
    MOST_HELPERS,
    SMALLEST,
    WORTH_SHARING,
    Parts,
    helpers_for,
    piece_size,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

START = 256 << 10  # bytes after which the format of a file is known


class Sent:
    """Bytes as they come from JavaScript."""

    def __init__(self, data: bytes) -> None:
        self.data = data

    def to_bytes(self) -> bytes:
        return self.data


def ask(bridge: Bridge, **request: Any) -> dict[str, Any]:
    reply: dict[str, Any] = json.loads(bridge.handle(json.dumps({"id": 1, **request})))
    assert reply["type"] != "failed", reply
    return reply


def words(texts: list[str]) -> list[int]:
    return [len(text.split()) for text in texts]


def bridge_that_counts() -> Bridge:
    bridge = Bridge()
    bridge._counters = dict.fromkeys(("o200k_base", "cl100k_base"), words)  # type: ignore[arg-type]
    return bridge


def opened(target: str, model: str | None, depth: str = "full") -> Bridge:
    bridge = bridge_that_counts()
    ask(
        bridge,
        type="check-open",
        file="x.jsonl",
        target=target,
        model=model,
        depth=depth,
        language="en",
    )
    return bridge


def alone(data: bytes, target: str, model: str | None = None, depth: str = "full") -> str:
    bridge = opened(target, model, depth)
    bridge.feed(Sent(data))
    return str(ask(bridge, type="check-close")["document"])


def shared(
    data: bytes,
    cuts: Sequence[int],
    target: str,
    model: str | None = None,
    mine: int = 2,
    depth: str = "full",
) -> str:
    """Check the pieces between the cuts; every so many is the first worker's own, the others come last."""
    bridge = opened(target, model, depth)
    helper = bridge_that_counts()
    pieces = [*pairwise([0, *cuts, len(data)])]
    bridge.feed(Sent(data[: cuts[0]]))
    share = ask(bridge, type="check-share", size=len(data), cores=2, memory=None, workers=2)
    assert share["helpers"] == 1
    found: list[tuple[int, bytes]] = []
    for number, (start, end) in enumerate(pieces[1:], 1):
        how = ask(bridge, type="check-claim", left=len(data) - start, workers=2)["how"]
        if number % mine:
            ask(bridge, type="check-piece", start=None, how=None, again=False)
            bridge.pass_over(Sent(data[start:end]))
            ask(helper, type="piece-open", file="x.jsonl", how=how)
            helper.feed(Sent(data[start : (start + end) // 2]))
            helper.feed(Sent(data[(start + end) // 2 : end]))
            assert ask(helper, type="check-progress")["bytes"] == end - start
            ask(helper, type="piece-close")
            found.append((start, helper.packed_part()))
        else:
            ask(bridge, type="check-piece", start=start, how=how, again=False)
            bridge.feed(Sent(data[start:end]))
    for start, packed in reversed(found):
        bridge.add_part(start, Sent(packed))
    return str(ask(bridge, type="check-close")["document"])


def line_ends(data: bytes, places: Sequence[int]) -> list[int]:
    """Return the first line end behind each place, behind the start of the file."""
    ends = (data.find(b"\n", max(place, START)) + 1 for place in places)
    return sorted({end for end in ends if 0 < end < len(data)})


def chats(count: int) -> list[bytes]:
    """Lines of which some are at fault, in many ways."""
    found = []
    for number in range(count):
        text = f"Question {number}: what is {number} times {number * 7}? é€😀"
        answer = f"That is {number * number * 7}." * (1 + number % 5)
        messages = [{"role": "user", "content": text}, {"role": "assistant", "content": answer}]
        if number % 190 == 4:
            messages[1]["role"] = "asistant"
        record: dict[str, Any] = {"messages": messages}
        if number % 400 == 7:
            record["id"] = number
        line = json.dumps(record, ensure_ascii=number % 2 == 0).encode()
        if number % 197 == 5:
            line = b""
        if number % 350 == 9:
            line = line[:-3]
        if number % 411 == 3:
            line = line.replace(b"Question", b"Questi\xff")
        if number % 777 == 11:
            line = line.replace(b"That", b"That " * 20_000)
        found.append(line)
    for number in range(0, count, 300):
        found[-1 - number] = found[number]  # the same again, far away
    return found


def good(count: int) -> list[bytes]:
    return [
        json.dumps(
            {
                "messages": [
                    {"role": "user", "content": f"{n}?"},
                    {"role": "assistant", "content": f"{n * n}." * 9},
                ]
            }
        ).encode()
        for n in range(count)
    ]


def pairs(count: int) -> list[bytes]:
    return [
        json.dumps({"prompt": f"{n} ->", "completion": f" {n * n}." * (20 + n % 3)}).encode()
        for n in range(count)
    ]


FILES = {
    "chats": b"\n".join(chats(1400)) + b"\n",
    "crlf without an end": b"\r\n".join(chats(1200)),
    "byte-order mark": b"\xef\xbb\xbf" + b"\n".join(chats(1200)),
    "blank lines at every end": b"\n\n \n".join(chats(1200)) + b"\n\n\n",
    "one bad line behind good ones": b"\n".join([*good(3000), b'{"messages": 1}', *good(500)]),
    "pairs": b"\n".join(pairs(2500)),
    "long lines": b"\n".join(
        line * 1 if n % 50 else b'{"messages": "' + b"x" * 300_000 + b'"}'
        for n, line in enumerate(chats(400))
    ),
}


@pytest.mark.parametrize("target", ["openai/sft", "auto"])
@pytest.mark.parametrize("name", FILES)
def test_a_shared_file_has_the_report_of_one_worker(name: str, target: str) -> None:
    data = FILES[name]
    size = len(data)
    for places in ([size // 2], [START, size // 3, size // 3 + 1, size * 2 // 3, size - 9]):
        cuts = line_ends(data, places)
        assert shared(data, cuts, target) == alone(data, target)


@pytest.mark.parametrize("target", ["openai/sft", "auto"])
def test_who_looks_at_the_format_only_has_helpers_that_do(target: str) -> None:
    data = FILES["chats"]
    cuts = line_ends(data, [START, len(data) // 3, len(data) // 2])
    (report,) = json.loads(alone(data, target, depth="format"))["reports"]
    assert report["depth"] == "format"
    assert not {"duplicate-example"} & {rule["name"] for rule in report["rules"]}
    assert report["statistics"]["tokens"] is None
    assert shared(data, cuts, target, depth="format") == alone(data, target, depth="format")


@pytest.mark.parametrize(
    ("target", "model"),
    [("openai/completion", None), ("openai/sft", "gpt-4o-mini-2024-07-18"), ("trl/sft", None)],
)
def test_targets_that_remember_more_are_put_together_as_well(
    target: str, model: str | None
) -> None:
    data = FILES["pairs"]
    cuts = line_ends(data, [START, len(data) // 2, len(data) // 2 + 5000])
    assert shared(data, cuts, target, model) == alone(data, target, model)


@settings(max_examples=6, deadline=None)
@given(st.data())
def test_cuts_anywhere_change_nothing(data: Any) -> None:
    file = FILES[data.draw(st.sampled_from(sorted(FILES)))]
    places = data.draw(st.lists(st.integers(0, len(file)), min_size=1, max_size=12))
    cuts = line_ends(file, places)
    if cuts:
        mine = data.draw(st.integers(2, 4))
        assert shared(file, cuts, "openai/sft", mine=mine) == alone(file, "openai/sft")


@pytest.mark.parametrize(
    "start",
    [
        b"[" + b'{"messages": []},\n' * 20_000,
        b"prompt,completion\n" + b"a,b\n" * 70_000,
        b"PK\x03\x04" + b"\n" * 300_000,
    ],
)
def test_what_is_not_lines_is_not_shared(start: bytes) -> None:
    bridge = opened("llama-factory/alpaca", None)
    bridge.feed(Sent(start[:START]))
    share = ask(bridge, type="check-share", size=1 << 30, cores=8, memory=8, workers=None)
    assert share["helpers"] == 0


def test_a_part_that_is_missing_is_noticed() -> None:
    data = FILES["chats"]
    cuts = line_ends(data, [len(data) // 3, len(data) // 2])
    bridge = opened("openai/sft", None)
    bridge.feed(Sent(data[: cuts[0]]))
    ask(bridge, type="check-share", size=len(data), cores=2, memory=None, workers=2)
    how = ask(bridge, type="check-claim", left=1, workers=2)["how"]
    ask(bridge, type="check-piece", start=cuts[1], how=how, again=False)
    bridge.feed(Sent(data[cuts[1] :]))
    reply = json.loads(bridge.handle('{"id": 1, "type": "check-close"}'))
    assert reply["type"] == "failed"
    assert reply["reason"] == "unexpected"


def test_a_part_is_a_part() -> None:
    with pytest.raises(TypeError, match="list"):
        Parts().add_packed(0, b"\x80\x05].")


def test_small_files_small_machines_and_the_format_alone_have_one_worker() -> None:
    assert helpers_for(WORTH_SHARING - 1, 8, 8, None) == 0
    assert helpers_for(WORTH_SHARING, 1, None, None) == 0
    assert helpers_for(WORTH_SHARING, 2, None, None) == 1
    assert helpers_for(WORTH_SHARING, 8, 2, None) == 1
    assert helpers_for(1 << 29, 64, 8, None) == MOST_HELPERS
    assert helpers_for(1 << 29, 64, 8, 1) == 0
    assert helpers_for(1, 1, None, 2) == 1
    assert helpers_for(1 << 29, 64, 8, None, "format") == 0


def test_pieces_get_smaller_towards_the_end() -> None:
    sizes = [piece_size(left, 2) for left in (1 << 30, 40 << 20, 1)]
    assert sizes == [LARGEST, 5 << 20, SMALLEST]
