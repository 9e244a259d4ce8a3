/**
 * A large file through the page's engine, against `JSON.parse` of each of its lines in the same
 * page. Prints a line of JSON for each measurement.
 *
 *     node benchmarks/large.mjs --browser firefox --site FOLDER --file FILE [--rounds 3]
 *
 * `ms`; `heap`: bytes by which the memories of all Python interpreters grew over that of one which has
 * checked a small file; `memory`: the same for all processes of the browser, where /proc tells (pages
 * that are shared count in parts); `gap`: the longest time in which the page did nothing else, as a
 * timer sees it, less the timer's own 10 ms; `task`: the longest task that Chromium reports, 0 when
 * none was over 50 ms.
 */

import { readFile, readdir } from "node:fs/promises";
import { resolve } from "node:path";
import { parseArgs } from "node:util";

import { isBrowserName, launch, quit } from "../tests/browser/both/drive.mjs";
import { Host } from "../tests/browser/both/host.mjs";

/** @import { Browser, ElementHandle, Page } from "puppeteer-core" */
/** @typedef {"tokens" | "full" | "format"} Work everything; all but tokens, whose file is not there; the format only */
/** @typedef {{ workers: number, work: Work }} Way */

const INPUT = "tr-dataset-check input[name=file]";
const TARGET = "openai/sft";
const SAMPLE_MS = 200;

const { values } = parseArgs({
  options: {
    browser: { type: "string", default: "chromium" },
    site: { type: "string", default: "site" },
    file: { type: "string" },
    rounds: { type: "string", default: "3" },
  },
});
const { browser: name, site, file } = values;
if (!isBrowserName(name)) throw new Error(`no such browser: ${name}`);
if (file === undefined) throw new Error("say which file: --file FILE");
const rounds = Number(values.rounds);

const host = await new Host(resolve(site)).up();
const [build] = await readdir(resolve(site, "assets/tuneready"));
const engine = `${host.site}assets/tuneready/${build}/js/engine.js`;
const browser = await launch(name, { protocolTimeout: 1_800_000 });
const works = /** @type {const} */ (["tokens", "full", "format"]);
/** @type {Way[]} */
const ways = works.flatMap((work) => [1, 2].map((workers) => ({ workers, work })));
for (let round = 0; round < rounds; round++) {
  // In turn, so that a machine that slows down slows all of them.
  for (const way of ways) await checked(way, round);
  const page = await prepared("tokens");
  const ms = await page.evaluate(parse, INPUT);
  tell({ round, what: "parse", ms });
  await page.close();
}
for (let round = 0; round < rounds; round++) {
  const page = await prepared("tokens");
  tell({ round, what: "cancel", ...(await page.evaluate(cancelled, engine, INPUT, TARGET)) });
  await page.close();
}
await quit(browser);
await host.down();

/** @param {object} found */
function tell(found) {
  console.log(JSON.stringify({ browser: name, ...found }));
}

/**
 * @param {Way} way
 * @param {number} round
 */
async function checked({ workers, work }, round) {
  const page = await prepared(work);
  await page.evaluate(begin, engine, TARGET);
  const before = await memoryOf(browser);
  let most = 0;
  const timer = setInterval(
    async () => (most = Math.max(most, await memoryOf(browser))),
    SAMPLE_MS,
  );
  const found = await page.evaluate(check, engine, INPUT, TARGET, { workers, work });
  clearInterval(timer);
  if (found.counted !== (work === "tokens")) throw new Error(`${work}: tokens ${found.counted}`);
  tell({ round, what: "check", workers, work, ...found, memory: most - before });
  await page.close();
}

/**
 * A page of the checker with the file chosen.
 *
 * @param {Work} work
 */
async function prepared(work) {
  host.clear();
  if (work === "full") host.fault(/\.ranks$/, { status: 404 });
  const context = await browser.createBrowserContext();
  const page = await context.newPage();
  page.setDefaultTimeout(1_800_000);
  await page.evaluateOnNewDocument(watch);
  await page.goto(`${host.site}terms/`, { waitUntil: "load" });
  // Not the element's own input: it would begin to check by itself.
  await page.evaluate(() => {
    const input = document.createElement("input");
    input.type = "file";
    input.name = "file";
    document.body.appendChild(document.createElement("tr-dataset-check")).append(input);
  });
  const input = /** @type {ElementHandle<HTMLInputElement>} */ (await page.$(INPUT));
  await input.uploadFile(resolve(/** @type {string} */ (file)));
  return page;
}

/** In each page, before all else: workers tell how large their WebAssembly memory has become. */
function watch() {
  const prefix = `
    { const { grow } = WebAssembly.Memory.prototype;
      const channel = new BroadcastChannel("benchmark");
      const worker = crypto.randomUUID();
      WebAssembly.Memory.prototype.grow = function (pages) {
        const before = grow.call(this, pages);
        channel.postMessage({ worker, bytes: this.buffer.byteLength });
        return before;
      }; }`;
  const heaps = new Map();
  Object.assign(globalThis, { heaps });
  new BroadcastChannel("benchmark").onmessage = ({ data }) => heaps.set(data.worker, data.bytes);
  const { createObjectURL } = URL;
  URL.createObjectURL = (object) => {
    const isScript = object instanceof Blob && object.type === "text/javascript";
    return createObjectURL(isScript ? new Blob([prefix, object], { type: object.type }) : object);
  };
}

/**
 * @param {string} address
 * @param {string} target
 */
async function begin(address, target) {
  const { engine } = await import(address);
  const sample = await (await fetch(new URL("../samples/good.jsonl", address))).arrayBuffer();
  await engine().check(new File([sample], "good.jsonl"), { target, language: "en" });
}

/**
 * @param {string} address
 * @param {string} selector
 * @param {string} target
 * @param {Way} way
 */
async function check(address, selector, target, { workers, work }) {
  const { engine } = await import(address);
  const input = /** @type {HTMLInputElement} */ (document.querySelector(selector));
  const { heaps } = /** @type {{ heaps: Map<string, number> }} */ (
    /** @type {unknown} */ (globalThis)
  );
  const total = () => [...heaps.values()].reduce((sum, bytes) => sum + bytes, 0);
  const base = total();
  let heap = base;
  let task = 0;
  let gap = 0;
  if (PerformanceObserver.supportedEntryTypes.includes("longtask")) {
    const observer = new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) task = Math.max(task, duration);
    });
    observer.observe({ type: "longtask" });
  }
  const began = performance.now();
  let last = began;
  const timer = setInterval(() => {
    const now = performance.now();
    gap = Math.max(gap, now - last - 10);
    last = now;
    heap = Math.max(heap, total());
  }, 10);
  const [file] = input.files ?? [];
  const depth = work === "format" ? "format" : "full";
  const { reports } = await engine().check(file, { target, language: "en", workers, depth });
  const ms = performance.now() - began;
  await new Promise((wake) => setTimeout(wake, 200));
  clearInterval(timer);
  const [report] = reports;
  if (!report.valid) throw new Error("the benchmark's file must be a good one");
  const counted = report.statistics.tokens !== null;
  return { ms, base, heap: heap - base, gap, task, counted };
}

/**
 * The same slices, the same strict decoding, the same lines; only the parser's work.
 *
 * @param {string} selector
 */
async function parse(selector) {
  const input = /** @type {HTMLInputElement} */ (document.querySelector(selector));
  const [file] = input.files ?? [];
  if (file === undefined) throw new Error("no file");
  const began = performance.now();
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  let rest = "";
  for (let place = 0; place < file.size; place += 4 << 20) {
    const bytes = await file.slice(place, place + (4 << 20)).arrayBuffer();
    const lines = (rest + decoder.decode(bytes, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) JSON.parse(line);
  }
  return performance.now() - began;
}

/**
 * Stop a check in the middle: until the promise is rejected, and until the next file has its report.
 *
 * @param {string} address
 * @param {string} selector
 * @param {string} target
 */
async function cancelled(address, selector, target) {
  const { engine } = await import(address);
  const input = /** @type {HTMLInputElement} */ (document.querySelector(selector));
  const sample = await (await fetch(new URL("../samples/good.jsonl", address))).arrayBuffer();
  const small = new File([sample], "good.jsonl");
  const [file] = input.files ?? [];
  await engine().check(small, { target, language: "en" });
  const stop = new AbortController();
  const running = engine().check(file, { target, language: "en", signal: stop.signal });
  await new Promise((wake) => setTimeout(wake, 300));
  const began = performance.now();
  stop.abort();
  const outcome = await running.then(
    () => "done",
    () => "cancelled",
  );
  const idle = performance.now() - began;
  if (outcome !== "cancelled") throw new Error("there was nothing left to cancel");
  await engine().check(small, { target, language: "en" });
  return { idle, again: performance.now() - began };
}

/**
 * @param {Browser} of
 * @returns {Promise<number>} bytes of the browser's processes; 0 where /proc does not tell
 */
async function memoryOf(of) {
  const top = of.process()?.pid;
  const processes = await readdir("/proc").catch(() => []);
  /** @type {Map<number, number>} */
  const parents = new Map();
  for (const pid of processes.filter((entry) => /^\d+$/.test(entry))) {
    const stat = await readFile(`/proc/${pid}/stat`, "utf-8").catch(() => "");
    const parent = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1];
    parents.set(Number(pid), Number(parent));
  }
  let sum = 0;
  for (let pid of parents.keys()) {
    const own = pid;
    while (pid > 1 && pid !== top) pid = parents.get(pid) ?? 0;
    if (pid !== top) continue;
    const rollup = await readFile(`/proc/${own}/smaps_rollup`, "utf-8").catch(() => "");
    sum += Number(/^Pss:\s+(\d+) kB/m.exec(rollup)?.[1] ?? 0) * 1024;
  }
  return sum;
}
