/**
 * Everything that crosses a border: page <-> worker (Request, Reply), worker <-> Python
 * (BridgeRequest, BridgeReply), and the documents that Python writes. Types only.
 */

// Page -> worker. Tasks are sent one at a time, each after the answer to the one before.

export type Request = Task | StartRequest | HelpRequest | HelperRequestOfPage | LostRequest;

export type Task = AssessRequest | AnswersRequest | TargetsRequest | PrepareRequest | CheckRequest;

/** Start Python now; `parts`: of a worker before this one; `frugal`: fetch little, on a slow line. */
export interface StartRequest {
  type: "start";
  parts: PythonParts | null;
  frugal: boolean;
}

/** Be a helper: whoever is at the other end of `port` says with what. */
export interface HelpRequest {
  type: "help";
  parts: PythonParts | null;
  port: MessagePort;
}

/** A helper that was wanted. */
export interface HelperRequestOfPage {
  type: "helper";
  port: MessagePort;
}

/** A helper died; `helper` counts from 0, in the order in which they were sent. */
export interface LostRequest {
  type: "helper-lost";
  helper: number;
}

export interface AssessRequest {
  type: "assess";
  id: number;
  /** Plain form of a guide in one language; null: the guide of the request before. */
  guide: object | null;
  profile: string;
  answers: Answers;
  scope: Scope;
  language: string;
}

/** About a document of answers; `document` is always the reader's present one. */
export type AnswersRequest =
  OverviewRequest | ShareRequest | OpenLinkRequest | ImportRequest | ExportRequest | CompareRequest;

interface GuideRequest {
  id: number;
  /** Plain form of the whole guide in one language; null: the guide of the request before. */
  guide: object | null;
  language: string;
}

export interface OverviewRequest extends GuideRequest {
  type: "overview";
  document: AnswersDocument;
}

export interface ShareRequest extends GuideRequest {
  type: "share";
  document: AnswersDocument;
  /** Whether notes, reasons, owners and evidence go along, if they fit. */
  notes: boolean;
  /** The page that opens links, up to and with `#answers=`. */
  address: string;
}

export interface OpenLinkRequest extends GuideRequest {
  type: "open-link";
  document: AnswersDocument;
  /** As it was pasted: a whole link, `#answers=…`, or what follows it. */
  link: string;
}

export interface ImportRequest extends GuideRequest {
  type: "import";
  document: AnswersDocument;
  text: string;
  /** Its name, for sentences. */
  file: string;
}

export interface ExportRequest extends GuideRequest {
  type: "export";
  document: AnswersDocument;
  format: "markdown" | "csv";
}

export interface CompareRequest extends GuideRequest {
  type: "compare";
  /** Of several people; their names are those of the documents. */
  documents: AnswersDocument[];
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

/** How far to look: only at what the target reads, or also at what is said and how examples compare. */
export type Depth = "format" | "full";

export interface CheckRequest {
  type: "check";
  id: number;
  blob: Blob;
  file: string;
  /** A second file, which is checked as the validation file of the first. */
  validation: { blob: Blob; file: string } | null;
  /** provider/method, or "auto": recognise the format and compare all targets. */
  target: string;
  model: string | null;
  depth: Depth;
  language: string;
  /** How many workers in all; null: as many as the machine has use for. */
  workers: number | null;
  /** Check so many bytes from the beginning only; null: the whole file. */
  part: number | null;
}

// Worker -> page.

export type Reply = WorkerEvent | ProgressReply | Answer;

/** About the worker itself, not about one request. */
export type WorkerEvent =
  | { type: "hello" }
  | ({ type: "starting" } & StartProgress)
  | { type: "ready" }
  | { type: "parts"; parts: PythonParts }
  /** Said every second while there is work, unless Python is busy for longer. */
  | { type: "alive" }
  /** So many helpers would be of use to the check; 0: none any more. */
  | { type: "wanted"; id: number; helpers: number }
  /** Python is of no use any more; the worker ends itself. */
  | ({ type: "dead" } & Failure);

/** Bytes of what is fetched, as a host sends them. `total` is null until the list of files is here. */
export interface StartProgress {
  received: number;
  total: number | null;
}

/** What starts Python in another worker without a download: the page may keep it and pass it on. */
export interface PythonParts {
  program: WebAssembly.Module;
  /** The interpreter's memory; null: start as usual. */
  snapshot: Blob | null;
}

export interface ProgressReply extends CheckProgress {
  type: "progress";
  id: number;
}

export interface Progress {
  /** Bytes read. */
  bytes: number;
  lines: number;
  findings: number;
  /** Bytes up to the end of the last line before which all was checked; 0: no part of this file can be checked alone. */
  whole: number;
}

export interface CheckProgress extends Progress {
  total: number;
}

/** The end of one request. */
export type Answer =
  | { type: "assessment"; id: number; assessment: Assessment }
  | { type: "overview"; id: number; overview: Overview }
  | ({ type: "shared"; id: number } & Shared)
  | ({ type: "incoming"; id: number } & Incoming)
  | ({ type: "exported"; id: number } & Exported)
  | { type: "compared"; id: number; comparison: Comparison; agreed: AnswersDocument }
  | { type: "targets"; id: number; targets: Target[] }
  | { type: "prepared"; id: number }
  | ReportAnswer
  | ({ type: "failed"; id: number } & Failure);

export interface ReportAnswer {
  type: "report";
  id: number;
  /** The report's JSON text, as the command line writes it. */
  document: string;
  markdown: string;
  /** Of each report: what an item of a checklist can keep of it. */
  evidence: Evidence[];
  /** The file for counting tokens that did not arrive; "" when nothing is missing. */
  uncounted: string;
}

/**
 * - `no-webassembly`, `no-module-worker`: the browser lacks it
 * - `missing-file`: `file` did not arrive
 * - `wrong-file`: `file` arrived, and is not what was built
 * - `start`: Python did not start for another reason
 * - `stopped`: the worker died (out of memory, a fault in the interpreter)
 * - `memory`: there is not enough of it; `message` says at which line
 * - `too-large`: the reader's file is not read
 * - `unreadable`: the reader's file changed, vanished, or is a folder
 * - `refused`: `message` is a sentence of ours about what was asked
 * - `unexpected`: `message` is a sentence of ours, `detail` the kind of the exception
 */
export type FailureReason =
  | "no-webassembly"
  | "no-module-worker"
  | "missing-file"
  | "wrong-file"
  | "start"
  | "stopped"
  | "memory"
  | "too-large"
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
  /** Nothing was heard of a worker for ten seconds: wait, or stop? */
  | { name: "stuck" }
  | ({ name: "failed" } & Failure);

// Worker -> helper and back, over a channel of their own: parts of a report hold texts of the dataset.

export type HelperRequest =
  /** `ahead`: how many pieces a helper should ask for before it has checked the first. */
  { type: "hello"; ahead: number } | PieceRequest;

export interface PieceRequest {
  type: "piece";
  blob: Blob;
  file: string;
  language: string;
  start: number;
  end: number;
  how: SharedCheck;
}

export type HelperReply =
  | { type: "free" }
  | ({ type: "piece-progress"; start: number } & Progress)
  /** What was found in the piece, as Python packs it. */
  | { type: "part"; start: number; packed: Uint8Array<ArrayBuffer> }
  /** This helper is of no use. */
  | { type: "lost" };

/** What is looked for in every piece of a file. */
export interface SharedCheck {
  target: string;
  model: string | null;
  depth: Depth;
  /** The targets that still may accept the file, when all are compared. */
  asked: string[] | null;
}

// Worker -> Python and back, as JSON text. Bytes of a file go through `feed` instead.

export type BridgeRequest =
  | AssessRequest
  | AnswersRequest
  | TargetsRequest
  | CheckOpenRequest
  /** What must tokens be counted with? */
  | { type: "check-encoding"; id: number; target: string; model: string | null }
  /** The training file is at its end; its validation file follows. */
  | { type: "check-next"; id: number; file: string }
  | { type: "check-progress" | "check-abort"; id: number }
  /** Memory ended at a line of `size` bytes: what is to be said? */
  | { type: "check-memory"; id: number; line: number; size: number }
  /** The start of the file was fed: who may help with the rest? */
  | {
      type: "check-share";
      id: number;
      size: number;
      cores: number;
      /** Gigabytes. */
      memory: number | null;
      workers: number | null;
    }
  /** How much should be taken next of the bytes that are left? */
  | { type: "check-claim"; id: number; left: number; workers: number }
  /** End the own piece, and go on with another that begins at `start`, or with none. */
  | {
      type: "check-piece";
      id: number;
      start: number | null;
      how: SharedCheck | null;
      /** Whether its bytes were passed over before. */
      again: boolean;
    }
  /** A helper's: begin a piece, end it. */
  | { type: "piece-open"; id: number; file: string; language: string; how: SharedCheck }
  | { type: "piece-close"; id: number }
  /** `day`: today, as an ISO day; without it there is no evidence. */
  | { type: "check-close"; id: number; day?: string };

export interface CheckOpenRequest {
  type: "check-open";
  id: number;
  file: string;
  target: string;
  model: string | null;
  depth: Depth;
  /** Bytes of the file, when only its beginning is to be checked. */
  part_of: number | null;
  language: string;
}

export type BridgeReply =
  | Extract<
      Answer,
      {
        type:
          "assessment" | "overview" | "shared" | "incoming" | "exported" | "compared" | "targets";
      }
    >
  | Omit<ReportAnswer, "uncounted">
  | { type: "encoding"; id: number; encoding: string }
  | { type: "opened"; id: number }
  | ({ type: "progress"; id: number } & Progress)
  | { type: "share"; id: number; helpers: number }
  | { type: "claim"; id: number; bytes: number; how: SharedCheck }
  | { type: "packed"; id: number }
  | { type: "aborted"; id: number }
  | BridgeFailure;

export interface BridgeFailure {
  type: "failed";
  id: number;
  reason: "refused" | "unexpected" | "memory";
  message: string;
  detail: string;
  /** Where memory ended, from the start of what was fed: the line, and its first byte; null when that is packed. */
  at?: { line: number; byte: number } | null;
}

/** `tuneready.bridge.Bridge` as Pyodide shows it. */
export interface Bridge {
  handle(request: string): string;
  feed(chunk: Uint8Array): void;
  /** `beat` is called now and then while examples are compared. */
  beat_with(beat: () => void): void;
  /** The next bytes of the file, which another worker checks. */
  pass_over(chunk: Uint8Array): void;
  /** What another worker found in the piece that begins at `start`. */
  add_part(start: number, packed: Uint8Array): void;
  /** What "piece-close" ended. */
  packed_part(): { toJs(): Uint8Array<ArrayBuffer>; destroy(): void };
  count_with(encoding: string, count: (data: PyBuffer, ends: PyBuffer) => Uint32Array): void;
}

/** What Pyodide makes of Python's bytes and arrays: a view that must be given back. */
export interface PyBuffer {
  getBuffer(type: "u8" | "u32"): { data: Uint8Array | Uint32Array; release(): void };
}

/** What the worker uses of its global scope; TypeScript's worker and page libraries exclude each other. */
export interface WorkerScope {
  fetch: typeof fetch;
  postMessage(reply: Reply): void;
  addEventListener(type: "message", listener: (event: MessageEvent<Request>) => void): void;
  close(): void;
}

// Documents that Python writes. A test holds these fields and Python's together.

/** Item id -> answer; a missing one is open. */
export type Answers = Record<string, "yes" | "no" | "not_applicable">;

/** Question about the whole case -> option; a missing one is not answered. */
export type Scope = Record<string, string>;

/** What a reader needs to choose a target (`tuneready.bridge.describe_targets`). */
export interface Target {
  /** provider/method */
  name: string;
  title: string;
  /** The provider's name, and what the title says beyond it. */
  provider: string;
  method: string;
  format: string;
  status: TargetStatus;
  models: TargetModel[];
}

export interface TargetStatus {
  state: "open" | "closing" | "withdrawn";
  date: string | null;
  /** A few words for the list; null while there is nothing to warn of. */
  label: string | null;
  text: string;
}

export interface TargetModel {
  name: string;
  /** What to know before choosing it. */
  note: string | null;
}

/** One entry of `reports`. Sentences are in the language of the request. */
export interface ReportEntry {
  file: string;
  target: string;
  model: string | null;
  depth: Depth;
  format: string;
  valid: boolean;
  bytes: number;
  /** Bytes of the file of which only the beginning was checked, where the check of the whole had died. */
  part_of?: number;
  lines: number;
  examples: number;
  sha256: string;
  counts: Record<Severity, number>;
  rules: ReportRule[];
  findings: Finding[];
  statistics: Statistics;
  status: ReportStatus;
  role?: "training" | "validation";
  recognised?: Recognised | null;
  /** For "auto" only; `target` is then the reference of the format that was found. */
  matrix?: MatrixRow[] | null;
}

export interface Recognised {
  /** null when it is unknown; so is the title. */
  format: string | null;
  /** With its article: "a chat". */
  title: string | null;
  certainty: "certain" | "likely" | "mixed" | "unknown";
  reason: string;
}

export interface MatrixRow {
  target: string;
  title: string;
  status: TargetStatus["state"];
  accepted: boolean;
  /** The first reason why not. */
  reason: { code: string; name: string; line: number | null; message: string } | null;
}

export type Severity = "error" | "warning" | "note";

export interface ReportRule {
  code: string;
  name: string;
  severity: Severity;
  /** Exact, also where only the first findings were kept. */
  count: number;
  title: string;
  why: string;
  remedy: string;
  source: Source | null;
}

export interface Finding {
  code: string;
  name: string;
  severity: Severity;
  /** Physical, from 1; null when the finding is about the whole file. */
  line: number | null;
  /** In characters, from 1. */
  column: number | null;
  /** Offset in the file, from 0. */
  byte: number | null;
  path: string | null;
  message: string;
  remedy: string;
  source: Source | null;
}

/** null in its place means: our own judgement. */
export interface Source {
  key: string;
  title: string;
  url: string;
  read: string;
}

export interface Statistics {
  examples: number;
  messages: Record<string, number>;
  characters: number;
  longest_example: { line: number; characters: number } | null;
  tools: { examples: number; calls: number };
  images: { examples: number; total: number };
  turns?: Distribution | null;
  /** Characters per example. */
  lengths?: Distribution | null;
  tokens?: TokenStatistics | null;
  training?: Training | null;
}

/** Of whole numbers; the mean has one decimal. */
export interface Distribution {
  count: number;
  min: number;
  p5: number;
  p25: number;
  median: number;
  p75: number;
  p95: number;
  p99: number;
  max: number;
  mean: number;
  histogram: { from: number; to: number; count: number }[];
}

export interface TokenStatistics {
  encoding: string | null;
  exact: boolean;
  note: string | null;
  total: number;
  trained: number | null;
  per_example: Distribution | null;
  limit: number | null;
  over_limit: number | null;
  over_limit_effect: string | null;
}

export interface Training {
  epochs: number | null;
  tokens: number | null;
  cost: {
    currency: string;
    low: number;
    high: number;
    per_million: number;
    source: Source;
    read: string;
  } | null;
  note: string | null;
}

export interface ReportStatus {
  state: TargetStatus["state"];
  date: string | null;
  text: string;
}

/** What a verdict page shows, from `tuneready.checklist.wording.describe`. */
export interface Assessment {
  schema: string;
  profile: string;
  verdict: string;
  rule: string;
  provisional: boolean;
  label: string;
  note: string;
  reason: string;
  /** Share of weight that is answered. */
  coverage: number;
  score: number | null;
  answered: number;
  questions: number;
  redirects: Redirect[];
  gaps: Gap[];
  contradictions: Contradiction[];
  open: OpenItem[];
  /** The fewest good answers to each better verdict; the nearest first. */
  changes: Change[];
  next_steps: NextStep[];
  checklists: ChecklistProgress[];
  left_out: LeftOutItem[];
  /** Answers to items that the guide does not have. */
  unknown: string[];
}

/** `href`s are relative to the root of the language's site; null where there is no page yet. */
export interface AssessedItem {
  item: string;
  checklist: string;
  checklist_title: string;
  text: string;
  href: string | null;
}

export interface AnsweredItem extends AssessedItem {
  answer: string;
  answer_label: string;
}

export interface Gap extends AnsweredItem {
  help: string | null;
  blocker: boolean;
  blocker_label: string | null;
  weight: number;
  /** Other items of the same group: one of them would do. */
  or: AssessedItem[];
  or_label: string | null;
}

export interface Change {
  verdict: string;
  label: string;
  /** How many answers it takes; null when good answers alone do not lead there. */
  count: number | null;
  sentence: string;
  answers: ChangedItem[];
}

/** The answer that would help, and in words what to do: answer, or answer otherwise. */
export interface ChangedItem extends AnsweredItem {
  blocker: boolean;
  blocker_label: string | null;
}

/** `tuneready.answers/2` (`tuneready.checklist.answers`): one assessment of a reader. */
export interface AnswersDocument {
  schema: "tuneready.answers/2";
  name: string;
  /** ISO time in UTC. */
  saved?: string;
  /** `version` of the guide. */
  guide?: string;
  scope: Scope;
  /** Item id -> entry, also of items that are no longer asked. */
  items: Record<string, Entry>;
  /** Checklist -> the items that it had when it was last answered. */
  seen: Record<string, string[]>;
}

/** All that is kept about one item. */
export interface Entry {
  answer?: "yes" | "no" | "not_applicable";
  /** Why it is not applicable. At most 2,000 characters. */
  reason?: string;
  /** At most 20,000 characters. */
  note?: string;
  /** A link, or where to find it. At most 2,000 characters. */
  evidence?: string;
  /** At most 200 characters. */
  owner?: string;
  report?: Evidence;
  /** The guide's `wordings` of the item when it was answered. */
  wording?: string;
  /** The item as it was asked. */
  text?: string;
  /** Where it was asked. */
  checklist?: string;
  /** ISO time in UTC. */
  changed?: string;
}

/** What a check of a dataset found; never any of its content. */
export interface Evidence {
  file: string;
  sha256: string;
  target: string;
  model?: string | null;
  bytes: number;
  lines: number;
  examples: number;
  valid: boolean;
  counts: Record<Severity, number>;
  /** ISO day. */
  checked: string;
}

/** A link, and what it could not hold. */
export interface Shared {
  link: string;
  /** What follows `#answers=`. */
  fragment: string;
  /** Of the whole link. */
  characters: number;
  /** Sentences: what stays behind. */
  left_out: string[];
}

export interface Exported {
  text: string;
  /** A name for the file. */
  file: string;
}

/** Answers that came from a link or a file; nothing is changed yet. */
export interface Incoming {
  document: AnswersDocument;
  preview: Preview;
}

/** What replacing the present answers by others would change. */
export interface Preview {
  title: string;
  sentences: string[];
  rows: PreviewRow[];
  /** How many of the new entries are about questions that are no longer asked. */
  archived: number;
}

export interface PreviewRow {
  item: string;
  text: string;
  href: string | null;
  kind: "added" | "changed" | "removed";
  /** Answer and other words, as text. */
  before: string;
  after: string;
}

/** All checklists, answers and verdicts of one document, for the overview and for paper. */
export interface Overview {
  schema: string;
  name: string;
  /** Day on which the document was saved; "" if unknown. */
  date: string;
  scope: ScopeAnswer[];
  profiles: OverviewProfile[];
  checklists: OverviewChecklist[];
  /** Who looks after what; gaps and open questions without an owner come last, with owner "". */
  owners: Owner[];
  changes: GuideChanges;
  archived: Archived[];
}

export interface ScopeAnswer {
  question: string;
  answer: string;
}

export interface OverviewProfile extends Assessment {
  /** "Decide" and so on. */
  title: string;
}

/** Counts are of items; `met + gap + open + out = questions`. */
export interface OverviewChecklist {
  checklist: string;
  title: string;
  phase: string;
  phase_label: string;
  href: string | null;
  answered: number;
  questions: number;
  met: number;
  gap: number;
  open: number;
  /** Not applicable. */
  out: number;
  /** Items that the scope leaves out; not among the questions. */
  left_out: number;
  items: OverviewItem[];
}

export type ItemState = "met" | "gap" | "open" | "out" | "left-out";

export interface OverviewItem extends AssessedItem {
  state: ItemState;
  state_label: string;
  /** ✓ yes, ✗ no, – not applicable, or nothing. */
  sign: string;
  /** Every answer with its box: “☒ Yes ☐ No”. */
  boxes: string;
  answer_label: string;
  blocker: boolean;
  blocker_label: string | null;
  weight: number;
  reason: string;
  note: string;
  evidence: string;
  /** The evidence, where it is a link. */
  evidence_href: string | null;
  owner: string;
  /** The attached check of a dataset in a sentence. */
  report: string;
  /** What the attached check speaks for, where the answer is another; "" otherwise. */
  suggestion: string;
  /** Whether the question was reworded since it was answered, and how it read. */
  reworded: boolean;
  asked: string;
}

export interface Owner {
  owner: string;
  label: string;
  items: OverviewItem[];
}

/** How the questions differ from those that were answered. */
export interface GuideChanges {
  sentences: string[];
  new: AssessedItem[];
  reworded: (AssessedItem & { before: string })[];
  removed: number;
}

/** An entry whose item the guide does not have. */
export interface Archived {
  item: string;
  checklist: string;
  text: string;
  answer_label: string;
  reason: string;
  note: string;
  evidence: string;
  evidence_href: string | null;
  owner: string;
  report: string;
}

export interface Comparison {
  schema: string;
  title: string;
  sentences: string[];
  people: ComparedPerson[];
  /** Verdicts on what is agreed. */
  agreed: ComparedVerdict[];
  /** In what is agreed; they stand among the sentences, too. */
  contradictions: Contradiction[];
  /** Most important first. */
  differing: Compared[];
  /** Someone has not answered, and the others agree. */
  partly: Compared[];
  agreeing: (AssessedItem & { answer: string; answer_label: string })[];
  /** Nobody has answered. */
  open: AssessedItem[];
}

export interface ComparedVerdict {
  profile: string;
  title: string;
  verdict: string;
  label: string;
}

export interface ComparedPerson {
  name: string;
  /** All verdicts in one line: “Decide: Ready · Prepare: …”. */
  label: string;
  /** “34 of 121”. */
  answered: string;
  verdicts: ComparedVerdict[];
}

export interface Compared extends AssessedItem {
  blocker: boolean;
  blocker_label: string | null;
  weight: number;
  people: PersonsAnswer[];
  /** What can be answered. */
  options: { answer: "yes" | "no" | "not_applicable"; label: string }[];
}

export interface PersonsAnswer {
  name: string;
  /** "" when it is open. */
  answer: string;
  answer_label: string;
  reason: string;
  note: string;
  evidence: string;
  evidence_href: string | null;
  owner: string;
  report: string;
}
