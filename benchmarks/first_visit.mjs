/**
 * What a first visitor sees on a slow line and a slow computer, second by second.
 *
 * node benchmarks/first_visit.mjs [--site FOLDER] [--into FOLDER] [--scenes NAME,…] [--type 3g]
 *
 * Fast 3G (1.6 Mbit/s, 150 ms; the server slows itself, so workers wait, too), a processor four times
 * slower, an empty cache. For each scene: a picture after 1, 3 and 10 seconds and when the answer
 * stands, how the layout shifted, and what came over the line in which order. A browser cannot know
 * that this line is slow before it used it, so the page is told: `--type` is what its
 * `navigator.connection.effectiveType` says, "4g" being that of a browser that did not notice.
 */

import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

import { launch, quit } from "../tests/browser/both/drive.mjs";
import { FAST_3G, Served } from "./served.mjs";

/** @import { Page } from "puppeteer-core" */
/** @typedef {{ path: string, width?: number, dark?: boolean, kept?: boolean, act?: { at: number, what: (page: Page) => Promise<void> }[], done: string }} Scene `at`: milliseconds; `done`: there when the answer stands */

const ROOT = fileURLToPath(new URL("../", import.meta.url));
const PICTURES_AT = [1000, 3000, 10_000];
const LIMIT_MS = 180_000;
const PATIENCE_MS = 10_000;
const VERDICT = 'tr-assessment[data-state="done"]';
const CHECKED = 'tr-dataset-check[data-state="done"]';

/** @type {Record<string, Scene>} */
const SCENES = {
  // A tick at 1.5 s; the reader goes on to the verdict at 4 s.
  question: { path: "decide/why/", act: [tick(1500), follow(4000)], done: VERDICT },
  "question-nl-360-dark": {
    path: "nl/decide/why/",
    width: 360,
    dark: true,
    act: [tick(1500), follow(4000)],
    done: VERDICT,
  },
  // Answers of another day.
  verdict: { path: "decide/#verdict", kept: true, done: VERDICT },
  "verdict-nl-360": { path: "nl/decide/#verdict", kept: true, width: 360, done: VERDICT },
  overview: { path: "overview/", kept: true, done: 'tr-overview[data-state="done"]' },
  checker: { path: "check/", act: [choose(2000), press(2500)], done: CHECKED },
  "checker-nl-360-dark": {
    path: "nl/check/",
    width: 360,
    dark: true,
    act: [choose(2000), press(2500)],
    done: CHECKED,
  },
};

const { values } = parseArgs({
  options: {
    site: { type: "string", default: join(ROOT, "site") },
    into: { type: "string", default: join(ROOT, ".cache", "first-visit") },
    scenes: { type: "string", default: Object.keys(SCENES).join(",") },
    type: { type: "string", default: "3g" },
  },
});
await mkdir(values.into, { recursive: true });
for (const name of values.scenes.split(",")) {
  const scene = SCENES[name];
  if (scene === undefined) throw new Error(`no scene ${name}; there is ${Object.keys(SCENES)}`);
  await record(name, scene);
}

/**
 * @param {string} name
 * @param {Scene} scene
 */
async function record(name, scene) {
  const served = new Served(values.site);
  const site = await served.up();
  const browser = await launch("chromium", { protocol: "cdp", protocolTimeout: 2 * LIMIT_MS });
  try {
    const page = await browser.newPage();
    await page.setViewport({ width: scene.width ?? 1280, height: scene.width ? 740 : 900 });
    const scheme = scene.dark ? "dark" : "light";
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
    await page.evaluateOnNewDocument(watchShifts);
    await page.evaluateOnNewDocument(sayLine, values.type);
    if (scene.kept) {
      // Under the same origin; answers only, nothing is cached by it.
      await page.goto(`${site}404.html`);
      await page.evaluate(keepAnswers, new URL(site).pathname, await itemsOf(site));
    }
    served.requests = [];
    served.line = FAST_3G;
    await page.emulateCPUThrottling(4);
    const began = performance.now();
    const arrived = page.goto(site + scene.path).catch(() => null);
    const todo = [
      ...(scene.act ?? []).map(({ at, what }) => ({ at, run: () => what(page) })),
      ...PICTURES_AT.map((at) => ({ at, run: () => picture(page, `${name}-${at / 1000}s`) })),
    ].sort((one, other) => one.at - other.at);
    for (const { at, run } of todo) {
      await sleep(at - (performance.now() - began));
      await run();
    }
    await arrived;
    await page.waitForSelector(scene.done, { timeout: LIMIT_MS });
    const seconds = (performance.now() - began) / 1000;
    await sleep(1000);
    await picture(page, `${name}-done`);
    const shifts = await page.evaluate(() => Reflect.get(window, "trShifts"));
    const bytes = served.requests.reduce((sum, one) => sum + one.bytes, 0);
    const lines = served.requests.map((one) => `  ${String(one.bytes).padStart(9)}  ${one.path}`);
    await writeFile(join(values.into, `${name}.txt`), `${lines.join("\n")}\n`);
    const shifted = shifts.reduce(
      (/** @type {number} */ sum, /** @type {{ value: number }} */ one) => sum + one.value,
      0,
    );
    console.log(
      `${name}: ${seconds.toFixed(1)} s to the answer, ${served.requests.length} requests, ` +
        `${(bytes / 1e6).toFixed(2)} MB, layout shift ${shifted.toFixed(4)}`,
    );
    for (const shift of shifts) console.log(`    ${JSON.stringify(shift)}`);
  } finally {
    await quit(browser);
    served.down();
  }
}

/**
 * @param {Page} page
 * @param {string} name
 */
async function picture(page, name) {
  // A browser that draws nothing yet, or has no time to, gives no picture.
  const path = join(values.into, `${name}.png`);
  const taken = page.screenshot({ path }).then(
    () => true,
    () => false,
  );
  if (!(await Promise.race([taken, sleep(PATIENCE_MS)]))) console.log(`${name}: no picture`);
}

/** @param {number} at */
function tick(at) {
  // Where the reader is when they tick: at the list.
  return { at, what: clickOn(".tr-item input[type=radio]") };
}

/** @param {number} at */
function follow(at) {
  return { at, what: clickOn('tr-checklist a[href$="#verdict"]') };
}

/** @param {number} at */
function choose(at) {
  /** @param {Page} page */
  const what = async (page) => {
    const input = await page.waitForSelector("tr-dataset-check input[name=file]");
    const file = join(ROOT, "macros/tuneready/site/static/samples/bad.jsonl");
    await /** @type {import("puppeteer-core").ElementHandle<HTMLInputElement>} */ (
      input
    )?.uploadFile(file);
  };
  return { at, what };
}

/** @param {number} at */
function press(at) {
  return { at, what: clickOn("tr-dataset-check [data-check]") };
}

/** @param {string} selector */
function clickOn(selector) {
  /** @param {Page} page */
  return async (page) => {
    await page.waitForSelector(selector);
    for (const element of await page.$$(selector)) {
      if (!(await element.isVisible())) continue;
      await element.scrollIntoView();
      await element.click();
      return;
    }
    throw new Error(`nothing to click: ${selector}`);
  };
}

/** @param {string} site */
async function itemsOf(site) {
  const page = await (await fetch(`${site}decide/`)).text();
  return [...page.matchAll(/data-items="([\w -]+)"/g)].flatMap(([, items = ""]) =>
    items.split(" "),
  );
}

/**
 * In the page: a whole assessment, every third answer a gap.
 *
 * @param {string} path
 * @param {string[]} items
 */
function keepAnswers(path, items) {
  const keep = (/** @type {string} */ key, /** @type {string | object} */ value) =>
    localStorage.setItem(
      `tuneready:${path}:${key}`,
      typeof value === "string" ? value : JSON.stringify(value),
    );
  keep("assessment:00000001", { name: "Invoices", created: "2026-11-22T09:00:00.000Z", scope: {} });
  keep("current", "00000001");
  for (const [index, item] of items.entries()) {
    keep(`entry:00000001:${item}`, { answer: index % 3 === 0 ? "no" : "yes" });
  }
}

/**
 * In the page, before anything else.
 *
 * @param {string} effectiveType
 */
function sayLine(effectiveType) {
  const connection = Object.assign(new EventTarget(), { effectiveType, saveData: false });
  Object.defineProperty(navigator, "connection", { value: connection });
}

/** In the page, before anything else: collect what moves without the reader. */
function watchShifts() {
  /** @type {object[]} */
  const shifts = [];
  Reflect.set(window, "trShifts", shifts);
  new PerformanceObserver((list) => {
    for (const entry of /** @type {any[]} */ (list.getEntries())) {
      if (entry.hadRecentInput) continue;
      const sources = entry.sources.map((/** @type {{ node: Node | null }} */ { node }) =>
        node instanceof Element
          ? `${node.localName}.${node.className}`
          : (node?.textContent?.slice(0, 20) ?? ""),
      );
      shifts.push({ value: entry.value, at: Math.round(entry.startTime), sources });
    }
  }).observe({ type: "layout-shift", buffered: true });
}

/** @param {number} milliseconds */
function sleep(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, Math.max(milliseconds, 0)));
}
