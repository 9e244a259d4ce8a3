/** A file that is missing, cut, altered, or never sent: nothing is kept, or what was kept stays. */

import assert from "node:assert/strict";
import { join } from "node:path";

import { deploy, is, keep, keptBy, marksOf, press } from "./deploying.mjs";

/** @type {import("../run.mjs").Case} */
export default {
  title: "One file that does not arrive as published, and the version is not taken",
  timeout: 240_000,
  async run({ open, host, folder, until }) {
    const built = host.folder;
    const a = deploy(built, join(folder, "a"), "A");
    const b = deploy(built, join(folder, "b"), "B");
    host.folder = a.folder;
    const page = await open("offline/");
    const path = new URL(host.site).pathname;
    const failure = () =>
      page.$$eval("[data-failed]:not([hidden]) p", (all) =>
        all
          .filter((one) => one.checkVisibility())
          .map((one) => one.textContent?.trim() ?? "")
          .join(" "),
      );
    /** @type {[string, import("../host.mjs").Fault, RegExp][]} */
    const faults = [
      ["decide/why/", { status: 404 }, /does not have this file: decide\/why\/index\.html/],
      ["sitemap.xml", { cut: 100 }, /another content than was published: sitemap\.xml/],
      [
        "content.json",
        { change: (content) => Buffer.concat([content, Buffer.from(" ")]) },
        /another content than was published: content\.json/,
      ],
      ["sw.js", { status: 404 }, /does not have this file: sw\.js/],
    ];
    /** @type {string[]} */
    const told = [];
    const tryAll = async (/** @type {string} */ left) => {
      for (const [file, fault, expected] of faults) {
        host.clear();
        host.fault(file === "sitemap.xml" ? /where\/sitemap\.xml$/ : file, fault);
        await press(page, "keep", until);
        await until(
          "an end",
          async () => (await is(page, "downloading")) === false && (await failure()),
          60_000,
        );
        const said = await failure();
        assert.match(said, expected);
        assert.ok(said.includes(left), said);
        told.push(said);
      }
    };

    await tryAll("Nothing was kept.");
    assert.deepEqual(await keptBy(page), { caches: [], workers: [], controller: null });

    host.clear();
    await keep(page, until);
    assert.equal(await failure(), "");
    await page.reload({ waitUntil: "load" });
    const before = await keptBy(page);
    assert.deepEqual(before.caches, [`tuneready:${path}:${a.build}`, `tuneready:${path}:state`]);

    host.folder = b.folder;
    await page.reload({ waitUntil: "load" });
    // The worker itself is registered already, and a newer one that is missing changes nothing.
    faults.pop();
    // What did not change is not fetched, so nothing can go wrong with it.
    faults.pop();
    faults.push(["nl/", { body: "<p>an insertion of the host", status: 200 }, /: nl\/index\.html/]);
    await tryAll("What you kept before is as it was.");
    assert.deepEqual(await keptBy(page), before);
    host.clear();
    await page.reload({ waitUntil: "load" });
    assert.deepEqual(await marksOf(page, host.site), ["A"]);

    // The host goes away half-way.
    host.fault("overview/", { hang: true });
    await press(page, "keep", until);
    await until("half of it", () => host.requests.some(({ path }) => path === "overview/"));
    await host.down();
    await until("an end", failure, 60_000);
    assert.deepEqual(await keptBy(page), before);
    await page.reload({ waitUntil: "load" });
    assert.deepEqual(await marksOf(page, host.site), ["A"]);

    // Published anew half-way.
    host.clear();
    await host.up();
    await page.reload({ waitUntil: "load" });
    const c = deploy(built, join(folder, "c"), "C");
    host.fault(/where\/(decide|nl)\//, { delay: 1500 });
    await press(page, "keep", until);
    await until("a beginning", () => host.requests.some(({ path }) => path.startsWith("decide/")));
    host.folder = c.folder;
    await until("an end", failure, 60_000);
    assert.match(await failure(), /published anew/);
    told.push(await failure());
    assert.deepEqual(await keptBy(page), before);
    return { told };
  },
};
