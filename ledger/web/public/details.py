"""The details of a request: what is asked beyond the first questions, and what was typed as the desk reads it."""

from collections.abc import Mapping
from typing import Any

from ledger.desk.amounts import copies, minor_units
from ledger.letters.language import LANGUAGES
from ledger.rights.uses import (
    Access,
    AiUse,
    DigitalChannel,
    Display,
    Duration,
    Exclusivity,
    Format,
    Indexing,
    Monetisation,
    Placement,
    Product,
    QuantityUnit,
)
from ledger.rights.vocabulary import term
from ledger.web.forms import Form
from ledger.web.public import questions
from ledger.web.public.questions import Choices, named
from ledger.web.words import language_name

MAX_FORMATS = 8
MAX_PRICE = 10**9
PRODUCTS: Choices = tuple(
    named(each, "texts by several authors" if each is Product.ANTHOLOGY else "", inline=True)
    if each is not Product.REPRINT
    else named(each, "of this piece alone", inline=True)
    for each in Product
)
FORMATS: Choices = tuple(
    named(each)
    for each in (
        Format.PAPERBACK, Format.HARDBACK, Format.PRINT, Format.LARGE_PRINT, Format.BRAILLE, Format.EBOOK,
        Format.PDF, Format.WEB, Format.AUDIO, Format.VIDEO, Format.OTHER,
    )
)  # fmt: skip
DURATIONS: Choices = (
    named(Duration.ONE_TIME, "One issue, one mailing, one broadcast."),
    named(Duration.CURRENT_EDITION, "This edition only."),
    named(Duration.CURRENT_AND_FUTURE_EDITIONS, "This edition and later ones."),
    named(Duration.FIXED_TERM, "Give the last day below."),
    named(Duration.PERPETUAL, "For good."),
)
ASKED_ABOVE = ("public_website", "intranet", "broadcast", "app", "other")
"""Digital channels that the first questions offer under their own names."""
DIGITAL: Choices = tuple(named(each) for each in DigitalChannel if each not in ASKED_ABOVE)
ACCESS: Choices = tuple(named(each) for each in Access)
AUDIENCE_UNITS: Choices = tuple((each.value, term(each)) for each in QuantityUnit)
DISPLAY: Choices = tuple(named(each) for each in Display)
MONETISATION: Choices = tuple(named(each) for each in Monetisation)
INDEXING: Choices = tuple(named(each) for each in Indexing)
AI_USES: Choices = tuple(named(each) for each in AiUse)
PLACEMENTS: Choices = tuple(named(each) for each in Placement)
EXCLUSIVITY: Choices = (
    named(Exclusivity.NON_EXCLUSIVE, "others may use it too", inline=True),
    named(Exclusivity.EXCLUSIVE, "nobody else may use it so", inline=True),
)
YES_NO: Choices = (("yes", "Yes"), ("no", "No"))
LETTER_LANGUAGES: Choices = tuple((code, language_name(code)) for code in LANGUAGES)
CURRENCIES = ("EUR", "USD", "GBP", "CAD", "AUD", "CHF", "JPY", "SEK", "INR", "ZAR", "BRL", "MXN")

TEXTS = (
    "title",
    "author",
    "publisher",
    "isbn",
    "issn",
    "edition",
    "size",
    "end_client",
    "project",
    "context",
)
CODES = (
    "duration", "product", "placement", "access", "audience_unit", "display", "monetisation", "indexing",
    "ai_use", "exclusivity",
)  # fmt: skip
REST = ("pages", "audience", "start", "end", "needed_by", "publication_date", "proposed_credit")
FLAGS = ("colour", "sublicensing", "accessible_copies", "incidental_promotion", "archive_after_end")
PERSON = (
    "name", "email", "organisation", "country", "phone", "vat_id", "purchase_order", "licensee", "on_behalf_of",
    "message",
)  # fmt: skip
CHOICES: dict[str, Any] = {
    **questions.CHOICES,
    **{name: value for name, value in list(globals().items()) if name.isupper() and isinstance(value, tuple)},
}


def read_request(form: Form) -> dict[str, Any]:
    """The whole form as ``requesting.submit_request`` takes it. What cannot be read goes to ``form.errors``."""
    use = questions.asked_use(form)
    use |= questions.stated(form, (*TEXTS, *CODES, *REST, *FLAGS))
    if "audience" not in use:
        use.pop("audience_unit", None)
    more = [value for value in form.values("digital") if value]
    if more:
        use["channels"] = list(dict.fromkeys([*use.get("channels", ()), *more]))
    urls = [line.strip() for text in form.values("urls") for line in text.split("\n") if line.strip()]
    if urls:
        use["urls"] = urls[:50]
    formats = _formats(form)
    if formats:
        use["formats"] = formats
    person = {name: form.value(name).strip() for name in PERSON if form.value(name).strip()}
    pieces = list(dict.fromkeys(value for value in form.values("pieces") if value))
    language = form.value("mail_language") or "en"
    accepted = bool(form.value("terms_accepted"))
    return {"pieces": pieces, **person, "language": language, "terms_accepted": accepted, "use": use}


def unsure_of(form: Form) -> list[str]:
    """The questions that were answered by "I am not sure"."""
    return [name for name in ("is_commercial", "modification") if form.value(name) == questions.UNSURE]


def format_rows(form: Form, one_more: bool = False) -> list[int]:
    """The numbers of the rows of formats to show: those filled, and an empty one where it is wanted."""
    filled = [number for number in range(MAX_FORMATS) if _row(form, number)]
    rows = (filled[-1] + 1 if filled else 0) + (1 if one_more or not filled else 0)
    return list(range(min(rows, MAX_FORMATS)))


def _row(form: Form, number: int) -> dict[str, str]:
    names = ("format", "print_run", "price", "free_distribution")
    found = {name: form.value(f"formats.{number}.{name}").strip() for name in names}
    return {name: value for name, value in found.items() if value}


def _formats(form: Form) -> list[dict[str, Any]]:
    read = [_format(form, number, row) for number in range(MAX_FORMATS) if (row := _row(form, number))]
    return [each for each in read if each]


def _format(form: Form, number: int, row: Mapping[str, str]) -> dict[str, Any] | None:
    place, wrong = f"formats.{number}", len(form.errors)
    if "format" not in row:
        form.errors[f"{place}.format"] = "Choose the format, or empty this row."
    read: dict[str, Any] = {"format": row.get("format")}
    try:
        read["print_run"] = copies(row.get("print_run", ""))
    except ValueError as error:
        form.errors[f"{place}.print_run"] = str(error)
    if "price" in row:
        currency = form.value(f"{place}.currency") or CURRENCIES[0]
        try:
            read |= {"price": price(row["price"], currency), "currency": currency}
        except ValueError as error:
            form.errors[f"{place}.price"] = str(error)
    if "free_distribution" in row:
        read["free_distribution"] = True
    return read if len(form.errors) == wrong else None


def price(typed: str, currency: str) -> int:
    """What a copy is sold at, in minor units of one of ``CURRENCIES``. ``ValueError`` with what to do."""
    if currency not in CURRENCIES:
        raise ValueError("Choose one of the currencies.")
    minor = minor_units(typed, currency)
    if not 0 <= minor <= MAX_PRICE:
        raise ValueError("Give the price of one copy, such as 24 or 19.95; nothing below zero.")
    return minor
