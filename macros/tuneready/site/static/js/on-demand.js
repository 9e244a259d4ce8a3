/**
 * Fetches what not every page needs when its element is there: on the first page that has it, the
 * page itself names the module, and this finds it loaded; after instant navigation, this fetches it.
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

function look() {
  for (const [tag, load] of modules) {
    if (document.querySelector(tag) === null) continue;
    modules.delete(tag);
    // Whether it arrives or not, the form says what the reader can do instead.
    load().catch(() => {});
  }
  if (modules.size === 0) observer.disconnect();
}

observer.observe(document.body, { childList: true, subtree: true });
look();
// Only for readers who keep the site for offline use.
if (navigator.serviceWorker?.controller) import("./offline-notice.js").catch(() => {});
