"""The check of a dataset as evidence for an item: facts of a report, never the dataset's content."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuneready.checklist.answers import Counts, Evidence
from tuneready.escaping import escaped
from tuneready.locale import N_, translation

if TYPE_CHECKING:
    from tuneready.checklist.model import Answer, Item

_LONGEST = 200  # characters of a name, as the document of answers takes them


def evidence_of(entry: dict[str, Any], checked: str) -> Evidence:
    """Return what is kept of an entry of a report's `reports`; `checked` is the day of the check."""
    counts = entry["counts"]
    model = entry["model"]
    return Evidence(
        file=entry["file"][:_LONGEST],
        sha256=entry["sha256"] or None,
        target=entry["target"][:_LONGEST],
        model=model[:_LONGEST] if model else None,
        bytes=entry["bytes"],
        lines=entry["lines"],
        examples=entry["examples"],
        valid=entry["valid"],
        counts=Counts(error=counts["error"], warning=counts["warning"], note=counts["note"]),
        checked=checked,
    )


def suggested(evidence: Evidence, item: Item) -> Answer:
    """Return the answer that a check speaks for: the good one when nothing was an error."""
    from tuneready.checklist.change import good_answer

    good = good_answer(item)
    return good if evidence.valid else "no" if good == "yes" else "yes"


def sentence(evidence: Evidence, language: str) -> str:
    """Say in one sentence what was checked, and what came of it."""
    say = translation(language).gettext
    counts = evidence.counts
    if evidence.valid:
        text = say(
            N_(
                "{file}, checked for {target} on {day}: accepted. Examples: {examples}, warnings: {warnings}, notes: {notes}."
            )
        )
    else:
        text = say(
            N_(
                "{file}, checked for {target} on {day}: not accepted. Examples: {examples}, errors: {errors}, warnings: {warnings}, notes: {notes}."
            )
        )
    target = f"{evidence.target} ({evidence.model})" if evidence.model else evidence.target
    said = text.format(
        file=escaped(evidence.file),
        target=escaped(target),
        day=evidence.checked,
        examples=evidence.examples,
        errors=counts.error,
        warnings=counts.warning,
        notes=counts.note,
    )
    return f"{said} SHA-256 {evidence.sha256[:12]}…" if evidence.sha256 else said
