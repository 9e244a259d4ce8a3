"""Distributions are exact, and pieces of a file add up to the whole, wherever it is cut."""

from __future__ import annotations

import json
import statistics as standard
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tuneready.dataset.checker import Checker
from tuneready.dataset.cost import default_epochs, training, training_tokens
from tuneready.dataset.distribution import MOST_BINS, Distribution
from tuneready.dataset.report import document
from tuneready.dataset.tokens import native_counter
from tuneready.targets import targets, with_model
from tuneready.targets.base import Price

VALUES = st.lists(st.one_of(st.integers(0, 30), st.integers(0, 10**7)), min_size=1, max_size=60)


@given(VALUES)
def test_percentiles_are_by_nearest_rank(values) -> None:
    ordered = sorted(values)
    for percent, found in zip(
        range(1, 101), Distribution(values).percentiles(range(1, 101)), strict=True
    ):
        assert found in ordered
        below = sum(value <= found for value in ordered)
        assert below * 100 >= percent * len(ordered)
        smaller = [value for value in ordered if value < found]
        assert len(smaller) * 100 < percent * len(ordered)


@given(VALUES)
def test_json_of_a_distribution(values) -> None:
    found = Distribution(values).to_json()
    assert found is not None
    assert (found["count"], found["min"], found["max"]) == (len(values), min(values), max(values))
    assert abs(found["mean"] - standard.fmean(values)) <= 0.05 + 1e-6
    assert round(found["mean"], 1) == found["mean"]
    bins = found["histogram"]
    assert 1 <= len(bins) <= MOST_BINS
    assert sum(bin_["count"] for bin_ in bins) == len(values)
    for bin_ in bins:
        inside = sum(bin_["from"] <= value <= bin_["to"] for value in values)
        assert bin_["count"] == inside
    widths = {bin_["to"] - bin_["from"] + 1 for bin_ in bins}
    assert len(widths) == 1
    [width] = widths
    assert int(str(width).rstrip("0")) in (1, 2, 5)
    assert all(bin_["from"] % width == 0 for bin_ in bins)
    assert [bin_["from"] for bin_ in bins[1:]] == [bin_["to"] + 1 for bin_ in bins[:-1]]
    assert bins[0]["count"]
    assert bins[-1]["count"]


@given(VALUES, VALUES, st.integers(0, 10**7))
def test_distributions_merge_by_addition(first, second, most) -> None:
    merged = Distribution(first)
    merged.merge(Distribution(second))
    both = first + second
    assert merged == Distribution(both)
    assert merged.total == sum(both)
    assert merged.total_up_to(most) == sum(min(value, most) for value in both)
    assert merged.above(most) == sum(value > most for value in both)


def test_an_empty_distribution() -> None:
    assert Distribution().to_json() is None
    assert Distribution().histogram() == []


def test_a_worked_example() -> None:
    found = Distribution([1, 2, 2, 3, 40]).to_json()
    assert found is not None
    assert {key: found[key] for key in ("p5", "p25", "median", "p75", "p95", "mean")} == {
        "p5": 1, "p25": 2, "median": 2, "p75": 3, "p95": 40, "mean": 9.6,
    }  # fmt: skip
    assert found["histogram"][0] == {"from": 0, "to": 4, "count": 4}
    assert found["histogram"][-1] == {"from": 40, "to": 44, "count": 1}


@pytest.mark.parametrize(
    ("examples", "epochs"),
    [(1, 25), (4, 25), (5, 20), (10, 10), (33, 3), (34, 3), (8333, 3), (8334, 2), (12501, 1), (90_000, 1)],
)  # fmt: skip
def test_default_epochs_of_the_cookbook(examples, epochs) -> None:
    assert default_epochs(examples) == epochs


def test_the_cookbook_s_toy_file() -> None:
    """Five rows of 4,306 tokens: 20 epochs, 86,120 tokens."""
    made = training(Distribution([1000, 1000, 1000, 1000, 306]), 65536, sft(), str)
    assert (made["epochs"], made["tokens"]) == (20, 86_120)


LONG = Distribution([10, 20, 50, 80])


@pytest.mark.parametrize(
    ("over_limit", "expected"),
    [("cut", (110, 110)), ("dropped", (30, 30)), ("refused", (110, 160)), (None, (110, 160)), ("not stated", (110, 160))],
)  # fmt: skip
def test_tokens_over_the_limit(over_limit, expected) -> None:
    assert training_tokens(LONG, 40, over_limit) == expected
    assert training_tokens(LONG, 80, over_limit) == (160, 160)
    assert training_tokens(LONG, None, over_limit) == (160, 160)


def sft(*prices: Price, over_limit: str = "cut"):
    target = with_model(targets()["openai/sft"], "gpt-4o-2024-08-06")
    limits = replace(target.limits, over_limit=over_limit)
    assert target.model is not None
    return replace(target, limits=limits, model=replace(target.model, prices=prices))


def price(amount: float, per: str = "million training tokens") -> Price:
    return Price(amount=amount, currency="USD", per=per, source="OA-BP", note=None)


def test_cost_has_a_price_with_its_day() -> None:
    target = sft(price(25.0), price(100.0, "hour"))
    made = training(Distribution([1_000_000] * 40), None, target, str)
    assert made["epochs"] == 3
    source = target.sources["OA-BP"]
    assert made["cost"] == {
        "currency": "USD",
        "low": 3000.0,
        "high": 3000.0,
        "per_million": 25.0,
        "source": {"key": "OA-BP", "title": source.label, "url": source.url, "read": source.read},
        "read": source.read,
    }


def test_cost_is_a_range_over_prices_and_over_what_may_count() -> None:
    target = sft(price(2.0), price(1.0), over_limit="not stated")
    made = training(Distribution([100_000] * 40), 65_536, target, str)
    assert made["cost"]["low"] == round(40 * 65_536 * 3 * 1.0 / 1e6, 2)
    assert made["cost"]["high"] == 40 * 100_000 * 3 * 2.0 / 1e6
    assert made["cost"]["per_million"] == 2.0
    assert "65536" in made["note"]


def test_no_price_no_cost() -> None:
    assert training(LONG, None, sft(), str)["cost"] is None
    assert training(LONG, None, sft(price(100.0, "hour")), str)["cost"] is None


def test_without_a_model_a_reader_is_told_to_choose() -> None:
    target = sft()
    priced = replace(target.models["gpt-4o-2024-08-06"], prices=(price(25.0),))
    target = replace(target, model=None, models={"gpt-4o-2024-08-06": priced})
    made = training(LONG, None, target, str)
    assert made["cost"] is None
    assert "Choose a model" in made["note"]


TEXTS = ["Hi", "Hoe laat is het?", "中文 😀", "x" * 200, "Half vier, geloof ik.", "a: b"]


def lines() -> list[bytes]:
    """Plain chats, chats with tools and weights, and records with faults."""
    made: list[object] = []
    for i in range(14):
        said = [TEXTS[(i + j) % len(TEXTS)] + str(i) for j in range(3)]
        messages = [
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": said[0]},
            {"role": "assistant", "content": said[1]},
        ]
        if i % 3 == 0:
            messages += [
                {"role": "user", "content": said[2], "name": "Jan"},
                {"role": "assistant", "content": "Ja.", "weight": i % 2},
            ]
        if i % 5 == 0:
            messages.pop()
        made.append({"messages": messages})
    made.append({"messages": [{"role": "user", "content": 3}]})
    made.append({"prompt": "a", "completion": "b"})
    made.append("")
    return [json.dumps(record, ensure_ascii=False).encode() + b"\n" for record in made]


LINES = lines()
COUNTER = native_counter("o200k_base")


def check(data: bytes, *, first: bool = True, thorough: bool = False):
    target = targets()["openai/sft"]
    model = target.models["gpt-4o-2024-08-06"]
    models = {**target.models, "gpt-4o-2024-08-06": replace(model, example_tokens=40)}
    checker = Checker(
        replace(target, models=models),
        file="x",
        model="gpt-4o-2024-08-06",
        tokens=COUNTER,
        first=first,
        digest=False,
        thorough=thorough,
        max_findings=3,
    )
    checker.feed(data)
    return checker.close()


def test_a_file_cut_anywhere_merges_to_the_whole() -> None:
    whole = document([check(b"".join(LINES))], "en")
    tokens = whole["reports"][0]["statistics"]["tokens"]
    assert tokens["over_limit"] > 3
    for cut in range(len(LINES) + 1):
        merged = check(b"".join(LINES[:cut])) if cut else check(LINES[0])
        rest = LINES[cut:] if cut else LINES[1:]
        merged.merge(check(b"".join(rest), first=False))
        assert document([merged], "en") == whole, cut


def test_three_pieces_merge_in_any_grouping() -> None:
    a, b, c = LINES[:5], LINES[5:9], LINES[9:]
    whole = document([check(b"".join(LINES))], "en")
    left = check(b"".join(a))
    left.merge(check(b"".join(b), first=False))
    left.merge(check(b"".join(c), first=False))
    middle = check(b"".join(b), first=False)
    middle.merge(check(b"".join(c), first=False))
    right = check(b"".join(a))
    right.merge(middle)
    assert document([left], "en") == document([right], "en") == whole


def test_both_ways_count_the_same() -> None:
    data = b"".join(LINES)
    assert document([check(data)], "nl") == document([check(data, thorough=True)], "nl")


def test_total_is_tiktoken_s_own() -> None:
    """Worked out here from the records, by the cookbook's words."""
    assert COUNTER is not None
    total = 0
    for line in LINES[:14]:
        total += 3
        for message in json.loads(line)["messages"]:
            values = [value for value in message.values() if isinstance(value, str)]
            total += 3 + sum(COUNTER(values)) + ("name" in message)
    report = check(b"".join(LINES[:14]))
    assert report.statistics.tokens is not None
    assert report.statistics.tokens.per_example.total == total
