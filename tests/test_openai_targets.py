"""OpenAI, Azure OpenAI, Mistral, Together and Fireworks: what their sources say, and real files."""

from __future__ import annotations

import json

import pytest
from dataset_cases import check
from test_dataset_real import FOLDER

from tuneready.finding import Severity
from tuneready.rules.json_schema import schema_faults
from tuneready.targets import find_model, find_target, targets

MINE = ("azure-openai", "openai", "mistral", "mistral-finetune", "together", "fireworks")
OWN = [target for name, target in targets().items() if name.split("/")[0] in MINE]

# Each was read; what is said in the texts is for the rules on texts.
REAL = {
    ("dpo-orca.validation.jsonl", "azure-openai/dpo"): [("few-pairs", 1)],
    ("dpo-orca.validation.jsonl", "openai/dpo"): [],
    ("dpo-orca.validation.jsonl", "together/dpo"): [],
    ("dpo-orca.validation.jsonl", "fireworks/dpo"): [],
    ("rft-countdown.train.jsonl", "azure-openai/rft"): [],
    ("rft-countdown.train.jsonl", "openai/rft"): [],
    ("sft-gsm8k.train.jsonl", "mistral/sft"): [],
    ("sft-gsm8k.train.jsonl", "mistral-finetune/sft"): [],
    ("sft-gsm8k.train.jsonl", "together/sft"): [],
    ("sft-gsm8k.train.jsonl", "fireworks/sft"): [],
    # Its ids are call_1 and so on: fine for OpenAI, not nine characters as Mistral wants them.
    ("sft-toolcall.train.jsonl", "mistral/sft"): [("call-id-not-nine", 36)],
    # Every line defines tools, which the last published checks do not know.
    ("sft-toolcall.train.jsonl", "together/sft"): [("newer-than-published-checks", 86)],
    ("sft-toolcall.train.jsonl", "fireworks/sft"): [],
    # Its images are links.
    ("sft-vision-chartqa.train.jsonl", "fireworks/sft"): [("image-is-link", 100)],
    ("sft-vision-chartqa.train.jsonl", "openai/sft"): [],
}


@pytest.mark.parametrize(("name", "target"), REAL, ids=" ".join)
def test_real_file(name: str, target: str) -> None:
    file = FOLDER / name
    if not file.exists():
        pytest.skip(f"{name} is not at hand; set TUNEREADY_REAL_DATA to its folder")
    entry = check(file.read_bytes(), target, depth="format")
    assert [(rule["name"], rule["count"]) for rule in entry["rules"]] == REAL[name, target]


@pytest.mark.parametrize("target", OWN, ids=lambda target: target.name)
def test_everything_says_where_it_was_read(target) -> None:
    assert target.status.sources
    for layout in target.layouts:
        assert layout.sources
    for setting in target.rules.values():
        assert setting.source is None or target.sources[setting.source].read
    for model in target.models.values():
        assert model.until is None or model.note is not None


def test_prices_are_openais_own_and_dated() -> None:
    for target in OWN:
        for model in target.models.values():
            for price in model.prices:
                assert price.currency == "USD"
                assert target.sources[price.source].dated is not None
                if target.name.startswith("azure-openai/"):  # its prices per token were not read
                    assert (model.name, price.per) == ("o4-mini", "hour")
    model = find_model(find_target("openai/sft"), "gpt-4.1-2025-04-14")
    assert [(price.amount, price.per) for price in model.prices] == [
        (25.0, "million training tokens")
    ]


def test_limits() -> None:
    rft = find_target("openai/rft").limits
    assert (rft.max_examples, rft.max_validation_examples) == (50_000, 1_000)
    for name in ("sft", "completion", "dpo", "rft"):
        assert find_target(f"azure-openai/{name}").limits.max_job_tokens == 2_000_000_000
    fireworks = find_target("fireworks/sft").limits
    assert (fireworks.min_examples, fireworks.max_examples) == (3, 3_000_000)
    assert (fireworks.example_tokens, fireworks.over_limit) == (32_768, "cut")
    mistral = find_target("mistral/sft").limits
    assert (mistral.max_file, mistral.max_validation_file) == (512 * 2**20, 2**20)
    assert find_target("together/sft").limits.max_file == int(50.1 * 2**30)


def test_what_conflicts_is_no_error() -> None:
    """Where sources disagree, we warn."""
    conflicts = {
        "azure-openai/sft": ["content-null", "blank-line", "byte-order-mark", "developer-role"],
        "azure-openai/rft": ["grader-field-missing", "system-role"],
        "mistral/sft": ["content-beside-calls", "image-as-object", "answered-call-missing"],
        "together/sft": ["newer-than-published-checks", "begins-with-assistant", "file-too-large"],
    }
    for name, rules in conflicts.items():
        for rule in rules:
            assert find_target(name).rules[rule].severity is not Severity.ERROR


def test_the_printed_example_of_preferences_is_not_json() -> None:
    """Azure's page doubles the first brace of its example; who copies it is told where."""
    line = '{{ "input": {"messages": [{"role": "user", "content": "Hi"}]}}\n'
    entry = check(line.encode(), "azure-openai/dpo")
    found = [each for each in entry["findings"] if each["line"] == 1]
    assert [(each["name"], each["column"]) for each in found] == [("unexpected-character", 2)]


def test_extra_keys_inside_what_is_asked() -> None:
    """Together's checks do not look at other keys there; Azure's page does not speak of them."""
    record = {
        "input": {"messages": [{"role": "user", "content": "Hi"}], "id": 7},
        "preferred_output": [{"role": "assistant", "content": "Hello"}],
        "non_preferred_output": [{"role": "assistant", "content": "What?"}],
    }
    line = json.dumps(record).encode()
    assert check(line, "together/dpo")["rules"] == []
    names = [rule["name"] for rule in check(line, "azure-openai/dpo")["rules"]]
    assert names == ["unknown-record-key", "too-few-examples"]


@pytest.mark.parametrize("schema", [True, False, {}, {"$ref": "#/x", "unknown": [1]}])
def test_schemas_that_are_fine(schema) -> None:
    assert [*schema_faults(schema)] == []


@pytest.mark.parametrize("schema", [None, 1, "object", []])
def test_what_is_no_schema(schema) -> None:
    assert [(path, value) for path, value, _ in schema_faults(schema)] == [((), schema)]
