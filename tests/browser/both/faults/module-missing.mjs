import assert from "node:assert/strict";

import { ITEM, LIST, kept, shown, tick } from "./checklist.mjs";

const notice = ".tr-unscripted";

/** @type {import("../run.mjs").Case} */
export default {
  title:
    "Code of the list itself does not arrive: the list can be read, and says that nothing is kept",
  async run({ open, host, until }) {
    for (const [name, fault] of /** @type {[string, import("../host.mjs").Fault][]} */ ([
      ["js/checklist.js", { status: 404 }],
      ["js/answers.js", { cut: 200 }],
      ["js/tuneready.js", { type: "text/plain" }],
    ])) {
      host.clear();
      host.headers = { "cache-control": "no-store" };
      host.fault(name, fault);
      const page = await open(LIST);
      const visible = () =>
        page.$eval(notice, (one) => one.checkVisibility({ visibilityProperty: true }));
      await tick(page, ITEM, "yes");
      await until(`a notice without ${name}`, visible, 15_000);
      // Loading again works, and is not told what is not so.
      host.clear();
      host.headers = { "cache-control": "no-store" };
      await page.goto(new URL(LIST, host.site).href, { waitUntil: "load" });
      await until("the list", () => page.$("tr-checklist:defined"));
      assert.equal(await visible(), false);
      await tick(page, "why-owner", "yes");
      assert.equal((await kept(page))["why-owner"], "yes");
      await tick(page, "why-owner", "yes");
      assert.deepEqual(await shown(page), {});
      await page.close();
    }
  },
};
