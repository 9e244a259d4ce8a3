"""TR64x: what open-source trainers ask of their records, beyond the keys."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

from tuneready.dataset.decoding import nesting_fault
from tuneready.dataset.jsontext import Fault, scan
from tuneready.dataset.quoting import described, kind_of, listed, shown
from tuneready.locale import N_
from tuneready.rules.base import Hit, On, hit, key_hit, rule
from tuneready.rules.messages import is_known

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tuneready.dataset.examples import Chat, Example, Message, Record
    from tuneready.targets.base import Target

_ASK = '{"role": "user", "content": "Hi"}'
_ANSWER = '{"role": "assistant", "content": "Hello"}'
_GOOD = '{"messages": [' + _ASK + ", " + _ANSWER + "]}\n"
_CALL = '{"type": "function", "function": {"name": "clock", "arguments": %s}}'
_HUMAN = '{"from": "human", "value": "Hi"}'
_GPT = '{"from": "gpt", "value": "Hello"}'

# The keys by which TRL tells its kinds of records apart (`maybe_apply_chat_template`).
_TELLING = ("prompt", "chosen", "rejected", "completion", "messages", "label")


@rule(
    "TR641",
    On.RECORD,
    target="trl/sft",
    title=N_("The keys of two kinds of records are mixed"),
    why=N_(
        "TRL tells records of messages by their keys. Where it writes a record with the chat template itself, as with images, a mixture stops the run with a key error; elsewhere some of the keys are not read."
    ),
    remedy=N_("Keep the keys of one kind; rename or drop the others."),
    bad='{"messages": [' + _ASK + ", " + _ANSWER + '], "prompt": [' + _ASK + "]}\n",
    good=_GOOD,
)
def keys_of_two_layouts(record: Record, target: Target) -> Iterator[Hit]:
    del target
    value = record.value
    if record.other is not None or not isinstance(value, dict):
        return
    told = [key for key in _TELLING if key in value]
    if not told or not _is_conversational(value[told[0]]):
        return
    extra = [key for key in told if key not in record.layout.keys]
    if extra and any(key in record.layout.keys for key in told):
        yield key_hit(
            (extra[0],),
            N_("The record has {found}; expected only the keys of one kind: {known}."),
            found=listed([shown(key) for key in told]),
            known=listed([shown(key) for key, data in record.layout.keys.items() if data.required]),
        )


def _is_conversational(value: Any) -> bool:
    """Tell as TRL does: a list whose first entry is an object with a role."""
    return (
        isinstance(value, list)
        and bool(value)
        and isinstance(value[0], dict)
        and "role" in value[0]
    )


@rule(
    "TR642",
    On.CHAT,
    target="trl/grpo",
    title=N_("The prompt ends with a role that cannot be answered"),
    why=N_(
        "The chat template adds the assistant's turn after a user or tool message, or goes on with the assistant's. After another role TRL stops where it writes the prompt with the template itself, as with images; elsewhere the model answers what nobody asked."
    ),
    remedy=N_("End the prompt with the user's message."),
    bad='{"prompt": [' + _ASK + ', {"role": "system", "content": "Be brief."}]}\n',
    good='{"prompt": [{"role": "system", "content": "Be brief."}, ' + _ASK + "]}\n",
)
def prompt_ends_with_another_role(chat: Chat, target: Target) -> Iterator[Hit]:
    last = chat.messages[-1]
    if (
        chat.part == "prompt"
        and is_known(last, target)
        and last.role not in ("user", "tool", "assistant")
    ):
        yield hit(
            last.at("role"),
            N_("The last message of the prompt has the role {found}; expected one of {wanted}."),
            found=shown(last.role_text or ""),
            wanted=listed(["user", "tool", "assistant"]),
        )


@rule(
    "TR643",
    On.RECORD,
    target="trl/prm",
    title=N_("The numbers of steps and labels differ"),
    why=N_(
        "Each step has its label. TRL stops at such a record; Axolotl silently leaves out what has no partner."
    ),
    remedy=N_("Give every step one label, true or false."),
    bad='{"prompt": "2+2?", "completions": ["Add them.", "4"], "labels": [true]}\n',
    good='{"prompt": "2+2?", "completions": ["Add them.", "4"], "labels": [true, true]}\n',
)
def steps_and_labels_differ(record: Record, target: Target) -> Iterator[Hit]:
    del target
    if record.other is not None or not isinstance(record.value, dict):
        return
    steps, labels = record.value.get("completions"), record.value.get("labels")
    if isinstance(steps, list) and isinstance(labels, list) and len(steps) != len(labels):
        yield hit(
            ("labels",),
            N_("Steps: {steps}, labels: {labels}; expected as many labels as steps."),
            steps=len(steps),
            labels=len(labels),
        )


@rule(
    "TR644",
    On.EXAMPLE,
    target="llama-factory/alpaca",
    title=N_("The numbers of media and of marks for them differ"),
    why=N_("Each mark in the text stands for one file in the list; otherwise the run stops."),
    remedy=N_("Add the missing mark or file, or remove what is too much."),
    bad='{"instruction": "<image>What is this?", "output": "A cat.", "images": []}\n',
    good='{"instruction": "<image>What is this?", "output": "A cat.", "images": ["cat.png"]}\n',
    hint=r"<(?:image|video|audio)>",
)
def image_count_differs(example: Example, target: Target) -> Iterator[Hit]:
    """Count the marks in texts, where the layout has a key for files; else see `image_parts`."""
    del target
    for mark, key in (("<image>", "images"), ("<video>", "videos"), ("<audio>", "audios")):
        files = example.record.get(key, [])
        if not isinstance(files, list) or key not in example.layout.keys:
            continue
        marks = sum(text.text.count(mark) for text in example.texts())
        if marks != len(files):
            yield hit(
                (key,) if key in example.record else (),
                N_(
                    "There are {marks} marks {mark} and {count} files under {key}; expected as many."
                ),
                marks=marks,
                mark=mark,
                count=len(files),
                key=shown(key),
            )


@rule(
    "TR652",
    On.EXAMPLE,
    target="trl/sft",
    title=N_("The numbers of images and of image parts differ"),
    why=N_(
        "Each image of the list takes the place of one image part. Where the user's first plain text stands, TRL adds a part for every image itself. Other numbers stop the run."
    ),
    remedy=N_("Add the missing part or image, or remove what is too much."),
    bad='{"messages": [{"role": "user", "content": [{"type": "image"}, {"type": "text", "text": "Who is this?"}]}, '
    + _ANSWER
    + '], "images": ["cat.png", "dog.png"]}\n',
    good='{"messages": [{"role": "user", "content": [{"type": "image"}, {"type": "text", "text": "Who is this?"}]}, '
    + _ANSWER
    + '], "images": ["cat.png"]}\n',
)
def image_parts_differ(example: Example, target: Target) -> Iterator[Hit]:
    """Count as `prepare_multimodal_messages` does, in the conversation that the images belong to."""
    del target
    record = example.record
    files = record.get("images", [record["image"]] if "image" in record else None)
    asked = next((chat for chat in example.chats if chat.part in ("whole", "prompt")), None)
    if not isinstance(files, list) or asked is None:
        return
    parts = sum(
        part.get("type") == "image" and "image" not in part
        for message in asked.messages
        if message.role != "tool"
        for _, part in message.parts
    )
    added = any(
        message.role == "user" and isinstance(message.fields.get("content"), str)
        for message in asked.messages
    )
    if parts + added * len(files) != len(files):
        yield hit(
            ("images",) if "images" in record else ("image",),
            N_("Image parts: {parts}, images: {count}; expected as many of each."),
            parts=parts + added * len(files),
            count=len(files),
        )


@rule(
    "TR645",
    On.RECORD,
    target="axolotl/sft",
    title=N_("The tools are neither a list of objects nor JSON text of one"),
    why=N_("Definitions of tools are read from a list of objects, or from text that holds one."),
    remedy=N_("Write a list of objects, or the same as JSON in a text."),
    bad=_GOOD.replace("]}", '], "tools": "clock"}'),
    good=_GOOD.replace("]}", '], "tools": [{"type": "function", "function": {"name": "clock"}}]}'),
)
def tools_not_list_or_json(record: Record, target: Target) -> Iterator[Hit]:
    del target
    if record.other is not None or not isinstance(record.value, dict):
        return
    tools = record.value.get("tools")
    if isinstance(tools, str):
        read = nesting_fault(tools) or scan(tools)
        tools = None if isinstance(read, Fault) else read.value
        if not _is_objects(tools):
            yield hit(
                ("tools",),
                N_('"tools" is {found}; expected a list of objects, or JSON text of one.'),
                found=shown(record.value["tools"]),
            )
    elif tools is not None and not _is_objects(tools):
        yield hit(
            ("tools",),
            N_('"tools" is {found}; expected a list of objects, or JSON text of one.'),
            found=kind_of(tools),
        )


def _is_objects(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, dict) for item in value)


@rule(
    "TR646",
    On.RECORD,
    target="axolotl/sft",
    title=N_("The lists of a tokenised row do not fit together"),
    why=N_(
        "Tokens, mask and labels are three lists of whole numbers that are equally long; a label of -100 is not learned from."
    ),
    remedy=N_("Write the rows with the tokenizer again."),
    bad='{"input_ids": [1, 2, 3], "attention_mask": [1, 1, 1], "labels": [-100, 2]}\n',
    good='{"input_ids": [1, 2, 3], "attention_mask": [1, 1, 1], "labels": [-100, 2, 3]}\n',
)
def token_lists_differ(record: Record, target: Target) -> Iterator[Hit]:
    del target
    if record.other is not None or record.layout.format != "tokens":
        return
    found = {
        key: record.value[key]
        for key in ("input_ids", "attention_mask", "labels")
        if key in record.value
    }
    for key, value in found.items():
        if not isinstance(value, list) or not all(type(item) is int for item in value):
            yield hit(
                (key,),
                N_("{key} is {found}; expected a list of whole numbers."),
                key=shown(key),
                found=kind_of(value),
            )
            return
    sizes = {key: len(value) for key, value in found.items()}
    if len(set(sizes.values())) > 1:
        yield hit(
            (),
            N_("The lists differ in length ({sizes}); expected one length."),
            sizes=listed([f"{key}: {size}" for key, size in sizes.items()]),
        )


@rule(
    "TR647",
    On.CHAT,
    target="llama-factory/sharegpt",
    title=N_("A turn is out of order"),
    why=N_(
        "After the system message the one who asks and the one who answers take turns. A row in another order is left out, with no more than a line in the log."
    ),
    remedy=N_("Let human or observation be followed by gpt or function_call, and so on."),
    bad='{"conversations": [' + _GPT + ", " + _HUMAN + "]}\n",
    good='{"conversations": [' + _HUMAN + ", " + _GPT + "]}\n",
)
def turns_out_of_order(chat: Chat, target: Target) -> Iterator[Hit]:
    """Report the first turn that is out of order: what follows has the same cause."""
    if chat.part == "answer":
        return
    for i, message in enumerate(_joined_turns(chat, target)):
        if not is_known(message, target):
            return
        asks = message.role in ("user", "tool")
        if asks != (i % 2 == 0) or message.role == "system":
            roles = ("user", "tool") if i % 2 == 0 else ("assistant",)
            names = [name for name, role in _roles(target).items() if role in roles]
            yield hit(
                message.at("role"),
                N_("Turn {number} is from {found}; expected one of {wanted}."),
                number=i + 1,
                found=shown(message.role_text or ""),
                wanted=listed([shown(name) for name in names]),
            )
            return


@rule(
    "TR648",
    On.CHAT,
    target="llama-factory/sharegpt",
    title=N_("Questions and answers do not pair"),
    why=N_(
        "A conversation to learn from has as many answers as questions, and a prompt has one question more. Other rows are left out, with no more than a line in the log."
    ),
    remedy=N_("Add the answer that is missing, or remove the question without one."),
    bad='{"conversations": [' + f"{_HUMAN}, {_GPT}, {_HUMAN}" + "]}\n",
    good='{"conversations": [' + _HUMAN + ", " + _GPT + "]}\n",
)
def turns_do_not_pair(chat: Chat, target: Target) -> Iterator[Hit]:
    turns = _joined_turns(chat, target)
    if chat.part == "answer" or any(
        turns_out_of_order.check(chat, target) if turns_out_of_order.check else ()
    ):
        return
    odd = len(turns) % 2 == 1
    if chat.part == "whole" and odd:
        yield hit(
            chat.path,
            N_("There are {count} turns without the system's; expected an even number."),
            count=len(turns),
        )
    elif chat.part == "prompt" and not odd:
        yield hit(
            chat.path,
            N_("The prompt has {count} turns without the system's; expected an odd number."),
            count=len(turns),
        )


def _turns(chat: Chat) -> list[Message]:
    return chat.messages[chat.messages[0].role == "system" :]


def _joined_turns(chat: Chat, target: Target) -> list[Message]:
    """Return the turns; in the layout of OpenAI the results of several calls count as one."""
    turns = _turns(chat)
    if target.messages is None or target.messages.role != "role":
        return turns
    return [
        message
        for message, after in zip(turns, [*turns[1:], None], strict=True)
        if message.role != "tool" or after is None or after.role != "tool"
    ]


def _roles(target: Target) -> dict[str, str]:
    return dict(target.messages.roles) if target.messages else {}


@rule(
    "TR649",
    On.CHAT,
    target="trl/sft",
    title=N_("The arguments of a call are written as text"),
    why=N_(
        "Files for OpenAI hold arguments as JSON text. TRL's documentation has them as an object, as most chat templates print them."
    ),
    remedy=N_("Write the arguments as an object; in Python: json.loads(arguments)."),
    bad='{"messages": ['
    + _ASK
    + ', {"role": "assistant", "tool_calls": ['
    + _CALL % '"{}"'
    + "]}]}\n",
    good='{"messages": ['
    + _ASK
    + ', {"role": "assistant", "tool_calls": ['
    + _CALL % "{}"
    + "]}]}\n",
)
def arguments_written_as_text(chat: Chat, target: Target) -> Iterator[Hit]:
    del target
    for message in chat.messages:
        for i, call in enumerate(message.calls):
            match call:
                case {"function": {"arguments": str(arguments)}}:
                    yield hit(
                        message.at("tool_calls", i, "function", "arguments"),
                        N_("The arguments are the text {found}; expected an object."),
                        found=shown(arguments),
                    )


@rule(
    "TR650",
    On.CHAT,
    target="axolotl/sft",
    title=N_("A switch for training has no known value"),
    why=N_(
        "train and weight say whether a message or part is learned from. With another value it is not clear what happens."
    ),
    remedy=N_("Write true or false for train, 0 or 1 for weight, a list for train_detail."),
    bad='{"messages": [' + _ASK + ', {"role": "assistant", "content": "Hello", "train": "yes"}]}\n',
    good='{"messages": [' + _ASK + ', {"role": "assistant", "content": "Hello", "train": true}]}\n',
)
def training_switch_wrong(chat: Chat, target: Target) -> Iterator[Hit]:
    del target
    for message in chat.messages:
        holders = [(message.path, message.fields)]
        holders += [(message.at("content", i), part) for i, part in message.parts]
        for path, holder in holders:
            for key in ("train", "weight", "train_detail"):
                if key in holder and not _is_switch(key, holder[key]):
                    yield hit(
                        (*path, key),
                        N_("{key} is {found}; expected {wanted}."),
                        key=shown(key),
                        found=described(holder[key]),
                        wanted={"train": "true, false", "weight": "0, 1"}.get(key, "[…]"),
                    )


def _is_switch(key: str, value: Any) -> bool:
    if key == "train_detail":
        return isinstance(value, list)
    return isinstance(value, bool) or (type(value) is int and value in (0, 1))


@rule(
    "TR651",
    On.CHAT,
    target="axolotl/dpo",
    title=N_("An answer's conversation is not in pairs"),
    why=N_(
        "Where each answer is a whole conversation, ORPO reads it as pairs of user and assistant, and the second entry as the answer."
    ),
    remedy=N_(
        "Let user and assistant take turns, beginning with the user and ending with the assistant."
    ),
    bad='{"chosen": ['
    + _ASK
    + ", "
    + _ASK
    + ", "
    + _ANSWER
    + '], "rejected": ['
    + _ASK
    + ', {"role": "assistant", "content": "What?"}]}\n',
    good='{"chosen": ['
    + _ASK
    + ", "
    + _ANSWER
    + '], "rejected": ['
    + _ASK
    + ', {"role": "assistant", "content": "What?"}]}\n',
)
def answers_out_of_turn(chat: Chat, target: Target) -> Iterator[Hit]:
    if chat.part != "answer" or len(chat.messages) == 1:
        return
    turns = _turns(chat)
    if not all(is_known(message, target) for message in turns):
        return
    repeated = next((b for a, b in pairwise(turns) if a.role == b.role), None)
    if repeated is not None:
        yield hit(
            repeated.at("role"),
            N_("A message of the role {role} follows another of that role."),
            role=shown(repeated.role_text or ""),
        )
    elif len(turns) % 2 == 1:
        yield hit(
            chat.path,
            N_("There are {count} turns without the system's; expected an even number."),
            count=len(turns),
        )


RULES = (
    keys_of_two_layouts,
    prompt_ends_with_another_role,
    steps_and_labels_differ,
    image_count_differs,
    tools_not_list_or_json,
    token_lists_differ,
    turns_out_of_order,
    turns_do_not_pair,
    arguments_written_as_text,
    training_switch_wrong,
    answers_out_of_turn,
    image_parts_differ,
)
