"""The targets: read from YAML by people's hands, from JSON in a wheel and in the browser."""

from __future__ import annotations

import dataclasses
import json
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from tuneready.errors import TunereadyError
from tuneready.plain import build
from tuneready.targets.base import Common, Model, Provider, Target

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tuneready.targets.base import Method

FOLDER = Path(__file__).parent
COMMON = "common"


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
        {name: build(Provider, plain) for name, plain in sorted(data.items()) if name != COMMON}
    )


@cache
def targets() -> Mapping[str, Target]:
    """Return all targets by name, in alphabetical order."""
    common = build(Common, _data()[COMMON])
    found = [target for provider in providers().values() for target in _targets(provider, common)]
    return MappingProxyType({target.name: target for target in sorted(found, key=_name)})


def find_target(name: str) -> Target:
    """Return the target of a name; an unknown name is the caller's mistake."""
    return _find(name, targets(), "target", "tuneready targets lists them")


def find_model(target: Target, name: str) -> Model:
    """Return a model of a target; an unknown name is the caller's mistake."""
    return _find(name, target.models, "model", f"{target.name} knows {', '.join(target.models)}")


def with_model(target: Target, name: str | None) -> Target:
    """Return the target for one of its models; an unknown name is the caller's mistake."""
    return target if name is None else dataclasses.replace(target, model=find_model(target, name))


def with_fields(target: Target, renamed: Mapping[str, str]) -> Target:
    """Return the target with other names for keys; an unknown name is the caller's mistake."""
    known = target.fields()
    for name in renamed:
        if name not in known:
            raise TunereadyError(
                f"{target.name} has no field called “{name}”; its fields are {', '.join(known)}."
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


def _find[T](name: str, known: Mapping[str, T], what: str, where: str) -> T:
    if name in known:
        return known[name]
    near = get_close_matches(name, known, n=1, cutoff=0.5)
    hint = f"did you mean {near[0]}?" if near else f"{where}."
    raise TunereadyError(f"There is no {what} called “{name}”; {hint}")


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
