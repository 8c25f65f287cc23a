"""Text as Unicode's Stream-Safe Text Format wants it (UAX 15, section 13)."""

import unicodedata

MAX_RUN = 30
"""The most combining marks in a row."""


def stream_safe(text: str) -> str:
    """Text without the marks beyond ``MAX_RUN`` in a row: to put thousands into their order takes seconds."""
    if text.isascii():
        return text
    kept, run = [], 0
    for char in text:
        run = run + 1 if unicodedata.combining(char) else 0
        if run <= MAX_RUN:
            kept.append(char)
    return "".join(kept)
