import assert from "node:assert/strict";
import { closeSync, openSync, statSync, writeSync } from "node:fs";
import { join } from "node:path";

import { check, checker, choose } from "./engine.mjs";

const MOST = 512 * 1_000_000;

const WORDS =
  "apple bridge candle desk engine forest garden harbour island jacket kettle lantern meadow needle orchard paper quarry river saddle table umbrella valley window yard cellar".split(
    " ",
  );

/** A chat that is no other's duplicate, as large as one of a real dataset. */
const chat = (/** @type {number} */ number) => {
  let state = number + 1;
  const text = Array.from({ length: 90 }, () => {
    state = (state * 48_271) % 2_147_483_647;
    return WORDS[state % WORDS.length];
  }).join(" ");
  const message = (/** @type {string} */ role) => ({ role, content: `Note ${number}: ${text}` });
  return `${JSON.stringify({ messages: [message("user"), message("assistant")] })}\n`;
};

/** @type {import("../run.mjs").Case} */
export default {
  title: "512 MB: checked to the last line, and the page answers meanwhile",
  slow: true,
  timeout: 600_000,
  async run({ open, folder, until }) {
    const path = join(folder, "large.jsonl");
    const file = openSync(path, "w");
    let lines = 0;
    for (let left = MOST - 200; ;) {
      const block = Array.from({ length: 1000 }, (_, index) => chat(lines + index)).join("");
      if (block.length > left) break;
      writeSync(file, block);
      lines += 1000;
      left -= block.length;
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
