/**
 * What has to listen from the first moment: what Material leaves undone on every page, put right
 * before it listens, and what a reader does to a part of the page whose code is still on its way.
 *
 * Links within a page are the browser's own business until Material has turned a page.
 *
 * Material's instant navigation does not know the page that it started on: the first link within it,
 * or the first step back, makes it fetch that page and put a new one in its place. The file that was
 * chosen, the lines that were pasted, a running check and its report would be gone. From its first
 * real navigation on, Material tells pages apart, and this keeps out of its way.
 *
 * A script of the old kind, before Material's: events at the window go to who listened first.
 */

{
  const { pathname, search } = location;
  let turned = false;

  document.addEventListener(
    "click",
    (event) => {
      const link = event.target instanceof Element ? event.target.closest("a[href]") : null;
      if (turned || !(link instanceof HTMLAnchorElement) || link.target !== "") return;
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
      if (link.origin !== location.origin) return;
      if (link.pathname !== pathname) turned = true;
      // Material leaves links alone that say where to open.
      else if (link.hash !== "" && link.search === search) link.target = "_self";
    },
    // Before Material sees it.
    { capture: true },
  );

  addEventListener("popstate", (event) => {
    if (location.pathname !== pathname) turned = true;
    else if (!turned) event.stopImmediatePropagation();
  });
}

// Material opens the menu of a narrow page with a label, which keys do not reach; without a script it
// stays one. The word is the same in English and Dutch.
{
  const label = document.querySelector(/** @type {"label"} */ ('.md-header label[for="__drawer"]'));
  const menu = document.getElementById("__drawer");
  if (label && menu instanceof HTMLInputElement) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = label.className;
    button.setAttribute("for", "__drawer"); // by which Material's styles know it
    button.setAttribute("aria-label", "Menu");
    button.append(...label.childNodes);
    label.replaceWith(button);
    const tell = () => button.setAttribute("aria-expanded", String(menu.checked));
    menu.addEventListener("change", tell);
    button.addEventListener("click", () => menu.click());
    document.addEventListener("keydown", ({ key }) => {
      if (key !== "Escape" || !menu.checked) return;
      menu.click();
      button.focus();
    });
    tell();
  }
}

// Nothing is lost of what a reader does before the code of a part is there: its button is pressed
// once more when it is, and a file that was dropped is chosen.
{
  /** @type {HTMLButtonElement | null} the last one, because one press is what the page is to do */
  let pressed = null;

  document.addEventListener(
    "click",
    (event) => {
      const button = event.target instanceof Element ? event.target.closest("button") : null;
      const part = button?.closest(":not(:defined)");
      if (!button || !part) return;
      event.preventDefault();
      event.stopPropagation();
      pressed = button;
      void customElements.whenDefined(part.localName).then(() => {
        if (pressed !== button) return;
        pressed = null;
        button.click();
      });
    },
    { capture: true },
  );

  for (const type of /** @type {const} */ (["dragover", "drop"])) {
    document.addEventListener(type, (event) => {
      const { target, dataTransfer } = event;
      const part = document.querySelector("tr-dataset-check:not(:defined)");
      if (!part || !dataTransfer?.types.includes("Files")) return;
      event.preventDefault(); // which would be to leave the page for the file
      const input = part.querySelector(/** @type {"input"} */ ("[data-drop] input[type=file]"));
      if (type !== "drop" || !(target instanceof Node) || !part.contains(target) || !input) return;
      input.files = dataTransfer.files; // which the code looks at when it comes
    });
  }
}
