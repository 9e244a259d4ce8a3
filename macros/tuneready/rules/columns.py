"""TR22x: keys of a record that exclude each other, come too late, or should be on every line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tuneready.dataset.observers import RecordKinds, RecordWeights
from tuneready.dataset.quoting import described, listed, shown
from tuneready.finding import Location, Phrase
from tuneready.locale import N_
from tuneready.rules.base import Hit, On, hit, key_hit, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tuneready.dataset.examples import Example, Record
    from tuneready.dataset.report import Report
    from tuneready.targets.base import Target

_CHAT = (
    '{"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]'
)
_GOOD = _CHAT + "}\n"


def _weighted(*weights: float | None) -> str:
    """Return a chat for each weight, no two alike."""
    words = ("Hello", "Good morning", "Welcome")
    lines = [_CHAT.replace("Hello", word) for word in words]
    return "".join(
        line + ("}\n" if weight is None else f', "weight": {weight}}}\n')
        for line, weight in zip(lines, weights, strict=True)
    )


@rule(
    "TR221",
    On.RECORD,
    target="mistral-finetune/sft",
    title=N_("Two keys that exclude each other"),
    why=N_("Both keys say the same thing, so a line with both is refused."),
    remedy=N_("Keep one of them."),
    bad=_CHAT + ', "tools": [], "available_tools": []}\n',
    good=_CHAT + ', "tools": []}\n',
)
def keys_exclude_each_other(record: Record, target: Target) -> Iterator[Hit]:
    del target
    if record.other is not None or not isinstance(record.value, dict):
        return
    for names in record.layout.not_both:
        there = [name for name in names if name in record.value]
        if len(there) > 1:
            yield key_hit(
                (there[1],),
                N_("The record has {found}; expected only one of them."),
                found=listed([shown(name) for name in there]),
            )


@rule(
    "TR222",
    On.EXAMPLE,
    target="together/sft",
    title=N_("The weight of a record is negative"),
    why=N_("A record's weight says how much it counts, which cannot be less than nothing."),
    remedy=N_("Write zero or more, or leave the key out (which means 1)."),
    bad=_CHAT + ', "weight": -1}\n',
    good=_GOOD,
)
def record_weight_negative(example: Example, target: Target) -> Iterator[Hit]:
    del target
    weight = example.record.get("weight")
    if isinstance(weight, int | float) and weight < 0:
        yield hit(
            ("weight",),
            N_("The weight is {found}; expected zero or more."),
            found=described(weight),
        )


@rule(
    "TR223",
    On.EXAMPLE,
    target="together/sft",
    title=N_("Something is used that the published checks do not know"),
    why=N_(
        "Sources disagree: the last client that publishes its checks refuses it; newer clients, or the documentation, allow it. The service itself checks after the upload."
    ),
    remedy=N_("Use a current client, and look at what the service says about the file."),
    bad=_CHAT + ', "tools": []}\n',
    good=_GOOD,
)
def newer_than_published_checks(example: Example, target: Target) -> Iterator[Hit]:
    """Report the first thing of a line."""
    del target
    for key in ("tools", "weight"):
        if key in example.record and key in example.layout.keys:
            yield key_hit((key,), _NEWER, found=Phrase(shown(key)))
            return
    for chat in example.chats:
        for message in chat.messages:
            if message.role == "tool":
                yield hit(message.at("role"), _NEWER, found=Phrase(N_('the role "tool"')))
                return
            if message.role == "assistant" and "tool_calls" in message.fields:
                yield key_hit(message.at("tool_calls"), _NEWER, found=Phrase(shown("tool_calls")))
                return


_NEWER = N_("The record uses {found}, which older clients refuse.")


@rule(
    "TR224",
    On.FILE,
    target="together/sft",
    title=N_("The file mixes records of several kinds"),
    why=N_("One file has one kind of records; a file with two is refused."),
    remedy=N_("Make a file of each kind, or turn them all into one."),
    bad=_GOOD + '{"text": "Once upon a time."}\n',
    good=_GOOD,
)
def formats_mixed(report: Report, target: Target) -> Iterator[Hit]:
    from tuneready.dataset.formats import FORMATS

    del target
    kinds = report.observed.get("kinds")
    if isinstance(kinds, RecordKinds) and len(kinds.first) > 1:
        (first, _), (second, line), *_ = sorted(kinds.first.items(), key=lambda kind: kind[1])
        yield Hit(
            (),
            N_("The record is {second}; the records before it are {first}."),
            {"second": Phrase(FORMATS[second].title), "first": Phrase(FORMATS[first].title)},
            place=Location(line, 1),
        )


@rule(
    "TR225",
    On.FILE,
    target="fireworks/sft",
    title=N_("Only some of the records have a weight"),
    why=N_("When one record has a weight of its own, every record must have one."),
    remedy=N_("Give every record a weight (1 is usual), or none."),
    bad=_weighted(2, None, None),
    good=_weighted(2, 1, 0.5),
)
def weight_on_some_records(report: Report, target: Target) -> Iterator[Hit]:
    del target
    weights = report.observed.get("weights")
    if isinstance(weights, RecordWeights) and weights.with_weight and weights.without:
        yield Hit(
            (),
            N_("{count} of {all} records have a weight; this one is the first without."),
            {"count": weights.with_weight, "all": weights.with_weight + weights.without},
            place=Location(weights.first_without, 1),
        )


RULES = (
    keys_exclude_each_other,
    record_weight_negative,
    newer_than_published_checks,
    formats_mixed,
    weight_on_some_records,
)
