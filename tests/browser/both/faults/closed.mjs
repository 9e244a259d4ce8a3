import assert from "node:assert/strict";

import { LIST, itemsOf, kept } from "./checklist.mjs";

/** @type {import("../run.mjs").Case} */
export default {
  title: "A tab that is closed in the tick has kept it",
  async run({ open, host, until }) {
    const page = await open(LIST);
    const items = (await itemsOf(page)).slice(0, 4);
    const address = new URL(`${LIST}?other`, host.site).href;
    // Who was opened by a script may close itself: here in the very event of each tick.
    for (const [number, item] of items.entries()) {
      await page.evaluate((url) => {
        const other = /** @type {any} */ (window).open(url);
        /** @type {any} */ (window).other = other;
      }, address);
      await until("a list in the other tab", () =>
        page.evaluate(
          () =>
            /** @type {any} */ (window).other.document.querySelector("tr-checklist")?.answers !==
            undefined,
        ),
      );
      const kind = number % 2 === 0 ? "yes" : "no";
      const there = await page.evaluate(
        (id, value) => {
          const { other } = /** @type {any} */ (window);
          other.document.addEventListener("change", () => other.close());
          other.document.querySelector(`#${id} input[value=${value}]`).click();
          // In the very task of the click: whatever comes later may not come.
          return Object.keys(localStorage).some((key) => key.endsWith(`:${id}`));
        },
        item,
        kind,
      );
      assert(there, `${item} was stored in its event`);
      await until("a closed tab", () =>
        page.evaluate(() => /** @type {any} */ (window).other.closed),
      );
    }
    const expected = items.map((item, number) => [item, number % 2 === 0 ? "yes" : "no"]);
    const found = await kept(page);
    assert.deepEqual(found, Object.fromEntries(expected));
    return { ticks: items.length, lost: 0 };
  },
};
