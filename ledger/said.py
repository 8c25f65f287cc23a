"""A sentence with its values kept apart, so that a door can say it again in the reader's language."""

from datetime import date


class Said(str):
    """The sentence in English, as a text; ``english`` and ``values`` are what it was made of."""

    __slots__ = ("english", "values")
    english: str
    values: dict[str, object]


def said(english: str, /, **values: object) -> Said:
    """``english`` with its ``%(name)s`` filled: numbers with their thousands marked, days written out.

    >>> said("At most %(most)s characters.", most=5000)
    'At most 5,000 characters.'
    """
    text = Said(english % {name: _plain(value) for name, value in values.items()} if values else english)
    text.english, text.values = english, values
    return text


def _plain(value: object) -> str:
    if isinstance(value, date):
        return f"{value.day} {value:%B %Y}"
    return f"{value:,}" if isinstance(value, int) else str(value)
