/**
 * Checks every file of a folder in the page's engine, and compares each report with what the command
 * line said of it, byte for byte. The folder is that of tests/compared_reports.py, named in COMPARED.
 */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** @typedef {{ file: string, name: string, target: string, model: string | null, language: string, report: string, failed: string }} Asked */
/** @typedef {{ document: string, failed: string }} Said */

const BASE = "/compared/";
/** So many checks in one call: a driver gives up on a call that lasts minutes. */
const BATCH = 40;
const SHOWN = 5;

/** @type {import("../run.mjs").Case} */
export default {
  title: "Reports are those of the command line, byte for byte",
  slow: true,
  timeout: 1_800_000,
  async run({ open, host }) {
    const folder = process.env["COMPARED"] ?? "";
    assert.ok(folder, "COMPARED names the folder of tests/compared_reports.py");
    /** @type {Asked[]} */
    const asked = JSON.parse(readFileSync(join(folder, "asked.json"), "utf-8"));
    host.also(BASE, folder);
    const page = await open("check/");
    const differing = [];
    for (let start = 0; start < asked.length; start += BATCH) {
      const batch = asked.slice(start, start + BATCH);
      const texts = batch.map(({ report }) => readFileSync(join(folder, report), "utf-8"));
      const others = await page.evaluate(compare, batch, texts, BASE);
      differing.push(
        ...others.map(({ at, said }) => ({ asked: batch[at], text: texts[at], said })),
      );
    }
    const shown = differing.slice(0, SHOWN).map(({ asked, text, said }) => {
      const about = `${asked?.file} for ${asked?.target}, ${asked?.language}`;
      return `${about}\n${firstDifference(text || asked?.failed || "", said.document || said.failed)}`;
    });
    assert.equal(
      differing.length,
      0,
      `${differing.length} of ${asked.length} differ\n${shown.join("\n")}`,
    );
    return { compared: asked.length };
  },
};

/**
 * In the page: what the engine says of each file, where it is not the expected text.
 *
 * @param {Asked[]} batch
 * @param {string[]} texts
 * @param {string} base
 * @returns {Promise<{ at: number, said: Said }[]>}
 */
async function compare(batch, texts, base) {
  const script = /** @type {HTMLScriptElement} */ (
    document.querySelector("script[src$='tuneready.js']")
  );
  /** @type {{ engine: typeof import("../../../../macros/tuneready/site/static/js/engine.js").engine }} */
  const { engine } = await import(new URL("engine.js", script.src).href);
  const others = [];
  for (const [at, { file, name, target, model, language, failed }] of batch.entries()) {
    const address = base + file.split("/").map(encodeURIComponent).join("/");
    const bytes = await (await fetch(address)).arrayBuffer();
    /** @type {Said} */
    let said;
    try {
      const options = { target, model, language };
      const { document } = await engine().check(new File([bytes], name), options);
      said = { document, failed: "" };
    } catch (error) {
      const { message, failure } =
        /** @type {import("../../../../macros/tuneready/site/static/js/engine.js").EngineError} */ (
          error
        );
      said = { document: "", failed: failure?.detail ? `${message} (${failure.detail})` : message };
    }
    if (said.document !== texts[at] || said.failed !== failed) others.push({ at, said });
  }
  return others;
}

/**
 * @param {string} expected
 * @param {string} found
 */
function firstDifference(expected, found) {
  let at = 0;
  while (at < expected.length && expected[at] === found[at]) at++;
  const from = Math.max(0, at - 80);
  const around = [expected, found].map((text) => JSON.stringify(text.slice(from, at + 160)));
  return `  at ${at}\n  command: ${around[0]}\n  page:    ${around[1]}`;
}
