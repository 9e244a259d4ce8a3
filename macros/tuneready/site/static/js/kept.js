/**
 * Texts under keys: in this browser's storage, and in memory for as long as that does not take them.
 *
 * Every key is below the site's path, because other sites may share the origin. What does not fit is
 * tried again with the next change, here or in another tab.
 */

import { Newest } from "./newest.js";

/** @typedef {"kept" | "blocked" | "full"} Storing what storage did with the newest changes */

const PREFIX = `tuneready:${new URL("../../../../", import.meta.url).pathname}:`;
const newest = new Newest(`${PREFIX}newest`);

/**
 * What storage has not taken yet; null is a removal.
 * @type {Map<string, string | null>}
 */
const pending = new Map();

/**
 * What storage had when it was last read; all there is when it closes.
 * @type {Map<string, string>}
 */
const known = new Map();

/**
 * Keys under which storage has a text that must not be lost, but has no room to move it.
 * @type {Set<string>}
 */
const inTheWay = new Set();

/** @type {Storing} */
let storing = "kept";

/**
 * Fires `storing`, and `elsewhere` when another tab changed a text: a `CustomEvent` with the key, or
 * null when anything may have changed.
 */
export const events = new EventTarget();

export function howStored() {
  return storing;
}

/** @param {Storing} now */
function setStoring(now) {
  if (now === storing) return;
  storing = now;
  events.dispatchEvent(new Event("storing"));
}

/**
 * The text under a key; null when there is none.
 * @param {string} key
 */
export function text(key) {
  if (pending.has(key)) return pending.get(key) ?? null;
  return inTheWay.has(key) ? null : stored(key);
}

/**
 * What storage itself has under a key, whatever is still to be stored.
 * @param {string} key
 */
export function stored(key) {
  try {
    const found = localStorage.getItem(PREFIX + key);
    if (found === null) known.delete(key);
    else known.set(key, found);
    return found;
  } catch {
    setStoring("blocked");
    return known.get(key) ?? null;
  }
}

/**
 * The keys that begin so, in order.
 * @param {string} beginning
 */
export function keys(beginning) {
  /** @type {Set<string>} */
  let found;
  try {
    const own = Object.keys(localStorage).filter((key) => key.startsWith(PREFIX + beginning));
    found = new Set(own.map((key) => key.slice(PREFIX.length)));
  } catch {
    setStoring("blocked");
    found = new Set([...known.keys()].filter((key) => key.startsWith(beginning)));
  }
  for (const [key, value] of pending) {
    if (value === null) found.delete(key);
    else if (key.startsWith(beginning)) found.add(key);
  }
  return [...found].sort();
}

/**
 * Store texts at once, null to remove: nothing is lost when the page closes right after.
 * @param {Iterable<readonly [string, string | null]>} changes
 */
export function put(changes) {
  for (const [key, value] of changes) pending.set(key, value);
  flush();
}

function flush() {
  /** @type {Storing} */
  let outcome = "kept";
  /** @type {[string, string | null][]} */
  const taken = [];
  // Removals first: they make room.
  const ordered = [...pending].sort(([, a], [, b]) => Number(a !== null) - Number(b !== null));
  for (const [key, value] of ordered) {
    try {
      if (inTheWay.has(key)) moveAside(key);
      if (value === null) localStorage.removeItem(PREFIX + key);
      else localStorage.setItem(PREFIX + key, value);
      pending.delete(key);
      if (value === null) known.delete(key);
      else known.set(key, value);
      taken.push([key, value]);
    } catch (error) {
      const full = error instanceof DOMException && error.name === "QuotaExceededError";
      outcome = full ? "full" : "blocked";
    }
  }
  if (taken.length > 0) newest.note(taken);
  setStoring(outcome);
}

/**
 * What storage took last before this page was loaded; a browser that was killed may have lost it.
 */
export function newestTexts() {
  return newest.texts();
}

/**
 * Keep what cannot be read under another key: a newer version of this site may understand it.
 * @param {string} key
 */
export function setAside(key) {
  inTheWay.add(key);
  try {
    moveAside(key);
  } catch {
    // No room, so it stays where it is, and nothing is stored in its place.
  }
}

/** @param {string} key */
function moveAside(key) {
  const value = localStorage.getItem(PREFIX + key);
  if (value !== null) {
    let place = `unreadable:${key}`;
    for (let n = 2; ![null, value].includes(localStorage.getItem(PREFIX + place)); n++) {
      place = `unreadable:${key}:${n}`;
    }
    localStorage.setItem(PREFIX + place, value);
    localStorage.removeItem(PREFIX + key);
  }
  inTheWay.delete(key);
  known.delete(key);
}

/**
 * Forget a change that storage has not taken, so that what it has counts again.
 * @param {string} key
 */
export function giveUp(key) {
  pending.delete(key);
}

/** @param {string | null} detail */
function tell(detail) {
  events.dispatchEvent(new CustomEvent("elsewhere", { detail }));
  // Another tab may have made room.
  if (pending.size > 0) flush();
}

addEventListener("storage", ({ key }) => {
  // A null key means that everything was removed.
  if (key === null) tell(null);
  else if (key.startsWith(PREFIX)) tell(key.slice(PREFIX.length));
});

// A page that the browser kept while the reader was elsewhere has missed what changed meanwhile.
addEventListener("pageshow", ({ persisted }) => {
  if (persisted) tell(null);
});
