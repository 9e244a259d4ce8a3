import assert from "node:assert/strict";

import { LIST, answersIn, itemsOf, shown, stored, tick } from "./checklist.mjs";
import { ask, seen } from "./engine.mjs";

/** What an earlier or later version might make, or a mail program leave. */
const OTHERS = [
  "",
  "1",
  "2AAAA",
  "9zzzz",
  "0abc",
  "v1.why.yes",
  "%7B%7D",
  "{}",
  "1".repeat(120_000),
];

/** @type {import("../run.mjs").Case} */
export default {
  title:
    "A share link with any one character changed, cut, old or newer: a named message, and no tick changes",
  async run({ open, host, until }) {
    const page = await open(LIST);
    for (const item of await itemsOf(page)) await tick(page, item, "yes");
    await page.goto(new URL("overview/", host.site).href, { waitUntil: "load" });
    await until(
      "the overview",
      async () => (await seen(page, "tr-overview")).state === "done",
      60_000,
    );
    const before = await stored(page);
    const tried = await ask(
      page,
      `
      const part = document.querySelector("tr-exchange");
      const { guide } = document.querySelector("tr-overview");
      const { document: answers } = await (async () => {
        const own = document.querySelector('script[src*="/js/tuneready.js"]').src;
        const store = await import(own.replace("tuneready.js", "answers.js"));
        return { document: store.document() };
      })();
      const question = { guide, document: answers, language: "en" };
      const address = location.origin + location.pathname + "#answers=";
      const { link } = await engine.share({ ...question, notes: true, address });
      const start = link.indexOf("#answers=") + 9;
      const good = link.slice(start);
      const exact = (await engine.openLink({ ...question, link })).document;
      const links = [...argument];
      const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
      for (let place = 0; place < good.length; place++) {
        let other = good[place];
        while (other === good[place]) other = alphabet[Math.floor(Math.random() * 64)];
        links.push(good.slice(0, place) + other + good.slice(place + 1), good.slice(0, place));
      }
      const silent = [];
      for (const one of links) {
        try {
          const { document: found } = await engine.openLink({ ...question, link: "#answers=" + one });
          if (JSON.stringify(found.items) !== JSON.stringify(exact.items)) silent.push(one);
        } catch (error) {
          if (error.failure?.reason !== "refused" || !error.failure.message) silent.push(one + " " + error);
        }
      }
      return { good, silent, exact, tried: links.length };`,
      OTHERS,
    );
    assert.deepEqual(tried.silent, []);
    assert.deepEqual(answersIn(tried.exact), await page.evaluate(answersOf, before));
    assert.deepEqual(await stored(page), before);

    // And as the reader meets it: opened by its address.
    const place = 12;
    const other = tried.good[place] === "A" ? "B" : "A";
    const flipped = tried.good.slice(0, place) + other + tried.good.slice(place + 1);
    for (const fragment of [flipped, "2AAAA", tried.good.slice(0, 40)]) {
      await page.evaluate((hash) => (location.hash = hash), `#answers=${fragment}`);
      await until("a message", async () => (await seen(page, "tr-exchange")).state === "failed");
      const { text } = await seen(page, "tr-exchange");
      assert.match(text, /link/i);
      assert.match(text, /your answers are as they were/);
      assert.deepEqual(await stored(page), before);
    }
    await page.goto(new URL(LIST, host.site).href, { waitUntil: "load" });
    await until("all ticks", async () => Object.keys(await shown(page)).length === 11);
    return { characters: tried.good.length, links: tried.tried };
  },
};

/** @param {Record<string, string>} texts */
function answersOf(texts) {
  const entries = Object.entries(texts).filter(([key]) => key.startsWith("entry:"));
  return Object.fromEntries(
    entries.map(([key, text]) => [key.split(":")[2], JSON.parse(text).answer]),
  );
}
