/**
 * What Material leaves undone on every page, put right before it listens.
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
