"""What mkdocs-macros looks for. The work is in `tuneready.site`."""

from __future__ import annotations

from tuneready.site import define_env, on_post_build, on_pre_page_macros

__all__ = ["define_env", "on_post_build", "on_pre_page_macros"]
