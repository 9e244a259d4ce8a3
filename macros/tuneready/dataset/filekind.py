"""Looks at the first bytes of a file that is not JSON Lines and says what it really is.

One finding for the whole file, instead of one for each of its lines.
"""

from __future__ import annotations

import re

from tuneready.dataset.decoding import nesting_fault
from tuneready.dataset.jsontext import Fault, scan
from tuneready.dataset.quoting import shown
from tuneready.finding import Phrase
from tuneready.locale import N_

HEAD = 4096  # bytes looked at
BOM = b"\xef\xbb\xbf"

_PACKED = (
    (b"\x1f\x8b", N_("a gzip file")),
    (b"PK\x03\x04", N_("a ZIP archive (or an Excel or Word file, which are ZIP archives)")),
    (b"PK\x05\x06", N_("an empty ZIP archive")),
    (b"BZh", N_("a bzip2 file")),
    (b"\xfd7zXZ\x00", N_("an xz file")),
    (b"(\xb5/\xfd", N_("a Zstandard file")),
    (b"7z\xbc\xaf\x27\x1c", N_("a 7-Zip archive")),
)
_BINARY = (
    (b"PAR1", N_("a Parquet file")),
    (b"ARROW1", N_("an Arrow file")),
    (b"%PDF-", N_("a PDF file")),
    (b"SQLite format 3\x00", N_("an SQLite database")),
    (b"\x89PNG\r\n", N_("a PNG image")),
    (b"\xff\xd8\xff", N_("a JPEG image")),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", N_("an old Excel or Word file")),
)
_UTF = (  # the longer marks first: UTF-32's begins with UTF-16's
    (b"\xff\xfe\x00\x00", "UTF-32"),
    (b"\x00\x00\xfe\xff", "UTF-32"),
    (b"\xff\xfe", "UTF-16"),
    (b"\xfe\xff", "UTF-16"),
)
_HTML = re.compile(
    rb"\s*(?:<!doctype\s+html|<html[\s>]|<\?xml|<head[\s>]|<body[\s>])", re.IGNORECASE
)
_TABLE_WORDS = frozenset(
    [
        "prompt",
        "completion",
        "messages",
        "role",
        "content",
        "question",
        "answer",
        "system",
        "user",
        "assistant",
        "instruction",
        "input",
        "output",
        "response",
        "text",
        "label",
        "id",
    ]
)


def sniff(head: bytes, *, whole: bool) -> Fault | None:
    """Return what the file is, when it is not lines of JSON; `whole` when `head` is all of it."""
    if not head.removeprefix(BOM).strip():
        if not whole:
            return None
        message = (
            N_("The file has no bytes.") if not head else N_("The file holds only blank lines.")
        )
        return Fault("empty-file", 0, message)
    for start, what in _PACKED:
        if head.startswith(start):
            return Fault("compressed-file", 0, N_("This is {what}."), {"what": Phrase(what)})
    for start, what in _BINARY:
        if head.startswith(start):
            return Fault("binary-file", 0, N_("This is {what}."), {"what": Phrase(what)})
    return _sniff_text(head)


def _sniff_text(head: bytes) -> Fault | None:
    encoding = next((name for mark, name in _UTF if head.startswith(mark)), None)
    if encoding is None and b"\x00" in head:
        encoding = _unmarked(head)
        if encoding is None:
            return _zero_byte(head)
    if encoding is not None:
        return Fault("utf-16-or-32", 0, N_("The text is {encoding}."), {"encoding": encoding})
    text_start = head.removeprefix(BOM)
    if _HTML.match(text_start):
        return Fault("web-page", 0, N_("This is a web page or XML, not lines of JSON."))
    if b"\n" not in text_start and re.search(rb"[}\]]\r\s*[{\[]", text_start):
        return Fault(
            "carriage-return-line-ends", 0, N_("The lines end in a carriage return alone.")
        )
    text = text_start.decode(errors="ignore")
    return _table(text) or _layout(text)


def _unmarked(head: bytes) -> str | None:
    """Recognise UTF-16 or UTF-32 without a mark: text of which most second bytes are zero."""
    sample = head[: len(head) // 4 * 4]
    zeros = [sample[i::4].count(0) for i in range(4)]
    quarter = len(sample) // 4
    if quarter < 2:
        return None
    if sum(count > quarter * 0.9 for count in zeros) == 3:
        return "UTF-32"
    even, odd = zeros[0] + zeros[2], zeros[1] + zeros[3]
    if max(even, odd) > quarter * 1.4 and min(even, odd) < quarter * 0.2:
        return "UTF-16"
    return None


def _zero_byte(head: bytes) -> Fault | None:
    """Zero bytes make a file binary, unless they are few and stand in what is clearly JSON."""
    if head.removeprefix(BOM).lstrip()[:1] == b"{" and head.count(0) * 20 < len(head):
        return None  # a line's own fault: it has a place
    return Fault("binary-file", 0, N_("The file holds zero bytes: it is not text."))


def _table(text: str) -> Fault | None:
    first = text.lstrip().split("\n", 1)[0].strip()
    if first[:1] in "{[" or len(first) > 500:
        return None
    for separator, name in ((",", N_("commas")), (";", N_("semicolons")), ("\t", N_("tabs"))):
        words = [word.strip().strip('"').lower() for word in first.split(separator)]
        if len(words) > 1 and sum(word in _TABLE_WORDS for word in words) >= 2:
            return Fault(
                "table-file",
                0,
                N_("This is a table with {separator} between its columns: {header}."),
                {"separator": Phrase(name), "header": shown(first)},
            )
    return None


def _layout(text: str) -> Fault | None:
    """Recognise one JSON array, and records that are spread over several lines."""
    stripped = text.lstrip()
    lines = [line for line in stripped.split("\n") if line.strip()]
    if not lines:  # bytes that are no text at all: a line's own fault
        return None
    first = lines[0].strip()
    if stripped[0] == "[" and _begins_array(first, lines):
        return Fault("json-array-file", 0, N_("The file is one JSON array of records."))
    if first[0] not in "{[" or len(lines) < 2:
        return None
    # The first line must end inside an open object, and the second go on with it.
    if nesting_fault(first) is not None:
        return None
    start = scan(first)
    if not isinstance(start, Fault) or start.rule != "line-ends-early":
        return None
    after = lines[1].lstrip()
    goes_on = after[0] in '"}]' or (after[0] in "{[" and first[-1] in "[,:")
    if goes_on:
        return Fault("json-over-several-lines", 0, N_("The records are spread over several lines."))
    return None


def _begins_array(first: str, lines: list[str]) -> bool:
    inner = first[1:].lstrip()
    if not inner:
        return len(lines) > 1 and lines[1].lstrip()[:1] in ("{", "[", "]", '"')
    if inner[0] != "{":
        return False
    # Lines that are lists, each complete, are records of the wrong type, not one array.
    return not (first[-1] == "]" and len(lines) > 1 and lines[1].lstrip()[:1] == "[")
