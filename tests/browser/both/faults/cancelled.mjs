import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { check, checker, choose } from "./engine.mjs";

/** Each starts Python anew: `FAULTS=all` does it 50 times, else a few are enough. */
const TIMES = process.env["FAULTS"] === "all" ? 50 : 4;
const LINE = `${JSON.stringify({
  messages: [
    { role: "user", content: "Good morning. ".repeat(20) },
    { role: "assistant", content: "Good morning to you. ".repeat(20) },
  ],
})}\n`;

/** @type {import("../run.mjs").Case} */
export default {
  title: "Cancelled many times in the middle: idle within 300 ms, and the next report is right",
  timeout: 900_000,
  async run({ open, folder, until }) {
    const page = await open("check/");
    await until("the checker", () =>
      page.$eval("tr-dataset-check", (element) => "check" in element),
    );
    const big = join(folder, "big.jsonl");
    const good = join(folder, "good.jsonl");
    writeFileSync(big, LINE.repeat(200_000));
    writeFileSync(good, LINE.repeat(12));
    await choose(page, good);
    assert.equal((await check(page, until)).state, "done");
    const first = (await checker(page)).text;
    await choose(page, big);
    await until(
      "a check that runs",
      async () => (await checker(page)).state === "checking",
      60_000,
    );
    const took = await page.evaluate(async (times) => {
      const element = /** @type {HTMLElement} */ (document.querySelector("tr-dataset-check"));
      const press = (/** @type {string} */ selector) =>
        /** @type {HTMLElement} */ (element.querySelector(selector)).click();
      const is = (/** @type {string[]} */ states) =>
        new Promise((go) => {
          const look = () => {
            if (!states.includes(element.dataset["state"] ?? "")) return;
            observer.disconnect();
            go(null);
          };
          const observer = new MutationObserver(look);
          observer.observe(element, { attributeFilter: ["data-state"] });
          look();
        });
      const pauses = [];
      for (let number = 0; number < times; number++) {
        if (number > 0) press("[data-check]");
        await is(["checking", "done"]);
        const began = performance.now();
        press("[data-cancel]");
        await is(["cancelled"]);
        pauses.push(performance.now() - began);
      }
      return pauses;
    }, TIMES);
    assert.equal(took.length, TIMES);
    const slowest = Math.round(Math.max(...took));
    assert(slowest <= 300, `${slowest} ms`);
    await choose(page, good);
    assert.equal((await check(page, until)).state, "done");
    assert.equal((await checker(page)).text, first);
    return { times: TIMES, slowest };
  },
};
