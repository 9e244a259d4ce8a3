"""TR33x: who speaks after whom. Which of these hold is a matter of the target."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from tuneready.dataset.quoting import listed, shown
from tuneready.locale import N_
from tuneready.rules.base import Hit, On, hit, rule
from tuneready.rules.messages import is_known

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tuneready.dataset.examples import Chat
    from tuneready.targets.base import Target


def _line(*turns: str) -> str:
    """Return a chat; each turn is a role and a text, such as `user: Hi`."""
    messages = (turn.split(": ", 1) for turn in turns)
    said = (f'{{"role": "{role}", "content": "{text}"}}' for role, text in messages)
    return '{"messages": [' + ", ".join(said) + "]}\n"


_GOOD = _line("user: Hi", "assistant: Hello")


@rule(
    "TR331",
    On.CHAT,
    target="torchtune/sft",
    title=N_("The conversation has fewer than two messages"),
    why=N_("One message is not an exchange: there is nothing to answer, or no answer."),
    remedy=N_("Give the example a question and its answer."),
    bad=_line("assistant: Hello"),
    good=_GOOD,
)
def fewer_than_two_messages(chat: Chat, target: Target) -> Iterator[Hit]:
    del target
    if chat.part == "whole" and len(chat.messages) < 2:
        yield hit(chat.path, N_("There is one message; expected two at least."))


@rule(
    "TR332",
    On.CHAT,
    target="torchtune/sft",
    title=N_("A system message is not the first"),
    why=N_(
        "Instructions stand at the beginning of a conversation; elsewhere they are refused, or taken for what somebody says."
    ),
    remedy=N_("Move the instructions to the first message, or write them as the user's."),
    bad=_line("user: Hi", "system: Be brief.", "assistant: Hello"),
    good=_line("system: Be brief.", "user: Hi", "assistant: Hello"),
)
def system_message_misplaced(chat: Chat, target: Target) -> Iterator[Hit]:
    del target
    for message in chat.messages[1:]:
        if message.role == "system":
            yield hit(
                message.at("role"),
                N_("Message {number} is a system message; expected it first, or not at all."),
                number=message.index + 1,
            )


@rule(
    "TR333",
    On.CHAT,
    target="mistral-finetune/sft",
    title=N_("There is more than one system message"),
    why=N_("The tool takes one set of instructions per conversation and refuses a second."),
    remedy=N_("Join the system messages into one."),
    bad=_line("system: Be brief.", "system: Be kind.", "user: Hi", "assistant: Hello"),
    good=_line("system: Be brief.", "user: Hi", "assistant: Hello"),
)
def several_system_messages(chat: Chat, target: Target) -> Iterator[Hit]:
    del target
    found = [message for message in chat.messages if message.role == "system"]
    # One tool also takes the text of the system from a key beside the messages.
    beside = isinstance(chat.record.get("system_prompt"), str)
    if len(found) + beside > 1:
        yield hit(
            found[0 if beside else 1].at("role"),
            N_("There are {count} system messages; expected one at most."),
            count=len(found) + beside,
        )


@rule(
    "TR334",
    On.CHAT,
    target="llm-foundry/sft",
    title=N_("The same role speaks twice in a row"),
    why=N_("Roles have to change from message to message here; the example is refused."),
    remedy=N_("Join the two messages into one, or add what was said between them."),
    bad=_line("user: Hi", "user: Are you there?", "assistant: Hello"),
    good=_GOOD,
)
def same_role_twice(chat: Chat, target: Target) -> Iterator[Hit]:
    once = target.has_rule("system-message-misplaced")  # that one speaks of a second system message
    for before, message in zip(chat.messages, chat.messages[1:], strict=False):
        if once and message.role == "system":
            continue
        if message.role == before.role and is_known(message, target):
            yield hit(
                message.at("role"),
                N_("A message of the role {role} follows another of that role."),
                role=shown(message.role_text or ""),
            )


@rule(
    "TR335",
    On.CHAT,
    target="bedrock/nova-sft",
    title=N_("User and assistant do not take turns"),
    why=N_("The conversation must begin with the user and change sides with every message."),
    remedy=N_("Join messages of one side that follow each other, and begin with the user."),
    bad=(
        '{"messages": [{"role": "assistant", "content": [{"text": "Welcome!"}]}, '
        '{"role": "user", "content": [{"text": "Hi"}]}, {"role": "assistant", "content": [{"text": "Hello"}]}]}\n'
    ),
    good='{"messages": [{"role": "user", "content": [{"text": "Hi"}]}, {"role": "assistant", "content": [{"text": "Hello"}]}]}\n',
)
def roles_out_of_turn(chat: Chat, target: Target) -> Iterator[Hit]:
    """Report the first message that is out of turn: all after it would be, too."""
    turns = [message for message in chat.messages if message.role != "system"]
    for i, message in enumerate(turns):
        if not is_known(message, target):
            return
        wanted = ("user", "assistant")[i % 2]
        if message.role != wanted and chat.part != "answer":
            yield hit(
                message.at("role"),
                N_("Message {number} has the role {found}; expected {wanted}."),
                number=message.index + 1,
                found=shown(message.role_text or ""),
                wanted=shown(target.role_name(wanted)),
            )
            return


@rule(
    "TR336",
    On.CHAT,
    target="azure-openai/rft",
    title=N_("The last message is not the user's"),
    why=N_("In this kind of training the model answers itself, so the prompt ends with the user."),
    remedy=N_("End the messages with the user's; move a known answer to a key for the grader."),
    bad='{"messages": [{"role": "user", "content": "2+2?"}, {"role": "assistant", "content": "4"}], "answer": "4"}\n',
    good='{"messages": [{"role": "user", "content": "2+2?"}], "answer": "4"}\n',
)
def last_message_not_user(chat: Chat, target: Target) -> Iterator[Hit]:
    last = chat.messages[-1]
    if chat.part == "prompt" and is_known(last, target) and last.role != "user":
        yield hit(
            last.at("role"),
            N_("The last message has the role {found}; expected {wanted}."),
            found=shown(last.role_text or ""),
            wanted=shown(target.role_name("user")),
        )


@rule(
    "TR337",
    On.CHAT,
    target="together/dpo",
    title=N_("The prompt ends with the assistant"),
    why=N_("The two answers follow the prompt, so its last message is somebody else's."),
    remedy=N_("Move the assistant's last message to the answers, or add what the user says next."),
    bad=(
        '{"input": {"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]}, '
        '"preferred_output": [{"role": "assistant", "content": "How are you?"}], "non_preferred_output": [{"role": "assistant", "content": "What?"}]}\n'
    ),
    good=(
        '{"input": {"messages": [{"role": "user", "content": "Hi"}]}, '
        '"preferred_output": [{"role": "assistant", "content": "Hello"}], "non_preferred_output": [{"role": "assistant", "content": "What?"}]}\n'
    ),
)
def prompt_ends_with_assistant(chat: Chat, target: Target) -> Iterator[Hit]:
    del target
    last = chat.messages[-1]
    if chat.part == "prompt" and last.role == "assistant":
        yield hit(
            last.at("role"),
            N_("The last message of the prompt has the role {found}; expected {wanted}."),
            found=shown(last.role_text or ""),
            wanted=listed(["user"]),
        )


@rule(
    "TR338",
    On.CHAT,
    target="torchtune/sft",
    title=N_("The assistant speaks before the user"),
    why=N_("What the assistant says answers somebody; before any question it is refused."),
    remedy=N_("Begin with the user's message, behind the instructions if there are any."),
    bad=_line("system: Be brief.", "assistant: Hello", "user: Hi", "assistant: Hello again"),
    good=_line("system: Be brief.", "user: Hi", "assistant: Hello"),
)
def assistant_before_user(chat: Chat, target: Target) -> Iterator[Hit]:
    if chat.part == "answer" or len(chat.messages) < 2:
        return
    first = next((message for message in chat.messages if message.role != "system"), None)
    if first is not None and first.role == "assistant" and is_known(first, target):
        yield hit(
            first.at("role"),
            N_(
                "The first message that is not the system's has the role {found}; expected {wanted}."
            ),
            found=shown(first.role_text or ""),
            wanted=shown(target.role_name("user")),
        )


@rule(
    "TR339",
    On.CHAT,
    target="torchtune/sft",
    title=N_("A tool's result follows a message that is not marked as a call"),
    why=N_(
        "The check of the conversation wants a mark on the message before a result, and the reader of files in this layout sets none: the run stops at the first result of a tool."
    ),
    remedy=N_(
        "Leave the messages of tools out, or read the file with a transform of your own that marks the calls."
    ),
    bad=_line("user: Time?", "assistant: clock()", "tool: 12:00", "assistant: Noon."),
    good=_line("user: Time?", "assistant: Noon."),
)
def tool_message_without_mark(chat: Chat, target: Target) -> Iterator[Hit]:
    """Report the first result; what else is wrong with its place is for other rules."""
    for before, message in pairwise(chat.messages):
        if message.role == "tool" and before.role == "assistant" and is_known(message, target):
            yield hit(
                message.at("role"),
                N_("A message of the role {role} follows one that cannot be marked as a call."),
                role=shown(message.role_text or ""),
            )
            return


RULES = (
    fewer_than_two_messages,
    system_message_misplaced,
    several_system_messages,
    same_role_twice,
    roles_out_of_turn,
    last_message_not_user,
    prompt_ends_with_assistant,
    assistant_before_user,
    tool_message_without_mark,
)
