"""Checklists and verdicts as HTML: complete and printable before any script has run.

What comes out is one line that is a single raw block to Markdown, so neither Markdown nor Jinja
reads an item's text again.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass
from functools import cache, cached_property, partial
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from jinja2.ext import Extension
from markupsafe import Markup
from mkdocs.utils import get_relative_url

from tuneready.checklist.model import to_plain
from tuneready.errors import TunereadyError
from tuneready.locale import ENGLISH, translation
from tuneready.site.figures import day
from tuneready.site.inline import inline
from tuneready.site.sources import JUDGEMENT, JUDGEMENT_NOTE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from tuneready.checklist.model import Checklist, Guide, Text
    from tuneready.site.sources import Source

# Between quotes of one kind, and without anything that they would have to escape.
_TEXT = re.compile(r"""(?<![\w.])_\("(?P<text>[^"\\]*)"\)""")

# Where a phase's page shows its verdict.
VERDICT_PATH = "{phase}/#verdict"


class UnknownNameError(TunereadyError):
    """A page asks for a checklist or verdict that the guide does not have."""


class WrittenTexts(Extension):
    """Puts a translation where a template has the text, once, when it is compiled.

    A checklist says the same dozen things with each of its questions.
    """

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        del name, filename
        return _TEXT.sub(lambda found: self._translated(found["text"]), source)

    def _translated(self, text: str) -> str:
        said: str = self.environment.written(text)  # type: ignore[attr-defined]
        return f'"{said.replace(chr(92), chr(92) * 2).replace(chr(34), chr(92) + chr(34))}"'


@cache
def templates(language: str) -> Environment:
    """Return the templates in a language. A name that is not there is an error."""
    environment = Environment(
        loader=PackageLoader("tuneready.site"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n", WrittenTexts],
    )
    environment.extend(written=translation(language).gettext)
    # The old style leaves percent signs alone; variables go in by str.format.
    environment.install_gettext_translations(translation(language), newstyle=False)  # type: ignore[attr-defined]
    return environment


def raw_block(html: str) -> str:
    """Return HTML as one line in one <div>, which Markdown passes on untouched."""
    lines = (line.strip() for line in html.splitlines())
    return f"<div class='tr-block'>{' '.join(filter(None, lines))}</div>"


def fragment(template: str, language: str, page_url: str, **values: object) -> str:
    """Return a template as a raw block; `page_url` counts from the language's root, and so may links.

    A template gets `language`, `_`, `day`, which writes one, and `url`, which turns an address below
    the language's root into one that works on the page.
    """
    written = partial(day, language=language)
    html = (
        templates(language)
        .get_template(template)
        .render(language=language, day=written, url=_links_on(page_url), **values)
    )
    # What looks like a citation in an example is not one.
    return raw_block(html).replace("[^", "&#91;^")


def _links_on(page_url: str) -> Callable[[str], str]:
    def url(path: str) -> str:
        folder, mark, anchor = path.partition("#")
        return get_relative_url(folder, page_url) + mark + anchor if folder else path

    return url


@dataclass(frozen=True)
class GuideRenderer:
    """Renders a guide's parts in one language."""

    guide: Guide
    sources: Mapping[str, Source]
    language: str
    language_root: str
    """The language's folder below the site's root, such as `nl/`; empty for the outer one."""

    def checklist(self, checklist_id: str, page_url: str) -> str:
        """Return a checklist's form; `page_url` is the page's address below the language's root."""
        checklist = self._checklist(checklist_id)
        alternatives = Counter(item.any_of for item in checklist.items if item.any_of)
        return self._render(
            "checklist.html",
            page_url,
            checklist=checklist,
            alternatives=alternatives,
            next_checklist=self._after(checklist),
            scope=self._scope_of(checklist),
            verdict_path=VERDICT_PATH.format(phase=checklist.phase),
        )

    def assessment(self, profile: str, page_url: str) -> str:
        """Return the place of a verdict, with links to its checklists and all that a script needs."""
        if profile not in self.guide.verdict.profiles:
            raise _unknown("verdict", profile, self.guide.verdict.profiles)
        return self._render(
            "assessment.html",
            page_url,
            profile=profile,
            checklists=self.guide.of_profile(profile),
            plain_guide=json.dumps(
                to_plain(self.guide, self.language, profile), ensure_ascii=False, sort_keys=True
            ),
        )

    def scope(self, profile: str, page_url: str) -> str:
        """Return the questions about the whole case that leave something out of a profile; or nothing."""
        if profile not in self.guide.verdict.profiles:
            raise _unknown("verdict", profile, self.guide.verdict.profiles)
        items = [item for one in self.guide.of_profile(profile) for item in one.items]
        applies = [item.applies for item in items if item.applies]
        asked = {question for conditions in applies for question in conditions}
        if not asked:
            return ""
        questions = {name: found for name, found in self.guide.scope.items() if name in asked}
        return self._render("scope.html", page_url, questions=questions, applies=applies)

    def _scope_of(self, checklist: Checklist) -> dict[str, Any]:
        """Return what a page says of the scope: question id -> its text and its options' labels."""
        asked = {question for item in checklist.items for question in item.applies}
        return {
            name: {
                "question": question.question.get(self.language),
                "options": {
                    option: label.get(self.language) for option, label in question.options.items()
                },
            }
            for name, question in self.guide.scope.items()
            if name in asked
        }

    def cited(self, keys: Iterable[str]) -> Iterator[tuple[Source | None, str]]:
        """Yield what stands in the list of sources, each with its note; None for our judgement."""
        for key in keys:
            if key == JUDGEMENT:
                yield None, translation(self.language).gettext(JUDGEMENT_NOTE)
            elif source := self.sources.get(key):
                yield source, source.note(self.language)

    @cached_property
    def _by_id(self) -> dict[str, Checklist]:
        return {checklist.id: checklist for checklist in self.guide.checklists}

    def _checklist(self, checklist_id: str) -> Checklist:
        if checklist_id not in self._by_id:
            raise _unknown("checklist", checklist_id, self._by_id)
        return self._by_id[checklist_id]

    def _after(self, checklist: Checklist) -> Checklist | None:
        """Return the next checklist of the same phase that has a page."""
        phase = [c for c in self.guide.checklists if c.phase == checklist.phase and c.path]
        after = phase[phase.index(checklist) + 1 :] if checklist in phase else []
        return after[0] if after else None

    def _render(self, template: str, page_url: str, **values: object) -> str:
        url = _links_on(page_url)

        def said(text: Text) -> Markup:
            html = inline(text.get(self.language), url)
            if self.language == ENGLISH or self.language in text.others:
                return html
            return Markup("<span lang='{}'>{}</span>").format(ENGLISH, html)

        html = (
            templates(self.language)
            .get_template(template)
            .render(
                language=self.language,
                language_root=self.language_root,
                pages=self.guide.pages,
                guide_version=self.guide.version,
                cited=self.cited,
                said=said,
                url=url,
                **values,
            )
        )
        return raw_block(html)


def _unknown(kind: str, name: str, known: Iterable[str]) -> UnknownNameError:
    return UnknownNameError(f"there is no {kind} {name!r}; known: {', '.join(known)}")
