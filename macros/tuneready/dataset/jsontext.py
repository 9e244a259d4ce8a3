"""Reads one JSON text (RFC 8259) and says exactly what is wrong and where.

Runs only on lines that the fast way does not accept, so it is written for its answers, not its
speed. A fault stops the reading and has a name of its own (a rule of family TR1xx); what the
grammar allows but parsers treat differently (a key twice, half a surrogate pair, a number out of
range) is noted and the reading goes on. The place of every value and key is kept, so that later
findings can say line, column and byte. Deeper nesting than `decoding.DEEPEST` must be refused first.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NoReturn

from tuneready.dataset.quoting import fragment, shown
from tuneready.escaping import escaped
from tuneready.locale import N_

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tuneready.finding import Path

# CPython refuses to convert longer integers by default, and msgspec does the same.
MOST_DIGITS = 4300


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a text, at a character offset; `rule` is a rule's name."""

    rule: str
    at: int
    message: str
    params: Mapping[str, str | int] = field(default_factory=dict)
    path: Path = ()


@dataclass(slots=True)
class Scan:
    """A text that could be read: its value, what to say about it, and where things are."""

    value: Any = None
    faults: list[Fault] = field(default_factory=list)
    values: dict[Path, int] = field(default_factory=dict)  # path -> offset of the value
    keys: dict[Path, int] = field(default_factory=dict)  # path -> offset of the key


def scan(text: str) -> Scan | Fault:
    """Read `text`; return the fault that stops a parser, or the value with all places."""
    reader = _Reader(text)
    try:
        return reader.read()
    except _StopError as stop:
        return stop.fault


def value_of(text: str) -> tuple[Any] | None:
    """Return the value of a text about which `scan` has nothing to say, or None when in doubt.

    Many times as fast as `scan`, for lines whose places nobody asks for.
    """
    if _SURROGATE.search(text):
        return None
    try:
        return (_DECODER.decode(text),)
    except ValueError:  # what JSON does not allow, and what `scan` has a note for
        return None


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError
    return found


def _finite(digits: str) -> float:
    number = float(digits)
    if number in (float("inf"), float("-inf")):
        raise ValueError
    return number


def _refuse_constant(_: str) -> NoReturn:
    raise ValueError


_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
_DECODER = json.JSONDecoder(
    object_pairs_hook=_without_duplicates, parse_float=_finite, parse_constant=_refuse_constant
)


class _StopError(Exception):
    def __init__(self, fault: Fault) -> None:
        self.fault = fault


_SPACE = re.compile(r"[ \t\r\n]*")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")
_PLAIN = re.compile(r'[^"\\\x00-\x1f]*')
_HEX = re.compile(r"[0-9a-fA-F]{4}")
_WORD = re.compile(r"[^\W\d][\w$]*")
_SCRAP = re.compile(r"[^\s,\]}\"]{1,24}")
_NOT_NUMBERS = re.compile(r"[+-]?(?:nan|inf(?:inity)?)(?![\w$])", re.IGNORECASE)
_ESCAPES = {
    '"': '"',
    "\\": "\\",
    "/": "/",
    "b": "\b",
    "f": "\f",
    "n": "\n",
    "r": "\r",
    "t": "\t",
}
_LITERALS = {"true": True, "false": False, "null": None}
_FOREIGN = {"True": "true", "False": "false", "None": "null", "undefined": "null", "nil": "null"}
_QUOTES = "'‘’“”„«»`"


class _Reader:
    __slots__ = ("_end", "_scan", "_text")

    def __init__(self, text: str) -> None:
        self._text = text
        self._end = len(text)
        self._scan = Scan()

    def read(self) -> Scan:
        text = self._text
        start = self._space(0)
        if start == self._end:
            _stop("not-json", start, N_("The line is empty; expected a JSON object."))
        if text[start] not in '{["' and text[start] not in _QUOTES:
            self._check_start(start)
        self._scan.value, after = self._value(start, ())
        after = self._space(after)
        if after != self._end:
            self._refuse_rest(after)
        return self._scan

    def _value(self, i: int, path: Path) -> tuple[Any, int]:
        self._scan.values[path] = i
        c = self._text[i] if i < self._end else ""
        match c:
            case '"':
                return self._string(i)
            case "{":
                return self._object(i, path)
            case "[":
                return self._array(i, path)
        if c and c in "-0123456789":
            return self._number(i)
        for literal, value in _LITERALS.items():
            if self._text.startswith(literal, i):
                end = i + len(literal)
                if end == self._end or not (self._text[end].isalnum() or self._text[end] == "_"):
                    return value, end
        return self._refuse_value(i)

    def _object(self, i: int, path: Path) -> tuple[dict[str, Any], int]:
        found: dict[str, Any] = {}
        i = self._space(i + 1)
        if self._peek(i) == "}":
            return found, i + 1
        comma = None
        while True:
            if self._peek(i) != '"':
                self._refuse_key(i, comma)
            key, after = self._string(i)
            inner = (*path, key)
            if key in found:
                self._note(
                    "duplicate-key",
                    i,
                    N_("The key {key} is here again; the one before is at column {before}."),
                    path=inner,
                    key=shown(key),
                    before=self._scan.keys[inner] + 1,
                )
                if isinstance(found[key], dict | list):
                    self._forget(inner)
            self._scan.keys[inner] = i
            i = self._space(after)
            if self._peek(i) != ":":
                self._refuse_colon(i, key)
            i = self._space(i + 1)
            found[key], i = self._value(i, inner)
            value_end = i
            i = self._space(i)
            match self._peek(i):
                case ",":
                    comma = i
                    i = self._space(i + 1)
                case "}":
                    return found, i + 1
                case _:
                    self._refuse_next(i, value_end, "}")

    def _array(self, i: int, path: Path) -> tuple[list[Any], int]:
        found: list[Any] = []
        i = self._space(i + 1)
        if self._peek(i) == "]":
            return found, i + 1
        comma = None
        while True:
            if comma is not None and self._peek(i) in ("]", "}"):
                self._refuse_comma(comma, i)
            item, i = self._value(i, (*path, len(found)))
            found.append(item)
            value_end = i
            i = self._space(i)
            match self._peek(i):
                case ",":
                    comma = i
                    i = self._space(i + 1)
                case "]":
                    return found, i + 1
                case _:
                    self._refuse_next(i, value_end, "]")

    def _string(self, start: int) -> tuple[str, int]:
        text = self._text
        match = _PLAIN.match(text, start + 1)
        i = match.end() if match else start + 1
        if i < self._end and text[i] == '"':  # nothing to decode, by far the most common
            return text[start + 1 : i], i + 1
        parts = [text[start + 1 : i]]
        while True:
            if i >= self._end:
                _stop(
                    "text-not-closed",
                    start,
                    N_("This text has no closing quote before the line ends: {text}."),
                    text=fragment(text[start + 1 :], 40),
                )
            c = text[i]
            if c == '"':
                return "".join(parts), i + 1
            if c == "\\":
                piece, i = self._escape(i)
                parts.append(piece)
            else:
                _stop(
                    "control-character-in-text",
                    i,
                    N_(
                        "The text holds the control character {character} as it is; expected an escape."
                    ),
                    character=f"U+{ord(c):04X}",
                )
            match = _PLAIN.match(text, i)
            if match:
                parts.append(match[0])
                i = match.end()

    def _escape(self, i: int) -> tuple[str, int]:
        text = self._text
        c = text[i + 1 : i + 2]
        if c in _ESCAPES:
            return _ESCAPES[c], i + 2
        if c == "u" and _HEX.match(text, i + 2):
            code = int(text[i + 2 : i + 6], 16)
            if not 0xD800 <= code <= 0xDFFF:
                return chr(code), i + 6
            if code < 0xDC00 and text.startswith("\\u", i + 6) and _HEX.match(text, i + 8):
                low = int(text[i + 8 : i + 12], 16)
                if 0xDC00 <= low <= 0xDFFF:
                    return chr(0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00)), i + 12
            self._note(
                "half-surrogate-pair",
                i,
                N_("{escape} is half of a pair; alone it is not a character."),
                escape=text[i : i + 6],
            )
            return chr(code), i + 6
        if not c:
            return "", self._end  # the caller says that the text is not closed
        return _stop(
            "unknown-escape",
            i,
            N_(
                'After a backslash the text has {found}; expected one of " \\ / b f n r t, or u and four hexadecimal digits.'
            ),
            found=fragment(text[i : i + (6 if c == "u" else 2)]),
        )

    def _number(self, i: int) -> tuple[int | float, int]:
        text = self._text
        not_number = _NOT_NUMBERS.match(text, i)
        match = _NUMBER.match(text, i)
        end = match.end() if match else i
        if not_number:
            self._refuse_value(i)
        if not match or (end < self._end and (text[end].isalnum() or text[end] in "._+-")):
            if end == i and i + 1 == self._end:
                self._refuse_end()
            scrap = _SCRAP.match(text, i)
            _stop(
                "malformed-number",
                i,
                N_("{found} is not how JSON writes a number."),
                found=fragment(scrap[0] if scrap else text[i]),
            )
        if match[1] is None and match[2] is None:
            if end - i - (text[i] == "-") > MOST_DIGITS:
                self._note(
                    "number-out-of-range",
                    i,
                    N_("This number has {digits} digits; Python, for one, reads up to {most}."),
                    digits=end - i - (text[i] == "-"),
                    most=MOST_DIGITS,
                )
                return 0, end
            return int(match[0]), end
        number = float(match[0])
        if number in (float("inf"), float("-inf")):
            self._note(
                "number-out-of-range",
                i,
                N_("{found} is larger than a number can be (about 1.8e308)."),
                found=escaped(match[0][:24]),
            )
        return number, end

    # What is said instead of a value, a key or a comma.

    def _check_start(self, i: int) -> None:
        text = self._text
        if text[i] == "\ufeff":
            _stop(
                "byte-order-mark-inside",
                i,
                N_("A byte-order mark stands before the record; files were probably joined."),
            )
        number = _NUMBER.match(text, i)
        if _NOT_NUMBERS.match(text, i) or (number and self._space(number.end()) == self._end):
            return
        word = _WORD.match(text, i)
        if word and (word[0] in _FOREIGN or word[0] in _LITERALS) and word.end() == self._end:
            return
        _stop(
            "not-json",
            i,
            N_("The line begins with {found}; expected a JSON object, which begins with {brace}."),
            found=fragment(text[i : i + 24]),
            brace="{",
        )

    def _refuse_value(self, i: int) -> NoReturn:
        if i >= self._end:
            self._refuse_end()
        text, c = self._text, self._text[i]
        if match := _NOT_NUMBERS.match(text, i):
            _stop(
                "nan-or-infinity",
                i,
                N_("{found} is not a JSON number."),
                found=fragment(match[0]),
            )
        if c in _QUOTES:
            self._refuse_quote(i)
        if c in "/#":
            self._refuse_comment(i)
        if c in "+." and text[i + 1 : i + 2].isdigit():
            scrap = _SCRAP.match(text, i)
            _stop(
                "malformed-number",
                i,
                N_("{found} is not how JSON writes a number."),
                found=fragment(scrap[0] if scrap else c),
            )
        if word := _WORD.match(text, i):
            if word[0] in _FOREIGN:
                _stop(
                    "foreign-literal",
                    i,
                    N_("{found} is not JSON; JSON writes {expected}."),
                    found=fragment(word[0]),
                    expected=_FOREIGN[word[0]],
                )
            _stop(
                "unquoted-text",
                i,
                N_("{found} stands here without double quotes; expected a value."),
                found=fragment(word[0]),
            )
        _stop(
            "unexpected-character",
            i,
            N_("{found} stands where a value was expected."),
            found=fragment(c),
        )

    def _refuse_key(self, i: int, comma: int | None) -> NoReturn:
        if i >= self._end:
            self._refuse_end()
        c = self._text[i]
        if comma is not None and c in "}]":
            self._refuse_comma(comma, i)
        if c in _QUOTES:
            self._refuse_quote(i)
        if c in "/#":
            self._refuse_comment(i)
        if word := _WORD.match(self._text, i):
            _stop(
                "unquoted-text",
                i,
                N_("The key {found} stands here without double quotes."),
                found=fragment(word[0]),
            )
        _stop(
            "unexpected-character",
            i,
            N_("{found} stands where a key in double quotes was expected."),
            found=fragment(c),
        )

    def _refuse_colon(self, i: int, key: str) -> NoReturn:
        if i >= self._end:
            self._refuse_end()
        _stop(
            "missing-colon",
            i,
            N_("After the key {key} comes {found}; expected a colon."),
            key=shown(key),
            found=fragment(self._text[i]),
        )

    def _refuse_comma(self, comma: int, i: int) -> NoReturn:
        _stop(
            "trailing-comma",
            comma,
            N_("A comma stands before {bracket}; JSON has commas only between two things."),
            bracket=self._text[i],
        )

    def _refuse_quote(self, i: int) -> NoReturn:
        _stop(
            "wrong-quotes",
            i,
            N_("{found} stands where a double quote was expected."),
            found=self._text[i],
        )

    def _refuse_comment(self, i: int) -> NoReturn:
        _stop(
            "comment-in-json",
            i,
            N_("{found} looks like a comment; JSON has none."),
            found=fragment(self._text[i : i + 24]),
        )

    def _refuse_next(self, i: int, value_end: int, closing: str) -> NoReturn:
        """Say what stands where a comma or the closing bracket was expected."""
        if i >= self._end:
            self._refuse_end()
        text, c = self._text, self._text[i]
        if c in "]}":
            _stop(
                "mismatched-bracket",
                i,
                N_("{found} closes what was not opened here; expected a comma or {expected}."),
                found=c,
                expected=closing,
            )
        if c in "/#":
            self._refuse_comment(i)
        if text[value_end - 1] == '"' and c not in ':"{[-' and not c.isdigit():
            _stop(
                "unescaped-quote",
                value_end - 1,
                N_(
                    "The text ends at this quote and {found} follows; expected a comma or a closing bracket."
                ),
                found=fragment(text[i : i + 16]),
            )
        if c in '"{[-' or c in _QUOTES or c.isalnum():
            _stop(
                "missing-comma",
                i,
                N_("{found} follows a value without a comma between them."),
                found=fragment(text[i : i + 16]),
            )
        _stop(
            "unexpected-character",
            i,
            N_("{found} stands where a comma or {expected} was expected."),
            found=fragment(c),
            expected=closing,
        )

    def _refuse_rest(self, i: int) -> NoReturn:
        text = self._text
        if text[i] in "/#":
            self._refuse_comment(i)
        if text[i] == "," and self._space(i + 1) == self._end:
            _stop(
                "text-after-record", i, N_("A comma follows the record; expected the line's end.")
            )
        if text[i] in "{[":
            _stop(
                "text-after-record",
                i,
                N_("A second JSON value begins on the same line; expected one record per line."),
            )
        _stop(
            "text-after-record",
            i,
            N_("{found} follows the record; expected the line's end."),
            found=fragment(text[i : i + 24]),
        )

    def _refuse_end(self) -> NoReturn:
        _stop("line-ends-early", self._end, N_("The line ends in the middle of the JSON."))

    # Small steps.

    def _peek(self, i: int) -> str:
        return self._text[i] if i < self._end else ""

    def _space(self, i: int) -> int:
        match = _SPACE.match(self._text, i)
        return match.end() if match else i

    def _note(self, rule: str, at: int, message: str, path: Path = (), **params: str | int) -> None:
        self._scan.faults.append(Fault(rule, at, message, params, path))

    def _forget(self, path: Path) -> None:
        """Drop the places below a key that comes again: the last one holds."""
        size = len(path)
        for places in (self._scan.values, self._scan.keys):
            for known in [known for known in places if len(known) > size and known[:size] == path]:
                del places[known]


def _stop(rule: str, at: int, message: str, **params: str | int) -> NoReturn:
    raise _StopError(Fault(rule, at, message, params))
