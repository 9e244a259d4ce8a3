/**
 * The page's side of the engine: promises for what the Python worker answers.
 *
 * One engine per page load. It lives in module state, so it survives Material's instant navigation;
 * a worker that dies is replaced with the next request.
 */

import { startWorker } from "./engine.spawn.js";
import { Watch } from "./engine.watch.js";
import { isSlow } from "./line.js";

/** @import { Answer, AnswersDocument, Answers, Assessment, CheckProgress, Comparison, Depth, EngineState, Evidence, Exported, Failure, FailureReason, Incoming, Overview, PythonParts, Reply, ReportEntry, Request, Scope, Shared, Target, Task } from "./protocol.js" */

/** @typedef {Blob & { name: string }} NamedBlob */
/** @typedef {{ guide: object, document: AnswersDocument, language: string }} AboutAnswers `guide` is the whole one, `document` the present one */
/** @typedef {{ request: Task, settle: (answer: Answer) => void, reject: (reason: unknown) => void, onProgress: ((progress: CheckProgress) => void) | undefined }} Pending */

export class EngineError extends Error {
  /** @param {Failure} failure */
  constructor(failure) {
    super(failure.message || failure.detail || failure.reason);
    this.name = "EngineError";
    this.failure = failure;
  }
}

/** Dispatches `state` whenever `state` changes. */
export class Engine extends EventTarget {
  /** @type {EngineState} */
  #state = { name: "idle" };
  /** @type {Worker | null} */
  #worker = null;
  /** @type {Map<number, Pending>} in the order of sending */
  #pending = new Map();
  #lastId = 0;
  /** The task that the worker has; 0: none. */
  #sent = 0;
  /** @type {Worker[]} that help with it */
  #helpers = [];
  /** @type {PythonParts | null} what starts the next worker without a download */
  #parts = null;
  #watch = new Watch((stuck) => this.#setState({ name: stuck ? "stuck" : "ready" }));
  /** @type {object | null} the guide that the present worker holds */
  #guide = null;

  get state() {
    return this.#state;
  }

  /**
   * @param {{ guide: object, profile: string, answers: Answers, scope: Scope, language: string }} question
   * @returns {Promise<Assessment>}
   */
  async assess({ guide, profile, answers, scope, language }) {
    const id = ++this.#lastId;
    const answer = await this.#ask({
      type: "assess",
      id,
      guide,
      profile,
      answers,
      scope,
      language,
    });
    return expect(answer, "assessment").assessment;
  }

  /**
   * Everything about a reader's answers at a glance.
   *
   * @param {AboutAnswers} question
   * @returns {Promise<Overview>}
   */
  async overview({ guide, document, language }) {
    const id = ++this.#lastId;
    const answer = await this.#ask({ type: "overview", id, guide, document, language });
    return expect(answer, "overview").overview;
  }

  /**
   * Put answers into a link. Refused when they do not fit.
   *
   * @param {AboutAnswers & { notes: boolean, address: string }} question `address`: the link's beginning, with `#answers=`
   * @returns {Promise<Shared>}
   */
  async share({ guide, document, notes, address, language }) {
    const id = ++this.#lastId;
    const asked = { type: /** @type {"share"} */ ("share"), id, guide, document, notes };
    return expect(await this.#ask({ ...asked, address, language }), "shared");
  }

  /**
   * Read what a link holds, and say what taking it would change.
   *
   * @param {AboutAnswers & { link: string }} question
   * @returns {Promise<Incoming>}
   */
  async openLink({ guide, document, link, language }) {
    const id = ++this.#lastId;
    const answer = await this.#ask({ type: "open-link", id, guide, document, link, language });
    return expect(answer, "incoming");
  }

  /**
   * Read a file of answers, and say what taking it would change.
   *
   * @param {AboutAnswers & { text: string, file: string }} question
   * @returns {Promise<Incoming>}
   */
  async importAnswers({ guide, document, text, file, language }) {
    const id = ++this.#lastId;
    const answer = await this.#ask({ type: "import", id, guide, document, text, file, language });
    return expect(answer, "incoming");
  }

  /**
   * @param {AboutAnswers & { format: "markdown" | "csv" }} question
   * @returns {Promise<Exported>}
   */
  async exportAnswers({ guide, document, format, language }) {
    const id = ++this.#lastId;
    const answer = await this.#ask({ type: "export", id, guide, document, format, language });
    return expect(answer, "exported");
  }

  /**
   * Lay the answers of several people side by side, and say what they agree on.
   *
   * @param {{ guide: object, documents: AnswersDocument[], language: string }} question
   * @returns {Promise<{ comparison: Comparison, agreed: AnswersDocument }>}
   */
  async compare({ guide, documents, language }) {
    const id = ++this.#lastId;
    const answer = await this.#ask({ type: "compare", id, guide, documents, language });
    return expect(answer, "compared");
  }

  /**
   * @param {{ language: string }} question
   * @returns {Promise<Target[]>}
   */
  async targets({ language }) {
    const answer = await this.#ask({ type: "targets", id: ++this.#lastId, language });
    return expect(answer, "targets").targets;
  }

  /** Start, and load what a dataset check needs, ahead of the first one. */
  async prepare() {
    await this.#ask({ type: "prepare", id: ++this.#lastId });
  }

  /**
   * Check a file, and perhaps a second one beside it. Rejects with an `AbortError` as soon as
   * `signal` aborts.
   *
   * @param {NamedBlob} file
   * @param {{ target: string, model?: string | null, depth?: Depth, validation?: NamedBlob | null, workers?: number | null, part?: number | null, language: string, signal?: AbortSignal, onProgress?: (progress: CheckProgress) => void }} options `workers`: how many in all; null: as many as the machine has use for; `part`: check so many bytes only
   * @returns {Promise<{ reports: ReportEntry[], document: string, markdown: string, evidence: Evidence[], uncounted: string }>} `document` is the report's JSON text
   */
  async check(file, options) {
    const { target, model = null, validation = null, workers = null } = options;
    const { depth = "full", part = null, language, signal, onProgress } = options;
    signal?.throwIfAborted();
    // A check is cancelled by ending its worker; what is being fetched to start it goes on.
    await abortable(this.prepare(), signal);
    const id = ++this.#lastId;
    const onAbort = () => this.#cancel(id, signal?.reason);
    signal?.addEventListener("abort", onAbort);
    try {
      const answer = await this.#ask(
        {
          type: "check",
          id,
          blob: file,
          file: file.name,
          validation: validation && { blob: validation, file: validation.name },
          target,
          model,
          depth,
          language,
          workers,
          part,
        },
        onProgress,
      );
      const { document, markdown, evidence, uncounted } = expect(answer, "report");
      const { reports } = JSON.parse(document);
      return { reports, document, markdown, evidence, uncounted };
    } finally {
      signal?.removeEventListener("abort", onAbort);
    }
  }

  /** Start again after a failure. Requests do so by themselves. */
  retry() {
    if (this.#worker === null) this.#start();
  }

  /** Be patient with a worker that is stuck; after ten more seconds the state says so again. */
  wait() {
    this.#watch.wait();
  }

  /** Give up: fetch nothing more. What was asked is rejected with an `AbortError`. */
  stop() {
    this.#drop();
    const waiting = [...this.#pending.values()];
    this.#pending.clear();
    this.#setState({ name: "idle" });
    for (const { reject } of waiting) reject(new DOMException("stopped", "AbortError"));
  }

  /**
   * @param {Task} request
   * @param {(progress: CheckProgress) => void} [onProgress]
   * @returns {Promise<Answer>}
   */
  #ask(request, onProgress) {
    return new Promise((settle, reject) => {
      this.#pending.set(request.id, { request, settle, reject, onProgress });
      if (this.#worker) this.#sendNext();
      else this.#start();
    });
  }

  /** Start a worker, and give it the first task that is waiting. */
  #start() {
    if (typeof WebAssembly !== "object") return this.#fail(failure("no-webassembly"));
    const { worker, address } = startWorker();
    if (worker === null) return this.#fail(failure("no-module-worker"));
    let loaded = false;
    worker.addEventListener("message", (event) => {
      if (worker !== this.#worker) return;
      if (!loaded) URL.revokeObjectURL(address);
      loaded = true;
      this.#watch.heard(worker);
      this.#receive(event.data);
    });
    worker.addEventListener("error", (event) => {
      if (worker !== this.#worker) return;
      const detail = event.message ?? "";
      const reason = loaded ? "stopped" : "missing-file";
      this.#fail(failure(reason, { detail, file: loaded ? "" : "js/engine.worker.js" }));
    });
    this.#worker = worker;
    this.#guide = null;
    this.#sent = 0;
    this.#setState({ name: "starting", received: 0, total: null });
    this.#post({ type: "start", parts: this.#parts, frugal: isSlow() });
    this.#sendNext();
  }

  /** Give the worker its next task, unless it has one. */
  #sendNext() {
    const [next] = this.#pending.values();
    if (this.#sent !== 0 || next === undefined) return;
    const { request } = next;
    this.#sent = request.id;
    if (this.#state.name === "ready") this.#beginWatch();
    if ("guide" in request) {
      const known = request.guide === this.#guide;
      this.#guide = request.guide;
      this.#post(known ? { ...request, guide: null } : request);
    } else {
      this.#post(request);
    }
  }

  /** A worker that has a task, and Python, is expected to say every second that it lives. */
  #beginWatch() {
    if (this.#worker !== null && this.#sent !== 0) this.#watch.begin(this.#worker);
  }

  /**
   * @param {Request} request
   * @param {Transferable[]} [transfer]
   */
  #post(request, transfer = []) {
    this.#worker?.postMessage(request, transfer);
  }

  /** @param {Reply} reply */
  #receive(reply) {
    switch (reply.type) {
      case "hello":
        return;
      case "starting":
        this.#setState({ name: "starting", received: reply.received, total: reply.total });
        return;
      case "alive":
        return;
      case "ready":
        this.#setState({ name: "ready" });
        this.#beginWatch();
        return;
      case "parts":
        this.#parts = reply.parts;
        return;
      case "wanted":
        this.#dismiss();
        for (let number = 0; number < reply.helpers; number++) this.#addHelper(number);
        return;
      case "dead":
        this.#fail(reply);
        return;
      case "progress":
        this.#pending.get(reply.id)?.onProgress?.(reply);
        return;
      default: {
        const pending = this.#pending.get(reply.id);
        this.#pending.delete(reply.id);
        this.#sent = 0;
        this.#dismiss();
        this.#watch.end();
        pending?.settle(reply);
        // A fresh interpreter has its memory back; this one would keep what it took.
        if (reply.type === "failed" && reply.reason === "memory") this.#renew();
        else this.#sendNext();
      }
    }
  }

  /**
   * Start a worker that helps with the present task. What the two say to each other does not pass
   * through the page.
   *
   * @param {number} number from 0
   */
  #addHelper(number) {
    const { worker, address } = startWorker();
    if (worker === null) return;
    const { port1, port2 } = new MessageChannel();
    this.#helpers.push(worker);
    worker.addEventListener("message", (event) => {
      /** @type {Reply} */
      const reply = event.data;
      URL.revokeObjectURL(address);
      if (!this.#helpers.includes(worker)) return;
      if (reply.type === "ready") this.#watch.begin(worker);
      else this.#watch.heard(worker);
    });
    worker.addEventListener("error", () => {
      this.#watch.forget(worker);
      this.#post({ type: "helper-lost", helper: number });
    });
    worker.postMessage({ type: "help", parts: this.#parts, port: port1 }, [port1]);
    this.#post({ type: "helper", port: port2 }, [port2]);
  }

  /** End the workers that helped; their memory goes with them. */
  #dismiss() {
    for (const worker of this.#helpers.splice(0)) {
      this.#watch.forget(worker);
      worker.terminate();
    }
  }

  /**
   * Reject at once. Python cannot be interrupted, so a worker that is at it is ended; the next one
   * starts at once, and has its memory back.
   *
   * @param {number} id
   * @param {unknown} reason
   */
  #cancel(id, reason) {
    const pending = this.#pending.get(id);
    if (!pending) return;
    this.#pending.delete(id);
    pending.reject(reason);
    if (id !== this.#sent) return;
    this.#renew();
  }

  #renew() {
    this.#drop();
    this.#start();
  }

  /** @param {Failure} reason */
  #fail({ reason, message, detail, file }) {
    this.#drop();
    const waiting = [...this.#pending.values()];
    this.#pending.clear();
    this.#setState({ name: "failed", reason, message, detail, file });
    for (const { reject } of waiting) {
      reject(new EngineError({ reason, message, detail, file }));
    }
  }

  #drop() {
    this.#dismiss();
    this.#watch.end();
    this.#worker?.terminate();
    this.#worker = null;
    this.#sent = 0;
  }

  /** @param {EngineState} state */
  #setState(state) {
    this.#state = state;
    this.dispatchEvent(new Event("state"));
  }
}

/** @type {Engine | undefined} */
let shared;

/** The one engine of this page load. Nothing is fetched before its first request. */
export function engine() {
  shared ??= new Engine();
  return shared;
}

/**
 * @template {Answer["type"]} T
 * @param {Answer} answer
 * @param {T} type
 * @returns {Extract<Answer, { type: T }>}
 */
function expect(answer, type) {
  if (answer.type === "failed") throw new EngineError(answer);
  if (answer.type !== type) throw new TypeError(`${answer.type} instead of ${type}`);
  return /** @type {Extract<Answer, { type: T }>} */ (answer);
}

/**
 * @param {FailureReason} reason
 * @param {{ detail?: string, file?: string }} [more]
 * @returns {Failure}
 */
function failure(reason, { detail = "", file = "" } = {}) {
  return { reason, message: "", detail, file };
}

/**
 * @template T
 * @param {Promise<T>} promise goes on, whatever the signal says
 * @param {AbortSignal | undefined} signal
 * @returns {Promise<T>} rejects as soon as the signal aborts
 */
function abortable(promise, signal) {
  if (signal === undefined) return promise;
  return new Promise((settle, reject) => {
    const onAbort = () => reject(signal.reason);
    signal.addEventListener("abort", onAbort);
    promise.then(settle, reject).finally(() => signal.removeEventListener("abort", onAbort));
  });
}
