/**
 * Makes the image of the interpreter's memory that the page's worker starts from.
 *
 *     node snapshot.mjs BUNDLE OUTPUT
 *
 * BUNDLE has Pyodide and our wheel in `py/`. The clock stands still and nothing is random here, so
 * the same sources give the same bytes; the worker seeds what should be random anew.
 */

import crypto from "node:crypto";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join, resolve, sep } from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";

const [bundle, output] = process.argv.slice(2);
if (!bundle || !output) throw new Error("give BUNDLE and OUTPUT");
const py = resolve(bundle, "py") + sep;

// 1980, as in the wheel.
const NOW = 315_532_800_000;
const RealDate = Date;
globalThis.Date = /** @type {DateConstructor} */ (
  /** @type {unknown} */ (
    class extends RealDate {
      /** @param {[number | string | Date] | []} given */
      constructor(...given) {
        super(given[0] ?? NOW);
      }
      static now() {
        return NOW;
      }
    }
  )
);
performance.now = () => 0;
/** @param {any} view */
const still = (view) => view.fill(0);
crypto.randomFillSync = still;
globalThis.crypto.getRandomValues = still;
Math.random = () => 0;

/** @type {typeof import("pyodide")} */
const { loadPyodide } = await import(pathToFileURL(`${py}pyodide.mjs`).href);
const options = {
  indexURL: py,
  packageBaseUrl: py,
  env: { HOME: "/home/pyodide", PYTHONHASHSEED: "0" },
  _makeSnapshot: true,
  _sysExecutable: "python",
};
const pyodide = await loadPyodide(options);
// Ours, and those that a check imports and that are Python only.
for (const wheel of ["tuneready", "python_stdnum"]) {
  const name = readdirSync(py).find((file) => file.startsWith(`${wheel}-`));
  if (!name) throw new Error(`no wheel of ${wheel} in ${py}`);
  pyodide.unpackArchive(new Uint8Array(readFileSync(py + name)), "whl", {
    extractDir: "/lib/python3.14/site-packages",
  });
}
pyodide.pyimport("importlib").invalidate_caches();
pyodide.pyimport("tuneready.remembered").remember();

clearFreeMemory();

// @ts-expect-error typed only by its name
const image = /** @type {Uint8Array<ArrayBuffer>} */ (pyodide.makeMemorySnapshot());
/** @type {typeof import("./static/js/engine.snapshot.js")} */
const { crossData } = await import(pathToFileURL(join(bundle, "js/engine.snapshot.js")).href);
crossData(image, readFileSync(`${py}pyodide.asm.wasm`));
writeFileSync(output, gzipSync(image, { level: 9 }));

/**
 * Write zeros over what is free: what was freed keeps its last content, which nobody needs and which
 * compresses badly (a sixth of the file). Taken in small pieces, so that the memory hardly grows.
 */
function clearFreeMemory() {
  /** @type {{ HEAPU8: Uint8Array, _malloc(size: number): number, _free(place: number): void, _sbrk(more: number): number }} */
  // @ts-expect-error typed only by its name
  const memory = pyodide._module;
  const taken = [];
  for (let size = 1 << 16; size >= 16; size >>= 1) {
    const end = memory._sbrk(0);
    // Once the memory grows, nothing free of this size is left.
    while (memory._sbrk(0) === end) {
      const place = memory._malloc(size);
      memory.HEAPU8.fill(0, place, place + size);
      taken.push(place);
    }
  }
  for (const place of taken) memory._free(place);
}
