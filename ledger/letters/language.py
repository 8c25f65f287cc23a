"""Speaking a language: the catalogue of wording, and dates, money, places and names of languages by CLDR.

English is the source: its sentences are the message ids. A missing translation is an error here, never a silent
fall-back to English in the middle of a letter.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache
from gettext import NullTranslations
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from babel.messages.catalog import Catalog
from babel.numbers import format_currency, format_decimal, get_currency_precision

from ledger.catalogues import compiled, read_catalogue
from ledger.letters.model import END_ISOLATE, ISOLATE, Run, Style, Text, balanced, unmarked
from ledger.rights.bounds import Territory
from ledger.rights.tariff import Money
from ledger.rights.uses import Access, AiUse, Display, Exclusivity, Indexing, Monetisation, RequesterType
from ledger.rights.vocabulary import term

LANGUAGES = ("en", "fr", "es", "de", "ru", "ar", "zh-Hans")
_FOLDER = Path(__file__).parent / "locale"
_COMMAS = {"ar": "، ", "zh-Hans": "、"}  # Babel's "unit" lists lack a pattern for Spanish
_COLONS = {"fr": "\u00a0:", "zh-Hans": "："}
_TITLE_MARKS = {"ar": "«»", "ru": "«»", "zh-Hans": "《》"}  # where other languages use italics
_QUOTES = {
    "fr": ("«\u00a0", "\u00a0»"),
    "es": ("«", "»"),
    "de": ("„", "“"),
    "ru": ("«", "»"),
    "ar": ("«", "»"),
}
_COUNTED = {
    "words": ("{count} word", "{count} words"),
    "paragraphs": ("{count} paragraph", "{count} paragraphs"),
    "pages": ("{count} page", "{count} pages"),
    "percent": ("{count}%", "{count}%"),
    "items": ("{count} item", "{count} items"),
    "seconds": ("{count} second", "{count} seconds"),
    "copies": ("{count} copy", "{count} copies"),
    "views": ("{count} view", "{count} views"),
    "recipients": ("{count} recipient", "{count} recipients"),
    "months": ("{count} month", "{count} months"),
}
BY_NAME = (Access, AiUse, Display, Exclusivity, Indexing, Monetisation, RequesterType)
"""Lists of terms in which a code may mean something of its own (``none``): the English name is the id there."""
_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")


class UnknownLanguage(ValueError):
    """A language letters are not written in; the message lists those they are."""


class MissingWording(KeyError):
    """A message id without a translation: a fault of the package, found by its tests."""


@cache
def _entries(language: str) -> Catalog:
    return read_catalogue(_FOLDER, "letters", language.replace("-", "_"))


@cache
def catalogue(language: str) -> dict[str, str]:
    """English sentence -> sentence in ``language``; empty for English itself. Counted things are ``counts``' part."""
    if language == "en":
        return {}
    return {
        str(entry.id): str(entry.string)
        for entry in _entries(language)
        if entry.id and entry.string and not entry.pluralizable
    }


@cache
def counts(language: str) -> NullTranslations:
    """The sentences whose form depends on a number, chosen by the plural rules of the language (CLDR)."""
    if language == "en":
        return NullTranslations()
    return compiled(_entries(language))


def capital(text: str) -> str:
    """A term of the trade as it stands at the head of a line. Names and addresses are left as they are."""
    return text[:1].upper() + text[1:]


class Speaker:
    """Says things in one language of LANGUAGES. Raises UnknownLanguage."""

    def __init__(self, language: str) -> None:
        if language not in LANGUAGES:
            raise UnknownLanguage(
                f"letters are not written in {language!r}; choose one of {', '.join(LANGUAGES)}"
            )
        self.language = language
        # en-001, international English, writes 4 May 2026.
        self.locale = Locale.parse("en-001" if language == "en" else language, sep="-")

    def message(self, english: str) -> str:
        """The sentence with its placeholders still in it."""
        if self.language == "en":
            return english
        try:
            return catalogue(self.language)[english]
        except KeyError:
            raise MissingWording(f"{self.language}: {english}") from None

    def say(self, english: str, /, **values: str | Run) -> Text:
        """The sentence as runs. A value given as text becomes a VALUE run, so that it keeps its own direction.

        A value that ends in a full stop ("2026 г.", "Ltd.") also ends the sentence.
        """
        runs: list[Run] = []
        for index, part in enumerate(_PLACEHOLDER.split(self.message(english))):
            if index % 2 == 0:
                ended = bool(runs) and runs[-1].style is Style.VALUE and runs[-1].text.endswith(".")
                runs.append(Run(part.removeprefix(".") if ended else part))
                continue
            value = values[part]
            run = value if isinstance(value, Run) else Run(value, Style.VALUE)
            marks = _TITLE_MARKS.get(self.language, "") if run.style is Style.TITLE else ""
            runs += [Run(marks[:1]), run, *([Run(marks[1:])] if marks else [])]
        return tuple(run for run in runs if run.text)

    def words(self, english: str, /, **values: str) -> str:
        """The sentence as one string, for labels."""
        return _PLACEHOLDER.sub(lambda m: values[m[1]], self.message(english))

    def label(self, value: StrEnum) -> str:
        """A term of the trade in this language: the code with blanks is the id of its translation."""
        if self.language == "en":
            return term(value)
        if isinstance(value, BY_NAME):
            return self.message(term(value))
        return self.message(value.value.replace("_", " "))

    def labels(self, values: Iterable[StrEnum]) -> str:
        """Several terms as a list, in the order of their enumeration when they come as a set."""
        if isinstance(values, frozenset):
            values = sorted(values, key=lambda value: [*type(value).__members__.values()].index(value))
        return self.listed([self.label(value) for value in values])

    def listed(self, items: list[str]) -> str:
        """Items joined as the language does, without "and": nothing in a letter depends on a conjunction."""
        return _COMMAS.get(self.language, ", ").join(items)

    def apart(self, text: str) -> str:
        """A label that keeps its own direction in a line of Arabic (UAX 9: FSI ... PDI), unchanged elsewhere.

        Only for what stays on one line; longer text is set in runs, whose direction holds over line breaks.
        """
        if not text or self.language != "ar":
            return text
        return f"{ISOLATE}{text if balanced(text) else unmarked(text)}{END_ISOLATE}"

    def headed(self, name: str, said: str) -> str:
        """A name and what follows it, with the colon as the language sets it (a full-width one has its own gap)."""
        colon = _COLONS.get(self.language, ":")
        return f"{name}{colon}{said}" if self.language == "zh-Hans" else f"{name}{colon} {said}"

    def counted(self, count: int, unit: StrEnum) -> str:
        """So many of a unit, in the form of the word that the number asks for."""
        return self._plural(*_COUNTED[unit.value], count)

    def at_most(self, count: int, unit: StrEnum) -> str:
        """A limit: a sentence of its own, for Russian has the genitive behind it."""
        one, many = _COUNTED[unit.value]
        return self._plural(f"at most {one}", f"at most {many}", count)

    def _plural(self, one: str, many: str, count: int) -> str:
        if self.language != "en" and _entries(self.language).get(one) is None:
            raise MissingWording(f"{self.language}: {one}")
        said = counts(self.language).ngettext(one, many, count)
        return said.replace("{count}", self.number(count))

    def series(self, *items: str | Text) -> Text:
        """Items that may run in different directions, each in runs of its own; empty ones are left out."""
        runs: list[Run] = []
        for item in items:
            if item:
                runs += [Run(_COMMAS.get(self.language, ", "))] if runs else []
                runs += [Run(item, Style.VALUE)] if isinstance(item, str) else item
        return tuple(runs)

    def remark(self, *notes: str) -> Text:
        """A remark in brackets behind a name, as runs; nothing where there is none."""
        said = self.series(*notes)
        before, after = ("（", "）") if self.language == "zh-Hans" else (" (", ")")
        return (Run(before), *said, Run(after)) if said else ()

    def noted(self, name: str, note: str) -> str:
        """A name with a remark in brackets, or the name alone."""
        if not note:
            return name
        if "(" in note:  # brackets within brackets are hard to read, above all from right to left
            return f"{name} – {note}"
        return f"{name}（{note}）" if self.language == "zh-Hans" else f"{name} ({note})"

    def quoted(self, words: str) -> str:
        """Words between the quotation marks of the language."""
        before, after = _QUOTES.get(self.language, ("“", "”"))
        return f"{before}{words}{after}"

    def date(self, day: date) -> str:
        """A calendar date written out. French writes the first of a month as 1er, which CLDR leaves out."""
        written: str = format_date(day, "long", locale=self.locale)
        if self.language == "fr" and day.day == 1:
            written = written.replace("1", "1er", 1)
        return written.replace(" ", "\u00a0", 1)  # the day stays with its month

    def number(self, value: int) -> str:
        """A count with the language's separators, in Western digits throughout."""
        return format_decimal(value, locale=self.locale, numbering_system="latn")

    def money(self, money: Money) -> str:
        """An amount with its currency. ISO 4217 says how many minor digits there are."""
        amount = Decimal(money.minor).scaleb(-get_currency_precision(money.currency))
        said = format_currency(amount, money.currency, locale=self.locale, numbering_system="latn")
        return said.replace("-", "\u2212")  # a hyphen is easily overlooked before an amount

    def unit_price(self, milli: int, currency: str) -> str:
        """A price of one thing, in thousandths of the minor unit, with as many decimals as it needs."""
        amount = Decimal(milli).scaleb(-3 - get_currency_precision(currency))
        return format_currency(
            amount, currency, locale=self.locale, numbering_system="latn", decimal_quantization=False
        )

    def territory(self, territory: Territory) -> str:
        """Countries by name, or worldwide, less the excluded ones."""
        if territory.included is None:
            here = self.message("Worldwide")
        else:
            here = self.listed(sorted(self._country(code) for code in territory.included))
        if not territory.excluded:
            return here
        gone = self.listed(sorted(self._country(code) for code in territory.excluded))
        return self.words("{territory}, except {excluded}", territory=here, excluded=gone)

    def _country(self, code: str) -> str:
        name: str = self.locale.territories.get(code, code)
        return name

    def tongue(self, tag: str) -> str:
        """The name of a language given as a BCP 47 tag; the tag itself when it is not known."""
        try:
            name = Locale.parse(tag, sep="-").get_display_name(self.locale) or tag
        except (UnknownLocaleError, ValueError, TypeError):
            return tag
        head, _, note = name.removesuffix(")").partition(" (")
        return self.noted(head, note)
