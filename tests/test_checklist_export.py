"""The report in Markdown and the table in CSV: their texts as files, and what no words can do in them.

`TUNEREADY_REWRITE=1 pytest …` writes the expected texts anew; look at the difference.
"""

from __future__ import annotations

import csv
import html.parser
import io
import json
from dataclasses import replace
from pathlib import Path

import markdown as renderer
import pytest
from answers_documents import GUIDE, answered, documents
from dataset_cases import REWRITE
from hypothesis import given, settings
from hypothesis import strategies as st

from tuneready.checklist.answers import Answers, Entry, dumps, read_answers
from tuneready.checklist.compare import compare
from tuneready.checklist.compare_output import to_markdown as compared_markdown
from tuneready.checklist.compare_output import to_text as compared_text
from tuneready.checklist.compare_words import described
from tuneready.checklist.exchange import file_name
from tuneready.checklist.export import COLUMNS, to_csv, to_markdown
from tuneready.checklist.load import load_guide
from tuneready.checklist.overview import overview
from tuneready.checklist.overview_text import head, tail
from tuneready.checklist.preview import preview
from tuneready.checklist.spreadsheet import MARK, defused, freed

CASES = Path(__file__).parent / "cases" / "answers"
SMALL = load_guide(CASES / "checklists")


def read(name: str) -> Answers:
    return read_answers((CASES / name).read_text(encoding="utf-8"))


def outputs() -> dict[str, str]:
    """Return every expected file and its text."""
    hostile = read("hostile/answers.json")
    team = [read(f"team/{name}.json") for name in ("ann", "bo", "cy")]
    compared = compare(team, SMALL, "en", ["Ann", "Bo", "Cy"])
    comparison = described(compared, SMALL, "en")
    found = overview(hostile, SMALL, "en")
    incoming = preview(team[1], team[0], SMALL, "en")
    return {
        "hostile/report.md": to_markdown(hostile, SMALL, "en"),
        "hostile/launch.md": to_markdown(hostile, SMALL, "en", "launch"),
        "hostile/table.csv": to_csv(hostile, SMALL, "en"),
        "hostile/terminal.txt": head(found, "en") + tail(found, "en"),
        "hostile/overview.expected": json.dumps(found, ensure_ascii=False, indent=1) + "\n",
        "team/comparison.txt": compared_text(comparison, "en"),
        "team/comparison.md": compared_markdown(comparison, "en"),
        "team/agreed.expected": dumps(compared.agreed.with_questions(SMALL, "en")),
        "team/preview.expected": json.dumps(incoming, ensure_ascii=False, indent=1) + "\n",
    }


OUTPUTS = outputs()


@pytest.mark.parametrize("name", OUTPUTS)
def test_the_text_is_as_it_stands_in_its_file(name: str) -> None:
    file = CASES / name
    if REWRITE:
        file.write_bytes(OUTPUTS[name].encode())
    assert file.read_bytes().decode() == OUTPUTS[name]


# -- CSV ------------------------------------------------------------------------------------------

STARTS = tuple("=+-@\t\r＝＋－＠")


@settings(max_examples=500)
@given(st.text(st.sampled_from("=+-@\t\r\n;' ,a\"＝"), max_size=12) | st.text(max_size=12))
def test_no_cell_begins_a_formula_and_every_cell_can_be_had_back(text: str) -> None:
    cell = defused(text)
    assert freed(cell) == text
    assert not cell.startswith(STARTS)
    for part in cell.replace("\r", "\n").replace(";", "\n").split("\n")[1:]:
        assert not part.startswith(("=", "+", "@", "＝", "＋", "－", "＠"))
        assert not part.startswith("-") or part[1:2] in ("", "-") or part[1:2].isspace()


def table(text: str) -> list[dict[str, str]]:
    assert text.startswith(MARK)
    # As RFC 4180 has it: every line ends with CR LF, and what holds one is quoted.
    rows = list(csv.reader(io.StringIO(text.removeprefix(MARK), newline=""), strict=True))
    assert rows[0] == list(COLUMNS)
    return [dict(zip(rows[0], map(freed, row), strict=True)) for row in rows[1:]]


@settings(max_examples=60)
@given(documents())
def test_the_table_gives_back_what_was_said(answers: Answers) -> None:
    rows = {row["item"]: row for row in table(to_csv(answers, GUIDE, "en"))}
    for item, entry in answers.items.items():
        if not entry.is_said:
            continue
        row = rows[item]
        for name in ("answer", "reason", "note", "evidence", "owner", "changed"):
            assert row[name] == (getattr(entry, name) or "")


def test_the_table_is_the_same_data_in_every_language() -> None:
    english, dutch = (table(to_csv(answered(GUIDE), GUIDE, language)) for language in ("en", "nl"))
    for ours, theirs in zip(english, dutch, strict=True):
        differing = {name for name in COLUMNS if ours[name] != theirs[name]}
        assert differing <= {"question", "check"}


# -- Markdown -------------------------------------------------------------------------------------


class Tags(html.parser.HTMLParser):
    """Collects tags, attributes and the text between."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""

    def handle_starttag(self, tag, attrs) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data) -> None:
        self.text += data


def rendered(markdown: str) -> Tags:
    tags = Tags()
    tags.feed(renderer.markdown(markdown, extensions=["tables"]))
    return tags


OURS = {"h1", "h2", "h3", "p", "ul", "ol", "li", "strong", "br", "a"}
NASTY = st.text(st.sampled_from("<>*_`[]()!#|\\~&-+=:./1 \n\tab\"'javascript:"), max_size=60)


@settings(max_examples=150)
@given(NASTY, NASTY)
def test_words_are_only_words(note: str, other: str) -> None:
    entry = Entry(answer="no", note=note, reason=other, evidence=other, owner=note)
    first = SMALL.checklists[0].items[0].id
    answers = Answers(name=other, items={first: entry, "gone": replace(entry, text=note or None)})
    found = rendered(to_markdown(answers, SMALL, "en"))
    plain = rendered(to_markdown(Answers(name="x", items={first: Entry(answer="no")}), SMALL, "en"))
    assert {tag for tag, _ in found.tags} <= OURS
    assert not [attributes for tag, attributes in found.tags if tag == "a" or attributes]
    # No heading is made, and none is lost; the archive has one.
    headings = [sum(tag in {"h1", "h2", "h3"} for tag, _ in each.tags) for each in (found, plain)]
    assert headings[0] == headings[1] + 1


@pytest.mark.parametrize(
    ("evidence", "is_link"),
    [
        ("https://example.org/a?b=c&d=(e)#f", True),
        ("HTTP://example.org", True),
        ("javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("ftp://example.org", False),
        ("https://example.org and more", False),
        ("https://exa\u202emple.org", False),
        ("https://example.org/>", False),
        ("see https://example.org", False),
        ("//example.org", False),
    ],
)
def test_only_an_address_of_the_web_is_a_link(evidence, is_link) -> None:
    item = GUIDE.checklists[0].items[0].id
    answers = Answers(items={item: Entry(answer="yes", evidence=evidence)})
    links = [tag for tag in rendered(to_markdown(answers, GUIDE, "en")).tags if tag[0] == "a"]
    assert bool(links) == is_link
    if is_link:
        assert links == [("a", {"href": evidence})]
    (shown,) = [
        each
        for checklist in overview(answers, GUIDE, "en")["checklists"]
        for each in checklist["items"]
        if each["item"] == item
    ]
    assert (shown["evidence_href"] is not None) == is_link


@pytest.mark.parametrize(
    ("name", "saved", "file"),
    [
        ("Invoice triage", "2026-11-22T17:20:00Z", "tuneready-invoice-triage-2026-11-22.md"),
        ("", None, "tuneready.md"),
        ("../../etc/passwd\x00", None, "tuneready-etc-passwd.md"),
        ("Überprüfung 中文", None, "tuneready-berpr-fung.md"),
        ("x" * 200, None, f"tuneready-{'x' * 70}.md"),
    ],
)
def test_the_file_has_a_name_that_every_system_takes(name, saved, file) -> None:
    assert file_name(Answers(name=name, saved=saved), "md") == file
