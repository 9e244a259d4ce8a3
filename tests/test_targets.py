"""The targets as data: what the sources say, in the places where it is used."""

from __future__ import annotations

import json

import pytest

from tuneready import targets as module
from tuneready.dataset.formats import FORMATS
from tuneready.errors import TunereadyError
from tuneready.locale import LANGUAGES
from tuneready.targets import find_model, find_target, read_yaml, targets

NAMES = {
    "axolotl": ["dpo", "prm", "sft"],
    "azure-openai": ["completion", "dpo", "rft", "sft"],
    "bedrock": ["claude-sft", "distillation", "llama-sft", "nova-sft", "rft"],
    "cohere": ["chat", "classify", "rerank"],
    "fireworks": ["dpo", "sft"],
    "gemini": ["preference", "rft", "sft"],
    "llama-factory": ["alpaca", "dpo", "kto", "sharegpt"],
    "llm-foundry": ["sft"],
    "mistral": ["sft"],
    "mistral-finetune": ["pretrain", "sft"],
    "openai": ["completion", "dpo", "rft", "sft"],
    "together": ["dpo", "sft"],
    "torchtune": ["dpo", "sft"],
    "trl": ["dpo", "grpo", "kto", "prm", "sft"],
}


def test_names() -> None:
    assert list(targets()) == sorted(f"{name}/{method}" for name in NAMES for method in NAMES[name])


def test_yaml_and_json_are_the_same(tmp_path, monkeypatch) -> None:
    """A wheel holds JSON; what is read from it is what the YAML says."""
    from_yaml = dict(targets())
    (tmp_path / "targets.json").write_text(json.dumps(read_yaml()), encoding="utf-8")
    monkeypatch.setattr(module, "FOLDER", tmp_path)
    targets.cache_clear()
    try:
        assert dict(targets()) == from_yaml
    finally:
        targets.cache_clear()


@pytest.mark.parametrize("target", targets().values(), ids=lambda target: target.name)
def test_texts_are_in_every_language(target) -> None:
    texts = [target.title, target.status.text]
    texts += [model.note for model in target.models.values() if model.note]
    for text in texts:
        assert {"en", *text.others} == set(LANGUAGES)
        assert text.get("xx") == text.en


@pytest.mark.parametrize("target", targets().values(), ids=lambda target: target.name)
def test_words_that_code_compares_with(target) -> None:
    assert target.formats <= FORMATS.keys()
    assert target.status.state in {"open", "closing", "withdrawn"}
    assert (target.status.date is not None) == (target.status.state == "closing")
    for model in target.models.values():
        assert model.status in {"current", "existing-customers", "withdrawn"}
        assert model.sources
        assert set(model.sources) <= set(target.sources)


def test_limits_that_differ() -> None:
    azure, openai = find_target("azure-openai/sft"), find_target("openai/sft")
    assert (azure.limits.max_images, openai.limits.max_images) == (64, 10)
    assert find_model(azure, "gpt-4.1-nano").example_tokens == 32_768
    assert find_model(openai, "gpt-4.1-nano-2025-04-14").example_tokens == 65_536
    assert openai.status.date == "2027-01-06"


def test_two_user_messages_in_a_row_are_fine() -> None:
    """Microsoft prints them as its own vision example."""
    assert not [
        name for name in find_target("azure-openai/sft").rules if "consecutive-user" in name
    ]


def test_unknown_names() -> None:
    with pytest.raises(TunereadyError, match="did you mean openai/sft"):
        find_target("openai/stf")
    with pytest.raises(TunereadyError, match="no model"):
        find_model(find_target("openai/sft"), "llama")
