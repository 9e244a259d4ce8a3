import assert from "node:assert/strict";

import { ITEM, LIST, itemsOf, kept, shown, tick } from "./checklist.mjs";

/** The list as an editor of its YAML leaves it: one item reworded, one removed, one added. */
const [REWORDED, REMOVED, ADDED] = [ITEM, "why-owner", "why-added"];
const WORDS = "Can you say what for, in other words?";

/** @param {Buffer} content of the page */
function edited(content) {
  const html = content.toString();
  const items = html.match(/<fieldset class="tr-item"[^]*?<\/fieldset>/g) ?? [];
  const of = (/** @type {string} */ id) =>
    items.find((item) => item.includes(`data-item="${id}"`)) ?? "";
  const reworded = of(REWORDED)
    .replace(/data-wording="\w+"/, 'data-wording="0badcafe"')
    .replace(/(<span data-question>)[^]*?<\/span>/, `$1${WORDS}</span>`);
  const added = of(REMOVED)
    .replaceAll(REMOVED, ADDED)
    .replace(/(<span data-question>)[^]*?<\/span>/, "$1Is this one new?</span>");
  assert(reworded.includes(WORDS) && added.includes(`id="${ADDED}"`));
  return Buffer.from(html.replace(of(REWORDED), reworded).replace(of(REMOVED), added));
}

/** @type {import("../run.mjs").Case} */
export default {
  title:
    "The list is edited later: a reworded item keeps its tick, a removed one is archived, a new one shown as new",
  async run({ open, host, until }) {
    host.headers = { "cache-control": "no-cache" };
    const page = await open(LIST);
    const items = await itemsOf(page);
    for (const item of items) await tick(page, item, "yes");
    await page.$eval(`#${REMOVED} [data-entry=note]`, (note) => {
      const field = /** @type {HTMLTextAreaElement} */ (note);
      field.value = "Ann, until June";
      field.dispatchEvent(new Event("input", { bubbles: true }));
    });
    const before = await kept(page);
    const old = await page.$eval(`#${REWORDED} [data-question]`, (one) => one.textContent?.trim());
    host.fault(/decide\/why\/$/, { change: edited });
    await page.goto(new URL(LIST, host.site).href, { waitUntil: "load" });
    const rest = Object.fromEntries(Object.entries(before).filter(([item]) => item !== REMOVED));
    await until("the answers", async () => Object.keys(await shown(page)).length === 10);
    assert.deepEqual(await shown(page), rest);
    assert.deepEqual(await kept(page), before);
    const told = await page.evaluate(
      (reworded, added) => {
        const text = (/** @type {string} */ selector) =>
          /** @type {HTMLElement | null} */ (document.querySelector(selector))?.innerText ?? "";
        const fold = /** @type {HTMLDetailsElement} */ (document.querySelector("[data-gone]"));
        fold.open = true;
        return {
          notice: text("[data-changed]"),
          was: text(`#${reworded} [data-was]`),
          isNew: document.querySelector(`#${added} [data-badge=new]:not([hidden])`) !== null,
          isReworded:
            document.querySelector(`#${reworded} [data-badge=reworded]:not([hidden])`) !== null,
          gone: text('[data-list="gone"]'),
        };
      },
      REWORDED,
      ADDED,
    );
    assert.match(told.notice, /1 new, 1 reworded, 1 removed/);
    assert.equal(told.was, old);
    assert(told.isNew && told.isReworded);
    assert.match(told.gone, /Ann, until June/);

    // Back again, as when the edit is undone: the tick is where it was.
    host.clear();
    host.headers = { "cache-control": "no-cache" };
    await page.goto(new URL(LIST, host.site).href, { waitUntil: "load" });
    await until("all answers", async () => Object.keys(await shown(page)).length === items.length);
    assert.deepEqual(await kept(page), before);
  },
};
