/**
 * What a part shows while it waits for Python, and when Python does not answer: the texts of
 * engine_status.html, brought to life. Used by every part that asks for something.
 */

import { EngineError, engine } from "./engine.js";
import { whyMissing } from "./missing.js";
import { Waiting } from "./waiting.js";

/** @typedef {"idle" | "loading" | "done" | "failed"} State */

/** Where another try would end the same way, or a reload is what helps. */
const NO_RETRY = ["refused", "renewed", "no-webassembly", "no-module-worker"];
/** Where the site is not at fault, or nothing failed, no other way to the answer is needed. */
const NO_OTHER_WAY = ["refused", "renewed", "offline", "given-up"];

export class Asking {
  #element;
  #connection = new AbortController();
  /** @type {Waiting | null} */
  #waiting = null;
  /** Counts the questions, so that only the newest is answered. */
  #question = 0;
  /** @type {(() => void) | null} what "try again" does */
  #again = null;
  #onState;

  /**
   * @param {HTMLElement} element whose `data-state` tells: idle, loading, done or failed
   * @param {(state: State) => void} [onState]
   */
  constructor(element, onState = () => {}) {
    this.#element = element;
    this.#onState = onState;
    const { signal } = this.#connection;
    const waiting = this.#part("[data-waiting]");
    if (waiting) this.#waiting = new Waiting(waiting, signal);
    element.addEventListener("click", (event) => this.#onClick(event), { signal });
  }

  /** @param {Event} event */
  #onClick({ target }) {
    const button = target instanceof Element ? target.closest("[data-failed] [data-action]") : null;
    const action = button?.getAttribute("data-action");
    if (action === "reload") location.reload();
    if (action !== "retry" || this.#again === null) return;
    engine().retry();
    this.#again();
  }

  /** Forget what was asked, and show as much; the answer will not arrive. */
  stop() {
    this.#question += 1;
    this.#setState("idle");
  }

  end() {
    this.#question += 1;
    this.#connection.abort();
  }

  /**
   * Ask, and show how it goes. The last question wins: an earlier answer is not passed on.
   *
   * @template T
   * @param {() => Promise<T>} ask
   * @param {(answer: T) => void} onAnswer
   */
  async ask(ask, onAnswer) {
    const question = ++this.#question;
    this.#again = () => this.ask(ask, onAnswer);
    this.#setState("loading");
    try {
      const answer = await ask();
      if (question !== this.#question) return;
      onAnswer(answer);
      this.#setState("done");
    } catch (error) {
      const reason = await reasonOf(error);
      if (question !== this.#question) return;
      this.#showFailure(reason, error);
      this.#setState("failed");
    }
  }

  /** @param {State} state */
  #setState(state) {
    this.#element.dataset["state"] = state;
    if (state === "loading") this.#waiting?.show();
    else this.#waiting?.hide();
    const failed = this.#part("[data-failed]");
    if (failed) failed.hidden = state !== "failed";
    this.#onState(state);
  }

  /**
   * @param {string} reason
   * @param {unknown} error
   */
  #showFailure(reason, error) {
    const failure = error instanceof EngineError ? error.failure : null;
    const reasons = this.#parts("[data-failed] [data-failure]");
    const known = reasons.some((text) => text.dataset["failure"] === reason);
    for (const text of reasons) {
      text.hidden = text.dataset["failure"] !== (known ? reason : "unexpected");
    }
    const calm = reason === "given-up";
    const detail = failure ? `${failure.file} ${failure.detail}`.trim() : String(error);
    this.#say("[data-message]", failure?.message ?? "");
    this.#say("[data-detail]", calm ? "" : detail);
    this.#showIf("[data-failed-title]", !calm);
    this.#showIf("[data-elsewhere]", !NO_OTHER_WAY.includes(reason));
    this.#showIf("[data-action=retry]", !NO_RETRY.includes(reason));
    this.#showIf("[data-action=reload]", reason === "renewed");
  }

  /**
   * @param {string} selector
   * @param {string} text
   */
  #say(selector, text) {
    const part = this.#part(`[data-failed] ${selector}`);
    if (part) part.textContent = text;
  }

  /**
   * @param {string} selector
   * @param {boolean} shown
   */
  #showIf(selector, shown) {
    const part = this.#part(`[data-failed] ${selector}`);
    if (part) part.hidden = !shown;
  }

  /** @param {string} selector */
  #part(selector) {
    return this.#parts(selector)[0] ?? null;
  }

  /** @param {string} selector @returns {HTMLElement[]} */
  #parts(selector) {
    return [...this.#element.querySelectorAll(selector)].filter(
      (part) => part instanceof HTMLElement,
    );
  }
}

/** @param {unknown} error */
async function reasonOf(error) {
  if (error instanceof DOMException && error.name === "AbortError") return "given-up";
  const reason = error instanceof EngineError ? error.failure.reason : "unexpected";
  return reason === "missing-file" ? whyMissing() : reason;
}
