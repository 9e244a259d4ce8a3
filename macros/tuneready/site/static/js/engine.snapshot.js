/**
 * The memory image of a started interpreter, made at build time and put back in the worker.
 *
 * What WebAssembly writes into the memory by itself (the data of the program, 3 MB of the image) is
 * crossed out of the shipped image with XOR, and compresses to nothing. Doing it again brings it
 * back, so both sides call the same function.
 */

/** @import { PyodideConfig } from "pyodide" */
/** @typedef {NonNullable<PyodideConfig["createPyodideModule"]>} CreateModule */
/** @typedef {{ HEAP8: Int8Array, _malloc: (bytes: number) => number }} Memory */

const DATA_SECTION = 11;
const I32_CONST = 0x41;
/** Where Pyodide's image says how long its own header is, in words of four bytes. */
const HEADER_LENGTH = 1;

/**
 * Cross the program's data out of an image of its memory, or back into it, in place.
 *
 * @param {Uint8Array<ArrayBuffer>} image as Pyodide makes it: a header, then the memory
 * @param {Uint8Array} program the WebAssembly file
 */
export function crossData(image, program) {
  const start = new Uint32Array(image.buffer, image.byteOffset, 4)[HEADER_LENGTH] ?? 0;
  for (const { at, from, size } of dataSegments(program)) {
    const here = start + at;
    for (let index = 0; index < size; index++) {
      // @ts-expect-error within both, or the image is not of this program and its hash is wrong
      image[here + index] ^= program[from + index];
    }
  }
}

/**
 * A program's memory begins smaller than the image may be, and Pyodide copies without looking.
 *
 * @param {number} bytes of the image
 * @param {CreateModule} create
 * @returns {CreateModule}
 */
export function withRoom(bytes, create) {
  return async (settings) => {
    const module = await create(settings);
    const memory = /** @type {Memory} */ (/** @type {unknown} */ (module));
    // What is allocated here is overwritten by the image.
    while (memory.HEAP8.length < bytes) memory._malloc(1 << 20);
    return module;
  };
}

/**
 * @param {Uint8Array} program
 * @yields {{ at: number, from: number, size: number }} place in memory, place in the file, bytes
 */
function* dataSegments(program) {
  let place = 8; // after the magic number and the version
  const byte = () => program[place++] ?? 0;
  const number = () => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const next = byte();
      value |= (next & 0x7f) << shift;
      if (next < 0x80) return value >>> 0;
    }
  };
  while (place < program.length) {
    const section = byte();
    const length = number();
    if (section !== DATA_SECTION) {
      place += length;
      continue;
    }
    for (let left = number(); left > 0; left--) {
      if (number() !== 0 || byte() !== I32_CONST) throw new TypeError("a segment of another kind");
      const at = number();
      byte(); // end of the expression
      const size = number();
      yield { at, from: place, size };
      place += size;
    }
    return;
  }
}
