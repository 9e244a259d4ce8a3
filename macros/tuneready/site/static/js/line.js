/**
 * What a browser tells of the reader's line; Firefox and Safari tell nothing.
 */

/**
 * Python's snapshot is 3.5 MB more to fetch than what a plain start needs instead of it, and a plain
 * start computes for some three seconds longer: below this, the plain start is there first.
 */
const SLOW_MBIT = 8;

/** @returns {{ saveData?: boolean, downlink?: number }} `downlink` in Mbit/s, at most 10 */
function line() {
  return "connection" in navigator ? /** @type {object} */ (navigator.connection) : {};
}

/** Whether the reader asked their browser to save data. */
export function savesData() {
  return line().saveData === true;
}

/** Whether fewer bytes are worth some seconds of work. */
export function isSlow() {
  return savesData() || (line().downlink ?? Infinity) < SLOW_MBIT;
}
