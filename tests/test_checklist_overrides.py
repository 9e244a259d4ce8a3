"""What a team changes in `checklists/overrides/`: what holds then, and what differs from upstream."""

from __future__ import annotations

import random
import shutil
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tuneready.checklist.load import GuideReading, load_guide, read_guide

if TYPE_CHECKING:
    from tuneready.checklist.model import Guide

SMALL = Path(__file__).parent / "cases" / "checklists" / "broken" / "guide"
SIZES = """id: sizes
phase: decide
title: {en: "Sizes", nl: "Maten"}
intro: {en: "About sizes.", nl: "Over maten."}
items:
  - id: large
    kind: ready
    text: {en: "It is large.", nl: "Het is groot."}
next_step: {page: paint, text: {en: "Measure.", nl: "Meet."}}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(SMALL, tmp_path / "checklists")
    (tmp_path / "checklists" / "overrides").mkdir()
    return tmp_path / "checklists"


def override(folder: Path, name: str, text: str) -> None:
    (folder / "overrides" / f"{name}.yaml").write_text(text, encoding="utf-8")


def read(folder: Path) -> tuple[Guide, GuideReading]:
    reading = read_guide(folder)
    assert [str(fault) for fault in reading.faults] == []
    assert reading.guide
    return reading.guide, reading


def changed(reading: GuideReading) -> list[tuple[object, ...]]:
    return [
        (Path(one.file).name, one.line, one.of, one.id, one.field, one.before, one.after)
        for one in reading.differences
    ]


def test_an_item_changes_key_by_key_and_language_by_language(folder: Path) -> None:
    override(
        folder,
        "colours",
        """title: {nl: "Tinten"}
items:
  red:
    text: {en: "It is crimson."}
    weight: 3
    blocker: true
    help: {en: "Look.", nl: "Kijk."}
""",
    )
    guide, reading = read(folder)
    colours = guide.checklist("colours")
    red = colours.items[0]
    assert (colours.title.en, colours.title.get("nl")) == ("Colours", "Tinten")
    assert (red.text.en, red.text.get("nl")) == ("It is crimson.", "Het is rood.")
    assert (red.weight, red.blocker, red.help and red.help.get("nl")) == (3, True, "Kijk.")
    assert red.kind == "ready"
    assert guide.version != load_guide(SMALL).version
    assert changed(reading) == [
        ("colours.yaml", 1, "colours", "colours", "title.nl", "Kleuren", "Tinten"),
        ("colours.yaml", 4, "colours", "red", "text.en", "It is red.", "It is crimson."),
        ("colours.yaml", 5, "colours", "red", "weight", None, 3),
        ("colours.yaml", 6, "colours", "red", "blocker", None, True),
        ("colours.yaml", 7, "colours", "red", "help.en", None, "Look."),
        ("colours.yaml", 7, "colours", "red", "help.nl", None, "Kijk."),
    ]


def test_what_says_the_same_as_upstream_is_no_difference(folder: Path) -> None:
    override(folder, "colours", 'items:\n  red: {text: {en: "It is red."}}\n')
    assert read(folder)[1].differences == ()


def test_a_list_is_replaced_and_a_mapping_merged(folder: Path) -> None:
    override(
        folder,
        "colours",
        "items:\n  not-red: {redirect_unless: [blue, round]}\n  red: {applies: {method: [brush]}}\n",
    )
    guide, reading = read(folder)
    red, not_red, *_ = guide.checklist("colours").items
    assert not_red.redirect_unless == ("blue", "round")
    assert red.applies == {"method": ("brush",)}
    assert reading.differences[0].before == ["round"]


def test_a_hidden_item_leaves_no_trace_upstream(folder: Path) -> None:
    override(folder, "colours", "items:\n  red: {hide: true}\n  green: {hide: true}\n")
    override(
        folder,
        "shapes",
        'items:\n  round: {hide: true}\nadd:\n  - {id: flat, kind: ready, text: {en: "Flat.", nl: "Plat."}}\n',
    )
    guide, reading = read(folder)
    not_red, blue = guide.checklist("colours").items
    assert (not_red.id, not_red.mirrors, not_red.redirect_unless) == ("not-red", None, ())
    assert not_red.redirect == "paint"
    assert (blue.id, blue.any_of) == ("blue", None)
    assert changed(reading)[0] == ("colours.yaml", 2, "colours", "red", "hide", "It is red.", None)
    assert changed(reading)[-1] == ("shapes.yaml", 4, "shapes", "flat", "add", None, "Flat.")


def test_added_items_stand_where_they_say(folder: Path) -> None:
    item = '{{id: {0}, kind: ready, after: {1}, text: {{en: "{0}.", nl: "{0}!"}}}}'
    rows = [item.format(*pair) for pair in (("pink", "red"), ("rose", "pink"))]
    last = '{id: grey, kind: ready, text: {en: "Grey.", nl: "Grijs."}}'
    override(folder, "colours", "add:\n" + "".join(f"  - {row}\n" for row in (*rows, last)))
    items = [item.id for item in read(folder)[0].checklist("colours").items]
    assert items == ["red", "pink", "rose", "not-red", "blue", "green", "grey"]


def test_a_new_checklist_joins_the_verdict_of_its_phase(folder: Path) -> None:
    override(folder, "sizes", SIZES)
    guide, reading = read(folder)
    assert guide.verdict.profiles["decide"].checklists == ("colours", "shapes", "sizes")
    assert [checklist.id for checklist in guide.checklists] == ["colours", "shapes", "sizes"]
    assert type(guide.checklist("sizes")) is type(guide.checklist("shapes"))
    assert changed(reading) == [("sizes.yaml", 1, "sizes", "sizes", "add", None, "Sizes")]


def test_new_checklists_follow_each_other(folder: Path) -> None:
    override(folder, "sizes", SIZES.replace("phase: decide", "phase: decide\nafter: weights"))
    weights = SIZES.replace("sizes", "weights").replace("large", "heavy")
    override(folder, "weights", weights.replace("phase: decide", "phase: decide\nafter: colours"))
    order = read(folder)[0].verdict.profiles["decide"].checklists
    assert order == ("colours", "weights", "sizes", "shapes")


def test_a_file_beside_upstreams_is_a_checklist_as_well(folder: Path) -> None:
    (folder / "sizes.yaml").write_text(SIZES, encoding="utf-8")
    guide, reading = read(folder)
    assert guide.verdict.profiles["decide"].checklists == ("colours", "shapes", "sizes")
    assert reading.differences == ()


def test_a_checklist_that_the_team_leaves_out_of_a_verdict_stays_out(folder: Path) -> None:
    override(folder, "verdict", "profiles:\n  decide:\n    checklists: [colours]\n")
    guide, reading = read(folder)
    assert guide.verdict.profiles["decide"].checklists == ("colours",)
    assert [checklist.id for checklist in guide.checklists] == ["colours", "shapes"]
    assert reading.differences[0].before == ["colours", "shapes"]


def test_verdict_pages_and_scope_change_by_id(folder: Path) -> None:
    override(
        folder,
        "verdict",
        """thresholds: {ready_phase: 0.9}
outcomes:
  ready: {label: {en: "Go"}}
profiles:
  decide: {thresholds: {nearly_phase: 0.7}}
""",
    )
    override(
        folder, "pages", 'varnish: {path: guide/varnish/}\nwax: {title: {en: "Wax", nl: "Was"}}\n'
    )
    override(folder, "scope", 'method: {options: {spray: {en: "A spray", nl: "Een spuitbus"}}}\n')
    guide, reading = read(folder)
    assert guide.verdict.thresholds.ready_phase == 0.9
    assert guide.verdict.thresholds_of("decide").nearly_phase == 0.7
    label = guide.verdict.outcomes["ready"].label
    assert (label.en, label.get("nl")) == ("Go", "Klaar")
    assert guide.pages["varnish"].path == "guide/varnish/"
    assert guide.pages["wax"].title.en == "Wax"
    assert list(guide.scope["method"].options) == ["brush", "roller", "spray"]
    assert {(one.of, one.id, one.field) for one in reading.differences} == {
        ("verdict", "verdict", "thresholds.ready_phase"),
        ("verdict", "verdict", "outcomes.ready.label.en"),
        ("verdict", "verdict", "profiles.decide.thresholds.nearly_phase"),
        ("pages", "varnish", "path"),
        ("pages", "wax", "title.en"),
        ("pages", "wax", "title.nl"),
        ("scope", "method", "options.spray.en"),
        ("scope", "method", "options.spray.nl"),
    }


def test_a_language_is_there_when_the_project_has_its_configuration(folder: Path) -> None:
    override(folder, "colours", 'items:\n  red: {text: {fr: "C’est rouge."}}\n')
    assert 'there is no language "fr" here' in str(read_guide(folder).faults[0])
    (folder.parent / "mkdocs.fr.yml").touch()
    red = read(folder)[0].checklist("colours").items[0]
    assert (red.text.get("fr"), red.text.get("nl")) == ("C’est rouge.", "Het is rood.")


def test_a_file_with_the_other_ending_is_not_passed_over(folder: Path) -> None:
    (folder / "overrides" / "colours.yml").write_text("items: {}\n", encoding="utf-8")
    assert [fault.message for fault in read_guide(folder).faults] == [
        "only *.yaml is read here; rename it"
    ]


def test_upstream_files_stay_as_they_are(folder: Path) -> None:
    override(folder, "colours", "items:\n  red: {hide: true}\n")
    before = {file.name: file.read_bytes() for file in folder.glob("*.yaml")}
    load_guide(folder)
    assert {file.name: file.read_bytes() for file in folder.glob("*.yaml")} == before


PIECES = ["red", "hide: true", "items:", "add:", "- ", "[", "]", "{", "}", ": ", "\n", "  ", "id: ", "1", "true", '"', "checklists", "profiles:", "text", "en: x", "any_of: cold", "mirrors: red", "after: blue", "&a ", "*a"]  # fmt: skip


@pytest.mark.parametrize("seed", range(150))
def test_damaged_files_are_faults_and_never_a_traceback(seed: int, folder: Path) -> None:
    chance = random.Random(seed)  # noqa: S311  damage, not secrets
    override(
        folder,
        "colours",
        'items:\n  red: {weight: 3}\n  blue: {hide: true}\nadd:\n  - {id: pink, kind: ready, text: {en: "P", nl: "R"}}\n',
    )
    override(folder, "verdict", "profiles:\n  decide:\n    checklists: [colours, shapes]\n")
    override(folder, "pages", "paint: {path: a/b/}\n")
    override(folder, "sizes", SIZES)
    for file in chance.sample(sorted(folder.rglob("*.yaml")), 3):
        text = file.read_text(encoding="utf-8")
        for _ in range(chance.randint(1, 4)):
            start = chance.randrange(len(text) + 1)
            text = text[:start] + chance.choice(PIECES) + text[start + chance.randrange(12) :]
        file.write_text(text, encoding="utf-8")
    reading = read_guide(folder)
    assert (reading.guide is None) == bool(reading.faults)
    assert all(fault.line >= 1 and fault.column >= 1 for fault in reading.faults)


def test_reading_takes_time_in_proportion(tmp_path: Path) -> None:
    def seconds(lists: int) -> float:
        folder = tmp_path / str(lists)
        shutil.copytree(SMALL, folder)
        items = "".join(
            f'  - id: NAME-{number}\n    kind: ready\n    any_of: some\n    redirect: paint\n    redirect_unless: [round]\n    text: {{en: "Text {number}.", nl: "Tekst {number}."}}\n'
            for number in range(20)
        )
        text = SIZES[: SIZES.index("  - id")] + items + SIZES[SIZES.index("next_step") :]
        for number in range(lists):
            name = f"list{number}"
            own = text.replace("NAME", name).replace("id: sizes", f"id: {name}")
            (folder / f"{name}.yaml").write_text(own, encoding="utf-8")
        started = time.process_time()
        load_guide(folder)
        return time.process_time() - started

    assert seconds(160) < 8 * seconds(40)  # four times as many; quadratic would be sixteen
