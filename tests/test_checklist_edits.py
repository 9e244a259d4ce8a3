"""An old export after many edits of the YAML: every entry is still there, and goes out again.

The edits are made to copies of the real files, as a team would: items are reworded, renamed, moved,
removed and added, weights change, checklists come and go.
"""

from __future__ import annotations

import json
import random
import shutil
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from answers_documents import GUIDE, TOP, answered

from tuneready.bridge import Bridge
from tuneready.checklist.answers import Answers, answers_of, changes, dumps, plain, read_answers
from tuneready.checklist.load import load_guide
from tuneready.checklist.model import to_plain
from tuneready.checklist.overview import overview

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tuneready.checklist.model import Guide

EDITS = 50


class Files:
    """The YAML files of the checklists, as data that edits change."""

    def __init__(self, folder: Path, chance: random.Random) -> None:
        self.folder = folder
        self.chance = chance
        self.lists: dict[str, Any] = {}
        self.removed: set[str] = set()
        self.reworded: set[str] = set()
        for path in sorted(folder.glob("*.yaml")):
            if path.stem not in {"verdict", "pages", "scope"}:
                self.lists[path.stem] = yaml.safe_load(path.read_text(encoding="utf-8"))

    def write(self) -> Guide:
        """Write the files and load the guide that they make."""
        for name, data in self.lists.items():
            # Flow style with quotes: what the strict reader takes as written.
            text = "".join(f"{key}: {json.dumps(value)}\n" for key, value in data.items())
            (self.folder / f"{name}.yaml").write_text(text, encoding="utf-8")
        return load_guide(self.folder)

    def pick(self) -> tuple[Any, Any]:
        """Return a checklist and one of its items that no other item refers to."""
        referred = {
            name
            for data in self.lists.values()
            for item in data["items"]
            for name in (item.get("mirrors"), *item.get("redirect_unless", ()))
        }
        free = [
            (data, item)
            for data in self.lists.values()
            for item in data["items"]
            if item["id"] not in referred
            and not {"mirrors", "any_of", "redirect_unless"} & item.keys()
        ]
        return self.chance.choice(free)

    def reword(self) -> None:
        _, item = self.pick()
        item["text"]["en"] += f" Edited {self.chance.random()}."
        self.reworded.add(item["id"])

    def rename(self) -> None:
        _, item = self.pick()
        self.removed.add(item["id"])
        item["id"] = f"renamed-{self.chance.randrange(10**9)}"

    def remove(self) -> None:
        data, item = self.pick()
        if len(data["items"]) > 3:
            data["items"].remove(item)
            self.removed.add(item["id"])

    def move(self) -> None:
        data, item = self.pick()
        other = self.chance.choice(list(self.lists.values()))
        if len(data["items"]) > 3:
            data["items"].remove(item)
            other["items"].insert(self.chance.randrange(len(other["items"])), item)

    def add(self) -> None:
        data = self.chance.choice(list(self.lists.values()))
        data["items"].append(_item(f"added-{self.chance.randrange(10**9)}"))

    def weigh(self) -> None:
        _, item = self.pick()
        item["weight"] = self.chance.choice([1, 2, 3])
        item["blocker"] = self.chance.choice([True, False])

    def shuffle(self) -> None:
        self.chance.shuffle(self.chance.choice(list(self.lists.values()))["items"])

    def start_checklist(self) -> None:
        name = f"list-{self.chance.randrange(10**9)}"
        text = {"en": "A list", "nl": "Een lijst"}
        self.lists[name] = {
            "id": name,
            "phase": "launch",
            "title": text,
            "intro": text,
            "items": [_item(f"{name}-{number}") for number in range(4)],
            "next_step": {"page": "glossary", "text": text},
        }


def _item(name: str) -> dict[str, Any]:
    return {"id": name, "kind": "ready", "text": {"en": f"{name}?", "nl": f"{name}!"}}


def edited(folder: Path, seed: int) -> tuple[Guide, Files]:
    """Return the guide after so many random edits, each of which is applied in turn."""
    shutil.copytree(TOP / "checklists", folder, ignore=shutil.ignore_patterns("overrides"))
    chance = random.Random(seed)  # noqa: S311  the same edits in every run
    files = Files(folder, chance)
    kinds: list[Callable[[], None]] = [
        *(files.reword, files.rename, files.remove, files.move),
        *(files.add, files.weigh, files.shuffle, files.start_checklist),
    ]
    pages = yaml.safe_load((folder / "pages.yaml").read_text(encoding="utf-8"))
    for _ in range(EDITS):
        chance.choice(kinds)()
    for data in files.lists.values():
        if data["next_step"]["page"] not in pages:
            data["next_step"]["page"] = next(iter(pages))
    return files.write(), files


def asked(guide: Guide, **request: Any) -> dict[str, Any]:
    plain_guide = to_plain(guide, "en")
    empty = plain(Answers())
    question = {"id": 1, "language": "en", "guide": plain_guide, "document": empty, **request}
    reply: dict[str, Any] = json.loads(Bridge().handle(json.dumps(question)))
    assert reply["type"] != "failed", reply
    return reply


@pytest.mark.parametrize("seed", range(6))
def test_an_old_export_keeps_every_answer_after_fifty_edits(tmp_path: Path, seed: int) -> None:
    old = answered(GUIDE, words=True)
    guide, files = edited(tmp_path / "checklists", seed)
    assert guide.version != GUIDE.version

    incoming = asked(guide, type="import", text=dumps(old), file="old.json")
    found = answers_of(incoming["document"])
    assert found.items == old.items  # not a word, an answer or a date is another
    assert (found.name, found.scope, found.seen) == (old.name, old.scope, old.seen)

    # Each entry is either current or in the archive, and what was edited is told.
    now = {item.id for _, item in guide.items()}
    changed = changes(found, guide)
    assert set(changed.removed) == set(old.items) - now == files.removed & set(old.items)
    assert set(changed.reworded) == (files.reworded & now) & set(old.items)
    assert set(changed.new) <= now - set(old.items)
    shown = overview(found, guide, "en")
    current = {item["item"]: item for each in shown["checklists"] for item in each["items"]}
    archived = {item["item"]: item for item in shown["archived"]}
    for item, entry in old.items.items():
        place = archived[item] if item in changed.removed else current[item]
        assert place["note"] == (entry.note or "")
        assert place["owner"] == (entry.owner or "")
        assert (
            place["answer_label"]
            == {"yes": "Yes", "no": "No", "not_applicable": "Not applicable"}[entry.answer]
        )
    assert all(archived[item]["text"] == old.items[item].text for item in archived)

    # And it all goes out again, in every form.
    assert read_answers(dumps(found)).items == old.items
    for form in ("markdown", "csv"):
        text = asked(guide, type="export", document=plain(found), format=form)["text"]
        for item, entry in old.items.items():
            assert not entry.note or entry.note in text, item


def test_the_edits_do_what_they_say(tmp_path: Path) -> None:
    """Otherwise the test above would hold for edits that change nothing."""
    guides = [edited(tmp_path / str(seed), seed) for seed in range(3)]
    for guide, files in guides:
        assert len(files.removed) > 3
        assert len(files.reworded) > 1
        assert len({item.id for _, item in guide.items()} - set(GUIDE.wordings)) > 5
        assert len(guide.checklists) > len(GUIDE.checklists)
