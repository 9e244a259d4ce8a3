/**
 * Counts the tokens of texts exactly as tiktoken does, from the same ranks, in the worker.
 *
 * Its own counter and not a library's: the counts have to be those of the command line for any text
 * (byte-order marks, odd white space, half emoji), and a long run of one character must not take
 * minutes. A piece of text is merged with a heap, so the time grows with n log n.
 */

/** @typedef {(data: Uint8Array, ends: Uint32Array) => Uint32Array} CountUtf8 */

// What tiktoken's patterns say, in JavaScript's words: its \s has other members than Unicode's
// White_Space, and without regard to case "ſ" is an "s".
const SUFFIX = String.raw`'(?:[sSſdDmMtT]|[lL][lL]|[vV][eE]|[rR][eE])`;
const UPPER = String.raw`[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]`;
const LOWER = String.raw`[\p{Ll}\p{Lm}\p{Lo}\p{M}]`;
const LEAD = String.raw`[^\r\n\p{L}\p{N}]?`;
const SPACE = String.raw`\p{White_Space}`;
const SIGNS = String.raw` ?[^\p{White_Space}\p{L}\p{N}]+`;
const LAST_SPACES = String.raw`${SPACE}+(?!\P{White_Space})`;

/** @type {Record<string, RegExp>} */
const PIECES = {
  o200k_base: pattern(
    `${LEAD}${UPPER}*${LOWER}+(?:${SUFFIX})?`,
    `${LEAD}${UPPER}+${LOWER}*(?:${SUFFIX})?`,
    String.raw`\p{N}{1,3}`,
    String.raw`${SIGNS}[\r\n/]*`,
    String.raw`${SPACE}*[\r\n]+`,
    LAST_SPACES,
    `${SPACE}+`,
  ),
  cl100k_base: pattern(
    SUFFIX,
    String.raw`${LEAD}\p{L}+`,
    String.raw`\p{N}{1,3}`,
    String.raw`${SIGNS}[\r\n]*`,
    `${SPACE}+$`,
    String.raw`${SPACE}*[\r\n]`,
    LAST_SPACES,
    SPACE,
  ),
};

/** @param {string[]} alternatives */
function pattern(...alternatives) {
  return new RegExp(alternatives.join("|"), "gu");
}

const ASCII = /^[\0-\x7f]*$/;
/** Bounds of what is remembered about pieces that are not one token. */
const MOST_KNOWN = 1 << 16;
const LONGEST_KNOWN = 64;

/** Positions within a piece; more than the bytes of the longest text that comes in one part. */
const PLACES = 2 ** 22;

/**
 * Return the counter of an encoding.
 *
 * @param {string} encoding
 * @param {Uint8Array} file the tokens in the order of their ranks: how many (four bytes, the least
 *   first), the length of each (one byte), and their bytes one after another
 * @returns {CountUtf8} takes texts as UTF-8, with the places where each ends
 */
export function tokenCounter(encoding, file) {
  const pieces = PIECES[encoding];
  if (pieces === undefined) throw new RangeError(encoding);
  const { ranks, longest } = read(file);
  /** @type {Map<string, number>} */
  const known = new Map();
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  const encoder = new TextEncoder();

  /** @param {string} piece */
  function countPiece(piece) {
    const isAscii = ASCII.test(piece);
    if (isAscii && ranks.has(piece)) return 1;
    const before = known.get(piece);
    if (before !== undefined) return before;
    const bytes = isAscii ? piece : asString(encoder.encode(piece));
    const found = !isAscii && ranks.has(bytes) ? 1 : merge(bytes, ranks, longest);
    if (piece.length <= LONGEST_KNOWN) {
      if (known.size >= MOST_KNOWN) known.clear();
      known.set(piece, found);
    }
    return found;
  }

  return (data, ends) => {
    const counts = new Uint32Array(ends.length);
    let start = 0;
    ends.forEach((end, i) => {
      let sum = 0;
      const text = decoder.decode(data.subarray(start, end));
      for (const piece of text.match(pieces) ?? []) sum += countPiece(piece);
      counts[i] = sum;
      start = end;
    });
    return counts;
  };
}

/**
 * Tokens are kept as strings with one character for each byte.
 *
 * @param {Uint8Array} file
 */
function read(file) {
  const count = new DataView(file.buffer, file.byteOffset).getUint32(0, true);
  const lengths = file.subarray(4, 4 + count);
  const all = asString(file.subarray(4 + count));
  /** @type {Map<string, number>} */
  const ranks = new Map();
  let start = 0;
  let longest = 0;
  lengths.forEach((length, rank) => {
    ranks.set(all.slice(start, start + length), rank);
    start += length;
    longest = Math.max(longest, length);
  });
  if (start !== all.length || ranks.size !== count) throw new RangeError("not a rank file");
  return { ranks, longest };
}

/**
 * One character for each byte. (A TextDecoder for "latin1" in truth reads windows-1252.)
 *
 * @param {Uint8Array} bytes
 */
function asString(bytes) {
  let text = "";
  for (let start = 0; start < bytes.length; start += 4096) {
    text += String.fromCharCode(...bytes.subarray(start, start + 4096));
  }
  return text;
}

/**
 * Count the tokens of a piece: the pair of the lowest rank is merged, the first of equal ones
 * first, until no pair is a token.
 *
 * @param {string} bytes
 * @param {Map<string, number>} ranks
 * @param {number} longest of all tokens
 */
function merge(bytes, ranks, longest) {
  const size = bytes.length;
  const next = new Int32Array(size + 1); // where the part that begins here ends
  const previous = new Int32Array(size + 1);
  const rankAt = new Int32Array(size).fill(-1); // of the part that begins here, merged with the next
  const heap = new Heap();
  /** @param {number} at */
  const look = (at) => {
    const second = item(next, at);
    const end = second < size ? item(next, second) : 0;
    const fits = end > 0 && end - at <= longest;
    const rank = (fits ? ranks.get(bytes.slice(at, end)) : undefined) ?? -1;
    rankAt[at] = rank;
    if (rank >= 0) heap.push(rank * PLACES + at);
  };
  for (let at = 0; at <= size; at++) {
    next[at] = at + 1;
    previous[at] = at - 1;
  }
  for (let at = 0; at < size - 1; at++) look(at);
  let count = size;
  for (let entry = heap.pop(); entry >= 0; entry = heap.pop()) {
    const at = entry % PLACES;
    if (rankAt[at] !== (entry - at) / PLACES) continue; // one of the two was merged meanwhile
    const second = item(next, at);
    const end = item(next, second);
    rankAt[second] = -1;
    next[at] = end;
    previous[end] = at;
    count--;
    look(at);
    if (at > 0) look(item(previous, at));
  }
  return count;
}

/**
 * @param {ArrayLike<number>} items
 * @param {number} at a place that it has
 */
function item(items, at) {
  return /** @type {number} */ (items[at]);
}

/** The least number first. */
class Heap {
  /** @type {number[]} */
  #items = [];

  /** @param {number} added */
  push(added) {
    const items = this.#items;
    let at = items.length;
    items.push(added);
    while (at > 0) {
      const up = (at - 1) >> 1;
      const above = item(items, up);
      if (above <= added) break;
      items[at] = above;
      at = up;
    }
    items[at] = added;
  }

  /** The least item; -1 when there is none. */
  pop() {
    const items = this.#items;
    const least = items[0];
    const last = items.pop();
    if (least === undefined || last === undefined) return -1;
    const size = items.length;
    if (size === 0) return least;
    let at = 0;
    for (;;) {
      let down = 2 * at + 1;
      if (down >= size) break;
      if (down + 1 < size && item(items, down + 1) < item(items, down)) down++;
      const below = item(items, down);
      if (below >= last) break;
      items[at] = below;
      at = down;
    }
    items[at] = last;
    return least;
  }
}
