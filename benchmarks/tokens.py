"""The check with tokens against tiktoken alone, which gets its texts ready in memory."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING

import chats
from side_by_side import in_turn, show

from tuneready.dataset.checker import Checker
from tuneready.dataset.tokens import ENCODINGS, native_counter, rank_file, read_ranks
from tuneready.targets import targets

if TYPE_CHECKING:
    from pathlib import Path

    import tiktoken

ENCODING = "o200k_base"


def check(file: Path) -> float:
    counter = native_counter(ENCODING)
    assert counter is not None, "run make setup, which installs the rank files"
    started = time.perf_counter()
    checker = Checker(targets()["openai/sft"], file=file.name, tokens=counter)
    with file.open("rb") as stream:
        while chunk := stream.read(chats.MEGABYTE):
            checker.feed(chunk)
    checker.close()
    return time.perf_counter() - started


def texts_of(file: Path) -> list[str]:
    with file.open("rb") as stream:
        records = map(json.loads, stream)
        return [message["content"] for record in records for message in record["messages"]]


def alone() -> tiktoken.Encoding:
    import tiktoken

    rank = rank_file(ENCODING)
    assert rank is not None
    return tiktoken.Encoding(
        ENCODING,
        pat_str=ENCODINGS[ENCODING].pattern,
        mergeable_ranks=read_ranks(rank),
        special_tokens={},
    )


def encode(encoding: tiktoken.Encoding, texts: list[str]) -> float:
    started = time.perf_counter()
    for text in texts:
        encoding.encode_ordinary(text)
    return time.perf_counter() - started


def report(file: Path) -> None:
    texts = texts_of(file)
    encoding = alone()
    rounds = in_turn(lambda: check(file), lambda: encode(encoding, texts))
    size = file.stat().st_size / chats.MEGABYTE
    names = ("whole check with tokens, openai/sft", "tiktoken alone, text by text")
    show("CPython: the check with tokens against tiktoken", names, rounds, size)
