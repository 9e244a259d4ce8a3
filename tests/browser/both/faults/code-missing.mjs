import assert from "node:assert/strict";

const notice = ".tr-unscripted";

/** The page of each part, its tag and its code. */
const PARTS = [
  ["decide/", "tr-assessment", "js/assessment.js"],
  ["overview/", "tr-exchange", "js/exchange.js"],
  ["nl/overview/", "tr-overview", "js/overview.js"],
  ["compare/", "tr-compare", "js/compare.js"],
  ["check/", "tr-dataset-check", "js/dataset-check.js"],
  ["offline/", "tr-offline", "js/offline.js"],
];

/** @type {import("../run.mjs").Case} */
export default {
  title: "Code of a part of a page does not arrive: the page says so, and no longer once it does",
  async run({ open, host, until }) {
    host.headers = { "cache-control": "no-store" };
    for (const [, , code] of PARTS) host.fault(String(code), { status: 404 });
    const pages = [];
    for (const [path, tag] of PARTS) pages.push({ path, tag, page: await open(String(path)) });
    /** @param {import("puppeteer-core").Page} page */
    const said = (page) =>
      page.$$eval(notice, (all) =>
        all
          .filter((one) => one.checkVisibility({ visibilityProperty: true }))
          .map((one) => /** @type {HTMLElement} */ (one).innerText),
      );
    for (const { path, page } of pages) {
      await page.bringToFront();
      const words = await until(
        `a notice on ${path}`,
        async () => (await said(page)).join("\n"),
        15_000,
      );
      assert.match(words, path?.startsWith("nl/") ? /niet aangekomen/ : /has not arrived/);
    }
    host.clear();
    host.headers = { "cache-control": "no-store" };
    for (const { path, tag, page } of pages) {
      await page.goto(new URL(String(path), host.site).href, { waitUntil: "load" });
      await until(`the code of ${path}`, () => page.$(`${tag}:defined`));
      assert.deepEqual(await said(page), [], path);
    }
  },
};
