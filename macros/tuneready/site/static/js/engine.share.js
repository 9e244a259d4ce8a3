/**
 * One file, checked by several workers: the first puts everything together and works out the digest,
 * which needs all bytes in their order; whoever is free takes the next piece. Pieces end at line ends.
 *
 * What helpers find comes over a channel between workers, and never through the page.
 */

import { demand, feed } from "./engine.ask.js";
import { lineEnd } from "./engine.slices.js";

/** @import { HelperReply, HelperRequest, Progress, SharedCheck } from "./protocol.js" */
/** @import { Python } from "./engine.python.js" */
/** @import { Slices } from "./engine.slices.js" */
/** @typedef {{ start: number, end: number, how: SharedCheck | null, by: Helper | null, progress: Progress, state: "taken" | "done" | "lost" }} Piece `by` null: the first worker's own */
/** @typedef {{ port: MessagePort, alive: boolean, heard: number }} Helper `heard`: when, last */

/** Pieces that a helper has before it: the one it checks, and one more, so that it never waits. */
const AHEAD = 2;
/**
 * When nothing else is left to do, a helper that says nothing for so long is left, and its pieces are
 * checked here: seen in Firefox on a busy machine, where a helper now and then did not begin.
 */
const PATIENCE_MS = 20_000;
const LOOK_MS = 1000;

export class Share {
  /** @type {Piece[]} in the order of the file */
  #pieces;
  /** @type {Helper[]} */
  #helpers = [];
  /** @type {Promise<unknown>} claims come one after another */
  #claiming = Promise.resolve();
  #wake = Promise.withResolvers();

  /**
   * @param {Python} py which has the start of the file, up to `fed`
   * @param {{ id: number, blob: Blob, file: string, language: string, fed: number, workers: number, onProgress: (progress: Progress) => void }} about
   */
  constructor(py, about) {
    this.py = py;
    this.about = about;
    const progress = { bytes: 0, lines: 0, findings: 0, whole: 0 };
    const { fed } = about;
    this.#pieces = [{ start: 0, end: fed, how: null, by: null, progress, state: "taken" }];
  }

  /**
   * A worker that came to help.
   *
   * @param {MessagePort} port
   */
  add(port) {
    const helper = { port, alive: true, heard: performance.now() };
    this.#helpers.push(helper);
    port.onmessage = ({ data }) => void this.#hear(helper, data);
    this.#post(helper, { type: "hello", ahead: AHEAD });
  }

  /**
   * A helper is gone: what it had is checked by the others.
   *
   * @param {number} number in the order of `add`
   */
  lose(number) {
    const helper = this.#helpers[number];
    if (helper) this.#lose(helper);
  }

  /**
   * Check the rest of the file, and hand Python what helpers found.
   *
   * @param {Slices} slices
   */
  async finish(slices) {
    const [first] = this.#pieces;
    if (!first) return;
    const begun = this.#claim(first.end).then(({ end }) => {
      first.end = end;
    });
    this.#claiming = begun.catch(() => {});
    await begun;
    for (let number = 0; ; number++) {
      const piece = this.#pieces[number] ?? (await this.#next(null), this.#pieces[number]);
      if (!piece) break;
      if (piece.by !== null) {
        this.#open(null, false);
        for await (const slice of slices.between(piece.start, piece.end)) {
          this.py.bridge.pass_over(slice);
        }
      } else {
        if (number > 0) this.#open(piece, false);
        await this.#check(piece, slices, number > 0 ? piece.start : this.about.fed);
      }
    }
    this.#open(null, false);
    await this.#helped();
    for (const piece of this.#pieces.filter(({ state }) => state === "lost")) {
      this.#open(piece, true);
      await this.#check(piece, slices, piece.start);
    }
    this.#open(null, false);
  }

  /** Wait for the helpers. */
  async #helped() {
    // What they said while this worker was busy is heard from now on.
    const since = performance.now();
    while (this.#pieces.some(({ state }) => state === "taken")) {
      const look = new Promise((wake) => setTimeout(wake, LOOK_MS));
      await Promise.race([this.#wake.promise, look]);
      const limit = performance.now() - PATIENCE_MS;
      for (const helper of this.#helpers) {
        if (helper.alive && Math.max(helper.heard, since) < limit) this.#lose(helper);
      }
    }
  }

  /**
   * End the piece that this worker checks, and go on with another.
   *
   * @param {Piece | null} piece
   * @param {boolean} again whether its bytes are in the digest already
   */
  #open(piece, again) {
    const { id } = this.about;
    const start = piece?.start ?? null;
    const how = piece?.how ?? null;
    demand(this.py, { type: "check-piece", id, start, how, again }, "opened");
  }

  /**
   * @param {Piece} piece
   * @param {Slices} slices
   * @param {number} from
   */
  async #check(piece, slices, from) {
    const { id, blob } = this.about;
    for await (const slice of slices.between(from, piece.end)) {
      this.#note(piece, await feed(this.py, { id, blob, start: piece.start }, slice));
    }
    piece.state = "done";
  }

  /**
   * @param {Piece} piece
   * @param {Progress} progress
   */
  #note(piece, { bytes, lines, findings, whole }) {
    piece.progress = { bytes, lines, findings, whole };
    const sum = { bytes: 0, lines: 0, findings: 0, whole: 0 };
    for (const { progress } of this.#pieces) {
      sum.bytes += progress.bytes;
      sum.lines += progress.lines;
      sum.findings += progress.findings;
    }
    const open = this.#pieces.find(({ state }) => state !== "done");
    if (open) sum.whole = open.start + open.progress.whole;
    this.about.onProgress(sum);
  }

  /**
   * @param {Helper | null} by
   * @returns {Promise<Piece | null>} null: all of the file is taken
   */
  #next(by) {
    const claimed = this.#claiming.then(async () => {
      const start = this.#pieces.at(-1)?.end ?? 0;
      if (start >= this.about.blob.size) return null;
      const { end, how } = await this.#claim(start);
      const progress = { bytes: 0, lines: 0, findings: 0, whole: 0 };
      /** @type {Piece} */
      const piece = { start, end, how, by, progress, state: "taken" };
      this.#pieces.push(piece);
      return piece;
    });
    this.#claiming = claimed.catch(() => {});
    return claimed;
  }

  /** @param {number} start */
  async #claim(start) {
    const { id, blob, workers } = this.about;
    const left = blob.size - start;
    const { bytes, how } = demand(this.py, { type: "check-claim", id, left, workers }, "claim");
    return { end: await lineEnd(blob, Math.min(start + bytes, blob.size)), how };
  }

  /**
   * @param {Helper} helper
   * @param {HelperReply} reply
   */
  async #hear(helper, reply) {
    helper.heard = performance.now();
    const piece =
      "start" in reply ? this.#pieces.find(({ start }) => start === reply.start) : undefined;
    switch (reply.type) {
      case "free":
        return this.#give(helper);
      case "piece-progress":
        if (piece && helper.alive) this.#note(piece, reply);
        return;
      case "part":
        if (piece?.state !== "taken") return;
        this.py.bridge.add_part(reply.start, reply.packed);
        piece.state = "done";
        this.#awake();
        return;
      case "lost":
        this.#lose(helper);
    }
  }

  /** @param {Helper} helper */
  async #give(helper) {
    const { blob, file, language } = this.about;
    try {
      const piece = await this.#next(helper);
      if (piece === null || piece.how === null) return;
      if (!helper.alive) return this.#lose(helper);
      const { start, end, how } = piece;
      this.#post(helper, { type: "piece", blob, file, language, start, end, how });
    } catch {
      this.#lose(helper); // the first worker meets the same fault, and tells of it
    }
  }

  /** @param {Helper} helper */
  #lose(helper) {
    helper.alive = false;
    for (const piece of this.#pieces) {
      if (piece.by === helper && piece.state === "taken") piece.state = "lost";
    }
    this.#awake();
  }

  #awake() {
    this.#wake.resolve(undefined);
    this.#wake = Promise.withResolvers();
  }

  /**
   * @param {Helper} helper
   * @param {HelperRequest} request
   */
  #post({ port }, request) {
    port.postMessage(request);
  }
}
