/**
 * Which items of a checklist are shown: those of a filter, and not those that the scope leaves out
 * unless the reader asks for them. An item that a link leads to is always shown.
 *
 * A filter holds for this visit only. An item that stops being like that while it is answered stays
 * until a filter is chosen again: nothing goes away under the reader's hands.
 */

import { idOf, leftOutBy, questionOf, stateOf } from "./checklist-item.js";

/** @import { Entries } from "./checklist-item.js" */
/** @import { Texts } from "./texts.js" */
/** @typedef {"all" | "open" | "gaps" | "blocking"} Filter */
/** @typedef {Readonly<Record<string, string>>} Scope */
/** @typedef {Record<string, { question: string, options: Record<string, string> }>} ScopeTexts */

/** As the value of a choice that is no owner's name; names are trimmed. */
const EVERYONE = " ";
const NOBODY = "";

export class Shown {
  #root;
  #texts;
  /** @type {ScopeTexts} */
  #scopeTexts;
  #update;
  #showsAll = false;
  /**
   * Items that stay although they are no longer like that.
   * @type {Set<HTMLElement>}
   */
  #staying = new Set();

  /**
   * @param {HTMLElement} root the checklist
   * @param {Texts} texts
   * @param {ScopeTexts} scopeTexts
   * @param {AbortSignal} signal
   * @param {() => void} update shows the list again, and says how much of it
   */
  constructor(root, texts, scopeTexts, signal, update) {
    this.#root = root;
    this.#texts = texts;
    this.#scopeTexts = scopeTexts;
    this.#update = update;
    root.addEventListener("change", ({ target }) => this.#onChange(target), { signal });
    root.addEventListener("click", ({ target }) => this.#onClick(target), { signal });
    addEventListener("hashchange", () => this.#onAddress(), { signal });
    // After Material has turned a page, links within it are no events of the browser any more.
    document.addEventListener("click", ({ target }) => this.#onLink(target), { signal });
  }

  /** @param {EventTarget | null} target */
  #onChange(target) {
    if (!(target instanceof HTMLElement) || !target.matches("[data-filter], [data-owner]")) return;
    this.#staying.clear();
    this.#update();
  }

  /** @param {EventTarget | null} target */
  #onClick(target) {
    const button = target instanceof Element ? target.closest("[data-action]") : null;
    const action = button?.getAttribute("data-action");
    if (action === "show-all") {
      this.#showsAll = !this.#showsAll;
      this.#staying.clear();
      this.#update();
    } else if (action === "show-every") {
      this.#choose("all");
      this.#update();
      this.#filters.find((filter) => filter.checked)?.focus();
    }
  }

  /** @param {EventTarget | null} target */
  #onLink(target) {
    const link = target instanceof Element ? target.closest("a[href]") : null;
    if (!(link instanceof HTMLAnchorElement) || link.pathname !== location.pathname) return;
    const item = this.#itemOf(link.hash);
    if (item === null) return;
    // After the browser, or Material, has followed it.
    setTimeout(() => this.reveal(item, { focus: true }));
  }

  #onAddress() {
    const item = this.#itemOf(location.hash);
    if (item) this.reveal(item);
  }

  /** Show the item that the page's address names, if it is one of this list. */
  followAddress() {
    const item = this.#itemOf(location.hash);
    // Not before the page around it has its place.
    if (item) requestAnimationFrame(() => this.reveal(item));
  }

  /**
   * @param {HTMLElement} item
   * @param {{ focus?: boolean }} [how]
   */
  reveal(item, { focus = false } = {}) {
    if (item.hidden) {
      if (item.hasAttribute("data-leaves")) this.#showsAll = true;
      this.#choose("all");
      this.#update();
    }
    for (const other of this.#root.querySelectorAll("[data-found]")) {
      other.removeAttribute("data-found");
    }
    item.setAttribute("data-found", "");
    item.scrollIntoView();
    if (focus) {
      const radios = [...item.querySelectorAll(/** @type {"input"} */ ("input[data-key]"))];
      (radios.find((radio) => radio.checked) ?? radios[0])?.focus({ preventScroll: true });
    }
  }

  /**
   * @param {HTMLElement[]} items
   * @param {Entries} entries
   * @param {Scope} scope
   * @returns {{ counted: HTMLElement[], shown: number }} what is not left out, and how much is shown
   */
  show(items, entries, scope) {
    const counted = items.filter((item) => leftOutBy(item, scope) === null);
    this.#showScope(items, scope);
    const candidates = this.#showsAll ? items : counted;
    const tests = testsOf(items, entries);
    this.#showCounts(candidates, tests);
    this.#showOwners(candidates, entries);
    const test = tests[this.#filter];
    const owner = this.#owner;
    let shown = 0;
    for (const item of items) {
      const isLike =
        test(item) &&
        (owner === EVERYONE || (entries.get(idOf(item))?.owner ?? "").trim() === owner);
      const there = candidates.includes(item) && (isLike || this.#staying.has(item));
      item.hidden = !there;
      if (there) {
        this.#staying.add(item);
        shown += 1;
      }
    }
    for (const section of this.#root.querySelectorAll(/** @type {"section"} */ (".tr-section"))) {
      section.hidden = section.querySelector("[data-item]:not([hidden])") === null;
    }
    const nothing = this.#part("[data-nothing]");
    if (nothing) nothing.hidden = shown > 0;
    return { counted, shown };
  }

  /**
   * @param {HTMLElement[]} items
   * @param {Scope} scope
   */
  #showScope(items, scope) {
    /** @type {Set<string>} */
    const reasons = new Set();
    let leftOut = 0;
    for (const item of items) {
      const question = leftOutBy(item, scope);
      const because = question === null ? "" : this.#because(question, scope);
      if (question !== null) {
        reasons.add(because);
        leftOut += 1;
      }
      item.toggleAttribute("data-leaves", question !== null);
      const line = item.querySelector(/** @type {"p"} */ ("[data-left-out]"));
      if (line) {
        line.hidden = question === null;
        line.textContent = this.#texts.say("left_out_here", { reason: because });
      }
    }
    const line = this.#part("[data-scope-line]");
    const text = this.#part("[data-scope-text]");
    const list = this.#part("[data-scope-reasons]");
    const button = this.#part("[data-action=show-all]");
    if (!line || !text || !list || !button) return;
    line.hidden = leftOut === 0;
    text.textContent = this.#texts.say("left_out", { n: leftOut });
    list.textContent = [...reasons].join(" ");
    button.textContent = this.#texts.say(this.#showsAll ? "leave_out" : "show_all");
  }

  /**
   * @param {string} question
   * @param {Scope} scope
   */
  #because(question, scope) {
    const texts = this.#scopeTexts[question];
    const option = scope[question] ?? "";
    return `${texts?.question ?? question} ${texts?.options[option] ?? option}.`;
  }

  /**
   * @param {HTMLElement[]} candidates
   * @param {Record<Filter, (item: HTMLElement) => boolean>} tests
   */
  #showCounts(candidates, tests) {
    for (const place of this.#root.querySelectorAll(
      /** @type {"span"} */ ("[data-filter-count]"),
    )) {
      const filter = /** @type {Filter} */ (place.dataset["filterCount"]);
      place.textContent = this.#texts.show(candidates.filter(tests[filter]).length);
    }
  }

  /**
   * @param {HTMLElement[]} candidates
   * @param {Entries} entries
   */
  #showOwners(candidates, entries) {
    const select = this.#part("[data-owner]");
    const label = this.#part("[data-owner-filter]");
    if (!(select instanceof HTMLSelectElement) || label === null) return;
    const owners = Map.groupBy(candidates, (item) => (entries.get(idOf(item))?.owner ?? "").trim());
    const chosen = this.#owner;
    const names = [...owners.keys()].filter((name) => name !== NOBODY).sort();
    label.hidden = names.length === 0 && chosen === EVERYONE;
    if (chosen !== EVERYONE && chosen !== NOBODY && !names.includes(chosen)) names.push(chosen);
    const choices = [
      [EVERYONE, this.#texts.say("everyone"), candidates.length],
      ...names.map((name) => [name, this.#texts.show(name), owners.get(name)?.length ?? 0]),
      [NOBODY, this.#texts.say("nobody"), owners.get(NOBODY)?.length ?? 0],
    ].map(([value, owner = "", count = 0]) => ({
      value: String(value),
      text: this.#texts.say("owner_count", { owner, count }),
    }));
    const before = [...select.options].map(({ value, text }) => ({ value, text }));
    // Not below the reader's pointer when nothing changed.
    if (JSON.stringify(before) === JSON.stringify(choices)) return;
    select.replaceChildren(
      ...choices.map(({ value, text }) => new Option(text, value, false, value === chosen)),
    );
  }

  /** @param {Filter} filter */
  #choose(filter) {
    for (const radio of this.#filters) radio.checked = radio.value === filter;
    const select = this.#part("[data-owner]");
    if (select instanceof HTMLSelectElement) select.value = EVERYONE;
    this.#staying.clear();
  }

  get #filters() {
    return [...this.#root.querySelectorAll(/** @type {"input"} */ ("input[data-filter]"))];
  }

  /** @returns {Filter} */
  get #filter() {
    const chosen = this.#filters.find((filter) => filter.checked)?.value;
    return /** @type {Filter} */ (chosen ?? "all");
  }

  get #owner() {
    const select = this.#part("[data-owner]");
    return select instanceof HTMLSelectElement && select.length > 0 ? select.value : EVERYONE;
  }

  /** @param {string} hash */
  #itemOf(hash) {
    const found = hash.length > 1 ? document.getElementById(decoded(hash.slice(1))) : null;
    return found?.matches("[data-item]") && this.#root.contains(found) ? found : null;
  }

  /** @param {string} selector */
  #part(selector) {
    return this.#root.querySelector(/** @type {"span"} */ (selector));
  }
}

/**
 * @param {HTMLElement[]} items
 * @param {Entries} entries
 * @returns {Record<Filter, (item: HTMLElement) => boolean>}
 */
function testsOf(items, entries) {
  const state = (/** @type {HTMLElement} */ item) => stateOf(item, entries.get(idOf(item))?.answer);
  // Of a group in which one is enough, nothing is a gap when there is one.
  const met = new Set(
    items.filter((item) => state(item) === "met").map((item) => item.dataset["anyOf"]),
  );
  met.delete(undefined);
  return {
    all: () => true,
    open: (item) => state(item) === "open",
    gaps: (item) => state(item) === "gap" && !met.has(item.dataset["anyOf"]),
    blocking: (item) => item.hasAttribute("data-blocker"),
  };
}

/** @param {string} text */
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
