"""The families of rules, each a page of the site. A code's first digit names the family."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tuneready.locale import N_

if TYPE_CHECKING:
    from tuneready.rules.base import Rule


@dataclass(frozen=True, slots=True)
class Family:
    """Rules that look at one side of a dataset. Titles are English and marked for translation."""

    digit: str  # after TR
    slug: str  # of its page, below rules/
    title: str
    about: str

    @property
    def codes(self) -> str:
        """How the family's codes look: `TR3xx`."""
        return f"TR{self.digit}xx"

    @property
    def path(self) -> str:
        """The page's address below the language's root."""
        return f"rules/{self.slug}/"


FAMILIES = (
    Family(
        "0",
        "file",
        N_("The file and its encoding"),
        N_("What the bytes of the file are, looked at before any JSON is read."),
    ),
    Family(
        "1",
        "json",
        N_("The text of a line as JSON"),
        N_(
            "Whether each line is one complete JSON value, read as strictly as its standard asks for."
        ),
    ),
    Family(
        "2",
        "record",
        N_("The shape of a record"),
        N_(
            "Whether a line holds the kind of object that the target reads, with the keys that it needs."
        ),
    ),
    Family(
        "3",
        "messages",
        N_("Messages, roles and turns"),
        N_("Who speaks, in which order, and who has the last word."),
    ),
    Family(
        "4",
        "content",
        N_("Content, parts and images"),
        N_("What a message says: its text, its parts, and the images among them."),
    ),
    Family(
        "5",
        "tools",
        N_("Tools and calls"),
        N_("Definitions of tools, calls of them, and the answers that belong to the calls."),
    ),
    Family(
        "6",
        "methods",
        N_("Preference, reinforcement and other methods"),
        N_("What methods other than learning from good answers ask of a record."),
    ),
    Family(
        "7",
        "sizes",
        N_("Sizes, limits and tokens"),
        N_("How many examples, bytes and tokens a target takes."),
    ),
    Family(
        "8",
        "duplicates",
        N_("Duplicates and splits"),
        N_("Examples that come twice, contradict each other, or stand in both files."),
    ),
    Family(
        "9",
        "quality",
        N_("Quality and privacy"),
        N_("What is well formed, and yet may spoil the training or should not be in the data."),
    ),
)
_BY_DIGIT = {family.digit: family for family in FAMILIES}


def family_of(rule: Rule) -> Family:
    """Return the family that a rule's code names."""
    return _BY_DIGIT[rule.code[2]]


def rule_path(rule: Rule) -> str:
    """Return the address of a rule's explanation below the language's root."""
    return f"{family_of(rule).path}#{rule.name}"
