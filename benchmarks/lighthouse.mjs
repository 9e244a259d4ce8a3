/**
 * Lighthouse over every page of the built site, as a phone and as a desktop computer.
 *
 * node benchmarks/lighthouse.mjs [--site FOLDER] [--runs N] [PATTERN…]
 *
 * Every page is measured once; again, to a median of N (5), where a score is below its aim, and for
 * one page of each kind. All outcomes are kept by the content of the site, so a run that was ended
 * goes on where it was. About 20 seconds a page on a quiet machine with two cores, and a busy one
 * makes the figures worse. With patterns: only pages whose address one of them matches.
 */

import { appendFile, mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

import lighthouse, { desktopConfig } from "lighthouse";

import { launch, quit } from "../tests/browser/both/drive.mjs";
import { Served, contentOf, pagesOf } from "./served.mjs";

/** @typedef {"mobile" | "desktop"} Preset */
/** @typedef {{ page: string, preset: Preset, scores: number[], below: Record<string, string>, figures: Record<string, number> }} Outcome `below`: audits that lost points */

const ROOT = fileURLToPath(new URL("../", import.meta.url));
const CATEGORIES = ["performance", "accessibility", "best-practices", "seo"];
const PRESETS = /** @type {const} */ (["desktop", "mobile"]);
/** The least that is good enough, per category. */
const AIMS = { desktop: [100, 100, 100, 100], mobile: [98, 100, 100, 100] };
/** One page of each kind, whose figures are medians however good the first was. */
const KINDS =
  /^(|decide\/|decide\/why\/|overview\/|compare\/|check\/|guide\/methods\/|rules\/|rules\/tr1\/|targets\/|targets\/openai\/|terms\/)$/;
const FIGURES = [
  "first-contentful-paint",
  "largest-contentful-paint",
  "total-blocking-time",
  "cumulative-layout-shift",
  "speed-index",
  "total-byte-weight",
  "dom-size",
  "mainthread-work-breakdown",
];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    site: { type: "string", default: join(ROOT, "site") },
    runs: { type: "string", default: "5" },
  },
});
const folder = values.site;
const runs = Number(values.runs);
const patterns = positionals.map((pattern) => new RegExp(pattern));

const kept = join(ROOT, ".cache", "lighthouse", `${await contentOf(folder)}.jsonl`);
await mkdir(join(ROOT, ".cache", "lighthouse"), { recursive: true });
/** @type {Outcome[]} */
const outcomes = (await readFile(kept, "utf-8").catch(() => ""))
  .split("\n")
  .filter(Boolean)
  .map((line) => JSON.parse(line));

const pages = (await pagesOf(folder)).filter(
  (page) => patterns.length === 0 || patterns.some((pattern) => pattern.test(page)),
);
const served = new Served(folder);
const site = await served.up();
try {
  for (const page of pages) {
    for (const preset of PRESETS) await measure(page, preset);
  }
} finally {
  served.down();
}
process.exitCode = report() ? 0 : 1;

/**
 * @param {string} page
 * @param {Preset} preset
 */
async function measure(page, preset) {
  for (;;) {
    const had = outcomesOf(page, preset);
    const often = KINDS.test(page.replace(/^nl\//, "")) || !had.every(isGood);
    if (had.length >= (often ? runs : 1)) return;
    // A browser that a busy machine kept waiting is asked again; a page that never answers is not.
    const outcome = await once(page, preset)
      .catch(() => once(page, preset))
      .catch(() => once(page, preset));
    outcomes.push(outcome);
    await appendFile(kept, `${JSON.stringify(outcome)}\n`);
    console.error(`${preset} /${page}: ${outcome.scores.join(" ")}`);
  }
}

/**
 * @param {string} page
 * @param {Preset} preset
 * @returns {Promise<Outcome>}
 */
async function once(page, preset) {
  // A browser of its own: the next page should not find this one's files or memory.
  const browser = await launch("chromium", { protocol: "cdp" });
  try {
    const tab = await browser.newPage();
    const config = preset === "desktop" ? desktopConfig : undefined;
    const flags = { onlyCategories: CATEGORIES, logLevel: /** @type {const} */ ("silent") };
    const result = await lighthouse(site + page, flags, config, tab);
    if (!result) throw new Error(`Lighthouse gave nothing for /${page}`);
    const { audits, categories, runtimeError } = result.lhr;
    if (runtimeError) throw new Error(`/${page}: ${runtimeError.message}`);
    /** @type {Record<string, string>} */
    const below = {};
    for (const { auditRefs } of Object.values(categories)) {
      for (const { id, weight } of auditRefs) {
        const audit = audits[id];
        if (!audit || audit.score === null || audit.score === 1 || weight === 0) continue;
        below[id] = audit.displayValue || audit.title;
      }
    }
    const figures = FIGURES.map((id) => [id, audits[id]?.numericValue ?? NaN]);
    const scores = CATEGORIES.map((name) => Math.round((categories[name]?.score ?? 0) * 100));
    return { page, preset, scores, below, figures: Object.fromEntries(figures) };
  } finally {
    await quit(browser);
  }
}

/**
 * @param {string} page
 * @param {Preset} preset
 */
function outcomesOf(page, preset) {
  return outcomes.filter((one) => one.page === page && one.preset === preset);
}

/** @param {Pick<Outcome, "preset" | "scores">} outcome */
function isGood({ preset, scores }) {
  return scores.every((score, index) => score >= (AIMS[preset][index] ?? 0));
}

/** Print a line for each page, and what cost points. @returns {boolean} whether all aims are met */
function report() {
  console.log("Lighthouse: performance, accessibility, best practices, SEO (median of n runs)");
  console.log(`${"page".padEnd(44)}${PRESETS.map((preset) => preset.padEnd(24)).join("")}`);
  let missed = 0;
  for (const page of pages) {
    const cells = PRESETS.map((preset) => {
      const had = outcomesOf(page, preset);
      const scores = CATEGORIES.map((_, index) => median(had.map((one) => one.scores[index] ?? 0)));
      const good = isGood({ preset, scores });
      if (!good) missed += 1;
      const cell = `${scores.map((score) => String(score).padStart(3)).join(" ")} (n=${had.length})`;
      return `${cell}${good ? "" : " !"}`.padEnd(24);
    });
    console.log(`/${page}`.padEnd(44) + cells.join(""));
  }
  /** @type {Map<string, number>} */
  const lost = new Map();
  const measured = outcomes.filter(({ page }) => pages.includes(page));
  for (const { below, preset } of measured) {
    for (const id of Object.keys(below)) {
      lost.set(`${preset} ${id}`, (lost.get(`${preset} ${id}`) ?? 0) + 1);
    }
  }
  console.log(`\nWhat cost points, in how many of ${measured.length} runs:`);
  for (const [id, count] of [...lost].sort(([, one], [, other]) => other - one)) {
    console.log(`  ${String(count).padStart(4)}  ${id}`);
  }
  console.log(`\n${pages.length * PRESETS.length} pages x presets, ${missed} below the aim`);
  return missed === 0;
}

/** @param {number[]} numbers */
function median(numbers) {
  const sorted = numbers.toSorted((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
