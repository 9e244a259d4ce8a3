"""TR02x: rows and quotes of a table, for the targets whose own tool reads CSV.

Found by `dataset.tables`.
"""

from __future__ import annotations

from tuneready.locale import N_
from tuneready.rules.base import reported

_GOOD = 'prompt,completion\n"Hi, you",Hello\nBye,See you\n'
_TARGET = "trl/sft"

QUOTE_NOT_CLOSED = reported(
    "TR021",
    "quote-not-closed",
    title=N_("A quote in the table is not closed"),
    why=N_(
        "All rows behind it become part of one cell, so the table ends early or cannot be read at all."
    ),
    remedy=N_(
        'Close the quote, or write a quote that is meant as a character as two (""). Programs that write CSV do both by themselves.'
    ),
    bad='prompt,completion\n"Hi, you,Hello\nBye,See you\n',
    good=_GOOD,
    target=_TARGET,
)
TEXT_AFTER_QUOTE = reported(
    "TR022",
    "text-after-quote",
    title=N_("Text follows a closing quote in the table"),
    why=N_("Readers disagree about such a cell: some refuse the file, others join the two parts."),
    remedy=N_('Write a quote inside a cell as two: "He said ""hi""".'),
    bad='prompt,completion\n"Say "hi"",Hello\nBye,See you\n',
    good=_GOOD,
    target=_TARGET,
)
ROW_OF_OTHER_LENGTH = reported(
    "TR023",
    "row-of-other-length",
    title=N_("A row has more or fewer cells than there are columns"),
    why=N_(
        "With too many cells the file is refused; with too few the last columns of that row are empty."
    ),
    remedy=N_("Put texts that hold a comma in quotes, and give every row all of its cells."),
    bad="prompt,completion\nHi, you,Hello\nBye,See you\n",
    good=_GOOD,
    target=_TARGET,
)
COLUMN_NAME = reported(
    "TR024",
    "column-name",
    title=N_("A column has no name, or the name of another one"),
    why=N_("The names in the first row are the keys of the records; readers make up others here."),
    remedy=N_("Give every column a name of its own in the first row."),
    bad="prompt,completion,completion\nHi,Hello,Good day\nBye,See you,Farewell\n",
    good=_GOOD,
    target=_TARGET,
)
RULES = (QUOTE_NOT_CLOSED, TEXT_AFTER_QUOTE, ROW_OF_OTHER_LENGTH, COLUMN_NAME)
