/**
 * From nothing to the first verdict and to the first report: our page against stock Pyodide, which
 * loads itself, then our wheel, from the same host. Prints a line of JSON for each measurement.
 *
 *     node benchmarks/start.mjs --browser firefox --site FOLDER [--rounds 5]
 *
 * Time begins when the page has come to rest, as at a reader's first answer: a page of ours also has
 * a search index to build, an empty one has nothing to do.
 *
 * A first visit has an empty profile. A warm one is the same profile in a browser that was ended and
 * started again, so that only the disk remembers. Who comes first changes from round to round.
 */

import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { readFile, readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";

import { isBrowserName, launch, quit } from "../tests/browser/both/drive.mjs";
import { Host } from "../tests/browser/both/host.mjs";

/** @typedef {"verdict" | "report"} What */
/** @typedef {"ours" | "stock"} Who */
/** @typedef {{ engine: string, python: string, pages: string, sample: string }} Addresses */

const PAGE = { ours: "terms/", stock: "../../stock/" };
const TARGET = "openai/sft";
const REST_MS = 1500;

const { values } = parseArgs({
  options: {
    browser: { type: "string", default: "chromium" },
    site: { type: "string", default: "site" },
    rounds: { type: "string", default: "5" },
  },
});
const { browser: name, site } = values;
if (!isBrowserName(name)) throw new Error(`no such browser: ${name}`);

const scratch = mkdtempSync(join(tmpdir(), "start-"));
const bundles = resolve(site, "assets/tuneready");
const [build] = await readdir(bundles);
if (build === undefined) throw new Error(`no bundle in ${bundles}`);
mkdirSync(join(scratch, "stock"));
symlinkSync(join(bundles, build, "py"), join(scratch, "stock/py"));
writeFileSync(join(scratch, "stock/index.html"), "<!doctype html><title>Stock Pyodide</title>");
const host = await new Host(resolve(site)).up();
host.also("/stock/", join(scratch, "stock"));
const addresses = {
  engine: `${host.site}assets/tuneready/${build}/js/engine.js`,
  python: `${host.origin}/stock/py/`,
  pages: `${host.site}decide/`,
  sample: await readFile(join(bundles, build, "samples/good.jsonl"), "utf-8"),
};

for (let round = 0; round < Number(values.rounds); round++) {
  for (const what of /** @type {What[]} */ (["verdict", "report"])) {
    const order = /** @type {Who[]} */ (round % 2 ? ["stock", "ours"] : ["ours", "stock"]);
    for (const who of order) {
      const userDataDir = join(scratch, `${round}-${what}-${who}`);
      mkdirSync(userDataDir);
      for (const visit of ["first", "warm"]) {
        const ms = await measure(userDataDir, who, what);
        console.log(JSON.stringify({ browser: name, round, what, who, visit, ms }));
      }
      rmSync(userDataDir, { recursive: true, force: true, maxRetries: 5 });
    }
  }
}
await host.down();
rmSync(scratch, { recursive: true, force: true });

/**
 * @param {string} userDataDir
 * @param {Who} who
 * @param {What} what
 */
async function measure(userDataDir, who, what) {
  if (!isBrowserName(name)) throw new Error(name);
  const browser = await launch(name, { userDataDir });
  try {
    const page = await browser.newPage();
    await page.goto(new URL(PAGE[who], host.site).href, { waitUntil: "load" });
    await new Promise((wake) => setTimeout(wake, REST_MS));
    const ms = await page.evaluate(who === "ours" ? ours : stock, what, addresses, TARGET);
    // What a browser keeps of compiled code it writes a little later.
    await new Promise((wake) => setTimeout(wake, 1500));
    return Math.round(ms);
  } finally {
    await quit(browser);
  }
}

/**
 * In a page of ours: what the page itself does at the first answer, and at the first file.
 *
 * @param {What} what
 * @param {Addresses} addresses
 * @param {string} target
 */
async function ours(what, { engine: address, pages, sample }, target) {
  const text = await (await fetch(pages)).text();
  const parsed = new DOMParser().parseFromString(text, "text/html");
  const template = /** @type {HTMLTemplateElement} */ (
    parsed.querySelector('template[data-template="guide"]')
  );
  const guide = JSON.parse(template.content.textContent ?? "");
  /** @type {{ engine: typeof import("../macros/tuneready/site/static/js/engine.js").engine }} */
  const { engine } = await import(address);
  const began = performance.now();
  const language = "en";
  if (what === "verdict") {
    const question = { guide, profile: "decide", answers: {}, scope: {}, language };
    await engine().assess(question);
  } else {
    const { reports } = await engine().check(new File([sample], "good.jsonl"), {
      target,
      language,
    });
    if (!reports[0]?.valid) throw new Error("the sample is good");
  }
  return performance.now() - began;
}

/**
 * In an empty page: what Pyodide's documentation says to do, in as few steps as can be.
 *
 * @param {What} what
 * @param {Addresses} addresses
 * @param {string} target
 */
async function stock(what, { python, pages, sample }, target) {
  const text = await (await fetch(pages)).text();
  const parsed = new DOMParser().parseFromString(text, "text/html");
  const template = /** @type {HTMLTemplateElement} */ (
    parsed.querySelector('template[data-template="guide"]')
  );
  const guide = JSON.parse(template.content.textContent ?? "");
  const began = performance.now();
  /** @type {typeof import("pyodide")} */
  const { loadPyodide } = await import(`${python}pyodide.mjs`);
  const pyodide = await loadPyodide({ indexURL: python, packageBaseUrl: python });
  const packages = what === "verdict" ? ["tuneready"] : ["tuneready", "msgspec"];
  await pyodide.loadPackage(packages, { messageCallback() {} });
  const bridge = pyodide.pyimport("tuneready.bridge").Bridge();
  const ask = (/** @type {object} */ request) =>
    JSON.parse(bridge.handle(JSON.stringify({ id: 1, language: "en", ...request })));
  let reply;
  if (what === "verdict") {
    reply = ask({ type: "assess", guide, profile: "decide", answers: {}, scope: {} });
  } else {
    ask({ type: "check-open", file: "good.jsonl", target, model: null });
    bridge.feed(new TextEncoder().encode(sample));
    reply = ask({ type: "check-close" });
  }
  if (reply.type === "failed") throw new Error(reply.detail);
  return performance.now() - began;
}
