/**
 * The command that does what the page does: shown wherever it is the better way, for the reader's own
 * file and choice.
 */

/** @import { Depth } from "./protocol.js" */
/** @import { Texts } from "./texts.js" */

/** Shells take such words as they are. */
const PLAIN = /^[\w.,:=@%+/-]+$/;

/**
 * @param {{ file: string, validation: string | null, target: string, model: string | null, depth: Depth }} check names of files
 * @param {Texts} texts
 */
export function commandFor({ file, validation, target, model, depth }, texts) {
  const words = ["tuneready", "check", safe(file), "--target", target];
  if (model !== null) words.push("--model", model);
  if (validation !== null) words.push("--validation", safe(validation));
  if (depth === "format") words.push("--format-only");
  return words.map((word) => quoted(texts.show(word))).join(" ");
}

/**
 * A name that begins with a dash would be read as an option.
 *
 * @param {string} name
 */
function safe(name) {
  return name.startsWith("-") ? `./${name}` : name;
}

/** @param {string} word */
function quoted(word) {
  return PLAIN.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
