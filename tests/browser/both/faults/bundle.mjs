/**
 * The site as of another build: with other files in its bundle, whose hashes are right. What a page
 * does when code fails, when memory ends or when a site is renewed is seen with code that does so.
 */

import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { BASE } from "../host.mjs";

/** @import { Host } from "../host.mjs" */
/** @typedef {Record<string, (text: string) => string>} Changes file of the bundle, such as `js/engine.js` -> its new text */

const BUNDLES = "assets/tuneready";

/** @param {Host} host */
export function buildOf(host) {
  const names = readdirSync(join(host.folder, BUNDLES));
  return String(names.find((name) => /^[0-9a-f]{8,}$/.test(name)));
}

/**
 * The files of the bundle, and what is to be known of each.
 *
 * @param {Host} host
 * @returns {Record<string, { sha256: string, bytes: number }>}
 */
export function filesOf(host) {
  const list = join(host.folder, BUNDLES, buildOf(host), "assets.json");
  return JSON.parse(readFileSync(list, "utf8")).files;
}

/**
 * From now on, serve pages that name another build, and that build. The old one stays.
 *
 * @param {Host} host
 * @param {string} folder an empty one
 * @param {Changes} changes
 * @returns {{ old: string, build: string }}
 */
export function rebuild(host, folder, changes) {
  const old = buildOf(host);
  const from = join(host.folder, BUNDLES, old);
  const to = join(folder, "bundle");
  const files = filesOf(host);
  for (const name of Object.keys(files)) {
    mkdirSync(dirname(join(to, name)), { recursive: true });
    const change = changes[name];
    if (change === undefined) {
      symlinkSync(join(from, name), join(to, name));
      continue;
    }
    const before = readFileSync(join(from, name), "utf8");
    const after = change(before);
    if (after === before) throw new Error(`nothing changed in ${name}`);
    writeFileSync(join(to, name), after);
    files[name] = {
      sha256: createHash("sha256").update(after).digest("hex"),
      bytes: Buffer.byteLength(after),
    };
  }
  const list = JSON.stringify({ files });
  writeFileSync(join(to, "assets.json"), list);
  const build = createHash("sha256").update(list).digest("hex").slice(0, old.length);
  host.also(`${BASE}${BUNDLES}/${build}/`, to);
  host.fault(/(\/|\.html)$/, {
    change: (content) => Buffer.from(content.toString().replaceAll(old, build)),
  });
  return { old, build };
}

/**
 * Have Python fail: `misbehave` sees each slice of a file before Python does. It stands in the worker.
 *
 * @param {(slice: string, python: any) => void} misbehave
 * @returns {Changes}
 */
export function withPythonThat(misbehave) {
  return {
    "js/engine.python.js": (text) => `${text.replace(
      "export async function startPython(",
      "async function startSoundly(",
    )}
const misbehave = ${misbehave};
export async function startPython(...given) {
  const python = await startSoundly(...given);
  const { bridge } = python;
  python.bridge = new Proxy(bridge, {
    get(_, name) {
      if (name !== "feed") return bridge[name];
      return (slice, ...more) => {
        misbehave(new TextDecoder().decode(slice.subarray(0, 4096)), bridge);
        return bridge.feed(slice, ...more);
      };
    },
  });
  return python;
}
`,
  };
}
