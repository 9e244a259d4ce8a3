"""Answers in a link: nothing is lost on the way, and no damage passes for answers."""

from __future__ import annotations

import base64
import json
import zlib
from dataclasses import replace

import pytest
from answers_documents import GUIDE, ITEMS, answered, documents
from hypothesis import given, settings
from hypothesis import strategies as st

from tuneready.checklist import share
from tuneready.checklist.answers import Answers, Entry
from tuneready.checklist.exchange import shared
from tuneready.checklist.share import LinkError, decode, encode, fragment_of
from tuneready.strictjson import JsonError

ADDRESS = "https://some.host.example/a/rather/long/base/path/nl/overview/#answers="
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def words(entry: Entry) -> Entry:
    """Return what a link carries of an entry."""
    return replace(entry, wording=None, text=None, checklist=None, changed=None)


def said(answers: Answers) -> dict[str, Entry]:
    return {item: words(entry) for item, entry in answers.items.items() if entry.is_said}


@settings(max_examples=300)
@given(documents(ITEMS))
def test_a_link_gives_back_what_it_was_given(answers: Answers) -> None:
    opened = decode(encode(answers), GUIDE)
    assert said(opened.answers) == said(answers)
    assert (opened.answers.name, opened.answers.scope) == (answers.name, answers.scope)
    assert opened.unknown == 0


@given(documents(ITEMS), st.randoms())
def test_the_order_of_answers_does_not_matter(answers: Answers, random) -> None:
    items, scope = list(answers.items.items()), list(answers.scope.items())
    random.shuffle(items)
    random.shuffle(scope)
    assert encode(replace(answers, items=dict(items), scope=dict(scope))) == encode(answers)


@given(documents())
def test_what_the_guide_does_not_have_is_counted(answers: Answers) -> None:
    opened = decode(encode(answers), GUIDE)
    gone = [item for item in said(answers) if item not in ITEMS]
    assert opened.unknown == len(gone)
    assert set(opened.answers.items).isdisjoint(gone)


def test_wordings_are_known_again_when_the_guide_is_the_same() -> None:
    answers = answered(GUIDE)
    opened = decode(encode(answers), GUIDE)
    assert opened.same_guide
    assert {item: entry.wording for item, entry in opened.answers.items.items()} == GUIDE.wordings
    assert opened.answers.seen == answers.seen
    other = decode(encode(replace(answers, guide="00000001")), GUIDE)
    assert not other.same_guide
    assert not any(entry.wording for entry in other.answers.items.values())
    assert other.answers.seen == {}


def test_a_guide_in_another_order_reads_the_same() -> None:
    turned = replace(
        GUIDE,
        checklists=tuple(
            replace(checklist, items=checklist.items[::-1]) for checklist in GUIDE.checklists[::-1]
        ),
    )
    answers = answered(GUIDE)
    assert decode(encode(answers), turned).answers.plain == answers.plain


# -- damage ---------------------------------------------------------------------------------------

COMPLETE = encode(answered(GUIDE))


def refused(fragment: str, language: str = "en") -> str:
    with pytest.raises(JsonError) as raised:
        decode(fragment, GUIDE)
    text = raised.value.said(language)
    assert text
    assert "{" not in text
    return text


@settings(max_examples=400)
@given(st.integers(0, len(COMPLETE) - 1), st.sampled_from(ALPHABET))
def test_one_other_sign_anywhere_is_noticed(place: int, sign: str) -> None:
    damaged = COMPLETE[:place] + sign + COMPLETE[place + 1 :]
    if damaged != COMPLETE:
        refused(damaged)


def test_every_bit_counts() -> None:
    data = base64.urlsafe_b64decode(COMPLETE[1:] + "=" * (-len(COMPLETE[1:]) % 4))
    for bit in range(len(data) * 8):
        flipped = bytearray(data)
        flipped[bit // 8] ^= 1 << bit % 8
        refused("1" + base64.urlsafe_b64encode(flipped).decode().rstrip("="))


def test_every_beginning_is_incomplete() -> None:
    for length in range(1, len(COMPLETE)):
        assert "incomplete" in refused(COMPLETE[:length])


@given(st.permutations(list(COMPLETE[1:40])), st.integers(1, 20), st.integers(1, 9))
def test_signs_that_were_moved_doubled_or_lost(order: list[str], place: int, count: int) -> None:
    for damaged in (
        COMPLETE[0] + "".join(order) + COMPLETE[40:],
        COMPLETE[:place] + COMPLETE[place : place + count] + COMPLETE[place:],
        COMPLETE[:place] + COMPLETE[place + count :],
        COMPLETE + COMPLETE[:count],
        COMPLETE.swapcase(),
    ):
        if damaged != COMPLETE:
            refused(damaged)


@settings(max_examples=300)
@given(st.text(max_size=300) | st.text(ALPHABET, max_size=900).map(lambda text: "1" + text))
def test_any_text_is_refused_with_a_sentence(text: str) -> None:
    for language in ("en", "nl"):
        refused(fragment_of(text), language)


def made(
    rest: bytes, *, words: bytes = b"", count: int = 0, version: bytes = bytes(4), bits: bytes = b""
) -> str:
    """Return a fragment whose checksum is right, whatever it holds."""
    rest = rest or version + share._number(count) + bits + words
    data = share._number(len(rest)) + rest
    return "1" + base64.urlsafe_b64encode(share._checksum(data) + data).decode().rstrip("=")


def packed(value: object) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15, zdict=share._WORDS)
    text = value if isinstance(value, bytes) else json.dumps(value).encode()
    return packer.compress(text) + packer.flush()


SOMETHING_ELSE = "holds something other than answers"
FRAGMENTS = {
    "": "nothing follows “#answers=”",
    "2AAAA": "made by a newer version",
    "9": "made by a newer version",
    "xAAAA": "does not begin as they do",
    "eyJhbGciOiJIUzI1NiJ9": "does not begin as they do",
    "1": "incomplete",
    "1AAAA": "incomplete",
    "1?q=1": "signs that none of them has",
    "1" + "A" * 200_000: "200,001 characters are more than any of them has",
    made(b"\x00"): SOMETHING_ELSE,
    made(b"", count=5): SOMETHING_ELSE,
    made(b"", count=2**31): SOMETHING_ELSE,
    made(b"", count=1, bits=b"\xff" * 20): SOMETHING_ELSE,
    made(b"", words=b"\x00\x01"): SOMETHING_ELSE,
    made(b"", words=packed("text")): SOMETHING_ELSE,
    made(b"", words=packed(["name"])): SOMETHING_ELSE,
    made(b"", words=packed(b"\xff")): SOMETHING_ELSE,
    made(b"", words=packed(["name", {}]) + b"more"): SOMETHING_ELSE,
    made(b"", words=packed(["name", {}, {"0": ["note"]}])): SOMETHING_ELSE,
    made(b"", words=packed(["name", {}, {"x": ["note"]}])): SOMETHING_ELSE,
    made(b"", words=packed([3, {}])): "“name” is 3; expected a text.",
    made(b"", words=packed(["x" * 201, {}])): "expected a text of at most 200 characters",
    made(b"", words=packed(["", {"a b": "c"}])): "the key “a b” is not a name",
    made(b"", words=packed(b"[" * 1000)): "more than 5 levels deep",
    made(b"", words=packed(b'["' + b" " * 70_000_000 + b'", {}]')): SOMETHING_ELSE,
}  # fmt: skip


@pytest.mark.parametrize("fragment", FRAGMENTS, ids=lambda fragment: fragment[:40])
def test_what_is_not_a_link_of_ours_gets_one_sentence(fragment: str) -> None:
    assert FRAGMENTS[fragment] in refused(fragment)


def test_a_bomb_is_small_and_is_not_unpacked() -> None:
    bomb = next(reversed(FRAGMENTS))
    assert len(bomb) < share.MOST_READ
    assert FRAGMENTS[bomb] == SOMETHING_ELSE


@settings(max_examples=300)
@given(st.binary(max_size=60))
def test_whatever_follows_a_right_checksum_is_answers_or_a_sentence(rest: bytes) -> None:
    fragment = made(rest or b"\x00")
    try:
        opened = decode(fragment, GUIDE)
    except JsonError:
        return
    assert decode(encode(opened.answers), GUIDE).answers.plain == opened.answers.plain


@pytest.mark.parametrize(
    "pasted",
    [
        ADDRESS + COMPLETE,
        f"  {ADDRESS}{COMPLETE}\n",
        f"<{ADDRESS}{COMPLETE}>"[1:],
        f"{ADDRESS}{COMPLETE}.",
        f"#answers={COMPLETE}",
        f"answers={COMPLETE}",
        ADDRESS.replace("=", "%3D") + COMPLETE,
        COMPLETE,
    ],
)
def test_a_link_may_be_pasted_in_many_ways(pasted: str) -> None:
    assert fragment_of(pasted) == COMPLETE


# -- what fits ------------------------------------------------------------------------------------


def many(count: int) -> Answers:
    cycle = ("yes", "no", "not_applicable")
    items = {f"some-item-{number}": Entry(answer=cycle[number % 3]) for number in range(count)}
    return Answers(name="Invoice triage", guide=GUIDE.version, scope={"method": "sft"}, items=items)


@pytest.mark.parametrize(("count", "most"), [(0, 60), (121, 650), (300, 1450), (400, 1900)])
def test_a_link_stays_short(count: int, most: int) -> None:
    assert len(encode(many(count))) <= most


def test_all_questions_fit_with_room_to_spare() -> None:
    found = shared(answered(GUIDE), GUIDE, ADDRESS, "en", notes=False)
    assert found["characters"] == len(found["link"]) < 800
    assert found["link"] == ADDRESS + found["fragment"]
    assert found["left_out"] == []


def test_words_stay_unless_they_are_asked_for() -> None:
    answers = answered(GUIDE, words=True)
    found = shared(answers, GUIDE, ADDRESS, "en", notes=False)
    assert found["left_out"] == ["Notes, owners and evidence stay here; the file has them."]
    opened = decode(found["fragment"], GUIDE).answers
    assert opened.plain == answers.plain
    assert not any(entry.note or entry.owner for entry in opened.items.values())


def test_words_go_along_if_they_fit() -> None:
    answers = answered(GUIDE)
    first, second = ITEMS[:2]
    items = dict(answers.items)
    items[first] = replace(
        items[first], note="A note <b>\n", owner="Ann", evidence="https://e.example"
    )
    items[second] = Entry(reason="A reason without an answer")
    answers = replace(answers, items=items)
    found = shared(answers, GUIDE, ADDRESS, "en", notes=True)
    assert found["left_out"] == []
    assert said(decode(found["fragment"], GUIDE).answers) == said(answers)


def test_words_that_do_not_fit_stay_and_that_is_said() -> None:
    answers = answered(GUIDE, words=True)
    found = shared(answers, GUIDE, ADDRESS, "en", notes=True)
    assert found["characters"] <= share.MOST_CHARACTERS
    assert found["left_out"] == [
        "Notes, owners and evidence do not fit into a link; the file has them."
    ]
    assert decode(found["fragment"], GUIDE).answers.plain == answers.plain


def test_answers_that_do_not_fit_are_refused() -> None:
    with pytest.raises(LinkError, match="too many answers for a link"):
        share.share(many(2000), notes=False, room=1900)


def test_the_archive_stays_here_and_that_is_said() -> None:
    answers = replace(answered(GUIDE), items={"gone": Entry(answer="yes")})
    found = shared(answers, GUIDE, ADDRESS, "en", notes=True)
    assert found["left_out"] == ["1 question that is no longer asked stays here; the file has it."]
    assert decode(found["fragment"], GUIDE).answers.items == {}


def test_a_reworded_question_makes_the_link_one_of_another_version() -> None:
    answers = answered(GUIDE)
    items = {**answers.items, ITEMS[0]: replace(answers.items[ITEMS[0]], wording="00000000")}
    found = shared(replace(answers, items=items), GUIDE, ADDRESS, "en", notes=False)
    assert not decode(found["fragment"], GUIDE).same_guide


def test_two_items_that_a_link_cannot_tell_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(share, "_hash", lambda item: len(item) % 50)
    answers = answered(GUIDE)
    with pytest.raises(LinkError, match="Two of the questions look the same to a link"):
        encode(answers)
    # One of them alone can be written; whoever reads it cannot tell which of them it is.
    first = ITEMS[0]
    opened = decode(encode(replace(answers, items={first: answers.items[first]})), GUIDE)
    assert (opened.answers.items, opened.unknown) == ({}, 1)
