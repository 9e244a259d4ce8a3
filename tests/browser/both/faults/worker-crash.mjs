import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { rebuild, withPythonThat } from "./bundle.mjs";
import { ITEM, LIST, kept, tick } from "./checklist.mjs";
import { LINE, ask, check, checker, choose } from "./engine.mjs";

/** What the worker reads first, in bytes (engine.slices.js). */
const FIRST_SLICE = 1 << 18;

/** @type {import("../run.mjs").Case} */
export default {
  title:
    "Python dies in the middle of a check: the page says so, reports on the part before if asked, and the next check is right",
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
      // Also after the tokens were fetched; otherwise nobody would notice that the next check is silent.
      assert.equal(await ask(page, "return engine.state.name"), "ready");
    }
    // Behind the first slice: what was checked before can be reported on, and says that it is a part.
    const late = join(folder, "late.jsonl");
    const sound = LINE.repeat(Math.ceil(FIRST_SLICE / LINE.length));
    writeFileSync(late, sound + JSON.stringify({ way: "die-thrown" }) + "\n" + LINE.repeat(4000));
    await choose(page, late);
    assert.equal((await check(page, until)).state, "failed");
    const offer = "tr-dataset-check [data-retry-part]";
    assert(await page.$eval(offer, (button) => button.checkVisibility()), "a part is offered");
    await page.$eval(offer, (button) => /** @type {HTMLElement} */ (button).click());
    await until("a report", async () => (await checker(page)).state === "done", 60_000);
    const { text } = await checker(page);
    assert.match(text, /Not checked to its end/);
    assert.match(text, /says nothing about the rest/);
    const told = Math.floor(FIRST_SLICE / LINE.length).toLocaleString("en");
    assert(text.includes(`after line ${told}.`), text);
    said["part"] = String(text.split("\n").find((line) => line.includes("Only the first")));
    await page.goto(new URL(LIST, host.site).href, { waitUntil: "load" });
    assert.deepEqual(await kept(page), { [ITEM]: "yes" });
    return said;
  },
};
