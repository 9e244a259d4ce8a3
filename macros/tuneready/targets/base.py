"""What a target is: a provider and a method, with its limits and the rules that hold there. Data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tuneready.finding import Severity

type Texts = Mapping[str, str]  # language -> text


@dataclass(frozen=True, slots=True)
class Source:
    """Where a limit or a rule was read."""

    key: str
    title: str
    url: str
    read: str  # the day, ISO 8601
    dated: str | None  # when the text itself is old: of which time it is

    @property
    def label(self) -> str:
        """The title, and the time of the text where that matters."""
        return self.title if self.dated is None else f"{self.title}, {self.dated}"


@dataclass(frozen=True, slots=True)
class Status:
    """Whether the provider still takes new jobs."""

    state: str  # open, closing or withdrawn
    date: str | None  # the last day, ISO 8601
    text: Texts


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits that a file can show; None where no source gives one. Sizes are in bytes."""

    min_examples: int | None
    advised_examples: int | None
    max_file: int | None
    max_portal_file: int | None
    max_single_upload: int | None  # a larger file must be uploaded in parts
    max_images: int | None  # per example
    max_image: int | None  # bytes of one image
    max_image_examples: int | None
    max_tools: int | None  # per example
    max_messages: int | None  # per example
    max_message_characters: int | None


@dataclass(frozen=True, slots=True)
class Model:
    """A model that can be trained with this method."""

    name: str
    example_tokens: int | None  # longest training example
    images: bool  # takes images in training examples
    status: str  # current, existing customers, withdrawn
    note: Texts | None
    sources: tuple[str, ...]  # keys of the sources of what stands above


@dataclass(frozen=True, slots=True)
class RuleSetting:
    """How a rule holds for a target."""

    severity: Severity
    source: str | None  # key of a source; None when the rule is our own judgement
    provenance: tuple[str, ...]  # ids of the evidence


@dataclass(frozen=True, slots=True)
class Target:
    """Where a dataset is to go."""

    name: str  # provider/method
    title: Texts
    format: str  # chat or prompt-completion
    status: Status
    roles: tuple[str, ...]  # of messages
    record_keys: tuple[str, ...]  # top-level keys that are documented
    image_types: tuple[str, ...]  # media types
    limits: Limits
    models: Mapping[str, Model]
    rules: Mapping[str, RuleSetting]  # by the rule's name
    sources: Mapping[str, Source]
    model: Model | None = None  # the one that a check is for
