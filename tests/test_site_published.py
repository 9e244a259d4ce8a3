"""What the site publishes as data: complete, and as its schemas say."""

from __future__ import annotations

import copy
import json
from pathlib import Path

import pytest
from checklist_vectors import VECTORS, answers_of, read_vector
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from tuneready.checklist.answers import read_answers
from tuneready.checklist.assess import assess
from tuneready.checklist.load import load_guide, read_guide
from tuneready.checklist.wording import describe
from tuneready.dataset.checker import Checker
from tuneready.dataset.report import document
from tuneready.site.languages import site_languages
from tuneready.site.published import content, publish
from tuneready.site.sources import read_sources
from tuneready.targets import find_target

ROOT = Path(__file__).resolve().parents[1]
READING = read_guide(ROOT / "checklists")
SOURCES = read_sources(ROOT / "docs/sources.yml")
LANGUAGES = site_languages(ROOT)


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """A folder with the content and the schemas."""
    folder = tmp_path_factory.mktemp("site")
    publish(folder, READING, SOURCES, LANGUAGES)
    return folder


def closed(schema):
    """The same schema, which takes no key that it does not name."""
    made = copy.deepcopy(schema)

    def close(value):
        if isinstance(value, dict):
            if "properties" in value:
                value.setdefault("additionalProperties", False)
            for inner in value.values():
                close(inner)
        elif isinstance(value, list):
            for inner in value:
                close(inner)

    close(made)
    return made


def validator(published, name):
    """A validator that finds the other schemas where a reader finds them: beside this one."""
    schemas = {
        file.name: closed(json.loads(file.read_text()))
        for file in (published / "schema").glob("*.json")
    }
    for schema in schemas.values():
        Draft202012Validator.check_schema(schema)
    registry = Registry().with_resources(
        (file, Resource.from_contents(schema)) for file, schema in schemas.items()
    )
    return Draft202012Validator(schemas[name], registry=registry)


def faults(checker, data):
    return [f"{list(error.path)}: {error.message[:200]}" for error in checker.iter_errors(data)]


def test_the_content_is_as_its_schema_says(published):
    data = json.loads((published / "content.json").read_text())
    assert (published / data["$schema"]).is_file()
    assert faults(validator(published, "content-1.json"), data) == []


def test_the_content_holds_everything_in_all_languages():
    data = content(READING, SOURCES, LANGUAGES)
    guide = READING.guide
    assert [one["id"] for one in data["checklists"]] == [one.id for one in guide.checklists]
    items = {item["id"]: item for one in data["checklists"] for item in one["items"]}
    for checklist, item in guide.items():
        found = items[item.id]
        assert found["text"] == {"en": item.text.en, **item.text.others}, checklist.id
        assert (found["weight"], found["blocker"]) == (item.weight, item.blocker)
        assert tuple(found.get("source", ())) == item.source
        assert data["wordings"][item.id] == item.wording
    assert [one["code"] for one in data["languages"]] == ["en", "nl"]
    assert data["sources"].keys() == SOURCES.keys()
    assert data["verdict"]["thresholds"]["ready_phase"] == guide.verdict.thresholds.ready_phase
    assert data["verdict"]["profiles"].keys() == guide.verdict.profiles.keys()
    assert data["scope"].keys() == guide.scope.keys()
    assert data["version"] == guide.version


def test_a_content_that_is_wrong_does_not_pass(published):
    checker = validator(published, "content-1.json")
    for spoil in (
        lambda data: data.pop("wordings"),
        lambda data: data["checklists"][0]["items"][0].update(weight=4),
        lambda data: data["checklists"][0].update(titel={"en": "x"}),
        lambda data: data["sources"].update(X={"title": "no more"}),
        lambda data: data.update(version="1"),
    ):
        data = json.loads((published / "content.json").read_text())
        spoil(data)
        assert faults(checker, data)


@pytest.mark.parametrize("language", ["en", "nl"])
def test_assessments_are_as_their_schema_says(published, language):
    checker = validator(published, "assessment-1.json")
    guide = load_guide(ROOT / "checklists")
    seen = set()
    for path in VECTORS:
        vector = read_vector(path)
        answers = answers_of(vector, guide)
        assessment = assess(guide, vector["profile"], answers, vector.get("scope"))
        described = json.loads(json.dumps(describe(assessment, guide, language)))
        assert faults(checker, described) == [], path.name
        seen |= {name for name, value in described.items() if value}
    assert {"gaps", "redirects", "contradictions", "changes", "next_steps", "open"} <= seen


def test_reports_are_as_their_schema_says(published):
    checker = validator(published, "report-1.json")
    for target, data in (
        ("openai/sft", b'{"messages": [{"role": "user", "content": "x"}]}\n{"a"\n'),
        ("trl/dpo", b'{"prompt": "a", "chosen": "b", "rejected": "b"}\n'),
        ("mistral/sft", b""),
    ):
        made = Checker(find_target(target), file="a.jsonl")
        made.feed(data)
        assert faults(checker, json.loads(json.dumps(document([made.close()], "en")))) == []


def test_answers_are_as_their_schema_says(published):
    checker = validator(published, "answers-2.json")
    data = {
        "schema": "tuneready.answers/2",
        "name": "Invoices",
        "items": {"why-owner": {"answer": "yes", "note": "x"}},
    }
    assert faults(checker, data) == []
    assert read_answers(json.dumps(data)).plain == {"why-owner": "yes"}
    assert faults(checker, {**data, "items": {"why-owner": {"answer": "perhaps"}}})


def test_the_site_has_them(site_dir):
    assert json.loads((site_dir / "content.json").read_text())["schema"] == "tuneready.content/1"
    names = {file.name for file in (site_dir / "schema").iterdir()}
    assert names == {f"{name}.json" for name in ("answers-2", "assessment-1", "checklists", "content-1", "report-1")}  # fmt: skip
    assert not (site_dir / "nl/content.json").exists()
