"""What is said in texts: who is looked at, how often it is reported, and that nothing secret is shown."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml
from dataset_cases import CASES, check, report_on

from tuneready.dataset.quoting import around, described, fragment, path_text, shown
from tuneready.dataset.report import document, dumps
from tuneready.output.markdown import format_markdown
from tuneready.output.sarif import format_sarif
from tuneready.output.text import format_text
from tuneready.rules import RULES
from tuneready.targets import targets

MASKED = (
    "bank_accounts",
    "citizen_numbers",
    "email_addresses",
    "ip_addresses",
    "payment_cards",
    "phone_numbers",
    "postal_addresses",
    "secrets",
)


def private_cases() -> list[tuple[str, str]]:
    """Return texts with what must never be shown of them."""
    found = []
    for name in MASKED:
        data = yaml.safe_load((CASES / "detectors" / f"{name}.yaml").read_text(encoding="utf-8"))
        found += [(case["text"], mark) for case in data["finds"] for mark in case["marks"]]
    return found


PRIVATE = private_cases()
# Messages on JSON text quote 24 characters of it at most. Where what makes a number personal stands
# further off (a street, the word telephone), those characters alone do not tell.
TOLD_BY_MORE = ("0641832907 is", "Kerkweg 7a", "Postcode 3521BK")


def chat(answer: str, asked: str = "Hi", **more: Any) -> dict[str, Any]:
    return {
        "messages": [
            {"role": "user", "content": asked},
            {"role": "assistant", "content": answer, **more},
        ]
    }


def faulty_lines(text: str) -> list[str]:
    """Return lines that each have another fault, all about one text."""
    records: list[Any] = [
        chat(text),
        chat(text),
        chat(text + "\ufffd" + text),
        chat("x" * 40 + text),
        chat(f"I'm sorry, but I can't help with that: {text}"),
        chat(f"{text}. {text}\u200b<|im_end|>{{{{name}}}}"),
        chat(text.upper() + " IS WHAT IT WAS, AND IT IS SHOUTED FOR A WHILE"),
        chat("Hello", name=text),
        chat("Hello", weight=text),
        chat("Hello", **{text: 1}),
        {"messages": [{"role": text, "content": "Hi"}]},
        {"messages": text},
        {"messages": [text]},
        {**chat("Hello"), text: text},
        {**chat("Hello"), "tools": [{"type": text, "function": {"name": text}}]},
        {**chat("Hello"), "tools": [{"type": "function", "function": {"name": "a", "parameters": {"type": text}}}]},
        chat("Hello", tool_calls=[{"id": text, "type": "function", "function": {"name": text, "arguments": text}}]),
        {"messages": [{"role": "user", "content": [{"type": text, "text": text}, {"type": "image_url", "image_url": {"url": text, "detail": text}}]}, {"role": "assistant", "content": "Hi"}]},
        {"prompt": text, "completion": text},
        text,
    ]  # fmt: skip
    lines = [json.dumps(record) for record in records]
    if text.startswith(TOLD_BY_MORE):
        return lines
    quoted = json.dumps(text)
    return [
        *lines,
        f'{{"messages": {text}}}',
        f'{{{quoted}: 1, {quoted}: 2, "messages": []}}',
        f'{{"messages": [{quoted}',
        f"{{'messages': '{text}'}}",
        f'{{"messages": [{{"role": "user", "content": "{text}',
        f"{quoted} {quoted}",
        f'{{"messages": [] {quoted}}}',
        json.dumps(chat(text)) + text,
    ]


@pytest.mark.parametrize(("text", "mark"), PRIVATE, ids=range(len(PRIVATE)))
def test_no_output_shows_what_is_private(text: str, mark: str) -> None:
    data = "\n".join(faulty_lines(text)).encode()
    for target in ("azure-openai/sft", "openai/completion", "trl/dpo"):
        reports = document([report_on(data, target, max_findings=100)], "en")
        assert reports["reports"][0]["findings"]
        outputs = [
            dumps(reports),
            format_text(reports, "en"),
            format_markdown(reports, "en"),
            format_sarif(reports, "en", ["case.jsonl"]),
        ]
        for output in outputs:
            for secret in (mark, mark.strip(), json.dumps(mark)[1:-1]):
                assert secret not in output


@pytest.mark.parametrize(("text", "mark"), PRIVATE, ids=range(len(PRIVATE)))
def test_no_way_of_quoting_shows_what_is_private(text: str, mark: str) -> None:
    for quoted in (
        shown(text),
        shown(text + " " + "x" * 100),
        fragment(text),
        fragment(json.dumps(text)),
        described(text),
        path_text((text, 1, text)),
        around(text + " \ufffd " + text, len(text) + 1, len(text) + 2, 100),
    ):
        assert mark not in (quoted or "")


def test_a_fragment_is_masked_through_its_escapes() -> None:
    secret = "AK" + "IA75EFR6EDT4SYWB5W"
    escaped = '{"key": "\\u0041K\\u0049' + secret[3:] + '"'
    assert secret[5:] not in fragment(escaped)
    assert fragment('{"a": "\\u0041"') == '“{"a": "\\u0041"”'


def test_a_card_as_a_number_is_masked() -> None:
    record = {**chat("Hello"), "weight": 4539147803625715}
    entry = check(json.dumps(record).encode(), max_findings=100)
    assert "card" not in dumps(entry)


def found(record: dict[str, Any], target: str = "azure-openai/sft") -> dict[str, int]:
    entry = check(json.dumps(record).encode() + b"\n", target)
    return {rule["name"]: rule["count"] for rule in entry["rules"] if rule["code"] > "TR9"}


def test_answers_only() -> None:
    refusal = "I'm sorry, but I can't help with that."
    assert found(chat(refusal)) == {"answer-refuses": 1}
    assert found(chat("Hello", refusal)) == {}


def test_each_text_has_one_finding_of_a_rule() -> None:
    record = chat("jan@gmail.com, piet@gmail.com", "kees@gmail.com")
    entry = check(json.dumps(record).encode())
    messages = [f["message"] for f in entry["findings"] if f["name"] == "email-address-in-text"]
    assert messages == [
        "The text has the e-mail address k…@…m (places: 1).",
        "The text has the e-mail address j…@…m (places: 2).",
    ]


def test_a_worse_answer_may_be_bad_on_purpose() -> None:
    refusal = "I'm sorry, but I can't help with that."
    good = {
        "input": {"messages": [{"role": "user", "content": "Hi"}]},
        "preferred_output": [{"role": "assistant", "content": "Hello"}],
        "non_preferred_output": [{"role": "assistant", "content": refusal}],
    }
    swapped = {
        **good,
        "preferred_output": good["non_preferred_output"],
        "non_preferred_output": good["preferred_output"],
    }
    assert found(good, "azure-openai/dpo") == {}
    assert found(swapped, "azure-openai/dpo") == {"answer-refuses": 1}


def test_only_the_format_is_looked_at_when_asked() -> None:
    data = json.dumps(chat("TODO")).encode()
    assert any(rule["code"] > "TR9" for rule in check(data)["rules"])
    assert not any(rule["code"] > "TR9" for rule in check(data, depth="format")["rules"])


@pytest.mark.parametrize("target", targets().values(), ids=lambda target: target.name)
def test_none_of_it_is_an_error_anywhere(target) -> None:
    for rule in RULES:
        if rule.code > "TR9" and rule.name in target.rules:
            assert target.rules[rule.name].severity.value in ("warning", "note")


KEY = "AK" + "IA75EFR6EDT4SYWB5W"


@pytest.mark.parametrize(
    ("target", "message"),
    [
        (
            "openai/sft",
            {
                "role": "assistant",
                "tool_calls": [
                    {
                        "id": "c1",
                        "type": "function",
                        "function": {"name": "send", "arguments": json.dumps({"key": KEY})},
                    }
                ],
            },
        ),
        (
            "gemini/sft",
            {
                "role": "model",
                "parts": [{"functionCall": {"name": "send", "args": {"deep": [{"key": KEY}]}}}],
            },
        ),
        (
            "bedrock/nova-sft",
            {
                "role": "assistant",
                "content": [{"toolUse": {"toolUseId": "1", "name": "send", "input": {"key": KEY}}}],
            },
        ),
    ],
)
@pytest.mark.parametrize("thorough", [False, True])
def test_what_tools_are_given_is_looked_at(
    target: str, message: dict[str, Any], *, thorough: bool
) -> None:
    definition = {"type": "function", "function": {"name": "send", "parameters": {}}}
    record = {
        "openai/sft": {
            "messages": [{"role": "user", "content": "Hi"}, message],
            "tools": [definition],
        },
        "gemini/sft": {"contents": [{"role": "user", "parts": [{"text": "Hi"}]}, message]},
        "bedrock/nova-sft": {
            "schemaVersion": "bedrock-conversation-2024",
            "messages": [{"role": "user", "content": [{"text": "Hi"}]}, message],
        },
    }[target]
    again = json.dumps(record).encode() + b"\n"
    report = check(again * 2, target, thorough=thorough, max_findings=100)
    places = [f["path"] for f in report["findings"] if f["name"] == "secret-in-text"]
    assert len(places) == 2
    assert KEY not in dumps(report)


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("{to:jan.devries@gmail.com", "devries@gmail"),
        ("http://a:b@h.nl/x?key=4539 1478 0362 5715", "0362"),
        ("http://u@h.nl/x?key=+31 6 41832907", "4183"),
        ("u:password: Zolnz4dpJSCc7x@h.nl/?k=password: Zolnz4dpJSCc7x", "4dpJSCc"),
    ],
)
def test_what_is_shown_is_hidden_sooner_than_it_is_reported(text: str, mark: str) -> None:
    assert mark not in shown(text, 200)
    assert mark not in fragment(text, 200)
