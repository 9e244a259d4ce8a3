/**
 * The built site as GitHub Pages would serve it: compressed, kept for ten minutes, below a path;
 * and, when asked, over a slow line, which then slows workers too (a browser's own throttle does not).
 */

import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readdir, readFile, stat } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { gzipSync } from "node:zlib";

/** @import { Server, ServerResponse } from "node:http" */
/** @typedef {{ bytesPerSecond: number, delay: number }} Line `delay`: milliseconds there and back */

export const BASE = "/tuneready/";
/** Chromium's "Fast 3G". */
export const FAST_3G = { bytesPerSecond: 1_600_000 / 8, delay: 150 };

const TYPES = new Map([
  [".css", "text/css; charset=utf-8"],
  [".html", "text/html; charset=utf-8"],
  [".js", "text/javascript; charset=utf-8"],
  [".json", "application/json; charset=utf-8"],
  [".mjs", "text/javascript; charset=utf-8"],
  [".svg", "image/svg+xml"],
  [".txt", "text/plain; charset=utf-8"],
  [".wasm", "application/wasm"],
  [".xml", "application/xml"],
]);
/** What is sent at a time over a slow line. */
const PIECE = 4096;
/** Timers come late on a busy machine; what was missed meanwhile may follow at once. */
const LATE_MS = 500;

export class Served {
  /** @type {Map<string, Buffer>} path -> its compressed content */
  #packed = new Map();
  #server = createServer((request, response) => {
    this.#answer(request.url ?? "/", response).catch((error) => response.destroy(error));
  });
  /** When the slow line is free again. */
  #free = 0;
  /** @type {{ path: string, bytes: number }[]} in the order of arrival; bytes as sent */
  requests = [];

  /**
   * @param {string} folder the built site
   * @param {Line | null} [line]
   */
  constructor(folder, line = null) {
    this.folder = folder;
    this.line = line;
  }

  /** @returns {Promise<string>} the site's address, with a slash at its end */
  async up() {
    await new Promise((resolve) => this.#server.listen(0, "127.0.0.1", () => resolve(undefined)));
    const address = this.#server.address();
    const port = address !== null && typeof address === "object" ? address.port : 0;
    return `http://127.0.0.1:${port}${BASE}`;
  }

  down() {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  /**
   * @param {string} url
   * @param {ServerResponse} response
   */
  async #answer(url, response) {
    if (this.line) await sleep(this.line.delay);
    const { pathname } = new URL(url, "http://127.0.0.1");
    const below = normalize(decodeURIComponent(pathname.slice(BASE.length)));
    let path = join(this.folder, below);
    if (pathname.endsWith("/")) path = join(path, "index.html");
    const found = await stat(path).catch(() => null);
    if (!pathname.startsWith(BASE) || below.startsWith("..") || !found?.isFile()) {
      response.writeHead(404, { "content-type": "text/plain" });
      response.end("not found");
      return;
    }
    const type = TYPES.get(extname(path));
    const headers = {
      "cache-control": "max-age=600",
      "content-type": type ?? "application/octet-stream",
      vary: "accept-encoding",
    };
    if (type === undefined) {
      this.requests.push({ path: below, bytes: found.size });
      response.writeHead(200, { ...headers, "content-length": found.size });
      await this.#send(await readFile(path), response);
      return;
    }
    let packed = this.#packed.get(path);
    if (packed === undefined) {
      packed = gzipSync(await readFile(path), { level: 9 });
      this.#packed.set(path, packed);
    }
    this.requests.push({ path: below, bytes: packed.length });
    const encoded = { "content-encoding": "gzip", "content-length": packed.length };
    response.writeHead(200, { ...headers, ...encoded });
    await this.#send(packed, response);
  }

  /**
   * All answers share the line: each piece waits until the ones before it have passed.
   *
   * @param {Buffer} content
   * @param {ServerResponse} response
   */
  async #send(content, response) {
    if (this.line === null) {
      response.end(content);
      return;
    }
    for (let start = 0; start < content.length && !response.destroyed; start += PIECE) {
      const piece = content.subarray(start, start + PIECE);
      const now = performance.now();
      const passing = (piece.length / this.line.bytesPerSecond) * 1000;
      this.#free = Math.max(now - LATE_MS, this.#free) + passing;
      await sleep(this.#free - now);
      response.write(piece);
    }
    response.end();
  }
}

/**
 * @param {string} folder the built site
 * @returns {Promise<string[]>} every page's address below the site, in order
 */
export async function pagesOf(folder) {
  const names = await readdir(folder, { recursive: true });
  return names
    .filter((name) => name.endsWith("index.html"))
    .map((name) => name.slice(0, -"index.html".length))
    .sort();
}

/**
 * @param {string} folder the built site
 * @returns {Promise<string>} the same for the same content
 */
export async function contentOf(folder) {
  const digest = createHash("sha256");
  for (const name of (await readdir(folder, { recursive: true })).sort()) {
    if (!/\.(html|css|js|mjs)$/.test(name)) continue;
    digest.update(name);
    for await (const chunk of createReadStream(join(folder, name))) digest.update(chunk);
  }
  return digest.digest("hex").slice(0, 16);
}

/** @param {number} milliseconds */
function sleep(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, Math.max(milliseconds, 0)));
}
