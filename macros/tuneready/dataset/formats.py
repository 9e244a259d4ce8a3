"""The formats of records that people have, and how each is recognised. A list that one can read.

`look` says how well a record fits: 2 when it is clearly of this format, 1 when it may be, 0 when it
is not. It sees a record that is an object, of any shape, and never raises.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tuneready.finding import Phrase
from tuneready.locale import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

type Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of record, and where it belongs."""

    name: str
    title: str  # with its article
    keys: str  # what it is recognised by
    hint: str
    look: Callable[[Record], int]
    target: str | None = None  # the one that stands for the format where no target was named
    akin: frozenset[str] = frozenset()  # formats whose records may as well be of this one


CLEARLY, PERHAPS, NOT = 2, 1, 0


def _has(*keys: str) -> Callable[[Record], int]:
    wanted = frozenset(keys)
    return lambda record: CLEARLY if wanted <= record.keys() else NOT


def _begun(first: str, *others: str) -> Callable[[Record], int]:
    """Look for the first key with all the others, or perhaps with one of them."""

    def look(record: Record) -> int:
        if first not in record:
            return NOT
        there = sum(key in record for key in others)
        return CLEARLY if there == len(others) else PERHAPS * (there > 0)

    return look


def _only(*keys: str) -> Callable[[Record], int]:
    wanted = frozenset(keys)
    return lambda record: (
        CLEARLY if wanted == record.keys() else PERHAPS * (wanted <= record.keys())
    )


def _roles(record: Record) -> list[Any] | None:
    """Return the roles of the messages; None when there is no list of objects."""
    messages = record.get("messages")
    if not isinstance(messages, list) or not all(isinstance(message, dict) for message in messages):
        return None
    return [message.get("role") for message in messages]


def _has_grader_keys(record: Record) -> bool:
    return not record.keys() <= {"messages", "tools", "functions", "parallel_tool_calls"}


def _untyped_parts(record: Record) -> int:
    """Tell how far contents are lists of parts whose key says what they are, as Bedrock has it."""
    messages = record.get("messages")
    if not isinstance(messages, list):
        return NOT
    contents = [message.get("content") for message in messages if isinstance(message, dict)]
    lists = [content for content in contents if isinstance(content, list)]
    any_untyped = any(
        isinstance(part, dict) and "type" not in part and not part.keys().isdisjoint(_KINDS)
        for content in lists
        for part in content
    )
    return any_untyped * (CLEARLY if len(lists) == len(contents) else PERHAPS)


_KINDS = ("text", "image", "video")


def _chat(record: Record) -> int:
    if "messages" not in record:
        return NOT
    roles = _roles(record)
    if roles is None or "schemaVersion" in record or _untyped_parts(record):
        return PERHAPS
    if _has_grader_keys(record) or roles[-1:] == ["user"]:
        return PERHAPS
    return CLEARLY


def _reinforcement(record: Record) -> int:
    roles = _roles(record)
    if roles is None or "schemaVersion" in record:
        return NOT
    # A prompt without an answer, and something for a grader to compare with.
    if roles[-1:] == ["user"] and "assistant" not in roles and _has_grader_keys(record):
        return CLEARLY
    return PERHAPS if _has_grader_keys(record) or roles[-1:] == ["user"] else NOT


def _preference(record: Record) -> int:
    outputs = {"preferred_output", "non_preferred_output", "preferred_completion"}
    return CLEARLY if "input" in record and record.keys() & outputs else NOT


def _converse(record: Record) -> int:
    if "messages" not in record:
        return NOT
    if "schemaVersion" in record or isinstance(record.get("system"), list):
        return CLEARLY
    return max(PERHAPS, _untyped_parts(record))


def _claude(record: Record) -> int:
    if "messages" not in record or "schemaVersion" in record:
        return NOT
    return CLEARLY if isinstance(record.get("system"), str) else PERHAPS


def _speakers(record: Record) -> int:
    roles = _roles(record)
    if not roles:
        return PERHAPS if "messages" in record else NOT
    return CLEARLY if {"User", "Chatbot", "System"} & {str(role) for role in roles} else PERHAPS


def _sharegpt(record: Record) -> int:
    return CLEARLY if "conversations" in record else NOT


def _lists(record: Record, *keys: str) -> bool:
    return any(isinstance(record.get(key), list) for key in keys)


def _prompt_completion(record: Record) -> int:
    if not record.keys() & {"prompt", "completion"}:
        return NOT
    others = record.keys() - {"prompt", "completion"}
    if record.keys() >= {"prompt", "completion"}:
        return PERHAPS if "label" in others else CLEARLY
    # One of the two: it may lack the other, unless it clearly is something else.
    return NOT if others & {"chosen", "rejected", "completions"} else PERHAPS


def _prompt_only(record: Record) -> int:
    if "prompt" not in record or record.keys() & {"completion", "completions", "chosen"}:
        return NOT
    return CLEARLY if record.keys() == {"prompt"} else PERHAPS


def _ranked_answers(record: Record) -> int:
    answers = record.get("answers")
    if "prompt" not in record or not isinstance(answers, list) or not answers:
        return NOT
    return CLEARLY if all(isinstance(item, dict) and "rank" in item for item in answers) else NOT


def _labelled(record: Record) -> int:
    return (
        CLEARLY
        if isinstance(record.get("labels"), dict) and record.keys() & {"text", "messages"}
        else NOT
    )


def _alpaca(record: Record) -> int:
    if "instruction" not in record or record.keys() & {"chosen", "rejected", "kto_tag"}:
        return NOT
    return CLEARLY if "output" in record else PERHAPS


FORMATS = {
    kind.name: kind
    for kind in (
        Format(
            "preference",
            N_("a preference record"),
            "input, preferred_output",
            N_("It belongs to preference training (DPO)."),
            _preference,
            "azure-openai/dpo",
        ),
        Format(
            "sharegpt-preference",
            N_("a ShareGPT conversation with two answers"),
            "conversations, chosen, rejected",
            N_("It belongs to preference training with LLaMA-Factory."),
            _has("conversations", "chosen", "rejected"),
            "llama-factory/dpo",
        ),
        Format(
            "alpaca-preference",
            N_("an Alpaca instruction with two answers"),
            "instruction, chosen, rejected",
            N_("It belongs to preference training with LLaMA-Factory."),
            _has("instruction", "chosen", "rejected"),
            "llama-factory/dpo",
        ),
        Format(
            "chat-preference",
            N_("a chat with two answers"),
            "messages, chosen, rejected",
            N_("It belongs to preference training with Axolotl."),
            _has("messages", "chosen", "rejected"),
            "axolotl/dpo",
        ),
        Format(
            "question-preference",
            N_("a question with two answers"),
            "question, chosen, rejected",
            N_("It belongs to preference training with Axolotl."),
            _begun("question", "chosen", "rejected"),
            "axolotl/dpo",
        ),
        Format(
            "response-preference",
            N_("an instruction with two answers"),
            "instruction, chosen_response, rejected_response",
            N_("It belongs to preference training with Axolotl."),
            _begun("instruction", "chosen_response", "rejected_response"),
            "axolotl/dpo",
        ),
        Format(
            "ranked-answers",
            N_("a prompt with ranked answers"),
            "prompt, answers",
            N_("It belongs to preference training with Axolotl."),
            _ranked_answers,
            "axolotl/dpo",
        ),
        Format(
            "chosen-rejected",
            N_("a preference record"),
            "chosen, rejected",
            N_("It belongs to preference training (DPO) in the layout of open-source tools."),
            _has("chosen", "rejected"),
            "trl/dpo",
        ),
        Format(
            "batch",
            N_("a batch request"),
            "custom_id, body",
            N_("It belongs to the batch interface, not to training."),
            _has("custom_id", "body"),
        ),
        Format(
            "sharegpt-kto",
            N_("a ShareGPT conversation with a thumb up or down"),
            "conversations, kto_tag",
            N_("It belongs to KTO training with LLaMA-Factory."),
            _has("conversations", "kto_tag"),
            "llama-factory/kto",
        ),
        Format(
            "alpaca-kto",
            N_("an Alpaca instruction with a thumb up or down"),
            "instruction, kto_tag",
            N_("It belongs to KTO training with LLaMA-Factory."),
            _has("instruction", "kto_tag"),
            "llama-factory/kto",
        ),
        Format(
            "chat-kto",
            N_("a chat with a thumb up or down"),
            "messages, kto_tag",
            N_("It belongs to KTO training with LLaMA-Factory."),
            _has("messages", "kto_tag"),
            "llama-factory/kto",
        ),
        Format(
            "invocation-log",
            N_("a log of a model's invocation"),
            "modelId, input, output",
            N_("It belongs to model distillation on Amazon Bedrock."),
            _has("modelId", "input", "output"),
            "bedrock/distillation",
        ),
        Format(
            "bedrock",
            N_("a Bedrock conversation"),
            "schemaVersion, messages",
            N_("It belongs to Amazon Bedrock."),
            _converse,
            "bedrock/nova-sft",
        ),
        Format(
            "claude",
            N_("a conversation for Claude on Bedrock"),
            "system, messages",
            N_("It belongs to Claude on Amazon Bedrock."),
            _claude,
            "bedrock/claude-sft",
            frozenset({"chat"}),
        ),
        Format(
            "reinforcement",
            N_("a record for reinforcement training"),
            Phrase(N_("messages that end with the user, and keys for a grader")),
            N_("It belongs to reinforcement training (RFT)."),
            _reinforcement,
            "azure-openai/rft",
        ),
        Format(
            "cohere-chat",
            N_("a chat for Cohere"),
            Phrase(N_("messages with the roles User and Chatbot")),
            N_("It belongs to Cohere's chat training, which was withdrawn."),
            _speakers,
            "cohere/chat",
        ),
        Format(
            "chat",
            N_("a chat"),
            "messages",
            N_("It belongs to supervised training of chat models."),
            _chat,
            "azure-openai/sft",
        ),
        Format(
            "gemini-preference",
            N_("a Gemini preference record"),
            "contents, completions",
            N_("It belongs to Gemini's preference tuning."),
            _has("contents", "completions"),
            "gemini/preference",
        ),
        Format(
            "gemini-reinforcement",
            N_("a Gemini prompt with references"),
            "contents, references",
            N_("It belongs to Gemini's reinforcement tuning."),
            _has("contents", "references"),
            "gemini/rft",
        ),
        Format(
            "gemini",
            N_("a Gemini conversation"),
            "contents",
            N_("It belongs to Gemini; turn contents/parts into messages/content."),
            _has("contents"),
            "gemini/sft",
        ),
        Format(
            "sharegpt",
            N_("a ShareGPT conversation"),
            "conversations",
            N_(
                "Tools such as LLaMA-Factory and Axolotl read it; turn from/value into role/content."
            ),
            _sharegpt,
            "llama-factory/sharegpt",
        ),
        Format(
            "interactions",
            N_("a conversation under interactions"),
            "interactions",
            N_("It belongs to mistral-finetune."),
            _has("interactions"),
            "mistral-finetune/sft",
        ),
        Format(
            "alpaca",
            N_("an Alpaca instruction"),
            "instruction, output",
            N_("Tools such as LLaMA-Factory and Axolotl read it; turn it into messages."),
            _alpaca,
            "llama-factory/alpaca",
        ),
        Format(
            "stepwise",
            N_("a record with a label for each step"),
            "prompt, completions, labels",
            N_("It belongs to the training of process reward models (PRM)."),
            _has("prompt", "completions", "labels"),
            "trl/prm",
        ),
        Format(
            "unpaired-preference",
            N_("an answer with a thumb up or down"),
            "prompt, completion, label",
            N_("It belongs to KTO training."),
            _has("prompt", "completion", "label"),
            "trl/kto",
        ),
        Format(
            "prompt-response",
            N_("a pair of prompt and response"),
            "prompt, response",
            N_("It belongs to llm-foundry."),
            _has("prompt", "response"),
            "llm-foundry/sft",
        ),
        Format(
            "prompt-completion",
            N_("a pair of prompt and completion"),
            "prompt, completion",
            N_("It belongs to prompt-completion training of the older base models."),
            _prompt_completion,
            "openai/completion",
        ),
        Format(
            "prompt-only",
            N_("a prompt without an answer"),
            "prompt",
            N_("It belongs to training that makes its own answers (GRPO)."),
            _prompt_only,
            "trl/grpo",
        ),
        Format(
            "rerank",
            N_("a question with relevant passages"),
            "query, relevant_passages",
            N_("It belongs to the training of models that rank search results."),
            _has("query", "relevant_passages"),
            "cohere/rerank",
        ),
        Format(
            "labels",
            N_("a text or a chat with labels"),
            "labels",
            N_("It belongs to the training of classifiers at Mistral."),
            _labelled,
        ),
        Format(
            "classification",
            N_("a text with its label"),
            "text, label",
            N_("It belongs to the training of classifiers."),
            _has("text", "label"),
            "cohere/classify",
        ),
        Format(
            "tokens",
            N_("a row of token numbers"),
            "input_ids",
            N_("It was made by a tokenizer; training tools read it, a reader cannot."),
            _has("input_ids"),
        ),
        Format(
            "segments",
            N_("a list of segments"),
            "segments",
            N_("It belongs to Axolotl's template-free format."),
            _has("segments"),
        ),
        Format(
            "text",
            N_("plain text"),
            "text",
            N_("It belongs to continued pre-training."),
            _only("text"),
            "mistral-finetune/pretrain",
        ),
    )
}


def recognise(record: Record, expected: Collection[str]) -> tuple[str | None, Format | None]:
    """Return the expected format of a record, or the other one that it clearly is.

    Both are None when the record is of no known format: it may be an expected one with a fault.
    """
    best: str | None = None
    most = NOT
    other: Format | None = None
    for kind in FORMATS.values():
        found = kind.look(record)
        if kind.name in expected:
            if found > most:
                best, most = kind.name, found
        elif found == CLEARLY and other is None:
            other = kind
    if other is not None and most < CLEARLY:
        if best is not None and other.name in FORMATS[best].akin:
            return best, None
        return None, other
    return best, None


def most_likely(record: Record) -> tuple[Format | None, int]:
    """Return the format that a record most likely is, and how well it fits.

    Of several that it may be, a chat goes first: most people bring chats, some with keys of their own.
    """
    best, most = None, NOT
    for kind in FORMATS.values():
        found = kind.look(record)
        if found > most or (found == most == PERHAPS and kind.name == "chat"):
            best, most = kind, found
    return best, most
