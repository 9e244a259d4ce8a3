"""The report as Markdown, for the summary of a CI job or a comment: GitHub's dialect.

Everything that may hold text of the data stands in blocks or spans of code, with more back-quotes
around than are inside: there no markup, link, mention or HTML counts. Standard library only.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from tuneready.locale import N_
from tuneready.output.wording import (
    ROLES,
    SEVERITIES,
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

SHOWN = 5  # places per rule

_MARKUP = re.compile(r"([\\`*_\[\]#|~])")


def format_markdown(document: dict[str, Any], language: str) -> str:
    """Return the document of a report as Markdown that ends with a newline."""
    say = say_in(language)
    blocks = [block for entry in document["reports"] for block in _entry(entry, say)]
    return "\n\n".join(blocks) + "\n"


def _entry(entry: Entry, say: Say) -> Iterator[str]:
    role = f" ({say(ROLES['validation'])})" if entry["role"] == "validation" else ""
    yield f"## {_code(file_name(entry))}{role}: {_plain(verdict(entry, say))}"
    yield _plain(", ".join(facts(entry, say)))
    found = recognised(entry, say)
    if found:
        yield _plain(found)
    if entry["status"]["state"] != "open":
        yield _plain(entry["status"]["text"])
    rules = ordered_rules(entry)
    if rules:
        yield _overview(rules, entry, say)
        for rule in rules:
            yield _details(
                f"{say(SEVERITIES[rule['severity']])} {rule['code']} {rule['name']}",
                "\n\n".join(_rule(rule, entry, say)),
            )
    yield from _figures(entry, say)
    yield from _matrix(entry, say)
    yield f"**{say(N_('Next'))}:** {_plain(next_step(entry, say))}"


def _overview(rules: list[dict[str, Any]], entry: Entry, say: Say) -> str:
    head = (N_("Severity"), N_("Rule"), N_("What"), N_("Count"), N_("First place"))
    rows = [[say(text) for text in head]]
    for rule in rules:
        findings = findings_of(entry, rule["code"])
        line = findings[0]["line"] if findings else None
        where = "" if line is None else say(N_("line {line}")).format(line=line)
        name = f"{rule['code']} {rule['name']}"
        severity = say(SEVERITIES[rule["severity"]])
        rows.append([severity, name, rule["title"], number(rule["count"]), where])
    return _table([[_plain(cell) for cell in row] for row in rows])


def _rule(rule: dict[str, Any], entry: Entry, say: Say) -> Iterator[str]:
    lines: list[str] = []
    shown = 0
    for message, places, _ in places_by_message(findings_of(entry, rule["code"]), SHOWN):
        shown += max(1, len(places))
        lines += places
        lines.append(f"  {message}" if places else message)
    yield _block(lines)
    more = rule["count"] - shown
    if more:
        yield _plain(say(N_("and {count} more")).format(count=number(more)))
    yield f"**{say(N_('Why'))}:** {_plain(rule['why'])}"
    yield f"**{say(N_('Remedy'))}:** {_plain(rule['remedy'])}"
    if rule["source"]:
        title = _plain(source(rule["source"], say))
        yield f"**{say(N_('Source'))}:** {title} <{rule['source']['url']}>"


def _figures(entry: Entry, say: Say) -> Iterator[str]:
    pairs = [*statistics(entry, say)] if entry["examples"] else []
    if not pairs:
        return
    rows = [[say(N_("Statistics")), ""], *([label, value] for label, value in pairs)]
    parts = [_table([[_plain(cell) for cell in row] for row in rows])]
    bars = histogram(entry, say)
    if bars:
        title, bins = bars
        rows = [[title, say(N_("Examples"))], *([label, number(count)] for label, count in bins)]
        parts.append(_table([[_plain(cell) for cell in row] for row in rows]))
    yield _details(say(N_("Statistics")), "\n\n".join(parts))


def _matrix(entry: Entry, say: Say) -> Iterator[str]:
    rows = matrix_rows(entry, say)
    if not rows:
        return
    title = say(N_("Targets that accept this file: {count} of {all}"))
    table = [[say(N_("Accepted")), say(N_("Target")), say(N_("First reason why not"))]]
    for accepted, name, text in rows:
        answer = say(N_("yes")) if accepted else say(N_("no"))
        table.append([answer, _plain(name), _cell(_code(text)) if text else ""])
    summary = title.format(count=sum(row[0] for row in rows), all=len(rows))
    yield _details(summary, _table(table))


def _details(summary: str, inside: str) -> str:
    return f"<details><summary>{_plain(summary)}</summary>\n\n{inside}\n\n</details>"


def _table(rows: list[list[str]]) -> str:
    """Return rows, the first of which is the head; their cells are Markdown."""
    head, *body = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join([head, "|" + " --- |" * len(rows[0]), *body])


def _cell(markdown: str) -> str:
    return markdown.replace("|", "\\|")  # the one sign that counts in code, too


def _plain(text: str) -> str:
    """Return a text of ours, of which nothing acts as Markdown or HTML."""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _MARKUP.sub(r"\\\1", text).replace("\n", " ")


def _code(text: str) -> str:
    """Return a span of code that holds any text."""
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", text)), default=0))
    edge = " " if text[:1] in ("`", " ", "") or text[-1:] in ("`", " ") else ""
    return f"{fence}{edge}{text}{edge}{fence}"


def _block(lines: list[str]) -> str:
    """Return a block of code that holds any text."""
    text = "\n".join(lines)
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", text)), default=0))
    return f"{fence}text\n{text}\n{fence}"
