/** A new deployment while the site is kept: nothing changes until the reader agrees, and then all. */

import assert from "node:assert/strict";
import { join } from "node:path";

import { deploy, keep, keptBy, marksOf, press, tap } from "./deploying.mjs";

/** @import { Page } from "puppeteer-core" */

/** @param {Page} page */
const saying = (page) =>
  page.$eval(".tr-offline-notice", (part) => part.getAttribute("data-saying")).catch(() => null);

/** @type {import("../run.mjs").Case} */
export default {
  title: "A new version comes only when the reader agrees, and is never mixed with the old one",
  timeout: 240_000,
  async run({ open, host, folder, until }) {
    const built = host.folder;
    const a = deploy(built, join(folder, "a"), "A");
    const b = deploy(built, join(folder, "b"), "B");
    const c = deploy(built, join(folder, "c"), "C");
    const cacheOf = (/** @type {string} */ build) =>
      `tuneready:${new URL(host.site).pathname}:${build}`;
    host.folder = a.folder;
    const first = await open("offline/");
    await keep(first, until);
    await first.reload({ waitUntil: "load" });
    const second = await open("nl/decide/why/");
    for (const page of [first, second]) {
      await until("the version", async () => (await saying(page)) === "kept");
    }

    // Deployed while both tabs are open.
    host.folder = b.folder;
    await second.goto(`${host.site}decide/`, { waitUntil: "load" });
    await until("the question", async () => (await saying(second)) === "newer");
    const third = await open("nl/overview/");
    await until("the question", async () => (await saying(third)) === "newer");
    host.requests = [];
    for (const page of [first, second, third]) {
      assert.deepEqual(await marksOf(page, host.site), ["A"]);
      await page.reload({ waitUntil: "load" });
      assert.deepEqual(await marksOf(page, host.site), ["A"]);
    }
    const asked = new Set(host.requests.map(({ path }) => path));
    assert.deepEqual(
      [...asked].filter((path) => !["offline.json", "sw.js"].includes(path)),
      [],
    );

    // An address that only the new version has is the old one's page for what is missing, or it is
    // the new document with all that belongs to it.
    await until("the question", async () => (await saying(third)) === "newer");
    await third.goto(`${host.site}not/there/`, { waitUntil: "load" });
    assert.deepEqual(await marksOf(third, host.site), ["A"]);

    // Later: all tabs stop asking, and nothing else happens.
    await third.goto(`${host.site}nl/overview/`, { waitUntil: "load" });
    await until("the question", async () => (await saying(third)) === "newer");
    await tap(third, ".tr-offline-notice button[value=later]");
    for (const page of [second, third]) {
      await until("peace", async () => (await saying(page)) === "older");
    }
    assert.deepEqual(await marksOf(third, host.site), ["A"]);

    // Agreed, where the site is kept. What the tabs show stays of one piece until they load again.
    host.requests = [];
    await press(first, "keep", until);
    for (const page of [first, second, third]) {
      await until("the new version", async () => (await saying(page)) === "taken", 90_000);
      assert.deepEqual(await marksOf(page, host.site), ["A"]);
    }
    const fetched = host.requests.filter(({ path }) => !/^(offline\.json|sw\.js)$/.test(path));
    assert.ok(fetched.length > 0);
    const unchanged = fetched.filter(({ path }) => /content\.json|favicon|schema\//.test(path));
    assert.deepEqual(unchanged, [], "what did not change is not downloaded");
    const between = (await keptBy(first)).caches;
    assert.ok(between.includes(cacheOf(a.build)) && between.includes(cacheOf(b.build)));

    // A new tab, and one that is loaded again, while another goes on.
    const fourth = await open("");
    assert.deepEqual(await marksOf(fourth, host.site), ["B"]);
    await second.goto(`${host.site}decide/why/`, { waitUntil: "load" });
    assert.deepEqual(await marksOf(second, host.site), ["B"]);
    assert.deepEqual(await marksOf(third, host.site), ["A"]);
    assert.deepEqual(await marksOf(first, host.site), ["A"]);
    await tap(third, ".tr-offline-notice button[value=reload]");
    await until("the third", async () => (await saying(third).catch(() => null)) === "kept");
    await press(first, "reload", until);
    await until("the first", async () => (await saying(first).catch(() => null)) === "kept");
    for (const page of [first, second, third, fourth]) {
      assert.deepEqual(await marksOf(page, host.site), ["B"]);
    }
    // The old version is gone with its last tab.
    await until("the old version to go", async () => {
      await fourth.reload({ waitUntil: "load" });
      return !(await keptBy(fourth)).caches.includes(cacheOf(a.build));
    });

    // Once more, from the notice: what is being typed is stored before the page loads again.
    host.folder = c.folder;
    await second.reload({ waitUntil: "load" });
    await until("the question", async () => (await saying(second)) === "newer");
    await tap(second, "tr-checklist input[value=yes]");
    await tap(second, ".tr-offline-notice button[value=take]");
    await until("the new version", async () => (await saying(second)) === "taken", 90_000);
    await second.$$eval("tr-checklist details", (all) => all.forEach((one) => (one.open = true)));
    await second.bringToFront();
    const note = await second.$("tr-checklist textarea, tr-checklist input[type=text]");
    assert.ok(note);
    await note.evaluate((field) => {
      if (field instanceof HTMLElement) field.focus();
    });
    await second.keyboard.type("half a thought");
    await tap(second, ".tr-offline-notice button[value=reload]");
    await until("the page again", async () => (await saying(second).catch(() => null)) === "kept");
    assert.deepEqual(await marksOf(second, host.site), ["C"]);
    const texts = await second.$$eval("tr-checklist textarea, tr-checklist input", (all) =>
      all.map((one) =>
        "checked" in one && one.type === "radio" ? String(one.checked) : one.value,
      ),
    );
    assert.ok(texts.includes("half a thought") && texts.includes("true"), texts.join());
    return { a: a.build, b: b.build, c: c.build };
  },
};
