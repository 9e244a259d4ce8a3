"""The report for a terminal: the verdict, every rule with places, cause and remedy, then figures.

Lines are made of styled texts, never of markup, so that nothing in the data can act as markup.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any, NamedTuple

from rich.console import Console
from rich.text import Text

from tuneready.locale import N_
from tuneready.output.wording import (
    ROLES,
    SEVERITIES,
    THIN,
    facts,
    file_name,
    findings_of,
    histogram,
    matrix_rows,
    next_step,
    number,
    ordered_rules,
    places_by_message,
    recognised,
    say_in,
    source,
    statistics,
    verdict,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tuneready.output.wording import Entry, Say

WIDTH = 100  # where there is no terminal to ask
WIDEST = 120  # longer lines are hard to read
NARROWEST = 40
SHOWN = 5  # places per rule; the JSON report has all that were kept
BAR = 40  # characters of the longest bar

# What stands for the space inside numbers while lines are wrapped: as wide, and no space to Python.
# No text of the data has one here: `escaped` writes it out.
_JOINER = "\u00ad"

_OTHER_FORMAT = "TR202 record-of-another-kind"
_STYLES = {"error": "bold red", "warning": "bold yellow", "note": "bold cyan"}


class Line(NamedTuple):
    """A text, and by how much its first and its other lines are moved in."""

    text: Text
    first: int = 0
    after: int = 0
    wraps: bool = True  # addresses and places do not: they are there to be copied


def format_text(document: dict[str, Any], language: str, width: int = WIDTH) -> str:
    """Return the document of a report as plain text that ends with a newline."""
    console = Console(
        file=io.StringIO(),
        width=width,
        color_system=None,
        force_terminal=False,
        legacy_windows=False,
    )
    print_text(document, language, console)
    return console.file.getvalue()  # type: ignore[attr-defined,no-any-return]


def print_text(document: dict[str, Any], language: str, console: Console) -> None:
    """Write the document of a report to a console."""
    say = say_in(language)
    for index, entry in enumerate(document["reports"]):
        if index:
            _write(Line(Text()), console)
        for line in _entry(entry, say, console):
            _write(line, console)


def _write(line: Line, console: Console) -> None:
    text = line.text
    width = max(min(console.width, WIDEST), NARROWEST)
    if not line.wraps or not text.plain:
        parts = [text]
    else:
        room = width - max(line.first, line.after)
        text.plain = text.plain.replace(THIN, _JOINER)  # numbers are not to be taken apart
        parts = list(text.wrap(console, room, overflow="fold"))
    for index, part in enumerate(parts):
        part.rstrip()
        part.plain = part.plain.replace(_JOINER, THIN)
        whole = Text(" " * (line.after if index else line.first))
        whole.append_text(part)
        console.print(whole, soft_wrap=True, markup=False, highlight=False, emoji=False, crop=False)


def _entry(entry: Entry, say: Say, console: Console) -> Iterator[Line]:
    head = Text().append(file_name(entry), "bold")
    if entry["role"] == "validation":
        head.append(f" ({say(ROLES['validation'])})")
    head.append(": ")
    colour = "bold green" if entry["valid"] else "bold red"
    yield Line(head.append(verdict(entry, say), colour), 0, 2)
    yield Line(Text(", ".join(facts(entry, say))), 2, 2)
    found = recognised(entry, say)
    if found:
        yield Line(Text(found), 2, 2)
    if entry["status"]["state"] != "open":
        yield Line(Text(entry["status"]["text"], "yellow"), 2, 2)
    for rule in ordered_rules(entry):
        yield Line(Text())
        yield from _rule(rule, entry, say)
    yield from _figures(entry, say, console)
    yield from _matrix(entry, say)
    yield Line(Text())
    yield Line(_labelled(say(N_("Next")), next_step(entry, say)), 2, 4)


def _labelled(label: str, text: str) -> Text:
    return Text().append(f"{label}: ", "bold").append(text)


def _rule(rule: dict[str, Any], entry: Entry, say: Say) -> Iterator[Line]:
    severity = rule["severity"]
    head = Text().append(say(SEVERITIES[severity]), _STYLES[severity])
    head.append(f" {rule['code']} {rule['name']}: {rule['title']}", "bold")
    yield Line(head, 2, 4)
    shown = 0
    for message, places, _ in places_by_message(findings_of(entry, rule["code"]), SHOWN):
        shown += max(1, len(places))
        for where in places:
            yield Line(Text(where, "cyan"), 4, 4, wraps=False)
        yield Line(Text(message), 6 if places else 4, 6 if places else 4)
    more = rule["count"] - shown
    if more:
        yield Line(Text(say(N_("and {count} more")).format(count=number(more))), 4, 4)
    yield Line(_labelled(say(N_("Why")), rule["why"]), 4, 6)
    yield Line(_labelled(say(N_("Remedy")), rule["remedy"]), 4, 6)
    if rule["source"]:
        yield Line(_labelled(say(N_("Source")), source(rule["source"], say)), 4, 6)
        yield Line(Text(rule["source"]["url"], "dim"), 6, 6, wraps=False)


def _figures(entry: Entry, say: Say, console: Console) -> Iterator[Line]:
    pairs = [*statistics(entry, say)] if entry["examples"] else []
    if not pairs:
        return
    yield Line(Text())
    yield Line(Text(say(N_("Statistics")), "bold"), 2)
    for label, value in pairs:
        yield Line(_labelled(label, value), 4, 6)
    bars = histogram(entry, say)
    if bars:
        title, bins = bars
        yield Line(Text(f"{title}, {say(N_('examples in each range'))}:"), 4, 6)
        yield from _bars(bins, console)


def _bars(bins: list[tuple[str, int]], console: Console) -> Iterator[Line]:
    block = "#" if console.options.ascii_only else "█"
    most = max(count for _, count in bins)
    width = max(len(label) for label, _ in bins)
    digits = len(number(most))
    for label, count in bins:
        size = -(-count * BAR // most)  # rounded up: one example is to be seen
        text = Text(f"{label:>{width}}  {number(count):>{digits}}  ")
        text.append(block * size, "cyan")
        yield Line(text, 6, 6, wraps=False)


def _matrix(entry: Entry, say: Say) -> Iterator[Line]:
    """Say which targets accept the file; those that refuse it for one reason stand together."""
    rows = matrix_rows(entry, say)
    if not rows:
        return
    accepted = [name for is_accepted, name, _ in rows if is_accepted]
    title = say(N_("Targets that accept this file: {count} of {all}"))
    yield Line(Text())
    yield Line(Text(title.format(count=len(accepted), all=len(rows)), "bold"), 2, 4)
    if accepted:
        yield Line(Text(", ".join(accepted), "green"), 4, 4)
    reasons: dict[str, list[str]] = {}
    for is_accepted, name, text in rows:
        if not is_accepted:
            reasons.setdefault(_reason(text, say), []).append(name)
    other = _reason(_OTHER_FORMAT, say)  # the last: who takes another format is no news
    for reason, names in sorted(
        reasons.items(), key=lambda item: (item[0] == other, -len(item[1]))
    ):
        yield Line(Text().append(say(N_("Not")), "red").append(f": {', '.join(names)}"), 4, 6)
        yield Line(Text(reason), 6, 6)


def _reason(text: str, say: Say) -> str:
    """Return why a target refuses the file; what differs in another format is left out."""
    if _OTHER_FORMAT in text:
        return say(N_("The records are of a format that these targets do not take (TR202)."))
    return text
