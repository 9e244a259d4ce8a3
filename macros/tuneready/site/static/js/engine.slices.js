/**
 * Reads a file of the reader in the worker, slice by slice, and notices when it changes meanwhile.
 */

/** A slice should take about this long: progress stays smooth, and a message is heard in time. */
const SLICE_MS = 60;
const BYTES = { first: 1 << 18, least: 1 << 16, most: 1 << 22 };
/** What is compared at the end with what it was at the start: so many places, of so many bytes. */
const SAMPLES = { places: 16, bytes: 1 << 12 };
/** How often that is done meanwhile, so that nobody waits for the end of what counts for nothing. */
const SAMPLED_EVERY_MS = 2000;
const LINE_FEED = 10;

/** The file is not any more what it was when the check began. */
export class FileChanged extends Error {
  name = "FileChanged";
}

export class Slices {
  #blob;
  #isSame;
  #size = BYTES.first;
  #sampled = performance.now();

  /**
   * @param {Blob} blob
   * @param {() => Promise<void>} [isSame] see `remembered`
   */
  constructor(blob, isSame = async () => {}) {
    this.#blob = blob;
    this.#isSame = isSame;
  }

  /**
   * Read a part of the file. The next slice is fetched while the one before is worked on, and as
   * large as that work suggests.
   *
   * @param {number} start
   * @param {number} end
   * @returns {AsyncGenerator<Uint8Array<ArrayBuffer>>}
   */
  async *between(start, end) {
    let place = start;
    let reading = read(this.#blob, place, Math.min(place + this.#size, end));
    while (place < end) {
      const slice = await reading;
      place += slice.length;
      reading = read(this.#blob, place, Math.min(place + this.#size, end));
      reading.catch(() => {}); // heard when its turn comes
      if (performance.now() - this.#sampled > SAMPLED_EVERY_MS) {
        await this.#isSame();
        this.#sampled = performance.now();
      }
      const began = performance.now();
      yield slice;
      const fitting = (slice.length * SLICE_MS) / Math.max(performance.now() - began, 1);
      const size = Math.min(Math.max(fitting, BYTES.least), BYTES.most, this.#size * 2);
      this.#size = size & ~(BYTES.least - 1);
    }
  }
}

/**
 * Find where the line ends that holds, or follows, a place.
 *
 * @param {Blob} blob
 * @param {number} from
 * @returns {Promise<number>} the first byte of the next line; the size of the file when there is none
 */
export async function lineEnd(blob, from) {
  let size = BYTES.least;
  for (let place = from; place < blob.size; size = Math.min(size * 2, BYTES.most)) {
    const slice = await read(blob, place, Math.min(place + size, blob.size));
    const found = slice.indexOf(LINE_FEED);
    if (found >= 0) return place + found + 1;
    place += slice.length;
  }
  return blob.size;
}

/**
 * Count the lines that end before a place.
 *
 * @param {Blob} blob
 * @param {number} end
 */
export async function countLines(blob, end) {
  let lines = 0;
  for (let place = 0; place < end; place += BYTES.most) {
    const slice = await read(blob, place, Math.min(place + BYTES.most, end));
    for (const byte of slice) if (byte === LINE_FEED) lines += 1;
  }
  return lines;
}

/**
 * Remember the file as it is now. Not every browser notices by itself that another program writes to it.
 *
 * @param {Blob} blob
 * @returns {Promise<() => Promise<void>>} throws when the file is another than before
 */
export async function remembered(blob) {
  const last = Math.max(blob.size - SAMPLES.bytes, 0);
  const places = Array.from({ length: SAMPLES.places }, (_, number) =>
    Math.floor((last * number) / (SAMPLES.places - 1)),
  );
  const sample = () =>
    Promise.all(
      places.map((place) => read(blob, place, Math.min(place + SAMPLES.bytes, blob.size))),
    );
  const before = await sample();
  return async () => {
    const after = await sample();
    const same = before.every((one, number) =>
      one.every((byte, place) => byte === after[number]?.[place]),
    );
    if (!same) throw new FileChanged("another content");
  };
}

/**
 * @param {Blob} blob
 * @param {number} start
 * @param {number} end
 */
async function read(blob, start, end) {
  const bytes = new Uint8Array(await blob.slice(start, end).arrayBuffer());
  if (bytes.length !== end - start) throw new FileChanged("another size");
  return bytes;
}
