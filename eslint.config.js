/**
 * Only what a formatter and a type checker do not see: text must never become HTML, a style or a
 * program. A dataset is hostile until the opposite is proved, and so is a link that somebody sent.
 *
 * Each of these has a way in Python's or the DOM's own words that places text: `textContent`,
 * `append`, `replaceChildren`, `style.setProperty`.
 */

import noUnsanitized from "eslint-plugin-no-unsanitized";

const AS_HTML = [
  "innerHTML",
  "outerHTML",
  "insertAdjacentHTML",
  "setHTMLUnsafe",
  "parseHTMLUnsafe",
];
const AS_DOCUMENT = ["srcdoc", "createContextualFragment", "parseFromString", "execCommand"];
const AS_STYLE = ["cssText", "insertRule", "replaceSync"];
const SINKS = [...AS_HTML, ...AS_DOCUMENT, ...AS_STYLE];
const named = `/^(${SINKS.join("|")})$/`;

export default [
  {
    files: ["macros/tuneready/site/static/**/*.js"],
    plugins: { "no-unsanitized": noUnsanitized },
    languageOptions: {
      globals: Object.fromEntries(
        ["document", "execScript", "setInterval", "setTimeout", "window"].map((one) => [
          one,
          "readonly",
        ]),
      ),
    },
    linterOptions: { noInlineConfig: true },
    rules: {
      "no-eval": "error",
      "no-implied-eval": "error",
      "no-new-func": "error",
      "no-script-url": "error",
      // Which modules may be imported is the policy's affair: those of this site.
      "no-unsanitized/method": [
        "error",
        { defaultDisable: true },
        {
          createContextualFragment: { properties: [0] },
          insertAdjacentHTML: { properties: [1] },
          parseHTMLUnsafe: { properties: [0] },
          setHTMLUnsafe: { properties: [0] },
          write: { objectMatches: ["document"], properties: [0] },
          writeln: { objectMatches: ["document"], properties: [0] },
        },
      ],
      "no-unsanitized/property": "error",
      "no-restricted-globals": ["error", "DOMParser", "XSLTProcessor", "RTCPeerConnection"],
      "no-restricted-properties": [
        "error",
        ...SINKS.map((property) => ({ property })),
        { object: "document", property: "write" },
        { object: "document", property: "writeln" },
      ],
      "no-restricted-syntax": [
        "error",
        // However they are reached: el["inner" …] aside, by a name in quotes or in an object.
        `Literal[value=${named}]`,
        `Property > Identifier.key[name=${named}]`,
        `CallExpression[callee.property.name=/^setAttribute/] > Literal[value=/^(style|on|srcdoc|formaction|http-equiv)/i]`,
        `CallExpression[callee.property.name=/^createElement/] > Literal[value=/^(script|style|iframe|frame|object|embed|base|meta|form)$/i]`,
        // What an address leads to is decided by the page, not by what a reader brings along.
        "AssignmentExpression > MemberExpression.left[property.name='location']",
        "CallExpression[callee.object.name='window'][callee.property.name='open']",
      ],
    },
  },
];
