"""The catalogue keeps its promises: order, names, examples, cases, targets and sources."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from dataset_cases import CASES, SIZES, check, report_on

from tuneready.finding import Severity
from tuneready.rules import RULES
from tuneready.targets import targets

if TYPE_CHECKING:
    from tuneready.rules.base import Rule

HUGE = {
    "line-too-long",
    "image-too-large",
    "file-too-large",
    "file-over-portal-limit",
    "file-over-one-request",
    "too-many-messages",
    "too-many-image-examples",
    "message-very-long",
    "too-many-examples",
    "too-many-validation-examples",
    "too-few-validation-examples",
    "validation-file-too-large",
    "validation-share-too-large",
    "too-many-examples-together",
    "file-name-refused",
    "example-over-token-limit",
    "job-over-token-limit",
    "epochs-over-token-limit",
}
# The role function has a shape of its own, and is deprecated.
ALSO = {
    "function-message-shape": {"functions-deprecated"},
    # Only the documentation knows such weights, and it does not know negative ones.
    "record-weight-negative": {"newer-than-published-checks"},
}


def rule_id(rule: Rule) -> str:
    return rule.name


def names(data: str | bytes, rule: Rule) -> set[str]:
    raw = data if isinstance(data, bytes) else data.encode()
    options: dict[str, Any] = {"depth": "full" if rule.is_beyond_format else "format"}
    if rule.training is not None:
        options["validation_of"] = report_on(rule.training.encode(), rule.target)
    return {found["name"] for found in check(raw, rule.target, **options)["rules"]}


def test_codes_are_in_order_and_used_once() -> None:
    codes = [rule.code for rule in RULES]
    assert codes == sorted(set(codes))
    assert all(re.fullmatch(r"TR[0-9]\d\d", code) for code in codes)
    assert len({rule.name for rule in RULES}) == len(RULES)


@pytest.mark.parametrize("rule", RULES, ids=rule_id)
def test_texts(rule: Rule) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", rule.name)
    assert not {"no", "invalid", "bad", "must"} & set(rule.name.split("-"))
    assert not rule.title.endswith(".")
    for text in (rule.why, rule.remedy):
        assert text.endswith((".", "data.jsonl", ")", "…"))
    for text in (rule.title, rule.why, rule.remedy):
        assert "nvalid" not in text.replace("contains invalid schema", "")
        assert text == text.strip()


@pytest.mark.parametrize("rule", RULES, ids=rule_id)
def test_examples(rule: Rule) -> None:
    """The bad example has exactly this finding, the good one has none."""
    own_size = {rule.name} & set(SIZES)
    if rule.bad is None:
        assert rule.name in HUGE  # each has a test of its own, with a smaller limit
    else:
        found = names(rule.bad, rule) - (set(SIZES) - own_size)
        assert found == {rule.name} | ALSO.get(rule.name, set())
    assert rule.name not in names(rule.good, rule)
    assert names(rule.good, rule) <= set(SIZES)


@pytest.mark.parametrize("rule", RULES, ids=rule_id)
def test_cases_exist(rule: Rule) -> None:
    folder = CASES / "rules" / rule.name
    assert any(folder.glob("good-*.jsonl"))
    assert rule.name in HUGE or any(folder.glob("bad-*.jsonl"))


def test_every_folder_of_cases_is_of_a_rule() -> None:
    folders = {folder.name for folder in (CASES / "rules").iterdir() if folder.is_dir()}
    assert folders == {rule.name for rule in RULES}


@pytest.mark.parametrize("rule", RULES, ids=rule_id)
def test_a_target_has_the_rule(rule: Rule) -> None:
    name = rule.target.split()[0]
    assert rule.name in targets()[name].rules


@pytest.mark.parametrize("target", targets().values(), ids=lambda target: target.name)
def test_targets_name_rules_and_sources_that_exist(target) -> None:
    assert set(target.rules) <= {rule.name for rule in RULES}
    for setting in target.rules.values():
        assert setting.source is None or setting.source in target.sources
    for source in target.sources.values():
        assert source.url.startswith("https://")
        assert re.fullmatch(r"2026-\d\d-\d\d", source.read)


# What a file must be to be read at all needs no source.
OWN_ERRORS = {
    "empty-file",
    "compressed-file",
    "binary-file",
    "web-page",
    "table-file",
    "json-array-file",
    "json-over-several-lines",
    "carriage-return-line-ends",
    "line-too-long",
    "record-not-object",
    "record-of-another-kind",
}


@pytest.mark.parametrize("target", targets().values(), ids=lambda target: target.name)
def test_an_error_rests_on_a_source(target) -> None:
    without = {
        name
        for name, setting in target.rules.items()
        if setting.severity is Severity.ERROR and setting.source is None
    }
    assert without <= OWN_ERRORS
