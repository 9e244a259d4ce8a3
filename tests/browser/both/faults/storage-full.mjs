import assert from "node:assert/strict";

import {
  ITEM,
  KEEP_SAVED,
  LIST,
  answersIn,
  empty,
  fill,
  kept,
  notices,
  saved,
  shown,
  tick,
} from "./checklist.mjs";

/** What both browsers take: 5 MiB of characters, less a part for each key. */
const LEAST = 5_056 * 1024;

/** @type {import("../run.mjs").Case} */
export default {
  title: "Storage is full: what it has stays whole, and the rest is stored when there is room",
  async run({ open, host, until }) {
    const page = await open(LIST, { before: KEEP_SAVED });
    await tick(page, "why-owner", "yes");
    const filled = await fill(page);
    assert(filled >= LEAST, `only ${filled} characters fit`);
    await tick(page, ITEM, "yes");
    assert.deepEqual(Object.keys(await notices(page)), ["full"]);
    assert.deepEqual(await kept(page), { "why-owner": "yes" });
    const both = { [ITEM]: "yes", "why-owner": "yes" };
    assert.deepEqual(await shown(page), both);
    const document = await saved(page, "[data-keeping=full] [data-action=download]");
    assert.deepEqual(answersIn(document), both);

    // Once there is room, here or in another tab, the next change brings all of it along.
    await empty(page);
    await tick(page, "why-task-stable", "no");
    await until("no notice", async () => Object.keys(await notices(page)).length === 0);
    await page.goto(new URL(LIST, host.site).href, { waitUntil: "load" });
    const all = { ...both, "why-task-stable": "no" };
    assert.deepEqual(await kept(page), all);
    await until("the answers", async () => Object.keys(await shown(page)).length === 3);
    return { filled };
  },
};
