import assert from "node:assert/strict";

/** @type {import("../run.mjs").Case} */
export default {
  title: "A first visit: tick, and the verdict comes",
  async run({ open, host, until }) {
    // What the first page had fetched to the end would not be asked for again.
    host.headers = { "cache-control": "no-store" };
    const page = await open("decide/why/");
    await page.click("tr-checklist input[value=yes]");
    // The tick warmed Python; what was under way ends with that page.
    await page.goto("about:blank");
    host.requests.length = 0;
    await page.goto(new URL("decide/", host.site).href);
    const state = () => page.$eval("tr-assessment", (part) => part.getAttribute("data-state"));
    await until("a verdict", async () => (await state()) === "done");
    const asked = host.requests.filter(({ path }) => path.endsWith("pyodide.asm.wasm"));
    assert.equal(asked.length, 1);
  },
};
