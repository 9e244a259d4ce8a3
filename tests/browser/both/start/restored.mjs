/** What a first verdict and a first check fetch, and that nothing of Python comes before. */

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { check, checker, choose } from "../faults/engine.mjs";

const PYTHON = /\/py\/|\/tokens\/|engine\.worker/;

/** @type {import("../run.mjs").Case} */
export default {
  title: "Python comes from its snapshot, once, and only where it is wanted",
  async run({ open, host, until, sleep, folder }) {
    host.headers = { "cache-control": "no-store" }; // what is asked for twice is seen twice
    const fetched = () => host.requests.map(({ path }) => path).filter((path) => PYTHON.test(path));
    const page = await open("terms/");
    await sleep(4000); // longer than a quiet page waits
    assert.deepEqual(fetched(), [], "a page to read fetches no Python");

    await page.goto(new URL("decide/why/", host.site).href);
    await sleep(1000);
    assert.deepEqual(fetched(), [], "nor does a list that nobody answered");
    await page.click("tr-checklist input[value=yes]");
    await until("Python on the first answer", () => fetched().length > 0);
    await page.goto(new URL("decide/", host.site).href);
    const state = () => page.$eval("tr-assessment", (part) => part.getAttribute("data-state"));
    await until("a verdict", async () => (await state()) === "done");
    const names = new Set(fetched().map((path) => path.split("/").at(-1)));
    assert.ok(names.has("python.snapshot"));
    assert.ok(!names.has("python_stdlib.zip"), "the snapshot holds the standard library");
    assert.ok(![...names].some((name) => name?.endsWith(".whl")), "and our code");

    await page.goto(new URL("check/", host.site).href);
    const file = join(folder, "good.jsonl");
    const record = {
      messages: [
        { role: "user", content: "a" },
        { role: "assistant", content: "b" },
      ],
    };
    const line = `${JSON.stringify(record)}\n`;
    writeFileSync(file, line.repeat(12));
    await choose(page, file);
    await check(page, until);
    assert.equal((await checker(page)).state, "done");
    const later = new Set(fetched().map((path) => path.split("/").at(-1)));
    assert.ok([...later].some((name) => name?.startsWith("msgspec-")));
    assert.ok(!later.has("python_stdlib.zip"), "a check needs no more of the library");

    // A cancelled check ends its worker; the next one starts from what this page has.
    const big = join(folder, "big.jsonl");
    writeFileSync(big, line.repeat(200_000));
    await choose(page, big);
    await until("a check", async () => (await checker(page)).state === "checking");
    host.requests = [];
    await page.click("tr-dataset-check [data-cancel]");
    await choose(page, file);
    await check(page, until);
    assert.equal((await checker(page)).state, "done");
    const again = fetched().filter((path) => /snapshot|asm\.wasm|stdlib/.test(path));
    assert.deepEqual(again, [], "another worker needs no other Python");
    return { files: later.size };
  },
};
