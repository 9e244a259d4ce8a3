"""`tuneready targets | rules | explain`: what the registry and the targets' data say."""

from __future__ import annotations

import sys
from difflib import get_close_matches
from itertools import groupby
from typing import TYPE_CHECKING, Any

from tuneready.cli.printing import print_json, wrapped
from tuneready.errors import TunereadyError
from tuneready.escaping import escaped
from tuneready.locale import N_
from tuneready.output.wording import SEVERITIES, STATES, number, say_in
from tuneready.rules import BY_CODE, RULES, RULES_BY_NAME
from tuneready.targets import find_target, targets
from tuneready.targets.limits import LIMITS, OVER_LIMIT

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Iterator

    from tuneready.output.wording import Say
    from tuneready.rules.base import Rule
    from tuneready.targets.base import Model, Price, Source, Target

LONGEST = 400  # characters of a line of an example
MOST_LINES = 12

_MODEL_STATES = {
    "current": N_("current"),
    "existing-customers": N_("existing customers only"),
    "withdrawn": N_("withdrawn"),
}


def list_targets(options: argparse.Namespace) -> int:
    """Print all targets by provider, or those of one, or one with all that is known about it."""
    language = options.lang
    chosen, detailed = _chosen(options.name)
    if options.format == "json":
        data = [_target_data(target, language) for target in chosen]
        print_json(data[0] if detailed else data)
        return 0
    lines = _target_lines(chosen[0], language) if detailed else _listed(chosen, language)
    _print_lines(lines)
    return 0


def list_rules(options: argparse.Namespace) -> int:
    """Print all rules, or those that hold for a target with the severity that they have there."""
    language, say = options.lang, say_in(options.lang)
    target = find_target(options.target) if options.target else None
    rules = [rule for rule in RULES if target is None or rule.name in target.rules]
    if options.format == "json":
        print_json([_rule_data(rule, language) for rule in rules])
        return 0
    width = max(len(rule.name) for rule in rules)
    lines: list[str] = []
    for digit, family in groupby(rules, key=lambda rule: rule.code[2]):
        lines += ["", f"TR{digit}xx"] if lines else [f"TR{digit}xx"]
        for rule in family:
            line = f"{rule.code}  {rule.name:{width}}  {say(rule.title)}"
            if target is not None:
                severity = say(SEVERITIES[target.rules[rule.name].severity.value])
                line += f" ({severity})"
            lines.append(line)
    _print_lines(lines)
    return 0


def explain(options: argparse.Namespace) -> int:
    """Print what a rule looks for, why, what to do, where it holds, and an example."""
    data = _rule_data(_find_rule(options.rule), options.lang)
    if options.format == "json":
        print_json(data)
        return 0
    _print_lines(_rule_lines(data, say_in(options.lang)))
    return 0


def _print_lines(lines: Iterable[str]) -> None:
    sys.stdout.write("\n".join(lines) + "\n")


def _chosen(name: str | None) -> tuple[list[Target], bool]:
    """Return the targets that a name stands for, and whether it names a single one."""
    everything = list(targets().values())
    if name is None:
        return everything, False
    of_provider = [target for target in everything if target.name.partition("/")[0] == name]
    if of_provider:
        return of_provider, False
    return [find_target(name)], True


def _listed(chosen: list[Target], language: str) -> Iterator[str]:
    say = say_in(language)
    width = max(len(target.name) for target in chosen)
    groups = groupby(chosen, key=lambda target: target.name.partition("/")[0])
    for index, (_, group) in enumerate(groups):
        members = list(group)
        yield from [""] if index else []
        yield members[0].provider.get(language)
        for target in members:
            state = say(STATES[target.status.state])
            if target.status.date:
                state += f" {target.status.date}"
            formats = ", ".join(dict.fromkeys(layout.format for layout in target.layouts))
            yield f"  {target.name:{width}}  {state}; {formats}"
        for text in dict.fromkeys(
            target.status.text.get(language) for target in members if target.status.state != "open"
        ):
            yield from wrapped(text, "    ")


def _target_lines(target: Target, language: str) -> Iterator[str]:
    say = say_in(language)
    data = _target_data(target, language)
    yield f"{target.name}: {data['title']}"
    yield from wrapped(f"{say(STATES[target.status.state])}: {data['status']['text']}", "  ")
    yield f"  {say(N_('Formats'))}: {', '.join(data['formats'])}"
    yield f"  {say(N_('Files'))}: {', '.join(data['inputs'])}"
    if target.roles:
        yield f"  {say(N_('Roles'))}: {', '.join(target.roles)}"
    if data["limits"]:
        yield f"  {say(N_('Limits'))}:"
        for kind in LIMITS:
            if kind.name in data["limits"]:
                unit = say(N_("bytes")) if kind.is_size else "%" if kind.is_share else ""
                yield f"    {say(kind.label)}: {number(data['limits'][kind.name])} {unit}".rstrip()
    if target.limits.over_limit:
        effect = say(OVER_LIMIT[target.limits.over_limit])
        yield f"    {say(N_('Examples with more tokens'))}: {effect}"
    if target.models:
        yield f"  {say(N_('Models'))}:"
        for model in target.models.values():
            yield from _model_lines(model, target, language)
    counts = dict.fromkeys(SEVERITIES, 0)
    for setting in target.rules.values():
        counts[setting.severity.value] += 1
    rules = ", ".join(f"{say(SEVERITIES[name])}: {count}" for name, count in counts.items())
    yield from wrapped(f"{say(N_('Rules that apply'))}: {rules}", "  ", "    ")
    yield f"  {say(N_('Sources'))}:"
    for source in _used_sources(target):
        yield from wrapped(_source_text(source, say), "    ", "      ")
        yield f"      {source.url}"


def _model_lines(model: Model, target: Target, language: str) -> Iterator[str]:
    say = say_in(language)
    parts = [say(_MODEL_STATES[model.status])]
    if model.until:
        parts.append(say(N_("until {day}")).format(day=model.until))
    if model.example_tokens:
        text = say(N_("{count} tokens per example"))
        parts.append(text.format(count=number(model.example_tokens)))
    if model.encoding:
        parts.append(model.encoding)
    if model.images:
        parts.append(say(N_("takes images")))
    yield from wrapped(f"{model.name}: {', '.join(parts)}", "    ", "      ")
    for price in model.prices:
        yield from wrapped(_price_text(price, target, say), "      ", "        ")
    if model.note:
        yield from wrapped(model.note.get(language), "      ")


def _price_text(price: Price, target: Target, say: Say) -> str:
    per = say(N_("million training tokens")) if price.per != "hour" else say(N_("hour"))
    read = target.sources[price.source].read
    text = say(N_("{amount} {currency} per {per}, as read on {day}"))
    return text.format(amount=price.amount, currency=price.currency, per=per, day=read)


def _used_sources(target: Target) -> list[Source]:
    keys = dict.fromkeys(
        key for setting in target.rules.values() for key in [setting.source] if key is not None
    )
    for layout in target.layouts:
        keys |= dict.fromkeys(layout.sources)
    for model in target.models.values():
        keys |= dict.fromkeys((*model.sources, *(price.source for price in model.prices)))
    keys |= dict.fromkeys(target.status.sources)
    return [target.sources[key] for key in sorted(keys)]


def _source_text(source: Source, say: Say) -> str:
    return f"{source.label} ({say(N_('read {day}')).format(day=source.read)})"


def _target_data(target: Target, language: str) -> dict[str, Any]:
    limits = target.limits
    return {
        "name": target.name,
        "title": target.title.get(language),
        "provider": target.provider.get(language),
        "format": target.format,
        "formats": list(dict.fromkeys(layout.format for layout in target.layouts)),
        "inputs": list(target.inputs),
        "roles": list(target.roles),
        "status": {
            "state": target.status.state,
            "date": target.status.date,
            "text": target.status.text.get(language),
        },
        "limits": {
            kind.name: getattr(limits, kind.name)
            for kind in LIMITS
            if getattr(limits, kind.name) is not None
        },
        "over_limit": limits.over_limit,
        "models": [_model_data(model, target, language) for model in target.models.values()],
        "rules": {name: setting.severity.value for name, setting in target.rules.items()},
        "sources": [_source_data(source) for source in _used_sources(target)],
    }


def _model_data(model: Model, target: Target, language: str) -> dict[str, Any]:
    return {
        "name": model.name,
        "example_tokens": model.example_tokens,
        "encoding": model.encoding,
        "images": model.images,
        "status": model.status,
        "until": model.until,
        "note": model.note.get(language) if model.note else None,
        "prices": [
            {
                "amount": price.amount,
                "currency": price.currency,
                "per": price.per,
                "source": _source_data(target.sources[price.source]),
            }
            for price in model.prices
        ],
    }


def _source_data(source: Source) -> dict[str, Any]:
    return {"title": source.label, "url": source.url, "read": source.read}


def _find_rule(text: str) -> Rule:
    if text.upper() in BY_CODE:
        return BY_CODE[text.upper()]
    if text.lower() in RULES_BY_NAME:
        return RULES_BY_NAME[text.lower()]
    near = get_close_matches(text.upper(), BY_CODE, n=1) or get_close_matches(
        text.lower(), RULES_BY_NAME, n=1, cutoff=0.4
    )
    if near:
        raise TunereadyError(
            N_("There is no rule called “{name}”; did you mean {near}?"),
            name=escaped(text),
            near=near[0],
        )
    raise TunereadyError(
        N_("There is no rule called “{name}”; “tuneready rules” lists them."), name=escaped(text)
    )


def _rule_data(rule: Rule, language: str) -> dict[str, Any]:
    say = say_in(language)
    settings = {}
    for target in targets().values():
        setting = target.rules.get(rule.name)
        if setting is not None:
            source = target.sources[setting.source] if setting.source else None
            settings[target.name] = {
                "severity": setting.severity.value,
                "source": source and _source_data(source),
            }
    return {
        "code": rule.code,
        "name": rule.name,
        "title": say(rule.title),
        "why": say(rule.why),
        "remedy": say(rule.remedy),
        "targets": settings,
        "bad": _example(rule.bad),
        "good": _example(rule.good),
    }


def _rule_lines(data: dict[str, Any], say: Say) -> Iterator[str]:
    yield f"{data['code']} {data['name']}"
    yield from wrapped(data["title"])
    yield ""
    yield from wrapped(f"{say(N_('Why'))}: {data['why']}", "", "  ")
    yield from wrapped(f"{say(N_('Remedy'))}: {data['remedy']}", "", "  ")
    for label, example in ((N_("What it looks like:"), data["bad"]), (N_("Better:"), data["good"])):
        if example is not None:
            yield ""
            yield say(label)
            for line in [line for line in example.split("\n") if line][:MOST_LINES]:
                yield f"  {_cut(escaped(line))}"
    yield ""
    yield from _holding(data["targets"], say)


def _holding(settings: dict[str, Any], say: Say) -> Iterator[str]:
    """Yield where a rule holds: targets of one severity and source together."""
    together: dict[tuple[str, str], list[str]] = {}
    for name, setting in settings.items():
        source = setting["source"]
        said = source["title"] if source else say(N_("our own judgement"))
        together.setdefault((setting["severity"], said), []).append(name)
    order = tuple(SEVERITIES)
    for (severity, said), names in sorted(
        together.items(), key=lambda item: (order.index(item[0][0]), -len(item[1]), item[0][1])
    ):
        everywhere = len(names) == len(targets())
        where = say(N_("all targets")) if everywhere else ", ".join(names)
        yield from wrapped(f"{say(SEVERITIES[severity])}: {where}", "", "  ")
        yield from wrapped(f"{say(N_('Source'))}: {said}", "  ", "    ")


def _cut(line: str) -> str:
    return line if len(line) <= LONGEST else line[: LONGEST - 1] + "…"


def _example(example: str | bytes | None) -> str | None:
    if example is None:
        return None
    return example if isinstance(example, str) else example.decode(errors="backslashreplace")
