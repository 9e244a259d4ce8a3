/**
 * The worker's side of the engine: answers requests one after another with Python.
 *
 * It reads the reader's file in slices and hands the page findings only. The policy of the page
 * binds it, because engine.spawn.js starts it from a blob: URL. It cannot be interrupted: to cancel,
 * the page ends it.
 */

import { Refused, ask, prepare } from "./engine.ask.js";
import { Check } from "./engine.check.js";
import { help } from "./engine.help.js";

/** @import { BridgeReply, Failure, PythonParts, Reply, Task, WorkerScope } from "./protocol.js" */
/** @import { Python } from "./engine.python.js" */

const scope = /** @type {WorkerScope} */ (/** @type {unknown} */ (self));

/** The page asks the reader what to do when it hears nothing for ten times as long. */
const ALIVE_MS = 1000;

/** @type {PythonParts | null} of a worker before this one */
let parts = null;
let frugal = false;
/** @type {Promise<Python> | null} */
let python = null;
/** @type {Promise<void>} */
let queue = Promise.resolve();
/** @type {Check | null} */
let check = null;

scope.addEventListener("message", ({ data: request }) => {
  switch (request.type) {
    case "start":
      parts = request.parts;
      frugal = request.frugal;
      queue = queue.then(() => alive(async () => void (await start())));
      return;
    case "help":
      parts = request.parts;
      setInterval(() => scope.postMessage({ type: "alive" }), ALIVE_MS);
      help(request.port, start, () => scope.close());
      return;
    case "helper":
      return check?.add(request.port);
    case "helper-lost":
      return check?.lose(request.helper);
    default:
      queue = queue.then(() => alive(() => serve(request)));
  }
});
scope.postMessage({ type: "hello" });

/**
 * Do something, and say meanwhile that this worker lives; tell of the end of Python.
 *
 * @param {() => Promise<void>} work
 */
async function alive(work) {
  const beat = setInterval(() => scope.postMessage({ type: "alive" }), ALIVE_MS);
  try {
    await work();
  } catch (error) {
    // Python's own exceptions come back as replies, so this is the end of the interpreter.
    scope.postMessage({ type: "dead", ...asFailure(error) });
    scope.close();
  } finally {
    clearInterval(beat);
  }
}

/** @param {Task} request */
async function serve(request) {
  const py = await start();
  try {
    scope.postMessage(await answer(py, request));
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    scope.postMessage(asAnswer(error.reply));
  } finally {
    check = null;
  }
}

function start() {
  python ??= startPython();
  return python;
}

async function startPython() {
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
  const started = await module.startPython(scope, { parts, frugal });
  scope.postMessage({ type: "ready" });
  // After the answer that the reader waits for.
  setTimeout(() => scope.postMessage({ type: "parts", parts: started.parts() }));
  return started;
}

/**
 * @param {Python} py
 * @param {Task} request
 * @returns {Promise<Reply>}
 */
async function answer(py, request) {
  switch (request.type) {
    case "prepare":
      if (await prepare(py)) scope.postMessage({ type: "ready" });
      return { type: "prepared", id: request.id };
    case "check":
      await prepare(py);
      check = new Check(py, request, scope);
      return check.run();
    default:
      return asAnswer(ask(py, request));
  }
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
