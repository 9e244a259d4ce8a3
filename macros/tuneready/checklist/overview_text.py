"""What a terminal shows of an overview around its verdicts: the case, changes, evidence, owners."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuneready.checklist.textlines import bullet, part, wrapped
from tuneready.escaping import escaped, one_line
from tuneready.locale import N_, translation

if TYPE_CHECKING:
    from collections.abc import Iterator

    type Json = dict[str, Any]

_LONGEST = 300  # characters of a note or an address


def head(found: Json, language: str) -> str:
    """Return what stands above the verdicts: whose answers, of which day, to which case."""
    say = translation(language).gettext
    lines = []
    if found["name"]:
        lines += wrapped(
            say(N_("Assessment “{name}”")).format(name=one_line(found["name"], _LONGEST))
        )
    if found["date"]:
        lines.append(say(N_("Saved on {day}.")).format(day=found["date"]))
    for each in found["scope"]:
        lines += wrapped(f"{each['question']} {each['answer']}")
    return "\n".join([*lines, "", ""]) if lines else ""


def tail(found: Json, language: str) -> str:
    """Return what stands below them; nothing when there is nothing to say."""
    return "".join(f"{line}\n" for line in _tail(found, language))


def _tail(found: Json, language: str) -> Iterator[str]:
    say = translation(language).gettext
    items = [item for checklist in found["checklists"] for item in checklist["items"]]
    changes = found["changes"]
    yield from part(say(N_("New since it was answered")), map(_bullet, changes["new"]))
    yield from part(
        say(N_("Reworded since it was answered")),
        (_reworded(item, say) for item in changes["reworded"]),
    )
    yield from part(
        say(N_("No longer asked; kept in the file")),
        ([*_bullet(item), *_beside(item, say)] for item in found["archived"]),
    )
    yield from part(
        say(N_("Evidence")),
        (
            [*_bullet(item), *_evidence(item)]
            for item in items
            if item["evidence"] or item["report"]
        ),
    )
    yield from part(
        say(N_("Owners")),
        (
            bullet(f"{escaped(owner['label'])}: {_count(owner, say)}")
            for owner in found["owners"]
            if owner["owner"]
        ),
    )


def _count(owner: Json, say: Any) -> str:
    states = [item["state"] for item in owner["items"]]
    return str(
        say(N_("questions {all}, gaps {gap}, open {open}")).format(
            all=len(states), gap=states.count("gap"), open=states.count("open")
        )
    )


def _bullet(item: Json) -> list[str]:
    answer = f"{item['answer_label']}: " if "answer_label" in item else ""
    return bullet(f"{answer}{one_line(item['text'], _LONGEST)}")


def _reworded(item: Json, say: Any) -> Iterator[str]:
    yield from _bullet(item)
    if item["before"]:
        text = say(N_("It was asked as: {text}")).format(text=one_line(item["before"], _LONGEST))
        yield from wrapped(text, indent="    ")


def _evidence(item: Json) -> Iterator[str]:
    for text in (item["evidence"], item["report"]):
        if text:
            yield from wrapped(one_line(text, _LONGEST), indent="    ")


def _beside(item: Json, say: Any) -> Iterator[str]:
    for label, key in ((N_("Reason: {text}"), "reason"), (N_("Note: {text}"), "note")):
        if item[key]:
            text = say(label).format(text=one_line(item[key], _LONGEST))
            yield from wrapped(text, indent="    ")
    yield from _evidence(item)
