"""Our verdicts beside those of the vendors' own checkers, on the neighbours of good files.

TUNEREADY_PEERS=… python benchmarks/peers.py                all neighbours, some thousands of files
TUNEREADY_PEERS=… python benchmarks/peers.py --record FILE  writes the peers' verdicts down for the tests

Where we differ from a peer, a documented rule says so: `EXPLAINED` lists them. What it does not
explain is printed, and the exit code is 1.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).parent))

import peer_runs
from neighbours import Neighbour, neighbours

from tuneready.dataset.checker import Checker
from tuneready.dataset.report import document
from tuneready.targets import targets

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

SEED = 1


@dataclass(frozen=True, slots=True)
class Pair:
    """A peer, the target of ours that answers the same question, and the good files to start from."""

    peer: str
    target: str
    models: tuple[str, ...]


PAIRS = (
    Pair("together", "together/sft", ("chat", "turns", "weights", "parts", "text", "completion")),
    Pair("together", "together/dpo", ("preference",)),
    Pair("mistral-v3", "mistral/sft", ("chat", "turns", "weights", "mistral-parts", "tools")),
)


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why our verdict differs from a peer's.

    Where the peer accepts and we refuse, all our errors must be of `rules`. Where it refuses and we
    accept, nothing of ours is there to go by: `step` must match what was done.
    """

    peer: str  # how its name begins
    we: str  # accept or refuse
    because: str
    rules: frozenset[str] = frozenset()
    step: str = ""


# Each names the rule of the evidence, or says that there is none.
EXPLAINED: tuple[Explanation, ...] = (
    Explanation(
        "",
        "refuse",
        "Python's json, with which the peers' lines are read, takes NaN; JSON has no such number.",
        rules=frozenset({"nan-or-infinity"}),
    ),
    Explanation(
        "",
        "refuse",
        "Python's text files take a lone carriage return as a line's end; for a reader of JSON Lines "
        "the file is one line.",
        rules=frozenset({"carriage-return-line-ends"}),
    ),
    Explanation(
        "together",
        "accept",
        "tg-blank-line: blank lines are skipped from client 3.x; we warn of them.",
        step="^(a blank line|a line of spaces)",
    ),
    Explanation(
        "together",
        "accept",
        "tg-root-weight: the documentation names a weight of the row; client 1.5 does not know it.",
        step="^record gains weight = 1$",
    ),
    Explanation(
        "together",
        "accept",
        "tg-extra-column, tg-roles: tools and the role tool are taken from client 2.10.",
        step=r"^one line is tools$|\.role = \"tool\"$",
    ),
    Explanation(
        "together",
        "refuse",
        "tg-text-string: text, prompt and completion must be strings; the client lets lists through.",
        rules=frozenset({"value-wrong-type"}),
        step=r"^(text|prompt|completion) = \[\]$",
    ),
    Explanation(
        "mistral",
        "accept",
        "The model of a request forbids unknown keys and keys of other roles; no page says that the "
        "service minds them in a training file (section 14: not read). We name them.",
        step=r" gains | named \"|\.role = \"(user|system)\"$",
    ),
    Explanation(
        "mistral",
        "accept",
        "The model of a request wants the name of a tool's message to be text; no page says so.",
        step=r"messages\[\d\]\.name = ",
    ),
    Explanation(
        "mistral",
        "accept",
        "mic-content-xor-calls: an answer without content is refused before tokenizer 7 only.",
        step=r"content = (\"\"|\[\])$",
    ),
    Explanation(
        "mistral",
        "refuse",
        "mi-api-tools-cover: the documentation wants every called tool defined in its row; the "
        "library does not compare them.",
        rules=frozenset({"called-tool-undefined", "tools-not-list"}),
        step=r"^tools|function\.name = ",
    ),
)


@dataclass(frozen=True, slots=True)
class Ours:
    """What we say of a file."""

    valid: bool
    errors: frozenset[str]  # names of rules
    lines: frozenset[int]  # with errors
    texts: tuple[str, ...]


def ours(data: bytes, target: str) -> Ours:
    """Return what we say of the format of a file for a target: that is what the peers look at."""
    checker = Checker(targets()[target], file="peer.jsonl", depth="format", digest=False)
    checker.feed(data)
    entry: dict[str, Any] = document([checker.close()], "en")["reports"][0]
    errors = [each for each in entry["findings"] if each["severity"] == "error"]
    return Ours(
        entry["valid"],
        frozenset(each["name"] for each in errors),
        frozenset(each["line"] for each in errors if each["line"]),
        tuple(f"{each['name']} {each['path'] or ''}: {each['message']}" for each in errors[:3]),
    )


def explanation(peer: str, step: str, mine: Ours) -> Explanation | None:
    """Return what explains that a peer says the opposite of us."""
    for each in EXPLAINED:
        if not peer.startswith(each.peer) or (each.we == "accept") != mine.valid:
            continue
        if re.search(each.step, step) and (mine.valid or mine.errors <= each.rules):
            return each
    return None


def asked(pair: Pair, most: int | None) -> list[Neighbour]:
    return [each for model in pair.models for each in neighbours(model, SEED, most)]


type Difference = tuple[Neighbour, peer_runs.Answer, Ours]


def compare(pair: Pair, most: int | None) -> int:
    """Print how a peer and we agree; return how many differences nothing explains."""
    title = f"{pair.peer} ({peer_runs.version_of(pair.peer)}) and {pair.target}"
    if pair.target not in targets():
        print(f"{title}: we have no such target\n")
        return 0
    files = asked(pair, most)
    answers = peer_runs.ask(pair.peer, [each.data for each in files])
    if answers is None:
        print(f"{title}: the peer is absent; TUNEREADY_PEERS names a folder of environments\n")
        return 0
    found: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    unexplained: list[Difference] = []
    for file, answer in zip(files, answers, strict=True):
        mine = ours(file.data, pair.target)
        if answer.accepted is None:
            found["the peer broke down"] += 1
        elif answer.accepted == mine.valid:
            found["both accept" if mine.valid else "both refuse"] += 1
            found["both refuse, same line"] += bool(mine.lines & set(answer.lines[:1]))
        elif reason := explanation(pair.peer, file.step, mine):
            found["differ, explained"] += 1
            reasons[reason.because] += 1
        else:
            found["differ, not explained"] += 1
            unexplained.append((file, answer, mine))
    print(f"{title}: {len(files)} files")
    for name, count in (*sorted(found.items()), *reasons.most_common()):
        print(f"  {count:6}  {name}")
    _show(unexplained)
    return len(unexplained)


def _show(differences: list[Difference]) -> None:
    for file, answer, mine in differences:
        verdict = "accepts" if answer.accepted else "refuses"
        said = answer.message.encode("ascii", "backslashreplace").decode()[:160]
        print(f"  ? {file.model}: {file.step}: the peer {verdict} ({said}); we: {mine.texts}")
    print()


def record(path: Path) -> None:
    """Write down which neighbours the peers accept, so that tests can do without the peers."""
    written: dict[str, Any] = {}
    for pair in PAIRS:
        for model in pair.models:
            files = [*neighbours(model, SEED)]
            answers = peer_runs.ask(pair.peer, [each.data for each in files])
            if answers is None:
                raise SystemExit(f"{pair.peer} is absent; nothing was written")
            written.setdefault(pair.peer, {"version": peer_runs.version_of(pair.peer)})[model] = {
                "files": len(files),
                "accepted": sorted(_steps(files, answers)),
            }
    text = json.dumps(written, ensure_ascii=False, indent=1) + "\n"
    path.write_text(text, encoding="utf-8")


def _steps(files: Iterable[Neighbour], answers: Iterable[peer_runs.Answer]) -> Iterator[str]:
    for file, answer in zip(files, answers, strict=True):
        if answer.accepted:
            yield file.step


def main() -> int:
    options = argparse.ArgumentParser()
    options.add_argument("--most", type=int, help="neighbours of each good file")
    options.add_argument("--record", type=Path)
    given = options.parse_args()
    if given.record:
        record(given.record)
        return 0
    return min(1, sum(compare(pair, given.most) for pair in PAIRS))


if __name__ == "__main__":
    sys.exit(main())
