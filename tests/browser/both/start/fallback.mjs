/** Where the snapshot is of no use, Python starts as usual, and the reader only waits longer. */

import assert from "node:assert/strict";

/** @type {import("../run.mjs").Case} */
export default {
  title: "Python starts without its snapshot: missing, altered",
  timeout: 300_000,
  async run({ open, host, until }) {
    /** @type {Record<string, number>} */
    const times = {};
    /** @type {[string, import("../host.mjs").Fault][]} */
    const faults = [
      ["missing", { status: 404 }],
      ["altered", { change: (content) => content.fill(0, 1000, 2000) }],
    ];
    const list = await open("decide/why/");
    await list.click("tr-checklist input[value=yes]");
    await list.close();
    for (const [name, fault] of faults) {
      host.clear();
      host.fault("py/python.snapshot", fault);
      const page = await open("decide/");
      const began = Date.now();
      const state = () => page.$eval("tr-assessment", (part) => part.getAttribute("data-state"));
      await until(`a verdict, snapshot ${name}`, async () => (await state()) === "done", 90_000);
      times[name] = Date.now() - began;
      const asked = (/** @type {string} */ file) =>
        host.requests.some(({ path }) => path.endsWith(file));
      assert.ok(asked("python.snapshot"), "the snapshot was tried");
      // Later starts have it from the browser's cache.
      if (name === "missing") assert.ok(asked("python_stdlib.zip"), "and then a plain start");
      await page.close();
    }
    return times;
  },
};
