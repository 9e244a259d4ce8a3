/**
 * The worker's side of the engine: answers requests one after another with Python.
 *
 * It reads the reader's file in slices and hands the page findings only. The policy of the page
 * binds it, because engine.js starts it from a blob: URL.
 */

/** @import { BridgeReply, BridgeRequest, CheckRequest, Failure, Reply, Request, WorkerScope } from "./protocol.js" */
/** @import { Python } from "./engine.python.js" */

const scope = /** @type {WorkerScope} */ (/** @type {unknown} */ (self));

/** A slice should take about this long: progress stays smooth, and a cancel is heard in time. */
const SLICE_MS = 60;
const SLICE_BYTES = { first: 1 << 18, least: 1 << 16, most: 1 << 22 };
const PROGRESS_MS = 100;

// As it was before engine.python.js watches it for what Python needs to start.
const fetchPlainly = scope.fetch.bind(scope);
/** @type {Set<string>} encodings that Python can count with */
const counted = new Set();
/** @type {Python | null} */
let python = null;
/** @type {Promise<void>} */
let queue = Promise.resolve();
/** @type {Set<number>} */
const cancelled = new Set();

scope.addEventListener("message", ({ data: request }) => {
  if (request.type === "cancel") {
    // Being able to answer is the proof that Python is not stuck; the check stops at its next slice.
    cancelled.add(request.id);
    scope.postMessage({ type: "cancelled", id: request.id });
  } else {
    queue = queue.then(() => serve(request));
  }
});
scope.postMessage({ type: "hello" });

/** @param {Exclude<Request, { type: "cancel" }>} request */
async function serve(request) {
  try {
    if (cancelled.has(request.id)) return;
    python ??= await start();
    const reply = await answer(python, request);
    if (reply) scope.postMessage(reply);
  } catch (error) {
    // Python's own exceptions come back as replies, so this is the end of the interpreter.
    scope.postMessage({ type: "dead", ...asFailure(error) });
    scope.close();
  } finally {
    cancelled.delete(request.id);
  }
}

async function start() {
  /** @type {typeof import("./engine.python.js")} */
  let module;
  try {
    module = await import("./engine.python.js");
  } catch (error) {
    throw Object.assign(new Error(String(error)), {
      failure: {
        reason: "missing-file",
        message: "",
        detail: String(error),
        file: "js/engine.python.js",
      },
    });
  }
  const started = await module.startPython(scope);
  scope.postMessage({ type: "ready" });
  return started;
}

/**
 * @param {Python} py
 * @param {Exclude<Request, { type: "cancel" }>} request
 * @returns {Promise<Reply | null>} null: cancelled
 */
async function answer(py, request) {
  switch (request.type) {
    case "assess":
    case "overview":
    case "share":
    case "open-link":
    case "import":
    case "export":
    case "compare":
    case "targets":
      return asAnswer(ask(py, request));
    case "prepare":
      await prepare(py);
      return { type: "prepared", id: request.id };
    case "check":
      return check(py, request);
  }
}

/** @param {Python} py */
async function prepare(py) {
  if (await py.loadDatasetParts()) scope.postMessage({ type: "ready" });
}

/**
 * @param {Python} py
 * @param {CheckRequest} request
 * @returns {Promise<Reply | null>}
 */
async function check(py, { id, blob, file, validation, target, model, language }) {
  await prepare(py);
  const uncounted = await countTokens(py, { id, target, model });
  const total = blob.size + (validation?.blob.size ?? 0);
  const told = { bytes: 0, lines: 0, findings: 0, total, at: 0 };
  const opened = ask(py, { type: "check-open", id, file, target, model, language });
  if (opened.type === "failed") return asAnswer(opened);
  const stopped = await feed(py, id, blob, told);
  if (stopped !== undefined) return stopped;
  if (validation !== null) {
    const done = ask(py, { type: "check-progress", id });
    if (done.type !== "progress") return asAnswer(done);
    Object.assign(told, { bytes: blob.size, lines: done.lines, findings: done.findings });
    const next = ask(py, { type: "check-next", id, file: validation.file });
    if (next.type === "failed") return asAnswer(next);
    const stoppedThere = await feed(py, id, validation.blob, told);
    if (stoppedThere !== undefined) return stoppedThere;
  }
  const answer = asAnswer(ask(py, { type: "check-close", id, day: today() }));
  return answer.type === "report" ? { ...answer, uncounted } : answer;
}

/** The day as the reader's calendar has it. */
function today() {
  const now = new Date();
  return new Date(now.getTime() - now.getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
}

/**
 * See that Python can count the tokens of a target. A check goes on without, and says so.
 *
 * @param {Python} py
 * @param {{ id: number, target: string, model: string | null }} check
 * @returns {Promise<string>} the file that did not arrive; "" when all is there
 */
async function countTokens(py, check) {
  const reply = ask(py, { type: "check-encoding", ...check });
  if (reply.type !== "encoding" || counted.has(reply.encoding)) return "";
  const { encoding } = reply;
  try {
    const { loadCounter } = await import("./engine.tokens.js");
    py.bridge.count_with(encoding, await loadCounter(encoding, fetchPlainly));
    counted.add(encoding);
    return "";
  } catch {
    return `tokens/${encoding}.ranks`;
  }
}

/**
 * Hand Python a file, slice by slice, and tell the page how far it is.
 *
 * @param {Python} py
 * @param {number} id
 * @param {Blob} blob
 * @param {{ bytes: number, lines: number, findings: number, total: number, at: number }} told what the files before had, and when the page heard of it
 * @returns {Promise<Reply | null | undefined>} undefined: all of it was read; null: cancelled
 */
async function feed(py, id, blob, told) {
  let size = SLICE_BYTES.first;
  let position = 0;
  try {
    let reading = read(blob, position, size);
    for (;;) {
      const chunk = await reading;
      if (cancelled.has(id)) {
        ask(py, { type: "check-abort", id });
        return null;
      }
      if (chunk.length === 0) return undefined;
      position += chunk.length;
      // Read ahead: the browser fetches the next slice while Python works on this one.
      reading = read(blob, position, size);
      reading.catch(() => {});
      const began = performance.now();
      py.bridge.feed(chunk);
      const progress = ask(py, { type: "check-progress", id });
      if (progress.type !== "progress") return asAnswer(progress);
      const now = performance.now();
      if (now - told.at > PROGRESS_MS) {
        told.at = now;
        scope.postMessage({
          type: "progress",
          id,
          bytes: told.bytes + progress.bytes,
          lines: told.lines + progress.lines,
          findings: told.findings + progress.findings,
          total: told.total,
        });
      }
      const fitting = (size * SLICE_MS) / Math.max(now - began, 1);
      size = Math.min(Math.max(fitting, SLICE_BYTES.least), SLICE_BYTES.most, size * 2) & ~0xffff;
    }
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
    ask(py, { type: "check-abort", id });
    return { type: "failed", id, reason: "unreadable", message: "", detail: error.name, file: "" };
  }
}

/**
 * @param {Blob} blob
 * @param {number} start
 * @param {number} size
 */
async function read(blob, start, size) {
  return new Uint8Array(await blob.slice(start, start + size).arrayBuffer());
}

/**
 * @param {Python} py
 * @param {BridgeRequest} request
 * @returns {BridgeReply}
 */
function ask(py, request) {
  return JSON.parse(py.bridge.handle(JSON.stringify(request)));
}

/**
 * @param {BridgeReply} reply
 * @returns {Reply}
 */
function asAnswer(reply) {
  switch (reply.type) {
    case "failed":
      return { ...reply, file: "" };
    case "assessment":
    case "overview":
    case "shared":
    case "incoming":
    case "exported":
    case "compared":
    case "targets":
      return reply;
    case "report":
      return { ...reply, uncounted: "" };
    default:
      throw new TypeError(`unexpected reply: ${reply.type}`);
  }
}

/**
 * @param {unknown} error
 * @returns {Failure}
 */
function asFailure(error) {
  if (error instanceof Error && "failure" in error) return /** @type {Failure} */ (error.failure);
  const detail = error instanceof Error ? error.name : String(error);
  return { reason: "stopped", message: "", detail, file: "" };
}
