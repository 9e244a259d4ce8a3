/** <tr-offline>: the whole site is kept for offline use here, brought up to date, or removed. */

/** @import { View } from "./offline-site.js" */

import { Texts } from "./texts.js";
import { cancel, events, keep, look, remove, view } from "./offline-site.js";
import { loadAgain, longDay } from "./offline-words.js";

/** Progress is said aloud so often, not with every piece that arrives. */
const SAID_EVERY = 0.25;

class Offline extends HTMLElement {
  #connection = new AbortController();
  #texts = new Texts({}, "en");
  #said = 0;

  connectedCallback() {
    this.#connection = new AbortController();
    const { signal } = this.#connection;
    const language = this.dataset["language"] ?? "en";
    this.#texts = new Texts(JSON.parse(this.dataset["texts"] ?? "{}"), language);
    this.addEventListener("click", ({ target }) => this.#onClick(target), { signal });
    events.addEventListener("change", () => this.#show(), { signal });
    this.#show();
    void look();
  }

  disconnectedCallback() {
    this.#connection.abort();
  }

  /** @param {EventTarget | null} target */
  #onClick(target) {
    const button = target instanceof Element ? target.closest("[data-action]") : null;
    switch (button?.getAttribute("data-action")) {
      case "keep":
        return void keep();
      case "cancel":
        return cancel();
      case "remove":
        return void remove();
      case "look":
        return void look();
      case "reload":
        return loadAgain();
    }
  }

  #show() {
    const now = view();
    const state = stateOf(now);
    const before = this.dataset["state"];
    const focused = document.activeElement;
    for (const part of this.#all("[data-shows]")) part.hidden = part.dataset["shows"] !== state;
    this.#showHeadline(now, state);
    this.#showOffer(now);
    this.#showKept(now);
    this.#showProgress(now);
    this.#showFailure(now);
    this.dataset["state"] = state;
    if (before === state) return;
    if (before !== "loading") this.#announce(this.#part("[data-headline]").textContent);
    // The button that was pressed is gone, so the focus goes to what came of it.
    if (focused && this.contains(focused) && !focused.checkVisibility()) {
      this.#part("[data-headline]").focus();
    }
  }

  /**
   * @param {View} now
   * @param {string} state
   */
  #showHeadline({ kept, freed }, state) {
    const headline = this.#part("[data-headline]");
    if (state === "loading") return;
    if (state === "downloading") headline.textContent = this.#texts.say("downloading");
    else if (kept) headline.textContent = this.#texts.say("kept", { day: this.#day(kept.date) });
    else if (freed !== null) {
      headline.textContent = this.#texts.say("removed", { size: this.#texts.size(freed) });
    } else headline.textContent = this.#texts.say("idle");
  }

  /** @param {View} now */
  #showOffer({ newest, kept }) {
    if (newest === null) return;
    this.#part("[data-size]").textContent = this.#sizeOf(newest);
    for (const button of this.#all("[data-label]")) {
      const size = this.#texts.size(kept ? newest.download : newest.bytes);
      button.textContent = this.#texts.say(button.dataset["label"] ?? "", { size });
    }
  }

  /** @param {View} now */
  #showKept({ kept, shown, newest, host, lasting }) {
    if (kept === null) return;
    this.#part("[data-offline]").hidden = host !== "no";
    this.#part("[data-kept-size]").textContent = this.#sizeOf(kept);
    this.#part("[data-since]").textContent = this.#day(kept.since);
    this.#part("[data-day]").textContent = this.#day(kept.date);
    this.#part("[data-build]").textContent = kept.build;
    this.#part("[data-fleeting]").hidden = lasting;
    this.#part("[data-tab]").hidden = shown?.build === kept.build;
    this.#part("[data-tab-text]").textContent = shown
      ? this.#texts.say("taken", { day: this.#day(shown.date) })
      : this.#texts.say("fromHost");
    const isNewer = newest !== null && newest.build !== kept.build;
    this.#part("[data-newer]").hidden = !isNewer;
    this.#part("[data-newer-text]").textContent = isNewer
      ? this.#texts.say("newer", { day: this.#day(newest.date) })
      : "";
  }

  /** @param {View} now */
  #showProgress({ task }) {
    if (task === null) {
      this.#said = 0;
      return;
    }
    const { received, total } = task;
    const progress = this.querySelector("progress");
    if (progress && total > 0) {
      progress.max = total;
      progress.value = received;
    }
    const told = this.#texts.say("progress", {
      received: this.#texts.size(received),
      total: this.#texts.size(total),
    });
    this.#part("[data-progress]").textContent = told;
    if (received / total < this.#said + SAID_EVERY) return;
    this.#said = received / total;
    this.#announce(told);
  }

  /** @param {View} now */
  #showFailure({ failure, kept }) {
    this.#part("[data-failed]").hidden = failure === null;
    for (const part of this.#all("[data-failure]")) {
      part.hidden = part.dataset["failure"] !== failure?.reason;
    }
    for (const part of this.#all("[data-file]")) part.textContent = failure?.file ?? "";
    for (const part of this.#all("[data-left]")) {
      part.hidden = (part.dataset["left"] === "before") !== (kept !== null);
    }
  }

  /** @param {{ bytes: number, files: number }} version */
  #sizeOf({ bytes, files }) {
    return this.#texts.say("size", { size: this.#texts.size(bytes), n: files });
  }

  /** @param {string} iso */
  #day(iso) {
    return longDay(iso, this.#texts.language);
  }

  /** @param {string} text */
  #announce(text) {
    this.#part("[data-announce]").textContent = text;
  }

  /** @param {string} selector */
  #part(selector) {
    return /** @type {HTMLElement} */ (this.querySelector(selector));
  }

  /** @param {string} selector */
  #all(selector) {
    return /** @type {NodeListOf<HTMLElement>} */ (this.querySelectorAll(selector));
  }
}

/** @param {View} now */
function stateOf({ support, looked, task, kept, host, newest }) {
  if (support !== "yes") return support;
  if (task !== null) return "downloading";
  if (!looked) return "loading";
  if (kept !== null) return "kept";
  if (host === "gone") return "gone";
  return host === "no" || newest === null ? "unreachable" : "idle";
}

customElements.define("tr-offline", Offline);
