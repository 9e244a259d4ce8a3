"""The report for a terminal: first the verdict, then every rule with its places, cause and remedy."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

from tuneready.dataset.quoting import escaped
from tuneready.locale import N_, translation

if TYPE_CHECKING:
    from collections.abc import Iterator

WIDTH = 100
SHOWN = 5  # places per rule; the JSON report has all that were kept

_SEVERITIES = {"error": N_("error"), "warning": N_("warning"), "note": N_("note")}
_ORDER = tuple(_SEVERITIES)


def format_text(document: dict[str, Any], language: str) -> str:
    """Return the document of a report as text that ends with a newline."""
    say = translation(language).gettext
    blocks = ["\n".join(_report(entry, say)) for entry in document["reports"]]
    return "\n\n".join(blocks) + "\n"


def _report(entry: dict[str, Any], say: Any) -> Iterator[str]:
    yield f"{escaped(entry['file'])}: {_verdict(entry, say)}"
    yield "  " + _facts(entry, say)
    if entry["status"]["state"] != "open":
        yield from _wrapped(entry["status"]["text"], "  ")
    rules = sorted(entry["rules"], key=lambda rule: (_ORDER.index(rule["severity"]), rule["code"]))
    for rule in rules:
        yield ""
        yield from _rule(rule, entry, say)


def _verdict(entry: dict[str, Any], say: Any) -> str:
    counts = entry["counts"]
    target = entry["target"] + (f" ({entry['model']})" if entry["model"] else "")
    if not any(counts.values()):
        return str(say(N_("ready for {target}; nothing found."))).format(target=target)
    found = ", ".join(
        say(text).format(count=counts[severity])
        for severity, text in (
            ("error", N_("errors: {count}")),
            ("warning", N_("warnings: {count}")),
            ("note", N_("notes: {count}")),
        )
        if counts[severity]
    )
    text = (
        N_("ready for {target}; {found}.")
        if entry["valid"]
        else N_("not ready for {target}; {found}.")
    )
    return str(say(text)).format(target=target, found=found)


def _facts(entry: dict[str, Any], say: Any) -> str:
    facts = [
        say(N_("lines: {count}")).format(count=_number(entry["lines"])),
        say(N_("examples: {count}")).format(count=_number(entry["examples"])),
        say(N_("bytes: {count}")).format(count=_number(entry["bytes"])),
    ]
    statistics = entry["statistics"]
    if statistics["messages"]["total"]:
        facts.append(
            say(N_("messages: {count}")).format(count=_number(statistics["messages"]["total"]))
        )
    if statistics["tools"]["calls"]:
        facts.append(
            say(N_("tool calls: {count}")).format(count=_number(statistics["tools"]["calls"]))
        )
    if statistics["images"]["total"]:
        facts.append(
            say(N_("images: {count}")).format(count=_number(statistics["images"]["total"]))
        )
    return ", ".join(facts)


def _rule(rule: dict[str, Any], entry: dict[str, Any], say: Any) -> Iterator[str]:
    findings = [finding for finding in entry["findings"] if finding["code"] == rule["code"]]
    severity = say(_SEVERITIES[rule["severity"]])
    yield f"  {severity} {rule['code']} {rule['name']}: {rule['title']}"
    yield from _places(findings[:SHOWN])
    more = rule["count"] - min(len(findings), SHOWN)
    if more:
        yield "    " + say(N_("and {count} more")).format(count=_number(more))
    for label, text in ((N_("Why"), rule["why"]), (N_("Remedy"), rule["remedy"])):
        yield from _wrapped(f"{say(label)}: {text}", "    ", "      ")
    if rule["source"]:
        source = rule["source"]
        read = say(N_("read {day}")).format(day=source["read"])
        yield f"    {say(N_('Source'))}: {source['title']} ({read})"
        yield f"      {source['url']}"


def _places(findings: list[dict[str, Any]]) -> Iterator[str]:
    """Give each message once, under the places that it holds for."""
    by_message: dict[str, list[str]] = {}
    for finding in findings:
        place = ""
        if finding["line"] is not None:
            place = f"{finding['line']}:{finding['column']} (byte {finding['byte']})"
        if finding["path"]:
            place += f" {finding['path']}"
        by_message.setdefault(finding["message"], []).append(place)
    for message, places in by_message.items():
        if any(places):
            yield from (f"    {place}" for place in places)
            yield from _wrapped(message, "      ")
        else:
            yield from _wrapped(message, "    ")


def _wrapped(text: str, first: str, after: str | None = None) -> Iterator[str]:
    yield from textwrap.wrap(
        text,
        WIDTH,
        initial_indent=first,
        subsequent_indent=first if after is None else after,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _number(number: int) -> str:
    """Group the digits of large numbers with narrow spaces, which every language here allows."""
    return f"{number:,}".replace(",", "\u202f")
