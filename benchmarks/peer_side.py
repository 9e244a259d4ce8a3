"""Runs inside a peer's own environment: asks it about files and writes down what it says.

    PEER/bin/python peer_side.py NAME < PATHS > ANSWERS

PATHS is a JSON list of files. ANSWERS is a JSON list, one for each: `accepted` (or null when the
peer itself broke down), the `lines` it names, from 1, and its `message`. Standard library only,
beside the peer: it runs in environments that hold nothing of ours.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

type Answer = dict[str, Any]


def answer(accepted: bool | None, lines: list[int], message: object) -> Answer:  # noqa: FBT001
    return {"accepted": accepted, "lines": lines, "message": str(message)[:300]}


def together() -> Callable[[Path], Answer]:
    """Together's Python client, 1.5: `together files check`. It stops at the first fault."""
    os.environ["TOGETHER_NO_BANNER"] = "1"
    os.environ["TQDM_DISABLE"] = "1"
    from together.utils.files import check_file

    def ask(file: Path) -> Answer:
        report = check_file(file)
        message = report.get("message") or ""
        named = re.search(r"\bline (\d+)", message)
        line = report.get("line_number") or (int(named[1]) if named else None)
        return answer(report["is_check_passed"], [line] if line else [], message)

    return ask


def mistral(version: str) -> Callable[[], Callable[[Path], Answer]]:
    """mistral-common: its request model and its finetuning validator, applied to each line.

    It knows requests and no files, so the file is read kindly: a byte-order mark and blank lines are
    no fault of a request.
    """

    def prepare() -> Callable[[Path], Answer]:
        from mistral_common.protocol.instruct.messages import FinetuningMessage
        from mistral_common.protocol.instruct.request import ChatCompletionRequest
        from mistral_common.protocol.instruct.validator import ValidationMode, get_validator
        from mistral_common.tokens.tokenizers.base import TokenizerVersion

        request = ChatCompletionRequest[FinetuningMessage]
        validator = get_validator(TokenizerVersion(version), ValidationMode.finetuning)

        def ask(file: Path) -> Answer:
            lines: list[int] = []
            message = ""
            count = 0
            try:
                written = file.read_text(encoding="utf-8-sig")
            except UnicodeDecodeError as error:  # no line could be handed to it
                return answer(False, [], error)  # noqa: FBT003
            for number, line in enumerate(written.split("\n"), 1):
                if not line.strip():
                    continue
                count += 1
                try:
                    record = json.loads(line)
                    if not isinstance(record, dict):
                        raise TypeError("not an object")  # noqa: TRY301
                    validator.validate_request(request.model_validate(record))
                except Exception as error:  # noqa: BLE001 - whatever it raises is its answer
                    lines.append(number)
                    message = message or f"{type(error).__name__}: {' '.join(str(error).split())}"
            return answer(not lines and count > 0, lines, message)

        return ask

    return prepare


def openai_prepare() -> Callable[[Path], Answer]:
    """The old `fine_tunes.prepare_data` of the openai client 0.28.1, for prompt and completion.

    It repairs more than it refuses. Accepted means: nothing is fatal and nothing is said to be
    necessary; optional advice does not count.
    """
    from openai import validators

    def ask(file: Path) -> Answer:
        frame, found = validators.read_any_format(str(file))
        said = [found] if found else []
        if frame is not None:
            for validator in validators.get_validators():
                remedy = validator(frame)
                if remedy is None:
                    continue
                said.append(remedy)
                if remedy.error_msg:
                    break
                if remedy.necessary_fn:
                    frame = remedy.necessary_fn(frame)
        bad = [each.error_msg or each.necessary_msg for each in said]
        bad = [each for each in bad if each]
        return answer(frame is not None and not bad, [], "; ".join(bad))

    return ask


def parallelogram() -> Callable[[Path], Answer]:
    """parallelogram: a strict check of chat files, with line numbers."""
    from parallelogram.core.rules import registry
    from parallelogram.core.runner import Runner

    def ask(file: Path) -> Answer:
        rules = [make() for make in _rules(registry)]
        report, _ = Runner(rules).run(str(file))
        lines = sorted({each.line_no for each in report.errors if each.line_no})
        return answer(not report.has_errors, lines, "; ".join(e.message for e in report.errors))

    return ask


def _rules(registry: Any) -> list[Any]:
    import importlib
    import pkgutil

    import parallelogram.rules

    for module in pkgutil.iter_modules(parallelogram.rules.__path__):
        importlib.import_module(f"parallelogram.rules.{module.name}")
    return list(registry.all())


def ftml(platform: str) -> Callable[[], Callable[[Path], Answer]]:
    """ftml-cli: counts by check, without lines.

    Its count of tokens fetches a table over the network at run time, so that count is left out.
    """

    def prepare() -> Callable[[Path], Answer]:
        from ftml import validator

        validator.count_tokens = lambda *_, **__: 0

        def ask(file: Path) -> Answer:
            results = validator.validate_dataset(file, "openai-chat", platform=platform)
            bad = [f"{each.check_name} ({each.count})" for each in results if not each.passed]
            return answer(not bad, [], "; ".join(bad))

        return ask

    return prepare


def jsonlkit() -> Callable[[Path], Answer]:
    """jsonlkit: is every line JSON? It knows nothing of examples."""
    import subprocess

    def ask(file: Path) -> Answer:
        command = [sys.executable, "-m", "jsonlkit", "validate", str(file)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        said = done.stdout + done.stderr
        lines = sorted({int(number) for number in re.findall(r"\bline (\d+)", said)})
        return answer(done.returncode == 0, lines, said)

    return ask


PEERS: dict[str, Callable[[], Callable[[Path], Answer]]] = {
    "together": together,
    "mistral-v3": mistral("v3"),
    "mistral-v7": mistral("v7"),
    "mistral-v11": mistral("v11"),
    "mistral-v13": mistral("v13"),
    "openai-prepare": openai_prepare,
    "parallelogram": parallelogram,
    "ftml-openai": ftml("openai"),
    "ftml-together": ftml("together"),
    "jsonlkit": jsonlkit,
}


def main() -> None:
    ask = PEERS[sys.argv[1]]()
    answers = []
    for name in json.load(sys.stdin):
        try:
            with (
                contextlib.redirect_stdout(io.StringIO()),
                contextlib.redirect_stderr(io.StringIO()),
            ):
                answers.append(ask(Path(name)))
        except Exception as error:  # noqa: BLE001 - a peer that breaks down has not answered
            answers.append(answer(None, [], f"{type(error).__name__}: {error}"))
    json.dump(answers, sys.stdout)


if __name__ == "__main__":
    main()
