"""TR66x: data for classifiers and for models that rank search results."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tuneready.dataset.quoting import listed, shown
from tuneready.finding import Location
from tuneready.locale import N_
from tuneready.rules.base import Hit, On, hit, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tuneready.dataset.examples import Record
    from tuneready.dataset.report import Report
    from tuneready.targets.base import Target


def _rows(label: str, count: int) -> str:
    return "".join(
        f'{{"text": "This is {label} text, number {i}.", "label": "{label}"}}\n'
        for i in range(count)
    )


def _queries(count: int) -> str:
    return "".join(
        f'{{"query": "What is {i} squared?", "relevant_passages": ["{i * i}"], "hard_negatives": ["{i}"]}}\n'
        for i in range(count)
    )


_GOOD = _rows("good", 20) + _rows("odd", 20)
_GOOD_QUERIES = _queries(256)


@rule(
    "TR661",
    On.FILE,
    target="cohere/classify",
    title=N_("There are too few different labels"),
    why=N_("A classifier chooses between labels; with fewer than two there is no choice."),
    remedy=N_("Add examples of the other labels, and write each label the same way everywhere."),
    bad=_rows("good", 40),
    good=_GOOD,
)
def too_few_labels(report: Report, target: Target) -> Iterator[Hit]:
    least = target.limits.min_labels
    if report.tally is None or least is None or not report.statistics.examples:
        return
    labels = report.tally.labels
    if len(labels) < least:
        yield hit(
            (),
            N_("Different labels: {count} ({found}); expected at least {least}."),
            count=len(labels),
            found=listed([shown(label, 24) for label in sorted(labels)]) or "–",
            least=least,
        )


@rule(
    "TR662",
    On.FILE,
    target="cohere/classify",
    title=N_("A label has too few examples"),
    why=N_(
        "From so few examples a label cannot be learned, so the file is refused or the label left out. Often it is a label that is written in two ways."
    ),
    remedy=N_("Add examples with the label, correct its spelling, or leave its examples out."),
    bad=_GOOD + _rows("Odd", 4),
    good=_GOOD,
)
def label_with_few_examples(report: Report, target: Target) -> Iterator[Hit]:
    least = target.limits.min_label_examples
    tally = report.tally
    if tally is None or least is None or tally.is_full or report.training is not None:
        return
    for label, line in sorted(tally.first_lines.items(), key=lambda item: (item[1], item[0])):
        count = tally.labels[label]
        if count < least:
            yield Hit(
                (),
                N_("Examples with the label {label}: {count}; expected at least {least}."),
                {"label": shown(label), "count": count, "least": least},
                place=Location(line, 1),
            )


@rule(
    "TR663",
    On.FILE,
    target="cohere/rerank",
    title=N_("There are too few different queries"),
    why=N_("The job does not start with fewer; the same query again does not count."),
    remedy=N_("Add examples with other queries, and join the passages of one query into one line."),
    bad=_queries(255) + _queries(1),
    good=_GOOD_QUERIES,
)
def too_few_different_queries(report: Report, target: Target) -> Iterator[Hit]:
    least = target.limits.min_queries
    if report.tally is None or least is None or report.training is not None:
        return
    count = len(report.tally.queries)
    if report.statistics.examples and count < least:
        yield hit(
            (),
            N_("Different queries: {count}; expected at least {least}."),
            count=count,
            least=least,
        )


@rule(
    "TR664",
    On.RECORD,
    target="cohere/rerank",
    title=N_("There are no hard negatives"),
    why=N_(
        "The documentation disagrees with itself: it counts them among the required keys and calls them optional. They help in any case: passages that look relevant, and are not."
    ),
    remedy=N_("Give every query about five passages that seem to answer it and do not."),
    bad=_GOOD_QUERIES.replace(', "hard_negatives": ["0"]', "", 1),
    good=_GOOD_QUERIES,
)
def hard_negatives_missing(record: Record, target: Target) -> Iterator[Hit]:
    del target
    if record.other is not None or not isinstance(record.value, dict):
        return
    if "hard_negatives" not in record.value and record.value.keys() >= {
        "query",
        "relevant_passages",
    }:
        yield hit((), N_('There is no key "hard_negatives"; the documentation contradicts itself.'))


RULES = (
    too_few_labels,
    label_with_few_examples,
    too_few_different_queries,
    hard_negatives_missing,
)
