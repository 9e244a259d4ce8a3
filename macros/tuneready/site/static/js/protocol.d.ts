/**
 * Everything that crosses a border: page <-> worker (Request, Reply), worker <-> Python
 * (BridgeRequest, BridgeReply), and the documents that Python writes. Types only.
 */

// Page -> worker. One at a time, in the order of sending; only "cancel" overtakes.

export type Request =
  AssessRequest | TargetsRequest | PrepareRequest | CheckRequest | CancelRequest;

export interface AssessRequest {
  type: "assess";
  id: number;
  /** Plain form of a guide in one language; null: the guide of the request before. */
  guide: object | null;
  profile: string;
  answers: Answers;
  language: string;
}

export interface TargetsRequest {
  type: "targets";
  id: number;
  language: string;
}

/** Load what the first check needs, so that the reader waits while choosing, not afterwards. */
export interface PrepareRequest {
  type: "prepare";
  id: number;
}

export interface CheckRequest {
  type: "check";
  id: number;
  blob: Blob;
  file: string;
  target: string;
  model: string | null;
  language: string;
}

export interface CancelRequest {
  type: "cancel";
  /** The request to give up. */
  id: number;
}

// Worker -> page.

export type Reply = WorkerEvent | ProgressReply | Answer;

/** About the worker itself, not about one request. */
export type WorkerEvent =
  | { type: "hello" }
  | ({ type: "starting" } & StartProgress)
  | { type: "ready" }
  /** Python is of no use any more; the worker ends itself. */
  | ({ type: "dead" } & Failure);

/** Bytes of Pyodide and our wheels. `total` is null while a server sends them compressed. */
export interface StartProgress {
  received: number;
  total: number | null;
}

export interface ProgressReply extends CheckProgress {
  type: "progress";
  id: number;
}

export interface CheckProgress {
  /** Bytes read. */
  bytes: number;
  total: number;
  lines: number;
  findings: number;
}

/** The end of one request. */
export type Answer =
  | { type: "assessment"; id: number; assessment: Assessment }
  | { type: "targets"; id: number; targets: Target[] }
  | { type: "prepared"; id: number }
  | { type: "report"; id: number; document: string }
  | { type: "cancelled"; id: number }
  | ({ type: "failed"; id: number } & Failure);

/**
 * - `no-webassembly`, `no-module-worker`: the browser lacks it
 * - `missing-file`: `file` did not arrive, or not as it was built
 * - `start`: Python did not start for another reason
 * - `stopped`: the worker died (out of memory, a fault in the interpreter)
 * - `unreadable`: the reader's file changed, vanished, or is a folder
 * - `refused`: `message` is a sentence of ours about what was asked
 * - `unexpected`: `message` is a sentence of ours, `detail` the kind of the exception
 */
export type FailureReason =
  | "no-webassembly"
  | "no-module-worker"
  | "missing-file"
  | "start"
  | "stopped"
  | "unreadable"
  | "refused"
  | "unexpected";

export interface Failure {
  reason: FailureReason;
  /** A sentence for the reader, written by Python in the language asked for; "" if none. */
  message: string;
  /** Technical words for a bug report; never text of a dataset. */
  detail: string;
  /** Path of an asset below the bundle, such as `py/python_stdlib.zip`; "" if none. */
  file: string;
}

/** What the page shows about the engine. */
export type EngineState =
  | { name: "idle" }
  | ({ name: "starting" } & StartProgress)
  | { name: "ready" }
  | ({ name: "failed" } & Failure);

// Worker -> Python and back, as JSON text. Bytes of a file go through `feed` instead.

export type BridgeRequest =
  | AssessRequest
  | TargetsRequest
  | CheckOpenRequest
  | { type: "check-progress" | "check-close" | "check-abort"; id: number };

export interface CheckOpenRequest {
  type: "check-open";
  id: number;
  file: string;
  target: string;
  model: string | null;
  language: string;
}

export type BridgeReply =
  | Extract<Answer, { type: "assessment" | "targets" | "report" }>
  | { type: "opened"; id: number }
  | { type: "progress"; id: number; bytes: number; lines: number; findings: number }
  | { type: "aborted"; id: number }
  | BridgeFailure;

export interface BridgeFailure {
  type: "failed";
  id: number;
  reason: "refused" | "unexpected";
  message: string;
  detail: string;
}

/** `tuneready.bridge.Bridge` as Pyodide shows it. */
export interface Bridge {
  handle(request: string): string;
  feed(chunk: Uint8Array): void;
}

/** What the worker uses of its global scope; TypeScript's worker and page libraries exclude each other. */
export interface WorkerScope {
  fetch: typeof fetch;
  postMessage(reply: Reply): void;
  addEventListener(type: "message", listener: (event: MessageEvent<Request>) => void): void;
  close(): void;
}

// Documents that Python writes.

/** Item id -> answer; a missing one is open. */
export type Answers = Record<string, "yes" | "no" | "not_applicable">;

/** What the select shows of a target. */
export interface Target {
  name: string;
  title: string;
  models: { name: string; title: string }[];
}

export interface Assessment {
  profile: string;
}
export interface ReportEntry {
  file: string;
}
