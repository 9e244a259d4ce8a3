/** No page breaks its own policy when it loads. */

import assert from "node:assert/strict";
import { globSync } from "node:fs";

import { collectViolations, violations } from "./collected.mjs";

/** @type {import("../run.mjs").Case} */
export default {
  title: "No page breaks its own policy",
  timeout: 300_000,
  async run({ open, host }) {
    const paths = globSync("**/*.html", { cwd: host.folder })
      .map((file) => file.replace(/(^|\/)index\.html$/, "$1"))
      .sort();
    assert.ok(paths.length > 100);
    const page = await open("", { before: collectViolations, goto: false });
    /** @type {string[]} */
    const found = [];
    for (const path of paths) {
      await page.goto(new URL(path, host.site).href, { waitUntil: "domcontentloaded" });
      found.push(...(await violations(page)).map((one) => `${path}: ${one}`));
    }
    assert.deepEqual(found, []);
    return { pages: paths.length, violations: 0 };
  },
};
