"""Answers to verdicts: the vectors, in full and on a page, and what holds for any answers."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from checklist_vectors import VECTORS, answers_of, expected, ideal, outcome, read_vector, requests
from hypothesis import given, settings
from hypothesis import strategies as st

from tuneready.checklist.assess import assess
from tuneready.checklist.load import load_guide
from tuneready.checklist.model import from_plain, to_plain
from tuneready.checklist.wording import describe, to_text
from tuneready.errors import TunereadyError

GUIDE = load_guide(Path(__file__).parent.parent / "checklists")
DECIDE = ideal(GUIDE, "decide")


def test_there_are_27_vectors() -> None:
    assert len(VECTORS) == 27


@pytest.mark.parametrize("path", VECTORS, ids=lambda path: path.stem)
def test_a_vector_gets_its_verdict(path: Path) -> None:
    vector = read_vector(path)
    found = assess(GUIDE, vector["profile"], answers_of(vector, GUIDE), vector.get("scope"))
    assert outcome(describe(found, GUIDE, "en")) == expected(vector)


@pytest.mark.parametrize("language", ["en", "nl"])
@pytest.mark.parametrize("name", [path.stem for path in VECTORS])
def test_a_page_gives_the_same_verdict_in_the_same_words(name: str, language: str) -> None:
    request = next(found for found in requests(GUIDE, language) if found["name"] == name)
    request = json.loads(json.dumps(request))
    guide = from_plain(request["guide"])
    described = describe(
        assess(guide, request["profile"], request["answers"], request["scope"]),
        guide,
        request["language"],
    )
    assert outcome(described) == request["expect"]
    full = assess(GUIDE, request["profile"], request["answers"], request["scope"])
    assert described == describe(full, GUIDE, language)
    assert json.loads(json.dumps(described)) == described


@pytest.mark.parametrize("language", ["en", "nl"])
def test_a_guide_survives_the_way_to_the_page_and_back(language: str) -> None:
    plain = to_plain(GUIDE, language)
    again = from_plain(json.loads(json.dumps(plain)))
    assert to_plain(again, language) == plain
    assert [item.offers_not_applicable for _, item in again.items()] == [
        item.offers_not_applicable for _, item in GUIDE.items()
    ]


def test_a_page_gets_only_what_it_shows() -> None:
    text = json.dumps(to_plain(GUIDE, "en", "decide"))
    assert "seed" not in text
    assert "launch-gate" not in text
    assert len(text) < 24_000


ANSWER = st.sampled_from(["yes", "no", "not_applicable"])
ITEMS = st.sampled_from([item.id for _, item in GUIDE.items()] + ["gone", "__proto__", ""])
PROFILES = st.sampled_from(list(GUIDE.verdict.profiles))
# Whatever a damaged store could hold; JavaScript hands over JSON values.
STRANGE = st.one_of(ANSWER, st.none(), st.integers(), st.text(max_size=3), st.lists(st.booleans()))


@settings(max_examples=150, deadline=None)
@given(PROFILES, st.dictionaries(ITEMS, STRANGE, max_size=130))
def test_no_answers_make_it_raise(profile: str, answers: dict[str, str]) -> None:
    found = assess(GUIDE, profile, answers)
    described = describe(found, GUIDE, "nl")
    assert described["verdict"] in GUIDE.verdict.outcomes
    assert described["reason"]
    assert "{" not in described["reason"]
    assert to_text(described, "nl").endswith("\n")
    assert found == assess(GUIDE, profile, dict(reversed(answers.items()))) or found.unknown
    assert found.answered <= found.questions


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(ITEMS, ANSWER, max_size=60))
def test_ready_means_that_nothing_essential_is_missing(changes: dict[str, str]) -> None:
    found = assess(GUIDE, "decide", DECIDE | changes)
    if found.verdict == "ready":
        assert not found.blocker_gaps
        assert not any(unit.blocker for unit in found.open)
        assert not found.redirects
    keys = [(not unit.blocker, -unit.weight) for unit in found.gaps]
    assert keys == sorted(keys)


def test_an_answer_that_is_not_offered_counts_as_open() -> None:
    answers = DECIDE | {"data-rights-clear": "not_applicable"}
    assert assess(GUIDE, "decide", answers).verdict == "not-enough-answered"


def test_unknown_items_are_listed_and_change_nothing() -> None:
    found = assess(GUIDE, "decide", DECIDE | {"gone": "no", "lg-documented": "no"})
    assert found.verdict == "ready"
    assert found.unknown == ("gone",)


def test_an_unknown_profile_is_one_sentence() -> None:
    with pytest.raises(TunereadyError, match="known profiles: decide, prepare, launch"):
        assess(GUIDE, "deside", {})


def test_it_runs_without_any_third_party_package() -> None:
    code = """
import sys
for name in ("yaml", "msgspec", "mkdocs", "jinja2", "babel"):
    sys.modules[name] = None
import json
from tuneready.checklist import answers, assess, model, wording
asked = json.load(sys.stdin)
guide = model.from_plain(asked["guide"])
items = {item: {"answer": answer} for item, answer in asked["answers"].items()}
given = answers.read_answers(json.dumps({"schema": answers.SCHEMA, "items": items}))
found = assess.assess(guide, asked["profile"], given.plain, given.scope)
print(wording.describe(found, guide, "nl")["verdict"])
"""
    request = next(found for found in requests(GUIDE, "nl") if found["name"] == "no-baseline")
    result = subprocess.run(
        [sys.executable, "-c", code],
        input=json.dumps(request),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (result.stdout, result.stderr) == ("nearly-ready\n", "")
