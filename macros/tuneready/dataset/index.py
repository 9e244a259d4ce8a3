"""What is compared across the examples of a file: a few numbers for each, in the order of the file.

For each example: its line, keys of what is asked, of what is answered and of the system text, and a
sketch of all that is said (`similarity`): 100 bytes, however long the example. Equal keys mean equal texts;
two different ones get the same key by chance about once in 10^7 files of a million examples. The keys are
digests and the same in every process and on every platform, so that the indexes of pieces of a file are put
together by putting one behind the other. What they show is worked out when it is asked for.
"""

from __future__ import annotations

import json
import re
from array import array
from hashlib import blake2b
from itertools import islice
from operator import lt
from typing import TYPE_CHECKING, Any, NamedTuple
from zlib import crc32

from tuneready.dataset.similarity import BINS, near, no_step, repeated, sketch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from tuneready.dataset.seen import Seen

# What is asked and how examples are laid out repeats; hostile files get no more memory than this.
MOST_SHAPES = 1024
_SYSTEM = ("system", "developer")
_BETWEEN = "\x1f"  # separates texts; where a text holds one, the texts are written as JSON
_OTHER_THAN_DIGITS = bytes(byte for byte in range(256) if byte not in b"0123456789")
# Names of one example or call: two examples that differ in nothing else are the same.
_NAME = re.compile(r"(?i)_?(?:example_|record_|sample_|row_)?(?:id|idx|index|uid|uuid|guid)")


class Pair(NamedTuple):
    """The line of an example, and that of an earlier one that it is compared with."""

    line: int
    earlier: int


class Systems(NamedTuple):
    """How the system texts of a file vary."""

    texts: int  # different ones
    most_common: int  # examples that have the most common one
    examples: int  # that have one
    first_line: int
    other_line: int  # the first whose text is not that of `first_line`


class Lengths(NamedTuple):
    """Of the pairs of a preferred and another answer: which is the longer, in characters."""

    preferred: int
    other: int
    equal: int


class Overlap(NamedTuple):
    """The examples of a validation file, with lines of the training file; see `Pair`."""

    same: list[Pair]  # in both files
    near: list[Pair]  # nearly the same
    prompts: list[Pair]  # the same prompt with another answer


class _Shape(NamedTuple):
    head: bytes  # stands for the roles
    systems: int  # texts at the start that are system texts


class Index:
    """What is known about every example, for looks over several of them."""

    def __init__(self) -> None:
        self._lines = array("Q")
        self._prompts = array("Q")  # keys of what is asked, with all that is not a text
        self._answers = array("Q")
        self._systems = array("Q")  # 0 without a system text
        self._sketches = bytearray()
        self._longer = [0, 0, 0]  # as in Lengths
        self._shapes: dict[tuple[tuple[str, ...], int], _Shape] = {}
        self._system = ("", b"")  # the last system text and its key
        self._known: dict[str, Any] = {}  # what was worked out
        self.on_step: Callable[[], object] = no_step  # called while many examples are compared

    def __len__(self) -> int:
        return len(self._lines)

    def __getstate__(self) -> tuple[Any, ...]:
        return (
            self._lines,
            self._prompts,
            self._answers,
            self._systems,
            self._sketches,
            self._longer,
        )

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        self.__init__()  # type: ignore[misc]
        (
            self._lines,
            self._prompts,
            self._answers,
            self._systems,
            self._sketches,
            self._longer,
        ) = state

    def see(self, examples: Sequence[Seen]) -> None:
        """Take the next examples of the file."""
        lines: list[int] = []
        keys: list[bytes] = []
        sketches: list[bytes] = []
        shapes = self._shapes
        for line, roles, texts, prompt, rest in examples:
            shape = shapes.get((roles, prompt)) or self._shape(roles, prompt)
            other = _canonical(rest) if rest else b""
            system = self._system_key(texts, shape.systems) if shape.systems else b""
            asked_text = _joined(texts[shape.systems : prompt])
            answered_text = _joined(texts[prompt:])
            asked = asked_text.encode("utf-8", "surrogatepass")
            answered = answered_text.encode("utf-8", "surrogatepass")
            lines.append(line)
            # Where nothing is asked, there is no question that another example may share.
            question = asked if asked_text.strip() else b"\0%b\0%b" % (asked, answered)
            keys += (
                _key(b"".join((shape.head, system, other, b"\0", question))),
                _key(answered),
                system or b"\0" * 8,
            )
            # An answer with other numbers is another answer, and so is one about another image.
            apart = crc32((answered or asked).translate(None, _OTHER_THAN_DIGITS), crc32(other))
            sketches.append(sketch(f"{asked_text}\n{answered_text}", apart))
            if len(texts) > prompt + 1:
                self._compare(roles[prompt:], texts[prompt:])
        numbers = array("Q", b"".join(keys))
        self._lines.extend(lines)
        self._prompts.extend(numbers[::3])
        self._answers.extend(numbers[1::3])
        self._systems.extend(numbers[2::3])
        self._sketches += b"".join(sketches)
        self._known.clear()

    def merge(self, other: Index, lines_before: int) -> None:
        """Append the index of the piece that follows, which begins after `lines_before` lines."""
        self._lines.extend([line + lines_before for line in other._lines])
        self._prompts.extend(other._prompts)
        self._answers.extend(other._answers)
        self._systems.extend(other._systems)
        self._sketches += other._sketches
        self._longer = [
            mine + theirs for mine, theirs in zip(self._longer, other._longer, strict=True)
        ]
        self._known.clear()

    def duplicates(self) -> Iterator[Pair]:
        """Yield each example that is the same as an earlier one, with the first such."""
        first = self._result("first", lambda: _first_rows(self._examples()))
        return self._pairs(first)

    def near_duplicates(self) -> Iterator[Pair]:
        """Yield each example that is nearly the same as an earlier one, with the first found."""
        return self._pairs(self._result("near", self._near))

    def contradictions(self) -> Iterator[Pair]:
        """Yield each example that asks the same as an earlier one and is answered otherwise.

        An answer that was given before, or nearly, is not among them: that example is a duplicate.
        """
        return self._pairs(self._result("contradictions", self._contradictions))

    def systems(self) -> Systems:
        """Return how the system texts vary."""
        return self._result("systems", self._count_systems)  # type: ignore[no-any-return]

    def lengths(self) -> Lengths:
        """Return which answer of the pairs is the longer."""
        return Lengths(*self._longer)

    def only_prompt(self) -> bool:
        """Tell whether everything asks the same."""
        return len(self) > 1 and self._prompts.count(self._prompts[0]) == len(self)

    def only_answer(self) -> bool:
        """Tell whether everything is answered the same."""
        return len(self) > 1 and self._answers.count(self._answers[0]) == len(self)

    def overlap(self, training: Index) -> Overlap:
        """Compare with the index of the training file; each example is in one of the three."""
        known = self._known.get("overlap")
        if known is None or known[0] is not training:
            self._known["overlap"] = known = (training, self._overlap(training))
        return known[1]

    def _shape(self, roles: tuple[str, ...], prompt: int) -> _Shape:
        systems = 0
        while systems < prompt and roles[systems] in _SYSTEM:
            systems += 1
        shape = _Shape(json.dumps([roles, prompt]).encode(), systems)
        if len(self._shapes) >= MOST_SHAPES:
            self._shapes.clear()
        self._shapes[roles, prompt] = shape
        return shape

    def _system_key(self, texts: Sequence[str], count: int) -> bytes:
        text = texts[0] if count == 1 else _BETWEEN.join(texts[:count])
        known, key = self._system
        if text != known or not key:
            key = _key(text.encode("utf-8", "surrogatepass"))
            self._system = (text, key)
        return key

    def _compare(self, roles: tuple[str, ...], texts: Sequence[str]) -> None:
        """Compare the first half of the answers, which is preferred, with the second."""
        half = len(texts) // 2
        if len(texts) == 2 or roles[:half] == roles[half:]:
            preferred, other = sum(map(len, texts[:half])), sum(map(len, texts[half:]))
            self._longer[0 if preferred > other else 1 if preferred < other else 2] += 1

    def _examples(self) -> array[int]:
        """Return a key of each whole example."""
        both = int.from_bytes(self._prompts.tobytes()) ^ int.from_bytes(self._answers.tobytes())
        return array("Q", both.to_bytes(8 * len(self)))

    def _result(self, name: str, work: Any) -> Any:
        self._sort()
        if name not in self._known:
            self._known[name] = work()
        return self._known[name]

    def _sort(self) -> None:
        """Put the examples in the order of their lines, should they have come in another."""
        if not any(map(lt, islice(self._lines, 1, None), self._lines)):
            return
        order = sorted(range(len(self)), key=self._lines.__getitem__)
        for name in ("_lines", "_prompts", "_answers", "_systems"):
            column = getattr(self, name)
            setattr(self, name, array("Q", map(column.__getitem__, order)))
        old = self._sketches
        self._sketches = bytearray().join(old[row * BINS : (row + 1) * BINS] for row in order)

    def _pairs(self, first: dict[int, int]) -> Iterator[Pair]:
        for row, earlier in first.items():
            yield Pair(self._lines[row], self._lines[earlier])

    def _near(self) -> dict[int, int]:
        same = self._result("first", lambda: _first_rows(self._examples()))
        return dict(sorted(near(self._sketches, same, step=self.on_step).items()))

    def _contradictions(self) -> dict[int, int]:
        shared = repeated(self._prompts)
        alike = self._result("near", self._near)
        first: dict[int, int] = {}
        answers: dict[int, set[int]] = {}
        found = {}
        for row, key in enumerate(self._prompts if shared else ()):
            if key not in shared:
                continue
            answer = self._answers[row]
            known = answers.setdefault(key, set())
            if known and answer not in known and row not in alike:
                found[row] = first[key]
            known.add(answer)
            first.setdefault(key, row)
        return found

    def _count_systems(self) -> Systems:
        counts: dict[int, int] = {}
        other = None
        start = None
        for row, key in enumerate(self._systems):
            if not key:
                continue
            counts[key] = counts.get(key, 0) + 1
            if start is None:
                start = row
            elif other is None and len(counts) > 1:
                other = row
        if start is None:
            return Systems(0, 0, 0, 0, 0)
        return Systems(
            len(counts),
            max(counts.values()),
            sum(counts.values()),
            self._lines[start],
            self._lines[other] if other is not None else 0,
        )

    def _overlap(self, training: Index) -> Overlap:
        self._sort()
        training._sort()
        before = len(training)
        same = _rows_in(self._examples(), training._examples())
        skip = [before + row for row in same]
        skip += _first_rows(training._examples())
        found = near(training._sketches + self._sketches, skip, before, self.on_step)
        alike = {row - before: there for row, there in sorted(found.items())}
        asked = _rows_in(self._prompts, training._prompts)
        for row in (*same, *alike):
            asked.pop(row, None)
        return Overlap(
            *(
                [Pair(self._lines[row], training._lines[there]) for row, there in rows.items()]
                for rows in (same, alike, asked)
            )
        )


def _key(data: bytes) -> bytes:
    return blake2b(data, digest_size=8).digest()


def _joined(texts: Sequence[str]) -> str:
    """Return one text that stands for several, and for no other ones."""
    if len(texts) == 1 and _BETWEEN not in texts[0]:
        return texts[0]
    text = _BETWEEN.join(texts)
    if text.count(_BETWEEN) >= len(texts) > 0:
        return _BETWEEN * len(texts) + json.dumps(texts)
    return text


def _canonical(rest: str) -> bytes:
    """Return what is not a text, without the names of the example and of its calls."""
    try:
        value = json.loads(rest)
    except (ValueError, RecursionError):  # a number that is too long, say; then all of it counts
        return rest.encode("utf-8", "surrogatepass")
    if isinstance(value, dict):
        value = {key: item for key, item in value.items() if not _is_name(key, item)}
    return json.dumps(_without_call_names(value), separators=(",", ":")).encode()


def _is_name(key: str, value: Any) -> bool:
    return isinstance(value, str | int) and _NAME.fullmatch(key) is not None


def _without_call_names(value: Any) -> Any:
    match value:
        case dict():
            is_call = "function" in value
            return {
                key: _without_call_names(item)
                for key, item in value.items()
                if key != "tool_call_id" and not (is_call and key == "id")
            }
        case list():
            return [_without_call_names(item) for item in value]
        case _:
            return value


def _first_rows(keys: Sequence[int]) -> dict[int, int]:
    """Return, for each key that came before, where it first was: place -> earlier place."""
    shared = repeated(keys)
    first: dict[int, int] = {}
    found = {}
    for row, key in enumerate(keys if shared else ()):
        if key in shared:
            earlier = first.setdefault(key, row)
            if earlier != row:
                found[row] = earlier
    return found


def _rows_in(keys: Sequence[int], theirs: Sequence[int]) -> dict[int, int]:
    """Return, for each key that is among theirs, where it first is there: place -> their place."""
    wanted = frozenset(keys)
    first: dict[int, int] = {}
    for row, key in enumerate(theirs):
        if key in wanted:
            first.setdefault(key, row)
    return {row: first[key] for row, key in enumerate(keys) if key in first}
