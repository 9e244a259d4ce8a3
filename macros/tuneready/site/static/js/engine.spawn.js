/**
 * Starts a worker that the page's policy binds.
 */

/**
 * Runs in the worker, before its module is there. A module that is imported statically from a blob:
 * URL does not arrive in Firefox when a service worker hands it out; one that is asked for does.
 *
 * @param {string} url
 */
function beginWorker(url) {
  /** @type {unknown[]} what the page sent meanwhile */
  const early = [];
  const hold = (/** @type {MessageEvent} */ { data }) => early.push(data);
  self.addEventListener("message", hold);
  import(url).then(
    () => {
      self.removeEventListener("message", hold);
      for (const data of early) self.dispatchEvent(new MessageEvent("message", { data }));
    },
    // Outside the promise, so that the page hears of it.
    (error) =>
      setTimeout(() => {
        throw error;
      }),
  );
}

/**
 * The policy in a page's <meta> binds a worker from a blob: URL, and no worker from another.
 *
 * @returns {{ worker: Worker | null, address: string }} `address` is to be revoked once the worker speaks
 */
export function startWorker() {
  const url = new URL("engine.worker.js", import.meta.url).href;
  const source = new Blob([`(${beginWorker})(${JSON.stringify(url)})`], {
    type: "text/javascript",
  });
  const address = URL.createObjectURL(source);
  let known = false;
  const options = {
    name: "tuneready",
    /** @returns {"module"} read only by a browser that knows module workers */
    get type() {
      known = true;
      return "module";
    },
  };
  const worker = typeof Worker === "function" ? new Worker(address, options) : null;
  if (worker !== null && known) return { worker, address };
  worker?.terminate();
  return { worker: null, address };
}
