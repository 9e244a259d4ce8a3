"""A described comparison as text for a terminal, and as Markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuneready.checklist import markdown
from tuneready.checklist.textlines import bullet, part, wrapped
from tuneready.escaping import one_line
from tuneready.locale import N_, translation

if TYPE_CHECKING:
    from collections.abc import Iterator

    type Json = dict[str, Any]

DIFFERING = N_("Where you differ, most important first")
PARTLY = N_("Where someone has not answered, most important first")
AGREEING = N_("Where you agree")
OPEN = N_("Where nobody has answered")

_LONGEST = 300  # characters of a note


def to_text(described: Json, language: str) -> str:
    """Return text that ends with a newline."""
    return "".join(f"{line}\n" for line in _text(described, language))


def _text(described: Json, language: str) -> Iterator[str]:
    say = translation(language).gettext
    title = wrapped(described["title"])
    yield from title
    yield "=" * max(map(len, title))
    for sentence in described["sentences"]:
        yield from wrapped(sentence)
    yield from part(
        say(N_("Verdicts")),
        (
            bullet(f"{each['name']} ({each['answered']}): {each['label']}")
            for each in described["people"]
        ),
    )
    for heading, key in ((DIFFERING, "differing"), (PARTLY, "partly")):
        yield from part(say(heading), map(_compared, described[key]))
    yield from part(
        say(AGREEING),
        (bullet(f"{each['answer_label']}: {each['text']}") for each in described["agreeing"]),
    )
    yield from part(say(OPEN), (bullet(each["text"]) for each in described["open"]))


def _compared(each: Json) -> Iterator[str]:
    label = f"[{each['blocker_label']}] " if each["blocker_label"] else ""
    yield from bullet(f"{label}{each['text']}")
    for person in each["people"]:
        parts = [person["answer_label"], person["reason"], person["note"], person["evidence"]]
        said = " – ".join(one_line(text, _LONGEST) for text in parts if text)
        yield from wrapped(f"{person['name']}: {said}", indent="    ", rest="      ")


def to_markdown(described: Json, language: str) -> str:
    """Return Markdown that ends with a newline."""
    return "\n\n".join(_markdown(described, language)) + "\n"


def _markdown(described: Json, language: str) -> Iterator[str]:
    say = translation(language).gettext
    yield f"# {markdown.plain(described['title'])}"
    yield "\n".join(f"- {markdown.plain(sentence)}" for sentence in described["sentences"])
    head = [say(N_("Name")), say(N_("Answered")), *(each["title"] for each in described["agreed"])]
    rows = [
        [each["name"], each["answered"], *(verdict["label"] for verdict in each["verdicts"])]
        for each in described["people"]
    ]
    agreed = [say(N_("What you agree on")), "", *(each["label"] for each in described["agreed"])]
    yield markdown.table([[markdown.plain(cell) for cell in row] for row in (head, *rows, agreed)])
    for heading, key in ((DIFFERING, "differing"), (PARTLY, "partly")):
        if described[key]:
            yield f"## {say(heading)}"
            yield "\n".join(_entry(each) for each in described[key])
    if described["agreeing"]:
        yield f"## {say(AGREEING)}"
        yield "\n".join(
            f"- **{markdown.plain(each['answer_label'])}** {markdown.plain(each['text'])}"
            for each in described["agreeing"]
        )
    if described["open"]:
        yield f"## {say(OPEN)}"
        yield "\n".join(f"- {markdown.plain(each['text'])}" for each in described["open"])


def _entry(each: Json) -> str:
    label = f"**{markdown.plain(each['blocker_label'])}:** " if each["blocker_label"] else ""
    lines = [f"- {label}{markdown.plain(each['text'])}"]
    for person in each["people"]:
        parts = [
            markdown.plain(person["answer_label"]),
            markdown.lines(person["reason"], "    "),
            markdown.lines(person["note"], "    "),
            markdown.linked(person["evidence"]),
        ]
        said = " – ".join(text for text in parts if text)
        lines.append(f"  - {markdown.plain(person['name'])}: {said}")
    return "\n".join(lines)
