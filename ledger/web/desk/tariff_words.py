"""A tariff in words: what a price may depend on, what it counts, and what a band costs."""

from __future__ import annotations

from decimal import Decimal
from functools import cache

from babel.numbers import get_currency_precision

from ledger.rights.tariff import Band, Measure
from ledger.rights.tariff_checks import CHOICES, WORLD, YES_NO
from ledger.rights.vocabulary import headed

FACT_NAMES = {
    "actions": "What is done",
    "channels": "Where it appears",
    "is_commercial": "A commercial use",
    "product": "The publication",
    "formats": "A format",
    "digital_channels": "More exactly where",
    "requester_type": "Who asks",
    "purpose": "The purpose",
    "portion": "How much of the piece",
    "modification": "What is changed",
    "duration": "For how long",
    "exclusivity": "Exclusivity",
    "placement": "The placement",
    "access": "Who can read it",
    "display": "How it is shown",
    "indexing": "Search engines",
    "monetisation": "Money earned with it",
    "ai_use": "Use by AI systems",
    "territory": "The territory",
    "language": "The language",
    "translated": "Translated",
    "colour": "In colour",
    "sublicensing": "Passed on to others",
    "accessible_copies": "Copies for people with disabilities",
    "incidental_promotion": "Shown in advertising for the publication",
    "archive_after_end": "In an archive after the last day",
}
MEASURES = (
    ("copies", "Copies printed"),
    ("words", "Words used"),
    ("views", "Views"),
    ("months", "Months"),
    ("flat", "Nothing: one price"),
)
UNITS = {
    Measure.COPIES: ("copies", "copy"),
    Measure.WORDS: ("words", "word"),
    Measure.VIEWS: ("views", "view"),
    Measure.MONTHS: ("months", "month"),
    Measure.FLAT: ("", "use"),
}


@cache
def conditions() -> list[tuple[str, list[tuple[str, str]]]]:
    """What a price may depend on: (fact, [(``product=book``, ``Book``), ...]) groups for one list of choices."""
    groups = []
    for name, title in FACT_NAMES.items():
        if name in CHOICES:
            groups.append((title, [(f"{name}={one}", headed(one)) for one in CHOICES[name]]))
        elif name in YES_NO:
            groups.append((title, [(f"{name}=true", "Yes"), (f"{name}=false", "No")]))
    groups.append((FACT_NAMES["territory"], [(f"territory={WORLD}", "The world")]))
    return groups


def condition_words(name: str, value: str) -> str:
    """A pair in words: "The publication: Book"."""
    listed = dict(conditions()).get(FACT_NAMES.get(name, ""), [])
    said = dict(listed).get(f"{name}={value}", value)
    return f"{FACT_NAMES.get(name, name)}: {said}"


def band_words(band: Band, measure: Measure, currency: str) -> tuple[str, str]:
    """("up to 500 copies" or "any number", what is paid for each unit or "")."""
    many, one = UNITS[measure]
    reach = f"up to {band.up_to:,} {many}" if band.up_to is not None else "any number"
    each = (
        f"{each_typed(band.per_unit_milli, currency)} {currency} for each {one}"
        if band.per_unit_milli
        else ""
    )
    return ("" if measure is Measure.FLAT else reach), each


def each_typed(milli: int, currency: str) -> str:
    """Thousandths of a minor unit as one types them: 2000 in CAD is "0.02"."""
    exact = Decimal(milli).scaleb(-3 - get_currency_precision(currency))
    return f"{exact.normalize():f}"
