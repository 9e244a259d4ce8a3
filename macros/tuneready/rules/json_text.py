"""TR1xx: what is wrong with the JSON of a line.

Found by `dataset.jsontext` and `dataset.decoding`. A line with a fault of the grammar gets no
other finding.
"""

from __future__ import annotations

from tuneready.locale import N_
from tuneready.rules.base import reported

_USER = '{"messages": [{"role": "user", "content": "Hi"}, '
_GOOD = _USER + '{"role": "assistant", "content": "Hello"}]}\n'
_REFUSED = N_("A line that is not JSON is refused, and usually the whole file with it.")
_DISAGREE = N_(
    "JSON allows it, but parsers disagree about it: what you see may not be what is trained on."
)

NOT_JSON = reported(
    "TR101",
    "not-json",
    title=N_("The line is not JSON"),
    why=_REFUSED,
    remedy=N_(
        "Write one JSON object per line. A stray line often is the rest of a text with a line break in it, or a comment."
    ),
    bad="Examples for the support bot\n",
    good=_GOOD,
)
LINE_ENDS_EARLY = reported(
    "TR102",
    "line-ends-early",
    title=N_("The line ends in the middle of the JSON"),
    why=_REFUSED,
    remedy=N_(
        "Complete the record: a closing bracket is missing, or the file was cut off while it was written or copied."
    ),
    bad=_USER + '{"role": "assistant", "content": "Hello"}]\n',
    good=_GOOD,
)
TEXT_NOT_CLOSED = reported(
    "TR103",
    "text-not-closed",
    title=N_("A text has no closing quote"),
    why=_REFUSED,
    remedy=N_("Close the text. If it goes on in the next line, write the line break as \\n."),
    bad=_USER + '{"role": "assistant", "content": "Hello}]}\n',
    good=_GOOD,
)
TRAILING_COMMA = reported(
    "TR104",
    "trailing-comma",
    title=N_("A comma stands before a closing bracket"),
    why=_REFUSED,
    remedy=N_("Remove the comma."),
    bad=_USER + '{"role": "assistant", "content": "Hello"},]}\n',
    good=_GOOD,
)
MISSING_COMMA = reported(
    "TR105",
    "missing-comma",
    title=N_("A comma is missing"),
    why=_REFUSED,
    remedy=N_("Put a comma between the two."),
    bad=_USER + '{"role": "assistant" "content": "Hello"}]}\n',
    good=_GOOD,
)
MISSING_COLON = reported(
    "TR106",
    "missing-colon",
    title=N_("A colon is missing after a key"),
    why=_REFUSED,
    remedy=N_("Put a colon between the key and its value."),
    bad=_USER + '{"role": "assistant", "content" "Hello"}]}\n',
    good=_GOOD,
)
MISMATCHED_BRACKET = reported(
    "TR107",
    "mismatched-bracket",
    title=N_("A closing bracket does not match"),
    why=_REFUSED,
    remedy=N_("Close lists with ] and objects with }, the innermost first."),
    bad=_USER + '{"role": "assistant", "content": "Hello"]}}\n',
    good=_GOOD,
)
WRONG_QUOTES = reported(
    "TR108",
    "wrong-quotes",
    title=N_("Text is in other quotes than JSON's"),
    why=_REFUSED,
    remedy=N_(
        'Use straight double quotes ("). Printing a Python dictionary gives single quotes: write it with json.dumps instead.'
    ),
    bad="{'messages': [{'role': 'user', 'content': 'Hi'}]}\n",
    good=_GOOD,
)
UNQUOTED_TEXT = reported(
    "TR109",
    "unquoted-text",
    title=N_("A key or text has no quotes"),
    why=_REFUSED,
    remedy=N_("Put double quotes around it."),
    bad='{messages: [{"role": "user", "content": "Hi"}]}\n',
    good=_GOOD,
)
UNESCAPED_QUOTE = reported(
    "TR110",
    "unescaped-quote",
    title=N_("A text ends too early, at a quote inside it"),
    why=_REFUSED,
    remedy=N_(
        'Write a double quote inside a text as \\". Let a JSON library write the file; it does this for you.'
    ),
    bad=_USER + '{"role": "assistant", "content": "Say "hello" to her"}]}\n',
    good=_USER + '{"role": "assistant", "content": "Say \\"hello\\" to her"}]}\n',
)
CONTROL_CHARACTER_IN_TEXT = reported(
    "TR111",
    "control-character-in-text",
    title=N_("A text holds a control character as it is"),
    why=_REFUSED,
    remedy=N_(
        "Write a tab as \\t, a line break as \\n, others as \\u and four hexadecimal digits."
    ),
    bad=_USER + '{"role": "assistant", "content": "Hel\tlo"}]}\n',
    good=_USER + '{"role": "assistant", "content": "Hel\\tlo"}]}\n',
)
UNKNOWN_ESCAPE = reported(
    "TR112",
    "unknown-escape",
    title=N_("A backslash begins an escape that JSON does not have"),
    why=_REFUSED,
    remedy=N_("Write a backslash that is meant as such twice (\\\\)."),
    bad=_USER + '{"role": "assistant", "content": "C:\\Users"}]}\n',
    good=_USER + '{"role": "assistant", "content": "C:\\\\Users"}]}\n',
)
MALFORMED_NUMBER = reported(
    "TR113",
    "malformed-number",
    title=N_("A number is not written as JSON does"),
    why=_REFUSED,
    remedy=N_(
        "Write digits without leading zeros or a plus sign, and digits on both sides of a decimal point."
    ),
    bad=_USER + '{"role": "assistant", "content": "Hello", "weight": 01}]}\n',
    good=_USER + '{"role": "assistant", "content": "Hello", "weight": 1}]}\n',
)
NAN_OR_INFINITY = reported(
    "TR114",
    "nan-or-infinity",
    title=N_("NaN or Infinity stands as a value"),
    why=N_(
        "JSON has no such numbers. Python writes and reads them all the same, so a check in Python does not notice, and the service refuses the line."
    ),
    remedy=N_(
        "Leave the key out, or find out why the value is missing: NaN often is an empty cell of a table."
    ),
    bad=_USER + '{"role": "assistant", "content": NaN}]}\n',
    good=_GOOD,
)
FOREIGN_LITERAL = reported(
    "TR115",
    "foreign-literal",
    title=N_("A value is written as in a programming language"),
    why=_REFUSED,
    remedy=N_(
        "Write true, false and null. Printing a Python dictionary gives True, False and None: write it with json.dumps instead."
    ),
    bad='{"messages": [{"role": "user", "content": None}]}\n',
    good=_GOOD,
)
COMMENT_IN_JSON = reported(
    "TR116",
    "comment-in-json",
    title=N_("There is a comment in the JSON"),
    why=_REFUSED,
    remedy=N_("Remove the comment."),
    bad=_GOOD.rstrip() + " // greeting\n",
    good=_GOOD,
)
TEXT_AFTER_RECORD = reported(
    "TR117",
    "text-after-record",
    title=N_("Something follows the record"),
    why=_REFUSED,
    remedy=N_("End the line after the record: one record per line, no comma behind it."),
    bad=_GOOD.rstrip() + ",\n",
    good=_GOOD,
)
UNEXPECTED_CHARACTER = reported(
    "TR118",
    "unexpected-character",
    title=N_("A character stands where JSON has none"),
    why=_REFUSED,
    remedy=N_("Look at what stands before this place; let a JSON library write the file."),
    bad='{"messages": [, {"role": "user", "content": "Hi"}]}\n',
    good=_GOOD,
)
BYTE_ORDER_MARK_INSIDE = reported(
    "TR119",
    "byte-order-mark-inside",
    title=N_("A byte-order mark stands inside the file"),
    why=_REFUSED,
    remedy=N_("Remove the mark before joining files; every file may have brought its own."),
    bad=_GOOD + "\ufeff" + _GOOD,
    good=_GOOD + _GOOD,
)
NESTED_TOO_DEEP = reported(
    "TR120",
    "nested-too-deep",
    title=N_("Lists and objects nest too deep"),
    why=N_(
        "Parsers stop at different depths, and some crash. This checker reads 256 levels and no more."
    ),
    remedy=N_(
        "Flatten the data. Real examples need about ten levels; more usually is a loop in the program that wrote them."
    ),
    bad='{"messages": ' + "[" * 300 + "]" * 300 + "}\n",
    good=_GOOD,
)
DUPLICATE_KEY = reported(
    "TR121",
    "duplicate-key",
    title=N_("A key stands twice in one object"),
    why=N_("Most parsers keep the last value and drop the first without a word."),
    remedy=N_("Keep one of the two."),
    bad=_USER + '{"role": "assistant", "content": "Hi", "content": "Hello"}]}\n',
    good=_GOOD,
)
HALF_SURROGATE_PAIR = reported(
    "TR122",
    "half-surrogate-pair",
    title=N_("Half of a character is written as an escape"),
    why=_DISAGREE,
    remedy=N_("Remove it. A text was probably cut in the middle of an emoji."),
    bad=_USER + '{"role": "assistant", "content": "Hello \\ud83d"}]}\n',
    good=_USER + '{"role": "assistant", "content": "Hello \\ud83d\\ude00"}]}\n',
)
NUMBER_OUT_OF_RANGE = reported(
    "TR123",
    "number-out-of-range",
    title=N_("A number is too large to be read"),
    why=_DISAGREE,
    remedy=N_("Write it as text, or leave it out."),
    bad=(
        '{"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}], '
        '"tools": [{"type": "function", "function": {"name": "wait", "parameters": '
        '{"type": "object", "properties": {"seconds": {"type": "number", "maximum": 1e999}}}}}]}\n'
    ),
    good=_GOOD,
)
RULES = (
    NOT_JSON,
    LINE_ENDS_EARLY,
    TEXT_NOT_CLOSED,
    TRAILING_COMMA,
    MISSING_COMMA,
    MISSING_COLON,
    MISMATCHED_BRACKET,
    WRONG_QUOTES,
    UNQUOTED_TEXT,
    UNESCAPED_QUOTE,
    CONTROL_CHARACTER_IN_TEXT,
    UNKNOWN_ESCAPE,
    MALFORMED_NUMBER,
    NAN_OR_INFINITY,
    FOREIGN_LITERAL,
    COMMENT_IN_JSON,
    TEXT_AFTER_RECORD,
    UNEXPECTED_CHARACTER,
    BYTE_ORDER_MARK_INSIDE,
    NESTED_TOO_DEEP,
    DUPLICATE_KEY,
    HALF_SURROGATE_PAIR,
    NUMBER_OUT_OF_RANGE,
)
