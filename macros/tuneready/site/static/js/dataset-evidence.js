/**
 * Keeps the outcome of a check for the checklists that ask for it: never what is in the file.
 */

import * as store from "./answers.js";

/** @import { Evidence } from "./protocol.js" */
/** @import { Texts } from "./texts.js" */

/**
 * @param {{ button: HTMLElement, said: HTMLElement, where: HTMLElement }} parts
 * @param {Evidence} evidence as Python made it of the report
 * @param {Texts} texts
 */
export function offerToKeep({ button, said, where }, evidence, texts) {
  button.addEventListener("click", () => {
    if (isKept(evidence)) store.forgetEvidence(evidence);
    else store.keepEvidence(evidence);
    show();
    if (!isKept(evidence)) said.textContent = texts.say("forgotten");
  });
  show();

  function show() {
    const kept = isKept(evidence);
    const lasts = ["kept", "unreadable"].includes(store.howKept());
    button.textContent = texts.say(kept ? "forget" : "keep");
    said.textContent = texts.say(kept ? (lasts ? "kept" : "kept_for_now") : "keep_why");
    where.hidden = !kept;
  }
}

/** @param {Evidence} evidence */
function isKept({ sha256, target }) {
  return store.evidence().some((one) => one.sha256 === sha256 && one.target === target);
}
