/**
 * Notices workers that have gone silent: while they work they say every second that they live, unless
 * one call of Python takes longer than that.
 */

const TICK_MS = 1000;
/** Ticks and not seconds: a computer that slept, or a page at rest, makes no worker suspect. */
const MOST_TICKS = 10;

export class Watch {
  /** @type {Map<Worker, number>} ticks since it was heard */
  #silent = new Map();
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #timer;
  #onChange;
  #stuck = false;

  /** @param {(stuck: boolean) => void} onChange */
  constructor(onChange) {
    this.#onChange = onChange;
  }

  /**
   * A worker works, or says that it lives.
   *
   * @param {Worker} worker
   */
  heard(worker) {
    if (this.#timer === undefined) return;
    this.#silent.set(worker, 0);
    this.#look();
  }

  /** @param {Worker} worker is of no interest any more */
  forget(worker) {
    this.#silent.delete(worker);
    this.#look();
  }

  /** @param {Worker} worker begins to work */
  begin(worker) {
    this.#silent.set(worker, 0);
    this.#timer ??= setInterval(() => this.#tick(), TICK_MS);
  }

  /** Nobody works any more. */
  end() {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#silent.clear();
    this.#stuck = false;
  }

  /** Be patient for as long again. */
  wait() {
    for (const worker of this.#silent.keys()) this.#silent.set(worker, 0);
    this.#look();
  }

  #tick() {
    for (const [worker, ticks] of this.#silent) this.#silent.set(worker, ticks + 1);
    this.#look();
  }

  #look() {
    const stuck = [...this.#silent.values()].some((ticks) => ticks >= MOST_TICKS);
    if (stuck === this.#stuck) return;
    this.#stuck = stuck;
    this.#onChange(stuck);
  }
}
