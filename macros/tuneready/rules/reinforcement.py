"""TR62x: reinforcement examples: a prompt, and fields with which a grader judges the answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tuneready.dataset.item_fields import ItemFields
from tuneready.dataset.quoting import listed, shown
from tuneready.finding import Location
from tuneready.locale import N_
from tuneready.rules.base import Hit, On, hit, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tuneready.dataset.examples import Example
    from tuneready.dataset.report import Report
    from tuneready.targets.base import Target

ENOUGH = 10  # examples, before what they have in common says anything


def _line(number: int, fields: str) -> str:
    said = f'{{"messages": [{{"role": "user", "content": "What is {number} + 2?"}}]'
    return f"{said}, {fields}}}\n" if fields else f"{said}}}\n"


_GOOD = "".join(_line(i, f'"answer": "{i + 2}"') for i in range(12))


@rule(
    "TR621",
    On.EXAMPLE,
    target="azure-openai/rft",
    title=N_("There is no field for the grader"),
    why=N_(
        "A grader that compares needs something to compare with, under a key beside the messages. Sources disagree: one checker asks for such a field, and a sample set graded by a model has none."
    ),
    remedy=N_(
        "Add the expected answer under a key of your own, unless your grader reads the model's answer alone."
    ),
    bad=_line(1, ""),
    good=_line(1, '"answer": "3"'),
)
def grader_field_missing(example: Example, target: Target) -> Iterator[Hit]:
    del target
    if example.record.keys() <= example.layout.keys.keys():
        yield hit(
            (),
            N_("The keys are {found}; expected one more, with something for the grader."),
            found=listed([shown(key) for key in example.record]),
        )


@rule(
    "TR622",
    On.FILE,
    target="azure-openai/rft",
    title=N_("The fields for the grader differ between lines"),
    why=N_(
        "The grader reads the same fields of every line; where one is missing or of another type, its answer is wrong or an error."
    ),
    remedy=N_("Give every line the same fields, each with one type."),
    bad=_GOOD + _line(50, '"solution": "52"'),
    good=_GOOD,
)
def grader_fields_differ(report: Report, target: Target) -> Iterator[Hit]:
    del target
    items = report.observed.get("items")
    if not isinstance(items, ItemFields):
        return
    for name, field in sorted(items.fields.items()):
        if field.first_without is not None:
            params: dict[str, str | int] = {
                "count": field.count,
                "all": items.with_fields,
                "name": shown(name),
            }
            text = N_(
                "{count} of {all} examples have the field {name}; this one is the first without it."
            )
            line = field.first_without
            if field.count * 2 < items.with_fields:  # then those that have it are the odd ones
                text = N_("{count} of {all} examples have the field {name}; this one is the first.")
                line = min(field.kinds.values())
            yield Hit((), text, params, place=Location(line, 1))
        elif len(field.kinds) > 1:
            (first, _), (second, line), *_ = sorted(field.kinds.items(), key=lambda kind: kind[1])
            yield Hit(
                (),
                N_("The field {name} is {second}, and {first} on an earlier line."),
                {"name": shown(name), "second": second, "first": first},
                place=Location(line, 1),
            )


@rule(
    "TR623",
    On.FILE,
    target="azure-openai/rft",
    title=N_("A field for the grader has the same value on every line"),
    why=N_("A value that never varies cannot tell a good answer from a bad one."),
    remedy=N_("Check the export; write the value that belongs to each example."),
    bad="".join(_line(i, '"answer": "3"') for i in range(12)),
    good=_GOOD,
)
def grader_field_constant(report: Report, target: Target) -> Iterator[Hit]:
    """Say so only when no field varies: a fixed field beside one that varies does no harm."""
    del target
    items = report.observed.get("items")
    if not isinstance(items, ItemFields) or items.with_fields < ENOUGH:
        return
    if any(field.varies for field in items.fields.values()):
        return
    for name, field in sorted(items.fields.items()):
        if field.count == items.with_fields:
            yield hit(
                (),
                N_("The field {name} has one value on all of {count} examples."),
                name=shown(name),
                count=field.count,
            )


RULES = (grader_field_missing, grader_fields_differ, grader_field_constant)
