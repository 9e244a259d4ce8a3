/** The publisher switches it off: what readers kept goes, and so does the worker. Or readers remove it. */

import assert from "node:assert/strict";
import { copyFileSync } from "node:fs";
import { join } from "node:path";

import { deploy, is, keep, keptBy, marksOf, press, tap } from "./deploying.mjs";

const STATIC = join(import.meta.dirname, "../../../../macros/tuneready/site/static");

/** @type {import("../run.mjs").Case} */
export default {
  title: "Removed by the reader, or withdrawn by the publisher, nothing is left",
  timeout: 480_000,
  async run({ open, host, folder, until }) {
    const built = host.folder;
    // What a browser has in its own cache would say nothing about the host.
    host.headers = { "cache-control": "no-cache" };
    const a = deploy(built, join(folder, "a"), "A");
    const b = deploy(built, join(folder, "b"), "B");
    host.folder = a.folder;
    const page = await open("offline/");
    await keep(page, until);
    await page.reload({ waitUntil: "load" });
    const other = await open("decide/why/");
    await tap(other, "tr-checklist input[value=yes]");
    assert.deepEqual(await marksOf(other, host.site), ["A"]);

    // By the reader. The other tab goes on, with the host.
    await press(page, "remove", until);
    await until("the end", () => is(page, "idle"));
    const said = await page.$eval("[data-headline]", (part) => part.textContent ?? "");
    assert.match(said, /^Removed\. [\d.,]+ MB are free again\.$/);
    assert.deepEqual((await keptBy(page)).caches, []);
    await until("no worker", async () => (await keptBy(page)).workers.length === 0);
    host.folder = b.folder;
    host.requests = [];
    assert.equal(await other.evaluate(async () => (await fetch("../")).status), 200);
    assert.ok(host.requests.some(({ path }) => path === "decide/"));
    for (const one of [page, other]) {
      await one.reload({ waitUntil: "load" });
      assert.equal((await keptBy(one)).controller, null);
      assert.deepEqual(await marksOf(one, host.site), ["B"]);
    }

    // By the publisher.
    await keep(page, until);
    await page.reload({ waitUntil: "load" });
    await other.reload({ waitUntil: "load" });
    assert.ok((await keptBy(other)).controller);
    await other.evaluate(() => caches.open("tuneready:/another/:0123456789abcdef"));
    host.folder = a.folder;
    copyFileSync(join(STATIC, "sw-off.js"), join(a.folder, "sw.js"));
    host.fault("offline.json", { status: 404 });
    // The worker that goes loads its pages anew, so that this visit may not come to its own end.
    await page
      .goto(`${host.site}nl/offline/`, { waitUntil: "load", timeout: 10_000 })
      .catch(() => {});
    let left = "";
    const found = async () => {
      const now = await keptBy(page);
      left = JSON.stringify(now);
      return now;
    };
    const told = (/** @type {unknown} */ error) => {
      throw new Error(`left at ${page.url()}: ${left}`, { cause: error });
    };
    const began = Date.now();
    const seconds = () => Math.round((Date.now() - began) / 1000);
    const empty = async () => (await found()).caches.length === 1;
    await until("what was kept to go", () => empty().catch(() => false)).catch(told);
    const emptied = seconds();

    // Should Chromium wake the old worker anew just when it was to stop, it goes after 30 idle
    // seconds; with a debugger, as here, its requests wait for five minutes first.
    const gone = async () => {
      const { workers, controller } = await found();
      return workers.length === 0 && controller === null;
    };
    await until("the worker to go", () => gone().catch(() => false), 330_000).catch(told);
    const ended = seconds();
    assert.deepEqual((await keptBy(page)).caches, ["tuneready:/another/:0123456789abcdef"]);
    for (const one of [page, other]) {
      const marks = () => marksOf(one, host.site).catch(() => []);
      await until("the pages from the host", async () => (await marks()).join() === "A");
      assert.equal((await keptBy(one)).controller, null);
    }
    assert.ok(await other.$eval("tr-checklist input[value=yes]", (one) => one.checked));
    await until("the word", () => is(page, "gone"));
    return { said, emptied, ended };
  },
};
