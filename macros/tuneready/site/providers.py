"""The targets of one provider belong on one page; this finds them, and the name that they share."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from tuneready import targets

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tuneready.targets.base import Target

STATES = ("open", "closing", "withdrawn")


@dataclass(frozen=True, slots=True)
class Provider:
    """Who trains, or whose tool does, with all its targets."""

    name: str  # before the slash in a target's name
    targets: tuple[Target, ...]

    @property
    def path(self) -> str:
        """The page's address below the language's root."""
        return f"targets/{self.name}/"

    def title(self, language: str) -> str:
        """Return the provider's name."""
        return self.targets[0].provider.get(language)

    def method(self, target: Target, language: str) -> str:
        """Return the part of a target's title behind the provider's."""
        title = target.title.get(language)
        method = title.partition(":")[2].strip()
        return method[:1].upper() + method[1:] if method else title


@cache
def providers() -> Mapping[str, Provider]:
    """Return the providers by name, in alphabetical order; of their targets the open ones first."""
    found = {}
    for name, plain in targets.providers().items():
        methods = [targets.find_target(f"{name}/{method}") for method in plain.methods]
        found[name] = Provider(name, tuple(sorted(methods, key=_rank)))
    return MappingProxyType(found)


def _rank(target: Target) -> int:
    return STATES.index(target.status.state)


def provider_of(name: str) -> Provider:
    """Return a provider by its own name or by that of one of its targets."""
    return providers()[name.partition("/")[0]]
