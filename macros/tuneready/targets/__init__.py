"""The targets: read from YAML by people's hands, from JSON in a wheel and in the browser."""

from __future__ import annotations

import dataclasses
import json
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from tuneready.checklist.model import Text
from tuneready.errors import TunereadyError
from tuneready.locale import N_
from tuneready.plain import build
from tuneready.targets.base import Common, Model, Provider, Target

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tuneready.plain import Builders
    from tuneready.targets.base import Method

FOLDER = Path(__file__).parent
COMMON = "common"
# A text is written as language -> text.
_TEXTS: Builders = {
    Text: lambda plain: Text(plain["en"], {key: text for key, text in plain.items() if key != "en"})
}


def read_yaml() -> dict[str, Any]:
    """Return the plain data of every YAML file beside this module, by the file's name."""
    from tuneready.strictyaml import load

    return {
        file.stem: load(file.read_text(encoding="utf-8"), file.name)
        for file in sorted(FOLDER.glob("*.yaml"))
    }


@cache
def providers() -> Mapping[str, Provider]:
    """Return what the files say, by provider, in alphabetical order."""
    data = _data()
    return MappingProxyType(
        {
            name: build(Provider, plain, _TEXTS)
            for name, plain in sorted(data.items())
            if name != COMMON
        }
    )


@cache
def targets() -> Mapping[str, Target]:
    """Return all targets by name, in alphabetical order."""
    common = build(Common, _data()[COMMON], _TEXTS)
    found = [target for provider in providers().values() for target in _targets(provider, common)]
    return MappingProxyType({target.name: target for target in sorted(found, key=_name)})


def find_target(name: str) -> Target:
    """Return the target of a name; an unknown name is the caller's mistake."""
    known = targets()
    if name in known:
        return known[name]
    if near := _nearest(name, known):
        raise TunereadyError(
            N_("There is no target called “{name}”; did you mean {near}?"), name=name, near=near
        )
    raise TunereadyError(
        N_("There is no target called “{name}”; “tuneready targets” lists them."), name=name
    )


def find_model(target: Target, name: str) -> Model:
    """Return a model of a target; an unknown name is the caller's mistake."""
    if name in target.models:
        return target.models[name]
    if near := _nearest(name, target.models):
        raise TunereadyError(
            N_("There is no model called “{name}”; did you mean {near}?"), name=name, near=near
        )
    if not target.models:
        raise TunereadyError(
            N_("There is no model called “{name}”; {target} takes whatever model you have."),
            name=name,
            target=target.name,
        )
    raise TunereadyError(
        N_("There is no model called “{name}”; {target} knows {known}."),
        name=name,
        target=target.name,
        known=", ".join(target.models),
    )


def with_model(target: Target, name: str | None) -> Target:
    """Return the target for one of its models; an unknown name is the caller's mistake."""
    return target if name is None else dataclasses.replace(target, model=find_model(target, name))


def with_fields(target: Target, renamed: Mapping[str, str]) -> Target:
    """Return the target with other names for keys; an unknown name is the caller's mistake."""
    known = target.fields()
    for name in renamed:
        if name not in known:
            raise TunereadyError(
                N_("{target} has no field called “{name}”; its fields are {known}."),
                target=target.name,
                name=name,
                known=", ".join(known),
            )
    return target.with_fields(renamed) if renamed else target


@cache
def _data() -> dict[str, Any]:
    built = FOLDER / "targets.json"
    data: dict[str, Any] = (
        json.loads(built.read_text(encoding="utf-8")) if built.exists() else read_yaml()
    )
    return data


def _name(target: Target) -> str:
    return target.name


def _nearest(name: str, known: Mapping[str, object]) -> str | None:
    return next(iter(get_close_matches(name, known, n=1, cutoff=0.5)), None)


def _targets(provider: Provider, common: Common) -> Iterator[Target]:
    sources = {**common.sources, **provider.sources}
    models = {
        name: dataclasses.replace(model, name=name) for name, model in provider.models.items()
    }
    for name, method in provider.methods.items():
        yield Target(
            name=f"{provider.provider}/{name}",
            title=method.title,
            provider=provider.title,
            status=method.status,
            layouts=method.layouts,
            messages=method.messages,
            image_types=method.image_types,
            video_types=method.video_types,
            limits=method.limits,
            models={model: models[model] for model in method.models},
            inputs=method.inputs,
            nulls=method.nulls,
            rules=_rules(provider, method, common),
            sources=sources,
        )


def _rules(provider: Provider, method: Method, common: Common) -> dict[str, Any]:
    """Put the settings together: of two for one rule, the one closest to the method counts."""
    settings = {**common.rules, **provider.rules}
    for group in method.use:
        settings |= provider.groups[group]
    settings |= method.rules
    return {name: setting for name, setting in settings.items() if name not in method.without}
