"""What the outputs for people say alike: the verdict, facts, places, statistics and the next step.

Everything here returns plain texts in which nothing of the data is left that disturbs a display.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuneready.escaping import escaped
from tuneready.locale import N_, translation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    type Say = Callable[[str], str]
    type Entry = dict[str, Any]  # one of the document's reports

THIN = "\u202f"  # between the thousands of a number; it does not break

SEVERITIES = {"error": N_("error"), "warning": N_("warning"), "note": N_("note")}
ROLES = {"training": N_("training file"), "validation": N_("validation file")}
STATES = {"open": N_("open"), "closing": N_("closing"), "withdrawn": N_("withdrawn")}
CERTAINTIES = {
    "certain": N_("certain"),
    "likely": N_("likely"),
    "mixed": N_("mixed"),
    "unknown": N_("unknown"),
}
OVER_LIMIT = {
    "refused": N_("longer examples than that, which the service refuses: {count}"),
    "cut": N_("longer examples than that, which are cut off at the limit: {count}"),
    "dropped": N_("longer examples than that, which are left out of the training: {count}"),
    "unknown": N_(
        "longer examples than that: {count}; what then happens to them is not documented"
    ),
}


def say_in(language: str) -> Say:
    """Return what translates."""
    return translation(language).gettext


DECIMAL = N_(".")  # the sign between a whole number and its fraction


def number(count: float, say: Say = str) -> str:
    """Group the digits of large numbers with narrow spaces, which every language here allows."""
    return f"{count:,}".replace(",", THIN).replace(".", say(DECIMAL))


def ordered_rules(entry: Entry) -> list[dict[str, Any]]:
    """Return the rules that apply, the most serious first."""
    order = tuple(SEVERITIES)
    return sorted(entry["rules"], key=lambda rule: (order.index(rule["severity"]), rule["code"]))


def findings_of(entry: Entry, code: str) -> list[dict[str, Any]]:
    """Return the findings of a rule that were kept."""
    return [finding for finding in entry["findings"] if finding["code"] == code]


def file_name(entry: Entry) -> str:
    return escaped(entry["file"])


def verdict(entry: Entry, say: Say) -> str:
    """Return the sentence after the file's name: whether it is ready, and what was found."""
    counts = entry["counts"]
    target = entry["target"] + (f" ({entry['model']})" if entry["model"] else "")
    if "part_of" in entry and not counts["error"]:
        return say(N_("not checked to its end for {target}.")).format(target=target)
    if not any(counts.values()):
        return say(N_("ready for {target}; nothing found.")).format(target=target)
    found = ", ".join(
        say(text).format(count=number(counts[severity]))
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
    return say(text).format(target=target, found=found)


def facts(entry: Entry, say: Say) -> list[str]:
    """Return what the file holds, a few words each."""
    statistics = entry["statistics"]
    counted = (
        (N_("lines: {count}"), entry["lines"], True),
        (N_("examples: {count}"), entry["examples"], True),
        (N_("bytes: {count}"), entry["bytes"], True),
        (N_("messages: {count}"), statistics["messages"]["total"], False),
        (N_("tool calls: {count}"), statistics["tools"]["calls"], False),
        (N_("images: {count}"), statistics["images"]["total"], False),
    )
    found = [say(text).format(count=number(n)) for text, n, always in counted if n or always]
    if "part_of" in entry:
        text = say(N_("only the beginning of a file of {count} bytes"))
        found.append(text.format(count=number(entry["part_of"])))
    if entry.get("depth") == "format":
        found.append(say(N_("only the format was looked at")))
    return found


def recognised(entry: Entry, say: Say) -> str | None:
    """Return which format was recognised and how sure that is, when no target was named."""
    found = entry.get("recognised")
    if found is None:
        return None
    if found["format"] is None:
        text = N_("Format: not recognised. {reason} Checked as {target}.")
    else:
        text = N_("Format: {title} ({certainty}). {reason} Checked as {target}.")
    return say(text).format(
        title=found["title"],
        certainty=say(CERTAINTIES.get(found["certainty"], found["certainty"])),
        reason=found["reason"],
        target=entry["target"],
    )


def place(finding: dict[str, Any]) -> str:
    """Return where a finding is: `9:59 (byte 718) messages[1].role`; empty for the whole file."""
    parts = []
    if finding["line"] is not None:
        where = str(finding["line"])
        if finding["column"] is not None:
            where += f":{finding['column']}"
        if finding["byte"] is not None:
            where += f" (byte {finding['byte']})"
        parts.append(where)
    if finding["path"]:
        parts.append(finding["path"])
    return escaped(" ".join(parts))


def places_by_message(
    findings: list[dict[str, Any]], most: int
) -> Iterator[tuple[str, list[str], int]]:
    """Yield each message once, the places that it holds for, and how many of them are left out.

    `most` places of a rule are given in all, but every message gets one, as long as there are few.
    """
    by_message: dict[str, list[str]] = {}
    for finding in findings:
        by_message.setdefault(escaped(finding["message"]), []).append(place(finding))
    left = most
    for message, places in by_message.items():
        if left <= 0:
            return
        shown = [text for text in places[: max(1, left - len(by_message) + 1)] if text]
        left -= max(1, len(shown))
        yield message, shown, len(places) - max(1, len(shown))


def source(found: dict[str, Any], say: Say) -> str:
    """Return the title of a source and the day it was read."""
    read = say(N_("read {day}")).format(day=found["read"])
    return f"{found['title']} ({read})"


def statistics(entry: Entry, say: Say) -> Iterator[tuple[str, str]]:
    """Yield labels and values of the statistics that are there."""
    found = entry["statistics"]
    turns, lengths = found.get("turns"), found.get("lengths")
    if turns and found["messages"]["total"]:
        yield say(N_("Turns per example")), _spread(turns, say)
    if lengths:
        yield say(N_("Characters per example")), _spread(lengths, say)
    if found["longest_example"]:
        yield (
            say(N_("Longest example")),
            say(N_("line {line}, {count} characters")).format(
                line=found["longest_example"]["line"],
                count=number(found["longest_example"]["characters"]),
            ),
        )
    tokens = found.get("tokens")
    if tokens and tokens["per_example"]:
        yield from _tokens(tokens, say)
    training = found.get("training")
    if training:
        yield from _training(training, say)


def _tokens(tokens: dict[str, Any], say: Say) -> Iterator[tuple[str, str]]:
    text = N_("{total}, of which trained on: {trained}")
    total = say(text).format(total=number(tokens["total"]), trained=number(tokens["trained"]))
    yield say(N_("Tokens") if tokens["exact"] else N_("Tokens (estimate)")), total
    yield say(N_("Tokens per example")), _spread(tokens["per_example"], say)
    if tokens["limit"] is not None:
        value = say(N_("{limit} tokens per example")).format(limit=number(tokens["limit"]))
        if tokens["over_limit"]:
            template = OVER_LIMIT.get(tokens["over_limit_effect"], OVER_LIMIT["unknown"])
            value += "; " + say(template).format(count=number(tokens["over_limit"]))
        yield say(N_("Limit")), value
    if tokens["note"]:
        yield say(N_("How counted")), tokens["note"]


def _training(training: dict[str, Any], say: Say) -> Iterator[tuple[str, str]]:
    text = N_("{tokens} tokens (epochs: {epochs})")
    said = say(text).format(tokens=number(training["tokens"]), epochs=training["epochs"])
    yield say(N_("Training")), said
    cost = training["cost"]
    if cost:
        low, high = (f"{number(cost[end], say)} {cost['currency']}" for end in ("low", "high"))
        money = low if low == high else f"{low} – {high}"
        price = say(N_("at {price} {currency} per million tokens, as read on {day}")).format(
            price=cost["per_million"], currency=cost["currency"], day=cost["read"]
        )
        yield say(N_("Cost")), f"{money} ({price})"
    if training["note"]:
        yield say(N_("Assumed")), training["note"]


def _spread(spread: dict[str, Any], say: Say) -> str:
    if spread["min"] == spread["max"]:
        return say(N_("{count} in every example")).format(count=number(spread["min"]))
    text = N_("{min} to {max}; half have up to {median}, 95% up to {p95}; on average {mean}")
    names = ("min", "max", "median", "p95", "mean")
    return say(text).format(**{name: number(spread[name], say) for name in names})


def histogram(entry: Entry, say: Say) -> tuple[str, list[tuple[str, int]]] | None:
    """Return a title and the bins of tokens per example, or of characters: their range and count."""
    found = entry["statistics"]
    tokens, lengths = found.get("tokens"), found.get("lengths")
    title, spread = N_("Characters per example"), lengths
    if tokens and tokens["per_example"]:
        title, spread = N_("Tokens per example"), tokens["per_example"]
    if not spread or spread["min"] == spread["max"]:  # one length needs no picture
        return None
    return say(title), [(_range(part), part["count"]) for part in spread["histogram"]]


def _range(part: dict[str, int]) -> str:
    first, last = number(part["from"]), number(part["to"])
    return first if first == last else f"{first}–{last}"


def matrix_rows(entry: Entry, say: Say) -> list[tuple[bool, str, str]]:
    """Return for every target whether it accepts the file, its name, and what is to be said."""
    rows = []
    for row in entry.get("matrix") or ():
        name = row["target"]
        if row["status"] != "open":
            name += f" ({say(STATES[row['status']])})"
        reason = row["reason"]
        text = ""
        if reason:
            where = ""
            if reason["line"] is not None:
                where = say(N_("line {line}: ")).format(line=reason["line"])
            text = f"{where}{reason['code']} {reason['name']}: {escaped(reason['message'])}"
        rows.append((row["accepted"], name, text))
    return sorted(rows, key=lambda row: not row[0])


def next_step(entry: Entry, say: Say) -> str:
    """Return what to do now."""
    rules = ordered_rules(entry)
    if "part_of" in entry and not entry["counts"]["error"]:
        return say(
            N_(
                "Look at the lines after line {line}, where the check ended, and check the whole file, if need be from the command line."
            )
        ).format(line=number(entry["lines"]))
    if not entry["valid"]:
        first = rules[0]
        return say(
            N_(
                "Repair the errors, {code} first, and check again; “tuneready explain {code}” tells more. Warnings do not stop the job; settle them before you train."
            )
        ).format(code=first["code"])
    if entry["counts"]["warning"]:
        return say(
            N_(
                "Nothing will be refused. Look at a few places of each warning and decide; then read twenty random examples yourself, because no program sees whether answers are right."
            )
        )
    return say(
        N_(
            "The form is right. Read twenty random examples yourself: no program sees whether the answers are."
        )
    )
