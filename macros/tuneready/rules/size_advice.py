"""TR718-TR719: sizes that nothing refuses, but that are worth a look."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tuneready.finding import Location
from tuneready.locale import N_
from tuneready.rules.base import Hit, On, hit, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tuneready.dataset.report import Report
    from tuneready.targets.base import Target


def _chats(who: str, count: int) -> str:
    """Return chats of which no two are alike."""
    return "".join(
        f'{{"messages": [{{"role": "user", "content": "Hi, I am {who} {number}."}}, '
        f'{{"role": "assistant", "content": "Hello, {number}"}}]}}\n'
        for number in range(count)
    )


def _pairs(longest: str) -> str:
    names = ("Ann", "Bob", "Cas", "Dik", "Eva", "Fay", "Guy", "Hal", "Ivo")
    pairs = [f'{{"prompt": "{name} ->", "completion": " {name} END"}}\n' for name in names]
    return "".join(pairs) + f'{{"prompt": "Jan ->", "completion": " {longest} END"}}\n'


@rule(
    "TR718",
    On.FILE,
    target="mistral/sft",
    training=_chats("guest", 100),
    title=N_("The validation file is large beside the training file"),
    why=N_(
        "A validation file beyond this share is not needed, and its examples are missing from the training."
    ),
    remedy=N_("Move examples from the validation file to the training file."),
    bad=_chats("a visitor with the number", 20),
    good=_chats("a visitor with the number", 2),
)
def validation_share_large(report: Report, target: Target) -> Iterator[Hit]:
    most, training = target.limits.advised_validation_share, report.training
    if most is not None and training is not None and report.bytes * 100 > training.bytes * most:
        yield hit(
            (),
            N_(
                "The file has {size} bytes, {share}% of the training file's; up to {most}% are advised."
            ),
            size=report.bytes,
            share=report.bytes * 100 // max(training.bytes, 1),
            most=most,
        )


@rule(
    "TR719",
    On.FILE,
    target="openai/completion",
    title=N_("The longest example is very long"),
    why=N_(
        "The old preparation tool named such examples: the older models took about 2,048 tokens."
    ),
    remedy=N_("Look at the longest examples; shorten or split them."),
    bad=_pairs("word " * 2100),
    good=_pairs("word " * 20),
)
def longest_example_very_long(report: Report, target: Target) -> Iterator[Hit]:
    most, longest = target.limits.max_example_characters, report.statistics.longest
    if most is not None and longest > most:
        yield Hit(
            (),
            N_("This example has {count} characters; up to {most} are usual."),
            {"count": longest, "most": most},
            place=Location(report.statistics.longest_line, 1),
        )


RULES = (validation_share_large, longest_example_very_long)
