"""The dataset checker's form. Its template belongs to the element that brings it to life."""

from __future__ import annotations

from tuneready.bridge import describe_targets
from tuneready.errors import TunereadyError
from tuneready.site.render import raw_block, templates


def checker_form(language: str) -> str:
    """Return the form, with everything that it can say in this language."""
    targets = describe_targets(language)
    if not targets:
        raise TunereadyError("there is no target to check a dataset for")
    template = templates(language).get_template("dataset_checker.html")
    return raw_block(template.render(language=language, targets=targets))
