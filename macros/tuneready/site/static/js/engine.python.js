/**
 * Starts Python in the worker: Pyodide and our code, from the site itself.
 *
 * At build time an interpreter was started, our code imported, and its memory written to a file:
 * the snapshot. Here it is put back, which takes a tenth of the time, and neither the standard
 * library nor our wheel is fetched. When that fails, for whatever reason, Python starts as usual.
 *
 * Every file is verified before it is used (see engine.assets.js), and Pyodide itself fetches
 * nothing: it asks for files, and gets those that were verified.
 */

import { Assets, StartError } from "./engine.assets.js";
import { crossData, withRoom } from "./engine.snapshot.js";

/** @import { Bridge, PythonParts, WorkerScope } from "./protocol.js" */
/** @import { CreateModule } from "./engine.snapshot.js" */
/** @import { PyodideInterface } from "pyodide" */
/**
 * `loadDatasetParts` loads what a check needs; false: it was there. `read` gives a verified file of
 * the bundle. `parts` start another worker without a download; to make them takes a moment.
 *
 * @typedef {{ bridge: Bridge, loadDatasetParts: () => Promise<boolean>, read: (file: string) => Promise<Uint8Array<ArrayBuffer>>, parts: () => PythonParts, restored: boolean }} Python
 */

const BUNDLE = new URL("../", import.meta.url).href;
const PY = new URL("py/", BUNDLE).href;
const LOADER = "py/pyodide.mjs";
const FACTORY = "py/pyodide.asm.mjs";
const WASM = "py/pyodide.asm.wasm";
const LOCK = "py/pyodide-lock.json";
const LIBRARY = "py/python_stdlib.zip";
const SNAPSHOT = "py/python.snapshot";
/** What a plain start needs instead. */
const OUR_WHEEL = "py/tuneready-";

/**
 * @param {WorkerScope} scope
 * @param {{ parts?: PythonParts | null, frugal?: boolean }} [given] `parts`: of a worker that started before; `frugal`: do not fetch the snapshot, which is larger than what a plain start needs
 * @returns {Promise<Python>}
 */
export async function startPython(scope, { parts: given = null, frugal = false } = {}) {
  const assets = new Assets(scope.fetch.bind(scope), (received, total) =>
    scope.postMessage({ type: "starting", received, total }),
  );
  const modules = Promise.all([assets.module(LOADER), assets.module(FACTORY)]);
  const lockFile = assets.read(LOCK);
  const verified = given ? null : assets.verifyModules();
  verified?.catch(() => {}); // heard below, unless something fails before
  const { program, image, parts } = given
    ? { program: given.program, image: await given.snapshot?.arrayBuffer(), parts: () => given }
    : await fetchParts(assets, frugal);
  const [{ loadPyodide }, { default: createPyodideModule }] = await modules;
  const lock = new TextDecoder().decode((await lockFile).bytes);
  await verified;
  const start = { loadPyodide, createPyodideModule, program, lock, scope };
  const restored = image ? await restore(start, image) : null;
  const pyodide = restored ?? (await startPlainly(start, assets));
  const bridge = /** @type {Bridge} */ (pyodide.pyimport("tuneready.bridge").Bridge());
  let ready = false;
  return {
    bridge,
    async loadDatasetParts() {
      if (ready) return false;
      await loadWheels(pyodide, assets, ["msgspec", "python_stdnum"]);
      ready = true;
      return true;
    },
    read: async (file) => (await assets.read(file)).bytes,
    parts,
    restored: restored !== null,
  };
}

/**
 * The program and the snapshot: fetched side by side, compiled and unpacked while they arrive.
 *
 * @param {Assets} assets
 * @param {boolean} frugal
 * @returns {Promise<{ program: WebAssembly.Module, image: ArrayBuffer | null, parts: () => PythonParts }>} `parts` for another worker; made when Python is up, because it copies the image
 */
async function fetchParts(assets, frugal) {
  if (frugal && !(await assets.isKept(SNAPSHOT))) {
    const library = assets.read(LIBRARY);
    const wheel = assets.named(OUR_WHEEL).then((file) => assets.read(file));
    const [program] = await Promise.all([assets.read(WASM, compile), library, wheel]);
    return held(program.used, null);
  }
  // Here: a thread of its own for it would begin too late to be of use.
  const unpacked = assets.read(SNAPSHOT, unpack).catch(() => null); // then Python starts plainly
  const program = await assets.read(WASM, compile);
  const snapshot = await unpacked;
  if (snapshot) crossData(snapshot.used, program.bytes);
  return held(program.used, snapshot && snapshot.used.buffer);
}

/** @param {Response} response */
function compile(response) {
  if (response.headers.get("content-type") === "application/wasm")
    return WebAssembly.compileStreaming(response);
  // Some hosts do not know the type, and without it no browser compiles.
  const typed = new Response(response.body, { headers: { "content-type": "application/wasm" } });
  return WebAssembly.compileStreaming(typed);
}

/** @param {Response} response */
async function unpack({ body }) {
  const unzipped = /** @type {ReadableStream} */ (body).pipeThrough(
    new DecompressionStream("gzip"),
  );
  return new Uint8Array(await new Response(unzipped).arrayBuffer());
}

/**
 * @param {WebAssembly.Module} program
 * @param {ArrayBuffer | null} image
 */
function held(program, image) {
  /** @type {PythonParts | null} */
  let made = null;
  const parts = () => {
    // Other workers share a blob, and copy bytes.
    made ??= { program, snapshot: image && new Blob([image]) };
    image = null;
    return made;
  };
  return { program, image, parts };
}

/** @typedef {{ loadPyodide: typeof import("pyodide").loadPyodide, createPyodideModule: CreateModule, program: WebAssembly.Module, lock: string, scope: WorkerScope }} Start */

/**
 * @param {Start} start
 * @param {ArrayBuffer} image
 * @returns {Promise<PyodideInterface | null>} null: the snapshot is of no use here
 */
async function restore(start, image) {
  try {
    const createPyodideModule = withRoom(image.byteLength, start.createPyodideModule);
    const there = { ...start, createPyodideModule };
    const pyodide = await load(there, new Map([[LIBRARY, new Uint8Array(0)]]), {
      _loadSnapshot: image,
    });
    // The clock stood still and nothing was random when the snapshot was made.
    pyodide.pyimport("random").seed();
    return pyodide;
  } catch (error) {
    const why = error instanceof StartError ? error.failure.detail : String(error);
    console.info(`Python starts without its snapshot: ${why}`);
    return null;
  }
}

/**
 * @param {Start} start
 * @param {Assets} assets
 */
async function startPlainly(start, assets) {
  const { bytes } = await assets.read(LIBRARY);
  const pyodide = await load(start, new Map([[LIBRARY, bytes]]));
  await loadWheels(pyodide, assets, ["tuneready"]);
  return pyodide;
}

/**
 * @param {Start} start
 * @param {Map<string, Uint8Array<ArrayBuffer>>} files that Pyodide may ask for
 * @param {object} [more] options for Pyodide
 * @returns {Promise<PyodideInterface>}
 */
async function load({ loadPyodide, createPyodideModule, program, lock, scope }, files, more) {
  const { fetch } = scope;
  const { instantiateStreaming } = WebAssembly;
  const options = {
    indexURL: PY,
    packageBaseUrl: PY,
    lockFileContents: lock,
    createPyodideModule,
    ...more,
  };
  const failed = Promise.withResolvers();
  try {
    scope.fetch = async (input) => new Response(files.get(String(input).slice(BUNDLE.length)));
    // Pyodide would only write a failure to the console, and wait for ever.
    WebAssembly.instantiateStreaming = async (_, imports) => {
      try {
        return { module: program, instance: await WebAssembly.instantiate(program, imports) };
      } catch (error) {
        failed.reject(error);
        throw error;
      }
    };
    return await Promise.race([failed.promise, loadPyodide(options)]);
  } catch (cause) {
    throw new StartError("start", { cause });
  } finally {
    scope.fetch = fetch;
    WebAssembly.instantiateStreaming = instantiateStreaming;
  }
}

/**
 * Unpack wheels where Python looks for packages. Pyodide's own way to packages does no more for
 * these, and takes longer.
 *
 * @param {PyodideInterface} pyodide
 * @param {Assets} assets
 * @param {string[]} names
 */
async function loadWheels(pyodide, assets, names) {
  const wheels = await Promise.all(
    names.map(async (name) => assets.read(await assets.named(`py/${name}-`))),
  );
  const [extractDir] = pyodide.pyimport("site").getsitepackages();
  for (const { bytes } of wheels) pyodide.unpackArchive(bytes, "whl", { extractDir });
  pyodide.pyimport("importlib").invalidate_caches();
}
