/**
 * What each page says to readers who keep this site: which version they read, and that there is a
 * newer one. Fetched only where a service worker is in charge of the page; the texts are in the
 * list of the version that the page comes from.
 */

import { Texts } from "./texts.js";
import { cancel, events, keep, later, look, ownListing, view } from "./offline-site.js";
import { loadAgain, longDay } from "./offline-words.js";

const ROOT = new URL("../../../../", import.meta.url);

/** @typedef {"kept" | "offline" | "older" | "newer" | "taking" | "failed" | "taken"} Saying */

/** With each sentence: what can be done. @type {Record<Saying, string[]>} */
const ACTIONS = {
  kept: ["details"],
  offline: ["details"],
  older: ["details"],
  newer: ["take", "later"],
  taking: ["cancel"],
  failed: ["why", "later"],
  taken: ["reload"],
};
/** These ask for something, and stand above the page; the others are the page's last line. */
const ASKING = new Set(["newer", "taking", "failed", "taken"]);

const notice = document.createElement("aside");
const sentence = document.createElement("p");
const actions = document.createElement("p");
/** @type {Saying | null} */
let said = null;

function build() {
  // Beside the page's parts, because instant navigation replaces those, and empties the head.
  const styles = document.createElement("link");
  styles.rel = "stylesheet";
  styles.href = new URL("../css/offline.css", import.meta.url).href;
  notice.className = "tr-offline-notice md-typeset";
  notice.tabIndex = -1;
  sentence.setAttribute("role", "status");
  actions.className = "tr-actions";
  notice.append(styles, sentence, actions);
  notice.addEventListener("click", ({ target }) => {
    const button = target instanceof HTMLButtonElement ? target : null;
    switch (button?.value) {
      case "take":
        return void keep();
      case "cancel":
        return cancel();
      case "later":
        return later();
      case "reload":
        return loadAgain();
    }
  });
}

/** @returns {Saying | null} */
function saying() {
  const { shown, kept, newest, host, task, failure, later: isLater } = view();
  // The first download is shown where it was asked for.
  if (shown === null || kept === null) return null;
  if (task !== null) return "taking";
  if (shown.build !== kept.build) return "taken";
  const isNewer = host === "yes" && newest !== null && newest.build !== shown.build;
  if (failure !== null && isNewer && !isLater) return "failed";
  if (host === "no") return "offline";
  if (isNewer) return isLater ? "older" : "newer";
  return "kept";
}

function show() {
  const listing = ownListing();
  const now = saying();
  if (now === null || listing === null) {
    notice.remove();
    said = null;
    return;
  }
  const language = document.documentElement.lang;
  const words = listing.languages[language] ?? listing.languages["en"];
  const texts = new Texts(words?.notice ?? {}, language);
  const { shown, newest, task } = view();
  notice.setAttribute("aria-label", texts.say("label"));
  const told = texts.say(now, {
    day: longDay((now === "newer" ? newest : shown)?.date ?? listing.date, language),
    received: texts.size(task?.received ?? 0),
    total: texts.size(task?.total ?? 0),
  });
  // Each step of a download is for the eyes only.
  sentence.setAttribute("aria-live", now === "taking" && said === now ? "off" : "polite");
  if (sentence.textContent !== told) sentence.textContent = told;
  if (now === said && notice.isConnected) return;
  said = now;
  const hadFocus = notice.contains(document.activeElement);
  const page = new URL(words?.page ?? "", ROOT).href;
  const size = texts.size(newest?.download ?? 0);
  actions.replaceChildren(
    ...ACTIONS[now].map((name) => control(name, texts.say(name, { size }), page)),
  );
  notice.dataset["saying"] = now;
  place(ASKING.has(now));
  if (hadFocus) notice.focus({ preventScroll: true });
}

/**
 * @param {string} name
 * @param {string} label
 * @param {string} page where the site is kept
 */
function control(name, label, page) {
  if (name === "details" || name === "why") {
    const link = document.createElement("a");
    link.href = page;
    link.textContent = label;
    return link;
  }
  const button = document.createElement("button");
  button.type = "button";
  button.value = name;
  button.className = "tr-button";
  button.textContent = label;
  return button;
}

/** @param {boolean} isAsking */
function place(isAsking) {
  const page = document.querySelector(".md-container");
  if (page !== null && isAsking) page.before(notice);
  else if (page !== null) page.after(notice);
  else document.body.append(notice);
}

build();
events.addEventListener("change", show);
// The language of the page may change without a page load.
new MutationObserver(() => {
  said = null;
  show();
}).observe(document.documentElement, { attributeFilter: ["lang"] });
void look();
