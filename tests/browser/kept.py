"""What a checklist's page keeps, how a reader answers it, and how to wait for a page."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from playwright.sync_api import Page, expect

if TYPE_CHECKING:
    from collections.abc import Mapping

# Below the path of the site that the tests serve.
PREFIX = "tuneready:/some/where/:"
# The assessment that begins with the first answer.
FIRST = "00000001"
CASE = "#why-specific-use-case"
PUT = """async ([prefix, texts]) => {
  for (const [key, text] of texts) localStorage.setItem(prefix + key, text);
  await new Promise((done) => {
    const opening = indexedDB.open(`${prefix}newest`, 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("texts");
    opening.onsuccess = () => {
      const transaction = opening.result.transaction("texts", "readwrite");
      transaction.objectStore("texts").clear();
      transaction.oncomplete = () => done(opening.result.close());
    };
  });
}"""


def answer(page: Page, item: str, value: str) -> None:
    page.locator(f"{item} label:has(input[value={value}])").click()


def settled(page: Page) -> None:
    """Wait until the code of the page's parts is there: it comes after the page, with what is kept."""
    parts = page.locator(".md-content").locator("[data-guide], [data-first-name]")
    expect(parts.and_(page.locator(":not(:defined)"))).to_have_count(0)


def time_passes(page: Page, milliseconds: int) -> None:
    """Wait until the page has come to what it meant to do within that time, however busy it is."""
    page.evaluate(
        "time => new Promise((done) => requestAnimationFrame(() => setTimeout(done, time)))",
        milliseconds,
    )


def chosen(page: Page, item: str) -> str | None:
    settled(page)
    return page.locator(item).evaluate(
        "box => box.querySelector('[data-key]:checked')?.value ?? null"
    )


def stored(page: Page) -> dict[str, str]:
    """Return every text of the site's storage, by its key without the site's path."""
    found = page.evaluate(
        "prefix => Object.entries(localStorage).filter(([key]) => key.startsWith(prefix))", PREFIX
    )
    return {key.removeprefix(PREFIX): text for key, text in found}


def put(page: Page, texts: Mapping[str, str]) -> None:
    """Store texts as another version of the site, or another tab, might have: some time ago.

    So nothing of them is among the newest texts, which are noted once more in IndexedDB.
    """
    page.evaluate(PUT, [PREFIX, list(texts.items())])


def entry(page: Page, item: str, assessment: str = FIRST) -> dict[str, Any]:
    """Return what is stored about an item, but for the times by which tabs agree."""
    text = stored(page).get(f"entry:{assessment}:{item}", "{}")
    return {key: value for key, value in json.loads(text).items() if key != "at"}


def call(page: Page, script: str, argument: object = None) -> Any:
    """Run the body of a function of `store`, the module that the page uses, and `argument`."""
    return page.evaluate(
        """async argument => {
          const own = document.querySelector('script[src*="/js/tuneready.js"]').src;
          const store = await import(own.replace("tuneready.js", "answers.js"));
        """
        + script
        + "}",
        argument,
    )
