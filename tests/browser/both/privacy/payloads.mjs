/** Text that wants to be more than text, generated from lists. */

const RUN = ["hacked()", "globalThis.hacked()", "top.hacked()", "alert(1)"];
const TAGS = [
  "script",
  "img",
  "svg",
  "iframe",
  "object",
  "embed",
  "video",
  "audio",
  "details",
  "body",
];
const MORE_TAGS = [
  "math",
  "style",
  "link",
  "base",
  "meta",
  "form",
  "input",
  "button",
  "template",
  "p",
];
const EVENTS = [
  "onerror",
  "onload",
  "onclick",
  "onfocus",
  "onmouseover",
  "ontoggle",
  "onanimationstart",
];
const BEFORE = ["", '">', "'>", "-->", "]]>", "</script>", "</title></textarea>", "\\u0022>"];
const SCHEMES = [
  "javascript:",
  "JaVaScRiPt:",
  "java\tscript:",
  " javascript:",
  "vbscript:",
  "data:text/html,",
  "data:text/html;base64,PHNjcmlwdD5oYWNrZWQoKTwvc2NyaXB0Pg==",
];
const TEMPLATES = [
  "{{ % }}",
  "{% % %}",
  "{# % #}",
  "${%}",
  "#{%}",
  "<%= % %>",
  "[[%]]",
  "{{constructor.constructor('%')()}}",
  "{{ cycler.__init__.__globals__ }}%",
  "%(x)s %",
  "{0.__class__}%",
];
const HIDING = [
  "\0",
  "\b",
  "\x1b[31m",
  "\x7f",
  "\x85",
  "\xa0",
  "\xad",
  "\u061c",
  "\u180e",
  "\u200b",
  "\u200d",
  "\u200e",
  "\u200f",
  "\u2028",
  "\u2029",
  "\u202a",
  "\u202b",
  "\u202c",
  "\u202d",
  "\u202e",
  "\u2060",
  "\u2066",
  "\u2067",
  "\u2068",
  "\u2069",
  "\ufeff",
  "\ufff9",
  "\ufffb",
  "\u{e0001}",
  "\u{e0041}",
  "\u{e007f}",
  "\ud800",
  "\udbff",
  "\udc00",
  "\udfff",
];
const ENTITIES = [
  "&lt;script&gt;%&lt;/script&gt;",
  "&#60;script&#62;%&#60;/script&#62;",
  "&#x3c;img src=x onerror=%&#x3e;",
  "&lt;img src=x onerror=%&gt;",
  "&quot;&gt;&lt;svg onload=%&gt;",
  "&amp;lt;script&amp;gt;%",
];
const CSS = [
  "</style><script>%</script>",
  "expression(%)",
  "url(javascript:%)",
  "@import 'javascript:%';",
  "}*{background:url(javascript:%)}",
  "behavior:url(#x);%",
  "-moz-binding:url(x);%",
];
const MARKDOWN = [
  "[a](javascript:%)",
  '![a](x"onerror="%)',
  "<javascript:%>",
  "[a]: javascript:%",
  "```html\n<script>%</script>\n```",
  "| <img src=x onerror=%> |\n|-|",
  "# <svg onload=%>",
  "\\<script>%\\</script>",
  "$\\href{javascript:%}{a}$",
];
const NAMES = [
  "__proto__",
  "constructor",
  "prototype",
  "toString",
  "hasOwnProperty",
  "innerHTML",
  "then",
  "valueOf",
  "__defineGetter__",
  "is",
  "slot",
  "id",
];
const LENGTHS = [61, 256, 1000, 10_000, 70_000];

/** @returns {string[]} at least 1,000, each once */
export function payloads() {
  /** @type {Set<string>} */
  const all = new Set();
  TAGS.forEach((tag, t) =>
    EVENTS.forEach((event, e) =>
      BEFORE.forEach((before, b) => {
        const run = RUN[(t + e + b) % RUN.length];
        const quote = ["", '"', "'", "`"][(t + b) % 4];
        all.add(`${before}<${tag} src=x ${event}=${quote}${run}${quote}>`);
      }),
    ),
  );
  for (const tag of [...TAGS, ...MORE_TAGS])
    for (const run of RUN) {
      all.add(`<${tag}>${run}</${tag}>`);
      all.add(`<${tag.toUpperCase()}/x/onload=${run} autofocus tabindex=1>`);
      all.add(`<${tag} style="animation:x" href="javascript:${run}" action="javascript:${run}">`);
    }
  for (const scheme of SCHEMES)
    for (const run of RUN) all.add(`${scheme}${run}`).add(`<a href="${scheme}${run}">x</a>`);
  for (const list of [TEMPLATES, ENTITIES, CSS, MARKDOWN])
    for (const one of list) for (const run of RUN) all.add(one.replaceAll("%", run));
  for (const one of HIDING)
    for (const run of RUN) all.add(`a${one}b<img src=x onerror=${run}>`).add(`${one}${run}${one}`);
  for (const name of NAMES) all.add(name).add(`${name}<script>${RUN[0]}</script>`);
  for (const length of LENGTHS) {
    all.add("x".repeat(length)).add(`${"\u202e".repeat(length)}<svg onload=${RUN[0]}>`);
    all.add(`${"<b>".repeat(length / 3)}${RUN[1]}`).add("\u0301".repeat(length));
  }
  return [...all];
}

/** What a page must never show as it is: controls, direction marks, what has no width, halves. */
export const HIDDEN =
  /[\0-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028\u2029\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]|\p{Surrogate}/u;
