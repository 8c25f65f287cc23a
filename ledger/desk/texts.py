"""Texts as people type them: there where they are needed, and of a length that can be shown and mailed."""

from typing import Any

from ledger.desk.refusals import BadInput
from ledger.said import said

MAX_TEXT = 5_000
"""The most characters of a message, a note or a reason."""


def needed_text(typed: Any, field: str, missing: str) -> str:
    """The text without the white space around it. Raises ``BadInput`` for ``field``: with ``missing`` if none is
    there, or if it is longer than ``MAX_TEXT``."""
    text = given_text(typed, field)
    if not text:
        raise BadInput({field: missing})
    return text


def given_text(typed: Any, field: str) -> str:
    """As ``needed_text``, where none will do."""
    if typed is not None and not isinstance(typed, str):
        raise BadInput({field: "Write this as text."})
    text = (typed or "").strip()
    if len(text) > MAX_TEXT:
        raise BadInput({field: said("This is longer than %(most)s characters; shorten it.", most=MAX_TEXT)})
    return text
