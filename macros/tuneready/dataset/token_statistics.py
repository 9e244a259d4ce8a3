"""Tokens of every example, as OpenAI's cookbook counts them.

A chat has three tokens for each message and three at its end, besides the tokens of the roles, the
texts and the names, and one more for each name (OA-COOK, OA-TOK). A record without messages has the
tokens of its texts. The cookbook gives no rule for definitions and calls of tools, nor for images:
the former are counted as they are written, the latter not at all, and such a count is an estimate.
"""

from __future__ import annotations

import json
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from itertools import chain, compress
from typing import TYPE_CHECKING, Any, NamedTuple

from tuneready.dataset.distribution import Distribution
from tuneready.dataset.tokens import TokenCounter, encoding_of
from tuneready.locale import N_
from tuneready.targets.base import ROLES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from tuneready.dataset.seen import Seen
    from tuneready.dataset.tokens import CountTokens
    from tuneready.targets.base import Target

PER_MESSAGE = 3
PER_CHAT = 3
PER_NAME = 1

EXACT = N_(
    "Counted with {encoding}: the texts and roles, and three tokens for each message and for the end of a chat, as OpenAI's cookbook does."
)
OTHER_TOKENIZER = N_(
    "An estimate: counted with OpenAI's {encoding}, but the model has a tokenizer of its own."
)
OTHER_FORMAT = N_(
    "An estimate: counted with {encoding}; how the service writes such examples for the model is not published."
)
OTHER_CONTENT = N_(
    "An estimate for {count} examples: definitions and calls of tools are counted as they are written, images not at all."
)

# Bounds of what is remembered of sequences of roles; the second in messages.
MOST_SHAPES = 1024
LONGEST_SHAPE = 1024
# Characters counted together: many, so that the thread rarely waits for its turn, which Python gives
# it every few milliseconds; few, so that little waits in memory.
BATCH = 1 << 19
MOST_BEGUN = 3  # batches


class Long(NamedTuple):
    """An example over the limit."""

    line: int  # physical, from 1
    tokens: int


@dataclass(slots=True)
class TokenStatistics:
    """Tokens of the examples of a file, or of a piece of it."""

    encoding: str
    limit: int | None  # longest training example
    most_long: int  # how many examples over the limit are named
    per_example: Distribution = field(default_factory=Distribution)
    trained: int = 0  # tokens of answers
    estimated: int = 0  # examples with more than texts
    long: list[Long] = field(default_factory=list)  # the first ones, in file order
    # Ends the counting of what a watcher saw; None when all is counted.
    unsettled: Callable[[], None] | None = field(default=None, repr=False, compare=False)

    def settle(self) -> None:
        """Wait until everything is counted; before that no figure is complete."""
        if self.unsettled is not None:
            self.unsettled()
            self.unsettled = None

    @property
    def over_limit(self) -> int:
        """How many examples are over the limit."""
        return 0 if self.limit is None else self.per_example.above(self.limit)

    def add(self, lines: Sequence[int], tokens: Sequence[int]) -> None:
        """Count more examples: the line of each, and its tokens."""
        self.per_example.update(tokens)
        room = self.most_long - len(self.long)
        if self.limit is not None and room > 0 and max(tokens, default=0) > self.limit:
            limit = self.limit
            long = [Long(line, n) for line, n in zip(lines, tokens, strict=True) if n > limit]
            self.long += long[:room]

    def merge(self, other: TokenStatistics, lines_before: int) -> None:
        """Add the counts of the piece that follows, which begins after `lines_before` lines."""
        self.per_example.merge(other.per_example)
        self.trained += other.trained
        self.estimated += other.estimated
        room = self.most_long - len(self.long)
        self.long += [Long(line + lines_before, tokens) for line, tokens in other.long[:room]]

    def to_json(self, target: Target, say: Callable[[str], str]) -> dict[str, Any]:
        """Return the report's `tokens`; `say` translates."""
        exact, template = how_exact(target, self.encoding)
        notes = [say(template).format(encoding=self.encoding)]
        if self.estimated:
            notes.append(say(OTHER_CONTENT).format(count=self.estimated))
        effect = target.limits.over_limit
        return {
            "encoding": self.encoding,
            "exact": exact and not self.estimated,
            "note": " ".join(notes),
            "total": self.per_example.total,
            "trained": self.trained,
            "per_example": self.per_example.to_json(),
            "limit": self.limit,
            "over_limit": None if self.limit is None else self.over_limit,
            "over_limit_effect": "unknown" if effect in (None, "not stated") else effect,
        }


def how_exact(target: Target, encoding: str) -> tuple[bool, str]:
    """Tell whether texts are counted as the target does, with the words for it."""
    models = [target.model] if target.model else list(target.models.values())
    own = (model.encoding or encoding_of(model.name) for model in models)
    if encoding not in own:
        return False, OTHER_TOKENIZER
    if target.format not in ("chat", "prompt-completion"):
        return False, OTHER_FORMAT
    return True, EXACT


def example_limit(target: Target) -> int | None:
    """Return the tokens that an example may have: of the model, or of the most patient one.

    An example over the limit is then over that of every model that may be chosen.
    """
    if target.model is not None:
        return target.model.example_tokens or target.limits.example_tokens
    models = list(target.models.values())
    current = [model for model in models if model.status != "withdrawn"] or models
    known = [model.example_tokens for model in current if model.example_tokens]
    return max(known, default=target.limits.example_tokens)


class TokenWatcher:
    """Counts the tokens of every example that it sees, into statistics that outlive it.

    Texts are counted many at a time: a step across to JavaScript is dear, and natively a thread
    counts while the next lines are read. `TokenStatistics.settle` waits for the last of them.
    """

    def __init__(self, statistics: TokenStatistics, count: CountTokens, target: Target) -> None:
        self._statistics = statistics
        statistics.unsettled = self._settle
        self._count = count
        is_concurrent = isinstance(count, TokenCounter) and count.is_concurrent
        self._thread = ThreadPoolExecutor(1) if is_concurrent else None
        # In a whole conversation the model learns all that the assistant says.
        parts = [key.part for layout in target.layouts for key in layout.keys.values()]
        self._whole = "whole" in parts
        self._shapes: dict[tuple[str, ...], int] = {}  # roles -> tokens besides the texts
        # Roles and how many texts come before the answer -> which texts are learnt.
        self._masks: dict[tuple[tuple[str, ...], int], list[bool]] = {}
        self._waiting: list[Seen] = []
        self._characters = 0  # of those that wait
        self._begun: deque[_Batch] = deque()

    def see(self, examples: Sequence[Seen]) -> None:
        """Take the next examples."""
        self._waiting += examples
        self._characters += sum(len(text) for example in examples for text in example.texts)
        if self._characters >= BATCH:
            self._begin()
            while len(self._begun) > MOST_BEGUN:
                self._end(self._begun.popleft())

    def _settle(self) -> None:
        self._begin()
        while self._begun:
            self._end(self._begun.popleft())
        if self._thread is not None:
            self._thread.shutdown()

    def _begin(self) -> None:
        """Have the texts counted of all examples that wait; what comes twice is counted once."""
        examples, self._waiting, self._characters = self._waiting, [], 0
        others = [_read_rest(example.rest) if example.rest else None for example in examples]
        said: list[Sequence[str]] = [
            example.texts if other is None else [*example.texts, *other.calls, *other.texts]
            for example, other in zip(examples, others, strict=True)
        ]
        different = list(dict.fromkeys(chain.from_iterable(said)))
        if self._thread is not None:
            counted = self._thread.submit(self._count, different).result
        else:
            counted = partial(list, self._count(different))
        self._begun.append(_Batch(examples, others, said, different, counted))

    def _end(self, batch: _Batch) -> None:
        """Take in the counts of a batch."""
        count_of = dict(zip(batch.different, batch.counted(), strict=True)).__getitem__
        statistics = self._statistics
        sums: list[int] = []
        for example, other, said in zip(batch.examples, batch.others, batch.said, strict=True):
            numbers = list(map(count_of, said))
            tokens = sum(numbers)
            statistics.trained += sum(compress(numbers, self._learnt(example, other)))
            if other is None:
                tokens += self._besides(example.roles)
            else:
                tokens += PER_NAME * other.names
                tokens += self._besides(tuple(other.roles) or example.roles)
                statistics.estimated += other.is_more
            sums.append(tokens)
        statistics.add([example.line for example in batch.examples], sums)

    def _besides(self, roles: tuple[str, ...]) -> int:
        """Return the tokens of an example besides its texts."""
        found = self._shapes.get(roles)
        if found is None:
            found = 0
            if not set(roles).isdisjoint(ROLES):
                found = sum(self._count([*roles])) + PER_MESSAGE * len(roles) + PER_CHAT
            if len(self._shapes) < MOST_SHAPES and len(roles) <= LONGEST_SHAPE:
                self._shapes[roles] = found
        return found

    def _learnt(self, example: Seen, other: Other | None) -> Sequence[bool]:
        """Tell of each text whether the model learns to write it; then of each text of a call."""
        shape = (example.roles, example.prompt)
        learnt = self._masks.get(shape)
        if learnt is None:
            # Texts under keys of their own are no messages, also where a target takes both.
            whole = self._whole and not set(example.roles).isdisjoint(ROLES)
            learnt = [
                role == "assistant" if whole else place >= example.prompt
                for place, role in enumerate(example.roles)
            ]
            if example.roles == ("text",):  # pre-training: everything
                learnt = [True]
            if len(self._masks) < MOST_SHAPES and len(learnt) <= LONGEST_SHAPE:
                self._masks[shape] = learnt
        if other is None:
            return learnt
        if len(other.weights) == len(learnt):
            learnt = [is_learnt and w for is_learnt, w in zip(learnt, other.weights, strict=True)]
        return [*learnt, *(True for _ in other.calls)]


class _Batch(NamedTuple):
    examples: list[Seen]
    others: list[Other | None]
    said: list[Sequence[str]]  # texts of each example, those of `rest` last
    different: list[str]  # texts of the batch
    counted: Callable[[], list[int]]  # waits for their tokens


@dataclass(slots=True)
class Other:
    """What an example has besides its texts, as far as it is counted."""

    roles: list[str] = field(default_factory=list)  # of all messages, also of those without a text
    weights: list[bool] = field(default_factory=list)  # of all: whether it counts in training
    names: int = 0
    calls: list[str] = field(default_factory=list)  # what the model learns to write besides texts
    texts: list[str] = field(default_factory=list)
    is_more: bool = False  # than the cookbook's count knows

    def add_message(self, message: Mapping[str, Any]) -> None:
        """Take in a message without its texts."""
        role = message.get("role")
        self.roles.append(role if isinstance(role, str) else "")
        self.weights.append(message.get("weight") != 0)
        for key, value in message.items():
            if key in ("tool_calls", "function_call"):
                self.calls += _call_texts(value)
                self.is_more = True
            elif key == "content":  # parts: their texts are counted already
                parts = value if isinstance(value, list) else ()
                self.is_more = self.is_more or any(part != {"type": "text"} for part in parts)
            elif isinstance(value, str) and key != "role":
                self.texts.append(value)
                self.names += key == "name"


def _read_rest(rest: str) -> Other:
    try:
        record = json.loads(rest)
    except (ValueError, RecursionError):  # a number of thousands of digits
        record = None
    if not isinstance(record, dict):
        return Other(texts=[rest], is_more=True)
    other = Other()
    for key in ("tools", "functions"):
        if record.get(key):
            other.texts.append(_compact(record[key]))
            other.is_more = True
    messages = record.get("messages")
    for message in messages if isinstance(messages, list) else ():
        if isinstance(message, dict):
            other.add_message(message)
    # In other layouts it is not known what is counted besides texts.
    other.is_more = other.is_more or not other.roles
    return other


def _call_texts(value: Any) -> list[str]:
    found = []
    for call in value if isinstance(value, list) else [value]:
        function: Mapping[str, Any] = call.get("function", call) if isinstance(call, dict) else {}
        if not isinstance(function, dict):
            continue
        for key in ("name", "arguments"):
            if key in function:
                said = function[key]
                found.append(said if isinstance(said, str) else _compact(said))
    return found


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
