"""From bytes to text, strictly, and a bound on nesting that no parser has to survive."""

from __future__ import annotations

import re

from tuneready.dataset.jsontext import Fault
from tuneready.escaping import escaped
from tuneready.locale import N_

# About 2,000 levels end the interpreter in the browser, and no `except` can catch it; natively the
# bounds differ again. One written limit on every platform (serde_json uses 128, orjson 1,024).
DEEPEST = 256

_BRACKETS = re.compile(r'"(?:[^"\\]|\\.)*+"?|[\[{]|[\]}]', re.DOTALL)


def decode(data: bytes) -> str | tuple[int, Fault]:
    """Return the text of a line, or the offset of the byte at fault, with the fault."""
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        start = error.start
        before = data[:start].decode()
        byte = data[start]
        params: dict[str, str | int] = {"byte": f"0x{byte:02X}"}
        message = N_("The byte {byte} does not belong here in UTF-8.")
        if error.end >= len(data) and "end of data" in error.reason:
            message = N_(
                "The line ends in the middle of a UTF-8 character, which begins with {byte}."
            )
        elif start + 1 == len(data) or data[start + 1] < 0x80:
            meant = data[start : start + 1].decode("cp1252", errors="ignore")
            if meant:
                message = N_(
                    "The byte {byte} does not belong here in UTF-8; in Windows-1252 it would be {character}."
                )
                params["character"] = escaped(meant)
        return start, Fault("not-utf8", len(before), message, params)


def nesting_fault(text: str) -> Fault | None:
    """Return a fault where `text` nests deeper than DEEPEST, counting outside strings only."""
    if text.count("[") + text.count("{") <= DEEPEST:  # proves nearly every line safe
        return None
    depth = 0
    for match in _BRACKETS.finditer(text):
        match match[0]:
            case "[" | "{":
                depth += 1
                if depth > DEEPEST:
                    return Fault(
                        "nested-too-deep",
                        match.start(),
                        N_("Lists and objects nest more than {deepest} levels deep here."),
                        {"deepest": DEEPEST},
                    )
            case "]" | "}":
                depth -= 1
    return None
