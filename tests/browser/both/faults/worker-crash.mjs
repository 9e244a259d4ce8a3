import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { rebuild, withPythonThat } from "./bundle.mjs";
import { ITEM, LIST, kept, tick } from "./checklist.mjs";
import { LINE, check, choose } from "./engine.mjs";

/** @type {import("../run.mjs").Case} */
export default {
  title: "Python dies in the middle of a check: the page says so, and the next check is right",
  timeout: 600_000,
  async run({ open, host, folder, until }) {
    rebuild(
      host,
      folder,
      withPythonThat((slice, bridge) => {
        // Deep nesting with the guard off, as no `except` can catch it; or the worker itself ends.
        if (slice.includes("die-deep")) {
          const builtins = bridge.handle.__func__.__globals__.get("__builtins__");
          const name = "__import__";
          const load = builtins.get ? builtins.get(name) : builtins[name];
          load("json").loads("[".repeat(200_000));
        }
        const error = new Error("on purpose");
        if (slice.includes("die-thrown")) throw error;
        if (slice.includes("die-late"))
          setTimeout(() => {
            throw error;
          });
      }),
    );
    const page = await open(LIST);
    await tick(page, ITEM, "yes");
    await page.goto(new URL("check/", host.site).href, { waitUntil: "load" });
    await until("the checker", () =>
      page.$eval("tr-dataset-check", (element) => "check" in element),
    );
    const good = join(folder, "good.jsonl");
    writeFileSync(good, LINE.repeat(12));
    /** @type {Record<string, string>} */
    const said = {};
    for (const way of ["die-deep", "die-thrown", "die-late"]) {
      const bad = join(folder, `${way}.jsonl`);
      writeFileSync(bad, JSON.stringify({ way }) + "\n" + LINE.repeat(4000));
      await choose(page, bad);
      const failed = await check(page, until);
      assert.equal(failed.state, "failed", way);
      assert.match(failed.text, /stopped/, way);
      assert.match(failed.text, /tuneready check/, way);
      said[way] = failed.text
        .split("\n")
        .find((/** @type {string} */ line) => /stopped/.test(line));
      await choose(page, good);
      const done = await check(page, until);
      assert.equal(done.state, "done", done.text.slice(-1500));
    }
    await page.goto(new URL(LIST, host.site).href, { waitUntil: "load" });
    assert.deepEqual(await kept(page), { [ITEM]: "yes" });
    return said;
  },
};
