/**
 * Prints the table of every way out, from what the case wrote in both browsers:
 *
 *     for b in chromium firefox; do node run.mjs --browser $b --site FOLDER privacy/egress.mjs; done | node egress-table.mjs
 *
 * Each cell: what arrived with the policy, and what arrived without it.
 */

import { createInterface } from "node:readline";

/** @type {Map<string, Map<string, { true: string, false: string }>>} place and way -> browser -> policy -> what arrived */
const table = new Map();
const browsers = new Set();
for await (const line of createInterface({ input: process.stdin })) {
  const { browser, data } = JSON.parse(line);
  browsers.add(browser);
  for (const { place, way, policy, arrived } of data?.rows ?? []) {
    const row = `${place} | ${way}`;
    const cells = table.get(row) ?? new Map();
    const cell = cells.get(browser) ?? { true: "", false: "" };
    cell[String(policy)] = arrived ? arrived.replace(/^(GET|POST) .*/, "request") : "nothing";
    cells.set(browser, cell);
    table.set(row, cells);
  }
}
const names = [...browsers];
console.log(`| from | way | ${names.map((one) => `${one}: with policy, without`).join(" | ")} |`);
console.log(`| --- | --- | ${names.map(() => "---").join(" | ")} |`);
for (const [row, cells] of table) {
  const shown = names.map((one) => {
    const cell = cells.get(one);
    return cell ? `${cell.true}, ${cell.false}` : "-";
  });
  console.log(`| ${row.replaceAll("<", "\\<")} | ${shown.join(" | ")} |`);
}
