/** Hosts that know no WebAssembly, and hosts that compress what they send. */

import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";

/** @type {import("../run.mjs").Case} */
export default {
  title: "The verdict comes from a host with other types, and from one that compresses",
  async run({ open, host, until }) {
    const packed = { change: (/** @type {Buffer} */ content) => gzipSync(content, { level: 1 }) };
    const headers = { "content-encoding": "gzip" };
    const list = await open("decide/why/");
    await list.click("tr-checklist input[value=yes]");
    await list.close();
    for (const setting of ["octet-stream", "compressed"]) {
      host.clear();
      if (setting === "octet-stream") {
        host.fault(/\/py\//, { type: "application/octet-stream" });
        host.fault(/\.mjs$/, { type: "text/javascript" });
      } else {
        host.fault(/\/py\/.*\.(wasm|mjs|snapshot)$/, { ...packed, headers });
      }
      const page = await open("decide/");
      const state = () => page.$eval("tr-assessment", (part) => part.getAttribute("data-state"));
      await until(`a verdict, ${setting}`, async () => (await state()) === "done", 60_000);
      const library = host.requests.filter(({ path }) => path.endsWith("python_stdlib.zip"));
      assert.deepEqual(library, [], "from the snapshot");
      await page.close();
    }
  },
};
