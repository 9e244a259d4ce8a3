/** No page breaks its own policy, neither as it loads nor when its parts are used. */

import assert from "node:assert/strict";
import { globSync } from "node:fs";

import { collectViolations, violations } from "./collected.mjs";

/** @type {import("../run.mjs").Case} */
export default {
  title: "No page breaks its own policy",
  timeout: 300_000,
  async run({ open, host, until }) {
    const paths = globSync("**/*.html", { cwd: host.folder })
      .map((file) => file.replace(/(^|\/)index\.html$/, "$1"))
      .sort();
    assert.ok(paths.length > 100);
    const page = await open("", { before: collectViolations, goto: false });
    /** @type {string[]} */
    const found = [];
    for (const path of paths) {
      await page.goto(new URL(path, host.site).href, { waitUntil: "load" });
      found.push(...(await violations(page)).map((one) => `${path}: ${one}`));
    }
    assert.deepEqual(found, []);

    // What only happens when a reader does something: search, palette, folding, another page.
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
      async () => (await page.$eval("tr-assessment", (part) => part.getAttribute("data-state"))) === "done",
      60_000,
    );
    await page.goto(new URL("overview/", host.site).href, { waitUntil: "load" });
    await page.goto(new URL("check/", host.site).href, { waitUntil: "load" });
    await page.click("[data-sample='bad.jsonl']");
    await until(
      "a report",
      async () => (await page.$eval("tr-dataset-check", (part) => part.getAttribute("data-state"))) === "done",
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
    return { pages: paths.length, violations: 0 };
  },
};
