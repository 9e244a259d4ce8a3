"""What rules look at: the record of a line, and the conversations and texts in it. No rule here.

Data of any shape must be walked without an exception, so the views keep what has the right type
and leave the rest out; a rule reports what was left out.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tuneready.dataset.formats import recognise
from tuneready.dataset.seen import Seen

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tuneready.dataset.formats import Format
    from tuneready.finding import Path
    from tuneready.targets.base import Dialect, Key, Layout, Target


@dataclass(frozen=True, slots=True)
class Record:
    """The JSON value of a line."""

    value: Any
    layout: Layout  # that it has, or is meant to have
    other: Format | None  # set when it clearly belongs elsewhere


@dataclass(frozen=True, slots=True)
class Message:
    """One message; `fields` is empty when it is not an object.

    Fields go by the usual names, `role` and `content`, whatever the target calls them.
    """

    index: int
    path: Path
    role: str | None  # what its role stands for, or the text that is not a role; None without
    role_text: str | None  # the role as it is written
    fields: dict[str, Any]
    raw: Any  # as it stands in the file
    keys: tuple[str, str]  # the target's names of role and content

    @property
    def is_object(self) -> bool:
        return isinstance(self.raw, dict)

    def at(self, key: str, *inside: str | int) -> Path:
        """Return the path of a field, by its usual name, or of something inside it."""
        role, content = self.keys
        name = role if key == "role" else content if key == "content" else key
        return (*self.path, name, *inside)

    @property
    def calls(self) -> list[Any]:
        """The tool calls, when they are a list."""
        calls = self.fields.get("tool_calls")
        return calls if isinstance(calls, list) else []

    @property
    def parts(self) -> list[tuple[int, dict[str, Any]]]:
        """The parts of the content that are objects, with their index."""
        content = self.fields.get("content")
        if not isinstance(content, list):
            return []
        return [(i, part) for i, part in enumerate(content) if isinstance(part, dict)]

    @property
    def texts(self) -> list[str]:
        """Every text of the content."""
        content = self.fields.get("content")
        if isinstance(content, str):
            return [content]
        texts = (part.get("text") for _, part in self.parts)
        return [text for text in texts if isinstance(text, str)]

    @property
    def is_plain(self) -> bool:
        """Tell whether the message is a role and text, and nothing else."""
        content = self.fields.get("content")
        if len(self.fields) != 2 or self.role is None:
            return False
        return isinstance(content, str) or (
            isinstance(content, list)
            and all(isinstance(part, dict) and part.keys() <= {"type", "text"} for part in content)
            and len(self.texts) == len(content)
        )


@dataclass(frozen=True, slots=True)
class Chat:
    """A list of messages with something in it."""

    record: dict[str, Any]  # the object that has the messages, and perhaps definitions of tools
    base: Path  # of that object
    path: Path  # of the list
    part: str  # whole, prompt or answer
    messages: list[Message]
    before: list[Message] = field(default_factory=list)  # what is asked, before an answer

    @property
    def has_parts(self) -> bool:
        """Tell whether the content of a message is a list."""
        return any(isinstance(message.fields.get("content"), list) for message in self.messages)

    @property
    def tools_key(self) -> str:
        """The key of the definitions of tools; one tool has a second name for it."""
        names = ("tools", "available_tools")
        return next((name for name in names if name in self.record), "tools")

    @property
    def tools(self) -> list[Any]:
        """The definitions of tools, when they are a list."""
        tools = self.record.get(self.tools_key)
        return tools if isinstance(tools, list) else []

    def within(self, first: str, *inside: str | int) -> Path:
        """Return the path of something beside the messages."""
        return (*self.base, self.tools_key if first == "tools" else first, *inside)


@dataclass(frozen=True, slots=True)
class Text:
    """One text that somebody says, or that stands under a key of its own."""

    text: str
    role: str  # a role, or the name of the key
    path: Path
    is_answer: bool  # what the model learns to write


@dataclass(frozen=True, slots=True)
class Example:
    """A record of the target's format."""

    record: dict[str, Any]
    layout: Layout
    chats: list[Chat]
    fields: list[Text]  # texts under keys of their own

    def texts(self) -> list[Text]:
        """Return every text: what is asked, in the order of the layout, then the answers."""
        first, last = self.asked_and_answered()
        return first + last

    def asked_and_answered(self) -> tuple[list[Text], list[Text]]:
        """Return the texts before the answers, and the answers; a whole chat is not taken apart."""
        first = [text for text in self.fields if not text.is_answer]
        last = [text for text in self.fields if text.is_answer]
        for chat in self.chats:
            (last if chat.part == "answer" else first).extend(_spoken(chat))
        return first, last

    def handed_over(self) -> Iterator[Text]:
        """Yield the texts that tools are given and give back as data: nobody says them aloud."""
        for chat in self.chats:
            for message in chat.messages:
                yield from _handed_over(message)


# Keys of calls, and of parts that hold a call or what came back, of all providers' chats.
_CALLS = ("tool_calls", "function_call")
_PARTS_OF_TOOLS = (
    "functionCall",
    "functionResponse",
    "toolUse",
    "toolResult",
    "input",
    "content",
)


def _handed_over(message: Message) -> Iterator[Text]:
    for key in _CALLS:
        yield from _texts_within(message.fields.get(key), message.at(key), message.role)
    for i, part in message.parts:
        for key in _PARTS_OF_TOOLS:
            yield from _texts_within(part.get(key), message.at("content", i, key), message.role)


def _texts_within(value: Any, path: Path, role: str | None) -> Iterator[Text]:
    """Yield every text in a value; a line that is nested too deeply never comes here."""
    match value:
        case str():
            yield Text(value, role or "", path, is_answer=False)
        case list():
            for i, item in enumerate(value):
                yield from _texts_within(item, (*path, i), role)
        case dict():
            for key, item in value.items():
                yield from _texts_within(item, (*path, key), role)


def _spoken(chat: Chat) -> Iterator[Text]:
    for message in chat.messages:
        content = message.fields.get("content")
        role = message.role or ""
        is_answer = chat.part != "prompt" and role == "assistant"
        if isinstance(content, str):
            yield Text(content, role, message.at("content"), is_answer)
        for i, part in message.parts:
            text = part.get("text")
            if isinstance(text, str):
                yield Text(text, role, message.at("content", i, "text"), is_answer)


def record_of(value: Any, target: Target) -> Record:
    """Return the view of a line's value, with the layout that it has or is meant to have."""
    first = target.layouts[0]
    if not isinstance(value, dict):
        return Record(value, first, None)
    if target.renamed and target.renamed & value.keys():
        return Record(value, min(target.layouts, key=lambda layout: _lacks(layout, value)), None)
    name, other = recognise(value, target.formats)
    layout = next((layout for layout in target.layouts if layout.format == name), first)
    return Record(value, layout, other)


def _lacks(layout: Layout, value: dict[str, Any]) -> int:
    """Count the keys of a layout that a record lacks; the first with the fewest is meant."""
    return sum(key.required and name not in value for name, key in layout.keys.items())


def example_of(record: Record, target: Target) -> Example:
    """Return the view of a record, which must be an object, as an example."""
    chats: list[Chat] = []
    texts: list[Text] = []
    _collect(record.value, (), record.layout.keys, target, chats, texts)
    prompts = [chat for chat in chats if chat.part == "prompt"]
    if prompts:
        asked = [message for chat in prompts for message in chat.messages]
        owner = prompts[0]
        chats = [
            chat
            if chat.part != "answer"
            else Chat(owner.record, owner.base, chat.path, chat.part, chat.messages, asked)
            for chat in chats
        ]
    return Example(record.value, record.layout, chats, texts)


def _collect(  # noqa: C901  one case for each thing that a key may hold
    value: dict[str, Any],
    base: Path,
    keys: Mapping[str, Key],
    target: Target,
    chats: list[Chat],
    texts: list[Text],
) -> None:
    for name, key in keys.items():
        if name not in value or not key.said:
            continue
        found = value[name]
        path = (*base, name)
        who = key.said_by or name
        match key.holds:
            case "messages" | "text-or-messages" if isinstance(found, list):
                if found and target.messages:
                    messages = [
                        message_of(i, (*path, i), message, target.messages)
                        for i, message in enumerate(found)
                    ]
                    chats.append(Chat(value, base, path, key.part or "whole", messages))
            case "message" if target.messages:
                message = message_of(0, path, found, target.messages)
                chats.append(Chat(value, base, path, key.part or "whole", [message]))
            case "text" | "text-or-messages" | "text-or-texts" if isinstance(found, str):
                texts.append(Text(found, who, path, key.part == "answer"))
            case "texts" | "text-or-texts" if isinstance(found, list):
                texts += [
                    Text(text, who, (*path, i), key.part == "answer")
                    for i, text in enumerate(found)
                    if isinstance(text, str)
                ]
            case "pairs" if isinstance(found, list):
                texts += [
                    Text(text, who, (*path, i, j), is_answer=False)
                    for i, pair in enumerate(found)
                    if isinstance(pair, list)
                    for j, text in enumerate(pair)
                    if isinstance(text, str)
                ]
            case "object" if isinstance(found, dict):
                _collect(found, path, key.keys, target, chats, texts)
            case "objects" if isinstance(found, list):
                for i, item in enumerate(found):
                    if isinstance(item, dict):
                        _collect(item, (*path, i), key.keys, target, chats, texts)


def message_of(index: int, path: Path, value: Any, dialect: Dialect) -> Message:
    """Return the view of one message."""
    keys = (dialect.role, dialect.content)
    if not isinstance(value, dict):
        return Message(index, path, None, None, {}, value, keys)
    fields = value
    if dialect.other_content in value and dialect.content not in value:
        keys = (dialect.role, dialect.other_content or dialect.content)
    if keys != ("role", "content"):
        usual = dict(zip(keys, ("role", "content"), strict=True))
        fields = {
            usual.get(key, key): item
            for key, item in value.items()
            if key in usual or key not in ("role", "content")
        }
    role = fields.get("role")
    text = role if isinstance(role, str) else None
    meaning = dialect.roles.get(text, text) if text is not None else None
    return Message(index, path, meaning, text, fields, value, keys)


def seen_of(example: Example, line: int) -> Seen:
    """Return what an example says, for the looks over several of them."""
    first, last = example.asked_and_answered()
    texts = first + last
    plain = all(message.is_plain for chat in example.chats for message in chat.messages)
    spoken = {name for name, key in example.layout.keys.items() if is_plain_key(key)}
    rest = "" if plain and example.record.keys() <= spoken else _rest(example, texts)
    prompt = len(first)
    if not last:  # a whole conversation: its last answer is what counts
        prompt = next((i for i in reversed(range(prompt)) if texts[i].is_answer), prompt)
    return Seen(
        line,
        tuple(text.role for text in texts),
        [text.text for text in texts],
        prompt,
        rest,
    )


def is_plain_key(key: Key) -> bool:
    """Tell whether the texts under a key are all that there is to say about it."""
    if not key.said:
        return True
    if key.holds in ("object", "objects"):
        return all(map(is_plain_key, key.keys.values()))
    return key.holds in ("text", "messages", "message", "text-or-messages")


def _rest(example: Example, texts: list[Text]) -> str:
    """Write what is not among the texts: the same for the same data, whatever its order of keys."""
    taken = {text.path for text in texts}
    return json.dumps(_without(example.record, (), taken), sort_keys=True, separators=(",", ":"))


def _without(value: Any, path: Path, taken: set[Path]) -> Any:
    if isinstance(value, dict):
        return {
            key: _without(item, (*path, key), taken)
            for key, item in value.items()
            if (*path, key) not in taken
        }
    if isinstance(value, list):
        return [
            _without(item, (*path, i), taken)
            for i, item in enumerate(value)
            if (*path, i) not in taken
        ]
    return value
