/** The guide that a page holds: data of the build, in the page's language. */

/**
 * Read once for each element: the engine knows by the object that it has this guide already.
 * @type {WeakMap<Element, object>}
 */
const guides = new WeakMap();

/**
 * @param {Element} element with the template that holds the guide
 * @returns {object}
 */
export function guideOf(element) {
  const known = guides.get(element);
  if (known !== undefined) return known;
  const template = element.querySelector('template[data-template="guide"]');
  const text = template instanceof HTMLTemplateElement ? template.content.textContent : null;
  /** @type {object} */
  const guide = JSON.parse(text || "{}");
  guides.set(element, guide);
  return guide;
}
