"""TR75x: how many tokens there are, of an example and of a job. Only where tokens are counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tuneready.dataset.cost import default_epochs
from tuneready.finding import Location, Phrase
from tuneready.locale import N_
from tuneready.rules.base import Hit, On, hit, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tuneready.dataset.report import Report
    from tuneready.targets.base import Target

_GOOD = (
    '{"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]}\n'
)

_EFFECTS = {
    "refused": Phrase(N_("the service refuses it")),
    "cut": Phrase(N_("what is over is cut from its end, so the answer goes first")),
    "dropped": Phrase(N_("it is left out without a word")),
}
_NOT_STATED = Phrase(N_("what happens to it is not stated"))


@rule(
    "TR750",
    On.FILE,
    title=N_("An example has more tokens than the model takes"),
    why=N_(
        "Such an example is refused, left out or cut at its end, where the answer stands: the model then learns from questions that nobody answers."
    ),
    remedy=N_(
        "Shorten the example or split it over several; keep the system text and the documents that are quoted as short as the task allows."
    ),
    bad=None,
    good=_GOOD,
    target="openai/sft",
)
def example_over_token_limit(report: Report, target: Target) -> Iterator[Hit]:
    tokens = report.statistics.tokens
    if tokens is None or tokens.limit is None:
        return
    effect = _EFFECTS.get(target.limits.over_limit or "", _NOT_STATED)
    for line, count in tokens.long:
        yield Hit(
            (),
            N_("The example has {count} tokens; up to {limit} are trained on: {effect}."),
            {"count": count, "limit": tokens.limit, "effect": effect},
            place=Location(line, 1),
        )
    # Only the first ones are named; the others are counted.
    for _ in range(tokens.over_limit - len(tokens.long)):
        yield hit((), N_("Another example is over the token limit."))


@rule(
    "TR751",
    On.FILE,
    title=N_("The file has more tokens than a job may train on"),
    why=N_("The limit holds for the tokens of the file times the epochs; the job is refused."),
    remedy=N_("Leave out examples that teach the same, or shorten them."),
    bad=None,
    good=_GOOD,
)
def job_over_token_limit(report: Report, target: Target) -> Iterator[Hit]:
    tokens, most = report.statistics.tokens, target.limits.max_job_tokens
    if tokens is None or most is None or report.training is not None:
        return
    total = tokens.per_example.total
    if total > most:
        yield hit(
            (),
            N_("One epoch has {count} tokens; expected at most {most} over all epochs."),
            count=total,
            most=most,
        )


@rule(
    "TR752",
    On.FILE,
    title=N_("The usual number of epochs goes over the limit of a job"),
    why=N_(
        "The limit holds for the tokens of the file times the epochs. Left to itself a service may choose more epochs than the limit allows, and then refuse the job."
    ),
    remedy=N_("Set the number of epochs yourself, so that tokens times epochs stay below."),
    bad=None,
    good=_GOOD,
)
def epochs_over_token_limit(report: Report, target: Target) -> Iterator[Hit]:
    tokens, most = report.statistics.tokens, target.limits.max_job_tokens
    if tokens is None or most is None or report.training is not None:
        return
    total = tokens.per_example.total
    epochs = default_epochs(tokens.per_example.size)
    if total <= most < total * epochs:
        yield hit(
            (),
            N_(
                "With {epochs} epochs, as is usual for so many examples, the job has {count} tokens; expected at most {most}. Up to {fitting} epochs fit."
            ),
            epochs=epochs,
            count=total * epochs,
            most=most,
            fitting=most // total,
        )


RULES = (example_over_token_limit, job_over_token_limit, epochs_over_token_limit)
