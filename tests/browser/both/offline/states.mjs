/** Every state of keeping the site, looked at by axe in both schemes, and narrow. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

import { deploy, is, keep, press, tap } from "./deploying.mjs";

/** @import { Page } from "puppeteer-core" */

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/**
 * @param {Page} page
 * @returns {Promise<string[]>} what axe objects to, and whether the page is wider than the window
 */
async function objections(page) {
  /** @type {string[]} */
  const found = [];
  await page.evaluate(AXE);
  for (const scheme of ["default", "slate"]) {
    found.push(
      ...(await page.evaluate(async (name) => {
        document.body.setAttribute("data-md-color-scheme", name);
        // Material lets colours change slowly.
        await new Promise((resolve) => setTimeout(resolve, 500));
        const { axe } = /** @type {any} */ (globalThis);
        const parts = ["tr-offline", ".tr-offline-notice"];
        const include = parts.filter((part) => document.querySelector(part) !== null);
        const { violations } = await axe.run({ include });
        const wide = document.documentElement.scrollWidth > innerWidth;
        return [
          ...violations.map((/** @type {any} */ one) => `${name}: ${one.id}: ${one.nodes[0].html}`),
          ...(wide ? [`${name}: wider than the window`] : []),
        ];
      }, scheme)),
    );
  }
  return found;
}

/** @type {import("../run.mjs").Case} */
export default {
  title: "Each state of keeping the site is accessible, in both schemes and at 320 px",
  timeout: 240_000,
  async run({ open, host, folder, until }) {
    const built = host.folder;
    const a = deploy(built, join(folder, "a"), "A");
    const b = deploy(built, join(folder, "b"), "B");
    host.folder = a.folder;
    /** @type {Record<string, string[]>} */
    const found = {};
    for (const [state, before] of /** @type {[string, () => void][]} */ ([
      ["insecure", () => Object.defineProperty(window, "isSecureContext", { value: false })],
      ["none", () => Reflect.deleteProperty(Navigator.prototype, "serviceWorker")],
      [
        "blocked",
        () => {
          ServiceWorkerContainer.prototype.getRegistration = () =>
            Promise.reject(new DOMException("not allowed", "SecurityError"));
        },
      ],
    ])) {
      const page = await open("nl/offline/", { before });
      await page.setViewport({ width: 320, height: 700 });
      await until(state, () => is(page, state));
      found[state] = await objections(page);
      await page.close();
    }
    const page = await open("nl/offline/");
    await page.setViewport({ width: 320, height: 700 });
    await until("the offer", () => is(page, "idle"));
    found["idle"] = await objections(page);
    host.fault("overview/", { hang: true });
    await press(page, "keep", until);
    await until("the start", () => is(page, "downloading"));
    found["downloading"] = await objections(page);
    await press(page, "cancel", until);
    await until("the offer", () => is(page, "idle"));
    host.clear();
    host.fault("content.json", { status: 404 });
    await press(page, "keep", until);
    await until("failure", () => page.$eval("[data-failed]", (one) => one.checkVisibility()));
    found["failed"] = await objections(page);
    host.clear();
    await keep(page, until);
    found["kept"] = await objections(page);
    const saying = (/** @type {string} */ wanted) =>
      until(wanted, () =>
        page
          .$eval(
            ".tr-offline-notice",
            (one, name) => one.getAttribute("data-saying") === name,
            wanted,
          )
          .catch(() => false),
      );
    await page.reload({ waitUntil: "load" });
    await saying("kept");
    found["notice"] = await objections(page);
    host.folder = b.folder;
    await page.reload({ waitUntil: "load" });
    await saying("newer");
    found["newer"] = await objections(page);
    host.fault("overview/", { status: 500, times: 1 });
    await tap(page, ".tr-offline-notice button[value=take]");
    await saying("failed");
    found["not taken"] = await objections(page);
    await press(page, "keep", until);
    await saying("taken");
    found["taken"] = await objections(page);
    await host.down();
    await page.reload({ waitUntil: "load" });
    await saying("offline");
    found["offline"] = await objections(page);
    await press(page, "remove", until);
    await until("the end", () => is(page, "unreachable"));
    found["unreachable"] = await objections(page);
    assert.deepEqual(
      Object.entries(found).filter(([, all]) => all.length),
      [],
    );
    return { states: Object.keys(found) };
  },
};
