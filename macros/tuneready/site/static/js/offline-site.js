/**
 * This site as one thing to keep: what this browser has of it, what the host has, and the way from
 * one to the other. No DOM; `offline.js` and `offline-notice.js` show what this tells.
 *
 * All or nothing: every file of the host's list is fetched and its hash compared before the service
 * worker hears of the new version. Whatever fails or is cancelled leaves nothing behind, and the
 * version that was kept before stays in charge.
 */

/** @import { Listing, OfflineState } from "../sw.js" */

import * as kept from "./kept.js";

const ROOT = new URL("../../../../", import.meta.url);
const PREFIX = `tuneready:${ROOT.pathname}:`;
const MEMORY = `${PREFIX}state`;
const MEMORY_URL = new URL("offline-state.json", ROOT).href;
const LIST = new URL("offline.json", ROOT).href;
const WORKER = new URL("sw.js", ROOT).href;
/** What may follow the prefix; the path of another site below this one may not. */
const OWN = /^([0-9a-f]{16}|state)$/;
/** Names in storage: the version in charge, which tells the other tabs, and the one to ask about later. */
const TAKEN = "offline";
const LATER = "offline-later";

const AT_ONCE = 6;
const ANSWER_MS = 20_000;
/** Another tab that only looks around is done by then. */
const LOCK_MS = 2_000;
const LOOK_AGAIN_MS = 3_600_000;
/** They describe how the host sent a file; what is kept is the file. */
const ABOUT_SENDING = ["content-encoding", "content-length", "transfer-encoding", "connection"];

/**
 * - `unreachable`: the host did not answer
 * - `missing`, `wrong`: `file` is not there, or another than the list says
 * - `renewed`: the site was published anew meanwhile
 * - `full`, `blocked`: the browser has no room, or does not allow it
 * - `elsewhere`: another tab is at it
 * @typedef {"unreachable" | "missing" | "wrong" | "renewed" | "full" | "blocked" | "elsewhere" | "unexpected"} Reason
 */

/** A version of the site. @typedef {{ build: string, date: string, bytes: number, files: number }} Version */

/**
 * @typedef {object} View
 * @property {"yes" | "insecure" | "none" | "blocked"} support what the browser allows here
 * @property {boolean} looked whether the rest is known yet
 * @property {Version & { since: string } | null} kept the version in charge
 * @property {Version | null} shown the kept version that this tab shows; null: the host's
 * @property {(Version & { download: number }) | null} newest what the host has; `download` in bytes
 * @property {"yes" | "no" | "gone"} host "gone": it answers, and has no list any more
 * @property {{ received: number, total: number } | null} task bytes
 * @property {{ reason: Reason, file: string } | null} failure of the last task
 * @property {number | null} freed bytes, after a removal
 * @property {boolean} lasting whether the browser promised to keep it
 * @property {boolean} later whether the reader does not want to be asked about the newest version
 */

export class OfflineError extends Error {
  /**
   * @param {Reason} reason
   * @param {{ file?: string, cause?: unknown }} [more]
   */
  constructor(reason, { file = "", cause } = {}) {
    super(`${reason} ${file}`.trim(), { cause });
    this.name = "OfflineError";
    this.reason = reason;
    this.file = file;
  }
}

/** Fires `change` when there is something else to show. */
export const events = new EventTarget();

/** @type {View} */
let present = {
  support: supported(),
  looked: false,
  kept: null,
  shown: null,
  newest: null,
  host: "yes",
  task: null,
  failure: null,
  freed: null,
  lasting: false,
  later: false,
};
/** @type {Listing | null} the host's */
let offered = null;
/** @type {Listing | null} that of the version which this tab shows */
let own = null;
/** @type {AbortController | null} */
let running = null;
/** @type {Promise<void> | null} */
let looking = null;
let lookedAt = 0;
/** @type {Promise<unknown>} */
let updating = Promise.resolve();

export function view() {
  return present;
}

/** The list of the version that this tab shows: it has the notice's texts. */
export function ownListing() {
  return own;
}

/** @param {Partial<View>} news */
function show(news) {
  present = { ...present, ...news };
  events.dispatchEvent(new Event("change"));
}

function supported() {
  if (!isSecureContext) return "insecure";
  const all = "serviceWorker" in navigator && "caches" in globalThis && "locks" in navigator;
  return all ? "yes" : "none";
}

// -- looking ------------------------------------------------------------------------------------

/** Find out what is kept, and what the host has. */
export function look() {
  if (present.support !== "yes") return Promise.resolve();
  looking ??= lookNow().finally(() => (looking = null));
  return looking;
}

async function lookNow() {
  try {
    const registration = await registered();
    const state = registration && (await memory());
    const listing = state && (await listOf(state.build));
    const version = state && listing ? { ...versionOf(listing), since: state.since } : null;
    await lookAtOwn();
    show({ kept: version, lasting: (await navigator.storage?.persisted?.()) ?? false });
    await forgetLeftovers(version === null ? null : state);
    await lookAtHost(listing);
    // The browser does so too, some time after a page was loaded.
    if (registration && present.host !== "no") {
      updating = registration.update().catch(() => {});
    }
  } catch {
    show({ support: "blocked" });
  }
  lookedAt = Date.now();
  show({ looked: true });
}

async function lookAtOwn() {
  const controller = navigator.serviceWorker.controller;
  // A page on a shared origin may be in the hands of another site's worker.
  if (controller?.scriptURL !== WORKER) return;
  const build = String(await ask(controller, { type: "which" }));
  own = build === "" ? null : await listOf(build);
  show({ shown: own && versionOf(own) });
}

/** @param {Listing | null} listing that of the kept version */
async function lookAtHost(listing) {
  try {
    offered = await offeredNow();
  } catch {
    return show({ host: "no" });
  }
  if (offered === null) return show({ host: "gone", newest: null });
  const have = new Set(Object.values(listing?.files ?? {}).map(({ sha256 }) => sha256));
  show({
    host: "yes",
    newest: { ...versionOf(offered), download: missingBytes(offered, have) },
    later: kept.text(LATER) === offered.build,
  });
}

/** @returns {Promise<Listing | null>} null: the host has none */
async function offeredNow() {
  const response = await fetch(LIST, { cache: "no-store" });
  if (!response.ok) return null;
  const listing = await response.json().catch(() => null);
  return listing?.schema === "tuneready.offline/1" ? listing : null;
}

/**
 * @param {Listing} listing
 * @param {Set<string>} have
 */
function missingBytes(listing, have) {
  const missing = Object.values(listing.files).filter(({ sha256 }) => !have.has(sha256));
  return missing.reduce((sum, { bytes }) => sum + bytes, 0);
}

/**
 * @param {Listing} listing
 * @returns {Version}
 */
function versionOf({ build, date, bytes, files }) {
  return { build, date, bytes, files: Object.keys(files).length };
}

/** @returns {Promise<OfflineState | null>} */
async function memory() {
  const found = await caches.match(MEMORY_URL, { cacheName: MEMORY });
  return found ? found.json() : null;
}

/**
 * @param {string} build
 * @returns {Promise<Listing | null>} null: it is not here as a whole
 */
async function listOf(build) {
  const found = await caches.match(LIST, { cacheName: PREFIX + build });
  return found ? found.json() : null;
}

/** @returns {Promise<ServiceWorkerRegistration | null>} ours, and not that of a site above this one */
async function registered() {
  const found = await navigator.serviceWorker.getRegistration(ROOT.href);
  return found?.scope === ROOT.href && found.active ? found : null;
}

/**
 * Remove what a tab left behind that was closed half-way. Not while another tab is at it.
 *
 * @param {OfflineState | null} state
 */
function forgetLeftovers(state) {
  return navigator.locks.request(PREFIX + "offline", { ifAvailable: true }, async (lock) => {
    if (lock === null) return;
    const needed = new Set([state && "state", state?.build, ...Object.values(state?.others ?? {})]);
    for (const name of await ownCaches()) {
      if (!needed.has(name.slice(PREFIX.length))) await caches.delete(name);
    }
  });
}

async function ownCaches() {
  const names = await caches.keys();
  return names.filter((name) => name.startsWith(PREFIX) && OWN.test(name.slice(PREFIX.length)));
}

// -- keeping ------------------------------------------------------------------------------------

/** Download what the host has, and put it in charge; for the first time, or instead of another. */
export async function keep() {
  if (present.task !== null || present.support !== "yes") return;
  running = new AbortController();
  show({ failure: null, freed: null, task: { received: 0, total: present.newest?.download ?? 0 } });
  try {
    await locked(() => keepNow(/** @type {AbortController} */ (running)));
  } catch (error) {
    if (!running.signal.aborted) {
      const { reason, file } = asOfflineError(error);
      show({ failure: { reason, file } });
    }
  } finally {
    running = null;
    show({ task: null });
  }
  await look();
}

export function cancel() {
  running?.abort();
}

/** Do not ask about this version again; it can still be taken where the site is kept. */
export function later() {
  kept.put([[LATER, present.newest?.build ?? null]]);
  show({ later: true });
}

/** @param {AbortController} controller */
async function keepNow(controller) {
  const listing = await offeredNow().catch((cause) => {
    throw new OfflineError("unreachable", { cause });
  });
  if (listing === null) throw new OfflineError("missing", { file: "offline.json" });
  const state = (await registered()) && (await memory());
  const name = PREFIX + listing.build;
  // A tab that still shows this very version goes on with it: there is nothing to fetch.
  const isHere = state && (await listOf(listing.build));
  const stop = () => controller.abort();
  addEventListener("pagehide", stop);
  try {
    if (!isHere) await download(listing, state && (await listOf(state.build)), controller.signal);
    controller.signal.throwIfAborted();
    await takeCharge(listing.build);
  } catch (error) {
    if (!isHere) await caches.delete(name);
    throw error;
  } finally {
    removeEventListener("pagehide", stop);
  }
  kept.put([
    [TAKEN, listing.build],
    [LATER, null],
  ]);
  // Firefox asks the reader, who may take their time.
  void navigator.storage?.persist?.().then(() => look());
}

/**
 * @param {Listing} listing
 * @param {Listing | null} before the version that is here: what did not change is taken from it
 * @param {AbortSignal} signal
 */
async function download(listing, before, signal) {
  const cache = await caches.open(PREFIX + listing.build);
  /** @type {Map<string, string>} sha256 -> path */
  const here = new Map();
  for (const [path, { sha256 }] of Object.entries(before?.files ?? {})) here.set(sha256, path);
  const total = missingBytes(listing, new Set(here.keys()));
  let received = 0;
  show({ task: { received, total } });
  const count = (/** @type {number} */ bytes) => {
    received += bytes;
    show({ task: { received, total } });
  };

  // One failure ends the others, too.
  const failed = new AbortController();
  const either = AbortSignal.any([signal, failed.signal]);
  const waiting = Object.entries(listing.files);
  const work = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      either.throwIfAborted();
      const [path, { sha256 }] = next;
      const old = before && here.get(sha256);
      const response =
        (old && (await unchanged(before.build, old, sha256))) ||
        (await fetched(path, sha256, listing, either, count));
      await cache.put(address(path), response);
    }
  };
  const all = Array.from({ length: AT_ONCE }, () =>
    work().catch((error) => {
      failed.abort(error);
      throw error;
    }),
  );
  const outcomes = await Promise.allSettled(all);
  signal.throwIfAborted();
  if (failed.signal.aborted) throw failed.signal.reason;
  const broken = outcomes.find(({ status }) => status === "rejected");
  if (broken?.status === "rejected") throw broken.reason;
  // Last, because its presence says that the version is whole.
  await cache.put(LIST, Response.json(listing));
}

/**
 * @param {string} build
 * @param {string} path
 * @param {string} sha256
 * @returns {Promise<Response | null>}
 */
async function unchanged(build, path, sha256) {
  const found = await caches.match(address(path), { cacheName: PREFIX + build });
  if (found === undefined) return null;
  const content = await found.arrayBuffer();
  if ((await hash(content)) !== sha256) return null;
  return new Response(content, { headers: found.headers });
}

/**
 * @param {string} path
 * @param {string} sha256
 * @param {Listing} listing
 * @param {AbortSignal} signal
 * @param {(bytes: number) => void} count
 */
async function fetched(path, sha256, listing, signal, count) {
  let response, content;
  try {
    // Neither the browser's cache nor the service worker: what the host has at this moment.
    // A page by its folder, as some hosts lead from index.html to there.
    const url = address(path.replace(/(^|\/)index\.html$/, "$1"));
    response = await fetch(url, { cache: "no-store", signal });
    content = await counted(response, count);
  } catch (cause) {
    signal.throwIfAborted();
    // An answer that ends too early is a file that is wrong; none at all is a host that is not there.
    const reason = response === undefined ? "unreachable" : "wrong";
    throw await orRenewed(new OfflineError(reason, { file: path, cause }), listing);
  }
  // The hash alone decides: some hosts send the page for what is missing with its own status.
  if ((await hash(content)) !== sha256) {
    const reason = response.ok ? "wrong" : "missing";
    throw await orRenewed(new OfflineError(reason, { file: path }), listing);
  }
  const headers = new Headers(response.headers);
  for (const name of ABOUT_SENDING) headers.delete(name);
  headers.set("content-length", String(content.byteLength));
  return new Response(content, { headers });
}

/**
 * @param {Response} response
 * @param {(bytes: number) => void} count
 */
async function counted(response, count) {
  /** @type {Uint8Array<ArrayBuffer>[]} */
  const chunks = [];
  const reader = response.body?.getReader();
  for (;;) {
    const chunk = await reader?.read();
    if (!chunk?.value) return new Blob(chunks).arrayBuffer();
    chunks.push(chunk.value);
    count(chunk.value.length);
  }
}

/**
 * @param {OfflineError} error
 * @param {Listing} listing
 */
async function orRenewed(error, listing) {
  const now = await offeredNow().catch(() => listing);
  return now?.build === listing.build ? error : new OfflineError("renewed", { cause: error });
}

/** @param {ArrayBuffer} content */
async function hash(content) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", content));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** @param {string} path */
function address(path) {
  return new URL(path.split("/").map(encodeURIComponent).join("/"), ROOT).href;
}

/** @param {string} build */
async function takeCharge(build) {
  let registration;
  try {
    registration = await navigator.serviceWorker.register(WORKER, {
      scope: ROOT.pathname,
      updateViaCache: "none",
    });
  } catch (cause) {
    const isBlocked = cause instanceof DOMException && cause.name === "SecurityError";
    throw new OfflineError(isBlocked ? "blocked" : "missing", { file: "sw.js", cause });
  }
  try {
    await ask(await activeOf(registration), { type: "take", build });
  } catch (error) {
    // For the first time, and in vain: then it was never there.
    if ((await memory()) === null) await registration.unregister();
    throw error;
  }
  // The worker's own newer code waits for the same moment.
  const next = registration.installing ?? registration.waiting;
  if (next) {
    await reached(next, ["installed", "activated"]);
    if (next.state === "installed") next.postMessage({ type: "go" });
  }
}

/** @param {ServiceWorkerRegistration} registration */
async function activeOf(registration) {
  const worker = registration.active ?? registration.waiting ?? registration.installing;
  if (worker === null) throw new OfflineError("unexpected", { file: "sw.js" });
  await reached(worker, ["activating", "activated"]);
  return worker;
}

/**
 * @param {ServiceWorker} worker
 * @param {ServiceWorkerState[]} states
 * @returns {Promise<void>}
 */
function reached(worker, states) {
  return new Promise((resolve, reject) => {
    const look = () => {
      if (states.includes(worker.state)) resolve();
      else if (worker.state === "redundant") {
        reject(new OfflineError("unexpected", { file: "sw.js" }));
      } else return;
      worker.removeEventListener("statechange", look);
    };
    worker.addEventListener("statechange", look);
    look();
  });
}

/**
 * @param {ServiceWorker} worker
 * @param {object} message
 * @returns {Promise<unknown>}
 */
function ask(worker, message) {
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve, reject) => {
    const fail = (/** @type {unknown} */ cause) =>
      reject(new OfflineError("unexpected", { file: "sw.js", cause }));
    const timer = setTimeout(fail, ANSWER_MS, "no answer");
    port1.onmessage = ({ data }) => {
      clearTimeout(timer);
      port1.close();
      if (data.ok) resolve(data.answer);
      else fail(data.detail);
    };
    worker.postMessage(message, [port2]);
  });
}

// -- removing -----------------------------------------------------------------------------------

/** Give back everything that is kept, and the service worker. */
export async function remove() {
  if (present.task !== null) return;
  show({ failure: null });
  // An update that is under way would bring the worker back.
  await looking;
  await updating;
  try {
    await locked(removeNow);
  } catch (error) {
    const { reason, file } = asOfflineError(error);
    show({ failure: { reason, file } });
  }
  await look();
}

async function removeNow() {
  const registration = await registered();
  // Tabs that it still serves go on with the host.
  if (registration?.active) await ask(registration.active, { type: "forget" });
  let freed = 0;
  for (const name of await ownCaches()) {
    freed += (await listOf(name.slice(PREFIX.length)))?.bytes ?? 0;
    await caches.delete(name);
  }
  for (let left = registration, times = 0; left && times < 3; times++) {
    await left.unregister();
    left = await registered();
  }
  kept.put([
    [TAKEN, null],
    [LATER, null],
  ]);
  own = null;
  show({ freed, shown: null });
}

/**
 * One tab at a time.
 *
 * @param {() => Promise<void>} work
 */
async function locked(work) {
  let mine = false;
  try {
    await navigator.locks.request(
      PREFIX + "offline",
      { signal: AbortSignal.timeout(LOCK_MS) },
      () => {
        mine = true;
        return work();
      },
    );
  } catch (error) {
    throw mine ? error : new OfflineError("elsewhere", { cause: error });
  }
}

/** @param {unknown} error */
function asOfflineError(error) {
  if (error instanceof OfflineError) return error;
  const name = error instanceof DOMException || error instanceof Error ? error.name : "";
  if (name === "QuotaExceededError") return new OfflineError("full", { cause: error });
  if (name === "SecurityError") return new OfflineError("blocked", { cause: error });
  return new OfflineError("unexpected", { file: name, cause: error });
}

// -- what happens elsewhere ---------------------------------------------------------------------

kept.events.addEventListener("elsewhere", (event) => {
  const key = event instanceof CustomEvent ? event.detail : null;
  if (key === TAKEN || key === LATER) void look();
});
for (const type of ["online", "offline"]) addEventListener(type, () => void look());
document.addEventListener("visibilitychange", () => {
  if (!document.hidden && present.looked && Date.now() - lookedAt > LOOK_AGAIN_MS) void look();
});
// A page that comes back from the browser's memory may be of a version that has gone since.
addEventListener("pageshow", async ({ persisted }) => {
  const controller = persisted ? navigator.serviceWorker?.controller : null;
  if (controller?.scriptURL !== WORKER || present.shown === null) return;
  if ((await ask(controller, { type: "which" })) !== present.shown.build) location.reload();
});
