"""Answers survive what a browser does to them: two tabs, faults of storage, older versions."""

from __future__ import annotations

import json
import random
import time
from typing import TYPE_CHECKING, Any

import pytest
from kept import CASE, FIRST, PREFIX, answer, call, chosen, entry, put, settled, stored
from playwright.sync_api import Page, expect

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.browser

SEED = 20261122
TICKS = 200
# Closer than this, two tabs' changes count as simultaneous.
SIMULTANEOUS_MS = 20

# Ticks on its own clock, so that both tabs are at it at the same time; tells what each tick left.
TICK = """async ([ticks, start]) => {
  const log = [];
  while (Date.now() < start) await new Promise(go => setTimeout(go, 1));
  for (const [item, value, pause] of ticks) {
    await new Promise(go => setTimeout(go, pause));
    const radio = document.querySelector(`#${item} input[value=${value}]`);
    radio.click();
    log.push({item, answer: radio.checked ? value : null, time: Date.now()});
  }
  return log;
}"""
FILL = """() => {
  for (let text = "x".repeat(1 << 20), n = 0; text; n++) {
    try { localStorage.setItem(`fill${n}`, text); } catch { text = text.slice(text.length / 2 + 1); }
  }
}"""
EMPTY = "for (let n = 0; n < 60; n++) localStorage.removeItem(`fill${n}`)"
BLOCK = "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('no', 'SecurityError') }})"


def two_tabs(page: Page, address: str) -> tuple[Page, Page]:
    page.goto(address)
    other = page.context.new_page()
    other.goto(address)
    return page, other


def at_once(tabs: tuple[Page, Page], script: str, arguments: tuple[Any, Any]) -> list[Any]:
    """Run a script in both tabs at the same time, and return what each gave."""
    start = int(time.time() * 1000) + 500
    for tab, argument in zip(tabs, arguments, strict=True):
        tab.evaluate(f"argument => {{ window.done = ({script})(argument); }}", [argument, start])
    return [tab.evaluate("window.done") for tab in tabs]


def until_same(tabs: tuple[Page, Page], what: Callable[[Page], Any]) -> Any:
    """Wait until both tabs say the same for a while, and return it."""
    same = 0
    for _ in range(100):
        first, second = map(what, tabs)
        same = same + 1 if first == second else 0
        if same == 5:
            return first
        tabs[0].wait_for_timeout(100)
    pytest.fail(f"the tabs do not agree: {first} and {second}")


def answers(page: Page) -> dict[str, str | None]:
    """What the form shows, item by item."""
    settled(page)
    return page.evaluate(
        """Object.fromEntries([...document.querySelectorAll("[data-item]")].map(item =>
          [item.id, item.querySelector("[data-key]:checked")?.value ?? null]))"""
    )


def items_of(page: Page) -> list[str]:
    return list(answers(page))


def test_two_hundred_ticks_in_each_of_two_tabs_lose_none(page: Page, site: str) -> None:
    """On the same eleven questions; of each, the last tick is what both tabs and storage have."""
    tabs = two_tabs(page, f"{site}decide/why/")
    items = items_of(page)
    chance = random.Random(SEED)  # noqa: S311 - for the same test each time
    ticks = [
        [
            [chance.choice(items), chance.choice(["yes", "no"]), chance.randrange(8)]
            for _ in range(TICKS)
        ]
        for _ in tabs
    ]
    logs = at_once(tabs, TICK, (ticks[0], ticks[1]))
    assert [len(log) for log in logs] == [TICKS, TICKS]
    final = until_same(tabs, answers)
    told = 0
    for item in items:
        own = [[tick for tick in log if tick["item"] == item] for log in logs]
        last = [log[-1] for log in own]
        if abs(last[0]["time"] - last[1]["time"]) < SIMULTANEOUS_MS:
            assert final[item] in {tick["answer"] for tick in last}, item
            continue
        told += 1
        assert final[item] == max(last, key=lambda tick: tick["time"])["answer"], item
    assert told > len(items) / 2
    for item in items:
        assert entry(page, item).get("answer") == final[item]
    page.reload()
    assert answers(page) == final


def test_two_hundred_ticks_on_different_lists_lose_none(page: Page, site: str) -> None:
    """Both tabs begin with an empty storage: it is one assessment that they begin."""
    page.goto(f"{site}decide/why/")
    other = page.context.new_page()
    other.goto(f"{site}decide/tried/")
    chance = random.Random(SEED + 1)  # noqa: S311 - for the same test each time
    ticks = [
        [
            [item, chance.choice(["yes", "no"]), chance.randrange(6)]
            for item in chance.choices(items_of(tab), k=TICKS)
        ]
        for tab in (page, other)
    ]
    logs = at_once((page, other), TICK, (ticks[0], ticks[1]))
    expected = {tick["item"]: tick["answer"] for log in logs for tick in log}
    for tab, own in ((page, "why-"), (other, "tried-")):
        shown = {item: one for item, one in answers(tab).items() if one}
        assert shown == {i: a for i, a in expected.items() if a and i.startswith(own)}
    page.reload()
    kept = call(page, "return Object.fromEntries(store.answers())")
    assert kept == {item: one for item, one in expected.items() if one}
    assert call(page, "return store.all().map(one => one.id)") == [FIRST]


def test_an_answer_here_and_a_note_there_both_survive(page: Page, site: str) -> None:
    """On the same item, at the same moment, for every item of the list."""
    tabs = two_tabs(page, f"{site}decide/why/")
    items = items_of(page)
    answering = """async ([items, start]) => {
      for (const [n, item] of items.entries()) {
        while (Date.now() < start + 60 * n) await new Promise(go => setTimeout(go, 0));
        document.querySelector(`#${item} input[value=yes]`).click();
      }
    }"""
    noting = """async ([items, start]) => {
      for (const [n, item] of items.entries()) {
        while (Date.now() < start + 60 * n) await new Promise(go => setTimeout(go, 0));
        const field = document.querySelector(`#${item} [data-entry=note]`);
        field.value = `about ${item}`;
        field.dispatchEvent(new Event("input", {bubbles: true}));
      }
    }"""
    start = int(time.time() * 1000) + 500
    for tab, script in zip(tabs, (answering, noting), strict=True):
        tab.evaluate(f"argument => {{ window.done = ({script})(argument); }}", [items, start])
    for tab in tabs:
        tab.evaluate("window.done")

    def both(tab: Page) -> list[tuple[str | None, str]]:
        return [
            (chosen(tab, f"#{item}"), tab.input_value(f"#{item} [data-entry=note]"))
            for item in items
        ]

    assert until_same(tabs, both) == [("yes", f"about {item}") for item in items]
    page.reload()
    assert both(page) == [("yes", f"about {item}") for item in items]


def test_another_tab_shows_at_once_what_was_answered(page: Page, site: str) -> None:
    first, second = two_tabs(page, f"{site}decide/why/")
    answer(first, CASE, "yes")
    answer(second, "#why-owner", "no")
    expect(first.locator("#why-owner input[value=no]")).to_be_checked()
    expect(second.locator(f"{CASE} input[value=yes]")).to_be_checked()
    expect(second.locator("[data-count]")).to_contain_text("2 of 11")


def test_a_clock_that_was_set_back_drops_nothing(page: Page, site: str) -> None:
    page.goto(f"{site}decide/why/")
    answer(page, CASE, "yes")
    page.reload()
    page.evaluate("Date.now = () => 1_000_000_000_000")
    answer(page, CASE, "no")
    other = page.context.new_page()
    other.goto(f"{site}decide/why/")
    other.locator(f"{CASE} [data-more] summary").click()
    other.fill(f"{CASE} [data-entry=note]", "looked at")
    page.wait_for_timeout(300)
    assert (chosen(page, CASE), chosen(other, CASE)) == ("no", "no")
    assert entry(page, CASE[1:])["note"] == "looked at"


def test_an_entry_without_anything_is_none(page: Page, site: str) -> None:
    page.goto(f"{site}decide/why/")
    answer(page, CASE, "yes")
    answer(page, CASE, "yes")
    assert call(page, "return store.entries().size") == 0
    assert call(page, "return store.document().items") == {}
    # It stays a while for its times only; then it goes.
    page.evaluate("Date.now = (now => () => now() + 60_000)(Date.now.bind(Date))")
    page.add_init_script("Date.now = (now => () => now() + 60_000)(Date.now.bind(Date))")
    page.reload()
    settled(page)
    assert not [key for key in stored(page) if key.startswith("entry:")]


def test_blocked_storage_works_in_memory_and_says_so(page: Page, site: str) -> None:
    page.add_init_script(BLOCK)
    page.goto(f"{site}decide/why/")
    answer(page, CASE, "yes")
    notice = page.locator("[data-keeping=blocked]")
    expect(notice).to_be_visible()
    # Also on the next page, and as a file.
    page.locator("tr-checklist [data-end]").click()
    page.wait_for_selector("tr-checklist[checklist=tried]")
    answer(page, "#tried-stronger-model", "no")
    page.go_back()
    page.wait_for_selector("tr-checklist[checklist=why]")
    assert chosen(page, CASE) == "yes"
    with page.expect_download() as download:
        notice.locator("[data-action=download]").click()
    saved = json.loads(download.value.path().read_text(encoding="utf-8"))
    assert saved["schema"] == "tuneready.answers/2"
    assert {item: one["answer"] for item, one in saved["items"].items()} == {
        "tried-stronger-model": "no",
        "why-specific-use-case": "yes",
    }
    page.provoked = True  # Material's own scripts look at the storage too


def test_a_full_storage_keeps_what_it_has_and_takes_the_rest_later(page: Page, site: str) -> None:
    page.goto(f"{site}decide/tried/")
    answer(page, "#tried-stronger-model", "yes")
    page.goto(f"{site}decide/why/")
    page.evaluate(FILL)
    answer(page, CASE, "yes")
    page.locator(f"{CASE} [data-more] summary").click()
    page.fill(f"{CASE} [data-entry=note]", "not stored yet")
    expect(page.locator("[data-keeping=full]")).to_be_visible()
    with page.expect_download() as download:
        page.locator("[data-keeping=full] [data-action=download]").click()
    saved = json.loads(download.value.path().read_text(encoding="utf-8"))
    assert saved["items"]["why-specific-use-case"]["note"] == "not stored yet"
    page.locator("tr-checklist [data-end]").click()
    page.wait_for_selector("tr-checklist[checklist=tried]")
    assert chosen(page, "#tried-stronger-model") == "yes"
    page.evaluate(EMPTY)
    answer(page, "#tried-stronger-model", "no")
    expect(page.locator("[data-keeping=full]")).to_be_hidden()
    page.goto(f"{site}decide/why/")
    assert chosen(page, CASE) == "yes"
    assert entry(page, CASE[1:])["note"] == "not stored yet"


def test_room_made_in_another_tab_is_used(page: Page, site: str) -> None:
    first, second = two_tabs(page, f"{site}decide/why/")
    answer(first, "#why-owner", "yes")
    first.evaluate(FILL)
    answer(first, CASE, "yes")
    expect(first.locator("[data-keeping=full]")).to_be_visible()
    second.evaluate(EMPTY)
    answer(second, "#why-owner", "no")
    expect(first.locator("[data-keeping=full]")).to_be_hidden()
    expect(second.locator(f"{CASE} input[value=yes]")).to_be_checked()


DAMAGED = [
    ("current", "not an id"),
    (f"assessment:{FIRST}", '{"name": "Invo'),
    (f"assessment:{FIRST}", '{"name": 7, "created": "", "scope": {}}'),
    (f"assessment:{FIRST}", '{"name": "A", "created": "", "scope": {"method": 1}}'),
    (f"entry:{FIRST}:why-owner", '{"answer": "ye'),
    (f"entry:{FIRST}:why-owner", "null"),
    (f"entry:{FIRST}:why-owner", "[]"),
    (f"entry:{FIRST}:why-owner", '"yes"'),
    (f"seen:{FIRST}:why", "{}"),
    (f"seen:{FIRST}:why", "[1]"),
    # What Python would refuse, and with it the whole assessment.
    (f"assessment:{FIRST}", json.dumps({"name": "x" * 201, "created": "", "scope": {}})),
    (f"assessment:{FIRST}", '{"name": "A", "created": "", "scope": {"a b": "c"}}'),
    (f"entry:{FIRST}:why-owner", '{"answer": "yes", "changed": "yesterday"}'),
    (f"entry:{FIRST}:why-owner", '{"answer": "yes", "wording": "zz"}'),
    (f"entry:{FIRST}:why-owner", json.dumps({"note": "x" * 20_001})),
    (f"entry:{FIRST}:__proto__", '{"answer": "yes"}'),
    (f"entry:{FIRST}:a:b", '{"answer": "yes"}'),
    (f"seen:{FIRST}:why", '["a b"]'),
    ("evidence:0123456789abcdef:openai/sft", '{"file": "train.jsonl"}'),
    ("answers:tried", '{"schema": "tune'),
]


@pytest.mark.parametrize(("key", "text"), DAMAGED)
def test_what_cannot_be_read_is_set_aside(page: Page, site: str, key: str, text: str) -> None:
    page.goto(f"{site}decide/why/")
    answer(page, CASE, "yes")
    put(page, {key: text})
    page.reload()
    expect(page.locator("[data-keeping=unreadable]")).to_be_visible()
    assert chosen(page, CASE) == "yes"
    answer(page, "#why-owner", "no")
    page.reload()
    expect(page.locator("[data-keeping=unreadable]")).to_be_hidden()
    assert (chosen(page, CASE), chosen(page, "#why-owner")) == ("yes", "no")
    assert stored(page)[f"unreadable:{key}"] == text


def test_what_is_sound_of_a_damaged_entry_goes_on(page: Page, site: str) -> None:
    page.goto(f"{site}decide/why/")
    damaged = '{"answer":"perhaps","note":"Ask Ann","owner":["Bo"],"__proto__":{"answer":"yes"}}'
    put(page, {f"entry:{FIRST}:why-owner": damaged})
    page.reload()
    expect(page.locator("[data-keeping=unreadable]")).to_be_visible()
    assert entry(page, "why-owner") == {"note": "Ask Ann"}
    assert stored(page)[f"unreadable:entry:{FIRST}:why-owner"] == damaged
    assert page.evaluate("({}).answer === undefined")


def test_every_cut_of_an_entry_is_read_or_set_aside(page: Page, site: str) -> None:
    page.goto(f"{site}decide/why/")
    answer(page, "#why-owner", "yes")
    page.locator("#why-owner [data-more] summary").click()
    page.fill("#why-owner [data-entry=note]", "Ann – “after June” 🙂")
    left = page.evaluate(
        """async prefix => {
          const own = document.querySelector('script[src*="/js/tuneready.js"]').src;
          const store = own.replace("tuneready.js", "answers.js");
          const key = Object.keys(localStorage).find(one => one.endsWith(":why-owner"));
          const aside = `${prefix}unreadable:${key.slice(prefix.length)}`;
          const text = localStorage.getItem(key);
          const lost = [];
          for (let end = 0; end < text.length; end++) {
            localStorage.removeItem(aside);
            localStorage.setItem(key, text.slice(0, end));
            const fresh = await import(`${store}?cut=${end}`);
            fresh.entries();
            if (localStorage.getItem(aside) !== text.slice(0, end)) lost.push(end);
          }
          return lost;
        }""",
        PREFIX,
    )
    assert left == []


def test_a_damaged_entry_in_a_full_storage_is_not_overwritten(page: Page, site: str) -> None:
    page.goto(f"{site}decide/why/")
    answer(page, CASE, "yes")
    key, damaged = f"entry:{FIRST}:why-owner", '{"answer": "ye'
    put(page, {key: damaged})
    page.evaluate(FILL)
    page.reload()
    answer(page, "#why-owner", "no")
    expect(page.locator("[data-keeping=full]")).to_be_visible()
    assert chosen(page, "#why-owner") == "no"
    assert stored(page)[key] == damaged
    page.evaluate(EMPTY)
    answer(page, "#why-task-stable", "yes")
    assert stored(page)[f"unreadable:{key}"] == damaged
    assert entry(page, "why-owner")["answer"] == "no"


def old(**answers: str) -> str:
    plain = {item.replace("_", "-"): one for item, one in answers.items()}
    return json.dumps({"schema": "tuneready.answers/1", "answers": plain})


def test_answers_of_an_earlier_version_are_taken_over_once(page: Page, site: str) -> None:
    page.goto(site)
    put(
        page, {"answers:why": old(why_owner="no"), "answers:tried": old(tried_stronger_model="yes")}
    )
    page.goto(f"{site}decide/why/")
    assert chosen(page, "#why-owner") == "no"
    expect(page.locator("[data-changed]")).to_be_hidden()
    assert not [key for key in stored(page) if key.startswith("answers:")]
    assert entry(page, "tried-stronger-model")["answer"] == "yes"
    answer(page, "#why-owner", "no")
    page.reload()
    assert chosen(page, "#why-owner") is None


def test_an_earlier_version_does_not_win_over_a_newer_answer(page: Page, site: str) -> None:
    page.goto(f"{site}decide/why/")
    answer(page, "#why-owner", "yes")
    put(page, {"answers:why": old(why_owner="no", why_task_stable="no")})
    page.reload()
    assert (chosen(page, "#why-owner"), chosen(page, "#why-task-stable")) == ("yes", "no")


def test_assessments_are_apart_from_each_other(page: Page, site: str) -> None:
    first, second = two_tabs(page, f"{site}decide/why/")
    answer(first, CASE, "yes")
    name = first.locator("tr-checklist [data-assessment]")
    expect(name).to_have_text("My assessment")
    triage = call(first, "return store.create('Invoice triage').id")
    expect(name).to_have_text("Invoice triage")
    expect(first.locator(f"{CASE} input:checked")).to_have_count(0)
    # The other tab goes along, so that its answers go where the reader thinks.
    expect(second.locator("tr-checklist [data-assessment]")).to_have_text("Invoice triage")
    answer(second, CASE, "no")
    expect(first.locator(f"{CASE} input[value=no]")).to_be_checked()
    copy = call(first, "return store.duplicate(store.current().id, 'Copy').id")
    expect(first.locator(f"{CASE} input[value=no]")).to_be_checked()
    answer(first, CASE, "yes")
    call(first, "store.choose(argument)", triage)
    expect(first.locator(f"{CASE} input[value=no]")).to_be_checked()
    call(first, "window.undo = store.remove(argument)", triage)
    assert sorted(one["id"] for one in call(first, "return store.all()")) == sorted([FIRST, copy])
    assert not [key for key in stored(first) if triage in key]
    first.evaluate("window.undo()")
    expect(name).to_have_text("Invoice triage")
    expect(first.locator(f"{CASE} input[value=no]")).to_be_checked()
    call(first, "store.rename(argument, ' Mail triage ')", triage)
    expect(second.locator("tr-checklist [data-assessment]")).to_have_text("Mail triage")


def test_a_loaded_document_replaces_all_and_can_be_taken_back(page: Page, site: str) -> None:
    first, second = two_tabs(page, f"{site}decide/why/")
    answer(first, CASE, "yes")
    answer(second, "#why-owner", "yes")
    expect(first.locator("#why-owner input[value=yes]")).to_be_checked()
    before = call(first, "return store.document()")
    loaded = {
        "name": "From Bo",
        "scope": {"method": "sft"},
        "items": {"why-owner": {"answer": "no", "note": "Bo left"}, "why-gone": {"answer": "yes"}},
        "seen": {"why": ["why-owner"]},
    }
    load = "window.undo = store.load({...store.empty(), ...argument}, {into: 'current'})"
    call(first, load, loaded)
    for tab in (first, second):
        expect(tab.locator("#why-owner input[value=no]")).to_be_checked()
        expect(tab.locator(f"{CASE} input:checked")).to_have_count(0)
    after = call(second, "return store.document()")
    assert {key: after[key] for key in loaded} == loaded
    first.evaluate("window.undo()")
    for tab in (first, second):
        expect(tab.locator("#why-owner input[value=yes]")).to_be_checked()
        expect(tab.locator(f"{CASE} input[value=yes]")).to_be_checked()
    # The other tab does not bring back what it had seen meanwhile.
    second.wait_for_timeout(300)
    now = call(second, "return store.document()")
    assert {**now, "saved": before["saved"]} == before


def test_a_document_becomes_an_assessment_of_its_own(page: Page, site: str) -> None:
    page.goto(f"{site}decide/why/")
    answer(page, CASE, "yes")
    call(
        page,
        "window.undo = store.load({...store.empty(), name: 'From Bo', items: argument}, {into: 'new'})",
        {"why-owner": {"answer": "no"}},
    )
    expect(page.locator("tr-checklist [data-assessment]")).to_have_text("From Bo")
    assert (chosen(page, CASE), chosen(page, "#why-owner")) == (None, "no")
    page.evaluate("window.undo()")
    assert (chosen(page, CASE), chosen(page, "#why-owner")) == ("yes", None)
    assert call(page, "return store.all().length") == 1


def test_a_note_stays_in_its_assessment_when_another_tab_chooses_another(
    page: Page, site: str
) -> None:
    first, second = two_tabs(page, f"{site}decide/why/")
    answer(first, "#why-owner", "yes")
    first.locator(f"{CASE} [data-more] summary").click()
    note = first.locator(f"{CASE} [data-entry=note]")
    note.click()
    note.press_sequentially("of the first")
    call(second, 'store.create("Other");')
    expect(note).to_have_value("")
    note.press_sequentially("of the other")
    [other] = [key for key in stored(first) if key.endswith(CASE[1:]) and FIRST not in key]
    assert json.loads(stored(first)[other])["note"] == "of the other"
    assert entry(first, CASE[1:])["note"] == "of the first"


def test_a_check_without_a_model_is_loaded_with_its_answers(page: Page, site: str) -> None:
    page.goto(f"{site}decide/why/")
    report = {
        "file": "a.jsonl",
        "sha256": "a" * 64,
        "target": "openai/sft",
        "checked": "2026-11-22",
        "bytes": 1,
        "lines": 1,
        "examples": 1,
        "valid": True,
        "counts": {"error": 0, "warning": 0, "note": 0},
    }
    script = """const items = {"why-owner": {answer: "yes", report: argument}};
      store.load({...store.empty(), items}, {into: "current"});"""
    call(page, script, report)
    assert entry(page, "why-owner")["report"] == report
