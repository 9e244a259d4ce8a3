"""TR41x: texts and images that some targets do not take together, or take in one form only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tuneready.dataset.quoting import described, shown
from tuneready.locale import N_
from tuneready.rules.base import Hit, On, hit, rule
from tuneready.rules.images import images

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tuneready.dataset.examples import Chat, Message
    from tuneready.targets.base import Target

_PIXEL = (
    "data:image/png;base64,"
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC"
)
_TEXT = '{"type": "text", "text": "A dot."}'
_LINK = '{"url": "https://example.org/dot.png"}'
_DATA = f'{{"url": "{_PIXEL}"}}'


def _line(image: str, answer: str = f"[{_TEXT}]", weight: str = "") -> str:
    part = f'{{"type": "image_url", "image_url": {image}}}'
    return (
        f'{{"messages": [{{"role": "user", {weight}"content": [{part}]}}, '
        f'{{"role": "assistant", "content": {answer}}}]}}\n'
    )


def _has_image(message: Message) -> bool:
    return any(part.get("type") == "image_url" for _, part in message.parts)


@rule(
    "TR411",
    On.PARTS,
    target="together/sft",
    title=N_("Plain texts stand beside lists of parts"),
    why=N_(
        "Within one example the contents are all texts or all lists of parts; a mixture is refused."
    ),
    remedy=N_('Write the plain texts as lists, too: [{"type": "text", "text": "…"}].'),
    bad=_line(_DATA, '"A dot."'),
    good=_line(_DATA),
)
def parts_beside_plain_text(chat: Chat, target: Target) -> Iterator[Hit]:
    """Report the first message that is not as the first one is."""
    del target
    kinds = [
        (message, isinstance(content, list))
        for message in chat.messages
        if isinstance(content := message.fields.get("content"), str | list)
    ]
    for message, is_list in kinds:
        if is_list != kinds[0][1]:
            text = N_("The content is text, and that of the first message is a list of parts.")
            if is_list:
                text = N_("The content is a list of parts, and that of the first message is text.")
            yield hit(message.at("content"), text)
            return


@rule(
    "TR412",
    On.PARTS,
    target="together/sft",
    title=N_("An image is a link"),
    why=N_("Images must stand in the line itself, as data URIs; links are refused."),
    remedy=N_("Write the image into the line: data:image/png;base64,…"),
    bad=_line(_LINK),
    good=_line(_DATA),
)
def image_is_link(chat: Chat, target: Target) -> Iterator[Hit]:
    for path, url in images(chat, target):
        if url[:5].lower() != "data:":
            yield hit(
                path,
                N_("The image's address is {found}; expected the image itself, as a data URI."),
                found=shown(url),
            )


@rule(
    "TR413",
    On.PARTS,
    target="together/sft",
    title=N_("A message with an image has a weight"),
    why=N_("Messages with images are never learned from; a weight other than 0 is refused there."),
    remedy=N_("Leave the weight out of messages with images, or write 0."),
    bad=_line(_DATA, weight='"weight": 1, '),
    good=_line(_DATA, weight='"weight": 0, '),
)
def image_with_weight(chat: Chat, target: Target) -> Iterator[Hit]:
    del target
    for message in chat.messages:
        weight = message.fields.get("weight")
        if weight not in (None, 0) and _has_image(message):
            yield hit(
                message.at("weight"),
                N_("The weight is {found} on a message with an image; expected 0 or none."),
                found=described(weight),
            )


@rule(
    "TR414",
    On.PARTS,
    target="mistral/sft",
    title=N_("The address of an image is an object"),
    why=N_(
        "The documentation shows the address as plain text under image_url; the library of the same maker also reads an object with url."
    ),
    remedy=N_('Write {"type": "image_url", "image_url": "…"}.'),
    bad=_line(_DATA, '"A dot."'),
    good=_line(f'"{_PIXEL}"', '"A dot."'),
)
def image_as_object(chat: Chat, target: Target) -> Iterator[Hit]:
    del target
    for message in chat.messages:
        for i, part in message.parts:
            if part.get("type") == "image_url" and isinstance(part.get("image_url"), dict):
                yield hit(
                    message.at("content", i, "image_url"),
                    N_('"image_url" is an object; expected the address itself, as text.'),
                )


@rule(
    "TR415",
    On.PARTS,
    target="openai/dpo",
    title=N_("There is an image, and this method trains on text"),
    why=N_(
        "The method is documented for text only; examples with images are likely to be refused."
    ),
    remedy=N_("Leave the images out, or choose a method that takes them."),
    bad=(
        '{"input": {"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": '
        + _LINK
        + "}]}]}, "
        '"preferred_output": [{"role": "assistant", "content": "A dot."}], '
        '"non_preferred_output": [{"role": "assistant", "content": "A cat."}]}\n'
    ),
    good=(
        '{"input": {"messages": [{"role": "user", "content": "What is this: . ?"}]}, '
        '"preferred_output": [{"role": "assistant", "content": "A dot."}], '
        '"non_preferred_output": [{"role": "assistant", "content": "A cat."}]}\n'
    ),
)
def image_in_text_training(chat: Chat, target: Target) -> Iterator[Hit]:
    del target
    for message in chat.messages:
        for i, part in message.parts:
            if part.get("type") == "image_url":
                yield hit(message.at("content", i), N_("The part is an image; expected text."))
                return


RULES = (
    parts_beside_plain_text,
    image_is_link,
    image_with_weight,
    image_as_object,
    image_in_text_training,
)
