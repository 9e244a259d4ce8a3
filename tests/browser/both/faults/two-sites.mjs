import assert from "node:assert/strict";

import { ITEM, LIST, notices, shown, stored, tick } from "./checklist.mjs";

/** One of them is below the first. */
const OTHERS = ["/some/where/else/", "/other/"];

/** @type {import("../run.mjs").Case} */
export default {
  title: "Three sites on one origin, one below another: each has its own answers",
  async run({ host, open, until }) {
    for (const base of OTHERS) host.also(base, host.folder);
    const page = await open(LIST);
    const others = [];
    for (const base of OTHERS) {
      const other = await open(LIST, { goto: false });
      await other.goto(host.origin + base + LIST, { waitUntil: "load" });
      others.push(other);
    }
    await tick(page, ITEM, "yes");
    await tick(page, "why-owner", "no");
    for (const [number, other] of others.entries()) {
      assert.deepEqual(await shown(other), {}, OTHERS[number]);
      await tick(other, ITEM, "no");
    }
    assert.deepEqual(await shown(page), { [ITEM]: "yes", "why-owner": "no" });
    // Its own storage is emptied by one of them; the others do not notice.
    await /** @type {import("puppeteer-core").Page} */ (others[0]).evaluate(() => {
      for (const key of Object.keys(localStorage)) {
        if (key.startsWith("tuneready:/some/where/else/:")) localStorage.removeItem(key);
      }
    });
    const before = await stored(page);
    await page.reload({ waitUntil: "load" });
    await until("the answers", async () => Object.keys(await shown(page)).length === 2);
    assert.deepEqual(await stored(page), before);
    assert.deepEqual(await notices(page), {});
  },
};
