"""The pages about the targets, from their data: a comparison, and one page for each provider."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tuneready.dataset.formats import FORMATS
from tuneready.finding import Severity
from tuneready.locale import N_, translation
from tuneready.rules import RULES, RULES_BY_NAME
from tuneready.site import figures
from tuneready.site.excerpts import ShownLine
from tuneready.site.families import rule_path
from tuneready.site.literal import front_matter, literal
from tuneready.site.minimal_records import minimal_record
from tuneready.site.providers import Provider, providers
from tuneready.site.render import fragment
from tuneready.targets.limits import LIMITS, OVER_LIMIT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tuneready.rules.base import Rule
    from tuneready.targets.base import Key, Layout, RuleSetting, Source, Target

DESCRIPTION = N_("What {provider} takes for fine-tuning: records, limits, models and rules.")
# A conversation whose turns must alternate breaks one of these when they do not.
ALTERNATION = (
    "consecutive-assistant-messages",
    "same-role-twice",
    "roles-out-of-turn",
    "turns-out-of-order",
)
# The tables of the comparison: their anchor and template, and their title.
OVERVIEWS = (
    ("files", N_("Status and sizes")),
    ("conversations", N_("Conversations, tools and images")),
)
WIDEST = 78  # of an example's line, beyond which it is written over several


HOLDS = {
    "text": N_("text"),
    "texts": N_("a list of texts"),
    "boolean": N_("true or false"),
    "booleans": N_("a list of true and false"),
    "number": N_("a number"),
    "integer": N_("a whole number"),
    "messages": N_("a list of messages"),
    "message": N_("one message"),
    "text-or-messages": N_("text, or a list of messages"),
    "text-or-texts": N_("text, or a list of texts"),
    "object": N_("an object"),
    "objects": N_("a list of objects"),
    "pairs": N_("a list of pairs of texts"),
    "tools": N_("a list of tools"),
    "any": N_("anything"),
}
MODEL_STATES = {
    "current": N_("current"),
    "existing-customers": N_("existing customers"),
    "withdrawn": N_("withdrawn"),
}
PRICE_UNITS = {
    "million training tokens": N_("{price} per million training tokens"),
    "hour": N_("{price} per hour"),
}


@dataclass(frozen=True, slots=True)
class Example:
    """A record written out over a few lines; in the same shape as `excerpts.Excerpt`."""

    lines: tuple[ShownLine, ...]
    more_lines: int = 0
    has_escapes: bool = False


@dataclass(frozen=True, slots=True)
class LimitShown:
    """A limit with its source; `source` is None where the file names none for it."""

    label: str
    value: str
    exact: str  # bytes of a size, otherwise empty
    source: Source | None


def target_overview(language: str, page_url: str) -> str:
    """Return the comparison of all targets, as Markdown with a block of HTML for each table."""
    say = translation(language).gettext
    compared = [
        (provider, [_summary(provider, target, language) for target in provider.targets])
        for provider in providers().values()
    ]
    parts = []
    for name, title in OVERVIEWS:
        table = fragment(f"targets_{name}.html", language, page_url, providers=compared)
        parts.append(f"## {literal(say(title))} {{ #{name} }}\n\n{table}")
    return "\n\n".join(parts)


def provider_page(provider: Provider, language: str) -> str:
    """Return the page of a provider, as Markdown with blocks of HTML."""
    say = translation(language).gettext
    title = provider.title(language)
    parts = [
        front_matter(title, say(DESCRIPTION).format(provider=title)),
        f"# {literal(title)} {{ #{provider.name} }}",
    ]
    for target in provider.targets:
        method = target.name.partition("/")[2]
        parts += [
            f"## {literal(provider.method(target, language))} {{ #{method} }}",
            _part("target_status.html", target, provider, language),
            f"### {literal(say(N_('What a record looks like')))} {{ #{method}-record }}",
            _part(
                "target_layouts.html",
                target,
                provider,
                language,
                layouts=[_layout(target, layout, language) for layout in target.layouts],
            ),
        ]
        if limits := list(_limits(target, language)):
            parts += [
                f"### {literal(say(N_('Limits')))} {{ #{method}-limits }}",
                _part("target_limits.html", target, provider, language, limits=limits),
            ]
        if target.models:
            parts += [
                f"### {literal(say(N_('Models')))} {{ #{method}-models }}",
                _part(
                    "target_models.html",
                    target,
                    provider,
                    language,
                    **_models(target, language),
                ),
            ]
        parts += [
            f"### {literal(say(N_('Rules')))} {{ #{method}-rules }}",
            _part("target_rules.html", target, provider, language, groups=_rules(target)),
        ]
    parts += [
        f"## {literal(say(N_('Sources')))} {{ #sources }}",
        fragment(
            "target_sources.html",
            language,
            provider.path,
            sources=_cited(provider),
        ),
    ]
    return "\n\n".join(parts) + "\n"


def _part(
    template: str, target: Target, provider: Provider, language: str, **values: object
) -> str:
    return fragment(
        template,
        language,
        provider.path,
        target=target,
        provider=provider,
        method=target.name.partition("/")[2],
        **values,
    )


def _summary(provider: Provider, target: Target, language: str) -> dict[str, Any]:
    limits = target.limits
    tokens = [model.example_tokens for model in target.models.values() if model.example_tokens]
    if limits.example_tokens:
        tokens.append(limits.example_tokens)
    images = bool(target.image_types) or any(model.images for model in target.models.values())
    return {
        "target": target,
        "method": provider.method(target, language),
        "path": f"{provider.path}#{target.name.partition('/')[2]}",
        "formats": [_format(layout) for layout in target.layouts],
        "until": figures.day(target.status.date, language) if target.status.date else None,
        "min_examples": _shown(limits.min_examples, language),
        "advised_examples": _shown(limits.advised_examples, language),
        "max_file": figures.size(limits.max_file, language) if limits.max_file else None,
        "tokens": _span(tokens, language),
        "alternation": _strictest(target, ALTERNATION),
        "images": images,
        "max_images": _shown(limits.max_images, language),
        "tools": any(key.holds == "tools" for one in target.layouts for key in one.keys.values()),
    }


def _format(layout: Layout) -> str:
    kind = FORMATS.get(layout.format)
    return layout.format if kind is None else kind.name


def _shown(value: int | None, language: str) -> str | None:
    return None if value is None else figures.number(value, language)


def _span(values: list[int], language: str) -> str | None:
    if not values:
        return None
    ends = dict.fromkeys((min(values), max(values)))
    return "–".join(figures.number(end, language) for end in ends)


def _strictest(target: Target, names: tuple[str, ...]) -> Severity | None:
    found = {target.rules[name].severity for name in names if name in target.rules}
    return next((severity for severity in Severity if severity in found), None)


def _layout(target: Target, layout: Layout, language: str) -> dict[str, Any]:
    say = translation(language).gettext
    kind = FORMATS.get(layout.format)
    line = minimal_record(target, layout)
    return {
        "layout": layout,
        "title": say(kind.title) if kind else layout.format,
        "keys": [(path, say(HOLDS[key.holds]), key) for path, key in _keys(layout)],
        "example": None if line is None else _written(line),
        "sources": [target.sources[key] for key in layout.sources],
    }


def _keys(layout: Layout) -> Iterator[tuple[str, Key]]:
    """Yield every key of a layout with its path, those of an object behind the object."""

    def below(prefix: str, name: str, key: Key) -> Iterator[tuple[str, Key]]:
        path = f"{prefix}{name}"
        yield path, key
        inner = f"{path}[]." if key.holds == "objects" else f"{path}."
        for inner_name, inner_key in key.keys.items():
            yield from below(inner, inner_name, inner_key)

    for name, key in layout.keys.items():
        yield from below("", name, key)


def _written(line: str) -> Example:
    """Write a record with a line for each key and each message: easier to read, not to upload."""
    text = _pretty(json.loads(line), 0)
    return Example(tuple(ShownLine(one, "", "", 0) for one in text.split("\n")))


def _pretty(value: Any, depth: int) -> str:
    flat = json.dumps(value, ensure_ascii=False)
    if len(flat) + 2 * depth <= WIDEST and (depth > 1 or not isinstance(value, dict)):
        return flat
    inner = "  " * (depth + 1)
    match value:
        case dict() if value:
            rows = [f"{json.dumps(name)}: {_pretty(one, depth + 1)}" for name, one in value.items()]
            opening, closing = "{", "}"
        case list() if value:
            rows = [_pretty(one, depth + 1) for one in value]
            opening, closing = "[", "]"
        case _:
            return flat
    body = ",\n".join(inner + row for row in rows)
    return f"{opening}\n{body}\n{'  ' * depth}{closing}"


def _limits(target: Target, language: str) -> Iterator[LimitShown]:
    say = translation(language).gettext
    for kind in LIMITS:
        value = getattr(target.limits, kind.name, None)
        if value is None:
            continue
        number = figures.number(value, language)
        plain = f"{number}%" if kind.is_share else number
        yield LimitShown(
            label=say(kind.label),
            value=figures.size(value, language) if kind.is_size else plain,
            exact=number if kind.is_size else "",
            source=_source_of(target, kind.rule),
        )
    if target.limits.over_limit:
        yield LimitShown(
            label=say(N_("Examples with more tokens")),
            value=say(OVER_LIMIT[target.limits.over_limit]),
            exact="",
            source=_source_of(target, "example-over-token-limit"),
        )


def _source_of(target: Target, rule: str) -> Source | None:
    setting = target.rules.get(rule)
    return target.sources[setting.source] if setting and setting.source else None


def _models(target: Target, language: str) -> dict[str, Any]:
    """Return the models, and what is to be said of all their prices alike."""
    models = [_model(target, name, language) for name in target.models]
    prices = [price for model in models for price in model["prices"]]
    notes = {price["note"] for price in prices}
    common = notes.pop() if len(prices) > 1 and len(notes) == 1 else None
    if common is not None:
        for price in prices:
            price["note"] = None
    return {"models": models, "prices_note": common}


def _model(target: Target, name: str, language: str) -> dict[str, Any]:
    say = translation(language).gettext
    model = target.models[name]
    return {
        "name": name,
        "state": say(MODEL_STATES[model.status]),
        "until": figures.day(model.until, language) if model.until else None,
        "tokens": _shown(model.example_tokens or target.limits.example_tokens, language),
        "images": model.images,
        "encoding": model.encoding,
        "note": model.note.get(language) if model.note else None,
        "prices": [
            {
                "text": say(PRICE_UNITS[price.per]).format(
                    price=figures.price(price.amount, price.currency, language)
                ),
                "read": figures.day(target.sources[price.source].read, language),
                "source": target.sources[price.source],
                "note": price.note.get(language) if price.note else None,
            }
            for price in model.prices
        ],
        "sources": [(key, target.sources[key]) for key in model.sources],
    }


def _rules(target: Target) -> list[tuple[Severity, list[tuple[Rule, str, RuleSetting]]]]:
    """Return the rules that hold for a target, by severity, each with the address of its text."""
    return [
        (severity, found)
        for severity in Severity
        if (
            found := [
                (rule, rule_path(rule), target.rules[rule.name])
                for rule in RULES
                if rule.name in target.rules and target.rules[rule.name].severity is severity
            ]
        )
    ]


def _cited(provider: Provider) -> dict[str, Source]:
    """Return the sources that the targets of a provider name, by key, in alphabetical order."""
    found: dict[str, Source] = {}
    for target in provider.targets:
        keys = {
            *(setting.source for rule, setting in target.rules.items() if rule in RULES_BY_NAME),
            *(key for model in target.models.values() for key in model.sources),
            *(price.source for model in target.models.values() for price in model.prices),
            *(key for layout in target.layouts for key in layout.sources),
            *target.status.sources,
        }
        found |= {key: target.sources[key] for key in keys if key}
    return dict(sorted(found.items()))
