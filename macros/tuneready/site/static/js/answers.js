/**
 * The reader's answers: several named assessments, one of which is the current one.
 *
 * Each entry (all that is kept about one item) has a key of its own, so two tabs never overwrite each
 * other's items; entry.js brings together what they did to the same one. What storage holds is never
 * trusted: another tab, an older version or another site may have written it. What cannot be read is
 * set aside, never dropped.
 *
 *     current                      id of the chosen assessment
 *     assessment:<id>              its name, when it was created, its scope
 *     entry:<id>:<item>            an entry
 *     seen:<id>:<checklist>        ids of the items that the reader has seen there
 *     evidence:<sha256>:<target>   a kept result of the dataset checker
 *
 * The page says what this module cannot know: an element with `data-first-name` has the name of the
 * first assessment in the reader's language, one with `data-guide` the version of the guide.
 */

import * as form from "./entry.js";
import * as kept from "./kept.js";
import { save } from "./saving.js";

export { isAnswer } from "./entry.js";

/** @import { Answer, Patch, Stored } from "./entry.js" */
/** @import { AnswersDocument, Entry, Evidence, Scope } from "./protocol.js" */
/** @typedef {{ id: string, name: string, created: string, scope: Scope }} Assessment `created` is ISO, "" until it is stored */
/** @typedef {"kept" | "blocked" | "full" | "unreadable"} Keeping */
/** @typedef {[string, string | null]} Put a key and its text; null removes it */

const SET_ASIDE = "unreadable:";
const SCHEMA = "tuneready.answers/2";
const OLD_SCHEMA = "tuneready.answers/1";

// The first one is not random: two tabs that begin at the same time begin the same assessment.
const FIRST = "00000001";

/** How long the times of an entry that was emptied stay, for other tabs that still change it. */
const EMPTY_KEPT_MS = 10_000;

/**
 * Fires `change` when entries or the scope of an assessment changed, or another became the current
 * one: a `CustomEvent` with `{ assessment, item }`, where a null item means: any. Fires `assessments`
 * when the list of them, a name, a scope or the choice changed; `keeping`, when `howKept` did; and
 * `evidence`, when the kept results of checks did.
 */
export const changes = new EventTarget();

/** Whether something was set aside since the page was loaded. */
let wasSetAside = false;

/**
 * The last texts that were read, and what they hold.
 * @type {Map<string, { text: string, value: unknown }>}
 */
const read = new Map();

/**
 * What this tab last knew of the entries it changed: another tab may overwrite it unknowingly.
 * @type {Map<string, Stored>}
 */
const mine = new Map();

/**
 * How well answers are kept; anything but "kept" is something to tell the reader.
 * @returns {Keeping}
 */
export function howKept() {
  const stored = kept.howStored();
  return stored === "kept" && wasSetAside ? "unreadable" : stored;
}

// Assessments

/**
 * All assessments, the oldest first; before the first answer, one that is not stored yet.
 * @returns {Assessment[]}
 */
export function all() {
  // An assessment whose name cannot be read is known by its entries.
  const keys = [...kept.keys("assessment:"), ...kept.keys("entry:")];
  const ids = new Set(keys.map((key) => key.split(":")[1] ?? "").filter(isId));
  if (ids.size === 0) ids.add(FIRST);
  return [...ids].map(assessment).sort((a, b) => (a.created < b.created ? -1 : 1));
}

/**
 * The chosen assessment.
 * @returns {Assessment}
 */
export function current() {
  const id = value("current", asId);
  if (id !== null && kept.text(`assessment:${id}`) !== null) return assessment(id);
  const there = all();
  return there.find((one) => one.id === id) ?? there[0] ?? assessment(FIRST);
}

/**
 * Begin an assessment, and choose it.
 * @param {string} name
 * @returns {Assessment}
 */
export function create(name) {
  const id = newId();
  kept.put([head(id, { name }), ["current", id]]);
  tellAll(id);
  return assessment(id);
}

/**
 * @param {string} id
 * @param {string} name a blank one changes nothing
 */
export function rename(id, name) {
  if (name.trim() === "") return;
  kept.put([head(id, { name: name.trim() })]);
  tell("assessments");
}

/**
 * Copy an assessment with all its entries, and choose the copy.
 * @param {string} id
 * @param {string} name
 * @returns {Assessment}
 */
export function duplicate(id, name) {
  const copy = newId();
  /** @type {Put[]} */
  const puts = keysOf(id).map((key) => [key.replace(`:${id}:`, `:${copy}:`), kept.text(key)]);
  kept.put([...puts, head(copy, { name, scope: assessment(id).scope }), ["current", copy]]);
  tellAll(copy);
  return assessment(copy);
}

/**
 * Remove an assessment with all its entries; another becomes the current one.
 * @param {string} id
 * @returns {() => void} what brings it back
 */
export function remove(id) {
  return replace(id, [...keysOf(id), `assessment:${id}`, "current"], (key) =>
    key === "current" && current().id !== id ? kept.text(key) : null,
  );
}

/** @param {string} id */
export function choose(id) {
  if (!all().some((one) => one.id === id)) return;
  kept.put([["current", id]]);
  tellAll(id);
}

/**
 * Answer the questions about the whole case; what is not named is not answered.
 * @param {Scope} scope
 */
export function setScope(scope) {
  const { id } = current();
  kept.put([head(id, { scope }), ["current", id]]);
  tellAll(id);
}

// Entries

/**
 * @param {string} item
 * @param {string} [id] of an assessment
 * @returns {Readonly<Entry>} without a key when nothing is kept about the item
 */
export function entry(item, id = current().id) {
  const { entry } = storedEntry(`entry:${id}:${item}`);
  return form.isEmpty(entry) ? {} : entry;
}

/**
 * Item id -> entry, in the order of the ids.
 * @param {string} [id] of an assessment
 * @returns {Map<string, Readonly<Entry>>}
 */
export function entries(id = current().id) {
  const beginning = `entry:${id}:`;
  /** @type {Map<string, Entry>} */
  const found = new Map();
  for (const key of kept.keys(beginning)) {
    if (!form.isName(key.slice(beginning.length))) {
      setAside(key);
      continue;
    }
    const one = storedEntry(key).entry;
    if (!form.isEmpty(one)) found.set(key.slice(beginning.length), one);
  }
  return found;
}

/**
 * Item id -> answer, of the items that have one.
 * @param {string} [id] of an assessment
 * @returns {Map<string, Answer>}
 */
export function answers(id = current().id) {
  /** @type {Map<string, Answer>} */
  const found = new Map();
  for (const [item, { answer }] of entries(id)) if (answer) found.set(item, answer);
  return found;
}

/**
 * Change what is kept about an item, at once; null, or a blank text, takes a key away.
 * @param {string} item
 * @param {Patch} patch
 */
export function change(item, patch) {
  changeAll([[item, patch]]);
}

/**
 * Change several entries at once.
 * @param {Iterable<readonly [string, Patch]>} patches
 */
export function changeAll(patches) {
  const { id } = current();
  /** @type {Put[]} */
  const puts = [];
  const items = [];
  for (const [item, patch] of patches) {
    const key = `entry:${id}:${item}`;
    // As storage has it right now, so that what another tab wrote stays.
    const before = storedEntry(key);
    const after = form.patched(before, patch);
    if (after === before) continue;
    mine.set(key, after);
    puts.push([key, form.format(after)]);
    items.push(item);
  }
  const [first = null] = items;
  if (first === null) return;
  kept.put([...begun(id), ...puts]);
  tellChange(id, items.length === 1 ? first : null);
}

/**
 * The items of a checklist that the reader has seen there; null before the first answer in it.
 * @param {string} checklist
 * @returns {readonly string[] | null}
 */
export function seen(checklist) {
  return value(`seen:${current().id}:${checklist}`, asIds);
}

/**
 * @param {string} checklist
 * @param {readonly string[]} items
 */
export function setSeen(checklist, items) {
  const { id } = current();
  const key = `seen:${id}:${checklist}`;
  const text = JSON.stringify([...items].sort());
  if (kept.text(key) === text) return;
  kept.put([...begun(id), [key, text]]);
  tellChange(id, null);
}

// Documents

/**
 * An assessment as files, links and Python have it.
 * @param {string} [id] of an assessment
 * @returns {AnswersDocument}
 */
function asDocument(id = current().id) {
  const { name, scope } = assessment(id);
  const beginning = `seen:${id}:`;
  const lists = kept.keys(beginning).filter((key) => form.isName(key.slice(beginning.length)));
  const seenThere = lists.map((key) => {
    return /** @type {const} */ ([key.slice(beginning.length), value(key, asIds) ?? []]);
  });
  return {
    ...empty(),
    name,
    scope,
    items: Object.fromEntries(entries(id)),
    seen: Object.fromEntries(seenThere),
  };
}
export { asDocument as document };

/**
 * A document without answers.
 * @returns {AnswersDocument}
 */
export function empty() {
  return {
    schema: SCHEMA,
    name: "",
    saved: new Date().toISOString(),
    guide: pageSays("guide") ?? "",
    scope: {},
    items: {},
    seen: {},
  };
}

/**
 * Make a document an assessment of its own, or all that the current one holds.
 * @param {AnswersDocument} loaded
 * @param {{ into: "new" | "current" }} where
 * @returns {() => void} what takes it back
 */
export function load(loaded, { into }) {
  const was = current();
  const id = into === "new" ? newId() : was.id;
  const { name } = loaded;
  /** @type {Map<string, string | null>} */
  const texts = new Map();
  for (const [item, plain] of Object.entries(loaded.items)) {
    const one = form.renewed(form.checked({ ...plain }).entry);
    if (!form.isEmpty(one.entry)) texts.set(`entry:${id}:${item}`, form.format(one));
  }
  for (const [checklist, ids] of Object.entries(loaded.seen)) {
    texts.set(`seen:${id}:${checklist}`, JSON.stringify(ids));
  }
  const named = typeof name === "string" && name.trim() !== "" ? name : was.name;
  texts.set(...head(id, { name: named, scope: loaded.scope }));
  texts.set("current", id);
  return replace(id, new Set([...keysOf(id), ...texts.keys()]), (key) => texts.get(key) ?? null);
}

/**
 * Hand an assessment to the reader as a file; works without Python.
 * @param {string} [id] of an assessment
 */
export function download(id = current().id) {
  const content = asDocument(id);
  const words = content.name
    .normalize("NFKD")
    .toLowerCase()
    .match(/[a-z0-9]+/g);
  const name = `tuneready-${words?.join("-") ?? "answers"}.json`;
  save(`${JSON.stringify(content, null, 2)}\n`, name, "application/json");
}

/** Hand the reader, as a file, what could not be read: each text as it was, by its key. */
export function downloadSetAside() {
  const texts = kept.keys(SET_ASIDE).map((key) => [key.slice(SET_ASIDE.length), kept.text(key)]);
  const content = JSON.stringify(Object.fromEntries(texts), null, 2);
  save(`${content}\n`, "tuneready-set-aside.json", "application/json");
}

// Results of the dataset checker

/**
 * Keep the outcome of a check, so that questions can have it as evidence.
 * @param {Evidence} result
 */
export function keepEvidence(result) {
  kept.put([[evidenceKey(result), JSON.stringify(result)]]);
  tell("evidence");
}

/**
 * Forget a kept outcome; where it was attached to a question, it stays.
 * @param {Evidence} result
 */
export function forgetEvidence(result) {
  kept.put([[evidenceKey(result), null]]);
  tell("evidence");
}

/**
 * The kept outcomes, the newest check first.
 * @returns {Evidence[]}
 */
export function evidence() {
  const found = kept.keys("evidence:").map((key) => value(key, asEvidence));
  return found.filter((one) => one !== null).sort((a, b) => (a.checked < b.checked ? 1 : -1));
}

/** @param {Evidence} result */
function evidenceKey({ sha256, target }) {
  return `evidence:${sha256.slice(0, 16)}:${target}`;
}

// Telling

/** @param {"assessments" | "keeping" | "evidence"} what */
function tell(what) {
  changes.dispatchEvent(new Event(what));
}

/**
 * @param {string} assessment
 * @param {string | null} item
 */
function tellChange(assessment, item) {
  changes.dispatchEvent(new CustomEvent("change", { detail: { assessment, item } }));
}

/** @param {string} id */
function tellAll(id) {
  tell("assessments");
  tellChange(id, null);
}

// What storage has

/**
 * What a key's text holds; null when there is none, or when it cannot be read, and is set aside.
 * @template T
 * @param {string} key
 * @param {(text: string) => T | null} parse
 * @returns {T | null}
 */
function value(key, parse) {
  const text = kept.text(key);
  if (text === null) return null;
  const known = read.get(key);
  if (known?.text === text) return /** @type {T | null} */ (known.value);
  const found = parse(text);
  if (found === null) setAside(key);
  else read.set(key, { text, value: found });
  return found;
}

/**
 * @param {string} key
 * @returns {Stored}
 */
function storedEntry(key) {
  const text = kept.text(key);
  if (text === null) return form.NOTHING;
  const found = value(key, asStored);
  const stored = found?.value ?? form.NOTHING;
  if (found?.whole === false) {
    // The whole text is set aside, and what is sound of it goes on.
    setAside(key);
    if (!form.isEmpty(stored.entry)) kept.put([[key, form.format(stored)]]);
  }
  return stored;
}

/** @param {string} key */
function setAside(key) {
  read.delete(key);
  kept.setAside(key);
  if (wasSetAside) return;
  wasSetAside = true;
  // Who is reading has not shown yet what there is.
  queueMicrotask(() => tell("keeping"));
}

/** @param {string} text */
function asStored(text) {
  const found = form.parse(text);
  return found.value && { ...found, value: found.value };
}

/** @param {string} text */
function asId(text) {
  return isId(text) ? text : null;
}

/** @param {string} text */
function isId(text) {
  return /^[0-9a-f]{8}$/.test(text);
}

/**
 * @param {string} text
 * @returns {string[] | null}
 */
function asIds(text) {
  try {
    const ids = JSON.parse(text);
    return Array.isArray(ids) && ids.every(form.isName) ? ids : null;
  } catch {
    return null;
  }
}

/** @param {string} text */
function asEvidence(text) {
  const plain = form.plainObject(text);
  return form.isEvidence(plain) ? plain : null;
}

/**
 * @param {string} text
 * @returns {{ name: string, created: string, scope: Scope } | null}
 */
function asHead(text) {
  const { name, created, scope } = form.plainObject(text) ?? {};
  if (typeof name !== "string" || !form.isLine(name) || typeof created !== "string") return null;
  if (typeof scope !== "object" || scope === null) return null;
  if (!Object.entries(scope).flat().every(form.isName)) return null;
  return { name, created, scope: /** @type {Scope} */ (scope) };
}

/**
 * @param {string} id
 * @returns {Assessment}
 */
function assessment(id) {
  const known = value(`assessment:${id}`, asHead);
  return {
    id,
    ...(known ?? { name: pageSays("firstName") ?? "Assessment", created: "", scope: {} }),
  };
}

/**
 * What to store so that an assessment has another name or scope.
 * @param {string} id
 * @param {{ name?: string, scope?: Scope }} changed
 * @returns {Put}
 */
function head(id, changed) {
  const { name, created, scope } = { ...assessment(id), ...changed };
  const since = created || new Date().toISOString();
  return [`assessment:${id}`, JSON.stringify({ name, created: since, scope })];
}

/**
 * What to store with the first entry of an assessment.
 * @param {string} id
 * @returns {Put[]}
 */
function begun(id) {
  return kept.text(`assessment:${id}`) === null ? [head(id, {}), ["current", id]] : [];
}

/**
 * The keys of an assessment, but for its name.
 * @param {string} id
 */
function keysOf(id) {
  return [...kept.keys(`entry:${id}:`), ...kept.keys(`seen:${id}:`)];
}

/**
 * Give keys other texts.
 * @param {string} id of the assessment that changes
 * @param {Iterable<string>} keys
 * @param {(key: string) => string | null} text
 * @returns {() => void} what takes it back
 */
function replace(id, keys, text) {
  /** @type {Map<string, string | null>} */
  const before = new Map();
  /** @type {Map<string, string | null>} */
  const after = new Map();
  for (const key of keys) {
    before.set(key, kept.text(key));
    after.set(key, text(key));
    mine.delete(key);
  }
  kept.put(after);
  tellAll(id);
  return () => {
    for (const [key, was] of before) {
      mine.delete(key);
      // It counts as changed now, or another tab would think that it knows better.
      if (was === null || !key.startsWith("entry:")) continue;
      const { entry } = form.parse(was).value ?? form.NOTHING;
      before.set(key, form.format(form.renewed(entry)));
    }
    kept.put(before);
    tellAll(id);
  };
}

function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(4));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** @param {"firstName" | "guide"} what */
function pageSays(what) {
  const attribute = what === "guide" ? "data-guide" : "data-first-name";
  return document.querySelector(`[${attribute}]`)?.getAttribute(attribute) ?? null;
}

// Other tabs, and other times

/** @param {string} key of an entry that another tab changed */
function bringTogether(key) {
  const own = mine.get(key);
  const there = kept.stored(key);
  kept.giveUp(key);
  if (own === undefined) return;
  if (there === null) {
    mine.delete(key);
    return;
  }
  const theirs = form.parse(there).value;
  if (theirs === null) return;
  const together = form.merged(own, theirs);
  mine.set(key, together);
  const text = form.format(together);
  if (text !== form.format(form.merged(theirs, theirs))) kept.put([[key, text]]);
}

kept.events.addEventListener("storing", () => tell("keeping"));
kept.events.addEventListener("elsewhere", (event) => {
  /** @type {string | null} */
  const key = event instanceof CustomEvent ? event.detail : null;
  const [kind, id = "", ...rest] = key?.split(":") ?? [];
  if (key === null) {
    mine.clear();
    tell("evidence");
    tellAll(current().id);
  } else if (kind === "entry") {
    bringTogether(key);
    tellChange(id, rest.join(":"));
  } else if (kind === "seen") {
    tellChange(id, null);
  } else if (kind === "evidence") {
    tell("evidence");
  } else if (kind === "assessment" || kind === "current") {
    tellAll(current().id);
  } else if (kind === "answers") {
    takeOver();
  }
});

/** Answers that an earlier version of this site kept, one key for each checklist. */
function takeOver() {
  const old = kept.keys("answers:").filter((key) => key.split(":").length === 2);
  for (const key of old) {
    const answers = value(key, asOldAnswers);
    if (answers === null) continue;
    const checklist = key.slice("answers:".length);
    const known = entries();
    const given = [...answers].filter(([item]) => known.get(item)?.answer === undefined);
    changeAll(given.map(([item, answer]) => [item, { answer, checklist }]));
    // Not before the answers have their new place.
    if (kept.howStored() === "kept") kept.put([[key, null]]);
  }
}

/** @param {string} text */
function asOldAnswers(text) {
  const { schema, answers } = form.plainObject(text) ?? {};
  if (schema !== OLD_SCHEMA || typeof answers !== "object" || answers === null) return null;
  if (Array.isArray(answers)) return null;
  const all = Object.entries(answers);
  return new Map(all.filter(([item, answer]) => form.isName(item) && form.isAnswer(answer)));
}

/** An emptied entry is kept a while for its times only. */
function forgetEmptied() {
  const long = Date.now() - EMPTY_KEPT_MS;
  const emptied = kept.keys("entry:").filter((key) => {
    const stored = storedEntry(key);
    return form.isEmpty(stored.entry) && form.lastChange(stored) < long;
  });
  if (emptied.length > 0) kept.put(emptied.map((key) => [key, null]));
}

/** What a browser that was killed had not yet written to disk. */
async function bringBack() {
  /** @type {Put[]} */
  const puts = [];
  for (const [key, text] of await kept.newestTexts()) {
    // What was removed in the last seconds may be there again; what was given must be.
    if (text === null || text === kept.text(key)) continue;
    if (!key.startsWith("entry:")) {
      puts.push([key, text]);
      continue;
    }
    const there = storedEntry(key);
    const together = form.merged(there, form.parse(text).value ?? form.NOTHING);
    const known = form.format(form.merged(there, there));
    if (form.isEmpty(together.entry) || form.format(together) === known) continue;
    puts.push([key, form.format(together)]);
  }
  if (puts.length === 0) return;
  kept.put(puts);
  tell("evidence");
  tellAll(current().id);
}

takeOver();
forgetEmptied();
bringBack();
