/**
 * <tr-dataset-check>: choose a target and a file, watch the check, read the report.
 *
 * The form, every sentence and the templates are in the page; this adds behaviour. The file is read
 * by the engine's worker and goes nowhere else.
 */

import { DatasetForm } from "./dataset-form.js";
import { renderReport, slot } from "./dataset-result.js";
import { Texts } from "./dataset-texts.js";
import { EngineError, engine } from "./engine.js";

/** @import { CheckProgress, ReportEntry } from "./protocol.js" */
/** @import { NamedBlob } from "./dataset-form.js" */
/** @typedef {"idle" | "loading" | "checking" | "done" | "failed" | "cancelled"} State */

/** What changes all the time is shown at once, and said aloud only now and then. */
const SAID_EVERY_MS = 3000;

/** @typedef {{ report: ReportEntry, json: string, file: NamedBlob, language: string }} Result */

/**
 * The last result of this page load, for a reader who leaves by instant navigation and returns.
 * @type {Result | null}
 */
let latest = null;

class DatasetCheck extends HTMLElement {
  /** @type {AbortController | null} of the check that runs */
  #running = null;
  /** @type {AbortController | null} of every listener */
  #connection = null;
  /** @type {Result | null} what the page shows */
  #result = null;
  /** Does again what failed. */
  #retry = () => {};
  /** When progress was last said aloud. */
  #saidAt = 0;
  /** Of the report, for its download. */
  #address = "";
  #texts = new Texts({}, "en");
  /** @type {DatasetForm | null} */
  #form = null;

  connectedCallback() {
    const connection = new AbortController();
    const { signal } = connection;
    this.#connection = connection;
    this.#texts = new Texts(this.#json("texts"), this.#language);
    this.#form = new DatasetForm(this, {
      signal,
      texts: this.#texts,
      targets: this.#json("targets"),
      busy: () => this.#running !== null,
      // The reader will check now: let Python start meanwhile. A failure shows when it matters.
      onFile: () =>
        void engine()
          .prepare()
          .catch(() => {}),
      onRun: (file) => this.#run(file),
      onChoice: () => this.#offerAgain(),
      onMissingSample: (error, retry) => {
        this.#retry = retry;
        this.#fail(this.#texts.say("samples"), String(error));
      },
    });
    const cancel = () => this.#running?.abort();
    this.#part("[data-cancel]").addEventListener("click", cancel, { signal });
    this.#part("[data-retry]").addEventListener("click", () => this.#retry(), { signal });
    engine().addEventListener("state", () => this.#onEngine(), { signal });
    if (latest?.language === this.#language) {
      this.#form.choose(latest.report.target, latest.report.model);
      this.#show(latest);
    }
  }

  disconnectedCallback() {
    this.#connection?.abort();
    this.#running?.abort();
    URL.revokeObjectURL(this.#address);
  }

  /**
   * Check a file, and show the progress and the report.
   *
   * @param {NamedBlob} file
   * @param {{ target?: string, model?: string | null }} [choice] what the form says, unless given
   * @returns {Promise<ReportEntry>} one entry of a report's `reports`
   */
  async check(file, choice = {}) {
    const { target = this.#form?.target ?? "", model = choice.target ? null : this.#form?.model } =
      choice;
    if (choice.target !== undefined) this.#form?.choose(target, model ?? null);
    this.#running?.abort();
    const running = new AbortController();
    this.#running = running;
    this.#retry = () => this.#run(file);
    this.#result = latest = null;
    this.#saidAt = 0;
    this.#setState("loading");
    this.#setBar(0, null);
    this.#part("[data-working-text]").textContent = "";
    this.#onEngine();
    try {
      const language = this.#language;
      const { report, document } = await engine().check(file, {
        target,
        model: model ?? null,
        language,
        signal: running.signal,
        onProgress: (progress) => this.#onProgress(progress),
      });
      latest = { report, json: document, file, language };
      this.#show(latest);
      slot(this, "headline").focus({ preventScroll: true });
      slot(this, "outcome").scrollIntoView();
      this.dispatchEvent(new CustomEvent("tr-report", { detail: report, bubbles: true }));
      return report;
    } catch (error) {
      if (running === this.#running) this.#stop(error);
      throw error;
    } finally {
      if (running === this.#running) this.#running = null;
    }
  }

  /** @param {NamedBlob} file */
  #run(file) {
    // What goes wrong is shown by `check`; nobody waits for this promise.
    this.check(file).catch(() => {});
  }

  #onEngine() {
    const { state } = engine();
    if (this.dataset["state"] !== "loading" || state.name !== "starting") return;
    this.#setBar(state.received, state.total);
    this.#sayProgress(this.#texts.say("loading"));
  }

  /** @param {CheckProgress} progress */
  #onProgress({ bytes, total, lines, findings }) {
    if (this.dataset["state"] !== "checking") this.#setState("checking");
    this.#setBar(bytes, total);
    const read = { bytes: this.#texts.size(bytes), total: this.#texts.size(total), lines };
    this.#sayProgress(this.#texts.say("checking", { ...read, findings }));
  }

  /**
   * @param {number} value
   * @param {number | null} max null while it is not known
   */
  #setBar(value, max) {
    const bar = /** @type {HTMLProgressElement} */ (this.#part("progress"));
    if (max === null) {
      bar.removeAttribute("value");
    } else {
      bar.max = Math.max(max, 1);
      bar.value = value;
    }
  }

  /** @param {string} text */
  #sayProgress(text) {
    this.#part("[data-working-text]").textContent = text;
    if (performance.now() - this.#saidAt < SAID_EVERY_MS) return;
    this.#saidAt = performance.now();
    this.#part("[data-status]").textContent = text;
  }

  /** @param {Result} result */
  #show(result) {
    const { report, json, file } = result;
    const view = renderReport(report, {
      texts: this.#texts,
      template: (name) => this.#template(name),
      targetTitle: this.#form?.titleOf(report.target) ?? report.target,
    });
    URL.revokeObjectURL(this.#address);
    this.#address = URL.createObjectURL(new Blob([json], { type: "application/json" }));
    const download = /** @type {HTMLAnchorElement} */ (slot(view, "download"));
    download.href = this.#address;
    download.download = this.#texts.say("report_name", { file: report.file });
    const again = /** @type {HTMLElement} */ (slot(view, "again").firstElementChild);
    again.textContent = this.#texts.say("recheck", { file: file.name });
    again.addEventListener("click", () => this.#run(file));
    this.#part("[data-result]").replaceChildren(view);
    this.#result = result;
    this.#setState("done");
    this.#offerAgain();
  }

  /** After another choice, also during the check: the report on the page is about the old one. */
  #offerAgain() {
    if (this.#result === null || this.#form === null) return;
    const { target, model } = this.#result.report;
    slot(this, "again").hidden = target === this.#form.target && model === this.#form.model;
  }

  /** @param {unknown} error */
  #stop(error) {
    if (error instanceof EngineError) {
      const { reason, message, file, detail } = error.failure;
      this.#fail(message || this.#texts.say(reason, { asset: file }), detail);
    } else if (error instanceof DOMException && error.name === "AbortError") {
      this.#setState("cancelled");
      this.#part("[data-status]").textContent = this.#texts.say("cancelled");
      this.#part("[data-check]").focus(); // the button that had the focus is gone
    } else {
      this.#fail(this.#texts.say("stopped"), String(error));
    }
  }

  /**
   * @param {string} text
   * @param {string} detail
   */
  #fail(text, detail) {
    this.#setState("failed");
    this.#part("[data-failure-text]").textContent = text;
    const details = this.#part("[data-failure-detail]");
    details.hidden = detail === "";
    details.getElementsByTagName("code")[0]?.replaceChildren(detail);
    this.#part("[data-failure] h2").focus();
  }

  /** @param {State} state */
  #setState(state) {
    this.dataset["state"] = state;
    const working = state === "loading" || state === "checking";
    this.#part("[data-working]").hidden = !working;
    this.#part("[data-cancel]").hidden = !working;
    this.#part("[data-check]").setAttribute("aria-disabled", String(working));
    this.#part("[data-failure]").hidden = state !== "failed";
    this.#part("[data-result]").hidden = state !== "done";
    this.#part("[data-status]").textContent = "";
  }

  get #language() {
    return this.dataset["language"] ?? "en";
  }

  /** @param {string} name */
  #template(name) {
    const template = /** @type {HTMLTemplateElement} */ (this.#part(`[data-template="${name}"]`));
    return document.importNode(template.content, true);
  }

  /** @param {string} name */
  #json(name) {
    return JSON.parse(this.#template(name).textContent ?? "");
  }

  /** @param {string} selector */
  #part(selector) {
    return /** @type {HTMLElement} */ (this.querySelector(selector));
  }
}

customElements.define("tr-dataset-check", DatasetCheck);
