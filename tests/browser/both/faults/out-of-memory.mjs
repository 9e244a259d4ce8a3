import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { rebuild } from "./bundle.mjs";
import { ITEM, LIST, kept, tick } from "./checklist.mjs";
import { LINE, check, choose } from "./engine.mjs";

const MEGABYTE = 1 << 20;

/** @type {import("../run.mjs").Case} */
export default {
  slow: true,
  title:
    "Memory ends at a long line: the message names the line and its size, or the limit, and the command line",
  timeout: 600_000,
  async run({ open, host, folder, until }) {
    // The browser gives a worker no more than 72 MB.
    const cap = `{
      const grow = WebAssembly.Memory.prototype.grow;
      WebAssembly.Memory.prototype.grow = function (pages) {
        const next = this.buffer.byteLength + pages * 65536;
        if (next > ${72 * MEGABYTE}) throw new RangeError("no more memory");
        return grow.call(this, pages);
      };
    }\n`;
    rebuild(host, folder, { "js/engine.python.js": (text) => `${text}\n${cap}` });
    const page = await open(LIST);
    await tick(page, ITEM, "yes");
    await page.goto(new URL("check/", host.site).href, { waitUntil: "load" });
    await until("the checker", () =>
      page.$eval("tr-dataset-check", (element) => "check" in element),
    );
    const long = join(folder, "long.jsonl");
    const text = "x".repeat(40 * MEGABYTE);
    writeFileSync(long, LINE.repeat(2) + LINE.replace("Good morning to you", text) + LINE);
    await choose(page, long);
    const found = await check(page, until);
    assert.match(found.text, /tuneready check/);
    assert.equal(found.state, "failed");
    assert.match(found.text, /memory/i);
    const size = text.length >> 20;
    const named = `line 3, which has ${size} MB`;
    assert(found.text.includes(named), `${named}: ${found.text.slice(-900)}`);
    const good = join(folder, "good.jsonl");
    writeFileSync(good, LINE.repeat(12));
    await choose(page, good);
    assert.equal((await check(page, until)).state, "done");
    await page.goto(new URL(LIST, host.site).href, { waitUntil: "load" });
    assert.deepEqual(await kept(page), { [ITEM]: "yes" });
    return { state: found.state };
  },
};
