/**
 * What a browser tells of the reader's line; Firefox and Safari tell nothing.
 */

/**
 * Python's snapshot is 3.5 MB more to fetch than what a plain start needs instead of it, and a plain
 * start computes for some three seconds longer: on such lines it is there first. (A figure in
 * Mbit/s is told, too, and is no use: a browser that has not seen much traffic says 1.4.)
 */
const SLOW = ["slow-2g", "2g", "3g"];

/** @returns {{ saveData?: boolean, effectiveType?: string }} */
function line() {
  return "connection" in navigator ? /** @type {object} */ (navigator.connection) : {};
}

/** Whether the reader asked their browser to save data. */
export function savesData() {
  return line().saveData === true;
}

/** Whether fewer bytes are worth some seconds of work. */
export function isSlow() {
  return savesData() || SLOW.includes(line().effectiveType ?? "");
}
