/**
 * All that is kept about one item, as it is stored: each key with the time of its last change, so
 * that two tabs that did not know of each other's change can be brought together without losing
 * either. Of the same key the later change wins, whoever brings them together.
 */

/** @import { Entry, Evidence } from "./protocol.js" */
/** @typedef {NonNullable<Entry["answer"]>} Answer */
/**
 * What to change; null, or a blank text, takes a key away.
 * @typedef {{ [Key in keyof Entry]?: Entry[Key] | null }} Patch
 */
/**
 * `at` has milliseconds for each key, "*" for those it does not name.
 * @typedef {{ entry: Entry, at: Record<string, number> }} Stored
 */

/** What a reader gave; an entry that has none of these is none. */
const GIVEN = /** @type {const} */ (["answer", "reason", "note", "evidence", "owner", "report"]);
const ABOUT = /** @type {const} */ (["wording", "text", "checklist"]);
const KEYS = [...GIVEN, ...ABOUT];
const ALL = [...KEYS, /** @type {const} */ ("changed")];

/** What Python reads of each text (checklist/answers.py): one that it refuses would stop everything. */
const LINE = /^[^]{0,200}$/u;
const PARAGRAPH = /^[^]{0,2000}$/u;
const NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$/;
const FORMS = {
  reason: PARAGRAPH,
  note: /^[^]{0,20000}$/u,
  evidence: PARAGRAPH,
  owner: LINE,
  wording: /^[0-9a-f]{8}$/,
  text: PARAGRAPH,
  checklist: NAME,
  changed: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z$/,
};

/** @type {Stored} */
export const NOTHING = { entry: {}, at: {} };

/** @param {unknown} value @returns {value is Answer} */
export function isAnswer(value) {
  return value === "yes" || value === "no" || value === "not_applicable";
}

/** @param {Entry} entry */
export function isEmpty(entry) {
  return GIVEN.every((key) => entry[key] === undefined);
}

/**
 * @param {Stored} before
 * @param {Patch} patch
 * @returns {Stored} `before` itself when the patch changes nothing
 */
export function patched(before, patch) {
  /** @type {Record<string, unknown>} */
  const entry = { ...before.entry };
  const at = { ...before.at };
  const now = Date.now();
  let changed = false;
  for (const key of KEYS) {
    if (!Object.hasOwn(patch, key)) continue;
    const value = patch[key];
    const given = typeof value === "string" && value.trim() === "" ? undefined : value;
    if (isSame(given ?? undefined, before.entry[key])) continue;
    entry[key] = given ?? undefined;
    // A clock that was set back must not make a change older than what it changes.
    at[key] = Math.max(now, timeOf(before, key) + 1);
    changed = true;
  }
  if (!changed) return before;
  entry["changed"] = new Date(now).toISOString();
  return { entry: inOrder(entry), at };
}

/**
 * An entry of which every key counts as changed now, whatever it says.
 * @param {Entry} entry
 * @returns {Stored}
 */
export function renewed(entry) {
  return { entry, at: { "*": Date.now() } };
}

/**
 * What two tabs stored about one item: of each key, the later.
 * @param {Stored} one
 * @param {Stored} other
 * @returns {Stored}
 */
export function merged(one, other) {
  /** @type {Record<string, unknown>} */
  const entry = {};
  const base = Math.max(one.at["*"] ?? 0, other.at["*"] ?? 0);
  /** @type {Record<string, number>} */
  const at = { "*": base };
  for (const key of KEYS) {
    const mine = timeOf(one, key);
    const theirs = timeOf(other, key);
    const [a, b] = [one.entry[key], other.entry[key]];
    // At the same millisecond, any rule will do that is the same in both tabs.
    const later = mine === theirs ? written(a) >= written(b) : mine > theirs;
    entry[key] = later ? a : b;
    if (Math.max(mine, theirs) > base) at[key] = Math.max(mine, theirs);
  }
  const [a = "", b = ""] = [one.entry.changed, other.entry.changed];
  const ahead = lastChange(one) - lastChange(other);
  entry["changed"] = (ahead === 0 ? a > b : ahead > 0) ? one.entry.changed : other.entry.changed;
  return { entry: inOrder(entry), at };
}

/** @param {Stored} stored @param {string} key */
function timeOf({ at }, key) {
  return at[key] ?? at["*"] ?? 0;
}

/** The time of the last change in milliseconds. @param {Stored} stored */
export function lastChange(stored) {
  return Math.max(...KEYS.map((key) => timeOf(stored, key)));
}

/** @param {Stored} stored */
export function format({ entry, at }) {
  const times = Object.entries(at).filter(([, time]) => time > 0);
  return JSON.stringify({ ...inOrder(entry), at: Object.fromEntries(times.sort()) });
}

/**
 * What a stored text holds: all that can be trusted of it, and whether that is all.
 * @param {string} text
 * @returns {{ value: Stored | null, whole: boolean }}
 */
export function parse(text) {
  const plain = plainObject(text);
  if (plain === null) return { value: null, whole: false };
  const { entry, whole } = checked(plain);
  // One that this version did not write has one time for all keys.
  const times = plain["at"] ?? { "*": Date.parse(entry.changed ?? "") };
  const at = Object.entries(times).filter(([, time]) => Number.isFinite(time));
  return { value: { entry, at: Object.fromEntries(at) }, whole };
}

/**
 * @param {string} text
 * @returns {Record<string, unknown> | null} null when the text is not a JSON object
 */
export function plainObject(text) {
  try {
    const plain = JSON.parse(text);
    return typeof plain === "object" && !Array.isArray(plain) ? plain : null;
  } catch {
    return null;
  }
}

/**
 * Of an object of unknown origin, what an entry can have.
 * @param {Record<string, unknown>} plain
 * @returns {{ entry: Entry, whole: boolean }}
 */
export function checked(plain) {
  /** @type {Record<string, unknown>} */
  const entry = {};
  let whole = true;
  for (const key of ALL) {
    if (!Object.hasOwn(plain, key)) continue;
    const value = plain[key];
    const sound =
      key === "answer"
        ? isAnswer(value)
        : key === "report"
          ? isEvidence(value)
          : isText(value, FORMS[key]);
    if (sound) entry[key] = value;
    else whole = false;
  }
  return { entry: inOrder(entry), whole };
}

/** @param {unknown} value @returns {value is Evidence} */
export function isEvidence(value) {
  if (typeof value !== "object" || value === null) return false;
  const plain = /** @type {Record<string, unknown>} */ (value);
  const counts = /** @type {Record<string, unknown> | null | undefined} */ (plain["counts"]);
  return (
    isText(plain["file"], LINE) &&
    isText(plain["sha256"], /^[0-9a-f]{64}$/) &&
    isText(plain["target"], LINE) &&
    // Python leaves out what is null.
    (plain["model"] === null || plain["model"] === undefined || isText(plain["model"], LINE)) &&
    isText(plain["checked"], /^\d{4}-\d\d-\d\d$/) &&
    ["bytes", "lines", "examples"].every((key) => isCount(plain[key])) &&
    typeof plain["valid"] === "boolean" &&
    ["error", "warning", "note"].every((key) => isCount(counts?.[key]))
  );
}

/** Whether a value can be the id of an item, a checklist, a question. @param {unknown} value */
export function isName(value) {
  return isText(value, NAME);
}

/** Whether a value can be the name of an assessment. @param {unknown} value */
export function isLine(value) {
  return isText(value, LINE);
}

/** @param {unknown} value @param {RegExp} form */
function isText(value, form) {
  return typeof value === "string" && form.test(value);
}

/** @param {unknown} value */
function isCount(value) {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

/**
 * The same keys in the same order give the same text, in every tab.
 * @param {{ [Key in keyof Entry]?: unknown }} entry
 * @returns {Entry}
 */
function inOrder(entry) {
  const there = ALL.filter((key) => entry[key] !== undefined);
  return Object.fromEntries(there.map((key) => [key, entry[key]]));
}

/** @param {unknown} value */
function written(value) {
  return JSON.stringify(value) ?? "";
}

/** @param {unknown} a @param {unknown} b */
function isSame(a, b) {
  return written(a) === written(b);
}
