"""Answers in the fragment of a link, which no browser sends anywhere.

A fragment is `1` and Base64 (for addresses, without padding) of:

    6 bytes   the start of the SHA-256 of the rest
    number    length of the rest
    4 bytes   version of the guide; zeros: unknown
    number    how many items follow
    bits      the items, as the first 32 bits of the SHA-256 of their ids: sorted, the gaps between
              them Rice-coded; one bit string, filled up to whole bytes
    2 bits    of each item: open, yes, no, not applicable; filled up to whole bytes
    deflate   JSON: [name, scope] or [name, scope, {place: [note, evidence, owner, reason, report]}]

Numbers are as in LEB128. Items are named by hashes so that a link means the same whatever the
guide's order is; what a guide does not have is counted. Sorting makes equal answers equal links.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import zlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from tuneready.checklist.answers import Answers, Entry, Evidence
from tuneready.locale import N_
from tuneready.strictjson import JsonError, parse, plain_of, read

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from tuneready.checklist.model import Answer, Guide

VERSION = "1"
PREFIX = "#answers="
MOST_CHARACTERS = 2000
"""Of a whole link: what mail programs, chats and address bars take without cutting it."""
MOST_READ = 100_000
"""Characters of a fragment that are looked at."""
MOST_UNPACKED = 1_000_000

_CHECK = 6
_HASH_BITS = 32
_ANSWERS: tuple[Answer | None, ...] = (None, "yes", "no", "not_applicable")
_ALPHABET = re.compile(r"[A-Za-z0-9_-]*")
# Deflate knows these words from the start.
_WORDS = b'{"checked":"2026-11-"file":".jsonl","target":"openai/sft","sha256":"https://","method":"sft","hosting":"hosted","own","vendor":"personal-data":"no","yes"'


class LinkError(JsonError):
    """A fragment that holds no answers; the sentence says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Opened:
    """What a link held."""

    answers: Answers
    unknown: int
    """Answers to items that the guide does not have; the link does not say which."""
    same_guide: bool
    """Whether it was made with the same version of the checklists."""


@dataclass(frozen=True, slots=True)
class Shared:
    """A fragment, and what did not fit into it."""

    fragment: str
    """Without `#answers=`."""
    holds: str
    """`all`, `no-reports` (all but checks of datasets), or `answers` only."""


def share(answers: Answers, *, notes: bool, room: int) -> Shared:
    """Return the fragment of a link.

    Args:
        answers: What to share: its name, scope and answers.
        notes: Whether notes, reasons, owners, evidence and checks of datasets go along, if they fit.
        room: Characters that the fragment may have.

    Raises:
        LinkError: When not even the answers fit.

    """
    attempts = [("answers", _without_words(answers))]
    if notes:
        attempts = [("all", answers), ("no-reports", _without_reports(answers)), *attempts]
    for holds, tried in attempts:
        fragment = encode(tried)
        if len(fragment) <= room:
            return Shared(fragment, holds)
    raise LinkError(
        N_(
            "These are too many answers for a link: it would have {count} characters more than the {most} that every program takes. Send the file instead."
        ),
        count=len(fragment) - room,
        most=MOST_CHARACTERS,
    )


def _without_reports(answers: Answers) -> Answers:
    items = {item: replace(entry, report=None) for item, entry in answers.items.items()}
    return replace(answers, items=items)


def _without_words(answers: Answers) -> Answers:
    items = {item: Entry(answer=entry.answer) for item, entry in answers.items.items()}
    return replace(answers, items=items)


def encode(answers: Answers) -> str:
    """Return the fragment that holds the name, the scope and all that entries say.

    Raises:
        LinkError: When two items have the same hash.

    """
    going = {item: entry for item, entry in answers.items.items() if entry.is_said}
    said = {_hash(item): entry for item, entry in going.items()}
    if len(said) < len(going):  # one chance in half a million for the ten checklists
        raise LinkError(N_("Two of the questions look the same to a link. Send the file instead."))
    hashes = sorted(said)
    entries = [said[number] for number in hashes]
    beside: list[Any] = [answers.name, dict(sorted(answers.scope.items()))]
    words = {str(place): found for place, entry in enumerate(entries) if (found := _words(entry))}
    if words:
        beside.append(words)
    text = json.dumps(beside, ensure_ascii=False, separators=(",", ":")).encode()
    packer = zlib.compressobj(9, zlib.DEFLATED, -15, 9, zlib.Z_DEFAULT_STRATEGY, _WORDS)
    rest = (
        bytes.fromhex(answers.guide or "00000000")
        + _number(len(hashes))
        + _packed(_rice(hashes))
        + _packed(f"{_ANSWERS.index(entry.answer):02b}" for entry in entries)
        + packer.compress(text)
        + packer.flush()
    )
    data = _number(len(rest)) + rest
    return VERSION + base64.urlsafe_b64encode(_checksum(data) + data).decode().rstrip("=")


def _words(entry: Entry) -> list[Any]:
    report = plain_of(entry.report) if entry.report else None
    found = [entry.note, entry.evidence, entry.owner, entry.reason, report]
    while found and found[-1] is None:
        found.pop()
    return found


def _hash(item: str) -> int:
    return int.from_bytes(hashlib.sha256(item.encode()).digest()[:4])


def _checksum(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()[:_CHECK]


def _number(value: int) -> bytes:
    found = bytearray()
    while value > 0x7F:
        found.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*found, value])


def _remainder_bits(count: int) -> int:
    """Return how many bits of a gap are written plainly: about those of the average gap."""
    return max(0, _HASH_BITS - max(1, count).bit_length())


def _rice(hashes: Sequence[int]) -> Iterator[str]:
    bits = _remainder_bits(len(hashes))
    before = -1
    for number in hashes:
        gap = number - before - 1
        yield "1" * (gap >> bits) + "0" + (f"{gap & (1 << bits) - 1:0{bits}b}" if bits else "")
        before = number


def _packed(parts: Iterable[str]) -> bytes:
    bits = "".join(parts)
    size = (len(bits) + 7) // 8
    return int(bits.ljust(size * 8, "0") or "0", 2).to_bytes(size)


# ---------------------------------------------------------------------------------------------


def fragment_of(text: str) -> str:
    """Return the fragment in what a person pastes: a whole link, its end, or the fragment alone."""
    found = text.strip()
    for mark in (PREFIX, PREFIX.replace("=", "%3D"), PREFIX[1:]):
        before, _, after = found.partition(mark)
        if after or before != found:
            found = after
            break
    # What a chat or a sentence puts behind a link.
    return found.rstrip(".,;:!?)>]}\"'”’»")


def decode(fragment: str, guide: Guide) -> Opened:
    """Return what a fragment holds, with the ids of a guide's items.

    Raises:
        LinkError: When it is no fragment of ours, is damaged, or is of a newer version.

    """
    data = _Bytes(_checked(fragment))
    version = data.take(4).hex()
    count = data.number()
    hashes = _unrice(data, count)
    states = data.bits(2 * count)
    answers = [_ANSWERS[int(states[2 * place : 2 * place + 2], 2)] for place in range(count)]
    name, scope, words = _beside(data.rest(), count)
    same = version == guide.version
    known = _known(guide)
    items: dict[str, Entry] = {}
    for place, (number, answer) in enumerate(zip(hashes, answers, strict=True)):
        item = known.get(number)
        if item is not None:
            wording = guide.wordings.get(item) if same else None
            items[item] = replace(words.get(place, Entry()), answer=answer, wording=wording)
    found = Answers(
        name=name,
        guide=None if version == "00000000" else version,
        scope=scope,
        items={item: items[item] for item in _ids(guide) if item in items},
        seen=_seen(items, guide) if same else {},
    )
    return Opened(found, count - len(items), same)


def _known(guide: Guide) -> dict[int, str]:
    """Return hash -> item; what two items share names neither."""
    named: dict[int, list[str]] = {}
    for item in _ids(guide):
        named.setdefault(_hash(item), []).append(item)
    return {number: items[0] for number, items in named.items() if len(items) == 1}


def _ids(guide: Guide) -> list[str]:
    return [item.id for _, item in guide.items()]


def _seen(items: Mapping[str, Entry], guide: Guide) -> dict[str, tuple[str, ...]]:
    return {
        checklist.id: tuple(item.id for item in checklist.items)
        for checklist in guide.checklists
        if any(item.id in items for item in checklist.items)
    }


def _checked(fragment: str) -> bytes:
    """Return the bytes behind the checksum, which is right."""
    if not fragment:
        raise LinkError(
            N_("The link holds no answers: nothing follows “#answers=”. Copy all of it.")
        )
    if len(fragment) > MOST_READ:
        raise LinkError(
            N_("The link is not one of ours: {count} characters are more than any of them has."),
            count=f"{len(fragment):,}",
        )
    if not _ALPHABET.fullmatch(fragment):
        raise LinkError(
            N_("The link is not one of ours: it holds signs that none of them has. Copy it again.")
        )
    if fragment[0] != VERSION:
        if fragment[0].isdigit() and fragment[0] > VERSION:
            raise LinkError(
                N_(
                    "The link was made by a newer version of Tuneready. Load this page again; if that does not help, ask for the file."
                )
            )
        raise LinkError(N_("The link is not one of ours: it does not begin as they do."))
    text = fragment[1:]
    # One sign alone cannot be a byte: there was more.
    given = text[:-1] if len(text) % 4 == 1 else text
    data = base64.urlsafe_b64decode(given + "=" * (-len(given) % 4))
    numbers = _Bytes(data[_CHECK:])
    try:
        length = numbers.number()
    except LinkError:
        length = MOST_READ
    rest = numbers.rest()
    if length > len(rest) and length <= MOST_READ:
        raise LinkError(
            N_("The link is incomplete: its end is missing. Copy all of it, or ask for the file.")
        )
    whole = base64.urlsafe_b64encode(data).decode().rstrip("=") == text
    if not whole or data[:_CHECK] != _checksum(data[_CHECK:]):
        raise LinkError(
            N_(
                "The link is damaged: its signs do not add up to what was sent. Copy it again, or ask for the file."
            )
        )
    return rest


def _broken() -> LinkError:
    """Return what to say of a fragment that someone made by hand: its checksum is right."""
    return LinkError(N_("The link holds something other than answers. Ask for a new one."))


class _Bytes:
    """Bytes that are read from the front."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def take(self, count: int) -> bytes:
        found = self._data[self._at : self._at + count]
        if len(found) < count:
            raise _broken()
        self._at += count
        return found

    def rest(self) -> bytes:
        return self._data[self._at :]

    def number(self) -> int:
        value = 0
        for shift in range(0, 35, 7):
            (byte,) = self.take(1)
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                return value
        raise _broken()

    def bits(self, count: int) -> str:
        data = self.take((count + 7) // 8)
        return f"{int.from_bytes(data):0{len(data) * 8}b}" if data else ""


def _unrice(data: _Bytes, count: int) -> list[int]:
    """Read hashes; they are sorted and each is there once."""
    rest = data.rest()
    if count > len(rest) * 8:
        raise _broken()
    text = f"{int.from_bytes(rest):0{len(rest) * 8}b}" if rest else ""
    bits = _remainder_bits(count)
    hashes: list[int] = []
    at, before = 0, -1
    for _ in range(count):
        end = text.find("0", at)
        if end < 0 or end + 1 + bits > len(text):
            raise _broken()
        plain = text[end + 1 : end + 1 + bits]
        before += 1 + ((end - at) << bits) + (int(plain, 2) if plain else 0)
        if before >= 1 << _HASH_BITS:
            raise _broken()
        hashes.append(before)
        at = end + 1 + bits
    data.take((at + 7) // 8)
    return hashes


def _beside(packed: bytes, count: int) -> tuple[str, dict[str, str], dict[int, Entry]]:
    """Read what stands beside the answers: name, scope, and words by the item's place."""
    unpacker = zlib.decompressobj(-15, zdict=_WORDS)
    try:
        text = unpacker.decompress(packed, MOST_UNPACKED)
        if not unpacker.eof or unpacker.unused_data:
            raise _broken()
        value = parse(text.decode(), MOST_UNPACKED, 5)
    except (zlib.error, UnicodeDecodeError):
        raise _broken() from None
    match value:
        case [name, scope]:
            words: Any = {}
        case [name, scope, dict(words)]:
            pass
        case _:
            raise _broken()
    head = read(Answers, {"name": name, "scope": scope, "schema": "tuneready.answers/2"})
    entries: dict[int, Entry] = {}
    for place, found in words.items():
        if not (place.isascii() and place.isdigit() and len(place) < 7 and int(place) < count):
            raise _broken()
        entries[int(place)] = _entry(found)
    return head.name, dict(head.scope), entries


def _entry(found: Any) -> Entry:
    if not isinstance(found, list) or len(found) > 5:
        raise _broken()
    note, evidence, owner, reason, report = found + [None] * (5 - len(found))
    plain = {"note": note, "evidence": evidence, "owner": owner, "reason": reason}
    entry: Entry = read(Entry, plain)
    return replace(entry, report=None if report is None else read(Evidence, report))
