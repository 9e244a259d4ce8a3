/**
 * <tr-dataset-check>: choose a target and a file, watch the check, read the report.
 *
 * The form, every sentence and the templates are in the page; this adds behaviour. The file is read
 * by the engine's worker and goes nowhere else.
 */

import { commandFor } from "./dataset-command.js";
import { DatasetForm } from "./dataset-form.js";
import { Texts } from "./texts.js";
import { EngineError, engine } from "./engine.js";
import { slot } from "./fill.js";
import { whyMissing } from "./missing.js";
import { Waiting } from "./waiting.js";
import { warmOnApproach } from "./warm.js";

/** @import { CheckProgress, Depth, Evidence, ReportEntry, Target } from "./protocol.js" */
/** @import { NamedBlob } from "./dataset-form.js" */
/** @typedef {"idle" | "loading" | "checking" | "done" | "failed" | "cancelled"} State */

/** What changes all the time is shown at once, and said aloud only now and then. */
const SAID_EVERY_MS = 3000;

const MEGABYTE = 1 << 20;
/** What the command line can do where this page cannot. */
const BETTER_THERE = [
  "too-large",
  "memory",
  "stopped",
  "start",
  "unexpected",
  "no-webassembly",
  "no-module-worker",
];

/** After which the part that was checked before can be reported on. */
const DIED = ["memory", "stopped", "unexpected"];

/** @typedef {{ target: string, model: string | null, depth: Depth }} Choice */
/** @typedef {{ reports: ReportEntry[], json: string, markdown: string, evidence: Evidence[], uncounted: string, file: NamedBlob, validation: NamedBlob | null, asked: Choice, language: string }} Result */

/**
 * The last result of this page load, for a reader who leaves by instant navigation and returns.
 * @type {Result | null}
 */
let latest = null;

/** @type {Promise<typeof import("./dataset-result.js")> | null} */
let showing = null;

/**
 * The code that shows a report: two fifths of this page's, and of no use before Python has come. So
 * it comes with that, and the page stands sooner.
 *
 * @param {Record<string, string>} modules name -> its hash, as an `integrity` attribute has it
 * @returns {Promise<typeof import("./dataset-result.js")>}
 * @throws {EngineError} for a file that did not arrive as it was published; the next call tries again
 */
function toShow(modules) {
  showing ??= Promise.all(Object.entries(modules).map(fetched))
    .then(() => import("./dataset-result.js"))
    .catch((error) => {
      showing = null;
      throw error instanceof EngineError ? error : missing("dataset-result", error);
    });
  return showing;
}

/**
 * Fetch and compare a module before it is imported: of an import that failed, a browser may remember
 * that, and not try again.
 *
 * @param {[name: string, integrity: string]} module
 */
async function fetched([name, integrity]) {
  try {
    const response = await fetch(new URL(`./${name}.js`, import.meta.url), { integrity });
    const type = String(response.headers.get("content-type"));
    if (!response.ok || !type.includes("javascript"))
      throw new TypeError(`HTTP ${response.status}, ${type}`);
    await response.arrayBuffer(); // Firefox does not compare what ended too early
  } catch (error) {
    throw missing(name, error);
  }
}

/**
 * @param {string} name of a module
 * @param {unknown} detail
 */
function missing(name, detail) {
  const file = `js/${name}.js`;
  return new EngineError({ reason: "missing-file", message: "", detail: String(detail), file });
}

/**
 * @param {AbortSignal} signal
 * @returns {Promise<never>}
 */
function cancelled(signal) {
  return new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}

class DatasetCheck extends HTMLElement {
  /** @type {AbortController | null} of the check that runs */
  #running = null;
  /** @type {AbortController | null} of every listener */
  #connection = null;
  /** @type {Result | null} what the page shows */
  #result = null;
  /** Does again what failed. */
  #retry = () => {};
  /** Checks again what was checked when the check died. */
  #retryPart = () => {};
  /** Bytes of the lines that were checked so far, of the file that is checked. */
  #whole = 0;
  /** When progress was last said aloud. */
  #saidAt = 0;
  /** @type {string[]} of the report, for its downloads */
  #addresses = [];
  /** @type {Target[]} */
  #targets = [];
  #texts = new Texts({}, "en");
  /** @type {DatasetForm | null} */
  #form = null;
  /** @type {Waiting | null} */
  #waiting = null;

  connectedCallback() {
    const connection = new AbortController();
    const { signal } = connection;
    this.#connection = connection;
    this.#texts = new Texts(this.#json("texts"), this.#language);
    this.#targets = this.#json("targets");
    this.#form = new DatasetForm(this, {
      signal,
      texts: this.#texts,
      targets: this.#targets,
      busy: () => this.#running !== null,
      // The reader will check now: let Python start meanwhile. A failure shows when it matters.
      onFile: () => {
        engine()
          .prepare()
          .catch(() => {});
        this.#toShow().catch(() => {});
      },
      onRun: (file, validation) => this.#run(file, validation),
      onChoice: () => {
        this.#offerAgain();
        this.#showCommand();
      },
      onMissingSample: (error, retry) => {
        this.#retry = retry;
        this.#fail(this.#texts.say("samples"), String(error));
      },
    });
    warmOnApproach(this, signal, () => void this.#toShow().catch(() => {}));
    const cancel = () => this.#running?.abort();
    this.#part("[data-cancel]").addEventListener("click", cancel, { signal });
    this.#part("[data-retry]").addEventListener("click", () => this.#retry(), { signal });
    this.#part("[data-retry-part]").addEventListener("click", () => this.#retryPart(), { signal });
    this.#part("[data-stop]").addEventListener("click", cancel, { signal });
    this.#part("[data-wait]").addEventListener("click", () => engine().wait(), { signal });
    engine().addEventListener("state", () => this.#onEngine(), { signal });
    for (const button of this.querySelectorAll("[data-copy-command]")) {
      button.addEventListener("click", () => void this.#copyCommand(button), { signal });
    }
    this.#part("[data-result]").addEventListener("click", (event) => this.#onChosen(event), {
      signal,
    });
    this.#waiting = new Waiting(this.#part("[data-waiting]"), signal);
    if (latest?.language === this.#language) {
      this.#form.choose(latest.asked.target, latest.asked.model);
      this.#form.depth = latest.asked.depth;
      void this.#show(latest);
    }
    this.#showCommand();
  }

  disconnectedCallback() {
    this.#connection?.abort();
    this.#running?.abort();
    this.#forget();
  }

  /**
   * Check a file, and show the progress and the report.
   *
   * @param {NamedBlob} file
   * @param {{ target?: string, model?: string | null, depth?: Depth, validation?: NamedBlob | null, workers?: number | null, part?: number | null }} [choice] what the form says, unless given; `part`: check so many bytes only
   * @returns {Promise<ReportEntry>} one entry of a report's `reports`: that of `file`
   */
  async check(file, choice = {}) {
    const { target = this.#form?.target ?? "", validation = null, workers = null } = choice;
    const { depth = this.#form?.depth ?? "full", part = null } = choice;
    const { model = choice.target === undefined ? (this.#form?.model ?? null) : null } = choice;
    if (choice.target !== undefined) this.#form?.choose(target, model);
    this.#running?.abort();
    const running = new AbortController();
    this.#running = running;
    this.#retry = () => this.#run(file, validation);
    // One worker goes from line to line, so should the part end in the same way, it ends earlier.
    this.#retryPart = () =>
      void this.check(file, { target, model, depth, part: this.#whole, workers: 1 }).catch(
        () => {},
      );
    this.#result = latest = null;
    this.#saidAt = this.#whole = 0;
    this.#setState("loading");
    this.#part("[data-working-text]").textContent = "";
    this.#showCommand({
      file: file.name,
      validation: validation?.name ?? null,
      target,
      model,
      depth,
    });
    try {
      this.#refuseTooLarge(file);
      if (validation) this.#refuseTooLarge(validation);
      // Nothing is checked that could not be shown.
      await Promise.race([this.#toShow(), cancelled(running.signal)]);
      const language = this.#language;
      const { reports, document, markdown, evidence, uncounted } = await engine().check(file, {
        target,
        model,
        depth,
        validation,
        workers,
        part,
        language,
        signal: running.signal,
        onProgress: (progress) => this.#onProgress(progress),
      });
      const [report] = reports;
      if (report === undefined) throw new TypeError("a document without a report");
      const asked = { target, model, depth };
      latest = {
        reports,
        json: document,
        markdown,
        evidence,
        uncounted,
        file,
        validation,
        asked,
        language,
      };
      await this.#show(latest);
      running.signal.throwIfAborted();
      slot(this, "headline").focus({ preventScroll: true });
      slot(this, "outcome").scrollIntoView();
      this.dispatchEvent(new CustomEvent("tr-report", { detail: report, bubbles: true }));
      return report;
    } catch (error) {
      if (running === this.#running) {
        this.#running = null;
        void this.#stop(error);
      }
      throw error;
    } finally {
      if (running === this.#running) this.#running = null;
    }
  }

  /**
   * @param {NamedBlob} file
   * @param {NamedBlob | null} validation
   */
  #run(file, validation) {
    // What goes wrong is shown by `check`; nobody waits for this promise.
    this.check(file, { validation }).catch(() => {});
    // What happens now is told below the buttons.
    this.#part("[data-check]").scrollIntoView({ block: "start" });
  }

  /**
   * A target in the comparison: the full report for it.
   *
   * @param {Event} event
   */
  #onChosen({ target: clicked }) {
    const button = clicked instanceof Element ? clicked.closest("[data-target]") : null;
    const name = button?.getAttribute("data-target");
    if (!name || this.#result === null) return;
    this.#form?.choose(name, null);
    this.#run(this.#result.file, this.#result.validation);
  }

  /** @param {NamedBlob} file */
  #refuseTooLarge({ name, size }) {
    const most = Number(this.dataset["most"]);
    if (size <= most) return;
    const texts = this.#texts;
    const said = {
      file: name,
      size: Math.ceil(size / MEGABYTE),
      most: Math.floor(most / MEGABYTE),
    };
    const message = texts.say("too_large", said);
    throw new EngineError({ reason: "too-large", message, detail: "", file: "" });
  }

  /** A worker is silent: ask the reader; it speaks again: take the question back. */
  #onEngine() {
    const stuck = engine().state.name === "stuck" && this.#running !== null;
    const question = this.#part("[data-stuck]");
    if (question.hidden === !stuck) return;
    question.hidden = !stuck;
    if (stuck) this.#part("[data-status]").textContent = this.#texts.say("stuck");
  }

  /** @param {CheckProgress} progress */
  #onProgress({ bytes, total, lines, findings, whole }) {
    this.#whole = whole;
    if (this.dataset["state"] !== "checking") this.#setState("checking");
    this.#setBar(bytes, total);
    const read = { bytes: this.#texts.size(bytes), total: this.#texts.size(total), lines };
    this.#sayProgress(this.#texts.say("checking", { ...read, findings }));
  }

  /**
   * @param {number} value
   * @param {number} max
   */
  #setBar(value, max) {
    const bar = /** @type {HTMLProgressElement} */ (this.#part("[data-working] progress"));
    bar.max = Math.max(max, 1);
    bar.value = value;
  }

  /** @param {string} text */
  #sayProgress(text) {
    this.#part("[data-working-text]").textContent = text;
    if (performance.now() - this.#saidAt < SAID_EVERY_MS) return;
    this.#saidAt = performance.now();
    this.#part("[data-status]").textContent = text;
  }

  /** @param {Result} result */
  async #show(result) {
    const { reports, json, markdown, evidence, uncounted, file, validation } = result;
    const { renderReport } = await this.#toShow();
    const views = [];
    for (const [index, report] of reports.entries()) {
      const context = {
        texts: this.#texts,
        template: (/** @type {string} */ name) => this.#template(name),
        targets: this.#targets,
        families: this.#json("families"),
        rules: this.dataset["rules"] ?? "",
        part: this.#partOf(index, reports.length),
        evidence: evidence[index] ?? null,
      };
      views.push(await renderReport(report, context));
    }
    if (latest !== result) return; // another check was begun meanwhile
    const after = this.#template("after");
    this.#forget();
    this.#result = result;
    this.#offer(after, "download", "report_name", new Blob([json], { type: "application/json" }));
    const type = "text/markdown";
    this.#offer(after, "download-markdown", "markdown_name", new Blob([markdown], { type }));
    slot(after, "copy").addEventListener("click", () => this.#copy(markdown));
    if (uncounted) {
      const notice = slot(after, "uncounted");
      notice.hidden = false;
      notice.textContent = this.#texts.say("uncounted", { asset: uncounted });
    }
    const [first] = views;
    const again = /** @type {HTMLElement} */ (first && slot(first, "again").firstElementChild);
    again.textContent = this.#texts.say("recheck", { file: file.name });
    again.addEventListener("click", () => this.#run(file, validation));
    this.#part("[data-result]").replaceChildren(...views, after);
    this.#setState("done");
    this.#setTitle(reports.some(({ valid }) => !valid));
    this.#offerAgain();
  }

  /**
   * @param {number} index
   * @param {number} count of reports
   * @returns {"only" | "training" | "validation"}
   */
  #partOf(index, count) {
    if (count === 1) return "only";
    return index === 0 ? "training" : "validation";
  }

  /**
   * @param {DocumentFragment} view
   * @param {string} name of the link's slot
   * @param {string} named the text that names the file
   * @param {Blob} content
   */
  #offer(view, name, named, content) {
    const address = URL.createObjectURL(content);
    this.#addresses.push(address);
    const link = /** @type {HTMLAnchorElement} */ (slot(view, name));
    link.href = address;
    link.download = this.#texts.say(named, { file: this.#result?.file.name ?? "dataset" });
  }

  #forget() {
    for (const address of this.#addresses.splice(0)) URL.revokeObjectURL(address);
  }

  /** @param {string} markdown */
  async #copy(markdown) {
    const copied = await navigator.clipboard.writeText(markdown).then(
      () => true,
      () => false,
    );
    const text = this.#texts.say(copied ? "copied" : "not_copied");
    this.#part("[data-status]").textContent = text;
    const said = this.querySelector("[data-slot=copied]");
    if (said) said.textContent = text;
  }

  /** @param {{ file: string, validation: string | null, target: string, model: string | null, depth: Depth }} [check] what the form says, unless given */
  #showCommand(check = this.#form?.chosen) {
    if (check === undefined) return;
    const command = commandFor(check, this.#texts);
    for (const place of this.querySelectorAll("[data-command]")) place.textContent = command;
  }

  /** @param {Element} button */
  async #copyCommand(button) {
    const place = button.parentElement?.querySelector("[data-command]");
    const copied = await navigator.clipboard.writeText(place?.textContent ?? "").then(
      () => true,
      () => false,
    );
    const said = this.#texts.say(copied ? "command_copied" : "command_not_copied");
    this.#part("[data-status]").textContent = said;
    button.textContent = said;
  }

  /** After another choice, also during the check: the report on the page is about the old one. */
  #offerAgain() {
    if (this.#result === null || this.#form === null) return;
    const { target, model, depth } = this.#result.asked;
    const form = this.#form;
    slot(this, "again").hidden =
      target === form.target && model === form.model && depth === form.depth;
  }

  /** @param {unknown} error */
  async #stop(error) {
    if (error instanceof EngineError) {
      const { reason, message, file, detail } = error.failure;
      const why = reason === "missing-file" ? await whyMissing() : reason;
      if (this.#running !== null) return; // the reader did not wait for the reason
      this.#fail(message || this.#texts.say(why, { asset: file }), detail, reason);
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
   * @param {string} [reason]
   */
  #fail(text, detail, reason = "") {
    this.#setState("failed");
    this.#setTitle(true);
    this.#part("[data-failure-text]").textContent = text;
    const details = this.#part("[data-failure-detail]");
    details.hidden = detail === "";
    this.#part("[data-failure-command]").hidden = !BETTER_THERE.includes(reason);
    this.#part("[data-retry]").hidden = reason === "too-large";
    const isPart = DIED.includes(reason) && this.#whole > 0;
    this.#part("[data-failure-part]").hidden = !isPart;
    const whole = this.#texts.size(this.#whole);
    this.#part("[data-failure-part] p").textContent = this.#texts.say("checked_before", { whole });
    details.getElementsByTagName("code")[0]?.replaceChildren(detail);
    this.#part("[data-failure] h2").focus();
  }

  /** @param {State} state */
  #setState(state) {
    this.dataset["state"] = state;
    const working = state === "loading" || state === "checking";
    if (state === "loading") this.#waiting?.show();
    else this.#waiting?.hide();
    this.#part("[data-working]").hidden = state !== "checking";
    this.#part("[data-stuck]").hidden = true;
    this.#part("[data-cancel]").hidden = !working;
    this.#part("[data-check]").setAttribute("aria-disabled", String(working));
    this.#part("[data-failure]").hidden = state !== "failed";
    this.#part("[data-result]").hidden = state !== "done";
    this.#part("[data-status]").textContent = "";
    this.#setTitle(false);
  }

  /**
   * The page's title is what a screen reader says first, and what a tab in the background shows.
   * @param {boolean} isError
   */
  #setTitle(isError) {
    const prefix = this.#texts.say("title_error", { title: "" });
    const bare = document.title.startsWith(prefix)
      ? document.title.slice(prefix.length)
      : document.title;
    document.title = isError ? this.#texts.say("title_error", { title: bare }) : bare;
  }

  #toShow() {
    return toShow(this.#json("later"));
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
