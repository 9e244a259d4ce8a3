"""The dataset checker's form. Its template belongs to the element that brings it to life."""

from __future__ import annotations

from itertools import groupby
from typing import Any, NamedTuple

from tuneready.bridge import MOST_BYTES, describe_targets
from tuneready.errors import TunereadyError
from tuneready.locale import N_, translation
from tuneready.site.bundle import integrity
from tuneready.site.families import FAMILIES
from tuneready.site.loading import later_modules
from tuneready.site.render import fragment


class Sample(NamedTuple):
    """Two files of one format to try the checker on: one as it should be, one full of faults."""

    format: str
    title: str
    good: str
    bad: str


SAMPLES = (
    Sample("chat", N_("chat"), "good.jsonl", "bad.jsonl"),
    Sample("preference", N_("preference"), "preference-good.jsonl", "preference-bad.jsonl"),
    Sample("sharegpt", N_("ShareGPT"), "sharegpt-good.jsonl", "sharegpt-bad.jsonl"),
)


def checker_form(language: str, page_url: str) -> str:
    """Return the form, with everything that it can say in this language."""
    targets = describe_targets(language)
    if not targets:
        raise TunereadyError("there is no target to check a dataset for")
    say = translation(language).gettext
    return fragment(
        "dataset_checker.html",
        language,
        page_url,
        targets=targets,
        most_bytes=MOST_BYTES,
        providers=[(title, list(group)) for title, group in groupby(targets, key=_provider)],
        families={family.digit: family.slug for family in FAMILIES},
        later={name: integrity(f"js/{name}.js") for name in later_modules("dataset-check")},
        samples=[sample._replace(title=say(sample.title)) for sample in SAMPLES],
    )


def _provider(target: dict[str, Any]) -> str:
    return str(target["provider"])
