"""`tuneready assess` and `tuneready compare`, as a person types them."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from answers_documents import GUIDE, ITEMS, TOP, answered

from tuneready.checklist.answers import Answers, Entry, dumps, read_answers
from tuneready.checklist.export import to_csv, to_markdown
from tuneready.checklist.share import encode
from tuneready.cli import main

if TYPE_CHECKING:
    from pathlib import Path

BY_ID = {item.id: item for _, item in GUIDE.items()}
GOOD = {item.id: "yes" if item.kind == "ready" else "no" for item in BY_ID.values()}
READY = Answers(
    name="Invoices",
    saved="2026-11-22T17:20:00Z",
    guide=GUIDE.version,
    items={
        item: Entry(answer=answer, wording=GUIDE.wordings[item]) for item, answer in GOOD.items()
    },
)


@pytest.fixture(autouse=True)
def project(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(TOP)


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    status = main([str(argument) for argument in arguments])
    out, err = capsys.readouterr()
    return status, out, err


def saved(folder: Path, name: str, answers: Answers) -> Path:
    file = folder / name
    file.write_text(dumps(answers), encoding="utf-8")
    return file


def test_the_verdict_with_all_that_the_file_says(capsys, tmp_path: Path) -> None:
    first, second, third = ITEMS[:3]
    items = {
        **READY.items,
        first: replace(READY.items[first], wording="00000000", text="As it was asked"),
        second: replace(READY.items[second], evidence="https://example.org/minutes", owner="Ann"),
        "gone": Entry(answer="no", note="Still\u202e true", text="What we asked"),
    }
    del items[third]
    answers = replace(READY, items=items, scope={"method": "sft"}, seen={"why": (first, second)})
    status, out, err = run(capsys, "assess", saved(tmp_path, "a.json", answers))
    assert (status, err) == (0, "")
    assert out.startswith("Assessment “Invoices”\nSaved on 2026-11-22.\n")
    assert GUIDE.scope["method"].options["sft"].en in out
    for heading in (
        "New since it was answered",
        "Reworded since it was answered",
        "No longer asked; kept in the file",
        "Evidence",
        "Owners",
    ):
        assert f"\n{heading}\n{'-' * len(heading)}\n" in out
    assert "It was asked as: As it was asked" in out
    assert "No: What we asked" in out
    assert r"Still\u202e true" in out
    assert "https://example.org/minutes" in out
    assert "Ann: questions 1" in out


def test_json_is_the_assessment_and_with_all_the_overview(capsys, tmp_path: Path) -> None:
    file = saved(tmp_path, "a.json", READY)
    _, out, _ = run(capsys, "assess", file, "--format", "json")
    found = json.loads(out)
    assert (found["schema"], found["profile"]) == ("tuneready.assessment/1", "decide")
    assert found["verdict"] == "ready"
    _, out, _ = run(capsys, "assess", file, "--format", "json", "--profile", "launch")
    assert json.loads(out)["profile"] == "launch"
    _, out, _ = run(capsys, "assess", file, "--format", "json", "--profile", "all", "--lang", "nl")
    assert [each["profile"] for each in json.loads(out)["profiles"]] == list(GUIDE.verdict.profiles)


def test_all_verdicts_one_after_another(capsys, tmp_path: Path) -> None:
    _, out, _ = run(capsys, "assess", saved(tmp_path, "a.json", READY), "--profile", "all")
    assert [line for line in out.splitlines() if line.startswith("[")][:3] == [
        "[Decide]",
        "[Prepare]",
        "[Launch]",
    ]


@pytest.mark.parametrize(("profile", "has_data"), [(None, True), ("all", True), ("launch", False)])
def test_markdown_is_the_report_of_the_page(capsys, tmp_path: Path, profile, has_data) -> None:
    answers = answered(GUIDE, words=True)
    options = ["--profile", profile] if profile else []
    file = saved(tmp_path, "a.json", answers)
    status, out, _ = run(capsys, "assess", file, "--format", "markdown", *options)
    only = None if profile in (None, "all") else profile
    assert (status, out) == (0, to_markdown(answers, GUIDE, "en", only))
    assert (f"## {GUIDE.checklist('data').title.en}" in out) == has_data


def test_csv_is_the_table_of_the_page_byte_for_byte(capfdbinary, tmp_path: Path) -> None:
    answers = answered(GUIDE, words=True)
    assert main(["assess", str(saved(tmp_path, "a.json", answers)), "--format", "csv"]) == 0
    out = capfdbinary.readouterr().out
    assert out == to_csv(answers, GUIDE, "en").encode()
    assert len(list(csv.reader(io.StringIO(out.decode("utf-8-sig"), newline="")))) == len(ITEMS) + 1


@pytest.mark.parametrize(
    "form", ["https://example.org/x/overview/#answers={}", "#answers={}", "{}"]
)
def test_a_link_gives_the_verdict_of_its_file(capsys, tmp_path: Path, form: str) -> None:
    answers = answered(GUIDE)
    _, ours, _ = run(capsys, "assess", saved(tmp_path, "a.json", answers), "--format", "json")
    status, theirs, err = run(capsys, "assess", form.format(encode(answers)), "--format", "json")
    assert (status, err) == (0, "")
    assert json.loads(theirs) == json.loads(ours)


def test_a_link_of_other_checklists_says_how_much_is_unknown(capsys) -> None:
    link = encode(Answers(items={**READY.items, "gone": Entry(answer="yes")}))
    status, _, err = run(capsys, "assess", link)
    assert status == 0
    assert err == (
        "tuneready: 1 answer of the link is to a question that these checklists do not have.\n"
    )


def test_standard_input_is_read(capsys, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(dumps(READY).encode())))
    status, out, _ = run(capsys, "assess", "-", "--format", "json")
    assert (status, json.loads(out)["verdict"]) == (0, "ready")


@pytest.mark.parametrize(
    ("answers", "profile", "required", "status"),
    [
        (READY, "decide", "ready", 0),
        (READY, "all", "ready", 0),
        (Answers(), "decide", "nearly-ready", 1),
        (replace(READY, items={**READY.items, ITEMS[0]: Entry(answer="no")}), "decide", "ready", 1),
        (replace(READY, items={**READY.items, ITEMS[0]: Entry(answer="no")}), "launch", "ready", 0),
    ],
)
def test_a_pipeline_can_require_a_verdict(
    capsys, tmp_path: Path, answers, profile, required, status
) -> None:
    file = saved(tmp_path, "a.json", answers)
    options = ("--profile", profile, "--require", required)
    assert run(capsys, "assess", file, *options)[0] == status


FILES = {
    "broken.json": '{"schema": "tuneready.answers/2",',
    "newer.json": '{"schema": "tuneready.answers/9"}',
    "typo.json": '{"schema": "tuneready.answers/2", "items": {"why-owner": {"answer": "ja"}}}',
}


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["assess", "gone.json"], "gone.json cannot be read: there is no such file."),
        (
            ["assess", "broken.json"],
            "broken.json: The file is not JSON: something is wrong at line 1",
        ),
        (
            ["assess", "newer.json"],
            "newer.json: The file was written by a newer version of Tuneready",
        ),
        (
            ["assess", "typo.json"],
            "typo.json: “items.why-owner.answer” is “ja”; expected “yes”, “no”",
        ),
        (["assess", "latin.json"], "latin.json is not UTF-8 text."),
        (["assess", "#answers=1AAAA"], "The link is incomplete: its end is missing."),
        (["assess", "https://example.org/overview/"], "The link is not one of ours"),
        (["assess", "a.json", "--profile", "x"], "There is no profile called “x”; known: decide,"),
        (["compare", "a.json"], "A comparison takes the answers of two people or more."),
        (["compare", "a.json", "typo.json"], "typo.json: “items.why-owner.answer” is “ja”"),
        (["compare", "a.json", "a.json", "--output", "no/x.json"], "no/x.json cannot be written:"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(
    capsys, tmp_path: Path, monkeypatch, arguments, sentence
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "latin.json").write_bytes(b"\xe9")
    saved(tmp_path, "a.json", READY)
    status, _, err = run(capsys, *arguments, "--checklists", TOP / "checklists")
    assert status == 2
    assert err.startswith(f"tuneready: {sentence}")
    assert err.count("\n") == 1


# -- compare --------------------------------------------------------------------------------------


def test_people_are_compared_and_what_they_agree_on_is_written(capsys, tmp_path: Path) -> None:
    first, second = ITEMS[:2]
    other = {**READY.items, first: Entry(answer="no", note="Not yet")}
    del other[second]
    files = [
        saved(tmp_path, "ann.json", READY),
        saved(tmp_path, "bo.json", replace(READY, items=other)),
    ]
    agreed = tmp_path / "agreed.json"
    status, out, err = run(capsys, "compare", *files, "--output", agreed)
    assert (status, err) == (0, "")
    # Both assessments have one name, so the files tell who is who.
    assert out.startswith("Compared: ann, bo\n")
    assert f"  - [Blocking] {BY_ID[first].text.en[:40]}" in out
    assert "    ann: Yes\n    bo: No – Not yet\n" in out
    found = read_answers(agreed.read_text(encoding="utf-8"))
    assert found.items[first].answer is None
    assert found.items[first].note == "ann: Yes\nbo: No – Not yet"
    assert found.plain == {item: answer for item, answer in GOOD.items() if item != first}
    assert run(capsys, "assess", agreed)[0] == 0


def test_names_of_assessments_count_where_they_differ(capsys, tmp_path: Path) -> None:
    files = [
        saved(tmp_path, "1.json", replace(READY, name="Ann")),
        encode(replace(READY, name="Bo")),
    ]
    _, out, _ = run(capsys, "compare", *files, "--format", "json", "--profile", "launch")
    found = json.loads(out)
    assert found["schema"] == "tuneready.comparison/1"
    assert [person["name"] for person in found["people"]] == ["Ann", "Bo"]
    assert {each["checklist"] for each in found["agreeing"]} == {"launch-gate"}
    assert [each["profile"] for each in found["agreed"]] == ["launch"]


def test_a_comparison_as_markdown_in_dutch(capsys, tmp_path: Path) -> None:
    file = saved(tmp_path, "a.json", READY)
    status, out, _ = run(capsys, "compare", file, file, "--format", "markdown", "--lang", "nl")
    assert status == 0
    assert out.startswith("# ")
    assert BY_ID[ITEMS[0]].text.get("nl") in out


def test_a_file_without_an_end_is_not_read_to_it(capsys, tmp_path: Path) -> None:
    endless = tmp_path / "endless.json"
    with endless.open("wb") as file:
        file.truncate(1 << 34)
    status, out, err = run(capsys, "assess", endless)
    assert (status, out) == (2, "")
    assert "has more than 20,000,000 bytes" in err
