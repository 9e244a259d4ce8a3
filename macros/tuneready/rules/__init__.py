"""The catalogue: every rule, in the order of the codes.

Read by the checker, by `tuneready explain`, by the pages and by the tests.
"""

from __future__ import annotations

from tuneready.rules import (
    content,
    duplicates,
    file,
    images,
    json_text,
    messages,
    record,
    sizes,
    tables,
    token_limits,
    tools,
    trainers,
    turns,
)
from tuneready.rules.base import On, Rule

RULES: tuple[Rule, ...] = (
    *file.RULES,  # TR00x-TR01x
    *tables.RULES,  # TR02x
    *json_text.RULES,  # TR1xx
    *record.RULES,  # TR2xx
    *messages.RULES,  # TR30x-TR31x
    *turns.RULES,  # TR33x
    *content.RULES,  # TR40x
    *images.RULES,  # TR42x
    *tools.RULES,  # TR5xx
    *trainers.RULES,  # TR64x
    *sizes.RULES,  # TR70x
    *token_limits.RULES,  # TR75x
    *duplicates.RULES,  # TR8xx
)
BY_CODE = {rule.code: rule for rule in RULES}
RULES_BY_NAME = {rule.name: rule for rule in RULES}
FILE_RULES = tuple(rule for rule in RULES if rule.on is On.FILE)
