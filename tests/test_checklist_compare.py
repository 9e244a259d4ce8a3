"""Several people's answers: what differs first, and what is agreed without losing a word."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from answers_documents import GUIDE, ITEMS, answered, documents
from hypothesis import given, settings
from hypothesis import strategies as st

from tuneready.checklist.answers import Answers, Entry, dumps, plain, read_answers
from tuneready.checklist.compare import compare
from tuneready.checklist.compare_output import to_markdown, to_text
from tuneready.checklist.compare_words import described
from tuneready.errors import TunereadyError

BY_ID = {item.id: item for _, item in GUIDE.items()}
OFFERED = [item for item in ITEMS if BY_ID[item].offers_not_applicable]
BLOCKERS = [item for item in ITEMS if BY_ID[item].blocker]
LIGHT = [item for item in OFFERED if BY_ID[item].weight == 1]


def person(name: str = "", **entries: Entry | str) -> Answers:
    items = {
        item: Entry(answer=entry) if isinstance(entry, str) else entry
        for item, entry in entries.items()
    }
    return Answers(name=name, items=items)


def people(item: str, *entries: Entry | str | None) -> list[Answers]:
    return [person(f"P{n}", **({item: each} if each else {})) for n, each in enumerate(entries)]


def test_one_person_is_no_comparison() -> None:
    with pytest.raises(TunereadyError, match="two people or more"):
        compare([Answers()], GUIDE, "en")


@pytest.mark.parametrize(
    ("answers", "where", "agreed"),
    [
        (("yes", "yes"), "agreeing", "yes"),
        (("yes", "no"), "differing", None),
        (("yes", "not_applicable"), "differing", None),
        (("yes", None), "partly", "yes"),
        ((None, None), "open", None),
        (("yes", "no", None), "differing", None),
        (("no", "no", "no"), "agreeing", "no"),
    ],
)
def test_an_item_is_agreed_when_all_who_answered_say_the_same(answers, where, agreed) -> None:
    item = OFFERED[0]
    found = compare(people(item, *answers), GUIDE, "en")
    places = [
        name
        for name in ("differing", "partly", "agreeing", "open")
        if any(each.item.id == item for each in getattr(found, name))
    ]
    assert places == [where]
    assert found.agreed.plain.get(item) == agreed


def test_an_answer_that_is_not_offered_does_not_count() -> None:
    item = BLOCKERS[0]
    found = compare(people(item, "yes", "not_applicable"), GUIDE, "en")
    assert [each.item.id for each in found.partly] == [item]
    assert found.agreed.items[item].answer == "yes"
    assert found.agreed.items[item].note == "P1: Not applicable"


def test_what_differs_comes_blockers_first_then_by_weight_then_by_spread() -> None:
    light, other = LIGHT[:2]
    blocker = BLOCKERS[-1]
    heavy = next(item for item in OFFERED if BY_ID[item].weight == 3)
    group = [
        person("A", **{light: "yes", other: "yes", blocker: "yes", heavy: "yes"}),
        person("B", **{light: "yes", other: "yes", blocker: "no", heavy: "no"}),
        person("C", **{light: "yes", other: "no", blocker: "no", heavy: "no"}),
        person("D", **{light: "no", other: "no", blocker: "no", heavy: "no"}),
    ]
    found = compare(group, GUIDE, "en")
    assert [each.item.id for each in found.differing] == [blocker, heavy, other, light]


def test_notes_keep_their_names_and_an_item_that_differs_says_who_said_what() -> None:
    item = OFFERED[0]
    first = Entry(answer="yes", note="We did.\nTwice.", owner="Ann", evidence="https://a.example")
    second = Entry(
        answer="not_applicable",
        reason="Own model.",
        note="See wiki",
        owner="Bo",
        evidence="A drawer",
    )
    entry = compare(people(item, first, second), GUIDE, "en").agreed.items[item]
    assert entry.answer is None
    assert entry.note == (
        "P0: Yes – We did.\nTwice.\nP1: Not applicable – Own model. – See wiki\nA drawer"
    )
    assert (entry.owner, entry.evidence) == ("Ann, Bo", "https://a.example")


def test_a_note_that_all_wrote_needs_no_names() -> None:
    item = OFFERED[0]
    same = Entry(answer="yes", note="Agreed on Monday")
    assert compare(people(item, same, same), GUIDE, "en").agreed.items[item].note == same.note


@settings(max_examples=40)
@given(st.lists(documents(), min_size=2, max_size=4))
def test_nothing_that_was_written_is_lost(group: list[Answers]) -> None:
    found = compare(group, GUIDE, "nl")
    for document in group:
        for item, entry in document.items.items():
            merged = found.agreed.items.get(item, Entry())
            kept = "\n".join(text or "" for text in (merged.note, merged.reason, merged.evidence))
            for text in (entry.note, entry.evidence, entry.reason):
                assert not text or text in kept
            assert not entry.owner or entry.owner in (merged.owner or "")
    # And it is a document like any other.
    assert read_answers(dumps(found.agreed)) == found.agreed


@settings(max_examples=40)
@given(st.lists(documents(ITEMS), min_size=2, max_size=4), st.randoms())
def test_what_is_agreed_does_not_depend_on_who_comes_first(group: list[Answers], random) -> None:
    turned = random.sample(group, len(group))
    first, second = (compare(each, GUIDE, "en") for each in (group, turned))
    assert first.agreed.plain == second.agreed.plain
    assert first.agreed.scope == second.agreed.scope
    for name in ("differing", "partly", "agreeing", "open"):
        assert [each.item.id for each in getattr(first, name)] == [
            each.item.id for each in getattr(second, name)
        ]


@settings(max_examples=40)
@given(documents())
def test_agreeing_with_oneself_changes_no_answer(answers: Answers) -> None:
    found = compare([answers, answers], GUIDE, "en")
    assert not found.differing
    assert not found.partly
    offered = {
        item: answer
        for item, answer in answers.plain.items()
        if item not in BY_ID or answer != "not_applicable" or item in OFFERED
    }
    assert found.agreed.plain == offered


def test_the_case_is_agreed_as_answers_are_and_leaves_items_out() -> None:
    item = next(item for item in BY_ID.values() if item.applies)
    question, options = next(iter(item.applies.items()))
    other = next(option for option in GUIDE.scope[question].options if option not in options)
    both = [replace(person("A", **{item.id: "no"}), scope={question: other}), person("B")]
    found = compare(both, GUIDE, "en")
    assert found.agreed.scope == {question: other}
    assert item.id not in [each.item.id for each in (*found.partly, *found.open)]
    assert found.agreed.items[item.id].answer == "no"  # kept, if the case should change

    both[1] = replace(both[1], scope={question: options[0]})
    found = compare(both, GUIDE, "en")
    assert found.agreed.scope == {}
    (sentence,) = [
        each for each in sentences(found) if each.startswith("You differ about the case")
    ]
    assert "A: " in sentence
    assert "B: " in sentence


def sentences(found) -> list[str]:
    return described(found, GUIDE, "en")["sentences"]


def test_a_contradiction_that_only_both_together_make_is_named() -> None:
    sign = next(item for item in BY_ID.values() if item.mirrors)
    statement = BY_ID[sign.mirrors]
    found = compare(
        [person("A", **{sign.id: "yes"}), person("B", **{statement.id: "yes"})], GUIDE, "en"
    )
    (sentence,) = [each for each in sentences(found) if each.startswith("Together you contradict")]
    assert statement.text.en.rstrip(".") in sentence
    assert sign.text.en.rstrip(".") in sentence


def test_everyone_gets_a_name_of_their_own() -> None:
    group = [Answers(name=name) for name in ("Ann", "Ann", "", " ", "Ann (2)", "\u202ex\ny")]
    names = [person.name for person in compare(group, GUIDE, "en").people]
    assert names == ["Ann", "Ann (2)", "Person 3", "Person 4", "Ann (2) (2)", r"\u202ex\ny"]
    named = compare(group, GUIDE, "en", ["a", "b", "c", "d", "e", "f"])
    assert [person.name for person in named.people] == list("abcdef")


def test_reworded_questions_stay_reworded_in_what_is_agreed() -> None:
    item = ITEMS[0]
    old = Entry(answer="yes", wording="00000000", text="It was otherwise.")
    new = Entry(answer="yes", wording=GUIDE.wordings[item], text="As now")
    merged = compare(people(item, new, old), GUIDE, "en").agreed.items[item]
    assert (merged.wording, merged.text) == ("00000000", "It was otherwise.")


def test_new_for_one_is_new_for_all() -> None:
    group = [Answers(seen={"why": ("a", "b"), "data": ("c",)}), Answers(seen={"why": ("b", "d")})]
    assert compare(group, GUIDE, "en").agreed.seen == {"why": ("b",), "data": ("c",)}


HOSTILE = "<b>*x*</b> [a](javascript:b) | `c`\n# d\u202e=1"


@pytest.mark.parametrize("language", ["en", "nl"])
def test_hostile_words_do_no_harm_in_the_outputs(language: str) -> None:
    entry = Entry(answer="yes", note=HOSTILE, reason=HOSTILE, evidence="javascript:alert(1)")
    group = people(OFFERED[0], entry, "no")
    group[0] = replace(group[0], name=HOSTILE)
    plain_form = described(compare(group, GUIDE, language), GUIDE, language)
    for text in (to_text(plain_form, language), to_markdown(plain_form, language)):
        assert "\u202e" not in text
        assert text.endswith("\n")
    markdown = to_markdown(plain_form, language)
    assert "<b>" not in markdown
    assert not re.search(r"[^\\]\]\(", markdown)
    assert "\n# d" not in markdown


def test_a_complete_comparison_says_so() -> None:
    complete = answered(GUIDE)
    found = described(compare([complete, complete], GUIDE, "en"), GUIDE, "en")
    assert [len(found[name]) for name in ("differing", "partly")] == [0, 0]
    assert found["agreed"] == found["people"][0]["verdicts"]
    assert plain(compare([complete, complete], GUIDE, "en").agreed)["guide"] == GUIDE.version
