import assert from "node:assert/strict";
import { closeSync, openSync, statSync, writeSync } from "node:fs";
import { join } from "node:path";

import { check, checker, choose } from "./engine.mjs";

const MOST = 512 * 1_000_000;

/** @type {import("../run.mjs").Case} */
export default {
  title: "512 MB: checked to the last line, and the page answers meanwhile",
  slow: true,
  timeout: 600_000,
  async run({ open, folder, until }) {
    const message = (/** @type {string} */ role) => ({
      role,
      content: "Good morning. ".repeat(45),
    });
    const line = `${JSON.stringify({ messages: [message("user"), message("assistant")] })}\n`;
    const path = join(folder, "large.jsonl");
    const file = openSync(path, "w");
    const block = line.repeat(1000);
    let lines = 0;
    for (let left = MOST - 200; left > block.length; left -= block.length) {
      writeSync(file, block);
      lines += 1000;
    }
    // A fault in the very last line, which no one may miss.
    writeSync(file, '{"messages": [{"role": "user", "content": NaN}]}\n');
    closeSync(file);
    const page = await open("check/");
    await until("the checker", () =>
      page.$eval("tr-dataset-check", (element) => "check" in element),
    );
    await choose(page, path);
    await until(
      "a check that runs",
      async () => (await checker(page)).state === "checking",
      60_000,
    );
    await page.evaluate(() => {
      const all = /** @type {any} */ (window);
      all.pauses = [];
      let before = performance.now();
      setInterval(() => {
        const now = performance.now();
        all.pauses.push(now - before);
        before = now;
      }, 20);
    });
    const { state, text } = await check(page, until, 500_000);
    assert.equal(state, "done", text.slice(-800));
    const digits = String(lines + 1);
    const grouped = digits.replace(/(\d)(?=(\d{3})+$)/g, "$1,");
    assert(text.includes(grouped) || text.includes(digits), `line ${grouped} is named`);
    const pauses = await page.evaluate(() => /** @type {any} */ (window).pauses);
    return {
      bytes: statSync(path).size,
      lines: lines + 1,
      longest: Math.round(Math.max(...pauses)),
    };
  },
};
