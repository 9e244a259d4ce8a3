/**
 * <tr-compare>: the answers of several people, from this browser, files and links, side by side.
 *
 * Python compares and proposes what is agreed; the reader settles the differences here, and keeps
 * the outcome as an assessment of its own.
 */

/** @import { AnswersDocument, Comparison, Compared } from "./protocol.js" */

import * as store from "./answers.js";
import { filesFrom, textOf } from "./answers-file.js";
import { Asking } from "./asking.js";
import { EngineError, engine } from "./engine.js";
import { filled, formatted } from "./fill.js";
import { guideOf } from "./guide.js";
import { showKeeping } from "./keeping.js";

/** @typedef {{ id: number, own: string | null, document: AnswersDocument }} Person */

export class Compare extends HTMLElement {
  #connection = new AbortController();
  /** @type {Asking | null} */
  #asking = null;
  /** @type {Person[]} */
  #people = [];
  #lastId = 0;
  /** @type {AnswersDocument | null} what is agreed so far, with the reader's choices */
  #agreed = null;
  /** @type {(() => void) | null} */
  #back = null;

  connectedCallback() {
    this.#connection = new AbortController();
    const { signal } = this.#connection;
    this.#asking = new Asking(this);
    this.addEventListener("click", (event) => this.#onClick(event), { signal });
    this.addEventListener("change", (event) => this.#onChange(event), { signal });
    this.addEventListener("submit", (event) => this.#onSubmit(event), { signal });
    store.changes.addEventListener("assessments", () => this.#showOwn(), { signal });
    store.changes.addEventListener("keeping", () => showKeeping(this), { signal });
    this.#showOwn();
    showKeeping(this);
    // Chosen before this code had arrived.
    this.#onFiles(/** @type {HTMLInputElement} */ (this.#part("[data-file]")));
  }

  disconnectedCallback() {
    this.#connection.abort();
    this.#asking?.end();
  }

  /** @param {Event} event */
  #onClick({ target }) {
    const button = target instanceof Element ? target.closest("[data-action]") : null;
    const action = button?.getAttribute("data-action");
    if (action === "take-out") {
      const id = Number(button?.closest("[data-person]")?.getAttribute("data-person"));
      this.#takeOut(({ id: theirs }) => theirs === id);
      this.#part("[data-file]").focus();
    }
    if (action === "undo") {
      this.#back?.();
      this.#back = null;
      this.#say("[data-kept-status]", "");
      this.#part("[data-action=undo]").hidden = true;
      this.querySelector(/** @type {"button"} */ ("[data-keep] [type=submit]"))?.focus();
    }
  }

  /** @param {Event} event */
  #onChange({ target }) {
    if (!(target instanceof HTMLInputElement)) return;
    if (target.type === "file") this.#onFiles(target);
    else if (target.type === "checkbox") {
      if (target.checked) this.#putIn([store.document(target.value)], target.value);
      else this.#takeOut(({ own }) => own === target.value);
    } else if (target.type === "radio") {
      this.#settle(target.name, target.value);
    }
  }

  /** @param {SubmitEvent} event */
  #onSubmit(event) {
    event.preventDefault();
    const form = event.target;
    if (!(form instanceof HTMLFormElement)) return;
    const field = form.elements.namedItem(form.matches("[data-keep]") ? "name" : "link");
    if (!(field instanceof HTMLInputElement)) return;
    if (form.matches("[data-keep]")) this.#keep(field.value.trim());
    else this.#openLink(field);
  }

  /** @param {HTMLInputElement} input */
  #onFiles(input) {
    const files = filesFrom(input);
    if (files.length > 0) this.#openFiles(files);
  }

  // -- people ---------------------------------------------------------------------------------

  /** @param {File[]} files */
  #openFiles(files) {
    const { guide, language } = this;
    this.#asking?.ask(
      async () => {
        const documents = [];
        // One after another: a file that is refused is named, and none of them is put in.
        for (const file of files) {
          const text = await textOf(file);
          const question = { guide, language, document: store.document(), text, file: file.name };
          const incoming = engine().importAnswers(question);
          documents.push((await incoming.catch(named(file.name))).document);
        }
        return documents;
      },
      (documents) => this.#putIn(documents),
    );
  }

  /** @param {HTMLInputElement} field */
  #openLink(field) {
    const { guide, language } = this;
    this.#asking?.ask(
      () => engine().openLink({ guide, language, document: store.document(), link: field.value }),
      ({ document }) => {
        field.value = "";
        this.#putIn([document]);
      },
    );
  }

  /**
   * @param {AnswersDocument[]} documents
   * @param {string | null} own
   */
  #putIn(documents, own = null) {
    for (const document of documents) {
      this.#people.push({ id: ++this.#lastId, own, document });
      this.#say("[data-status]", this.#told("putIn", { name: document.name }));
    }
    this.#showPeople();
  }

  /** @param {(person: Person) => boolean} which */
  #takeOut(which) {
    const gone = this.#people.find(which);
    this.#people = this.#people.filter((person) => !which(person));
    if (gone) this.#say("[data-status]", this.#told("takenOut", { name: gone.document.name }));
    this.#showPeople();
  }

  #showPeople() {
    // Those of this browser have their tick.
    const others = this.#people.filter(({ own }) => own === null);
    const rows = others.map(({ id, document }) => {
      const row = this.#filled("person", document);
      row.firstElementChild?.setAttribute("data-person", String(id));
      return row;
    });
    this.#part("[data-people]").replaceChildren(...rows);
    this.#compare();
  }

  #showOwn() {
    const chosen = new Set(this.#people.map(({ own }) => own));
    const rows = store.all().map(({ id, name }) => {
      const row = this.#filled("own", { name });
      const box = row.querySelector("input");
      if (box) {
        box.value = id;
        box.checked = chosen.has(id);
      }
      return row;
    });
    this.#part("[data-own]").hidden = rows.length === 0;
    this.#part("[data-own-list]").replaceChildren(...rows);
  }

  // -- the comparison -------------------------------------------------------------------------

  #compare() {
    const { guide, language } = this;
    const documents = this.#people.map(({ document }) => document);
    this.#agreed = null;
    if (documents.length < 2) {
      this.#asking?.stop();
      this.dataset["state"] = "idle";
      this.#part("[data-result]").replaceChildren();
      return;
    }
    this.#asking?.ask(
      () => engine().compare({ guide, language, documents }),
      ({ comparison, agreed }) => this.#show(comparison, agreed),
    );
  }

  /**
   * @param {Comparison} comparison
   * @param {AnswersDocument} agreed
   */
  #show(comparison, agreed) {
    this.#agreed = agreed;
    const view = this.#filled("comparison", comparison);
    view
      .querySelector("[data-differing]")
      ?.append(...comparison.differing.map((found) => this.#difference(found)));
    view
      .querySelector("[data-partly]")
      ?.append(...comparison.partly.map((found) => this.#difference(found)));
    const name = view.querySelector("input[name=name]");
    if (name instanceof HTMLInputElement) name.value = agreed.name || this.#told("agreed", {});
    this.#part("[data-result]").replaceChildren(view);
  }

  /** @param {Compared} found */
  #difference(found) {
    const view = this.#filled("difference", found);
    const open = { answer: "", label: this.dataset["open"] ?? "" };
    const now = this.#agreed?.items[found.item]?.answer ?? "";
    const choices = [...found.options, open].map(({ answer, label }) => {
      const box = document.createElement("input");
      box.type = "radio";
      box.name = found.item;
      box.value = answer;
      box.checked = answer === now;
      const choice = document.createElement("label");
      choice.className = "tr-check";
      const text = document.createElement("span");
      text.textContent = label;
      choice.append(box, text);
      return choice;
    });
    view.querySelector("[data-choices]")?.append(...choices);
    return view;
  }

  /**
   * @param {string} item
   * @param {string} answer "" leaves it open
   */
  #settle(item, answer) {
    if (this.#agreed === null) return;
    const { answer: _, ...entry } = this.#agreed.items[item] ?? {};
    const items = { ...this.#agreed.items };
    items[item] = store.isAnswer(answer) ? { ...entry, answer } : entry;
    this.#agreed = { ...this.#agreed, items };
  }

  /** @param {string} name */
  #keep(name) {
    if (this.#agreed === null || name === "") return;
    this.#back = store.load({ ...this.#agreed, name }, { into: "new" });
    this.#say("[data-kept-status]", this.#told("kept", { name }));
    this.#part("[data-action=undo]").hidden = false;
    this.#part("[data-action=undo]").focus();
  }

  // -- parts ----------------------------------------------------------------------------------

  get guide() {
    return guideOf(this);
  }

  get language() {
    return this.dataset["language"] ?? "en";
  }

  /**
   * @param {string} name
   * @param {unknown} data
   */
  #filled(name, data) {
    const template = this.querySelector(`template[data-template="${name}"]`);
    const root = new URL(`../../../../${this.dataset["languageRoot"] ?? ""}`, import.meta.url);
    return filled(/** @type {HTMLTemplateElement} */ (template), data, root);
  }

  /**
   * @param {string} selector
   * @param {string} text
   */
  #say(selector, text) {
    this.#part(selector).textContent = text;
  }

  /**
   * @param {string} what
   * @param {Record<string, string>} values
   */
  #told(what, values) {
    return formatted(this.dataset[what] ?? "", values);
  }

  /** @param {string} selector */
  #part(selector) {
    return /** @type {HTMLElement} */ (this.querySelector(selector));
  }
}

/**
 * Among several files, the one that is refused needs its name.
 *
 * @param {string} file
 * @returns {(error: unknown) => never}
 */
function named(file) {
  return (error) => {
    if (!(error instanceof EngineError)) throw error;
    const { failure } = error;
    throw new EngineError({ ...failure, message: `${file}: ${failure.message}` });
  };
}

customElements.define("tr-compare", Compare);
