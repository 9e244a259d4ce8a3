"""TR61x: advice on a file of prompts and completions, as the old preparation tool gave it.

The tool wrote for base models, which learn from marks in the text where a prompt ends and where an
answer does. Nothing here is refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tuneready.dataset.pair_texts import PairTexts
from tuneready.dataset.quoting import shown
from tuneready.locale import N_
from tuneready.rules.base import Hit, On, hit, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tuneready.dataset.report import Report
    from tuneready.targets.base import Target

ENOUGH = 10  # pairs, before what they have in common says anything
LONG_PROMPT_START = 12  # characters; a shared beginning above it is named
LONG_COMPLETION_START = 5

_NAMES = ("Ann", "Bob", "Cas", "Dik", "Eva", "Fay", "Guy", "Hal", "Ivo", "Jan", "Kim", "Leo")


def _lines(prompt: str, completion: str) -> str:
    """Return a pair for each name, which stands where the texts have an asterisk."""
    pair = f'{{"prompt": "{prompt}", "completion": "{completion}"}}\n'
    return "".join(pair.replace("*", name) for name in _NAMES)


_GOOD = _lines("*, hi ->", " * END")


def _pairs(report: Report) -> PairTexts | None:
    pairs = report.observed.get("pairs")
    if isinstance(pairs, PairTexts) and pairs.prompts.count >= ENOUGH:
        return pairs
    return None


@rule(
    "TR611",
    On.FILE,
    target="openai/completion",
    title=N_("The prompts do not end in the same separator"),
    why=N_(
        "A base model has to see where the prompt ends and its answer begins; without a fixed mark it may go on writing the prompt."
    ),
    remedy=N_(
        'End every prompt, in training and in use, with the same text that occurs nowhere else, such as "\\n\\n###\\n\\n".'
    ),
    bad="".join(f'{{"prompt": "Hi {name}", "completion": " {name} END"}}\n' for name in _NAMES),
    good=_GOOD,
)
def prompts_without_separator(report: Report, target: Target) -> Iterator[Hit]:
    del target
    pairs = _pairs(report)
    # Prompts of nothing teach a style of writing, and need no mark.
    if pairs and not pairs.prompts.end and pairs.prompts.empty < pairs.prompts.count:
        yield hit(
            (),
            N_(
                "The {count} prompts have no ending in common; expected one separator at their end."
            ),
            count=pairs.prompts.count,
        )


@rule(
    "TR614",
    On.FILE,
    target="openai/completion",
    title=N_("All prompts begin with the same long text"),
    why=N_("Training teaches what the text says; repeated on every line it only costs tokens."),
    remedy=N_("Leave the shared beginning out, in training and in use."),
    bad=_lines("Answer this question of a customer: *, hi ->", " * END"),
    good=_GOOD,
)
def prompts_share_beginning(report: Report, target: Target) -> Iterator[Hit]:
    del target
    pairs = _pairs(report)
    if pairs and len(pairs.prompts.start) > LONG_PROMPT_START and len(pairs.prompts.distinct) != 1:
        yield hit(
            (),
            N_("All {count} prompts begin with {text}."),
            count=pairs.prompts.count,
            text=shown(pairs.prompts.start),
        )


@rule(
    "TR615",
    On.FILE,
    target="openai/completion",
    title=N_("All completions begin with the same text"),
    why=N_("The model writes it every time, which costs tokens and says nothing."),
    remedy=N_("Leave the shared beginning out, and put it before the answer in your program."),
    bad=_lines("*, hi ->", " The answer is: Hello * END"),
    good=_GOOD,
)
def completions_share_beginning(report: Report, target: Target) -> Iterator[Hit]:
    del target
    pairs = _pairs(report)
    if not pairs or len(pairs.completions.distinct) == 1:
        return
    if len(pairs.completions.start.lstrip(" ")) >= LONG_COMPLETION_START:
        yield hit(
            (),
            N_("All {count} completions begin with {text}."),
            count=pairs.completions.count,
            text=shown(pairs.completions.start),
        )


@rule(
    "TR616",
    On.FILE,
    target="openai/completion",
    title=N_("The completions do not end in one mark"),
    why=N_("A base model has to learn where an answer stops; without a mark it goes on writing."),
    remedy=N_(
        'End every completion with the same text, such as " END", and name it as stop sequence in use.'
    ),
    bad="".join(f'{{"prompt": "{name} ->", "completion": " {name}"}}\n' for name in _NAMES),
    good=_GOOD,
)
def completions_without_ending(report: Report, target: Target) -> Iterator[Hit]:
    """Leave out labels: where a third of the completions differ at most, they are classes."""
    del target
    pairs = _pairs(report)
    if not pairs or pairs.completions.end or pairs.prompts.empty == pairs.prompts.count:
        return
    texts = pairs.completions
    if texts.many or len(texts.distinct) * 3 >= texts.count:
        yield hit(
            (),
            N_("The {count} completions have no ending in common; expected one mark at their end."),
            count=texts.count,
        )


@rule(
    "TR617",
    On.FILE,
    target="openai/completion",
    title=N_("Completions do not begin with a space"),
    why=N_(
        "Tokenizers put the space before a word, so a first word without one is read as another."
    ),
    remedy=N_("Begin every completion with a space."),
    bad=_lines("*, hi ->", "* END"),
    good=_GOOD,
)
def completions_without_space(report: Report, target: Target) -> Iterator[Hit]:
    del target
    pairs = _pairs(report)
    if pairs and pairs.completions.without_space > pairs.completions.empty:
        yield hit(
            (),
            N_("{found} of {count} completions do not begin with a space."),
            found=pairs.completions.without_space - pairs.completions.empty,
            count=pairs.completions.count,
        )


RULES = (
    prompts_without_separator,
    prompts_share_beginning,
    completions_share_beginning,
    completions_without_ending,
    completions_without_space,
)
