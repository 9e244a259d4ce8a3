/** What html-validate is asked of every page; each rule that is off says why. */
export default {
  root: true,
  extends: ["html-validate:recommended", "html-validate:a11y"],
  rules: {
    // Material's own ids, such as __drawer, are valid HTML though they begin with an underscore.
    "valid-id": ["error", { relaxed: true }],
    // How tags are written, by Jinja, Markdown and Material, makes no difference to a browser.
    "attr-quotes": "off",
    "doctype-style": "off",
    "no-trailing-whitespace": "off",
    "void-style": "off",
    // Material's switches must not come back switched on after a reload, which this prevents in Firefox.
    "valid-autocomplete": "off",
    // Of a page's two tables of contents one is hidden, at any width.
    "unique-landmark": "off",
    // Search, palette and checklists do at once what is chosen; there is nothing to submit.
    "wcag/h32": "off",
  },
};
