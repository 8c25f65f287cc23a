"""Pages in the reader's language: how one is spoken, and which it is.

English is the source: its sentences are the message ids of ``locale/*/LC_MESSAGES/pages.po``. Dates, money, places
and the terms of the trade come from the letters' catalogue, so that a page and a letter use the same words. A page is
in one language throughout: a template that is not translated yet is always rendered in English.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import cache
from gettext import NullTranslations
from pathlib import Path
from typing import TypeVar

from markupsafe import Markup

from ledger.catalogues import compiled, read_catalogue
from ledger.letters.language import Speaker, counts
from ledger.rights.bounds import Territory
from ledger.rights.tariff import Money
from ledger.said import Said

LANGUAGES = {
    "en": "English",
    "fr": "Français",
    "es": "Español",
    "de": "Deutsch",
    "ru": "Русский",
    "ar": "العربية",
    "zh-Hans": "简体中文",
}
"""The languages of pages (BCP 47), each by its own name. Letters and mails are written in the same ones."""

AnyText = TypeVar("AnyText", str, Markup)
_TITLE_MARKS = {
    "fr": ("«\u00a0", "\u00a0»"),
    "es": ("«", "»"),
    "de": ("„", "“"),
    "ru": ("«", "»"),
    "ar": ("«", "»"),
    "zh-Hans": ("《", "》"),
}
_END = re.compile(r"\.(</\w+>)*$")
CATALOGUES = Path(__file__).with_name("locale")


def N_(english: str) -> str:
    """Marks a sentence that is said elsewhere, by ``say`` or a filter, so that the catalogues must have it."""
    return english


class Tongue:
    """Says a page's sentences in one of ``LANGUAGES``. Placeholders are ``%(name)s``."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.direction = "rtl" if language == "ar" else "ltr"
        self.gap, self.stop = (
            ("", "。") if language == "zh-Hans" else (" ", ".")
        )  # between sentences, at their end
        self.speaker = Speaker(language)
        self._words = _catalogue(language)

    def say(self, english: str, /, **values: object) -> str:
        """The sentence as plain text, which a template escapes. What the catalogue lacks stays English."""
        return self._filled(self._words.gettext(english), values) if english else ""

    def markup(self, english: str, /, **values: object) -> Markup:
        """The sentence of a template, whose own markup counts; its values are escaped. Templates call it ``_``."""
        # Our own sentence, from a template or a catalogue.
        return self._filled(Markup(self._words.gettext(english)), values)  # noqa: S704

    def plural(self, one: str, many: str, count: int, /, **values: object) -> str:
        """The sentence in the form that the number asks for; the number itself is ``%(count)s``."""
        return self._filled(self._words.ngettext(one, many, count), {"count": self.number(count), **values})

    def _filled(self, text: AnyText, values: Mapping[str, object]) -> AnyText:
        """The sentence with its values. One that ends in a full stop ("2026 г.", "Ltd.") also ends the sentence."""
        if not values:
            return text
        for name, value in values.items():
            if f"%({name})s." in text and _END.search(str(value)):
                text = type(text)(text.replace(f"%({name})s.", f"%({name})s"))
        return text % {name: self.apart(value) for name, value in values.items()}

    def knows(self, message: str) -> bool:
        """Whether ``again`` can say it: then a page that holds it is in one language throughout."""
        english = message.english if isinstance(message, Said) else message
        return self.language == "en" or self._words.gettext(english) != english

    def again(self, message: str) -> str:
        """What the desk said, in this language: a ``Said`` with its values, another text if it is known as it is."""
        if not isinstance(message, Said):
            return self.say(message)
        return self.say(message.english, **{name: self._value(each) for name, each in message.values.items()})

    def all_again(self, messages: Mapping[str, str]) -> dict[str, str]:
        """The same for every field of a form."""
        return {name: self.again(message) for name, message in messages.items()}

    def quoted(self, titles: Iterable[str]) -> Markup:
        """Titles between the marks that the language sets around them."""
        before, after = _TITLE_MARKS.get(self.language, ("“", "”"))
        said = [f"{before}{self.apart(title)}{after}" for title in titles]
        return Markup("{}").format(self.speaker.listed(said))

    def day(self, value: date | datetime | None) -> str | Markup:
        """The day, marked up as a time; nothing for none. Times are UTC."""
        if value is None:
            return ""
        return Markup('<time datetime="{}">{}</time>').format(value.isoformat(), self.speaker.date(value))

    def moment(self, value: datetime | None) -> str | Markup:
        """Day and time of day."""
        if value is None:
            return ""
        text = self.say("%(day)s, %(time)s UTC", day=self.speaker.date(value), time=f"{value:%H:%M}")
        return Markup('<time datetime="{}">{}</time>').format(value.isoformat(), text)

    def country(self, code: str | None) -> str:
        """A country (ISO 3166) by its name in this language."""
        return self.speaker.territory(Territory(included=frozenset({code}))) if code else ""

    def number(self, value: int) -> str:
        """A count with the language's separators."""
        return self.speaker.number(value)

    def money(self, minor: int | None, currency: str) -> str:
        """An amount in minor units of an ISO 4217 code."""
        if minor is None:
            return ""
        return self.speaker.apart(self.speaker.money(Money(minor=minor, currency=currency)))

    def apart(self, value: object) -> object:
        """A value within a sentence keeps its own direction in Arabic; what is marked up is left as it is."""
        return self.speaker.apart(value) if type(value) is str else value

    def _value(self, value: object) -> str:
        if isinstance(value, date):
            return self.speaker.date(value)
        return self.number(value) if isinstance(value, int) else str(value)


@cache
def tongue(language: str) -> Tongue:
    """The tongue of one of ``LANGUAGES``; its catalogue is read when it is first wanted."""
    return Tongue(language)


def _catalogue(language: str) -> NullTranslations:
    if language == "en":
        return NullTranslations()
    words = compiled(read_catalogue(CATALOGUES, "pages", language.replace("-", "_")))
    words.add_fallback(counts(language))  # what letters say as well is translated once, there
    return words
