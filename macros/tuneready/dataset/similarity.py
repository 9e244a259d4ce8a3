"""Near duplicates: texts that say almost the same, found without comparing all with all.

The method is MinHash in one permutation (Li, Owen and Zhang, 2012) with locality-sensitive hashing:

- A text is lower-cased, and spaces and punctuation are left out. It is then cut into *chunks* where
  its own content says so: at each of a few bytes that are neither common nor rare, about every
  four or five words. (As shingles do, chunks come back the same wherever the same words stand, but
  there are about five times fewer of them: this is what makes the search cheap enough for every check.)
- Each chunk's checksum puts it in one of 64 *bins*, and each bin keeps its smallest. The 64 bytes are the
  text's *sketch*. The share of bins that agree, of those where either has something, estimates the Jaccard
  similarity of the two sets of chunks; its standard error is about 0.1 at 20 chunks (some 100
  words) and 0.06 for long texts, by the binomial formula.
- Sketches that agree in a *band* of eight bins are compared; nothing else is.

A short text has too few chunks to estimate from, and a word more or less is another question there. It
is similar only to a text with the same words: case, spaces and punctuation at the ends of words aside.

What must agree exactly (`apart`) enters the checksums, so that texts for which it differs agree nowhere.
"""

from __future__ import annotations

import re
import sys
from array import array
from collections import Counter
from hashlib import blake2b
from itertools import compress, repeat
from typing import TYPE_CHECKING
from zlib import crc32

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

BINS = 64  # bytes of a sketch
BAND = 8  # bins that must all agree for two sketches to be compared
FEWEST_CHUNKS = 8
# As many in a hundred of all chunks are in both. Chosen on copies of real chats with changed words, with
# 60, 70 and 80 beside it: lower finds more copies, and begins to take texts for copies that share a half.
THRESHOLD = 65

# Sketches of one band that are compared with each other: a bound for a file in which thousands of
# texts share a band without being similar. Each is compared with the first few that differ.
MOST_LEADERS = 8
# Keys looked at in one go when repeated ones are sought; the more, the more memory.
GO = 200_000

# Where texts are cut: at c and m, in English chats every 28 bytes or so (measured); how often in other
# languages was not measured. The others are three of the 64 bytes that end a letter of another script.
_CUTS = b"cmCM\x8c\xa6\xb0"
_LEFT_OUT = b" \t\n\r\x0b\x0c\x1f.,;:!?\"'`()[]{}*_#|"
_FOLD = bytes.maketrans(bytes(range(65, 91)) + _CUTS, bytes(range(97, 123)) + b"\n" * len(_CUTS))
# Beyond ASCII: typographic quotes, dashes and spaces, and the punctuation of Chinese and Japanese.
_PUNCTUATION = re.compile(
    "[\u00a0\u00ab\u00bb\u00bf\u00a1\u2000-\u2060\u3000-\u3003\u3008-\u3011\uff01\uff08\uff09\uff0c\uff0e\uff1a\uff1b\uff1f]"
)
_AT_ENDS = b".,;:!?\"'`()[]{}*_#|"
_BIN_OF = bytes(value % BINS for value in range(256))
NOTHING = bytes(range(BINS))  # an empty bin holds its own number
_NOTHING = int.from_bytes(NOTHING)
_SWAP = sys.byteorder == "big"


def sketch(text: str, apart: int) -> bytes:
    """Return the 64 bytes that stand for a text; `apart` is a number of 32 bits.

    A text without words has the sketch `NOTHING`, which is similar to none.
    """
    if not text.isascii():
        text = _PUNCTUATION.sub(" ", text.lower())
    raw = text.encode("utf-8", "surrogatepass")
    chunks = raw.translate(_FOLD, _LEFT_OUT).split(b"\n")
    if len(chunks) < FEWEST_CHUNKS:
        return _short_sketch(raw, apart)
    # Descending, because of the checksums for one bin `maketrans` keeps the last.
    sums = array("I", sorted(map(crc32, chunks, repeat(apart)), reverse=True))
    if _SWAP:
        sums.byteswap()
    raw = sums.tobytes()
    return bytes.maketrans(raw[3::4].translate(_BIN_OF), raw[::4])[:BINS]


def _short_sketch(text: bytes, apart: int) -> bytes:
    words = [word.strip(_AT_ENDS) for word in text.lower().split()]
    same = b" ".join(filter(None, words))
    if not same:
        return NOTHING
    return blake2b(same + b" %d" % apart, digest_size=BINS).digest()


def similar(one: bytes | bytearray, other: bytes | bytearray) -> bool:
    """Tell whether two sketches are so alike that their texts are near duplicates."""
    first, second = int.from_bytes(one), int.from_bytes(other)
    both_empty = ((first ^ _NOTHING) | (second ^ _NOTHING)).to_bytes(BINS).count(0)
    alike = (first ^ second).to_bytes(BINS).count(0) - both_empty
    return 100 * alike >= THRESHOLD * (BINS - both_empty) and both_empty < BINS


def repeated(keys: Sequence[int]) -> set[int]:
    """Return the keys that come more than once."""
    parts = 1 + len(keys) // GO
    if parts == 1:
        return _repeated(keys)
    found: set[int] = set()
    for part in range(parts):
        found |= _repeated([key for key in keys if key % parts == part])
    return found


def _repeated(keys: Sequence[int]) -> set[int]:
    return {key for key, count in Counter(keys).items() if count > 1}


def no_step() -> None:
    """Do nothing: nobody wants to know how far a comparison is."""


def near(
    sketches: bytes | bytearray,
    skip: Iterable[int],
    before: int | None = None,
    step: Callable[[], object] = no_step,
) -> dict[int, int]:
    """Return, for each sketch similar to an earlier one, the first such: place -> earlier place.

    Places in `skip` are left out. With `before`, those from it on are only compared with those
    before it, and only they are in the result. `step` is called some twenty times meanwhile.
    """
    left_out = frozenset(skip)
    first: dict[int, int] = {}
    for rows in _buckets(sketches, step):
        leaders: list[int] = []
        for row in rows:
            if row in left_out:
                continue
            known = first.get(row, row)
            for leader in leaders:  # in the order of the file
                if leader >= known:
                    break
                if _similar_at(sketches, leader, row):
                    first[row] = known = leader
                    break
            if known == row and len(leaders) < MOST_LEADERS and (before is None or row < before):
                leaders.append(row)
    if before is None:
        return first
    return {row: leader for row, leader in first.items() if row >= before}


def _similar_at(sketches: bytes | bytearray, one: int, other: int) -> bool:
    return similar(
        sketches[one * BINS : (one + 1) * BINS], sketches[other * BINS : (other + 1) * BINS]
    )


def _buckets(sketches: bytes | bytearray, step: Callable[[], object]) -> Iterator[list[int]]:
    """Yield the places of the sketches that agree in a band, in order, for each band.

    Bands are eight bins that stand together, and eight that stand eight apart.
    """
    for number in range(BINS // BAND):
        for band in (slice(number * BAND, (number + 1) * BAND), slice(number, None, BAND)):
            step()
            keys = _keys(sketches, band)
            empty = int.from_bytes(NOTHING[band], sys.byteorder)
            # One bin that agrees says nothing; it would make buckets of half the file.
            shared = {
                key
                for key in repeated(keys)
                if (key ^ empty).to_bytes(BAND, sys.byteorder).count(0) < BAND - 1
            }
            buckets: dict[int, list[int]] = {}
            for row in compress(range(len(keys)), map(shared.__contains__, keys)):
                buckets.setdefault(keys[row], []).append(row)
            yield from buckets.values()


def _keys(sketches: bytes | bytearray, band: slice) -> array[int]:
    """Return the bytes of a band of each sketch as one number each."""
    if band.step:
        return array("Q", bytes(sketches[band]))
    with memoryview(sketches) as raw:
        return array("Q", raw.cast("Q")[band.start // BAND :: BINS // BAND].tobytes())
