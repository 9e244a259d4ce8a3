/**
 * The result of a check of a dataset as evidence for an item that asks for it: choose one that was
 * kept on the checker's page, see what was checked and what it suggests, take it away again.
 */

import * as store from "./answers.js";
import { goodAnswer, idOf, noting } from "./checklist-item.js";

/** @import { Entries } from "./checklist-item.js" */
/** @import { Texts } from "./texts.js" */
/** @import { Evidence } from "./protocol.js" */

const SHORT_HASH = 12;

export class Report {
  #root;
  #texts;
  #say;

  /**
   * @param {HTMLElement} root the checklist
   * @param {Texts} texts
   * @param {AbortSignal} signal
   * @param {(text: string) => void} say
   */
  constructor(root, texts, signal, say) {
    this.#root = root;
    this.#texts = texts;
    this.#say = say;
    root.addEventListener("click", ({ target }) => this.#onClick(target), { signal });
  }

  /** @param {EventTarget | null} target */
  #onClick(target) {
    const button = target instanceof Element ? target.closest("[data-action]") : null;
    const item = button?.closest(/** @type {"fieldset"} */ ("[data-item]"));
    if (!button || !item) return;
    const action = button.getAttribute("data-action");
    if (action === "attach") this.#attach(item);
    if (action === "detach") this.#detach(item);
  }

  /** @param {HTMLElement} item */
  #attach(item) {
    const choice = item.querySelector(/** @type {"select"} */ ("[data-attach-choice]"));
    const report = store.evidence()[choice?.selectedIndex ?? -1];
    if (!report) return;
    const id = idOf(item);
    store.change(id, noting(item, { report }, store.entry(id)));
    this.#say(this.#texts.say("report_attached", { file: report.file }));
    item.querySelector(/** @type {"button"} */ ("[data-action=detach]"))?.focus();
  }

  /** @param {HTMLElement} item */
  #detach(item) {
    store.change(idOf(item), { report: null });
    this.#say(this.#texts.say("report_detached"));
    const next = item.querySelector(
      /** @type {"a"} */ ("[data-attach-view]:not([hidden]) :is(select, a)"),
    );
    next?.focus();
  }

  /**
   * @param {HTMLElement[]} items
   * @param {Entries} entries
   */
  show(items, entries) {
    const kept = store.evidence();
    for (const item of items) {
      const box = item.querySelector("[data-attach]");
      if (box === null) continue;
      const { report } = entries.get(idOf(item)) ?? {};
      const view = report ? "attached" : kept.length > 0 ? "choose" : "none";
      for (const part of box.querySelectorAll(/** @type {"p"} */ ("[data-attach-view]"))) {
        part.hidden = part.dataset["attachView"] !== view;
      }
      if (report) this.#showFacts(box, report, item);
      const choice = box.querySelector("select");
      const options = kept.map((one) => this.#texts.say("report_option", this.#facts(one)));
      const before = [...(choice?.options ?? [])].map(({ text }) => text);
      if (JSON.stringify(before) !== JSON.stringify(options)) {
        choice?.replaceChildren(...options.map((text) => new Option(text)));
      }
    }
  }

  /**
   * @param {Element} box
   * @param {Evidence} report
   * @param {HTMLElement} item
   */
  #showFacts(box, report, item) {
    const good = goodAnswer(item);
    const answer = report.valid ? good : good === "yes" ? "no" : "yes";
    const texts = {
      file: this.#texts.show(report.file),
      facts: this.#texts.say("report_facts", this.#facts(report)),
      suggests: this.#texts.say("report_suggests", { answer: this.#texts.say(answer) }),
    };
    for (const [name, text] of Object.entries(texts)) {
      const place = box.querySelector(`[data-attach-${name}]`);
      if (place) place.textContent = text;
    }
    const facts = box.querySelector(/** @type {"span"} */ ("[data-attach-facts]"));
    if (facts) facts.title = report.sha256;
  }

  /** The site's English is British. */
  get #locale() {
    return this.#texts.language === "en" ? "en-GB" : this.#texts.language;
  }

  /** @param {Evidence} report */
  #facts({ file, target, model, checked, counts, sha256 }) {
    const day = new Date(`${checked}T12:00:00`);
    return {
      file,
      target: typeof model !== "string" ? target : `${target}, ${model}`,
      day: Number.isNaN(day.getTime())
        ? checked
        : day.toLocaleDateString(this.#locale, { dateStyle: "long" }),
      sha256: sha256.slice(0, SHORT_HASH),
      ...counts,
    };
  }
}
