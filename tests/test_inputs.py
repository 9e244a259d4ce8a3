"""JSON arrays, tables and packed files: the records in them, with their exact places."""

from __future__ import annotations

import csv
import gzip
import io
import json
import zlib
from typing import Any

import pytest
from dataset_cases import check
from hypothesis import given, settings
from hypothesis import strategies as st

from tuneready.dataset.arrays import ArrayReader
from tuneready.dataset.recognition import AutoChecker
from tuneready.dataset.report import document
from tuneready.dataset.tables import TableReader
from tuneready.dataset.unpacking import Unpacker
from tuneready.errors import TunereadyError
from tuneready.finding import Location

ROWS = [{"prompt": f"Question {n}?", "completion": f'Answer {n}: é€😀 "{n}".'} for n in range(5)]
LAYOUTS = {
    "compact": json.dumps(ROWS),
    "one per line": "[\n" + ",\n".join(json.dumps(row, ensure_ascii=False) for row in ROWS) + "\n]",
    "pretty": json.dumps(ROWS, indent=2, ensure_ascii=False) + "\n",
    "tabs and crlf": json.dumps(ROWS, indent="\t").replace("\n", "\r\n"),
}
texts = st.text(alphabet='aé😀"\\,[]{}\n\r :', max_size=12)
values = st.recursive(
    st.one_of(texts, st.integers(), st.booleans(), st.none()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)


def records(reader: Any, data: bytes, size: int) -> list[tuple[int, bytes]]:
    """Return where the records begin, and what they are."""
    batches = []
    for start in range(0, len(data), size):
        batches += reader.feed(data[start : start + size])
    batches += reader.close()
    assert all(len(batch.lines) == 1 for batch in batches)
    assert [batch.number for batch in batches] == [*range(1, len(batches) + 1)]
    return [(batch.offset, batch.lines[0]) for batch in batches]


def never(*found: object) -> None:
    raise AssertionError(found)


def findings(data: bytes, target: str = "trl/sft", **options: Any) -> list[tuple[Any, ...]]:
    entry = check(data, target, depth="format", **options)
    return [
        (found["name"], found["line"], found["column"], found["byte"], found["path"])
        for found in entry["findings"]
    ]


@pytest.mark.parametrize("text", LAYOUTS.values(), ids=LAYOUTS)
def test_an_array_is_its_entries(text: str) -> None:
    data = text.encode()
    entry = check(data, "trl/sft", depth="format")
    assert entry["findings"] == []
    assert (entry["examples"], entry["bytes"]) == (5, len(data))
    assert entry["lines"] == len(text.splitlines())


@settings(max_examples=150)
@given(
    st.lists(st.dictionaries(texts, values, max_size=3) | st.lists(values, max_size=2), max_size=5),
    st.sampled_from([None, 1, "\t"]),
    st.integers(1, 40),
)
def test_entries_however_the_bytes_come(entries: list[Any], indent: Any, size: int) -> None:
    data = json.dumps(entries, indent=indent, ensure_ascii=False).encode()
    found = records(ArrayReader(never), data, size)
    assert [json.loads(entry) for _, entry in found] == entries
    for start, entry in found:
        assert data[start : start + len(entry)] == entry


@settings(max_examples=100)
@given(
    st.lists(st.text(alphabet="aé😀", max_size=5), min_size=1, max_size=6),
    st.sampled_from([None, 2]),
    st.data(),
)
def test_a_fault_in_an_array_is_reported_where_it_is(
    words: list[str], indent: Any, data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(words) - 1))
    entries: list[Any] = [
        {"prompt": f"{word} {i}", "completion": "b"} for i, word in enumerate(words)
    ]
    entries[at]["completion"] = 5.25
    text = json.dumps(entries, indent=indent, ensure_ascii=False)
    index = text.index("5.25")
    before = text[:index]
    line = before.count("\n") + 1
    column = index - before.rfind("\n")
    byte = len(before.encode())
    assert findings(text.encode()) == [
        ("value-wrong-type", line, column, byte, f"[{at}].completion")
    ]


BROKEN = [  # what is written instead of what, and what is found there
    ('"prompt": "Question 2?"', '"prompt" "Question 2?"', "missing-colon", '"Question 2?"'),
    ('"Question 2?",', '"Question 2?"', "missing-comma", None),
    ('"Question 2?"', "Question 2?", "unquoted-text", "Question 2?"),
    ('"Question 2?"', "NaN", "nan-or-infinity", "NaN"),
    ('"Question 2?"', '["Question 2?"}', "mismatched-bracket", "},"),
]


@pytest.mark.parametrize("layout", ["one per line", "pretty"])
@pytest.mark.parametrize(("old", "new", "name", "where"), BROKEN, ids=[row[2] for row in BROKEN])
def test_a_broken_entry_leaves_the_others_in_place(
    layout: str, old: str, new: str, name: str, where: str | None
) -> None:
    text = LAYOUTS[layout].replace(old, new)
    text = text.replace("Question 4?", "").replace(
        '"completion": "Answer 3', '"completon": "Answer 3'
    )
    found = findings(text.encode())
    names = [row[0] for row in found]
    assert names.count(name) == 1
    broken = found[names.index(name)]
    assert broken[4].startswith("[2]")
    if where is not None:
        assert text.encode()[broken[3] :].decode().startswith(where)
    # The faults of later entries are found as well.
    assert any(row[4].startswith("[3]") for row in found)
    assert any(row[4].startswith("[4]") for row in found)


@pytest.mark.parametrize(
    ("layout", "name"),
    [("one per line", "unescaped-quote"), ("pretty", "control-character-in-text")],
)
def test_a_quote_that_is_not_closed_in_an_array(layout: str, name: str) -> None:
    text = LAYOUTS[layout].replace('"Question 2?",', '"Question 2?,')
    [found] = findings(text.encode())
    assert (found[0], found[4]) == (name, "[2]")


@pytest.mark.parametrize(
    ("text", "name", "byte"),
    [
        ('[\n{"text": "a"},\n{"text": "b"},\n]', "trailing-comma", 30),
        ('[\n{"text": "a"}\n{"text": "b"}\n]', "missing-comma", 16),
        ('[\n{"text": "a"},\n,{"text": "b"}\n]', "unexpected-character", 17),
        ('[\n{"text": "a"},\n{"text": "b"}\n', "line-ends-early", 31),
        ('[\n{"text": "a"},\n{"text": "b"}\n] x', "text-after-record", 33),
        ('[\n{"text": "a"}},\n{"text": "b"}\n]', "unexpected-character", 15),
        ('[\n{"text": "a"},\n{"text": "b"\n]', "mismatched-bracket", 30),
        ('[\n{"text": "a"},\n{"text": "b', "text-not-closed", 26),
    ],
)
def test_what_is_wrong_between_entries(text: str, name: str, byte: int) -> None:
    found = findings(text.encode())
    assert [(row[0], row[3]) for row in found if row[3]] == [(name, byte)]
    assert check(text.encode(), "trl/sft", depth="format")["examples"] >= 1


def test_lines_named_in_findings_on_the_whole_file_are_those_of_the_file() -> None:
    data = json.dumps([*ROWS, ROWS[1]], indent=1).encode()
    entry = check(data, "trl/sft")
    assert entry["statistics"]["longest_example"]["line"] == 2
    [found] = [f for f in entry["findings"] if f["name"] == "duplicate-example"]
    assert (found["line"], found["path"]) == (22, "[5]")
    assert "line 6 [1]" in found["message"]


@pytest.mark.parametrize("text", [*LAYOUTS.values(), "prompt,completion\na,b\nc,d\n"])
def test_the_format_of_arrays_and_tables_is_recognised(text: str) -> None:
    checker = AutoChecker(file="x.json")
    checker.feed(text.encode())
    entry = document([checker.close()], "en")["reports"][0]
    assert entry["recognised"]["format"] == "prompt-completion"
    accepted = {row["target"] for row in entry["matrix"] if row["accepted"]}
    assert "trl/sft" in accepted
    assert "openai/completion" not in accepted


def test_targets_that_take_lines_only_still_say_so() -> None:
    assert [row[0] for row in findings(LAYOUTS["pretty"].encode(), "openai/sft")][:1] == [
        "json-array-file"
    ]
    table = b"prompt,completion\na,b\n"
    assert findings(table, "openai/completion")[0][0] == "table-file"


def test_an_entry_too_long_to_keep_is_one_finding() -> None:
    found: list[Any] = []
    reader = ArrayReader(lambda *fault: found.append(fault), longest=100)
    data = b'[\n{"text": "a"},\n{"text": "' + b"x" * 500
    batches = []
    for start in range(0, len(data), 50):
        batches += reader.feed(data[start : start + 50])
    assert [(len(batch.lines), batch.too_long > 100) for batch in batches] == [
        (1, False),
        (0, True),
    ]
    assert len(reader._data) < 200


def test_a_table_is_its_rows() -> None:
    data = b'prompt,completion\r\n"Hi, ""you""\nthere",Hello\r\n\r\nBye,\n'
    found = findings(data)
    assert check(data, "trl/sft", depth="format")["examples"] == 2
    assert [row for row in found if row[4] == "completion"] == [
        ("value-wrong-type", 5, 5, data.index(b"Bye,") + 4, "completion")
    ]


def test_cells_are_values_where_the_target_expects_them() -> None:
    data = b"prompt,completion,label\nHi,Hello,True\nBye,12,false\n"
    entry = check(data, "trl/kto", depth="format")
    assert entry["findings"] == []
    assert entry["examples"] == 2


@settings(max_examples=150)
@given(
    st.lists(
        st.tuples(*[st.text(alphabet="aé😀\",;\n'", min_size=1, max_size=8)] * 2),
        min_size=1,
        max_size=6,
    ),
    st.integers(1, 30),
    st.sampled_from(["\n", "\r\n"]),
)
def test_rows_are_those_of_the_csv_module(rows: list[tuple[str, str]], size: int, end: str) -> None:
    stream = io.StringIO(newline="")
    csv.writer(stream, lineterminator=end).writerows([("one", "two"), *rows])
    data = stream.getvalue().encode()
    found = records(TableReader(never, b",", {}), data, size)
    assert [json.loads(record) for _, record in found] == [
        {"one": one, "two": two} for one, two in rows
    ]
    for start, record in found:
        first = next(iter(json.loads(record).values()))
        assert data[start:].decode().lstrip('"').startswith(first[0].lstrip('"'))


def test_cells_have_places() -> None:
    reader = TableReader(never, b",", {})
    data = 'a,b\n"é\n,",x\n€,"y"\n'.encode()
    assert len(reader.feed(data)) == 2
    assert reader.place(Location(1, 9, 9, "b")) == Location(3, 4, 11, "b")
    assert reader.place(Location(2, 9, 9, "b.c[0]")) == Location(4, 3, 17, "b.c[0]")
    assert reader.place(Location(2, 9, 9, None)) == Location(4, 1, 13, None)


def unpacked(data: bytes, size: int, **bounds: int) -> bytes:
    unpacker = Unpacker("x.gz", **bounds)
    pieces = []
    for start in range(0, len(data), size):
        pieces += unpacker.feed(data[start : start + size])
    unpacker.close()
    return b"".join(pieces)


@settings(max_examples=60)
@given(st.lists(st.binary(max_size=3000), min_size=1, max_size=4), st.integers(1, 500))
def test_members_of_a_gzip_file_follow_each_other(members: list[bytes], size: int) -> None:
    data = b"".join(gzip.compress(member) for member in members)
    assert unpacked(data, size) == b"".join(members)
    assert unpacked(data + b"\0" * 600, size) == b"".join(members)


@pytest.mark.parametrize("size", [1, 7, 10_000])
def test_a_damaged_gzip_file_is_one_sentence(size: int) -> None:
    data = gzip.compress(json.dumps(ROWS).encode() * 50)
    for cut in (1, len(data) // 2, len(data) - 1):
        with pytest.raises(TunereadyError, match=r"x\.gz breaks off"):
            unpacked(data[:cut], size)
    flipped = data[:-6] + bytes([data[-6] ^ 255]) + data[-5:]
    with pytest.raises(TunereadyError, match="damaged gzip file"):
        unpacked(flipped, size)
    with pytest.raises(TunereadyError, match="damaged gzip file"):
        unpacked(data + b"more", size)


def test_unpacking_is_bounded() -> None:
    packer = zlib.compressobj(9, wbits=31)
    bomb = b"".join(packer.compress(b"\0" * (1 << 20)) for _ in range(128)) + packer.flush()
    assert len(bomb) < 200_000
    with pytest.raises(TunereadyError, match="more than 250 times its size"):
        unpacked(bomb, 4096)
    with pytest.raises(TunereadyError, match="more than 0 MB"):
        unpacked(bomb, 4096, most=1000)
    pieces = Unpacker("x.gz").feed(bomb)
    assert len(next(pieces)) <= 1 << 20
