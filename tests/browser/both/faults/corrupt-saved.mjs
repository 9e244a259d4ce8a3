import assert from "node:assert/strict";

import { FIRST, ITEM, LIST, PREFIX, notices, put, shown, stored, tick } from "./checklist.mjs";

/** @type {import("../run.mjs").Case} */
export default {
  title: "Each saved text, cut at every character: read whole, or set aside whole",
  async run({ open, until }) {
    const page = await open(LIST);
    await tick(page, ITEM, "yes");
    await tick(page, "why-owner", "no");
    await page.$eval("#why-owner [data-entry=note]", (note) => {
      const field = /** @type {HTMLTextAreaElement} */ (note);
      field.value = "Ann – “after June” 🙂";
      field.dispatchEvent(new Event("input", { bubbles: true }));
    });
    const texts = await stored(page);
    const keys = Object.keys(texts);
    for (const kind of ["current", "assessment:", "entry:", "seen:"]) {
      assert(
        keys.some((key) => key.startsWith(kind)),
        `${kind} is among ${keys.join()}`,
      );
    }
    const { cuts, lost } = await page.evaluate(
      async (prefix, all) => {
        const own = document.querySelector('script[src*="/js/tuneready.js"]')?.getAttribute("src");
        const store = new URL(String(own), location.href).href.replace(
          "tuneready.js",
          "answers.js",
        );
        /** @type {string[]} */
        const lost = [];
        let cuts = 0;
        for (const [key, text] of Object.entries(all)) {
          const aside = `${prefix}unreadable:${key}`;
          for (let end = 0; end < text.length; end++) {
            const cut = text.slice(0, end);
            localStorage.removeItem(aside);
            localStorage.setItem(prefix + key, cut);
            const fresh = await import(`${store}?cut=${cuts++}`);
            fresh.document();
            fresh.seen("why");
            if (localStorage.getItem(aside) !== cut) lost.push(`${key}: ${cut}`);
          }
          localStorage.removeItem(aside);
          localStorage.setItem(prefix + key, text);
        }
        return { cuts, lost };
      },
      PREFIX,
      texts,
    );
    assert.deepEqual(lost, []);

    // What the reader sees of it: the rest is there, and what was set aside can be saved.
    const key = `entry:${FIRST}:why-owner`;
    const half = String(texts[key]).slice(0, -20);
    await page.goto("about:blank");
    const again = await open("terms/");
    await put(again, { [key]: half });
    const list = await open(LIST);
    await until("a notice", async () => "unreadable" in (await notices(list)));
    assert.equal((await stored(list))[`unreadable:${key}`], half);
    assert.equal((await shown(list))[ITEM], "yes");
    const given = await list.evaluate(async () => {
      /** @type {Blob[]} */
      const made = [];
      const make = URL.createObjectURL;
      URL.createObjectURL = (blob) => {
        made.push(/** @type {Blob} */ (blob));
        return make(blob);
      };
      const button = document.querySelector("[data-action=download-set-aside]");
      /** @type {HTMLElement} */ (button).click();
      return made[0]?.text();
    });
    assert.deepEqual(JSON.parse(given ?? ""), { [key]: half });
    return { texts: keys.length, cuts };
  },
};
