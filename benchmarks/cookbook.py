"""The checks of OpenAI's `Chat_finetuning_data_prep` notebook, in words of our own.

Written from a description of what the notebook counts, not from its code: it is our re-expression.
It counts kinds of errors and names no lines. A line that is not JSON stops it.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

ROLES = ("system", "user", "assistant", "function")
KEYS = frozenset({"role", "content", "name", "function_call", "weight"})


def count(data: bytes) -> Counter[str]:
    """Return the notebook's errors with their counts; raises ValueError where it stops."""
    found: Counter[str] = Counter()
    for line in data.decode().splitlines():
        record = json.loads(line)
        if not isinstance(record, dict):
            found["data_type"] += 1
            continue
        messages = record.get("messages")
        if not messages:
            found["missing_messages_list"] += 1
            continue
        for message in messages:
            _message(message, found)
        if not any(message.get("role") == "assistant" for message in messages):
            found["example_missing_assistant_message"] += 1
    return found


def _message(message: Any, found: Counter[str]) -> None:
    if "role" not in message or "content" not in message:
        found["message_missing_key"] += 1
    if not message.keys() <= KEYS:
        found["message_unrecognized_key"] += 1
    if message.get("role") not in ROLES:
        found["unrecognized_role"] += 1
    content = message.get("content")
    if (not content and not message.get("function_call")) or not isinstance(content, str):
        found["missing_content"] += 1
