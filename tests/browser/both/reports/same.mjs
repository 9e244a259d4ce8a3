/**
 * Checks every file of a folder in the page's engine, and compares each report with what the command
 * line said of it, byte for byte. The folder is that of tests/compared_reports.py, named in COMPARED.
 */

import assert from "node:assert/strict";

/** @typedef {{ file: string, name: string, target: string, model: string | null, language: string, report: string, failed: string }} Asked */
/** @typedef {{ asked: Asked, expected: string, found: string }} Difference */
/** @typedef {{ done: number, of: number, differing: Difference[], broken: string, at: string }} Comparing `at`: the file at work */

const BASE = "/compared/";
const SHOWN = 5;
/** None of the files takes a second. */
const STUCK_MS = 120_000;

/** @type {import("../run.mjs").Case} */
export default {
  title: "Reports are those of the command line, byte for byte",
  slow: true,
  timeout: 3_600_000,
  async run({ open, host, sleep }) {
    const folder = process.env["COMPARED"];
    assert.ok(folder, "COMPARED names the folder of tests/compared_reports.py");
    host.also(BASE, folder);
    const page = await open("check/");
    // Not one call for all, nor for many: a driver gives up on a call that lasts minutes.
    await page.evaluate(begin, BASE);
    /** @type {Comparing} */
    let now = await page.evaluate(progress);
    let moved = Date.now();
    while (now.done < now.of) {
      const { done } = now;
      await sleep(500);
      now = await page.evaluate(progress);
      assert.equal(now.broken, "");
      if (now.done > done) moved = Date.now();
      assert.ok(Date.now() - moved < STUCK_MS, `stuck after ${done} of ${now.of}, at ${now.at}`);
    }
    const shown = now.differing.slice(0, SHOWN).map(({ asked, expected, found }) => {
      const about = `${asked.file} for ${asked.target}, ${asked.language}`;
      return `${about}\n${firstDifference(expected, found)}`;
    });
    const message = `${now.differing.length} of ${now.of} differ\n${shown.join("\n")}`;
    assert.equal(now.differing.length, 0, message);
    return { compared: now.of };
  },
};

/**
 * In the page: begin to check all files, and to note where the engine says something else.
 *
 * @param {string} base
 */
function begin(base) {
  /** @type {Comparing} */
  const comparing = { done: 0, of: 1, differing: [], broken: "", at: "" };
  Object.assign(globalThis, { comparing });
  const fetched = async (/** @type {string} */ path) => {
    const response = await fetch(base + path.split("/").map(encodeURIComponent).join("/"));
    if (!response.ok) throw new Error(`${response.status} ${path}`);
    return response;
  };
  const compare = async () => {
    const script = document.querySelector(/** @type {"script"} */ ("script[src$='tuneready.js']"));
    /** @type {{ engine: typeof import("../../../../macros/tuneready/site/static/js/engine.js").engine }} */
    const { engine } = await import(new URL("engine.js", script?.src).href);
    /** @type {Asked[]} */
    const all = await (await fetched("asked.json")).json();
    comparing.of = all.length;
    for (const asked of all) {
      const { file, name, target, model, language, report, failed } = asked;
      comparing.at = `${file} for ${target}, ${language}`;
      const bytes = await (await fetched(file)).arrayBuffer();
      const text = await (await fetched(report)).text();
      const expected = text || failed;
      const found = await engine()
        .check(new File([bytes], name), { target, model, language })
        .then(({ document }) => document)
        .catch(({ message, failure }) =>
          failure?.detail ? `${message} (${failure.detail})` : String(message),
        );
      if (found !== expected) comparing.differing.push({ asked, expected, found });
      comparing.done += 1;
    }
  };
  compare().catch((error) => (comparing.broken = String(error)));
}

/** In the page. */
function progress() {
  return /** @type {{ comparing: Comparing }} */ (/** @type {unknown} */ (globalThis)).comparing;
}

/**
 * @param {string} expected
 * @param {string} found
 */
function firstDifference(expected, found) {
  let at = 0;
  while (at < expected.length && expected[at] === found[at]) at++;
  const from = Math.max(0, at - 80);
  const [one, other] = [expected, found].map((text) => JSON.stringify(text.slice(from, at + 160)));
  return `  at ${at}\n  command: ${one}\n  page:    ${other}`;
}
