/** What Python answers in a page, as the cases on faults see it. */

/** @import { Page } from "puppeteer-core" */

/** An example that no target of chats objects to. */
export const LINE = `${JSON.stringify({
  messages: [
    { role: "user", content: "Good morning" },
    { role: "assistant", content: "Good morning to you" },
  ],
})}\n`;

/**
 * Call the page's own engine: the body of a function of `engine` and `argument`.
 *
 * @param {Page} page
 * @param {string} body
 * @param {unknown} [argument] that JSON can hold
 * @returns {Promise<any>}
 */
export function ask(page, body, argument = null) {
  return page.evaluate(`(async (argument) => {
    const own = document.querySelector('script[src*="/js/tuneready.js"]').src;
    const { engine: shared } = await import(own.replace("tuneready.js", "engine.js"));
    const engine = shared();
    ${body}
  })(${JSON.stringify(argument)})`);
}

/**
 * What the reader sees of a part that needs Python: its state, and the sentences of a failure.
 *
 * @param {Page} page
 * @param {string} part its tag
 */
export function seen(page, part) {
  return page.$eval(part, (element) => ({
    state: element.getAttribute("data-state"),
    verdict: element.getAttribute("data-verdict"),
    text: /** @type {HTMLElement} */ (element).innerText,
  }));
}

/** @param {Page} page */
export const checker = (page) => seen(page, "tr-dataset-check");

/**
 * Choose a file in the checker, and check it.
 *
 * @param {Page} page
 * @param {string[]} paths
 */
export async function choose(page, ...paths) {
  const input = await page.$('tr-dataset-check input[name="file"]');
  await /** @type {import("puppeteer-core").ElementHandle<HTMLInputElement>} */ (input).uploadFile(
    ...paths,
  );
  await page.$eval("tr-dataset-check [data-check]", (button) =>
    /** @type {HTMLElement} */ (button).click(),
  );
}

/**
 * @param {Page} page
 * @param {import("../run.mjs").Given["until"]} until
 * @param {number} [timeout] in ms
 * @returns {Promise<any>} the first report when the check is done, as the page tells it
 */
export async function check(page, until, timeout = 180_000) {
  await until(
    "the end of a check",
    async () => ["done", "failed"].includes(String((await checker(page)).state)),
    timeout,
  );
  return checker(page);
}
