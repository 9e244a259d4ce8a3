/** Has the host of the tests send what the built site asks for in `_headers`. */

import { readFileSync } from "node:fs";
import { join } from "node:path";

/** @import { Host } from "../host.mjs" */

/**
 * Have the host do what `_headers` says.
 *
 * @param {Host} host
 */
export function send(host) {
  /** @type {{ path: string, headers: Record<string, string> }[]} */
  const rules = [];
  for (const line of readFileSync(join(host.folder, "_headers"), "utf8").split("\n")) {
    if (line.startsWith("/")) rules.push({ path: line, headers: {} });
    const [, name, value] = /^ {2}([\w-]+): (.*)$/.exec(line) ?? [];
    const rule = rules.at(-1);
    if (rule && name && value) rule.headers[name.toLowerCase()] = value;
  }
  // The last that is told wins, so each gets what those before it would add for the same path.
  const base = new URL(host.site).pathname;
  const [all, ...more] = rules;
  host.fault(/./, { headers: { "cache-control": "public, max-age=0", ...all?.headers } });
  for (const { path, headers } of more) {
    const matches = `^${base}${path.slice(1).replace(/[.]/g, "\\.").replace("*", ".*")}$`;
    host.fault(new RegExp(matches), { headers: { ...all?.headers, ...headers } });
  }
  return rules;
}
