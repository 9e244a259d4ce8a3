/**
 * What changed in a checklist since the reader answered it: new questions, reworded ones, and those
 * that are gone, whose answers stay in an archive at the end of the list.
 */

import * as store from "./answers.js";
import { idOf, questionOf, wordingOf } from "./checklist-item.js";
import { filled } from "./fill.js";

/** @import { Entries } from "./checklist-item.js" */
/** @import { Texts } from "./texts.js" */

export class Changes {
  #root;
  #checklist;
  #texts;
  #say;

  /**
   * @param {HTMLElement} root the checklist
   * @param {string} checklist its id
   * @param {Texts} texts
   * @param {AbortSignal} signal
   * @param {(text: string) => void} say
   */
  constructor(root, checklist, texts, signal, say) {
    this.#root = root;
    this.#checklist = checklist;
    this.#texts = texts;
    this.#say = say;
    root.addEventListener("click", ({ target }) => this.#onClick(target), { signal });
  }

  /** @param {EventTarget | null} target */
  #onClick(target) {
    const button = target instanceof Element ? target.closest("[data-action]") : null;
    const action = button?.getAttribute("data-action");
    if (action === "understood") this.#understand();
    if (action === "confirm") this.#confirm(button?.closest("[data-item]") ?? null);
  }

  #understand() {
    store.setSeen(this.#checklist, this.#items.map(idOf));
    this.#root.querySelector(/** @type {"input"} */ ("input[data-key]"))?.focus();
  }

  /** @param {Element | null} item */
  #confirm(item) {
    if (!(item instanceof HTMLElement)) return;
    store.change(idOf(item), wordingOf(item));
    this.#say(this.#texts.say("confirmed"));
    // The button that had the focus is gone.
    item.querySelector(/** @type {"input"} */ ("input:checked"))?.focus();
  }

  /**
   * The first answer in a list makes all of it seen; later ones, the question that is answered.
   * @param {string} item
   */
  answered(item) {
    const all = this.#items.map(idOf);
    const seen = store.seen(this.#checklist);
    store.setSeen(this.#checklist, seen === null ? all : [...new Set([...seen, item])]);
  }

  /**
   * @param {HTMLElement[]} items
   * @param {Entries} entries
   */
  show(items, entries) {
    const seen = store.seen(this.#checklist);
    const ids = new Set(items.map(idOf));
    const added = seen === null ? [] : items.filter((item) => !seen.includes(idOf(item)));
    const reworded = items.filter((item) => isReworded(item, entries));
    for (const item of items) {
      badge(item, "new", added.includes(item));
      badge(item, "reworded", reworded.includes(item));
      const aside = item.querySelector(/** @type {"p"} */ ("[data-reworded]"));
      const was = aside?.querySelector("[data-was]");
      if (!aside || !was) continue;
      aside.hidden = !reworded.includes(item);
      was.textContent = entries.get(idOf(item))?.text ?? "";
    }
    const gone = [...entries].filter(
      ([item, { checklist }]) => checklist === this.#checklist && !ids.has(item),
    );
    // What the reader has been told of is no news.
    const removed = gone.filter(([item]) => seen?.includes(item) ?? true);
    this.#showGone(gone);
    this.#showNotice(added, reworded, removed);
  }

  /**
   * @param {HTMLElement[]} added
   * @param {HTMLElement[]} reworded
   * @param {[string, { text?: string }][]} removed
   */
  #showNotice(added, reworded, removed) {
    const notice = this.#part("[data-changed]");
    const title = this.#part("[data-changed-title]");
    const list = this.#part("[data-changed-list]");
    const button = this.#part("[data-action=understood]");
    if (!notice || !title || !list || !button) return;
    const counts = { new: added.length, reworded: reworded.length, removed: removed.length };
    const parts = Object.entries(counts)
      .filter(([, n]) => n > 0)
      .map(([kind, n]) => this.#texts.say(`count_${kind}`, { n }));
    notice.hidden = parts.length === 0;
    if (notice.hidden) {
      list.replaceChildren();
      return;
    }
    title.textContent = this.#texts.say("changed", { parts: parts.join(", ") });
    list.replaceChildren(
      ...added.map((item) => this.#line("is_new", questionOf(item), idOf(item))),
      ...reworded.map((item) => this.#line("is_reworded", questionOf(item), idOf(item))),
      ...removed.map(([item, { text }]) => this.#line("is_removed", text ?? item, null)),
    );
    // A reworded question waits for its answer, or for the word that it still holds.
    button.hidden = added.length + removed.length === 0;
  }

  /**
   * @param {string} text
   * @param {string} question
   * @param {string | null} item
   */
  #line(text, question, item) {
    const line = document.createElement("li");
    const said = this.#texts.say(text, { question });
    if (item === null) {
      line.textContent = said;
    } else {
      const link = document.createElement("a");
      link.href = `#${item}`;
      link.textContent = said;
      line.append(link);
    }
    return line;
  }

  /** @param {[string, Readonly<import("./protocol.js").Entry>][]} gone */
  #showGone(gone) {
    const fold = this.#part("[data-gone]");
    const title = this.#part("[data-gone-title]");
    const list = this.#part('[data-list="gone"]');
    const template = list?.querySelector("template");
    if (!fold || !title || !list || !template) return;
    fold.hidden = gone.length === 0;
    title.textContent = this.#texts.say("gone", { n: gone.length });
    const lines = gone.map(([item, { text, answer, reason, note, evidence, owner }]) =>
      filled(
        template,
        {
          text: this.#texts.show(text ?? item),
          answer: answer ? this.#texts.say(answer) : "",
          note: [reason, note, evidence, owner].filter(Boolean).join(" · "),
        },
        new URL(location.href),
      ),
    );
    list.replaceChildren(template, ...lines);
  }

  get #items() {
    return [...this.#root.querySelectorAll(/** @type {"fieldset"} */ ("[data-item]"))];
  }

  /** @param {string} selector */
  #part(selector) {
    return this.#root.querySelector(/** @type {"span"} */ (selector));
  }
}

/**
 * @param {HTMLElement} item
 * @param {Entries} entries
 */
function isReworded(item, entries) {
  const { answer, wording } = entries.get(idOf(item)) ?? {};
  return answer !== undefined && wording !== undefined && wording !== item.dataset["wording"];
}

/**
 * @param {HTMLElement} item
 * @param {string} name
 * @param {boolean} shown
 */
function badge(item, name, shown) {
  const found = item.querySelector(/** @type {"span"} */ (`[data-badge="${name}"]`));
  if (found) found.hidden = !shown;
}
