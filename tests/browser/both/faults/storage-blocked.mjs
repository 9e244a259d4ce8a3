import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { launch } from "../drive.mjs";
import {
  ITEM,
  KEEP_SAVED,
  LIST,
  answersIn,
  letPagesTurn,
  notices,
  saved,
  shown,
  tick,
} from "./checklist.mjs";

/** @import { Page } from "puppeteer-core" */
/** @import { Given } from "../run.mjs" */

/**
 * Answer on two pages, and take both answers along.
 *
 * @param {Page} page a list
 * @param {Given} given
 */
async function use(page, { host, sleep, until }) {
  const access = await page.evaluate(() => {
    try {
      return String(localStorage.length);
    } catch (error) {
      return /** @type {Error} */ (error).name;
    }
  });
  assert.equal(access, "SecurityError");
  await tick(page, ITEM, "yes");
  assert.deepEqual(await shown(page), { [ITEM]: "yes" });
  assert.deepEqual(Object.keys(await notices(page)), ["blocked"]);
  // Turning pages is no load, so what is in memory stays; Material does so once it knows the pages.
  await until("Material", () => host.requests.some(({ path }) => path === "sitemap.xml"));
  await sleep(300);
  await page.$eval("tr-checklist [data-end]", (link) => /** @type {HTMLElement} */ (link).click());
  await until("the next list", () => page.$("tr-checklist[checklist=tried]"));
  await until("its answers", () => page.$eval("tr-checklist", (list) => "answers" in list));
  await tick(page, "tried-stronger-model", "no");
  const answers = { [ITEM]: "yes", "tried-stronger-model": "no" };
  const document = await saved(page, "[data-keeping=blocked] [data-action=download]");
  assert.deepEqual(answersIn(document), answers);
}

/** @type {import("../run.mjs").Case} */
export default {
  title: "Storage is blocked: answers last until the reader leaves, and can be saved",
  async run(given) {
    const { name, host, folder, open } = given;
    letPagesTurn(host);
    const block = `Object.defineProperty(window, "localStorage", {
      get() { throw new DOMException("no", "SecurityError"); },
    });`;
    await use(await open(LIST, { before: block + KEEP_SAVED }), given);
    host.requests = [];

    // And as the browser's own setting has it.
    const userDataDir = join(folder, "profile");
    mkdirSync(join(userDataDir, "Default"), { recursive: true });
    const setting = { profile: { default_content_setting_values: { cookies: 2 } } };
    if (name === "chromium")
      writeFileSync(join(userDataDir, "Default", "Preferences"), JSON.stringify(setting));
    const extraPrefsFirefox = { "network.cookie.cookieBehavior": 2 };
    const browser = await launch(name, { userDataDir, extraPrefsFirefox });
    try {
      const page = await browser.newPage();
      await page.evaluateOnNewDocument(KEEP_SAVED);
      await page.goto(new URL(LIST, host.site).href, { waitUntil: "load" });
      await use(page, given);
    } finally {
      await browser.close();
    }
  },
};
