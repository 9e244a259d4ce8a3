/** No part breaks the policy when a reader uses it: search, palette, other pages, verdict, report. */

import assert from "node:assert/strict";

import { collectViolations, violations } from "./collected.mjs";

/** @type {import("../run.mjs").Case} */
export default {
  title: "No part of a page breaks its policy when it is used",
  async run({ open, host, until }) {
    const page = await open("", { before: collectViolations, goto: false });
    await page.setViewport({ width: 1280, height: 900 });
    await page.goto(host.site, { waitUntil: "load" });
    await page.click(".md-search__input");
    await page.keyboard.type("retrieval");
    await until("results", async () => (await page.$$(".md-search-result__item")).length > 0);
    await page.keyboard.press("Escape");
    for (let press = 0; press < 3; press++) {
      await page.$$eval("label[for^=__palette]", (labels) => {
        labels.find((label) => label.checkVisibility())?.click();
      });
    }
    await page.$eval(".md-tabs a[href*=decide]", (link) => /** @type {any} */ (link).click());
    await until("the next page", () => page.url().endsWith("/decide/"));
    await page.$$eval("details", (all) => all.forEach((one) => (one.open = true)));
    await page.goto(new URL("decide/why/", host.site).href, { waitUntil: "load" });
    for (const choice of await page.$$("tr-checklist input[type=radio]")) {
      await choice.evaluate((input) => /** @type {any} */ (input).click());
    }
    await page.goto(new URL("decide/", host.site).href, { waitUntil: "load" });
    await until(
      "a verdict",
      async () =>
        (await page.$eval("tr-assessment", (part) => part.getAttribute("data-state"))) === "done",
      60_000,
    );
    await page.goto(new URL("overview/", host.site).href, { waitUntil: "load" });
    await page.goto(new URL("check/", host.site).href, { waitUntil: "load" });
    await page.click("[data-sample='bad.jsonl']");
    await until(
      "a report",
      async () =>
        (await page.$eval("tr-dataset-check", (part) => part.getAttribute("data-state"))) ===
        "done",
      60_000,
    );
    await page.$$eval("[data-result] details", (all) => all.forEach((one) => (one.open = true)));
    assert.deepEqual(await violations(page), []);

    // And the means by which this looks does see one.
    await page.evaluate(() => {
      const image = document.createElement("img");
      image.src = "http://127.0.0.1:9/a.png";
      image.setAttribute("style", "color: red");
      document.body.append(image);
    });
    await until("the violations", async () => (await violations(page)).length >= 2);
  },
};
