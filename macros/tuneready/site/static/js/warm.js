/**
 * Starts Python before it is asked for, as soon as a reader shows that they will want it: a first
 * answer, a hand on the checker, or a quiet moment on a page where they have answered before.
 *
 * Once in a page load: a reader who stopped the start is not overruled. Pages that only inform
 * load none of this. Who asked their browser to save data waits for Python when it is needed.
 */

import { engine } from "./engine.js";
import { savesData } from "./line.js";

const IDLE_TIMEOUT_MS = 3000;

let warmed = false;

/** @param {boolean} forCheck whether a dataset will be checked; else a verdict is all */
export function warm(forCheck = false) {
  if (warmed || savesData()) return;
  warmed = true;
  if (engine().state.name === "idle") engine().retry();
  // A failure shows when it matters.
  if (forCheck)
    engine()
      .prepare()
      .catch(() => {});
}

/**
 * Warm when the reader's pointer, keyboard or file comes to a checker.
 *
 * @param {HTMLElement} checker
 * @param {AbortSignal} signal
 * @param {() => void} also what else will be needed
 */
export function warmOnApproach(checker, signal, also) {
  let begun = savesData();
  const start = () => {
    if (begun) return;
    begun = true;
    warm(true);
    also();
  };
  for (const coming of ["pointerenter", "focusin", "dragenter"]) {
    checker.addEventListener(coming, start, { signal, once: true });
  }
  whenIdle(start, signal);
}

/**
 * Warm at the first answer, or soon when there are answers already.
 *
 * @param {HTMLElement} checklist
 * @param {boolean} answered
 * @param {AbortSignal} signal
 */
export function warmOnAnswer(checklist, answered, signal) {
  checklist.addEventListener("change", () => warm(), { signal, once: true });
  if (answered) whenIdle(() => warm(), signal);
}

/**
 * @param {() => void} work
 * @param {AbortSignal} signal
 */
function whenIdle(work, signal) {
  const start = () => {
    if (!signal.aborted) work();
  };
  // Safari has no idle callbacks.
  if (typeof requestIdleCallback === "function") {
    requestIdleCallback(start, { timeout: IDLE_TIMEOUT_MS });
  } else {
    setTimeout(start, IDLE_TIMEOUT_MS);
  }
}
