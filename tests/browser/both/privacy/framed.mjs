/** With the header no other site shows this one in a frame: what cannot be said inside a page. */

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { Host } from "../host.mjs";
import { send } from "./sent.mjs";

/** @type {import("../run.mjs").Case} */
export default {
  title: "No other site shows this one in a frame, where the header is sent",
  async run({ open, host, folder, until, sleep }) {
    send(host);
    // Another site, on another port.
    const address = new URL("terms/", host.site).href;
    writeFileSync(join(folder, "index.html"), `<!doctype html><iframe src="${address}"></iframe>`);
    const elsewhere = await new Host(folder).up();
    /** @param {(parts: () => boolean) => Promise<void>} judge by whether parts of the page were asked for */
    const frame = async (judge) => {
      const asked = host.requests.length;
      const other = await open("", { goto: false });
      // Chromium's driver waits for ever for a frame that is refused.
      void other.goto(elsewhere.site).catch(() => {});
      const since = () => host.requests.slice(asked);
      await until("the frame has asked", () => since().some(({ path }) => path === "terms/"));
      // A page that may be framed asks for its styles and scripts; one that may not is not read.
      await judge(() => since().some(({ path }) => /\.(js|css)$/.test(path)));
      void other.close().catch(() => {});
    };
    await frame(async (parts) => {
      await sleep(2000);
      assert.equal(parts(), false, "framed in spite of the header");
    });
    host.clear();
    host.headers = { "cache-control": "no-store" };
    await frame(async (parts) => {
      await until("it is framed without the header", parts);
    });
    await elsewhere.down();
  },
};
