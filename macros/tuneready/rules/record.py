"""TR2xx: the shape of a record, before its messages or texts are looked at."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from tuneready.dataset.quoting import kind_of, listed, shown
from tuneready.finding import Phrase
from tuneready.locale import N_
from tuneready.rules.base import Hit, On, hit, key_hit, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tuneready.dataset.examples import Record
    from tuneready.targets.base import Target

_GOOD = (
    '{"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]}\n'
)
_PAIR = '{"prompt": "Hi ->", "completion": " Hello"}\n'


@rule(
    "TR201",
    On.RECORD,
    title=N_("The line is not a JSON object"),
    why=N_("Every line must be an object with the keys of one example; other JSON is refused."),
    remedy=N_("Write an object in braces on every line."),
    bad='["Hi", "Hello"]\n',
    good=_GOOD,
)
def record_not_object(record: Record, target: Target) -> Iterator[Hit]:
    if not isinstance(record.value, dict):
        yield hit(
            (),
            N_("The line is {found}; expected an object with {keys}."),
            found=kind_of(record.value),
            keys=_wanted_keys(target),
        )


@rule(
    "TR202",
    On.RECORD,
    title=N_("The record is of another kind"),
    why=N_("The line is in order for something else, but this target cannot read it."),
    remedy=N_("Choose the target that the data was made for, or convert the records."),
    bad=(
        '{"input": {"messages": [{"role": "user", "content": "Hi"}]}, "preferred_output": '
        '[{"role": "assistant", "content": "Hello"}], "non_preferred_output": [{"role": "assistant", "content": "What?"}]}\n'
    ),
    good=_GOOD,
)
def record_of_another_kind(record: Record, target: Target) -> Iterator[Hit]:
    if record.other is not None:
        yield hit(
            (),
            N_("This looks like {kind} ({keys}); expected {wanted}. {hint}"),
            kind=Phrase(record.other.name),
            keys=record.other.keys,
            wanted=_wanted(target),
            hint=Phrase(record.other.hint),
        )


@rule(
    "TR203",
    On.RECORD,
    title=N_("The record has no messages"),
    why=N_("A chat example is its list of messages; without it there is nothing to learn."),
    remedy=N_("Put the conversation in a list under the key messages."),
    bad='{"mesages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]}\n',
    good=_GOOD,
)
def messages_missing(record: Record, target: Target) -> Iterator[Hit]:
    value = record.value
    if target.format != "chat" or record.other or not isinstance(value, dict):
        return
    if "messages" in value:
        return
    near = _near_key("messages", value)
    if near is not None:
        yield key_hit((near,), N_('The key is {found}; expected "messages".'), found=shown(near))
    elif value:
        yield hit(
            (), N_('The record has the keys {found}; expected "messages".'), found=_keys(value)
        )
    else:
        yield hit((), N_('The record is empty; expected "messages".'))


@rule(
    "TR204",
    On.RECORD,
    title=N_('"messages" is not a list with messages'),
    why=N_("A chat example is its list of messages; without it there is nothing to learn."),
    remedy=N_("Make messages a list of objects, each with a role and a content."),
    bad='{"messages": "Hi"}\n',
    good=_GOOD,
)
def messages_not_list(record: Record, target: Target) -> Iterator[Hit]:
    value = record.value
    if target.format != "chat" or record.other or not isinstance(value, dict):
        return
    if "messages" not in value:
        return
    messages = value["messages"]
    if not isinstance(messages, list):
        yield hit(
            ("messages",),
            N_('"messages" is {found}; expected a list of messages.'),
            found=kind_of(messages),
        )
    elif not messages:
        yield hit(("messages",), N_('"messages" is an empty list; expected at least two messages.'))


@rule(
    "TR205",
    On.RECORD,
    title=N_("The record has a key that the target does not know"),
    why=N_(
        "What the service does with other keys is not documented: it may ignore them or refuse the file."
    ),
    remedy=N_(
        "Leave the key out, or correct its spelling. Keep notes about examples in another file."
    ),
    bad=_GOOD.replace("{", '{"id": 7, ', 1),
    good=_GOOD,
)
def unknown_record_key(record: Record, target: Target) -> Iterator[Hit]:
    value = record.value
    if target.format != "chat" or record.other or not isinstance(value, dict):
        return
    if "messages" not in value:  # then the other keys are part of that cause
        return
    for key in value:
        if key not in target.record_keys and key != "functions":  # that one has a rule of its own
            yield key_hit(
                (key,),
                N_("The record has the key {found}; known keys are {known}."),
                found=shown(key),
                known=listed(target.record_keys),
            )


@rule(
    "TR206",
    On.RECORD,
    target="azure-openai/completion",
    title=N_("Prompt or completion is missing"),
    why=N_("An example of this format is exactly a prompt and its completion."),
    remedy=N_("Give every line the two keys prompt and completion, in lower case."),
    bad='{"prompt": "Hi ->", "Completion": " Hello"}\n',
    good=_PAIR,
)
def prompt_or_completion_missing(record: Record, target: Target) -> Iterator[Hit]:
    value = record.value
    if target.format != "prompt-completion" or record.other or not isinstance(value, dict):
        return
    for wanted in ("prompt", "completion"):
        if wanted in value:
            continue
        near = _near_key(wanted, value)
        if near is not None:
            yield key_hit(
                (near,),
                N_("The key is {found}; expected {wanted}."),
                found=shown(near),
                wanted=shown(wanted),
            )
        elif value:
            yield hit(
                (),
                N_("The record has the keys {found}; expected {wanted} too."),
                found=_keys(value),
                wanted=shown(wanted),
            )
        else:
            yield hit((), N_("The record is empty; expected {wanted}."), wanted=shown(wanted))


@rule(
    "TR207",
    On.COMPLETION,
    target="azure-openai/completion",
    title=N_("There is a key besides prompt and completion"),
    why=N_("The portal's own check said that each line may have these two keys only."),
    remedy=N_("Leave the key out."),
    bad='{"prompt": "Hi ->", "completion": " Hello", "id": 7}\n',
    good=_PAIR,
)
def key_besides_pair(record: Record, target: Target) -> Iterator[Hit]:
    value = record.value
    taken = {_near_key(wanted, value) for wanted in ("prompt", "completion") if wanted not in value}
    for key in value:
        if key not in target.record_keys and key not in taken:
            yield key_hit(
                (key,),
                N_("The record has the key {found}; expected only prompt and completion."),
                found=shown(key),
            )


@rule(
    "TR208",
    On.COMPLETION,
    target="azure-openai/completion",
    title=N_("Prompt or completion is not text"),
    why=N_(
        "In the description of this format both are text, not a list of messages or token numbers."
    ),
    remedy=N_("Write the text itself. For conversations choose a target for chat."),
    bad='{"prompt": ["Hi"], "completion": " Hello"}\n',
    good=_PAIR,
)
def prompt_or_completion_not_text(record: Record, target: Target) -> Iterator[Hit]:
    del target
    for key in ("prompt", "completion"):
        if key in record.value and not isinstance(record.value[key], str):
            yield hit(
                (key,),
                N_("{key} is {found}; expected text."),
                key=shown(key),
                found=kind_of(record.value[key]),
            )


@rule(
    "TR209",
    On.COMPLETION,
    target="azure-openai/completion",
    title=N_("The prompt is empty"),
    why=N_("The portal's own check refused empty prompts when this format was current."),
    remedy=N_("Write a prompt, if only a fixed separator."),
    bad='{"prompt": "", "completion": " Hello"}\n',
    good=_PAIR,
)
def prompt_empty(record: Record, target: Target) -> Iterator[Hit]:
    del target
    prompt = record.value.get("prompt")
    if isinstance(prompt, str) and (not prompt or prompt.isspace()):
        yield hit(("prompt",), N_("The prompt is {found}; expected text."), found=shown(prompt))


@rule(
    "TR210",
    On.COMPLETION,
    target="azure-openai/completion",
    title=N_("The completion is empty"),
    why=N_("There is nothing to learn from it; the old preparation tool removed such lines."),
    remedy=N_("Remove the line or write the completion."),
    bad='{"prompt": "Hi ->", "completion": " "}\n',
    good=_PAIR,
)
def completion_empty(record: Record, target: Target) -> Iterator[Hit]:
    del target
    completion = record.value.get("completion")
    if isinstance(completion, str) and (not completion or completion.isspace()):
        yield hit(
            ("completion",),
            N_("The completion is {found}; expected text."),
            found=shown(completion),
        )


def _wanted(target: Target) -> Phrase:
    """Say what an example of the target begins with."""
    if target.format == "chat":
        return Phrase(N_('a chat with "messages"'))
    return Phrase(N_('a pair of "prompt" and "completion"'))


def _wanted_keys(target: Target) -> Phrase:
    if target.format == "chat":
        return Phrase(N_('"messages"'))
    return Phrase(N_('"prompt" and "completion"'))


def _keys(value: dict[str, object]) -> str:
    return listed([shown(key, 24) for key in list(value)[:6]]) + (", …" if len(value) > 6 else "")


def _near_key(wanted: str, value: dict[str, object]) -> str | None:
    """Return the key that was probably meant to be `wanted`."""
    by_lower = {key.strip().lower(): key for key in list(value)[:50] if len(key) <= 2 * len(wanted)}
    near = get_close_matches(wanted, by_lower, n=1, cutoff=0.8)
    return by_lower[near[0]] if near else None


RULES = (
    record_not_object,
    record_of_another_kind,
    messages_missing,
    messages_not_list,
    unknown_record_key,
    prompt_or_completion_missing,
    key_besides_pair,
    prompt_or_completion_not_text,
    prompt_empty,
    completion_empty,
)
