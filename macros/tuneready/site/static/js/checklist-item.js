/**
 * One item of a checklist in the page: what the server wrote about it, and what follows from that.
 */

/** @import { Answer, Patch } from "./entry.js" */
/** @import { Entry } from "./protocol.js" */

/** @typedef {ReadonlyMap<string, Readonly<Entry>>} Entries item id -> entry */
/** @typedef {"met" | "gap" | "open" | "out"} State */

/** @param {Element} element the item's, or one within */
export function idOf(element) {
  return element.closest("[data-item]")?.getAttribute("data-item") ?? "";
}

/** @param {Element} item */
export function radiosOf(item) {
  return [...item.querySelectorAll(/** @type {"input"} */ ("input[data-key]"))];
}

/** @param {Element} item */
export function questionOf(item) {
  return item.querySelector("[data-question]")?.textContent?.trim() ?? "";
}

/**
 * A change of the answer to an item, as the item is worded now.
 * @param {HTMLElement} item
 * @param {Answer | null} answer
 * @returns {Patch}
 */
export function answering(item, answer) {
  return answer === null ? { answer } : { answer, ...wordingOf(item) };
}

/**
 * Any other change of an item's entry; a question that was answered stays the one it was.
 * @param {HTMLElement} item
 * @param {Patch} patch
 * @param {Entry} before
 * @returns {Patch}
 */
export function noting(item, patch, before) {
  return before.wording === undefined ? { ...patch, ...wordingOf(item) } : patch;
}

/** @param {HTMLElement} item @returns {Patch} */
export function wordingOf(item) {
  return {
    wording: item.dataset["wording"] ?? null,
    text: questionOf(item),
    checklist: item.closest("[checklist]")?.getAttribute("checklist") ?? null,
  };
}

/**
 * What an answer makes of an item.
 * @param {HTMLElement} item
 * @param {Answer | undefined} answer
 * @returns {State}
 */
export function stateOf(item, answer) {
  if (answer === undefined) return "open";
  if (answer === "not_applicable") return "out";
  return answer === goodAnswer(item) ? "met" : "gap";
}

/** @param {HTMLElement} item @returns {Answer} */
export function goodAnswer(item) {
  return item.dataset["kind"] === "ready" ? "yes" : "no";
}

/**
 * The question of the scope whose answer leaves an item out; null when the item applies.
 * @param {HTMLElement} item
 * @param {Readonly<Record<string, string>>} scope
 */
export function leftOutBy(item, scope) {
  /** @type {[string, string[]][]} */
  const applies = Object.entries(JSON.parse(item.dataset["applies"] ?? "{}"));
  const found = applies.find(([question, options]) => {
    const answer = scope[question];
    return answer !== undefined && !options.includes(answer);
  });
  return found?.[0] ?? null;
}
