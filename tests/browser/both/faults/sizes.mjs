import assert from "node:assert/strict";
import { closeSync, ftruncateSync, openSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { LINE, check, checker, choose } from "./engine.mjs";

const MEGABYTE = 1 << 20;

/** @type {import("../run.mjs").Case} */
export default {
  title: "513 MB, no byte at all, a folder, 200 files at once: each has its named limit or finding",
  timeout: 600_000,
  async run({ open, folder, until }) {
    const page = await open("check/");
    await until("the checker", () =>
      page.$eval("tr-dataset-check", (element) => "check" in element),
    );
    const large = join(folder, "513.jsonl");
    const file = openSync(large, "w");
    ftruncateSync(file, 513 * MEGABYTE);
    closeSync(file);
    const empty = join(folder, "empty.jsonl");
    writeFileSync(empty, "");
    const good = join(folder, "good.jsonl");
    writeFileSync(good, LINE.repeat(12));

    await choose(page, empty);
    const nothing = await check(page, until);
    assert.equal(nothing.state, "done");
    assert.match(nothing.text, /TR\d{3,4}/);
    assert.match(nothing.text, /empty|no (line|example|record)/i);

    await choose(page, large);
    await until(
      "a word on the limit",
      async () => /513\.jsonl has/.test((await checker(page)).text),
      120_000,
    );
    const over = await checker(page);
    assert.match(over.text, /tuneready check/);

    // A folder, as dropping one gives it; no script can make a real one.
    await page.evaluate(() => {
      const zone = document.querySelector("tr-dataset-check [data-drop]");
      const event = new Event("drop", { bubbles: true, cancelable: true });
      const item = { webkitGetAsEntry: () => ({ isDirectory: true }) };
      Object.defineProperty(event, "dataTransfer", {
        value: { types: ["Files"], items: [item], files: [], dropEffect: "" },
      });
      zone?.dispatchEvent(event);
    });
    const notice = () =>
      page.$eval("tr-dataset-check [data-notice]", (one) => one.textContent ?? "");
    assert.match(await notice(), /folder/);

    // More than one file, dropped: the first is taken, and the reader is told.
    await page.evaluate((line) => {
      const zone = document.querySelector("tr-dataset-check [data-drop]");
      const files = new DataTransfer();
      for (let number = 0; number < 200; number++)
        files.items.add(new File([line], `part-${number}.jsonl`));
      const event = new Event("drop", { bubbles: true, cancelable: true });
      Object.defineProperty(event, "dataTransfer", { value: files });
      zone?.dispatchEvent(event);
    }, LINE.repeat(12));
    assert.match(await notice(), /part-0\.jsonl/);
    assert.match(await notice(), /one file/i);

    await choose(page, good);
    assert.equal((await check(page, until)).state, "done");
    return {
      over: over.text.split("\n").find((/** @type {string} */ one) => /513\.jsonl has/.test(one)),
    };
  },
};
