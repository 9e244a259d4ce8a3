/** What a file says is kept nowhere: no storage, no cache, no cookie, no history, no address, no host. */

import assert from "node:assert/strict";

/** @import { Page } from "puppeteer-core" */

const SECRET = "quixotic-zephyr-7f3a91";
const FILE = "jabberwock-5d20e4.jsonl";

/** @type {import("../run.mjs").Case} */
export default {
  title: "Nothing of a dataset is stored",
  async run({ open, host, until }) {
    const page = await open("check/");
    const text = [
      { messages: [{ role: SECRET, content: SECRET }] },
      { messages: [{ role: "user", content: SECRET, [SECRET]: 1 }], [SECRET]: SECRET },
      { messages: [{ role: "user", content: "a" }], tools: [{ function: { name: SECRET } }] },
    ].map((record) => JSON.stringify(record));
    const findings = await page.evaluate(
      async (content, name) => {
        await customElements.whenDefined("tr-dataset-check");
        const element = /** @type {any} */ (document.querySelector("tr-dataset-check"));
        const file = new File([content], name);
        const { findings } = await element.check(file, { target: "azure-openai/sft" });
        return JSON.stringify(findings);
      },
      [...text, SECRET].join("\n"),
      FILE,
    );
    assert.ok(findings.includes(SECRET), "the report speaks of it");
    for (const word of [SECRET, FILE]) assert.deepEqual(await traces(page, word), [], word);

    // Kept as evidence: the file's name, and still nothing that is in it.
    await page.$eval("[data-slot=keep-button]", (button) => /** @type {any} */ (button).click());
    await until("it is kept", async () => (await traces(page, FILE)).length > 0);
    assert.deepEqual(await traces(page, SECRET), []);

    // Elsewhere in the site, and back.
    await page.goto(new URL("decide/data/", host.site).href, { waitUntil: "load" });
    assert.deepEqual(await traces(page, SECRET), []);
    await page.goto(new URL("check/", host.site).href, { waitUntil: "load" });
    const again = await page.$eval("tr-dataset-check", (element) => element.textContent ?? "");
    assert.ok(!again.includes(SECRET));
    const asked = host.requests.filter(({ path, headers }) =>
      `${path} ${JSON.stringify(headers)}`.includes(SECRET),
    );
    assert.deepEqual(asked, []);

    // And whoever looks for traces does find them, everywhere.
    await page.evaluate(leave, SECRET);
    assert.deepEqual(await traces(page, SECRET), [
      "localStorage",
      "sessionStorage",
      "cookie",
      "history.state",
      "address",
      "window.name",
      "Cache Storage",
      "IndexedDB",
      "file system",
    ]);
  },
};

/**
 * @param {Page} page
 * @param {string} word
 * @returns {Promise<string[]>} where the browser keeps a word
 */
function traces(page, word) {
  return page.evaluate(async (sought) => {
    /** @type {[string, string][]} */
    const places = [
      ["localStorage", JSON.stringify({ ...localStorage })],
      ["sessionStorage", JSON.stringify({ ...sessionStorage })],
      ["cookie", document.cookie],
      ["history.state", JSON.stringify(history.state)],
      ["address", location.href],
      ["window.name", window.name],
    ];
    let cached = "";
    for (const name of await caches.keys()) {
      const cache = await caches.open(name);
      for (const request of await cache.keys())
        cached += name + request.url + (await (await cache.match(request))?.text());
    }
    places.push(["Cache Storage", cached]);
    let kept = "";
    for (const { name = "" } of await indexedDB.databases()) {
      const opening = indexedDB.open(name);
      await new Promise((resolve) => (opening.onsuccess = resolve));
      const database = opening.result;
      for (const store of database.objectStoreNames) {
        const all = database.transaction(store).objectStore(store).getAll();
        await new Promise((resolve) => (all.onsuccess = resolve));
        kept += JSON.stringify(all.result);
      }
      kept += name;
      database.close();
    }
    places.push(["IndexedDB", kept]);
    let files = "";
    // Without https Firefox has none in some contexts; then nothing can be in it.
    const folder = await navigator.storage.getDirectory().catch(() => null);
    if (folder)
      for await (const [name, handle] of /** @type {any} */ (folder).entries())
        files += name + (await (await handle.getFile()).text());
    places.push(["file system", files]);
    return places.filter(([, text]) => text.includes(sought)).map(([place]) => place);
  }, word);
}

/**
 * Runs in the page: leaves a word wherever a page can.
 *
 * @param {string} word
 */
async function leave(word) {
  localStorage.setItem("tr-test", word);
  sessionStorage.setItem("tr-test", word);
  document.cookie = `trtest=${word}`;
  history.replaceState({ word }, "", `#${word}`);
  window.name = word;
  await (await caches.open("tr-test")).put("./tr-test", new Response(word));
  const opening = indexedDB.open("tr-test", 1);
  opening.onupgradeneeded = () =>
    opening.result.createObjectStore("words", { autoIncrement: true });
  await new Promise((resolve) => (opening.onsuccess = resolve));
  const writing = opening.result.transaction("words", "readwrite");
  writing.objectStore("words").add(word);
  await new Promise((resolve) => (writing.oncomplete = resolve));
  opening.result.close();
  const folder = await navigator.storage.getDirectory();
  const file = await (await folder.getFileHandle("word", { create: true })).createWritable();
  await file.write(word);
  await file.close();
}
