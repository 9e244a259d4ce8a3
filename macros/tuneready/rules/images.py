"""TR42x: images in the content of messages. One image has one finding: its first fault."""

from __future__ import annotations

import base64
import re
from typing import TYPE_CHECKING

from tuneready.dataset.quoting import described, kind_of, listed, shown
from tuneready.finding import Phrase
from tuneready.locale import N_
from tuneready.rules.base import Hit, On, hit, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tuneready.dataset.examples import Chat
    from tuneready.finding import Path
    from tuneready.targets.base import Target

type _Fault = tuple[str, str, dict[str, str | int]]

DETAILS = ("low", "high", "auto")

_WEB = re.compile(r"https?://[^\s/?#]+[^\s]*", re.IGNORECASE)
_LOCAL = re.compile(
    r"https?://(?:[^/@]*@)?(?:localhost|127\.|0\.0\.0\.0|10\.|192\.168\.|169\.254\.|172\.(?:1[6-9]|2\d|3[01])\.|\[::1\])",
    re.IGNORECASE,
)
_DATA = re.compile(r"data:([^;,]*)((?:;[^;,]*)*),", re.IGNORECASE)
_BASE64 = re.compile(r"[A-Za-z0-9+/]*={0,2}")
_MAGIC = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"BM", "image/bmp"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"%PDF", "application/pdf"),
    (b"<svg", "image/svg+xml"),
)
_PNG_COLOURS = {0: N_("grey"), 3: N_("a palette"), 4: N_("grey with transparency")}

_ANSWER = '{"role": "assistant", "content": "A dot."}]}\n'
_PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC"
)
_GREY_PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP4DwABAQEAG7buVgAAAABJRU5ErkJggg=="
)


def _line(image_url: str, role: str = "user") -> str:
    part = '{"type": "image_url", "image_url": ' + image_url + "}"
    if role == "user":
        return '{"messages": [{"role": "user", "content": [' + part + "]}, " + _ANSWER
    return (
        '{"messages": [{"role": "user", "content": "Draw a dot."}, {"role": "assistant", "content": ['
        + part
        + "]}]}\n"
    )


_GOOD = _line('{"url": "https://example.org/dot.png"}')
_GOOD_DATA = _line('{"url": "data:image/png;base64,' + _PIXEL + '"}')


def image_is_fine(url: str, target: Target) -> bool:
    """Tell whether no rule has anything to say about an image's address or data."""
    return _fault(url, target) is None


def _fault(url: str, target: Target) -> _Fault | None:
    """Return the first fault of an image: the rule's name, its message and what fills it."""
    if url[:5].lower() == "data:":
        return _data_fault(url, target)
    if not _WEB.fullmatch(url):
        return (
            "image-address-unusable",
            N_(
                "The image's address is {found}; expected a public http or https URL, or a data URI."
            ),
            {"found": shown(url)},
        )
    if _LOCAL.match(url):
        return (
            "image-address-unusable",
            N_("The image's address {found} is on a private network; expected a public one."),
            {"found": shown(url)},
        )
    return None


def _data_fault(url: str, target: Target) -> _Fault | None:
    match = _DATA.match(url)
    if match is None:
        return (
            "image-data-damaged",
            N_("The data URI {found} has no comma before its data."),
            {"found": shown(url, 40)},
        )
    media_type = match[1].lower()
    types = target.image_types
    if types and media_type not in types:
        return (
            "image-type-refused",
            N_("The image's type is {found}; expected one of {types}."),
            {"found": shown(match[1]), "types": listed(types)},
        )
    if match[2].lower().split(";")[-1] != "base64":
        return (
            "image-data-damaged",
            N_("The data URI {found} does not say base64."),
            {"found": shown(url[: match.end()], 40)},
        )
    start = match.end()
    size = len(url) - start
    if size == 0 or size % 4 or not _BASE64.fullmatch(url, start):
        return (
            "image-data-damaged",
            N_("The {size} characters of the image's data are not base64."),
            {"size": size},
        )
    decoded = size // 4 * 3 - url.count("=", len(url) - 2)
    most = target.limits.max_image
    if most is not None and decoded > most:
        return (
            "image-too-large",
            N_("The image has {size} bytes; expected at most {most}."),
            {"size": decoded, "most": most},
        )
    return _content_fault(base64.b64decode(url[start : start + 64]), media_type, target)


def _content_fault(head: bytes, media_type: str, target: Target) -> _Fault | None:
    """Look at an image's first bytes: what it is, whatever its label says."""
    real = next((kind for magic, kind in _MAGIC if head.startswith(magic)), None)
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        real = "image/webp"
    if real is None:
        return None
    if target.image_types and real not in target.image_types:
        return (
            "image-type-refused",
            N_("The image is labelled {label} and its data is {found}; expected one of {types}."),
            {"label": media_type, "found": real, "types": listed(target.image_types)},
        )
    if real != ("image/jpeg" if media_type == "image/jpg" else media_type):
        return (
            "image-label-differs",
            N_("The image is labelled {label} and its data is {found}."),
            {"label": media_type, "found": real},
        )
    if real == "image/png" and len(head) > 25 and head[25] in _PNG_COLOURS:
        return (
            "image-colours-refused",
            N_("The colours of the PNG are {found}; expected RGB or RGBA."),
            {"found": Phrase(_PNG_COLOURS[head[25]])},
        )
    return None


def images(chat: Chat, target: Target) -> Iterator[tuple[Path, str]]:
    """Yield the images that have an address: its path and text."""
    for message in chat.messages:
        for i, part in message.parts:
            image = part.get("image_url")
            if part.get("type") != "image_url":
                continue
            if isinstance(image, dict) and isinstance(image.get("url"), str):
                yield message.at("content", i, "image_url", "url"), image["url"]
            elif isinstance(image, str) and target.has_rule("image-as-object"):
                yield message.at("content", i, "image_url"), image


def _with_fault(chat: Chat, target: Target, name: str) -> Iterator[Hit]:
    for path, url in images(chat, target):
        fault = _fault(url, target)
        if fault is not None and fault[0] == name:
            yield hit(path, fault[1], **fault[2])


@rule(
    "TR420",
    On.PARTS,
    title=N_("An assistant message holds an image"),
    why=N_(
        "Models of this kind write text; an example whose answer is an image is likely to be refused."
    ),
    remedy=N_("Move the image to the user's message, or leave it out."),
    bad=_line('{"url": "https://example.org/dot.png"}', "assistant"),
    good=_GOOD,
)
def image_in_assistant_message(chat: Chat, target: Target) -> Iterator[Hit]:
    del target
    for message in chat.messages:
        for i, part in message.parts:
            if message.role == "assistant" and part.get("type") == "image_url":
                yield hit(
                    message.at("content", i),
                    N_("The assistant's content holds an image; expected text."),
                )


@rule(
    "TR421",
    On.PARTS,
    title=N_("An image part has no address"),
    why=N_("An image stands in image_url.url, as a URL or as a data URI."),
    remedy=N_('Write {"type": "image_url", "image_url": {"url": "…"}}.'),
    bad=_line('"https://example.org/dot.png"'),
    good=_GOOD,
)
def image_address_missing(chat: Chat, target: Target) -> Iterator[Hit]:
    as_text = target.has_rule("image-as-object")
    for message in chat.messages:
        for i, part in message.parts:
            if part.get("type") != "image_url":
                continue
            path: Path = message.at("content", i)
            image = part.get("image_url")
            if "image_url" not in part:
                yield hit(path, N_('The part has no "image_url"; expected an object with the url.'))
            elif isinstance(image, str) and as_text:
                continue
            elif not isinstance(image, dict):
                yield hit(
                    (*path, "image_url"),
                    N_('"image_url" is {found}; expected an object with the url.'),
                    found=kind_of(image),
                )
            elif not isinstance(image.get("url"), str):
                yield hit(
                    (*path, "image_url", "url") if "url" in image else (*path, "image_url"),
                    N_('"image_url" has no text under "url"; expected the address of the image.'),
                )


@rule(
    "TR422",
    On.PARTS,
    title=N_("An image's address cannot be reached"),
    why=N_(
        "The service fetches images itself: it needs a public URL, or the image inside the line as a data URI. An example whose image cannot be fetched is left out of the training without a word."
    ),
    remedy=N_(
        "Put the image on a public server, or write it into the line: data:image/png;base64,…"
    ),
    bad=_line('{"url": "images/dot.png"}'),
    good=_GOOD,
)
def image_address_unusable(chat: Chat, target: Target) -> Iterator[Hit]:
    return _with_fault(chat, target, "image-address-unusable")


@rule(
    "TR423",
    On.PARTS,
    title=N_("An image is of a type that is not accepted"),
    why=N_("Only a few types of images are taken; examples with others are left out."),
    remedy=N_("Convert the image."),
    bad=_line('{"url": "data:image/gif;base64,R0lGODlhAQABAAAAACw="}'),
    good=_GOOD_DATA,
)
def image_type_refused(chat: Chat, target: Target) -> Iterator[Hit]:
    return _with_fault(chat, target, "image-type-refused")


@rule(
    "TR424",
    On.PARTS,
    title=N_("The data of an image is damaged"),
    why=N_("An image inside a line is base64 text behind data:image/…;base64, and nothing else."),
    remedy=N_(
        "Encode the image again: no line breaks, no spaces, the standard alphabet with = at its end."
    ),
    bad=_line('{"url": "data:image/png;base64,iVBORw0KGgo"}'),
    good=_GOOD_DATA,
)
def image_data_damaged(chat: Chat, target: Target) -> Iterator[Hit]:
    return _with_fault(chat, target, "image-data-damaged")


@rule(
    "TR425",
    On.PARTS,
    title=N_("An image is too large"),
    why=N_("The service limits the size of an image; an example with a larger one is left out."),
    remedy=N_("Make the image smaller, or link to it."),
    bad=None,
    good=_GOOD_DATA,
)
def image_too_large(chat: Chat, target: Target) -> Iterator[Hit]:
    return _with_fault(chat, target, "image-too-large")


@rule(
    "TR426",
    On.PARTS,
    title=N_("An image is not what its label says"),
    why=N_("The label of a data URI should match the data; readers that trust it fail."),
    remedy=N_("Write the real type behind data:."),
    bad=_line('{"url": "data:image/jpeg;base64,' + _PIXEL + '"}'),
    good=_GOOD_DATA,
)
def image_label_differs(chat: Chat, target: Target) -> Iterator[Hit]:
    return _with_fault(chat, target, "image-label-differs")


@rule(
    "TR427",
    On.PARTS,
    title=N_("The colours of an image are neither RGB nor RGBA"),
    why=N_("Images must be RGB or RGBA. This is looked at in PNG images inside the line only."),
    remedy=N_('Convert the image, for instance in Python with Pillow: image.convert("RGB").'),
    bad=_line('{"url": "data:image/png;base64,' + _GREY_PIXEL + '"}'),
    good=_GOOD_DATA,
)
def image_colours_refused(chat: Chat, target: Target) -> Iterator[Hit]:
    return _with_fault(chat, target, "image-colours-refused")


@rule(
    "TR428",
    On.PARTS,
    title=N_("The detail of an image is not low, high or auto"),
    why=N_("Three values are documented; others are likely to be refused."),
    remedy=N_("Write low, high or auto, or leave the key out (which means auto)."),
    bad=_line('{"url": "https://example.org/dot.png", "detail": "medium"}'),
    good=_line('{"url": "https://example.org/dot.png", "detail": "low"}'),
)
def image_detail_unknown(chat: Chat, target: Target) -> Iterator[Hit]:
    del target
    for message in chat.messages:
        for i, part in message.parts:
            image = part.get("image_url")
            if part.get("type") != "image_url" or not isinstance(image, dict):
                continue
            if "detail" in image and image["detail"] not in DETAILS:
                yield hit(
                    message.at("content", i, "image_url", "detail"),
                    N_("The detail is {found}; expected low, high or auto."),
                    found=described(image["detail"]),
                )


@rule(
    "TR429",
    On.PARTS,
    title=N_("An example has too many images"),
    why=N_("The service limits the images of one example and leaves out examples with more."),
    remedy=N_("Split the example, or keep the images that matter."),
    bad=(
        '{"messages": [{"role": "user", "content": ['
        + ", ".join(
            ['{"type": "image_url", "image_url": {"url": "https://example.org/dot.png"}}'] * 65
        )
        + "]}, "
        + _ANSWER
    ),
    good=_GOOD,
)
def too_many_images(chat: Chat, target: Target) -> Iterator[Hit]:
    most, in_message = target.limits.max_images, target.limits.max_message_images
    counts = [
        sum(part.get("type") == "image_url" or "image" in part for _, part in message.parts)
        for message in chat.messages
    ]
    count = sum(counts)
    if in_message is not None and max(counts) > in_message:
        return  # a rule on the message says it
    if most is not None and count > most:
        yield hit(
            chat.path,
            N_("The example has {count} images; expected at most {most}."),
            count=count,
            most=most,
        )


@rule(
    "TR430",
    On.PARTS,
    target="azure-openai/sft gpt-4.1-mini",
    title=N_("The model cannot be trained with images"),
    why=N_("Only some models take images in training; for the others the example is refused."),
    remedy=N_("Choose a model that takes images, or leave the images out."),
    bad=_GOOD,
    good='{"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]}\n',
)
def image_for_text_model(chat: Chat, target: Target) -> Iterator[Hit]:
    if target.model is None or target.model.images:
        return
    for message in chat.messages:
        for i, part in message.parts:
            if part.get("type") == "image_url":
                takers = [model.name for model in target.models.values() if model.images]
                yield hit(
                    message.at("content", i),
                    N_("There is an image, and {model} is trained on text; {takers} take images."),
                    model=target.model.name,
                    takers=listed(takers),
                )
                return


RULES = (
    image_in_assistant_message,
    image_address_missing,
    image_address_unusable,
    image_type_refused,
    image_data_damaged,
    image_too_large,
    image_label_differs,
    image_colours_refused,
    image_detail_unknown,
    too_many_images,
    image_for_text_model,
)
