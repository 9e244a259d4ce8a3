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
      // Without the last five, Chromium looks for its maker's hosts.
      args: [
        "--no-sandbox",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
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

/** @param {string} path */
function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
