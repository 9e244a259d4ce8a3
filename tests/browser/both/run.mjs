/**
 * Runs cases in one browser, each in a fresh context over a host of its own, and prints a line of
 * JSON for each: {file, title, browser, round, ok, ms, detail, data}.
 *
 *     node tests/browser/both/run.mjs --browser firefox --site FOLDER [--rounds 3] [FILE…]
 *
 * A case is a module: `export default { title, run }`. What `run` returns is data for a table; what
 * it throws is the failure. Without files: all cases below this folder but those that say `slow`.
 */

import { AssertionError } from "node:assert/strict";
import { globSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";

import { isBrowserName, launch, quit, within } from "./drive.mjs";
import { Host } from "./host.mjs";

/** @import { Browser, BrowserContext, Page } from "puppeteer-core" */
/** @import { BrowserName } from "./drive.mjs" */

/**
 * What a case is given.
 *
 * - `open(path)`: a page of the case's own context at a path of the site (the context, and with it
 *   localStorage and caches, begins empty and is shared by the case's pages). `{before}`: a script
 *   that runs in the page before any other. `{goto: false}`: a blank page.
 * - `until(what, check)`: wait until `check()` is truthy, and return that.
 * - `browser`, `context`: puppeteer's; `name`: the browser's; `folder`: an empty one for files.
 *
 * @typedef {{ browser: Browser, context: BrowserContext, name: BrowserName, host: Host, folder: string, open: (path?: string, options?: { before?: string | ((...args: any[]) => void), goto?: boolean }) => Promise<Page>, until: <T>(what: string, check: () => T | Promise<T>, timeout?: number) => Promise<T>, sleep: (ms: number) => Promise<void> }} Given
 * @typedef {{ title: string, slow?: boolean, timeout?: number, run: (given: Given) => Promise<object | void> }} Case `slow`: only when named; `timeout` in ms
 */

const HERE = import.meta.dirname;
const TIMEOUT_MS = 120_000;
/** How long a browser may take to begin and to end what belongs to a case. */
const ROOM_MS = 60_000;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    browser: { type: "string", default: "chromium" },
    site: { type: "string" },
    rounds: { type: "string", default: "1" },
    list: { type: "boolean", default: false },
  },
});

const files = positionals.length
  ? positionals.map((file) => resolve(file))
  : globSync("*/**/*.mjs", { cwd: HERE })
      .sort()
      .map((file) => join(HERE, file));

/** @type {WeakSet<Browser>} those that did not let go of a case */
const spent = new WeakSet();

/** @param {number} ms */
const sleep = (ms) => new Promise((wake) => setTimeout(wake, ms));

/**
 * Right after a page was turned, Firefox's driver may still ask about an element of the page before.
 *
 * @param {unknown} error
 * @returns {null}
 */
function notYet(error) {
  if (!String(error).includes("no such handle")) throw error;
  return null;
}

/**
 * @template T
 * @param {string} what
 * @param {() => T | Promise<T>} check
 * @param {number} [timeout] in ms
 */
async function until(what, check, timeout = 30_000) {
  const end = Date.now() + timeout;
  for (;;) {
    const found = await Promise.resolve(check()).catch(notYet);
    if (found) return found;
    if (Date.now() > end) throw new Error(`waited ${timeout} ms for: ${what}`);
    await sleep(50);
  }
}

/**
 * @param {Browser} browser
 * @param {BrowserName} name
 * @param {string} site
 * @param {Case} test
 */
async function runCase(browser, name, site, test) {
  const host = await new Host(site).up();
  const folder = mkdtempSync(join(tmpdir(), "case-"));
  /** @type {BrowserContext | null} */
  let context = null;
  try {
    const own = await within(ROOM_MS, "a fresh context", browser.createBrowserContext());
    context = own;
    /** @type {Given["open"]} */
    const open = async (path = "", { before, goto = true } = {}) => {
      const page = await own.newPage();
      page.setDefaultTimeout(60_000);
      if (before) await page.evaluateOnNewDocument(before);
      if (goto) await page.goto(new URL(path, host.site).href, { waitUntil: "load" });
      return page;
    };
    const given = { browser, context, name, host, folder, open, until, sleep };
    return await within(test.timeout ?? TIMEOUT_MS, "the case", Promise.resolve(test.run(given)));
  } finally {
    // A browser that does not let go of a case is of no use to the next one; the case is judged already.
    await within(ROOM_MS, "the end", context?.close() ?? Promise.resolve()).catch(() =>
      spent.add(browser),
    );
    await host.down().catch(() => {});
    rmSync(folder, { recursive: true, force: true });
  }
}

async function main() {
  /** @type {{ file: string, test: Case }[]} */
  const cases = [];
  for (const file of files) {
    const { default: test } = await import(pathToFileURL(file).href);
    // A module without a case is shared by its neighbours.
    if (test?.run && (positionals.length || !test.slow))
      cases.push({ file: relative(HERE, file), test });
  }
  if (values.list) {
    for (const { file } of cases) console.log(file);
    return;
  }
  const { browser: name, site } = values;
  if (!isBrowserName(name)) throw new Error(`no such browser: ${name}`);
  if (site === undefined) throw new Error("say where the built site is: --site FOLDER");
  let browser = await launch(name);
  for (let round = 1; round <= Number(values.rounds); round++) {
    for (const { file, test } of cases) {
      const started = performance.now();
      let ok = true;
      let detail = "";
      let data = null;
      try {
        data = (await runCase(browser, name, resolve(site), test)) ?? null;
      } catch (error) {
        ok = false;
        detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
      }
      const ms = Math.round(performance.now() - started);
      const line = { file, title: test.title, browser: name, round, ok, ms, detail, data };
      console.log(JSON.stringify(line));
      // A case may end the browser, or leave it in no state for the next one.
      if (!ok || !browser.connected || spent.has(browser)) {
        await quit(browser);
        browser = await launch(name);
      }
    }
  }
  await quit(browser);
}

// Of an answer that puppeteer still expected when its page went, for instance; the case has its own
// outcome. What a case asserts without waiting for it is a fault of the case, and ends the run.
process.on("unhandledRejection", (reason) => {
  if (reason instanceof AssertionError) throw reason;
  console.error("Nobody waited for this:", reason);
});
await main();
// A browser that was given up may leave a connection, which would keep this process for ever.
process.exit();
