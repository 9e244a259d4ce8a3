import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createGzip, gzipSync } from "node:zlib";

import { chat, choose, openChecker } from "./checker.mjs";

const MEGABYTE = 1 << 20;

/** A gigabyte of zeros, packed. */
async function bomb() {
  const packer = createGzip({ level: 9 });
  /** @type {Buffer[]} */
  const found = [];
  packer.on("data", (data) => found.push(data));
  const ended = new Promise((resolve) => packer.on("end", resolve));
  const zeros = Buffer.alloc(MEGABYTE);
  for (let number = 0; number < 1024; number++) {
    if (!packer.write(zeros)) await new Promise((go) => packer.once("drain", () => go(null)));
  }
  packer.end();
  await ended;
  return Buffer.concat(found);
}

/** @type {import("../run.mjs").Case} */
export default {
  title: "A packed file is checked; a gigabyte of zeros in one is stopped at once, and named",
  async run({ open, until, folder }) {
    const page = await openChecker(open, until);
    const state = () => page.$eval("tr-dataset-check", (one) => one.getAttribute("data-state"));
    const press = () =>
      page.$eval("tr-dataset-check [data-check]", (one) =>
        /** @type {HTMLElement} */ (one).click(),
      );
    const good = join(folder, "good.jsonl.gz");
    const lines = Array.from({ length: 30 }, (_, number) => chat(number));
    writeFileSync(good, gzipSync(lines.join("")));
    await choose(page, good);
    await press();
    await until("a report", async () => (await state()) === "done", 60_000);
    const file = join(folder, "bomb.jsonl.gz");
    const packed = await bomb();
    assert(packed.length < 2 * MEGABYTE);
    writeFileSync(file, packed);
    await choose(page, file);
    const began = Date.now();
    await press();
    await until("an end", async () => (await state()) === "failed", 60_000);
    const took = Date.now() - began;
    const said = await page.$eval("tr-dataset-check [data-failure-text]", (one) => one.textContent);
    assert.match(said ?? "", /bomb\.jsonl\.gz unpacks to more than 250 times its size/);
    // A second or two on a machine with nothing else to do; never the time that a gigabyte takes.
    assert(took < 20_000, `${took} ms`);
    return { packed: packed.length, took };
  },
};
