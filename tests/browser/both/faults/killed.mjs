import assert from "node:assert/strict";
import { join } from "node:path";

import { launch } from "../drive.mjs";
import { LIST, itemsOf, kept, shown } from "./checklist.mjs";

/** @import { Browser } from "puppeteer-core" */

/** @type {import("../run.mjs").Case} */
export default {
  title: "A browser that is killed has lost one tick at most",
  async run({ name, host, folder, until, sleep }) {
    const userDataDir = join(folder, "profile");
    const address = new URL(LIST, host.site).href;
    /** @param {Browser} browser */
    const visit = async (browser) => {
      const page = await browser.newPage();
      await page.goto(address, { waitUntil: "load" });
      return page;
    };
    const first = await launch(name, { userDataDir });
    let page = await visit(first);
    const items = await itemsOf(page);
    await page.evaluate(async () => {
      for (const radio of document.querySelectorAll("[data-item] input[value=yes]")) {
        /** @type {HTMLInputElement} */ (radio).click();
        await new Promise((wake) => setTimeout(wake, 50));
      }
    });
    const program = first.process();
    assert(program?.pid);
    const gone = new Promise((exited) => program.once("exit", exited));
    process.kill(program.pid, "SIGKILL");
    await gone;
    await sleep(300);
    const again = await launch(name, { userDataDir });
    try {
      page = await visit(again);
      const few = async () => items.length - Object.keys(await shown(page)).length <= 1;
      await until("all ticks but one", few, 5_000).catch(() => {});
      const there = Object.keys(await shown(page)).length;
      assert(items.length - there <= 1, `${items.length - there} of ${items.length} are lost`);
      assert.equal(Object.keys(await kept(page)).length, there);
      return { ticks: items.length, lost: items.length - there };
    } finally {
      await again.close();
    }
  },
};
