"""The page on customising, followed to the letter: what it promises is what comes out."""

from __future__ import annotations

import functools
import http.server
import json
import re
import shutil
import threading
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from fork import FollowError, Team, blocks, host

from tuneready.checklist.load import read_guide

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

ROOT = Path(__file__).resolve().parents[1]
PAGE = (ROOT / "docs/en/customise.md").read_text(encoding="utf-8")
STEPS = [block.step for block in blocks(PAGE)]
NOTICE = "has not been translated yet"
UPSTREAM_PAGE = "---\ntitle: {0}\ndescription: {0}\n---\n\n# {0} {{ #later }}\n"
LATER = "You have a name for the task."


@pytest.fixture(scope="module")
def hosting(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The hosting service, with upstream's repository and its fork."""
    return host(tmp_path_factory.mktemp("hosting"))


@pytest.fixture(scope="module")
def team(tmp_path_factory: pytest.TempPathFactory, hosting: Path) -> Team:
    """A team that has followed the page to its end, while upstream went on."""
    own = tmp_path_factory.mktemp("own") / "hosting"
    shutil.copytree(hosting, own)  # pushed to, unlike the one for pages that are wrong
    team = Team(tmp_path_factory.mktemp("fork"), own)
    went_on = False
    for block in blocks(PAGE):
        if block.step == "update" and not went_on:
            went_on = True
            before = read_guide(ROOT / "checklists").guide.checklist("why").items
            team.change_upstream(
                # Beside an item that the team changes, in that item, and in the menu.
                {
                    "checklists/why.yaml": (before[0].text.en, LATER),
                    "checklists/tried.yaml": ("phase: decide\n", "phase: decide  # first\n"),
                    "docs/en/index.md": ("---\n\n", "---\n\n<!-- later -->\n\n"),
                    "docs/nl/index.md": ("---\n\n", "---\n\n<!-- later -->\n\n"),
                    "mkdocs.yml": ("nav:\n", "nav:\n  - Later: decide/later.md\n"),
                },
                {
                    "docs/en/decide/later.md": UPSTREAM_PAGE.format("Later"),
                    "docs/nl/decide/later.md": UPSTREAM_PAGE.format("Later"),
                },
            )
        team.follow(block)
    assert went_on
    return team


@pytest.fixture(scope="module")
def built(team: Team) -> Path:
    """The site that the page's own command built."""
    return team.project / "site"


@pytest.fixture(scope="module")
def address(team: Team, built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The site below the path that the page names, on a host of ours."""
    path = urlsplit(re.search(r"SITE_URL=(\S+)", PAGE)[1]).path
    folder = tmp_path_factory.mktemp("pages")
    (folder / path.strip("/")).symlink_to(built)
    handler = functools.partial(Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}{path}"
        server.shutdown()


class Quiet(http.server.SimpleHTTPRequestHandler):
    """A static host that says nothing."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


def html(built: Path, page: str) -> str:
    return (built / page / "index.html").read_text(encoding="utf-8")


def test_a_changed_question_is_on_the_page_in_both_languages(built: Path) -> None:
    assert "which task of which of our customers" in html(built, "decide/why")
    assert "welke taak van welke van onze klanten" in html(built, "nl/decide/why")
    for page in ("decide/why", "nl/decide/why", "fr/decide/why"):
        assert 'id="why-sponsor"' in html(built, page)
        assert 'id="why-facts-change"' not in html(built, page)


def test_a_new_checklist_is_a_page_and_counts(built: Path) -> None:
    assert 'data-item="legal-contract"' in html(built, "decide/legal")
    menu = re.findall(r'href="([^"]*legal/)" class="md-nav__link', html(built, "decide/why"))
    assert menu == ["../legal/"]
    assert 'data-checklist="legal"' in html(built, "decide")
    content = json.loads((built / "content.json").read_text())
    decide = content["verdict"]["profiles"]["decide"]["checklists"]
    assert decide.index("legal") == decide.index("data") + 1
    assert [one["of"] for one in content["differences"] if one["field"] == "add"] == [
        "legal",
        "why",
    ]


def test_a_third_language_has_its_pages_and_the_english_ones(built: Path) -> None:
    french = html(built, "fr/decide/why")
    assert 'lang="fr"' in french
    assert "<span>Oui</span>" in french
    assert NOTICE not in french
    assert "Faut-il affiner" in html(built, "fr")
    assert "avez-vous déjà essayé" in html(built, "fr/decide/tried")
    english = {path.parent.relative_to(built).as_posix() for path in built.rglob("index.html")}
    shared = {page for page in english if not page.startswith(("nl", "fr"))}
    for page in sorted(shared):
        there = html(built, f"fr/{page}")
        generated = page.startswith(("rules/", "targets/"))
        assert (NOTICE in there) == (page not in {".", "decide/why"} and not generated), page


def test_the_page_of_differences_lists_them(built: Path) -> None:
    page = html(built, "differences")
    for said in (
        "which task of which of our customers",
        "A member of the board",
        "nearly_max_blockers",
        "May we use this data?",
        "Français",
        "<code>why.yaml:4</code>",
    ):
        assert said in page


def test_the_name_is_the_teams(built: Path) -> None:
    assert "Tuneready at Your Team" in html(built, "")
    assert "github.com/your-team/tuneready/edit/main/docs/en/decide/legal.md" in html(
        built, "decide/legal"
    )


def test_an_update_merges_and_both_sides_hold(team: Team) -> None:
    assert "nothing to commit" in team.run("git status --untracked-files=no")
    reading = read_guide(team.project / "checklists")
    assert reading.guide is not None
    (change,) = [
        one
        for one in reading.differences
        if one.id == "why-specific-use-case" and one.field == "text.en"
    ]
    assert change.before == LATER
    assert "which of our customers" in change.after
    assert (team.project / "docs/nl/decide/later.md").is_file()
    log = team.run("git log --oneline origin/main")
    assert "Merge" in log
    assert "Go on upstream" in log


@pytest.mark.browser
def test_it_works_below_the_path_of_the_fork(address: str, chromium: Browser) -> None:
    context = chromium.new_context()
    page = context.new_page()
    failed: list[str] = []
    # What is fetched ahead ends with its page, and that is no failure.
    context.on(
        "requestfailed",
        lambda asked: failed.append(asked.url) if asked.failure != "net::ERR_ABORTED" else None,
    )
    context.on(
        "response",
        lambda got: failed.append(f"{got.status} {got.url}") if got.status >= 400 else None,
    )
    context.on("weberror", lambda error: failed.append(str(error.error)))
    elsewhere: list[str] = []
    context.on(
        "request",
        lambda asked: elsewhere.append(asked.url) if not asked.url.startswith((address, "blob:", "data:")) else None,
    )  # fmt: skip
    for path in ("", "decide/legal/", "nl/decide/legal/", "fr/", "fr/check/", "differences/"):
        page.goto(address + path, wait_until="networkidle")
    page.goto(address + "decide/legal/")
    page.locator('[data-item="legal-contract"] input[value="yes"]').check(force=True)
    page.locator('.md-select__link[hreflang="fr"]').dispatch_event("click")
    page.wait_for_url(address + "fr/decide/legal/")
    assert page.locator('[data-item="legal-contract"] input[value="yes"]').is_checked()
    context.close()
    assert not failed
    assert not elsewhere


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("why-base-model-chosen:", "why-base-model-choosen:", "why-base-model-chosen"),
        ("ready_phase: 0.90", "ready_phase: 90", "ready_phase"),
        ("phase: decide\npath", "phase: deciding\npath", "decide, prepare, launch"),
        ("page: safety-governance", "page: safety", "there is no page"),
        ("site_name: Tuneready at", "site_title: Tuneready at", "0 lines with site_title"),
        ('title="mkdocs.fr.yml"', 'title="mkdocs.de.yml"', "docs/de"),
        ('title="checklists/overrides/why.yaml"', 'title="checklists/why.yaml"', "already"),
        ("tuneready validate", "tuneready validat", "validat"),
    ],
)
def test_a_page_that_is_wrong_cannot_be_followed(
    before: str, after: str, said: str, tmp_path: Path, hosting: Path
) -> None:
    wrong = PAGE.replace(before, after, 1)
    assert wrong != PAGE
    team = Team(tmp_path, hosting)

    def follow() -> None:
        for block in blocks(wrong)[: STEPS.index("validate") + 1]:
            if block.text != "make texts\n":  # takes a while, and says nothing here
                team.follow(block)

    with pytest.raises(FollowError, match=re.escape(said)):
        follow()


def test_both_languages_have_the_same_blocks() -> None:
    dutch = (ROOT / "docs/nl/customise.md").read_text(encoding="utf-8")
    assert blocks(dutch) == blocks(PAGE)
