"""TR40x-TR41x: what a message says: text, or a list of parts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tuneready.dataset.quoting import described, kind_of, shown
from tuneready.finding import Phrase
from tuneready.locale import N_
from tuneready.rules.base import Hit, On, hit, key_hit, rule
from tuneready.rules.bedrock import is_without_words
from tuneready.rules.messages import near_key

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tuneready.dataset.examples import Chat, Message
    from tuneready.finding import Path
    from tuneready.targets.base import Target

_USER = '{"messages": [{"role": "user", "content": "Hi"}, '
_GOOD = _USER + '{"role": "assistant", "content": "Hello"}]}\n'
_CALL = '"tool_calls": [{"id": "c1", "type": "function", "function": {"name": "clock", "arguments": "{}"}}]'
_TOOLS = '"tools": [{"type": "function", "function": {"name": "clock"}}]'
_PART_TYPES = ("text", "image_url", "refusal")


# What a content may be: text, a list, or both.
_CONTENTS = {
    (True, True): Phrase(N_("text or a list of parts")),
    (True, False): Phrase(N_("text")),
    (False, True): Phrase(N_("a list of parts")),
}


def _taken(target: Target) -> tuple[bool, bool]:
    """Tell whether a content may be text, and whether it may be a list."""
    parts = target.messages.parts if target.messages else "openai"
    return parts in ("openai", "none"), parts != "none"


def _wanted(target: Target) -> Phrase:
    return _CONTENTS[_taken(target)]


def is_blank(text: str) -> bool:
    """Tell whether a text has nothing but spaces and line breaks."""
    return not text or text.isspace()


def is_null_text(text: str) -> bool:
    """Tell whether a text is the word that a bad export writes for nothing."""
    return text == "null"


@rule(
    "TR401",
    On.CHAT,
    title=N_("A message has no content"),
    why=N_(
        "Every message needs a content; only an assistant message that calls tools can do without."
    ),
    remedy=N_("Write the content, or leave the message out."),
    bad=_USER + '{"role": "assistant"}]}\n',
    good=_GOOD,
)
def content_missing(chat: Chat, target: Target) -> Iterator[Hit]:
    for message in chat.messages:
        if not message.is_object or _may_lack_content(message):
            continue
        if "content" not in message.fields:
            near = near_key("content", message)
            if near is not None:
                yield key_hit(
                    (*message.path, near),
                    N_("The key is {found}; expected {wanted}."),
                    found=shown(near),
                    wanted=shown(message.keys[1]),
                )
            else:
                yield hit(
                    message.path,
                    N_("The message has no {key}; expected {wanted}."),
                    key=shown(message.keys[1]),
                    wanted=_wanted(target),
                )
        elif message.fields["content"] is None:
            yield hit(
                message.at("content"),
                N_("The content is null; expected {wanted}."),
                wanted=_wanted(target),
            )


@rule(
    "TR402",
    On.CHAT,
    title=N_("The content of a tool call is null"),
    why=N_(
        "Sources disagree: Microsoft's own schema sample has it, yet there are reports of lines refused for it, and a newer checker treats it as a fault."
    ),
    remedy=N_(
        "Leave the key content out of messages that only call tools: that is safe everywhere."
    ),
    bad=_USER + '{"role": "assistant", "content": null, ' + _CALL + "}], " + _TOOLS + "}\n",
    good=_USER + '{"role": "assistant", ' + _CALL + "}], " + _TOOLS + "}\n",
)
def content_null(chat: Chat, target: Target) -> Iterator[Hit]:
    del target
    for message in chat.messages:
        fields = message.fields
        if (
            message.role == "assistant"
            and _calls(message)
            and "content" in fields
            and fields["content"] is None
        ):
            yield hit(
                message.at("content"),
                N_("The content is null beside a tool call; expected no content at all."),
            )


@rule(
    "TR403",
    On.CHAT,
    title=N_('The content is the word "null"'),
    why=N_(
        "A bad export wrote the word where nothing was meant. The model would learn to say it, and such lines were refused in practice."
    ),
    remedy=N_("Leave the content out of a tool call; elsewhere write the text that belongs there."),
    bad=_USER + '{"role": "assistant", "content": "null"}]}\n',
    good=_GOOD,
)
def content_null_text(chat: Chat, target: Target) -> Iterator[Hit]:
    del target
    for message in chat.messages:
        for path, text in _texts(message):
            if is_null_text(text):
                yield hit(
                    path, N_('The content is the text "null"; expected what is meant to be said.')
                )


@rule(
    "TR404",
    On.CHAT,
    title=N_("The content is blank"),
    why=N_("A message of nothing teaches the model to say nothing."),
    remedy=N_("Write the text, or leave the example out."),
    bad=_USER + '{"role": "assistant", "content": " "}]}\n',
    good=_GOOD,
)
def content_blank(chat: Chat, target: Target) -> Iterator[Hit]:
    for message in chat.messages:
        if target.has_rule("content-without-words") and is_without_words(message):
            continue
        if (
            message.role == "assistant"
            and _calls(message)
            and isinstance(message.fields.get("content"), str)
        ):
            continue
        for path, text in _texts(message):
            if is_blank(text):
                yield hit(path, N_("The content is {found}; expected text."), found=shown(text))


@rule(
    "TR405",
    On.CHAT,
    title=N_("The content is of a type that is not read"),
    why=N_("The service refuses contents of another type."),
    remedy=N_(
        "Write the content as the target reads it: as text, or as a list of parts with the text in them. An object that the model should produce is text, too."
    ),
    bad=_USER + '{"role": "assistant", "content": {"answer": 42}}]}\n',
    good=_USER + '{"role": "assistant", "content": "{\\"answer\\": 42}"}]}\n',
)
def content_wrong_type(chat: Chat, target: Target) -> Iterator[Hit]:
    takes_text, takes_list = _taken(target)
    for message in chat.messages:
        content = message.fields.get("content")
        if content is None or (takes_text and isinstance(content, str)):
            continue
        path = message.at("content")
        if not (takes_list and isinstance(content, list)):
            yield hit(
                path,
                N_("The content is {found}; expected {wanted}."),
                found=kind_of(content),
                wanted=_wanted(target),
            )
        elif not content and not target.has_rule("content-empty-list"):
            yield _empty_list(path)


def _empty_list(path: Path) -> Hit:
    return hit(path, N_("The content is an empty list; expected at least one part."))


@rule(
    "TR406",
    On.PARTS,
    title=N_("A part of the content has no known type"),
    why=N_(
        "A part is an object that says what it is: text, an image, a refusal. Others are refused, or not read."
    ),
    remedy=N_(
        'Write {"type": "text", "text": "…"} for text, {"type": "image_url", "image_url": {"url": "…"}} for an image.'
    ),
    bad='{"messages": [{"role": "user", "content": [{"type": "input_text", "text": "Hi"}]}, {"role": "assistant", "content": "Hello"}]}\n',
    good='{"messages": [{"role": "user", "content": [{"type": "text", "text": "Hi"}]}, {"role": "assistant", "content": "Hello"}]}\n',
)
def unknown_part(chat: Chat, target: Target) -> Iterator[Hit]:
    del target
    for message in chat.messages:
        content = message.fields.get("content")
        if not isinstance(content, list):
            continue
        for i, part in enumerate(content):
            path: Path = message.at("content", i)
            if not isinstance(part, dict):
                yield hit(
                    path,
                    N_("The part is {found}; expected an object with a type."),
                    found=kind_of(part),
                )
            elif "type" not in part:
                yield hit(path, N_('The part has no "type"; expected text or image_url.'))
            elif part["type"] not in _PART_TYPES:
                yield hit(
                    (*path, "type"),
                    N_("The type is {found}; expected text or image_url."),
                    found=described(part["type"]),
                )


@rule(
    "TR407",
    On.PARTS,
    title=N_("A part of this type does not belong to the role"),
    why=N_("System and tool messages take text only, and only the assistant refuses."),
    remedy=N_("Move the part to a message whose role takes it; images belong to the user."),
    bad=(
        '{"messages": [{"role": "system", "content": [{"type": "image_url", "image_url": {"url": "https://example.org/logo.png"}}]}, '
        '{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]}\n'
    ),
    good=(
        '{"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "https://example.org/logo.png"}}]}, '
        '{"role": "assistant", "content": "Hello"}]}\n'
    ),
)
def part_of_another_role(chat: Chat, target: Target) -> Iterator[Hit]:
    for message in chat.messages:
        if message.role_text is None or message.role_text not in target.roles:
            continue
        for i, part in message.parts:
            kind = part.get("type")
            misplaced = (kind == "image_url" and message.role not in ("user", "assistant")) or (
                kind == "refusal" and message.role != "assistant"
            )
            if misplaced:
                yield hit(
                    message.at("content", i),
                    N_("A message with the role {role} has a part of type {found}; expected text."),
                    role=shown(message.role_text),
                    found=described(kind),
                )


@rule(
    "TR408",
    On.PARTS,
    title=N_("A refusal stands beside other parts"),
    why=N_("The content of an assistant message is text parts, or exactly one refusal."),
    remedy=N_("Keep either the refusal or the text."),
    bad=(
        _USER
        + '{"role": "assistant", "content": [{"type": "refusal", "refusal": "I cannot do that."}, '
        '{"type": "text", "text": "Hello"}]}]}\n'
    ),
    good=_USER
    + '{"role": "assistant", "content": [{"type": "refusal", "refusal": "I cannot do that."}]}]}\n',
)
def refusal_beside_parts(chat: Chat, target: Target) -> Iterator[Hit]:
    del target
    for message in chat.messages:
        parts = message.parts
        refusals = [i for i, part in parts if part.get("type") == "refusal"]
        if message.role == "assistant" and refusals and len(parts) > 1:
            yield hit(
                message.at("content", refusals[0]),
                N_("A refusal stands among {count} parts; expected it alone."),
                count=len(parts),
            )


@rule(
    "TR409",
    On.PARTS,
    title=N_("A part lacks its text"),
    why=N_("A part of type text carries its words under the key text, a refusal under refusal."),
    remedy=N_("Write the words under that key, as text."),
    bad='{"messages": [{"role": "user", "content": [{"type": "text", "content": "Hi"}]}, {"role": "assistant", "content": "Hello"}]}\n',
    good='{"messages": [{"role": "user", "content": [{"type": "text", "text": "Hi"}]}, {"role": "assistant", "content": "Hello"}]}\n',
)
def part_without_text(chat: Chat, target: Target) -> Iterator[Hit]:
    del target
    for message in chat.messages:
        for i, part in message.parts:
            kind = part.get("type")
            if kind not in ("text", "refusal") or isinstance(part.get(kind), str):
                continue
            path: Path = message.at("content", i)
            if kind not in part:
                yield hit(
                    path, N_("The part has no {key}; expected the words there."), key=shown(kind)
                )
            else:
                yield hit(
                    (*path, kind),
                    N_("{key} is {found}; expected text."),
                    key=shown(kind),
                    found=kind_of(part[kind]),
                )


@rule(
    "TR410",
    On.PARTS,
    title=N_("The content is a list without parts"),
    why=N_("A list of parts says something with each of them; without one nothing is said."),
    remedy=N_("Write the text, or leave the message out."),
    bad='{"messages": [{"role": "user", "content": []}, {"role": "assistant", "content": "Hello"}]}\n',
    good=_GOOD,
)
def content_empty_list(chat: Chat, target: Target) -> Iterator[Hit]:
    del target
    for message in chat.messages:
        if message.fields.get("content") == []:
            yield _empty_list(message.at("content"))


def _texts(message: Message) -> Iterator[tuple[Path, str]]:
    content = message.fields.get("content")
    if isinstance(content, str):
        yield message.at("content"), content
    for i, part in message.parts:
        text = part.get("text")
        if part.get("type", "text") == "text" and isinstance(text, str):
            yield message.at("content", i, "text"), text


def _calls(message: Message) -> bool:
    """Tell whether an assistant message says that it calls tools; how well is for other rules."""
    fields = message.fields
    return fields.get("tool_calls") is not None or fields.get("function_call") is not None


def _may_lack_content(message: Message) -> bool:
    if message.role == "assistant":
        return _calls(message) or isinstance(message.fields.get("refusal"), str)
    # A function's message must have the key, but may say null; a rule of its own looks at it.
    return message.role == "function"


RULES = (
    content_missing,
    content_null,
    content_null_text,
    content_blank,
    content_wrong_type,
    unknown_part,
    part_of_another_role,
    refusal_beside_parts,
    part_without_text,
    content_empty_list,
)
