"""tiktoken alone, with its texts ready in memory: what the check with tokens is measured against."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from tuneready.dataset.tokens import ENCODINGS, rank_file, read_ranks

if TYPE_CHECKING:
    import tiktoken

ENCODING = "o200k_base"


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
