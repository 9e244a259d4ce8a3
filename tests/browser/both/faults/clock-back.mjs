import assert from "node:assert/strict";

import { ITEM, LIST, itemsOf, kept, shown, tick } from "./checklist.mjs";

/** @type {import("../run.mjs").Case} */
export default {
  title: "The clock is set back: newer ticks still win, also against another tab",
  async run({ host, open, until }) {
    const page = await open(LIST);
    const items = await itemsOf(page);
    for (const item of items) await tick(page, item, "yes");
    // Years back: every change from now on has an older time than what it changes.
    const back = "Date.now = (now => () => now() - 5e11)(Date.now.bind(Date));";
    const other = await open(LIST, { before: back });
    for (const item of items) await tick(other, item, "no");
    const all = Object.fromEntries(items.map((item) => [item, "no"]));
    await until("the first tab", async () => isAll(await shown(page)));
    await tick(other, ITEM, "yes");
    await until("one more", async () => (await shown(page))[ITEM] === "yes");
    await page.goto(new URL(LIST, host.site).href, { waitUntil: "load" });
    await until("all answers", async () => Object.keys(await shown(page)).length === items.length);
    assert.deepEqual(await kept(page), { ...all, [ITEM]: "yes" });
    assert.deepEqual(await shown(page), { ...all, [ITEM]: "yes" });

    /** @param {Record<string, string>} found */
    function isAll(found) {
      return items.every((item) => found[item] === "no");
    }
  },
};
