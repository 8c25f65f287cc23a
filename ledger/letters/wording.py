"""A publisher's own wording: placeholders and nothing else. It is never compiled as a template."""

from __future__ import annotations

import re
from collections.abc import Mapping

PLACEHOLDERS = frozenset(
    {
        "holder",
        "title",
        "author",
        "licensee",
        "publisher",
        "number",
        "date",
        "url",
        "credit_line",
        "fee",
        "term",
        "territory",
    }
)
MAX_LENGTH = 4_000
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


class BadWording(ValueError):
    """Own wording that cannot be used; the message says what to change."""


def check_wording(wording: str) -> None:
    """Raises BadWording for unknown placeholders, stray braces, or more than MAX_LENGTH characters.

    >>> check_wording("Write to {publisher} about {title}.")
    """
    if len(wording) > MAX_LENGTH:
        raise BadWording(f"The wording has {len(wording):,} characters; at most {MAX_LENGTH:,}.")
    for name in _PLACEHOLDER.findall(wording):
        if name not in PLACEHOLDERS:
            known = ", ".join(f"{{{p}}}" for p in sorted(PLACEHOLDERS))
            raise BadWording(f"There is no placeholder {{{name}}}; these exist: {known}.")
    if set("{}") & set(_PLACEHOLDER.sub("", wording)):
        raise BadWording("A brace stands alone; write placeholders as {title}, and no other braces.")


def fill(wording: str, values: Mapping[str, str]) -> str:
    """The wording with its placeholders filled, once: braces inside a value are not looked at again.

    A placeholder without a value becomes a dash. Raises BadWording as check_wording does.
    """
    check_wording(wording)
    return _PLACEHOLDER.sub(lambda m: values.get(m[1]) or "–", wording)
