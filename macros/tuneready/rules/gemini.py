"""TR435-TR440: what Gemini's records have of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tuneready.dataset.quoting import described, kind_of, listed, shown
from tuneready.locale import N_
from tuneready.rules.base import Hit, On, hit, key_hit, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tuneready.dataset.examples import Chat, Example, Record
    from tuneready.finding import Path
    from tuneready.targets.base import Target

SPELLINGS = ("systemInstruction", "system_instruction")

_MODEL = '{"role": "model", "parts": [{"text": "A dot."}]}'
_HI = '"contents": [{"role": "user", "parts": [{"text": "Hi"}]}, ' + _MODEL + "]}\n"
_BRIEF = '{"parts": [{"text": "Be brief."}]}'


def _file(data: str) -> str:
    """Return a chat with a file; `data` is the JSON under fileData."""
    return (
        '{"contents": [{"role": "user", "parts": [{"fileData": ' + data + "}]}, " + _MODEL + "]}\n"
    )


_GOOD = _file('{"mimeType": "image/png", "fileUri": "gs://data/dot.png"}')


def _pair(first: str, second: str) -> str:
    """Return a question with two scored answers."""
    answers = (
        f'{{"score": {score}, "completion": {{"role": "model", "parts": [{{"text": "{text}"}}]}}}}'
        for score, text in ((first, "Hello"), (second, "What?"))
    )
    return (
        '{"contents": [{"role": "user", "parts": [{"text": "Hi"}]}], "completions": ['
        + ", ".join(answers)
        + "]}\n"
    )


@rule(
    "TR435",
    On.PARTS,
    target="gemini/sft",
    title=N_("A file part lacks its type or its address"),
    why=N_("A file is named by its media type and its address; both are read as text."),
    remedy=N_('Write {"fileData": {"mimeType": "image/png", "fileUri": "gs://…"}}.'),
    bad=_file('{"fileUri": "gs://data/dot.png"}'),
    good=_GOOD,
)
def file_part_shape(chat: Chat, target: Target) -> Iterator[Hit]:
    del target
    for message in chat.messages:
        for i, part in message.parts:
            if "fileData" not in part:
                continue
            path: Path = message.at("content", i, "fileData")
            data = part["fileData"]
            if not isinstance(data, dict):
                yield hit(
                    path,
                    N_("{key} is {found}; expected an object with {wanted}."),
                    key=shown("fileData"),
                    found=kind_of(data),
                    wanted=listed(["mimeType", "fileUri"]),
                )
                continue
            for key in ("mimeType", "fileUri"):
                if key not in data:
                    yield hit(
                        path,
                        N_("The file has no {key}; expected text there."),
                        key=shown(key),
                    )
                elif not isinstance(data[key], str):
                    yield hit(
                        (*path, key),
                        N_("{key} is {found}; expected text."),
                        key=shown(key),
                        found=kind_of(data[key]),
                    )


@rule(
    "TR436",
    On.PARTS,
    target="gemini/sft",
    title=N_("A file is not in Cloud Storage"),
    why=N_(
        "The documentation shows files in Cloud Storage only; whether others are fetched is not said."
    ),
    remedy=N_("Copy the file to a bucket and name it as gs://bucket/path."),
    bad=_file('{"mimeType": "image/png", "fileUri": "https://example.org/dot.png"}'),
    good=_GOOD,
)
def file_not_in_cloud_storage(chat: Chat, target: Target) -> Iterator[Hit]:
    del target
    for message in chat.messages:
        for i, part in message.parts:
            match part:
                case {"fileData": {"fileUri": str(address)}} if not address.startswith("gs://"):
                    yield hit(
                        message.at("content", i, "fileData", "fileUri"),
                        N_("The address is {found}; expected one that begins with gs://."),
                        found=shown(address),
                    )


@rule(
    "TR437",
    On.RECORD,
    target="gemini/sft",
    title=N_("The instructions stand under the other spelling of their key"),
    why=N_(
        "Google's pages disagree: the one on supervised tuning writes systemInstruction, the one on preference tuning system_instruction. If the other is not read, the instructions are lost without a word."
    ),
    remedy=N_("Use the spelling of the page on the method that you train with."),
    bad='{"system_instruction": ' + _BRIEF + ", " + _HI,
    good='{"systemInstruction": ' + _BRIEF + ", " + _HI,
)
def system_instruction_spelling(record: Record, target: Target) -> Iterator[Hit]:
    del target
    if record.other is not None or not isinstance(record.value, dict):
        return
    wanted, *others = [name for name in record.layout.keys if name in SPELLINGS] or [""]
    for name in others:
        if name in record.value:
            yield key_hit(
                (name,),
                N_("The key is {found}; the page on this method writes {wanted}."),
                found=shown(name),
                wanted=shown(wanted),
            )


@rule(
    "TR438",
    On.EXAMPLE,
    target="gemini/preference",
    title=N_("There are not two answers to compare"),
    why=N_("An example compares a better answer with a worse one: exactly two."),
    remedy=N_("Keep the two answers that differ most, or write several examples."),
    bad=_pair("1", "0").replace(
        ', {"score": 0, "completion": {"role": "model", "parts": [{"text": "What?"}]}}', ""
    ),
    good=_pair("1", "0"),
)
def completions_not_two(example: Example, target: Target) -> Iterator[Hit]:
    del target
    completions = example.record.get("completions")
    if isinstance(completions, list) and len(completions) != 2:
        yield hit(
            ("completions",),
            N_("There are {count} completions; expected two."),
            count=len(completions),
        )


@rule(
    "TR439",
    On.EXAMPLE,
    target="gemini/preference",
    title=N_("The two answers are not scored 1 and 0"),
    why=N_(
        "The answer with 1 is the preferred one, that with 0 the other; other pairs are refused."
    ),
    remedy=N_("Give the better answer 1 and the other 0."),
    bad=_pair("1", "1"),
    good=_pair("1", "0"),
)
def scores_not_1_and_0(example: Example, target: Target) -> Iterator[Hit]:
    del target
    completions = example.record.get("completions")
    if not isinstance(completions, list) or len(completions) != 2:
        return
    scores = [item.get("score") for item in completions if isinstance(item, dict)]
    if len(scores) != 2 or any(type(score) not in (int, float) for score in scores):
        return  # a rule on the type of the value says that
    for i, score in enumerate(scores):
        if score not in (0, 1):
            yield hit(
                ("completions", i, "score"),
                N_("The score is {found}; expected 0 or 1."),
                found=described(score),
            )
    if scores[0] == scores[1] and scores[0] in (0, 1):
        yield hit(
            ("completions", 1, "score"),
            N_("Both scores are {found}; expected one 1 and one 0."),
            found=described(scores[1]),
        )


@rule(
    "TR440",
    On.RECORD,
    target="gemini/rft",
    title=N_("A reference is not text"),
    why=N_("The references reach the reward function as texts, by their keys."),
    remedy=N_("Write the value as text; an object as JSON in a text."),
    bad='{"contents": [{"role": "user", "parts": [{"text": "2+2?"}]}], "references": {"answer": 4}}\n',
    good='{"contents": [{"role": "user", "parts": [{"text": "2+2?"}]}], "references": {"answer": "4"}}\n',
)
def reference_not_text(record: Record, target: Target) -> Iterator[Hit]:
    del target
    if record.other is not None or not isinstance(record.value, dict):
        return
    references = record.value.get("references")
    for key, value in references.items() if isinstance(references, dict) else ():
        if not isinstance(value, str):
            yield hit(
                ("references", key),
                N_("{key} is {found}; expected text."),
                key=shown(key),
                found=kind_of(value),
            )


RULES = (
    file_part_shape,
    file_not_in_cloud_storage,
    system_instruction_spelling,
    completions_not_two,
    scores_not_1_and_0,
    reference_not_text,
)
