"""What rules look at: the record of a line, and a chat recognised in it. No rule lives here.

Data of any shape must be walked without an exception, so the views keep what has the right type
and leave the rest out; a rule reports what was left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tuneready.finding import Phrase
from tuneready.locale import N_


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of record that people have, and where it belongs."""

    name: str  # with its article
    keys: str  # what it was recognised by
    hint: str


PREFERENCE = Kind(
    N_("a preference record"),
    "input, preferred_output",
    N_("It belongs to preference training (DPO)."),
)
PREFERENCE_OLD = Kind(
    N_("a preference record"),
    "chosen, rejected",
    N_("It belongs to preference training (DPO) in the layout of open-source tools."),
)
REINFORCEMENT = Kind(
    N_("a record for reinforcement training"),
    Phrase(N_("messages that end with the user, and keys for a grader")),
    N_("It belongs to reinforcement training (RFT)."),
)
PROMPT_COMPLETION = Kind(
    N_("a pair of prompt and completion"),
    "prompt, completion",
    N_("It belongs to prompt-completion training of the older base models."),
)
CHAT = Kind(N_("a chat"), "messages", N_("It belongs to supervised training of chat models."))
SHAREGPT = Kind(
    N_("a ShareGPT conversation"),
    "conversations",
    N_("Tools such as LLaMA-Factory and Axolotl read it; turn from/value into role/content."),
)
ALPACA = Kind(
    N_("an Alpaca instruction"),
    "instruction, output",
    N_("Tools such as LLaMA-Factory and Axolotl read it; turn it into messages."),
)
GEMINI = Kind(
    N_("a Gemini conversation"),
    "contents",
    N_("It belongs to Gemini; turn contents/parts into messages/content."),
)
CONVERSE = Kind(
    N_("a Bedrock conversation"), "schemaVersion, messages", N_("It belongs to Amazon Bedrock.")
)
BATCH = Kind(
    N_("a batch request"),
    "custom_id, body",
    N_("It belongs to the batch interface, not to training."),
)
TEXT = Kind(N_("plain text"), "text", N_("It belongs to continued pre-training."))


def recognise(record: dict[str, Any], expected: str) -> Kind | None:
    """Return the kind of a record that clearly belongs elsewhere; None when it may be `expected`."""
    keys = record.keys()
    if "input" in keys and keys & {
        "preferred_output",
        "non_preferred_output",
        "preferred_completion",
    }:
        return PREFERENCE
    if "chosen" in keys and "rejected" in keys:
        return PREFERENCE_OLD
    if "custom_id" in keys and "body" in keys:
        return BATCH
    if "messages" in keys:
        return _recognise_messages(record, expected)
    if "prompt" in keys or "completion" in keys:
        return (
            PROMPT_COMPLETION if expected == "chat" and keys >= {"prompt", "completion"} else None
        )
    for kind, wanted in (
        (SHAREGPT, {"conversations"}),
        (GEMINI, {"contents"}),
        (ALPACA, {"instruction", "output"}),
    ):
        if wanted <= keys:
            return kind
    return TEXT if keys == {"text"} else None


def _recognise_messages(record: dict[str, Any], expected: str) -> Kind | None:
    if "schemaVersion" in record:
        return CONVERSE
    if expected != "chat":
        return CHAT
    messages = record["messages"]
    if not isinstance(messages, list) or not all(isinstance(message, dict) for message in messages):
        return None
    roles = [message.get("role") for message in messages]
    # A prompt without an answer, and something for a grader to compare with.
    if roles and roles[-1] == "user" and "assistant" not in roles and _grader_keys(record):
        return REINFORCEMENT
    return None


def _grader_keys(record: dict[str, Any]) -> bool:
    return not record.keys() <= {"messages", "tools", "functions", "parallel_tool_calls"}


@dataclass(frozen=True, slots=True)
class Record:
    """The JSON value of a line."""

    value: Any
    other: Kind | None  # set when it clearly belongs elsewhere


@dataclass(frozen=True, slots=True)
class Message:
    """One entry of `messages`; `fields` is empty when the entry is not an object."""

    index: int
    role: str | None  # None when it is absent or not text
    fields: dict[str, Any]
    is_object: bool

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


@dataclass(frozen=True, slots=True)
class Chat:
    """A record whose `messages` is a list with something in it."""

    record: dict[str, Any]
    messages: list[Message]

    @property
    def has_parts(self) -> bool:
        """Tell whether the content of a message is a list."""
        return any(isinstance(message.fields.get("content"), list) for message in self.messages)

    @property
    def tools(self) -> list[Any]:
        """The definitions of tools, when they are a list."""
        tools = self.record.get("tools")
        return tools if isinstance(tools, list) else []


def chat_of(record: dict[str, Any]) -> Chat | None:
    """Return the view of a record as a chat, when it has messages."""
    messages = record.get("messages")
    if not isinstance(messages, list) or not messages:
        return None
    return Chat(record, [_message(i, message) for i, message in enumerate(messages)])


def _message(index: int, value: Any) -> Message:
    if not isinstance(value, dict):
        return Message(index, None, {}, is_object=False)
    role = value.get("role")
    return Message(index, role if isinstance(role, str) else None, value, is_object=True)
