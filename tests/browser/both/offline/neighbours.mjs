/** Two sites on one origin, one of them below the other: each keeps itself and touches nothing else. */

import assert from "node:assert/strict";
import { join } from "node:path";

import { deploy, keep, keptBy, marksOf, press } from "./deploying.mjs";

/** @type {import("../run.mjs").Case} */
export default {
  title: "Sites that share an origin keep themselves apart",
  timeout: 180_000,
  async run({ open, host, folder, until }) {
    const built = host.folder;
    // What a browser has in its own cache would say nothing about the host.
    host.headers = { "cache-control": "no-cache" };
    const own = deploy(built, join(folder, "own"), "A");
    const below = deploy(built, join(folder, "below"), "B");
    const beside = deploy(built, join(folder, "beside"), "C");
    host.folder = own.folder;
    const base = new URL(host.site).pathname;
    const sites = { below: `${base}below/`, beside: "/beside/" };
    host.also(sites.below, below.folder);
    host.also(sites.beside, beside.folder);
    const at = (/** @type {string} */ path) => host.origin + path;

    const page = await open("offline/");
    await keep(page, until);
    const names = [`tuneready:${base}:${own.build}`, `tuneready:${base}:state`];
    assert.deepEqual((await keptBy(page)).caches, names);

    // A neighbour, also one within our path, goes on coming from the host, and has no notice.
    for (const [path, mark] of [
      [sites.below, "B"],
      [sites.beside, "C"],
    ]) {
      await page.goto(at(`${path}decide/`), { waitUntil: "load" });
      host.requests = [];
      assert.deepEqual(await marksOf(page, at(String(path))), [mark]);
      assert.ok(host.requests.length > 5);
      assert.ok(!(await page.$(".tr-offline-notice")));
    }

    // It keeps itself, too.
    for (const path of [sites.below, sites.beside]) {
      await page.goto(at(`${path}offline/`), { waitUntil: "load" });
      await keep(page, until);
    }
    const all = [
      ...names,
      `tuneready:${sites.below}:${below.build}`,
      `tuneready:${sites.below}:state`,
      `tuneready:${sites.beside}:${beside.build}`,
      `tuneready:${sites.beside}:state`,
    ].sort();
    const kept = await keptBy(page);
    assert.deepEqual(kept.caches, all);
    assert.deepEqual(kept.workers, [at(base), at(sites.below), at(sites.beside)].sort());
    await host.down();
    for (const [path, mark] of [
      [base, "A"],
      [sites.below, "B"],
      [sites.beside, "C"],
    ]) {
      await page.goto(at(String(path)), { waitUntil: "load" });
      assert.deepEqual(await marksOf(page, at(String(path))), [mark]);
    }

    // And removes only itself.
    await page.goto(at(`${base}offline/`), { waitUntil: "load" });
    await press(page, "remove", until);
    await until("it to go", async () => (await keptBy(page)).workers.length === 2);
    await until("it to go", async () => (await keptBy(page)).caches.length === 4);
    assert.deepEqual(
      (await keptBy(page)).caches,
      all.filter((name) => !names.includes(name)),
    );
    await page.goto(at(sites.below), { waitUntil: "load" });
    assert.deepEqual(await marksOf(page, at(sites.below)), ["B"]);
  },
};
