/**
 * <tr-assessment profile="decide">: the verdict on the answers, worked out by Python.
 *
 * `data-state` is idle, loading, done or failed; `data-verdict` is there when a verdict is. Nothing
 * is loaded before the first answer. While a newer verdict is worked out, the last one stays.
 */

import * as store from "./answers.js";
import { Asking } from "./asking.js";
import { engine } from "./engine.js";
import { filled, formatted } from "./fill.js";
import { guideOf } from "./guide.js";
import { isAsked } from "./scope.js";

/** @import { Applies } from "./scope.js" */

/** Several changes in a row, such as from another tab, are one question. */
const CHANGE_DELAY_MS = 150;

/** Of many open questions and changes the first are shown, the others on demand. */
const OPEN_SHOWN = 5;
const CHANGES_SHOWN = 8;

/** @typedef {{ count: number | null, answers: object[] }} Change */
/** @typedef {{ verdict: string, label: string, open: object[], changes: Change[] }} Described what is used here of Python's answer */
/** @typedef {{ checklists: { id: string, items: { id: string, applies?: Applies }[] }[], scope?: Record<string, { options: object }> }} Guide what is used here of the guide */

export class Assessment extends HTMLElement {
  #connection = new AbortController();
  /** @type {Asking | null} */
  #asking = null;
  #timer = 0;

  connectedCallback() {
    this.#connection = new AbortController();
    const { signal } = this.#connection;
    this.addEventListener("click", (event) => this.#onClick(event), { signal });
    store.changes.addEventListener("change", () => this.#onStored(), { signal });
    this.#asking = new Asking(this, () => this.#showState());
    this.#update();
  }

  disconnectedCallback() {
    this.#connection.abort();
    this.#asking?.end();
    clearTimeout(this.#timer);
  }

  /** The lists of the page, each with its items that apply. */
  get #checklists() {
    const { checklists = [], scope: asked = {} } = /** @type {Partial<Guide>} */ (guideOf(this));
    const { scope } = store.current();
    /** @type {(question: string, option: string) => boolean} */
    const isOffered = (question, option) => Object.hasOwn(asked[question]?.options ?? {}, option);
    const rows = [...this.querySelectorAll(/** @type {"li"} */ ("[data-checklist]"))];
    return rows.map((row) => {
      const checklist = checklists.find(({ id }) => id === row.dataset["checklist"]);
      const items = checklist?.items.filter(({ applies }) => isAsked(applies, scope, isOffered));
      return { row, items: items?.map(({ id }) => id) ?? [] };
    });
  }

  /** The language's site root, from where Python's addresses count. */
  get #root() {
    const below = this.dataset["languageRoot"] ?? "";
    return new URL(`../../../../${below}`, import.meta.url);
  }

  /** @param {Event} event */
  #onClick({ target }) {
    const button = target instanceof Element ? target.closest("[data-action]") : null;
    if (button?.getAttribute("data-action") === "download") store.download();
  }

  #onStored() {
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.#update(), CHANGE_DELAY_MS);
  }

  #update() {
    const answered = this.#showCounts();
    const answers = Object.fromEntries(store.answers());
    if (answered === 0) {
      this.removeAttribute("data-verdict");
      this.#asking?.stop();
      return;
    }
    const { scope } = store.current();
    const profile = this.getAttribute("profile") ?? "";
    const language = this.dataset["language"] ?? "en";
    this.#asking?.ask(
      () => engine().assess({ guide: guideOf(this), profile, answers, scope, language }),
      // The document is Python's; what this page needs of it is written above.
      (described) => this.#showVerdict(/** @type {any} */ (described)),
    );
  }

  /** @param {Described} described */
  #showVerdict(described) {
    const template = this.querySelector(
      /** @type {"template"} */ ('template[data-template="result"]'),
    );
    if (template === null) return;
    this.dataset["verdict"] = described.verdict;
    const open = described.open.slice(0, OPEN_SHOWN);
    const changes = described.changes.map((change) => ({
      ...change,
      unreachable: change.count === null,
      answers: change.answers.slice(0, CHANGES_SHOWN),
      more_answers: change.answers.slice(CHANGES_SHOWN),
    }));
    const view = { ...described, open, more_open: described.open.slice(OPEN_SHOWN), changes };
    const result = filled(template, view, this.#root);
    // The nearest is what to look at; the others are for who wants to go on.
    result.querySelector("[data-change] > details")?.setAttribute("open", "");
    this.#part("[data-result]")?.replaceChildren(result);
    const announce = this.#part("[data-announce]");
    if (announce) announce.textContent = described.label;
  }

  /** Show how far each list is, and return how many questions have an answer. */
  #showCounts() {
    let total = 0;
    const answers = store.answers();
    for (const { row, items } of this.#checklists) {
      const answered = items.filter((item) => answers.has(item)).length;
      const values = { answered, questions: items.length };
      const progress = row.querySelector("progress");
      const count = row.querySelector("[data-count]");
      if (progress) progress.max = items.length;
      if (progress) progress.value = answered;
      if (count) count.textContent = formatted(this.dataset["counted"] ?? "", values);
      row.toggleAttribute("data-complete", answered === items.length);
      total += answered;
    }
    return total;
  }

  #showState() {
    const state = this.dataset["state"];
    if (state === "failed") this.removeAttribute("data-verdict");
    const stays = state === "loading" && this.hasAttribute("data-verdict");
    this.#part("[data-result]")?.setAttribute("aria-busy", String(stays));
    for (const view of this.querySelectorAll(/** @type {"div"} */ ("[data-view]"))) {
      view.hidden = view.dataset["view"] !== (stays ? "done" : state);
    }
    // What is to come holds the place of the verdict, so that nothing moves when it arrives.
    const toCome = this.#part("[data-to-come]");
    if (toCome) toCome.hidden = state !== "loading" || stays;
    if (state === "loading") this.dataset["waited"] = "";
    if (state === "idle" || state === "failed") delete this.dataset["waited"];
  }

  /** @param {string} selector */
  #part(selector) {
    return /** @type {HTMLElement | null} */ (this.querySelector(selector));
  }
}

customElements.define("tr-assessment", Assessment);
