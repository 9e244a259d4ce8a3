"""Bytes in, a report out. Knows no file, no network and no display.

Each line goes the fast way first (`fast`), which accepts good lines and says nothing else. A line
that is not accepted goes the thorough way, which finds everything in it. The two agree: a line is
accepted only when the thorough way finds nothing (a property test says so).
"""

from __future__ import annotations

import hashlib
from itertools import accumulate, islice
from typing import TYPE_CHECKING, Literal, NamedTuple

from tuneready.dataset.decoding import decode, nesting_fault
from tuneready.dataset.detectors.hints import searcher
from tuneready.dataset.examples import example_of, record_of, seen_of
from tuneready.dataset.fast import fast_way
from tuneready.dataset.filekind import BOM, HEAD, sniff
from tuneready.dataset.inputs import line_of, reader_for
from tuneready.dataset.jsontext import Fault, Scan, scan, value_of
from tuneready.dataset.lines import LONGEST_LINE, LineBuffer
from tuneready.dataset.quoting import path_text
from tuneready.dataset.report import MAX_FINDINGS, Report
from tuneready.finding import Finding, Location
from tuneready.locale import N_
from tuneready.rules import RULES, RULES_BY_NAME
from tuneready.rules.base import On
from tuneready.targets import with_fields, with_model

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from tuneready.dataset.examples import Example, Text
    from tuneready.dataset.fast import Shared
    from tuneready.dataset.inputs import Reader, RecordReader
    from tuneready.dataset.lines import Batch
    from tuneready.dataset.seen import Seen, Watcher
    from tuneready.finding import Path
    from tuneready.rules.base import Hit, Rule
    from tuneready.targets.base import Target

    type CountTokens = Callable[[list[str]], list[int]]


# Rules from this code on are about secrets and personal data, which calls of tools hold as well.
FIRST_OF_PRIVACY = "TR950"


MOST_HITS = 1000  # of one line, looked at by a checker that is one of many


class Progress(NamedTuple):
    """How far a check has come.

    `whole`: bytes up to the end of the last line that was checked; 0 where the file is not one of
    lines, so that no part of it can be checked alone.
    """

    bytes: int
    lines: int
    findings: int
    whole: int = 0


class Checker:
    """Checks one file, or a piece of one that begins at the start of a line.

    `first` says whether the piece begins the file: only there stand byte-order marks and the signs
    of other kinds of files, so the first piece must hold `HEAD` bytes at least (or the whole file).
    `thorough` leaves the fast way out. `digest` says whether to work out the SHA-256 of what is fed.
    `depth` says how far to look: only at what the target reads (`format`), or also at what is said
    and at how examples compare (`full`). `tokens` counts the tokens of texts. `validation_of` is the
    report on the training file, when this file is to validate what that one trains. `fields` are
    the caller's names for keys: usual name -> name in the file. `shared` holds what was decoded,
    when several checkers are fed the same pieces; whoever feeds them clears it after each.
    """

    def __init__(
        self,
        target: Target,
        *,
        file: str,
        model: str | None = None,
        max_findings: int = MAX_FINDINGS,
        first: bool = True,
        digest: bool = True,
        thorough: bool = False,
        depth: Literal["format", "full"] = "full",
        tokens: CountTokens | None = None,
        validation_of: Report | None = None,
        fields: Mapping[str, str] | None = None,
        shared: Shared | None = None,
    ) -> None:
        target = with_fields(with_model(target, model), fields or {})
        self._target = target
        self._of_layout = {layout.format: target.for_layout(layout) for layout in target.layouts}
        self._report = Report(target, file, model, max_findings, training=validation_of)
        self._lines: Reader = LineBuffer()
        # Where each line begins: what is found in comparing examples names a line only.
        self._offsets = self._report.offsets if depth == "full" else None
        self._records: RecordReader | None = None  # instead, where records are no lines
        self._batch_at_work: tuple[int, int, list[bytes]] | None = None
        self._head: bytes | None = b"" if first else None  # None once the start was looked at
        self._mark = 0  # bytes of a byte-order mark before the first line
        self._digest = hashlib.sha256() if digest else None
        self._watchers: list[Watcher] = self._report.watchers(depth, tokens)
        active = [
            rule
            for rule in RULES
            if rule.name in target.rules and (depth == "full" or not rule.is_beyond_format)
        ]
        # Where many targets are asked for their first reason, no line is taken apart to its end.
        self._most_hits = None if shared is None else MOST_HITS
        self._fast = None
        if not thorough:
            watch = self._see if self._watchers else None
            self._fast = fast_way(target, self._report.statistics, active, watch, shared)
        self._record_rules = [rule for rule in active if rule.on is On.RECORD]
        self._example_rules = [rule for rule in active if rule.on is On.EXAMPLE]
        self._chat_rules = [rule for rule in active if rule.on in (On.CHAT, On.PARTS, On.TOOLS)]
        self._plain_chat_rules = [rule for rule in self._chat_rules if rule.on is not On.PARTS]
        self._completion_rules = [rule for rule in active if rule.on is On.COMPLETION]
        self._text_rules = [rule for rule in active if rule.on is On.TEXT]
        self._private_rules = [rule for rule in self._text_rules if rule.code >= FIRST_OF_PRIVACY]
        # What looks for hints, by hint; nothing does where the thorough way is to prove them right.
        hints = {rule.hint for rule in self._text_rules if rule.hint is not None and not thorough}
        self._hints = {hint: searcher(hint) for hint in sorted(hints)}

    @property
    def report(self) -> Report:
        """What is known so far; complete once `close` has returned it."""
        return self._report

    @property
    def progress(self) -> Progress:
        """Bytes, lines and findings so far; what concerns the whole file is found at its end."""
        report, reader = self._report, self._lines
        waiting = reader.waiting if isinstance(reader, LineBuffer) else 0
        whole = report.bytes - waiting if self.goes_by_lines else 0
        return Progress(report.bytes, reader.lines, sum(report.counts.values()), whole)

    @property
    def at_work(self) -> tuple[int, int]:
        """The longest of the lines that are looked at, or the one that has not ended: number, byte.

        The byte is its first one, and both count from the start of what this checker is fed.
        """
        if self._batch_at_work is not None:
            number, offset, lines = self._batch_at_work
            sizes = [len(line) + 1 for line in lines]
            longest = sizes.index(max(sizes))
            return number + longest, offset + sum(sizes[:longest])
        reader = self._lines
        begins = reader.bytes - reader.waiting if isinstance(reader, LineBuffer) else 0
        return reader.lines + 1, begins

    @property
    def goes_by_lines(self) -> bool:
        """Whether this is known to be a file of lines, which may be cut at any line end."""
        return self._head is None and self._records is None and not self._report.unreadable

    def feed(self, chunk: bytes) -> None:
        """Take the next bytes, cut anywhere."""
        self._report.bytes += len(chunk)
        if self._digest:
            self._digest.update(chunk)
        if self._head is not None:
            self._head += chunk
            if len(self._head) < HEAD:
                return
            chunk = self._begin(whole=False)
        if not self._report.unreadable:
            self._run(self._lines.feed(chunk))

    def close(self) -> Report:
        """End the file and return the report."""
        report = self._report
        if self._head is not None:
            rest = self._begin(whole=True)
            if not report.unreadable:
                self._run(self._lines.feed(rest))
        if not report.unreadable:
            self._run(self._lines.close())
        if self._fast:
            self._fast.finish()
        report.statistics.settle()
        report.lines = self._lines.lines
        if self._records:
            report.starts = starts = self._records.starts
            longest = report.statistics.longest_line
            if longest is not None:
                report.statistics.longest_line = line_of(starts, longest)
        report.sha256 = self._digest.hexdigest() if self._digest else None
        return report

    def _begin(self, *, whole: bool) -> bytes:
        """Look at the first bytes once: what kind of file is this?"""
        head, self._head = self._head or b"", None
        # Never more than HEAD: what is found must not depend on the size of the pieces.
        found = sniff(head[:HEAD], whole=whole)
        self._records = reader_for(found, head[:HEAD], self._report.file, self._target, self._add)
        if self._records:
            self._lines = self._records
            self._offsets = None
        elif found is not None:
            self._report.unreadable = True
            self._add_file(found)
        elif head.startswith(BOM):
            self._mark = len(BOM)
            self._add_file(
                Fault("byte-order-mark", 0, N_("The file begins with a byte-order mark."))
            )
        return head

    def _run(self, batches: list[Batch]) -> None:
        for number, start, lines, too_long in batches:
            self._report.records += len(lines) or 1  # blank ones are taken off again
            offset = start
            if too_long:
                self._add(
                    "line-too-long",
                    self._placed(Location(number, 1, offset)),
                    N_("The line has {size} bytes; lines up to {most} bytes are checked."),
                    {"size": too_long, "most": LONGEST_LINE},
                )
                if self._offsets is not None:
                    self._offsets.append(start)
                continue
            if number == 1 and self._mark:
                offset += self._mark
                lines[0] = lines[0][self._mark :]
            if self._offsets is not None:
                sizes = [len(line) + 1 for line in lines[:-1]]
                self._offsets.extend(accumulate(sizes, initial=offset))
            self._batch_at_work = number, offset, lines
            self._batch(number, offset, lines)
            self._batch_at_work = None

    def _batch(self, number: int, offset: int, lines: list[bytes]) -> None:
        """Check lines, the first of which begins at `offset`."""
        fast = self._fast
        done = 0
        for index in range(len(lines)) if fast is None else fast.refused(lines, number):
            offset += sum(map(len, lines[done:index])) + index - done
            done = index
            clean = self._line(number + index, offset, lines[index].removesuffix(b"\r"))
            if clean and fast is not None:
                fast.learn()

    def _line(self, number: int, offset: int, data: bytes) -> bool:
        """Find everything in a line; return whether there was nothing."""
        if not data.strip():
            self._report.records -= 1
            self._add("blank-line", Location(number, 1, offset), N_("The line is blank."), {})
            return False
        return self._thorough(number, offset, data)

    def _thorough(self, number: int, offset: int, data: bytes) -> bool:
        """Find everything in a line; return whether there was nothing."""
        text = decode(data)
        if not isinstance(text, str):
            start, fault = text
            place = self._placed(Location(number, fault.at + 1, offset + start))
            self._add(fault.rule, place, fault.message, fault.params)
            return False
        deep = nesting_fault(text)
        if deep is not None:
            self._add_at(number, offset, text, deep.at, deep)
            return False
        value = value_of(text)
        if value is not None:
            hits = [*islice(self._hits(value[0], number), self._most_hits)]
            if not hits:
                return True
            if not any(self._report.has_room(rule.code) for rule, _ in hits):
                for rule, _ in hits:  # counted, not kept: no place is needed
                    self._report.wants(rule.code)
                return False
            scanned = scan(text)
        else:
            scanned = scan(text)
            hits = (
                []
                if isinstance(scanned, Fault)
                else [*islice(self._hits(scanned.value, number), self._most_hits)]
            )
        return self._add_all(number, offset, text, scanned, hits)

    def _add_all(
        self,
        number: int,
        offset: int,
        text: str,
        scanned: Scan | Fault,
        hits: list[tuple[Rule, Hit]],
    ) -> bool:
        """Add what was found in a line; return whether it was nothing."""
        if isinstance(scanned, Fault):
            self._add_at(number, offset, text, scanned.at, scanned)
            return False
        for fault in scanned.faults:
            self._add_at(number, offset, text, fault.at, fault)
        for rule, hit in hits:
            at = _offset(scanned, hit)
            fault = Fault(rule.name, at, hit.message, hit.params, hit.path)
            self._add_at(number, offset, text, at, fault)
        return not scanned.faults and not hits

    def _hits(self, value: object, number: int) -> Iterator[tuple[Rule, Hit]]:
        record = record_of(value, self._target)
        target = self._of_layout[record.layout.format]
        yield from self._apply(self._record_rules, record, target)
        if not isinstance(value, dict) or record.other is not None:
            return
        example = example_of(record, target)
        if not example.chats and not example.fields:
            return
        self._report.statistics.add_example(example, number)
        if self._watchers:
            self._see([seen_of(example, number)])
        yield from self._example_hits(example, target)
        if record.layout.format == "prompt-completion":
            yield from self._apply(self._completion_rules, record, target)

    def _example_hits(self, example: Example, target: Target) -> Iterator[tuple[Rule, Hit]]:
        yield from self._apply(self._example_rules, example, target)
        for chat in example.chats:
            rules = self._chat_rules if chat.has_parts else self._plain_chat_rules
            if chat.part == "answer":  # tools are defined beside what is asked
                rules = [rule for rule in rules if rule.on is not On.TOOLS]
            yield from self._apply(rules, chat, target)
        if self._text_rules:
            for text in example.texts():
                yield from self._apply_hinted(self._text_rules, text, target)
        if self._private_rules:
            for text in example.handed_over():
                yield from self._apply_hinted(self._private_rules, text, target)

    def _see(self, examples: Sequence[Seen]) -> None:
        for watcher in self._watchers:
            watcher.see(examples)

    def _apply(
        self, rules: list[Rule], subject: object, target: Target
    ) -> Iterator[tuple[Rule, Hit]]:
        for rule in rules:
            if rule.check is not None:
                for hit in rule.check(subject, target):
                    yield rule, hit

    def _apply_hinted(
        self, rules: list[Rule], text: Text, target: Target
    ) -> Iterator[tuple[Rule, Hit]]:
        """Apply those rules whose hint is in the text: in most texts, none is."""
        absent = {hint for hint, search in self._hints.items() if not search(text.text)}
        if absent:
            rules = [rule for rule in rules if rule.hint not in absent]
        yield from self._apply(rules, text, target)

    def _add_at(self, number: int, offset: int, text: str, at: int, fault: Fault) -> None:
        code = RULES_BY_NAME[fault.rule].code
        if self._report.wants(code):
            byte = offset + len(text[:at].encode())
            place = self._placed(Location(number, at + 1, byte, path_text(fault.path)))
            self._report.keep(Finding(code, place, fault.message, fault.params))

    def _placed(self, place: Location) -> Location:
        return self._records.place(place) if self._records else place

    def _add_file(self, fault: Fault) -> None:
        self._add(fault.rule, Location(), fault.message, fault.params)

    def _add(
        self, name: str, place: Location, message: str, params: Mapping[str, str | int]
    ) -> None:
        code = RULES_BY_NAME[name].code
        if self._report.wants(code):
            self._report.keep(Finding(code, place, message, params))


def _offset(scanned: Scan, hit: Hit) -> int:
    """Return where a hit is: its key or value, or the nearest thing around it that is there."""
    path: Path = hit.path
    if hit.on_key and path in scanned.keys:
        return scanned.keys[path]
    while path not in scanned.values:
        path = path[:-1]
    return scanned.values[path]
