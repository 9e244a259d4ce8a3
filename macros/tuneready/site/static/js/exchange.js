/**
 * <tr-exchange>: answers go out as a link, a file or on paper, and come in from a link or a file.
 *
 * What comes in is only shown at first; the reader decides, and can take it back. Python reads and
 * writes every form; this element picks files, copies and places text.
 */

/** @import { Incoming } from "./protocol.js" */

import * as store from "./answers.js";
import { filesFrom, textOf } from "./answers-file.js";
import { Asking } from "./asking.js";
import { engine } from "./engine.js";
import { filled, formatted } from "./fill.js";
import { OverviewPart } from "./overview.js";
import { save } from "./saving.js";

/** What the part of an address after # says before the answers. */
const MARK = "#answers=";

const TYPES = { markdown: "text/markdown", csv: "text/csv" };

export class Exchange extends HTMLElement {
  #connection = new AbortController();
  /** @type {Asking | null} */
  #asking = null;
  /** @type {Incoming | null} what waits for the reader's decision */
  #incoming = null;
  /** @type {(() => Promise<Incoming>) | null} how that is read, should the answers change meanwhile */
  #source = null;
  /** @type {(() => void) | null} */
  #back = null;

  connectedCallback() {
    this.#connection = new AbortController();
    const { signal } = this.#connection;
    this.#asking = new Asking(this);
    this.addEventListener("click", (event) => this.#onClick(event), { signal });
    this.addEventListener("change", (event) => this.#onChange(event), { signal });
    this.addEventListener("submit", (event) => this.#onSubmit(event), { signal });
    addEventListener("hashchange", () => this.#openAddress(), { signal });
    for (const event of ["change", "assessments"]) {
      store.changes.addEventListener(event, () => this.#onStored(), { signal });
    }
    this.#openAddress();
    // Chosen before this code had arrived.
    this.#onFile(/** @type {HTMLInputElement} */ (this.#part("[data-file]")));
  }

  disconnectedCallback() {
    this.#connection.abort();
    this.#asking?.end();
  }

  /** @param {Event} event */
  #onClick({ target }) {
    const button = target instanceof Element ? target.closest("[data-action]") : null;
    switch (button?.getAttribute("data-action")) {
      case "share":
        return this.#share();
      case "copy":
        return void this.#copy();
      case "json":
        return store.download();
      case "markdown":
        return this.#export("markdown");
      case "csv":
        return this.#export("csv");
      case "print":
        return print();
      case "add":
        return this.#take("new");
      case "replace":
        return this.#take("current");
      case "leave":
        return this.#leave();
      case "undo":
        return this.#undo();
    }
  }

  /** @param {Event} event */
  #onChange({ target }) {
    if (target instanceof HTMLInputElement && target.matches("[data-notes]")) {
      this.#hideLink();
    } else if (target instanceof HTMLInputElement && target.type === "file") {
      this.#onFile(target);
    }
  }

  /** @param {HTMLInputElement} input */
  #onFile(input) {
    const [file] = filesFrom(input);
    if (file) this.#openFile(file);
  }

  /** @param {SubmitEvent} event */
  #onSubmit(event) {
    event.preventDefault();
    const form = event.target;
    const field = form instanceof HTMLFormElement ? form.elements.namedItem("link") : null;
    if (field instanceof HTMLInputElement) this.#openLink(field.value);
  }

  // -- out ------------------------------------------------------------------------------------

  #share() {
    const notes = this.querySelector("[data-notes]");
    const question = {
      ...this.#question,
      notes: notes instanceof HTMLInputElement && notes.checked,
      // The limit is for the whole link, so its beginning counts.
      address: this.#address,
    };
    this.#hideLink();
    this.#asking?.ask(
      () => engine().share(question),
      ({ link, characters, left_out }) => {
        const shared = this.#part("[data-shared]");
        shared.hidden = false;
        this.#link.value = link;
        this.#part("[data-characters-text]").textContent = this.#told("characters", {
          count: characters.toLocaleString(this.dataset["language"]),
        });
        const sentences = left_out.map((sentence) => {
          const entry = document.createElement("li");
          entry.textContent = sentence;
          return entry;
        });
        this.#part("[data-left-out]").replaceChildren(...sentences);
        this.#link.focus();
        this.#link.select();
      },
    );
  }

  async #copy() {
    try {
      await navigator.clipboard.writeText(this.#link.value);
      this.#say("copied");
    } catch {
      this.#link.focus();
      this.#link.select();
      this.#say("notCopied");
    }
  }

  /** @param {"markdown" | "csv"} format */
  #export(format) {
    this.#asking?.ask(
      () => engine().exportAnswers({ ...this.#question, format }),
      ({ text, file }) => {
        save(text, file, TYPES[format]);
        this.#say("saved", { file });
      },
    );
  }

  // -- in -------------------------------------------------------------------------------------

  /** A page that was opened by a link shows what the link holds. */
  #openAddress() {
    if (location.hash.startsWith(MARK)) this.#openLink(location.hash);
  }

  /** @param {string} link */
  #openLink(link) {
    this.#receive(() => engine().openLink({ ...this.#question, link }));
  }

  /** @param {File} file */
  #openFile(file) {
    this.#receive(async () => {
      const text = await textOf(file);
      return engine().importAnswers({ ...this.#question, text, file: file.name });
    });
  }

  /** @param {() => Promise<Incoming>} source */
  #receive(source) {
    this.#asking?.ask(source, (incoming) => {
      this.#source = source;
      this.#say("");
      this.#preview(incoming);
      this.#part("#tr-preview-title").focus();
    });
  }

  /** Another tab may answer, or choose another assessment, while the reader decides. */
  #onStored() {
    if (this.#source !== null) this.#asking?.ask(this.#source, (found) => this.#preview(found));
  }

  /** @param {Incoming} incoming */
  #preview(incoming) {
    const template = this.querySelector('template[data-template="preview"]');
    if (!(template instanceof HTMLTemplateElement)) return;
    this.#incoming = incoming;
    const view = filled(template, incoming.preview, this.#root);
    const replace = view.querySelector("[data-action=replace]");
    if (replace instanceof HTMLElement) {
      const name = this.#name;
      replace.textContent = formatted(replace.dataset["label"] ?? "", { name });
      // Nothing to replace: then it would be the same as keeping it.
      replace.hidden = Object.keys(store.document().items).length === 0;
    }
    // A preview that is renewed must not take the focus from who is about to decide.
    const focused = this.#part("[data-preview]").contains(document.activeElement)
      ? document.activeElement?.getAttribute("data-action")
      : undefined;
    this.#part("[data-preview]").replaceChildren(view);
    if (focused !== undefined) {
      const again = this.querySelector(`.tr-preview [data-action="${focused}"]:not([hidden])`);
      (again instanceof HTMLElement ? again : this.#part("#tr-preview-title")).focus();
    }
  }

  /** @param {"new" | "current"} into */
  #take(into) {
    if (this.#incoming === null) return;
    const { document } = this.#incoming;
    this.#close();
    this.#back = store.load(document, { into });
    this.#say(into === "new" ? "added" : "replaced", { name: this.#name });
    this.#part("[data-action=undo]").focus();
  }

  #leave() {
    this.#close();
    this.#say("left");
    this.#part("[data-file]").focus(); // the button that had the focus is gone
  }

  #undo() {
    this.#back?.();
    this.#back = null;
    this.#say("back");
    this.#part("[data-file]").focus();
  }

  #close() {
    this.#incoming = this.#source = null;
    this.#part("[data-preview]").replaceChildren();
    // Neither a reload nor a bookmark should ask again.
    if (location.hash.startsWith(MARK)) {
      history.replaceState(history.state, "", location.pathname + location.search);
    }
  }

  // -- parts ----------------------------------------------------------------------------------

  get #question() {
    const overview = this.getRootNode() === document ? document.querySelector("tr-overview") : null;
    return {
      guide: overview instanceof OverviewPart ? overview.guide : {},
      document: store.document(),
      language: this.dataset["language"] ?? "en",
    };
  }

  get #address() {
    return location.origin + location.pathname + MARK;
  }

  get #root() {
    return new URL(`../../../../${this.dataset["languageRoot"] ?? ""}`, import.meta.url);
  }

  get #name() {
    return store.current().name;
  }

  #hideLink() {
    this.#part("[data-shared]").hidden = true;
  }

  /**
   * @param {string} what
   * @param {Record<string, string>} [values]
   */
  #say(what, values = {}) {
    this.#part("[data-status]").textContent = this.#told(what, values);
    this.#part("[data-action=undo]").hidden = this.#back === null;
  }

  /**
   * @param {string} what
   * @param {Record<string, string>} values
   */
  #told(what, values) {
    return formatted(this.dataset[what] ?? "", values);
  }

  get #link() {
    return /** @type {HTMLInputElement} */ (this.#part("[data-link]"));
  }

  /** @param {string} selector */
  #part(selector) {
    return /** @type {HTMLElement} */ (this.querySelector(selector));
  }
}

customElements.define("tr-exchange", Exchange);
