"""TR8xx: how examples compare: with each other, and with those of the training file.

Everything here is worked out from the report's index, which is not there when only the format is checked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tuneready.finding import Location
from tuneready.locale import N_
from tuneready.rules.base import Hit, On, hit, rule

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tuneready.dataset.index import Index
    from tuneready.dataset.report import Report
    from tuneready.targets.base import Key, Target

# Fewer examples show no habit. With 20 pairs or more, nine in ten on one side come about by chance
# less than once in two thousand files: a coin falls on one side 18 times in 20 as rarely (sign test).
FEWEST_PAIRS = 20
ONE_SIDED = 90  # in a hundred
FEWEST_ALIKE = 10  # examples, before it means something that all are the same in one way

# Formats in which several answers to one prompt are meant, or in which there is no answer.
_SEVERAL_ANSWERS = frozenset(
    {
        "reinforcement",
        "stepwise",
        "unpaired-preference",
        "sharegpt-kto",
        "alpaca-kto",
        "chat-kto",
        "prompt-only",
    }
)

_PAIRS = (
    ("What is the capital of France?", "Paris."),
    ("Name the largest planet.", "Jupiter."),
    ("Who wrote Hamlet?", "William Shakespeare."),
)


def _chat(asked: str, answered: str, system: str | None = None) -> str:
    first = f'{{"role": "system", "content": "{system}"}}, ' if system else ""
    return (
        f'{{"messages": [{first}{{"role": "user", "content": "{asked}"}}, '
        f'{{"role": "assistant", "content": "{answered}"}}]}}\n'
    )


def _preference(number: int, preferred: str, other: str) -> str:
    return f'{{"prompt": "Question {number}?", "chosen": "{preferred}", "rejected": "{other}"}}\n'


def _pair(prompt: str, name: str) -> str:
    return f'{{"prompt": "{prompt}", "completion": " {name} END"}}\n'


_NAMES = ("Ada", "Bram", "Cleo", "Daan", "Eva", "Finn", "Gijs", "Hanna", "Iris", "Jens")
_GOOD = "".join(_chat(*pair) for pair in _PAIRS)
_LETTER = (
    "Dear Ms Jansen, thank you for your message of last week about the delivery of the garden "
    "table. We are sorry that one of the legs was damaged on its way to you. A new leg leaves our "
    "warehouse in Utrecht tomorrow morning, and the carrier calls you before coming. You may keep "
    "the damaged part or give it to the driver."
)


@rule(
    "TR801",
    On.FILE,
    title=N_("An example comes twice"),
    why=N_(
        "The model sees it more often than the others, learns it by heart and loses variety; you pay for each time."
    ),
    remedy=N_("Remove the later one, unless you repeat it on purpose."),
    bad=_GOOD + _chat(*_PAIRS[0]),
    good=_GOOD,
)
def duplicate_example(report: Report, target: Target) -> Iterator[Hit]:
    del target
    if report.index is not None:
        for line, earlier in report.index.duplicates():
            yield _at(line, N_("The example is the same as that of line {line}."), line=earlier)


@rule(
    "TR802",
    On.FILE,
    title=N_("An example is nearly the same as another"),
    why=N_("Copies with small changes add little to learn, and weigh as much as new examples."),
    remedy=N_(
        "Compare the two. Keep the better one, unless the difference is what the model must learn."
    ),
    bad=_chat("Answer the letter.", _LETTER)
    + _chat("Answer the letter.", _LETTER.replace("tomorrow morning", "tomorrow afternoon")),
    good=_chat("Answer the letter.", _LETTER) + _GOOD,
)
def near_duplicate_example(report: Report, target: Target) -> Iterator[Hit]:
    del target
    if report.index is not None:
        for line, earlier in report.index.near_duplicates():
            yield _at(
                line,
                N_("The example says nearly the same as that of line {line}."),
                line=earlier,
            )


@rule(
    "TR803",
    On.FILE,
    title=N_("The same prompt is answered in different ways"),
    why=N_(
        "Where one answer is right, the model learns to guess between them. Where several are good, there is nothing wrong."
    ),
    remedy=N_("Read both answers. If they contradict each other, keep the right one."),
    bad=_GOOD + _chat(_PAIRS[0][0], "It is Lyon."),
    good=_GOOD,
)
def same_prompt_different_answer(report: Report, target: Target) -> Iterator[Hit]:
    index = report.index
    if index is None or not _has_single_answers(target):
        return
    if len(index) >= FEWEST_ALIKE and index.only_prompt():  # one finding says it: TR805
        return
    for line, earlier in index.contradictions():
        yield _at(
            line,
            N_("Line {line} asks exactly the same and has another answer."),
            line=earlier,
        )


@rule(
    "TR804",
    On.FILE,
    title=N_("The system text is not the same in all examples"),
    why=N_(
        "The model learns to follow the system texts that it was trained with. If yours vary by mistake, none of them is learned well."
    ),
    remedy=N_(
        "Use one system text, the one that you will use later; keep several only if you will use them all. Put what differs from question to question into the user's message."
    ),
    bad=_chat(*_PAIRS[0], "Be brief.")
    + _chat(*_PAIRS[1], "Be brief.")
    + _chat(*_PAIRS[2], "Be short."),
    good="".join(_chat(*pair, "Be brief.") for pair in _PAIRS),
)
def system_text_varies(report: Report, target: Target) -> Iterator[Hit]:
    del target
    if report.index is None:
        return
    found = report.index.systems()
    if found.texts < 2:
        return
    if found.examples >= FEWEST_ALIKE and found.texts * 2 > found.examples:
        message = N_(
            "The system text differs from that of line {line}, and so on: {texts} different ones in {examples} examples. They seem to hold what differs from question to question."
        )
    else:
        message = N_(
            "The system text differs from that of line {line}. The file has {texts} different ones; the most common one stands in {most} of {examples} examples."
        )
    yield _at(
        found.other_line,
        message,
        line=found.first_line,
        texts=found.texts,
        most=found.most_common,
        examples=found.examples,
    )


@rule(
    "TR805",
    On.FILE,
    title=N_("All prompts are the same"),
    why=N_(
        "A model that is always asked the same learns to answer whatever it is asked from that one list of answers."
    ),
    remedy=N_("Write into each prompt what its answer depends on."),
    bad="".join(_pair("Write a name ->", name) for name in _NAMES),
    good="".join(_pair(f"{name[0]} begins the name ->", name) for name in _NAMES),
    target="azure-openai/completion",
)
def all_prompts_the_same(report: Report, target: Target) -> Iterator[Hit]:
    index = _with_single_answers(report, target)
    if index is not None and index.only_prompt() and not index.only_answer():
        yield hit((), N_("All {count} examples have the same prompt."), count=len(index))


@rule(
    "TR806",
    On.FILE,
    title=N_("The preferred answer is nearly always the longer one, or the shorter"),
    why=N_(
        "Length is then the easiest thing to learn: the model writes longer (or shorter) answers instead of better ones."
    ),
    remedy=N_("Add pairs in which the preferred answer is not the longer (or shorter) one."),
    bad="".join(_preference(n, f"A long and full answer, {n}.", f"No, {n}.") for n in range(20)),
    good="".join(
        _preference(n, f"A long and full answer, {n}.", f"No, {n}.")
        if n % 2
        else _preference(n, f"Yes, {n}.", f"A long and empty answer, {n}.")
        for n in range(20)
    ),
    target="trl/dpo",
)
def one_sided_lengths(report: Report, target: Target) -> Iterator[Hit]:
    if report.index is None or not _has_pairs(target):
        return
    longer, shorter, _ = report.index.lengths()
    count = longer + shorter
    if count < FEWEST_PAIRS:
        return
    if longer * 100 >= count * ONE_SIDED:
        message, most = (
            N_(
                "The preferred answer is the longer one in {most} of {count} pairs of unequal length. By chance it would be about half of them."
            ),
            longer,
        )
    elif shorter * 100 >= count * ONE_SIDED:
        message, most = (
            N_(
                "The preferred answer is the shorter one in {most} of {count} pairs of unequal length. By chance it would be about half of them."
            ),
            shorter,
        )
    else:
        return
    yield hit((), message, most=most, count=count)


@rule(
    "TR807",
    On.FILE,
    title=N_("All answers are the same"),
    why=N_("The model learns to say this one thing, whatever it is asked."),
    remedy=N_("Add examples with other answers, in the proportion that you expect in use."),
    bad="".join(_chat(f"Is this spam? Message {n}", "No") for n in range(10)),
    good="".join(_chat(f"Is this spam? Message {n}", ("No", "Yes")[n % 2]) for n in range(10)),
)
def all_answers_the_same(report: Report, target: Target) -> Iterator[Hit]:
    index = _with_single_answers(report, target)
    if index is not None and index.only_answer() and not index.only_prompt():
        yield hit((), N_("All {count} examples have the same answer."), count=len(index))


@rule(
    "TR820",
    On.FILE,
    title=N_("A validation example is also in the training file"),
    why=N_(
        "The model has seen it with its answer, so the validation shows memory, and the figures are better than the model."
    ),
    remedy=N_("Remove it from one of the two files, best from the training file."),
    bad=_chat(*_PAIRS[0]),
    good=_chat("How many legs has a spider?", "Eight."),
    training=_GOOD,
)
def in_training_and_validation(report: Report, target: Target) -> Iterator[Hit]:
    del target
    index, training = _both(report)
    if index is not None and training is not None:
        for line, there in index.overlap(training).same:
            yield _at(
                line, N_("The example is also in the training file, on line {line}."), line=there
            )


@rule(
    "TR821",
    On.FILE,
    title=N_("A validation example is nearly the same as one in the training file"),
    why=N_(
        "The model has seen almost the same with its answer, so the validation shows more memory than skill."
    ),
    remedy=N_("Compare the two, and remove one, best from the training file."),
    bad=_chat("Answer the letter.", _LETTER.replace("tomorrow morning", "tomorrow afternoon")),
    good=_chat("How many legs has a spider?", "Eight."),
    training=_chat("Answer the letter.", _LETTER),
)
def nearly_in_training_and_validation(report: Report, target: Target) -> Iterator[Hit]:
    del target
    index, training = _both(report)
    if index is not None and training is not None:
        for line, there in index.overlap(training).near:
            yield _at(
                line,
                N_("The example says nearly the same as line {line} of the training file."),
                line=there,
            )


@rule(
    "TR822",
    On.FILE,
    title=N_("A prompt is in the training file and in the validation file"),
    why=N_(
        "The model was trained on the question with another answer, so its validation is not a fresh one."
    ),
    remedy=N_("Divide by prompt: put all examples with the same prompt into the same file."),
    bad=_chat(_PAIRS[0][0], "It is Paris."),
    good=_chat("How many legs has a spider?", "Eight."),
    training=_GOOD,
)
def prompt_in_training_and_validation(report: Report, target: Target) -> Iterator[Hit]:
    del target
    index, training = _both(report)
    if index is not None and training is not None:
        for line, there in index.overlap(training).prompts:
            yield _at(
                line,
                N_("Line {line} of the training file asks exactly the same."),
                line=there,
            )


def _at(number: int, message: str, **params: int) -> Hit:
    return Hit((), message, params, place=Location(line=number, column=1))


def _both(report: Report) -> tuple[Index | None, Index | None]:
    """Return the index of this file and that of its training file."""
    return report.index, report.training.index if report.training is not None else None


def _with_single_answers(report: Report, target: Target) -> Index | None:
    """Return the index if there are enough examples, each with one answer to learn."""
    index = report.index
    if index is None or len(index) < FEWEST_ALIKE or not _has_single_answers(target):
        return None
    return index


def _has_single_answers(target: Target) -> bool:
    """Tell whether a prompt has one answer, from which the model learns."""
    return not _has_pairs(target) and not target.formats & _SEVERAL_ANSWERS


def _has_pairs(target: Target) -> bool:
    """Tell whether an example has a preferred answer and, behind it, another one."""
    return any(_answers(layout.keys.values()) == 2 for layout in target.layouts)


def _answers(keys: Iterable[Key]) -> int:
    return sum((key.part == "answer") + _answers(key.keys.values()) for key in keys)


RULES = (
    duplicate_example,
    near_duplicate_example,
    same_prompt_different_answer,
    system_text_varies,
    all_prompts_the_same,
    one_sided_lengths,
    all_answers_the_same,
    in_training_and_validation,
    nearly_in_training_and_validation,
    prompt_in_training_and_validation,
)
