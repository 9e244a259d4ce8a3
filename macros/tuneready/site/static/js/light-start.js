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

  // For the pages that it will turn, Material writes every address in full, and a stylesheet whose
  // address is written is read and applied anew. It is soon enough before the first page is turned.
  {
    /** @type {NodeListOf<HTMLLinkElement>} */
    const links = head.querySelectorAll("link[href]");
    for (const link of links) {
      Object.defineProperty(link, "href", { value: link.href, writable: true, configurable: true });
    }

    document.addEventListener("click", prepare, { capture: true });

    /** @param {MouseEvent} event */
    function prepare({ target }) {
      if (!(target instanceof Element) || !target.closest("a[href]")) return;
      document.removeEventListener("click", prepare, { capture: true });
      for (const link of links) {
        Reflect.deleteProperty(link, "href");
        link.setAttribute("href", link.href); // in full
      }
    }
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
  // room between them for what the reader does.
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
