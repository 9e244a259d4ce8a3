"""Builds a site of 1,000 checklists with 50 items each, and the same text as plain Markdown.

    python benchmarks/scale.py           1,000 checklists, and 500, to see whether time grows in line
    python benchmarks/scale.py 100       another number, and half of it

Both sites have the same theme, menu, pages and words; they differ in what writes them: forms from
YAML, with all that our site adds to every page, or Markdown that a person might have typed, with
MkDocs and Material alone. One language: each further one is a build of its own, and costs the same
again on either side. Both prune the menu, as Material advises for large sites: otherwise it writes
a thousand entries into each of a thousand pages. Every build is a process of its own; what is
compared is the processor's time, which other programs on the machine do not change much.
"""

from __future__ import annotations

import os
import random
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from tuneready.checklist.load import load_guide

ROOT = Path(__file__).resolve().parents[1]
ITEMS = 50
ROUNDS = 1  # it takes minutes
SECTION = 20  # pages of the menu
SHARED = ("macros", "node_modules", "docs/sources.yml")
HEAD = '---\ntitle: "{title}"\ndescription: "A checklist to measure with."\n{macros}---\n\n'


@dataclass(frozen=True, slots=True)
class Sentence:
    """The words of one item, of the length that our own have."""

    text: str
    help: str
    evidence: str


@cache
def words() -> list[str]:
    """Return the words of our own checklists, so that length and variety are what people write."""
    guide = load_guide(ROOT / "checklists")
    texts = [item.text.en for _, item in guide.items()]
    return [word.strip(".,;:()*`[]“”\"'") for text in texts for word in text.split()]


def sentences(number: int) -> list[Sentence]:
    """Return the items of a checklist; the same number gives the same words."""
    dice = random.Random(number)  # noqa: S311  for variety, not for secrets

    def said(length: int) -> str:
        return " ".join(dice.choices(words(), k=length)).capitalize() + "."

    return [Sentence(said(14), said(28), said(10)) for _ in range(ITEMS)]


def write_project(folder: Path, count: int, *, plain: bool) -> None:
    """Write a site of `count` checklists, as YAML with a macro or as plain Markdown."""
    folder.mkdir()
    (folder / "docs/en").mkdir(parents=True)
    for name in SHARED:
        (folder / name).symlink_to(ROOT / name)
    config = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    config = config.replace(
        "    - navigation.tabs\n", "    - navigation.prune\n    - navigation.tabs\n"
    )
    before, _, rest = config.partition("\nnav:\n")
    _write_pages(folder, count, plain=plain)
    menu = ["nav:", "  - Home: index.md"]
    for first in range(0, count, SECTION):
        menu.append(f"  - Section {first // SECTION}:")
        menu += [f"      - {_name(n)}.md" for n in range(first, min(first + SECTION, count))]
    text = (
        "\n".join([before, *menu])
        + "\n\ntheme:\n"
        + theme_and_rest(rest.partition("\ntheme:\n")[2], plain=plain)
    )
    (folder / "mkdocs.yml").write_text(text, encoding="utf-8")
    _write_guide(folder / "checklists", 0 if plain else count)


def theme_and_rest(text: str, *, plain: bool) -> str:
    """Return the end of our configuration; for the plain site without what is ours in it."""
    if not plain:
        return text
    text = re.sub(r"\n  custom_dir: .*", "", text)
    text = re.sub(r"\n  favicon: .*", "", text)
    text = re.sub(r"\nhooks:\n(  .*\n)+", "\n", text)
    return re.sub(r"\n  macros:\n((    .*)?\n)+?(?=\S)", "\n", text)


def _name(number: int) -> str:
    return f"list-{number}"


def _write_pages(folder: Path, count: int, *, plain: bool) -> None:
    docs = folder / "docs/en"
    home = HEAD.format(title="Home", macros="")
    (docs / "index.md").write_text(home + "# Home { #home }\n", encoding="utf-8")
    for number in range(count):
        name = _name(number)
        head = HEAD.format(title=name, macros="" if plain else "render_macros: true\n")
        body = _markdown(number) if plain else f'{{{{ checklist("{name}") }}}}\n'
        text = f"{head}# {name} {{ #{name} }}\n\n{body}"
        (docs / f"{name}.md").write_text(text, encoding="utf-8")


def _markdown(number: int) -> str:
    """Return what the page of a checklist shows to its reader, as a person might type it."""
    parts = ["About this list.", "## Signs that you are ready { #ready }"]
    for place, item in enumerate(sentences(number)):
        anchor = f"{_name(number)}-{place}"
        parts += [
            f"- [ ] {item.text}\n    {{ #{anchor} }}",
            "    Yes No Not applicable",
            f"    Why this matters: {item.help}",
            f"    **Evidence to have at hand:** {item.evidence}",
            f"    Weight: 2 of 3. [Link to this question](#{anchor})",
            "    Note, evidence, owner",
        ]
    return "\n\n".join(parts) + "\n"


def _write_guide(folder: Path, count: int) -> None:
    """Write the checklists into a guide whose verdict and pages are our own."""
    folder.mkdir()
    for path in (ROOT / "checklists").glob("*.yaml"):
        shutil.copy(path, folder)
    for number in range(count):
        name = _name(number)
        checklist = {
            "id": name,
            "phase": "decide",
            "path": f"{name}/",
            "title": _both(name),
            "intro": _both("About this list."),
            "items": [
                {
                    "id": f"{name}-{place}",
                    "kind": "ready",
                    "weight": 2,
                    "text": _both(item.text),
                    "help": _both(item.help),
                    "evidence": _both(item.evidence),
                }
                for place, item in enumerate(sentences(number))
            ],
            "next_step": {"page": "methods", "text": _both("Go on.")},
        }
        text = yaml.dump(checklist, Dumper=yaml.CSafeDumper, allow_unicode=True, width=200)
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")


def _both(text: str) -> dict[str, str]:
    return {"en": text, "nl": text}


OURS = (
    "import sys; from pathlib import Path; from tuneready.site.build import build;"
    "build(Path(sys.argv[1]), Path(sys.argv[2]))"
)
PLAIN = (
    "import sys; from mkdocs.config import load_config; from mkdocs.commands.build import build;"
    "config = load_config(sys.argv[2] + '/mkdocs.yml', site_dir=sys.argv[1], strict=True);"
    "config.plugins.on_startup(command='build', dirty=False); build(config)"
)


def build_seconds(project: Path, *, plain: bool) -> float:
    """Return the processor's seconds of one build, in a process of its own."""
    with tempfile.TemporaryDirectory() as output:
        command = [sys.executable, "-c", PLAIN if plain else OURS, output, str(project)]
        environment = {
            **os.environ,
            "SITE_URL": "https://a.example/",
            "NO_MKDOCS_2_WARNING": "1",
        }
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(command, check=True, env=environment)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def report(count: int = 1000) -> None:
    """Print how long the two sites take, and whether twice the checklists take twice the time."""
    from tuneready.site.bundle import bundle

    bundle()  # made once for all builds
    print(f"Building {count:,} checklists of {ITEMS} items, one language")
    with tempfile.TemporaryDirectory() as folder:
        projects = {}
        for size in (0, count // 2, count):
            for plain in (False, True):
                project = Path(folder) / f"{size}-{plain}"
                write_project(project, size, plain=plain)
                projects[size, plain] = project
        taken: dict[tuple[int, bool], list[float]] = {key: [] for key in projects}
        for _ in range(ROUNDS):
            for key, project in projects.items():
                taken[key].append(build_seconds(project, plain=key[1]))
    seconds = {key: statistics.median(times) for key, times in taken.items()}
    for plain, name in ((False, "checklists in YAML"), (True, "the same text as Markdown")):
        empty, half, whole = (seconds[size, plain] for size in (0, count // 2, count))
        growth = (whole - empty) / (half - empty)
        print(f"  {name:26} {whole:7.1f} s, half as many {half:6.1f} s, none {empty:4.1f} s;")
        print(f"  {'':26} twice as many take {growth:.2f} times as long")
    ratios = sorted(
        ours / theirs for ours, theirs in zip(taken[count, False], taken[count, True], strict=True)
    )
    shown = f"{statistics.median(ratios):.2f} ({ratios[0]:.2f} to {ratios[-1]:.2f})"
    print(f"  ratio of time {shown}\n")


if __name__ == "__main__":
    report(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
