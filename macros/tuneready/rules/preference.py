"""TR60x: preference examples: what is asked, and two answers to compare."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from tuneready.dataset.quoting import path_text, shown
from tuneready.locale import N_
from tuneready.rules.base import Hit, On, hit, rule
from tuneready.rules.messages import is_known

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tuneready.dataset.examples import Chat, Example
    from tuneready.dataset.report import Report
    from tuneready.targets.base import Target


def _line(preferred: str, other: str = '[{"role": "assistant", "content": "What?"}]') -> str:
    return (
        '{"input": {"messages": [{"role": "user", "content": "Hi"}]}, '
        f'"preferred_output": {preferred}, "non_preferred_output": {other}}}\n'
    )


def _pairs(count: int) -> str:
    """Return pairs that differ; the preferred answer is the longer one in half of them."""
    others = ("What?", "What is it that you want of me today?")
    return "".join(
        _line(
            f'[{{"role": "assistant", "content": "Hello, guest number {i}."}}]',
            f'[{{"role": "assistant", "content": "{others[i % 2]}"}}]',
        )
        for i in range(count)
    )


_GOOD = _line('[{"role": "assistant", "content": "Hello"}]')


@rule(
    "TR601",
    On.CHAT,
    target="openai/dpo",
    title=N_("An answer is more than one message"),
    why=N_(
        "Two last messages are compared: each answer is exactly one message of the assistant, and nothing more is read or taken."
    ),
    remedy=N_("Move all but the last message to what is asked, or split the example."),
    bad=_line(
        '[{"role": "assistant", "content": "Hello."}, {"role": "assistant", "content": "Hi!"}]'
    ),
    good=_GOOD,
)
def answer_of_several_messages(chat: Chat, target: Target) -> Iterator[Hit]:
    del target
    if chat.part == "answer" and len(chat.messages) > 1:
        yield hit(
            chat.path,
            N_("The answer has {count} messages; expected one."),
            count=len(chat.messages),
        )


@rule(
    "TR602",
    On.CHAT,
    target="azure-openai/dpo",
    title=N_("An answer holds a message that is not the assistant's"),
    why=N_(
        "Answers are what the model would write, with results of tools at most; what others say belongs to what is asked."
    ),
    remedy=N_("Move the message to what is asked, or leave it out."),
    bad=_line('[{"role": "user", "content": "Hi?"}, {"role": "assistant", "content": "Hello"}]'),
    good=_GOOD,
)
def answer_of_another_role(chat: Chat, target: Target) -> Iterator[Hit]:
    """Leave an answer without any message of the assistant to the rule that says so."""
    if chat.part != "answer" or not any(m.role == "assistant" for m in chat.messages):
        return
    for message in chat.messages:
        if is_known(message, target) and message.role not in ("assistant", "tool"):
            yield hit(
                message.at("role"),
                N_("A message of the answer has the role {found}; expected {wanted}."),
                found=shown(message.role_text or ""),
                wanted=shown(target.role_name("assistant")),
            )


@rule(
    "TR603",
    On.EXAMPLE,
    target="azure-openai/dpo",
    title=N_("The two answers are the same"),
    why=N_("Between two answers that are the same there is no preference to learn."),
    remedy=N_("Write the answer that is worse, or leave the example out."),
    bad=_line(
        '[{"role": "assistant", "content": "Hello"}]', '[{"role": "assistant", "content": "Hello"}]'
    ),
    good=_GOOD,
)
def identical_answers(example: Example, target: Target) -> Iterator[Hit]:
    del target
    chats = [chat for chat in example.chats if chat.part == "answer"]
    texts = [text for text in example.fields if text.is_answer]
    for first, second in pairwise(chats):
        if [message.raw for message in first.messages] == [m.raw for m in second.messages]:
            yield _same(first.path, second.path)
    # Two keys of one text each; steps of one answer may well be the same.
    if len(texts) == 2 and texts[0].path[0] != texts[1].path[0] and texts[0].text == texts[1].text:
        yield _same(texts[0].path, texts[1].path)


def _same(first: tuple[str | int, ...], second: tuple[str | int, ...]) -> Hit:
    return hit(
        second,
        N_("The answer is the same as {first}; expected two that differ."),
        first=path_text(first) or "",
    )


@rule(
    "TR604",
    On.FILE,
    target="azure-openai/dpo",
    title=N_("There are few pairs for the usual number of epochs"),
    why=N_(
        "With so few preference pairs several rounds learn the pairs by heart rather than the preference."
    ),
    remedy=N_("Set the number of epochs to 1 or 2 when you start the job, or add pairs."),
    bad=_pairs(10),
    good=_pairs(500),
)
def few_pairs(report: Report, target: Target) -> Iterator[Hit]:
    most, examples = target.limits.few_pairs, report.statistics.examples
    if most is not None and (target.limits.min_examples or 1) <= examples < most:
        yield hit(
            (),
            N_("There are {count} pairs; below {most}, 1 or 2 epochs are advised."),
            count=examples,
            most=most,
        )


RULES = (answer_of_several_messages, answer_of_another_role, identical_answers, few_pairs)
