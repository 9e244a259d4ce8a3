/**
 * Puts plain data into a clone of a <template>, as text and addresses only: nothing that comes out
 * of data is ever read as HTML.
 *
 *     data-text="path"   the element's text
 *     data-href="path"   the link's address; without one it stays plain text
 *     data-if="path"     the element goes when there is nothing: null, false, "" or an empty list
 *     data-list="path"   one clone of the inner <template> for each entry
 *
 * A path is a key, or keys with dots: `hrefs.0`; a single dot is the entry itself.
 */

/**
 * @param {HTMLTemplateElement} template
 * @param {unknown} data
 * @param {URL} root what relative addresses count from
 * @returns {DocumentFragment}
 */
export function filled(template, data, root) {
  const fragment = document.importNode(template.content, true);
  fill(fragment, data, root);
  return fragment;
}

/**
 * @param {ParentNode} parent
 * @param {unknown} data
 * @param {URL} root
 */
function fill(parent, data, root) {
  for (const element of /** @type {NodeListOf<HTMLElement>} */ (
    parent.querySelectorAll("[data-if]")
  )) {
    if (isNothing(at(data, element.dataset["if"]))) element.remove();
  }
  for (const element of /** @type {NodeListOf<HTMLElement>} */ (
    parent.querySelectorAll("[data-text], [data-href], [data-list]")
  )) {
    const { text, href, list } = element.dataset;
    if (text !== undefined) element.textContent = String(at(data, text) ?? "");
    if (href !== undefined) setAddress(element, at(data, href), root);
    if (list !== undefined) fillList(element, at(data, list), root);
  }
}

/**
 * @param {HTMLElement} element
 * @param {unknown} entries
 * @param {URL} root
 */
function fillList(element, entries, root) {
  const template = element.querySelector("template");
  if (template === null || !Array.isArray(entries)) return;
  element.replaceChildren(...entries.map((entry) => filled(template, entry, root)));
}

/**
 * @param {HTMLElement} element
 * @param {unknown} address
 * @param {URL} root
 */
function setAddress(element, address, root) {
  if (typeof address !== "string") return;
  const url = new URL(address, root);
  if (url.protocol === "https:" || url.protocol === "http:") {
    element.setAttribute("href", url.href);
  }
}

/**
 * @param {unknown} data
 * @param {string | undefined} path
 * @returns {unknown}
 */
function at(data, path = "") {
  let found = data;
  if (path === ".") return found;
  for (const key of path.split(".")) {
    const known = typeof found === "object" && found !== null && Object.hasOwn(found, key);
    found = known ? /** @type {Record<string, unknown>} */ (found)[key] : undefined;
  }
  return found;
}

/** @param {unknown} value */
function isNothing(value) {
  return !value || (Array.isArray(value) && value.length === 0);
}

/**
 * A text with its named places filled: `{answered} of {questions}`.
 * @param {string} text
 * @param {Record<string, string | number>} values
 */
export function formatted(text, values) {
  return text.replace(/\{(\w+)\}/g, (place, name) => String(values[name] ?? place));
}

/**
 * The element of a template that code of ours fills, marked `data-slot`.
 *
 * @param {DocumentFragment | Element} root
 * @param {string} name
 */
export function slot(root, name) {
  const found = root.querySelector(`[data-slot="${name}"]`);
  if (!(found instanceof HTMLElement)) throw new TypeError(`the template has no slot ${name}`);
  return found;
}
