"""The pages about the rules, from the registry and the targets: what, why, remedy, where it holds."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING, Any

from tuneready.dataset.checker import Checker
from tuneready.dataset.report import document
from tuneready.dataset.tokens import encoding_for, native_counter
from tuneready.finding import Severity
from tuneready.locale import N_, translation
from tuneready.rules import RULES
from tuneready.site.excerpts import excerpt
from tuneready.site.families import FAMILIES, Family, family_of, rule_path
from tuneready.site.literal import front_matter, literal
from tuneready.site.providers import Provider, provider_of, providers
from tuneready.site.render import fragment
from tuneready.targets import find_target, targets, with_model

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tuneready.rules.base import Rule
    from tuneready.targets.base import RuleSetting, Source, Target

SEVERITIES = tuple(Severity)  # the most serious first
# Who searches for a code or a rule wants its explanation, not the pages that mention it.
SEARCH_BOOST = 5
FAMILY_DESCRIPTION = N_("{title}: {count} rules of the dataset checker, with reason and remedy.")


@dataclass(frozen=True, slots=True)
class Holding:
    """Targets for which a rule holds in the same way, for the same reason."""

    severity: Severity
    source: Source | None  # None: our own judgement
    everywhere: bool  # it holds so for every target there is
    providers: tuple[tuple[Provider, tuple[Target, ...]], ...]


def families() -> Iterator[tuple[Family, list[Rule]]]:
    """Yield the families that have rules, each with them, in the order of their codes."""
    for family in FAMILIES:
        rules = [rule for rule in RULES if family_of(rule) is family]
        if rules:
            yield family, rules


def severities(rule: Rule) -> list[Severity]:
    """Return the severities that a rule has over all targets, the most serious first."""
    found = {setting.severity for _, setting in _settings(rule)}
    return [severity for severity in SEVERITIES if severity in found]


def holdings(rule: Rule) -> list[Holding]:
    """Return where a rule holds, the most serious first, and then what most targets share."""
    together: dict[tuple[Severity, str], list[tuple[Target, Source | None]]] = {}
    for target, setting in _settings(rule):
        source = target.sources[setting.source] if setting.source else None
        key = (setting.severity, f"{source.label} {source.url}" if source else "")
        together.setdefault(key, []).append((target, source))
    found = [
        Holding(severity, held[0][1], len(held) == len(targets()), _by_provider(held))
        for (severity, _), held in together.items()
    ]
    found.sort(key=lambda one: (SEVERITIES.index(one.severity), -_count(one)))
    return found


def rule_overview(language: str, page_url: str) -> str:
    """Return the Markdown of the table of all rules, a part for each family."""
    say = translation(language).gettext
    parts = []
    for family, rules in families():
        table = fragment(
            "rule_table.html",
            language,
            page_url,
            family=family,
            rules=[(rule, rule_path(rule), severities(rule)) for rule in rules],
        )
        title = literal(say(family.title))
        parts.append(f"## {title} {{ #{family.slug} }}\n\n{literal(say(family.about))}\n\n{table}")
    return "\n\n".join(parts)


def family_page(family: Family, rules: list[Rule], language: str) -> str:
    """Return the page of a family, as Markdown with a block of HTML for each rule."""
    say = translation(language).gettext
    title = say(family.title)
    description = say(FAMILY_DESCRIPTION).format(title=title, count=len(rules))
    parts = [
        front_matter(title, description, boost=SEARCH_BOOST),
        f"# {literal(title)} {{ #{family.slug} }}",
        literal(say(family.about)),
    ]
    for rule in rules:
        parts += [
            f"## {literal(say(rule.title))} {{ #{rule.name} }}",
            fragment(
                "rule.html",
                language,
                family.path,
                rule=rule,
                severities=severities(rule),
                holdings=holdings(rule),
                **_examples(rule, language),
            ),
        ]
    return "\n\n".join(parts) + "\n"


def _examples(rule: Rule, language: str) -> dict[str, Any]:
    found = _finding(rule, language)
    line = found["line"] if found else None
    column = found["column"] if found else None
    return {
        "found": found,
        "bad": None if rule.bad is None else excerpt(rule.bad, line, column),
        "good": excerpt(rule.good),
    }


@cache
def _finding(rule: Rule, language: str) -> dict[str, Any] | None:
    """Return what the checker says about the bad example: the same as a reader would get."""
    if rule.bad is None:
        return None
    name, _, model = rule.target.partition(" ")
    if name not in targets():  # a project may do without a provider; the rule stays
        return None
    target = with_model(find_target(name), model or None)
    tokens = native_counter(encoding_for(target))
    checker = Checker(find_target(name), file="example.jsonl", model=model or None, tokens=tokens)
    checker.feed(rule.bad if isinstance(rule.bad, bytes) else rule.bad.encode())
    (entry,) = document([checker.close()], language)["reports"]
    findings: list[dict[str, Any]] = entry["findings"]
    return next((one for one in findings if one["name"] == rule.name), None)


def _settings(rule: Rule) -> Iterator[tuple[Target, RuleSetting]]:
    for target in targets().values():
        if rule.name in target.rules:
            yield target, target.rules[rule.name]


def _by_provider(
    held: list[tuple[Target, Source | None]],
) -> tuple[tuple[Provider, tuple[Target, ...]], ...]:
    order = list(providers())
    found = sorted((target for target, _ in held), key=lambda one: order.index(_key(one)))
    return tuple((provider_of(name), tuple(group)) for name, group in groupby(found, key=_key))


def _key(target: Target) -> str:
    return target.name.partition("/")[0]


def _count(holding: Holding) -> int:
    return sum(len(methods) for _, methods in holding.providers)
