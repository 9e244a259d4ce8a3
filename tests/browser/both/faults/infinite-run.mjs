import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { rebuild, withPythonThat } from "./bundle.mjs";
import { ITEM, LIST, kept, tick } from "./checklist.mjs";
import { LINE, check, checker, choose } from "./engine.mjs";

/** @type {import("../run.mjs").Case} */
export default {
  slow: true,
  title:
    "A check without an end: after 10 s the page asks, and stopping leaves everything in order",
  timeout: 600_000,
  async run({ open, host, folder, until, sleep }) {
    rebuild(
      host,
      folder,
      withPythonThat((slice) => {
        while (slice.includes("for-ever"));
      }),
    );
    const page = await open(LIST);
    await tick(page, ITEM, "yes");
    await page.goto(new URL("check/", host.site).href, { waitUntil: "load" });
    await until("the checker", () =>
      page.$eval("tr-dataset-check", (element) => "check" in element),
    );
    const good = join(folder, "good.jsonl");
    const endless = join(folder, "endless.jsonl");
    writeFileSync(good, LINE.repeat(12));
    writeFileSync(endless, `${JSON.stringify({ "for-ever": true })}\n${LINE.repeat(20)}`);
    // Python is there, so that what is measured is the silence.
    await choose(page, good);
    assert.equal((await check(page, until)).state, "done");
    await choose(page, endless);
    const began = Date.now();
    const asks = () =>
      page
        .$eval("tr-dataset-check [data-stuck]", (one) => one.checkVisibility())
        .catch(() => false);
    await until("the question", asks, 120_000);
    const asked = Date.now() - began;
    assert(asked > 9_000, `it asked after ${asked} ms`);
    // The page itself is at work: it answers, scrolls, ticks.
    const alive = await page.evaluate(
      () => new Promise((go) => requestAnimationFrame(() => go(true))),
    );
    assert(alive);
    await page.$eval("tr-dataset-check [data-wait]", (button) => {
      /** @type {HTMLElement} */ (button).click();
    });
    await sleep(300);
    assert.equal(await asks(), false, "waiting takes the question away");
    await page.$eval("tr-dataset-check [data-cancel]", (button) => {
      /** @type {HTMLElement} */ (button).click();
    });
    const stopped = Date.now();
    await until("a stop", async () => (await checker(page)).state === "cancelled", 30_000);
    const took = Date.now() - stopped;
    await choose(page, good);
    assert.equal((await check(page, until)).state, "done");
    await page.goto(new URL(LIST, host.site).href, { waitUntil: "load" });
    assert.deepEqual(await kept(page), { [ITEM]: "yes" });
    return { asked, stopped: took };
  },
};
