"""What a check finds: one place where a rule applies. Plain data; wording comes later."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

type Path = tuple[str | int, ...]


class Phrase(str):
    """A few words of ours inside a message (`a list`): translated when the message is shown."""

    __slots__ = ()


class Severity(StrEnum):
    """What a finding means for the reader's file."""

    ERROR = "error"  # the target refuses it
    WARNING = "warning"  # accepted, but training probably suffers
    NOTE = "note"  # worth knowing


@dataclass(frozen=True, slots=True)
class Location:
    """Where a finding is; everything is None when it concerns the whole file."""

    line: int | None = None  # physical line, from 1
    column: int | None = None  # in characters, from 1
    byte: int | None = None  # offset in the file, from 0
    path: str | None = None  # such as messages[2].content


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule applies at a place. `message` is a template whose fields are in `params`."""

    rule: str  # the rule's code
    location: Location
    message: str
    params: Mapping[str, str | int] = field(default_factory=dict)
