/** Why a file of this site did not arrive, as far as a page can tell. */

/** The folder of this very bundle, whose name changes with its content. */
const BUNDLE = new URL("../", import.meta.url).pathname.split("/").at(-2) ?? "";
const PATIENCE_MS = 5000;

/**
 * Ask for the present page once more: does it arrive, and does it still name this bundle?
 *
 * @returns {Promise<"offline" | "renewed" | "missing-file">}
 */
export async function whyMissing() {
  const [page = ""] = location.href.split("#");
  try {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const response = await fetch(page, { cache: "no-store", signal });
    if (!response.ok) return "missing-file";
    return (await response.text()).includes(BUNDLE) ? "missing-file" : "renewed";
  } catch {
    return "offline";
  }
}
