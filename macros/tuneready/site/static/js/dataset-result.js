/**
 * Shows a report: places what Python wrote into the templates that the server rendered.
 *
 * Text of a dataset is hostile input: it becomes text nodes, never markup.
 */

import { offerToKeep } from "./dataset-evidence.js";
import { renderStatistics } from "./dataset-figures.js";
import { renderMatrix } from "./dataset-matrix.js";
import { slot } from "./fill.js";

/** @import { Evidence, Finding, ReportEntry, ReportRule, Target } from "./protocol.js" */
/** @import { Texts } from "./texts.js" */
/** @typedef {{ families: Record<string, string>, rules: string }} Places where rules are explained */
/** @typedef {Places & { texts: Texts, template: (name: string) => DocumentFragment, targets: Target[], part: "only" | "training" | "validation", evidence: Evidence | null }} Context */

const SEVERITIES = /** @type {const} */ (["error", "warning", "note"]);
const SHORT_HASH = 12;
/** Places from which on the page lays out only what is near. */
const MANY = 300;
/** Longer without a pause, and the page would feel slow. */
const AT_A_TIME_MS = 15;

/**
 * Build what shows a report, with pauses in which the page can answer the reader.
 *
 * @param {ReportEntry} report
 * @param {Context} context
 */
export async function renderReport(report, context) {
  const { texts, template, targets, part, evidence } = context;
  const view = template("result");
  const outcome = outcomeOf(report);
  slot(view, "outcome").dataset["outcome"] = outcome;
  const title = targets.find(({ name }) => name === report.target)?.title ?? report.target ?? "–";
  // What one target refuses and another accepts is not a refused file.
  const elsewhere = report.matrix?.some(({ accepted }) => accepted) ?? false;
  const headline = {
    unrecognised: onlyRule(report)?.title ?? texts.say("unrecognised"),
    part: texts.say("in_part", { n: report.counts.error }),
    refused: texts.say(elsewhere ? "refused_by" : "refused", {
      n: report.counts.error,
      target: title,
    }),
    warnings: texts.say("accepted_warnings", { n: report.counts.warning }),
    accepted: texts.say("accepted"),
  }[outcome];
  const target = report.recognised?.format ? texts.say("recognised_for", { target: title }) : title;
  fill(view, {
    headline: part === "only" ? headline : texts.say(`${part}_of`, { headline }),
    counts: SEVERITIES.map((s) => texts.say(s, { n: report.counts[s] })).join(" · "),
    file: report.file,
    target: report.model === null ? target : `${target}, ${report.model}`,
    size: texts.size(report.bytes),
    lines: report.lines,
    examples: report.examples,
    sha256: report.sha256.slice(0, SHORT_HASH),
  });
  slot(view, "sha256").title = report.sha256;
  // Of a file that is no dataset there is nothing to attach.
  slot(view, "keep").hidden = outcome === "unrecognised" || evidence === null;
  const keep = {
    button: slot(view, "keep-button"),
    said: slot(view, "keep-said"),
    where: slot(view, "keep-where"),
  };
  if (evidence !== null) offerToKeep(keep, evidence, texts);
  if (report.status.state !== "open") {
    const status = slot(view, "status");
    status.hidden = false;
    status.textContent = report.status.text;
  }
  if (report.part_of !== undefined) {
    const { bytes, lines, part_of: total } = report;
    const said = slot(view, "part");
    said.hidden = false;
    const sizes = { bytes: texts.size(bytes), total: texts.size(total) };
    said.textContent = texts.say("part_of", { ...sizes, lines });
  }
  slot(view, "format-only").hidden = report.depth !== "format";
  renderRecognised(view, report, texts);
  if (report.matrix)
    slot(view, "matrix").append(renderMatrix(report.matrix, context, isPacked(report)));
  await renderRules(view, report, context);
  renderStatistics(view, report, context);
  return view;

  /**
   * @param {DocumentFragment | Element} root
   * @param {Record<string, string | number>} values
   */
  function fill(root, values) {
    for (const [name, value] of Object.entries(values)) {
      slot(root, name).textContent = texts.show(value);
    }
  }
}

/**
 * What is wrong with a file that has no record of a known format says more than that it has none.
 *
 * @param {ReportEntry} report
 */
function onlyRule({ rules, examples }) {
  return rules.length === 1 && examples === 0 ? rules[0] : undefined;
}

/**
 * Of a gzip file, what is inside was checked; one that could not be unpacked has no examples.
 *
 * @param {ReportEntry} report
 */
function isPacked({ rules, examples }) {
  return examples > 0 && rules.some(({ name }) => name === "compressed-file");
}

/** @param {ReportEntry} report */
function outcomeOf(report) {
  if (report.recognised && report.recognised.format === null) return "unrecognised";
  if (report.part_of !== undefined) return "part";
  if (!report.valid) return "refused";
  return report.counts.warning ? "warnings" : "accepted";
}

/**
 * @param {DocumentFragment} view
 * @param {ReportEntry} report
 * @param {Texts} texts
 */
function renderRecognised(view, report, texts) {
  const { recognised } = report;
  if (!recognised) return;
  // Of a file without records there is nothing to recognise; the finding says what it is.
  if (!recognised.format && report.examples === 0) return;
  slot(view, "recognised").hidden = false;
  const { certainty, title } = recognised;
  slot(view, "format").textContent = texts.say(`recognised_${certainty}`, { format: title ?? "" });
  slot(view, "because").textContent = recognised.reason;
}

/**
 * The address of a rule's explanation, as a link on this page has it.
 *
 * @param {{ code: string, name: string }} rule
 * @param {Places} places
 */
export function ruleAddress({ code, name }, { families, rules }) {
  return `${rules}${families[code.charAt(2)]}/#${name}`;
}

/**
 * @param {DocumentFragment} view
 * @param {ReportEntry} report
 * @param {Context} context
 */
async function renderRules(view, report, context) {
  /** @type {Map<string, Finding[]>} */
  const places = Map.groupBy(report.findings, ({ code }) => code);
  const overview = slot(view, "overview");
  slot(view, "rules").toggleAttribute("data-many", report.findings.length > MANY);
  const rules = SEVERITIES.flatMap((s) => report.rules.filter(({ severity }) => severity === s));
  let began = performance.now();
  for (const rule of rules) {
    if (performance.now() - began > AT_A_TIME_MS) {
      await new Promise((wake) => setTimeout(wake));
      began = performance.now();
    }
    const section = renderRule(rule, places.get(rule.code) ?? [], context);
    slot(view, "rules").append(section);
    const item = document.createElement("li");
    const link = document.createElement("a");
    link.href = `#${ruleId(rule, context)}`;
    link.textContent = rule.title;
    item.dataset.severity = rule.severity;
    item.append(link, rule.count > 1 ? ` × ${context.texts.show(rule.count)}` : "");
    overview.firstElementChild?.append(item);
  }
  overview.hidden = rules.length < 2;
}

/**
 * @param {ReportRule} rule
 * @param {Context} context
 */
function ruleId({ code }, { part }) {
  const id = `tr-rule-${code.toLowerCase()}`;
  return part === "validation" ? `${id}-validation` : id;
}

/**
 * @param {ReportRule} rule
 * @param {Finding[]} findings
 * @param {Context} context
 */
function renderRule(rule, findings, context) {
  const { texts, template } = context;
  const view = template("rule");
  const section = /** @type {HTMLElement} */ (view.firstElementChild);
  section.dataset.severity = rule.severity;
  // A heading that can take the focus: a link leads a screen reader to it, too.
  slot(view, "heading").id = ruleId(rule, context);
  slot(view, "severity").textContent = texts.say(rule.severity, { n: rule.count });
  for (const name of /** @type {const} */ (["title", "why", "remedy"])) {
    slot(view, name).textContent = rule[name];
  }
  const link = slot(view, "name");
  link.setAttribute("href", ruleAddress(rule, context));
  link.textContent = `${rule.code} ${rule.name}`;
  renderSource(view, rule, texts);
  const table = slot(view, "places");
  table.toggleAttribute(
    "data-pathless",
    findings.every(({ path }) => path === null),
  );
  const body = table.querySelector("tbody");
  for (const finding of findings) {
    const row = template("place");
    const { line, column, byte } = finding;
    // As an editor wants them, without separators.
    slot(row, "place").textContent =
      line === null
        ? texts.say("whole_file")
        : texts.say("line", { line: String(line), column: String(column ?? 1) });
    slot(row, "byte").textContent = byte === null ? "–" : String(byte);
    slot(row, "path").textContent = finding.path ?? "–";
    slot(row, "message").textContent = finding.message;
    body?.append(row);
  }
  if (findings.length < rule.count) {
    const shown = slot(view, "shown");
    shown.hidden = false;
    shown.textContent = texts.say("shown", { shown: findings.length, count: rule.count });
  }
  return view;
}

/**
 * @param {DocumentFragment} view
 * @param {ReportRule} rule
 * @param {Texts} texts
 */
function renderSource(view, { source }, texts) {
  slot(view, "judgement").hidden = source !== null;
  if (source === null) return;
  const link = /** @type {HTMLAnchorElement} */ (slot(view, "source"));
  link.href = source.url;
  link.textContent = texts.say("source", { title: source.title, read: source.read });
  link.hidden = false;
}
