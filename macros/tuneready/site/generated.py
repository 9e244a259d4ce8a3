"""Pages that nobody writes: one for each family of rules, and one for each provider."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tuneready.site.providers import providers
from tuneready.site.rule_pages import families, family_page
from tuneready.site.target_pages import provider_page

if TYPE_CHECKING:
    from collections.abc import Mapping

RULES_INDEX = "rules/index.md"
TARGETS_INDEX = "targets/index.md"


def generated_pages(language: str) -> Mapping[str, Mapping[str, str]]:
    """Return the pages of each section: the written page that opens it -> path -> Markdown."""
    return {
        RULES_INDEX: {
            f"{family.path.rstrip('/')}.md": family_page(family, rules, language)
            for family, rules in families()
        },
        TARGETS_INDEX: {
            f"{provider.path.rstrip('/')}.md": provider_page(provider, language)
            for provider in providers().values()
        },
    }
