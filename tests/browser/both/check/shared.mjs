import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { chat, check, choose, openChecker } from "./checker.mjs";

/** Two and a half megabytes, and a piece has two: so there are two of them. */
function lines() {
  const found = [];
  for (let number = 0; number < 4000; number++) {
    let line = chat(number, 40);
    if (number % 970 === 5) line = "\n";
    if (number % 1500 === 9) line = line.replace("assistant", "asistant");
    if (number % 2000 === 11) line = line.replace("\n", "\r\n");
    if (number % 3000 === 13) line = chat(7); // the same again, in another piece
    found.push(line);
  }
  return found.join("");
}

/** @type {import("../run.mjs").Case} */
export default {
  slow: true,
  title: "Two workers give the report of one, to the byte, also when one of them dies",
  timeout: 400_000,
  async run({ open, until, folder }) {
    const data = Buffer.from(`\ufeff${lines()}`);
    const file = join(folder, "shared.jsonl");
    writeFileSync(file, data);
    const page = await openChecker(open, until);
    await choose(page, file);
    let alone = "";
    for (const target of ["auto", "openai/sft"]) {
      alone = await check(page, target, 1);
      const digest = createHash("sha256").update(data).digest("hex");
      assert.equal(JSON.parse(alone).sha256, digest);
      assert.equal(JSON.parse(alone).bytes, data.length);
      assert.equal(await check(page, target, 2), alone, target);
    }
    // Helpers that die at once: the first worker does it all.
    await page.evaluate(() => {
      const Real = Worker;
      // The page's own worker runs already; each new one ends as soon as it is asked to help.
      globalThis.Worker = class extends Real {
        /** @param {any} message @param {any} transfer */
        postMessage(message, transfer) {
          if (message.type !== "help") return super.postMessage(message, transfer);
          this.dispatchEvent(new Event("error"));
          this.terminate();
        }
      };
    });
    assert.equal(await check(page, "openai/sft", 2), alone, "a helper that died");
    return { bytes: data.length };
  },
};
