"""The pages that are made from the registry and the targets: complete, escaped, the same in both languages."""

from __future__ import annotations

import dataclasses
import json
import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

import pytest

from tuneready.rules import RULES
from tuneready.site.excerpts import MAX_CHARACTERS, MAX_LINES, excerpt
from tuneready.site.families import FAMILIES, family_of, rule_path
from tuneready.site.generated import generated_pages
from tuneready.site.literal import front_matter, literal
from tuneready.site.minimal_records import minimal_record
from tuneready.site.providers import providers
from tuneready.site.rule_pages import families, holdings, severities
from tuneready.targets import targets
from tuneready.targets.base import Limits
from tuneready.targets.limits import LIMITS

if TYPE_CHECKING:
    from pathlib import Path

LANGUAGES = ("en", "nl")
HOSTILE = "<img src=x onerror=alert(1)> [^X] {{ 7*7 }} </code></pre><script>"


class Links(HTMLParser):
    """The ids and links of a page, and the text of its <main>."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        if "id" in found:
            self.ids.append(found["id"])
        if tag == "a" and found.get("href"):
            self.links.append(found["href"])


def page(site_dir: Path, language: str, path: str) -> Links:
    folder = site_dir if language == "en" else site_dir / language
    return Links((folder / path / "index.html").read_text(encoding="utf-8"))


def shape(markdown: str) -> list[tuple[str, str]]:
    """The headings of a generated page: level and id."""
    return re.findall(r"^(#+) .* \{ #(\S+) \}$", markdown, re.MULTILINE)


def test_a_family_for_every_code() -> None:
    assert [family.digit for family in FAMILIES] == list("0123456789")
    assert len({family.slug for family in FAMILIES}) == len(FAMILIES)
    assert [rule for _, rules in families() for rule in rules] == list(RULES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_rule_has_one_anchor_by_name_and_one_by_code(site_dir, language) -> None:
    ids = {}
    for family, _ in families():
        for one in page(site_dir, language, family.path).ids:
            ids.setdefault(one, []).append(family)
    for rule in RULES:
        assert ids.get(rule.name) == [family_of(rule)], rule.name
        assert ids.get(rule.code) == [family_of(rule)], rule.code


def test_the_languages_have_the_same_pages_with_the_same_parts() -> None:
    english, dutch = (generated_pages(language) for language in LANGUAGES)
    assert [list(pages) for pages in english.values()] == [list(pages) for pages in dutch.values()]
    for index, pages in english.items():
        for path, markdown in pages.items():
            assert shape(markdown) == shape(dutch[index][path]), path


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_link_of_these_pages_leads_somewhere(site_dir, language) -> None:
    folder = "" if language == "en" else f"{language}/"
    paths = ["rules/", "targets/", "check/"]
    paths += [family.path for family, _ in families()]
    paths += [provider.path for provider in providers().values()]
    known = {}
    for path in paths:
        here = f"http://site/{folder}{path}"
        for link in page(site_dir, language, path).links:
            parts = urlsplit(urljoin(here, link))
            if parts.netloc != "site" or not parts.path.endswith("/"):
                continue
            file = site_dir / parts.path.lstrip("/") / "index.html"
            assert file.is_file(), f"{here}: {link}"
            if parts.fragment and not parts.fragment.startswith("target="):
                if file not in known:
                    known[file] = set(Links(file.read_text(encoding="utf-8")).ids)
                assert parts.fragment in known[file], f"{here}: {link}"
            elif parts.fragment:
                assert parts.fragment.removeprefix("target=") in targets(), link


@pytest.mark.parametrize("language", LANGUAGES)
def test_ids_are_used_once_on_a_page(site_dir, language) -> None:
    for pages in generated_pages(language).values():
        for path in pages:
            ids = page(site_dir, language, path.removesuffix(".md")).ids
            assert len(ids) == len(set(ids)), path


def test_no_example_becomes_markup(site_dir) -> None:
    """Every character of an example that could be a tag is on the page as text."""
    for rule in RULES:
        if rule.bad is None or not isinstance(rule.bad, str) or "<" not in rule.bad:
            continue
        html = (site_dir / family_of(rule).path / "index.html").read_text(encoding="utf-8")
        first = next(line for line in rule.bad.splitlines() if "<" in line)[:40]
        assert first not in html, rule.name
    assert "<!DOCTYPE html>\n<html><body>Sign in" not in html


def test_the_search_finds_a_rule_and_a_provider(site_dir) -> None:
    for language in LANGUAGES:
        folder = site_dir if language == "en" else site_dir / language
        index = json.loads((folder / "search/search_index.json").read_text(encoding="utf-8"))
        places = {entry["location"] for entry in index["docs"]}
        assert {rule_path(rule) for rule in RULES} <= places
        assert {provider.path for provider in providers().values()} <= places
        texts = {entry["location"]: entry for entry in index["docs"]}
        for rule in RULES:
            found = texts[rule_path(rule)]
            assert rule.code in found["text"]
            # Its explanation comes before pages that only mention it, and examples are not found.
            assert found["boost"] > 1
            assert "<pre>" not in found["text"], rule.name
        assert not any(rule.title in texts["rules/"]["text"] for rule in RULES)


def test_every_limit_of_a_target_is_on_its_page_with_its_source() -> None:
    # A share for small files, and below how many pairs fewer epochs are advised: rules tell of them.
    elsewhere = {"free_validation_examples", "few_pairs", "over_limit"}
    # A setting of the job, which no file can show.
    elsewhere.add("max_epochs")
    known = {kind.name for kind in LIMITS}
    assert {field.name for field in dataclasses.fields(Limits)} == known | elsewhere
    for target in targets().values():
        for kind in LIMITS:
            if getattr(target.limits, kind.name) is not None:
                assert target.rules[kind.rule].source, (target.name, kind.name)


def test_where_a_rule_holds_is_what_the_targets_say() -> None:
    for rule in RULES:
        held = {
            target.name: holding.severity
            for holding in holdings(rule)
            for _, methods in holding.providers
            for target in methods
        }
        assert held == {
            name: target.rules[rule.name].severity
            for name, target in targets().items()
            if rule.name in target.rules
        }
        assert set(severities(rule)) == set(held.values())


@pytest.mark.parametrize("target", targets().values(), ids=lambda target: target.name)
def test_every_layout_has_a_minimal_example_that_is_accepted(target) -> None:
    for layout in target.layouts:
        assert minimal_record(target, layout) is not None, layout.format


def test_what_a_target_refuses_is_no_minimal_example() -> None:
    """The proof counts: where the rules refuse what the keys would allow, there is no example."""
    target = targets()["azure-openai/sft"]
    mute = dataclasses.replace(target.messages, roles={"user": "user"})
    assert minimal_record(target, target.layouts[0]) is not None
    assert minimal_record(dataclasses.replace(target, messages=mute), target.layouts[0]) is None


def test_an_excerpt_shows_bytes_as_escapes() -> None:
    shown = excerpt(b"\x1f\x8b\x08 a\xff\n")
    assert [line.before for line in shown.lines] == [r"\x1f\x8b\x08 a\xff"]
    assert shown.has_escapes
    assert not excerpt("plain\n").has_escapes


def test_an_excerpt_marks_the_value_at_a_place() -> None:
    (line,) = excerpt('{"role": "bot", "content": "x"}\n', 1, 10).lines
    assert (line.before, line.marked, line.after) == ('{"role": ', '"bot"', ', "content": "x"}')
    # A place that is no value is one character; the whole line is not marked at all.
    assert excerpt('{"a": 1,}', 1, 8).lines[0].marked == ","
    assert excerpt('{"a": 1}', 1, 1).lines[0].marked == ""
    assert excerpt("", 1, 5).lines == ()


@pytest.mark.parametrize("place", [(None, None), (1, 1), (1, 3000), (1, 5990)])
def test_an_excerpt_of_something_long_says_what_it_leaves_out(place) -> None:
    text = '{"a": "' + "x" * 6000 + '"}\n' + "y\n" * 200
    shown = excerpt(text, *place)
    assert len(shown.lines) == MAX_LINES
    assert shown.more_lines == 201 - MAX_LINES
    first = shown.lines[0]
    visible = first.before + first.marked + first.after
    assert len(visible) <= MAX_CHARACTERS + 4
    assert len(visible.replace("…", "")) + first.hidden == 6009


def test_an_excerpt_of_many_lines_reaches_the_finding() -> None:
    lines = ["x" * 300] * 10
    assert len(excerpt("\n".join(lines)).lines) == 2
    shown = excerpt("\n".join(lines), 4, 2)
    assert [bool(line.marked) for line in shown.lines] == [False, False, False, True]
    assert shown.more_lines == 6
    assert len(excerpt("y\n" * 5).lines) == 5


def test_no_markup_of_ours_is_shown_as_text(site_dir) -> None:
    """The other mistake: escaped once too often."""
    for provider in providers().values():
        html = (site_dir / provider.path / "index.html").read_text(encoding="utf-8")
        assert not re.search(r"&lt;/?(code|a|span|p)\b|&amp;(lt|gt);", html), provider.name


def test_text_in_markdown_stays_text() -> None:
    import markdown

    html = markdown.markdown(literal(f"*a* _b_ `c` {HOSTILE}"), extensions=["footnotes"])
    assert "<img" not in html
    assert "<em>" not in html
    assert "<code>" not in html
    assert front_matter('A "quoted": title', "b").splitlines()[1] == r'title: "A \"quoted\": title"'


def test_a_checker_page_names_a_family_for_every_rule(site_dir) -> None:
    html = (site_dir / "check/index.html").read_text(encoding="utf-8")
    found = re.search(r'<template data-template="families">(.*?)</template>', html)
    named = json.loads(found[1])
    assert {f"rules/{named[rule.code[2]]}/" for rule in RULES} == {
        family_of(rule).path for rule in RULES
    }
    assert 'data-rules="../rules/"' in html


def test_only_the_checkers_page_loads_the_checker(site_dir) -> None:
    for path in site_dir.rglob("*.html"):
        html = path.read_text(encoding="utf-8")
        assert ("/js/dataset-check.js" in html) == ("<tr-dataset-check" in html), path
