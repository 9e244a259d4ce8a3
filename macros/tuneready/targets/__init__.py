"""The targets: read from YAML by people's hands, from JSON in a wheel and in the browser."""

from __future__ import annotations

import json
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from tuneready.errors import TunereadyError
from tuneready.finding import Severity
from tuneready.targets.base import Limits, Model, RuleSetting, Source, Status, Target

if TYPE_CHECKING:
    from collections.abc import Mapping

FOLDER = Path(__file__).parent
COMMON = "common"

_LIMITS = tuple(Limits.__dataclass_fields__)


def read_yaml() -> dict[str, Any]:
    """Return the plain data of every YAML file beside this module, by the file's name."""
    from tuneready.strictyaml import load

    return {
        file.stem: load(file.read_text(encoding="utf-8"), file.name)
        for file in sorted(FOLDER.glob("*.yaml"))
    }


@cache
def targets() -> Mapping[str, Target]:
    """Return all targets by name, in alphabetical order."""
    built = FOLDER / "targets.json"
    data = json.loads(built.read_text(encoding="utf-8")) if built.exists() else read_yaml()
    return MappingProxyType(dict(sorted(_targets(data))))


def find_target(name: str) -> Target:
    """Return the target of a name; an unknown name is the caller's mistake."""
    return _find(name, targets(), "target", "tuneready targets lists them")


def find_model(target: Target, name: str) -> Model:
    """Return a model of a target; an unknown name is the caller's mistake."""
    return _find(name, target.models, "model", f"{target.name} knows {', '.join(target.models)}")


def _find[T](name: str, known: Mapping[str, T], what: str, where: str) -> T:
    if name in known:
        return known[name]
    near = get_close_matches(name, known, n=1, cutoff=0.5)
    hint = f"did you mean {near[0]}?" if near else f"{where}."
    raise TunereadyError(f"There is no {what} called “{name}”; {hint}")


def _targets(data: dict[str, Any]) -> list[tuple[str, Target]]:
    common = data[COMMON]
    found = []
    for key, provider in data.items():
        if key == COMMON:
            continue
        sources = _sources({**common["sources"], **provider["sources"]})
        for method, values in provider["methods"].items():
            rules = {**common["rules"], **provider["rules"], **values["rules"]}
            name = f"{provider['provider']}/{method}"
            found.append((name, _target(name, values, rules, sources)))
    return found


def _target(
    name: str, values: dict[str, Any], rules: dict[str, Any], sources: dict[str, Source]
) -> Target:
    status = values["status"]
    return Target(
        name=name,
        title=values["title"],
        format=values["format"],
        status=Status(status["state"], status.get("date"), status["text"]),
        roles=tuple(values.get("roles", ())),
        record_keys=tuple(values["record_keys"]),
        image_types=tuple(values.get("image_types", ())),
        limits=Limits(**{limit: values["limits"].get(limit) for limit in _LIMITS}),
        models={model: _model(model, data) for model, data in values["models"].items()},
        rules={rule: _setting(data) for rule, data in rules.items()},
        sources=sources,
    )


def _model(name: str, data: dict[str, Any]) -> Model:
    return Model(
        name=name,
        example_tokens=data.get("example_tokens"),
        images=data["images"],
        status=data["status"],
        note=data.get("note"),
        sources=tuple(data["sources"]),
    )


def _setting(data: dict[str, Any]) -> RuleSetting:
    return RuleSetting(
        Severity(data["severity"]), data.get("source"), tuple(data.get("provenance", ()))
    )


def _sources(data: dict[str, Any]) -> dict[str, Source]:
    return {
        key: Source(key, source["title"], source["url"], source["read"], source.get("dated"))
        for key, source in data.items()
    }
