/**
 * A worker that helps another one with a large file: it checks the pieces that it is given, and sends
 * what it found over the channel between the two.
 */

import { ask, countTokens, demand, prepare } from "./engine.ask.js";
import { Slices } from "./engine.slices.js";

/** @import { HelperReply, HelperRequest, PieceRequest } from "./protocol.js" */
/** @import { Python } from "./engine.python.js" */

const PROGRESS_MS = 200;
/** Requests to Python carry the number of the page's request; a helper has but one. */
const id = 0;

/**
 * @param {MessagePort} port
 * @param {() => Promise<Python>} start gives Python
 * @param {() => void} onEnd when this worker is of no use any more
 */
export function help(port, start, onEnd) {
  /** @type {Promise<void>} */
  let queue = Promise.resolve();
  /** @param {HelperReply} reply */
  const say = (reply, /** @type {Transferable[]} */ transfer = []) =>
    port.postMessage(reply, transfer);
  port.onmessage = ({ data }) => {
    /** @type {HelperRequest} */
    const request = data;
    queue = queue.then(async () => {
      try {
        const py = await start();
        await prepare(py);
        if (request.type === "piece") await check(py, request, say);
        for (let n = request.type === "hello" ? request.ahead : 1; n > 0; n--)
          say({ type: "free" });
      } catch {
        // Whatever it was: the first worker checks the piece itself, and says what is wrong with it.
        say({ type: "lost" });
        port.close();
        onEnd();
      }
    });
  };
}

/**
 * @param {Python} py
 * @param {PieceRequest} request
 * @param {(reply: HelperReply, transfer?: Transferable[]) => void} say
 */
async function check(py, { blob, file, language, start, end, how }, say) {
  if (how.depth === "full") await countTokens(py, { id, target: how.target, model: how.model });
  demand(py, { type: "piece-open", id, file, language, how }, "opened");
  let told = performance.now();
  for await (const slice of new Slices(blob).between(start, end)) {
    py.bridge.feed(slice);
    const progress = demand(py, { type: "check-progress", id }, "progress");
    if (performance.now() - told < PROGRESS_MS) continue;
    told = performance.now();
    say({ ...progress, type: "piece-progress", start });
  }
  const progress = ask(py, { type: "check-progress", id });
  if (progress.type === "progress") say({ ...progress, type: "piece-progress", start });
  demand(py, { type: "piece-close", id }, "packed");
  const proxy = py.bridge.packed_part();
  const packed = proxy.toJs();
  proxy.destroy();
  say({ type: "part", start, packed }, [packed.buffer]);
}
