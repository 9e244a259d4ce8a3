/**
 * <tr-scope>: the questions about the whole case. An answer leaves out what does not apply, here
 * and in all lists; it is kept with the assessment, and what was answered before stays kept.
 */

import * as store from "./answers.js";
import { Texts } from "./texts.js";

/** @typedef {Readonly<Record<string, string>>} Scope question -> option */
/** @typedef {Record<string, string[]>} Applies question -> the options with which an item applies */

/**
 * Whether an item applies. What the guide does not offer counts as not answered.
 * @param {Applies | undefined} applies
 * @param {Scope} scope
 * @param {(question: string, option: string) => boolean} isOffered
 */
export function isAsked(applies, scope, isOffered) {
  return Object.entries(applies ?? {}).every(([question, options]) => {
    const option = scope[question];
    return option === undefined || options.includes(option) || !isOffered(question, option);
  });
}

class Scoping extends HTMLElement {
  #connection = new AbortController();
  #texts = new Texts({}, "en");

  connectedCallback() {
    this.#connection = new AbortController();
    const { signal } = this.#connection;
    this.#texts = new Texts(this.#json("texts"), this.dataset["language"] ?? "en");
    this.addEventListener("change", ({ target }) => this.#onChange(target), { signal });
    for (const event of ["change", "assessments"]) {
      store.changes.addEventListener(event, () => this.#show(), { signal });
    }
    this.#show();
    const details = this.querySelector("details");
    // Who has begun is here for the verdict.
    if (details) details.open = this.#answered === 0 && store.answers().size === 0;
  }

  disconnectedCallback() {
    this.#connection.abort();
  }

  /** @param {EventTarget | null} target */
  #onChange(target) {
    if (!(target instanceof HTMLInputElement)) return;
    const { [target.name]: _, ...others } = store.current().scope;
    store.setScope(target.value === "" ? others : { ...others, [target.name]: target.value });
    const announce = this.querySelector("[data-announce]");
    if (announce) announce.textContent = this.#leftOut;
  }

  #show() {
    const { scope } = store.current();
    for (const radios of this.#questions.values()) {
      const chosen = radios.find((radio) => radio.value === scope[radio.name]);
      const none = radios.find((radio) => radio.value === "");
      const shown = chosen ?? none;
      if (shown) shown.checked = true;
    }
    const told = this.querySelector("[data-told]");
    if (told) told.textContent = [this.#progress, this.#leftOut].filter(Boolean).join(" · ");
  }

  /** @returns {Map<string, HTMLInputElement[]>} */
  get #questions() {
    const radios = [...this.querySelectorAll(/** @type {"input"} */ ("input[type=radio]"))];
    return Map.groupBy(radios, (radio) => radio.name);
  }

  get #answered() {
    const radios = [...this.#questions.values()].flat();
    return radios.filter((radio) => radio.checked && radio.value !== "").length;
  }

  get #progress() {
    return this.#texts.say("answered", {
      answered: this.#answered,
      questions: this.#questions.size,
    });
  }

  get #leftOut() {
    const { scope } = store.current();
    const offered = this.#questions;
    /** @type {(question: string, option: string) => boolean} */
    const isOffered = (question, option) =>
      offered.get(question)?.some(({ value }) => value === option) ?? false;
    const items = /** @type {Applies[]} */ (this.#json("items"));
    const n = items.filter((applies) => !isAsked(applies, scope, isOffered)).length;
    return n === 0 ? "" : this.#texts.say("left_out", { n });
  }

  /** @param {string} name */
  #json(name) {
    return JSON.parse(this.dataset[name] ?? "{}");
  }
}

customElements.define("tr-scope", Scoping);
