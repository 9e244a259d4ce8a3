/**
 * The page's side of the engine: promises for what the Python worker answers.
 *
 * One engine per page load. It lives in module state, so it survives Material's instant navigation;
 * a worker that dies is replaced with the next request.
 */

/** @import { Answer, AnswersDocument, Answers, Assessment, CheckProgress, Comparison, EngineState, Evidence, Exported, Failure, FailureReason, Incoming, Overview, Reply, ReportEntry, Request, Scope, Shared, Target } from "./protocol.js" */

/** How long a busy worker may take to stop before it is ended; the promise is rejected at once. */
const CANCEL_GRACE_MS = 250;

/** @typedef {Blob & { name: string }} NamedBlob */
/** @typedef {{ guide: object, document: AnswersDocument, language: string }} AboutAnswers `guide` is the whole one, `document` the present one */
/** @typedef {Exclude<Request, { type: "cancel" }>} Task */
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
   * @param {{ target: string, model?: string | null, validation?: NamedBlob | null, language: string, signal?: AbortSignal, onProgress?: (progress: CheckProgress) => void }} options
   * @returns {Promise<{ reports: ReportEntry[], document: string, markdown: string, evidence: Evidence[], uncounted: string }>} `document` is the report's JSON text
   */
  async check(file, { target, model = null, validation = null, language, signal, onProgress }) {
    signal?.throwIfAborted();
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
          language,
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
      if (this.#worker) this.#post(this.#worker, request);
      else this.#start();
    });
  }

  /** Start a worker and give it everything that is waiting. */
  #start() {
    if (typeof WebAssembly !== "object") return this.#fail(failure("no-webassembly"));
    const { worker, address } = startWorker();
    if (worker === null) return this.#fail(failure("no-module-worker"));
    let loaded = false;
    worker.addEventListener("message", (event) => {
      if (worker !== this.#worker) return;
      if (!loaded) URL.revokeObjectURL(address);
      loaded = true;
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
    this.#setState({ name: "starting", received: 0, total: null });
    for (const { request } of this.#pending.values()) this.#post(worker, request);
  }

  /**
   * @param {Worker} worker
   * @param {Task} request
   */
  #post(worker, request) {
    if ("guide" in request) {
      const known = request.guide === this.#guide;
      this.#guide = request.guide;
      worker.postMessage(known ? { ...request, guide: null } : request);
    } else {
      worker.postMessage(request);
    }
  }

  /** @param {Reply} reply */
  #receive(reply) {
    switch (reply.type) {
      case "hello":
        return;
      case "starting":
        this.#setState({ name: "starting", received: reply.received, total: reply.total });
        return;
      case "ready":
        this.#setState({ name: "ready" });
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
        pending?.settle(reply);
      }
    }
  }

  /**
   * Reject at once; end the worker if it is too busy to stop by itself.
   *
   * @param {number} id
   * @param {unknown} reason
   */
  #cancel(id, reason) {
    const pending = this.#pending.get(id);
    if (!pending) return;
    this.#pending.delete(id);
    pending.reject(reason);
    const worker = this.#worker;
    if (!worker) return;
    const stopped = () => clearTimeout(timer);
    const timer = setTimeout(() => {
      if (worker !== this.#worker || this.#state.name !== "ready") return;
      this.#drop();
      this.#setState({ name: "idle" });
      if (this.#pending.size > 0) this.#start();
    }, CANCEL_GRACE_MS);
    // Its own listener: the request is no longer pending, and only this waits for the answer.
    worker.addEventListener("message", function onReply({ data }) {
      if (data.id !== id || data.type === "progress") return;
      worker.removeEventListener("message", onReply);
      stopped();
    });
    worker.postMessage({ type: "cancel", id });
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
    this.#worker?.terminate();
    this.#worker = null;
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
 * Runs in the worker, before its module is there. A module that is imported statically from a blob:
 * URL does not arrive in Firefox when a service worker hands it out; one that is asked for does.
 *
 * @param {string} url
 */
function beginWorker(url) {
  /** @type {unknown[]} what the page sent meanwhile */
  const early = [];
  const hold = (/** @type {MessageEvent} */ { data }) => early.push(data);
  self.addEventListener("message", hold);
  import(url).then(
    () => {
      self.removeEventListener("message", hold);
      for (const data of early) self.dispatchEvent(new MessageEvent("message", { data }));
    },
    // Outside the promise, so that the page hears of it.
    (error) =>
      setTimeout(() => {
        throw error;
      }),
  );
}

/**
 * The policy in a page's <meta> binds a worker from a blob: URL, and no worker from another.
 *
 * @returns {{ worker: Worker | null, address: string }}
 */
function startWorker() {
  const url = new URL("engine.worker.js", import.meta.url).href;
  const source = new Blob([`(${beginWorker})(${JSON.stringify(url)})`], {
    type: "text/javascript",
  });
  const address = URL.createObjectURL(source);
  let known = false;
  const options = {
    name: "tuneready",
    /** @returns {"module"} read only by a browser that knows module workers */
    get type() {
      known = true;
      return "module";
    },
  };
  const worker = typeof Worker === "function" ? new Worker(address, options) : null;
  if (worker !== null && known) return { worker, address };
  worker?.terminate();
  return { worker: null, address };
}
