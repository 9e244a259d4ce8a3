/**
 * Starts Python in the worker: Pyodide and our wheel, from the site itself.
 *
 * Every fetch is watched, so that the page can show bytes while it waits, and can name the file
 * that did not arrive: Pyodide itself only writes that to the console, and may then wait for ever.
 */

/** @import { Bridge, Failure, FailureReason, WorkerScope } from "./protocol.js" */
/** @typedef {{ bridge: Bridge, loadDatasetParts: () => Promise<boolean> }} Python */

const BUNDLE = new URL("../", import.meta.url).href;
const PY = new URL("py/", BUNDLE).href;

class StartError extends Error {
  /**
   * @param {FailureReason} reason
   * @param {{ file?: string, cause?: unknown }} about
   */
  constructor(reason, { file = "", cause = "" }) {
    super(`${reason} ${file}`);
    /** @type {Failure} */
    this.failure = { reason, message: "", detail: String(cause), file };
  }
}

/**
 * @param {WorkerScope} scope
 * @returns {Promise<Python>}
 */
export async function startPython(scope) {
  const downloads = watchFetch(scope);
  const started = async () => {
    const [{ loadPyodide }] = /** @type {[typeof import("pyodide"), unknown]} */ (
      await Promise.all([script("pyodide.mjs"), script("pyodide.asm.mjs")])
    );
    return loadPyodide({
      indexURL: PY,
      packageBaseUrl: PY,
      packages: ["tuneready"],
    });
  };
  const pyodide = await guarded(downloads, started);
  if (!("tuneready" in pyodide.loadedPackages))
    throw new StartError("start", { file: "tuneready" });
  const bridge = /** @type {Bridge} */ (pyodide.pyimport("tuneready.bridge").Bridge());
  return {
    bridge,
    async loadDatasetParts() {
      if ("msgspec" in pyodide.loadedPackages) return false;
      await guarded(downloads, () => pyodide.loadPackage("msgspec", { messageCallback() {} }));
      if (!("msgspec" in pyodide.loadedPackages))
        throw new StartError("start", { file: "msgspec" });
      return true;
    },
  };
}

/**
 * @template T
 * @param {{ failed: Promise<never> }} downloads
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
async function guarded({ failed }, work) {
  try {
    return await Promise.race([failed, work()]);
  } catch (error) {
    if (error instanceof StartError) throw error;
    throw new StartError("start", { cause: error });
  }
}

/**
 * A module of Pyodide. Modules are not fetched by `fetch`, so a missing one is named here.
 *
 * @param {string} name
 */
async function script(name) {
  try {
    return await import(PY + name);
  } catch (cause) {
    throw new StartError("missing-file", { file: `py/${name}`, cause });
  }
}

/**
 * Count what arrives, and tell of the first file that does not.
 *
 * @param {WorkerScope} scope
 */
function watchFetch(scope) {
  const fetched = scope.fetch.bind(scope);
  const sum = { received: 0, total: 0, known: true };
  /** @type {PromiseWithResolvers<never>} */
  const { promise: failed, reject } = Promise.withResolvers();
  failed.catch(() => {});

  const tell = () => {
    const total = sum.known ? sum.total : null;
    scope.postMessage({ type: "starting", received: sum.received, total });
  };
  /** @param {Response} response */
  const count = async (response) => {
    const reader = /** @type {ReadableStream<Uint8Array>} */ (response.body).getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      sum.received += value.length;
      tell();
    }
  };
  /** @type {typeof fetch} */
  scope.fetch = async (input, init) => {
    const url = input instanceof Request ? input.url : String(input);
    const file = url.startsWith(BUNDLE) ? url.slice(BUNDLE.length) : url;
    /** @param {unknown} cause */
    const miss = (cause) => {
      const error = new StartError("missing-file", { file, cause });
      reject(error);
      return error;
    };
    const response = await fetched(input, init).catch((error) => {
      throw miss(error);
    });
    if (!response.ok || !response.body) throw miss(`HTTP ${response.status}`);
    const length = Number(response.headers.get("content-length"));
    // The length of a compressed answer says nothing about the bytes that come out of it.
    if (length === 0 || response.headers.has("content-encoding")) sum.known = false;
    sum.total += length;
    // A copy is counted: a browser keeps compiled code only with the response that it fetched.
    count(response.clone()).catch(miss);
    return response;
  };
  return { failed };
}
