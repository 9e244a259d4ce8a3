"""TR431-TR434, TR458: parts whose key says what they are, as Gemini and Bedrock write them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tuneready.dataset.quoting import kind_of, listed, shown
from tuneready.locale import N_
from tuneready.rules.base import Hit, On, hit, key_hit, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tuneready.dataset.examples import Chat
    from tuneready.finding import Path
    from tuneready.targets.base import Target

_ANSWER = ', {"role": "assistant", "content": [{"text": "Hello"}]}]}\n'


def _line(*parts: str) -> str:
    """Return a chat in which the user says these parts."""
    return '{"messages": [{"role": "user", "content": [' + ", ".join(parts) + "]}" + _ANSWER


_GOOD = _line('{"text": "Hi"}')
_IMAGE = '"image": {"format": "png", "source": {"s3Location": {"uri": "s3://data/dot.png"}}}'


@rule(
    "TR431",
    On.PARTS,
    target="bedrock/nova-sft",
    title=N_("A part is of no kind that is taken"),
    why=N_(
        "The key of a part says what it is. Of the kinds that are documented for this target, this part is none, so it is likely to be refused."
    ),
    remedy=N_('Write text as {"text": "…"}, and leave out what the target does not take.'),
    bad=_line('{"document": {"name": "notes"}}'),
    good=_GOOD,
)
def part_of_unknown_kind(chat: Chat, target: Target) -> Iterator[Hit]:
    kinds = target.messages.kinds if target.messages else ()
    for message in chat.messages:
        content = message.fields.get("content")
        if not kinds or not isinstance(content, list):
            continue
        for i, part in enumerate(content):
            if isinstance(part, dict) and not any(kind in part for kind in kinds):
                yield hit(
                    message.at("content", i),
                    N_("The keys of the part are {found}; expected one of {wanted}."),
                    found=listed([shown(key, 24) for key in list(part)[:6]]) or "–",
                    wanted=_names(kinds),
                )


@rule(
    "TR432",
    On.PARTS,
    target="bedrock/nova-sft",
    title=N_("A part is of several kinds at once"),
    why=N_("A part is one thing. With two in it, it is refused, or only one of them is read."),
    remedy=N_("Write a part of its own for each of them."),
    bad=_line('{"text": "What is this?", ' + _IMAGE + "}"),
    good=_line('{"text": "What is this?"}', "{" + _IMAGE + "}"),
)
def part_of_several_kinds(chat: Chat, target: Target) -> Iterator[Hit]:
    kinds = target.messages.kinds if target.messages else ()
    for message in chat.messages:
        for i, part in message.parts:
            found = [kind for kind in kinds if kind in part]
            if len(found) > 1:
                yield key_hit(
                    message.at("content", i, found[1]),
                    N_("The part has {found}; expected only one of them."),
                    found=listed([shown(kind) for kind in found]),
                )


@rule(
    "TR433",
    On.PARTS,
    target="bedrock/distillation",
    title=N_("A part has a key that is not accepted"),
    why=N_("Other keys than the one that says what the part is are refused."),
    remedy=N_("Leave the key out."),
    bad='{"schemaVersion": "bedrock-conversation-2024", "messages": [{"role": "user", "content": [{"text": "Hi", "lang": "en"}]}]}\n',
    good='{"schemaVersion": "bedrock-conversation-2024", "messages": [{"role": "user", "content": [{"text": "Hi"}]}]}\n',
)
def key_beside_kind(chat: Chat, target: Target) -> Iterator[Hit]:
    kinds = target.messages.kinds if target.messages else ()
    beside = target.messages.beside if target.messages else ()
    for message in chat.messages:
        for i, part in message.parts:
            if not any(kind in part for kind in kinds):
                continue
            for key in part:
                if key not in kinds and key not in beside:
                    yield key_hit(
                        message.at("content", i, key),
                        N_("The part has the key {found}; known are {wanted}."),
                        found=shown(key),
                        wanted=_names((*kinds, *beside)),
                    )


@rule(
    "TR434",
    On.PARTS,
    target="bedrock/nova-sft",
    title=N_("The text of a part is not text"),
    why=N_("What is said is a text; another type is refused."),
    remedy=N_("Write the words as text, in quotes."),
    bad=_line('{"text": 42}'),
    good=_line('{"text": "42"}'),
)
def text_of_part_not_text(chat: Chat, target: Target) -> Iterator[Hit]:
    del target
    for message in chat.messages:
        for i, part in message.parts:
            if "text" in part and not isinstance(part["text"], str):
                yield hit(
                    message.at("content", i, "text"),
                    N_('"text" is {found}; expected text.'),
                    found=kind_of(part["text"]),
                )


@rule(
    "TR458",
    On.PARTS,
    target="bedrock/nova-sft",
    title=N_("A part is not an object"),
    why=N_("A part is an object whose key says what it is; bare text in the list is refused."),
    remedy=N_('Write text as {"text": "…"}.'),
    bad=_line('"Hi"'),
    good=_GOOD,
)
def part_not_object(chat: Chat, target: Target) -> Iterator[Hit]:
    kinds = target.messages.kinds if target.messages else ()
    for message in chat.messages:
        content = message.fields.get("content")
        for i, part in enumerate(content if isinstance(content, list) else ()):
            if not isinstance(part, dict):
                path: Path = message.at("content", i)
                yield hit(
                    path,
                    N_("The part is {found}; expected an object with one of {wanted}."),
                    found=kind_of(part),
                    wanted=_names(kinds),
                )


def _names(kinds: tuple[str, ...]) -> str:
    return listed([shown(kind) for kind in kinds])


RULES = (
    part_of_unknown_kind,
    part_of_several_kinds,
    key_beside_kind,
    text_of_part_not_text,
)
