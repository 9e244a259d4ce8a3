/**
 * Provokes every fault that the page is to survive, several times in both browsers, and prints the
 * table: row, browser, outcome.
 *
 *     node tests/browser/both/faults.mjs --site FOLDER [--rounds 3] [--browser NAME] [ROW…]
 *
 * What it takes minutes to do (each fault of each file, files of 512 MB) is done here only.
 */

import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";

/** @type {Record<string, string[]>} fault -> its cases */
const ROWS = {
  "Tab closed in the tick": ["closed"],
  "Browser killed after ticks": ["killed"],
  "Storage blocked": ["storage-blocked"],
  "Storage full": ["storage-full"],
  "Two tabs": ["two-tabs"],
  "Checklists changed later": ["guide-changed"],
  "Two sites on one origin": ["two-sites"],
  "Clock set back": ["clock-back"],
  "Saved texts corrupt": ["corrupt-saved"],
  "Share link corrupt, old, newer": ["share-links"],
  "Worker crash, Python dead": ["worker-crash", "helper-silent"],
  "Out of memory": ["out-of-memory"],
  "Run without an end": ["infinite-run"],
  "Asset missing, truncated, altered, retyped": [
    "assets",
    "module-missing",
    "code-missing",
    "report-code",
  ],
  "Offline at first": ["offline"],
  "Offline later": ["../offline/keep"],
  "New build while open": ["new-deploy"],
  "No module worker, no WebAssembly": ["old-browser"],
  "No JavaScript": ["without-script"],
  "File changed or removed while read": ["file-changed"],
  "512 MB": ["large-file", "../check/responsive"],
  "A file shared among workers": ["../check/shared"],
  "513 MB, 0 bytes, folder, 200 files": ["sizes"],
  "A line of 100 MB": ["long-line"],
  "Cancel, 50 times": ["cancelled"],
  "Back and forward, sleep and wake": ["bfcache"],
};

/** @typedef {{ file: string, browser: string, ok: boolean, ms: number, detail: string, data: unknown }} Outcome */

const HERE = import.meta.dirname;
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    browser: { type: "string", multiple: true, default: ["chromium", "firefox"] },
    site: { type: "string", default: "site" },
    rounds: { type: "string", default: "3" },
  },
});

/**
 * @param {string} browser
 * @param {string[]} files
 * @returns {Promise<Outcome[]>}
 */
async function run(browser, files) {
  const given = ["--browser", browser, "--site", values.site, "--rounds", values.rounds];
  const child = spawn(process.execPath, [join(HERE, "run.mjs"), ...given, ...files], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, FAULTS: "all" },
  });
  /** @type {Outcome[]} */
  const outcomes = [];
  for await (const line of createInterface({ input: child.stdout })) {
    const outcome = /** @type {Outcome & { round: number }} */ (JSON.parse(line));
    outcomes.push(outcome);
    const { file, round, ok, ms, detail, data } = outcome;
    const seconds = (ms / 1000).toFixed(1);
    console.error(`${browser} ${round} ${file} ${ok ? "ok" : "FAILED"} ${seconds} s`);
    if (!ok) console.error(detail);
    else if (data && round === 1) console.error(`  ${JSON.stringify(data)}`);
  }
  return outcomes;
}

const rows = Object.entries(ROWS).filter(
  ([, cases]) => positionals.length === 0 || cases.some((name) => positionals.includes(name)),
);
/** @type {(name: string) => string} */
const fileOf = (name) => join(HERE, "faults", `${name}.mjs`);
const files = rows.flatMap(([, cases]) => cases.map(fileOf));
/** @type {Map<string, Outcome[]>} */
const found = new Map();
for (const browser of values.browser) found.set(browser, await run(browser, files));

let failed = 0;
console.log(`| fault | ${values.browser.join(" | ")} |`);
console.log(`| --- |${" --- |".repeat(values.browser.length)}`);
for (const [row, cases] of rows) {
  const cells = values.browser.map((browser) => {
    const own = (found.get(browser) ?? []).filter(({ file }) =>
      cases.some((name) => join(HERE, file) === fileOf(name)),
    );
    const good = own.filter(({ ok }) => ok).length;
    const all = cases.length * Number(values.rounds);
    if (good < all) failed += 1;
    return `${good} of ${all}`;
  });
  console.log(`| ${row} | ${cells.join(" | ")} |`);
}
process.exitCode = failed === 0 ? 0 : 1;
