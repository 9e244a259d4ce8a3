import assert from "node:assert/strict";

import { buildOf, filesOf, rebuild } from "./bundle.mjs";
import { ITEM, LIST, kept, letPagesTurn, shown, tick } from "./checklist.mjs";
import { seen } from "./engine.mjs";

/** @import { Page } from "puppeteer-core" */

/** Which builds the page's code and styles are of, as it names them and as it fetched them. */
const namedAndFetched = (/** @type {Page} */ page) =>
  page.evaluate(() => {
    const named = [...document.querySelectorAll("script[src], link[href]")];
    const fetched = performance.getEntriesByType("resource").map(({ name }) => name);
    const all = [
      ...named.map((one) => one.getAttribute("src") ?? one.getAttribute("href")),
      ...fetched,
    ];
    const builds = all.map((address) => /assets\/tuneready\/(\w+)\//.exec(address ?? "")?.[1]);
    return [...new Set(builds.filter((build) => build !== undefined))];
  });

/** @type {import("../run.mjs").Case} */
export default {
  title:
    "A new build is published while pages are open, and the old one is gone: never mixed, no answer lost",
  async run({ open, host, folder, until, sleep }) {
    letPagesTurn(host);
    host.headers = { "cache-control": "no-cache" };
    const turning = await open(LIST);
    const adding = await open("decide/tried/");
    const asking = await open("decide/");
    await until("Material", () => host.requests.some(({ path }) => path === "sitemap.xml"));
    await sleep(500);
    const old = buildOf(host);
    assert.deepEqual(await namedAndFetched(turning), [old]);
    const sample = String(Object.keys(filesOf(host)).find((name) => name.startsWith("samples/")));
    const { build } = rebuild(host, folder, {
      [sample]: (text) => `${text}
`,
    });
    host.fault(new RegExp(`/${old}/`), { status: 404 });

    // An open page takes answers, and the next one is loaded as a whole.
    await tick(turning, ITEM, "yes");
    await tick(turning, "why-owner", "yes");
    await turning.evaluate(() => Object.assign(window, { first: true }));
    await turning.$eval("tr-checklist [data-end]", (link) => {
      /** @type {HTMLElement} */ (link).click();
    });
    const whole = () =>
      turning.evaluate(
        () =>
          !("first" in window) &&
          document.querySelector("tr-checklist[checklist=tried]:defined") !== null,
      );
    await until("the next list, loaded as a whole", () => whole().catch(() => false));
    assert.deepEqual(await namedAndFetched(turning), [build]);
    const answers = { [ITEM]: "yes", "why-owner": "yes" };
    assert.deepEqual(await kept(turning), answers);

    // A page that needs more of its own code, which is gone.
    await tick(adding, "tried-stronger-model", "no");
    await adding.evaluate(() => {
      document.querySelector("article")?.append(document.createElement("tr-compare"));
    });
    const renewed = () => namedAndFetched(adding).then(String, () => "");
    await until("that page as a whole", async () => (await renewed()) === build);
    await until("its answer", () =>
      shown(adding).then(
        (found) => found["tried-stronger-model"] === "no",
        () => false,
      ),
    );

    // A verdict that was open, and needs Python only now: one sentence says to reload.
    const part = () => seen(asking, "tr-assessment");
    await until("a word on it", async () => (await part()).state === "failed", 60_000);
    const { text } = await part();
    assert.equal(text.match(/Reload the page to go on/g)?.length, 1, text);
    assert.match(text, /your answers are as they were/);
    await asking.reload({ waitUntil: "load" });
    await until("the verdict", async () => (await part()).state === "done", 60_000);
    assert.deepEqual(await namedAndFetched(asking), [build]);
    assert.deepEqual(await kept(asking), { ...answers, "tried-stronger-model": "no" });
  },
};
