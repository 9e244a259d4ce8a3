/**
 * A thousand texts that want to be more than text, in roles, contents, keys, names of tools and of the
 * file: the page shows them, and nothing else happens.
 */

import assert from "node:assert/strict";

import { collectViolations, violations } from "./collected.mjs";
import { HIDDEN, payloads } from "./payloads.mjs";

/** @import { Page } from "puppeteer-core" */

/** Of each rule a report lists so many places; with as many lines in a file, each is looked at. */
const LINES = 25;

/** @type {import("../run.mjs").Case} */
export default {
  title: "Hostile text of a dataset stays text",
  timeout: 300_000,
  async run({ open }) {
    const all = payloads();
    assert.ok(all.length >= 1000, `${all.length}`);
    const page = await open("check/", { before: `(${collectViolations})();\n(${watch})();` });
    /** @type {string[]} */
    const dialogs = [];
    page.on("dialog", (dialog) => {
      dialogs.push(dialog.message());
      void dialog.dismiss();
    });
    let shown = 0;
    let findings = 0;
    for (let at = 0; at < all.length; at += LINES) {
      const some = all.slice(at, at + LINES);
      const file = lines(some);
      const seen = await check(page, file, `${some[0]?.slice(0, 200)}.jsonl`);
      findings += seen.findings;
      // Hidden characters are written out, in the page and in what it says aloud.
      const hidden = HIDDEN.exec(seen.text);
      const around = hidden && seen.text.slice(Math.max(hidden.index - 40, 0), hidden.index + 40);
      assert.equal(around && JSON.stringify(around), null);
      for (const one of some) {
        if (one.length <= 40 && !/[^\x20-\x7e]/.test(one) && seen.text.includes(one)) shown += 1;
      }
      assert.deepEqual(seen.elements, [], `after ${JSON.stringify(some[0])}`);
    }
    assert.deepEqual(dialogs, []);
    assert.equal(await page.evaluate(() => "wasHacked" in globalThis), false);
    assert.equal(await page.evaluate(() => "polluted" in {}), false);
    assert.deepEqual(await violations(page), []);
    assert.ok(findings > 1000, `${findings} findings`);
    // They do stand on the page, as what they are.
    assert.ok(shown > 200, `${shown} shown`);

    // And the watch does see an element and a dialog.
    await page.evaluate(() => {
      const image = document.createElement("img");
      image.setAttribute("onerror", "hacked()");
      document.querySelector("[data-result]")?.append(image);
    });
    assert.notDeepEqual(await foundBy(page), []);
    return { payloads: all.length, findings, shown };
  },
};

/** @param {string[]} some */
function lines(some) {
  const records = some.map((one, number) => {
    const call = { id: one, type: "function", function: { name: one, arguments: one } };
    const places = [
      { messages: [{ role: one, content: one }], [one]: one },
      { messages: [{ role: "user", content: one, [one]: one, name: one }], tools: [{ type: one }] },
      {
        messages: [
          { role: "user", content: one },
          { role: "assistant", tool_calls: [call] },
          { role: "tool", tool_call_id: one, content: one },
        ],
        tools: [{ type: "function", function: { name: one, description: one, parameters: one } }],
      },
      { messages: one, prompt: one, completion: one },
    ];
    return JSON.stringify(places[number % places.length]);
  });
  // Raw, and so no JSON: the line is quoted in the finding.
  return [...records, ...some.slice(0, 3)].join("\n");
}

/**
 * @param {Page} page
 * @param {string} text
 * @param {string} name
 */
async function check(page, text, name) {
  const findings = await page.evaluate(
    async (content, called) => {
      await customElements.whenDefined("tr-dataset-check");
      const element = /** @type {any} */ (document.querySelector("tr-dataset-check"));
      const report = await element.check(new File([content], called), {
        target: "azure-openai/sft",
      });
      for (const one of element.querySelectorAll("details")) one.open = true;
      return report.findings.length;
    },
    text,
    name,
  );
  const seen = await page.$eval("tr-dataset-check", (element) => {
    const attributes = [...element.querySelectorAll("[data-result] *")].flatMap((one) =>
      ["aria-label", "title", "alt", "aria-description"].map((at) => one.getAttribute(at) ?? ""),
    );
    return `${element.textContent} ${attributes.join(" ")}`;
  });
  return { findings, text: seen, elements: await foundBy(page) };
}

/** Runs in the page before its own scripts: notes what no report may bring into it. */
function watch() {
  const found = /** @type {string[]} */ ([]);
  Object.assign(globalThis, {
    found,
    hacked: () => Object.assign(globalThis, { wasHacked: true }),
  });
  /** @param {Node} node */
  const look = (node) => {
    if (!(node instanceof Element) || !node.closest("tr-dataset-check")) return;
    for (const one of [node, ...node.querySelectorAll("*")]) {
      const bad =
        /^(script|img|iframe|object|embed|video|audio|style|link|base|meta|math|body)$/i.test(
          one.localName,
        ) ||
        [...one.attributes].some(
          ({ name, value }) =>
            /^(on|srcdoc|style$)/i.test(name) ||
            (/^(href|src|action|formaction|data|.*:href)$/i.test(name) &&
              /^\s*(javascript|vbscript|data):/i.test(value)),
        );
      // Figures set their own custom properties, whose values are numbers.
      const own = /^--(bins|at|share|height|size):[^;<>()]*;?$/;
      const style = one.getAttribute("style");
      if (bad && !(style !== null && own.test(style.trim())))
        found.push(one.outerHTML.slice(0, 200));
    }
  };
  addEventListener("DOMContentLoaded", () => {
    const element = document.querySelector("tr-dataset-check");
    if (!element) return;
    new MutationObserver((changes) => {
      for (const { type, target, addedNodes } of changes) {
        if (type === "attributes") look(target);
        for (const node of addedNodes) look(node);
      }
    }).observe(element, { childList: true, subtree: true, attributes: true });
  });
}

/**
 * @param {Page} page
 * @returns {Promise<string[]>}
 */
async function foundBy(page) {
  return page.evaluate(
    () =>
      new Promise((resolve) => {
        setTimeout(() => resolve(/** @type {any} */ (globalThis).found.splice(0)));
      }),
  );
}
