/**
 * Ways in which data could leave a page: from the page itself, from the engine's worker, and from
 * Python. Each runs in the browser with the address of somebody else's computer.
 */

/**
 * - `lacks`: browsers that have no such way, so that nothing arrives without a policy either.
 * - `packets`: sends packets instead of connecting.
 *
 * @typedef {{ lacks?: string[], packets?: boolean, run: (url: string) => unknown }} Way
 */

/** Defines in the page what some ways use: their functions come alone. */
export const HELPERS = `${place}\n${send}\nObject.assign(globalThis, { place, send });`;

const BOTH = ["chromium", "firefox"];

/** @type {Record<string, Way>} */
export const REQUESTS = {
  "fetch, cors": { run: (url) => fetch(url) },
  "fetch, no-cors": { run: (url) => fetch(url, { mode: "no-cors" }) },
  "fetch, POST": { run: (url) => fetch(url, { method: "POST", mode: "no-cors", body: "secret" }) },
  "fetch, keepalive": {
    run: (url) => fetch(url, { method: "POST", mode: "no-cors", keepalive: true, body: "secret" }),
  },
  "fetch, with credentials": { run: (url) => fetch(url, { credentials: "include" }) },
  "fetch, of a Request": { run: (url) => fetch(new Request(url, { mode: "no-cors" })) },
  XMLHttpRequest: {
    run: (url) => {
      const request = new XMLHttpRequest();
      request.open("POST", url);
      request.send("secret");
    },
  },
  "XMLHttpRequest, synchronous": {
    run: (url) => {
      const request = new XMLHttpRequest();
      request.open("GET", url, false);
      request.send();
    },
  },
  WebSocket: { run: (url) => void new WebSocket(url.replace("http", "ws")) },
  EventSource: { run: (url) => void new EventSource(url) },
  WebTransport: {
    packets: true,
    run: (url) => void new WebTransport(url).ready.catch(() => {}),
  },
  "import()": { run: (url) => import(url) },
  "Cache.add": {
    run: async (url) => (await caches.open("tr-test")).add(url),
  },
  "FontFace.load": {
    run: (url) => new FontFace("Elsewhere", `url(${url})`).load(),
  },
  "Worker of a foreign address": {
    lacks: BOTH, // a worker's script has to be of the page's origin
    run: (url) => void new Worker(url),
  },
  "Worker of a blob, importScripts": {
    run: (url) => {
      const source = new Blob([`importScripts(${JSON.stringify(url)})`]);
      void new Worker(URL.createObjectURL(source));
    },
  },
  "Worker of a blob, import": {
    run: (url) => {
      const source = new Blob([`import ${JSON.stringify(url)}`], { type: "text/javascript" });
      void new Worker(URL.createObjectURL(source), { type: "module" });
    },
  },
  "Worker of a blob, fetch": {
    run: (url) => {
      const source = new Blob([`fetch(${JSON.stringify(url)})`]);
      void new Worker(URL.createObjectURL(source));
    },
  },
};

/**
 * Ways that only a document has.
 *
 * @type {Record<string, Way>}
 */
export const DOCUMENT = {
  sendBeacon: { run: (url) => navigator.sendBeacon(url, "secret") },
  fetchLater: {
    lacks: ["firefox"],
    run: (url) => /** @type {any} */ (globalThis).fetchLater(url, { activateAfter: 0 }),
  },
  "SharedWorker of a foreign address": {
    lacks: BOTH,
    run: (url) => void new SharedWorker(url),
  },
  "SharedWorker of a blob, fetch": {
    run: (url) => {
      const source = new Blob([`fetch(${JSON.stringify(url)})`]);
      void new SharedWorker(URL.createObjectURL(source));
    },
  },
  "Service worker of a foreign address": {
    lacks: BOTH,
    run: (url) => navigator.serviceWorker.register(url),
  },
  "Audio worklet": {
    run: (url) => new OfflineAudioContext(1, 1, 44_100).audioWorklet.addModule(url),
  },
  "Paint worklet": {
    lacks: ["firefox"],
    run: (url) => /** @type {any} */ (CSS).paintWorklet.addModule(url),
  },
  "<script src>": { run: (url) => place("script", { src: url }) },
  "<script>, inline": {
    run: (url) => {
      const script = document.createElement("script");
      script.textContent = `fetch(${JSON.stringify(url)})`;
      document.body.append(script);
    },
  },
  "on… attribute": {
    run: (url) => {
      const link = document.createElement("a");
      link.setAttribute("onclick", `fetch(${JSON.stringify(url)})`);
      document.body.append(link);
      link.click();
    },
  },
  eval: { run: (url) => (0, eval)(`fetch(${JSON.stringify(url)})`) },
  "javascript: link": {
    run: (url) => {
      const link = document.createElement("a");
      link.href = `javascript:void fetch(${JSON.stringify(url)})`;
      document.body.append(link);
      link.click();
    },
  },
  "<img src>": { run: (url) => place("img", { src: url }) },
  "<img srcset>": { run: (url) => place("img", { srcset: `${url} 1x` }) },
  "<picture>": {
    run: (url) => {
      const picture = document.createElement("picture");
      const source = document.createElement("source");
      source.srcset = url;
      picture.append(source, document.createElement("img"));
      document.body.append(picture);
    },
  },
  "new Image()": {
    run: (url) => {
      new Image().src = url;
    },
  },
  "<svg> image": {
    run: (url) => {
      const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
      const image = document.createElementNS("http://www.w3.org/2000/svg", "image");
      image.setAttribute("href", url);
      svg.append(image);
      document.body.append(svg);
    },
  },
  "<input type=image>": { run: (url) => place("input", { type: "image", src: url }) },
  "<video src>": { run: (url) => place("video", { src: url, preload: "auto" }) },
  "<video poster>": { run: (url) => place("video", { poster: url }) },
  "<audio src>": { run: (url) => place("audio", { src: url, preload: "auto" }) },
  "<track>": {
    run: (url) => {
      const video = document.createElement("video");
      video.crossOrigin = "anonymous";
      const track = document.createElement("track");
      track.src = url;
      track.default = true;
      video.append(track);
      document.body.append(video);
      track.track.mode = "showing";
    },
  },
  "<iframe src>": { run: (url) => place("iframe", { src: url }) },
  "<iframe srcdoc>": { run: (url) => place("iframe", { srcdoc: `<img src="${url}">` }) },
  "<object>": { run: (url) => place("object", { data: url, type: "text/html" }) },
  "<embed>": { run: (url) => place("embed", { src: url, type: "text/html" }) },
  "CSS url(), by a property": {
    run: (url) => {
      document.body.style.setProperty("background-image", `url(${url})`);
    },
  },
  "CSS url(), by an attribute": {
    run: (url) => {
      const box = document.createElement("div");
      box.setAttribute("style", `width: 9px; height: 9px; background: url(${url})`);
      document.body.append(box);
    },
  },
  "CSS @import": {
    run: (url) => {
      const style = document.createElement("style");
      style.textContent = `@import url(${url});`;
      document.head.append(style);
    },
  },
  "CSS @font-face": {
    run: (url) => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(
        `@font-face { font-family: Elsewhere; src: url(${url}); } body { font-family: Elsewhere; }`,
      );
      document.adoptedStyleSheets.push(sheet);
    },
  },
  "CSS url(), by a constructed sheet": {
    run: (url) => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(`html { list-style-image: url(${url}); cursor: url(${url}), auto; }`);
      document.adoptedStyleSheets.push(sheet);
    },
  },
  "<link rel=stylesheet>": { run: (url) => place("link", { rel: "stylesheet", href: url }) },
  "<link rel=icon>": {
    lacks: ["chromium"], // asks for no icons while nobody looks
    run: (url) => place("link", { rel: "icon", href: url }),
  },
  "<link rel=manifest>": {
    lacks: BOTH, // read when somebody installs the page
    run: (url) => place("link", { rel: "manifest", href: url }),
  },
  "<link rel=prefetch>": { run: (url) => place("link", { rel: "prefetch", href: url }) },
  "<link rel=preload>, fetch": {
    run: (url) => place("link", { rel: "preload", as: "fetch", href: url, crossorigin: "" }),
  },
  "<link rel=preload>, image": {
    run: (url) => place("link", { rel: "preload", as: "image", href: url }),
  },
  "<link rel=preload>, script": {
    run: (url) => place("link", { rel: "preload", as: "script", href: url }),
  },
  "<link rel=preload>, style": {
    run: (url) => place("link", { rel: "preload", as: "style", href: url }),
  },
  "<link rel=preload>, font": {
    run: (url) => place("link", { rel: "preload", as: "font", href: url, crossorigin: "" }),
  },
  "<link rel=modulepreload>": { run: (url) => place("link", { rel: "modulepreload", href: url }) },
  "<link rel=prerender>": {
    lacks: BOTH, // speculation rules came in its place
    run: (url) => place("link", { rel: "prerender", href: url }),
  },
  "speculation rules": {
    lacks: ["firefox"],
    run: (url) => {
      const rules = document.createElement("script");
      rules.type = "speculationrules";
      rules.textContent = JSON.stringify({
        prefetch: [{ source: "list", urls: [url], eagerness: "immediate" }],
      });
      document.head.append(rules);
    },
  },
  "<form>, GET": { run: (url) => send(url, "get") },
  "<form>, POST": { run: (url) => send(url, "post") },
  "<a ping>": {
    lacks: ["firefox"],
    run: (url) => {
      const link = document.createElement("a");
      link.setAttribute("ping", url);
      link.href = "#elsewhere";
      link.target = "_self";
      document.body.append(link);
      link.click();
    },
  },
};

/**
 * What no policy of a page closes: measured, so that the page on security can say so.
 *
 * @type {Record<string, Way>}
 */
export const KNOWN = {
  "<link rel=preconnect>": { run: (url) => place("link", { rel: "preconnect", href: url }) },
  WebRTC: {
    packets: true,
    run: async (url) => {
      const port = new URL(url).port;
      const peer = new RTCPeerConnection({ iceServers: [{ urls: `stun:127.0.0.1:${port}` }] });
      peer.createDataChannel("secret");
      await peer.setLocalDescription(await peer.createOffer());
    },
  },
  "window.open": { run: (url) => void window.open(url) },
  // The last, because the page is gone then.
  location: {
    run: (url) => {
      setTimeout(() => location.assign(url));
    },
  },
};

/**
 * Python's own ways, for an interpreter in a worker. (There is no micropip in the bundle.)
 *
 * @type {Record<string, Way & { code: string }>}
 */
export const PYTHON = {
  "pyodide.http.pyfetch": { ...python("from pyodide.http import pyfetch\nawait pyfetch(url)") },
  "pyodide.http.open_url": { ...python("from pyodide.http import open_url\nopen_url(url)") },
  "js.fetch": { ...python("import js\nawait js.fetch(url)") },
  "js.XMLHttpRequest": {
    ...python("import js\nx = js.XMLHttpRequest.new()\nx.open('GET', url, False)\nx.send()"),
  },
  "js.WebSocket": { ...python("import js\njs.WebSocket.new(url.replace('http', 'ws'))") },
  "pyodide_js.loadPackage": {
    ...python("import pyodide_js\nawait pyodide_js.loadPackage(url + '/a-1-py3-none-any.whl')"),
  },
  "pyodide.code.run_js": {
    ...python("from pyodide.code import run_js\nrun_js(f'fetch({url!r})')"),
  },
  "urllib.request": { ...python("import urllib.request\nurllib.request.urlopen(url, timeout=2)") },
  socket: {
    ...python(
      "import socket, urllib.parse\nsocket.create_connection(('127.0.0.1', urllib.parse.urlsplit(url).port), 2)",
    ),
  },
  micropip: {
    lacks: BOTH,
    ...python("import micropip\nawait micropip.install(url + '/a-1-py3-none-any.whl')"),
  },
};

/**
 * @param {string} tag
 * @param {Record<string, string>} attributes
 */
function place(tag, attributes) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  document.body.append(element);
}

/**
 * Send a form into a frame of its own, so that the page stays.
 *
 * @param {string} url
 * @param {string} method
 */
function send(url, method) {
  const frame = document.createElement("iframe");
  frame.name = `frame-${method}`;
  const form = document.createElement("form");
  Object.assign(form, { action: url, method, target: frame.name });
  document.body.append(frame, form);
  form.submit();
}

/** @param {string} code */
function python(code) {
  return { code, run() {} };
}
