/** A file that is not what was built is named, nothing runs, and trying again helps. */

import assert from "node:assert/strict";

/** @type {import("../run.mjs").Case} */
export default {
  title: "An altered file of Python is refused and named; once it is right, trying again works",
  timeout: 240_000,
  async run({ open, host, until }) {
    const list = await open("decide/why/");
    await list.click("tr-checklist input[value=yes]");
    await list.close();
    // One file in a fresh profile: what was good once would come from the browser's cache.
    for (const file of ["py/pyodide.asm.wasm"]) {
      host.clear();
      // Still a program: only the hash tells.
      host.fault(file, {
        change: (content) => {
          const changed = Buffer.from(content);
          changed.writeUInt8((changed.at(-40_000) ?? 0) ^ 1, changed.length - 40_000);
          return changed;
        },
      });
      const page = await open("decide/");
      const seen = () =>
        page.$eval("tr-assessment", (part) => ({
          state: part.getAttribute("data-state"),
          text: /** @type {HTMLElement} */ (part).innerText,
          detail: part.querySelector("[data-detail]")?.textContent ?? "",
        }));
      await until(`a refusal of ${file}`, async () => (await seen()).state === "failed", 60_000);
      assert.ok((await seen()).detail.includes(file), JSON.stringify(await seen()));
      assert.equal(
        await page.$eval("tr-assessment", (part) => part.getAttribute("data-verdict")),
        null,
      );
      host.clear();
      await page.click("tr-assessment [data-action=retry]");
      await until(`a verdict after ${file}`, async () => (await seen()).state === "done", 60_000);
      await page.close();
    }
  },
};
