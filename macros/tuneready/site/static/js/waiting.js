/**
 * What a reader sees while Python starts: the part `tr-wait` of engine_status.html, brought to life.
 * It says how much of how much has arrived, how long the rest takes at the pace so far, and when
 * nothing arrives any more.
 */

import { engine } from "./engine.js";
import { formatted } from "./fill.js";

const MEGABYTE = 1_000_000;
const EVERY_MS = 1000;
/** A pace is worth telling once it has been seen for this long. */
const PACE_MS = 1500;
/** A line without anything for so long is worth a word. */
const STILL_MS = 5000;
/** An answer that comes sooner needs no announcement. */
const PATIENCE_MS = 300;

/** @typedef {"starting" | "arrived" | "ready"} Stage */

export class Waiting {
  #part;
  #timer = 0;
  /** When this began to be shown; 0 while it is not. */
  #since = 0;
  /** Whether more than a moment's wait was announced. */
  #told = false;
  /** When the first bytes of this start were told of, how many those were, and of the newest. */
  #pace = { began: 0, first: 0, newest: 0, received: 0 };

  /**
   * @param {HTMLElement} part
   * @param {AbortSignal} signal when nobody waits here any more
   */
  constructor(part, signal) {
    this.#part = part;
    engine().addEventListener("state", () => this.#show(), { signal });
    signal.addEventListener("abort", () => this.hide());
    const onClick = (/** @type {Event} */ { target }) => {
      if (target instanceof Element && target.closest("[data-action=stop]")) engine().stop();
    };
    part.addEventListener("click", onClick, { signal });
  }

  show() {
    if (this.#since !== 0) return;
    this.#since = performance.now();
    this.#timer = window.setInterval(() => this.#show(), EVERY_MS);
    window.setTimeout(() => this.#show(), PATIENCE_MS);
    this.#show();
  }

  hide() {
    clearInterval(this.#timer);
    this.#since = 0;
    this.#told = false;
    this.#part.hidden = true;
  }

  #show() {
    if (this.#since === 0) return;
    const { state } = engine();
    const stage = stageOf(state);
    this.#part.hidden = stage === "ready" && performance.now() - this.#since < PATIENCE_MS;
    for (const part of this.#part.querySelectorAll("[data-stage]")) {
      if (part instanceof HTMLElement) part.hidden = part.dataset["stage"] !== stage;
    }
    // What stands there stays to the end: nothing should move while the reader looks at it.
    this.#told ||= stage !== "ready";
    const about = this.#part.querySelector("[data-about]");
    if (about instanceof HTMLElement) about.hidden = !this.#told;
    const received = state.name === "starting" ? state.received : 0;
    const total = state.name === "starting" ? state.total : null;
    this.#see(received);
    const bar = this.#part.querySelector("progress");
    if (stage === "starting" && received > 0 && total !== null) {
      bar?.setAttribute("max", String(total));
      bar?.setAttribute("value", String(received));
    } else {
      bar?.removeAttribute("value");
    }
    if (stage !== "starting") return;
    for (const [name, text] of Object.entries(this.#pacing(received, total))) {
      const place = this.#part.querySelector(`[data-${name}]`);
      if (place) place.textContent = text;
    }
  }

  /** @param {number} received */
  #see(received) {
    const now = performance.now();
    // Less than before: another start.
    if (received === 0 || received < this.#pace.received)
      this.#pace = { began: now, first: received, newest: now, received };
    if (received > this.#pace.received) Object.assign(this.#pace, { newest: now, received });
  }

  /**
   * How much there is, and how long the rest takes.
   *
   * @param {number} received
   * @param {number | null} total
   */
  #pacing(received, total) {
    const { began, first, newest } = this.#pace;
    const now = performance.now();
    // How much it is, is not known before the list of files is here.
    const soFar = received === 0 ? "" : this.#megabytes("soFar", received, received);
    const amount = total === null ? soFar : this.#megabytes("ofAll", received, total);
    if (now - newest > STILL_MS)
      return { amount, left: this.#say("still", Math.round((now - newest) / 1000)) };
    if (total === null || now - began < PACE_MS || received === first) return { amount, left: "" };
    return { amount, left: this.#left(((total - received) * (now - began)) / (received - first)) };
  }

  /** @param {number} milliseconds */
  #left(milliseconds) {
    const seconds = milliseconds / 1000;
    if (seconds < 5) return this.#say("moments", 0);
    if (seconds < 90) return this.#say("seconds", Math.ceil(seconds / 5) * 5);
    return this.#say("minutes", Math.ceil(seconds / 60));
  }

  /**
   * @param {string} name
   * @param {number} received
   * @param {number} total
   */
  #megabytes(name, received, total) {
    const digits = { maximumFractionDigits: 1, minimumFractionDigits: 1 };
    const megabytes = (/** @type {number} */ bytes) =>
      (bytes / MEGABYTE).toLocaleString(this.#part.dataset["language"], digits);
    return formatted(this.#part.dataset[name] ?? "", {
      received: megabytes(received),
      total: megabytes(total),
    });
  }

  /**
   * @param {string} name
   * @param {number} n
   */
  #say(name, n) {
    return formatted(this.#part.dataset[name] ?? "", { n });
  }
}

/**
 * @param {import("./protocol.js").EngineState} state
 * @returns {Stage}
 */
function stageOf(state) {
  if (state.name === "ready") return "ready";
  const arrived =
    state.name === "starting" && state.total !== null && state.received >= state.total;
  return arrived && state.received > 0 ? "arrived" : "starting";
}
