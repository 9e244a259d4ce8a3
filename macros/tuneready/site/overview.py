"""The pages over all checklists: the overview with its report, and the comparison of a team."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tuneready.checklist.model import to_plain
from tuneready.site.render import fragment

if TYPE_CHECKING:
    from tuneready.site.render import GuideRenderer


def guide_page(template: str, renderer: GuideRenderer, page_url: str, bundle: str) -> str:
    """Return a page's part that needs the whole guide: `overview.html` or `compare.html`.

    `page_url` and `bundle`, the folder of the browser's files, count from the language's root.
    """
    guide, language = renderer.guide, renderer.language
    return fragment(
        template,
        language,
        page_url,
        language_root=renderer.language_root,
        styles="../" * page_url.count("/") + bundle + "/css",
        profiles=[
            {"id": name, "checklists": guide.of_profile(name)} for name in guide.verdict.profiles
        ],
        guide_version=guide.version,
        plain_guide=json.dumps(to_plain(guide, language), ensure_ascii=False),
    )
