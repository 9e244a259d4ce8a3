/**
 * <tr-dataset-check>: choose a target and a file, watch the check, read the report.
 *
 * The form, every sentence and the templates are in the page; this adds behaviour. The file is read
 * by the engine's worker and goes nowhere else.
 */

import { renderReport, slot } from "./dataset-result.js";
import { Texts } from "./dataset-texts.js";
import { EngineError, engine } from "./engine.js";

/** @import { CheckProgress, Failure, ReportEntry, Target } from "./protocol.js" */
/** @typedef {Blob & { name: string }} NamedBlob */

const SAMPLES = new URL("../samples/", import.meta.url);
/** What changes all the time is shown at once, and said aloud only now and then. */
const SAID_EVERY_MS = 3000;

class DatasetCheck extends HTMLElement {
  /** @type {AbortController | null} */
  #running = null;
  /** @type {AbortController | null} listeners outside the element */
  #connection = null;
  /** @type {NamedBlob | null} the file of the last check */
  #last = null;
  #saidAt = 0;
  #address = "";

  connectedCallback() {
    this.#connection ??= new AbortController();
    const { signal } = this.#connection;
    this.texts = new Texts(this.#json("data-texts"), this.language);
    /** @type {Target[]} */
    this.targets = this.#json("data-targets");

    this.#on("form", "submit", (event) => {
      event.preventDefault();
      if (this.#running) return;
      const file = this.#file.files?.[0];
      if (file) this.#run(file);
      else this.#notice(this.#say("no_file"));
    });
    this.#on('[name="target"]', "change", () => this.#onTarget());
    this.#on('[name="model"]', "change", () => this.#onModel());
    this.#on('[name="file"]', "change", () => this.#onFile());
    this.#on("[data-cancel]", "click", () => this.#running?.abort());
    this.#on("[data-retry]", "click", () => this.#last && this.#run(this.#last));
    this.#on("[data-check-lines]", "click", () => this.#checkLines());
    for (const button of this.querySelectorAll("[data-sample]")) {
      const name = button.getAttribute("data-sample") ?? "";
      button.addEventListener("click", () => this.#checkSample(name), { signal });
    }
    for (const type of ["dragover", "dragleave", "drop"]) {
      document.addEventListener(type, (event) => this.#onDrag(/** @type {DragEvent} */ (event)), {
        signal,
      });
    }
    engine().addEventListener("state", () => this.#onEngine(), { signal });
    this.#onTarget();
    this.#onFile();
  }

  disconnectedCallback() {
    this.#connection?.abort();
    this.#connection = null;
    this.#running?.abort();
    URL.revokeObjectURL(this.#address);
  }

  get language() {
    return this.dataset.language ?? "en";
  }

  /**
   * Check a file, and show the progress and the report.
   *
   * @param {NamedBlob} file
   * @param {{ target?: string, model?: string | null }} [choice] what the form says, unless given
   * @returns {Promise<ReportEntry>} one entry of a report's `reports`
   */
  async check(file, { target = this.#select("target").value, model = this.#model } = {}) {
    this.#running?.abort();
    const running = new AbortController();
    this.#running = running;
    this.#last = file;
    this.#begin();
    try {
      const { report, document } = await engine().check(file, {
        target,
        model,
        language: this.language,
        signal: running.signal,
        onProgress: (progress) => this.#onProgress(progress),
      });
      this.#show(report, document);
      return report;
    } catch (error) {
      if (running === this.#running) this.#stop(error);
      throw error;
    } finally {
      if (running === this.#running) this.#running = null;
    }
  }

  // What the reader does.

  #onTarget() {
    const target = this.#target(this.#select("target").value);
    const models = this.#select("model");
    const undecided = /** @type {Node} */ (models.options[0]);
    models.replaceChildren(undecided, ...(target?.models ?? []).map(asOption));
    models.selectedIndex = 0;
    models.disabled = models.length === 1;
    this.#onModel();
  }

  #onModel() {
    const target = this.#target(this.#select("target").value);
    const model = target?.models.find(({ name }) => name === this.#model);
    const about = [target?.status.text, model?.note];
    this.#part("[data-about]").textContent = about.filter(Boolean).join(" ");
    const choice = model ? ["--model", model.name] : [];
    this.#part("[data-cli-choice]").textContent = [target?.name, ...choice].join(" ");
    this.#offerAgain();
  }

  #onFile() {
    const [file, other] = this.#file.files ?? [];
    if (!file) return;
    const chosen = this.#say("chosen", { file: file.name, size: this.#texts.size(file.size) });
    this.#notice(other ? this.#say("one_file", { file: file.name }) : chosen);
    // The reader will check now: let Python start meanwhile. A failure shows when it matters.
    engine()
      .prepare()
      .catch(() => {});
  }

  /** @param {DragEvent} event */
  #onDrag(event) {
    const transfer = event.dataTransfer;
    if (!transfer?.types.includes("Files")) return;
    // Anywhere: a file that misses the zone must not replace the page.
    event.preventDefault();
    const zone = this.#part("[data-drop]");
    const inside = event.target instanceof Node && zone.contains(event.target);
    zone.toggleAttribute("data-over", inside && event.type === "dragover");
    if (event.type === "dragover") transfer.dropEffect = inside ? "copy" : "none";
    if (event.type !== "drop" || !inside) return;
    if (transfer.items[0]?.webkitGetAsEntry()?.isDirectory) {
      this.#notice(this.#say("folder"));
    } else {
      this.#file.files = transfer.files;
      this.#onFile();
    }
  }

  #checkLines() {
    const lines = /** @type {HTMLTextAreaElement} */ (this.#part('[name="lines"]')).value;
    if (lines.trim()) this.#run(new File([lines], this.#say("pasted")));
    else this.#notice(this.#say("no_lines"));
  }

  /** @param {string} name */
  async #checkSample(name) {
    try {
      const response = await fetch(new URL(name, SAMPLES));
      if (!response.ok) throw new Error(String(response.status));
      this.#run(new File([await response.blob()], name));
    } catch (error) {
      this.#fail(this.#say("samples"), String(error));
    }
  }

  /** @param {NamedBlob} file */
  #run(file) {
    this.#notice("");
    // What goes wrong is shown by `check`; nobody waits for this promise.
    this.check(file).catch(() => {});
  }

  // What the page shows.

  #begin() {
    this.#saidAt = 0;
    this.#setState("loading");
    this.#onEngine();
  }

  #onEngine() {
    const { state } = engine();
    if (this.dataset.state !== "loading" || state.name !== "starting") return;
    const bar = this.#part("progress");
    if (state.total === null) bar.removeAttribute("value");
    else setBar(bar, state.received, state.total);
    const received = this.#texts.size(state.received);
    this.#sayProgress(this.#say("loading", { received }));
  }

  /** @param {CheckProgress} progress */
  #onProgress({ bytes, total, lines, findings }) {
    if (this.dataset.state !== "checking") this.#setState("checking");
    setBar(this.#part("progress"), bytes, total);
    const sizes = { bytes: this.#texts.size(bytes), total: this.#texts.size(total) };
    this.#sayProgress(
      findings === undefined
        ? this.#say("checking", { ...sizes, lines })
        : this.#say("checking_findings", { ...sizes, lines, findings }),
    );
  }

  /** @param {string} text */
  #sayProgress(text) {
    this.#part("[data-working-text]").textContent = text;
    if (performance.now() - this.#saidAt < SAID_EVERY_MS) return;
    this.#saidAt = performance.now();
    this.#part("[data-status]").textContent = text;
  }

  /**
   * @param {ReportEntry} report
   * @param {string} json
   */
  #show(report, json) {
    const view = renderReport(report, {
      texts: this.#texts,
      template: (name) => this.#template(name),
      targetTitle: this.#target(report.target)?.title ?? report.target,
    });
    URL.revokeObjectURL(this.#address);
    this.#address = URL.createObjectURL(new Blob([json], { type: "application/json" }));
    const download = /** @type {HTMLAnchorElement} */ (slot(view, "download"));
    download.href = this.#address;
    download.download = this.#say("report_name", { file: report.file });
    slot(view, "again").addEventListener("click", () => this.#last && this.#run(this.#last));
    const result = this.#part("[data-result]");
    result.replaceChildren(view);
    this.#setState("done");
    slot(result, "headline").focus();
    this.dispatchEvent(new CustomEvent("tr-report", { detail: report, bubbles: true }));
  }

  /** After another choice: the report on the page is about the old one. */
  #offerAgain() {
    if (this.dataset.state !== "done" || !this.#last) return;
    const again = slot(this.#part("[data-result]"), "again");
    again.hidden = false;
    const button = /** @type {HTMLElement} */ (again.firstElementChild);
    button.textContent = this.#say("recheck", { file: this.#last.name });
  }

  /** @param {unknown} error */
  #stop(error) {
    if (!(error instanceof EngineError)) {
      if (!(error instanceof DOMException && error.name === "AbortError")) throw error;
      this.#setState("cancelled");
      this.#part("[data-status]").textContent = this.#say("cancelled");
      if (this.isConnected) this.#part("[data-check]").focus();
      return;
    }
    const { reason, message, file, detail } = error.failure;
    this.#fail(message || this.#say(reason, { asset: file }), detail);
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

  /** @param {"idle" | "loading" | "checking" | "done" | "failed" | "cancelled"} state */
  #setState(state) {
    this.dataset.state = state;
    const working = state === "loading" || state === "checking";
    this.#part("[data-working]").hidden = !working;
    this.#part("[data-cancel]").hidden = !working;
    this.#part("[data-failure]").hidden = state !== "failed";
    this.#part("[data-result]").hidden = state !== "done";
    this.#part("[data-status]").textContent = "";
  }

  /** @param {string} text */
  #notice(text) {
    this.#part("[data-notice]").textContent = text;
    this.#part("[data-status]").textContent = text;
  }

  // Parts.

  get #texts() {
    return /** @type {Texts} */ (this.texts);
  }

  get #file() {
    return /** @type {HTMLInputElement} */ (this.#part('[name="file"]'));
  }

  get #model() {
    return this.#select("model").value || null;
  }

  /**
   * @param {string} key
   * @param {Record<string, string | number>} [fields]
   */
  #say(key, fields) {
    return this.#texts.say(key, fields);
  }

  /** @param {string} name */
  #select(name) {
    return /** @type {HTMLSelectElement} */ (this.#part(`select[name="${name}"]`));
  }

  /** @param {string} name */
  #target(name) {
    return this.targets?.find((target) => target.name === name);
  }

  /** @param {string} name */
  #template(name) {
    const template = /** @type {HTMLTemplateElement} */ (this.#part(`[data-template="${name}"]`));
    return /** @type {DocumentFragment} */ (template.content.cloneNode(true));
  }

  /** @param {string} attribute */
  #json(attribute) {
    return JSON.parse(this.#part(`script[${attribute}]`).textContent ?? "");
  }

  /** @param {string} selector */
  #part(selector) {
    return /** @type {HTMLElement} */ (this.querySelector(selector));
  }

  /**
   * @param {string} selector
   * @param {string} type
   * @param {(event: Event) => void} listener
   */
  #on(selector, type, listener) {
    const signal = /** @type {AbortController} */ (this.#connection).signal;
    this.#part(selector).addEventListener(type, listener, { signal });
  }
}

/** @param {Target["models"][number]} model */
function asOption({ name }) {
  return new Option(name, name);
}

/**
 * @param {HTMLElement} bar
 * @param {number} value
 * @param {number} max
 */
function setBar(bar, value, max) {
  Object.assign(bar, { max: Math.max(max, 1), value: Math.min(value, max) });
}

customElements.define("tr-dataset-check", DatasetCheck);
