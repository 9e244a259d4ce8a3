import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { LINE, check, checker, choose } from "./engine.mjs";

/** @type {import("../run.mjs").Case} */
export default {
  title:
    "Code that shows a report is under way for ever: the reader can cancel, and once it comes there is a report",
  async run({ open, host, folder, until }) {
    const file = join(folder, "train.jsonl");
    writeFileSync(file, LINE.repeat(12));
    host.headers = { "cache-control": "no-store" };
    host.fault("js/dataset-result.js", { hang: true });
    const page = await open("check/");
    await until("the checker", () => page.$("tr-dataset-check:defined"));
    await choose(page, file);
    assert.equal((await checker(page)).state, "loading");
    await page.$eval("tr-dataset-check [data-cancel]", (button) => {
      /** @type {HTMLElement} */ (button).click();
    });
    await until("the end", async () => (await checker(page)).state === "cancelled", 5_000);
    host.clear();
    await page.goto(new URL("check/", host.site).href, { waitUntil: "load" });
    await until("the checker again", () => page.$("tr-dataset-check:defined"));
    await choose(page, file);
    assert.equal((await check(page, until)).state, "done");
  },
};
