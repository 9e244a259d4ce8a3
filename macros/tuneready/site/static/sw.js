/**
 * The service worker of readers who keep this site for offline use; nobody else has it.
 *
 * It only hands out what `js/offline-site.js` has fetched and compared with its hash. Each version
 * of the site is in a cache of its own, `tuneready:<path>:<build>`, with its list `offline.json` put
 * in last: without it, a cache is not whole. One more cache holds what this worker must remember.
 *
 * Never mixed: a document gets everything from the version that it came from itself, also after
 * another one has been taken, until it is closed or loaded again. A request for the host's own file
 * says so by `cache: "no-store"`; all that is not of this site goes the way it would have gone.
 */

/** @import { FetchEvent, Listing, MessageEventFromPage, OfflineState, WorkerGlobal } from "./sw.js" */

const worker = /** @type {WorkerGlobal} */ (/** @type {unknown} */ (self));

// Other sites may share the origin, and each may keep itself: only what is below this path is ours.
const SITE = new URL("./", worker.location.href);
const PREFIX = `tuneready:${SITE.pathname}:`;
const MEMORY = `${PREFIX}state`;
const MEMORY_URL = new URL("offline-state.json", SITE).href;
const LIST = new URL("offline.json", SITE).href;
/** Files whose address holds a hash of their content: the same in every version that has them. */
const BY_CONTENT = /^assets\/tuneready\/[0-9a-f]+\//;
/** Instead of a build: a document that came from the host gets everything from there. */
const HOST = "";

/** @type {Promise<OfflineState | null> | null} read once, as nobody else writes it; changed in place */
let remembered = null;
/** @type {Promise<void>} one write after another */
let written = Promise.resolve();
/** @type {Map<string, Promise<Map<string, string>>>} build -> path -> address in its cache */
const lists = new Map();
/** @type {Map<string, string>} client -> build, of the documents handed out since this worker woke */
const documents = new Map();

worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (origin !== SITE.origin || !pathname.startsWith(SITE.pathname)) return;
  if (request.method !== "GET" || request.cache === "no-store") return;
  event.respondWith(answer(event, pathname.slice(SITE.pathname.length)));
});

worker.addEventListener("message", (event) => {
  const port = event.ports[0];
  event.waitUntil(
    obey(event).then(
      (answer) => port?.postMessage({ ok: true, answer }),
      (error) => port?.postMessage({ ok: false, detail: String(error) }),
    ),
  );
});

/**
 * @param {MessageEventFromPage} event
 * @returns {Promise<unknown>}
 */
async function obey({ data, source }) {
  switch (data.type) {
    case "which": {
      const state = await memory();
      return state === null ? HOST : buildOf(source.id, state);
    }
    case "take":
      return take(data.build);
    case "forget":
      return forget();
    case "go":
      return worker.skipWaiting();
  }
}

/**
 * @param {FetchEvent} event
 * @param {string} path below the site's root
 * @returns {Promise<Response>}
 */
async function answer(event, path) {
  const { request, clientId, resultingClientId } = event;
  const state = await memory();
  if (state === null) return fetch(request);
  const navigates = request.mode === "navigate";
  const build = navigates ? state.build : buildOf(clientId, state);
  // The document or worker that comes of this; known at once, so that nothing can come between.
  if (resultingClientId) goOnWith(build, resultingClientId, event, state);
  if (navigates) event.waitUntil(tidy());
  if (build === HOST) return fetch(request);

  const files = await listOf(build);
  const { file, folder } = placeOf(path, files);
  if (folder !== null) {
    return Response.redirect(new URL(folder, SITE).href + new URL(request.url).search, 301);
  }
  if (file !== null) return handOut(build, file, files, request);
  if (BY_CONTENT.test(path)) {
    // Of a worker whose document came from the host, for instance.
    const found = (await elsewhere(path)) ?? (await fetch(request));
    if (found.ok) return found;
  }
  if (navigates) return outside(event, state, files);
  return new Response(null, { status: 404 });
}

/**
 * @param {string} build
 * @param {string} client
 * @param {FetchEvent} event
 * @param {OfflineState} state
 */
function goOnWith(build, client, event, state) {
  documents.set(client, build);
  if (build === state.build) return;
  state.others[client] = build;
  event.waitUntil(write(state));
}

/**
 * @param {string} client
 * @param {OfflineState} state
 */
function buildOf(client, state) {
  return documents.get(client) ?? state.others[client] ?? state.build;
}

/**
 * As a host finds it: a folder is its index.html, and its address ends in a slash.
 *
 * @param {string} path
 * @param {Map<string, string>} files
 * @returns {{ file: string | null, folder: string | null }}
 */
function placeOf(path, files) {
  let plain = path;
  try {
    plain = decodeURIComponent(path);
  } catch {
    return { file: null, folder: null };
  }
  if (files.has(plain)) return { file: plain, folder: null };
  if (plain === "" || plain.endsWith("/")) {
    const index = `${plain}index.html`;
    return { file: files.has(index) ? index : null, folder: null };
  }
  return { file: null, folder: files.has(`${plain}/index.html`) ? `${path}/` : null };
}

/**
 * @param {string} build
 * @param {string} file
 * @param {Map<string, string>} files
 * @param {Request} request
 */
async function handOut(build, file, files, request) {
  const kept = await caches.match(files.get(file) ?? "", { cacheName: PREFIX + build });
  if (kept !== undefined) return kept;
  // A browser clears a site as a whole. Should it not, what is left is not a version any more.
  await forget();
  return fetch(request);
}

/**
 * @param {string} path
 * @returns {Promise<Response | null>} from another version that is still in use
 */
async function elsewhere(path) {
  const state = await memory();
  for (const build of Object.values(state?.others ?? {})) {
    if (build === HOST) continue;
    const address = (await listOf(build)).get(path);
    const found = address && (await caches.match(address, { cacheName: PREFIX + build }));
    if (found) return found;
  }
  return null;
}

/**
 * An address that this version does not have: perhaps of another site below this one, or of a newer
 * version. What comes from the host goes on with the host; otherwise it is this version's page for
 * what is missing.
 *
 * @param {FetchEvent} event
 * @param {OfflineState} state
 * @param {Map<string, string>} files
 */
async function outside(event, state, files) {
  const { request, resultingClientId } = event;
  const { build } = state;
  const response = await fetch(request).catch(() => null);
  if (response !== null && (response.ok || response.type === "opaqueredirect")) {
    if (resultingClientId) goOnWith(HOST, resultingClientId, event, state);
    return response;
  }
  const missing = await handOut(build, "404.html", files, request);
  return new Response(missing.body, { status: 404, headers: missing.headers });
}

/**
 * Put a version in charge, for every document that is loaded from now on.
 *
 * @param {string} build
 */
async function take(build) {
  if ((await listOf(build)).size === 0) throw new Error(`${build} is not here as a whole`);
  const state = (await memory()) ?? { build: HOST, since: "", others: {} };
  const clients = await worker.clients.matchAll({ includeUncontrolled: true, type: "all" });
  // From here to the write nothing waits, so no document can come between.
  for (const id of [...clients.map(({ id }) => id), ...documents.keys()]) {
    state.others[id] = buildOf(id, state);
  }
  documents.clear();
  const before = { ...state };
  Object.assign(state, { build, since: new Date().toISOString() });
  remembered = Promise.resolve(state);
  try {
    await write(state);
  } catch (error) {
    Object.assign(state, { build: before.build, since: before.since });
    if (before.build === HOST) remembered = Promise.resolve(null);
    throw error;
  }
}

/** Forget documents that are gone, and a version once no document is left of it. */
async function tidy() {
  const state = await memory();
  if (state === null || Object.keys(state.others).length === 0) return;
  const clients = await worker.clients.matchAll({ includeUncontrolled: true, type: "all" });
  const alive = new Set([...clients.map(({ id }) => id), ...documents.keys()]);
  const gone = Object.entries(state.others).filter(([id]) => !alive.has(id));
  if (gone.length === 0) return;
  for (const [id] of gone) delete state.others[id];
  await write(state);
  const needed = new Set([HOST, state.build, ...Object.values(state.others)]);
  for (const build of new Set(gone.map(([, build]) => build))) {
    if (needed.has(build)) continue;
    lists.delete(build);
    await caches.delete(PREFIX + build);
  }
}

/** From now on every request goes to the host. */
async function forget() {
  remembered = Promise.resolve(null);
  documents.clear();
  lists.clear();
  await caches.delete(MEMORY);
}

function memory() {
  remembered ??= recall();
  return remembered;
}

/** @returns {Promise<OfflineState | null>} */
async function recall() {
  const kept = await caches.match(MEMORY_URL, { cacheName: MEMORY });
  /** @type {OfflineState | null} */
  const state = kept ? await kept.json() : null;
  return state !== null && (await listOf(state.build)).size > 0 ? state : null;
}

/** @param {OfflineState} state */
function write(state) {
  const next = written
    .catch(() => {})
    .then(async () => (await caches.open(MEMORY)).put(MEMORY_URL, Response.json(state)));
  written = next;
  return next;
}

/**
 * @param {string} build
 * @returns {Promise<Map<string, string>>} empty when the version is not here as a whole
 */
function listOf(build) {
  let reading = lists.get(build);
  if (reading === undefined) {
    reading = readList(build);
    lists.set(build, reading);
  }
  return reading;
}

/**
 * @param {string} build
 * @returns {Promise<Map<string, string>>}
 */
async function readList(build) {
  const kept = await caches.match(LIST, { cacheName: PREFIX + build });
  /** @type {Listing | null} */
  const listing = kept ? await kept.json() : null;
  const paths = Object.keys(listing?.files ?? {});
  return new Map(paths.map((path) => [path, address(path)]));
}

/** @param {string} path */
function address(path) {
  return new URL(path.split("/").map(encodeURIComponent).join("/"), SITE).href;
}
