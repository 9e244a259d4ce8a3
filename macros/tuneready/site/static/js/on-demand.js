/**
 * Fetches what not every page needs when its element is there: on the first page that has it, the
 * page itself names the module, and this finds it loaded; after instant navigation, this fetches it.
 *
 * A site that was renewed meanwhile is never mixed: Material puts a new page into the old one, whose
 * code is of another build, so that page is loaded as a whole. Answers are stored by then.
 */

/** @type {Map<string, () => Promise<unknown>>} tag -> its module */
const modules = new Map([
  ["tr-assessment", () => import("./assessment.js")],
  ["tr-assessments", () => import("./assessments.js")],
  ["tr-checklist", () => import("./checklist.js")],
  ["tr-compare", () => import("./compare.js")],
  ["tr-dataset-check", () => import("./dataset-check.js")],
  ["tr-exchange", () => import("./exchange.js")],
  ["tr-offline", () => import("./offline.js")],
  ["tr-overview", () => import("./overview.js")],
  ["tr-scope", () => import("./scope.js")],
]);

const observer = new MutationObserver(look);

/** Fetched ahead: it is needed when nothing arrives any more. */
const missing = import("./missing.js").catch(() => null);

/** How the page that is shown names the code that runs. */
const SELF = "tuneready.js";
const own = new URL(SELF, import.meta.url).href;

function look() {
  const named = document.head.querySelector(`script[src$="/js/${SELF}"]`);
  if (named instanceof HTMLScriptElement && named.src !== own) return location.reload();
  for (const [tag, load] of modules) {
    if (document.querySelector(tag) === null) continue;
    modules.delete(tag);
    load().catch(() => reloadIfRenewed());
  }
}

/** Otherwise, the form says what the reader can do instead. */
async function reloadIfRenewed() {
  const [loaded] = performance.getEntriesByType("navigation");
  // Once is enough: a host may hand out both builds in turn.
  if (loaded instanceof PerformanceNavigationTiming && loaded.type === "reload") return;
  if ((await (await missing)?.whyMissing()) === "renewed") location.reload();
}

observer.observe(document.body, { childList: true, subtree: true });
look();
// Only for readers who keep the site for offline use.
if (navigator.serviceWorker?.controller) import("./offline-notice.js").catch(() => {});
