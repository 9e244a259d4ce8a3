"""Lines are the same wherever the stream is cut."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from tuneready.dataset.lines import Batch, LineBuffer

BYTES = st.text(alphabet="a\r\n\u2028", max_size=30).map(str.encode)


def lines(
    data: bytes, cuts: list[int], longest: int = 1 << 20
) -> list[tuple[int, int, bytes | int]]:
    """Return number, offset and data, or size when too long, of every line."""
    buffer = LineBuffer(longest)
    batches: list[Batch] = []
    edges = [0, *sorted(cuts), len(data)]
    for start, end in itertools.pairwise(edges):
        batches += buffer.feed(data[start:end])
    batches += buffer.close()
    found: list[tuple[int, int, bytes | int]] = []
    for batch in batches:
        if batch.too_long:
            found.append((batch.number, batch.offset, batch.too_long))
        offset = batch.offset
        for index, line in enumerate(batch.lines):
            found.append((batch.number + index, offset, line))
            offset += len(line) + 1
    assert buffer.lines == len(found)
    assert buffer.bytes == len(data)
    return found


@given(BYTES, st.lists(st.integers(0, 40)))
def test_cuts_do_not_matter(data: bytes, cuts: list[int]) -> None:
    cuts = [min(cut, len(data)) for cut in cuts]
    expected = data.split(b"\n")
    if not expected[-1]:
        expected.pop()
    found = lines(data, cuts)
    assert [line for _, _, line in found] == expected
    assert [number for number, _, _ in found] == [*range(1, len(expected) + 1)]
    for _, offset, line in found:
        assert isinstance(line, bytes)
        assert data[offset : offset + len(line)] == line


@given(st.text(alphabet="a\n", max_size=40).map(str.encode), st.lists(st.integers(0, 40)))
def test_long_lines_are_measured_and_not_kept(data: bytes, cuts: list[int]) -> None:
    cuts = [min(cut, len(data)) for cut in cuts]
    expected = [
        (number, offset, len(line) if isinstance(line, bytes) and len(line) > 3 else line)
        for number, offset, line in lines(data, [])
    ]
    assert lines(data, cuts, longest=3) == expected


def test_memory_is_bounded() -> None:
    buffer = LineBuffer(longest=1000)
    for _ in range(100):
        assert buffer.feed(b"x" * 500) == []
        assert sum(map(len, buffer._pieces)) <= 1000
    assert buffer.feed(b"\nab\n") == [Batch(1, 0, [], 50_000), Batch(2, 50_001, [b"ab"])]
