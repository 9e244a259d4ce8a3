/**
 * Talks to `tuneready.bridge` in Pyodide as the page's worker does, without a browser.
 *
 *     node pyodide-cases.mjs PY CONVERSATIONS REPLIES restored|plain
 *
 * PY is the bundle's folder with Pyodide and the wheels. CONVERSATIONS is JSON: a list of steps, each
 * `{ask: request}`, `{feed: path, slice: bytes}`, `{load: package}`, `{count: encoding}` to count its tokens from
 * then on, `{texts: path, encoding}` to count those of a JSON list of texts, or `{call: function, modules: paths,
 * with: text}` to call a function of the last of these Python files. REPLIES becomes a JSON list with the text of the
 * reply to every `ask`, with the counts, and with `{returned}` for every call. `restored`: Python comes from the
 * snapshot, with an empty standard library and without our wheel, as in the page; `plain`: it starts as usual.
 */

import { mkdtempSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve, sep } from "node:path";
import { pathToFileURL } from "node:url";
import { gunzipSync } from "node:zlib";

/** @typedef {{ ask: object } | { feed: string, slice: number } | { load: string } | { count: string } | { texts: string, encoding: string } | { call: string, modules: string[], with: string }} Step */

const [folder, conversations, output, way] = process.argv.slice(2);
if (!folder || !conversations || !output || !way) {
  throw new Error("give PY, CONVERSATIONS, REPLIES and a way to start");
}
const py = resolve(folder) + sep;
/** @type {Step[]} */
const steps = JSON.parse(readFileSync(conversations, "utf8"));

/** @type {typeof import("pyodide")} */
const { loadPyodide } = await import(pathToFileURL(`${py}pyodide.mjs`).href);
const pyodide = await (way === "restored" ? restore() : startPlainly());
const bridge = pyodide.pyimport("tuneready.bridge").Bridge();

/** @type {{ loadCounter: typeof import("../macros/tuneready/site/static/js/engine.tokens.js").loadCounter }} */
const { loadCounter } = await import(pathToFileURL(`${py}../js/engine.tokens.js`).href);
/** @param {string} file */
const readBundle = async (file) => new Uint8Array(readFileSync(`${py}../${file}`));

const modules = "modules";
pyodide.FS.mkdir(modules);
pyodide.pyimport("sys").path.insert(0, modules);

/** @type {(string | number[] | { returned: string })[]} */
const replies = [];
for (const step of steps) {
  if ("load" in step) {
    await loadWheel(step.load);
  } else if ("count" in step) {
    bridge.count_with(step.count, await loadCounter(step.count, readBundle));
  } else if ("texts" in step) {
    const texts = pyodide.pyimport("json").loads(readFileSync(step.texts, "utf8"));
    replies.push(bridge._counters.get(step.encoding)(texts).toJs());
  } else if ("call" in step) {
    for (const path of step.modules) {
      pyodide.FS.writeFile(`${modules}/${basename(path)}`, readFileSync(path, "utf8"));
    }
    const module = pyodide.pyimport(basename(step.modules.at(-1) ?? "", ".py"));
    replies.push({ returned: module[step.call](step.with) });
  } else if ("feed" in step) {
    // Not a Buffer: Pyodide takes typed arrays of the language only.
    const bytes = new Uint8Array(readFileSync(step.feed));
    for (let start = 0; start < bytes.length; start += step.slice) {
      bridge.feed(bytes.subarray(start, start + step.slice));
    }
  } else {
    replies.push(bridge.handle(JSON.stringify(step.ask)));
  }
}
writeFileSync(output, JSON.stringify(replies));

/** Nothing of Python is at hand but what the snapshot holds. */
async function restore() {
  /** @type {typeof import("../macros/tuneready/site/static/js/engine.snapshot.js")} */
  const { crossData, withRoom } = await import(pathToFileURL(`${py}../js/engine.snapshot.js`).href);
  const image = new Uint8Array(gunzipSync(readFileSync(`${py}python.snapshot`)));
  crossData(image, readFileSync(`${py}pyodide.asm.wasm`));
  /** @type {{ default: import("../macros/tuneready/site/static/js/engine.snapshot.js").CreateModule }} */
  const factory = await import(pathToFileURL(`${py}pyodide.asm.mjs`).href);
  const empty = join(mkdtempSync(join(tmpdir(), "library-")), "python_stdlib.zip");
  writeFileSync(empty, "");
  return loadPyodide({
    indexURL: py,
    packageBaseUrl: py,
    stdLibURL: empty,
    createPyodideModule: withRoom(image.length, factory.default),
    _loadSnapshot: image,
  });
}

async function startPlainly() {
  return loadPyodide({ indexURL: py, packageBaseUrl: py, packages: ["tuneready"] });
}

/**
 * @param {string} name as its file begins
 */
async function loadWheel(name) {
  const file = readdirSync(py).find((found) => found.startsWith(`${name}-`));
  if (file === undefined) throw new Error(`no wheel of ${name}`);
  const [extractDir] = pyodide.pyimport("site").getsitepackages();
  pyodide.unpackArchive(new Uint8Array(readFileSync(py + file)), "whl", { extractDir });
  pyodide.pyimport("importlib").invalidate_caches();
}
