"""TR0xx: what the bytes of the file are, before any JSON is read.

Found by `dataset.filekind`, `dataset.lines` and `dataset.decoding`.
"""

from __future__ import annotations

from tuneready.locale import N_
from tuneready.rules.base import reported

_GOOD = (
    '{"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]}\n'
)
_GOOD_BYTES = _GOOD.encode()

EMPTY_FILE = reported(
    "TR001",
    "empty-file",
    title=N_("The file is empty"),
    why=N_("There is nothing to train on."),
    remedy=N_("Check the export that made the file; it may have failed or written elsewhere."),
    bad="\n\n",
    good=_GOOD,
)
COMPRESSED_FILE = reported(
    "TR002",
    "compressed-file",
    title=N_("The file is compressed"),
    why=N_("The service reads plain lines of JSON and does not unpack files."),
    remedy=N_("Unpack the file and upload what is inside; save a spreadsheet as JSON Lines."),
    bad=b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xab\xae\x05\x00",
    good=_GOOD_BYTES,
)
BINARY_FILE = reported(
    "TR003",
    "binary-file",
    title=N_("The file is not text"),
    why=N_("The service reads plain lines of JSON."),
    remedy=N_("Export the data as JSON Lines: one JSON object per line, in UTF-8."),
    bad=b"PAR1\x15\x04\x15\x1c\x15 L\x15\x04\x15\x00",
    good=_GOOD_BYTES,
)
UTF_16_OR_32 = reported(
    "TR004",
    "utf-16-or-32",
    title=N_("The text is in UTF-16 or UTF-32"),
    why=N_("Training files must be UTF-8; in any other encoding not one line can be read."),
    remedy=N_(
        'Save the file as UTF-8. Windows PowerShell writes UTF-16 with ">"; use Out-File -Encoding utf8 there.'
    ),
    bad=_GOOD.encode("utf-16"),
    good=_GOOD_BYTES,
)
WEB_PAGE = reported(
    "TR005",
    "web-page",
    title=N_("The file is a web page"),
    why=N_("A download often saves the page around a file, or a login page, instead of the file."),
    remedy=N_('Download the file itself (on code hosts: "raw" or "download") and check that one.'),
    bad="<!DOCTYPE html>\n<html><body>Sign in</body></html>\n",
    good=_GOOD,
)
TABLE_FILE = reported(
    "TR006",
    "table-file",
    title=N_("The file is a table (CSV or TSV)"),
    why=N_("The service takes JSON Lines only; a table has to be converted first."),
    remedy=N_(
        "Turn every row into one line of JSON, with a program rather than by hand: quotes and line breaks need escapes."
    ),
    bad="prompt,completion\nHi,Hello\n",
    good=_GOOD,
)
JSON_ARRAY_FILE = reported(
    "TR007",
    "json-array-file",
    title=N_("The file is one JSON array"),
    why=N_(
        "JSON Lines has one record per line, without brackets around them and commas between them."
    ),
    remedy=N_(
        "Write each entry of the array on a line of its own, for instance with: jq -c '.[]' data.json > data.jsonl"
    ),
    bad='[\n{"messages": []},\n{"messages": []}\n]\n',
    good=_GOOD,
)
JSON_OVER_SEVERAL_LINES = reported(
    "TR008",
    "json-over-several-lines",
    title=N_("Records are spread over several lines"),
    why=N_(
        "In JSON Lines every line is read on its own, so a record that goes on in the next line is broken."
    ),
    remedy=N_("Write each record on one line, for instance with: jq -c . data.json > data.jsonl"),
    bad='{\n  "messages": [\n    {"role": "user", "content": "Hi"}\n  ]\n}\n',
    good=_GOOD,
)
CARRIAGE_RETURN_LINE_ENDS = reported(
    "TR009",
    "carriage-return-line-ends",
    title=N_("The lines end in a carriage return alone"),
    why=N_("Only a line feed ends a line of JSON Lines; this whole file counts as one line."),
    remedy=N_("Save the file with line ends LF (Unix) or CR LF (Windows)."),
    bad='{"messages": []}\r{"messages": []}\r',
    good=_GOOD,
)
BYTE_ORDER_MARK = reported(
    "TR010",
    "byte-order-mark",
    title=N_("The file begins with a byte-order mark"),
    why=N_(
        "Three invisible bytes stand before the first record. Some of Azure's pages ask for them, its samples have none; elsewhere they are not mentioned, and some programs stumble over them."
    ),
    remedy=N_(
        "Leave it for Azure OpenAI. For other services save the file as UTF-8 without a byte-order mark (BOM)."
    ),
    bad="\ufeff" + _GOOD,
    good=_GOOD,
)
NOT_UTF8 = reported(
    "TR011",
    "not-utf8",
    title=N_("A byte is not UTF-8"),
    why=N_("Training files must be UTF-8. The line cannot be read, or its text would be garbled."),
    remedy=N_(
        "Find the program that wrote this text and let it write UTF-8; often the text comes from Windows-1252 or Latin-1."
    ),
    bad=b'{"messages": [{"role": "user", "content": "caf\xe9"}, {"role": "assistant", "content": "Hello"}]}\n',
    good='{"messages": [{"role": "user", "content": "café"}, {"role": "assistant", "content": "Hello"}]}\n'.encode(),
)
BLANK_LINE = reported(
    "TR012",
    "blank-line",
    title=N_("A line is blank"),
    why=N_(
        "Some checkers refuse blank lines and others skip them; what a service does is mostly not documented."
    ),
    remedy=N_("Remove the line."),
    bad=_GOOD + "\n" + _GOOD,
    good=_GOOD + _GOOD,
)
LINE_TOO_LONG = reported(
    "TR013",
    "line-too-long",
    title=N_("A line is too long to be checked"),
    why=N_(
        "The checker keeps one line in memory and stops keeping at 64 MiB, so that a broken file cannot exhaust the machine."
    ),
    remedy=N_(
        "Check that line ends are not missing. If images make the line long, link to them by URL."
    ),
    bad=None,
    good=_GOOD,
)
RULES = (
    EMPTY_FILE,
    COMPRESSED_FILE,
    BINARY_FILE,
    UTF_16_OR_32,
    WEB_PAGE,
    TABLE_FILE,
    JSON_ARRAY_FILE,
    JSON_OVER_SEVERAL_LINES,
    CARRIAGE_RETURN_LINE_ENDS,
    BYTE_ORDER_MARK,
    NOT_UTF8,
    BLANK_LINE,
    LINE_TOO_LONG,
)
