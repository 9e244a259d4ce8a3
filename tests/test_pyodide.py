"""The browser's Python says what ours says, byte for byte: every case, every verdict.

One run of Node answers all requests in Pyodide, from the bundle that the site publishes; the same
requests are answered here by the same bridge.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import answers_requests
import pytest
from checklist_vectors import VECTORS, outcome, requests
from dataset_cases import case_files, targets_for
from token_texts import NASTY
from verdict_properties import batch

from tuneready.bridge import Bridge, describe_targets
from tuneready.checklist.load import load_guide
from tuneready.checklist.model import to_plain
from tuneready.dataset.tokens import ENCODINGS, native_counter

pytestmark = pytest.mark.pyodide

type Reply = str | list[int] | dict[str, str]

TESTS = Path(__file__).parent
TOP = TESTS.parent
LANGUAGES = ("en", "nl")
# Cut everywhere: the reports must not depend on where a slice ends.
SLICES = (1 << 20, 61)
# No text of a dataset may take long, nor be too much for a pattern.
RUNS = [unit * 1_000_000 for unit in ("a", " ", "\n", "中", "😀", "\x85", "^", "\ud800")]


# Verdicts on random answers, to guides of chance and to our own.
RANDOM_VERDICTS = {"seed": 20261122, "small": 150, "cases": 60}


class JsBuffer(bytes):
    """Bytes, as Pyodide hands over a Uint8Array."""

    __slots__ = ()

    def to_bytes(self) -> bytes:  # type: ignore[override]
        return bytes(self)


@pytest.fixture(scope="module")
def texts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Texts to count the tokens of, as JSON: half surrogates are in it as escapes."""
    file = tmp_path_factory.mktemp("texts") / "texts.json"
    file.write_text(json.dumps([*NASTY, *RUNS]), encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def steps(texts: Path) -> list[dict[str, Any]]:
    """All that is asked: first the verdicts, with Pyodide bare, then the checks."""
    guide = load_guide(TOP / "checklists")
    plan: list[dict[str, Any]] = []

    def ask(name: str, **request: Any) -> None:
        plan.append({"name": name, "ask": {"id": len(plan), **request}})

    for language in LANGUAGES:
        ask(f"targets {language}", type="targets", language=language)
        for vector in requests(guide, language):
            name, expect = vector.pop("name"), vector.pop("expect")
            ask(f"{name} {language}", type="assess", **vector)
            plan[-1]["expect"] = expect
        for number, request in enumerate(answers_requests.requests(language)):
            ask(f"answers {number} {request['type']} {language}", **request)
    asked = json.dumps({**RANDOM_VERDICTS, "plain": to_plain(guide, "en")})
    modules = [str(TESTS / "small_guides.py"), str(TESTS / "verdict_properties.py")]
    plan.append({"name": "random verdicts", "call": "batch", "modules": modules, "with": asked})
    plan.append({"name": "msgspec", "load": "msgspec"})
    plan.append({"name": "numbers", "load": "python_stdnum"})
    for encoding in ENCODINGS:
        plan.append({"name": encoding, "count": encoding})
        plan.append({"name": encoding, "texts": str(texts), "encoding": encoding})
    known = [target["name"] for target in describe_targets("en")]
    for number, path in enumerate(case_files()):
        for place, (target, model) in enumerate(targets_for(path, number, known)):
            name = f"{path.relative_to(TOP)} {target}"
            language = LANGUAGES[(number + place) % len(LANGUAGES)]
            ask(
                name,
                type="check-open",
                file=path.name,
                target=target,
                model=model,
                language=language,
            )
            plan.append({"name": name, "feed": str(path), "slice": SLICES[place % len(SLICES)]})
            ask(name, type="check-close")
    return plan


def replies_of(steps: list[dict[str, Any]], folder: Path, way: str) -> list[Reply]:
    """Ask Pyodide, restored from the snapshot or started plainly."""
    from tuneready.site.bundle import bundle

    asked, replied = folder / "asked.json", folder / "replied.json"
    asked.write_text(json.dumps(steps), encoding="utf-8")
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["node", TESTS / "pyodide-cases.mjs", bundle().directory / "py", asked, replied, way],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PATH": path},
        timeout=1800,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    replies: list[Reply] = json.loads(replied.read_text(encoding="utf-8"))
    return replies


@pytest.fixture(scope="module")
def pyodide_replies(
    steps: list[dict[str, Any]], tmp_path_factory: pytest.TempPathFactory
) -> list[Reply]:
    """The replies of Pyodide, in the order of asking, its counts of tokens, and what calls returned.

    From the snapshot, as in the page: what it does not hold is not there.
    """
    return replies_of(steps, tmp_path_factory.mktemp("restored"), "restored")


@pytest.fixture(scope="module")
def from_pyodide(pyodide_replies: list[Reply]) -> list[str]:
    return [reply for reply in pyodide_replies if isinstance(reply, str)]


@pytest.fixture(scope="module")
def native(steps: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """Our own replies with the names of the requests, each file fed in one piece."""
    bridge = Bridge()
    replies = []
    for step in steps:
        if "ask" in step:
            replies.append((step["name"], bridge.handle(json.dumps(step["ask"]))))
        elif "feed" in step:
            bridge.feed(JsBuffer(Path(step["feed"]).read_bytes()))
        elif "count" in step:
            # What the page's counter says has to be what tiktoken says.
            counter = native_counter(step["count"])
            assert counter is not None
            bridge._counters[step["count"]] = counter
    return replies


def test_there_is_something_to_compare() -> None:
    assert len(VECTORS) >= 21
    assert len(case_files()) >= 2


def test_every_reply_is_the_same(from_pyodide: list[str], native: list[tuple[str, str]]) -> None:
    assert len(from_pyodide) == len(native)
    differing = [
        f"{name}\n  Pyodide: {theirs[:400]}\n  CPython: {ours[:400]}"
        for theirs, (name, ours) in zip(from_pyodide, native, strict=True)
        if theirs != ours
    ]
    assert not differing, "\n".join(differing[:5])


def test_a_plain_start_says_the_same(
    steps: list[dict[str, Any]], from_pyodide: list[str], tmp_path: Path
) -> None:
    """What the page falls back on: the verdicts and the first checks, without the snapshot."""
    some = [step for step in steps if not {"call", "texts"} & step.keys()]
    first_check = next(number for number, step in enumerate(some) if "feed" in step)
    some = some[: first_check + 60]
    assert sum("feed" in step for step in some) >= 20
    plainly = replies_of(some, tmp_path, "plain")
    assert len(plainly) > len(VECTORS)
    assert plainly == from_pyodide[: len(plainly)]


def test_every_count_of_tokens_is_the_same(pyodide_replies: list[Reply]) -> None:
    texts = [*NASTY, *RUNS]
    counts = [reply for reply in pyodide_replies if isinstance(reply, list)]
    assert len(counts) == len(ENCODINGS)
    for encoding, theirs in zip(ENCODINGS, counts, strict=True):
        counter = native_counter(encoding)
        assert counter is not None
        ours = counter(texts)
        differing = [
            (text[:40], len(text), one, other)
            for text, one, other in zip(texts, theirs, ours, strict=True)
            if one != other
        ]
        assert not differing, differing[:10]


def test_random_verdicts_and_their_changes_are_the_same(
    pyodide_replies: list[Reply], steps: list[dict[str, Any]]
) -> None:
    """That changes lead there, that nothing smaller does, and that no good answer harms, is checked
    where they are worked out: here and in Pyodide."""
    (theirs,) = [reply["returned"] for reply in pyodide_replies if isinstance(reply, dict)]
    (asked,) = [step["with"] for step in steps if "call" in step]
    assert theirs == batch(asked)
    found = json.loads(theirs)
    assert len(found) == RANDOM_VERDICTS["small"] + RANDOM_VERDICTS["cases"]
    assert {one["rank"] for one in found} == {0, 1, 2, 3}
    assert sum(len(one["changes"]) for one in found) > len(found) / 2


def test_tokens_are_counted_in_the_reports(native: list[tuple[str, str]]) -> None:
    reports = [json.loads(reply) for _, reply in native]
    documents = [json.loads(r["document"]) for r in reports if r["type"] == "report"]
    counted = [d["reports"][0]["statistics"]["tokens"] for d in documents]
    assert sum(tokens is not None for tokens in counted) > 200


def test_nothing_failed(native: list[tuple[str, str]]) -> None:
    failed = [name for name, reply in native if json.loads(reply)["type"] == "failed"]
    # What is packed is unpacked, and cannot be when it is damaged: then a sentence says so. Damaged
    # answers are refused, too: four of them in each language.
    assert {name.split()[0] for name in failed} <= {
        "tests/cases/rules/compressed-file/bad-example.jsonl",
        "answers",
    }
    assert sum(name.startswith("answers") for name in failed) == 4 * len(LANGUAGES)


def test_every_vector_gives_its_verdict_in_pyodide(
    from_pyodide: list[str], steps: list[dict[str, Any]]
) -> None:
    asked = [step for step in steps if "ask" in step]
    checked = 0
    for step, reply in zip(asked, from_pyodide, strict=True):
        if "expect" in step:
            assert outcome(json.loads(reply)["assessment"]) == step["expect"], step["name"]
            checked += 1
    assert checked == len(VECTORS) * len(LANGUAGES)
