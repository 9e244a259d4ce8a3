/** Files of answers, as a reader chooses them. */

/** Python takes 5,000,000 characters of up to four bytes; one more, so that it says what is wrong. */
const MAX_BYTES = 20_000_004;

/**
 * Take the files that are chosen; the same ones can be chosen again.
 * @param {HTMLInputElement} input
 */
export function filesFrom(input) {
  const files = [...(input.files ?? [])];
  input.value = "";
  return files;
}

/** @param {File} file */
export function textOf(file) {
  return file.slice(0, MAX_BYTES).text();
}
