/**
 * <tr-overview>: progress and verdicts of every phase, a chart that is also its table, and the
 * report for paper. Python finds everything; this places it.
 *
 * `data-state` is idle, loading, done or failed; nothing is loaded before the first answer.
 */

/** @import { Overview } from "./protocol.js" */

import * as store from "./answers.js";
import { Asking } from "./asking.js";
import { engine } from "./engine.js";
import { filled, formatted } from "./fill.js";
import { guideOf } from "./guide.js";

const SVG = "http://www.w3.org/2000/svg";
/** In the order of the bars; as the classes and cells are called. */
const PARTS = /** @type {const} */ (["met", "gap", "open", "out"]);
/** Of the bar's drawing, as its template says. */
const WIDTH = 100;
const HEIGHT = 6;
/** Several changes in a row, such as from another tab, are one question. */
const CHANGE_DELAY_MS = 150;

export class OverviewPart extends HTMLElement {
  #connection = new AbortController();
  /** @type {Asking | null} */
  #asking = null;
  #timer = 0;

  connectedCallback() {
    this.#connection = new AbortController();
    const { signal } = this.#connection;
    this.#asking = new Asking(this);
    for (const event of ["change", "assessments"]) {
      store.changes.addEventListener(event, () => this.#onStored(), { signal });
    }
    this.#update();
  }

  disconnectedCallback() {
    this.#connection.abort();
    this.#asking?.end();
    clearTimeout(this.#timer);
  }

  /** The guide in this page's language, for the other parts of the page. */
  get guide() {
    return guideOf(this);
  }

  #onStored() {
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.#update(), CHANGE_DELAY_MS);
  }

  #update() {
    const document = store.document();
    if (Object.keys(document.items).length === 0) {
      this.#asking?.stop();
      this.#clear();
      return;
    }
    const question = { guide: this.guide, document, language: this.dataset["language"] ?? "en" };
    this.#asking?.ask(
      () => engine().overview(question),
      (found) => this.#show(found),
    );
  }

  #clear() {
    this.dataset["state"] = "idle";
    for (const row of this.#elements("[data-checklist]")) {
      const open = Number(row.dataset["questions"]);
      this.#fillRow(row, { met: 0, gap: 0, open, out: 0 });
    }
    for (const card of this.#elements("[data-profile]")) {
      card.removeAttribute("data-verdict");
      const first = card.querySelector("[data-label]");
      if (first instanceof HTMLElement)
        first.textContent = first.dataset["none"] ?? first.textContent;
      for (const name of ["count", "reason", "change"]) this.#place(card, name, "");
    }
    for (const fold of this.#elements("[data-report-fold]")) fold.hidden = true;
    this.querySelector("[data-report]")?.replaceChildren();
  }

  /** @param {Overview} found */
  #show(found) {
    for (const verdict of found.profiles) {
      const card = this.querySelector(`[data-profile="${CSS.escape(verdict.profile)}"]`);
      if (!(card instanceof HTMLElement)) continue;
      const none = card.querySelector("[data-label]");
      if (none instanceof HTMLElement) none.dataset["none"] ??= none.textContent ?? "";
      card.dataset["verdict"] = verdict.verdict;
      this.#place(card, "label", verdict.label);
      const { answered, questions } = verdict;
      this.#place(
        card,
        "count",
        formatted(this.dataset["answered"] ?? "", { answered, questions }),
      );
      this.#place(card, "reason", verdict.reason);
      this.#place(card, "change", verdict.changes[0]?.sentence ?? "");
    }
    for (const list of found.checklists) {
      const row = this.querySelector(`[data-checklist="${CSS.escape(list.checklist)}"]`);
      if (row instanceof HTMLElement) this.#fillRow(row, list);
    }
    this.#showReport(found);
  }

  /** @param {Overview} found */
  #showReport(found) {
    const template = this.querySelector('template[data-template="report"]');
    if (!(template instanceof HTMLTemplateElement)) return;
    const root = new URL(`../../../../${this.dataset["languageRoot"] ?? ""}`, import.meta.url);
    const language = this.dataset["language"] ?? "en";
    // The site's English is British. At noon, it is the same day in the reader's time zone.
    const date = new Date(`${found.date}T12:00:00`).toLocaleDateString(
      language === "en" ? "en-GB" : language,
      { dateStyle: "long" },
    );
    // Ways to two verdicts are nearly the same list; paper has the nearest.
    const profiles = found.profiles.map((one) => ({ ...one, changes: one.changes.slice(0, 1) }));
    const view = filled(template, { ...found, date, profiles }, root);
    this.querySelector("[data-report]")?.replaceChildren(view);
    for (const fold of this.#elements("[data-report-fold]")) fold.hidden = false;
  }

  /**
   * @param {HTMLElement} row
   * @param {Record<typeof PARTS[number], number>} counts
   */
  #fillRow(row, counts) {
    for (const part of PARTS) {
      const cell = row.querySelector(`td[data-part=${part}]`);
      if (cell) cell.textContent = String(counts[part]);
    }
    const bar = row.querySelector("[data-bar]");
    if (bar) drawBar(bar, counts);
  }

  /**
   * @param {HTMLElement} card
   * @param {string} name
   * @param {string} text
   */
  #place(card, name, text) {
    const place = card.querySelector(`[data-${name}]`);
    if (place) place.textContent = text;
  }

  /** @param {string} selector @returns {HTMLElement[]} */
  #elements(selector) {
    return [...this.querySelectorAll(selector)].filter((found) => found instanceof HTMLElement);
  }
}

/**
 * @param {Element} svg
 * @param {Record<typeof PARTS[number], number>} counts
 */
function drawBar(svg, counts) {
  const total = PARTS.reduce((sum, part) => sum + counts[part], 0);
  let x = 0;
  const bars = PARTS.filter((part) => counts[part] > 0).map((part) => {
    const width = (WIDTH * counts[part]) / total;
    const bar = document.createElementNS(SVG, "rect");
    bar.setAttribute("class", `tr-bar__${part}`);
    bar.setAttribute("x", String(x));
    bar.setAttribute("width", String(width));
    bar.setAttribute("height", String(HEIGHT));
    x += width;
    return bar;
  });
  svg.replaceChildren(...bars);
}

customElements.define("tr-overview", OverviewPart);
