"""TR90x-TR92x: texts that are well formed and yet spoil the training.

None of this is refused by a service, as far as its documentation says. Each text has at most one
finding of a rule, at its first place, with how many there are.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from tuneready.dataset.detectors import answers, damage, leftovers
from tuneready.dataset.detectors.hints import HINT, ODD_HINT
from tuneready.dataset.quoting import around, shown
from tuneready.finding import Phrase
from tuneready.locale import N_
from tuneready.rules.base import Hit, On, hit, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tuneready.dataset.detectors import Found
    from tuneready.dataset.examples import Text
    from tuneready.targets.base import Target

MOST_COUNTED = 1000  # places in one text; a text of nothing else needs no exact number


def _chat(answer: str, asked: str = "Hi") -> str:
    return (
        f'{{"messages": [{{"role": "user", "content": "{asked}"}}, '
        f'{{"role": "assistant", "content": "{answer}"}}]}}\n'
    )


_GOOD = _chat("Hello")


def first_and_count(found: Iterator[Found]) -> tuple[Found, int] | None:
    """Return the first place and how many there are; None when there is none."""
    places = list(islice(found, MOST_COUNTED))
    if not places:
        return None
    return min(places, key=lambda place: place.start), len(places)


def _is_worse_answer(text: Text) -> bool:
    """Tell whether a text is an answer that the model learns to avoid: it may be bad on purpose."""
    return any(
        isinstance(step, str) and (step.startswith("rejected") or step == "non_preferred_output")
        for step in text.path
    )


def _learned(text: Text) -> bool:
    return text.is_answer and not _is_worse_answer(text)


@rule(
    "TR901",
    On.TEXT,
    title=N_("A text was read with the wrong encoding"),
    why=N_(
        "Characters such as é and ’ were written as UTF-8 and read as something else, which leaves “Ã©” and “â€™”. The model learns to write them."
    ),
    remedy=N_(
        "Export the text again as UTF-8. If the source is gone, a tool such as ftfy can usually turn it back."
    ),
    bad=_chat("Een cafÃ© in Parijs, en nog een cafÃ©."),
    good=_chat("Een café in Parijs, en nog een café."),
    hint=ODD_HINT,
)
def damaged_characters(text: Text, target: Target) -> Iterator[Hit]:
    del target
    found = first_and_count(damage.mojibake(text.text))
    if found is not None:
        place, count = found
        yield hit(
            text.path,
            N_("The text has {found}, which probably was {probably} (places: {count})."),
            found=shown(text.text[place.start : place.end]),
            probably=shown(str(place.params["probably"])),
            count=count,
        )


@rule(
    "TR902",
    On.TEXT,
    title=N_("Characters of a text are lost"),
    why=N_(
        "The replacement character (U+FFFD) stands where a program could not read a character. What stood there cannot be brought back from this file."
    ),
    remedy=N_("Export the text again from its source, with the encoding that the source has."),
    bad=_chat("Een caf\\ufffd in Parijs."),
    good=_chat("Een café in Parijs."),
    hint=ODD_HINT,
)
def lost_characters(text: Text, target: Target) -> Iterator[Hit]:
    del target
    found = first_and_count(damage.lost_characters(text.text))
    if found is not None:
        place, count = found
        yield hit(
            text.path,
            N_("The text has a replacement character in {found} (places: {count})."),
            found=around(text.text, place.start, place.end),
            count=count,
        )


_INVISIBLE = {
    "terminal": Phrase(N_("a colour code of a terminal")),
    "control": Phrase(N_("a control character")),
    "order": Phrase(N_("a character that changes the direction of writing")),
    "mark": Phrase(N_("a direction mark")),
    "width": Phrase(N_("a character without width")),
    "joiner": Phrase(N_("a joiner between letters that need none")),
    "hyphen": Phrase(N_("a soft hyphen")),
    "tag": Phrase(N_("tag characters, with which text can be hidden")),
    "filler": Phrase(N_("a filler that looks like nothing")),
}


@rule(
    "TR903",
    On.TEXT,
    title=N_("A text has characters that nobody sees"),
    why=N_(
        "Invisible characters come from web pages, terminals and word processors. They change how a text is cut into tokens, and can hide text from a reader."
    ),
    remedy=N_("Take them out, unless the text is about them."),
    bad=_chat("ver\\u00adant\\u00adwoor\\u00adde\\u00adlijk"),
    good=_chat("verantwoordelijk"),
    hint=ODD_HINT,
)
def invisible_characters(text: Text, target: Target) -> Iterator[Hit]:
    del target
    found = first_and_count(damage.invisible(text.text))
    if found is not None:
        place, count = found
        yield hit(
            text.path,
            N_("The text has {what} ({code}) in {found} (places: {count})."),
            what=_INVISIBLE[place.kind],
            code=place.params["code"],
            found=around(text.text, place.start, place.end, 10),
            count=count,
        )


@rule(
    "TR904",
    On.TEXT,
    title=N_("A text has leftovers of HTML"),
    why=N_(
        "A web page or a database writes &quot; for a quotation mark. Where the text is not HTML, the model learns to write the code instead of the character."
    ),
    remedy=N_("Turn the codes back into characters, as html.unescape does."),
    bad=_chat("He said &quot;yes&quot; and left&nbsp;early"),
    good=_chat("He said “yes” and left early"),
    hint=HINT,
)
def html_left_over(text: Text, target: Target) -> Iterator[Hit]:
    del target
    found = first_and_count(leftovers.html_leftovers(text.text))
    if found is not None:
        place, count = found
        yield hit(
            text.path,
            N_("The text has {found}, which stands for {probably} (places: {count})."),
            found=shown(text.text[place.start : place.end]),
            probably=shown(str(place.params["probably"])),
            count=count,
        )


@rule(
    "TR910",
    On.TEXT,
    title=N_("A text has a marker of a chat template"),
    why=N_(
        "The service adds such markers itself. In a text they are learned as words, and some end the answer or begin another role."
    ),
    remedy=N_("Take the markers out, and give each turn a message of its own."),
    bad=_chat("Hello<|im_end|>"),
    good=_GOOD,
    hint=HINT,
)
def template_marker_in_text(text: Text, target: Target) -> Iterator[Hit]:
    del target
    found = first_and_count(leftovers.template_markers(text.text))
    if found is not None:
        place, count = found
        yield hit(
            text.path,
            N_("The text has the marker {found} (places: {count})."),
            found=shown(text.text[place.start : place.end]),
            count=count,
        )


@rule(
    "TR911",
    On.TEXT,
    title=N_("A placeholder was not filled in"),
    why=N_("The model learns to write the placeholder, or to expect one in every question."),
    remedy=N_("Fill it in, or leave the example out."),
    bad=_chat("Dear {{customer_name}}, your order left today."),
    good=_chat("Dear customer, your order left today."),
    hint=HINT,
)
def placeholder_not_filled_in(text: Text, target: Target) -> Iterator[Hit]:
    del target
    if _is_worse_answer(text):
        return
    found = first_and_count(leftovers.placeholders(text.text))
    if found is not None:
        place, count = found
        yield hit(
            text.path,
            N_("The text has the placeholder {found} (places: {count})."),
            found=shown(text.text[place.start : place.end]),
            count=count,
        )


@rule(
    "TR912",
    On.TEXT,
    title=N_("An answer has labels of roles in it"),
    why=N_(
        "An answer that begins with “Assistant:”, or goes on with “User:”, teaches the model to talk on in your place."
    ),
    remedy=N_("Take the label out, and give each turn a message of its own."),
    bad=_chat("Paris.\\nUser: And of Italy?\\nAssistant: Rome."),
    good=_chat("Paris."),
    hint=HINT,
)
def role_label_in_answer(text: Text, target: Target) -> Iterator[Hit]:
    del target
    if not _learned(text):
        return
    for place in leftovers.role_labels(text.text):
        found = shown(text.text[place.start : place.end].strip())
        if place.kind == "own-label":
            yield hit(text.path, N_("The answer begins with its own label {found}."), found=found)
        else:
            yield hit(text.path, N_("The answer goes on with another turn, {found}."), found=found)


@rule(
    "TR920",
    On.TEXT,
    title=N_("An answer refuses"),
    why=N_(
        "A few refusals may be meant. Left over from another model, they teach yours to refuse what it could do."
    ),
    remedy=N_("Read these examples, and keep only the refusals that you want."),
    bad=_chat("I'm sorry, but I can't help with that.", "How do I reset my router?"),
    good=_chat("Hold the button for ten seconds.", "How do I reset my router?"),
    hint=HINT,
)
def answer_refuses(text: Text, target: Target) -> Iterator[Hit]:
    del target
    if _learned(text):
        for _ in answers.refusals(text.text):
            yield hit(text.path, N_("The answer begins with {found}."), found=shown(text.text))


@rule(
    "TR921",
    On.TEXT,
    title=N_("An answer speaks as another model"),
    why=N_(
        "Phrases such as “As an AI language model” come from the model that wrote the answers, and yours will take them over."
    ),
    remedy=N_("Take the phrase out, or leave the example out."),
    bad=_chat("As an AI language model, I have no favourite colour. Blue is liked by most."),
    good=_chat("Blue is liked by most."),
    hint=HINT,
)
def answer_as_ai_model(text: Text, target: Target) -> Iterator[Hit]:
    del target
    if not _learned(text):
        return
    found = first_and_count(answers.model_talk(text.text))
    if found is not None:
        place, count = found
        yield hit(
            text.path,
            N_("The answer says {found} (places: {count})."),
            found=around(text.text, place.start, place.end, 12),
            count=count,
        )


@rule(
    "TR922",
    On.TEXT,
    title=N_("An answer is only a placeholder"),
    why=N_("The model learns to answer with the stand-in."),
    remedy=N_("Write the answer, or leave the example out."),
    bad=_chat("TODO"),
    good=_GOOD,
    hint=HINT,
)
def answer_is_stand_in(text: Text, target: Target) -> Iterator[Hit]:
    del target
    if _learned(text):
        for place in answers.stand_ins(text.text):
            found = shown(text.text[place.start : place.end].strip())
            yield hit(
                text.path,
                N_("The answer is {found}; expected what is meant to be said."),
                found=found,
            )


@rule(
    "TR923",
    On.TEXT,
    title=N_("An answer stops in the middle of a sentence"),
    why=N_(
        "It was probably cut at a limit of length when it was made. The model learns to stop there, too."
    ),
    remedy=N_("Complete the answer, or leave the example out."),
    bad=_chat(
        "The treaty was signed in 1648 after many years of talks in two towns, because neither side wished to sit at one table with the other. It ended a war of eighty years, and it gave the republic a place among the states of Europe, which it kept for as long as its ships were more than those of its neighbours. Its towns grew fast,"
    ),
    good=_chat(
        "It ended a war of eighty years, and it gave the republic a place among the states."
    ),
    hint=HINT,
)
def answer_cut_off(text: Text, target: Target) -> Iterator[Hit]:
    del target
    if _learned(text):
        for place in answers.cut_off(text.text):
            yield hit(
                text.path,
                N_("The answer ends with {found}."),
                found=around(text.text, place.start, place.end, 40),
            )


@rule(
    "TR924",
    On.TEXT,
    title=N_("An answer repeats itself"),
    why=N_("A model that got stuck wrote it. Trained on it, yours gets stuck, too."),
    remedy=N_("Leave the example out, or keep the sentence once."),
    bad=_chat("I am happy to help. " * 5),
    good=_chat("I am happy to help."),
    hint=HINT,
)
def answer_in_loop(text: Text, target: Target) -> Iterator[Hit]:
    del target
    if _learned(text):
        for place in answers.loops(text.text):
            yield hit(
                text.path,
                N_("The answer says {found} {count} times in a row."),
                found=shown(str(place.params["unit"])),
                count=place.params["count"],
            )


@rule(
    "TR925",
    On.TEXT,
    title=N_("A text is mostly in capitals"),
    why=N_(
        "Capitals cost more tokens and mean something else to a model than small letters. It learns to shout."
    ),
    remedy=N_("Write as people do, unless the capitals are meant."),
    bad=_chat("OUR SHOP IS CLOSED ON SUNDAY AND ON MONDAY MORNING."),
    good=_chat("Our shop is closed on Sunday and on Monday morning."),
    hint=HINT,
)
def text_mostly_upper_case(text: Text, target: Target) -> Iterator[Hit]:
    del target
    for place in answers.mostly_upper_case(text.text):
        yield hit(
            text.path,
            N_("Of the letters, {percent}% are capitals: {found}."),
            percent=place.params["percent"],
            found=shown(text.text),
        )


_REASONING = (
    r"[Ss]tep[- ]by[- ]step|[Cc]hain[- ]of[- ]thought|[Ss]how your (?:reasoning|work|thinking)"
    r"|[Ee]xplain your (?:reasoning|thinking)|[Tt]hink (?:out loud|aloud|carefully|through)|[Ss]tap voor stap"
    r"|[Dd]enk hardop|[Ll]aat je (?:redenering|denkstappen) zien"
)
_ASKED = '{"messages": [{"role": "user", "content": "%s"}], "answer": "12"}\n'


@rule(
    "TR926",
    On.TEXT,
    title=N_("A prompt asks for step-by-step reasoning"),
    why=N_(
        "Reasoning models think of their own accord. Microsoft's guide warns that phrases that ask for it may trip the content filter, which screens the data."
    ),
    remedy=N_("Ask the question only, without saying how to think."),
    bad=_ASKED % "What is 3 times 4? Think step by step.",
    good=_ASKED % "What is 3 times 4?",
    target="azure-openai/rft",
    hint=_REASONING,
)
def reasoning_asked_for(text: Text, target: Target) -> Iterator[Hit]:
    del target
    if text.is_answer:
        return
    places = list(islice(re.finditer(_REASONING, text.text), MOST_COUNTED))
    if places:
        yield hit(
            text.path,
            N_("The text has {found} (places: {count})."),
            found=shown(places[0][0]),
            count=len(places),
        )


RULES = (
    damaged_characters,
    lost_characters,
    invisible_characters,
    html_left_over,
    template_marker_in_text,
    placeholder_not_filled_in,
    role_label_in_answer,
    answer_refuses,
    answer_as_ai_model,
    answer_is_stand_in,
    answer_cut_off,
    answer_in_loop,
    text_mostly_upper_case,
    reasoning_asked_for,
)
