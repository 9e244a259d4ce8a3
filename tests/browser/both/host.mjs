/**
 * A static host for the tests, which can be told to misbehave: a file that is missing, cut short,
 * altered, of another type, slow, or never sent; a deployment swapped for another; a host gone.
 */

import { createReadStream } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";

/** @import { IncomingMessage, OutgoingHttpHeaders, Server, ServerResponse } from "node:http" */
/**
 * What goes wrong with a file. `times`: how often (for ever unless given).
 * @typedef {{ status?: number, body?: string | Buffer, cut?: number, change?: (content: Buffer) => Buffer, type?: string, delay?: number, hang?: boolean, headers?: OutgoingHttpHeaders, times?: number }} Fault
 */
/** @typedef {{ path: string, method: string, headers: IncomingMessage["headers"], status: number }} Asked `path` from the site's root, with its query */

/** A project page on a shared host lives below a path, so the tests do too. */
export const BASE = "/some/where/";

const TYPES = new Map([
  [".css", "text/css; charset=utf-8"],
  [".gz", "application/gzip"],
  [".html", "text/html; charset=utf-8"],
  [".js", "text/javascript; charset=utf-8"],
  [".json", "application/json"],
  [".jsonl", "application/jsonl"],
  [".mjs", "text/javascript; charset=utf-8"],
  [".png", "image/png"],
  [".svg", "image/svg+xml"],
  [".txt", "text/plain; charset=utf-8"],
  [".wasm", "application/wasm"],
  [".xml", "application/xml"],
  [".zip", "application/zip"],
]);

export class Host {
  /** @type {[RegExp, Fault][]} */
  #faults = [];
  /** @type {Server} */
  #server;
  /** @type {Asked[]} in the order of arrival */
  requests = [];
  /** @type {Map<string, string>} the base path of each further site -> its folder */
  #sites = new Map();
  /** @type {OutgoingHttpHeaders} sent with every answer */
  headers = {};
  port = 0;

  /** @param {string} folder the built site, which is served below `BASE` */
  constructor(folder) {
    this.folder = folder;
    this.#server = createServer((request, response) => {
      this.#answer(request, response).catch((error) => {
        response.destroy(error);
      });
    });
  }

  /** The served site's address, with a slash at its end. */
  get site() {
    return `http://127.0.0.1:${this.port}${BASE}`;
  }

  get origin() {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Listen; a second time at the same port. */
  async up() {
    await new Promise((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen(this.port, "127.0.0.1", () => resolve(undefined));
    });
    const address = this.#server.address();
    if (address !== null && typeof address === "object") this.port = address.port;
    return this;
  }

  /** Be gone, as when the reader has no network. */
  async down() {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  /**
   * @param {string | RegExp} pattern the end of a path below the site, or what the whole path matches; the last told wins
   * @param {Fault} fault
   */
  fault(pattern, fault) {
    const matches =
      typeof pattern === "string"
        ? new RegExp(`${pattern.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}$`)
        : pattern;
    this.#faults.unshift([matches, { ...fault }]);
  }

  /** Misbehave no more, and forget the requests. */
  clear() {
    this.#faults = [];
    this.requests = [];
    this.headers = {};
    this.#sites.clear();
  }

  /**
   * Serve another site on the same origin.
   *
   * @param {string} base such as "/other/"
   * @param {string} folder
   */
  also(base, folder) {
    this.#sites.set(base, folder);
  }

  /**
   * @param {IncomingMessage} request
   * @param {ServerResponse} response
   */
  async #answer(request, response) {
    const { pathname, search } = new URL(request.url ?? "/", this.origin);
    const asked = {
      path: pathname.startsWith(BASE) ? pathname.slice(BASE.length) + search : pathname + search,
      method: request.method ?? "GET",
      headers: request.headers,
      status: 0,
    };
    this.requests.push(asked);
    const fault = this.#faultFor(decodeURIComponent(pathname));
    if (fault.hang) return;
    if (fault.delay) await new Promise((resolve) => setTimeout(resolve, fault.delay));
    /**
     * @param {number} status
     * @param {OutgoingHttpHeaders} headers
     */
    const head = (status, headers) => {
      asked.status = status;
      response.writeHead(status, {
        "cache-control": "max-age=600",
        ...headers,
        ...this.headers,
        ...fault.headers,
      });
    };
    if (fault.status !== undefined || fault.body !== undefined) {
      const body = fault.body ?? `status ${fault.status}`;
      head(fault.status ?? 200, {
        "content-type": fault.type ?? TYPES.get(extname(pathname)) ?? "text/html; charset=utf-8",
        "content-length": Buffer.byteLength(body),
      });
      response.end(body);
      return;
    }
    const found = await this.#file(pathname);
    if (found === null) {
      const body = await readFile(join(this.folder, "404.html")).catch(() => "not found");
      head(404, { "content-type": "text/html; charset=utf-8" });
      response.end(body);
      return;
    }
    if (typeof found === "string") {
      head(301, { location: found });
      response.end();
      return;
    }
    const { path, size } = found;
    const type = fault.type ?? TYPES.get(extname(path)) ?? "application/octet-stream";
    if (fault.change || fault.cut !== undefined) {
      const content = await readFile(path);
      const changed = fault.change ? fault.change(content) : content;
      head(200, { "content-type": type, "content-length": changed.length });
      if (fault.cut === undefined) {
        response.end(changed);
      } else {
        response.write(changed.subarray(0, fault.cut));
        setTimeout(() => response.destroy(), 50);
      }
      return;
    }
    head(200, { "content-type": type, "content-length": size });
    createReadStream(path).pipe(response);
  }

  /**
   * @param {string} pathname
   * @returns {Promise<{ path: string, size: number } | string | null>} string: where to go instead
   */
  async #file(pathname) {
    const bases = [...this.#sites, [BASE, this.folder]];
    const [base, folder] = bases.find(([one]) => pathname.startsWith(String(one))) ?? [];
    if (base === undefined || folder === undefined) return null;
    const below = normalize(decodeURIComponent(pathname.slice(base.length)));
    if (below.startsWith("..")) return null;
    const path = join(folder, below);
    const found = await stat(path).catch(() => null);
    if (found?.isFile()) return { path, size: found.size };
    if (!found?.isDirectory()) return null;
    if (!pathname.endsWith("/")) return `${pathname}/`;
    const index = join(path, "index.html");
    const page = await stat(index).catch(() => null);
    return page?.isFile() ? { path: index, size: page.size } : null;
  }

  /** @param {string} pathname */
  #faultFor(pathname) {
    const found = this.#faults.find(
      ([pattern, { times = Infinity }]) => times > 0 && pattern.test(pathname),
    );
    if (found === undefined) return {};
    const [, fault] = found;
    if (fault.times !== undefined) fault.times -= 1;
    return fault;
  }
}
