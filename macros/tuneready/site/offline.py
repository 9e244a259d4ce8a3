"""The site as one thing to keep: `offline.json`, the list of its files, and the service worker.

A reader who chooses to keeps the whole site in the browser. `js/offline-site.js` fetches every file
of the list and compares its hash; `sw.js` serves them once all are there. The build is a hash of the
list, so two deployments of the same files are one version.

Both stand at the site's root: a service worker reaches only what is below its own address.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from tuneready.locale import N_, translation
from tuneready.site.bundle import STATIC

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tuneready.site.languages import SiteLanguage

SCHEMA = "tuneready.offline/1"
LIST = "offline.json"
WORKER = "sw.js"
SWITCHED_OFF = "sw-off.js"
"""What stands in the worker's place where the site does not offer to be kept."""

PAGE = "offline/"
# For developer tools and for crawlers; no page asks for them.
NEVER_ASKED = (".map", "sitemap.xml.gz")

NOTICE = {
    "label": N_("Offline use"),
    "kept": N_("Kept for offline use: version of {day}."),
    "offline": N_("You are offline. This is the version of {day}, which you kept."),
    "older": N_("You keep the version of {day}. There is a newer one."),
    "details": N_("Details"),
    "newer": N_("There is a new version of this site, of {day}. You are reading the one you kept."),
    "take": N_("Take the new version ({size})"),
    "later": N_("Later"),
    "taking": N_("Downloading the new version: {received} of {total}."),
    "cancel": N_("Cancel"),
    "failed": N_("The new version did not arrive whole. You keep the one that you have."),
    "why": N_("See why"),
    "taken": N_(
        "The new version is there. This tab shows the old one until you load it again; your answers stay."
    ),
    "reload": N_("Load again"),
}
"""What the notice on each page says. In the list, because only readers who keep the site need it."""


def publish(
    site_dir: Path, languages: Sequence[SiteLanguage], *, offered: bool, built: int
) -> None:
    """Write the list and the service worker into a finished site, or the one that removes it all.

    `built` is the time of the build in seconds since 1970. Nothing may change a file afterwards.
    """
    for name in (LIST, WORKER):
        (site_dir / name).unlink(missing_ok=True)
    shutil.copyfile(STATIC / (WORKER if offered else SWITCHED_OFF), site_dir / WORKER)
    if offered:
        made = listing(site_dir, languages, built=built)
        text = json.dumps(made, ensure_ascii=False, indent=1) + "\n"
        (site_dir / LIST).write_text(text, encoding="utf-8")


def listing(site_dir: Path, languages: Sequence[SiteLanguage], *, built: int) -> dict[str, Any]:
    """Return the list: each file's sha256 and bytes, and what a page needs to speak of them."""
    files = {
        name: {"sha256": _hash(path), "bytes": path.stat().st_size}
        for path in sorted(site_dir.rglob("*"))
        if path.is_file() and is_kept(name := path.relative_to(site_dir).as_posix())
    }
    return {
        "schema": SCHEMA,
        "build": build_of(files),
        "date": datetime.fromtimestamp(built, UTC).date().isoformat(),
        "bytes": sum(one["bytes"] for one in files.values()),
        "languages": {
            one.code: {
                "page": one.link + PAGE,
                "notice": {
                    key: translation(one.code).gettext(text) for key, text in NOTICE.items()
                },
            }
            for one in languages
        },
        "files": files,
    }


def build_of(files: dict[str, dict[str, Any]]) -> str:
    """Return the id of what these files are together: another content or name gives another."""
    text = "".join(f"{name} {files[name]['sha256']}\n" for name in sorted(files))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def is_kept(name: str) -> bool:
    """Tell whether a file is part of what a reader sees.

    Not those that tell the host what to do, such as `_headers`, which it does not hand out; and not
    the list and the worker, which always come from the host.
    """
    parts = name.split("/")
    return (
        name not in {LIST, WORKER, "CNAME"}
        and not name.endswith(NEVER_ASKED)
        and not any(part.startswith((".", "_")) for part in parts)
    )


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
