"""TR5xx: definitions of tools, and the calls of them."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

from tuneready.dataset.decoding import nesting_fault
from tuneready.dataset.jsontext import Fault, scan
from tuneready.dataset.quoting import described, kind_of, listed, shown
from tuneready.finding import Phrase
from tuneready.locale import N_
from tuneready.rules.base import Hit, On, hit, key_hit, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tuneready.dataset.examples import Chat, Message
    from tuneready.finding import Path
    from tuneready.targets.base import Target

_ASK = '{"messages": [{"role": "user", "content": "Time?"}, '
_TOOLS = '"tools": [{"type": "function", "function": {"name": "clock", "parameters": {"type": "object", "properties": {}}}}]'


def _line(call: str, after: str = "", tools: str = _TOOLS) -> str:
    """Return an example whose assistant calls; `call` is the call's own JSON."""
    return (
        _ASK + '{"role": "assistant", "tool_calls": [' + call + "]}" + after + "], " + tools + "}\n"
    )


def _tool_line(tools: str) -> str:
    return _ASK + '{"role": "assistant", "content": "Noon."}], "tools": ' + tools + "}\n"


_CALL = '{"id": "c1", "type": "function", "function": {"name": "clock", "arguments": "{}"}}'
_RESULT = ', {"role": "tool", "tool_call_id": "c1", "content": "12:00"}, {"role": "assistant", "content": "Noon."}'
_GOOD = _line(_CALL)


@rule(
    "TR501",
    On.TOOLS,
    title=N_('"tools" is not a list'),
    why=N_("The definitions of tools are a list, also when there is one."),
    remedy=N_("Write a list, or leave the key out."),
    bad=_tool_line("null"),
    good=_tool_line("[]"),
)
def tools_not_list(chat: Chat, target: Target) -> Iterator[Hit]:
    del target
    found = chat.record.get(chat.tools_key, [])
    if not isinstance(found, list):
        yield hit(
            chat.within("tools"),
            N_('"tools" is {found}; expected a list of definitions.'),
            found=kind_of(found),
        )


@rule(
    "TR502",
    On.TOOLS,
    title=N_("The definition of a tool does not have the expected shape"),
    why=N_(
        "A tool is an object of type function with a function that has a name; others are refused, or not read."
    ),
    remedy=N_(
        'Write {"type": "function", "function": {"name": "…", "description": "…", "parameters": {…}}}.'
    ),
    bad=_tool_line('[{"name": "clock", "parameters": {}}]'),
    good=_GOOD,
)
def tool_definition_shape(chat: Chat, target: Target) -> Iterator[Hit]:
    for i, defined in enumerate(chat.tools):
        path: Path = chat.within("tools", i)
        tool = defined
        if isinstance(defined, dict) and not _must_say_type(target):
            tool = {"type": "function", **defined}
        match tool:
            case {"type": "function", "function": {"name": str(name)} as function} if name:
                yield from _function_faults((*path, "function"), function)
            case {"type": "function", "function": dict()}:
                yield hit(
                    (*path, "function"),
                    N_('The function has no "name"; expected its name as text.'),
                )
            case {"type": "function", **rest}:
                found = kind_of(rest["function"]) if "function" in rest else Phrase(N_("nothing"))
                yield hit(
                    path,
                    N_('There is {found} under "function"; expected an object with the name.'),
                    found=found,
                )
            case {"type": kind}:
                yield hit(
                    (*path, "type"),
                    N_('The type is {found}; expected "function".'),
                    found=described(kind),
                )
            case dict():
                yield hit(
                    path,
                    N_(
                        'The tool has no "type"; expected "function" there, and the definition under "function".'
                    ),
                )
            case _:
                yield hit(path, N_("The tool is {found}; expected an object."), found=kind_of(tool))


def _function_faults(path: Path, function: dict[str, Any]) -> Iterator[Hit]:
    for key, wanted, words in (
        ("description", str, Phrase(N_("text"))),
        ("parameters", dict, Phrase(N_("an object"))),
    ):
        if key in function and not isinstance(function[key], wanted):
            yield hit(
                (*path, key),
                N_("{key} is {found}; expected {wanted}."),
                key=shown(key),
                found=kind_of(function[key]),
                wanted=words,
            )


@rule(
    "TR503",
    On.TOOLS,
    title=N_("A tool is defined twice"),
    why=N_("With two definitions of one name it is not clear which one the model learns."),
    remedy=N_("Keep one definition."),
    bad=_tool_line(
        '[{"type": "function", "function": {"name": "clock"}}, {"type": "function", "function": {"name": "clock"}}]'
    ),
    good=_GOOD,
)
def tool_defined_twice(chat: Chat, target: Target) -> Iterator[Hit]:
    del target
    seen: dict[str, int] = {}
    for i, name in defined_tools(chat):
        if name in seen:
            yield hit(
                chat.within("tools", i, "function", "name"),
                N_("The tool {name} is defined again; the first definition is tools[{first}]."),
                name=shown(name),
                first=seen[name],
            )
        else:
            seen[name] = i


@rule(
    "TR504",
    On.TOOLS,
    title=N_("The parameters of a tool use more than a plain schema"),
    why=N_(
        'Reported from the field, not by Microsoft: schemas as Pydantic writes them (title, default null, a choice with null) led to "contains invalid schema" on every line; plain schemas passed.'
    ),
    remedy=N_("Remove title and default: null, and write optional values as not required."),
    bad=_tool_line(
        '[{"type": "function", "function": {"name": "clock", "parameters": {"type": "object", "title": "Clock", "properties": {}}}}]'
    ),
    good=_GOOD,
)
def tool_schema_not_plain(chat: Chat, target: Target) -> Iterator[Hit]:
    del target
    for i, tool in enumerate(chat.tools):
        match tool:
            case {"function": {"parameters": dict(schema)}}:
                found = next(
                    _not_plain(chat.within("tools", i, "function", "parameters"), schema), None
                )
                if found is not None:
                    yield found


def _not_plain(path: Path, schema: Any) -> Iterator[Hit]:  # noqa: C901  a plain list of what counts
    """Walk the schemas of a schema, not the names of properties: one may be called title."""
    if not isinstance(schema, dict):
        return
    if isinstance(schema.get("title"), str):
        yield key_hit((*path, "title"), N_('The schema has a "title"; expected a plain schema.'))
    if "default" in schema and schema["default"] is None:
        yield key_hit(
            (*path, "default"), N_('The schema has "default": null; expected a plain schema.')
        )
    for key in ("anyOf", "oneOf"):
        choices = schema.get(key)
        if not isinstance(choices, list):
            continue
        if {"type": "null"} in choices:
            yield key_hit(
                (*path, key), N_("The schema has a choice with null; expected a plain schema.")
            )
        for i, choice in enumerate(choices):
            yield from _not_plain((*path, key, i), choice)
    for key in ("properties", "$defs", "definitions"):
        inner = schema.get(key)
        if isinstance(inner, dict):
            for name, value in inner.items():
                yield from _not_plain((*path, key, name), value)
    yield from _not_plain((*path, "items"), schema.get("items"))


@rule(
    "TR505",
    On.TOOLS,
    title=N_("There are more tools than a request may have"),
    why=N_(
        "The limit is that of a request. None is stated for training files, but what is trained with more tools can hardly be used."
    ),
    remedy=N_("Leave out tools that the examples do not need."),
    bad=_tool_line(
        "["
        + ", ".join(f'{{"type": "function", "function": {{"name": "f{i}"}}}}' for i in range(129))
        + "]"
    ),
    good=_GOOD,
)
def too_many_tools(chat: Chat, target: Target) -> Iterator[Hit]:
    most = target.limits.max_tools
    if most is not None and len(chat.tools) > most:
        yield hit(
            chat.within("tools"),
            N_("The example defines {count} tools; expected at most {most}."),
            count=len(chat.tools),
            most=most,
        )


@rule(
    "TR506",
    On.CHAT,
    title=N_("The calls of tools do not have the expected shape"),
    why=N_(
        "A call has an id, the type function, and a function with a name and its arguments; others are refused, or not read."
    ),
    remedy=N_(
        'Write "tool_calls": [{"id": "…", "type": "function", "function": {"name": "…", "arguments": "{…}"}}].'
    ),
    bad=_line('{"type": "function", "function": {"name": "clock", "arguments": "{}"}}'),
    good=_GOOD,
)
def tool_calls_shape(chat: Chat, target: Target) -> Iterator[Hit]:
    for message in _assistants(chat):
        if "tool_calls" not in message.fields:
            continue
        path: Path = message.at("tool_calls")
        calls = message.fields["tool_calls"]
        if not isinstance(calls, list):
            yield hit(
                path, N_('"tool_calls" is {found}; expected a list of calls.'), found=kind_of(calls)
            )
        elif not calls:
            yield hit(path, N_('"tool_calls" is an empty list; expected a call, or no such key.'))
        ids: set[str] = set()
        for i, call in enumerate(message.calls):
            yield from _call_faults((*path, i), call, ids, target)


def _must_say_type(target: Target) -> bool:
    return target.messages is None or target.messages.typed


def _call_faults(path: Path, call: Any, ids: set[str], target: Target) -> Iterator[Hit]:
    """Yield the first fault of a call; the arguments have rules of their own."""
    if not isinstance(call, dict):
        yield hit(path, N_("The call is {found}; expected an object."), found=kind_of(call))
        return
    has_id = "id" in call or not target.has_rule("call-id-missing")
    if has_id and not isinstance(call.get("id"), str):
        yield hit(
            path, N_('The call has no "id"; expected one as text, for the tool\'s message to name.')
        )
        return
    if has_id and call["id"] in ids:
        yield hit(
            (*path, "id"),
            N_("The id {id} is used by another call of this message."),
            id=shown(call["id"]),
        )
        return
    if has_id:
        ids.add(call["id"])
    if call.get("type") != "function" and ("type" in call or _must_say_type(target)):
        if "type" in call:
            yield hit(
                (*path, "type"),
                N_('The type is {found}; expected "function".'),
                found=described(call["type"]),
            )
        else:
            yield hit(path, N_('The call has no "type"; expected "function".'))
        return
    function = call.get("function")
    if not isinstance(function, dict):
        yield hit(
            path,
            N_('The call has no object under "function"; expected one with name and arguments.'),
        )
    elif not isinstance(function.get("name"), str):
        yield hit((*path, "function"), N_('The function has no "name"; expected its name as text.'))
    elif "arguments" not in function:
        yield hit(
            (*path, "function"),
            N_(
                'The function has no "arguments"; expected them as JSON in a text, "{{}}" when there are none.'
            ),
        )


@rule(
    "TR507",
    On.CHAT,
    title=N_("The arguments of a call are not text"),
    why=N_(
        "Arguments are JSON written as text inside the JSON of the line; a plain object does not fit there."
    ),
    remedy=N_(
        "Write the arguments with a JSON library a second time (in Python: json.dumps(arguments))."
    ),
    bad=_line(
        '{"id": "c1", "type": "function", "function": {"name": "clock", "arguments": {"zone": "CET"}}}'
    ),
    good=_line(
        '{"id": "c1", "type": "function", "function": {"name": "clock", "arguments": "{\\"zone\\": \\"CET\\"}"}}'
    ),
)
def arguments_not_text(chat: Chat, target: Target) -> Iterator[Hit]:
    del target
    for path, function in _called(chat):
        arguments = function.get("arguments", "")
        if not isinstance(arguments, str):
            yield hit(
                (*path, "arguments"),
                N_("The arguments are {found}; expected JSON written as text."),
                found=kind_of(arguments),
            )


@rule(
    "TR508",
    On.CHAT,
    title=N_("The arguments of a call are not JSON"),
    why=N_("The model learns to write arguments that no program can read."),
    remedy=N_("Write the arguments as one JSON object in a text."),
    bad=_line(
        '{"id": "c1", "type": "function", "function": {"name": "clock", "arguments": "zone=CET"}}'
    ),
    good=_line(
        '{"id": "c1", "type": "function", "function": {"name": "clock", "arguments": "{\\"zone\\": \\"CET\\"}"}}'
    ),
)
def arguments_not_json(chat: Chat, target: Target) -> Iterator[Hit]:
    del target
    for path, function in _called(chat):
        arguments = function.get("arguments")
        if not isinstance(arguments, str):
            continue
        read = nesting_fault(arguments) or scan(arguments)
        if isinstance(read, Fault):
            yield hit(
                (*path, "arguments"),
                N_(
                    "The arguments are {found}; expected a JSON object. At character {at}: “{problem}”."
                ),
                found=shown(arguments),
                at=read.at + 1,
                problem=_problem(read),
            )
        elif not isinstance(read.value, dict):
            yield hit(
                (*path, "arguments"),
                N_("The arguments are {found} written as text; expected an object."),
                found=kind_of(read.value),
            )


def _problem(fault: Fault) -> Phrase:
    """Say a fault of JSON inside a text: mostly in the words of its rule's title."""
    from tuneready.rules import RULES_BY_NAME  # the catalogue holds this module's rules, too

    of_lines = {
        "not-json": N_("this is not JSON"),
        "line-ends-early": N_("the text ends in the middle of the JSON"),
        "text-after-record": N_("something follows the object"),
        "byte-order-mark-inside": N_("a byte-order mark stands before the object"),
    }
    return Phrase(of_lines.get(fault.rule) or RULES_BY_NAME[fault.rule].title)


@rule(
    "TR509",
    On.CHAT,
    title=N_("A tool message does not say which call it answers"),
    why=N_("A tool's message names the call by tool_call_id."),
    remedy=N_("Write the id of the call under tool_call_id."),
    bad=_line(
        _CALL, ', {"role": "tool", "content": "12:00"}, {"role": "assistant", "content": "Noon."}'
    ),
    good=_line(_CALL, _RESULT),
)
def tool_call_id_missing(chat: Chat, target: Target) -> Iterator[Hit]:
    del target
    for message in chat.messages:
        if message.role == "tool" and not isinstance(message.fields.get("tool_call_id"), str):
            path: Path = message.path
            if "tool_call_id" in message.fields:
                found = described(message.fields["tool_call_id"])
                yield hit(
                    (*path, "tool_call_id"),
                    N_("The tool_call_id is {found}; expected text."),
                    found=found,
                )
            else:
                yield hit(
                    path, N_("The tool message has no tool_call_id; expected the id of a call.")
                )


@rule(
    "TR510",
    On.CHAT,
    title=N_("A tool message answers a call that is not there"),
    why=N_(
        "The id names no call of an assistant message before it, so the result belongs to nothing."
    ),
    remedy=N_("Use the id of the call; ids are made per conversation and must not be mixed up."),
    bad=_line(_CALL, _RESULT.replace("c1", "c2")),
    good=_line(_CALL, _RESULT),
)
def answered_call_missing(chat: Chat, target: Target) -> Iterator[Hit]:
    del target
    ids: dict[str, None] = {}  # in order
    misshapen = False
    for message in (*chat.before, *chat.messages):
        if message.role == "assistant":
            for call in message.calls:
                match call:
                    case {"id": str(known)}:
                        ids[known] = None
                    case _:
                        misshapen = True
        answered = message.fields.get("tool_call_id")
        if message.role != "tool" or not isinstance(answered, str) or answered in ids or misshapen:
            continue
        if ids:
            yield hit(
                message.at("tool_call_id"),
                N_("The tool_call_id is {found}; the calls before it are {known}."),
                found=shown(answered),
                known=listed([shown(known, 24) for known in islice(ids, 5)])
                + (", …" if len(ids) > 5 else ""),
            )
        elif (
            message.index
            and message.role == "tool"
            and chat.messages[message.index - 1].role
            in (
                "assistant",
                "tool",
            )
        ):
            yield hit(
                message.at("tool_call_id"),
                N_("The tool_call_id is {found}; no assistant message before it calls a tool."),
                found=shown(answered),
            )


@rule(
    "TR511",
    On.CHAT,
    title=N_("The call of a tool has no answer"),
    why=N_(
        "The conversation goes on after the call, but the tool's result is missing. At its end a call may stay open: that teaches calling."
    ),
    remedy=N_("Add the tool's message with the id of the call."),
    bad=_line(
        _CALL
        + ', {"id": "c2", "type": "function", "function": {"name": "clock", "arguments": "{}"}}',
        _RESULT,
    ),
    good=_line(_CALL, _RESULT),
)
def call_without_answer(chat: Chat, target: Target) -> Iterator[Hit]:
    del target
    for message in _assistants(chat):
        answered: set[str | None] = set()
        at = message.index + 1
        while at < len(chat.messages) and chat.messages[at].role == "tool":
            answer = chat.messages[at].fields.get("tool_call_id")
            # What is not text has a rule of its own; it may answer any call.
            answered.add(answer if isinstance(answer, str) else None)
            at += 1
        if not answered:  # at the end, or a rule about order has it
            continue
        calls = {
            call["id"]: i
            for i, call in enumerate(message.calls)
            if isinstance(call, dict) and isinstance(call.get("id"), str)
        }
        if None in answered or not answered <= calls.keys():
            continue
        for name, i in calls.items():
            if name not in answered:
                yield hit(
                    message.at("tool_calls", i),
                    N_("No tool message answers the call {id}."),
                    id=shown(name),
                )


@rule(
    "TR512",
    On.CHAT,
    title=N_("A tool is called that the line does not define"),
    why=N_(
        "The definitions belong on every line that uses them: the model learns when to call a tool from its definition."
    ),
    remedy=N_("Define the tool under tools on this line, or correct the name."),
    bad=_line(_CALL, tools='"tools": []'),
    good=_GOOD,
)
def called_tool_undefined(chat: Chat, target: Target) -> Iterator[Hit]:
    del target
    tools = chat.record.get(chat.tools_key, [])
    if not isinstance(tools, list):
        return
    defined = [name for _, name in defined_tools(chat)]
    if len(defined) != len(tools):  # a definition without a name has a finding of its own
        return
    seen: set[str] = set(defined)
    for path, function in _called(chat):
        name = function["name"]
        if name in seen:
            continue
        seen.add(name)
        if defined:
            yield hit(
                (*path, "name"),
                N_("The call is of {name}; the line defines {known}."),
                name=shown(name),
                known=listed([shown(known, 40) for known in defined[:5]])
                + (", …" if len(defined) > 5 else ""),
            )
        else:
            yield hit(
                (*path, "name"),
                N_("The call is of {name}; the line defines no tools."),
                name=shown(name),
            )


@rule(
    "TR513",
    On.CHAT,
    title=N_("Functions are used, which tools have replaced"),
    why=N_(
        "functions, function_call and the role function are deprecated. They may work today, and not with the next model."
    ),
    remedy=N_("Write tools, tool_calls and the role tool instead."),
    bad=(
        _ASK + '{"role": "assistant", "function_call": {"name": "clock", "arguments": "{}"}}], '
        '"functions": [{"name": "clock", "parameters": {"type": "object", "properties": {}}}]}\n'
    ),
    good=_GOOD,
)
def functions_deprecated(chat: Chat, target: Target) -> Iterator[Hit]:
    """Report the first place of a line: the rest has the same cause."""
    del target
    if "functions" in chat.record and chat.part != "answer":
        yield key_hit(chat.within("functions"), N_('The record has "functions"; expected "tools".'))
        return
    for message in chat.messages:
        if message.role == "function":
            yield hit(message.at("role"), N_('The role is "function"; expected "tool".'))
            return
        if message.role == "assistant" and "function_call" in message.fields:
            yield key_hit(
                message.at("function_call"),
                N_('The message has "function_call"; expected "tool_calls".'),
            )
            return


@rule(
    "TR514",
    On.CHAT,
    target="openai/sft",
    title=N_("A function's message lacks its name or content"),
    why=N_(
        "A message of the old role function needs the name of the function, and a content, which may be null."
    ),
    remedy=N_("Add what is missing, or better: turn the example into tools."),
    bad=(
        _ASK
        + '{"role": "assistant", "content": "Wait."}, {"role": "function", "content": "12:00"}, '
        '{"role": "assistant", "content": "Noon."}]}\n'
    ),
    good=_GOOD,
)
def function_message_shape(chat: Chat, target: Target) -> Iterator[Hit]:
    del target
    for message in chat.messages:
        if message.role != "function":
            continue
        for key in ("name", "content"):
            if key not in message.fields:
                yield hit(
                    message.path,
                    N_("The function's message has no {key}; expected one."),
                    key=shown(key),
                )


@rule(
    "TR515",
    On.CHAT,
    title=N_("parallel_tool_calls is not true or false"),
    why=N_(
        "The key says whether the model may call several tools at once; other values may be refused."
    ),
    remedy=N_("Write true or false without quotes, or leave the key out."),
    bad=_GOOD.replace('"tools"', '"parallel_tool_calls": "no", "tools"'),
    good=_GOOD.replace('"tools"', '"parallel_tool_calls": false, "tools"'),
)
def parallel_tool_calls_type(chat: Chat, target: Target) -> Iterator[Hit]:
    del target
    record = chat.record
    if chat.part == "answer":
        return
    if "parallel_tool_calls" in record and not isinstance(record["parallel_tool_calls"], bool):
        yield hit(
            chat.within("parallel_tool_calls"),
            N_("parallel_tool_calls is {found}; expected true or false."),
            found=described(record["parallel_tool_calls"]),
        )


def _assistants(chat: Chat) -> Iterator[Message]:
    return (message for message in chat.messages if message.role == "assistant")


def defined_tools(chat: Chat) -> Iterator[tuple[int, str]]:
    """Yield the index and the name of every tool that is defined with a name."""
    for i, tool in enumerate(chat.tools):
        match tool:
            case {"function": {"name": str(name)}}:
                yield i, name


def _called(chat: Chat) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Yield the functions that are called by name."""
    for message in _assistants(chat):
        for i, call in enumerate(message.calls):
            match call:
                case {"function": {"name": str()} as function}:
                    yield message.at("tool_calls", i, "function"), function


RULES = (
    tools_not_list,
    tool_definition_shape,
    tool_defined_twice,
    tool_schema_not_plain,
    too_many_tools,
    tool_calls_shape,
    arguments_not_text,
    arguments_not_json,
    tool_call_id_missing,
    answered_call_missing,
    call_without_answer,
    called_tool_undefined,
    functions_deprecated,
    function_message_shape,
    parallel_tool_calls_type,
)
