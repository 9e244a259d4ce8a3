import assert from "node:assert/strict";

import { ITEM, LIST, kept, shown, tick } from "./checklist.mjs";
import { seen } from "./engine.mjs";

/** @type {import("../run.mjs").Case} */
export default {
  title:
    "The network goes before Python is there: clear words, ticks are kept, and trying again works once it is back",
  async run({ open, host, until }) {
    const page = await open("decide/");
    const list = await open(LIST);
    // Their own code comes after the load.
    await until("the code of the verdict", () => page.$("tr-assessment:defined"));
    await until("the code of the list", () => list.$("tr-checklist:defined"));
    await host.down();
    await tick(list, ITEM, "yes");
    assert.deepEqual(await shown(list), { [ITEM]: "yes" });
    const part = () => seen(page, "tr-assessment");
    await until("clear words", async () => (await part()).state === "failed", 60_000);
    const { text } = await part();
    assert.match(text, /offline/);
    assert.match(text, /answers are as they were/);
    await host.up();
    await page.$eval("tr-assessment [data-action=retry]", (button) => {
      /** @type {HTMLElement} */ (button).click();
    });
    await until("a verdict", async () => (await part()).state === "done", 60_000);
    assert.deepEqual(await kept(page), { [ITEM]: "yes" });

    // Once Python is there, a verdict needs no network.
    await host.down();
    const before = (await part()).text;
    await tick(list, "why-owner", "yes");
    await until("another verdict", async () => {
      const now = await part();
      return now.state === "done" && now.text !== before;
    });
    await host.up();
  },
};
