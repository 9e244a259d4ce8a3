import assert from "node:assert/strict";

import { LIST, itemsOf, kept, shown } from "./checklist.mjs";

/** @import { Page } from "puppeteer-core" */
/** @import { Given } from "../run.mjs" */
/** @typedef {[item: string, value: string, pause: number][]} Ticks */
/** @typedef {{ item: string, answer: string | null, time: number }[]} Log */

const TICKS = 200;
/** Closer than this, two tabs' changes count as simultaneous. */
const SIMULTANEOUS_MS = 20;
/** Two tabs agree by storage events alone; nothing else may be needed. */
const ABSENT = `
  delete Navigator.prototype.locks;
  delete window.BroadcastChannel;
`;

/**
 * @param {Given} given
 * @param {string} [before]
 */
async function use({ host, open, until }, before) {
  const pages = [
    await open(LIST, before ? { before } : {}),
    await open(LIST, before ? { before } : {}),
  ];
  const [first, second] = /** @type {[Page, Page]} */ (pages);
  const items = await itemsOf(first);
  const start = Date.now() + 800;
  const logs = await Promise.all(
    pages.map((page) =>
      page.evaluate(
        async (ticks, from) => {
          /** @type {Log} */
          const log = [];
          // Not a timer: in a tab that is not looked at, it would wait for a second.
          const { port1, port2 } = new MessageChannel();
          const turn = () => {
            const turned = new Promise((go) => (port1.onmessage = go));
            port2.postMessage(null);
            return turned;
          };
          let next = from;
          for (const [item, value, pause] of ticks) {
            next += pause;
            while (Date.now() < next) await turn();
            const radio = document.querySelector(`#${item} input[value=${value}]`);
            if (!(radio instanceof HTMLInputElement)) throw new Error(item);
            radio.click();
            log.push({ item, answer: radio.checked ? value : null, time: Date.now() });
          }
          return log;
        },
        randomTicks(items),
        start,
      ),
    ),
  );
  assert.deepEqual(
    logs.map(({ length }) => length),
    [TICKS, TICKS],
  );
  /** @type {Record<string, string>} */
  let final = {};
  await until("two tabs that agree with storage", async () => {
    const [one, other, there] = [await shown(first), await shown(second), await kept(first)];
    final = one;
    return isSame(items, one, other) && isSame(items, one, there);
  });
  let told = 0;
  for (const item of items) {
    const own = logs.map((log) => log.filter((tick) => tick.item === item));
    const last = own.map((log) => log.at(-1)).filter((tick) => tick !== undefined);
    const [newest, other] = last.sort((a, b) => b.time - a.time);
    const answer = final[item] ?? null;
    if (newest && newest.time - (other?.time ?? 0) < SIMULTANEOUS_MS) {
      assert(own.flat().some((tick) => tick.answer === answer));
    } else {
      told += 1;
      assert.equal(answer, newest?.answer ?? null, item);
    }
  }
  assert(told > items.length / 2);
  await first.goto(new URL(LIST, host.site).href, { waitUntil: "load" });
  await until("the same after a reload", async () => isSame(items, await shown(first), final));
  return told;
}

/**
 * @param {string[]} items
 * @returns {Ticks}
 */
function randomTicks(items) {
  const upTo = (/** @type {number} */ end) => Math.floor(Math.random() * end);
  return Array.from({ length: TICKS }, () => [
    String(items[upTo(items.length)]),
    upTo(2) === 0 ? "yes" : "no",
    upTo(8),
  ]);
}

/**
 * @param {string[]} items
 * @param {Record<string, string>} one
 * @param {Record<string, string>} other
 */
function isSame(items, one, other) {
  return items.every((item) => one[item] === other[item]);
}

/** @type {import("../run.mjs").Case} */
export default {
  title: "Two tabs, 200 random ticks each: of each question both have the last, and none is lost",
  async run(given) {
    const told = await use(given);
    return { ticks: 2 * TICKS, told, absent: await use(given, ABSENT) };
  },
};
