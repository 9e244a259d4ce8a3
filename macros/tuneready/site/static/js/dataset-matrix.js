/**
 * Shows which targets would take a file, provider by provider, each with its first reason why not.
 */

/** @import { MatrixRow, Target } from "./protocol.js" */
/** @import { Context } from "./dataset-result.js" */

import { ruleAddress, slot } from "./dataset-result.js";

/**
 * @param {MatrixRow[]} matrix
 * @param {Context} context
 */
export function renderMatrix(matrix, context) {
  const { texts, template, targets } = context;
  const view = template("matrix");
  const accepted = matrix.filter((row) => row.accepted).length;
  slot(view, "summary").textContent = texts.say("matrix_summary", {
    n: accepted,
    accepted,
    total: matrix.length,
  });
  const known = new Map(targets.map((target) => [target.name, target]));
  const groups = Map.groupBy(matrix, ({ target }) => known.get(target)?.provider ?? target);
  const counted = [...groups].map(([provider, rows]) => ({
    provider,
    rows: rows.toSorted((a, b) => Number(b.accepted) - Number(a.accepted)),
    accepted: rows.filter((row) => row.accepted).length,
  }));
  // Where the file could go comes first; within that, the order of the list of targets.
  counted.sort((a, b) => Number(b.accepted > 0) - Number(a.accepted > 0));
  for (const group of counted) {
    const part = template("matrix-group");
    const details = part.querySelector("details");
    if (details) details.open = counted.length === 1;
    slot(part, "name").textContent = texts.say("matrix_group", {
      provider: group.provider,
      accepted: group.accepted,
      total: group.rows.length,
    });
    const names = group.rows.filter((row) => row.accepted).map((row) => methodOf(row, known));
    slot(part, "accepted").textContent = names.join(" · ");
    slot(part, "accepted").hidden = names.length === 0;
    for (const row of group.rows) {
      slot(part, "rows").append(renderRow(row, known.get(row.target), context));
    }
    slot(view, "groups").append(part);
  }
  return view;
}

/**
 * @param {MatrixRow} row
 * @param {Map<string, Target>} known
 */
function methodOf(row, known) {
  return known.get(row.target)?.method ?? row.title;
}

/**
 * @param {MatrixRow} row
 * @param {Target | undefined} target
 * @param {Context} context
 */
function renderRow(row, target, { texts, template, families, rules }) {
  const view = template("matrix-row");
  const sign = slot(view, "sign");
  sign.parentElement?.toggleAttribute("data-accepted", row.accepted);
  sign.ariaLabel = (row.accepted ? sign.dataset["accepted"] : sign.dataset["refused"]) ?? "";
  slot(view, "name").textContent = target?.method ?? row.title;
  if (row.status !== "open") {
    const status = slot(view, "status");
    status.hidden = false;
    status.dataset["state"] = row.status;
    status.textContent = texts.say(row.status);
  }
  const choose = slot(view, "choose");
  choose.dataset["target"] = row.target;
  choose.setAttribute("aria-label", `${choose.textContent}: ${target?.title ?? row.title}`);
  if (row.reason !== null) {
    const { code, name, line, message } = row.reason;
    slot(view, "reason").hidden = false;
    const link = /** @type {HTMLAnchorElement} */ (slot(view, "code"));
    link.setAttribute("href", ruleAddress({ code, name }, { families, rules }));
    link.textContent =
      line === null
        ? texts.say("matrix_file", { code })
        : texts.say("matrix_place", { code, line: String(line) });
    slot(view, "message").textContent = message;
  }
  return view;
}
