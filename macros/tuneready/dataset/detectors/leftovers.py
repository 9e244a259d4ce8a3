"""What a script left behind: chat templates, unfilled placeholders, HTML entities, role labels."""

from __future__ import annotations

import re
from bisect import bisect
from html import unescape
from typing import TYPE_CHECKING

from tuneready.dataset.detectors import Found

if TYPE_CHECKING:
    from collections.abc import Iterator

_MARKERS = (
    r"<\|[a-z0-9_]{2,40}\|>"  # ChatML, Llama 3, Phi, GPT's own
    r"|<\uff5c[^\uff5c\n<>]{1,40}\uff5c>"  # DeepSeek
    r"|\[/?INST\]|\[/?SYSTEM_PROMPT\]|\[/?AVAILABLE_TOOLS\]|\[/?TOOL_RESULTS\]|\[TOOL_CALLS\]"
    r"|<</?SYS>>"  # Llama 2
    r"|<(?:start|end)_of_turn>"  # Gemma
    r"|<(?:bos|eos|pad|unk|mask)>"
    r"|###? (?:Instruction|Instructie|Response|Human|Assistant)s?: ?"  # Alpaca and Vicuna
    r"|</s>"
)
_MARKER = re.compile(_MARKERS)


def template_markers(text: str) -> Iterator[Found]:
    """Find the markers with which chat templates separate turns.

    `</s>` also ends struck-out text in HTML, so it counts only where no `<s>` goes before, or where
    that begins the text, as templates have it.
    """
    for match in _MARKER.finditer(text):
        if match[0] == "</s>" and text.rfind("<s>", 0, match.start()) > 0:
            continue
        if match[0].startswith("#") and not _begins_line(text, match.start()):
            continue
        yield Found(match.start(), match.end(), "marker")


# A name in double braces, and what a template's author asks a person to fill in.
_PLACEHOLDER = re.compile(
    r"(?<![^\s(\[,;:\"'*_-])\{\{ ?[A-Za-z][A-Za-z0-9_.]{1,60}(?: ?[|] ?[a-z_]{1,30})? ?\}\}"
    r"|\[(?:INSERT|Insert|insert|VUL|Vul|TODO:?|INVOEGEN|Voeg)\b[^\]\[\n]{1,80}\]"
    r"|<(?:INSERT|insert|Insert)[ _-][^<>\n]{1,80}>"
    r"|\{(?:INSERT|insert)[ _-][^{}\n]{1,80}\}",
    re.ASCII,
)
_FENCE = re.compile(r"^ {0,3}(?:```|~~~)", re.MULTILINE)
# Where double braces are the subject: the languages of templates, and code that is full of them.
_ABOUT_TEMPLATES = re.compile(
    r"\{%|\$\{\{|[Jj]inja|[Hh]andlebars|[Mm]ustache|\bVue\b|\bAngular\b|[Ll]iquid|\bdbt\b|[Aa]nsible"
    r"|\bHelm\b|[Tt]wig\b|[Tt]emplat|<[a-z]{1,12}[ >/]|\\[a-z]{2,12}\{",
    re.ASCII,
)


def placeholders(text: str) -> Iterator[Found]:
    """Find placeholders that were never filled in: `{{customer_name}}`, `[INSERT DATE]`.

    Double braces are no fault in code or where the text is about templates; there they are left alone.
    """
    about: bool | None = None
    fences: list[int] = []
    for match in _PLACEHOLDER.finditer(text):
        if match[0].startswith("{{"):
            if about is None:
                about = _ABOUT_TEMPLATES.search(text) is not None
                fences = [fence.start() for fence in _FENCE.finditer(text)]
            fenced = bisect(fences, match.start()) % 2 == 1
            if about or fenced or _in_code_of_line(text, match.start()):
                continue
        yield Found(match.start(), match.end(), "placeholder")


_ENTITY = re.compile(
    r"&(?P<twice>amp;)?(?:amp|nbsp|quot|lt|gt|apos|euro|mdash|ndash|hellip|[lr][sd]quo|eacute|euml|#[0-9]{2,6}|#x[0-9A-Fa-f]{2,5});"
)
_TAG = re.compile(r"</?[A-Za-z][A-Za-z0-9]{0,15}[ >/]")


def html_leftovers(text: str) -> Iterator[Found]:
    """Find entities of HTML in a text that is no HTML, with the character that each stands for.

    One of them may be meant; three, or one that was escaped twice, come from an export.
    """
    entities = list(_ENTITY.finditer(text))
    twice = [match for match in entities if match["twice"]]
    if len(entities) < 3 and not twice:
        return
    if _TAG.search(text) or "`" in text:
        return
    for match in entities if len(entities) >= 3 else twice:
        probably = unescape(unescape(match[0]))
        yield Found(match.start(), match.end(), "entity", {"probably": probably})


_PERSON = "(?:User|USER|Human|HUMAN|Gebruiker)"
_MACHINE = "(?:Assistant|ASSISTANT|AI|Bot|ChatGPT|GPT|Assistent)"
_LEADING_LABEL = re.compile(r"\s{0,20}(?:Assistant|ASSISTANT|AI|ChatGPT|Assistent) ?:")
_NEXT_TURN = re.compile(rf"\n[ \t]{{0,8}}(?:{_PERSON}|{_MACHINE}) ?: ", re.ASCII)
_PERSON_START = re.compile(_PERSON)


def role_labels(answer: str) -> Iterator[Found]:
    """Find an answer that begins with its own role, or goes on with the next turns of a chat.

    “Question:” and “Answer:” are no such labels: many a good answer has them.
    """
    match = _LEADING_LABEL.match(answer)
    if match:
        yield Found(match.start(), match.end(), "own-label")
        return
    turns = list(_NEXT_TURN.finditer(answer))
    people = [turn for turn in turns if _PERSON_START.match(turn[0].strip())]
    if people and len(people) < len(turns):
        # A dialogue that was asked for begins with its first speaker.
        if _PERSON_START.match(answer.lstrip()):
            return
        yield Found(turns[0].start() + 1, turns[0].end(), "next-turn")


def _begins_line(text: str, at: int) -> bool:
    return at == 0 or text[at - 1] in "\n#"


def _in_code_of_line(text: str, at: int) -> bool:
    """Tell whether a place is between backticks; of a long line, only its last part counts."""
    start = max(text.rfind("\n", 0, at) + 1, at - 400)
    return text.count("`", start, at) % 2 == 1
