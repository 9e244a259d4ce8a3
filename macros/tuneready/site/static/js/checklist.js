/**
 * <tr-checklist checklist="why">: keeps the answers of a form that is complete without it.
 *
 * An answer takes one click or key, and choosing it again takes it back. Fires `tr-answers`, which
 * bubbles; its detail is `{ checklist, answers }`.
 */

import * as store from "./answers.js";
import { Changes } from "./checklist-changes.js";
import { answering, idOf, radiosOf } from "./checklist-item.js";
import { More } from "./checklist-more.js";
import { Report } from "./checklist-report.js";
import { Shown } from "./checklist-shown.js";
import { Texts } from "./texts.js";
import { showKeeping } from "./keeping.js";
import { warmOnAnswer } from "./warm.js";

/** @import { Answer, Patch } from "./entry.js" */

/** Screen readers hear the count when the reader pauses, not after each key. */
const STATUS_DELAY_MS = 500;

/**
 * What "clear" took away from a list, until its next answer; the reader may leave and return.
 * @type {Map<string, [item: string, Patch][]>}
 */
const cleared = new Map();

export class Checklist extends HTMLElement {
  #connection = new AbortController();
  #statusTimer = 0;
  #isNew = true;
  #texts = new Texts({}, "en");
  /** @type {{ more: More, shown: Shown, changes: Changes, report: Report } | null} */
  #parts = null;

  connectedCallback() {
    this.#connection = new AbortController();
    const { signal } = this.#connection;
    this.#texts = new Texts(this.#json("texts"), this.dataset["language"] ?? "en");
    const say = (/** @type {string} */ text) => this.#say(text);
    this.#parts = {
      more: new More(this, this.#texts, signal),
      shown: new Shown(this, this.#texts, this.#json("scope"), signal, () => this.#sayShown()),
      changes: new Changes(this, this.checklist, this.#texts, signal, say),
      report: new Report(this, this.#texts, signal, say),
    };
    this.addEventListener("click", (event) => this.#onClick(event), { signal });
    this.addEventListener("change", (event) => this.#onChange(event), { signal });
    this.addEventListener("keydown", (event) => this.#onKeydown(event), { signal });
    this.addEventListener("submit", (event) => event.preventDefault(), { signal });
    store.changes.addEventListener("change", (event) => this.#onStored(event), { signal });
    store.changes.addEventListener("keeping", () => showKeeping(this), { signal });
    for (const kind of ["assessments", "evidence"]) {
      store.changes.addEventListener(kind, () => this.#show(), { signal });
    }
    if (this.#isNew) this.#takeEarlyAnswers();
    this.#isNew = false;
    this.#show();
    showKeeping(this);
    this.#parts.shown.followAddress();
    warmOnAnswer(this, Object.keys(this.answers).length > 0, signal);
  }

  /** What was ticked before this code had arrived; the form itself is never restored. */
  #takeEarlyAnswers() {
    const patches = this.#items.flatMap((item) => {
      const value = radiosOf(item).find((radio) => radio.checked)?.value;
      if (!store.isAnswer(value)) return [];
      return [/** @type {const} */ ([idOf(item), answering(item, value)])];
    });
    if (patches.length > 0) store.changeAll(patches);
  }

  disconnectedCallback() {
    this.#connection.abort();
    clearTimeout(this.#statusTimer);
  }

  get checklist() {
    return this.getAttribute("checklist") ?? "";
  }

  /** This list of the present assessment. */
  get #here() {
    return `${store.current().id} ${this.checklist}`;
  }

  /** Item id -> answer. */
  get answers() {
    const entries = this.#entries.flatMap(([item, { answer }]) => (answer ? [[item, answer]] : []));
    return Object.fromEntries(entries);
  }

  set answers(answers) {
    const patches = this.#items.map((item) => {
      const answer = answers[idOf(item)];
      return /** @type {const} */ ([
        idOf(item),
        answering(item, store.isAnswer(answer) ? answer : null),
      ]);
    });
    store.changeAll(patches);
  }

  /** @returns {HTMLElement[]} */
  get #items() {
    return [...this.querySelectorAll(/** @type {"fieldset"} */ ("[data-item]"))];
  }

  /** What is kept about the items of this list. */
  get #entries() {
    const entries = store.entries();
    return this.#items.map((item) => {
      return /** @type {const} */ ([idOf(item), entries.get(idOf(item)) ?? {}]);
    });
  }

  /** @param {MouseEvent} event */
  #onClick(event) {
    const { target } = event;
    if (!(target instanceof Element)) return;
    // The second click of a double-click is no wish to take the answer back.
    if (event.detail > 1 && target.closest(".tr-answer")) {
      event.preventDefault();
      return;
    }
    const action = target.closest("[data-action]")?.getAttribute("data-action");
    if (action === "download") store.download();
    if (action === "download-set-aside") store.downloadSetAside();
    if (action === "clear") this.#clear();
    if (action === "undo") this.#undo();
    if (target instanceof HTMLInputElement && target.matches("[data-key]")) {
      // A radio button cannot be unchecked by hand; here a second click does it.
      if (store.entry(idOf(target)).answer === target.value) this.#answer(target, null);
    }
  }

  /** @param {Event} event */
  #onChange({ target }) {
    if (!(target instanceof HTMLInputElement) || !target.matches("[data-key]")) return;
    if (target.checked && store.isAnswer(target.value)) this.#answer(target, target.value);
  }

  /** @param {KeyboardEvent} event */
  #onKeydown(event) {
    const { target, key } = event;
    if (event.ctrlKey || event.metaKey || event.altKey || !(target instanceof Element)) return;
    // In a field, a letter is a letter.
    if (target.matches("[data-entry], select")) return;
    const item = /** @type {HTMLElement | null} */ (target.closest("[data-item]"));
    if (item === null) {
      // One "n" too many after the last question must not make Material turn the page.
      if (this.#isAnswerKey(key)) event.stopPropagation();
      return;
    }
    // The browser does nothing for a space on the chosen one, where a click would take it back.
    const again = key === " " && target.matches("[data-key]:checked");
    const takesBack = again || key === "Backspace" || key === "Delete";
    const chosen = radiosOf(item).find((radio) => radio.dataset["key"] === key.toLowerCase());
    if (!takesBack && !chosen) return;
    event.preventDefault();
    // Material turns pages by keys, and "n" is one of them.
    event.stopPropagation();
    // A key that is held down answers one question, not all that follow.
    if (event.repeat) return;
    this.#answer(item, chosen && store.isAnswer(chosen.value) ? chosen.value : null);
    if (chosen) this.#focusAfter(item);
  }

  /** @param {string} key */
  #isAnswerKey(key) {
    return radiosOf(this).some((radio) => radio.dataset["key"] === key.toLowerCase());
  }

  /**
   * @param {Element} within
   * @param {Answer | null} answer
   */
  #answer(within, answer) {
    const item = within.closest(/** @type {"fieldset"} */ ("[data-item]"));
    if (item === null) return;
    cleared.delete(this.#here);
    store.change(idOf(item), answering(item, answer));
    if (answer !== null) this.#parts?.changes.answered(idOf(item));
  }

  /** @param {HTMLElement} item */
  #focusAfter(item) {
    const items = this.#items.filter((one) => !one.hidden);
    const next = items[items.indexOf(item) + 1];
    if (next === undefined) {
      this.querySelector(/** @type {"a"} */ ("[data-end]"))?.focus();
    } else {
      (radiosOf(next).find((radio) => radio.checked) ?? radiosOf(next)[0])?.focus();
    }
  }

  #clear() {
    const before = this.#entries.filter(([, { answer }]) => answer !== undefined);
    cleared.set(
      this.#here,
      // As it was, in every word that answering anew would change.
      before.map(([item, { answer, reason = null, wording = null, text = null }]) => {
        return [item, { answer: answer ?? null, reason, wording, text }];
      }),
    );
    store.changeAll(before.map(([item]) => [item, { answer: null, reason: null }]));
    this.#say(this.#texts.say("cleared", { count: before.length }));
    this.#action("undo")?.focus();
  }

  #undo() {
    const before = cleared.get(this.#here);
    if (before === undefined) return;
    cleared.delete(this.#here);
    store.changeAll(before);
    this.#say(this.#texts.say("restored"));
    this.#action("clear")?.focus();
  }

  /** @param {Event} event */
  #onStored(event) {
    if (!(event instanceof CustomEvent)) return;
    // Owners are suggested from every list, so each entry counts.
    const text = this.#show();
    const { item } = event.detail;
    if (item !== null && !this.#items.some((one) => idOf(one) === item)) return;
    this.#say(text);
    const detail = { checklist: this.checklist, answers: this.answers };
    this.dispatchEvent(new CustomEvent("tr-answers", { bubbles: true, detail }));
  }

  /** Bring the form in line with what is stored, and return the progress in words. */
  #show() {
    const items = this.#items;
    const entries = store.entries();
    const { name, scope } = store.current();
    for (const item of items) {
      const answer = entries.get(idOf(item))?.answer;
      for (const radio of radiosOf(item)) radio.checked = radio.value === answer;
      const isAnswered = radiosOf(item).some((radio) => radio.checked);
      item.toggleAttribute("data-answered", isAnswered);
    }
    const counted = this.#parts?.shown.show(items, entries, scope).counted ?? items;
    this.#parts?.more.show(items, entries);
    this.#parts?.changes.show(items, entries);
    this.#parts?.report.show(items, entries);
    const assessment = this.querySelector("[data-assessment]");
    if (assessment) assessment.textContent = name;
    const questions = counted.length;
    const answered = counted.filter((item) => item.hasAttribute("data-answered")).length;
    const text = this.#texts.say("progress", { answered, questions });
    const progress = this.querySelector("progress");
    if (progress) {
      progress.max = Math.max(questions, 1);
      progress.value = answered;
    }
    const count = this.querySelector("[data-count]");
    if (count) count.textContent = text;
    const clear = this.#action("clear");
    const undo = this.#action("undo");
    if (clear) clear.hidden = items.every((item) => !item.hasAttribute("data-answered"));
    if (undo) undo.hidden = !cleared.has(this.#here);
    return text;
  }

  #sayShown() {
    this.#show();
    const n = this.#items.filter((item) => !item.hidden).length;
    this.#say(this.#texts.say("shown", { n }));
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

  /** @param {string} name */
  #json(name) {
    const template = this.querySelector(
      /** @type {"template"} */ (`template[data-template="${name}"]`),
    );
    return JSON.parse(template?.content.textContent ?? "{}");
  }
}

customElements.define("tr-checklist", Checklist);
