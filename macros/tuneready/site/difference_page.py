"""The page of differences: how the guide of this site differs from the one that upstream publishes.

It is made from what `checklists/overrides/` changes and from the languages that are there, so it
cannot be out of date. Changes to pages, rules or code are for git to tell.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from tuneready.checklist.languages import REQUIRED
from tuneready.locale import N_, translation
from tuneready.site import figures
from tuneready.site.inline import inline
from tuneready.site.literal import literal
from tuneready.site.render import fragment

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tuneready.checklist.merge import Difference
    from tuneready.checklist.model import Checklist, Guide
    from tuneready.site.languages import SiteLanguage

# The first part of a field, as a reader would call it; what is not here keeps its own name.
FIELDS = {
    "text": N_("question"),
    "help": N_("explanation"),
    "evidence": N_("evidence"),
    "weight": N_("weight"),
    "blocker": N_("blocking"),
    "not_applicable": N_("“not applicable” is offered"),
    "title": N_("title"),
    "question": N_("question of the list"),
    "intro": N_("introduction"),
    "next_step": N_("next step"),
    "applies": N_("applies to"),
    "path": N_("address"),
}
PARTS = {
    "verdict": N_("The verdict"),
    "pages": N_("Pages that checklists lead to"),
    "scope": N_("Questions about the case"),
}


@dataclass(frozen=True, slots=True)
class Change:
    """One row: what differs, what upstream says, what holds here, and where that is written."""

    name: str
    """The question, or what the change is of; empty for what belongs to the whole list."""

    href: str | None
    field: str
    kind: Literal["changed", "hidden", "added"]
    before: str | None
    after: str | None
    place: str


def differences_page(
    guide: Guide,
    differences: Sequence[Difference],
    languages: Sequence[SiteLanguage],
    *,
    language: str,
    page_url: str,
) -> str:
    """Return the differences, as Markdown with a block of HTML for each part of the guide."""
    say = translation(language).gettext
    more = [one for one in languages if one.code not in REQUIRED]
    if not differences and not more:
        return literal(say(N_("Nothing differs: this is the guide as its project publishes it.")))
    # A list of the fork's own is one change, of which the list itself is the whole.
    own = {one.of for one in differences if one.field == "add" and one.id == one.of}
    parts = [
        fragment(
            "differences_overview.html",
            language,
            page_url,
            counts=_counts(differences),
            languages=more,
            own=[checklist for checklist in guide.checklists if checklist.id in own],
        )
    ]
    differ = {one.of for one in differences} - own
    for of in (
        *(name for name in _checklists(guide) if name in differ),
        *sorted(differ & {*PARTS}),
    ):
        changes = list(_changes(guide, [one for one in differences if one.of == of], language))
        block = fragment("differences.html", language, page_url, changes=changes)
        parts.append(f"## {literal(_title(guide, of, language))} {{ #of-{of} }}\n\n{block}")
    return "\n\n".join(parts)


def _counts(differences: Sequence[Difference]) -> Mapping[str, int]:
    items = [one for one in differences if one.id != one.of]
    return {
        "changed": sum(one.field not in {"add", "hide"} for one in differences),
        "hidden": sum(one.field == "hide" for one in items),
        "added": sum(one.field == "add" for one in items),
    }


def _title(guide: Guide, of: str, language: str) -> str:
    if of in PARTS:
        return translation(language).gettext(PARTS[of])
    return _checklists(guide)[of].title.get(language)


def _checklists(guide: Guide) -> Mapping[str, Checklist]:
    return {checklist.id: checklist for checklist in guide.checklists}


def _changes(guide: Guide, differences: Sequence[Difference], language: str) -> Iterator[Change]:
    items = {item.id: (checklist, item) for checklist, item in guide.items()}
    for one in differences:
        checklist, item = items.get(one.id, (None, None))
        path = checklist.path if checklist else None
        kind: Literal["changed", "hidden", "added"] = "changed"
        if one.field in {"hide", "add"}:
            kind = "hidden" if one.field == "hide" else "added"
        whole = kind != "changed"
        name = item.text.get(language) if item else "" if one.id == one.of else one.id
        yield Change(
            name=inline(str(one.before) if kind == "hidden" else name).striptags(),
            href=f"{path}#{one.id}" if path else None,
            field="" if whole else _field(one.field, language),
            kind=kind,
            # What upstream leaves out is no: every key of that kind says what is special.
            before=None
            if whole
            else _value(
                False if one.before is None and one.after is True else one.before, language
            ),
            after=None if whole else _value(one.after, language),
            place=f"{one.of}.yaml:{one.line}",
        )


def _field(field: str, language: str) -> str:
    """Return a field in words: `text.nl` is the question in Dutch, `weight` the weight."""
    first, _, rest = field.partition(".")
    if first not in FIELDS:
        return field
    name = translation(language).gettext(FIELDS[first])
    return f"{name} ({rest})" if rest else name


def _value(value: Any, language: str) -> str | None:
    say = translation(language).gettext
    match value:
        case None:
            return None
        case bool():
            return say(N_("yes")) if value else say(N_("no"))
        case int() | float():
            return figures.number(value, language)
        case list() | tuple():
            return ", ".join(map(str, value))
    return str(value)
