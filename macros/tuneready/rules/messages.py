"""TR3xx: the messages of a chat, their roles and their order."""

from __future__ import annotations

from difflib import get_close_matches
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from tuneready.dataset.quoting import described, kind_of, listed, shown
from tuneready.finding import Phrase
from tuneready.locale import N_
from tuneready.rules.base import Hit, On, hit, key_hit, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tuneready.dataset.examples import Chat, Message
    from tuneready.targets.base import Target

_USER = '{"messages": [{"role": "user", "content": "Hi"}, '
_GOOD = _USER + '{"role": "assistant", "content": "Hello"}]}\n'

# What other formats call the roles of this one.
_OTHER_NAMES = {
    "human": "user",
    "customer": "user",
    "gpt": "assistant",
    "bot": "assistant",
    "ai": "assistant",
    "model": "assistant",
    "chatbot": "assistant",
    "agent": "assistant",
    "tool_result": "tool",
}


@rule(
    "TR301",
    On.CHAT,
    title=N_("A message is not an object"),
    why=N_("A message needs a role and a content, so it has to be an object with these keys."),
    remedy=N_("Write every message as an object with role and content."),
    bad='{"messages": [{"role": "user", "content": "Hi"}, "Hello"]}\n',
    good=_GOOD,
)
def message_not_object(chat: Chat, target: Target) -> Iterator[Hit]:
    for message in chat.messages:
        if not message.is_object:
            role, content = _keys(target)
            yield hit(
                message.path,
                N_("The message is {found}; expected an object with {role} and {content}."),
                found=kind_of(message.raw),
                role=role,
                content=content,
            )


@rule(
    "TR302",
    On.CHAT,
    title=N_("A message has no role"),
    why=N_("Without a role nobody knows who speaks, and the line is refused."),
    remedy=N_("Give the message a role."),
    bad=_USER + '{"content": "Hello"}]}\n',
    good=_GOOD,
)
def role_missing(chat: Chat, target: Target) -> Iterator[Hit]:
    for message in chat.messages:
        if not message.is_object or "role" in message.fields:
            continue
        near = near_key("role", message)
        if near is not None:
            yield key_hit(
                (*message.path, near),
                N_("The key is {found}; expected {wanted}."),
                found=shown(near),
                wanted=shown(message.keys[0]),
            )
        else:
            yield hit(
                message.path,
                N_("The message has no role; expected one of {roles}."),
                roles=_expected(target),
            )


@rule(
    "TR303",
    On.CHAT,
    title=N_("A role is not known"),
    why=N_(
        "What reads the file refuses a role that it does not know, or leaves the example out; and letters count: Assistant is not assistant."
    ),
    remedy=N_("Use the role's exact name."),
    bad=_USER + '{"role": "bot", "content": "Hello"}]}\n',
    good=_GOOD,
)
def unknown_role(chat: Chat, target: Target) -> Iterator[Hit]:
    for message in chat.messages:
        if "role" not in message.fields or message.role_text in target.roles:
            continue
        if message.role_text == "developer" and target.has_rule("developer-role"):
            continue
        if message.role_text == "system" and target.has_rule("system-role"):
            continue
        path = message.at("role")
        role = message.role_text
        meant = _meant(role[:24], target.roles) if role is not None else None
        if meant is not None:
            yield hit(
                path,
                N_("The role is {found}; expected one of {roles} (probably {meant})."),
                found=described(message.fields["role"]),
                roles=_expected(target),
                meant=meant,
            )
        else:
            yield hit(
                path,
                N_("The role is {found}; expected one of {roles}."),
                found=described(message.fields["role"]),
                roles=_expected(target),
            )


@rule(
    "TR304",
    On.CHAT,
    title=N_("The role developer is not documented for this method"),
    why=N_(
        "It is documented for reinforcement training; for supervised training the instructions stand in a system message."
    ),
    remedy=N_("Write system instead of developer."),
    bad='{"messages": [{"role": "developer", "content": "Be brief."}, {"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]}\n',
    good='{"messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]}\n',
)
def developer_role(chat: Chat, target: Target) -> Iterator[Hit]:
    if "developer" in target.roles:
        return
    for message in chat.messages:
        if message.role == "developer":
            yield hit(
                message.at("role"),
                N_('The role is "developer"; expected "system" for instructions.'),
            )


@rule(
    "TR305",
    On.CHAT,
    title=N_("No message comes from the user"),
    why=N_(
        "The model learns to answer somebody; an example without a question teaches nothing to answer."
    ),
    remedy=N_("Add the message that the assistant answers, or leave the example out."),
    bad='{"messages": [{"role": "system", "content": "Be brief."}, {"role": "assistant", "content": "Hello"}]}\n',
    good=_GOOD,
)
def user_message_missing(chat: Chat, target: Target) -> Iterator[Hit]:
    if chat.part != "answer" and _all_known(chat, target) and not _has(chat, "user"):
        yield hit(
            chat.path,
            N_("The messages come from {roles}; expected at least one from the user."),
            roles=_roles(chat),
        )


@rule(
    "TR306",
    On.CHAT,
    title=N_("No message comes from the assistant"),
    why=N_("Training learns from the assistant's messages; without one there is nothing to learn."),
    remedy=N_("Add the answer that the model should give, or leave the example out."),
    bad='{"messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hi"}]}\n',
    good=_GOOD,
)
def assistant_message_missing(chat: Chat, target: Target) -> Iterator[Hit]:
    if len(chat.messages) == 1 and target.has_rule("fewer-than-two-messages"):
        return  # that one says it
    if chat.part != "prompt" and _all_known(chat, target) and not _has(chat, "assistant"):
        yield hit(
            chat.path,
            N_("The messages come from {roles}; expected at least one from the assistant."),
            roles=_roles(chat),
        )


@rule(
    "TR307",
    On.CHAT,
    title=N_("The last message is not the assistant's"),
    why=N_("What follows the last answer is not learned from, and the line may be refused for it."),
    remedy=N_(
        "End the example with the assistant's message: add the answer or remove what follows it."
    ),
    bad=_USER + '{"role": "assistant", "content": "Hello"}, {"role": "user", "content": "Bye"}]}\n',
    good=_GOOD,
)
def last_message_not_assistant(chat: Chat, target: Target) -> Iterator[Hit]:
    last = chat.messages[-1]
    if chat.part == "prompt" or not is_known(last, target):
        return
    if target.has_rule("roles-out-of-turn") and not takes_turns(chat):
        return  # that one names the first message that is out of turn
    if last.role != "assistant" and _has(chat, "assistant"):
        yield hit(
            last.at("role"),
            N_("The last message has the role {found}; expected {wanted}."),
            found=shown(last.role_text or ""),
            wanted=shown(target.role_name("assistant")),
        )


@rule(
    "TR308",
    On.CHAT,
    title=N_("The conversation begins with the assistant"),
    why=N_(
        "A conversation in which the assistant speaks first answers nobody, and may be refused."
    ),
    remedy=N_("Begin with a system or user message."),
    bad='{"messages": [{"role": "assistant", "content": "Welcome!"}, {"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]}\n',
    good=_GOOD,
)
def begins_with_assistant(chat: Chat, target: Target) -> Iterator[Hit]:
    first = chat.messages[0]
    if chat.part != "answer" and first.role == "assistant" and _has(chat, "user"):
        yield hit(
            first.at("role"),
            N_("The first message has the role {found}; expected one of {wanted}."),
            found=shown(first.role_text or ""),
            wanted=listed([shown(target.role_name(role)) for role in ("system", "user")]),
        )


@rule(
    "TR309",
    On.CHAT,
    title=N_("Two messages of the assistant follow each other"),
    why=N_(
        "Such lines are refused, often with no more reason than that the schema is not valid. Often a tool call lost its result."
    ),
    remedy=N_("Put the message of the tool or user between the two, or join them into one."),
    bad=_USER
    + '{"role": "assistant", "content": "Hello"}, {"role": "assistant", "content": "How are you?"}]}\n',
    good=_GOOD,
)
def consecutive_assistant_messages(chat: Chat, target: Target) -> Iterator[Hit]:
    del target
    for before, message in zip(chat.messages, chat.messages[1:], strict=False):
        if before.role == message.role == "assistant":
            after_call = bool(before.calls)
            text = N_("An assistant message follows an assistant message.")
            if after_call:
                text = N_(
                    "An assistant message follows a tool call; expected the tool's message between them."
                )
            yield hit(message.at("role"), text)


@rule(
    "TR310",
    On.CHAT,
    title=N_("A tool message does not follow a call"),
    why=N_(
        "A tool's result must follow the assistant message that called the tool, or another result."
    ),
    remedy=N_("Move the tool message behind the call, or remove it."),
    bad=(
        '{"messages": [{"role": "user", "content": "Time?"}, {"role": "tool", "tool_call_id": "c1", "content": "12:00"}, '
        '{"role": "assistant", "content": "Noon."}]}\n'
    ),
    good=(
        '{"messages": [{"role": "user", "content": "Time?"}, '
        '{"role": "assistant", "tool_calls": [{"id": "c1", "type": "function", "function": {"name": "clock", "arguments": "{}"}}]}, '
        '{"role": "tool", "tool_call_id": "c1", "content": "12:00"}, {"role": "assistant", "content": "Noon."}], '
        '"tools": [{"type": "function", "function": {"name": "clock"}}]}\n'
    ),
)
def tool_message_misplaced(chat: Chat, target: Target) -> Iterator[Hit]:
    for message in chat.messages:
        if message.role != "tool":
            continue
        path = message.at("role")
        if message.index == 0 and not chat.before:
            yield hit(
                path, N_("A tool message comes first; expected it after an assistant message.")
            )
            continue
        before = chat.messages[message.index - 1] if message.index else chat.before[-1]
        if is_known(before, target) and before.role not in ("assistant", "tool"):
            yield hit(
                path,
                N_(
                    "A tool message follows a message with the role {role}; expected it after an assistant message."
                ),
                role=shown(before.role_text or ""),
            )


@rule(
    "TR311",
    On.CHAT,
    title=N_("A message has a key that is not documented"),
    why=N_(
        "Some tools refuse messages with other keys; of others it is not documented whether they ignore the key or refuse the file."
    ),
    remedy=N_(
        "Leave the key out, correct its spelling, or move it to the message where it belongs."
    ),
    bad=_USER + '{"role": "assistant", "content": "Hello", "score": 5}]}\n',
    good=_GOOD,
)
def unknown_message_key(chat: Chat, target: Target) -> Iterator[Hit]:
    for message in chat.messages:
        if not message.is_object or not is_known(message, target):
            continue
        known = _known_keys(message, target)
        if message.raw.keys() <= set(known):
            continue
        meant = {near_key(key, message) for key in ("role", "content") if key not in message.fields}
        for key in message.raw:
            if key in known or key in meant:
                continue
            if key == "weight" and target.has_rule("weight-outside-assistant"):
                continue
            yield key_hit(
                (*message.path, key),
                N_("A message with the role {role} has the key {found}; known keys are {known}."),
                role=shown(message.role_text or ""),
                found=shown(key),
                known=listed(known),
            )


@rule(
    "TR312",
    On.CHAT,
    title=N_("A weight is not 0 or 1"),
    why=N_(
        "The service knows two weights: 1 learns from the message, 0 does not. Others are refused."
    ),
    remedy=N_("Write 0 or 1, as a number, or leave the key out (which means 1)."),
    bad=_USER + '{"role": "assistant", "content": "Hello", "weight": 0.5}]}\n',
    good=_USER + '{"role": "assistant", "content": "Hello", "weight": 1}]}\n',
)
def weight_not_0_or_1(chat: Chat, target: Target) -> Iterator[Hit]:
    for message, weight in _weights(chat, target):
        if not _means_0_or_1(weight):
            yield hit(
                message.at("weight"),
                N_("The weight is {found}; expected 0 or 1."),
                found=described(weight),
            )


def _weights(chat: Chat, target: Target) -> Iterator[tuple[Message, Any]]:
    """Yield the weights, where they may be: an assistant's, or anybody's."""
    if chat.part == "answer":  # of two answers, both count
        return
    only_assistant = target.has_rule("weight-outside-assistant")
    for message in chat.messages:
        if "weight" in message.fields and (message.role == "assistant" or not only_assistant):
            yield message, message.fields["weight"]


def _means_0_or_1(weight: Any) -> bool:
    """Tell whether a reader that is not strict takes it for 0 or 1, or for no weight."""
    return weight in (None, 0, 1, "0", "1")


@rule(
    "TR313",
    On.CHAT,
    title=N_("A weight stands outside an assistant message"),
    why=N_(
        "Only assistant messages are learned from, so only they have a weight; elsewhere it means nothing, and the line may be refused."
    ),
    remedy=N_("Remove the weight."),
    bad='{"messages": [{"role": "user", "content": "Hi", "weight": 0}, {"role": "assistant", "content": "Hello"}]}\n',
    good=_GOOD,
)
def weight_outside_assistant(chat: Chat, target: Target) -> Iterator[Hit]:
    for message in chat.messages:
        if "weight" in message.fields and message.role != "assistant" and is_known(message, target):
            yield key_hit(
                message.at("weight"),
                N_(
                    "A message with the role {role} has a weight; expected it on assistant messages only."
                ),
                role=shown(message.role_text or ""),
            )


@rule(
    "TR314",
    On.CHAT,
    title=N_("Every answer has weight 0"),
    why=N_(
        "Weight 0 takes a message out of the training, so nothing is left to learn from this example."
    ),
    remedy=N_("Give the answers that count weight 1, or leave the example out."),
    bad=_USER + '{"role": "assistant", "content": "Hello", "weight": 0}]}\n',
    good=_GOOD,
)
def every_weight_0(chat: Chat, target: Target) -> Iterator[Hit]:
    del target
    weights = [
        message.fields.get("weight", 1) for message in chat.messages if message.role == "assistant"
    ]
    if weights and all(type(weight) is int and weight == 0 for weight in weights):
        yield hit(
            chat.path,
            N_(
                "Every assistant message has weight 0 ({count} in all); expected one with weight 1 at least."
            ),
            count=len(weights),
        )


@rule(
    "TR315",
    On.CHAT,
    title=N_("A name is not text"),
    why=N_("The name of a speaker is text; something else may be refused."),
    remedy=N_("Write the name as text, or leave the key out."),
    bad='{"messages": [{"role": "user", "content": "Hi", "name": 7}, {"role": "assistant", "content": "Hello"}]}\n',
    good=_GOOD,
)
def name_not_text(chat: Chat, target: Target) -> Iterator[Hit]:
    del target
    for message in chat.messages:
        if "name" in message.fields and not isinstance(message.fields["name"], str):
            yield hit(
                message.at("name"),
                N_("The name is {found}; expected text."),
                found=described(message.fields["name"]),
            )


@rule(
    "TR316",
    On.CHAT,
    target="openai/rft",
    title=N_("The role system is not documented for this method"),
    why=N_(
        "For reinforcement training the instructions are documented as a developer message; the role system is not among its roles."
    ),
    remedy=N_("Write developer instead of system."),
    bad='{"messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "2+2?"}], "answer": "4"}\n',
    good='{"messages": [{"role": "developer", "content": "Be brief."}, {"role": "user", "content": "2+2?"}], "answer": "4"}\n',
)
def system_role(chat: Chat, target: Target) -> Iterator[Hit]:
    for message in chat.messages:
        if message.role_text == "system":
            yield hit(
                message.at("role"),
                N_("The role is {found}; expected {wanted} for instructions."),
                found=shown("system"),
                wanted=shown(target.role_name("developer")),
            )


@rule(
    "TR317",
    On.CHAT,
    title=N_("A weight is not a whole number"),
    why=N_(
        "The weight is the whole number 0 or 1. A strict reader refuses 1.0, true, null and text, even where they mean the same."
    ),
    remedy=N_("Write 0 or 1, without quotes or decimals, or leave the key out (which means 1)."),
    bad=_USER + '{"role": "assistant", "content": "Hello", "weight": 1.0}]}\n',
    good=_USER + '{"role": "assistant", "content": "Hello", "weight": 1}]}\n',
)
def weight_not_integer(chat: Chat, target: Target) -> Iterator[Hit]:
    lenient = target.has_rule("weight-true-or-false")
    for message, weight in _weights(chat, target):
        if isinstance(weight, bool) and lenient:
            continue
        if type(weight) is not int and _means_0_or_1(weight):
            yield hit(
                message.at("weight"),
                N_("The weight is {found}; expected the whole number 0 or 1."),
                found=described(weight),
            )


@rule(
    "TR318",
    On.CHAT,
    target="mistral/sft",
    title=N_("A system message follows the assistant or a tool"),
    why=N_(
        "Instructions may stand at the beginning or beside what the user says; after an answer they are refused."
    ),
    remedy=N_("Move the instructions before the user's message, or write them as the user's."),
    bad=_USER
    + '{"role": "assistant", "content": "Hello"}, {"role": "system", "content": "Be kind."}, '
    '{"role": "user", "content": "Bye"}, {"role": "assistant", "content": "Farewell"}]}\n',
    good=_GOOD,
)
def system_message_after_answer(chat: Chat, target: Target) -> Iterator[Hit]:
    del target
    for before, message in pairwise(chat.messages):
        if message.role == "system" and before.role in ("assistant", "tool"):
            yield hit(
                message.at("role"),
                N_("A system message follows a message with the role {role}."),
                role=shown(before.role_text or ""),
            )


@rule(
    "TR319",
    On.CHAT,
    target="mistral-finetune/sft",
    title=N_("Only the last answer is learned from"),
    why=N_(
        "With tools on the line, the tool trains on the last message of the assistant alone; what it says or calls before is passed over."
    ),
    remedy=N_("Write an example for each answer that counts, with that answer at its end."),
    bad=_USER + '{"role": "assistant", "content": "Hello"}, {"role": "user", "content": "Bye"}, '
    '{"role": "assistant", "content": "Farewell"}], "tools": [{"function": {"name": "clock", "description": "", "parameters": {}}}]}\n',
    good=_GOOD,
)
def only_last_answer_learned(chat: Chat, target: Target) -> Iterator[Hit]:
    del target
    answers = [
        message
        for message in chat.messages
        if message.role == "assistant" and message.fields.get("weight") != 0
    ]
    if chat.tools and len(answers) > 1:
        yield hit(
            answers[0].path,
            N_(
                "There are {count} answers and definitions of tools; only the last answer is learned."
            ),
            count=len(answers),
        )


@rule(
    "TR320",
    On.CHAT,
    target="together/sft",
    title=N_("A weight is true or false"),
    why=N_(
        "The checks that are published take true for 1 and false for 0, by an accident of Python. What else reads the file may not."
    ),
    remedy=N_("Write 1 for true and 0 for false."),
    bad=_USER + '{"role": "assistant", "content": "Hello", "weight": true}]}\n',
    good=_USER + '{"role": "assistant", "content": "Hello", "weight": 1}]}\n',
)
def weight_true_or_false(chat: Chat, target: Target) -> Iterator[Hit]:
    for message, weight in _weights(chat, target):
        if isinstance(weight, bool):
            yield hit(
                message.at("weight"),
                N_("The weight is {found}; expected the whole number 0 or 1."),
                found=described(weight),
            )


def takes_turns(chat: Chat) -> bool:
    """Tell whether user and assistant change sides with every message, the user first."""
    roles = [message.role for message in chat.messages if message.role != "system"]
    return all(role == ("user", "assistant")[i % 2] for i, role in enumerate(roles))


def near_key(wanted: str, message: Message) -> str | None:
    """Return the key of a message that was probably meant to be `role` or `content`."""
    name = message.keys[("role", "content").index(wanted)]
    known = [key for key in list(message.raw)[:50] if len(key) <= 16 and key not in message.keys]
    by_lower = {key.strip().lower(): key for key in known}
    near = get_close_matches(name, by_lower, n=1, cutoff=0.8)
    return by_lower[near[0]] if near else None


def _keys(target: Target) -> tuple[str, str]:
    dialect = target.messages
    return ("role", "content") if dialect is None else (dialect.role, dialect.content)


def _known_keys(message: Message, target: Target) -> tuple[str, ...]:
    if target.messages is None:
        return message.keys
    keys, other = target.messages.keys, target.messages.other_content
    second = (other,) if other is not None and other not in message.keys else ()
    return (*message.keys, *second, *keys.get("any", ()), *keys.get(message.role or "", ()))


def _expected(target: Target) -> str:
    """List the roles to use: those of the target without the one that is deprecated."""
    return listed([role for role in target.roles if role != "function"])


@lru_cache(maxsize=256)  # a wrong role is usually wrong on every line
def _meant(role: str, roles: tuple[str, ...]) -> str | None:
    plain = role.strip().lower()
    if plain in roles:
        return plain
    if plain in _OTHER_NAMES:
        return _OTHER_NAMES[plain]
    near = get_close_matches(plain, roles, n=1, cutoff=0.75)
    return near[0] if near else None


def is_known(message: Message, target: Target) -> bool:
    """Tell whether the role of a message is one, so that its place can be looked at."""
    role = message.role_text
    if role == "system" and target.has_rule("system-role"):
        return True
    return role in target.roles or role == "developer"


def _all_known(chat: Chat, target: Target) -> bool:
    """Tell whether every role is known: a misspelt role is not also a missing message."""
    return all(is_known(message, target) for message in chat.messages)


def _has(chat: Chat, role: str) -> bool:
    return any(message.role == role for message in chat.messages)


def _roles(chat: Chat) -> Phrase:
    names = list(dict.fromkeys(message.role or "" for message in chat.messages))
    return Phrase(listed(names))


RULES = (
    message_not_object,
    role_missing,
    unknown_role,
    developer_role,
    user_message_missing,
    assistant_message_missing,
    last_message_not_assistant,
    begins_with_assistant,
    consecutive_assistant_messages,
    tool_message_misplaced,
    unknown_message_key,
    weight_not_0_or_1,
    weight_outside_assistant,
    every_weight_0,
    name_not_text,
    system_role,
    weight_not_integer,
    system_message_after_answer,
    only_last_answer_learned,
    weight_true_or_false,
)
