import assert from "node:assert/strict";

import { launch } from "../drive.mjs";
import { ITEM, LIST } from "./checklist.mjs";

/** @type {import("../run.mjs").Case} */
export default {
  slow: true,
  title:
    "Without JavaScript: pages can be read, lists filled in and printed, and the check has its command",
  async run({ name, host, context }) {
    // Firefox has no command for it, but a setting.
    const own =
      name === "firefox"
        ? await launch(name, { extraPrefsFirefox: { "javascript.enabled": false } })
        : null;
    try {
      const page = await (own ?? context).newPage();
      if (own === null) await page.setJavaScriptEnabled(false);
      await page.goto(new URL(LIST, host.site).href, { waitUntil: "load" });
      const list = await page.evaluate((item) => {
        const box = /** @type {HTMLElement} */ (document.getElementById(item));
        return {
          defined: customElements.get("tr-checklist") !== undefined,
          question: box.querySelector("legend")?.innerText ?? "",
          choices: box.querySelectorAll("input[type=radio]").length,
          help: box.querySelector(".tr-help__body")?.textContent?.trim() ?? "",
          questions: document.querySelectorAll("[data-item] legend").length,
        };
      }, ITEM);
      assert.equal(list.defined, false);
      assert.match(list.question, /one sentence/);
      assert.equal(list.choices, 2);
      assert.equal(list.questions, 11);
      assert(list.help.length > 50);
      // A native choice, which paper shows: nothing else is needed to fill it in.
      // Not puppeteer's click, nor its wait for fonts: both wait for promises of the page.
      const [x, y] = await page.$eval(`#${ITEM} label:has(input[value=yes])`, (label) => {
        label.scrollIntoView({ block: "center", behavior: "instant" });
        const { left, top, width, height } = label.getBoundingClientRect();
        return [left + width / 2, top + height / 2];
      });
      await page.mouse.click(Number(x), Number(y));
      assert.equal(
        await page.$eval(`#${ITEM} input[value=yes]`, (input) => {
          return /** @type {HTMLInputElement} */ (input).checked;
        }),
        true,
      );
      const paper = await page.pdf({ waitForFonts: false });
      assert.equal(Buffer.from(paper.subarray(0, 5)).toString(), "%PDF-");
      assert(paper.length > 20_000, `${paper.length} bytes of paper`);

      await page.goto(new URL("decide/", host.site).href, { waitUntil: "load" });
      const verdict = await page.$eval("tr-assessment", (part) => {
        return /** @type {HTMLElement} */ (part).innerText;
      });
      assert.match(verdict, /needs JavaScript/);
      assert.match(verdict, /Why fine-tune/);
      await page.goto(new URL("check/", host.site).href, { waitUntil: "load" });
      const check = await page.$eval("tr-dataset-check", (part) => {
        return /** @type {HTMLElement} */ (part).innerText;
      });
      assert.match(check, /needs JavaScript/);
      assert.match(check, /tuneready check train\.jsonl/);
      await page.close();
    } finally {
      await own?.close();
    }
  },
};
