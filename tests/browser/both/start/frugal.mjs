/** On a slow line, or where the reader asked to save data, fewer bytes come, and none ahead. */

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { LINE, check, checker, choose } from "../faults/engine.mjs";

const PYTHON = /\/py\/|\/tokens\/|engine\.worker/;

/** What a browser tells of its line. @param {object} told */
const tells = (told) =>
  `Object.defineProperty(navigator, "connection", { value: ${JSON.stringify(told)} })`;

/** @type {import("../run.mjs").Case} */
export default {
  title: "A slow line and Save-Data: the smaller start, and with Save-Data nothing ahead",
  timeout: 300_000,
  async run({ open, host, until, sleep, folder }) {
    const fetched = () => host.requests.map(({ path }) => path).filter((path) => PYTHON.test(path));
    const asked = (/** @type {string} */ file) => fetched().some((path) => path.endsWith(file));
    const list = await open("decide/why/", { before: tells({ saveData: true }) });
    await list.click("tr-checklist input[value=yes]");
    await list.close();

    const file = join(folder, "good.jsonl");
    writeFileSync(file, LINE.repeat(12));
    const saving = await open("check/", { before: tells({ saveData: true }) });
    await saving.focus("tr-dataset-check select");
    await sleep(4000); // longer than a quiet page waits
    assert.deepEqual(fetched(), [], "nothing ahead");
    await choose(saving, file);
    await check(saving, until);
    assert.equal((await checker(saving)).state, "done");
    assert.ok(asked("python_stdlib.zip"));
    assert.ok(!asked("python.snapshot"), "the larger start is left");
    await saving.close();

    /** @param {object} told */
    const verdict = async (told) => {
      host.requests = [];
      const page = await open("decide/", { before: tells(told) });
      const state = () => page.$eval("tr-assessment", (part) => part.getAttribute("data-state"));
      await until("a verdict", async () => (await state()) === "done", 90_000);
      await page.close();
    };
    await verdict({ effectiveType: "3g" });
    assert.ok(!asked("python.snapshot"), "so it is on a slow line");
    await verdict({ effectiveType: "4g" });
    assert.ok(asked("python.snapshot"), "and not on a fast one");
    // What the browser has is nearer than any line.
    await verdict({ effectiveType: "3g" });
    assert.ok(!asked("python.snapshot"));
    assert.ok(!asked("python_stdlib.zip"));
  },
};
