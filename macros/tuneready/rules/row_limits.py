"""TR71x: the greatest numbers of examples, and the sizes of files that validate."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tuneready.locale import N_
from tuneready.rules.base import Hit, On, hit, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tuneready.dataset.examples import Text
    from tuneready.dataset.report import Report
    from tuneready.targets.base import Target

_BEDROCK = '{"messages": [{"role": "user", "content": [{"text": "Hi"}]}, {"role": "assistant", "content": [{"text": "Hello"}]}]}\n'
_GEMINI = '{"contents": [{"role": "user", "parts": [{"text": "Hi"}]}, {"role": "model", "parts": [{"text": "Hello"}]}]}\n'
_CLAUDE = '{"system": "Be brief.", "messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]}\n'


def _cohere(instructions: str) -> str:
    return (
        '{"messages": [{"role": "System", "content": "' + instructions + '"}, '
        '{"role": "User", "content": "Hi"}, {"role": "Chatbot", "content": "Hello"}]}\n'
    )


@rule(
    "TR711",
    On.FILE,
    target="bedrock/nova-sft",
    title=N_("There are too many examples"),
    why=N_("The service takes a limited number of examples, and refuses files with more."),
    remedy=N_("Keep the examples that teach most, or train in several rounds."),
    bad=None,
    good=_BEDROCK,
)
def too_many_examples(report: Report, target: Target) -> Iterator[Hit]:
    most = target.limits.max_examples
    if report.training is None and most is not None and report.records > most:
        yield hit(
            (),
            N_("Lines that are not blank: {count}; expected at most {most}."),
            count=report.records,
            most=most,
        )


@rule(
    "TR712",
    On.FILE,
    target="bedrock/claude-sft",
    title=N_("There are too many examples to validate with"),
    why=N_("The service takes fewer examples for validation than for training."),
    remedy=N_("Keep a sample that stands for all kinds of questions."),
    bad=None,
    good=_CLAUDE,
)
def too_many_validation_examples(report: Report, target: Target) -> Iterator[Hit]:
    most = target.limits.max_validation_examples
    if report.training is not None and most is not None and report.records > most:
        yield hit(
            (),
            N_("Lines that are not blank: {count}; expected at most {most} in a validation file."),
            count=report.records,
            most=most,
        )


@rule(
    "TR713",
    On.FILE,
    target="bedrock/claude-sft",
    title=N_("There are too few examples to validate with"),
    why=N_("The job does not start with fewer; so few would measure nothing, either."),
    remedy=N_("Move examples from the training file, or leave the validation file out."),
    bad=None,
    good=_CLAUDE,
)
def too_few_validation_examples(report: Report, target: Target) -> Iterator[Hit]:
    least = target.limits.min_validation_examples
    if report.training is None or least is None or report.unreadable:
        return
    if report.records < least:
        yield hit(
            (),
            N_(
                "Lines that are not blank: {count}; expected at least {least} in a validation file."
            ),
            count=report.records,
            least=least,
        )


@rule(
    "TR714",
    On.FILE,
    target="bedrock/claude-sft",
    title=N_("The validation file is too large"),
    why=N_("The service takes smaller files for validation than for training."),
    remedy=N_("Keep a sample that stands for all kinds of questions."),
    bad=None,
    good=_CLAUDE,
)
def validation_file_too_large(report: Report, target: Target) -> Iterator[Hit]:
    most = target.limits.max_validation_file
    if report.training is not None and most is not None and report.bytes > most:
        yield hit(
            (),
            N_("The validation file has {size} bytes; expected at most {most}."),
            size=report.bytes,
            most=most,
        )


@rule(
    "TR715",
    On.FILE,
    target="gemini/sft",
    title=N_("There is too much to validate with, for so little to train with"),
    why=N_(
        "Above a number of examples, a validation file may only be a share of the training file."
    ),
    remedy=N_("Keep fewer examples for validation."),
    bad=None,
    good=_GEMINI,
)
def validation_share_too_large(report: Report, target: Target) -> Iterator[Hit]:
    limits = target.limits
    share, free = limits.max_validation_share, limits.free_validation_examples
    if report.training is None or share is None or free is None or report.records <= free:
        return
    most = limits.max_validation_examples
    if most is not None and report.records > most:
        return  # that is said already
    if report.records * 100 > report.training.records * share:
        yield hit(
            (),
            N_(
                "Lines that are not blank: {count}; expected at most {share}% of the {training} for training, or {free}, whichever is more."
            ),
            count=report.records,
            share=share,
            training=report.training.records,
            free=free,
        )


@rule(
    "TR716",
    On.FILE,
    target="bedrock/claude-sft",
    title=N_("Both files together have too many examples"),
    why=N_("The service adds up the examples for training and for validation."),
    remedy=N_("Leave out examples of either file."),
    bad=None,
    good=_CLAUDE,
)
def too_many_examples_together(report: Report, target: Target) -> Iterator[Hit]:
    most = target.limits.max_together
    if report.training is None or most is None:
        return
    count = report.records + report.training.records
    if count > most:
        yield hit(
            (),
            N_(
                "Lines that are not blank, in the training and the validation file: {count}; expected at most {most}."
            ),
            count=count,
            most=most,
        )


# The least length for which a target may have a limit: shorter texts need no look.
_SHORT = 4096


@rule(
    "TR717",
    On.TEXT,
    target="cohere/chat",
    title=N_("The instructions are very long"),
    why=N_(
        "There is a limit in tokens for the system message, which this text probably exceeds: it is estimated at four characters per token."
    ),
    remedy=N_("Shorten the instructions; move what belongs to one question to the user's message."),
    bad=_cohere("Be brief. " * 900),
    good=_cohere("Be brief."),
    hint=rf"[\s\S]{{{_SHORT}}}",
)
def instructions_very_long(text: Text, target: Target) -> Iterator[Hit]:
    most = target.limits.max_system_characters
    if most is not None and text.role == "system" and len(text.text) > max(most, _SHORT):
        yield hit(
            text.path,
            N_("The instructions have {count} characters; up to about {most} fit."),
            count=len(text.text),
            most=most,
        )


RULES = (
    too_many_examples,
    too_many_validation_examples,
    too_few_validation_examples,
    validation_file_too_large,
    validation_share_too_large,
    too_many_examples_together,
    instructions_very_long,
)
