/**
 * Shows which targets would take a file, provider by provider, each with its first reason why not;
 * what all of them have in common is said once.
 */

/** @import { MatrixRow, Target } from "./protocol.js" */
/** @import { Context } from "./dataset-result.js" */

import { ruleAddress } from "./dataset-result.js";
import { slot } from "./fill.js";

/**
 * @param {MatrixRow[]} matrix
 * @param {Context} context
 * @param {boolean} unpacked whether the targets were asked about what a packed file holds
 */
export function renderMatrix(matrix, context, unpacked) {
  const { texts, template, targets } = context;
  const view = template("matrix");
  const accepted = matrix.filter((row) => row.accepted).length;
  slot(view, "summary").textContent = texts.say(unpacked ? "matrix_unpacked" : "matrix_summary", {
    n: accepted,
    accepted,
    total: matrix.length,
  });
  const common = commonReason(matrix);
  if (common) {
    slot(view, "common").hidden = false;
    fillReason(view, common, context, "common");
  }
  const known = new Map(targets.map((target) => [target.name, target]));
  const groups = Map.groupBy(matrix, ({ target }) => known.get(target)?.provider ?? target);
  const counted = [...groups].map(([provider, rows]) => ({
    provider,
    rows: rows.toSorted((a, b) => Number(b.accepted) - Number(a.accepted)),
    accepted: rows.filter((row) => row.accepted).length,
  }));
  // Where the file could go is what a reader looks for; where it cannot go stands together, folded.
  const refusing = counted.filter((group) => group.accepted === 0);
  const refused = slot(view, "refused");
  refused.hidden = refusing.length === 0 || common !== null;
  slot(view, "refused-summary").textContent = texts.say(
    accepted ? "matrix_refused" : "matrix_all_refused",
    { n: refusing.length, providers: refusing.map(({ provider }) => provider).join(", ") },
  );
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
      const reason = common ? null : row.reason;
      slot(part, "rows").append(renderRow({ ...row, reason }, known.get(row.target), context));
    }
    slot(view, group.accepted ? "groups" : "refused-groups").append(part);
  }
  return view;
}

/**
 * The one reason for which every target refuses, such as a file without bytes: to be read once.
 *
 * @param {MatrixRow[]} matrix
 */
function commonReason(matrix) {
  const [first, ...others] = matrix.map(({ reason }) => reason);
  if (!first || others.length === 0) return null;
  const same = others.every((reason) => reason?.code === first.code && reason.line === first.line);
  return same ? first : null;
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
function renderRow(row, target, context) {
  const { texts, template } = context;
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
    slot(view, "reason").hidden = false;
    fillReason(view, row.reason, context, "");
  }
  return view;
}

/**
 * @param {DocumentFragment} view
 * @param {NonNullable<MatrixRow["reason"]>} reason
 * @param {Context} context
 * @param {"common" | ""} of which slots of the template
 */
function fillReason(view, { code, name, line, message }, { texts, families, rules }, of) {
  const prefix = of && `${of}-`;
  const link = /** @type {HTMLAnchorElement} */ (slot(view, `${prefix}code`));
  link.setAttribute("href", ruleAddress({ code, name }, { families, rules }));
  link.textContent =
    line === null
      ? texts.say("matrix_file", { code })
      : texts.say("matrix_place", { code, line: String(line) });
  slot(view, `${prefix}message`).textContent = message;
}
