import assert from "node:assert/strict";
import { appendFileSync, rmSync, statSync, truncateSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { check, checker, choose } from "./engine.mjs";

// Nothing in it repeats itself, so that it is read as fast as most.
const TEXT =
  "Good morning, could somebody tell me which of these two orders left the harbour before noon, who signed for it, where the second one is kept meanwhile, and when the next lorry for the north is expected at our gate this week";
const LINE = `${JSON.stringify({
  messages: [
    { role: "user", content: TEXT },
    { role: "assistant", content: TEXT },
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
  async run({ name, open, folder, until }) {
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
      if (way === "grown" && name === "firefox" && state === "done") {
        // Firefox reads the file as long as it was when it was chosen, and does not say that it is
        // longer now. The report is right for what it names: so many lines.
        assert(text.includes(LINES.toLocaleString("en")), text.slice(-3000));
        said[way] = "as it was when it was chosen";
        continue;
      }
      assert.equal(state, "failed", `${way}: ${text.slice(-600)}`);
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
