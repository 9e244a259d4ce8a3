import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { chat, choose, openChecker } from "./checker.mjs";

/** @type {import("../run.mjs").Case} */
export default {
  slow: true,
  title: "While a file is checked and a report of thousands of places appears, the page answers",
  timeout: 240_000,
  async run({ open, until, folder, name }) {
    const page = await openChecker(open, until);
    const file = join(folder, "many.jsonl");
    const faults = [
      (/** @type {string} */ line) => line.replace("assistant", "asistant"),
      (/** @type {string} */ line) => line.replace("}]}", "},]}"),
      (/** @type {string} */ line) => line.replace('"user"', "user"),
      (/** @type {string} */ line) => line.replace("messages", "mesages"),
      (/** @type {string} */ line) => line.replace("Question", "\\ud800Question"),
      (/** @type {string} */ line) => line.replace('"content"', '"kontent"'),
    ];
    const lines = Array.from({ length: 12_000 }, (_, number) => {
      const fault = faults[number % 40];
      return fault ? fault(chat(number)) : chat(number);
    });
    writeFileSync(file, lines.join(""));
    await choose(page, file);
    const seen = await page.evaluate(async () => {
      const element = /** @type {any} */ (document.querySelector("tr-dataset-check"));
      /** @type {number[]} */
      const long = [];
      const observer = new PerformanceObserver((list) =>
        long.push(...list.getEntries().map(({ duration }) => duration)),
      );
      const watched = PerformanceObserver.supportedEntryTypes.includes("longtask");
      if (watched) observer.observe({ type: "longtask" });
      let updates = 0;
      let last = performance.now();
      let gap = 0;
      const text = element.querySelector("[data-working-text]");
      new MutationObserver(() => {
        if (updates++ > 0) gap = Math.max(gap, performance.now() - last);
        last = performance.now();
      }).observe(text, { childList: true, characterData: true, subtree: true });
      const report = await element.check(element.querySelector('input[name="file"]').files[0], {
        target: "openai/sft",
      });
      await new Promise((go) => setTimeout(go, 500));
      return { long, watched, updates, gap, findings: report.findings.length };
    });
    assert(seen.findings > 100, `${seen.findings}`);
    const longest = Math.max(0, ...seen.long);
    // What is built here is built in steps; on a machine with nothing else to do, none is a long one.
    if (name === "chromium") assert(seen.watched);
    assert(longest < 250, `${longest} ms`);
    assert(seen.updates > 1, "progress was shown");
    return { longest: Math.round(longest), tasks: seen.long.length, gap: Math.round(seen.gap) };
  },
};
