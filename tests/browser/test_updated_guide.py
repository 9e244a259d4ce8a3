"""A reader comes back with an old export, and the guide has changed meanwhile."""

from __future__ import annotations

import html
import json
import re
from typing import TYPE_CHECKING

import pytest
from answers_documents import GUIDE, answered
from playwright.sync_api import Page, Route, expect
from test_checklist_edits import edited

from tuneready.checklist.answers import dumps, read_answers
from tuneready.checklist.model import to_plain

if TYPE_CHECKING:
    from pathlib import Path

    from tuneready.checklist.model import Guide

pytestmark = pytest.mark.browser

DONE = 60_000


def serve_with(page: Page, guide: Guide) -> None:
    """Let the overview be that of another guide: its data stands in the page."""
    data = html.escape(json.dumps(to_plain(guide, "en"), ensure_ascii=False))

    def changed(route: Route) -> None:
        response = route.fetch()
        body, count = re.subn(
            r'(<template data-template="guide">).*?(</template>)',
            lambda found: found[1] + data + found[2],
            response.text(),
            flags=re.DOTALL,
        )
        assert count == 1
        route.fulfill(response=response, body=body)

    page.route("**/overview/", changed)


def test_an_old_export_keeps_every_answer_after_fifty_edits(
    page: Page, site: str, tmp_path: Path
) -> None:
    old = answered(GUIDE, words=True)
    exported = tmp_path / "old.json"
    exported.write_text(dumps(old), encoding="utf-8")
    guide, files = edited(tmp_path / "checklists", seed=1)
    serve_with(page, guide)
    page.goto(f"{site}overview/")
    page.set_input_files("tr-exchange [data-file]", exported)
    page.click("tr-exchange [data-action=add]", timeout=DONE)
    expect(page.locator("tr-overview")).to_have_attribute("data-state", "done", timeout=DONE)
    page.locator("[data-report-fold] summary").click()
    archived = page.locator("[data-report] section", has_text="no longer asked")
    gone = files.removed & set(old.items)
    assert gone
    expect(archived.locator("li")).to_have_count(len(gone))
    with page.expect_download() as download:
        page.click("tr-exchange [data-action=json]")
    saved = tmp_path / "saved.json"
    download.value.save_as(saved)
    assert read_answers(saved.read_text(encoding="utf-8")).items == old.items
