import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { chat, check, choose, openChecker } from "./checker.mjs";

/** @type {import("../run.mjs").Case} */
export default {
  title:
    "A line of 100 MB is named with its size and the limit, and the lines around it are checked",
  timeout: 180_000,
  async run({ open, until, folder }) {
    const page = await openChecker(open, until);
    const file = join(folder, "long.jsonl");
    const lines = Array.from({ length: 12 }, (_, number) => chat(number));
    const long = chat(99).replace("Question", "x".repeat(100_000_000));
    writeFileSync(file, lines.join("") + long + lines.join("").replace("assistant", "asistant"));
    await choose(page, file);
    for (const workers of [1, 2]) {
      const report = JSON.parse(await check(page, "openai/sft", workers));
      const [found] = report.findings.filter(
        (/** @type {{ name: string }} */ { name }) => name === "line-too-long",
      );
      assert.equal(found.line, 13);
      assert.match(found.message, new RegExp(String(Buffer.byteLength(long) - 1)));
      assert.match(found.message, /67108864/);
      assert.equal(report.lines, 25);
      assert(
        report.findings.some((/** @type {{ line: number }} */ { line }) => line === 14),
        "the line behind it",
      );
    }
  },
};
