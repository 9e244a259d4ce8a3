"""Text in, text out: all that the browser's worker may call.

The messages are those of `site/static/js/protocol.d.ts` (`BridgeRequest`, `BridgeReply`). Nothing
here needs a third-party package until a dataset is checked, so a verdict can be given as soon as
the bare interpreter is up; that is why the imports stand inside the functions.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Literal, Protocol

from tuneready.errors import TunereadyError
from tuneready.locale import N_, translation

if TYPE_CHECKING:
    import hashlib
    from collections.abc import Callable

    from tuneready.checklist.model import Guide
    from tuneready.dataset.checker import Checker
    from tuneready.dataset.parts import Parts, PieceChecker
    from tuneready.dataset.recognition import AutoChecker
    from tuneready.dataset.report import Report
    from tuneready.dataset.tokens import JsCounter, TokenCounter
    from tuneready.dataset.unpacking import Unpacker
    from tuneready.targets.base import Target

type Json = dict[str, Any]

# A larger file is left to the command line, which has all of the machine's memory: 512 MiB, and the
# rest of a line.
MOST_BYTES = 537_000_000
MEGABYTE = 1 << 20
AUTO = "auto"  # instead of a target's name: recognise the format, and ask every target
UNEXPECTED = N_(
    "Tuneready stopped on a fault of its own. Please report it, with the details below."
)
OUT_OF_MEMORY = N_(
    "The browser gave Python no more memory. Close other tabs and try again, or use the command line, which has all of the machine's memory."
)
OUT_OF_MEMORY_AT = N_(
    "The browser gave Python no more memory at line {line}, which has {size} MB. Look whether the line is what it should be. If it is, use the command line, which has all of the machine's memory."
)


class Buffer(Protocol):
    """A JavaScript buffer as Pyodide shows it."""

    def to_bytes(self) -> bytes:
        """Copy at once; `bytes(buffer)` goes item by item and takes 6 to 28 times as long."""
        ...


class Bridge:
    """One conversation with one worker; the worker sends one request at a time."""

    def __init__(self) -> None:
        self._guide: Guide | None = None
        self._checker: Checker | AutoChecker | PieceChecker | None = None
        self._is_repeated = False  # whether the digest had the bytes of the piece before
        self._start = 0  # where the piece that it checks begins in the file
        self._parts: Parts | None = None  # of the open file; None while helping with pieces of one
        self._digest: hashlib._Hash | None = None  # of the open file, whoever checks it
        self._how: Json = {}  # what workers are told that help with it
        self._packed = b""  # a part for the worker that asked for it
        self._training: Report | None = None  # of the file before, when a validation file follows
        self._file = ""  # the open check's
        self._begun = False  # whether any of its bytes came
        self._unpacker: Unpacker | None = None  # when they are those of a gzip file
        self._packed_bytes = 0
        self._counters: dict[str, TokenCounter] = {}  # by encoding
        self._tokens: TokenCounter | None = None  # of the open check
        self._depth: Literal["format", "full"] = "full"  # how far the open check looks
        self._part_of: int | None = None  # bytes of the file, when it gets the beginning only
        self._language = "en"
        self._failure: Exception | None = None
        self._beat: Callable[[], object] | None = None

    def handle(self, request: str) -> str:
        """Answer one request. Every exception becomes a reply of type `failed`."""
        asked: Json = json.loads(request)
        try:
            reply = self._answer(asked)
        except Exception as error:  # noqa: BLE001  the one place that catches everything
            reply = self._failed(error)
            self._checker = None
        return json.dumps({"id": asked["id"], **reply}, ensure_ascii=False)

    def feed(self, chunk: Buffer) -> None:
        """Hand the open check its next bytes; what goes wrong is told by the next reply."""
        if self._checker is None or self._failure is not None:
            return
        try:
            self._feed(self._checker, chunk.to_bytes())
        except Exception as error:  # noqa: BLE001  as in `handle`
            # The next reply tells of it.
            self._failure = error

    def pass_over(self, chunk: Buffer) -> None:
        """Take the next bytes of the file for its digest only; another worker checks them."""
        if self._digest is not None:
            self._digest.update(chunk.to_bytes())

    def add_part(self, start: int, packed: Buffer) -> None:
        """Take what another worker found in the piece that begins with byte `start`."""
        if self._parts is not None:
            self._parts.add_packed(start, packed.to_bytes())

    def packed_part(self) -> bytes:
        """Hand over the part that `piece-close` ended, once."""
        part, self._packed = self._packed, b""
        return part

    def _feed(self, checker: Checker | AutoChecker | PieceChecker, data: bytes) -> None:
        """Hand on a file's next bytes; those of a gzip file unpacked, as the command line does."""
        from tuneready.dataset.unpacking import MAGIC, Unpacker

        if not self._begun:
            self._begun = True
            self._unpacker = None
            if data.startswith(MAGIC):
                self._unpacker = Unpacker(self._file, most=MOST_BYTES)
        if self._unpacker is None:
            self._check(checker, data)
            return
        self._packed_bytes += len(data)
        for piece in self._unpacker.feed(data):
            self._check(checker, piece)

    def _check(self, checker: Checker | AutoChecker | PieceChecker, data: bytes) -> None:
        if self._digest is not None and not self._is_repeated:
            self._digest.update(data)
        checker.feed(data)

    def count_with(self, encoding: str, count_utf8: JsCounter) -> None:
        """Count the tokens of an encoding with this function of JavaScript, from the next check on."""
        from tuneready.dataset.tokens import js_counter

        self._counters[encoding] = js_counter(encoding, count_utf8)

    def beat_with(self, beat: Callable[[], object]) -> None:
        """Call this function of JavaScript now and then, while Python is busy for long."""
        self._beat = beat

    def _answer(self, asked: Json) -> Json:
        self._language = asked.get("language", self._language)
        match asked["type"]:
            case "assess":
                return self._assess(asked)
            case "overview" | "share" | "open-link" | "import" | "export" | "compare":
                return self._about_answers(asked)
            case "targets":
                return {"type": "targets", "targets": describe_targets(self._language)}
            case _:
                return self._about_check(asked)

    def _about_check(self, asked: Json) -> Json:
        """Answer what is about the check of a file."""
        match asked["type"]:
            case "check-encoding":
                return {"type": "encoding", "encoding": _encoding(asked)}
            case "check-open":
                return self._open(asked)
            case "check-next":
                return self._next(asked)
            case "check-progress":
                return self._progress()
            case "check-close":
                return self._close(asked.get("day"))
            case "check-memory":
                return self._out_of_memory(asked["line"], asked["size"])
            case "check-abort":
                self._checker = self._training = self._parts = self._failure = None
                return {"type": "aborted"}
            case _:
                return self._about_pieces(asked)

    def _about_pieces(self, asked: Json) -> Json:
        """Answer what is about a check that several workers share."""
        match asked["type"]:
            case "check-share":
                return self._share(asked)
            case "check-claim":
                return self._claim(asked)
            case "check-piece":
                return self._piece(asked)
            case "piece-open":
                return self._open_piece(asked)
            case "piece-close":
                return self._close_piece()
            case other:
                raise ValueError(f"unknown request: {other}")

    def _assess(self, asked: Json) -> Json:
        from tuneready.checklist.assess import assess
        from tuneready.checklist.wording import describe

        guide = self._guide_of(asked)
        assessment = assess(guide, asked["profile"], asked["answers"], asked.get("scope"))
        described = describe(assessment, guide, self._language)
        return {"type": "assessment", "assessment": described}

    def _guide_of(self, asked: Json) -> Guide:
        """Return the guide that a request comes with, or the one of the request before."""
        from tuneready.checklist.model import from_plain

        if asked["guide"] is not None:
            self._guide = from_plain(asked["guide"])
        if self._guide is None:
            raise ValueError("no guide was sent yet")
        return self._guide

    def _about_answers(self, asked: Json) -> Json:
        """Answer what is about documents of answers."""
        from tuneready.checklist import exchange
        from tuneready.checklist.answers import answers_of
        from tuneready.checklist.overview import overview

        guide, language = self._guide_of(asked), self._language
        if asked["type"] == "compare":
            return {"type": "compared", **exchange.compared(asked["documents"], guide, language)}
        present = answers_of(asked["document"])
        match asked["type"]:
            case "overview":
                return {"type": "overview", "overview": overview(present, guide, language)}
            case "share":
                address, notes = asked["address"], asked["notes"]
                shared = exchange.shared(present, guide, address, language, notes=notes)
                return {"type": "shared", **shared}
            case "open-link":
                opened = exchange.opened(asked["link"], present, guide, language)
                return {"type": "incoming", **opened}
            case "import":
                imported = exchange.imported(asked["text"], present, guide, language)
                return {"type": "incoming", **imported}
        return {"type": "exported", **exchange.exported(present, guide, asked["format"], language)}

    def _open(self, asked: Json) -> Json:
        from tuneready.dataset.checker import Checker
        from tuneready.dataset.recognition import AutoChecker
        from tuneready.targets import find_target

        self._training = self._failure = None
        self._part_of = asked.get("part_of")
        file, model, depth = asked["file"], asked["model"], asked.get("depth", "full")
        self._begin(file)
        tokens = self._counters.get(_encoding(asked))
        if asked["target"] == AUTO:
            self._checker = AutoChecker(file=file, tokens=tokens, depth=depth, digest=False)
        else:
            target = find_target(asked["target"])
            self._checker = Checker(
                target, file=file, model=model, tokens=tokens, depth=depth, digest=False
            )
        self._tokens, self._depth = tokens, depth
        return {"type": "opened"}

    def _begin(self, file: str) -> None:
        import hashlib

        from tuneready.dataset.parts import Parts

        self._file, self._begun, self._unpacker, self._packed_bytes = file, False, None, 0
        self._parts, self._start, self._digest = Parts(), 0, hashlib.sha256()
        self._is_repeated = False

    def _end(self) -> Report:
        """Close the open file's check."""
        from tuneready.dataset.unpacking import say_packed

        if self._unpacker is not None:
            self._unpacker.close()
        if self._parts is None or self._digest is None:
            raise ValueError("no check is open")
        # The last piece may have been another worker's.
        if self._checker is not None or self._failure is not None or not self._parts:
            self._end_piece()
        report = self._parts.whole()
        report.sha256 = self._digest.hexdigest()
        report.part_of = self._part_of
        if self._unpacker is not None:
            say_packed(report)
        return report

    def _end_piece(self) -> None:
        """Set aside what was found in the piece that this worker checks."""
        from tuneready.dataset.parts import PieceChecker, first_part

        checker = self._open_checker()
        self._note_asked()
        self._checker = None
        part = checker.close() if isinstance(checker, PieceChecker) else first_part(checker)
        if self._parts is not None:
            self._parts.add(self._start, part)

    def _next(self, asked: Json) -> Json:
        """End the training file and go on with its validation file."""
        from tuneready.dataset.checker import Checker

        training = self._training = self._end()
        self._begin(asked["file"])
        self._checker = Checker(
            training.target,
            file=asked["file"],
            model=training.model,
            tokens=self._tokens,
            validation_of=training,
            depth=self._depth,
            digest=False,
        )
        return {"type": "opened"}

    def _share(self, asked: Json) -> Json:
        """Tell how many workers should help with the open file, of which the start was fed."""
        from tuneready.dataset.parts import helpers_for
        from tuneready.dataset.recognition import AutoChecker

        checker = self._open_checker()
        first: Any = checker.checker if isinstance(checker, AutoChecker) else checker
        if self._unpacker is not None or first is None or not first.goes_by_lines:
            return {"type": "share", "helpers": 0}
        self._how = {
            "target": first.report.target.name,
            "model": first.report.model,
            "depth": self._depth,
            "asked": None,
        }
        machine = asked["cores"], asked["memory"]
        helpers = helpers_for(asked["size"], *machine, asked["workers"], self._depth)
        return {"type": "share", "helpers": helpers}

    def _claim(self, asked: Json) -> Json:
        """Tell how much a worker that is free should take next, and what to look for in it."""
        from tuneready.dataset.parts import piece_size

        self._note_asked()
        size = piece_size(asked["left"], asked["workers"])
        return {"type": "claim", "bytes": size, "how": self._how}

    def _note_asked(self) -> None:
        """Remember which targets still may accept the file, where they are compared."""
        asked = getattr(self._checker, "asked", None)
        if asked is not None:
            self._how = {**self._how, "asked": asked}

    def _piece(self, asked: Json) -> Json:
        """End the piece that this worker checks, if it does, and go on with another, if there is one."""
        if self._checker is not None or self._failure is not None:
            self._end_piece()
        if asked["start"] is not None:
            self._start, self._is_repeated = asked["start"], asked["again"]
            self._checker = self._piece_checker(asked["how"])
        return {"type": "opened"}

    def _piece_checker(self, how: Json) -> PieceChecker:
        from tuneready.dataset.parts import PieceChecker

        return PieceChecker(file=self._file, tokens=self._tokens, **how)

    def _open_piece(self, asked: Json) -> Json:
        """Begin to help with a piece of a file that another worker puts together."""
        self._parts = self._digest = self._unpacker = self._failure = None
        self._file, self._begun = asked["file"], True
        self._tokens = self._counters.get(_encoding(asked["how"]))
        self._checker = self._piece_checker(asked["how"])
        return {"type": "opened"}

    def _close_piece(self) -> Json:
        from tuneready.dataset.parts import PieceChecker, packed

        checker = self._open_checker()
        self._checker = None
        if not isinstance(checker, PieceChecker):
            raise TypeError(type(checker).__name__)
        self._packed = packed(checker.close())
        return {"type": "packed"}

    def _progress(self) -> Json:
        from tuneready.dataset.checker import Progress

        # Before enough was read to recognise the format, nothing was checked.
        progress = self._open_checker().progress or Progress(0, 0, 0)
        if self._unpacker is not None:  # what the page counts is what it hands over
            progress = progress._replace(bytes=self._packed_bytes, whole=0)
        return {"type": "progress", **progress._asdict()}

    def _close(self, day: str | None) -> Json:
        """End the check; with the day on which it was done, its evidence can be kept."""
        from tuneready.checklist.evidence import evidence_of
        from tuneready.dataset.report import document, dumps
        from tuneready.output.markdown import format_markdown
        from tuneready.strictjson import plain_of

        report = self._end()
        self._parts = self._digest = None
        reports = [report] if self._training is None else [self._training, report]
        self._checker = self._training = None
        for each in reports:
            if each.index is not None and self._beat is not None:
                each.index.on_step = self._beat
        plain = document(reports, self._language)
        markdown = format_markdown(plain, self._language)
        # Who only looked at the format, or at a part, has not seen what most questions ask about.
        is_whole = self._depth == "full" and self._part_of is None
        evidence = (
            [evidence_of(entry, day) for entry in plain["reports"]] if day and is_whole else []
        )
        return {
            "type": "report",
            "document": dumps(plain),
            "markdown": markdown,
            "evidence": [plain_of(each) for each in evidence],
        }

    def _open_checker(self) -> Checker | AutoChecker | PieceChecker:
        if self._failure is not None:
            failure, self._failure = self._failure, None
            raise failure
        if self._checker is None:
            raise ValueError("no check is open")
        return self._checker

    def _out_of_memory(self, line: int, size: int) -> Json:
        """Name the line at which memory ended, if it is a long one."""
        gettext = translation(self._language).gettext
        said = gettext(OUT_OF_MEMORY_AT if size >= MEGABYTE else OUT_OF_MEMORY)
        message = said.format(line=line, size=size // MEGABYTE)
        return {"type": "failed", "reason": "memory", "message": message, "detail": ""}

    def _at_work(self) -> Json | None:
        """Return at which line of what it is fed the open check is; None when that is packed."""
        from tuneready.dataset.checker import Checker

        checker = self._checker
        first = checker if isinstance(checker, Checker) else getattr(checker, "checker", None)
        if first is None or self._unpacker is not None:
            return None
        line, byte = first.at_work
        return {"line": line, "byte": byte}

    def _failed(self, error: Exception) -> Json:
        """Say what happened, without the exception's own words: they may quote the reader's data."""
        if isinstance(error, TunereadyError):
            return {
                "type": "failed",
                "reason": "refused",
                "message": error.said(self._language),
                "detail": "",
            }
        if isinstance(error, MemoryError):
            return {**self._out_of_memory(0, 0), "at": self._at_work()}
        return {
            "type": "failed",
            "reason": "unexpected",
            "message": translation(self._language).gettext(UNEXPECTED),
            "detail": f"{type(error).__name__}{_place(error)}",
        }


def describe_targets(language: str) -> list[Json]:
    """Return what a reader needs to choose a target, as plain data (`Target` in protocol.d.ts)."""
    from tuneready.targets import targets

    gettext = translation(language).gettext
    labels = {"open": None, "closing": gettext("closing"), "withdrawn": gettext("withdrawn")}
    states = list(labels)

    def rank(target: Target) -> int:
        return states.index(target.status.state)

    # Provider by provider. What is withdrawn is rarely what the reader is here for.
    together: dict[str, list[Target]] = {}
    for target in targets().values():
        together.setdefault(target.provider.get(language), []).append(target)
    groups = sorted(together.values(), key=lambda group: min(map(rank, group)))
    order = [target for group in groups for target in sorted(group, key=rank)]
    return [
        {
            "name": target.name,
            "title": target.title.get(language),
            "provider": target.provider.get(language),
            "method": _method(target.title.get(language)),
            "format": target.format,
            "status": {
                "state": target.status.state,
                "date": target.status.date,
                "label": labels[target.status.state],
                "text": target.status.text.get(language),
            },
            "models": [
                {"name": model.name, "note": model.note.get(language) if model.note else None}
                for model in target.models.values()
            ],
        }
        for target in order
    ]


def _encoding(asked: Json) -> str:
    """Return what the tokens of a check are counted with."""
    from tuneready.dataset.tokens import DEFAULT, encoding_for
    from tuneready.targets import find_target, with_model

    if asked["target"] == AUTO:
        return DEFAULT
    return encoding_for(with_model(find_target(asked["target"]), asked["model"]))


def _method(title: str) -> str:
    """Return what a title says beyond its provider: they read “provider: method”."""
    _, _, method = title.partition(": ")
    return method[:1].upper() + method[1:] if method else title


def _place(error: Exception) -> str:
    """Return where an exception comes from: a file and a line of code, never data."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return ""
    return f", {trace.tb_frame.f_code.co_filename.rpartition('/')[2]}:{trace.tb_lineno}"
