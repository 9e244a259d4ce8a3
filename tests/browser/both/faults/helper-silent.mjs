import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { LINE } from "./engine.mjs";

/** @import { ElementHandle } from "puppeteer-core" */

/** A helper says that it is free, and never more: it does not hear of the piece that it is given. */
const DEAF = `{
  const Real = Worker;
  globalThis.Worker = class extends Real {
    postMessage(request, transfer) {
      if (request?.type !== "help") return super.postMessage(request, transfer);
      globalThis.deaf = true;
      request.port.onmessage = ({ data }) => {
        if (data.type !== "hello") return;
        for (let n = data.ahead; n > 0; n--) request.port.postMessage({ type: "free" });
      };
    }
  };
}`;

/** @type {import("../run.mjs").Case} */
export default {
  slow: true,
  title:
    "A helper that never begins: its pieces are checked by the others, and the report is whole",
  timeout: 300_000,
  async run({ open, folder }) {
    const lines = 24 * Math.ceil((1 << 20) / LINE.length);
    const file = join(folder, "large.jsonl");
    writeFileSync(file, LINE.repeat(lines));
    const page = await open("check/", { before: DEAF });
    await page.waitForSelector("tr-dataset-check:defined");
    const input = await page.$('tr-dataset-check input[name="file"]');
    await /** @type {ElementHandle<HTMLInputElement>} */ (input).uploadFile(file);
    const found = await page.evaluate(async () => {
      const element = /** @type {any} */ (document.querySelector("tr-dataset-check"));
      const [chosen] = element.querySelector("input[name=file]").files;
      const report = await element.check(chosen, {
        target: "openai/sft",
        depth: "format",
        workers: 2,
      });
      return { lines: report.lines, deaf: /** @type {any} */ (globalThis).deaf === true };
    });
    assert.deepEqual(found, { lines, deaf: true });
  },
};
