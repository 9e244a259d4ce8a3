"""What the caller did wrong: one clear sentence, without a traceback at the edge.

Problems in a dataset are findings, never exceptions.
"""

from __future__ import annotations

from tuneready.locale import translation


class TunereadyError(Exception):
    """A sentence for the person who asked; the command line prints it and exits with status 2.

    The sentence is a template that may be marked for translation, with its fields in `params`; a
    sentence without params is taken as it is. Some params are such templates themselves.
    """

    def __init__(self, message: str, **params: str | int) -> None:
        self.message = message
        self.params = params
        super().__init__(message.format(**params) if params else message)

    def said(self, language: str) -> str:
        """Return the sentence in a language; `str(error)` is the English one."""
        text = translation(language).gettext(self.message) if self.message else ""
        return text.format(**self.params) if self.params else text
