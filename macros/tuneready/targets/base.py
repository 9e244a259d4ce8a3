"""What a target is: a provider and a method, with its layouts, its limits and its rules. Data.

`Provider` is one YAML file, with what its methods share; `Target` is one method with all that holds
for it. The fields of both are the keys of the files. The hints are read at run time, which is why
this module does not postpone annotations.
"""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Annotated, Literal

from tuneready.checklist.model import Text
from tuneready.finding import Severity
from tuneready.strictyaml import Shape

type Day = Annotated[str, Shape(r"20\d\d-\d\d-\d\d", 'a day such as "2026-11-22"')]
type Dated = Annotated[
    str, Shape(r"20\d\d(-\d\d(-\d\d)?)?", 'a year, month or day such as "2026-07"')
]
type RuleName = Annotated[str, Shape(r"[a-z0-9]+(-[a-z0-9]+)*", "the name of a rule")]
type Address = Annotated[str, Shape(r"https://\S+", "an address that begins with https://")]

type Holds = Literal[
    "text",  # a string
    "texts",  # a list of strings
    "boolean",
    "booleans",  # a list of true and false
    "number",
    "integer",
    "messages",  # a list of messages
    "message",  # one message
    "text-or-messages",
    "text-or-texts",
    "object",  # with the keys that are named
    "objects",  # a list of such objects
    "pairs",  # a list of lists of two strings
    "tools",  # definitions of tools
    "any",
]
type Part = Literal["whole", "prompt", "answer"]
type Role = Literal["system", "developer", "user", "assistant", "tool", "function"]

ROLES: tuple[Role, ...] = ("system", "developer", "user", "assistant", "tool", "function")


@dataclass(frozen=True, slots=True)
class Source:
    """Where a limit or a rule was read."""

    title: str
    url: Address
    read: Day
    dated: Dated | None  # when the text itself is old: of which time it is

    @property
    def label(self) -> str:
        """The title, and the time of the text where that matters."""
        return self.title if self.dated is None else f"{self.title}, {self.dated}"


@dataclass(frozen=True, slots=True)
class Status:
    """Whether the provider still takes new jobs."""

    state: Literal["open", "closing", "withdrawn"]
    date: Day | None  # the last day
    text: Text
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Key:
    """A key of a record, and what stands under it."""

    holds: Holds
    required: bool = False
    # What messages or texts are for: a whole conversation, what is asked, or an answer to learn.
    part: Part | None = None
    may_be_empty: bool = False  # an empty text, or a list of nothing
    as_text: bool = False  # messages may also be written as JSON in a text
    keys: Mapping[str, "Key"] = field(default_factory=dict)  # of an object or of each of several
    open: bool = False  # the object may have other keys, too
    said_by: Role | None = None  # who says the text, where the key's name is no role
    said: bool = True  # False for what nobody says and no model learns: a version, a role
    values: tuple[str, ...] = ()  # the only texts that fit, where there are any


@dataclass(frozen=True, slots=True)
class Layout:
    """One way in which a record may look."""

    format: str  # a name of `dataset.formats`
    keys: Mapping[str, Key]
    # Keys of which exactly one must be there, by the one that is named when none is.
    one_of: tuple[tuple[str, ...], ...] = ()
    not_both: tuple[tuple[str, ...], ...] = ()  # keys of which at most one may be there
    open: bool = False  # other keys are welcome: they are kept for a grader, or ignored by design
    messages: "Dialect | None" = None  # where messages are written in another way than the method's
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a message is written."""

    roles: Mapping[str, Role]  # the name in the file -> what it stands for
    role: str = "role"  # the key of the role
    content: str = "content"  # the key of what is said
    # Keys besides these two that a message of a role may have; "any" for every role.
    keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    parts: Literal["openai", "gemini", "bedrock", "none"] = "openai"  # how a list as content looks
    # What a part of such a list may be, where its key says it: of these exactly one.
    kinds: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()  # keys that such a part may have besides
    arguments: Literal["text", "object", "either"] = "text"  # how a call's arguments are written
    typed: bool = True  # calls and definitions of tools must say their type
    other_content: str | None = None  # another key under which the content may stand


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits that a file can show; None where no source gives one. Sizes are in bytes."""

    min_examples: int | None = None
    advised_examples: int | None = None
    max_examples: int | None = None
    max_file: int | None = None
    max_portal_file: int | None = None
    max_single_upload: int | None = None  # a larger file must be uploaded in parts
    min_validation_examples: int | None = None
    max_validation_examples: int | None = None
    max_validation_file: int | None = None
    advised_validation_share: int | None = None  # per cent of the bytes of the training file
    few_pairs: int | None = None  # preference pairs below which fewer epochs are advised
    max_example_characters: int | None = None
    max_together: int | None = None  # examples for training and for validation
    # Per cent of the training examples, for more validation examples than `free_validation_examples`.
    max_validation_share: int | None = None
    free_validation_examples: int | None = None
    min_labels: int | None = None  # different ones, of a classifier
    min_label_examples: int | None = None  # with each label
    min_queries: int | None = None  # different ones, of a ranking model
    max_images: int | None = None  # per example
    max_message_images: int | None = None
    max_videos: int | None = None  # per example
    max_image: int | None = None  # bytes of one image
    max_image_examples: int | None = None
    max_tools: int | None = None  # per example
    max_messages: int | None = None  # per example
    max_message_characters: int | None = None
    max_system_characters: int | None = None
    example_tokens: int | None = None  # where it is the same for all models
    over_limit: Literal["refused", "cut", "dropped", "not stated"] | None = None  # longer examples
    max_job_tokens: int | None = None  # tokens of the file times epochs
    max_epochs: int | None = None


@dataclass(frozen=True, slots=True)
class Price:
    """What training costs, as a page said on a day."""

    amount: float
    currency: str
    per: Literal["million training tokens", "hour"]
    source: str
    note: Text | None


@dataclass(frozen=True, slots=True)
class Model:
    """A model that can be trained."""

    images: bool  # takes images in training examples
    status: Literal["current", "existing-customers", "withdrawn"]
    sources: tuple[str, ...]  # keys of the sources of what stands here
    example_tokens: int | None  # longest training example
    encoding: str | None  # of its tokens; None when it is the provider's own
    until: Day | None  # the last day of training, or of the model
    note: Text | None
    prices: tuple[Price, ...] = ()
    min_examples: int | None = None  # where it is more than that of the method
    formats: tuple[str, ...] = ()  # of the method's layouts, where it takes some of them only
    name: str = ""


@dataclass(frozen=True, slots=True)
class RuleSetting:
    """How a rule holds for a target."""

    severity: Severity
    source: str | None  # key of a source; None when the rule is our own judgement
    provenance: tuple[str, ...] = ()  # ids of the evidence


type Rules = Mapping[RuleName, RuleSetting]


@dataclass(frozen=True, slots=True)
class Method:
    """One way of training at a provider, as its file says."""

    title: Text
    status: Status
    layouts: tuple[Layout, ...]
    messages: Dialect | None
    image_types: tuple[str, ...] = ()  # media types
    video_types: tuple[str, ...] = ()
    limits: Limits = Limits()
    models: tuple[str, ...] = ()  # of the provider's models
    inputs: tuple[Literal["jsonl", "json", "csv", "tsv"], ...] = ("jsonl",)
    nulls: bool = False  # null under a key that is not required is as good as no key
    use: tuple[str, ...] = ()  # names of the provider's groups of rules
    without: tuple[RuleName, ...] = ()  # common rules that do not hold here
    rules: Rules = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Common:
    """What holds for every target."""

    sources: Mapping[str, Source]
    rules: Rules


@dataclass(frozen=True, slots=True)
class Provider:
    """One file: a provider or a tool, with its methods."""

    provider: str
    title: Text
    sources: Mapping[str, Source]
    methods: Mapping[str, Method]
    models: Mapping[str, Model] = field(default_factory=dict)
    rules: Rules = field(default_factory=dict)  # for all methods
    groups: Mapping[str, Rules] = field(default_factory=dict)  # for the methods that use them


@dataclass(frozen=True)
class Target:
    """Where a dataset is to go."""

    name: str  # provider/method
    title: Text
    provider: Text  # the provider's name
    status: Status
    layouts: tuple[Layout, ...]
    messages: Dialect | None
    image_types: tuple[str, ...]
    video_types: tuple[str, ...]
    limits: Limits
    models: Mapping[str, Model]
    inputs: tuple[str, ...]
    rules: Rules
    sources: Mapping[str, Source]
    nulls: bool = False  # null under a key that is not required is as good as no key
    model: Model | None = None  # the one that a check is for
    renamed: frozenset[str] = frozenset()  # keys that the caller named

    @property
    def format(self) -> str:
        """The format of the first layout: the one that the provider's pages show."""
        return self.layouts[0].format

    @cached_property
    def formats(self) -> frozenset[str]:
        """The formats of all layouts."""
        return frozenset(layout.format for layout in self.layouts)

    @cached_property
    def roles(self) -> tuple[str, ...]:
        """The names of roles, as they stand in a file."""
        return tuple(self.messages.roles) if self.messages else ()

    def role_name(self, role: str) -> str:
        """Return how this target writes a role."""
        roles = self.messages.roles if self.messages else {}
        return next((name for name, meaning in roles.items() if meaning == role), role)

    def has_rule(self, name: str) -> bool:
        """Tell whether a rule holds here."""
        return name in self.rules

    def for_layout(self, layout: Layout) -> "Target":
        """Return the target as it holds for records of one of its layouts."""
        if layout.messages is None:
            return self
        return dataclasses.replace(self, messages=layout.messages)

    def with_fields(self, renamed: Mapping[str, str]) -> "Target":
        """Return the target with other names for keys; `renamed` is old name -> new name.

        A name stands for a key of a record, or for the role or the content of a message.
        """
        layouts = tuple(
            dataclasses.replace(
                layout,
                keys={renamed.get(name, name): key for name, key in layout.keys.items()},
                one_of=_renamed_keys(layout.one_of, renamed),
                not_both=_renamed_keys(layout.not_both, renamed),
                messages=_renamed(layout.messages, renamed),
            )
            for layout in self.layouts
        )
        messages = _renamed(self.messages, renamed)
        names = frozenset(renamed.values())
        return dataclasses.replace(self, layouts=layouts, messages=messages, renamed=names)

    def fields(self) -> tuple[str, ...]:
        """Return the names that `with_fields` knows."""
        names = [name for layout in self.layouts for name in layout.keys]
        if self.messages:
            names += [self.messages.role, self.messages.content]
        return tuple(dict.fromkeys(names))


def _renamed(dialect: Dialect | None, renamed: Mapping[str, str]) -> Dialect | None:
    return dialect and dataclasses.replace(
        dialect,
        role=renamed.get(dialect.role, dialect.role),
        content=renamed.get(dialect.content, dialect.content),
    )


def _renamed_keys(
    groups: tuple[tuple[str, ...], ...], renamed: Mapping[str, str]
) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(renamed.get(name, name) for name in names) for names in groups)
