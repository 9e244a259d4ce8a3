/**
 * In the place of `sw.js` where a site is not offered for offline use any more: the browser fetches
 * this as its newer version, and it takes itself and everything that was kept away again.
 */

/** @import { WorkerGlobal } from "./sw.js" */

const worker = /** @type {WorkerGlobal} */ (/** @type {unknown} */ (self));
const PREFIX = `tuneready:${new URL("./", worker.location.href).pathname}:`;
/** What may follow: a build, or the worker's memory. Not the path of another site below this one. */
const OWN = /^([0-9a-f]{16}|state)$/;
const TIMES = 20;
const PAUSE_MS = 500;
const LOADING_MS = 3_000;

// Whatever is open: this is for when what was kept must not be used any longer.
worker.addEventListener("install", (event) => event.waitUntil(replace()));
worker.addEventListener("activate", (event) => event.waitUntil(remove()));

/**
 * First what was kept: without it, the worker before this one too gets everything from the host. Only
 * then, once a page that is being loaded is through, is it replaced: Chromium wakes it anew for a
 * request that comes just when it is to stop (seen 7 times in 40; after the pause 0 in 24), and then
 * keeps it until it has had nothing to do for 30 seconds, or for minutes with developer tools open.
 */
async function replace() {
  await empty();
  await new Promise((resolve) => setTimeout(resolve, LOADING_MS));
  await worker.skipWaiting();
}

async function remove() {
  await empty();
  await worker.clients.claim();
  await worker.registration.unregister();
  // Not waited for: a page that is being loaded may itself wait until this worker is active.
  void loadAgain();
}

async function empty() {
  for (const name of await caches.keys()) {
    if (name.startsWith(PREFIX) && OWN.test(name.slice(PREFIX.length))) await caches.delete(name);
  }
}

/** A page that was just being loaded may refuse, so it is asked again. */
async function loadAgain() {
  for (let times = 0; times < TIMES; times++) {
    const pages = await worker.clients.matchAll({ type: "window" });
    if (pages.length === 0) return;
    await Promise.allSettled(pages.map((page) => page.navigate(page.url)));
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}
