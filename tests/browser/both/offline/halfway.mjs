/** No room, a change of mind, a closed tab: nothing half-kept is left. */

import assert from "node:assert/strict";
import { join } from "node:path";

import { deploy, is, keep, keptBy, press } from "./deploying.mjs";

/** @type {import("../run.mjs").Case} */
export default {
  title: "A full disk, Cancel or a closed tab leaves nothing half-kept",
  timeout: 180_000,
  async run({ open, host, folder, until }) {
    host.folder = deploy(host.folder, join(folder, "a"), "A").folder;
    const nothing = { caches: [], workers: [], controller: null };
    // As of the 40th file.
    const full = await open("offline/", {
      before: () => {
        const put = Cache.prototype.put;
        let left = 40;
        Cache.prototype.put = function (...given) {
          if (left-- > 0) return put.apply(this, given);
          return Promise.reject(new DOMException("no room", "QuotaExceededError"));
        };
      },
    });
    await press(full, "keep", until);
    await until("the sentence", () =>
      full.$eval("[data-failure=full]", (part) => part.checkVisibility()),
    );
    assert.ok(await is(full, "idle"));
    assert.deepEqual(await keptBy(full), nothing);
    await full.close();

    const page = await open("offline/");
    host.fault(/overview\//, { hang: true });
    // With the keyboard: the focus goes along to what came of the key.
    await until("the offer", () => is(page, "idle"));
    await page.bringToFront();
    await page.focus("[data-shows=idle] [data-action=keep]");
    await page.keyboard.press("Enter");
    await until("the start", () => is(page, "downloading"));
    assert.equal(await page.evaluate(() => document.activeElement?.id), "tr-offline-state");
    await until("some of it", async () => (await keptBy(page)).caches.length === 1);
    await until("progress", () => page.$eval("tr-offline progress", (one) => one.value > 1e6));
    // A second tab does not start over it, nor clear it away.
    const second = await open("nl/offline/");
    await until("the offer", () => is(second, "idle"));
    await press(second, "keep", until);
    await until("the sentence", () =>
      second.$eval("[data-failure=elsewhere]", (part) => part.checkVisibility()),
    );
    assert.ok(await is(page, "downloading"));
    await second.close();
    await press(page, "cancel", until);
    await until("the offer again", () => is(page, "idle"));
    assert.deepEqual(await keptBy(page), nothing);
    const failed = await page.$eval("[data-failed]", (part) => part.checkVisibility());
    assert.ok(!failed, "a change of mind is no failure");

    await press(page, "keep", until);
    await until("some of it", async () => (await keptBy(page)).caches.length === 1);
    await page.close();
    const next = await open("offline/");
    await until("the offer", () => is(next, "idle"));
    assert.deepEqual(await keptBy(next), nothing);
    host.clear();
    await keep(next, until);
  },
};
