/** What the cases on the check in the page have in common. */

/** @import { ElementHandle, Page } from "puppeteer-core" */
/** @import { Given } from "../run.mjs" */

/** A good chat; `number` makes it another one. */
export const chat = (/** @type {number} */ number, words = 20) =>
  `${JSON.stringify({
    messages: [
      { role: "user", content: `Question ${number}: what is ${number} times seven? é€😀` },
      { role: "assistant", content: `It is ${number * 7}. `.repeat(words) },
    ],
  })}\n`;

/**
 * @param {Given["open"]} open
 * @param {Given["until"]} until
 */
export async function openChecker(open, until) {
  const page = await open("check/");
  await until("the checker", () => page.$eval("tr-dataset-check", (element) => "check" in element));
  return page;
}

/**
 * @param {Page} page
 * @param {string} path
 */
export async function choose(page, path) {
  const input = await page.$('tr-dataset-check input[name="file"]');
  await /** @type {ElementHandle<HTMLInputElement>} */ (input).uploadFile(path);
}

/**
 * Check the chosen file with so many workers.
 *
 * @param {Page} page
 * @param {string} target
 * @param {number} workers
 * @returns {Promise<string>} the report as JSON
 */
export function check(page, target, workers) {
  return page.evaluate(
    async (asked) => {
      const element = /** @type {any} */ (document.querySelector("tr-dataset-check"));
      const file = element.querySelector('input[name="file"]').files[0];
      return JSON.stringify(await element.check(file, asked));
    },
    { target, workers },
  );
}
