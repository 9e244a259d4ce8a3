/** What the policy of a page refused, as the page itself hears of it. */

/** @import { Page } from "puppeteer-core" */

const KEPT = "tr-test-violations";

/** Runs in the page before its own scripts: notes every violation, beyond turned pages. */
export function collectViolations() {
  const kept = "tr-test-violations";
  document.addEventListener("securitypolicyviolation", (event) => {
    const said = `${event.effectiveDirective} ${event.blockedURI} ${event.sample}`;
    const before = JSON.parse(sessionStorage.getItem(kept) ?? "[]");
    sessionStorage.setItem(kept, JSON.stringify([...before, said]));
  });
}

const TRIES = 40;

/**
 * @param {Page} page
 * @returns {Promise<string[]>} since the last time it was asked
 */
export async function violations(page) {
  for (let tries = 1; ; tries++) {
    try {
      return await page.evaluate((kept) => {
        const found = JSON.parse(sessionStorage.getItem(kept) ?? "[]");
        sessionStorage.removeItem(kept);
        return found;
      }, KEPT);
    } catch (error) {
      // Firefox may answer from the empty page that comes before each, which has no storage.
      if (tries === TRIES || !String(error).includes("SecurityError")) throw error;
      await new Promise((wake) => setTimeout(wake, 50));
    }
  }
}
