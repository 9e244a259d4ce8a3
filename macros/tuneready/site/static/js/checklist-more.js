/**
 * What can be said about an item beside its answer: why it does not apply, a note, evidence, an
 * owner. Kept with every key that is pressed; the summary of the fold says what there is.
 */

import * as store from "./answers.js";
import { idOf, noting } from "./checklist-item.js";

/** @import { Entries } from "./checklist-item.js" */
/** @import { Texts } from "./texts.js" */
/** @typedef {HTMLInputElement | HTMLTextAreaElement} Field */
/** @typedef {"reason" | "note" | "evidence" | "owner"} Name */

const FIELDS = "[data-entry]";

export class More {
  #root;
  #texts;
  /** The assessment that the fields show. */
  #assessment = "";

  /**
   * @param {HTMLElement} root the checklist
   * @param {Texts} texts
   * @param {AbortSignal} signal
   */
  constructor(root, texts, signal) {
    this.#root = root;
    this.#texts = texts;
    root.addEventListener("input", ({ target }) => this.#onInput(target), { signal });
    // What was typed is shown as it was kept, and so is what another tab wrote meanwhile.
    root.addEventListener("focusout", ({ target }) => this.#onLeft(target), { signal });
  }

  /** @param {EventTarget | null} target */
  #onInput(target) {
    if (!(target instanceof HTMLElement) || !target.matches(FIELDS)) return;
    const field = /** @type {Field} */ (target);
    const item = /** @type {HTMLElement | null} */ (field.closest("[data-item]"));
    if (item === null) return;
    const id = idOf(item);
    const name = /** @type {Name} */ (field.dataset["entry"]);
    store.change(id, noting(item, { [name]: field.value }, store.entry(id)));
    grow(field);
  }

  /** @param {EventTarget | null} target */
  #onLeft(target) {
    if (!(target instanceof HTMLElement) || !target.matches(FIELDS)) return;
    place(/** @type {Field} */ (target), store.entry(idOf(target)));
  }

  /**
   * @param {HTMLElement[]} items
   * @param {Entries} entries
   */
  show(items, entries) {
    const { id } = store.current();
    const isOther = id !== this.#assessment;
    this.#assessment = id;
    for (const item of items) {
      const entry = entries.get(idOf(item)) ?? {};
      for (const field of item.querySelectorAll(/** @type {"input"} */ (FIELDS))) {
        // Not under the reader's fingers, unless another tab chose another assessment: what was
        // said in one must not be taken along into the other.
        if (isOther || field !== document.activeElement) place(field, entry);
      }
      this.#showLink(item, entry.evidence ?? "");
      const filled = item.querySelector("[data-filled]");
      if (filled) {
        const there = this.#filled(entry);
        filled.textContent = there.length > 0 ? `: ${there.join(" · ")}` : "";
        item.querySelector("[data-more]")?.toggleAttribute("data-said", there.length > 0);
      }
    }
    const owners = new Set([...entries.values()].flatMap(({ owner }) => owner?.trim() || []));
    const names = this.#root.querySelector("[data-owner-names]");
    names?.replaceChildren(...[...owners].sort().map((name) => new Option(name, name)));
  }

  /** @param {Readonly<import("./protocol.js").Entry>} entry */
  #filled({ note, evidence, owner, report }) {
    return [
      note && this.#texts.say("filled_note"),
      evidence && this.#texts.say("filled_evidence"),
      report && this.#texts.say("filled_report"),
      owner && this.#texts.show(owner),
    ].filter((one) => one !== undefined && one !== "");
  }

  /**
   * Evidence is a link when it is an address of the web, and nothing but a text otherwise.
   * @param {HTMLElement} item
   * @param {string} evidence
   */
  #showLink(item, evidence) {
    const line = item.querySelector(/** @type {"p"} */ ("[data-link]"));
    if (!line) return;
    const address = webAddress(evidence);
    line.hidden = address === null;
    line.replaceChildren();
    if (address === null) return;
    const link = document.createElement("a");
    link.href = address.href;
    link.target = "_blank";
    link.rel = "noreferrer";
    link.textContent = this.#texts.say("open_link", { host: address.host });
    line.append(link);
  }
}

/**
 * @param {string} text
 * @returns {URL | null}
 */
function webAddress(text) {
  const address = /^https?:\/\//i.test(text.trim()) ? URL.parse(text.trim()) : null;
  return address?.protocol === "https:" || address?.protocol === "http:" ? address : null;
}

/**
 * @param {Field} field
 * @param {Readonly<import("./protocol.js").Entry>} entry
 */
function place(field, entry) {
  const name = /** @type {Name} */ (field.dataset["entry"]);
  const value = entry[name] ?? "";
  if (field.value !== value) field.value = value;
  grow(field);
}

/**
 * The text once more beside its field, which grows with it and stands in for it on paper.
 * @param {Field} field
 */
function grow(field) {
  const beside = field.parentElement;
  if (beside?.hasAttribute("data-grow")) beside.dataset["grow"] = field.value;
}
