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
const WASM = "py/pyodide.asm.wasm";

/** How files begin. A host may answer with a page of its own instead of "404". */
const SIGNS = /** @type {const} */ ([
  [/\.wasm$/, "\0asm"],
  [/\.(zip|whl)$/, "PK"],
  [/\.json$/, "{"],
]);

class StartError extends Error {
  /**
   * @param {FailureReason} reason
   * @param {{ file?: string, cause?: unknown }} about
   */
  constructor(reason, { file = "", cause = "" }) {
    super(`${reason} ${file}`);
    const said = cause instanceof Object && "message" in cause ? cause.message : cause;
    /** @type {Failure} */
    this.failure = { reason, message: "", detail: String(said), file };
  }
}

/**
 * @param {WorkerScope} scope
 * @returns {Promise<Python>}
 */
export async function startPython(scope) {
  const downloads = new Downloads(scope);
  const started = async () => {
    const [{ loadPyodide }] = /** @type {[typeof import("pyodide"), unknown]} */ (
      await Promise.all([script("pyodide.mjs"), script("pyodide.asm.mjs")])
    );
    return loadPyodide({ indexURL: PY, packageBaseUrl: PY, packages: ["tuneready"] });
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
 * @param {Downloads} downloads
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
async function guarded(downloads, work) {
  try {
    return await Promise.race([downloads.failed, work()]);
  } catch (error) {
    if (error instanceof StartError) throw error;
    throw downloads.missing ?? new StartError("start", { cause: error });
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

/** Counts what arrives, and tells of the first file that does not. */
class Downloads {
  #received = 0;
  /** @type {number | null} */
  #total = 0;
  /** @type {StartError | null} */
  missing = null;
  /** @type {PromiseWithResolvers<never>} */
  #failure = Promise.withResolvers();

  /** @param {WorkerScope} scope */
  constructor(scope) {
    this.scope = scope;
    this.failed.catch(() => {}); // heard by whoever waits for a download, or by nobody
    const fetched = scope.fetch.bind(scope);
    scope.fetch = (input, init) => this.#watch(String(input), fetched(input, init));
    const compiled = WebAssembly.instantiateStreaming;
    WebAssembly.instantiateStreaming = (source, imports) =>
      compiled(source, imports).catch((cause) => {
        throw this.#miss(WASM, cause);
      });
  }

  /** Rejects with the first failure. */
  get failed() {
    return this.#failure.promise;
  }

  /**
   * @param {string} url
   * @param {Promise<Response>} fetching
   */
  async #watch(url, fetching) {
    const file = url.startsWith(BUNDLE) ? url.slice(BUNDLE.length) : url;
    const response = await fetching.catch((cause) => {
      throw this.#miss(file, cause);
    });
    if (!response.ok || !response.body) throw this.#miss(file, `HTTP ${response.status}`);
    // The length of a compressed answer says nothing about the bytes that come out of it.
    const length = Number(response.headers.get("content-length"));
    const known = length > 0 && !response.headers.has("content-encoding");
    this.#total = known && this.#total !== null ? this.#total + length : null;
    // A copy is counted: a browser keeps compiled code only with the response that it fetched.
    this.#count(file, response.clone()).catch((cause) => this.#miss(file, cause));
    if (file !== WASM || response.headers.get("content-type") === "application/wasm")
      return response;
    // Some hosts do not know the type, and without it no browser compiles.
    return new Response(response.body, { headers: { "content-type": "application/wasm" } });
  }

  /**
   * @param {string} file
   * @param {Response} response
   */
  async #count(file, { body }) {
    const reader = /** @type {ReadableStream<Uint8Array>} */ (body).getReader();
    const sign = SIGNS.find(([name]) => name.test(file))?.[1] ?? "";
    let first = true;
    for (;;) {
      const { done, value } = await reader.read();
      if (first && !startsWith(value, sign)) throw new TypeError("another content");
      if (done) return;
      first = false;
      this.#received += value.length;
      this.scope.postMessage({ type: "starting", received: this.#received, total: this.#total });
    }
  }

  /**
   * @param {string} file
   * @param {unknown} cause
   */
  #miss(file, cause) {
    this.missing ??= new StartError("missing-file", { file, cause });
    this.#failure.reject(this.missing);
    return this.missing;
  }
}

/**
 * @param {Uint8Array | undefined} bytes
 * @param {string} sign
 */
function startsWith(bytes, sign) {
  return [...sign].every((character, index) => bytes?.[index] === character.charCodeAt(0));
}
