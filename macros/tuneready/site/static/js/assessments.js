/**
 * <tr-assessments>: which assessment the answers go to, and making, naming, copying, deleting them.
 */

import * as store from "./answers.js";
import { formatted } from "./fill.js";
import { showKeeping } from "./keeping.js";

/** @typedef {"new" | "rename" | "duplicate"} Naming */

export class Assessments extends HTMLElement {
  #connection = new AbortController();
  /** @type {Naming} what the form is open for */
  #naming = "new";
  /** @type {{ name: string, back: () => void } | null} */
  #removed = null;

  connectedCallback() {
    this.#connection = new AbortController();
    const { signal } = this.#connection;
    this.addEventListener("click", (event) => this.#onClick(event), { signal });
    this.addEventListener("change", (event) => this.#onChange(event), { signal });
    this.addEventListener("submit", (event) => this.#onSubmit(event), { signal });
    this.addEventListener("keydown", (event) => this.#onKeydown(event), { signal });
    store.changes.addEventListener("assessments", () => this.#show(), { signal });
    store.changes.addEventListener("keeping", () => showKeeping(this), { signal });
    this.#show();
    showKeeping(this);
  }

  disconnectedCallback() {
    this.#connection.abort();
  }

  /** @param {Event} event */
  #onClick({ target }) {
    const button = target instanceof Element ? target.closest("[data-action]") : null;
    switch (button?.getAttribute("data-action")) {
      case "new":
        return this.#open("new", "");
      case "rename":
        return this.#open("rename", this.#name);
      case "duplicate":
        return this.#open("duplicate", this.#told("copy", this.#name));
      case "remove":
        return this.#remove();
      case "cancel":
        return this.#close();
      case "undo":
        return this.#restore();
    }
  }

  /** @param {Event} event */
  #onChange({ target }) {
    if (!(target instanceof HTMLSelectElement)) return;
    store.choose(target.value);
    this.#say("chosen", this.#name);
  }

  /** @param {SubmitEvent} event */
  #onSubmit(event) {
    event.preventDefault();
    const name = this.#input.value.trim();
    if (name === "") return;
    if (this.#naming === "rename") store.rename(store.current().id, name);
    else if (this.#naming === "duplicate") store.duplicate(store.current().id, name);
    else store.create(name);
    this.#close();
    this.#say(this.#naming === "rename" ? "renamed" : "created", name);
  }

  /** @param {KeyboardEvent} event */
  #onKeydown(event) {
    if (event.key !== "Escape" || this.#form.hidden) return;
    event.stopPropagation();
    this.#close();
  }

  /**
   * @param {Naming} naming
   * @param {string} suggested
   */
  #open(naming, suggested) {
    this.#naming = naming;
    this.#form.hidden = false;
    const label = this.#form.querySelector("[data-label]");
    if (label) label.textContent = this.dataset[naming] ?? "";
    this.#input.value = suggested;
    this.#input.focus();
    this.#input.select();
  }

  #close() {
    this.#form.hidden = true;
    const button = this.querySelector(`[data-action=${this.#naming}]`);
    if (button instanceof HTMLElement) button.focus();
  }

  #remove() {
    const name = this.#name;
    this.#removed = { name, back: store.remove(store.current().id) };
    this.#say("removed", name);
    const undo = this.querySelector("[data-action=undo]");
    if (undo instanceof HTMLElement) undo.focus();
  }

  #restore() {
    if (this.#removed === null) return;
    const { name, back } = this.#removed;
    this.#removed = null;
    back();
    this.#say("restored", name);
    this.#choice.focus();
  }

  #show() {
    const chosen = store.current();
    const options = store
      .all()
      .map(({ id, name }) => new Option(name, id, false, id === chosen.id));
    // Before the first answer there is none; the page shows the one that will be.
    if (!options.some((option) => option.selected)) {
      options.unshift(new Option(chosen.name || this.dataset["firstName"], chosen.id, false, true));
    }
    this.#choice.replaceChildren(...options);
  }

  get #name() {
    return this.#choice.selectedOptions[0]?.text ?? "";
  }

  /**
   * @param {string} what
   * @param {string} name
   */
  #say(what, name) {
    const status = this.querySelector("[data-status]");
    if (status) status.textContent = this.#told(what, name);
    const undo = this.querySelector("[data-action=undo]");
    if (undo instanceof HTMLElement) undo.hidden = this.#removed === null;
  }

  /**
   * @param {string} what
   * @param {string} name
   */
  #told(what, name) {
    return formatted(this.dataset[what] ?? "", { name });
  }

  get #form() {
    return /** @type {HTMLFormElement} */ (this.querySelector("[data-form]"));
  }

  get #input() {
    return /** @type {HTMLInputElement} */ (this.querySelector("input[name=name]"));
  }

  get #choice() {
    return /** @type {HTMLSelectElement} */ (this.querySelector("select"));
  }
}

customElements.define("tr-assessments", Assessments);
