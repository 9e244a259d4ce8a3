import assert from "node:assert/strict";
import { appendFileSync, rmSync, statSync, truncateSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { check, checker, choose } from "./engine.mjs";

const LINE = `${JSON.stringify({
  messages: [
    { role: "user", content: "Good morning. ".repeat(20) },
    { role: "assistant", content: "Good morning to you. ".repeat(20) },
  ],
})}\n`;
const LINES = 100_000;

/** What another program does to the file while it is read. */
const WAYS = {
  rewritten: (/** @type {string} */ file) => {
    const { size } = statSync(file);
    writeFileSync(file, LINE.replace("Good", "Best").repeat(LINES).slice(0, size));
    // By a later time, whatever the clock of the machine counts in.
    utimesSync(file, new Date(), new Date(Date.now() + 5_000));
  },
  grown: (/** @type {string} */ file) => appendFileSync(file, LINE.repeat(100)),
  cut: (/** @type {string} */ file) => truncateSync(file, 1000),
  removed: (/** @type {string} */ file) => rmSync(file),
};

/** @type {import("../run.mjs").Case} */
export default {
  slow: true,
  title:
    "A file is rewritten, grown, cut or removed while it is checked: no report, and the reason",
  timeout: 600_000,
  async run({ open, folder, until }) {
    const page = await open("check/");
    await until("the checker", () =>
      page.$eval("tr-dataset-check", (element) => "check" in element),
    );
    /** @type {Record<string, string>} */
    const said = {};
    for (const [way, change] of Object.entries(WAYS)) {
      const file = join(folder, `${way}.jsonl`);
      writeFileSync(file, LINE.repeat(LINES));
      await choose(page, file);
      await until(
        "a check that runs",
        async () => (await checker(page)).state === "checking",
        120_000,
      );
      change(file);
      const { state, text } = await check(page, until);
      assert.equal(state, "failed", `${way}: ${text.slice(0, 300)}`);
      assert.match(text, /changed/i, way);
      assert.equal(
        await page
          .$("tr-dataset-check [data-result] [data-slot=headline]:not([hidden])")
          .then((one) => one?.isVisible() ?? false),
        false,
      );
      said[way] = String(
        text.split("\n").find((/** @type {string} */ line) => /changed/i.test(line)),
      );
    }
    const good = join(folder, "good.jsonl");
    writeFileSync(good, LINE.repeat(12));
    await choose(page, good);
    assert.equal((await check(page, until)).state, "done");
    return said;
  },
};
