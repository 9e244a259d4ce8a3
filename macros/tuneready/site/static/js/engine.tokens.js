/**
 * Gives Python in the worker its counters of tokens: each is loaded when a check first needs it.
 */

import { tokenCounter } from "./tokens.js";

/** @import { PyBuffer } from "./protocol.js" */

/**
 * Fetch the ranks of an encoding, and return what Python may call to count with them.
 *
 * @param {string} encoding
 * @param {(file: string) => Promise<Uint8Array>} read gives a file of the bundle
 * @returns {Promise<(data: PyBuffer, ends: PyBuffer) => Uint32Array>}
 */
export async function loadCounter(encoding, read) {
  const count = tokenCounter(encoding, await read(`tokens/${encoding}.ranks`));
  return (data, ends) => {
    // Views into Python's memory, given back at once; a copy would double what a batch takes.
    const bytes = data.getBuffer("u8");
    const places = ends.getBuffer("u32");
    try {
      return count(
        /** @type {Uint8Array} */ (bytes.data),
        /** @type {Uint32Array} */ (places.data),
      );
    } finally {
      bytes.release();
      places.release();
    }
  };
}
