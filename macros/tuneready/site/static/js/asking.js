/**
 * What a part shows while it waits for Python, and when Python does not answer: the texts of
 * engine_status.html, brought to life. Used by parts that ask on demand.
 */

import { EngineError, engine } from "./engine.js";

export class Asking {
  #element;
  #connection = new AbortController();
  /** Counts the questions, so that only the newest is answered. */
  #question = 0;
  /** @type {(() => void) | null} what "try again" does */
  #again = null;

  /** @param {HTMLElement} element whose `data-state` tells: idle, loading, done or failed */
  constructor(element) {
    this.#element = element;
    const { signal } = this.#connection;
    engine().addEventListener("state", () => this.#showStart(), { signal });
    element.addEventListener(
      "click",
      ({ target }) => {
        const button = target instanceof Element ? target.closest("[data-action=retry]") : null;
        if (button === null || this.#again === null) return;
        engine().retry();
        this.#again();
      },
      { signal },
    );
  }

  /** Forget what was asked; the answer will not arrive. */
  stop() {
    this.#question += 1;
  }

  end() {
    this.stop();
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
      if (question !== this.#question) return;
      this.#showFailure(error);
      this.#setState("failed");
    }
  }

  /** @param {"idle" | "loading" | "done" | "failed"} state */
  #setState(state) {
    this.#element.dataset["state"] = state;
    const waiting = this.#part("[data-waiting]");
    const failed = this.#part("[data-failed]");
    if (waiting) waiting.hidden = state !== "loading";
    if (failed) failed.hidden = state !== "failed";
    this.#showStart();
  }

  #showStart() {
    const { state } = engine();
    const starting = state.name === "starting" || state.name === "idle";
    for (const text of this.#parts("[data-waiting] [data-stage]")) {
      text.hidden = (text.dataset["stage"] === "starting") !== starting;
    }
    const progress = this.#element.querySelector("[data-waiting] progress");
    if (!(progress instanceof HTMLProgressElement)) return;
    progress.removeAttribute("value");
    if (state.name !== "starting" || state.received === 0 || state.total === null) return;
    progress.max = state.total;
    progress.value = state.received;
  }

  /** @param {unknown} error */
  #showFailure(error) {
    const failure = error instanceof EngineError ? error.failure : null;
    const reason = failure?.reason ?? "unexpected";
    for (const text of this.#parts("[data-failed] [data-failure]")) {
      text.hidden = text.dataset["failure"] !== reason;
    }
    const detail = failure ? `${failure.file} ${failure.detail}`.trim() : String(error);
    this.#say("[data-failed] [data-message]", failure?.message ?? "");
    this.#say("[data-failed] [data-detail]", detail);
    // What was refused is refused again.
    const retry = this.#part("[data-failed] [data-action=retry]");
    if (retry) retry.hidden = reason === "refused";
  }

  /**
   * @param {string} selector
   * @param {string} text
   */
  #say(selector, text) {
    const part = this.#part(selector);
    if (part) part.textContent = text;
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
