"""The sums on the pages add up: each table is calculated again, in both languages."""

from __future__ import annotations

import math
import re
from pathlib import Path

import pytest

DOCS = Path(__file__).resolve().parents[1] / "docs"
NUMBER = re.compile(r"\d[\d.,]*")
MILLION = re.compile(r"mil(?:lion|joen)")

# The figures of the worked sums, as the page on cost states them.
HOSTING = 1_224
TOKEN = 1.10 / 1_000_000
ONE_OFF = 30_000
CORRECTION = 0.50


def rows(language: str, page: str, section: str) -> list[list[str]]:
    """The cells of the first table of a section, without its labels."""
    text = (DOCS / language / "guide" / f"{page}.md").read_text(encoding="utf-8")
    part = text.split(f"{{ #{section} }}")[1].split("\n#")[0]
    table = re.search(r"(?:^\|.*\n)+", part, re.MULTILINE)[0]
    return [line.strip("|").split("|") for line in table.splitlines()[2:]]


def value(cell: str, language: str) -> float:
    """The last number of a cell, as its language writes it; 0 for a dash."""
    found = NUMBER.findall(cell.replace("&nbsp;", ""))
    if not found:
        return 0
    thousands, point = (",", ".") if language == "en" else (".", ",")
    plain = found[-1].replace(thousands, "").replace(point, ".")
    return float(plain) * (1_000_000 if MILLION.search(cell) else 1)


@pytest.mark.parametrize("language", ["en", "nl"])
def test_a_shorter_prompt_breaks_even_where_the_table_says(language):
    for row in rows(language, "cost", "break-even"):
        tokens, full, cached = (value(cell, language) for cell in row)
        expected = HOSTING / (tokens * TOKEN)
        assert full == pytest.approx(expected, rel=0.02)
        assert cached == pytest.approx(10 * expected, rel=0.02)


@pytest.mark.parametrize("language", ["en", "nl"])
def test_the_cost_per_accepted_answer_is_the_sum_of_its_parts(language):
    *parts, total, at_five_times = (
        [value(cell, language) for cell in row[1:]]
        for row in rows(language, "cost", "per-accepted-answer")
    )
    one_off, hosting, _, _ = parts
    assert one_off[-1] == pytest.approx(ONE_OFF / 1_200_000, abs=5e-4)
    assert hosting[-1] == pytest.approx(HOSTING / 100_000, abs=5e-4)
    for column in range(3):
        fixed = one_off[column] + hosting[column]
        rest = parts[2][column] + parts[3][column]
        assert total[column] == pytest.approx(fixed + rest, abs=1e-3)
        assert at_five_times[column] == pytest.approx(fixed / 5 + rest, abs=1e-3)


@pytest.mark.parametrize("language", ["en", "nl"])
def test_corrections_cost_what_is_rejected(language):
    rejected = rows(language, "cost", "per-accepted-answer")[3]
    for cell in rejected[1:]:
        share = int(re.search(r"(\d+)%", cell)[1]) / 100
        assert value(cell, language) == pytest.approx(share * CORRECTION)


@pytest.mark.parametrize("language", ["en", "nl"])
def test_fewer_months_raise_the_volume_that_pays(language):
    # What an answer of the tuned model saves against the large one, apart from fixed costs.
    *_, use, correction = (
        [value(cell, language) for cell in row[1:]]
        for row in rows(language, "cost", "per-accepted-answer")[:4]
    )
    saved = use[1] + correction[1] - use[2] - correction[2]
    for row in rows(language, "cost", "lifetime"):
        months, monthly, volume = (value(cell, language) for cell in row)
        assert monthly == ONE_OFF / months
        assert volume == pytest.approx((monthly + HOSTING) / saved, rel=2e-3)


@pytest.mark.parametrize("language", ["en", "nl"])
def test_margins_are_those_of_the_normal_approximation(language):
    for row in rows(language, "evaluation", "sample-size"):
        cases, single, paired, unseen = (value(cell, language) for cell in row)
        # Points: 80% of one score; one case in five on which two models differ; rule of three.
        assert single == pytest.approx(196 * math.sqrt(0.8 * 0.2 / cases), abs=0.35)
        assert paired == pytest.approx(196 * math.sqrt(0.2 / cases), abs=0.45)
        assert unseen == pytest.approx(300 / cases)
