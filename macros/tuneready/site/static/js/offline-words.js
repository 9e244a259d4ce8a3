/** What both parts that speak of the kept site do alike. */

/**
 * @param {string} iso a day, or a time of which the day counts
 * @param {string} language
 */
export function longDay(iso, language) {
  // A day has no zone; a time is the reader's.
  const timeZone = iso.length === 10 ? { timeZone: "UTC" } : {};
  return new Intl.DateTimeFormat(language === "en" ? "en-GB" : language, {
    dateStyle: "long",
    ...timeZone,
  }).format(new Date(iso));
}

/** Load the page again, after what is being typed has been stored: a field tells when it is left. */
export function loadAgain() {
  if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
  location.reload();
}
