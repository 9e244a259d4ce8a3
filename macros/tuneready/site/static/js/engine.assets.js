/**
 * Fetches files of the bundle for the worker, and hands on none that differs from what was built.
 *
 * `assets.json` has the SHA-256 and the size of every file. The build id in its own address is the
 * beginning of its SHA-256, so the page that names the bundle vouches for all of it. What a broken
 * transfer left in the browser's cache is fetched once more, past the cache, before anything fails.
 *
 * Verified before use: whatever goes through `read` (Pyodide's WebAssembly, the standard library,
 * the snapshot, wheels, ranks). The program is compiled while it arrives, but nothing of it runs
 * before its hash was compared. Pyodide's modules are verified as files, and then imported by the
 * browser, which takes them from its cache.
 *
 * Verified after they began, but before they are given anything of the reader's: the worker's own
 * modules, by `verifyModules`. The page's modules are compared by the browser itself, with the
 * `integrity` that the page states.
 *
 * Not verified: the page, which names the build; what comes from a host that sends two answers for
 * one address, one to be compared and one to be imported; modules that a page fetches only after
 * instant navigation. Browsers hash only for pages that came over https (or from this machine);
 * elsewhere `read` compares sizes, and that is all.
 */

/** @import { Failure, FailureReason } from "./protocol.js" */
/** @typedef {{ files: Record<string, { sha256: string, bytes: number, packed: number }> }} AssetList `packed`: bytes as a host sends them */

const BUNDLE = new URL("../", import.meta.url);
const LIST = "assets.json";
/** What a worker is made of. */
const OWN = /^js\/(engine\.(?!js$|spawn|watch).*|tokens)\.js$/;
const HEX = /\/([0-9a-f]+)\/$/;

export class StartError extends Error {
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

export class Assets {
  #fetch;
  #onProgress;
  /** @type {Promise<AssetList["files"]>} */
  #list;
  /** @type {Map<string, number>} bytes that arrived of each file that was asked for */
  #received = new Map();

  /**
   * @param {(url: URL, init: RequestInit) => Promise<Response>} fetch
   * @param {(received: number, total: number | null) => void} onProgress
   */
  constructor(fetch, onProgress) {
    this.#fetch = fetch;
    this.#onProgress = onProgress;
    this.#list = this.#read(LIST).then(
      ({ bytes }) => JSON.parse(new TextDecoder().decode(bytes)).files,
    );
    this.#list.catch(() => {}); // heard by whoever reads a file
  }

  /**
   * A file of the bundle, verified. `use` is given the same response while it arrives, to compile
   * or to unpack meanwhile; what it returns is handed on only if the file is as it was built.
   *
   * @template [T=null]
   * @param {string} file such as `py/pyodide.asm.wasm`
   * @param {(response: Response) => Promise<T>} [use]
   * @returns {Promise<{ bytes: Uint8Array<ArrayBuffer>, used: T }>}
   */
  read(file, use) {
    return this.#read(file, use);
  }

  /**
   * The one file of the bundle whose name begins so: a wheel's name has its version.
   *
   * @param {string} beginning
   */
  async named(beginning) {
    const file = Object.keys(await this.#list).find((name) => name.startsWith(beginning));
    if (file === undefined) throw new StartError("missing-file", { file: beginning });
    return file;
  }

  /**
   * Whether the browser has a file in its cache already.
   *
   * @param {string} file
   */
  async isKept(file) {
    const init = /** @type {const} */ ({ cache: "only-if-cached", mode: "same-origin" });
    const response = await this.#fetch(new URL(file, BUNDLE), init).catch(() => null);
    await response?.body?.cancel();
    return response?.ok === true;
  }

  /**
   * Have the browser import a module that was verified.
   *
   * @param {string} file
   */
  async module(file) {
    await this.#read(file);
    try {
      return await import(new URL(file, BUNDLE).href);
    } catch (cause) {
      throw new StartError("missing-file", { file, cause });
    }
  }

  /** Compare the worker's own modules, which are running already. */
  async verifyModules() {
    const own = Object.keys(await this.#list).filter((name) => OWN.test(name));
    await Promise.all(own.map((file) => this.#read(file)));
  }

  /**
   * @template T
   * @param {string} file
   * @param {(response: Response) => Promise<T>} [use]
   */
  async #read(file, use) {
    // From now on it is part of what is fetched, so that the total does not grow while it arrives.
    this.#received.set(file, this.#received.get(file) ?? 0);
    try {
      return await this.#attempt(file, use, "default");
    } catch (error) {
      if (!(error instanceof StartError)) throw error;
      return await this.#attempt(file, use, "reload");
    }
  }

  /**
   * @template T
   * @param {string} file
   * @param {((response: Response) => Promise<T>) | undefined} use
   * @param {RequestCache} cache
   */
  async #attempt(file, use, cache) {
    const response = await this.#fetch(new URL(file, BUNDLE), { cache }).catch((cause) => {
      throw new StartError("missing-file", { file, cause });
    });
    if (!response.ok || !response.body)
      throw new StartError("missing-file", { file, cause: `HTTP ${response.status}` });
    // The copy is read here: a browser keeps compiled code only with the response that it fetched.
    const copy = use ? response.clone() : response;
    const using = use ? use(response) : null;
    using?.catch(() => {}); // of no interest when the file is another
    const bytes = await this.#collect(file, copy);
    await this.#verify(file, bytes);
    return { bytes, used: /** @type {T} */ (await using) };
  }

  /**
   * @param {string} file
   * @param {Response} response
   */
  async #collect(file, response) {
    const reader = /** @type {ReadableStream<Uint8Array<ArrayBuffer>>} */ (
      response.body
    ).getReader();
    const parts = [];
    let size = 0;
    this.#count(file, 0);
    for (;;) {
      const { done, value } = await reader.read().catch((cause) => {
        throw new StartError("missing-file", { file, cause });
      });
      if (done) break;
      parts.push(value);
      size += value.length;
      this.#count(file, size);
    }
    const bytes = new Uint8Array(size);
    let place = 0;
    for (const part of parts) {
      bytes.set(part, place);
      place += part.length;
    }
    return bytes;
  }

  /**
   * @param {string} file
   * @param {Uint8Array<ArrayBuffer>} bytes
   */
  async #verify(file, bytes) {
    const hash = crypto.subtle ? hex(await crypto.subtle.digest("SHA-256", bytes)) : null;
    if (file === LIST) {
      const build = HEX.exec(BUNDLE.pathname)?.[1] ?? "no build";
      if (hash !== null && !hash.startsWith(build)) throw new StartError("wrong-file", { file });
      return;
    }
    const wanted = (await this.#list)[file];
    if (wanted?.bytes !== bytes.length || (hash !== null && hash !== wanted.sha256))
      throw new StartError("wrong-file", { file, cause: `${bytes.length} bytes, ${hash}` });
  }

  /**
   * @param {string} file
   * @param {number} bytes
   */
  async #count(file, bytes) {
    if (file === LIST) return;
    this.#received.set(file, bytes);
    const list = await this.#list.catch(() => null);
    const files = [...this.#received].filter(([name]) => name !== LIST);
    /** @type {(name: string) => { bytes: number, packed: number }} */
    const sizes = (name) => list?.[name] ?? { bytes: 1, packed: 1 };
    // Bytes are counted when they are unpacked; readers know their line's pace in packed ones.
    const received = files.reduce((sum, [name, now]) => {
      const { bytes: all, packed } = sizes(name);
      return sum + Math.round((now * packed) / all);
    }, 0);
    const total = list && files.reduce((sum, [name]) => sum + sizes(name).packed, 0);
    this.#onProgress(received, total);
  }
}

/** @param {ArrayBuffer} digest */
function hex(digest) {
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
