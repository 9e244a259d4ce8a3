"""Who finds seeded defects? Ours and the peers that are installed, on the same files.

TUNEREADY_PEERS=… python benchmarks/detection.py            a report as Markdown
TUNEREADY_PEERS=… python benchmarks/detection.py --misses   and what each of them overlooks

A defect is found when the file is refused or warned of (from us a note counts, too, where it names the
cause); the line is right when one of the wrong lines is named. A false alarm is a good file that is
refused. A peer is asked about the targets that it knows.
"""

from __future__ import annotations

import argparse
import functools
import sys
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

sys.path.insert(0, str(Path(__file__).parent))

import cookbook
import peer_runs
from defects import DEFECTS, TARGETS, Seeded, seeded
from good_files import dice_of, joined, line_of, records

from tuneready.dataset.checker import Checker
from tuneready.dataset.report import document
from tuneready.targets import targets

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

SEED = 1
US = "Tuneready"


class Verdict(NamedTuple):
    """What somebody says of a file."""

    said: bool  # refuses it or warns of it
    refused: bool
    lines: frozenset[int]
    rules: frozenset[str]
    notes: frozenset[tuple[str, int]] = frozenset()  # rule and line
    broke: bool = False  # it broke down


class Good(NamedTuple):
    """A file that the target's provider accepts."""

    name: str
    target: str
    data: bytes


@dataclass
class Row:
    """The counts of one checker over some files."""

    asked: int = 0
    found: int = 0
    right_line: int = 0
    with_line: int = 0  # defects that are on a line
    broke: int = 0
    good: int = 0
    alarms: int = 0
    missed: list[str] = field(default_factory=list)
    alarmed: list[str] = field(default_factory=list)

    def add(self, each: Seeded, verdict: Verdict) -> None:
        noted = {line for rule, line in verdict.notes if rule in each.defect.rules}
        found = verdict.said or bool(noted)
        self.asked += 1
        self.found += found
        self.broke += verdict.broke
        if each.damaged.lines:
            self.with_line += 1
            self.right_line += bool((verdict.lines | noted) & each.damaged.lines)
        if not found:
            self.missed.append(f"{each.target}: {each.defect.kind}")

    def add_good(self, good: Good, verdict: Verdict) -> None:
        self.good += 1
        self.alarms += verdict.refused or verdict.broke
        if verdict.refused or verdict.broke:
            self.alarmed.append(f"{good.target}: {good.name} ({', '.join(sorted(verdict.rules))})")


def good_files() -> Iterator[Good]:
    """Yield files to which nobody should object, plain ones and unusual ones."""
    for target, kinds in TARGETS.items():
        for kind in kinds:
            lines = [line_of(each) for each in records(kind, dice_of("good", kind, target))]
            plain = joined(lines)
            yield Good(kind, target, plain)
            yield Good(f"{kind}, CRLF", target, plain.replace(b"\n", b"\r\n"))
            yield Good(f"{kind}, no newline at the end", target, plain.removesuffix(b"\n"))
            spaced = [b"  " + line.replace(b'": ', b'"  :  ') + b" " for line in lines]
            yield Good(f"{kind}, spaces", target, joined(spaced))
            escaped = plain.decode().encode("ascii", "xmlcharrefreplace")
            yield Good(f"{kind}, other letters", target, escaped)
            if kind in {"chat", "tools"}:
                weighted = [
                    {
                        **each,
                        "messages": [*each["messages"][:-1], {**each["messages"][-1], "weight": 1}],
                    }
                    for each in records(kind, dice_of("weights", kind, target))
                ]
                if not target.startswith("trl"):
                    data = joined([line_of(each) for each in weighted])
                    yield Good(f"{kind}, weights", target, data)


def ask_us(files: Sequence[tuple[str, bytes]]) -> list[Verdict]:
    """Return our verdicts on files for targets."""
    return [_ours(target, data) for target, data in files]


@functools.cache
def _ours(target: str, data: bytes) -> Verdict:
    checker = Checker(targets()[target], file="file.jsonl", max_findings=1000)
    checker.feed(data)
    entry: dict[str, Any] = document([checker.close()], "en")["reports"][0]
    serious = [each for each in entry["findings"] if each["severity"] != "note"]
    return Verdict(
        bool(serious),
        not entry["valid"],
        frozenset(each["line"] for each in serious if each["line"]),
        frozenset(each["name"] for each in serious),
        frozenset(
            (each["name"], each["line"])
            for each in entry["findings"]
            if each["severity"] == "note" and each["line"]
        ),
    )


def ask_cookbook(files: Sequence[tuple[str, bytes]]) -> list[Verdict]:
    verdicts = []
    for _, data in files:
        try:
            found = cookbook.count(data)
        except Exception as error:  # noqa: BLE001 - the notebook stops
            rules = frozenset({type(error).__name__})
            verdicts.append(Verdict(True, True, frozenset(), rules, broke=True))  # noqa: FBT003
        else:
            rules = frozenset(found)
            verdicts.append(Verdict(bool(found), bool(found), frozenset(), rules))
    return verdicts


def ask_peer(peer: str) -> Callable[[Sequence[tuple[str, bytes]]], list[Verdict] | None]:
    def ask(files: Sequence[tuple[str, bytes]]) -> list[Verdict] | None:
        answers = peer_runs.ask(peer, [data for _, data in files])
        if answers is None:
            return None
        return [
            Verdict(
                not each.accepted,
                each.accepted is False,
                frozenset(each.lines),
                frozenset({each.message[:60]}) if not each.accepted else frozenset(),
                broke=each.accepted is None,
            )
            for each in answers
        ]

    return ask


type Ask = Callable[[Sequence[tuple[str, bytes]]], list[Verdict] | None]
# Name, the targets that it knows, how it is asked, what is to know about it.
PEERS: tuple[tuple[str, tuple[str, ...], Ask, str], ...] = (
    (
        "together",
        ("together/sft", "together/dpo"),
        ask_peer("together"),
        "stops at the first fault",
    ),
    ("mistral-v3", ("mistral/sft",), ask_peer("mistral-v3"), "a library; we hand it each line"),
    (
        "cookbook",
        ("openai/sft", "azure-openai/sft"),
        ask_cookbook,
        "OpenAI's notebook, re-expressed by us; counts, no lines; stops at a line that is not JSON",
    ),
    ("parallelogram", ("openai/sft", "azure-openai/sft"), ask_peer("parallelogram"), "chat files"),
    ("ftml-openai", ("openai/sft", "azure-openai/sft"), ask_peer("ftml-openai"), "no lines"),
    ("ftml-together", ("together/sft",), ask_peer("ftml-together"), "no lines"),
    (
        "openai-prepare",
        ("azure-openai/completion",),
        ask_peer("openai-prepare"),
        "the old command; no lines",
    ),
    ("jsonlkit", tuple(TARGETS), ask_peer("jsonlkit"), "is every line JSON?"),
)


def run(ask: Ask, names: tuple[str, ...], files: list[Seeded], good: list[Good]) -> Row | None:
    """Ask somebody about the files of some targets; None when it is absent."""
    mine = [each for each in files if each.target in names]
    fine = [each for each in good if each.target in names]
    asked = [(each.target, each.damaged.data) for each in mine]
    verdicts = ask(asked + [(each.target, each.data) for each in fine])
    if verdicts is None:
        return None
    row = Row()
    for each, verdict in zip(mine, verdicts, strict=False):
        row.add(each, verdict)
    for each_good, verdict in zip(fine, verdicts[len(mine) :], strict=True):
        row.add_good(each_good, verdict)
    return row


def _cells(row: Row) -> str:
    found = f"{row.found} ({100 * row.found / row.asked:.0f}%)"
    lines = f"{row.right_line} of {row.with_line}"
    return f"{row.asked} | {found} | {lines} | {row.broke} | {row.alarms} of {row.good}"


HEAD = "defects | found | right line | broke down | good files refused |"
RULE = "| --- | ---: | ---: | ---: | ---: | ---: |"


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--misses", action="store_true", help="print what is overlooked")
    options.add_argument("--seed", type=int, default=SEED)
    given = options.parse_args()
    known = targets()
    every, good = [*seeded(given.seed)], [*good_files()]
    absent = [name for name in TARGETS if name not in known]
    files = [each for each in every if each.target in known]
    good = [each for each in good if each.target in known]
    here = {each.target for each in files}
    kinds = {each.defect.kind for each in files}
    print("# Seeded defects\n")
    print(f"{len(kinds)} of {len(DEFECTS)} kinds, over {len(here)} targets: {len(files)} files.")
    if absent:
        print(f"Targets that we do not have: {', '.join(absent)}.")
    print(f"\n| target | {HEAD}\n{RULE}")
    misses: dict[str, Row] = {}
    for name in sorted(here):
        row = run(ask_us, (name,), files, good)
        assert row is not None
        misses[name] = row
        print(f"| {name} | {_cells(row)} |")
    total = run(ask_us, tuple(here), files, good)
    assert total is not None
    print(f"| **all** | {_cells(total)} |")
    print(f"\nOf what we find, the rule names the cause in {_causes(files)}.")
    print(f"\n## Side by side, on the same files\n\n| checker | {HEAD}\n{RULE}")
    for peer, names, ask, note in PEERS:
        wanted = tuple(name for name in names if name in known)
        if not wanted:
            print(f"| {peer} | we have none of its targets: {', '.join(names)} | | | | |")
            continue
        theirs = run(ask, wanted, files, good)
        label = peer_runs.version_of(peer) if peer in peer_runs.ENVIRONMENTS else "our words"
        if theirs is None:
            print(f"| {peer} ({label}) | | | | | |")
            continue
        ours = run(ask_us, wanted, files, good)
        assert ours is not None
        print(f"| {peer} ({label}; {note}) | {_cells(theirs)} |")
        print(f"| {US} | {_cells(ours)} |")
        misses[peer] = theirs
    if given.misses:
        for name, row in misses.items():
            _show(name, row)


def _causes(files: list[Seeded]) -> str:
    verdicts = ask_us([(each.target, each.damaged.data) for each in files])
    found = [(each, verdict) for each, verdict in zip(files, verdicts, strict=True) if verdict.said]
    other = defaultdict(set)
    for each, verdict in found:
        if not verdict.rules & each.defect.rules:
            other[each.defect.kind] |= verdict.rules
    right = sum(bool(verdict.rules & each.defect.rules) for each, verdict in found)
    named = "; ".join(f"{kind}: {', '.join(sorted(rules))}" for kind, rules in other.items())
    return f"{right} of {len(found)}" + (f" (otherwise {named})" if named else "")


def _show(name: str, row: Row) -> None:
    print(f"\n### {name}: {len(row.missed)} overlooked, {len(row.alarmed)} good files refused\n")
    for line in (*row.missed, *(f"refused: {each}" for each in row.alarmed)):
        print(f"- {line}")


if __name__ == "__main__":
    main()
