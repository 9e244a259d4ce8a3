/**
 * The worker's talk with Python: requests and replies are JSON texts.
 */

import { countLines, lineEnd } from "./engine.slices.js";

/** @import { BridgeReply, BridgeRequest, Progress } from "./protocol.js" */
/** @import { Python } from "./engine.python.js" */

/**
 * @param {Python} py
 * @param {BridgeRequest} request
 * @returns {BridgeReply}
 */
export function ask(py, request) {
  return JSON.parse(py.bridge.handle(JSON.stringify(request)));
}

/** Python refused, or failed: its reply. */
export class Refused extends Error {
  /** @param {BridgeReply} reply */
  constructor(reply) {
    super(reply.type);
    this.reply = reply;
  }
}

/**
 * Ask for one kind of reply.
 *
 * @template {BridgeReply["type"]} T
 * @param {Python} py
 * @param {BridgeRequest} request
 * @param {T} type
 * @returns {Extract<BridgeReply, { type: T }>}
 * @throws {Refused} when another comes
 */
export function demand(py, request, type) {
  const reply = ask(py, request);
  if (reply.type !== type) throw new Refused(reply);
  return /** @type {Extract<BridgeReply, { type: T }>} */ (reply);
}

/**
 * Hand Python the next slice of a file, and hear how far it is.
 *
 * @param {Python} py
 * @param {{ id: number, blob: Blob, start: number }} place `start`: where the piece begins that is checked
 * @param {Uint8Array<ArrayBuffer>} slice
 * @returns {Promise<Progress>}
 * @throws {Refused} where memory ended, with the line and how long it is
 */
export async function feed(py, { id, blob, start }, slice) {
  py.bridge.feed(slice);
  const reply = ask(py, { type: "check-progress", id });
  if (reply.type === "progress") return reply;
  if (reply.type !== "failed" || !reply.at) throw new Refused(reply);
  const line = (await countLines(blob, start)) + reply.at.line;
  const begins = start + reply.at.byte;
  const size = (await lineEnd(blob, begins)) - begins;
  throw new Refused(ask(py, { type: "check-memory", id, line, size }));
}

/** @type {WeakMap<Python, Set<string>>} encodings that a Python can count with */
const counted = new WeakMap();

/**
 * Load what a check needs, beyond what a verdict does.
 *
 * @param {Python} py
 */
export async function prepare(py) {
  return py.loadDatasetParts();
}

/**
 * See that Python can count the tokens of a target. A check goes on without, and says so.
 *
 * @param {Python} py
 * @param {{ id: number, target: string, model: string | null }} check
 * @returns {Promise<string>} the file that did not arrive; "" when all is there
 */
export async function countTokens(py, { id, target, model }) {
  const known = counted.get(py) ?? new Set();
  counted.set(py, known);
  const reply = ask(py, { type: "check-encoding", id, target, model });
  if (reply.type !== "encoding" || known.has(reply.encoding)) return "";
  const { encoding } = reply;
  try {
    const { loadCounter } = await import("./engine.tokens.js");
    py.bridge.count_with(encoding, await loadCounter(encoding, py.read));
    known.add(encoding);
    return "";
  } catch {
    return `tokens/${encoding}.ranks`;
  }
}
