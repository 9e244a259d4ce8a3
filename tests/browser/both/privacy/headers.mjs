/** The whole site works with the headers that it asks its host to send. */

import assert from "node:assert/strict";
import { keep, stateOf } from "../offline/deploying.mjs";
import { collectViolations, violations } from "./collected.mjs";
import { send } from "./sent.mjs";

const BEFORE = { before: collectViolations, goto: false };

/** @type {import("../run.mjs").Case} */
export default {
  title: "With the headers of `_headers`, everything works",
  timeout: 300_000,
  async run({ open, host, until }) {
    const rules = send(host);
    assert.ok(rules.length > 1);
    const page = await open("", BEFORE);
    await page.setViewport({ width: 1280, height: 900 });
    const answer = await page.goto(host.site, { waitUntil: "load" });
    const sent = answer?.headers() ?? {};
    assert.match(sent["content-security-policy"] ?? "", /frame-ancestors 'none'/);
    assert.equal(sent["x-content-type-options"], "nosniff");

    await page.click(".md-search__input");
    await page.keyboard.type("retrieval");
    await until("results", async () => (await page.$$(".md-search-result__item")).length > 0);
    await page.keyboard.press("Escape");
    await page.$eval(".md-tabs a[href*=decide]", (link) => /** @type {any} */ (link).click());
    await until("the next page", () => page.url().endsWith("/decide/"));
    const check = async () => {
      await page.goto(new URL("check/", host.site).href, { waitUntil: "load" });
      await page.click("[data-sample='bad.jsonl']");
      const state = () => page.$eval("tr-dataset-check", (part) => part.getAttribute("data-state"));
      await until("a report", async () => (await state()) === "done", 60_000);
    };
    await check();
    assert.deepEqual(await violations(page), []);

    const keeping = await open("offline/");
    await until("the offer", async () => (await stateOf(keeping)) === "idle");
    await keep(keeping, until);
    // Chromium does nothing in a tab that another one covers.
    await keeping.close();
    await page.bringToFront();
    await host.down();
    await check();
    assert.deepEqual(await violations(page), []);
  },
};
