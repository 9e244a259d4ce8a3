"""The report as SARIF 2.1.0, the form in which code hosts take findings of checkers.

One run for all files: a code host takes few runs per upload, and shows no more than some thousand
results of each. Columns are characters, as in our reports; lines and columns count from 1.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from tuneready import __version__
from tuneready.escaping import escaped
from tuneready.locale import N_
from tuneready.output.wording import SEVERITIES, number, say_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tuneready.output.wording import Entry, Say

    type Json = dict[str, Any]

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
# GitHub refuses a run with more results, as its page on SARIF uploads says (read 2026-11-22).
MOST_RESULTS = 25_000
_LEVELS = {"error": "error", "warning": "warning", "note": "note"}
_ORDER = tuple(SEVERITIES)


def format_sarif(document: Json, language: str, addresses: Sequence[str]) -> str:
    """Return the document of a report as SARIF; `addresses` are the files' URIs, in its order."""
    return json.dumps(sarif(document, language, addresses), ensure_ascii=False, indent=2) + "\n"


def sarif(document: Json, language: str, addresses: Sequence[str]) -> Json:
    """Return the same as plain data."""
    say = say_in(language)
    entries = document["reports"]
    rules = _rules(entries, say)
    places = {rule["id"]: index for index, rule in enumerate(rules)}
    results: list[tuple[int, Json]] = []
    seen: dict[str, int] = {}
    for index, entry in enumerate(entries):
        for finding in entry["findings"]:
            result = _result(finding, index, addresses[index], places[finding["code"]])
            key = _fingerprint(finding, addresses[index])
            seen[key] = seen.get(key, 0) + 1
            result["partialFingerprints"] = {"primaryLocationLineHash": f"{key}:{seen[key]}"}
            results.append((_ORDER.index(finding["severity"]), result))
    left_out = max(0, len(results) - MOST_RESULTS)
    if left_out:
        results = sorted(results, key=lambda pair: pair[0])[:MOST_RESULTS]
    targets = sorted({entry["target"] for entry in entries})
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "Tuneready",
                        "version": __version__,
                        "semanticVersion": __version__,
                        "rules": rules,
                    }
                },
                "automationDetails": {"id": f"tuneready/{'+'.join(targets)}/"},
                "language": "en-US" if language == "en" else language,
                "columnKind": "unicodeCodePoints",
                "invocations": [
                    {
                        "executionSuccessful": True,
                        "toolExecutionNotifications": [*_notices(entries, left_out, say)],
                    }
                ],
                "artifacts": [
                    _artifact(entry, address)
                    for entry, address in zip(entries, addresses, strict=True)
                ],
                "results": [result for _, result in results],
            }
        ],
    }


def _rules(entries: Iterable[Entry], say: Say) -> list[Json]:
    """Return every rule that applies, with its most serious level."""
    found: dict[str, Json] = {}
    for entry in entries:
        for rule in entry["rules"]:
            known = found.setdefault(rule["code"], rule)
            if _ORDER.index(rule["severity"]) < _ORDER.index(known["severity"]):
                found[rule["code"]] = rule
    return [_rule(found[code], say) for code in sorted(found)]


def _rule(rule: Json, say: Say) -> Json:
    why, remedy = rule["why"], rule["remedy"]
    text = f"{why}\n\n{say(N_('Remedy'))}: {remedy}"
    markdown = f"{why}\n\n**{say(N_('Remedy'))}:** {remedy}"
    written: Json = {
        "id": rule["code"],
        "name": rule["name"],
        "shortDescription": {"text": rule["title"]},
        "fullDescription": {"text": why},
        "defaultConfiguration": {"level": _LEVELS[rule["severity"]]},
        "help": {"text": text, "markdown": markdown},
        "properties": {"tags": ["dataset", f"TR{rule['code'][2]}xx"]},
    }
    if rule["source"]:
        written["helpUri"] = rule["source"]["url"]
    return written


def _result(finding: Json, index: int, address: str, rule: int) -> Json:
    # A finding of the whole file stands at its start: a result without a line is not shown.
    region: Json = {"startLine": finding["line"] or 1}
    if finding["column"] is not None:
        region["startColumn"] = finding["column"]
    if finding["byte"] is not None:
        region["byteOffset"] = finding["byte"]
    location: Json = {
        "physicalLocation": {
            "artifactLocation": {"uri": address, "index": index},
            "region": region,
        }
    }
    if finding["path"]:
        location["logicalLocations"] = [{"fullyQualifiedName": escaped(finding["path"])}]
    return {
        "ruleId": finding["code"],
        "ruleIndex": rule,
        "level": _LEVELS[finding["severity"]],
        "message": {"text": f"{escaped(finding['message'])} {finding['remedy']}"},
        "locations": [location],
    }


def _fingerprint(finding: Json, address: str) -> str:
    """Return what stays the same when lines are added before a finding."""
    parts = (address, finding["code"], finding["path"] or "", finding["message"])
    text = "\0".join(parts).encode("utf-8", "surrogatepass")
    return hashlib.sha256(text).hexdigest()[:16]


def _artifact(entry: Entry, address: str) -> Json:
    artifact: Json = {
        "location": {"uri": address},
        "length": entry["bytes"],
        "roles": ["analysisTarget"],
    }
    if entry["sha256"]:
        artifact["hashes"] = {"sha-256": entry["sha256"]}
    return artifact


def _notices(entries: Iterable[Entry], left_out: int, say: Say) -> Iterable[Json]:
    """Say what the results leave out."""
    kept: dict[str, int] = {}
    counted: dict[str, int] = {}
    for entry in entries:
        for finding in entry["findings"]:
            kept[finding["code"]] = kept.get(finding["code"], 0) + 1
        for rule in entry["rules"]:
            counted[rule["code"]] = counted.get(rule["code"], 0) + rule["count"]
    for code, count in sorted(counted.items()):
        more = count - kept.get(code, 0)
        if more:
            template = say(N_("{code}: {count} more places are counted and not listed."))
            text = template.format(code=code, count=number(more))
            yield {"level": "note", "message": {"text": text}, "associatedRule": {"id": code}}
    if left_out:
        template = say(N_("{count} results of lesser severity are left out of this file."))
        text = template.format(count=number(left_out))
        yield {"level": "warning", "message": {"text": text}}
