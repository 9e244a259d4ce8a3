"""TR53x: calls of tools where their ids, names, number and definitions must be just so."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tuneready.dataset.quoting import described, kind_of, shown
from tuneready.finding import Phrase
from tuneready.locale import N_
from tuneready.rules.base import Hit, On, hit, key_hit, rule
from tuneready.rules.json_schema import schema_faults

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tuneready.dataset.examples import Chat, Message
    from tuneready.finding import Path
    from tuneready.targets.base import Target

_ID = re.compile(r"[A-Za-z0-9]{9}")
_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")
NO_ID = "null"  # what a call without an id is given

_ASK = '{"messages": [{"role": "user", "content": "Time?"}, '
_CALL = '{"id": "Ab3dE5g7i", "function": {"name": "clock", "arguments": "{}"}}'
_RESULT = '{"role": "tool", "tool_call_id": "Ab3dE5g7i", "content": "12:00"}'
_SCHEMA = '{"type": "object", "properties": {}}'


def _tool(parameters: str = _SCHEMA, name: str = "clock") -> str:
    return (
        f'{{"type": "function", "function": {{"name": "{name}", "description": "Tells the time.", '
        f'"parameters": {parameters}}}}}'
    )


def _line(calls: str, results: str = f", {_RESULT}", tool: str = "", beside: str = "") -> str:
    """Return an example whose assistant calls, and answers when there are results."""
    said = f'{_ASK}{{"role": "assistant", {beside}"tool_calls": [{calls}]}}'
    end = ', {"role": "assistant", "content": "Noon."}' if results else ""
    return f'{said}{results}{end}], "tools": [{tool or _tool()}]}}\n'


_GOOD = _line(_CALL)


@rule(
    "TR531",
    On.CHAT,
    target="mistral/sft",
    title=N_("The id of a call is not nine letters or digits"),
    why=N_(
        "The template of these models writes ids of exactly nine letters and digits; others are refused."
    ),
    remedy=N_("Replace the id in the call and in the tool's message by nine letters or digits."),
    bad=_line(_CALL.replace("Ab3dE5g7i", "call_1"), "").replace("Ab3dE5g7i", "call_1"),
    good=_GOOD,
)
def call_id_not_nine(chat: Chat, target: Target) -> Iterator[Hit]:
    """Report an id where a call has it; in a tool's message only when no call of it is there."""
    reported: set[str] = set()
    for message in chat.messages:
        for path, found in _ids(message):
            if found in reported or _ID.fullmatch(found):
                continue
            if (
                message.role == "assistant"
                and found == NO_ID
                and target.has_rule("call-id-missing")
            ):
                continue
            reported.add(found)
            yield hit(
                path,
                N_("The id is {found}; expected nine letters or digits."),
                found=shown(found),
            )


def _ids(message: Message) -> Iterator[tuple[Path, str]]:
    if message.role == "assistant":
        for i, call in enumerate(message.calls):
            match call:
                case {"id": str(found)}:
                    yield message.at("tool_calls", i, "id"), found
    answered = message.fields.get("tool_call_id")
    if message.role == "tool" and isinstance(answered, str):
        yield message.at("tool_call_id"), answered


@rule(
    "TR532",
    On.CHAT,
    target="mistral/sft",
    title=N_("A call that is not at the end has no id"),
    why=N_("Only calls of the last message may lack an id: no result follows that would name it."),
    remedy=N_("Give the call an id of nine letters or digits, and name it in the tool's message."),
    bad=_line('{"function": {"name": "clock", "arguments": "{}"}}'),
    good=_line('{"function": {"name": "clock", "arguments": "{}"}}', ""),
)
def call_id_missing(chat: Chat, target: Target) -> Iterator[Hit]:
    del target
    for message in chat.messages[:-1]:
        if message.role != "assistant":
            continue
        for i, call in enumerate(message.calls):
            if isinstance(call, dict) and call.get("id", NO_ID) == NO_ID:
                yield hit(
                    message.at("tool_calls", i),
                    N_('The call has no "id"; expected nine letters or digits.'),
                )


@rule(
    "TR533",
    On.CHAT,
    target="mistral/sft",
    title=N_("There are not as many tool results as calls"),
    why=N_(
        "Before the assistant speaks again, every call needs its result, and every result its call. Only calls at the very end may stay open."
    ),
    remedy=N_("Add the missing tool messages, or remove those that nothing asked for."),
    bad=_line(_CALL + ", " + _CALL.replace("Ab3dE5g7i", "Zb3dE5g7i")),
    good=_GOOD,
)
def results_differ_from_calls(chat: Chat, target: Target) -> Iterator[Hit]:
    calls = results = 0
    before, misplaced = "", False
    for message in chat.messages:
        if message.role == "tool":
            results += 1
            misplaced = misplaced or before not in ("assistant", "tool")
        elif message.role == "assistant":
            if calls != results and not misplaced:
                yield _count_hit(message, calls, results)
            calls, results, misplaced = len(message.calls), 0, False
        before = message.role or ""
        # That a result stands in the wrong place is another rule's, where it holds.
        misplaced = misplaced and target.has_rule("tool-message-misplaced")
    if results > calls and not misplaced:
        yield _count_hit(chat.messages[-1], calls, results)


def _count_hit(message: Message, calls: int, results: int) -> Hit:
    return hit(
        message.path,
        N_("Up to here, calls: {calls}, results: {results}; expected as many of each."),
        calls=calls,
        results=results,
    )


@rule(
    "TR534",
    On.CHAT,
    target="mistral/sft",
    title=N_("A message that calls tools also says something"),
    why=N_(
        "Sources disagree: the documentation, mistral-finetune and the older tokenizers want either a content or calls; the newer ones (from version 7) take both."
    ),
    remedy=N_("Leave the content out of messages that call tools."),
    bad=_line(_CALL, beside='"content": "One moment.", '),
    good=_GOOD,
)
def content_beside_calls(chat: Chat, target: Target) -> Iterator[Hit]:
    del target
    for message in chat.messages:
        if message.role == "assistant" and message.calls and message.fields.get("content"):
            yield hit(
                message.at("content"),
                N_("The message has a content beside its calls; expected one or the other."),
            )


@rule(
    "TR535",
    On.CHAT,
    target="mistral/sft",
    title=N_("The name of a function has other characters, or is too long"),
    why=N_("A function's name has 1 to 64 letters, digits, underscores and hyphens."),
    remedy=N_("Rename the function, in its definition and in every call."),
    bad=_line(_CALL.replace("clock", "the clock"), tool=_tool(name="the clock")),
    good=_GOOD,
)
def function_name_characters(chat: Chat, target: Target) -> Iterator[Hit]:
    """Report each name once for a line, at its first place."""
    del target
    reported: set[str] = set()
    for path, name in _function_names(chat):
        if name not in reported and not _NAME.fullmatch(name):
            reported.add(name)
            yield hit(
                path,
                N_(
                    "The name is {found}; expected 1 to 64 letters, digits, underscores and hyphens."
                ),
                found=shown(name),
            )


def _function_names(chat: Chat) -> Iterator[tuple[Path, str]]:
    if chat.part != "answer":
        for i, tool in enumerate(chat.tools):
            match tool:
                case {"function": {"name": str(name)}}:
                    yield chat.within("tools", i, "function", "name"), name
    for message in chat.messages:
        if message.role == "assistant":
            for i, call in enumerate(message.calls):
                match call:
                    case {"function": {"name": str(name)}}:
                        yield message.at("tool_calls", i, "function", "name"), name
        spoken = message.fields.get("name")
        if message.role == "tool" and isinstance(spoken, str):
            yield message.at("name"), spoken


@rule(
    "TR536",
    On.TOOLS,
    target="mistral/sft",
    title=N_("The parameters of a tool are not a JSON Schema"),
    why=N_(
        "The parameters are read as JSON Schema (draft 7), in which every keyword has values of its own; others may be refused."
    ),
    remedy=N_("Correct the keyword; see the JSON Schema documentation for its values."),
    bad=_line(_CALL, tool=_tool('{"type": "object", "properties": {"zone": {"type": "text"}}}')),
    good=_line(_CALL, tool=_tool('{"type": "object", "properties": {"zone": {"type": "string"}}}')),
)
def tool_schema_faulty(chat: Chat, target: Target) -> Iterator[Hit]:
    del target
    for i, tool in enumerate(chat.tools):
        match tool:
            case {"function": {"parameters": dict(schema)}}:
                for path, value, wanted in schema_faults(schema):
                    yield hit(
                        chat.within("tools", i, "function", "parameters", *path),
                        N_("{key} is {found}; expected {wanted}."),
                        key=shown(str(path[-1])),
                        found=described(value),
                        wanted=Phrase(wanted),
                    )


@rule(
    "TR537",
    On.TOOLS,
    target="mistral/sft",
    title=N_("The definition of a tool has no parameters"),
    why=N_("The parameters of a function are needed, also when it takes none."),
    remedy=N_(
        'Write "parameters": {"type": "object", "properties": {}} for a function that takes none.'
    ),
    bad=_line(_CALL, tool='{"function": {"name": "clock", "description": "Tells the time."}}'),
    good=_GOOD,
)
def tool_parameters_missing(chat: Chat, target: Target) -> Iterator[Hit]:
    del target
    return _lacking(chat, "parameters")


@rule(
    "TR538",
    On.CHAT,
    target="mistral/sft",
    title=N_("The type of a call's arguments is neither text nor an object"),
    why=N_("Arguments are an object, written as JSON in a text or as it is; others are refused."),
    remedy=N_("Write the arguments as one JSON object in a text."),
    bad=_line(_CALL.replace('"{}"', "[]")),
    good=_line(_CALL.replace('"{}"', "{}")),
)
def arguments_of_another_type(chat: Chat, target: Target) -> Iterator[Hit]:
    del target
    for message in chat.messages:
        if message.role != "assistant":
            continue
        for i, call in enumerate(message.calls):
            match call:
                case {"function": {"name": str(), "arguments": arguments}} if not isinstance(
                    arguments, str | dict | None
                ):
                    yield hit(
                        message.at("tool_calls", i, "function", "arguments"),
                        N_("The arguments are {found}; expected an object."),
                        found=kind_of(arguments),
                    )


@rule(
    "TR539",
    On.CHAT,
    target="mistral-finetune/sft",
    title=N_("A content stands under two keys"),
    why=N_("The tool reads what is said from one of two keys and refuses messages that have both."),
    remedy=N_("Keep one of the two keys."),
    bad=(
        '{"messages": [{"role": "user", "content": "Hi", "text": "Hi"}, '
        '{"role": "assistant", "content": "Hello"}]}\n'
    ),
    good='{"messages": [{"role": "user", "text": "Hi"}, {"role": "assistant", "content": "Hello"}]}\n',
)
def content_under_two_keys(chat: Chat, target: Target) -> Iterator[Hit]:
    other = (target.messages and target.messages.other_content) or ""
    for message in chat.messages:
        if other in message.fields and "content" in message.fields:
            yield key_hit(
                message.at(other),
                N_("The message has {found} and {other}; expected one of them."),
                found=shown(message.keys[1]),
                other=shown(other),
            )


@rule(
    "TR540",
    On.TOOLS,
    target="mistral-finetune/sft",
    title=N_("The definition of a tool has no description"),
    why=N_("The tool wants a description of every function, even an empty one."),
    remedy=N_("Say in a sentence what the function does: the model chooses by it."),
    bad=_line(_CALL, "", tool='{"function": {"name": "clock", "parameters": {}}}'),
    good=_line(_CALL, ""),
)
def tool_description_missing(chat: Chat, target: Target) -> Iterator[Hit]:
    del target
    return _lacking(chat, "description")


def _lacking(chat: Chat, key: str) -> Iterator[Hit]:
    for i, tool in enumerate(chat.tools):
        match tool:
            case {"function": {"name": str()} as function} if key not in function:
                yield hit(
                    chat.within("tools", i, "function"),
                    N_("The function has no {key}; expected one."),
                    key=shown(key),
                )


RULES = (
    call_id_not_nine,
    call_id_missing,
    results_differ_from_calls,
    content_beside_calls,
    function_name_characters,
    tool_schema_faulty,
    tool_parameters_missing,
    arguments_of_another_type,
    content_under_two_keys,
    tool_description_missing,
)
