import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { ITEM, LIST, kept, shown, tick } from "./checklist.mjs";
import { check, checker, choose, seen } from "./engine.mjs";

/** What a browser may lack or have switched off -> what its reader is told. */
const LACKS = {
  WebAssembly: ["delete globalThis.WebAssembly;", /WebAssembly/],
  workers: ["delete globalThis.Worker;", /module worker|too old/],
  // Old browsers do not read `type`, and start a worker of the old kind.
  "module workers": [
    `globalThis.Worker = class extends Worker {
      constructor(address) { super(address); }
    };`,
    /module worker|too old/,
  ],
};

/** @type {import("../run.mjs").Case} */
export default {
  title:
    "No WebAssembly, no workers, no module workers: the page says so, ticks are kept, and the command is shown",
  async run({ open, host, folder, until }) {
    const file = join(folder, "train.jsonl");
    writeFileSync(file, '{"messages": []}\n');
    for (const [what, [before, said]] of /** @type {[string, [string, RegExp]][]} */ (
      Object.entries(LACKS)
    )) {
      const page = await open(LIST, { before });
      await tick(page, ITEM, "yes");
      assert.deepEqual(await shown(page), { [ITEM]: "yes" });
      assert.equal((await kept(page))[ITEM], "yes");
      await page.goto(new URL("decide/", host.site).href, { waitUntil: "load" });
      const part = () => seen(page, "tr-assessment");
      await until(`a word on ${what}`, async () => (await part()).state === "failed");
      assert.match((await part()).text, said, what);
      await page.goto(new URL("check/", host.site).href, { waitUntil: "load" });
      await until("the checker", () =>
        page.$eval("tr-dataset-check", (element) => "check" in element),
      );
      await choose(page, file);
      await check(page, until);
      const { state, text } = await checker(page);
      assert.equal(state, "failed");
      assert.match(text, said, what);
      assert.match(text, /tuneready check /);
      // Taken back, so that the next one begins with nothing.
      await page.goto(new URL(LIST, host.site).href, { waitUntil: "load" });
      await until("the answer", async () => (await shown(page))[ITEM] === "yes");
      await tick(page, ITEM, "yes");
      await page.close();
    }
  },
};
