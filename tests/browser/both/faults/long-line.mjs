import assert from "node:assert/strict";
import { closeSync, openSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";

import { check, choose } from "./engine.mjs";

const MEGABYTE = 1_000_000;

/** @type {import("../run.mjs").Case} */
export default {
  title: "One line of 100 MB: a verdict or a named limit, and Python lives on",
  slow: true,
  timeout: 300_000,
  async run({ open, folder, until }) {
    const [before, after] = ['{"messages": [{"role": "user", "content": "', '"}]}\n'];
    const path = join(folder, "long.jsonl");
    const file = openSync(path, "w");
    writeSync(file, before);
    for (let part = 0; part < 100; part++) writeSync(file, "x".repeat(MEGABYTE));
    writeSync(file, after);
    closeSync(file);
    const page = await open("check/");
    await until("the checker", () =>
      page.$eval("tr-dataset-check", (element) => "check" in element),
    );
    await choose(page, path);
    const began = Date.now();
    const { state, text } = await check(page, until, 240_000);
    assert(["done", "failed"].includes(state));
    // One line, and what is wrong with it; or how long a line may be.
    if (state === "done") assert.match(text, /TR\d+/);
    else assert.match(text, /line 1\b.*|memory/i);
    const seconds = (Date.now() - began) / 1000;
    const good = join(folder, "good.jsonl");
    const message = (/** @type {string} */ role) => ({ role, content: "Good morning" });
    writeFileSync(
      good,
      `${JSON.stringify({ messages: [message("user"), message("assistant")] })}\n`.repeat(12),
    );
    await choose(page, good);
    assert.equal((await check(page, until)).state, "done");
    return {
      state,
      seconds,
      said: text.split("\n").find((/** @type {string} */ one) => /100|line 1/.test(one)),
    };
  },
};
