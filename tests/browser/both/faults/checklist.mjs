/** A checklist's page as the cases on faults use it: to answer, and to see what is shown and kept. */

import { BASE } from "../host.mjs";

/** @import { Page } from "puppeteer-core" */

/** Below the path of the site that the cases are served. */
export const PREFIX = `tuneready:${BASE}:`;
/** The assessment that begins with the first answer. */
export const FIRST = "00000001";
export const LIST = "decide/why/";
export const ITEM = "why-specific-use-case";

/**
 * Choose an answer as a click does; a second time takes it back.
 *
 * @param {Page} page
 * @param {string} item
 * @param {"yes" | "no"} value
 */
export function tick(page, item, value) {
  return page.$eval(`#${item} input[value=${value}]`, (radio) =>
    /** @type {HTMLInputElement} */ (radio).click(),
  );
}

/**
 * @param {Page} page
 * @returns {Promise<Record<string, string>>} item -> the answer that the form shows
 */
export function shown(page) {
  return page.$$eval("[data-item] [data-key]:checked", (radios) =>
    Object.fromEntries(
      radios.map((radio) => [
        radio.closest("[data-item]")?.id,
        /** @type {HTMLInputElement} */ (radio).value,
      ]),
    ),
  );
}

/**
 * @param {Page} page
 * @returns {Promise<string[]>} the ids of the questions
 */
export function itemsOf(page) {
  return page.$$eval("[data-item]", (items) => items.map(({ id }) => id));
}

/**
 * @param {Page} page
 * @param {string} [prefix]
 * @returns {Promise<Record<string, string>>} the site's storage, by keys without the site's path
 */
export function stored(page, prefix = PREFIX) {
  return page.evaluate((beginning) => {
    const own = Object.entries(localStorage).filter(([key]) => key.startsWith(beginning));
    return Object.fromEntries(own.map(([key, text]) => [key.slice(beginning.length), text]));
  }, prefix);
}

/**
 * @param {Page} page
 * @returns {Promise<Record<string, string>>} item -> the answer that storage has
 */
export async function kept(page) {
  const beginning = `entry:${FIRST}:`;
  const entries = Object.entries(await stored(page)).filter(([key]) => key.startsWith(beginning));
  const answers = entries.map(([key, text]) => [
    key.slice(beginning.length),
    JSON.parse(text).answer,
  ]);
  return Object.fromEntries(answers.filter(([, answer]) => answer !== undefined));
}

/**
 * Store texts as another version of the site, or another tab, might have.
 *
 * @param {Page} page
 * @param {Record<string, string>} texts
 */
export function put(page, texts) {
  return page.evaluate(
    (beginning, all) => {
      for (const [key, text] of Object.entries(all)) localStorage.setItem(beginning + key, text);
    },
    PREFIX,
    texts,
  );
}

/**
 * The text of each notice on keeping that is shown, by its name.
 *
 * @param {Page} page
 * @returns {Promise<Record<string, string>>}
 */
export function notices(page) {
  return page.$$eval("[data-keeping]:not([hidden])", (found) =>
    Object.fromEntries(
      found.map((one) => [one.getAttribute("data-keeping"), one.textContent?.trim()]),
    ),
  );
}

/** Before any script of the page: what it would save as a file is kept in `window.saved`, too. */
export const KEEP_SAVED = `{
  const made = URL.createObjectURL.bind(URL);
  window.saved = [];
  URL.createObjectURL = (blob) => {
    if (blob.type === "application/json") window.saved.push(blob);
    return made(blob);
  };
}`;

/**
 * @param {Page} page opened with `before: KEEP_SAVED`
 * @param {string} button
 * @returns {Promise<any>} the document that the button saves
 */
export async function saved(page, button) {
  await page.$eval(button, (found) => /** @type {HTMLElement} */ (found).click());
  const text = await page.evaluate(() => /** @type {any} */ (window).saved.at(-1).text());
  return JSON.parse(text);
}

/**
 * @param {any} document of answers
 * @returns {Record<string, string>} item -> answer
 */
export function answersIn(document) {
  const items = Object.entries(document.items);
  return Object.fromEntries(items.map(([item, { answer }]) => [item, answer]));
}

/**
 * Fill storage to its last byte.
 *
 * @param {Page} page
 * @returns {Promise<number>} the characters that it holds, of keys and texts
 */
export function fill(page) {
  return page.evaluate(() => {
    let number = 0;
    for (let size = 1 << 20; size >= 1;) {
      try {
        localStorage.setItem(`fill${number}`, "x".repeat(size));
        number += 1;
      } catch {
        size >>= 1;
      }
    }
    return Object.entries(localStorage).join("").length;
  });
}

/** @param {Page} page */
export function empty(page) {
  return page.evaluate(() => {
    for (const key of Object.keys(localStorage)) {
      if (key.startsWith("fill")) localStorage.removeItem(key);
    }
  });
}

/**
 * Let Material turn pages without a load: it does so for the pages that the sitemap names, and the
 * site was built for another port.
 *
 * @param {import("../host.mjs").Host} host
 */
export function letPagesTurn(host) {
  const change = (/** @type {Buffer} */ content) => {
    const text = content.toString();
    const built = /<loc>([^<]*)<\/loc>/.exec(text)?.[1] ?? "";
    return Buffer.from(text.replaceAll(built, host.site));
  };
  host.fault("sitemap.xml", { change });
}
