/** Deployments of the site for the tests: the same files with a mark, and a list that fits them. */

import { createHash } from "node:crypto";
import {
  copyFileSync,
  existsSync,
  globSync,
  mkdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, extname, join } from "node:path";

/** @import { Page } from "puppeteer-core" */
/** @import { Given } from "../run.mjs" */

/** How a file of each kind says from which deployment it is. */
const MARKS = new Map([
  [".html", (/** @type {string} */ mark) => `<!-- deployment ${mark} -->\n`],
  [".js", (/** @type {string} */ mark) => `\n// deployment ${mark}\n`],
  [".css", (/** @type {string} */ mark) => `\n/* deployment ${mark} */\n`],
  [".xml", (/** @type {string} */ mark) => `<!-- deployment ${mark} -->\n`],
]);
export const MARK = /deployment (\w+)/;
/** Most of the bytes, and nothing that the cases with deployments look at. */
const LEFT_OUT = /\.map$|\/(py|tokens)\/|\/lunr\/|^(nl\/)?(guide|rules|targets|launch|prepare)\//;

/**
 * Write a small deployment whose every page, script, style and sitemap bears the mark, and whose
 * bundle has a name of its own, as after a change of the code.
 *
 * @param {string} site the built one
 * @param {string} folder
 * @param {string} mark one word
 * @returns {{ folder: string, build: string, bytes: number, changed: number }}
 */
export function deploy(site, folder, mark) {
  const [bundle = ""] = globSync("assets/tuneready/*", { cwd: site });
  const id = bundle.split("/").at(-1) ?? "";
  const renamed = createHash("sha256").update(`${id} ${mark}`).digest("hex").slice(0, id.length);
  let changed = 0;
  for (const file of globSync("**/*", { cwd: site })) {
    const from = join(site, file);
    if (!statSync(from).isFile() || LEFT_OUT.test(file)) continue;
    const to = join(folder, file.replace(id, renamed));
    mkdirSync(dirname(to), { recursive: true });
    const marked = file === "sw.js" ? undefined : MARKS.get(extname(file));
    if (marked === undefined) {
      copyFileSync(from, to);
      continue;
    }
    // The mark makes another file of each script than the pages vouch for.
    const content =
      readFileSync(from, "utf8")
        .replaceAll(id, renamed)
        .replaceAll(/ integrity="[^"]*"/g, "") + marked(mark);
    writeFileSync(to, content);
    changed += Buffer.byteLength(content);
  }
  return { folder, changed, ...list(folder) };
}

/**
 * Write the list of what is in a folder, as the build does.
 *
 * @param {string} folder
 */
export function list(folder) {
  const file = join(folder, "offline.json");
  const listing = JSON.parse(readFileSync(file, "utf8"));
  const bundle = /^assets\/tuneready\/[0-9a-f]+\//;
  const [now = ""] = globSync("assets/tuneready/*", { cwd: folder });
  /** @type {Record<string, { sha256: string, bytes: number }>} */
  const files = {};
  for (const before of Object.keys(listing.files)) {
    const path = before.replace(bundle, `${now}/`);
    if (!existsSync(join(folder, path))) continue;
    const content = readFileSync(join(folder, path));
    const sha256 = createHash("sha256").update(content).digest("hex");
    files[path] = { sha256, bytes: content.length };
  }
  const told = Object.keys(files)
    .sort()
    .map((path) => `${path} ${files[path]?.sha256}\n`);
  const build = createHash("sha256").update(told.join("")).digest("hex").slice(0, 16);
  const bytes = Object.values(files).reduce((sum, one) => sum + one.bytes, 0);
  writeFileSync(file, JSON.stringify({ ...listing, build, bytes, files }));
  return { build, bytes };
}

/**
 * Press the button, and wait until the site is kept.
 *
 * @param {Page} page at offline/
 * @param {Given["until"]} until
 */
export async function keep(page, until) {
  await press(page, "keep", until);
  await until("the site to be kept", () => is(page, "kept"), 90_000);
}

/**
 * @param {Page} page at offline/
 * @param {string} action
 * @param {Given["until"]} until
 */
export async function press(page, action, until) {
  const selector = `tr-offline [data-action=${action}]`;
  const seen = () => page.$$eval(selector, (all) => all.some((one) => one.checkVisibility()));
  await until(`the button to ${action}`, seen);
  await page.$$eval(selector, (all) => {
    const shown = all.find((one) => one.checkVisibility());
    if (shown instanceof HTMLElement) shown.click();
  });
}

/**
 * Click without waiting for a frame: tabs in the background have none.
 *
 * @param {Page} page
 * @param {string} selector
 */
export function tap(page, selector) {
  return page.$eval(selector, (element) => {
    if (element instanceof HTMLElement) element.click();
  });
}

/**
 * @param {Page} page at offline/
 * @param {string} state
 */
export async function is(page, state) {
  return (await stateOf(page)) === state;
}

/** @param {Page} page at offline/ */
export function stateOf(page) {
  return page.$eval("tr-offline", (part) => part.getAttribute("data-state"));
}

/**
 * What this origin keeps, of all sites on it.
 *
 * @param {Page} page
 * @returns {Promise<{ caches: string[], workers: string[], controller: string | null }>}
 */
export function keptBy(page) {
  return page.evaluate(async () => ({
    caches: (await caches.keys()).sort(),
    workers: (await navigator.serviceWorker.getRegistrations()).map(({ scope }) => scope).sort(),
    controller: navigator.serviceWorker.controller?.scriptURL ?? null,
  }));
}

/**
 * From which deployments a document's own files come: itself, what it loaded, and what instant
 * navigation, search and worker would fetch next.
 *
 * @param {Page} page
 * @param {string} site
 * @returns {Promise<string[]>}
 */
export async function marksOf(page, site) {
  const texts = await page.evaluate(async (root) => {
    const loaded = [...document.querySelectorAll("script[src], link[rel=stylesheet][href]")].map(
      (one) => one.getAttribute("src") ?? one.getAttribute("href") ?? "",
    );
    const further = ["", "nl/", "decide/", "nl/decide/why/index.html", "sitemap.xml", "404.html"];
    const urls = [
      ...loaded.map((address) => new URL(address, document.baseURI).href),
      ...further.map((path) => new URL(path, root).href),
    ];
    const answers = await Promise.all(
      urls.map(async (url) => {
        const answer = await fetch(url).catch(() => null);
        if (answer === null) return `no answer: ${url}`;
        return `${answer.status} ${url} ${(await answer.text()).slice(-80)}`;
      }),
    );
    const own = [...document.childNodes].map((node) => node.nodeValue ?? "").join(" ");
    return [...answers, `200 document ${own}`];
  }, site);
  /** @type {Map<string, string>} mark -> the last that has it */
  const marks = new Map();
  for (const text of texts) marks.set(MARK.exec(text)?.[1] ?? `none: ${text}`, text);
  // Of several, each with what came with it: that is what one wants to know then.
  return marks.size === 1 ? [...marks.keys()] : [...marks.values()].sort();
}
