/** Where the snapshot is of no use, Python starts as usual, and the reader only waits longer. */

import assert from "node:assert/strict";

/** @type {import("../run.mjs").Case} */
export default {
  title: "Python starts without its snapshot: missing, altered, of another build",
  timeout: 300_000,
  async run({ open, host, until }) {
    /** @type {Record<string, number>} */
    const times = {};
    /** @type {[string, import("../host.mjs").Fault][]} */
    const faults = [
      ["missing", { status: 404 }],
      ["altered", { change: (content) => content.fill(0, 1000, 2000) }],
      ["cut", { change: (content) => content.subarray(0, 100_000) }],
    ];
    for (const [name, fault] of faults) {
      host.clear();
      host.fault("py/python.snapshot", fault);
      const page = await open("decide/why/");
      const began = Date.now();
      await page.click("tr-checklist input[value=yes]");
      await page.goto(new URL("decide/", host.site).href);
      const state = () => page.$eval("tr-assessment", (part) => part.getAttribute("data-state"));
      await until(`a verdict, snapshot ${name}`, async () => (await state()) === "done", 90_000);
      times[name] = Date.now() - began;
      const library = host.requests.filter(({ path }) => path.endsWith("python_stdlib.zip"));
      assert.ok(library.length > 0, "what a plain start needs was fetched");
      await page.close();
    }
    return times;
  },
};
