/**
 * Nothing leaves: every way out is tried, from the page, from a worker, from the engine's own worker
 * and from Python, towards listeners on other ports. The same tries on the same page without its
 * policy do arrive, so this can fail.
 */

import assert from "node:assert/strict";

import { CONNECTION, listen, listenForPackets } from "./listener.mjs";
import { DOCUMENT, HELPERS, KNOWN, PYTHON, REQUESTS } from "./ways.mjs";

/** @import { Page } from "puppeteer-core" */
/** @import { Given } from "../run.mjs" */
/** @import { Way } from "./ways.mjs" */
/** @typedef {{ place: string, way: string, policy: boolean, arrived: string, said: string }} Row */

const TRY_MS = 12_000;
const SETTLE_MS = 3_000;
const ENGINE = "engine’s worker";
const META = /<meta data-tuneready http-equiv[^>]*>/;
/** Chromium connects ahead of a navigation which it then refuses; nothing is said on that connection. */
const EMPTY = { chromium: ["<iframe src>", "<form>, GET", "<form>, POST"], firefox: [] };

/** Ways of the control that may fail to arrive in one run. */
const MOST_UNPROVEN = 5;

/** @type {import("../run.mjs").Case} */
export default {
  title: "Nothing leaves the page, its workers or Python, whichever way is tried",
  timeout: 300_000,
  async run(given) {
    const { host, name } = given;
    /** @type {Row[]} */
    const rows = [];
    host.headers = { "cache-control": "no-store" }; // the page without its policy must be another
    for (const policy of [true, false]) {
      if (!policy) {
        host.fault(/\/check\/$/, {
          change: (html) => {
            assert.match(String(html), META);
            return Buffer.from(String(html).replace(META, ""));
          },
        });
      }
      rows.push(...(await tryAll(given, policy)));
    }

    const closed = rows.filter(({ way }) => !(way in KNOWN));
    const bound = closed.filter(({ policy }) => policy);
    const asked = bound.filter(({ arrived }) => arrived && arrived !== CONNECTION);
    assert.deepEqual(asked.map(label), [], "asked for in spite of the policy");
    const empty = bound.filter(({ arrived, way }) => {
      return arrived === CONNECTION && !EMPTY[name].some((known) => known === way);
    });
    assert.deepEqual(empty.map(label), [], "connected to in spite of the policy");

    // What never arrives proves nothing: without a policy, all do but what a browser does not have.
    // (The engine's worker closes some doors itself, so an ordinary one stands for it here.)
    /** @type {Record<string, Way | undefined>} */
    const ways = { ...REQUESTS, ...DOCUMENT, ...PYTHON };
    const silent = closed.filter(
      ({ policy, way, place, arrived }) =>
        !policy && place !== ENGINE && !ways[way]?.lacks?.includes(name) && !arrived,
    );
    // A busy browser may be late with one or two; they are named, and prove nothing in this run.
    const unproven = silent.map(label);
    assert.ok(unproven.length <= MOST_UNPROVEN, `without the policy neither: ${unproven}`);
    return { rows, unproven };
  },
};

/** @param {Row} row */
function label({ place, way, arrived, said }) {
  return `${place}: ${way}: ${arrived || said}`;
}

/**
 * @param {Given} given
 * @param {boolean} policy
 * @returns {Promise<Row[]>}
 */
async function tryAll({ open, until, sleep }, policy) {
  /** @type {Row[]} */
  const rows = [];
  /**
   * @param {string} place
   * @param {Record<string, Way>} ways
   * @param {(name: string, url: string) => Promise<unknown>} run
   */
  const tryEach = async (place, ways, run) => {
    const late = sleep(TRY_MS).then(() => "no answer");
    const tries = Object.entries(ways).map(async ([way, { packets }]) => {
      const listener = await (packets ? listenForPackets() : listen());
      const said = await Promise.race([run(way, listener.url).then(() => "", inOneLine), late]);
      return { way, listener, said };
    });
    const done = await Promise.all(tries);
    await sleep(SETTLE_MS);
    for (const { way, listener, said } of done) {
      rows.push({ place, way, policy, arrived: listener.arrived(), said });
      listener.close();
    }
  };

  const page = await open("check/", { before: `${HELPERS}\n${inEngine}\ninEngine(${asText()})` });
  await page.click("[data-sample='good.jsonl']");
  const state = () => page.$eval("tr-dataset-check", (part) => part.getAttribute("data-state"));
  await until("a report", async () => (await state()) === "done", 60_000);
  await tryEach(ENGINE, REQUESTS, asking(page, "engine"));
  await startWorker(page, workerSource());
  await tryEach("worker", REQUESTS, asking(page, "worker"));
  await startWorker(page, await pythonSource(page));
  // One after another: Firefox opens one WebSocket at a time, and Python's sockets are made of them.
  let before = Promise.resolve();
  const ask = asking(page, "python");
  await tryEach("Python", PYTHON, (way, url) => {
    const asked = before.then(() => ask(way, url));
    before = asked.catch(() => {});
    return asked;
  });
  const inPage = { ...REQUESTS, ...DOCUMENT };
  await tryEach("page", inPage, (way, url) => {
    return page.evaluate(/** @type {Record<string, Way>} */ (inPage)[way]?.run ?? assert.fail, url);
  });
  const last = await open("check/", { before: HELPERS });
  for (const [way, { run }] of Object.entries(KNOWN)) {
    await tryEach("page", { [way]: { ...KNOWN[way], run } }, (_, url) => last.evaluate(run, url));
  }
  return rows;
}

/** @param {unknown} error */
function inOneLine(error) {
  const text = error instanceof Error ? error.message : String(error);
  const lines = text.trim().split("\n");
  return (lines.at(-1) ?? "").trim();
}

/** The ways of a worker by name, and what makes it try one when told so. */
function asText() {
  const ways = Object.entries(REQUESTS).map(([way, { run }]) => `${JSON.stringify(way)}: ${run}`);
  return JSON.stringify(`const ways = {${ways.join(",\n")}};\n${listening("engine")}`);
}

/**
 * Runs in the page before its own scripts: adds the tries to the engine's worker, whose source is a
 * blob of one line. (Firefox lets no driver into a worker.)
 *
 * @param {string} tries
 */
function inEngine(tries) {
  const Plain = Blob;
  globalThis.Blob = class extends Plain {
    /** @param {BlobPart[]} parts @param {BlobPropertyBag} [options] */
    constructor(parts = [], options = {}) {
      super(/engine\.worker\.js/.test(String(parts[0])) ? [...parts, "\n", tries] : parts, options);
    }
  };
}

/** @param {string} channel where it hears which way to try, and tells what came of it */
function listening(channel) {
  return `const channel = new BroadcastChannel("tr-test-${channel}");
    channel.onmessage = async ({ data: { id, way, url } }) => {
      if (id === undefined) return;
      try { await ways[way](url); channel.postMessage({ done: id }); }
      catch (error) { channel.postMessage({ done: id, error: String(error) }); }
    };`;
}

/** A worker of the page that starts as the engine's does, from a blob: address. */
function workerSource() {
  return `${JSON.parse(asText()).replaceAll("tr-test-engine", "tr-test-worker")}
    postMessage("ready");`;
}

/**
 * Another one, with an interpreter of its own from the site.
 *
 * @param {Page} page
 */
async function pythonSource(page) {
  const folder = await page.$eval("script[src$='/js/tuneready.js']", (script) =>
    /** @type {HTMLScriptElement} */ (script).src.replace(/js\/tuneready.js$/, "py/"),
  );
  const codes = Object.entries(PYTHON).map(([way, { code }]) => [way, code]);
  return `import { loadPyodide } from ${JSON.stringify(`${folder}pyodide.mjs`)};
    const python = await loadPyodide({ indexURL: ${JSON.stringify(folder)} });
    const ways = Object.fromEntries(${JSON.stringify(codes)}.map(([way, code]) => [way, (url) =>
      python.runPythonAsync(code, { globals: python.toPy({ url }) })]));
    ${listening("python")}
    postMessage("ready");`;
}

/**
 * @param {Page} page
 * @param {string} source
 */
function startWorker(page, source) {
  return page.evaluate((text) => {
    const blob = new Blob([text], { type: "text/javascript" });
    const worker = new Worker(URL.createObjectURL(blob), { type: "module" });
    return new Promise((resolve, reject) => {
      worker.onmessage = () => resolve(undefined);
      worker.onerror = () => reject(new Error("the worker did not start"));
    });
  }, source);
}

/**
 * @param {Page} page
 * @param {string} channel
 * @returns {(way: string, url: string) => Promise<void>}
 */
function asking(page, channel) {
  return async (way, url) => {
    const error = await page.evaluate(
      (name, asked) =>
        new Promise((resolve) => {
          const id = Math.random();
          const to = new BroadcastChannel(`tr-test-${name}`);
          to.onmessage = ({ data }) => {
            if (data.done === id) resolve(data.error ?? "");
          };
          to.postMessage({ id, ...asked });
        }),
      channel,
      { way, url },
    );
    if (error) throw new Error(String(error));
  };
}
