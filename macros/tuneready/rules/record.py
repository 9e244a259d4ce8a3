"""TR2xx: the shape of a record, before its messages or texts are looked at."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from tuneready.dataset.decoding import nesting_fault
from tuneready.dataset.formats import FORMATS
from tuneready.dataset.jsontext import Fault, scan
from tuneready.dataset.quoting import kind_of, listed, shown
from tuneready.finding import Phrase
from tuneready.locale import N_
from tuneready.rules.base import Hit, On, hit, key_hit, rule

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from tuneready.dataset.examples import Record
    from tuneready.finding import Path
    from tuneready.targets.base import Key, Target

_GOOD = (
    '{"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]}\n'
)
_TWO = (
    '{"input": {"messages": [{"role": "user", "content": "Hi"}]}, "preferred_output": '
    '[{"role": "assistant", "content": "Hello"}], "non_preferred_output": [{"role": "assistant", "content": "What?"}]}\n'
)
_PAIR = '{"prompt": "Hi ->", "completion": " Hello"}\n'


def _ranked() -> str:
    """Return as many queries with passages as a target for ranking asks for."""
    return "".join(
        f'{{"query": "What is {i} squared?", "relevant_passages": ["{i * i}"], "hard_negatives": ["{i}"]}}\n'
        for i in range(256)
    )


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
            kind=Phrase(record.other.title),
            keys=record.other.keys,
            wanted=_wanted(target),
            hint=Phrase(record.other.hint),
        )


@rule(
    "TR203",
    On.RECORD,
    title=N_("The record has no messages"),
    why=N_("A chat example is its list of messages; without it there is nothing to learn."),
    remedy=N_("Put the conversation in a list under the key that the target reads."),
    bad='{"mesages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]}\n',
    good=_GOOD,
)
def messages_missing(record: Record, target: Target) -> Iterator[Hit]:
    del target
    for name, key, value, base in _keys_of(record):
        if name not in value and _is_conversation(key):
            yield _missing(record, name, value, base)


@rule(
    "TR204",
    On.RECORD,
    title=N_("There is no list with messages under the key of the messages"),
    why=N_("A chat example is its list of messages; without it there is nothing to learn."),
    remedy=N_("Write a list of objects there, each of them a message."),
    bad='{"messages": "Hi"}\n',
    good=_GOOD,
)
def messages_not_list(record: Record, target: Target) -> Iterator[Hit]:
    del target
    for name, key, value, base in _keys_of(record):
        if key.holds != "messages" or name not in value:
            continue
        messages = value[name]
        if key.as_text and isinstance(messages, str):
            if not _is_messages(messages):
                yield hit(
                    (*base, name),
                    N_("{key} is {found}; expected a list of messages, or JSON text of one."),
                    key=shown(name),
                    found=shown(messages),
                )
        elif not isinstance(messages, list):
            yield hit(
                (*base, name),
                N_("{key} is {found}; expected a list of messages."),
                key=shown(name),
                found=kind_of(messages),
            )
        elif not messages and not key.may_be_empty:
            yield hit(
                (*base, name),
                N_("{key} is an empty list; expected messages."),
                key=shown(name),
            )


def _is_messages(text: str) -> bool:
    """Tell whether a text holds a list of objects, as JSON."""
    read = nesting_fault(text) or scan(text)
    value = None if isinstance(read, Fault) else read.value
    return isinstance(value, list) and all(isinstance(item, dict) for item in value)


@rule(
    "TR205",
    On.RECORD,
    title=N_("The record has a key that the target does not know"),
    why=N_(
        "Some tools refuse records with other keys; of others it is not documented whether they ignore the key or refuse the file."
    ),
    remedy=N_(
        "Leave the key out, or correct its spelling. Keep notes about examples in another file."
    ),
    bad=_GOOD.replace("{", '{"id": 7, ', 1),
    good=_GOOD,
)
def unknown_record_key(record: Record, target: Target) -> Iterator[Hit]:
    if record.layout.open or _has_own_rule(record, target, "key-besides-pair"):
        return
    for value, base, keys in _objects(record):
        if _is_open(record, base):
            continue
        if any(key.required and name not in value for name, key in keys.items()):
            continue  # then the other keys are part of that cause
        for name in value:
            if name in keys:
                continue
            yield key_hit(
                (*base, name),
                N_("The record has the key {found}; known keys are {known}."),
                found=shown(name),
                known=listed([key for key in keys if key != "functions"]),
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
    del target
    if record.layout.format != "prompt-completion":
        return
    for name, key, value, base in _keys_of(record):
        if key.required and name not in value:
            yield _missing(record, name, value, base)


@rule(
    "TR207",
    On.COMPLETION,
    target="azure-openai/completion",
    title=N_("There is a key besides prompt and completion"),
    why=N_("An example of this format has these two keys only; others are refused or removed."),
    remedy=N_("Leave the key out."),
    bad='{"prompt": "Hi ->", "completion": " Hello", "id": 7}\n',
    good=_PAIR,
)
def key_besides_pair(record: Record, target: Target) -> Iterator[Hit]:
    del target
    value = record.value
    taken = {_near_key(wanted, value) for wanted in ("prompt", "completion") if wanted not in value}
    for key in value:
        if key not in record.layout.keys and key not in taken:
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


def _is_open(record: Record, base: Path) -> bool:
    """Tell whether the object at `base` may have keys that the layout does not name."""
    names = [name for name in base if isinstance(name, str)]
    if not names:
        return record.layout.open
    return _keys_at(record, tuple(names[:-1]))[names[-1]].open


def _keys_at(record: Record, base: Path) -> Mapping[str, Key]:
    """Return the keys that the layout names for the object at `base`."""
    keys = record.layout.keys
    for name in base:
        if isinstance(name, str):
            keys = keys[name].keys
    return keys


def _is_conversation(key: Key) -> bool:
    """Tell whether a key holds the messages that make the example; answers are keys as others."""
    return key.required and key.holds == "messages" and key.part != "answer"


def _has_own_rule(record: Record, target: Target, name: str) -> bool:
    """Tell whether a rule on prompts and completions says it in words of its own."""
    return record.layout.format == "prompt-completion" and target.has_rule(name)


def _wanted(target: Target) -> Phrase:
    """Say what an example of the target begins with."""
    return Phrase(FORMATS[target.format].title)


def _wanted_keys(target: Target) -> str:
    keys = target.layouts[0].keys
    return listed([shown(name) for name, key in keys.items() if key.required])


def _missing(record: Record, name: str, value: dict[str, Any], base: Path) -> Hit:
    """Say that a key is missing: the key that was meant, or what is there instead."""
    known = _keys_at(record, base)
    near = _near_key(name, {key: item for key, item in value.items() if key not in known})
    if near is not None:
        return key_hit(
            (*base, near),
            N_("The key is {found}; expected {wanted}."),
            found=shown(near),
            wanted=shown(name),
        )
    if value:
        return hit(
            base,
            N_("The keys are {found}; expected {wanted}."),
            found=_keys(value),
            wanted=shown(name),
        )
    return hit(base, N_("There is no key at all; expected {wanted}."), wanted=shown(name))


def _objects(record: Record) -> Iterator[tuple[dict[str, Any], Path, Mapping[str, Key]]]:
    """Yield every object whose keys the layout names, with its path and those keys."""
    if record.other is None and isinstance(record.value, dict):
        yield from _inner_objects(record.value, (), record.layout.keys)


def _inner_objects(
    value: dict[str, Any], base: Path, keys: Mapping[str, Key]
) -> Iterator[tuple[dict[str, Any], Path, Mapping[str, Key]]]:
    yield value, base, keys
    for name, key in keys.items():
        found = value.get(name)
        if key.holds == "object" and isinstance(found, dict) and key.keys:
            yield from _inner_objects(found, (*base, name), key.keys)
        elif key.holds == "objects" and isinstance(found, list):
            for i, item in enumerate(found):
                if isinstance(item, dict):
                    yield from _inner_objects(item, (*base, name, i), key.keys)


def _keys_of(record: Record) -> Iterator[tuple[str, Key, dict[str, Any], Path]]:
    """Yield every key of the layout, with the object in which it belongs, and the object's path."""
    for value, base, keys in _objects(record):
        for name, key in keys.items():
            yield name, key, value, base


def _keys(value: dict[str, object]) -> str:
    return listed([shown(key, 24) for key in list(value)[:6]]) + (", …" if len(value) > 6 else "")


# What an older description of the records called these keys.
_FORMER = {
    "preferred_output": "preferred_completion",
    "non_preferred_output": "non_preferred_completion",
}


def _near_key(wanted: str, value: dict[str, object]) -> str | None:
    """Return the key that was probably meant to be `wanted`."""
    former = _FORMER.get(wanted)
    if former in value:
        return former
    by_lower = {key.strip().lower(): key for key in list(value)[:50] if len(key) <= 2 * len(wanted)}
    near = get_close_matches(wanted, by_lower, n=1, cutoff=0.8)
    return by_lower[near[0]] if near else None


@rule(
    "TR211",
    On.RECORD,
    target="azure-openai/dpo",
    title=N_("A key of the record is missing"),
    why=N_("Every example needs this key; without it the line is refused or left out."),
    remedy=N_("Add the key, or correct its spelling."),
    bad='{"input": {"messages": [{"role": "user", "content": "Hi"}]}, "preferred_output": [{"role": "assistant", "content": "Hello"}]}\n',
    good=_TWO,
)
def key_missing(record: Record, target: Target) -> Iterator[Hit]:
    if _has_own_rule(record, target, "prompt-or-completion-missing"):
        return
    for name, key, value, base in _keys_of(record):
        if key.required and name not in value and not _is_conversation(key):
            yield _missing(record, name, value, base)


@rule(
    "TR212",
    On.RECORD,
    target="azure-openai/dpo",
    title=N_("A value of the record is of another type"),
    why=N_(
        "What reads the file expects this type under the key; others are refused, or the line is left out."
    ),
    remedy=N_("Write the value as the type that is expected."),
    bad=_TWO.replace('{"messages": [{"role": "user", "content": "Hi"}]}', '"Hi"'),
    good=_TWO,
)
def value_wrong_type(record: Record, target: Target) -> Iterator[Hit]:
    if _has_own_rule(record, target, "prompt-or-completion-not-text"):
        return
    for name, key, value, base in _keys_of(record):
        if name not in value or key.holds not in _FITS:
            continue
        if value[name] is None and target.nulls and not key.required:
            continue
        fits, words = _FITS[key.holds]
        if not fits(value[name]):
            yield hit(
                (*base, name),
                N_("{key} is {found}; expected {wanted}."),
                key=shown(name),
                found=kind_of(value[name]),
                wanted=Phrase(words),
            )


@rule(
    "TR213",
    On.RECORD,
    target="mistral-finetune/pretrain",
    title=N_("Two keys that exclude each other, or neither of them"),
    why=N_("The tool reads one of these keys and refuses lines that have both or none."),
    remedy=N_("Keep exactly one of them."),
    bad='{"text": "Once upon a time.", "content": "Once upon a time."}\n',
    good='{"text": "Once upon a time."}\n',
)
def not_exactly_one_key(record: Record, target: Target) -> Iterator[Hit]:
    del target
    if record.other is not None or not isinstance(record.value, dict):
        return
    for names in record.layout.one_of:
        there = [name for name in names if name in record.value]
        if len(there) > 1:
            yield key_hit(
                (there[1],),
                N_("The record has {found}; expected only one of them."),
                found=listed([shown(name) for name in there]),
            )
        elif not there:
            yield hit(
                (),
                N_("The keys are {found}; expected one of {wanted}."),
                found=_keys(record.value),
                wanted=listed([shown(name) for name in names]),
            )


@rule(
    "TR214",
    On.RECORD,
    target="llama-factory/alpaca",
    title=N_("A text of the record is empty"),
    why=N_("There is nothing to ask or nothing to learn, so the line is refused or left out."),
    remedy=N_("Write the text, or leave the example out."),
    bad='{"instruction": "Greet me.", "input": "", "output": " "}\n',
    good='{"instruction": "Greet me.", "input": "", "output": "Hello"}\n',
)
def text_empty(record: Record, target: Target) -> Iterator[Hit]:
    if _has_own_rule(record, target, "completion-empty"):
        return
    for name, key, value, base in _keys_of(record):
        found = value.get(name)
        if key.may_be_empty or key.part is None:
            continue
        if isinstance(found, str) and (not found or found.isspace()):
            yield hit(
                (*base, name),
                N_("{key} is {found}; expected text."),
                key=shown(name),
                found=shown(found),
            )


@rule(
    "TR215",
    On.RECORD,
    target="cohere/rerank",
    title=N_("A list of the record is empty"),
    why=N_("What stands in the list is what the example is about; without it the line is refused."),
    remedy=N_("Write what belongs there, or leave the example out."),
    bad=_ranked().replace('["4"]', "[]", 1),
    good=_ranked(),
)
def list_empty(record: Record, target: Target) -> Iterator[Hit]:
    del target
    for name, key, value, base in _keys_of(record):
        if key.holds not in _LISTS or key.may_be_empty or not key.required:
            continue
        if value.get(name) == []:
            yield hit(
                (*base, name),
                N_("{key} is an empty list; expected one entry at least."),
                key=shown(name),
            )


@rule(
    "TR216",
    On.RECORD,
    target="bedrock/llama-sft llama-3.2-1b",
    title=N_("The record is for another model"),
    why=N_(
        "The models of this target read different kinds of records, and each refuses the others."
    ),
    remedy=N_("Choose the model that the data was made for, or convert the records."),
    bad='{"prompt": "Hi", "completion": "Hello"}\n',
    good='{"messages": [{"role": "user", "content": [{"text": "Hi"}]}, {"role": "assistant", "content": [{"text": "Hello"}]}]}\n',
)
def record_for_another_model(record: Record, target: Target) -> Iterator[Hit]:
    model = target.model
    if model is None or not model.formats or record.other is not None:
        return
    if isinstance(record.value, dict) and record.layout.format not in model.formats:
        yield hit(
            (),
            N_("This is {kind}; {model} takes {wanted}."),
            kind=Phrase(FORMATS[record.layout.format].title),
            model=model.name,
            wanted=Phrase(FORMATS[model.formats[0]].title),
        )


_LISTS = ("texts", "objects", "booleans", "pairs")


def _is_list_of(kind: type) -> Callable[[object], bool]:
    return lambda value: isinstance(value, list) and all(isinstance(item, kind) for item in value)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_pairs(value: object) -> bool:
    return isinstance(value, list) and all(
        isinstance(pair, list) and len(pair) == 2 and all(isinstance(text, str) for text in pair)
        for pair in value
    )


# What stands under a key: whether a value fits, and what to call it.
_FITS: dict[str, tuple[Callable[[object], bool], str]] = {
    "text": (lambda value: isinstance(value, str), N_("text")),
    "texts": (_is_list_of(str), N_("a list of texts")),
    "boolean": (lambda value: isinstance(value, bool), N_("true or false")),
    "booleans": (_is_list_of(bool), N_("a list of true and false")),
    "number": (_is_number, N_("a number")),
    "integer": (lambda value: type(value) is int, N_("a whole number")),
    "message": (lambda value: isinstance(value, dict), N_("a message")),
    "text-or-messages": (
        lambda value: isinstance(value, str) or (bool(value) and isinstance(value, list)),
        N_("text or a list of messages"),
    ),
    "text-or-texts": (
        lambda value: isinstance(value, str) or _is_list_of(str)(value),
        N_("text or a list of texts"),
    ),
    "object": (lambda value: isinstance(value, dict), N_("an object")),
    "objects": (_is_list_of(dict), N_("a list of objects")),
    "pairs": (_is_pairs, N_("a list of pairs of texts")),
}


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
    key_missing,
    value_wrong_type,
    not_exactly_one_key,
    text_empty,
    list_empty,
    record_for_another_model,
)
