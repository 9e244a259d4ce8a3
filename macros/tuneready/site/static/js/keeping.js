/** The notices that say when answers are not kept as they should be. */

import { howKept } from "./answers.js";

/** @param {Element} element with a notice for each way in which keeping fails */
export function showKeeping(element) {
  const kept = howKept();
  for (const notice of element.querySelectorAll("[data-keeping]")) {
    if (notice instanceof HTMLElement) notice.hidden = notice.dataset["keeping"] !== kept;
  }
}
