/** Who does not opt in has no service worker, and nothing of it is asked for. */

import assert from "node:assert/strict";

import { keptBy, stateOf } from "./deploying.mjs";

/** @type {import("../run.mjs").Case} */
export default {
  title: "Without opting in there is no service worker, and no request for one",
  async run({ open, host, until, sleep }) {
    const page = await open("decide/why/");
    await page.click("tr-checklist input[value=yes]");
    await page.goto(`${host.site}nl/guide/cost/`, { waitUntil: "load" });
    await sleep(1000);
    const about = () =>
      host.requests.map(({ path }) => path).filter((path) => /offline|sw\.js/.test(path));
    assert.deepEqual(about(), []);
    const nothing = { caches: [], workers: [], controller: null };
    assert.deepEqual(await keptBy(page), nothing);

    // Where it is offered, its size has to be known; that is all.
    await page.goto(`${host.site}nl/offline/`, { waitUntil: "load" });
    await until("the offer", async () => (await stateOf(page)) === "idle");
    assert.ok(about().includes("offline.json"));
    assert.ok(!about().includes("sw.js"));
    assert.deepEqual(await keptBy(page), nothing);
    assert.ok(!(await page.$(".tr-offline-notice")));
  },
};
