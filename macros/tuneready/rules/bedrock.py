"""TR441-TR457: what records for Amazon Bedrock have of their own."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from tuneready.dataset.quoting import listed, shown
from tuneready.finding import Location, Phrase
from tuneready.locale import N_
from tuneready.rules.base import Hit, On, hit, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tuneready.dataset.examples import Chat, Message, Record, Text
    from tuneready.dataset.report import Report
    from tuneready.finding import Path
    from tuneready.targets.base import Target

MEDIA = ("image", "video")
_NAMES = {"image": N_("an image"), "video": N_("a video")}

_ANSWER = '{"role": "assistant", "content": [{"text": "Hello"}]}'
_VERSION = '{"schemaVersion": "bedrock-conversation-2024", '


def _media(kind: str, form: str, address: str) -> str:
    return (
        f'{{"{kind}": {{"format": "{form}", "source": {{"s3Location": {{"uri": "{address}"}}}}}}}}'
    )


def _line(*parts: str, before: str = "{", answer: str = _ANSWER) -> str:
    """Return a chat in which the user says these parts."""
    asked = '{"role": "user", "content": [' + ", ".join(parts) + "]}"
    return before + '"messages": [' + asked + (", " + answer if answer else "") + "]}\n"


_TEXT = '{"text": "Hi"}'
_IMAGE = _media("image", "png", "s3://data/dot.png")
_VIDEO = _media("video", "mp4", "s3://data/dot.mp4")
_GOOD = _line(_TEXT)
_GOOD_IMAGE = _line(_TEXT, _IMAGE)


def _found(chat: Chat) -> Iterator[tuple[Message, Path, str, Any]]:
    """Yield every image and video: its message, its path, its kind and what stands there."""
    for message in chat.messages:
        for i, part in message.parts:
            for kind in MEDIA:
                if kind in part:
                    yield message, message.at("content", i, kind), kind, part[kind]


def _count(message: Message, kind: str) -> int:
    return sum(kind in part for _, part in message.parts)


@rule(
    "TR441",
    On.RECORD,
    target="bedrock/nova-sft",
    title=N_("The schema version is not the expected one"),
    why=N_(
        "The version says how the record is to be read. Where one value is documented, another may be refused or misread."
    ),
    remedy=N_("Write the documented value, letter by letter."),
    bad=_line(_TEXT, before='{"schemaVersion": "2024", '),
    good=_line(_TEXT, before=_VERSION),
)
def schema_version_other(record: Record, target: Target) -> Iterator[Hit]:
    del target
    if record.other is not None or not isinstance(record.value, dict):
        return
    for name, key in record.layout.keys.items():
        value = record.value.get(name)
        if key.values and isinstance(value, str) and value not in key.values:
            yield hit(
                (name,),
                N_("{key} is {found}; expected {wanted}."),
                key=shown(name),
                found=shown(value),
                wanted=listed([shown(value) for value in key.values]),
            )


@rule(
    "TR442",
    On.PARTS,
    target="bedrock/nova-sft",
    title=N_("An image or video lacks its format or its address"),
    why=N_(
        "An image or video is an object with its format and its address in source.s3Location.uri."
    ),
    remedy=N_(
        'Write {"image": {"format": "png", "source": {"s3Location": {"uri": "s3://…"}}}}, and video likewise.'
    ),
    bad=_line('{"image": {"format": "png", "source": {"uri": "s3://data/dot.png"}}}'),
    good=_GOOD_IMAGE,
)
def media_shape(chat: Chat, target: Target) -> Iterator[Hit]:
    del target
    for _, path, kind, value in _found(chat):
        match value:
            case {"format": str(), "source": {"s3Location": {"uri": str()}}}:
                continue
            case {"source": {"s3Location": {"uri": str()}}, **rest}:
                missing = "format" not in rest
                text = N_("{kind} has no text under {key}.")
                at, key = (path if missing else (*path, "format")), "format"
            case dict():
                text = N_("{kind} has no text under {key}.")
                at, key = path, "source.s3Location.uri"
            case _:
                text = N_("{kind} is not an object; expected one with the format and {key}.")
                at, key = path, "source.s3Location.uri"
        yield hit(at, text, kind=shown(kind), key=shown(key))


@rule(
    "TR443",
    On.PARTS,
    target="bedrock/nova-sft",
    title=N_("An image or video is not in S3"),
    why=N_(
        "Images and videos are read from S3 only, from the bucket of the dataset; others are refused."
    ),
    remedy=N_("Copy the file to the bucket of the dataset and name it as s3://bucket/path."),
    bad=_line(_media("image", "png", "https://example.org/dot.png")),
    good=_GOOD_IMAGE,
)
def media_not_in_s3(chat: Chat, target: Target) -> Iterator[Hit]:
    del target
    for _, path, _, value in _found(chat):
        match value:
            case {"source": {"s3Location": {"uri": str(uri)}}} if not uri.startswith("s3://"):
                yield hit(
                    (*path, "source", "s3Location", "uri"),
                    N_("The address is {found}; expected one that begins with s3://."),
                    found=shown(uri),
                )


_ADDRESS = re.compile(r"[\w\-/.]+")


@rule(
    "TR459",
    On.PARTS,
    target="bedrock/nova-sft",
    title=N_("The address of an image or video has other characters"),
    why=N_(
        "Amazon's own checker takes letters, digits, dashes, underscores, slashes and dots behind s3://, and refuses a line with others, such as a space."
    ),
    remedy=N_("Rename the file in the bucket, and write the new name."),
    bad=_line(_media("image", "png", "s3://data/my dot.png")),
    good=_GOOD_IMAGE,
)
def media_address_characters(chat: Chat, target: Target) -> Iterator[Hit]:
    del target
    for _, path, _, value in _found(chat):
        match value:
            case {"source": {"s3Location": {"uri": str(uri)}}} if uri.startswith("s3://"):
                if not _ADDRESS.fullmatch(uri.replace("s3://", "")):
                    yield hit(
                        (*path, "source", "s3Location", "uri"),
                        N_(
                            "The address is {found}; expected letters, digits, -, _, / and . behind s3://."
                        ),
                        found=shown(uri),
                    )


@rule(
    "TR444",
    On.PARTS,
    target="bedrock/nova-sft",
    title=N_("An image or video is of a format that is not accepted"),
    why=N_("Only a few formats are taken; a line with another is refused."),
    remedy=N_("Convert the file, and write the format without a dot."),
    bad=_line(_media("image", "tiff", "s3://data/dot.tiff")),
    good=_GOOD_IMAGE,
)
def media_format_refused(chat: Chat, target: Target) -> Iterator[Hit]:
    taken = {"image": target.image_types, "video": target.video_types}
    for _, path, kind, value in _found(chat):
        form = value.get("format") if isinstance(value, dict) else None
        formats = [media_type.split("/")[1] for media_type in taken[kind]]
        if isinstance(form, str) and formats and form.lower() not in formats:
            yield hit(
                (*path, "format"),
                N_("The format is {found}; expected one of {formats}."),
                found=shown(form),
                formats=listed(formats),
            )


@rule(
    "TR445",
    On.PARTS,
    target="bedrock/nova-sft",
    title=N_("An assistant message holds an image or video"),
    why=N_("The model learns to write text; an answer with an image or video is refused."),
    remedy=N_("Move the image or video to the user's message, or leave it out."),
    bad=_line(_TEXT, answer='{"role": "assistant", "content": [' + _IMAGE + "]}"),
    good=_GOOD_IMAGE,
)
def media_in_assistant_message(chat: Chat, target: Target) -> Iterator[Hit]:
    del target
    for message, path, kind, _ in _found(chat):
        if message.role == "assistant":
            yield hit(
                path,
                N_("The assistant's content holds {kind}; expected text."),
                kind=Phrase(_NAMES[kind]),
            )


@rule(
    "TR446",
    On.PARTS,
    target="bedrock/nova-sft nova-micro",
    title=N_("The model cannot be trained with images or videos"),
    why=N_(
        "The model is trained on text only, and cannot learn from an image or video; the example is likely to be refused."
    ),
    remedy=N_("Choose a model that takes them, or leave them out."),
    bad=_GOOD_IMAGE,
    good=_GOOD,
)
def media_for_text_model(chat: Chat, target: Target) -> Iterator[Hit]:
    if target.model is None or target.model.images:
        return
    for _, path, kind, _ in _found(chat):
        takers = [model.name for model in target.models.values() if model.images]
        yield hit(
            path,
            N_("There is {kind}, and {model} is trained on text; {takers} take images."),
            kind=Phrase(_NAMES[kind]),
            model=target.model.name,
            takers=listed(takers),
        )
        return


@rule(
    "TR447",
    On.PARTS,
    target="bedrock/nova-sft",
    title=N_("A message has too many images"),
    why=N_("The images of a message are counted, and a message with more is refused."),
    remedy=N_("Keep the images that matter, or spread them over several examples."),
    bad=_line(_TEXT, *([_IMAGE] * 11)),
    good=_line(_TEXT, *([_IMAGE] * 10)),
)
def too_many_images_in_message(chat: Chat, target: Target) -> Iterator[Hit]:
    most = target.limits.max_message_images
    for message in chat.messages:
        count = _count(message, "image")
        if most is not None and count > most:
            yield hit(
                message.at("content"),
                N_("The message has {count} images; expected at most {most}."),
                count=count,
                most=most,
            )


@rule(
    "TR448",
    On.PARTS,
    target="bedrock/nova-sft",
    title=N_("An example has too many videos"),
    why=N_("The videos of an example are counted, and an example with more is refused."),
    remedy=N_("Write an example of its own for each video."),
    bad=_line(_TEXT, _VIDEO, _VIDEO),
    good=_line(_TEXT, _VIDEO),
)
def too_many_videos(chat: Chat, target: Target) -> Iterator[Hit]:
    most = target.limits.max_videos
    count = sum(_count(message, "video") for message in chat.messages)
    if most is not None and count > most:
        yield hit(
            chat.path,
            N_("The example has {count} videos; expected at most {most}."),
            count=count,
            most=most,
        )


@rule(
    "TR449",
    On.PARTS,
    target="bedrock/nova-sft",
    title=N_("A message mixes images and videos"),
    why=N_("A message has either images or a video; with both it is refused."),
    remedy=N_("Write two examples, one with the images and one with the video."),
    # The file as a whole mixes them, too: the file's rule leaves that to this one.
    bad=_line(_TEXT, _IMAGE, _VIDEO),
    good=_GOOD_IMAGE,
)
def images_beside_video(chat: Chat, target: Target) -> Iterator[Hit]:
    del target
    for message in chat.messages:
        if _count(message, "image") and _count(message, "video"):
            yield hit(
                message.at("content"),
                N_("The content has images and a video; expected either of them."),
            )


@rule(
    "TR450",
    On.FILE,
    target="bedrock/nova-sft",
    title=N_("Some examples have images, and others videos"),
    why=N_(
        "Sources disagree: the documentation allows one kind of media in a dataset, Amazon's own checker looks at single messages only."
    ),
    remedy=N_("Train with one kind of media at a time: that is safe by either source."),
    bad=_GOOD_IMAGE + _line(_TEXT, _VIDEO),
    good=_GOOD_IMAGE * 2,
)
def images_and_videos_in_one_file(report: Report, target: Target) -> Iterator[Hit]:
    del target
    media = {} if report.tally is None else report.tally.media
    if len(media) == 2 and not report.counts.get(images_beside_video.code):
        yield Hit(
            (),
            N_("There are images (first on line {image}) and videos (first on line {video})."),
            {"image": media["image"], "video": media["video"]},
            place=Location(max(media.values()), 1),
        )


_RESERVED = re.compile(r"(?:User|Bot|Assistant|System):|<(?:image|video)>|\[EOS\]")


@rule(
    "TR451",
    On.TEXT,
    target="bedrock/nova-sft",
    title=N_("A prompt holds a reserved word"),
    why=N_(
        "The documentation reserves User:, Bot:, Assistant:, System:, <image>, <video> and [EOS]: with any of them in a user or system text, the whole job fails. Not every version of Amazon's own checker looks for them."
    ),
    remedy=N_("Write another word of the same meaning, such as Customer: for User:."),
    bad=_line('{"text": "User: where is my parcel?"}'),
    good=_line('{"text": "Customer: where is my parcel?"}'),
    hint=_RESERVED.pattern,
)
def reserved_word(text: Text, target: Target) -> Iterator[Hit]:
    del target
    found = _RESERVED.search(text.text) if text.role in ("system", "user") else None
    if found is not None:
        yield hit(
            text.path,
            N_("The text holds {found}, at character {at}; this word is reserved."),
            found=shown(found[0]),
            at=found.start() + 1,
        )


_SPEAKER = re.compile(r"\n(Human|Assistant):")


@rule(
    "TR452",
    On.TEXT,
    target="bedrock/claude-sft",
    title=N_("A text has a line that begins with Human: or Assistant:"),
    why=N_(
        "These words at the beginning of a line once marked who speaks, so they are refused inside a text."
    ),
    remedy=N_("Write another word, or take apart what was pasted together into messages."),
    bad='{"messages": [{"role": "user", "content": "Hi\\nHuman: are you there?"}, {"role": "assistant", "content": "Hello"}]}\n',
    good='{"messages": [{"role": "user", "content": "Hi, are you there?"}, {"role": "assistant", "content": "Hello"}]}\n',
    hint=_SPEAKER.pattern,
)
def speaker_mark_in_text(text: Text, target: Target) -> Iterator[Hit]:
    del target
    found = _SPEAKER.search(text.text)
    if found is not None:
        yield hit(
            text.path,
            N_("A line of the text begins with {found}, at character {at}."),
            found=shown(found[1] + ":"),
            at=found.start() + 2,
        )


_FILE_NAME = re.compile(r"[A-Za-z0-9_.-]+\.jsonl")
_STANDARD_INPUT = ("", "-", "<stdin>")


@rule(
    "TR453",
    On.FILE,
    target="bedrock/nova-sft",
    title=N_("The file's name is not one that is taken"),
    why=N_(
        "In S3 the name has to end in .jsonl and may have letters, digits, dashes, underscores, slashes and dots. Another name is refused, whatever is in the file."
    ),
    remedy=N_("Rename the file, at the latest when you upload it."),
    bad=None,
    good=_GOOD,
)
def file_name_refused(report: Report, target: Target) -> Iterator[Hit]:
    del target
    name = re.split(r"[/\\]", report.file)[-1]
    if name not in _STANDARD_INPUT and not _FILE_NAME.fullmatch(name):
        yield hit(
            (),
            N_("The name is {found}; expected letters, digits, -, _ and ., and .jsonl at its end."),
            found=shown(name),
        )


@rule(
    "TR454",
    On.RECORD,
    target="bedrock/llama-sft",
    title=N_("The instructions are not exactly one text"),
    why=N_("The list of instructions, where there is one, holds one text; others are refused."),
    remedy=N_("Join the texts into one, or leave the key out when there are no instructions."),
    bad=_line(_TEXT, before='{"system": [{"text": "Be brief."}, {"text": "Be kind."}], '),
    good=_line(_TEXT, before='{"system": [{"text": "Be brief. Be kind."}], '),
)
def not_one_system_text(record: Record, target: Target) -> Iterator[Hit]:
    del target
    if record.other is not None or not isinstance(record.value, dict):
        return
    for name, key in record.layout.keys.items():
        value = record.value.get(name)
        if (
            key.holds == "objects"
            and any(inner.said_by == "system" for inner in key.keys.values())
            and isinstance(value, list)
            and len(value) != 1
        ):
            yield hit(
                (name,),
                N_("{key} has {count} entries; expected one."),
                key=shown(name),
                count=len(value),
            )


@rule(
    "TR455",
    On.CHAT,
    target="bedrock/distillation",
    title=N_("The prompt has several turns"),
    why=N_(
        "The larger model answers single questions here: one message of the user, and perhaps its answer. Prompts with more are refused."
    ),
    remedy=N_("Keep one question, with what it needs to be understood."),
    bad=_VERSION
    + '"messages": [{"role": "user", "content": [{"text": "Hi"}]}, '
    + _ANSWER
    + ', {"role": "user", "content": [{"text": "How are you?"}]}]}\n',
    good=_line(_TEXT, before=_VERSION, answer=""),
)
def prompt_of_several_turns(chat: Chat, target: Target) -> Iterator[Hit]:
    del target
    asked = [message for message in chat.messages if message.role == "user"]
    if len(asked) > 1:
        yield hit(
            asked[1].at("role"),
            N_("There are {count} messages of the user; expected one."),
            count=len(asked),
        )


@rule(
    "TR456",
    On.PARTS,
    target="bedrock/distillation",
    title=N_("The content is not exactly one part"),
    why=N_("The content of a message is a list of one text here; others are refused."),
    remedy=N_("Join the texts into one part."),
    bad=_line(_TEXT, _TEXT, before=_VERSION),
    good=_line(_TEXT, before=_VERSION),
)
def not_one_part(chat: Chat, target: Target) -> Iterator[Hit]:
    del target
    for message in chat.messages:
        content = message.fields.get("content")
        if isinstance(content, list) and len(content) > 1:
            yield hit(
                message.at("content"),
                N_("The content has {count} parts; expected one."),
                count=len(content),
            )


@rule(
    "TR457",
    On.PARTS,
    target="bedrock/nova-sft",
    title=N_("Nothing is said in a message"),
    why=N_("A content whose texts are all empty is refused, unless it has an image or video."),
    remedy=N_("Write the text, or leave the example out."),
    bad=_line('{"text": ""}'),
    good=_GOOD,
)
def content_without_words(chat: Chat, target: Target) -> Iterator[Hit]:
    del target
    for message in chat.messages:
        if is_without_words(message):
            yield hit(
                message.at("content"),
                N_("The texts of the content are empty; expected words."),
            )


def is_without_words(message: Message) -> bool:
    """Tell whether a content of parts has texts, and only empty ones, and no image or video."""
    texts = message.texts
    has_media = any(_count(message, kind) for kind in MEDIA)
    return bool(message.parts) and bool(texts) and not any(texts) and not has_media


RULES = (
    schema_version_other,
    media_shape,
    media_not_in_s3,
    media_format_refused,
    media_in_assistant_message,
    media_for_text_model,
    too_many_images_in_message,
    too_many_videos,
    images_beside_video,
    images_and_videos_in_one_file,
    reserved_word,
    speaker_mark_in_text,
    file_name_refused,
    not_one_system_text,
    prompt_of_several_turns,
    not_one_part,
    content_without_words,
)
