import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { filesOf } from "./bundle.mjs";
import { ITEM, LIST, kept, shown, tick } from "./checklist.mjs";
import { check, checker, choose } from "./engine.mjs";

/** @import { Fault } from "../host.mjs" */

/** One of each fault for each file takes minutes: `FAULTS=all` does so, else each file has one. */
const ALL = process.env["FAULTS"] === "all";

/** @type {Record<string, Fault>} what can happen to a file */
const FAULTS = {
  missing: { status: 404 },
  truncated: { cut: 100 },
  altered: { change: (content) => altered(content) },
  retyped: { type: "text/html; charset=utf-8" },
};

/** What the check of a file fetches. */
const FILES =
  /^(js\/(engine\.(worker|python|assets|tokens)|tokens|dataset-(figures|matrix|result))\.js|py\/.*|tokens\/.*)$/;
/** A browser that misses a module says which one was asked for, and not what that one asks for. */
const ASKED_BY = new Map([
  ["js/engine.assets.js", "js/engine.python.js"],
  ["js/tokens.js", "tokens/"],
  ["js/engine.tokens.js", "tokens/"],
]);
const ONLY_WITHOUT_SNAPSHOT = /python_stdlib|\/tuneready-/;
const SNAPSHOT = "python.snapshot";

/** @param {Buffer} content */
function altered(content) {
  const copy = Buffer.from(content);
  const place = copy.length >> 1;
  // In a module that could be an error of its grammar, and is to be noticed as another content.
  if (/^(\/\*|import|export|")/.test(copy.subarray(0, 20).toString()))
    return Buffer.concat([copy, Buffer.from("\n// not what was published\n")]);
  copy[place] = Number(copy[place]) ^ 1;
  return copy;
}

/** @type {import("../run.mjs").Case} */
export default {
  slow: true,
  title:
    "Each file that a check needs missing, truncated, altered or of another type: it is named, ticks are kept, and trying again works",
  timeout: 900_000,
  async run({ open, host, folder, until }) {
    const file = join(folder, "train.jsonl");
    const message = (/** @type {string} */ role) => ({ role, content: "Good morning" });
    const line = JSON.stringify({ messages: [message("user"), message("assistant")] });
    writeFileSync(file, `${line}\n`.repeat(12));
    const page = await open(LIST);
    await tick(page, ITEM, "yes");
    const names = Object.keys(filesOf(host)).filter((name) => FILES.test(name));
    assert(names.length >= 12, names.join());
    const kinds = Object.entries(FAULTS);
    /** @type {Record<string, string>} */
    const table = {};
    /** @type {string[]} */
    const problems = [];
    for (const [number, name] of names.entries()) {
      const own = ALL ? kinds : [/** @type {[string, Fault]} */ (kinds[number % kinds.length])];
      for (const [kind, fault] of own) {
        host.clear();
        // What the browser has kept of a file must not hide its fault.
        host.headers = { "cache-control": "no-store" };
        if (ONLY_WITHOUT_SNAPSHOT.test(name)) host.fault(SNAPSHOT, { status: 404 });
        host.fault(name, fault);
        await page.goto(new URL("check/", host.site).href, { waitUntil: "load" });
        await until("the checker", () =>
          page.$eval("tr-dataset-check", (element) => "check" in element),
        );
        const target = name.startsWith("tokens/") || name.endsWith("tokens.js");
        if (target) await choose4o(page);
        await choose(page, file);
        const { state, text } = await check(page, until);
        const asked = host.requests.filter(({ path }) => path.endsWith(name)).length;
        const row = `${name}: ${kind}`;
        if (asked === 0) {
          table[row] = "not fetched";
          continue;
        }
        if (state === "done" && !/not counted/.test(text)) {
          // Right without it, or although it is of another type.
          const fine = kind === "retyped" || name.includes(SNAPSHOT);
          if (!fine) problems.push(`${row}: not noticed`);
          table[row] = fine ? "works" : "not noticed";
          continue;
        }
        const named = text.includes(name) || text.includes(ASKED_BY.get(name) ?? name);
        if (!named) problems.push(`${row}: not named in: ${text.slice(-1200)}`);
        assert.match(text, /[Tt]ry again|once more/, row);
        table[row] = state === "done" ? "named, checked without tokens" : "named";
        host.clear();
        host.headers = { "cache-control": "no-store" };
        if (state === "failed") {
          await page.$eval("tr-dataset-check [data-retry]", (button) => {
            /** @type {HTMLElement} */ (button).click();
          });
          await until("a report", async () => (await checker(page)).state === "done", 60_000);
          table[row] += ", then works";
        }
      }
    }
    await page.goto(new URL(LIST, host.site).href, { waitUntil: "load" });
    await until("the answer", async () => (await shown(page))[ITEM] === "yes");
    assert.deepEqual(await kept(page), { [ITEM]: "yes" });
    assert.deepEqual(problems, []);
    const noticed = Object.values(table).filter((outcome) => outcome.startsWith("named"));
    assert(noticed.length >= 5, JSON.stringify(table));
    return table;
  },
};

/**
 * A target whose tokens are counted.
 *
 * @param {import("puppeteer-core").Page} page
 */
async function choose4o(page) {
  await page.select('tr-dataset-check select[name="target"]', "openai/sft");
}
