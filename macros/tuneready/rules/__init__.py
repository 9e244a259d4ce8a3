"""The catalogue: every rule, in the order of the codes.

Read by the checker, by `tuneready explain`, by the pages and by the tests.
"""

from __future__ import annotations

from tuneready.rules import (
    bedrock,
    call_ids,
    classification,
    columns,
    content,
    duplicates,
    file,
    gemini,
    images,
    json_text,
    messages,
    mixed_content,
    part_kinds,
    preference,
    privacy,
    prompt_completion,
    quality,
    record,
    reinforcement,
    row_limits,
    size_advice,
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
    *record.RULES,  # TR20x-TR21x
    *columns.RULES,  # TR22x
    *messages.RULES,  # TR30x-TR31x
    *turns.RULES,  # TR33x
    *content.RULES,  # TR40x
    *mixed_content.RULES,  # TR41x
    *images.RULES,  # TR42x
    *part_kinds.RULES,  # TR431-TR434
    *gemini.RULES,  # TR435-TR440
    *bedrock.RULES,  # TR441-TR457
    part_kinds.part_not_object,  # TR458
    bedrock.media_address_characters,  # TR459
    *tools.RULES,  # TR50x-TR51x
    *call_ids.RULES,  # TR53x
    *preference.RULES,  # TR60x
    *prompt_completion.RULES,  # TR61x
    *reinforcement.RULES,  # TR62x
    *trainers.RULES,  # TR64x
    *classification.RULES,  # TR66x
    *sizes.RULES,  # TR70x
    *row_limits.RULES,  # TR71x
    *size_advice.RULES,  # TR718-TR719
    *token_limits.RULES,  # TR75x
    *duplicates.RULES,  # TR8xx
    *quality.RULES,  # TR90x-TR92x
    *privacy.RULES,  # TR95x
)
BY_CODE = {rule.code: rule for rule in RULES}
RULES_BY_NAME = {rule.name: rule for rule in RULES}
FILE_RULES = tuple(rule for rule in RULES if rule.on is On.FILE)
