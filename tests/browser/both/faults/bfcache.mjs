import assert from "node:assert/strict";

import { ITEM, LIST, shown, tick } from "./checklist.mjs";
import { seen } from "./engine.mjs";

/** @type {import("../run.mjs").Case} */
export default {
  title:
    "Back and forward, from the browser's cache of pages or not: answers, verdict and Python are in order",
  async run({ open, host, until, name }) {
    const page = await open(LIST);
    await tick(page, ITEM, "yes");
    const decide = new URL("decide/", host.site).href;
    await page.goto(decide, { waitUntil: "load" });
    const verdict = async () => (await seen(page, "tr-assessment")).state === "done";
    await until("a verdict", verdict, 60_000);
    await page.evaluate(() => {
      const all = /** @type {any} */ (window);
      all.returned = [];
      addEventListener("pageshow", ({ persisted }) => all.returned.push(persisted));
    });
    const count = () =>
      page.$eval("tr-assessment", (part) => /** @type {HTMLElement} */ (part).innerText);
    const before = await count();
    // As a reader does: a page from the cache is not loaded, so there is no load to wait for.
    const travel = (/** @type {number} */ steps) => page.evaluate((by) => history.go(by), steps);
    const isAt = (/** @type {string} */ path) => () =>
      page
        .evaluate(() => location.pathname)
        .then(
          (now) => now.endsWith(path),
          () => false,
        );
    // Elsewhere, an answer is given while this page sleeps.
    await page.goto(new URL("terms/", host.site).href, { waitUntil: "load" });
    const other = await open(LIST);
    await tick(other, "why-owner", "yes");
    await tick(other, "why-task-stable", "yes");
    await travel(-1);
    await until("the page", isAt("decide/"));
    await until(
      "the answers given meanwhile",
      async () => (await count().catch(() => before)) !== before && verdict(),
    );
    const returned = await page.evaluate(() => /** @type {any} */ (window).returned);
    // Its worker still answers, or a new one does.
    const shownNow = await count();
    await tick(other, "why-owner", "no");
    await until("the next verdict", async () => (await count()) !== shownNow && verdict());
    await travel(1);
    await until("the page in between", isAt("terms/"));
    await travel(-1);
    await until("the page", isAt("decide/"));
    await until("a verdict again", verdict);
    const list = await open(LIST);
    const expected = { [ITEM]: "yes", "why-owner": "no", "why-task-stable": "yes" };
    assert.deepEqual(await shown(list), expected);

    // Asleep and awake again: by the browser's own protocol, which Firefox does not have.
    let frozen = false;
    if (name === "chromium") {
      const session = await list.createCDPSession().catch(() => null);
      if (session) {
        await session.send("Page.setWebLifecycleState", { state: "frozen" });
        await tick(other, "why-owner", "yes");
        await session.send("Page.setWebLifecycleState", { state: "active" });
        await until(
          "what changed meanwhile",
          async () => (await shown(list))["why-owner"] === "yes",
        );
        frozen = true;
      }
    }
    return { persisted: returned?.at(-1) ?? false, frozen };
  },
};
