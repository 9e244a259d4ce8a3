"""A checklist's page beyond the ticks: notes, filters, scope, what changed, evidence, paper."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from axe import violations
from kept import CASE, FIRST, answer, call, chosen, entry, put, settled, stored
from playwright.sync_api import Browser, Locator, Page, expect

from tuneready.checklist.load import load_guide

pytestmark = pytest.mark.browser

ROOT = Path(__file__).resolve().parents[2]
FORMAT = "#data-format-matches"
DONE = 60_000


def shown(page: Page) -> list[str]:
    """Return the ids of the items that can be seen."""
    settled(page)
    return page.locator("[data-item]:visible").evaluate_all("all => all.map(one => one.id)")


def choose(page: Page, name: str) -> None:
    page.locator(f".tr-filter input[value={name}]").check()


def more(page: Page, item: str) -> Locator:
    """Unfold the fields of an item."""
    fold = page.locator(f"{item} [data-more]")
    if fold.get_attribute("open") is None:
        fold.locator("summary").click()
    return fold


def half_answered(page: Page, site: str) -> None:
    page.goto(f"{site}decide/why/")
    for item, value in [
        (CASE, "yes"),
        ("#why-owner", "no"),
        ("#why-task-stable", "yes"),
        ("#why-adding-knowledge", "yes"),
    ]:
        answer(page, item, value)


def test_note_evidence_and_owner_are_kept_as_they_are_typed(page: Page, site: str) -> None:
    page.goto(f"{site}decide/why/")
    summary = page.locator(f"{CASE} [data-more] summary")
    expect(summary).to_have_text("Note, evidence, owner")
    more(page, CASE)
    page.locator(f"{CASE} [data-entry=note]").press_sequentially("yes, no and any\nnew line")
    page.fill(f"{CASE} [data-entry=evidence]", "the wiki, page 7")
    page.fill(f"{CASE} [data-entry=owner]", "Ann")
    # Letters that answer a question elsewhere are letters here.
    assert chosen(page, CASE) is None
    expect(summary).to_have_text("Note, evidence, owner: note · evidence · Ann")
    page.reload()
    expect(summary).to_have_text("Note, evidence, owner: note · evidence · Ann")
    more(page, CASE)
    assert page.input_value(f"{CASE} [data-entry=note]") == "yes, no and any\nnew line"
    kept = entry(page, CASE[1:])
    assert (kept["evidence"], kept["owner"], kept["checklist"]) == (
        "the wiki, page 7",
        "Ann",
        "why",
    )
    # A name that was used is offered with every other question.
    assert page.locator("#why-owners option").get_attribute("value") == "Ann"
    assert page.get_attribute("#why-owner [data-entry=owner]", "list") == "why-owners"
    for name in ("note", "evidence", "owner"):
        page.fill(f"{CASE} [data-entry={name}]", " ")
    assert call(page, "return store.entries().size") == 0
    expect(summary).to_have_text("Note, evidence, owner")


def test_a_reason_belongs_to_not_applicable(page: Page, site: str) -> None:
    page.goto(f"{site}decide/why/")
    reason = page.locator("#why-task-stable [data-entry=reason]")
    expect(reason).to_be_hidden()
    answer(page, "#why-task-stable", "not_applicable")
    reason.fill("It is done once")
    page.reload()
    expect(reason).to_have_value("It is done once")
    answer(page, "#why-task-stable", "yes")
    expect(reason).to_be_hidden()


@pytest.mark.parametrize(
    ("evidence", "address"),
    [
        ("https://wiki.example/a?b=1", "https://wiki.example/a?b=1"),
        (" HTTP://Wiki.example/a ", "http://wiki.example/a"),
        ("javascript:alert(1)", None),
        ("data:text/html,<b>x", None),
        ("file:///etc/passwd", None),
        ("//wiki.example/a", None),
        ("https://", None),
        ("see the wiki", None),
    ],
)
def test_evidence_is_a_link_only_to_the_web(
    page: Page, site: str, evidence: str, address: str | None
) -> None:
    page.goto(f"{site}decide/why/")
    more(page, CASE)
    page.fill(f"{CASE} [data-entry=evidence]", evidence)
    link = page.locator(f"{CASE} [data-link] a")
    if address is None:
        expect(page.locator(f"{CASE} [data-link]")).to_be_hidden()
        expect(link).to_have_count(0)
    else:
        expect(link).to_have_attribute("href", address)
        expect(link).to_have_attribute("rel", "noreferrer")
        expect(link).to_contain_text("wiki.example")


def test_clearing_takes_answers_and_reasons_and_leaves_what_was_noted(
    page: Page, site: str
) -> None:
    half_answered(page, site)
    answer(page, "#why-task-stable", "not_applicable")
    page.fill("#why-task-stable [data-entry=reason]", "It is done once")
    more(page, CASE)
    page.fill(f"{CASE} [data-entry=note]", "Ask Ann")
    before = [entry(page, item) for item in ("why-task-stable", CASE[1:])]
    page.click("tr-checklist [data-action=clear]")
    assert call(page, "return store.answers().size") == 0
    assert entry(page, CASE[1:])["note"] == "Ask Ann"
    page.click("tr-checklist [data-action=undo]")
    after = [entry(page, item) for item in ("why-task-stable", CASE[1:])]
    assert [{**one, "changed": 0} for one in after] == [{**one, "changed": 0} for one in before]


def test_filters_show_what_is_like_that(page: Page, site: str) -> None:
    half_answered(page, site)
    everything = shown(page)
    assert len(everything) == 11
    counts = dict(
        page.locator("[data-filter-count]").evaluate_all(
            "all => all.map(one => [one.dataset.filterCount, Number(one.textContent)])"
        )
    )
    blocking = [
        item.id for item in load_guide(ROOT / "checklists").checklist("why").items if item.blocker
    ]
    assert counts == {"all": 11, "open": 7, "gaps": 2, "blocking": len(blocking)}
    choose(page, "gaps")
    assert shown(page) == ["why-owner", "why-adding-knowledge"]
    expect(page.locator("tr-checklist [data-status]")).to_have_text("2 questions shown.")
    choose(page, "blocking")
    assert shown(page) == blocking
    choose(page, "open")
    still = shown(page)
    assert len(still) == 7
    # What is answered stays under the reader's hands, until a filter is chosen again.
    answer(page, f"#{still[0]}", "yes")
    assert shown(page) == still
    expect(page.locator("[data-filter-count=open]")).to_have_text("6")
    choose(page, "all")
    choose(page, "open")
    assert shown(page) == still[1:]
    # A filter is for this visit.
    page.reload()
    assert shown(page) == everything


def test_keys_go_on_to_the_next_question_that_is_shown(page: Page, site: str) -> None:
    half_answered(page, site)
    choose(page, "gaps")
    page.locator("#why-owner input:checked").focus()
    page.keyboard.press("y")
    focused = page.evaluate("document.activeElement.closest('[data-item]')?.id")
    assert focused == "why-adding-knowledge"
    page.keyboard.press("n")
    assert page.evaluate("document.activeElement.hasAttribute('data-end')")


def test_owners_are_a_filter_as_soon_as_there_is_one(page: Page, site: str) -> None:
    half_answered(page, site)
    expect(page.locator("[data-owner-filter]")).to_be_hidden()
    for item, owner in ((CASE, "Ann"), ("#why-owner", "Bo"), ("#why-task-stable", "Ann")):
        more(page, item)
        page.fill(f"{item} [data-entry=owner]", owner)
    select = page.locator("[data-owner]")
    texts = ["everyone (11)", "Ann (2)", "Bo (1)", "nobody yet (8)"]
    expect(select.locator("option")).to_have_text(texts)
    select.select_option("Ann")
    assert shown(page) == [CASE[1:], "why-task-stable"]
    select.select_option(label="nobody yet (8)")
    assert len(shown(page)) == 8
    select.select_option("Bo")
    choose(page, "open")
    assert shown(page) == []
    nothing = page.locator("[data-nothing]")
    expect(nothing).to_be_visible()
    nothing.locator("button").click()
    assert len(shown(page)) == 11


def left_out_page(page: Page, site: str) -> tuple[str, list[str]]:
    """Open a list of which an answer about the case leaves items out; return it and these."""
    guide = load_guide(ROOT / "checklists")
    for checklist in guide.checklists:
        for question, asked in guide.scope.items():
            for option in asked.options:
                scope = {question: option}
                out = [item.id for item in checklist.items if item.left_out_by(scope)]
                if out and checklist.path:
                    page.goto(f"{site}{checklist.path}")
                    call(page, "store.setScope(argument)", scope)
                    return f"{asked.question.en} {asked.options[option].en}.", out
    pytest.fail("no item of the guide has a scope")


def test_what_the_scope_leaves_out_is_hidden_with_its_reason(page: Page, site: str) -> None:
    because, out = left_out_page(page, site)
    line = page.locator("[data-scope-line]")
    expect(line).to_be_visible()
    assert not set(out) & set(shown(page))
    expect(line).to_contain_text(because)
    expect(line).to_contain_text("1 question is" if len(out) == 1 else f"{len(out)} questions are")
    every = page.locator("[data-item]").count()
    expect(page.locator("[data-count]")).to_have_text(f"0 of {every - len(out)} answered")
    line.get_by_role("button", name="Show all").click()
    assert len(shown(page)) == every
    for item in out:
        expect(page.locator(f"#{item} [data-left-out]")).to_have_text(
            f"Left out of the verdict: {because}"
        )
    assert not violations(page)
    line.get_by_role("button", name="Leave out again").click()
    assert not set(out) & set(shown(page))
    # The other answers, and what the reader answers elsewhere, stay as they are.
    call(page, "store.setScope({})")
    expect(line).to_be_hidden()
    assert len(shown(page)) == every


def test_a_link_to_a_question_shows_it_whatever_hides_it(page: Page, site: str) -> None:
    _, out = left_out_page(page, site)
    address = page.url
    page.goto(site)
    page.goto(f"{address}#{out[0]}")
    item = page.locator(f"#{out[0]}")
    expect(item).to_be_in_viewport()
    expect(item).to_have_attribute("data-found", "")
    expect(item.locator("[data-left-out]")).to_be_visible()
    # The same within the page, when a filter hides it.
    others = [one for one in shown(page) if one not in out]
    answer(page, f"#{others[0]}", "yes")
    choose(page, "open")
    assert others[0] not in shown(page)
    page.evaluate("item => { location.hash = item; }", others[0])
    expect(page.locator(f"#{others[0]}")).to_be_in_viewport()
    expect(page.locator("[data-found]")).to_have_count(1)


def test_a_link_from_another_page_shows_the_question(page: Page, site: str) -> None:
    """By instant navigation, where the browser itself follows no anchor."""
    half_answered(page, site)
    choose(page, "open")
    page.goto(f"{site}decide/")
    page.evaluate("window.stillHere = true")
    expect(page.locator("tr-assessment")).to_have_attribute("data-state", "done", timeout=DONE)
    page.locator("tr-assessment a[href$='#why-owner']").first.click()
    page.wait_for_url("**/decide/why/#why-owner")
    expect(page.locator("#why-owner")).to_have_attribute("data-found", "")
    expect(page.locator("#why-owner")).to_be_in_viewport()
    assert page.evaluate("window.stillHere")
    choose(page, "blocking")
    page.locator(f"{CASE} .tr-help summary").click()
    page.locator(f"{CASE} .tr-help__facts a").click()
    expect(page.locator(CASE)).to_have_attribute("data-found", "")


def changed_list(page: Page, site: str) -> None:
    """Answer a list, and then let two be new, one reworded, and one removed since."""
    half_answered(page, site)
    more(page, "#why-owner")
    page.fill("#why-owner [data-entry=note]", "Bo, until June")
    texts = stored(page)
    seen = json.loads(texts[f"seen:{FIRST}:why"])
    for item in ("why-task-stable", "why-cost-main-driver"):
        seen.remove(item)
    reworded = {**entry(page, CASE[1:]), "wording": "01234567", "text": "As it was asked before."}
    gone = {
        "answer": "no",
        "note": "It was too dear",
        "text": "A question of last year.",
        "checklist": "why",
        "wording": "89abcdef",
    }
    put(
        page,
        {
            f"seen:{FIRST}:why": json.dumps([*seen, "why-gone"]),
            f"entry:{FIRST}:{CASE[1:]}": json.dumps(reworded),
            f"entry:{FIRST}:why-gone": json.dumps(gone),
        },
    )
    page.reload()


def test_what_changed_since_the_answers_is_told(page: Page, site: str) -> None:
    changed_list(page, site)
    notice = page.locator("[data-changed]")
    expect(notice).to_contain_text(
        "This list changed since you answered: 2 new, 1 reworded, 1 removed."
    )
    expect(notice.locator("li")).to_have_count(4)
    expect(notice).to_contain_text("Removed: A question of last year.")
    expect(page.locator("[data-badge=new]:visible")).to_have_count(2)
    expect(page.locator("[data-badge=reworded]:visible")).to_have_count(1)
    aside = page.locator(f"{CASE} [data-reworded]")
    expect(aside).to_contain_text("As it was asked before.")
    notice.locator("a", has_text="Reworded").click()
    assert page.evaluate("document.activeElement.closest('[data-item]')?.id") == CASE[1:]
    aside.get_by_role("button", name="My answer still holds").click()
    expect(notice).to_contain_text("2 new, 1 removed.")
    expect(page.locator("[data-badge=reworded]:visible")).to_have_count(0)
    assert chosen(page, CASE) == "yes"
    # A question that is answered is new no more.
    answer(page, "#why-cost-main-driver", "no")
    expect(notice).to_contain_text("1 new, 1 removed.")
    notice.get_by_role("button", name="Understood").click()
    expect(notice).to_be_hidden()
    page.reload()
    expect(notice).to_be_hidden()
    # The archive stays, and so does it in what is exported.
    archive = page.locator("[data-gone]")
    archive.locator("summary").click()
    expect(archive.locator("li")).to_have_text("A question of last year. NoIt was too dear")
    document = call(page, "return store.document()")
    assert document["items"]["why-gone"]["note"] == "It was too dear"


def test_answering_anew_settles_what_was_reworded(page: Page, site: str) -> None:
    changed_list(page, site)
    page.locator("[data-changed]").get_by_role("button", name="Understood").click()
    # What was reworded waits for its answer.
    expect(page.locator("[data-changed]")).to_contain_text("answered: 1 reworded.")
    answer(page, CASE, "no")
    expect(page.locator("[data-changed]")).to_be_hidden()
    page.reload()
    expect(page.locator("[data-changed]")).to_be_hidden()


def test_a_language_is_no_other_wording(page: Page, site: str) -> None:
    half_answered(page, site)
    page.goto(f"{site}nl/decide/why/")
    expect(page.locator("[data-changed]")).to_be_hidden()
    assert chosen(page, CASE) == "yes"


def test_a_check_becomes_evidence(page: Page, site: str) -> None:
    page.goto(f"{site}decide/data/")
    box = page.locator(f"{FORMAT} [data-attach]")
    box.get_by_role("link", name="check").click()
    page.wait_for_url("**/check/")
    page.click("[data-sample='good.jsonl']")
    checker = page.locator("tr-dataset-check")
    expect(checker).to_have_attribute("data-state", "done", timeout=DONE)
    page.click("[data-slot=keep-button]")
    expect(page.locator("[data-slot=keep-said]")).to_contain_text("Kept in this browser")
    (key,) = [key for key in stored(page) if key.startswith("evidence:")]
    evidence = json.loads(stored(page)[key])
    assert key == f"evidence:{evidence['sha256'][:16]}:{evidence['target']}"
    # No model was chosen, so Python names none.
    assert set(evidence) == {
        *("file", "sha256", "target", "bytes", "lines", "examples"),
        *("valid", "counts", "checked"),
    }
    page.locator("[data-slot=keep-where] a").first.click()
    page.wait_for_url("**/decide/data/**")
    expect(page.locator(FORMAT)).to_have_attribute("data-found", "")
    expect(box.locator("option")).to_contain_text("good.jsonl")
    assert not violations(page)
    box.get_by_role("button", name="Attach").click()
    expect(box).to_contain_text("good.jsonl")
    expect(box).to_contain_text(f"SHA-256 {evidence['sha256'][:12]}…")
    expect(box).to_contain_text("Errors: 0")
    expect(box).to_contain_text("It suggests “Yes”; you decide.")
    assert chosen(page, FORMAT) is None
    assert entry(page, FORMAT[1:])["report"] == evidence
    assert not violations(page)
    # It is the item's own: forgetting the result elsewhere takes nothing from it.
    page.reload()
    call(page, "store.forgetEvidence(argument)", evidence)
    expect(box).to_contain_text("good.jsonl")
    box.get_by_role("button", name="Remove this result").click()
    expect(box).to_contain_text("To have a check of your dataset as evidence")
    assert call(page, "return store.entries().size") == 0


def test_a_refused_file_suggests_the_other_answer(page: Page, site: str) -> None:
    page.goto(f"{site}check/")
    page.click("[data-sample='bad.jsonl']")
    expect(page.locator("tr-dataset-check")).to_have_attribute("data-state", "done", timeout=DONE)
    keep = page.locator("[data-slot=keep-button]")
    keep.click()
    expect(keep).to_have_text("Keep it no longer")
    page.goto(f"{site}decide/data/")
    box = page.locator(f"{FORMAT} [data-attach]")
    box.get_by_role("button", name="Attach").click()
    expect(box).to_contain_text("It suggests “No”; you decide.")


def test_the_whole_page_can_be_used_with_keys_alone(page: Page, site: str) -> None:
    """From the filters to an answer, a reason, a note, an owner, and out at the end."""
    page.goto(f"{site}decide/why/")
    page.locator("[data-assessment]").focus()

    def tab_to(selector: str) -> None:
        for _ in range(40):
            page.keyboard.press("Tab")
            if page.evaluate("selector => document.activeElement.matches(selector)", selector):
                return
        pytest.fail(f"no tab leads to {selector}")

    tab_to("[data-filter]")
    for name in ("open", "gaps", "blocking"):
        page.keyboard.press("ArrowRight")
        assert page.locator(f"input[value={name}][data-filter]").is_checked()
    assert len(shown(page)) < 11
    page.keyboard.press("ArrowRight")
    assert len(shown(page)) == 11
    tab_to(f"{CASE} [data-key]")
    page.keyboard.press("y")
    assert chosen(page, CASE) == "yes"
    # The focus went on to the next question; "a" says that this one does not apply.
    item = page.evaluate("document.activeElement.closest('[data-item]').id")
    page.keyboard.press("ArrowRight")
    assert chosen(page, f"#{item}") == "no"
    page.keyboard.press("Backspace")
    assert chosen(page, f"#{item}") is None
    tab_to("[data-more] > summary")
    page.keyboard.press("Enter")
    item = page.evaluate("document.activeElement.closest('[data-item]').id")
    tab_to("[data-entry=note]")
    page.keyboard.type("any note")
    tab_to("[data-entry=owner]")
    page.keyboard.type("Ann")
    assert entry(page, item)["note"] == "any note"
    assert entry(page, item)["owner"] == "Ann"
    assert chosen(page, f"#{item}") is None


def test_the_focus_is_never_below_the_bars(page: Page, site: str) -> None:
    half_answered(page, site)
    for fold in page.locator("[data-more]").all():
        fold.evaluate("fold => { fold.open = true; }")
    page.locator("[data-assessment]").focus()
    covered = []
    for _ in range(120):
        page.keyboard.press("Tab")
        found = page.evaluate(
            """() => {
              const element = document.activeElement;
              if (!element.closest(".tr-item")) return null;
              const bar = document.querySelector(".tr-checklist__bar").getBoundingClientRect();
              const box = element.getBoundingClientRect();
              return box.top < bar.bottom - 1 && bar.top < 100 ? element.outerHTML.slice(0, 120) : null;
            }"""
        )
        if found:
            covered.append(found)
    assert covered == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
def test_axe_finds_nothing_in_any_state(page: Page, site: str, scheme: str, width: int) -> None:
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.set_viewport_size({"width": width, "height": 800})
    changed_list(page, site)  # half answered, with the notice
    assert not violations(page)
    answer(page, "#why-task-stable", "not_applicable")
    for fold in page.locator("tr-checklist details").all():
        fold.evaluate("fold => { fold.open = true; }")
    page.fill(f"{CASE} [data-entry=evidence]", "https://wiki.example/a/very/long/path/to/nowhere")
    page.fill(f"{CASE} [data-entry=owner]", "Wilhelmina van der Verantwoordelijkheidsverdeling")
    assert not violations(page)
    widths = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert widths[0] <= widths[1]
    choose(page, "gaps")
    assert not violations(page)
    page.locator("[data-owner]").select_option(label="nobody yet (10)")
    choose(page, "open")
    assert not violations(page)


def on_paper(page: Page, item: str, name: str) -> str:
    """Return what stands in the place of a field, in full."""
    beside = page.locator(f"{item} [data-grow]:has(> [data-entry={name}])")
    expect(beside).to_be_visible()
    expect(beside.locator("input")).to_be_hidden()
    width, whole = beside.evaluate("one => [one.clientWidth, one.scrollWidth]")
    assert whole <= width
    return str(beside.evaluate("one => JSON.parse(getComputedStyle(one, '::after').content)"))


def test_paper_has_every_box_and_every_word(page: Page, site: str) -> None:
    half_answered(page, site)
    answer(page, "#why-task-stable", "not_applicable")
    page.fill("#why-task-stable [data-entry=reason]", "It is done once")
    more(page, CASE)
    note = "A note of some length.\n" * 12
    page.fill(f"{CASE} [data-entry=note]", note)
    page.fill(f"{CASE} [data-entry=owner]", "Ann")
    address = "https://wiki.example/" + "a-long-way/" * 20
    page.fill(f"{CASE} [data-entry=evidence]", address)
    more(page, CASE).locator("summary").click()
    choose(page, "gaps")
    page.emulate_media(media="print")
    assert len(shown(page)) == 11
    for radio in page.locator("tr-checklist [data-key]").all():
        expect(radio).to_be_visible()
    assert on_paper(page, CASE, "owner") == "Ann"
    assert on_paper(page, CASE, "evidence") == address
    assert on_paper(page, "#why-task-stable", "reason") == "It is done once"
    # What is empty has a line to write on.
    expect(page.locator("#why-owner [data-entry=owner]")).to_be_visible()
    expect(page.locator(".tr-filter")).to_be_hidden()
    # The whole note is there, not the part that a field would show.
    height = page.locator(f"{CASE} .tr-grow").evaluate(
        "grow => grow.getBoundingClientRect().height"
    )
    line = page.locator(f"{CASE} .tr-grow").evaluate(
        "grow => parseFloat(getComputedStyle(grow, '::after').lineHeight)"
    )
    assert height >= 12 * line
    text = page.locator(f"{CASE} .tr-grow").evaluate(
        "grow => getComputedStyle(grow, '::after').content"
    )
    assert "A note of some length." in text


def test_without_a_script_there_is_room_to_write(chromium: Browser, site: str) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}decide/data/")
    item = page.locator(FORMAT)
    item.locator("[data-more] summary").click()
    for name in ("note", "evidence", "owner"):
        expect(item.locator(f"[data-entry={name}]")).to_be_visible()
    item.locator("label:has(input[value=not_applicable])").click()
    expect(item.locator("[data-entry=reason]")).to_be_visible()
    # Nothing that needs a script promises anything.
    for part in (".tr-filter", "[data-attach]", "[data-changed]", "[data-scope-line]"):
        expect(page.locator(part).first).to_be_hidden()
    context.close()


def test_a_page_without_a_checklist_loads_none_of_its_code(page: Page, site: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{site}terms/")
    page.wait_for_timeout(300)
    own = sorted(
        url.rsplit("/", 1)[1] for url in asked if "/assets/tuneready/" in url and "/js/" in url
    )
    assert own == [
        "in-page.js",
        "language.js",
        "light-start.js",
        "missing.js",
        "on-demand.js",
        "tuneready.js",
    ]
