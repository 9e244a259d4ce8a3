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
from itertools import compress
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

# Bounds of what is counted once: system texts and roles (characters), sequences of roles (messages).
MOST_REMEMBERED = 1024
LONGEST_REMEMBERED = 16_384
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

    def add(self, line: int, tokens: int) -> None:
        """Count one more example."""
        self.per_example.add(tokens)
        if self.limit is not None and tokens > self.limit and len(self.long) < self.most_long:
            self.long.append(Long(line, tokens))

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
        self._known: dict[str, int] = {}  # system texts and roles
        self._shapes: dict[tuple[str, ...], int] = {}  # roles -> tokens besides the texts
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
        """Have the texts counted of all examples that wait."""
        examples, self._waiting, self._characters = self._waiting, [], 0
        others = [_read_rest(example.rest) if example.rest else None for example in examples]
        numbers: list[int] = []
        texts: list[str] = []
        places: list[int] = []
        for example, other in zip(examples, others, strict=True):
            for role, text in zip(example.roles, example.texts, strict=True):
                if role in ("system", "developer") and len(text) <= LONGEST_REMEMBERED:
                    numbers.append(self._remembered(text))
                    continue
                places.append(len(numbers))
                numbers.append(0)
                texts.append(text)
            if other is not None:
                more = [*other.calls, *other.texts]
                places += range(len(numbers), len(numbers) + len(more))
                numbers += [0] * len(more)
                texts += more
        if self._thread is not None:
            counted = self._thread.submit(self._count, texts).result
        else:
            counts = self._count(texts)
            counted = partial(list, counts)
        self._begun.append(_Batch(examples, others, numbers, places, counted))

    def _end(self, batch: _Batch) -> None:
        """Take in the counts of a batch."""
        for place, number in zip(batch.places, batch.counted(), strict=True):
            batch.numbers[place] = number
        numbers = iter(batch.numbers)
        statistics = self._statistics
        for example, other in zip(batch.examples, batch.others, strict=True):
            own = [next(numbers) for _ in example.texts]
            tokens = sum(own)
            statistics.trained += sum(compress(own, self._learnt(example, other)))
            if other is None:
                tokens += self._besides(example.roles)
            else:
                calls = sum(next(numbers) for _ in other.calls)
                tokens += sum(next(numbers) for _ in other.texts) + calls
                tokens += PER_NAME * other.names
                tokens += self._besides(tuple(other.roles) or example.roles)
                statistics.trained += calls
                statistics.estimated += other.is_more
            statistics.add(example.line, tokens)

    def _remembered(self, text: str) -> int:
        """Count a text that probably comes again."""
        found = self._known.get(text)
        if found is None:
            if len(self._known) >= MOST_REMEMBERED:
                self._known.clear()
            [found] = self._count([text])
            self._known[text] = found
        return found

    def _besides(self, roles: tuple[str, ...]) -> int:
        """Return the tokens of an example besides its texts."""
        found = self._shapes.get(roles)
        if found is None:
            found = 0
            if not set(roles).isdisjoint(ROLES):
                words = sum(self._remembered(role) for role in roles)
                found = words + PER_MESSAGE * len(roles) + PER_CHAT
            if len(self._shapes) < MOST_REMEMBERED and len(roles) <= LONGEST_SHAPE:
                self._shapes[roles] = found
        return found

    def _learnt(self, example: Seen, other: Other | None) -> list[bool]:
        """Tell of each text whether the model learns to write it."""
        # Texts under keys of their own are no messages, also where a target takes both.
        whole = self._whole and not set(example.roles).isdisjoint(ROLES)
        learnt = [
            role == "assistant" if whole else place >= example.prompt
            for place, role in enumerate(example.roles)
        ]
        if example.roles == ("text",):  # pre-training: everything
            learnt = [True]
        if other is not None and len(other.weights) == len(learnt):
            learnt = [is_learnt and w for is_learnt, w in zip(learnt, other.weights, strict=True)]
        return learnt


class _Batch(NamedTuple):
    examples: list[Seen]
    others: list[Other | None]
    numbers: list[int]  # tokens of all texts, of an example those of `rest` last
    places: list[int]  # in `numbers`, of what is being counted
    counted: Callable[[], list[int]]


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
