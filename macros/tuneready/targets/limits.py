"""The limits by which people know them, in the order of pages and of the command line."""

from __future__ import annotations

from dataclasses import dataclass

from tuneready.locale import N_


@dataclass(frozen=True, slots=True)
class LimitKind:
    """A limit as data names it, and how people do. Its source is that of the rule that reads it."""

    name: str
    label: str
    rule: str
    is_size: bool = False
    is_share: bool = False  # per cent


LIMITS = (
    LimitKind("min_examples", N_("Examples, at least"), "too-few-examples"),
    LimitKind("advised_examples", N_("Examples, advised"), "fewer-examples-than-advised"),
    LimitKind("max_examples", N_("Examples, at most"), "too-many-examples"),
    LimitKind("max_file", N_("File, at most"), "file-too-large", is_size=True),
    LimitKind(
        "max_portal_file", N_("File through the web page"), "file-over-portal-limit", is_size=True
    ),
    LimitKind(
        "max_single_upload", N_("File in one request"), "file-over-one-request", is_size=True
    ),
    LimitKind(
        "min_validation_examples",
        N_("Validation examples, at least"),
        "too-few-validation-examples",
    ),
    LimitKind(
        "max_validation_examples",
        N_("Validation examples, at most"),
        "too-many-validation-examples",
    ),
    LimitKind(
        "max_validation_file",
        N_("Validation file, at most"),
        "validation-file-too-large",
        is_size=True,
    ),
    LimitKind(
        "max_validation_share",
        N_("Validation examples, at most, as a share of the training examples"),
        "validation-share-too-large",
        is_share=True,
    ),
    LimitKind(
        "advised_validation_share",
        N_("Validation file, of the training file at most (advised)"),
        "validation-share-large",
        is_share=True,
    ),
    LimitKind(
        "max_together",
        N_("Training and validation examples together, at most"),
        "too-many-examples-together",
    ),
    LimitKind("min_labels", N_("Different labels, at least"), "too-few-labels"),
    LimitKind(
        "min_label_examples", N_("Examples with each label, at least"), "label-with-few-examples"
    ),
    LimitKind("min_queries", N_("Different queries, at least"), "too-few-different-queries"),
    LimitKind("example_tokens", N_("Tokens of an example, at most"), "example-over-token-limit"),
    LimitKind("max_job_tokens", N_("Tokens of a job, with its epochs"), "job-over-token-limit"),
    LimitKind("max_messages", N_("Messages of an example, at most"), "too-many-messages"),
    LimitKind(
        "max_message_characters", N_("Characters of a message, at most about"), "message-very-long"
    ),
    LimitKind(
        "max_system_characters",
        N_("Characters of the instructions, at most about"),
        "instructions-very-long",
    ),
    LimitKind(
        "max_example_characters",
        N_("Characters of the longest example, advised at most"),
        "longest-example-very-long",
    ),
    LimitKind(
        "max_message_images", N_("Images of a message, at most"), "too-many-images-in-message"
    ),
    LimitKind("max_videos", N_("Videos of an example, at most"), "too-many-videos"),
    LimitKind("max_images", N_("Images of an example, at most"), "too-many-images"),
    LimitKind("max_image", N_("One image, at most"), "image-too-large", is_size=True),
    LimitKind("max_image_examples", N_("Examples with images, at most"), "too-many-image-examples"),
    LimitKind("max_tools", N_("Tools of an example, at most"), "too-many-tools"),
)

# What happens to examples with more tokens than the limit.
OVER_LIMIT = {
    "refused": N_("refused"),
    "cut": N_("cut off at its end"),
    "dropped": N_("left out"),
    "not stated": N_("not stated"),
}
