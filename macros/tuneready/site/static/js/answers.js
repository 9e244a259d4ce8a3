/**
 * The reader's answers: in memory, and in this browser's storage when it lets us.
 *
 * One key per checklist, below the site's path, because other sites may share the origin. What
 * storage holds is never trusted: another tab, an older version or another site may have written it.
 */

/** @typedef {"yes" | "no" | "not_applicable"} Answer */
/** @typedef {ReadonlyMap<string, Answer>} Answers item id -> answer */
/** @typedef {"kept" | "blocked" | "full" | "unreadable"} Keeping */

const SCHEMA = "tuneready.answers/1";
const ROOT = new URL("../../../../", import.meta.url);
const PREFIX = `tuneready:${ROOT.pathname}:answers:`;

/**
 * What was last known of each checklist; all there is while storage does not work.
 * @type {Map<string, Answers>}
 */
const memory = new Map();

/**
 * Checklists whose newest answers are in memory only.
 * @type {Set<string>}
 */
const unsaved = new Set();

/**
 * Checklists whose stored answers were set aside since the page was loaded.
 * @type {Set<string>}
 */
const unreadable = new Set();

/**
 * What storage did with the last answers.
 * @type {Exclude<Keeping, "unreadable">}
 */
let storing = "kept";

/** Fires `change`, a `CustomEvent` whose detail is a checklist's id, and `keeping`. */
export const changes = new EventTarget();

/**
 * How well a checklist's answers are kept; anything but "kept" is something to tell the reader.
 * @param {string} checklist
 * @returns {Keeping}
 */
export function howKept(checklist) {
  return storing === "kept" && unreadable.has(checklist) ? "unreadable" : storing;
}

/** @param {Exclude<Keeping, "unreadable">} now */
function setStoring(now) {
  if (now === storing) return;
  storing = now;
  changes.dispatchEvent(new Event("keeping"));
}

/** @param {string} checklist */
function tell(checklist) {
  changes.dispatchEvent(new CustomEvent("change", { detail: checklist }));
}

/**
 * The answers to a checklist, as storage has them now.
 * @param {string} checklist
 * @returns {Answers}
 */
export function read(checklist) {
  const known = memory.get(checklist) ?? new Map();
  if (unsaved.has(checklist)) return known;
  let text;
  try {
    text = localStorage.getItem(PREFIX + checklist);
  } catch {
    setStoring("blocked");
    return known;
  }
  const answers = text === null ? new Map() : parse(text);
  if (text !== null && answers === null) setAside(checklist, text);
  memory.set(checklist, answers ?? known);
  return answers ?? known;
}

/**
 * Replace the answers to a checklist, at once: nothing is lost when the page closes right after.
 * @param {string} checklist
 * @param {Answers} answers
 */
export function write(checklist, answers) {
  memory.set(checklist, new Map(answers));
  unsaved.add(checklist);
  save();
  tell(checklist);
}

/** Store what is not stored yet: after an answer that did not fit, the next one may. */
function save() {
  /** @type {typeof storing} */
  let outcome = "kept";
  for (const checklist of unsaved) {
    try {
      localStorage.setItem(PREFIX + checklist, format(memory.get(checklist) ?? new Map()));
      unsaved.delete(checklist);
    } catch (error) {
      const full = error instanceof DOMException && error.name === "QuotaExceededError";
      outcome = full ? "full" : "blocked";
    }
  }
  setStoring(outcome);
}

/**
 * Change one answer; null takes it back. Reads first, so that another tab's answers stay.
 * @param {string} checklist
 * @param {string} item
 * @param {Answer | null} answer
 */
export function change(checklist, item, answer) {
  const answers = new Map(read(checklist));
  if (answer === null) answers.delete(item);
  else answers.set(item, answer);
  write(checklist, answers);
}

/**
 * The answers to several checklists in one map; an item's id is unique over all of them.
 * @param {readonly string[]} checklists
 * @returns {Answers}
 */
export function readAll(checklists) {
  return new Map(checklists.flatMap((checklist) => [...read(checklist)]));
}

/**
 * Hand the answers to the reader as a file, which the command line can read.
 * @param {readonly string[]} checklists
 */
export function download(checklists) {
  const file = new Blob([format(readAll(checklists), 2), "\n"], { type: "application/json" });
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = "tuneready-answers.json";
  link.click();
  // Some browsers read the file only after this task.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** @param {unknown} value @returns {value is Answer} */
export function isAnswer(value) {
  return value === "yes" || value === "no" || value === "not_applicable";
}

/**
 * @param {Answers} answers
 * @param {number} [indent]
 */
function format(answers, indent) {
  return JSON.stringify({ schema: SCHEMA, answers: Object.fromEntries(answers) }, null, indent);
}

/**
 * @param {string} text
 * @returns {Answers | null} null when this is not what we wrote
 */
function parse(text) {
  let stored;
  try {
    stored = JSON.parse(text);
  } catch {
    return null;
  }
  const plain = stored?.schema === SCHEMA ? stored.answers : null;
  if (typeof plain !== "object" || plain === null || Array.isArray(plain)) return null;
  /** @type {Map<string, Answer>} */
  const answers = new Map();
  for (const [item, answer] of Object.entries(plain)) {
    if (isAnswer(answer)) answers.set(item, answer);
  }
  return answers;
}

/**
 * Keep what cannot be read under another key: a newer version of this site may understand it.
 * @param {string} checklist
 * @param {string} text
 */
function setAside(checklist, text) {
  try {
    localStorage.setItem(`${PREFIX}${checklist}:unreadable`, text);
    localStorage.removeItem(PREFIX + checklist);
  } catch {
    // Storage is full; it stays where it is until the next answer.
  }
  unreadable.add(checklist);
  changes.dispatchEvent(new Event("keeping"));
}

addEventListener("storage", ({ key }) => {
  // A null key means that everything was removed.
  if (key === null) [...memory.keys()].forEach(tell);
  else if (key.startsWith(PREFIX)) tell(key.slice(PREFIX.length));
});

// A page that the browser kept while the reader was elsewhere has missed what changed meanwhile.
addEventListener("pageshow", ({ persisted }) => {
  if (persisted) [...memory.keys()].forEach(tell);
});
