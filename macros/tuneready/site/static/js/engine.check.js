/**
 * Checks a file of the reader in the worker, alone or with helpers, and tells the page how far it is.
 */

import { ask, countTokens, demand, feed } from "./engine.ask.js";
import { Share } from "./engine.share.js";
import { FileChanged, Slices, remembered } from "./engine.slices.js";

/** @import { CheckRequest, Progress, Reply, WorkerScope } from "./protocol.js" */
/** @import { Python } from "./engine.python.js" */

const PROGRESS_MS = 100;

/** What the machine offers, as far as a browser tells. */
const machine = {
  cores: navigator.hardwareConcurrency || 1,
  memory: "deviceMemory" in navigator ? Number(navigator.deviceMemory) : null,
};

/** The check that runs. */
export class Check {
  /** @type {Share | null} */
  #share = null;
  /** What the file before had, and when the page last heard of it. */
  #told = { bytes: 0, lines: 0, findings: 0, at: 0 };
  /** @type {Progress} of the file that is read, and of the one before it */
  #progress = { bytes: 0, lines: 0, findings: 0, whole: 0 };

  /**
   * @param {Python} py
   * @param {CheckRequest} request
   * @param {WorkerScope} scope
   */
  constructor(py, request, scope) {
    this.py = py;
    this.request = request;
    this.scope = scope;
    this.total = (request.part ?? request.blob.size) + (request.validation?.blob.size ?? 0);
  }

  /** @param {MessagePort} port of a worker that came to help */
  add(port) {
    this.#share?.add(port);
  }

  /** @param {number} helper that is gone */
  lose(helper) {
    this.#share?.lose(helper);
  }

  /**
   * @returns {Promise<Reply>}
   * @throws {import("./engine.ask.js").Refused}
   */
  async run() {
    const { py, request } = this;
    const { id, file, validation, target, model, depth, language, part } = request;
    const blob = part === null ? request.blob : request.blob.slice(0, part);
    const part_of = part === null ? null : request.blob.size;
    const uncounted = depth === "full" ? await countTokens(py, { id, target, model }) : "";
    // What was fetched for it is here; from now on, silence is one of Python.
    this.scope.postMessage({ type: "ready" });
    try {
      const isSame = await remembered(blob);
      demand(
        py,
        { type: "check-open", id, file, target, model, depth, part_of, language },
        "opened",
      );
      await this.#read(blob, file, isSame);
      if (validation !== null) {
        this.#told = { ...this.#told, ...this.#progress };
        const isValidationSame = await remembered(validation.blob);
        demand(py, { type: "check-next", id, file: validation.file }, "opened");
        await this.#read(validation.blob, validation.file, isValidationSame);
        await isValidationSame();
      }
      await isSame();
    } catch (error) {
      if (!(error instanceof DOMException || error instanceof FileChanged)) throw error;
      ask(py, { type: "check-abort", id });
      return {
        type: "failed",
        id,
        reason: "unreadable",
        message: "",
        detail: error.name,
        file: "",
      };
    }
    // All examples are compared now, in one call.
    py.bridge.beat_with(() => this.scope.postMessage({ type: "alive" }));
    const report = demand(py, { type: "check-close", id, day: today() }, "report");
    return { ...report, uncounted };
  }

  /**
   * Hand Python a file, slice by slice; after the first, see who may help.
   *
   * @param {Blob} blob
   * @param {string} file
   * @param {() => Promise<void>} isSame
   */
  async #read(blob, file, isSame) {
    const { py } = this;
    const { id, language, workers } = this.request;
    const slices = new Slices(blob, isSame);
    let fed = 0;
    for await (const slice of slices.between(0, blob.size)) {
      const begins = fed === 0;
      fed += slice.length;
      this.#tell(await feed(py, { id, blob, start: 0 }, slice));
      if (!begins || fed >= blob.size) continue;
      const asked = { type: /** @type {"check-share"} */ ("check-share"), id, workers };
      const { helpers } = demand(py, { ...asked, ...machine, size: blob.size }, "share");
      if (helpers === 0) continue;
      const onProgress = (/** @type {Progress} */ progress) => this.#tell(progress);
      const about = { id, blob, file, language, fed, workers: helpers + 1, onProgress };
      this.#share = new Share(py, about);
      this.scope.postMessage({ type: "wanted", id, helpers });
      await this.#share.finish(slices);
      this.#share = null;
      this.scope.postMessage({ type: "wanted", id, helpers: 0 });
      return;
    }
  }

  /** @param {Progress} progress of the file that is read */
  #tell(progress) {
    const { bytes, lines, findings, at } = this.#told;
    this.#progress = {
      bytes: bytes + progress.bytes,
      lines: lines + progress.lines,
      findings: findings + progress.findings,
      // A part of the second file is of no use without all of it.
      whole: bytes === 0 ? progress.whole : 0,
    };
    const now = performance.now();
    if (now - at < PROGRESS_MS) return;
    this.#told.at = now;
    const { id } = this.request;
    this.scope.postMessage({ ...this.#progress, type: "progress", id, total: this.total });
  }
}

/** The day as the reader's calendar has it. */
function today() {
  const now = new Date();
  return new Date(now.getTime() - now.getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
}
