/**
 * Starts Chromium and Firefox, each driven over WebDriver BiDi by the same commands.
 *
 * The order for each: what CHROME or FIREFOX names, then an installed one. None found is a failure.
 */

import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

import puppeteer from "puppeteer-core";

/** @import { Browser, LaunchOptions } from "puppeteer-core" */
/** @typedef {"chromium" | "firefox"} BrowserName */

/** @type {Record<BrowserName, { variables: string[], names: string[], launch: LaunchOptions }>} */
const BROWSERS = {
  chromium: {
    variables: ["CHROME", "CHROMIUM"],
    names: ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"],
    launch: {
      browser: "chrome",
      // Without the five in the middle, Chromium looks for its maker's hosts; without the last, it
      // spends its first two seconds on pages of its own for an address bar that nobody sees.
      args: [
        "--no-sandbox",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-features=WebUIOmniboxPopup,WebUIOmniboxAimPopup",
      ],
    },
  },
  firefox: {
    variables: ["FIREFOX"],
    names: ["firefox-esr", "firefox"],
    launch: {
      browser: "firefox",
      extraPrefsFirefox: {
        "app.normandy.enabled": false,
        "browser.safebrowsing.downloads.enabled": false,
        "browser.safebrowsing.malware.enabled": false,
        "browser.safebrowsing.phishing.enabled": false,
        "datareporting.policy.dataSubmissionEnabled": false,
        "network.captive-portal-service.enabled": false,
        "network.connectivity-service.enabled": false,
        "network.dns.disablePrefetch": true,
        "services.settings.server": "data:,",
        "toolkit.telemetry.server": "data:,",
      },
    },
  },
};

/** How long a browser may take to end; a second is usual. */
const GOING_MS = 15_000;

/**
 * @param {string} name
 * @returns {name is BrowserName}
 */
export function isBrowserName(name) {
  return name in BROWSERS;
}

/**
 * @param {BrowserName} name
 * @returns {string} the path of the browser's program
 */
export function find(name) {
  const { variables, names } = BROWSERS[name];
  const named = variables.map((variable) => process.env[variable]).find(Boolean);
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  for (const one of named ? [named] : names) {
    const paths = one.includes("/") ? [one] : folders.map((folder) => join(folder, one));
    const path = paths.find(isProgram);
    if (path !== undefined) return path;
  }
  throw new Error(
    `No ${name} was found. Install ${names[0]} (on Debian: apt install ${names[0]}), or name it in the ${variables[0]} variable.`,
  );
}

/**
 * @param {BrowserName} name
 * @param {LaunchOptions} [options] in addition, such as `userDataDir`
 * @returns {Promise<Browser>}
 */
export function launch(name, options = {}) {
  const { launch: own } = BROWSERS[name];
  return puppeteer.launch({
    ...own,
    executablePath: find(name),
    headless: true,
    protocol: "webDriverBiDi",
    protocolTimeout: 300_000,
    ...options,
    args: [...(own.args ?? []), ...(options.args ?? [])],
    extraPrefsFirefox: { ...own.extraPrefsFirefox, ...options.extraPrefsFirefox },
  });
}

/**
 * End a browser. One that does not go when it is asked to is killed, with its processes: to wait
 * for it may be to wait for ever.
 *
 * @param {Browser} browser
 */
export async function quit(browser) {
  const program = browser.process();
  await within(GOING_MS, "the browser's end", browser.close()).catch(() => {});
  if (!program?.pid || program.exitCode !== null || program.signalCode !== null) return;
  try {
    process.kill(-program.pid, "SIGKILL"); // puppeteer gives each browser a group of its own
  } catch {
    // It went meanwhile.
  }
}

/**
 * Wait for a promise, and not longer than this: what a browser does not answer in time is a failure.
 *
 * @template T
 * @param {number} ms
 * @param {string} what for the message
 * @param {Promise<T>} promise
 * @returns {Promise<T>}
 */
export async function within(ms, what, promise) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what}: not done within ${ms} ms`)), ms);
  });
  try {
    return /** @type {T} */ (await Promise.race([promise, late]));
  } finally {
    clearTimeout(timer);
  }
}

/** @param {string} path */
function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
