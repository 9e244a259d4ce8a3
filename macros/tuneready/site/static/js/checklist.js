/**
 * <tr-checklist checklist="why">: keeps the answers of a form that is complete without it.
 *
 * An answer takes one click or key, and choosing it again takes it back. Fires `tr-answers`, which
 * bubbles; its detail is `{ checklist, answers }`.
 */

import * as store from "./answers.js";
import { formatted } from "./fill.js";

/** @import { Answer } from "./entry.js" */

/** Screen readers hear the count when the reader pauses, not after each key. */
const STATUS_DELAY_MS = 500;

/**
 * What "clear" took away from a checklist, until its next answer; the reader may leave and return.
 * @type {Map<string, Map<string, Answer>>}
 */
const cleared = new Map();

export class Checklist extends HTMLElement {
  #connection = new AbortController();
  #statusTimer = 0;

  connectedCallback() {
    this.#connection = new AbortController();
    const { signal } = this.#connection;
    this.addEventListener("click", (event) => this.#onClick(event), { signal });
    this.addEventListener("change", (event) => this.#onChange(event), { signal });
    this.addEventListener("keydown", (event) => this.#onKeydown(event), { signal });
    this.addEventListener("submit", (event) => event.preventDefault(), { signal });
    store.changes.addEventListener("change", (event) => this.#onStored(event), { signal });
    store.changes.addEventListener("keeping", () => this.#showKeeping(), { signal });
    this.#show();
    this.#showKeeping();
  }

  disconnectedCallback() {
    this.#connection.abort();
    clearTimeout(this.#statusTimer);
  }

  get checklist() {
    return this.getAttribute("checklist") ?? "";
  }

  /** Item id -> answer. */
  get answers() {
    return Object.fromEntries(this.#given);
  }

  set answers(answers) {
    const checklist = this.checklist;
    const items = this.#items.map(itemOf);
    store.changeAll(items.map((item) => [item, { answer: answers[item] ?? null, checklist }]));
  }

  /** The answers to the questions of this list. */
  get #given() {
    const answers = store.answers();
    return new Map(
      this.#items.map(itemOf).flatMap((item) => {
        const answer = answers.get(item);
        return answer ? [/** @type {const} */ ([item, answer])] : [];
      }),
    );
  }

  /** @returns {HTMLElement[]} */
  get #items() {
    return [...this.querySelectorAll(/** @type {"fieldset"} */ ("[data-item]"))];
  }

  /** @param {MouseEvent} event */
  #onClick(event) {
    const { target } = event;
    if (!(target instanceof Element)) return;
    // The second click of a double-click is no wish to take the answer back.
    if (event.detail > 1 && target.closest("label")) {
      event.preventDefault();
      return;
    }
    const action = target.closest("[data-action]")?.getAttribute("data-action");
    if (action === "download") store.download();
    if (action === "clear") this.#clear();
    if (action === "undo") this.#undo();
    if (target instanceof HTMLInputElement) {
      const item = itemOf(target);
      // A radio button cannot be unchecked by hand; here a second click does it.
      if (store.entry(item).answer === target.value) this.#answer(item, null);
    }
  }

  /** @param {Event} event */
  #onChange({ target }) {
    if (target instanceof HTMLInputElement && target.checked && store.isAnswer(target.value)) {
      this.#answer(itemOf(target), target.value);
    }
  }

  /** @param {KeyboardEvent} event */
  #onKeydown(event) {
    const { target, key } = event;
    if (event.ctrlKey || event.metaKey || event.altKey || !(target instanceof Element)) return;
    const item = /** @type {HTMLElement | null} */ (target.closest("[data-item]"));
    if (item === null) {
      // One "n" too many after the last question must not make Material turn the page.
      if (this.#isAnswerKey(key)) event.stopPropagation();
      return;
    }
    // The browser does nothing for a space on the chosen one, where a click would take it back.
    const again = key === " " && target instanceof HTMLInputElement && target.checked;
    const takesBack = again || key === "Backspace" || key === "Delete";
    const chosen = radios(item).find((radio) => radio.dataset["key"] === key.toLowerCase());
    if (!takesBack && !chosen) return;
    event.preventDefault();
    // Material turns pages by keys, and "n" is one of them.
    event.stopPropagation();
    // A key that is held down answers one question, not all that follow.
    if (event.repeat) return;
    this.#answer(itemOf(item), chosen && store.isAnswer(chosen.value) ? chosen.value : null);
    if (chosen) this.#focusAfter(item);
  }

  /** @param {string} key */
  #isAnswerKey(key) {
    return radios(this).some((radio) => radio.dataset["key"] === key.toLowerCase());
  }

  /**
   * @param {string} item
   * @param {Answer | null} answer
   */
  #answer(item, answer) {
    cleared.delete(this.checklist);
    store.change(item, { answer, checklist: this.checklist });
  }

  /** @param {HTMLElement} item */
  #focusAfter(item) {
    const items = this.#items;
    const next = items[items.indexOf(item) + 1];
    if (next === undefined) {
      this.querySelector(/** @type {"a"} */ ("[data-end]"))?.focus();
    } else {
      (radios(next).find((radio) => radio.checked) ?? radios(next)[0])?.focus();
    }
  }

  #clear() {
    const before = this.#given;
    cleared.set(this.checklist, before);
    store.changeAll([...before.keys()].map((item) => [item, { answer: null }]));
    this.#say(formatted(this.dataset["cleared"] ?? "", { count: before.size }));
    this.#action("undo")?.focus();
  }

  #undo() {
    const before = cleared.get(this.checklist);
    if (before === undefined) return;
    cleared.delete(this.checklist);
    store.changeAll([...before].map(([item, answer]) => [item, { answer }]));
    this.#say(this.dataset["restored"] ?? "");
    this.#action("clear")?.focus();
  }

  /** @param {Event} event */
  #onStored(event) {
    if (!(event instanceof CustomEvent)) return;
    const { item } = event.detail;
    if (item !== null && !this.#items.some((one) => itemOf(one) === item)) return;
    this.#say(this.#show());
    const detail = { checklist: this.checklist, answers: this.answers };
    this.dispatchEvent(new CustomEvent("tr-answers", { bubbles: true, detail }));
  }

  /** Bring the form in line with what is stored, and return the progress in words. */
  #show() {
    const answers = store.answers();
    let answered = 0;
    for (const item of this.#items) {
      const answer = answers.get(itemOf(item));
      for (const radio of radios(item)) radio.checked = radio.value === answer;
      const isAnswered = radios(item).some((radio) => radio.checked);
      item.toggleAttribute("data-answered", isAnswered);
      if (isAnswered) answered += 1;
    }
    const questions = this.#items.length;
    const text = formatted(this.dataset["progress"] ?? "", { answered, questions });
    const progress = this.querySelector("progress");
    if (progress) progress.value = answered;
    const count = this.querySelector("[data-count]");
    if (count) count.textContent = text;
    const clear = this.#action("clear");
    const undo = this.#action("undo");
    if (clear) clear.hidden = answers.size === 0;
    if (undo) undo.hidden = !cleared.has(this.checklist);
    return text;
  }

  #showKeeping() {
    const keeping = store.howKept();
    for (const notice of this.querySelectorAll(/** @type {"div"} */ ("[data-keeping]"))) {
      notice.hidden = notice.dataset["keeping"] !== keeping;
    }
  }

  /** @param {string} text */
  #say(text) {
    clearTimeout(this.#statusTimer);
    this.#statusTimer = window.setTimeout(() => {
      const status = this.querySelector("[data-status]");
      if (status) status.textContent = text;
    }, STATUS_DELAY_MS);
  }

  /** @param {string} name */
  #action(name) {
    return this.querySelector(/** @type {"button"} */ (`[data-action="${name}"]`));
  }
}

/** @param {Element} element */
function itemOf(element) {
  return element.closest("[data-item]")?.getAttribute("data-item") ?? "";
}

/** @param {Element} item */
function radios(item) {
  return [...item.querySelectorAll(/** @type {"input"} */ ("input[type=radio]"))];
}

customElements.define("tr-checklist", Checklist);
