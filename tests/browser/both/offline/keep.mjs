/** Who opts in has the whole site without a network: pages, search, verdict, dataset check. */

import assert from "node:assert/strict";

import { keep, keptBy, stateOf } from "./deploying.mjs";

/** @type {import("../run.mjs").Case} */
export default {
  title: "Kept for offline use, everything works without the host",
  timeout: 240_000,
  async run({ open, host, until, sleep }) {
    const page = await open("offline/");
    await until("the offer", async () => (await stateOf(page)) === "idle");
    const listing = await page.evaluate(
      async () => await (await fetch("../offline.json", { cache: "no-store" })).json(),
    );
    const offer = await page.$eval("[data-shows=idle]", (part) => part.textContent ?? "");
    assert.ok(offer.includes(`in ${Object.keys(listing.files).length} files`), offer);
    const size = new Intl.NumberFormat("en", {
      style: "unit",
      unit: "megabyte",
      maximumFractionDigits: 1,
    }).format(listing.bytes / 1e6);
    assert.ok(offer.includes(size), `${size} in: ${offer}`);
    assert.deepEqual(await keptBy(page), { caches: [], workers: [], controller: null });

    await keep(page, until);
    const there = await keptBy(page);
    const path = new URL(host.site).pathname;
    assert.deepEqual(there.workers, [host.site]);
    assert.deepEqual(there.caches, [
      `tuneready:${path}:${listing.build}`,
      `tuneready:${path}:state`,
    ]);
    const stored = await page.evaluate(async (name) => {
      const cache = await caches.open(name);
      const all = (await cache.keys()).filter(({ url }) => !url.endsWith("/offline.json"));
      let bytes = 0;
      for (const one of all) bytes += (await (await cache.match(one))?.blob())?.size ?? 0;
      return { files: all.length, bytes };
    }, `tuneready:${path}:${listing.build}`);
    assert.deepEqual(stored, { files: Object.keys(listing.files).length, bytes: listing.bytes });

    await host.down();
    await page.reload({ waitUntil: "load" });
    await until("the notice", async () =>
      /You are offline/.test(
        (await page.$eval(".tr-offline-notice", (part) => part.textContent).catch(() => "")) ?? "",
      ),
    );
    const controlled = await keptBy(page);
    assert.equal(controlled.controller, `${host.site}sw.js`);

    // Addresses in every form.
    for (const [asked, arrived, language] of [
      ["", "", "en"],
      ["index.html", "index.html", "en"],
      ["nl", "nl/", "nl"],
      ["nl/decide/why/index.html", "nl/decide/why/index.html", "nl"],
      ["nl/?h=x#y", "nl/?h=x#y", "nl"],
      ["decide/why?a=b", "decide/why/?a=b", "en"],
    ]) {
      await page.goto(host.site + asked, { waitUntil: "load" });
      assert.equal(page.url(), host.site + arrived);
      assert.equal(await page.$eval("html", (one) => one.lang), language);
    }
    const missing = await page.goto(`${host.site}not/there/`, { waitUntil: "load" });
    assert.match((await page.$eval("h1", (one) => one.textContent)) ?? "", /not here/);
    if (missing) assert.equal(missing.status(), 404);

    // Search, whose worker is a script of its own.
    await page.goto(`${host.site}nl/`, { waitUntil: "load" });
    await page.click(".md-search__input");
    await page.keyboard.type("dataset");
    await until("results", async () => (await page.$$(".md-search-result__item")).length > 0);

    // A verdict, on the next page.
    await page.goto(`${host.site}decide/why/`, { waitUntil: "load" });
    await page.click("tr-checklist input[value=yes]");
    await page.$eval(".md-tabs a[href*=decide], .md-nav a[href$='decide/']", (link) => {
      if (link instanceof HTMLElement) link.click();
    });
    await until(
      "a verdict",
      async () => {
        const state = await page
          .$eval("tr-assessment", (part) => part.getAttribute("data-state"))
          .catch(() => "");
        return state === "done";
      },
      60_000,
    );

    await page.goto(`${host.site}nl/check/`, { waitUntil: "load" });
    await page.click("[data-sample='bad.jsonl']");
    await until(
      "a report",
      async () => {
        const state = await page.$eval("tr-dataset-check", (part) =>
          part.getAttribute("data-state"),
        );
        return state === "done";
      },
      60_000,
    );
    const report = await page.$eval("tr-dataset-check", (part) => part.textContent ?? "");
    assert.match(report, /token/i);
    await sleep(0);
    return { files: stored.files, bytes: stored.bytes };
  },
};
