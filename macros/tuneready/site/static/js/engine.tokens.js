/**
 * Gives Python in the worker its counters of tokens: each is loaded when a check first needs it.
 */

import { tokenCounter } from "./tokens.js";

/** @import { PyBuffer, WorkerScope } from "./protocol.js" */

const RANKS = new URL("../tokens/", import.meta.url);

/**
 * Fetch the ranks of an encoding, and return what Python may call to count with them.
 *
 * @param {string} encoding
 * @param {WorkerScope["fetch"]} fetch
 * @returns {Promise<(data: PyBuffer, ends: PyBuffer) => Uint32Array>}
 */
export async function loadCounter(encoding, fetch) {
  const response = await fetch(new URL(`${encoding}.ranks`, RANKS));
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  const count = tokenCounter(encoding, new Uint8Array(await response.arrayBuffer()));
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
