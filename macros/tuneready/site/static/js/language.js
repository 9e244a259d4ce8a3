/**
 * The language switch keeps the page and the place on it.
 *
 * The links in the header are right for the page that was loaded first. Instant navigation replaces
 * the page below the header, and the <link rel="alternate"> elements, but not the header itself.
 */

document.addEventListener(
  "click",
  ({ target }) => {
    const link = target instanceof Element ? target.closest("a[hreflang]") : null;
    if (!(link instanceof HTMLAnchorElement)) return;
    const selector = `link[rel~="alternate"][hreflang="${CSS.escape(link.hreflang)}"]`;
    const page = document.head.querySelector(selector);
    if (page instanceof HTMLLinkElement) link.href = page.href + location.hash;
  },
  // Before the browser, or Material, follows the link.
  { capture: true },
);
