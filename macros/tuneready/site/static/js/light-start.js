/**
 * Spares a page what Material does at its start and what costs the most there: all styles worked out
 * anew, several times, in one task in which the page answers nothing. A phone feels that.
 *
 * Each part waits for what Material does, and does nothing should it do that no longer.
 *
 * A script of the old kind, before Material's.
 */

{
  const { body, documentElement: root, head } = document;

  // For the pages that it will turn, Material writes every address in full, in this page and in those:
  // what both have stays. But a stylesheet whose address is written is read and applied anew, and the
  // page may stand without its styles until then. So here both keep the address that this page has.
  // (Not so with other links: a browser looks for the icon again wherever a page is turned to.)
  {
    const proto = HTMLLinkElement.prototype;
    const href = /** @type {PropertyDescriptor} */ (Object.getOwnPropertyDescriptor(proto, "href"));
    /** @type {Map<HTMLLinkElement, string>} with the address in full, as it is before a page is turned */
    const styles = new Map();
    for (const link of head.querySelectorAll(/** @type {"link"} */ ("link[rel=stylesheet]"))) {
      styles.set(link, link.href);
    }
    Object.defineProperty(proto, "href", {
      ...href,
      /** @this {HTMLLinkElement} @param {string} address */
      set(address) {
        const same = [...styles].find(([link, full]) => link.isConnected && full === address)?.[0];
        if (!same || this.rel !== "stylesheet") href.set?.call(this, address);
        else if (this !== same) this.setAttribute("href", same.getAttribute("href") ?? "");
      },
    });
  }

  // That nothing changes its colours slowly need not be said when nothing changes them.
  body.setAttribute = (name, value) => {
    if (name !== "data-md-color-switching")
      return Element.prototype.setAttribute.call(body, name, value);
    Reflect.deleteProperty(body, "setAttribute"); // from now on colours are changed by the reader
  };

  // Which colours the browser's own parts have, tokens.css says from the start, for the schemes that
  // it knows; Material's element comes for others, and when the reader chooses.
  head.appendChild = (node) => {
    if (!(node instanceof HTMLMetaElement) || node.name !== "color-scheme") {
      Node.prototype.appendChild.call(head, node);
      return node;
    }
    Reflect.deleteProperty(head, "appendChild");
    const tell = () => head.append(node);
    setTimeout(() => {
      if (getComputedStyle(root).colorScheme !== node.content) tell();
    });
    const palette = document.querySelector("[data-md-component=palette]");
    palette?.addEventListener("change", tell, { once: true });
    return node;
  };

  // Material's script has run just before this event, and does as much again for it: two tasks, with
  // room between them for what the reader does. (Told at once when all is loaded, it would be one
  // task again: a browser tells of both in the same.)
  document.addEventListener(
    "DOMContentLoaded",
    (event) => {
      if (!event.isTrusted) return;
      event.stopImmediatePropagation();
      setTimeout(() => document.dispatchEvent(new Event(event.type, { bubbles: true })));
    },
    { capture: true },
  );
}
