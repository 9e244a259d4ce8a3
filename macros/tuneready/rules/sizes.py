"""TR7xx: how much there is, of a file and in a message."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tuneready.locale import N_
from tuneready.rules.base import Hit, On, hit, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tuneready.dataset.examples import Chat
    from tuneready.dataset.report import Report
    from tuneready.targets.base import Target

_GOOD = (
    '{"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]}\n'
)


def _least(target: Target) -> int:
    """Return the least number of examples, for the model if one is named."""
    of_model = target.model.min_examples if target.model else None
    return max(target.limits.min_examples or 0, of_model or 0)


@rule(
    "TR701",
    On.FILE,
    title=N_("There are too few examples"),
    why=N_("The job does not start with fewer."),
    remedy=N_("Add good examples; a few more than the least is rarely enough to change a model."),
    bad=_GOOD,
    good=_GOOD * 10,
)
def too_few_examples(report: Report, target: Target) -> Iterator[Hit]:
    least = _least(target)
    if report.training is not None or report.unreadable:
        return  # a file that validates has limits of its own
    if report.records < least:
        yield hit(
            (),
            N_("Lines that are not blank: {count}; expected at least {least}."),
            count=report.records,
            least=least,
        )


@rule(
    "TR702",
    On.FILE,
    title=N_("There are fewer examples than advised"),
    why=N_("The job starts, but so few examples rarely change a model in a useful way."),
    remedy=N_("Begin with that many, made with care, and see whether more of them help."),
    bad=_GOOD * 10,
    good=_GOOD * 50,
)
def fewer_examples_than_advised(report: Report, target: Target) -> Iterator[Hit]:
    advised = target.limits.advised_examples
    if advised is None or report.training is not None or report.unreadable:
        return
    if max(_least(target), 1) <= report.records < advised:
        yield hit(
            (),
            N_(
                "Lines that are not blank: {count}; about {advised} examples are advised to begin with."
            ),
            count=report.records,
            advised=advised,
        )


@rule(
    "TR703",
    On.FILE,
    title=N_("The file is too large"),
    why=N_("The service takes no larger files."),
    remedy=N_(
        "Leave out examples that teach the same, or link to images instead of holding them in the file."
    ),
    bad=None,
    good=_GOOD,
)
def file_too_large(report: Report, target: Target) -> Iterator[Hit]:
    most = target.limits.max_file
    if report.training is not None and target.limits.max_validation_file is not None:
        return  # a file that validates has a limit of its own
    if most is not None and report.bytes > most:
        yield hit(
            (),
            N_("The file has {size} bytes; expected at most {most}."),
            size=report.bytes,
            most=most,
        )


@rule(
    "TR704",
    On.FILE,
    title=N_("The file is too large for an upload in the portal"),
    why=N_("The web portal takes smaller files than the API."),
    remedy=N_("Upload the file with the API or import it from a storage account."),
    bad=None,
    good=_GOOD,
)
def file_over_portal_limit(report: Report, target: Target) -> Iterator[Hit]:
    portal, most = target.limits.max_portal_file, target.limits.max_file
    if portal is None or report.bytes <= portal or (most is not None and report.bytes > most):
        return
    yield hit(
        (),
        N_("The file has {size} bytes; the portal takes {most}."),
        size=report.bytes,
        most=portal,
    )


@rule(
    "TR705",
    On.FILE,
    title=N_("There are too many examples with images"),
    why=N_("The service takes a limited number of examples with images."),
    remedy=N_("Keep the examples that teach most."),
    bad=None,
    good=_GOOD,
)
def too_many_image_examples(report: Report, target: Target) -> Iterator[Hit]:
    most = target.limits.max_image_examples
    if most is not None and report.statistics.image_examples > most:
        yield hit(
            (),
            N_("Examples with images: {count}; expected at most {most}."),
            count=report.statistics.image_examples,
            most=most,
        )


@rule(
    "TR706",
    On.CHAT,
    title=N_("A message is very long"),
    why=N_(
        "So long a message probably exceeds what is read of an example. What exceeds it is cut at the end, where the answer stands, or the whole example is left out."
    ),
    remedy=N_("Shorten the message, or split the document over several examples."),
    bad=None,
    good=_GOOD,
)
def message_very_long(chat: Chat, target: Target) -> Iterator[Hit]:
    most = target.limits.max_message_characters
    if most is None:
        return
    for message in chat.messages:
        for text in message.texts:
            if len(text) > most:
                yield hit(
                    message.at("content"),
                    N_("A text has {count} characters; up to {most} are usual."),
                    count=len(text),
                    most=most,
                )


@rule(
    "TR707",
    On.FILE,
    title=N_("The file is too large for an upload in one request"),
    why=N_(
        "Above this size an upload in one request is refused, or seems to work and the job fails later."
    ),
    remedy=N_(
        "Upload the file in parts, with the interface that the service has for it, or leave out examples that teach the same."
    ),
    bad=None,
    good=_GOOD,
)
def file_over_one_request(report: Report, target: Target) -> Iterator[Hit]:
    single, most = target.limits.max_single_upload, target.limits.max_file
    if single is None or report.bytes <= single or (most is not None and report.bytes > most):
        return
    yield hit(
        (),
        N_("The file has {size} bytes; one request takes {most}."),
        size=report.bytes,
        most=single,
    )


@rule(
    "TR708",
    On.CHAT,
    title=N_("There are more messages than a request may have"),
    why=N_(
        "The limit is that of a request. None is stated for training files, but a conversation of this length cannot be had with the model."
    ),
    remedy=N_("Split the conversation into several examples."),
    bad=None,
    good=_GOOD,
)
def too_many_messages(chat: Chat, target: Target) -> Iterator[Hit]:
    most = target.limits.max_messages
    if most is not None and len(chat.messages) > most:
        yield hit(
            chat.path,
            N_("The example has {count} messages; expected at most {most}."),
            count=len(chat.messages),
            most=most,
        )


RULES = (
    too_few_examples,
    fewer_examples_than_advised,
    file_too_large,
    file_over_portal_limit,
    too_many_image_examples,
    message_very_long,
    file_over_one_request,
    too_many_messages,
)
