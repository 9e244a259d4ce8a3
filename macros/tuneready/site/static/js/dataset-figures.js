/**
 * Shows the statistics of a report: counts, distributions with a histogram, tokens and cost.
 *
 * What a report leaves out (null, or a key that an older one does not have) is left out here, too.
 */

/** @import { Distribution, ReportEntry, TokenStatistics, Training } from "./protocol.js" */
/** @import { Context } from "./dataset-result.js" */

import { slot } from "./fill.js";

const SVG = "http://www.w3.org/2000/svg";
/** Of the drawing, as its template says. */
const WIDTH = 100;
const HEIGHT = 30;
const GAP = 0.4;
/** An example or two beside thousands must still be seen. */
const LEAST_HEIGHT = 0.6;

/**
 * @param {DocumentFragment} view
 * @param {ReportEntry} report
 * @param {Context} context
 */
export function renderStatistics(view, report, context) {
  const { texts } = context;
  const { statistics } = report;
  const section = slot(view, "statistics");
  for (const row of section.querySelectorAll("[data-stat]")) {
    const path = row.getAttribute("data-stat") ?? "";
    const value = path.split(".").reduce((at, key) => at?.[key], /** @type {any} */ (statistics));
    // A file without tools needs no line that says so.
    if (value) row.getElementsByTagName("dd")[0]?.append(texts.show(value));
    else row.remove();
  }
  const tokens = statistics.tokens ?? null;
  const shown = [
    { title: "tokens_title", of: tokens?.per_example, limit: tokens?.limit ?? null },
    { title: "characters_title", of: statistics.lengths, limit: null },
    { title: "turns_title", of: statistics.turns, limit: null },
  ];
  for (const { title, of, limit } of shown) {
    // One example needs no chart, and one value no more than a sentence.
    if (!isDistribution(of) || of.count < 2) continue;
    const distributions = slot(section, "distributions");
    if (of.min === of.max) {
      const sentence = document.createElement("p");
      const said = { title: texts.say(title), value: of.min, n: of.count };
      sentence.textContent = texts.say("one_value", said);
      distributions.append(sentence);
    } else {
      distributions.append(renderDistribution(of, texts.say(title), limit, context));
    }
  }
  section.hidden =
    section.querySelector("[data-stat]") === null &&
    section.querySelector("[data-slot=distributions] > *") === null;
  if (tokens) renderTokens(slot(view, "training"), tokens, statistics.training ?? null, context);
}

/** @param {unknown} value @returns {value is Distribution} */
function isDistribution(value) {
  return typeof value === "object" && value !== null && "histogram" in value;
}

/**
 * @param {HTMLElement} section
 * @param {TokenStatistics} tokens
 * @param {Training | null} training
 * @param {Context} context
 */
function renderTokens(section, tokens, training, { texts }) {
  section.hidden = false;
  slot(section, "tokens-total").textContent = texts.show(tokens.total);
  slot(section, "tokens-trained").textContent = texts.show(tokens.trained ?? "–");
  slot(section, "tokens-how").textContent = tokens.exact
    ? texts.say("tokens_exact", { encoding: tokens.encoding ?? "" })
    : texts.say("tokens_estimate");
  reveal(section, "tokens-note", tokens.note);
  if (tokens.limit !== null) {
    const { limit, over_limit: n } = tokens;
    const effect = texts.say(`effect_${tokens.over_limit_effect ?? "unknown"}`);
    const text = n
      ? texts.say("over_limit", { n, limit, effect: effect || texts.say("effect_unknown") })
      : texts.say("within_limit", { limit });
    reveal(section, "over-limit", text);
    slot(section, "over-limit").toggleAttribute("data-over", Boolean(n));
  }
  const cost = training?.cost ?? null;
  if (training) {
    slot(section, "epochs").textContent = texts.show(training.epochs ?? "–");
    slot(section, "training-tokens").textContent = texts.show(training.tokens ?? "–");
    reveal(section, "training-note", training.note);
  }
  if (cost) {
    const money = new Intl.NumberFormat(texts.language, {
      style: "currency",
      currency: cost.currency,
    });
    const ends = [...new Set([cost.low, cost.high].map((amount) => money.format(amount)))];
    slot(section, "cost").textContent = ends.join(" – ");
    const price = money.format(cost.per_million);
    slot(section, "price").hidden = false;
    slot(section, "price-text").textContent = texts.say("price", { price });
    const { title, url, read } = cost.source;
    const link = slot(section, "price-source");
    link.setAttribute("href", url);
    link.textContent = texts.say("source", { title, read });
  }
  for (const row of section.querySelectorAll("[data-part]")) {
    const part = row.getAttribute("data-part") === "cost" ? cost : training;
    if (part === null) row.remove();
  }
}

/**
 * @param {Element} root
 * @param {string} name
 * @param {string | null | undefined} text
 */
function reveal(root, name, text) {
  slot(root, name).hidden = !text;
  slot(root, name).textContent = text ?? "";
}

/**
 * @param {Distribution} distribution
 * @param {string} title
 * @param {number | null} limit
 * @param {Context} context
 */
function renderDistribution(distribution, title, limit, { texts, template }) {
  const view = template("distribution");
  const { histogram } = distribution;
  slot(view, "title").textContent = title;
  slot(view, "unit").textContent = title;
  for (const cell of view.querySelectorAll("[data-percentile]")) {
    const key = /** @type {keyof Distribution} */ (cell.getAttribute("data-percentile"));
    cell.textContent = texts.show(/** @type {number} */ (distribution[key]));
  }
  const bars = /** @type {SVGElement} */ (view.querySelector("svg"));
  const { median, p95, max } = distribution;
  bars.setAttribute("aria-label", `${title}. ${texts.say("histogram", { median, p95, max })}`);
  draw(bars, histogram);
  view.querySelector("figure")?.style.setProperty("--bins", String(histogram.length));
  const first = histogram[0]?.from ?? 0;
  const last = histogram.at(-1)?.to ?? 0;
  slot(view, "from").textContent = texts.show(first);
  slot(view, "to").textContent = texts.show(last);
  if (limit !== null && limit > first && limit < last) {
    const mark = slot(view, "limit");
    mark.hidden = false;
    mark.textContent = texts.say("limit", { limit });
    mark.style.setProperty("--at", `${(100 * (limit - first)) / (last - first)}%`);
    mark.toggleAttribute("data-late", limit - first > (last - first) / 2);
  }
  for (const { from, to, count } of histogram) {
    const row = document.createElement("tr");
    const range = document.createElement("th");
    const cell = document.createElement("td");
    range.scope = "row";
    range.textContent = from === to ? texts.show(from) : texts.say("range", { from, to });
    cell.textContent = texts.show(count);
    row.append(range, cell);
    slot(view, "rows").append(row);
  }
  return view;
}

/**
 * @param {SVGElement} svg
 * @param {Distribution["histogram"]} histogram
 */
function draw(svg, histogram) {
  const most = Math.max(...histogram.map(({ count }) => count), 1);
  const step = WIDTH / histogram.length;
  for (const [index, { count }] of histogram.entries()) {
    if (count === 0) continue;
    const height = Math.max((HEIGHT * count) / most, LEAST_HEIGHT);
    const bar = document.createElementNS(SVG, "rect");
    bar.setAttribute("x", String(index * step + GAP / 2));
    bar.setAttribute("y", String(HEIGHT - height));
    bar.setAttribute("width", String(Math.max(step - GAP, GAP)));
    bar.setAttribute("height", String(height));
    svg.append(bar);
  }
}
